package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// floorCommand is the first argument with which this program is a floor.
const floorCommand = "floor"

// phoneMark stands in a floor's text for the telephone number, which the statement
// returns sealed beside it.
var phoneMark = []byte("@phone@")

// serveFloor answers each read by one hand-written statement, until stdin ends.
// Of what the server does for a request it leaves out everything that is not
// needed for the answer: it does not ask who asks, and knows only these questions.
func serveFloor(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) (err error) {
	flags := flag.NewFlagSet(floorCommand, flag.ContinueOnError)
	address := flags.String("database", "", "database to answer from")
	keyFile := flags.String("keys", "", "key file of the contact data")
	if err := flags.Parse(args); err != nil {
		return err
	}
	keys, err := contact.OpenKeys(*keyFile)
	if err != nil {
		return err
	}
	d, err := ent.Open(ctx, ent.Config{URL: *address})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	statements := sqliteFloor
	if d.IsPostgres() {
		statements = postgresFloor
	}
	mux := http.NewServeMux()
	for name, text := range statements {
		statement, err := d.SQL().PrepareContext(ctx, text)
		if err != nil {
			return fmt.Errorf("preparing the statement %s: %w", name, err)
		}
		mux.Handle("POST /"+name, floorHandler{statement, keys})
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: mux}
	fmt.Fprintf(stdout, "http://%s\n", listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, stdin) // ends with the benchmark
		_ = server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// floorHandler is a plain handler: a list of texts comes in, a statement is asked
// with them, and its text goes out.
type floorHandler struct {
	statement *sql.Stmt
	keys      *contact.Keys
}

// ServeHTTP answers a request.
func (h floorHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var args []any
	var text, sealed []byte
	err := json.NewDecoder(r.Body).Decode(&args)
	if err == nil {
		err = h.statement.QueryRowContext(r.Context(), args...).Scan(&text, &sealed)
	}
	if err == nil && sealed != nil {
		var phone string
		phone, err = h.keys.Open(contact.PhoneField, sealed)
		text = bytes.Replace(text, phoneMark, []byte(contact.MaskPhone(phone)), 1)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // the client went away
}

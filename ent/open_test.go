package ent_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// A path is a path, whatever it contains.
func TestSQLitePaths(t *testing.T) {
	for _, name := range []string{"plain.db", "with space.db", "100%.db", "%41.db", "what?.db", "mode=memory?.db", "a#b.db", "a&b=c.db", "数据.db", "a+b.db", "it's.db"} {
		folder := t.TempDir()
		path := filepath.Join(folder, name)
		d := dbtest.Open(t, path)
		mustWrite(t, d, func(tx *db.Tx) error { return newSite(t, tx, "hotel").Exec(t.Context()) })
		if n, err := d.Site.Query().Count(ent.AsSystem(t.Context())); n != 1 || err != nil {
			t.Errorf("%q: %d sites, %v", name, n, err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), name) {
				t.Errorf("opening %q made %q", name, e.Name())
			}
		}
	}
}

func TestSQLiteRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("data", 0o700); err != nil {
		t.Fatal(err)
	}
	dbtest.Open(t, "data/rounds.db")
	if _, err := os.Stat("data/rounds.db"); err != nil {
		t.Error(err)
	}
}

// Everything outside a transaction goes to connections that cannot write.
func TestSQLiteReadersDoNotWrite(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx := ent.AsSystem(t.Context())
	err := d.Site.Create().SetCode("x").SetName("x").SetKind("HOTEL").SetCountry("CN").SetTimeZone("UTC").SetCreatedAt(noon).Exec(ctx)
	if err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("creating outside a transaction: %v, want a refusal", err)
	}
	if _, err := d.SQL().ExecContext(ctx, `DELETE FROM sites`); err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("deleting outside a transaction: %v, want a refusal", err)
	}
	if n, err := d.Site.Query().Count(ctx); n != 0 || err != nil {
		t.Errorf("%d sites, %v", n, err)
	}
}

// The settings that keep the data safe hold on every connection.
func TestSQLiteSettings(t *testing.T) {
	d := dbtest.SQLite(t)
	check := func(where, pragma, want string, value func(query string, into *string) error) {
		var got string
		if err := value("PRAGMA "+pragma, &got); err != nil || got != want {
			t.Errorf("%s of %s is %q (%v), want %q", pragma, where, got, err, want)
		}
	}
	reader := func(query string, into *string) error { return d.SQL().QueryRowContext(t.Context(), query).Scan(into) }
	writer := func(query string, into *string) error {
		return write(t, d, func(tx *db.Tx) error {
			rows, err := tx.QueryContext(t.Context(), query)
			if err != nil {
				return err
			}
			defer func() { _ = rows.Close() }()
			rows.Next()
			return errors.Join(rows.Scan(into), rows.Err())
		})
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "busy_timeout": "10000"} {
		check("readers", pragma, want, reader)
		check("the writer", pragma, want, writer)
	}
	check("readers", "query_only", "1", reader)
	check("the writer", "query_only", "0", writer)
	check("the writer", "foreign_keys", "1", writer)
}

// A transaction that is open keeps nobody from reading what was before it.
func TestReadersDoNotWaitForTheWriter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		ctx := ent.AsSystem(t.Context())
		mustWrite(t, d, func(tx *db.Tx) error { return newSite(t, tx, "a").Exec(ctx) })
		mustWrite(t, d, func(tx *db.Tx) error {
			if err := newSite(t, tx, "b").Exec(ctx); err != nil {
				return err
			}
			if n, err := d.Site.Query().Count(ctx); n != 1 || err != nil {
				t.Errorf("beside the transaction there are %d sites (%v), want one", n, err)
			}
			return nil
		})
		if n, err := d.Site.Query().Count(ctx); n != 2 || err != nil {
			t.Errorf("after the transaction there are %d sites (%v), want two", n, err)
		}
	})
}

func TestClosedDatabaseDoesNotAnswer(t *testing.T) {
	d, err := ent.Open(t.Context(), ent.Config{URL: filepath.Join(t.TempDir(), "rounds.db")})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Ping(t.Context()); err != nil {
		t.Errorf("an open database: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Ping(t.Context()); err == nil {
		t.Error("a closed database answers")
	}
}

// Whatever is wrong with an address, the error does not tell its password.
func TestOpenErrorsTellNoPassword(t *testing.T) {
	const password = "s3cret"
	closed := closedPort(t)
	for _, address := range []string{
		"postgres://rounds:s3cret@" + closed + "/rounds",
		"postgresql://rounds:s3cret@" + closed + "/rounds?connect_timeout=5",
		"postgres://" + closed + "/rounds?user=rounds&password=s3cret",
		"postgres://rounds:s3cret%zz@" + closed + "/rounds",
		"postgres://rounds:s3cret@" + closed + "/rounds?sslmode=perhaps",
		"postgres://rounds:s3cret@127.0.0.1:port/rounds",
		"postgres://rounds:s3cret @ 127.0.0.1/rounds",
		"postgres://rounds:s3cret@[::1/rounds",
		"postgres://rounds:a/s3cret@" + closed + "/rounds",
		"postgres://rounds:a?s3cret@" + closed + "/rounds",
		"postgres://rounds:a@s3cret@" + closed + "/rounds",
		"postgres://rounds:s3cret\x7f@" + closed + "/rounds",
	} {
		d, err := ent.Open(t.Context(), ent.Config{URL: address})
		if err == nil {
			t.Errorf("%q was opened", address)
			_ = d.Close()
			continue
		}
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err)} {
			if strings.Contains(text, password) {
				t.Errorf("opening %q: %s", address, text)
			}
		}
		if !strings.HasPrefix(err.Error(), "opening the database postgres") {
			t.Errorf("opening %q: %q does not say what was tried", address, err)
		}
	}
}

// closedPort is an address at which nobody listens.
func closedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

func TestOpenErrorsNameTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "missing", "rounds.db")
	if _, err := ent.Open(t.Context(), ent.Config{URL: path}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("opening a file in a folder that does not exist: %v, want an error that names it", err)
	}
	path = filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat("these are notes, no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ent.Open(t.Context(), ent.Config{URL: path}); err == nil || !strings.Contains(err.Error(), "not a database") {
		t.Errorf("opening a text file: %v, want an error that says so", err)
	}
}

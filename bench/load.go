package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// loader writes tables in bulk into a database that nobody else uses.
type loader interface {
	load(ctx context.Context, t table, p *progress) error
	analyze(ctx context.Context) error
	close(ctx context.Context) error
}

func (t *store) loader(ctx context.Context) (loader, error) {
	if t.name == sqliteName {
		return openSQLiteLoader(ctx, t.url)
	}
	return openPostgresLoader(ctx, t.url)
}

// sqliteLoader inserts many rows by each statement and many statements in each
// transaction. What was written is safe only when it is closed.
type sqliteLoader struct {
	pool *sql.DB
	conn *sql.Conn
}

const (
	sqliteParameters  = 2_000 // of a statement; more do not make it faster
	sqliteTransaction = 100_000
)

func openSQLiteLoader(ctx context.Context, path string) (*sqliteLoader, error) {
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+
		"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-262144)&_pragma=temp_store(MEMORY)&_time_format=sqlite&_timezone=UTC")
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &sqliteLoader{pool, conn}, nil
}

func (l *sqliteLoader) load(ctx context.Context, t table, p *progress) error {
	next, stop := iter.Pull(t.rows)
	defer stop()
	for {
		tx, err := l.conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		more, err := insertMany(ctx, tx, t, next, p)
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		if !more {
			return nil
		}
	}
}

// insertMany fills one transaction, and reports whether there may be more rows.
func insertMany(ctx context.Context, tx *sql.Tx, t table, next func() ([]any, bool), p *progress) (more bool, err error) {
	batch := max(1, sqliteParameters/len(t.columns))
	statement := func(rows int) string {
		row := "(" + strings.Repeat("?,", len(t.columns)-1) + "?)"
		return fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", t.name, strings.Join(t.columns, ","), strings.Repeat(row+",", rows-1)+row)
	}
	whole, err := tx.PrepareContext(ctx, statement(batch))
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, whole.Close()) }()
	for written := 0; written < sqliteTransaction; written += batch {
		var values []any
		rows := 0
		for ; rows < batch; rows++ {
			row, ok := next()
			if !ok {
				break
			}
			for _, v := range row {
				values = append(values, sqliteValue(v))
			}
		}
		switch {
		case rows == batch:
			_, err = whole.ExecContext(ctx, values...)
		case rows > 0:
			_, err = tx.ExecContext(ctx, statement(rows), values...)
		}
		p.add(rows)
		if err != nil || rows < batch {
			return false, err
		}
	}
	return true, nil
}

// sqliteValue is a value as the server stores it.
func sqliteValue(v any) any {
	switch v := v.(type) {
	case id:
		return v[:]
	case json.RawMessage:
		return []byte(v)
	default:
		return v
	}
}

func (l *sqliteLoader) analyze(ctx context.Context) error {
	_, err := l.conn.ExecContext(ctx, "ANALYZE")
	return err
}

func (l *sqliteLoader) close(context.Context) error {
	return errors.Join(l.conn.Close(), l.pool.Close())
}

// postgresLoader uses the COPY protocol.
type postgresLoader struct{ conn *pgx.Conn }

func openPostgresLoader(ctx context.Context, address string) (*postgresLoader, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, err
	}
	// The rows refer to each other as they should: where the account may switch
	// these checks off, loading takes half the time.
	_, _ = conn.Exec(ctx, "SET session_replication_role = replica")
	_, err = conn.Exec(ctx, "SET synchronous_commit = off")
	return &postgresLoader{conn}, err
}

func (l *postgresLoader) load(ctx context.Context, t table, p *progress) error {
	next, stop := iter.Pull(t.rows)
	defer stop()
	_, err := l.conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromFunc(func() ([]any, error) {
		row, ok := next()
		if !ok {
			return nil, nil
		}
		for i, v := range row {
			if u, ok := v.(id); ok {
				row[i] = [16]byte(u)
			}
		}
		p.add(1)
		return row, nil
	}))
	return err
}

func (l *postgresLoader) analyze(ctx context.Context) error {
	_, err := l.conn.Exec(ctx, "VACUUM ANALYZE")
	return err
}

func (l *postgresLoader) close(ctx context.Context) error { return l.conn.Close(ctx) }

// progress tells how far long work has come, a line every few seconds.
type progress struct {
	w           io.Writer
	what        string
	done, total int
	began, told time.Time
}

const tellEvery = 5 * time.Second

func newProgress(w io.Writer, what string, total int) *progress {
	at := now()
	return &progress{w: w, what: what, total: total, began: at, told: at}
}

func (p *progress) add(n int) {
	if before := p.done / 1000; p.done+n < (before+1)*1000 { // do not ask for the time at every row
		p.done += n
		return
	}
	p.done += n
	if at := now(); at.Sub(p.told) >= tellEvery {
		p.told = at
		fmt.Fprintf(p.w, "%s: %d of %d\n", p.what, p.done, p.total)
	}
}

// finish tells about work that took long.
func (p *progress) finish() {
	if took := now().Sub(p.began); took >= tellEvery {
		fmt.Fprintf(p.w, "%s: %d in %s\n", p.what, p.done, took.Round(time.Second))
	}
}

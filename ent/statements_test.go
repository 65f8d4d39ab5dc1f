package ent

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"
)

// counting connections count what is prepared and closed.
type counting struct {
	driver.Connector
	prepared, closed *int
}

func (c counting) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return countingConn{conn.(connection), c}, nil
}

type countingConn struct {
	connection
	counting
}

func (c countingConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.connection.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	*c.prepared++
	return countingStatement{s.(statement), c.counting}, nil
}

type countingStatement struct {
	statement
	counting
}

func (s countingStatement) Close() error {
	*s.closed++
	return s.statement.Close()
}

func TestStatementsAreKept(t *testing.T) {
	base, err := sqlite.NewConnector(sqliteDSN(filepath.Join(t.TempDir(), "rounds.db"), "foreign_keys(1)"))
	if err != nil {
		t.Fatal(err)
	}
	var prepared, closed int
	pool := sql.OpenDB(preparing{counting{base, &prepared, &closed}})
	pool.SetMaxOpenConns(1)
	ctx := t.Context()
	exec := func(text string, args ...any) {
		t.Helper()
		if _, err := pool.ExecContext(ctx, text, args...); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(what string, wantPrepared, wantClosed int) {
		t.Helper()
		if prepared != wantPrepared || closed != wantClosed {
			t.Errorf("%s: %d prepared and %d closed, want %d and %d", what, prepared, closed, wantPrepared, wantClosed)
		}
		prepared, closed = 0, 0
	}

	exec("CREATE TABLE numbers (n integer PRIMARY KEY)")
	for n := range 10 {
		exec("INSERT INTO numbers (n) VALUES (?)", n)
	}
	expect("ten rows", 2, 0)

	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := pairs(t, tx); n != 100 {
		t.Errorf("reading within a reading found %d pairs, want 100", n)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	expect("the same text within itself", 2, 1)

	if _, err := pool.ExecContext(ctx, "INSERT INTO numbers (n) VALUES (?)", 1); err == nil {
		t.Error("a row was made twice")
	}
	expect("a statement that failed", 0, 1)

	for n := range 2 * maxStatements {
		exec(fmt.Sprintf("DELETE FROM numbers WHERE n = %d", -n))
	}
	if closed < maxStatements || prepared-closed > maxStatements {
		t.Errorf("of %d more statements %d were closed, which keeps more than %d", prepared, closed, maxStatements)
	}
	exec("ALTER TABLE numbers ADD COLUMN name text")
	prepared, closed = 0, 0
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	expect("the connection's end", 0, maxStatements)
}

// pairs reads all numbers, and for each of them all numbers again.
func pairs(t *testing.T, tx *sql.Tx) (found int) {
	t.Helper()
	each := func(do func()) {
		rows, err := tx.QueryContext(t.Context(), "SELECT n FROM numbers ORDER BY n")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }() // its error is that of rows.Err
		for rows.Next() {
			do()
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	each(func() { each(func() { found++ }) })
	return found
}

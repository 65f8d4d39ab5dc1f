package ent

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"modernc.org/sqlite"
)

// maxStatements bounds the prepared statements that one connection to SQLite
// keeps; each takes some ten kilobytes.
const maxStatements = 100

// openStatements opens connections to SQLite that keep the statements they have
// prepared. Preparing takes a quarter of the time of a short read, and the API asks
// the same few dozen statements over and over.
func openStatements(dsn string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(preparing{connector}), nil
}

type preparing struct{ driver.Connector }

func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	idle, err := simplelru.NewLRU[string, statement](maxStatements, nil)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &preparedConn{connection: conn.(connection), idle: idle}, nil
}

// connection is what a connection to SQLite can do.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparedConn is a connection with its idle statements. Like every connection of
// database/sql it is used by one goroutine at a time.
type preparedConn struct {
	connection
	idle *simplelru.LRU[string, statement]
}

// take returns the prepared statement of a text, which is the caller's alone until
// it is put back: within a transaction a text may be asked again while the rows of
// its first answer are still being read.
func (c *preparedConn) take(ctx context.Context, text string) (statement, error) {
	if s, ok := c.idle.Get(text); ok {
		c.idle.Remove(text)
		return s, nil
	}
	s, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.(statement), nil
}

// put keeps a statement for the next time. What has waited longest makes room.
func (c *preparedConn) put(text string, s statement) error {
	if c.idle.Contains(text) {
		return s.Close()
	}
	var err error
	if c.idle.Len() == maxStatements {
		_, oldest, _ := c.idle.RemoveOldest()
		err = oldest.Close()
	}
	c.idle.Add(text, s)
	return err
}

// ExecContext implements [driver.ExecerContext].
func (c *preparedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return result, c.put(text, s)
}

// QueryContext implements [driver.QueryerContext].
func (c *preparedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &preparedRows{Rows: rows, conn: c, text: text, statement: s}, nil
}

// Close closes the connection with its statements.
func (c *preparedConn) Close() error {
	var errs []error
	for _, s := range c.idle.Values() {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.connection.Close())...)
}

// preparedRows give their statement back when they are closed.
type preparedRows struct {
	driver.Rows
	conn      *preparedConn
	text      string
	statement statement
}

func (r *preparedRows) Close() error {
	if err := r.Rows.Close(); err != nil {
		return errors.Join(err, r.statement.Close())
	}
	return r.conn.put(r.text, r.statement)
}

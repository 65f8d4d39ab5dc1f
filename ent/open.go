// Package ent opens and guards the database: connections, transactions,
// migrations, and the one place that says which rows a viewer may read.
//
// The records are declared in ent/schema, the generated client is ent/db. What
// a change means is not decided here but in package quality.
package ent

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/seed-34fcb60d/rounds/ent/db"
)

// Config says which database to open.
type Config struct {
	// URL is "postgres://…" or the path of an SQLite file. Required.
	URL string
	// Conns bounds the connections to PostgreSQL and the readers of SQLite.
	// Default: 8 per processor.
	Conns int
}

// Database is an open database. Its Client reads as the viewer in the context of
// each call (see [WithViewer]) and writes only inside [WithTx].
type Database struct {
	*db.Client
	dialect string
	url     string
	pool    *sql.DB // PostgreSQL: all connections; SQLite: the readers
	writer  *sql.DB // SQLite: the one connection that writes
}

// Open connects to the database; it neither creates nor migrates it. A database
// that cannot be reached is an error that does not tell the password.
func Open(ctx context.Context, cfg Config) (*Database, error) {
	cfg.Conns = cmp.Or(cfg.Conns, 8*runtime.GOMAXPROCS(0))
	d := &Database{url: cfg.URL}
	var driver dialect.Driver
	var err error
	if isPostgres(cfg.URL) {
		driver, err = d.openPostgres(cfg)
	} else {
		driver, err = d.openSQLite(cfg)
	}
	if err == nil {
		err = d.Ping(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the database %s: %w", redact(cfg.URL), err), d.closePools())
	}
	d.Client = db.NewClient(db.Driver(driver))
	d.Intercept(scoped())
	return d, nil
}

func isPostgres(rawURL string) bool {
	return strings.HasPrefix(rawURL, "postgres://") || strings.HasPrefix(rawURL, "postgresql://")
}

// redact takes user and password out of a database URL.
func redact(rawURL string) string {
	if !isPostgres(rawURL) {
		return rawURL
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return "postgres://…"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

func (d *Database) openPostgres(cfg Config) (dialect.Driver, error) {
	config, err := pgx.ParseConfig(cfg.URL)
	if err != nil || strings.Contains(config.Host, "@") {
		// The driver's error may repeat the password, or take its end for the host's name.
		return nil, errors.New("the URL cannot be read: special characters of the password must be percent-encoded")
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(cfg.Conns)
	pool.SetMaxIdleConns(cfg.Conns)
	d.dialect, d.pool = dialect.Postgres, pool
	return entsql.OpenDB(dialect.Postgres, pool), nil
}

// openSQLite opens one connection that writes and several that read. With a
// single writer per process a transaction waits in line for its turn instead of
// failing on a lock, and with WAL readers and the writer do not wait for each
// other. The writer overwrites what it deletes, so that no free page holds what was
// erased.
func (d *Database) openSQLite(cfg Config) (dialect.Driver, error) {
	err := registerPercentile()
	if err != nil {
		return nil, err
	}
	if d.writer, err = openStatements(sqliteDSN(cfg.URL, "foreign_keys(1)&_pragma=secure_delete(1)")); err != nil {
		return nil, err
	}
	d.writer.SetMaxOpenConns(1)
	if d.pool, err = openStatements(sqliteDSN(cfg.URL, "query_only(1)")); err != nil {
		return nil, err
	}
	d.pool.SetMaxOpenConns(cfg.Conns)
	d.pool.SetMaxIdleConns(cfg.Conns)
	d.dialect = dialect.SQLite
	return &splitDriver{
		Driver: entsql.OpenDB(dialect.SQLite, d.pool),
		writer: entsql.OpenDB(dialect.SQLite, d.writer),
	}, nil
}

// busyTimeout is how long a connection to SQLite waits for a lock, in milliseconds.
const busyTimeout = "10000"

// sqliteDSN names the file with the settings that every connection needs:
// times as UTC text that sorts, transactions that take the write lock when they
// begin, and commits that survive a power failure.
func sqliteDSN(path, pragma string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(" + busyTimeout + ")&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=" + pragma +
		"&_txlock=immediate&_time_format=sqlite&_timezone=UTC"
}

// splitDriver sends transactions to the writer and everything else to the readers.
type splitDriver struct {
	*entsql.Driver
	writer *entsql.Driver
}

func (d *splitDriver) Tx(ctx context.Context) (dialect.Tx, error) { return d.writer.Tx(ctx) }

func (d *splitDriver) BeginTx(ctx context.Context, opts *sql.TxOptions) (dialect.Tx, error) {
	return d.writer.BeginTx(ctx, opts)
}

func (d *splitDriver) Close() error { return errors.Join(d.Driver.Close(), d.writer.Close()) }

// Dialect returns "postgres" or "sqlite3", as ent names them.
func (d *Database) Dialect() string { return d.dialect }

// IsPostgres reports whether several servers may share the database.
func (d *Database) IsPostgres() bool { return d.dialect == dialect.Postgres }

// SQL returns the connections that read. What is read through it is not scoped
// to a viewer.
func (d *Database) SQL() *sql.DB { return d.pool }

// Ping reports whether the database answers.
func (d *Database) Ping(ctx context.Context) error {
	err := d.pool.PingContext(ctx)
	if err == nil && d.writer != nil {
		err = d.writer.PingContext(ctx)
	}
	return err
}

// Close closes all connections.
func (d *Database) Close() error { return d.closePools() }

func (d *Database) closePools() error {
	var errs []error
	for _, pool := range []*sql.DB{d.pool, d.writer} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

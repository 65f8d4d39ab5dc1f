package ent

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var embedded embed.FS

// ErrNewer is returned for a database that a later version of Rounds has migrated.
var ErrNewer = errors.New("the database was migrated by a newer version of Rounds: run that version, or restore a backup made before it")

// Migrate brings the database to the newest schema and returns the names of the
// migrations it applied. When several servers start at once on one PostgreSQL,
// one migrates and the others wait for it. A database newer than this program is
// [ErrNewer] and stays as it is.
func (d *Database) Migrate(ctx context.Context) (applied []string, err error) {
	return d.migrate(ctx, embedded)
}

// migrate is Migrate with the files of migrations/.
func (d *Database) migrate(ctx context.Context, files fs.FS) (applied []string, err error) {
	provider, release, err := d.migrator(files)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, release()) }()

	if err := refuseNewer(ctx, provider); err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrating the database: %w", err)
	}
	for _, r := range results {
		applied = append(applied, r.Source.Path)
	}
	if err := d.createSearch(ctx); err != nil {
		return applied, err
	}
	if len(applied) > 0 {
		err = d.CheckReferences(ctx)
	}
	return applied, err
}

// Migrated reports whether the database has the schema that this program needs:
// nil, [ErrNewer], or an error that says how many migrations are missing.
func (d *Database) Migrated(ctx context.Context) (err error) {
	provider, release, err := d.migrator(embedded)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := refuseNewer(ctx, provider); err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	if current < target {
		return fmt.Errorf("the database is at schema version %d, this program needs %d: run the server once, or its command migrate", current, target)
	}
	return nil
}

func refuseNewer(ctx context.Context, provider *goose.Provider) error {
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	if current > target {
		return ErrNewer
	}
	return nil
}

// migrator returns goose over the right connection. A table of SQLite is changed
// by building it anew, which with foreign keys switched on would delete what
// refers to it; switching them off has no effect inside the migration's
// transaction, so its connection is opened without them.
func (d *Database) migrator(files fs.FS) (*goose.Provider, func() error, error) {
	if d.IsPostgres() {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
		if err != nil {
			return nil, nil, fmt.Errorf("preparing the migration lock: %w", err)
		}
		provider, err := newProvider(goose.DialectPostgres, d.pool, files, "migrations/postgres", goose.WithSessionLocker(locker))
		return provider, func() error { return nil }, err
	}
	conn, err := sql.Open("sqlite", sqliteDSN(d.url, "foreign_keys(0)"))
	if err != nil {
		return nil, nil, err
	}
	conn.SetMaxOpenConns(1)
	provider, err := newProvider(goose.DialectSQLite3, conn, files, "migrations/sqlite")
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	return provider, conn.Close, nil
}

func newProvider(dialect goose.Dialect, conn *sql.DB, files fs.FS, dir string, opts ...goose.ProviderOption) (*goose.Provider, error) {
	scripts, err := fs.Sub(files, dir)
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(dialect, conn, scripts, append(opts, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return provider, nil
}

// CheckReferences reports the first row that refers to nothing. It reads the whole
// of an SQLite file, in which a migration could leave such rows; PostgreSQL cannot
// hold any.
func (d *Database) CheckReferences(ctx context.Context) error {
	if d.IsPostgres() {
		return nil
	}
	rows, err := d.writer.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return fmt.Errorf("checking the foreign keys: %w", err)
	}
	defer func() { _ = rows.Close() }() // its error is that of rows.Err
	if rows.Next() {
		var table, parent string
		var rowID, key sql.NullInt64
		if err := rows.Scan(&table, &rowID, &parent, &key); err != nil {
			return fmt.Errorf("checking the foreign keys: %w", err)
		}
		return fmt.Errorf("a row of %s refers to a row of %s that does not exist", table, parent)
	}
	return rows.Err()
}

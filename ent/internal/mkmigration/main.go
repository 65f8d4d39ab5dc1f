// Command mkmigration writes the next migration of both databases: what leads
// from the committed migrations to the schema as it is declared now. Nothing is
// written where there is no difference.
//
//	go run ./ent/internal/mkmigration NAME [FOLDER]
//
// FOLDER is ent/migrations unless another is named. PostgreSQL's server binaries
// must be installed.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"text/template"
	"time"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/sqltool"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	tables "github.com/seed-34fcb60d/rounds/ent/db/migrate"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 || os.Args[1] == "" {
		log.Fatal("usage: mkmigration NAME [FOLDER]")
	}
	folder := filepath.Join("ent", "migrations")
	if len(os.Args) > 2 {
		folder = os.Args[2]
	}
	if err := write(context.Background(), os.Args[1], folder); err != nil {
		log.Fatal(err)
	}
}

func write(ctx context.Context, name, folder string) (err error) {
	sqlite, err := sql.Open("sqlite", "file:dev?mode=memory&cache=shared&_pragma=foreign_keys(1)")
	if err != nil {
		return err
	}
	if err := diff(ctx, dialect.SQLite, sqlite, name, filepath.Join(folder, "sqlite")); err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	cluster, err := dbtest.StartCluster(ctx, "fsync=off")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	postgres, err := sql.Open("pgx", cluster.URL("postgres"))
	if err != nil {
		return err
	}
	if err := diff(ctx, dialect.Postgres, postgres, name, filepath.Join(folder, "postgres")); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

// forward is goose's format without a way back: undoing a change of a table that
// has rows is a restore, not a script.
var forward = template.Must(template.New("").Parse(`-- +goose Up
{{ range .Changes }}{{ with .Comment }}-- {{ . }}
{{ end }}{{ .Cmd }};
{{ end }}`))

var fileName = template.Must(template.New("").Funcs(template.FuncMap{
	"version": func() string { return time.Now().UTC().Format("20060102150405") },
}).Parse(`{{ version }}_{{ .Name }}.sql`))

func diff(ctx context.Context, d string, dev *sql.DB, name, folder string) error {
	defer func() { _ = dev.Close() }() // a database in memory, or of a server that is stopped next
	dir, err := sqltool.NewGooseDir(folder)
	if err != nil {
		return err
	}
	format, err := migrate.NewTemplateFormatter(fileName, forward)
	if err != nil {
		return err
	}
	m, err := schema.NewMigrate(entsql.OpenDB(d, dev),
		schema.WithDir(dir), schema.WithFormatter(format), schema.WithDialect(d),
		schema.WithMigrationMode(schema.ModeReplay), schema.WithDropColumn(true), schema.WithDropIndex(true))
	if err != nil {
		return err
	}
	return m.NamedDiff(ctx, name, tables.Tables...)
}

package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
)

// Main runs the tests of a package that uses PostgreSQL, and exits. Call it from
// TestMain:
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
func Main(m *testing.M) { os.Exit(Run(m)) }

// Run runs the tests and stops the cluster that they started; it returns the exit
// code.
func Run(m *testing.M) int {
	code := m.Run()
	if err := shared.stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	return code
}

// Each runs a test on both databases, each empty and migrated.
func Each(t *testing.T, test func(*testing.T, *ent.Database)) {
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite returns an empty, migrated database in a file of its own.
func SQLite(t testing.TB) *ent.Database {
	t.Helper()
	content, err := migrated()
	path := filepath.Join(t.TempDir(), "rounds.db")
	if err == nil {
		err = os.WriteFile(path, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return Open(t, path)
}

// migrated is the file of an empty, migrated SQLite database: to copy it takes less
// time than to migrate.
var migrated = sync.OnceValues(func() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "rounds-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "rounds.db")
	if err := migrate(context.Background(), path); err != nil { // whose end moves all into the one file
		return nil, err
	}
	return os.ReadFile(path)
})

// migrate migrates the database at an address, and closes it.
func migrate(ctx context.Context, address string) error {
	d, err := ent.Open(ctx, ent.Config{URL: address})
	if err != nil {
		return err
	}
	_, err = d.Migrate(ctx)
	return errors.Join(err, d.Close())
}

// Postgres returns an empty, migrated database of its own. Without PostgreSQL the
// test is skipped, and in CI it fails.
func Postgres(t testing.TB) *ent.Database {
	t.Helper()
	shared.start(t)
	return Open(t, shared.create(t, shared.template))
}

// Open opens and migrates the database at an address; it is closed with the test.
func Open(t testing.TB, address string) *ent.Database {
	t.Helper()
	d, err := ent.Open(t.Context(), ent.Config{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

// PostgresURL returns the address of a new, empty database, on the server that
// ROUNDS_TEST_DATABASE_URL names or else on a cluster of this process's own.
// Without PostgreSQL the test is skipped, and in CI it fails.
func PostgresURL(t testing.TB) string {
	t.Helper()
	shared.start(t)
	return shared.create(t, "template1")
}

// shared is the server that all tests of the process use.
var shared server

type server struct {
	once     sync.Once
	cluster  *Cluster // nil for somebody else's server
	url      *url.URL // of the database to connect to for making others
	template string   // a migrated database to copy, which takes less time than migrating
	err      error
}

// start makes the server ready, the first time that it is called.
func (s *server) start(t testing.TB) {
	t.Helper()
	s.once.Do(func() { s.err = s.prepare(context.Background()) })
	switch {
	case errors.Is(s.err, ErrNoPostgres) && os.Getenv("CI") == "":
		t.Skip(s.err)
	case s.err != nil:
		t.Fatal(s.err)
	}
}

func (s *server) prepare(ctx context.Context) (err error) {
	address := os.Getenv("ROUNDS_TEST_DATABASE_URL")
	if address == "" {
		if s.cluster, err = StartCluster(ctx, "fsync=off"); err != nil {
			return err
		}
		address = s.cluster.URL("postgres")
	}
	if s.url, err = url.Parse(address); err != nil {
		return err
	}
	template := newName()
	if err := s.execute(ctx, "CREATE DATABASE "+template); err != nil {
		return err
	}
	s.template = template
	return migrate(ctx, s.address(template))
}

func (s *server) stop() error {
	switch {
	case s.cluster != nil:
		return s.cluster.Stop()
	case s.template != "": // somebody else's server is left as it was
		return s.execute(context.Background(), "DROP DATABASE "+s.template)
	default:
		return nil
	}
}

// create makes a database for a test and returns its address.
func (s *server) create(t testing.TB, template string) string {
	t.Helper()
	name := newName()
	if err := s.execute(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatal(err)
	}
	if s.cluster == nil {
		t.Cleanup(func() {
			if err := s.execute(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
				t.Error(err)
			}
		})
	}
	return s.address(name)
}

func newName() string { return "rounds_" + strings.ToLower(rand.Text()) }

// address is that of a database of the server.
func (s *server) address(database string) string {
	u := *s.url
	u.Path = "/" + database
	return u.String()
}

func (s *server) execute(ctx context.Context, statement string) error {
	admin, err := sql.Open("pgx", s.url.String())
	if err != nil {
		return err
	}
	_, err = admin.ExecContext(ctx, statement)
	return errors.Join(err, admin.Close())
}

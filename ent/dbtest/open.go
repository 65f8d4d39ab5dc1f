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
	if shared.cluster != nil {
		if err := shared.cluster.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
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
	return Open(t, filepath.Join(t.TempDir(), "rounds.db"))
}

// Postgres returns an empty, migrated database of its own. Without PostgreSQL the
// test is skipped, and in CI it fails.
func Postgres(t testing.TB) *ent.Database {
	t.Helper()
	return Open(t, PostgresURL(t))
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

var shared struct {
	once    sync.Once
	cluster *Cluster
	url     string // of the database to connect to for making others
	err     error
}

// PostgresURL returns the address of a new, empty database, on the server that
// ROUNDS_TEST_DATABASE_URL names or else on a cluster of this process's own.
func PostgresURL(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() {
		if shared.url = os.Getenv("ROUNDS_TEST_DATABASE_URL"); shared.url != "" {
			return
		}
		if shared.cluster, shared.err = StartCluster(context.Background(), "fsync=off"); shared.err == nil {
			shared.url = shared.cluster.URL("postgres")
		}
	})
	switch {
	case errors.Is(shared.err, ErrNoPostgres) && os.Getenv("CI") == "":
		t.Skip(shared.err)
	case shared.err != nil:
		t.Fatal(shared.err)
	}
	admin, err := sql.Open("pgx", shared.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = admin.Close() }() // all it did has been answered
	name := "rounds_" + strings.ToLower(rand.Text())
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(shared.url)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	if shared.cluster == nil { // somebody else's server is left as it was
		t.Cleanup(func() { dropDatabase(t, name) })
	}
	return u.String()
}

func dropDatabase(t testing.TB, name string) {
	admin, err := sql.Open("pgx", shared.url)
	if err == nil {
		_, err = admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		err = errors.Join(err, admin.Close())
	}
	if err != nil {
		t.Error(err)
	}
}

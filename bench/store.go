package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// The databases.
const (
	sqliteName   = "sqlite"
	postgresName = "postgres"
)

// postgresSettings are those of a small server of its own for which durability
// matters: the defaults but for memory, the distance of checkpoints, and what
// random reads cost on solid-state disks.
var postgresSettings = []string{
	"fsync=on", "synchronous_commit=on", "full_page_writes=on",
	"shared_buffers=1GB", "effective_cache_size=4GB", "work_mem=16MB", "maintenance_work_mem=256MB",
	"max_wal_size=4GB", "checkpoint_timeout=15min", "random_page_cost=1.1", "timezone=UTC",
}

// dataVersion is raised when other data are made: what was kept is then refused.
const dataVersion = 2

// store is one database with its data set.
type store struct {
	name    string
	version string // of the database's software
	dir     string // of all that is kept
	url     string
	cluster *dbtest.Cluster // nil unless the server is the benchmark's own
	keys    *contact.Keys
	set     *dataset
	db      *ent.Database // open when prepared
}

func openStore(ctx context.Context, s settings, name, temp string) (_ *store, err error) {
	t := &store{name: name, dir: filepath.Join(temp, name)}
	if s.keep != "" {
		folder := name
		if s.small {
			folder += "-small"
		}
		if t.dir, err = filepath.Abs(filepath.Join(s.keep, folder)); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(t.serverDir(), 0o755); err != nil { // the account of PostgreSQL must get through
		return nil, err
	}
	if t.keys, err = contact.OpenKeys(filepath.Join(t.serverDir(), "keys")); err != nil {
		return nil, err
	}
	t.set = newDataset(s.size, t.keys)
	switch {
	case name == sqliteName:
		t.url = filepath.Join(t.serverDir(), "rounds.db")
	case s.url != "":
		t.url = s.url
	default:
		err = t.startCluster(ctx, s.keep != "")
	}
	return t, err
}

func (t *store) serverDir() string { return filepath.Join(t.dir, "server") }

// startCluster starts a PostgreSQL server. To keep its data they lie in a folder of
// their own, which a throw-away cluster is pointed to.
func (t *store) startCluster(ctx context.Context, keep bool) (err error) {
	cluster := postgresSettings
	if keep {
		data := filepath.Join(t.dir, "cluster")
		if _, err := os.Stat(data); errors.Is(err, fs.ErrNotExist) {
			err = makeCluster(ctx, data)
			if err != nil {
				return err
			}
		}
		cluster = append([]string{"data_directory=" + data}, cluster...)
	}
	if t.cluster, err = dbtest.StartCluster(ctx, cluster...); err == nil {
		t.url = t.cluster.URL("postgres")
	}
	return err
}

// makeCluster makes the data folder of a cluster: that of a throw-away one, taken
// from it after it was shut down in order.
func makeCluster(ctx context.Context, folder string) (err error) {
	c, err := dbtest.StartCluster(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	d, err := ent.Open(ctx, ent.Config{URL: c.URL("postgres")})
	if err != nil {
		return err
	}
	var made string
	err = d.SQL().QueryRowContext(ctx, "SHOW data_directory").Scan(&made)
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	lock := filepath.Join(made, "postmaster.pid")
	content, err := os.ReadFile(lock)
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return fmt.Errorf("reading %s: %w", lock, err)
	}
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
		return fmt.Errorf("stopping the new cluster: %w", err)
	}
	err = poll(ctx, 20*time.Second, func() (bool, error) {
		_, err := os.Stat(lock)
		return errors.Is(err, fs.ErrNotExist), nil
	})
	if err != nil {
		return fmt.Errorf("waiting for the new cluster to stop: %w", err)
	}
	if err := os.Rename(made, folder); err != nil {
		return fmt.Errorf("keeping the cluster's data, for which TMPDIR must lie on the same file system: %w", err)
	}
	return nil
}

func (t *store) close() error {
	var errs []error
	if t.db != nil {
		errs = append(errs, t.db.Close())
	}
	if t.cluster != nil {
		errs = append(errs, t.cluster.Stop())
	}
	return errors.Join(errs...)
}

// stamp says what a store holds, once it is complete.
type stamp struct {
	Version int
	Size    size
}

func (t *store) stampFile() string { return filepath.Join(t.dir, "loaded.json") }

// prepare loads the data set, unless it is there from an earlier run.
func (t *store) prepare(ctx context.Context, binary string, stderr io.Writer) error {
	want := stamp{dataVersion, t.set.size}
	var have stamp
	content, err := os.ReadFile(t.stampFile())
	if err == nil {
		err = json.Unmarshal(content, &have)
	}
	switch {
	case err == nil && have == want:
		return t.open(ctx)
	case err == nil:
		return fmt.Errorf("%s holds another data set: remove it", t.dir)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := t.open(ctx); err != nil {
		return err
	}
	if known, err := t.count(ctx, "staff"); err != nil || known > 0 {
		return errors.Join(err, fmt.Errorf("the database is neither empty nor a finished data set: remove %s, or make another database", t.dir))
	}
	began := now()
	if err := t.load(ctx, binary, stderr); err != nil {
		return err
	}
	fmt.Fprintf(stderr, "%s: loaded in %s\n", t.name, now().Sub(began).Round(time.Second))
	content, err = json.Marshal(want)
	if err != nil {
		return err
	}
	return os.WriteFile(t.stampFile(), content, 0o644)
}

// open opens the database, migrated, for the benchmark's own questions.
func (t *store) open(ctx context.Context) (err error) {
	if t.db, err = ent.Open(ctx, ent.Config{URL: t.url}); err != nil {
		return err
	}
	if _, err := t.db.Migrate(ctx); err != nil {
		return err
	}
	ask, label := "SELECT sqlite_version()", "SQLite "
	if t.name == postgresName {
		ask, label = "SHOW server_version", "PostgreSQL "
	}
	if err := t.db.SQL().QueryRowContext(ctx, ask).Scan(&t.version); err != nil {
		return err
	}
	t.version = label + t.version
	return nil
}

func (t *store) count(ctx context.Context, of string, args ...any) (n int, err error) {
	err = t.db.SQL().QueryRowContext(ctx, "SELECT count(*) FROM "+of, args...).Scan(&n)
	return n, err
}

// load fills the database: first the organisation, then, by a server, a few
// inspections that its plugins judge, then everything else with copies of them.
func (t *store) load(ctx context.Context, binary string, stderr io.Writer) error {
	if err := t.fill(ctx, stderr, t.set.organisation()); err != nil {
		return err
	}
	patterns, err := t.makePatterns(ctx, binary)
	if err != nil {
		return fmt.Errorf("making the first inspections: %w", err)
	}
	return t.fill(ctx, stderr, t.set.records(patterns))
}

// fill loads tables in bulk, with no other connection to the database, and lets it
// gather its statistics.
func (t *store) fill(ctx context.Context, stderr io.Writer, tables []table) (err error) {
	if err := t.db.Close(); err != nil {
		return err
	}
	t.db = nil
	l, err := t.loader(ctx)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, l.close(ctx))
		if err == nil {
			err = t.open(ctx)
		}
	}()
	for _, one := range tables {
		p := newProgress(stderr, t.name+": loading "+one.name, one.count)
		if err := l.load(ctx, one, p); err != nil {
			return fmt.Errorf("loading %s: %w", one.name, err)
		}
		p.finish()
	}
	return l.analyze(ctx)
}

// poll asks until the answer is yes.
func poll(ctx context.Context, atMost time.Duration, ask func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if yes, err := ask(); yes || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

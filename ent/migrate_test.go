package ent_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/measurement"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// unmigrated runs a test on both databases, each empty.
func unmigrated(t *testing.T, test func(*testing.T, *ent.Database)) {
	t.Run("sqlite", func(t *testing.T) { test(t, opened(t, filepath.Join(t.TempDir(), "rounds.db"))) })
	t.Run("postgres", func(t *testing.T) { test(t, opened(t, dbtest.PostgresURL(t))) })
}

func opened(t testing.TB, address string) *ent.Database {
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
	return d
}

// with is the committed migrations and a later one for each database.
func with(t testing.TB, sqlite, postgres string) fs.FS {
	t.Helper()
	files := fstest.MapFS{
		"migrations/sqlite/29990101000000_later.sql":   {Data: []byte("-- +goose Up\n" + sqlite)},
		"migrations/postgres/29990101000000_later.sql": {Data: []byte("-- +goose Up\n" + postgres)},
	}
	err := fs.WalkDir(ent.Migrations, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".sql" {
			return err
		}
		content, err := fs.ReadFile(ent.Migrations, name)
		files[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestMigrateOnce(t *testing.T) {
	unmigrated(t, func(t *testing.T, d *ent.Database) {
		if err := d.Migrated(t.Context()); err == nil || errors.Is(err, ent.ErrNewer) || !strings.Contains(err.Error(), "schema version 0") {
			t.Errorf("an empty database: %v, want that it must be migrated", err)
		}
		first, err := d.Migrate(t.Context())
		if err != nil || len(first) == 0 {
			t.Fatalf("applied %v, %v", first, err)
		}
		if err := d.Migrated(t.Context()); err != nil {
			t.Errorf("a migrated database: %v", err)
		}
		if second, err := d.Migrate(t.Context()); len(second) != 0 || err != nil {
			t.Errorf("again applied %v, %v", second, err)
		}
		if n, err := d.ServiceCase.Query().Count(ent.AsSystem(t.Context())); n != 0 || err != nil {
			t.Errorf("%d cases, %v", n, err)
		}
	})
}

// Of servers that start at once, one migrates and the others wait for it.
func TestMigrateAtOnce(t *testing.T) {
	address := dbtest.PostgresURL(t)
	const servers = 4
	var applied [servers][]string
	var errs [servers]error
	var wg sync.WaitGroup
	for n := range servers {
		d := opened(t, address)
		wg.Go(func() {
			applied[n], errs[n] = d.Migrate(t.Context())
			if err := d.Migrated(t.Context()); err != nil {
				t.Errorf("server %d goes on with: %v", n, err)
			}
		})
	}
	wg.Wait()
	migrated := 0
	for n := range servers {
		if errs[n] != nil {
			t.Errorf("server %d: %v", n, errs[n])
		}
		if len(applied[n]) > 0 {
			migrated++
		}
	}
	if migrated != 1 {
		t.Errorf("%d servers applied migrations: %v", migrated, applied)
	}
}

func TestWaitingForTheMigrationEndsWithTheContext(t *testing.T) {
	d := dbtest.Postgres(t)
	holder, err := d.SQL().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Close() }()
	if _, err := holder.ExecContext(t.Context(), `SELECT pg_advisory_lock(key) FROM (SELECT 4097083626 AS key) AS the_lock_of_goose`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error)
	go func() {
		_, err := d.MigrateWith(ctx, with(t, "SELECT 1;", "SELECT 1;"))
		waited <- err
	}()
	cancel()
	if err := <-waited; !errors.Is(err, context.Canceled) {
		t.Errorf("got the error %v", err)
	}
}

// A database that a later version has migrated is refused and stays as it is.
func TestNewerDatabase(t *testing.T) {
	unmigrated(t, func(t *testing.T, d *ent.Database) {
		const statement = "CREATE TABLE later (id integer);"
		if _, err := d.MigrateWith(t.Context(), with(t, statement, statement)); err != nil {
			t.Fatal(err)
		}
		before := schemaOf(t, d)
		if applied, err := d.Migrate(t.Context()); !errors.Is(err, ent.ErrNewer) || len(applied) != 0 {
			t.Errorf("migrating applied %v, %v", applied, err)
		}
		if err := d.Migrated(t.Context()); !errors.Is(err, ent.ErrNewer) {
			t.Errorf("asking: %v", err)
		}
		if diff := cmp.Diff(before, schemaOf(t, d)); diff != "" {
			t.Errorf("the database was changed (-before +after):\n%s", diff)
		}
	})
}

// schemaOf lists the tables and the migrations applied.
func schemaOf(t testing.TB, d *ent.Database) []string {
	t.Helper()
	tables := `SELECT name FROM sqlite_master`
	if d.IsPostgres() {
		tables = `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`
	}
	rows, err := d.SQL().QueryContext(t.Context(), tables+` UNION ALL SELECT 'version ' || version_id || ' of ' || tstamp FROM goose_db_version ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// rebuild changes a table of SQLite the way generated migrations do: a new one is
// filled from the old one, which is dropped.
const rebuild = `PRAGMA foreign_keys = off;
CREATE TABLE new_sites (id uuid NOT NULL, code text NOT NULL, name text NULL, kind text NOT NULL, country text NOT NULL, time_zone text NOT NULL, created_at datetime NOT NULL, PRIMARY KEY (id));
INSERT INTO new_sites (id, code, name, kind, country, time_zone, created_at) SELECT id, code, name, kind, country, time_zone, created_at FROM sites %s;
DROP TABLE sites;
ALTER TABLE new_sites RENAME TO sites;
CREATE TABLE children (id integer PRIMARY KEY, site_id uuid NOT NULL, CONSTRAINT of_site FOREIGN KEY (site_id) REFERENCES sites (id) ON DELETE CASCADE);
INSERT INTO children (site_id) SELECT id FROM sites;
CREATE TABLE again (id uuid NOT NULL, code text NOT NULL, name text NULL, kind text NOT NULL, country text NOT NULL, time_zone text NOT NULL, created_at datetime NOT NULL, note text NULL, PRIMARY KEY (id));
INSERT INTO again SELECT *, NULL FROM sites;
DROP TABLE sites;
ALTER TABLE again RENAME TO sites;
PRAGMA foreign_keys = on;`

// Migrations keep the rows, also those that refer to a table that is built anew.
func TestMigrationsKeepRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		branch(t, d)
		before := counts(t, d)
		applied, err := d.MigrateWith(t.Context(), with(t, fmt.Sprintf(rebuild, ""), "ALTER TABLE sites ALTER COLUMN name DROP NOT NULL, ADD COLUMN note text NULL;"))
		if err != nil || len(applied) != 1 {
			t.Fatalf("applied %v, %v", applied, err)
		}
		if diff := cmp.Diff(before, counts(t, d)); diff != "" {
			t.Errorf("rows (-before +after):\n%s", diff)
		}
		if !d.IsPostgres() {
			var children int
			if err := d.SQL().QueryRowContext(t.Context(), `SELECT count(*) FROM children`).Scan(&children); err != nil || children != 1 {
				t.Errorf("%d rows with ON DELETE CASCADE are left (%v), want the one", children, err)
			}
		}
		// Foreign keys hold again, on the connection that writes.
		site, err := d.Site.Query().Select("id").Only(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		if err := write(t, d, func(tx *db.Tx) error { return tx.Site.DeleteOneID(site.ID).Exec(t.Context()) }); !db.IsConstraintError(err) {
			t.Errorf("deleting what is referred to: %v", err)
		}
	})
}

func counts(t testing.TB, d *ent.Database) map[string]int {
	t.Helper()
	all := map[string]int{}
	for _, table := range []string{"sites", "departments", "staff"} {
		var n int
		if err := d.SQL().QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		all[table] = n
	}
	return all
}

// A migration that leaves rows of SQLite without what they refer to is reported, and
// whoever asks later is told again.
func TestDanglingReferences(t *testing.T) {
	d := dbtest.SQLite(t)
	branch(t, d)
	files := with(t, fmt.Sprintf(rebuild, "WHERE false"), "")
	_, err := d.MigrateWith(t.Context(), files)
	for _, err := range []error{err, d.CheckReferences(t.Context())} {
		if err == nil || !strings.Contains(err.Error(), "refers to a row of sites that does not exist") {
			t.Errorf("got the error %v", err)
		}
	}
}

// A migration that fails leaves nothing of itself.
func TestFailingMigration(t *testing.T) {
	unmigrated(t, func(t *testing.T, d *ent.Database) {
		if _, err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := schemaOf(t, d)
		const statements = "CREATE TABLE later (id integer);\nINSERT INTO nowhere VALUES (1);"
		if _, err := d.MigrateWith(t.Context(), with(t, statements, statements)); err == nil || !strings.Contains(err.Error(), "nowhere") {
			t.Errorf("got the error %v", err)
		}
		if diff := cmp.Diff(before, schemaOf(t, d)); diff != "" {
			t.Errorf("the database was changed (-before +after):\n%s", diff)
		}
		if err := d.Migrated(t.Context()); err != nil {
			t.Errorf("the database can no longer be used: %v", err)
		}
	})
}

// Telephone numbers and e-mail addresses, which were columns of customers, have
// become contact points.
func TestContactDataMoves(t *testing.T) {
	unmigrated(t, func(t *testing.T, d *ent.Database) {
		earlier := with(t, "", "").(fstest.MapFS)
		for name := range earlier {
			if path.Base(name) > "20261122040000" {
				delete(earlier, name)
			}
		}
		if _, err := d.MigrateWith(t.Context(), earlier); err != nil {
			t.Fatal(err)
		}
		site, id := typeid.New[typeid.SiteID](), [2]typeid.CustomerID{typeid.New[typeid.CustomerID](), typeid.New[typeid.CustomerID]()}
		mustWrite(t, d, func(tx *db.Tx) error {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO sites (id, code, name, kind, country, time_zone, created_at) VALUES ($1, 'h', 'h', 'HOTEL', 'CN', 'UTC', $2)`, site, noon)
			for _, c := range []struct {
				id                          typeid.CustomerID
				phone, phones, email, mails []byte
			}{{id[0], []byte("p1"), []byte("P1"), []byte("e1"), []byte("E1")}, {id[1], nil, nil, []byte("e2"), []byte("E2")}} {
				if err == nil {
					_, err = tx.ExecContext(t.Context(), `INSERT INTO customers (id, site_id, name, updated_at, registered_at, phone_sealed, phone_index, email_sealed, email_index)
						VALUES ($1, $2, 'x', $3, $3, $4, $5, $6, $7)`, c.id, site, noon, c.phone, c.phones, c.email, c.mails)
				}
			}
			return err
		})
		if _, err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		points, err := d.ContactPoint.Query().All(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, p := range points {
			if again, ok := typeid.Parse[typeid.ContactPointID](p.ID.String()); !ok || again != p.ID || [6]byte(p.ID[:6]) != [6]byte(p.CustomerID[:6]) || p.ID[6]>>4 != 7 || p.ID[8]>>6 != 2 {
				t.Errorf("the id %x is no UUIDv7 of the customer's age", p.ID)
			}
			got[fmt.Sprintf("%s %s %s %s %v %v", p.CustomerID, p.Kind, p.Sealed, p.Digest, p.Primary, p.AddedAt.Equal(noon))] = true
		}
		want := map[string]bool{
			id[0].String() + " PHONE p1 P1 true true": true, id[0].String() + " EMAIL e1 E1 true true": true, id[1].String() + " EMAIL e2 E2 true true": true,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("contact points (-want +got):\n%s", diff)
		}
	})
}

// What inspections measured before there were control charts is on them.
func TestMeasuredValuesMove(t *testing.T) {
	unmigrated(t, func(t *testing.T, d *ent.Database) {
		earlier := with(t, "", "").(fstest.MapFS)
		for name := range earlier {
			if path.Base(name) > "20261122174000" {
				delete(earlier, name)
			}
		}
		if _, err := d.MigrateWith(t.Context(), earlier); err != nil {
			t.Fatal(err)
		}
		site, department, person := typeid.New[typeid.SiteID](), typeid.New[typeid.DepartmentID](), typeid.New[typeid.StaffID]()
		plugin, version := typeid.New[typeid.PluginID](), typeid.New[typeid.ChecklistVersionID]()
		judgement := `{"items":[],"measurements":[{"item":"rings","value":4,"unit":"rings","limits":{"upper":3},"within":false},
			{"item":"minutes","value":2.5,"unit":"min","limits":{"lower":1,"upper":5},"within":true},{"item":"rings","value":9,"unit":"rings","limits":{},"within":true}]}`
		mustWrite(t, d, func(tx *db.Tx) error {
			var err error
			add := func(statement string, args ...any) {
				if err == nil {
					_, err = tx.ExecContext(t.Context(), statement, args...)
				}
			}
			add(`INSERT INTO sites (id, code, name, kind, country, time_zone, created_at) VALUES ($1, 'h', 'h', 'HOTEL', 'CN', 'UTC', $2)`, site, noon)
			add(`INSERT INTO departments (id, site_id, code, name, path, created_at) VALUES ($1, $2, 'd', 'd', 'h/d/', $3)`, department, site, noon)
			add(`INSERT INTO staff (id, site_id, department_id, code, name, role, active, created_at, updated_at) VALUES ($1, $2, $3, 'e', 'e', 'STAFF', true, $4, $4)`, person, site, department, noon)
			if err == nil {
				err = tx.Plugin.Create().SetID(plugin).SetCode("p").SetVersion("1").SetNameEn("p").SetNameZh("p").SetChecksum("c").SetUpdatedAt(noon).Exec(t.Context())
			}
			if err == nil {
				err = tx.ChecklistVersion.Create().SetID(version).SetPluginID(plugin).SetCode("p.list").SetVersion("1").SetChecksum("c").SetTitleEn("x").SetTitleZh("x").
					SetDefinition([]byte(`{}`)).SetDigest("d").SetPublishedAt(noon).Exec(t.Context())
			}
			for at, word := range map[time.Duration]string{0: judgement, 1: `{"items":[],"measurements":[]}`, 2: `{"items":[],"measurements":null}`, 3: ""} {
				create := tx.Inspection.Create().SetSiteID(site).SetDepartmentID(department).SetChecklistVersionID(version).SetInspectorID(person).
					SetLayer(inspection.LayerPATROL).SetStartedAt(noon).SetUpdatedAt(noon)
				if word != "" {
					create.SetStatus(inspection.StatusCOMPLETED).SetCompletedAt(noon.Add(at * time.Hour)).SetJudgement([]byte(word))
				}
				if err == nil {
					err = create.Exec(t.Context())
				}
			}
			return err
		})
		if _, err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows, err := d.Measurement.Query().Order(measurement.ByID()).All(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range rows {
			got = append(got, fmt.Sprintf("%s/%s %s %v %s %v %v %v %v", m.Checklist, m.Item, m.Layer, m.Value, m.Unit, m.Lower == nil, *m.Upper, m.Within, m.At.Equal(noon) && m.DepartmentID == department && m.SiteID == site))
		}
		want := []string{"p.list/rings PATROL 4 rings true 3 false true", "p.list/minutes PATROL 2.5 min false 5 true true"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("measured values (-want +got):\n%s", diff)
		}
		// They are found as those that are written later are, by their time.
		if n, err := d.Measurement.Query().Where(measurement.AtGTE(noon), measurement.AtLT(noon.Add(time.Second))).Count(ent.AsSystem(t.Context())); n != 2 || err != nil {
			t.Errorf("%d of them have their time, %v", n, err)
		}
	})
}

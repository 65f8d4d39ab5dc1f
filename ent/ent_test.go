package ent_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

// write runs fn in a transaction of the server itself.
func write(t testing.TB, d *ent.Database, fn func(*db.Tx) error) error {
	t.Helper()
	return ent.WithTx(ent.AsSystem(t.Context()), d.Client, fn)
}

func mustWrite(t testing.TB, d *ent.Database, fn func(*db.Tx) error) {
	t.Helper()
	if err := write(t, d, fn); err != nil {
		t.Fatal(err)
	}
}

func newSite(t testing.TB, tx *db.Tx, code string) *db.SiteCreate {
	t.Helper()
	return tx.Site.Create().SetCode(code).SetName(code).SetKind(site.KindHOTEL).SetCountry("CN").SetTimeZone("Asia/Shanghai").SetCreatedAt(noon)
}

// branch makes a site with a tree of departments and people, and returns them.
func branch(t testing.TB, d *ent.Database) (s *db.Site, departments []*db.Department, people []*db.Staff) {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	mustWrite(t, d, func(tx *db.Tx) (err error) {
		if s, err = newSite(t, tx, "hotel").Save(ctx); err != nil {
			return err
		}
		for n, path := range []string{"hotel/rooms/", "hotel/rooms/desk/", "hotel/rooms/booking/"} {
			code := strings.Split(strings.TrimSuffix(path, "/"), "/")[len(strings.Split(path, "/"))-2]
			create := tx.Department.Create().SetSiteID(s.ID).SetCode(code).SetName(code).SetPath(path).SetCreatedAt(noon)
			if n > 0 {
				create.SetParentID(departments[0].ID)
			}
			saved, err := create.Save(ctx)
			if err != nil {
				return err
			}
			departments = append(departments, saved.Unwrap())
		}
		for n, name := range []string{"manager", "agent", "booker"} {
			create := tx.Staff.Create().SetSiteID(s.ID).SetDepartmentID(departments[n].ID).SetCode(name).SetName(name).
				SetRole("STAFF").SetCreatedAt(noon).SetUpdatedAt(noon)
			if n > 0 {
				create.SetSupervisorID(people[0].ID)
			}
			saved, err := create.Save(ctx)
			if err != nil {
				return err
			}
			people = append(people, saved.Unwrap())
		}
		return nil
	})
	return s, departments, people
}

func TestTrees(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		_, departments, people := branch(t, d)
		ctx := ent.AsSystem(t.Context())
		below, err := d.Department.Query().Where(department.ParentID(departments[0].ID)).Order(department.ByPath()).All(ctx)
		if err != nil || len(below) != 2 || below[0].ID != departments[2].ID || below[1].ID != departments[1].ID {
			t.Errorf("below %s are %v (%v), want two", departments[0].Code, below, err)
		}
		for _, person := range people[1:] {
			above, err := d.Staff.QuerySupervisor(person).Only(ctx)
			if err != nil || above.ID != people[0].ID {
				t.Errorf("above %s is %v (%v), want %s", person.Name, above, err, people[0].Name)
			}
		}
	})
}

// Times come back as the same moment in whatever zone they were given, to the
// microsecond, and compare as moments.
func TestTimes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		ctx := ent.AsSystem(t.Context())
		shanghai, newYork := time.FixedZone("", 8*3600), time.FixedZone("", -5*3600)
		moments := []time.Time{
			time.Date(1999, 12, 31, 23, 59, 59, 999999000, time.UTC),
			noon.In(shanghai), noon.Add(time.Microsecond).In(newYork), noon.Add(time.Second), noon.Add(time.Hour).In(shanghai),
			time.Date(2100, 1, 1, 0, 0, 0, 0, newYork),
		}
		for n, at := range moments {
			mustWrite(t, d, func(tx *db.Tx) error {
				return newSite(t, tx, string(rune('a'+n))).SetCreatedAt(at).Exec(ctx)
			})
		}
		sites, err := d.Site.Query().Order(site.ByCreatedAt()).All(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for n, at := range moments {
			if !sites[n].CreatedAt.Equal(at) || sites[n].CreatedAt.Location() != time.UTC && !d.IsPostgres() {
				t.Errorf("place %d in time is %v, want %v", n, sites[n].CreatedAt, at)
			}
			earlier, err := d.Site.Query().Where(site.CreatedAtLT(at)).Count(ctx)
			if earlier != n || err != nil {
				t.Errorf("%d sites are earlier than %v (%v), want %d", earlier, at, err, n)
			}
		}
	})
}

// The constraints of the schema hold in both databases.
func TestConstraints(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		s, departments, people := branch(t, d)
		ctx := ent.AsSystem(t.Context())
		for name, fn := range map[string]func(tx *db.Tx) error{
			"a code twice": func(tx *db.Tx) error { return newSite(t, tx, "hotel").Exec(ctx) },
			"a reference to nothing": func(tx *db.Tx) error {
				return tx.Department.Create().SetSiteID(typeid.New[typeid.SiteID]()).SetCode("x").SetName("x").SetPath("x/").SetCreatedAt(noon).Exec(ctx)
			},
			"deleting what is referred to":          func(tx *db.Tx) error { return tx.Site.DeleteOne(s).Exec(ctx) },
			"deleting a department that has people": func(tx *db.Tx) error { return tx.Department.DeleteOne(departments[1]).Exec(ctx) },
			"deleting a supervisor":                 func(tx *db.Tx) error { return tx.Staff.DeleteOne(people[0]).Exec(ctx) },
		} {
			if err := write(t, d, fn); !db.IsConstraintError(err) {
				t.Errorf("%s: %v, want a violated constraint", name, err)
			}
		}
		if n, err := d.Staff.Query().Count(ctx); n != 3 || err != nil {
			t.Errorf("%d people are left (%v), want all three", n, err)
		}
	})
}

// What is absent is NULL and comes back as absent.
func TestAbsentValues(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		_, departments, people := branch(t, d)
		ctx := ent.AsSystem(t.Context())
		top, err := d.Department.Get(ctx, departments[0].ID)
		if err != nil || !top.ParentID.IsZero() {
			t.Errorf("the parent of the top department is %v (%v)", top.ParentID, err)
		}
		var id typeid.CustomerID
		mustWrite(t, d, func(tx *db.Tx) error {
			c, err := tx.Customer.Create().SetSiteID(top.SiteID).SetOwnerID(people[1].ID).SetName("x").SetSource("x").
				SetRegisteredAt(noon).SetUpdatedAt(noon).Save(ctx)
			if err != nil {
				return err
			}
			id = c.ID
			return tx.Customer.UpdateOneID(id).ClearOwner().ClearSource().Exec(ctx)
		})
		rows, err := d.SQL().QueryContext(ctx, `SELECT owner_id IS NULL, source IS NULL, department_id IS NULL, external_id IS NULL FROM customers`)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var absent [4]bool
			if err := rows.Scan(&absent[0], &absent[1], &absent[2], &absent[3]); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([4]bool{true, true, true, true}, absent); diff != "" {
				t.Errorf("NULL are (-want +got):\n%s", diff)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	})
}

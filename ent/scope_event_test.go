package ent_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// eventWorld is every event that differs in what visibility depends on; the zero
// ids stand for events that have none.
type eventWorld struct {
	kinds       []string
	sites       []typeid.SiteID
	departments []typeid.DepartmentID
	staff       []typeid.StaffID
	events      []*db.Event
}

func newEventWorld(t *testing.T, d *ent.Database) *eventWorld {
	t.Helper()
	w := &eventWorld{
		kinds:       []string{"site", "dept", "staff", "cal", "shift", "swap", "visit", "cust", "case", "insp", "chkv", "scheme", "appr", "plugin", "unknown"},
		sites:       []typeid.SiteID{{}, typeid.New[typeid.SiteID](), typeid.New[typeid.SiteID]()},
		departments: []typeid.DepartmentID{{}, typeid.New[typeid.DepartmentID](), typeid.New[typeid.DepartmentID]()},
		staff:       []typeid.StaffID{{}, typeid.New[typeid.StaffID](), typeid.New[typeid.StaffID]()},
	}
	ctx := ent.AsSystem(t.Context())
	err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) (err error) {
		var creates []*db.EventCreate
		for _, kind := range w.kinds {
			for _, site := range w.sites {
				for _, department := range w.departments {
					for _, owner := range w.staff {
						for _, origin := range w.staff {
							creates = append(creates, tx.Event.Create().SetKind(kind+".made").SetSubjectKind(kind).SetSubject(kind+"_1").
								SetActor("system").SetAt(time.Unix(0, 0)).
								SetSiteID(site).SetDepartmentID(department).SetOwnerID(owner).SetOriginID(origin))
						}
					}
				}
			}
		}
		return tx.Event.CreateBulk(creates...).Exec(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.events, err = d.Event.Query().Order(event.ByID()).All(ctx); err != nil {
		t.Fatal(err)
	}
	return w
}

// An event that is delivered from memory must be one that the database would have
// delivered, and the other way round.
func TestEventsAreScopedAlikeInMemoryAndInSQL(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := newEventWorld(t, d)
		roles := []staff.Role{
			staff.RoleSTAFF, staff.RoleTEAM_LEAD, staff.RoleDEPARTMENT_MANAGER, staff.RoleSITE_MANAGER, staff.RoleQUALITY_OFFICER,
			staff.RoleHUMAN_RESOURCES, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR, ent.Integrator, "",
		}
		rapid.Check(t, func(rt *rapid.T) {
			v := ent.Viewer{
				Role:        rapid.SampledFrom(roles).Draw(rt, "role"),
				Staff:       rapid.SampledFrom(w.staff).Draw(rt, "staff"),
				Site:        rapid.SampledFrom(w.sites).Draw(rt, "site"),
				Departments: rapid.SliceOfNDistinct(rapid.SampledFrom(w.departments[1:]), 0, 2, rapid.ID).Draw(rt, "departments"),
			}
			if rapid.Bool().Draw(rt, "limited") {
				v.Scopes = rapid.SliceOfN(rapid.SampledFrom(ent.Scopes()), 0, 5).Draw(rt, "scopes")
			}
			if rapid.IntRange(0, 50).Draw(rt, "system") == 0 {
				v = ent.System
			}
			inSQL, err := d.Event.Query().Order(event.ByID()).IDs(ent.WithViewer(t.Context(), v))
			if err != nil {
				rt.Fatal(err)
			}
			var inMemory []int64
			for _, e := range w.events {
				if v.MaySee(e) {
					inMemory = append(inMemory, e.ID)
				}
			}
			if !slices.Equal(inSQL, inMemory) {
				rt.Errorf("%+v sees %d events in SQL and %d in memory", v, len(inSQL), len(inMemory))
			}
		})
	})
}

// Of each kind of subject there are 81 events: 27 of a certain site and as many of
// a certain department, 45 that one owns or had first, 57 that are either.
func TestWhoSeesHowManyEvents(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newEventWorld(t, d)
	as := func(role staff.Role) ent.Viewer {
		return ent.Viewer{Role: role, Staff: w.staff[1], Site: w.sites[1], Departments: w.departments[1:2]}
	}
	limited := as(staff.RoleEXECUTIVE)
	limited.Scopes = []string{"cases:read", "appraisals:write"}
	for name, c := range map[string]struct {
		viewer ent.Viewer
		want   map[string]int
	}{
		"nobody": {ent.Viewer{}, map[string]int{}},
		"staff": {as(staff.RoleSTAFF), map[string]int{
			"site": 57, "dept": 57, "shift": 57, "cal": 57, "swap": 57, "staff": 57, "cust": 45, "visit": 45, "case": 45, "insp": 45, "chkv": 81, "scheme": 45, "appr": 45,
		}},
		"team lead": {as(staff.RoleTEAM_LEAD), map[string]int{
			"site": 57, "dept": 57, "shift": 57, "cal": 57, "swap": 57, "staff": 57, "cust": 57, "visit": 57, "case": 57, "insp": 57, "chkv": 81, "scheme": 57, "appr": 57,
		}},
		"site manager": {as(staff.RoleSITE_MANAGER), map[string]int{
			"site": 57, "dept": 57, "shift": 57, "cal": 57, "swap": 57, "staff": 57, "cust": 57, "visit": 57, "case": 57, "insp": 57, "chkv": 81, "scheme": 57, "appr": 57,
		}},
		"quality officer": {as(staff.RoleQUALITY_OFFICER), map[string]int{
			"site": 81, "dept": 81, "shift": 81, "cal": 81, "swap": 81, "staff": 81, "cust": 45, "visit": 45, "case": 81, "insp": 81, "chkv": 81, "scheme": 45, "appr": 45,
		}},
		"executive with a limited token": {limited, map[string]int{"case": 81, "scheme": 81, "appr": 81}},
		"administrator": {as(staff.RoleADMINISTRATOR), map[string]int{
			"site": 81, "dept": 81, "shift": 81, "cal": 81, "swap": 81, "staff": 81, "cust": 81, "visit": 81, "case": 81, "insp": 81, "chkv": 81, "scheme": 81, "appr": 81, "plugin": 81,
		}},
		"integrator of a site": {ent.Viewer{Role: ent.Integrator, Site: w.sites[1]}, map[string]int{
			"site": 27, "dept": 27, "shift": 27, "cal": 27, "swap": 27, "staff": 27, "cust": 27, "visit": 27, "case": 27, "insp": 27, "chkv": 81, "scheme": 27, "appr": 27,
		}},
		"system": {ent.System, map[string]int{
			"site": 81, "dept": 81, "shift": 81, "cal": 81, "swap": 81, "staff": 81, "cust": 81, "visit": 81, "case": 81, "insp": 81, "chkv": 81, "scheme": 81, "appr": 81, "plugin": 81, "unknown": 81,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			visible, err := d.Event.Query().All(ent.WithViewer(t.Context(), c.viewer))
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int{}
			for _, e := range visible {
				got[e.SubjectKind]++
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("events by kind of subject (-want +got):\n%s", diff)
			}
		})
	}
}

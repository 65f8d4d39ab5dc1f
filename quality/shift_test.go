package quality_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/db/shiftswap"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// hours are those of the groups of the tests, by the clock of Shanghai.
var hours = map[string][2]string{"early": {"08:00", "16:00"}, "late": {"14:00", "22:00"}, "night": {"22:00", "08:00"}}

// rota plans a group on the first day of the tests.
func (c *company) rota(department, group string, people ...string) quality.PlanRota {
	duty := quality.PlannedDuty{Group: group, From: hours[group][0], To: hours[group][1]}
	for _, name := range people {
		duty.People = append(duty.People, *c.staff(name))
	}
	return quality.PlanRota{DepartmentID: c.departments[department].ID, Days: []string{"2026-11-16"}, Duties: []quality.PlannedDuty{duty}}
}

// planned are the shifts of a group on the first day of the tests.
func (c *company) planned(t testing.TB, department, group string, people ...string) []*db.Shift {
	t.Helper()
	return must(c.PlanRota(c.as(t, "manager"), c.rota(department, group, people...)))(t)
}

// serving are the names of who is on duty in a department, as somebody sees it.
func (c *company) serving(t testing.TB, who, department string, at *time.Time) []string {
	t.Helper()
	d := c.departments[department].ID
	of, err := c.OnDuty(c.as(t, who), []typeid.DepartmentID{d}, at)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for name, person := range c.people {
		if slices.Contains(of[d], person.ID) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestWhoIsOnDuty(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.planned(t, "desk", "early", "agent", "colleague")
		c.planned(t, "desk", "late", "lead", "booker")
		c.planned(t, "desk", "night", "personnel")
		c.leaves(t, "booker")
		for _, test := range []struct {
			who, department, at string
			want                []string
		}{
			{"housekeeper", "desk", "2026-11-16T07:59", []string{}},
			{"housekeeper", "desk", "2026-11-16T08:00", []string{"agent", "colleague"}},
			{"housekeeper", "desk", "2026-11-16T15:59", []string{"agent", "colleague", "lead"}}, // the booker has left
			{"housekeeper", "desk", "2026-11-16T16:00", []string{"lead"}},
			{"housekeeper", "desk", "2026-11-17T07:59", []string{"personnel"}}, // since yesterday
			{"housekeeper", "desk", "2026-11-17T08:00", []string{}},
			{"housekeeper", "reservations", "2026-11-16T09:00", []string{}},
			{"shop assistant", "desk", "2026-11-16T09:00", []string{}}, // of another site
		} {
			at, err := time.ParseInLocation("2006-01-02T15:04", test.at, time.FixedZone("", 8*3600))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, c.serving(t, test.who, test.department, &at)); diff != "" {
				t.Errorf("%s at %s, for %s (-want +got):\n%s", test.department, test.at, test.who, diff)
			}
		}
		if diff := cmp.Diff([]string{"agent", "colleague"}, c.serving(t, "agent", "desk", nil)); diff != "" {
			t.Errorf("now (-want +got):\n%s", diff)
		}
	})
}

func TestPlanRotaRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.planned(t, "desk", "early", "agent")
		c.leaves(t, "personnel")
		desk := func(change func(*quality.PlanRota)) quality.PlanRota {
			in := c.rota("desk", "late", "colleague")
			change(&in)
			return in
		}
		people := func(names ...string) quality.PlanRota { return c.rota("desk", "late", names...) }
		for _, test := range []struct {
			name, who string
			in        quality.PlanRota
			want      string
		}{
			{"a good one", "lead", people("colleague"), ""},
			{"by a program", integrator, c.rota("reservations", "early", "booker"), ""},
			{"by who works there", "agent", people("officer"), "FORBIDDEN"},
			{"by another department's manager", "housekeeping manager", people("officer"), "FORBIDDEN"},
			{"by the quality office", "officer", people("officer"), "FORBIDDEN"},
			{"of another site", "shop assistant", people("officer"), "NOT_FOUND departmentId"},
			{"nobody", "lead", people(), "REQUIRED duties.0.people"},
			{"who has left, and who works elsewhere", "executive", people("personnel", "shop assistant"), "NOT_FOUND duties.0.people.0; NOT_FOUND duties.0.people.1"},
			{"who serves until later", "lead", people("agent"), "REJECTED duties.0.people.0"},
			{"the same person twice", "lead", people("officer", "officer"), "REJECTED duties.0.people.1"},
			{"no day", "lead", desk(func(in *quality.PlanRota) { in.Days = nil }), "REQUIRED days"},
			{"the same day twice", "lead", desk(func(in *quality.PlanRota) { in.Days = []string{"2026-12-01", "2026-12-01"} }), "REJECTED duties.0.people.0"},
			{"no such day, and one too far", "lead", desk(func(in *quality.PlanRota) { in.Days = []string{"2026-02-30", "2029-01-01"} }), "INVALID days.0; INVALID days.1"},
			{"too many days", "lead", desk(func(in *quality.PlanRota) { in.Days = make([]string, 63) }), "TOO_LONG days"},
			{"no such hours", "lead", desk(func(in *quality.PlanRota) { in.Duties[0].To = "25:00" }), "INVALID duties.0"},
			{"a group without a name", "lead", desk(func(in *quality.PlanRota) { in.Duties[0].Group = " " }), "REQUIRED duties.0.group"},
			{"too long a name", "lead", desk(func(in *quality.PlanRota) { in.Duties[0].Group = strings.Repeat("组", 41) }), "TOO_LONG duties.0.group"},
			{"no duty", "lead", desk(func(in *quality.PlanRota) { in.Duties = nil }), "REQUIRED duties"},
		} {
			before := c.rows(t)
			_, err := c.PlanRota(c.as(t, test.who), test.in)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); (diff == "") != (err != nil) {
				t.Errorf("%s: rows written (-before +after):\n%s", test.name, diff)
			}
		}
	})
}

func TestChangesOfTheRota(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		shifts := c.planned(t, "desk", "early", "agent", "colleague")
		before := c.rows(t)["events"]
		reassign := func(who, to string, revision int) error {
			_, err := c.ReassignShift(c.as(t, who), quality.ReassignShift{ID: shifts[0].ID, ExpectedRevision: revision, StaffID: *c.staff(to)})
			return err
		}
		expect(t, "to who is on duty", reassign("lead", "colleague", 1), "REJECTED staffId")
		expect(t, "by who works there", reassign("agent", "booker", 1), "FORBIDDEN")
		expect(t, "by who does not see it", reassign("shop assistant", "booker", 1), "NOT_FOUND id")
		expect(t, "to another site", reassign("executive", "shop assistant", 1), "INVALID staffId")
		expect(t, "reassigned", reassign("lead", "booker", 1), "")
		expect(t, "again, too late", reassign("lead", "officer", 1), "CONFLICT expectedRevision")
		cancel := quality.CancelShift{ID: shifts[1].ID, ExpectedRevision: 1}
		must(c.CancelShift(c.as(t, "lead"), cancel))(t)
		cancel.ExpectedRevision = 2
		_, err := c.CancelShift(c.as(t, "lead"), cancel)
		expect(t, "cancelled again", err, "REJECTED id")
		if diff := cmp.Diff([]string{"booker"}, c.serving(t, "agent", "desk", nil)); diff != "" {
			t.Errorf("on duty (-want +got):\n%s", diff)
		}
		c.planned(t, "desk", "early", "colleague") // who is free again
		c.clock.advance(8 * time.Hour)
		expect(t, "when it is over", reassign("lead", "officer", 2), "REJECTED id")

		department := c.departments["desk"].ID
		want := []said{
			{"shift.reassigned", c.staff("lead").String(), department, *c.staff("booker"), typeid.StaffID{}, "staff revision"},
			{"shift.cancelled", c.staff("lead").String(), department, *c.staff("colleague"), typeid.StaffID{}, "cancelled revision"},
			{"shift.planned", c.staff("manager").String(), department, *c.staff("colleague"), typeid.StaffID{}, ""},
		}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestSwapOfShifts(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		early := c.planned(t, "desk", "early", "agent", "lead")
		late := c.planned(t, "desk", "late", "colleague")
		elsewhere := c.planned(t, "reservations", "night", "booker")
		ask := func(who string, given *db.Shift, with string, returned *db.Shift) (*quality.Change[*db.ShiftSwap], error) {
			in := quality.RequestSwap{ShiftID: given.ID, WithID: *c.staff(with)}
			if returned != nil {
				in.WithShiftID = &returned.ID
			}
			return c.RequestSwap(c.as(t, who), in)
		}
		refused := func(what, want, who string, given *db.Shift, with string, returned *db.Shift) {
			t.Helper()
			_, err := ask(who, given, with, returned)
			expect(t, what, err, want)
		}
		refused("somebody else's", "FORBIDDEN", "colleague", early[0], "booker", nil)
		refused("with oneself", "INVALID withId", "agent", early[0], "agent", nil)
		refused("with who is on duty", "REJECTED withId", "agent", early[0], "lead", nil)
		refused("with who is on duty in part of the time", "REJECTED withId", "agent", early[0], "colleague", nil)
		refused("for somebody else's", "REJECTED withShiftId", "agent", early[0], "officer", late[0])
		refused("for one elsewhere", "REJECTED withShiftId", "agent", early[0], "booker", elsewhere[0])
		swap := must(ask("agent", early[0], "colleague", late[0]))(t)
		second := must(ask("lead", early[0], "officer", nil))(t)

		before := c.rows(t)["events"]
		decide := func(who string, of *db.ShiftSwap, revision int, agreed bool) error {
			_, err := c.DecideSwap(c.as(t, who), quality.DecideSwap{ID: of.ID, ExpectedRevision: revision, Agreed: agreed})
			return err
		}
		expect(t, "by one of the two", decide("agent", swap, 1, true), "FORBIDDEN")
		expect(t, "agreed", decide("lead", swap, 1, true), "")
		expect(t, "decided again", decide("lead", swap, 2, false), "REJECTED id")
		expect(t, "another swap of the same shift", decide("lead", second, 1, true), "REJECTED id")
		expect(t, "which can still be refused", decide("lead", second, 1, false), "")
		if diff := cmp.Diff([]string{"colleague", "lead"}, c.serving(t, "agent", "desk", &morning)); diff != "" {
			t.Errorf("on duty in the morning (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"agent"}, c.serving(t, "agent", "desk", new(morning.Add(8*time.Hour)))); diff != "" {
			t.Errorf("on duty in the evening (-want +got):\n%s", diff)
		}
		of, err := c.db.ShiftSwap.Get(ent.AsSystem(t.Context()), swap.ID)
		if err != nil || of.Status != shiftswap.StatusAGREED || of.DecidedByID != *c.staff("lead") || !of.DecidedAt.Equal(morning) {
			t.Errorf("the swap is %v, %v", of, err)
		}
		desk, lead, agent, colleague := c.departments["desk"].ID, c.staff("lead").String(), *c.staff("agent"), *c.staff("colleague")
		want := []said{
			{"shift.reassigned", lead, desk, colleague, agent, "staff revision"},
			{"shift.reassigned", lead, desk, agent, colleague, "staff revision"},
			{"swap.agreed", lead, desk, agent, colleague, "status decidedBy decidedAt revision"},
			{"swap.refused", lead, desk, agent, *c.staff("officer"), "status decidedBy decidedAt revision"},
		}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// Of several who plan the same person for the same time at once, one does.
func TestNobodyIsPlannedTwiceAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		other := c.planned(t, "desk", "early", "colleague")[0]
		_, errs := atOnce(8, func(n int) (any, error) {
			if n%2 == 0 {
				return c.PlanRota(c.as(t, "manager"), c.rota("desk", "early", "agent"))
			}
			return c.ReassignShift(c.as(t, "manager"), quality.ReassignShift{ID: other.ID, ExpectedRevision: other.Revision, StaffID: *c.staff("agent")})
		})
		made := 0
		for _, err := range errs {
			switch outcome(err) {
			case "":
				made++
			case "REJECTED duties.0.people.0", "REJECTED staffId", "CONFLICT expectedRevision":
			default:
				t.Error(err)
			}
		}
		if served := c.db.Shift.Query().Where(shift.StaffID(*c.staff("agent"))).CountX(ent.AsSystem(t.Context())); made != 1 || served != 1 {
			t.Errorf("%d changes were made, after which the agent has %d shifts at the same time", made, served)
		}
	})
}

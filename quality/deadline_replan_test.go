package quality_test

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/absence"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/clocksegment"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// daily is the definition of a calendar of Mondays and Tuesdays.
func daily(opens, closes string) json.RawMessage {
	window := `[{"from":"` + opens + `","to":"` + closes + `"}]`
	return json.RawMessage(`{"timeZone":"Asia/Shanghai","week":{"1":` + window + `,"2":` + window + `}}`)
}

// define makes a calendar of the hotel, or changes it.
func (c *company) define(t testing.TB, id typeid.CalendarID, code, opens, closes string) typeid.CalendarID {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	err := ent.WithTx(ctx, c.db.Client, func(tx *db.Tx) error {
		if !id.IsZero() {
			return tx.Calendar.UpdateOneID(id).SetDefinition(daily(opens, closes)).AddRevision(1).Exec(ctx)
		}
		row, err := tx.Calendar.Create().SetSiteID(c.sites["hotel"].ID).SetCode(code).SetName(code).SetDefinition(daily(opens, closes)).
			SetCreatedAt(morning).SetUpdatedAt(morning).Save(ctx)
		if err == nil {
			id = row.ID
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// assign gives the hotel, or a department of it, a calendar.
func (c *company) assign(t testing.TB, department string, id typeid.CalendarID) {
	t.Helper()
	in := quality.AssignCalendar{SiteID: &c.sites["hotel"].ID, CalendarID: &id}
	if department != "" {
		in.DepartmentID = &c.departments[department].ID
	}
	must(c.AssignCalendar(c.as(t, "administrator"), in))(t)
}

// openHours makes the only policy: ten open hours to resolve a case.
func (c *company) openHours(t testing.TB) {
	t.Helper()
	must(c.CreateDeadlinePolicy(c.as(t, "officer"), quality.CreateDeadlinePolicy{Name: "Open hours", Targets: []rules.DeadlineRule{{
		Target: rules.Resolution, Length: 10 * time.Hour, Counting: rules.ByCalendar, PausesOnHold: true, EscalateAfter: []time.Duration{0}}}}))(t)
}

// replanned plans anew what there is, and returns how many cases were.
func (c *company) replanned(t testing.TB) (cases int) {
	t.Helper()
	for {
		n, err := c.ReplanDeadlines(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return cases
		}
		cases += n
	}
}

// lines are the actions in a case's timeline after the first.
func (c *company) lines(t testing.TB, k *db.ServiceCase) []string {
	t.Helper()
	out := []string{}
	for _, e := range c.db.CaseEntry.Query().Where(caseentry.CaseID(k.ID), caseentry.ActionNEQ(caseentry.ActionOPENED)).
		Order(caseentry.ByAt(), caseentry.ByID()).AllX(ent.AsSystem(t.Context())) {
		out = append(out, string(*e.Action))
	}
	return out
}

// A calendar that changes moves the deadlines that count by it, once, with an event and
// a line that says why; one that moves none is not told of.
func TestDeadlinesFollowTheirCalendar(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := ent.AsSystem(t.Context())
		id := c.define(t, typeid.CalendarID{}, "day", "09:00", "17:00")
		c.assign(t, "", id)
		c.openHours(t)
		k := c.complaint(t, "agent")
		if want := morning.Add(26 * time.Hour); !k.DueAt.Equal(want) { // Monday 9 to 17, Tuesday 9 to 11
			t.Errorf("due at %v, want %v", k.DueAt, want)
		}
		for _, change := range []struct {
			opens, closes string
			due           time.Duration
			told          int
		}{
			{"08:00", "18:00", 24 * time.Hour, 1}, // Monday 9 to 18, Tuesday 8 to 9
			{"08:00", "18:00", 24 * time.Hour, 1},
			{"09:00", "17:00", 26 * time.Hour, 2},
		} {
			c.define(t, id, "", change.opens, change.closes)
			if first, again := c.replanned(t), c.replanned(t); first != 1 || again != 0 {
				t.Errorf("planned %d cases anew, and again %d", first, again)
			}
			k = c.db.ServiceCase.GetX(ctx, k.ID)
			if want := morning.Add(change.due); !k.DueAt.Equal(want) {
				t.Errorf("now due at %v, want %v", k.DueAt, want)
			}
			if told := c.countEvents(t, "case.replanned"); told != change.told {
				t.Errorf("told %d times, want %d", told, change.told)
			}
		}
		if diff := cmp.Diff([]string{"CALENDAR_CHANGED", "CALENDAR_CHANGED"}, c.lines(t, k)); diff != "" {
			t.Errorf("timeline (-want +got):\n%s", diff)
		}
	})
}

// Another calendar, of the site or of a department, holds from the moment of its
// assignment: what was counted before stays. Who has a calendar of their own, a case
// that is held, and what counts around the clock, go on as they were.
func TestDeadlinesFollowTheAssignment(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := ent.AsSystem(t.Context())
		var none typeid.CalendarID
		short, long := c.define(t, none, "short", "09:00", "13:00"), c.define(t, none, "long", "09:00", "19:00")
		c.openHours(t)
		mine := c.complaint(t, "agent")
		desk := c.complaint(t, "agent")
		desk = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: desk.ID, ExpectedRevision: desk.Revision, DepartmentID: c.departments["desk"].ID}))(t)
		held := c.complaint(t, "agent")
		held = must(c.HoldCase(c.as(t, "agent"), quality.HoldCase{ID: held.ID, ExpectedRevision: held.Revision, Reason: "Away"}))(t)
		if due := morning.Add(10 * time.Hour); !mine.DueAt.Equal(due) {
			t.Errorf("without a calendar due at %v, want %v", mine.DueAt, due)
		}
		dues := func() []time.Duration {
			var all []time.Duration
			for _, k := range []*db.ServiceCase{mine, desk, held} {
				all = append(all, c.db.ServiceCase.GetX(ctx, k.ID).DueAt.Sub(morning))
			}
			return all
		}
		c.clock.advance(2 * time.Hour)
		c.assign(t, "", short) // 2 hours counted, then Monday 11 to 13, Tuesday 9 to 13; two hours are left for the week after
		c.replanned(t)
		week := 7 * 24 * time.Hour
		if diff := cmp.Diff([]time.Duration{week + 2*time.Hour, week + 2*time.Hour, 10 * time.Hour}, dues()); diff != "" {
			t.Errorf("by the site's calendar (-want +got):\n%s", diff)
		}
		c.assign(t, "front-office", long) // which is above the desk: 2 hours counted, then Monday 11 to 19
		c.replanned(t)
		if diff := cmp.Diff([]time.Duration{week + 2*time.Hour, 10 * time.Hour, 10 * time.Hour}, dues()); diff != "" {
			t.Errorf("by the department's calendar (-want +got):\n%s", diff)
		}
		if again := c.replanned(t); again != 0 {
			t.Errorf("planned %d cases once more", again)
		}
		held = must(c.ContinueCase(c.as(t, "agent"), quality.ContinueCase{ID: held.ID, ExpectedRevision: held.Revision}))(t)
		if want := morning.Add(week + 4*time.Hour); !held.DueAt.Equal(want) { // nothing counted: 2, 4 and 4 hours
			t.Errorf("going on it is due at %v, want %v", held.DueAt, want)
		}
		for k, want := range map[*db.ServiceCase][]string{
			mine: {"CALENDAR_ASSIGNED"}, desk: {"DISPATCHED", "CALENDAR_ASSIGNED", "CALENDAR_ASSIGNED"}, held: {"HELD", "CONTINUED"},
		} {
			if diff := cmp.Diff(want, c.lines(t, k)); diff != "" {
				t.Errorf("timeline (-want +got):\n%s", diff)
			}
		}
		var by []string
		names := map[typeid.CalendarID]string{none: "none", short: "short", long: "long"}
		for _, s := range c.db.ClockSegment.Query().Where(clocksegment.HasDeadline()).Order(clocksegment.ByFromAt(), clocksegment.ByID()).WithDeadline().AllX(ctx) {
			if s.Edges.Deadline.CaseID == desk.ID {
				by = append(by, names[s.CalendarID])
			}
		}
		slices.Sort(by) // two begin at one moment
		if diff := cmp.Diff([]string{"long", "none", "short"}, by); diff != "" {
			t.Errorf("segments (-want +got):\n%s", diff)
		}
	})
}

// Servers that plan anew at the same time do each case once.
func TestReplanningAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		const cases, servers = 60, 3
		id := c.define(t, typeid.CalendarID{}, "day", "09:00", "17:00")
		c.assign(t, "", id)
		c.openHours(t)
		for range cases {
			c.complaint(t, "agent")
		}
		c.define(t, id, "", "08:00", "18:00")
		var all sync.WaitGroup
		for range servers {
			s := c.service(c.db, c.log)
			all.Go(func() {
				for range cases {
					if _, err := s.ReplanDeadlines(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		c.replanned(t)
		if told := c.countEvents(t, "case.replanned"); told != cases {
			t.Errorf("told %d times of %d cases", told, cases)
		}
	})
}

// The open cases of who is out of office tell of it, and that the person is back, once
// each; other cases, and those opened later, do not.
func TestAbsencesAreToldInCases(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		plan := func() (told int) {
			before := c.countEvents(t, "case.replanned")
			for more := 1; more > 0; {
				var err error
				if more, err = c.PlanAbsences(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			return c.countEvents(t, "case.replanned") - before
		}
		mine, other := c.complaint(t, "agent"), c.complaint(t, "booker")
		offered := c.complaint(t, "booker")
		offered = must(c.DispatchCase(c.as(t, "booker"), quality.DispatchCase{ID: offered.ID, ExpectedRevision: offered.Revision,
			DepartmentID: c.departments["desk"].ID, AssigneeID: c.staff("agent")}))(t)
		out := must(c.SetAbsence(c.as(t, "lead"), quality.SetAbsence{StaffID: c.staff("agent"), DelegateID: c.staff("colleague"),
			From: morning.Add(time.Hour), Until: morning.Add(48 * time.Hour), Reason: absence.ReasonLEAVE}))(t)
		if first, again := plan(), plan(); first != 2 || again != 0 {
			t.Errorf("told in %d cases, then in %d", first, again)
		}
		later := c.complaint(t, "agent")
		c.clock.advance(2 * time.Hour)
		must(c.EndAbsence(c.as(t, "agent"), quality.EndAbsence{ID: out.ID, ExpectedRevision: 1}))(t)
		if first, again := plan(), plan(); first != 2 || again != 0 {
			t.Errorf("told of the return in %d cases, then in %d", first, again)
		}
		for k, want := range map[*db.ServiceCase][]string{
			mine: {"OUT_OF_OFFICE", "BACK_IN_OFFICE"}, other: {}, later: {}, offered: {"DISPATCHED", "OUT_OF_OFFICE", "BACK_IN_OFFICE"},
		} {
			if diff := cmp.Diff(want, c.lines(t, k)); diff != "" {
				t.Errorf("timeline (-want +got):\n%s", diff)
			}
		}
		lines := c.db.CaseEntry.Query().Where(caseentry.CaseID(mine.ID), caseentry.AbsenceID(out.ID)).Order(caseentry.ByAt(), caseentry.ByID()).AllX(ent.AsSystem(t.Context()))
		if len(lines) != 2 || lines[0].ToStaffID != *c.staff("colleague") || !lines[1].ToStaffID.IsZero() {
			t.Errorf("the lines are %+v", lines)
		}
	})
}

package quality_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/absence"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/escalation"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// standard makes the only policy: an hour to resolve a case, with a warning after 50
// minutes, and escalations at once, after half an hour, and twice again each half hour.
func (c *company) standard(t testing.TB) {
	t.Helper()
	half := 30 * time.Minute
	must(c.CreateDeadlinePolicy(c.as(t, "officer"), quality.CreateDeadlinePolicy{Name: "An hour", Targets: []rules.DeadlineRule{{
		Target: rules.Resolution, Length: time.Hour, Counting: rules.AroundTheClock, PausesOnHold: true, WarnBefore: []time.Duration{10 * time.Minute},
		EscalateAfter: []time.Duration{0, half}, RepeatEvery: &half, RepeatAtMost: 2}}}))(t)
}

// stepsOfStandard are the steps of the standard's plan.
const stepsOfStandard = 6

// reportTo says who is above whom.
func (c *company) reportTo(t testing.TB, above map[string]string) {
	t.Helper()
	err := ent.WithTx(t.Context(), c.db.Client, func(tx *db.Tx) error {
		for who, supervisor := range above {
			if err := tx.Staff.UpdateOneID(*c.staff(who)).SetSupervisorID(*c.staff(supervisor)).Exec(t.Context()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *company) complaint(t testing.TB, by string) *db.ServiceCase {
	t.Helper()
	return must(c.OpenCase(c.as(t, by), quality.OpenCase{Kind: servicecase.KindINQUIRY, Channel: servicecase.ChannelEMAIL,
		Severity: servicecase.SeverityMINOR, Subject: "Late"}))(t)
}

// fire carries out all that is due.
func (c *company) fire(t testing.TB) {
	t.Helper()
	for {
		n, err := c.FireDeadlines(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// alerts writes down who was told of what, in order: "kind level to".
func (c *company) alerts(t testing.TB) []string {
	t.Helper()
	names := map[string]string{"": "nobody"}
	for name, person := range c.people {
		names[person.ID.String()] = name
	}
	out := []string{}
	for _, e := range c.db.Escalation.Query().Order(escalation.ByFiredAt(), escalation.ByStep()).AllX(ent.AsSystem(t.Context())) {
		line := fmt.Sprint(e.Kind, " ", e.Level, " ", names[e.ToID.String()])
		if e.Skipped != nil {
			line += " skipped " + string(*e.Skipped)
		}
		out = append(out, line)
	}
	return out
}

// A case that nobody resolves: who answers for it is warned, then those above are told,
// level by level, in the timeline and by events.
func TestDeadlinesEscalateUpTheLine(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.standard(t)
		c.reportTo(t, map[string]string{"agent": "lead", "lead": "manager", "manager": "site manager"})
		k := c.complaint(t, "agent")
		if want := morning.Add(time.Hour); !k.DueAt.Equal(want) {
			t.Errorf("due at %v, want %v", k.DueAt, want)
		}
		before := c.rows(t)["events"]
		for range 12 {
			c.clock.advance(15 * time.Minute)
			c.fire(t)
			c.fire(t) // which finds nothing
		}
		want := []string{"WARNING 0 agent", "MISSED 0 nobody", "ESCALATION 1 lead", "ESCALATION 2 manager", "ESCALATION 3 site manager", "ESCALATION 4 site manager"}
		want[0] = "WARNING 0 nobody skipped DEADLINE_PASSED" // its time came between two looks, after 50 minutes
		if diff := cmp.Diff(want, c.alerts(t)); diff != "" {
			t.Errorf("alerts (-want +got):\n%s", diff)
		}
		kinds := []string{}
		for _, e := range c.eventsAfter(t, before) {
			kinds = append(kinds, e.Kind)
		}
		if diff := cmp.Diff([]string{"case.deadlineMissed", "case.escalated", "case.escalated", "case.escalated", "case.escalated"}, kinds); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		var lines []string
		for _, e := range c.db.CaseEntry.Query().Where(caseentry.CaseID(k.ID)).Order(caseentry.ByAt(), caseentry.ByID()).AllX(ent.AsSystem(t.Context())) {
			lines = append(lines, string(*e.Action))
		}
		if diff := cmp.Diff([]string{"OPENED", "MISSED", "ESCALATED", "ESCALATED", "ESCALATED", "ESCALATED"}, lines); diff != "" {
			t.Errorf("timeline (-want +got):\n%s", diff)
		}
	})
}

func TestWarningComesInTime(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.standard(t)
		c.complaint(t, "agent")
		c.clock.advance(50*time.Minute - time.Microsecond)
		c.fire(t)
		if got := c.alerts(t); len(got) > 0 {
			t.Errorf("told before the time: %v", got)
		}
		c.clock.advance(time.Microsecond)
		c.fire(t)
		if diff := cmp.Diff([]string{"WARNING 0 agent"}, c.alerts(t)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		c.clock.set(morning.Add(time.Hour + 6*time.Second))
		c.fire(t) // it has passed, which somebody above is told
		if diff := cmp.Diff(quality.DueWork{Alerts: 3, Late: 2}, c.DueWork()); diff != "" {
			t.Errorf("counted (-want +got):\n%s", diff)
		}
	})
}

// Who is out of office is stood in for; who has left, or has nobody to stand in, is
// passed over; and where nobody is above, who manages the site is told.
func TestWhoIsTold(t *testing.T) {
	line := map[string]string{"agent": "lead", "lead": "manager", "manager": "site manager"}
	out := func(t *testing.T, c *company, who, delegate string) {
		in := quality.SetAbsence{StaffID: c.staff(who), From: morning, Until: morning.Add(48 * time.Hour), Reason: absence.ReasonLEAVE}
		if delegate != "" {
			in.DelegateID = c.staff(delegate)
		}
		must(c.SetAbsence(c.as(t, "personnel"), in))(t)
	}
	for name, test := range map[string]struct {
		arrange func(*testing.T, *company)
		want    []string // levels 0 to 4
	}{
		"all are there": {func(t *testing.T, c *company) { c.reportTo(t, line) }, []string{"agent", "lead", "manager", "site manager", "site manager"}},
		"the lead is stood in for": {func(t *testing.T, c *company) {
			c.reportTo(t, line)
			out(t, c, "lead", "colleague")
		}, []string{"agent", "colleague", "manager", "site manager", "site manager"}},
		"the one who stands in is out, too": {func(t *testing.T, c *company) {
			c.reportTo(t, line)
			out(t, c, "lead", "colleague")
			out(t, c, "colleague", "booker")
		}, []string{"agent", "booker", "manager", "site manager", "site manager"}},
		"they stand in for each other": {func(t *testing.T, c *company) {
			c.reportTo(t, line)
			out(t, c, "lead", "colleague")
			out(t, c, "colleague", "lead")
		}, []string{"agent", "manager", "site manager", "site manager", "site manager"}},
		"nobody stands in": {func(t *testing.T, c *company) {
			c.reportTo(t, line)
			out(t, c, "agent", "")
			out(t, c, "manager", "")
		}, []string{"lead", "site manager", "site manager", "site manager", "site manager"}},
		"the lead has left": {func(t *testing.T, c *company) {
			c.reportTo(t, line)
			c.leaves(t, "lead")
		}, []string{"agent", "manager", "site manager", "site manager", "site manager"}},
		"nobody is above": {func(*testing.T, *company) {}, []string{"agent", "site manager", "site manager", "site manager", "site manager"}},
		"in a circle": {func(t *testing.T, c *company) {
			c.reportTo(t, map[string]string{"agent": "lead", "lead": "agent"})
		}, []string{"agent", "lead", "lead", "lead", "lead"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t, dbtest.SQLite(t))
			c.standard(t)
			c.complaint(t, "agent")
			test.arrange(t, c)
			var got []string
			for _, after := range []time.Duration{50 * time.Minute, time.Hour, 90 * time.Minute, 120 * time.Minute, 150 * time.Minute} {
				c.clock.set(morning.Add(after))
				c.fire(t)
			}
			for _, e := range c.db.Escalation.Query().Where(escalation.KindNEQ(escalation.KindMISSED)).WithTo().Order(escalation.ByStep()).AllX(ent.AsSystem(t.Context())) {
				got = append(got, e.Edges.To.Name)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What is done in time asks for nothing any more; what is done late is missed.
func TestDeadlinesEnd(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := ent.AsSystem(t.Context())
		for _, after := range []time.Duration{30 * time.Minute, 7 * time.Hour} {
			c.clock.set(morning)
			k := c.complaint(t, "agent") // by the server's own lengths: an answer within 18 hours
			k = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: k.ID, ExpectedRevision: k.Revision, DepartmentID: c.departments["desk"].ID, AssigneeID: c.staff("colleague")}))(t)
			if n := c.db.Deadline.Query().Where(deadline.CaseID(k.ID), deadline.TargetEQ(deadline.TargetACCEPT), deadline.StateEQ(deadline.StateRUNNING)).CountX(ctx); n != 1 {
				t.Errorf("%d clocks run for the acceptance", n)
			}
			c.clock.advance(after)
			k = must(c.AcceptCase(c.as(t, "colleague"), quality.AcceptCase{ID: k.ID, ExpectedRevision: k.Revision}))(t)
			accepted := c.db.Deadline.Query().Where(deadline.CaseID(k.ID), deadline.TargetEQ(deadline.TargetACCEPT)).OnlyX(ctx)
			if accepted.State != deadline.StateMET || accepted.NextAlertAt != nil || accepted.EndedAt == nil || accepted.Spent != after {
				t.Errorf("accepted after %v: %+v", after, accepted)
			}
		}
	})
}

// Three servers on one database, each of which is stopped in the middle of its work
// again and again, an hour in which none runs, and a clock that is moved: each step of
// each deadline comes once. On SQLite there is one server.
func TestDeadlinesFireExactlyOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		n, servers := 40, 3
		if os.Getenv("ROUNDS_SOAK") != "" {
			n = 10_000
		}
		if !c.db.IsPostgres() {
			servers = 1
		}
		c.standard(t)
		c.reportTo(t, map[string]string{"agent": "lead", "lead": "manager"})
		for i := range n {
			c.clock.set(morning.Add(time.Duration(i%20) * time.Minute))
			c.complaint(t, "agent")
		}
		services := []*quality.Service{c.Service}
		for len(services) < servers {
			services = append(services, c.service(c.db, c.log))
		}
		together := func(ctx context.Context) (left int) {
			var all sync.WaitGroup
			var mu sync.Mutex
			for _, s := range services {
				all.Go(func() {
					for {
						done, err := s.FireDeadlines(ctx)
						if err != nil && ctx.Err() == nil {
							t.Error(err)
						}
						if err != nil || done == 0 {
							return
						}
						mu.Lock()
						left += done
						mu.Unlock()
					}
				})
			}
			all.Wait()
			return left
		}
		for kill, after := range []time.Duration{50 * time.Minute, 70 * time.Minute, 71 * time.Minute, 80 * time.Minute, 3 * time.Hour, 4 * time.Hour} {
			c.clock.set(morning.Add(after))
			for reads := range 8 {
				ctx, cancel := context.WithCancel(t.Context())
				killed := c.clock.before(1+reads+kill%3, cancel)
				together(ctx)
				cancel()
				_ = killed
			}
		}
		c.clock.set(morning.Add(12 * time.Hour))
		for together(t.Context()) > 0 {
		}
		ctx := ent.AsSystem(t.Context())
		seen := map[string]int{}
		fired := map[escalation.Kind]int{}
		for _, e := range c.db.Escalation.Query().AllX(ctx) {
			seen[e.DeadlineID.String()+fmt.Sprint(e.Step)]++
			if e.Skipped == nil {
				fired[e.Kind]++
			}
			if e.FiredAt.Before(e.PlannedAt) {
				t.Errorf("fired at %v, before %v", e.FiredAt, e.PlannedAt)
			}
		}
		if len(seen) != n*stepsOfStandard {
			t.Errorf("%d steps came, want %d", len(seen), n*stepsOfStandard)
		}
		for kind, event := range map[escalation.Kind]string{escalation.KindWARNING: "case.deadlineWarned", escalation.KindMISSED: "case.deadlineMissed", escalation.KindESCALATION: "case.escalated"} {
			if told := c.countEvents(t, event); told != fired[kind] || told == 0 {
				t.Errorf("%d events %s of %d steps", told, event, fired[kind])
			}
		}
		lines := c.db.CaseEntry.Query().Where(caseentry.ActionIn(caseentry.ActionWARNED, caseentry.ActionMISSED, caseentry.ActionESCALATED)).CountX(ctx)
		if want := fired[escalation.KindWARNING] + fired[escalation.KindMISSED] + fired[escalation.KindESCALATION]; lines != want {
			t.Errorf("%d lines in timelines of %d steps", lines, want)
		}
	})
}

func (c *company) countEvents(t testing.TB, kind string) int {
	t.Helper()
	return c.db.Event.Query().Where(event.Kind(kind)).CountX(ent.AsSystem(t.Context()))
}

// The watch sleeps until something is due, hears of what comes earlier, and notices when
// the clock is moved.
func TestWatchDeadlines(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.standard(t)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.WatchDeadlines(ctx) }()
		reader, err := c.log.Subscribe(ent.AsSystem(t.Context()), events.Subscription{Filter: events.Filter{Kinds: []string{"case.deadlineMissed"}}})
		if err != nil {
			t.Fatal(err)
		}
		k := c.complaint(t, "agent")
		c.clock.advance(2 * time.Hour)
		e, err := reader.Next(t.Context())
		if err != nil || e.Subject != k.ID.String() {
			t.Errorf("told %+v, %v", e, err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

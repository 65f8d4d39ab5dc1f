package quality_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/handover"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// targets makes the only policy: of these lengths around the clock, without alerts.
func (c *company) targets(t testing.TB, lengths map[rules.DeadlineTarget]time.Duration) {
	t.Helper()
	in := quality.CreateDeadlinePolicy{Name: "Targets"}
	for target, length := range lengths {
		in.Targets = append(in.Targets, rules.DeadlineRule{Target: target, Length: length, Counting: rules.AroundTheClock, PausesOnHold: true})
	}
	must(c.CreateDeadlinePolicy(c.as(t, "officer"), in))(t)
}

// course writes down what became of the clocks of a target, in order: its state, when
// it began and when it ended or is due, in minutes since the morning.
func (c *company) course(t testing.TB, k *db.ServiceCase, target deadline.Target) []string {
	t.Helper()
	out := []string{}
	for _, d := range c.db.Deadline.Query().Where(deadline.CaseID(k.ID), deadline.TargetEQ(target)).
		Order(deadline.ByStartedAt(), deadline.ByID()).AllX(ent.AsSystem(t.Context())) {
		line := fmt.Sprintf("%s from %.0f due %.0f", d.State, d.StartedAt.Sub(morning).Minutes(), d.DueAt.Sub(morning).Minutes())
		if d.EndedAt != nil {
			line += fmt.Sprintf(" ended %.0f", d.EndedAt.Sub(morning).Minutes())
		}
		out = append(out, line)
	}
	return out
}

func (c *company) says(t testing.TB, by string, k *db.ServiceCase, kind caseentry.Kind, visible caseentry.Visibility) {
	t.Helper()
	must(c.AddCaseEntry(c.as(t, by), quality.AddCaseEntry{CaseID: k.ID, Kind: kind, Visibility: visible, Text: "A word"}))(t)
}

// Each word to the customer ends the time until the first response and begins anew
// that until the next update; what is said among colleagues does not.
func TestTheCustomerHears(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.targets(t, map[rules.DeadlineTarget]time.Duration{rules.FirstResponse: time.Hour, rules.NextUpdate: 4 * time.Hour})
		k := c.complaint(t, "agent")
		at := func(minutes int) { c.clock.set(morning.Add(time.Duration(minutes) * time.Minute)) }
		at(30)
		c.says(t, "agent", k, caseentry.KindCALL, caseentry.VisibilityINTERNAL)
		c.says(t, "agent", k, caseentry.KindMESSAGE_FROM_CUSTOMER, caseentry.VisibilityCUSTOMER)
		if diff := cmp.Diff([]string{"RUNNING from 0 due 60"}, c.course(t, k, deadline.TargetFIRST_RESPONSE)); diff != "" {
			t.Errorf("before anybody answered (-want +got):\n%s", diff)
		}
		at(40)
		c.says(t, "agent", k, caseentry.KindMESSAGE_TO_CUSTOMER, caseentry.VisibilityCUSTOMER)
		at(100)
		c.says(t, "agent", k, caseentry.KindCALL, caseentry.VisibilityCUSTOMER)
		at(400)
		k = c.db.ServiceCase.GetX(ent.AsSystem(t.Context()), k.ID)
		must(c.ReplyCase(c.as(t, "agent"), quality.ReplyCase{ID: k.ID, ExpectedRevision: k.Revision, Kind: caseentry.KindCALL, Text: "Done"}))(t)
		if diff := cmp.Diff([]string{"MET from 0 due 60 ended 40"}, c.course(t, k, deadline.TargetFIRST_RESPONSE)); diff != "" {
			t.Errorf("first response (-want +got):\n%s", diff)
		}
		want := []string{"MET from 0 due 240 ended 40", "MET from 40 due 280 ended 100", "MISSED from 100 due 340 ended 400", "RUNNING from 400 due 640"}
		if diff := cmp.Diff(want, c.course(t, k, deadline.TargetNEXT_UPDATE)); diff != "" {
			t.Errorf("next update (-want +got):\n%s", diff)
		}
	})
}

// An offer that nobody accepts in time goes back, once, is counted, and can be made
// again (R-CASE-3). Who answers for the case meanwhile stays the same.
func TestOffersReturnInTime(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := ent.AsSystem(t.Context())
		// The resolution is due at the same moment: it counts on as it did.
		c.targets(t, map[rules.DeadlineTarget]time.Duration{rules.AcceptBy: time.Hour, rules.Resolution: time.Hour})
		k := c.complaint(t, "agent")
		offer := func() {
			k = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: k.ID, ExpectedRevision: k.Revision,
				DepartmentID: c.departments["reservations"].ID, AssigneeID: c.staff("booker")}))(t)
		}
		offer()
		c.clock.advance(time.Hour)
		before := c.rows(t)["events"]
		c.fire(t)
		c.fire(t)
		k = c.db.ServiceCase.GetX(ctx, k.ID)
		if k.Status != servicecase.StatusOPEN || k.ReturnedCount != 1 || k.AssigneeID != *c.staff("agent") || !k.DispatchedToID.IsZero() {
			t.Errorf("the case is %+v", k)
		}
		if h := c.db.HandOver.Query().OnlyX(ctx); h.State != handover.StateRETURNED {
			t.Errorf("the hand-over is %s", h.State)
		}
		kinds := map[string]int{}
		for _, e := range c.eventsAfter(t, before) {
			kinds[e.Kind]++
		}
		if diff := cmp.Diff(map[string]int{"case.deadlineMissed": 2, "case.returned": 1}, kinds); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		c.clock.advance(time.Minute)
		offer()
		k = must(c.AcceptCase(c.as(t, "booker"), quality.AcceptCase{ID: k.ID, ExpectedRevision: k.Revision}))(t)
		want := []string{"MISSED from 0 due 60 ended 60", "MET from 61 due 121 ended 61"}
		if diff := cmp.Diff(want, c.course(t, k, deadline.TargetACCEPT)); diff != "" {
			t.Errorf("acceptance (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"MISSED from 0 due 60"}, c.course(t, k, deadline.TargetRESOLUTION)); diff != "" {
			t.Errorf("resolution (-want +got):\n%s", diff)
		}
	})
}

// Whom a case is escalated to sees it from then on, and may act; before, and for
// others of that department, it does not exist.
func TestWhoIsToldSeesTheCase(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.standard(t)
		c.reportTo(t, map[string]string{"agent": "housekeeping manager"})
		k := c.complaint(t, "agent")
		sees := func(who string) bool {
			_, err := c.db.ServiceCase.Get(c.as(t, who), k.ID)
			return err == nil
		}
		if sees("housekeeping manager") {
			t.Error("seen before it was escalated")
		}
		c.clock.advance(time.Hour)
		c.fire(t)
		if !sees("housekeeping manager") || sees("housekeeper") {
			t.Errorf("seen by who was told: %t, by others: %t", sees("housekeeping manager"), sees("housekeeper"))
		}
		told := c.db.Escalation.Query().AllX(c.as(t, "housekeeping manager"))
		last := told[len(told)-1]
		must(c.AcknowledgeEscalation(c.as(t, "housekeeping manager"), quality.AcknowledgeEscalation{ID: last.ID, ExpectedRevision: 1}))(t)
		must(c.DispatchCase(c.as(t, "housekeeping manager"), quality.DispatchCase{ID: k.ID, ExpectedRevision: k.Revision, DepartmentID: c.departments["desk"].ID}))(t)
	})
}

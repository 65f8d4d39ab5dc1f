package quality_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/contactattempt"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/frontdesk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
	"github.com/seed-34fcb60d/rounds/quality"
)

func TestSameRequestTwice(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		in := complaint()
		in.IdempotencyKey = new("key-1")
		in.OpenedAt, in.DueAt = new(morning.AddDate(0, 0, -9)), new(morning.AddDate(0, 0, -8))
		first, err := c.OpenCase(c.as(t, "agent"), in)
		if err != nil {
			t.Fatal(err)
		}
		before := c.rows(t)
		again, err := c.OpenCase(c.as(t, "agent"), in)
		if err != nil {
			t.Fatal(err)
		}
		if again.Object.ID != first.Object.ID || *again.Cursor != *first.Cursor {
			t.Errorf("again: case %v at %v, want %v at %v", again.Object.ID, *again.Cursor, first.Object.ID, *first.Cursor)
		}
		if diff := cmp.Diff(first.Warnings, again.Warnings); diff != "" || len(first.Warnings) != 1 {
			t.Errorf("warnings (-first +again):\n%s", diff)
		}
		if diff := cmp.Diff(before, c.rows(t)); diff != "" {
			t.Errorf("the second request wrote rows (-before +after):\n%s", diff)
		}

		other := in
		other.Subject = "Another subject"
		_, err = c.OpenCase(c.as(t, "agent"), other)
		expect(t, "the key with another input", err, "IDEMPOTENCY_KEY_REUSED idempotencyKey")
		_, err = c.AcceptCase(c.as(t, "agent"), quality.AcceptCase{IdempotencyKey: in.IdempotencyKey, ID: first.Object.ID, ExpectedRevision: 1})
		expect(t, "the key for another change", err, "IDEMPOTENCY_KEY_REUSED idempotencyKey")
		theirs := must(c.OpenCase(c.as(t, "colleague"), in))(t)
		if theirs.ID == first.Object.ID {
			t.Error("somebody else's key gave the agent's case")
		}
		for key, want := range map[string]string{" ": "REQUIRED idempotencyKey", strings.Repeat("k", 256): "TOO_LONG idempotencyKey"} {
			other := in
			other.IdempotencyKey = &key
			_, err = c.OpenCase(c.as(t, "agent"), other)
			expect(t, fmt.Sprintf("a key of %d characters", len(key)), err, want)
		}

		// A refusal is not kept: the key can be used for the corrected input.
		wrong := complaint()
		wrong.IdempotencyKey, wrong.Subject = new("key-2"), ""
		_, err = c.OpenCase(c.as(t, "agent"), wrong)
		expect(t, "a refused request", err, "REQUIRED subject")
		wrong.Subject = "Corrected"
		must(c.OpenCase(c.as(t, "agent"), wrong))(t)
	})
}

// The answer of an earlier request tells nothing that its caller may no longer see.
func TestSameRequestAfterAccessWasLost(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.registered(t, "agent", guest())
		in := quality.UpdateCustomer{IdempotencyKey: new("give-away"), ID: of.ID, ExpectedRevision: 1}
		in.OwnerID.Set, in.OwnerID.Value = true, c.staff("colleague")
		for range 2 {
			change, err := c.UpdateCustomer(c.as(t, "agent"), in)
			if err == nil && change.Object.ID != of.ID {
				t.Errorf("the answer is about %v", change.Object)
			}
			in.OwnerID.Value = c.staff("colleague")
			if err != nil {
				expect(t, "again", err, "NOT_FOUND")
				return
			}
		}
		t.Error("the agent is told of a customer that is the colleague's")
	})
}

// However many equal requests come at once, one change is made and all get its answer.
func TestSameRequestAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for round := range 5 {
			before := c.rows(t)
			in := complaint()
			in.IdempotencyKey, in.ExternalID = new(fmt.Sprintf("key-%d", round)), new(fmt.Sprintf("foreign-%d", round))
			changes, errs := atOnce(16, func(int) (*quality.Change[*db.ServiceCase], error) { return c.OpenCase(c.as(t, "agent"), in) })
			for n, err := range errs {
				if err != nil {
					t.Fatalf("request %d: %v", n, err)
				}
				if changes[n].Object.ID != changes[0].Object.ID || changes[n].Cursor == nil || *changes[n].Cursor != *changes[0].Cursor {
					t.Fatalf("request %d got the case %v, request 0 %v", n, changes[n].Object, changes[0].Object)
				}
			}
			after := c.rows(t)
			want := maps.Clone(before)
			want["cases"]++
			want["entries"]++ // that it was opened
			want["events"]++
			want["replies"]++
			if diff := cmp.Diff(want, after); diff != "" {
				t.Fatalf("rows (-want +got):\n%s", diff)
			}
		}
	})
}

// Of different requests for the same record one is carried out, the others hear
// that there is one.
func TestSameExternalIDAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for round := range 5 {
			id := fmt.Sprintf("foreign-%d", round)
			_, errs := atOnce(16, func(n int) (any, error) {
				if n%2 == 0 {
					in := complaint()
					in.ExternalID = &id
					return c.OpenCase(c.as(t, "agent"), in)
				}
				in := guest()
				in.ExternalID = &id
				return c.RegisterCustomer(c.as(t, "agent"), in)
			})
			made := 0
			for n, err := range errs {
				if err == nil {
					made++
				} else {
					expect(t, fmt.Sprintf("request %d", n), err, "DUPLICATE externalId")
				}
			}
			if made != 2 {
				t.Fatalf("%d records were made, want a case and a customer", made)
			}
		}
	})
}

// atOnce calls fn n times at the same time.
func atOnce[T any](n int, fn func(int) (T, error)) ([]T, []error) {
	results, errs := make([]T, n), make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			results[i], errs[i] = fn(i)
		})
	}
	close(start)
	wg.Wait()
	return results, errs
}

// change is a use case that is about to be carried out.
type change struct {
	name string
	make func(ctx context.Context) error
}

// changes prepares each use case, with an idempotency key or without. Each is good
// for one success.
func (c *company) changes(t testing.TB, keyed bool) []change {
	t.Helper()
	key := func(name string) *string {
		if !keyed {
			return nil
		}
		return new("key of " + name)
	}
	opened := must(c.OpenCase(c.as(t, "manager"), complaint()))(t)
	dispatched, accepted, resolved := c.dispatched(t, c.staff("colleague")), c.replied(t), c.agreed(t)
	arrived, refused, revised := must(c.OpenCase(c.as(t, "manager"), complaint()))(t), c.dispatched(t, nil), c.accepted(t)
	incident := must(c.OpenCase(c.as(t, "manager"), quality.OpenCase{Kind: servicecase.KindINCIDENT, Channel: servicecase.ChannelIN_PERSON,
		Severity: servicecase.SeverityMAJOR, Subject: "A wet floor"}))(t)
	moved, held, decided, answered := c.accepted(t), c.accepted(t), c.accepted(t), c.accepted(t)
	followed, reopened := c.resolved(t), c.closed(t)
	merged, parted, linked := c.accepted(t), c.accepted(t), c.accepted(t)
	customer, willing := c.registered(t, "agent", guest()), c.willing(t)
	desk := c.departments["desk"].ID
	planning := quality.CreateControlPlan{DepartmentID: desk, Plan: dailyPlan()}
	changing, retiring := must(c.CreateControlPlan(c.as(t, "manager"), planning))(t), must(c.CreateControlPlan(c.as(t, "manager"), planning))(t)
	d := definition(t, frontdesk.New(), "frontdesk.reception")
	failing, _ := sdktest.Failing(d, "key-to-stranger")
	drafted := c.started(t, d.ID)
	complete := c.answered(t, c.started(t, d.ID), given(failing, d)...)
	c.schemes(t)
	approve := must(c.RunAppraisals(c.as(t, "manager"), quality.RunAppraisals{Scheme: "monthly", DepartmentID: c.departments["reservations"].ID, Day: "2026-11-01"}))(t)[0]
	shifts := must(c.PlanRota(c.as(t, "lead"), c.rota("desk", "early", "agent", "colleague", "housekeeper")))(t)
	researcher, asked := c.received(t, "agent", c.visitor("desk")), c.received(t, "agent", c.visitor("desk"))
	asked = must(c.ReportNoCustomer(c.as(t, "lead"), quality.ReportNoCustomer{ID: asked.ID, ExpectedRevision: 1}))(t)
	swap := must(c.RequestSwap(c.as(t, "agent"), quality.RequestSwap{ShiftID: shifts[0].ID, WithID: *c.staff("booker")}))(t)
	reported := c.openedAs(t, "manager", servicecase.KindINCIDENT, servicecase.ChannelIN_PERSON)
	suggested, inquired, praised := c.acceptedAs(t, servicecase.KindSUGGESTION), c.openedAs(t, "manager", servicecase.KindINQUIRY, servicecase.ChannelCHAT), c.openedAs(t, "manager", servicecase.KindCOMMENDATION, servicecase.ChannelLETTER)
	topic := &c.topic(t, "breakfast", nil).ID
	improvement := c.measure(c.accepted(t), casemeasure.KindCORRECTIVE)
	improvement.OwnerID = *c.staff("colleague")
	planned, dropped := must(c.AddCaseMeasure(c.as(t, "manager"), improvement))(t), must(c.AddCaseMeasure(c.as(t, "manager"), improvement))(t)
	completed := must(c.AddCaseMeasure(c.as(t, "manager"), improvement))(t)
	completed = must(c.CompleteCaseMeasure(c.as(t, "colleague"), quality.CompleteCaseMeasure{ID: completed.ID, ExpectedRevision: 1, Result: "Done"}))(t)
	alarm := c.alarmed(t)
	return []change{
		{"rebaseline a chart", func(ctx context.Context) error {
			in := c.rebaseline("desk")
			in.IdempotencyKey = key("rebaseline")
			_, err := c.RebaselineChart(ctx, in)
			return err
		}},
		{"acknowledge an alarm", func(ctx context.Context) error {
			_, err := c.AcknowledgeChartAlarm(ctx, quality.AcknowledgeChartAlarm{IdempotencyKey: key("alarm"), ID: alarm.ID, ExpectedRevision: 1, Note: "Two were ill"})
			return err
		}},
		{"assess", func(ctx context.Context) error {
			_, err := c.AssessCase(ctx, quality.AssessCase{IdempotencyKey: key("assess"), ID: suggested.ID, ExpectedRevision: suggested.Revision, TopicID: topic,
				Importance: servicecase.ImportanceIMPORTANT, Reason: "Many ask"})
			return err
		}},
		{"report", func(ctx context.Context) error {
			_, err := c.ReportCase(ctx, quality.ReportCase{IdempotencyKey: key("report"), ID: reported.ID, ExpectedRevision: reported.Revision, Report: "A guest slipped"})
			return err
		}},
		{"refer", func(ctx context.Context) error {
			_, err := c.ReferCase(ctx, quality.ReferCase{IdempotencyKey: key("refer"), ID: inquired.ID, ExpectedRevision: inquired.Revision,
				DepartmentID: c.departments["reservations"].ID, AssigneeID: *c.staff("booker"), Kind: caseentry.KindCALL, Text: "A colleague calls you"})
			return err
		}},
		{"commend", func(ctx context.Context) error {
			_, err := c.CommendStaff(ctx, quality.CommendStaff{IdempotencyKey: key("commend"), ID: praised.ID, ExpectedRevision: praised.Revision, StaffIDs: []typeid.StaffID{*c.staff("booker")}})
			return err
		}},
		{"plan a measure", func(ctx context.Context) error {
			in := improvement
			in.IdempotencyKey = key("plan a measure")
			_, err := c.AddCaseMeasure(ctx, in)
			return err
		}},
		{"complete a measure", func(ctx context.Context) error {
			_, err := c.CompleteCaseMeasure(ctx, quality.CompleteCaseMeasure{IdempotencyKey: key("complete a measure"), ID: planned.ID, ExpectedRevision: 1, Result: "Done"})
			return err
		}},
		{"verify a measure", func(ctx context.Context) error {
			_, err := c.VerifyCaseMeasure(ctx, quality.VerifyCaseMeasure{IdempotencyKey: key("verify a measure"), ID: completed.ID, ExpectedRevision: 2, Effective: true, Finding: "Works"})
			return err
		}},
		{"cancel a measure", func(ctx context.Context) error {
			_, err := c.CancelCaseMeasure(ctx, quality.CancelCaseMeasure{IdempotencyKey: key("cancel a measure"), ID: dropped.ID, ExpectedRevision: 1, Reason: "Twice"})
			return err
		}},
		{"plan a rota", func(ctx context.Context) error {
			in := c.rota("desk", "early", "lead")
			in.IdempotencyKey = key("rota")
			_, err := c.PlanRota(ctx, in)
			return err
		}},
		{"receive a visitor", func(ctx context.Context) error {
			in := c.visitor("desk")
			in.IdempotencyKey, in.Name, in.Phone = key("visit"), new("Li"), new("138 0013 8009")
			_, err := c.RegisterVisit(ctx, in)
			return err
		}},
		{"ask for an extra turn", func(ctx context.Context) error {
			_, err := c.ReportNoCustomer(ctx, quality.ReportNoCustomer{IdempotencyKey: key("no customer"), ID: researcher.ID, ExpectedRevision: 1})
			return err
		}},
		{"grant an extra turn", func(ctx context.Context) error {
			_, err := c.DecideExtraTurn(ctx, quality.DecideExtraTurn{IdempotencyKey: key("extra"), ID: asked.ID, ExpectedRevision: 2, Agreed: true})
			return err
		}},
		{"reassign a shift", func(ctx context.Context) error {
			_, err := c.ReassignShift(ctx, quality.ReassignShift{IdempotencyKey: key("reassign"), ID: shifts[1].ID, ExpectedRevision: 1, StaffID: *c.staff("personnel")})
			return err
		}},
		{"cancel a shift", func(ctx context.Context) error {
			_, err := c.CancelShift(ctx, quality.CancelShift{IdempotencyKey: key("cancel"), ID: shifts[2].ID, ExpectedRevision: 1})
			return err
		}},
		{"ask for a swap", func(ctx context.Context) error {
			_, err := c.RequestSwap(ctx, quality.RequestSwap{IdempotencyKey: key("swap"), ShiftID: shifts[0].ID, WithID: *c.staff("officer")})
			return err
		}},
		{"agree to a swap", func(ctx context.Context) error {
			_, err := c.DecideSwap(ctx, quality.DecideSwap{IdempotencyKey: key("decide"), ID: swap.ID, ExpectedRevision: 1, Agreed: true})
			return err
		}},
		{"open", func(ctx context.Context) error {
			in := complaint()
			in.IdempotencyKey = key("open")
			_, err := c.OpenCase(ctx, in)
			return err
		}},
		{"dispatch", func(ctx context.Context) error {
			_, err := c.DispatchCase(ctx, quality.DispatchCase{IdempotencyKey: key("dispatch"), ID: opened.ID, ExpectedRevision: opened.Revision, DepartmentID: desk, Note: new("now")})
			return err
		}},
		{"accept", func(ctx context.Context) error {
			_, err := c.AcceptCase(ctx, quality.AcceptCase{IdempotencyKey: key("accept"), ID: dispatched.ID, ExpectedRevision: dispatched.Revision})
			return err
		}},
		{"resolve", func(ctx context.Context) error {
			_, err := c.ResolveCase(ctx, quality.ResolveCase{IdempotencyKey: key("resolve"), ID: accepted.ID, ExpectedRevision: accepted.Revision,
				Substantiated: new(true), Resolution: "Done"})
			return err
		}},
		{"acknowledge", func(ctx context.Context) error {
			_, err := c.AcknowledgeCase(ctx, quality.AcknowledgeCase{IdempotencyKey: key("acknowledge"), ID: arrived.ID, ExpectedRevision: arrived.Revision,
				Kind: caseentry.KindCALL, Text: new("We are on it")})
			return err
		}},
		{"contain", func(ctx context.Context) error {
			_, err := c.ContainCase(ctx, quality.ContainCase{IdempotencyKey: key("contain"), ID: incident.ID, ExpectedRevision: incident.Revision, Measure: "Closed off"})
			return err
		}},
		{"refuse", func(ctx context.Context) error {
			_, err := c.RefuseCase(ctx, quality.RefuseCase{IdempotencyKey: key("refuse"), ID: refused.ID, ExpectedRevision: refused.Revision, Reason: "Not ours"})
			return err
		}},
		{"move", func(ctx context.Context) error {
			_, err := c.MoveCase(ctx, quality.MoveCase{IdempotencyKey: key("move"), ID: moved.ID, ExpectedRevision: moved.Revision,
				DepartmentID: c.departments["reservations"].ID, AssigneeID: c.staff("booker"), Reason: "Booked wrongly"})
			return err
		}},
		{"hold", func(ctx context.Context) error {
			_, err := c.HoldCase(ctx, quality.HoldCase{IdempotencyKey: key("hold"), ID: held.ID, ExpectedRevision: held.Revision, Reason: "Waits for a part"})
			return err
		}},
		{"revise", func(ctx context.Context) error {
			_, err := c.ReviseCase(ctx, quality.ReviseCase{IdempotencyKey: key("revise"), ID: revised.ID, ExpectedRevision: revised.Revision,
				Severity: new(servicecase.SeverityCRITICAL), Reason: "Somebody was hurt"})
			return err
		}},
		{"decide on a case", func(ctx context.Context) error {
			_, err := c.DecideCase(ctx, quality.DecideCase{IdempotencyKey: key("decide on a case"), ID: decided.ID, ExpectedRevision: decided.Revision,
				Decision: servicecase.DecisionGRANTED, Reason: "By the policy"})
			return err
		}},
		{"merge", func(ctx context.Context) error {
			_, err := c.MergeCase(ctx, quality.MergeCase{IdempotencyKey: key("merge"), ID: merged.ID, ExpectedRevision: merged.Revision, IntoID: held.ID, Reason: "Told twice"})
			return err
		}},
		{"split", func(ctx context.Context) error {
			_, err := c.SplitCase(ctx, quality.SplitCase{IdempotencyKey: key("split"), ID: parted.ID, ExpectedRevision: parted.Revision, Subject: "The bill", Reason: "Another matter"})
			return err
		}},
		{"link", func(ctx context.Context) error {
			_, err := c.LinkCase(ctx, quality.LinkCase{IdempotencyKey: key("link"), ID: linked.ID, ExpectedRevision: linked.Revision, OtherID: moved.ID, Kind: "RELATED"})
			return err
		}},
		{"reply", func(ctx context.Context) error {
			_, err := c.ReplyCase(ctx, quality.ReplyCase{IdempotencyKey: key("reply"), ID: answered.ID, ExpectedRevision: answered.Revision,
				Kind: caseentry.KindCALL, Text: "You get your money back"})
			return err
		}},
		{"follow up", func(ctx context.Context) error {
			_, err := c.FollowUpCase(ctx, quality.FollowUpCase{IdempotencyKey: key("follow up"), ID: followed.ID, ExpectedRevision: followed.Revision,
				Channel: casefollowup.ChannelTELEPHONE, Outcome: casefollowup.OutcomeNOT_SOLVED, Word: new("It is cold again")})
			return err
		}},
		{"reopen", func(ctx context.Context) error {
			_, err := c.ReopenCase(ctx, quality.ReopenCase{IdempotencyKey: key("reopen"), ID: reopened.ID, ExpectedRevision: reopened.Revision, Reason: "Cold again"})
			return err
		}},
		{"close", func(ctx context.Context) error {
			_, err := c.CloseCase(ctx, quality.CloseCase{IdempotencyKey: key("close"), ID: resolved.ID, ExpectedRevision: resolved.Revision,
				Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: "Said so"})
			return err
		}},
		{"add an entry", func(ctx context.Context) error {
			_, err := c.AddCaseEntry(ctx, quality.AddCaseEntry{IdempotencyKey: key("add"), CaseID: opened.ID, Kind: caseentry.KindNOTE,
				Visibility: caseentry.VisibilityINTERNAL, Text: "Called"})
			return err
		}},
		{"register", func(ctx context.Context) error {
			in := guest()
			in.IdempotencyKey = key("register")
			_, err := c.RegisterCustomer(ctx, in)
			return err
		}},
		{"update", func(ctx context.Context) error {
			_, err := c.UpdateCustomer(ctx, quality.UpdateCustomer{IdempotencyKey: key("update"), ID: customer.ID, ExpectedRevision: customer.Revision, Name: new("Li")})
			return err
		}},
		{"record a contact", func(ctx context.Context) error {
			in := attempted(willing, true, contactattempt.OutcomeSATISFIED)
			in.IdempotencyKey = key("record a contact")
			_, err := c.RecordContact(ctx, in)
			return err
		}},
		{"plan", func(ctx context.Context) error {
			_, err := c.CreateControlPlan(ctx, quality.CreateControlPlan{IdempotencyKey: key("plan"), DepartmentID: desk, Plan: dailyPlan()})
			return err
		}},
		{"change a plan", func(ctx context.Context) error {
			_, err := c.ChangeControlPlan(ctx, quality.ChangeControlPlan{IdempotencyKey: key("change a plan"), ID: changing.ID, ExpectedRevision: 1, Plan: dailyPlan()})
			return err
		}},
		{"retire a plan", func(ctx context.Context) error {
			_, err := c.RetireControlPlan(ctx, quality.RetireControlPlan{IdempotencyKey: key("retire a plan"), ID: retiring.ID, ExpectedRevision: 1})
			return err
		}},
		{"start", func(ctx context.Context) error {
			_, err := c.StartInspection(ctx, quality.StartInspection{IdempotencyKey: key("start"), Checklist: d.ID, DepartmentID: &desk, Layer: inspection.LayerAUDIT})
			return err
		}},
		{"answer", func(ctx context.Context) error {
			_, err := c.AnswerInspection(ctx, quality.AnswerInspection{IdempotencyKey: key("answer"), ID: drafted.ID, ExpectedRevision: new(1), Answers: given(failing, d)})
			return err
		}},
		{"complete", func(ctx context.Context) error {
			_, err := c.CompleteInspection(ctx, quality.CompleteInspection{IdempotencyKey: key("complete"), ID: complete.ID, ExpectedRevision: complete.Revision})
			return err
		}},
		{"run appraisals", func(ctx context.Context) error {
			_, err := c.RunAppraisals(ctx, quality.RunAppraisals{IdempotencyKey: key("run"), Scheme: "monthly", DepartmentID: desk, Day: "2026-11-30"})
			return err
		}},
		{"approve", func(ctx context.Context) error {
			_, err := c.ApproveAppraisal(ctx, quality.ApproveAppraisal{IdempotencyKey: key("approve"), ID: approve.ID, ExpectedRevision: approve.Revision})
			return err
		}},
	}
}

// The record of the idempotency key is written last. When it can't be, nothing of
// the change remains.
func TestNothingIsHalfDoneWhenTheDatabaseFails(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		changes := c.changes(t, true)
		mend := c.breakTable(t, "idempotency_records")
		before := c.records(t)
		for _, change := range changes {
			if err := change.make(c.as(t, "manager")); err == nil || !strings.Contains(err.Error(), "broken on purpose") {
				t.Errorf("%s: %v, want the database's failure", change.name, err)
			}
			if diff := cmp.Diff(before, c.records(t)); diff != "" {
				t.Errorf("%s: something was written (-before +after):\n%s", change.name, diff)
			}
		}
		mend()
		for _, change := range changes {
			if err := change.make(c.as(t, "manager")); err != nil {
				t.Errorf("%s, when the database is well again: %v", change.name, err)
			}
		}
	})
}

// A caller who goes away in the middle of a change, wherever that is, leaves
// nothing of it.
func TestNothingIsHalfDoneWhenTheCallerGoesAway(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for _, change := range c.changes(t, true) {
			for calls := 1; ; calls++ {
				before := c.records(t)
				ctx, cancel := context.WithCancel(c.as(t, "manager"))
				left := c.clock.before(calls, cancel)
				err := change.make(ctx)
				cancel()
				c.clock.before(0, nil)
				if !*left {
					if err != nil {
						t.Errorf("%s, by a caller who stays: %v", change.name, err)
					}
					if calls < 2 {
						t.Errorf("%s: the caller never had an occasion to leave", change.name)
					}
					break
				}
				if !errors.Is(err, context.Canceled) {
					t.Fatalf("%s, when the caller leaves before the clock is read for the %d. time: %v", change.name, calls, err)
				}
				if diff := cmp.Diff(before, c.records(t)); diff != "" {
					t.Fatalf("%s: something was written (-before +after):\n%s", change.name, diff)
				}
			}
		}
	})
}

// What a plugin does wrong is told, and leaves the inspection a draft.
func TestNothingIsHalfDoneWhenThePluginFails(t *testing.T) {
	unavailable := quality.Rejection{{Kind: quality.PluginUnavailable, Text: checklist.Text{EN: "It does not answer.", ZH: "未响应。"}, Path: []string{"id"}}}
	failed := quality.Rejection{{Kind: quality.PluginFailed, Text: checklist.Text{EN: "It failed.", ZH: "出错。"}, Path: []string{"id"}}}
	each(t, func(t *testing.T, c *company) {
		d := definition(t, frontdesk.New(), "frontdesk.reception")
		i := c.answered(t, c.started(t, d.ID), given(sdktest.Good(d), d)...)
		ctx, cancel := context.WithCancel(c.as(t, "lead"))
		defer cancel()
		before := c.records(t)
		for _, test := range []struct {
			name  string
			judge func(context.Context, checklist.Inspection) (checklist.Judgement, error)
			want  string
		}{
			{"unavailable", failing(unavailable), "PLUGIN_UNAVAILABLE id"},
			{"breaks its contract", failing(failed), "PLUGIN_FAILED id"},
			{"a fault", failing(errors.New("out of memory")), "fault: out of memory"},
			{"a finding that can't be stored", func(context.Context, checklist.Inspection) (checklist.Judgement, error) {
				return checklist.Judgement{Findings: []checklist.Finding{
					{Item: "identity-checked", Severity: checklist.Critical, Key: true, Text: checklist.Text{EN: "x", ZH: "x"}},
					{Item: "payment", Severity: "GRAVE", Text: checklist.Text{EN: "x", ZH: "x"}},
				}}, nil
			}, `fault: recording a finding: db: validator failed for field "Finding.severity": finding: invalid enum value for severity field: "GRAVE"`},
			{"the caller leaves while it thinks", func(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
				cancel()
				return frontdesk.New().Judge(context.WithoutCancel(ctx), in)
			}, "fault: db: starting a transaction: context canceled"},
		} {
			c.plugins.answer(test.judge)
			_, err := c.complete(ctx, i)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.records(t)); diff != "" {
				t.Errorf("%s: something was written (-before +after):\n%s", test.name, diff)
			}
		}
		c.plugins.answer(nil)
		must(c.complete(c.as(t, "lead"), i))(t)
	})
}

func failing(err error) func(context.Context, checklist.Inspection) (checklist.Judgement, error) {
	return func(context.Context, checklist.Inspection) (checklist.Judgement, error) {
		return checklist.Judgement{}, err
	}
}

// A number that somebody else has already taken fails the change, whole.
func TestNothingIsHalfDoneWhenANumberIsTaken(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		d := definition(t, frontdesk.New(), "frontdesk.conduct")
		bad, _ := sdktest.Failing(d, "smile")
		calm, _ := sdktest.Failing(d, "calm-in-rush")
		i := c.answered(t, c.started(t, d.ID), given(bad, d)...)
		for _, a := range calm.Answers {
			if a.Item == "calm-in-rush" {
				i = c.answered(t, i, given(checklist.Inspection{Answers: []checklist.Answer{a}}, d)...)
			}
		}
		of := c.opened(t) // 2026-000001; the inspection's two cases shall be 2 and 3
		ctx := ent.AsSystem(t.Context())
		err := ent.WithTx(ctx, c.db.Client, func(tx *db.Tx) error {
			return tx.ServiceCase.Create().SetNumber("2026-000003").SetSiteID(of.SiteID).SetKind(of.Kind).SetChannel(of.Channel).
				SetSeverity(of.Severity).SetSubject("taken").SetOpenedAt(morning).SetDueAt(morning).SetUpdatedAt(morning).Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		before := c.records(t)
		_, err = c.complete(c.as(t, "lead"), i)
		if !db.IsConstraintError(err) {
			t.Errorf("completing: %v, want a violated constraint", err)
		}
		if diff := cmp.Diff(before, c.records(t)); diff != "" {
			t.Errorf("something was written (-before +after):\n%s", diff)
		}
		change := must(c.complete(c.as(t, "lead"), i))(t)
		if n := len(c.checkNumbers(t, change)); n != 2 {
			t.Errorf("%d cases were opened, want 2", n)
		}
	})
}

func (c *company) checkNumbers(t testing.TB, i *db.Inspection) []string {
	t.Helper()
	cases, err := c.db.ServiceCase.Query().Where(servicecase.InspectionID(i.ID)).All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	var numbers []string
	for _, of := range cases {
		numbers = append(numbers, of.Number)
	}
	return numbers
}

// records is the raw content of every table but the counters, from which case
// numbers are taken ahead and may be lost.
func (c *company) records(t testing.TB) map[string]string {
	t.Helper()
	tables := c.dump(t)
	delete(tables, "counters")
	return tables
}

// breakTable lets every insertion into a table fail, until it is mended.
func (c *company) breakTable(t testing.TB, table string) (mend func()) {
	t.Helper()
	if c.db.IsPostgres() {
		c.execute(t, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$`)
		c.execute(t, `CREATE TRIGGER refuse BEFORE INSERT ON `+table+` FOR EACH ROW EXECUTE FUNCTION refuse()`)
		return func() { c.execute(t, `DROP TRIGGER refuse ON `+table) }
	}
	c.execute(t, `CREATE TRIGGER refuse BEFORE INSERT ON `+table+` BEGIN SELECT RAISE(FAIL, 'broken on purpose'); END`)
	return func() { c.execute(t, `DROP TRIGGER refuse`) }
}

func (c *company) execute(t testing.TB, statement string) {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	err := ent.WithTx(ctx, c.db.Client, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

package quality_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/handover"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// An offer that comes to nothing leaves the case with who had it before, is counted,
// and stays on record.
func TestHandOvers(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		desk, reservations := c.departments["desk"].ID, c.departments["reservations"].ID
		at := func(of *db.ServiceCase, status servicecase.Status, department typeid.DepartmentID, assignee string, refused, returned int) {
			t.Helper()
			of = c.stored(t, of.ID)
			if of.Status != status || of.DepartmentID != department || of.AssigneeID != *c.staff(assignee) || of.RefusedCount != refused || of.ReturnedCount != returned {
				t.Errorf("the case is %v, want %s of %v with %s, refused %d and returned %d times", of, status, department, assignee, refused, returned)
			}
		}
		of := c.dispatched(t, c.staff("colleague"))
		before := c.rows(t)["events"]
		refused := must(c.RefuseCase(c.as(t, "colleague"), quality.RefuseCase{ID: of.ID, ExpectedRevision: of.Revision, Reason: "Not ours"}))(t)
		if refused != nil {
			t.Errorf("who refused it is shown %v, which is out of sight", refused)
		}
		at(of, servicecase.StatusOPEN, typeid.DepartmentID{}, "agent", 1, 0)
		want := []said{{"case.refused", c.staff("colleague").String(), desk, *c.staff("agent"), *c.staff("agent"),
			"status entries revision department dispatchedTo dispatchedAt handOvers refusedCount"}}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		of = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision + 1, DepartmentID: desk}))(t)
		_, err := c.ReturnCase(c.as(t, "manager"), of.ID)
		expect(t, "a manager returns what the server returns by itself", err, "FORBIDDEN")
		of = must(c.ReturnCase(ent.AsSystem(t.Context()), of.ID))(t)
		at(of, servicecase.StatusOPEN, typeid.DepartmentID{}, "agent", 1, 1)
		_, err = c.ReturnCase(ent.AsSystem(t.Context()), of.ID)
		expect(t, "returned twice", err, "REJECTED id")

		of = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision, DepartmentID: desk, AssigneeID: c.staff("colleague")}))(t)
		of = must(c.AcceptCase(c.as(t, "colleague"), quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision}))(t)
		move := quality.MoveCase{ID: of.ID, ExpectedRevision: of.Revision, DepartmentID: desk, Reason: " "}
		_, err = c.MoveCase(c.as(t, "colleague"), move)
		expect(t, "moved to where it is, without a reason", err, "REQUIRED reason; INVALID departmentId")
		move.DepartmentID, move.Reason, move.AssigneeID = reservations, "Booked wrongly", c.staff("booker")
		of = must(c.MoveCase(c.as(t, "colleague"), move))(t)
		at(of, servicecase.StatusDISPATCHED, reservations, "colleague", 1, 1)
		must(c.RefuseCase(c.as(t, "booker"), quality.RefuseCase{ID: of.ID, ExpectedRevision: of.Revision, Reason: "Booked rightly"}))(t)
		at(of, servicecase.StatusACCEPTED, desk, "colleague", 2, 1)

		rows, err := c.db.HandOver.Query().Where(handover.CaseID(of.ID)).Order(handover.ByID()).All(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, h := range rows {
			reason := ""
			if h.Reason != nil {
				reason = " " + *h.Reason
			}
			told = append(told, string(h.State)+reason)
		}
		if diff := cmp.Diff([]string{"REFUSED Not ours", "RETURNED", "ACCEPTED", "REFUSED Booked rightly"}, told); diff != "" {
			t.Errorf("hand-overs (-want +got):\n%s", diff)
		}
		if last := rows[3]; last.FromID != *c.staff("colleague") || last.FromDepartmentID != desk || last.DecidedByID != *c.staff("booker") {
			t.Errorf("the last hand-over is %v", last)
		}
	})
}

func TestHeldCases(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, ctx := c.replied(t), c.as(t, "colleague")
		_, err := c.HoldCase(ctx, quality.HoldCase{ID: of.ID, ExpectedRevision: of.Revision, Until: new(morning)})
		expect(t, "held until now, without a reason", err, "REQUIRED reason; INVALID until")
		of = must(c.HoldCase(ctx, quality.HoldCase{ID: of.ID, ExpectedRevision: of.Revision, Reason: "A part is missing", Until: new(morning.Add(time.Hour)), CountsTime: true}))(t)
		if of.HeldAt == nil || !of.HeldUntil.Equal(morning.Add(time.Hour)) || !of.HoldCountsTime {
			t.Errorf("held: %v", of)
		}
		_, err = c.ResolveCase(ctx, quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Substantiated: new(true), Resolution: "Done"})
		expect(t, "resolved while held", err, "IS_HELD id")
		of = must(c.ContinueCase(ctx, quality.ContinueCase{ID: of.ID, ExpectedRevision: of.Revision}))(t)
		if stored := c.stored(t, of.ID); stored.HeldAt != nil || stored.HeldUntil != nil || stored.HoldCountsTime {
			t.Errorf("continued: %v", stored)
		}
		must(c.ResolveCase(ctx, quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Substantiated: new(true), Resolution: "Done"}))(t)
	})
}

func TestFollowUps(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, ctx, later := c.resolved(t), c.as(t, "agent"), morning.Add(time.Hour)
		for _, test := range []struct {
			outcome casefollowup.Outcome
			word    *string
			again   *time.Time
			want    string
		}{
			{casefollowup.OutcomeNOT_REACHED, new("Hello"), nil, "INVALID word"},
			{casefollowup.OutcomeCALL_AGAIN, nil, nil, "REQUIRED word; REQUIRED callAgainAt"},
			{casefollowup.OutcomeCALL_AGAIN, new("Later"), &morning, "INVALID callAgainAt"},
			{casefollowup.OutcomeAGREED, new(" "), &later, "REQUIRED word; INVALID callAgainAt"},
			{casefollowup.OutcomeNOT_REACHED, nil, &later, ""},
			{casefollowup.OutcomeCALL_AGAIN, new("Later"), &later, ""},
		} {
			_, err := c.FollowUpCase(ctx, quality.FollowUpCase{ID: of.ID, ExpectedRevision: of.Revision, Channel: casefollowup.ChannelTELEPHONE,
				Outcome: test.outcome, Word: test.word, CallAgainAt: test.again})
			expect(t, string(test.outcome), err, test.want)
			of = c.stored(t, of.ID)
		}
		_, err := c.CloseCase(ctx, quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: "x"})
		expect(t, "closed before the customer agreed", err, "NOT_AGREED id")
		_, err = c.CloseCase(ctx, quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureNO_FOLLOW_UP_NEEDED, Reason: "x"})
		expect(t, "closed as one that needs no follow-up", err, "NOT_AGREED id")
		of = must(c.FollowUpCase(ctx, quality.FollowUpCase{ID: of.ID, ExpectedRevision: of.Revision, Channel: casefollowup.ChannelTELEPHONE,
			Outcome: casefollowup.OutcomeNOT_SOLVED, Word: new("It drips again")}))(t)
		if of.Status != servicecase.StatusACCEPTED || of.ReopenedCount != 1 || of.ResolvedAt != nil || of.AnsweredAt != nil || of.Resolution == nil {
			t.Errorf("not solved: %v, want it reopened, and what was done kept", of)
		}
		if n := c.rows(t)["follow-ups"]; n != 3 {
			t.Errorf("%d attempts are on record, want 3", n)
		}
		closed := c.closed(t)
		closed = must(c.ReopenCase(ctx, quality.ReopenCase{ID: closed.ID, ExpectedRevision: closed.Revision, Reason: "Again"}))(t)
		if stored := c.stored(t, closed.ID); !stored.Open || stored.ReopenedCount != 1 || stored.Closure != nil || stored.ClosedAt != nil || stored.AgreedAt != nil {
			t.Errorf("reopened: %v", stored)
		}
	})
}

// The first response is what the customer first hears, by whatever verb; it is noted
// once.
func TestFirstResponse(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := c.as(t, "agent")
		add := func(of *db.ServiceCase, kind caseentry.Kind, visibility caseentry.Visibility) *time.Time {
			must(c.AddCaseEntry(ctx, quality.AddCaseEntry{CaseID: of.ID, Kind: kind, Visibility: visibility, Text: "x"}))(t)
			return c.stored(t, of.ID).FirstResponseAt
		}
		of := c.opened(t)
		if at := add(of, caseentry.KindNOTE, caseentry.VisibilityCUSTOMER); at != nil {
			t.Errorf("a note is a response at %v", at)
		}
		if at := add(of, caseentry.KindCALL, caseentry.VisibilityINTERNAL); at != nil {
			t.Errorf("an internal line is a response at %v", at)
		}
		if at := add(of, caseentry.KindCALL, caseentry.VisibilityCUSTOMER); at == nil || !at.Equal(morning) {
			t.Errorf("a call is a response at %v", at)
		}
		c.clock.advance(time.Minute)
		if at := add(of, caseentry.KindMESSAGE_TO_CUSTOMER, caseentry.VisibilityCUSTOMER); !at.Equal(morning) {
			t.Errorf("the first response moved to %v", at)
		}
		_, err := c.AcknowledgeCase(ctx, quality.AcknowledgeCase{ID: of.ID, ExpectedRevision: of.Revision, Kind: caseentry.KindCALL})
		expect(t, "acknowledged after a response", err, "IS_ACKNOWLEDGED id")
		other := c.opened(t)
		_, err = c.AcknowledgeCase(ctx, quality.AcknowledgeCase{ID: other.ID, ExpectedRevision: other.Revision, Kind: caseentry.KindNOTE})
		expect(t, "acknowledged by a note", err, "INVALID kind")
		must(c.AcknowledgeCase(ctx, quality.AcknowledgeCase{ID: other.ID, ExpectedRevision: other.Revision, Kind: caseentry.KindCALL, Text: new("It is with us")}))(t)
		if at := c.stored(t, other.ID).FirstResponseAt; at == nil || !at.Equal(morning.Add(time.Minute)) {
			t.Errorf("acknowledged at %v", at)
		}
	})
}

func TestRevision(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, ctx := c.opened(t), c.as(t, "agent")
		_, err := c.ReviseCase(ctx, quality.ReviseCase{ID: of.ID, ExpectedRevision: 1, Reason: "x"})
		expect(t, "nothing", err, "REQUIRED")
		_, err = c.ReviseCase(ctx, quality.ReviseCase{ID: of.ID, ExpectedRevision: 1, Subject: new(""), DesiredRemedy: new(strings.Repeat("长", 2001)), Reason: ""})
		expect(t, "all problems at once", err, "REQUIRED reason; REQUIRED subject; TOO_LONG desiredRemedy")
		of = must(c.ReviseCase(ctx, quality.ReviseCase{ID: of.ID, ExpectedRevision: 1, Severity: new(servicecase.SeverityCRITICAL),
			Product: new("1203"), OrderReference: new("A-7"), Reason: "Somebody was hurt"}))(t)
		if stored := c.stored(t, of.ID); !stored.DueAt.Equal(morning.Add(4*time.Hour)) || !of.DueAt.Equal(stored.DueAt) || *stored.Product != "1203" || *stored.OrderReference != "A-7" {
			t.Errorf("revised: %v and answered %v, want the deadline of the severity", stored, of)
		}
		of = must(c.ReviseCase(ctx, quality.ReviseCase{ID: of.ID, ExpectedRevision: 2, Product: new(""), Reason: "Another room"}))(t)
		if stored := c.stored(t, of.ID); stored.Product != nil || stored.OrderReference == nil {
			t.Errorf("revised: %v, want the product taken away and the order kept", stored)
		}
	})
}

// What may be done next is what the steps themselves say.
func TestActionsAreWhatStepsSay(t *testing.T) {
	steps := map[rules.CaseStep]func(*company, context.Context, *db.ServiceCase) error{
		rules.Dispatch: func(c *company, ctx context.Context, of *db.ServiceCase) error {
			_, err := c.DispatchCase(ctx, quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision, DepartmentID: c.departments["desk"].ID})
			return err
		},
		rules.Accept: func(c *company, ctx context.Context, of *db.ServiceCase) error {
			_, err := c.AcceptCase(ctx, quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision})
			return err
		},
		rules.Resolve: func(c *company, ctx context.Context, of *db.ServiceCase) error {
			_, err := c.ResolveCase(ctx, quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Substantiated: new(true), Resolution: "x"})
			return err
		},
		rules.Close: func(c *company, ctx context.Context, of *db.ServiceCase) error {
			_, err := c.CloseCase(ctx, quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: "x"})
			return err
		},
		rules.CloseByDecision: func(c *company, ctx context.Context, of *db.ServiceCase) error {
			_, err := c.CloseCase(ctx, quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureMANAGER_DECISION, Reason: "x"})
			return err
		},
		rules.Reopen: func(c *company, ctx context.Context, of *db.ServiceCase) error {
			_, err := c.ReopenCase(ctx, quality.ReopenCase{ID: of.ID, ExpectedRevision: of.Revision, Reason: "x"})
			return err
		},
	}
	each(t, func(t *testing.T, c *company) {
		for name, make := range map[string]func() *db.ServiceCase{
			"opened": func() *db.ServiceCase { return c.opened(t) }, "dispatched": func() *db.ServiceCase { return c.dispatched(t, c.staff("colleague")) },
			"accepted": func() *db.ServiceCase { return c.accepted(t) }, "replied": func() *db.ServiceCase { return c.replied(t) },
			"resolved": func() *db.ServiceCase { return c.resolved(t) }, "agreed": func() *db.ServiceCase { return c.agreed(t) },
		} {
			of := make()
			for _, who := range []string{"agent", "site manager"} {
				for _, action := range c.CaseActions(c.viewers[who], of) {
					try := steps[action.Step]
					if try == nil {
						continue
					}
					want := ""
					if action.Refuse != nil {
						want = outcome(error(action.Refuse))
					}
					err := try(c, c.as(t, who), of)
					expect(t, who+" tries to "+string(action.Step)+" what is "+name, err, want)
					if err == nil {
						of = make()
					}
				}
			}
		}
		reader := c.viewers["agent"]
		reader.Scopes = []string{"cases:read"}
		var refused quality.Rejection
		for _, action := range c.CaseActions(reader, c.opened(t)) {
			if !errors.As(error(action.Refuse), &refused) || refused[0].Kind != quality.Forbidden {
				t.Errorf("a token for reading may %s", action.Step)
			}
		}
	})
}

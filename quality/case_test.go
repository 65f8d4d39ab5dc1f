package quality_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// complaint is a case to register.
func complaint() quality.OpenCase {
	return quality.OpenCase{Kind: servicecase.KindCOMPLAINT, Channel: servicecase.ChannelTELEPHONE,
		Severity: servicecase.SeverityMAJOR, Subject: "The room was not ready"}
}

// opened registers a complaint at the front desk.
func (c *company) opened(t testing.TB) *db.ServiceCase {
	t.Helper()
	return must(c.OpenCase(c.as(t, "agent"), complaint()))(t)
}

// dispatched hands a case of the agent's to the desk.
func (c *company) dispatched(t testing.TB, to *typeid.StaffID) *db.ServiceCase {
	t.Helper()
	of := c.opened(t)
	return must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision,
		DepartmentID: c.departments["desk"].ID, AssigneeID: to}))(t)
}

func (c *company) accepted(t testing.TB) *db.ServiceCase {
	t.Helper()
	of := c.dispatched(t, c.staff("colleague"))
	return must(c.AcceptCase(c.as(t, "colleague"), quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision}))(t)
}

// replied is an accepted case of which the customer knows the outcome.
func (c *company) replied(t testing.TB) *db.ServiceCase {
	t.Helper()
	of := c.accepted(t)
	return must(c.ReplyCase(c.as(t, "colleague"), quality.ReplyCase{ID: of.ID, ExpectedRevision: of.Revision,
		Kind: caseentry.KindCALL, Text: "You get another room"}))(t)
}

func (c *company) resolved(t testing.TB) *db.ServiceCase {
	t.Helper()
	of := c.replied(t)
	return must(c.ResolveCase(c.as(t, "colleague"), quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision,
		Substantiated: new(true), Resolution: "Moved to another room"}))(t)
}

// agreed is a resolved case that is solved, as the customer says.
func (c *company) agreed(t testing.TB) *db.ServiceCase {
	t.Helper()
	of := c.resolved(t)
	return must(c.FollowUpCase(c.as(t, "agent"), quality.FollowUpCase{ID: of.ID, ExpectedRevision: of.Revision,
		Channel: casefollowup.ChannelTELEPHONE, Outcome: casefollowup.OutcomeAGREED, Word: new("All is well")}))(t)
}

func (c *company) closed(t testing.TB) *db.ServiceCase {
	t.Helper()
	of := c.agreed(t)
	return must(c.CloseCase(c.as(t, "colleague"), quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision,
		Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: "The guest is content"}))(t)
}

// stored reads a case as it is in the database.
func (c *company) stored(t testing.TB, id typeid.CaseID) *db.ServiceCase {
	t.Helper()
	stored, err := c.db.ServiceCase.Get(ent.AsSystem(t.Context()), id)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// said are an event's kind, audience and changed fields.
type said struct {
	Kind       string
	Actor      string
	Department typeid.DepartmentID
	Owner      typeid.StaffID
	Origin     typeid.StaffID
	Changed    string
}

func (c *company) said(t testing.TB, after int) []said {
	t.Helper()
	var all []said
	for _, e := range c.eventsAfter(t, after) {
		all = append(all, said{e.Kind, e.Actor, e.DepartmentID, e.OwnerID, e.OriginID, strings.Join(e.Changed, " ")})
	}
	return all
}

func TestCourseOfACase(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		desk, agent, colleague := c.departments["desk"].ID, *c.staff("agent"), *c.staff("colleague")
		before := c.rows(t)["events"]

		of := c.opened(t)
		if of.Number != "2026-000001" || of.Status != servicecase.StatusOPEN || !of.Open || of.Revision != 1 {
			t.Errorf("opened: %v", of)
		}
		if of.SiteID != c.sites["hotel"].ID || of.ReceivedByID != agent || of.AssigneeID != agent {
			t.Error("opened: want the agent to have been asked first, and to answer for it")
		}
		if !of.OpenedAt.Equal(morning) || !of.DueAt.Equal(morning.Add(24*time.Hour)) {
			t.Errorf("opened at %v and due at %v, want now and a day later", of.OpenedAt, of.DueAt)
		}

		c.clock.advance(time.Minute)
		of = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: of.ID, ExpectedRevision: 1,
			DepartmentID: desk, AssigneeID: &colleague, Note: new("  The guest waits in the lobby\n")}))(t)
		if of.Status != servicecase.StatusDISPATCHED || of.DepartmentID != desk || of.DispatchedToID != colleague || of.AssigneeID != agent {
			t.Errorf("dispatched: %v, want the agent still to answer for it", of)
		}
		c.clock.advance(time.Minute)
		of = must(c.AcceptCase(c.as(t, "colleague"), quality.AcceptCase{ID: of.ID, ExpectedRevision: 2}))(t)
		if of.Status != servicecase.StatusACCEPTED || of.AssigneeID != colleague || of.ReceivedByID != agent {
			t.Errorf("accepted: %v, want the colleague to answer for it", of)
		}
		c.clock.advance(time.Minute)
		of = must(c.ReplyCase(c.as(t, "colleague"), quality.ReplyCase{ID: of.ID, ExpectedRevision: 3, Kind: caseentry.KindCALL, Text: "You will be moved"}))(t)
		of = must(c.ResolveCase(c.as(t, "colleague"), quality.ResolveCase{ID: of.ID, ExpectedRevision: 4, Substantiated: new(true), Resolution: "Moved"}))(t)
		c.clock.advance(time.Minute)
		of = must(c.FollowUpCase(c.as(t, "agent"), quality.FollowUpCase{ID: of.ID, ExpectedRevision: 5,
			Channel: casefollowup.ChannelIN_PERSON, Outcome: casefollowup.OutcomeAGREED, Word: new("Much better")}))(t)
		of = must(c.CloseCase(c.as(t, "agent"), quality.CloseCase{ID: of.ID, ExpectedRevision: 6,
			Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: "Content"}))(t)

		of = c.stored(t, of.ID)
		if of.Status != servicecase.StatusCLOSED || of.Open || of.Revision != 7 {
			t.Errorf("closed: %v", of)
		}
		for n, at := range []*time.Time{of.DispatchedAt, of.AcceptedAt, of.ResolvedAt, of.ClosedAt} {
			if want := morning.Add(time.Duration(n+1) * time.Minute); at == nil || !at.Equal(want) {
				t.Errorf("step %d was taken at %v, want %v", n+1, at, want)
			}
		}
		if !*of.Substantiated || *of.Resolution != "Moved" || *of.Closure != servicecase.ClosureCUSTOMER_AGREED {
			t.Errorf("outcome: %v", of)
		}
		minute := func(n int) time.Time { return morning.Add(time.Duration(n) * time.Minute) }
		wantLines := []line{
			{Kind: "SYSTEM", Action: "OPENED", Author: agent, At: minute(0)},
			{Kind: "SYSTEM", Action: "DISPATCHED", Author: agent, ToDepartment: desk, ToStaff: colleague, At: minute(1)},
			{Kind: "DECISION", Text: "The guest waits in the lobby", Author: agent, At: minute(1)},
			{Kind: "SYSTEM", Action: "ACCEPTED", Author: colleague, At: minute(2)},
			{Kind: "SYSTEM", Action: "REPLIED", Author: colleague, At: minute(3)},
			{Kind: "CALL", Text: "You will be moved", Author: colleague, At: minute(3)},
			{Kind: "SYSTEM", Action: "RESOLVED", Author: colleague, At: minute(3)},
			{Kind: "DECISION", Text: "Moved", Author: colleague, At: minute(3)},
			{Kind: "SYSTEM", Action: "FOLLOWED_UP", Author: agent, At: minute(4)},
			{Kind: "CALL", Text: "Much better", Author: agent, At: minute(4)},
			{Kind: "SYSTEM", Action: "CLOSED", Author: agent, At: minute(4)},
			{Kind: "DECISION", Text: "Content", Author: agent, At: minute(4)},
		}
		if diff := cmp.Diff(wantLines, c.timeline(t, of.ID)); diff != "" {
			t.Errorf("timeline (-want +got):\n%s", diff)
		}
		want := []said{
			{"case.opened", agent.String(), typeid.DepartmentID{}, agent, agent, ""},
			{"case.dispatched", agent.String(), desk, colleague, agent, "status entries revision department dispatchedTo dispatchedAt handOvers"},
			{"case.accepted", colleague.String(), desk, colleague, agent, "status entries revision assignee acceptedAt handOvers"},
			{"case.replied", colleague.String(), desk, colleague, agent, "entries revision answeredAt firstResponseAt"},
			{"case.resolved", colleague.String(), desk, colleague, agent, "status entries revision substantiated resolution resolvedAt"},
			{"case.followedUp", agent.String(), desk, colleague, agent, "entries revision followUps agreedAt"},
			{"case.closed", agent.String(), desk, colleague, agent, "status entries revision open closure closedAt"},
		}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// line is what a line of a timeline says.
type line struct {
	Kind         caseentry.Kind
	Action       caseentry.Action // "" for none
	Text         string
	Author       typeid.StaffID
	ToDepartment typeid.DepartmentID
	ToStaff      typeid.StaffID
	At           time.Time
}

// timeline returns the lines of a case, in the order in which the API shows them.
func (c *company) timeline(t testing.TB, id typeid.CaseID) []line {
	t.Helper()
	rows, err := c.db.CaseEntry.Query().Where(caseentry.CaseID(id)).Order(caseentry.ByAt(), caseentry.ByID()).All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	var all []line
	for _, r := range rows {
		l := line{Kind: r.Kind, Text: r.Text, Author: r.AuthorID, ToDepartment: r.ToDepartmentID, ToStaff: r.ToStaffID, At: r.At.UTC()}
		if r.Action != nil {
			l.Action = *r.Action
		}
		all = append(all, l)
	}
	return all
}

// Each step is tried by everybody. What somebody may not see is not found; what
// may be seen but not done is forbidden.
func TestWhoMayDoWhichStep(t *testing.T) {
	const hidden, refused = "NOT_FOUND id", "FORBIDDEN"
	steps := []struct {
		name string
		from func(*company, testing.TB) *db.ServiceCase
		try  func(*company, context.Context, *db.ServiceCase) error
		want map[string]string // by name; who is not listed is hidden
	}{
		{
			"dispatch", (*company).opened,
			func(c *company, ctx context.Context, of *db.ServiceCase) error {
				_, err := c.DispatchCase(ctx, quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision, DepartmentID: c.departments["desk"].ID})
				return err
			},
			map[string]string{"agent": "", "site manager": "", "officer": "", "executive": "", "administrator": "", integrator: ""},
		},
		{
			"accept", func(c *company, t testing.TB) *db.ServiceCase { return c.dispatched(t, c.staff("colleague")) },
			func(c *company, ctx context.Context, of *db.ServiceCase) error {
				_, err := c.AcceptCase(ctx, quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision})
				return err
			},
			map[string]string{"colleague": "", "lead": "", "manager": "", // who answers for the department
				"agent": refused, "site manager": refused, "officer": refused, "executive": refused, "administrator": refused, integrator: refused},
		},
		{
			"resolve", (*company).replied,
			func(c *company, ctx context.Context, of *db.ServiceCase) error {
				_, err := c.ResolveCase(ctx, quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Substantiated: new(false), Resolution: "Done"})
				return err
			},
			map[string]string{"colleague": "", "lead": "", "manager": "", "site manager": "", "officer": "", "executive": "", "administrator": "", integrator: "",
				"agent": refused}, // who handed it over no longer answers for it
		},
		{
			"close on the customer's word", (*company).agreed,
			func(c *company, ctx context.Context, of *db.ServiceCase) error {
				_, err := c.CloseCase(ctx, quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: "Said so"})
				return err
			},
			map[string]string{"agent": "", "colleague": "", "lead": "", "manager": "", "site manager": "", "officer": "", "executive": "", "administrator": "", integrator: ""},
		},
		{
			"close by a manager's decision", (*company).resolved,
			func(c *company, ctx context.Context, of *db.ServiceCase) error {
				_, err := c.CloseCase(ctx, quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureMANAGER_DECISION, Reason: "Not reachable"})
				return err
			},
			map[string]string{"manager": "", "site manager": "", "officer": "", "executive": "", "administrator": "",
				"agent": refused, "colleague": refused, "lead": refused, integrator: refused},
		},
		{
			"add to the timeline", (*company).accepted,
			func(c *company, ctx context.Context, of *db.ServiceCase) error {
				_, err := c.AddCaseEntry(ctx, quality.AddCaseEntry{CaseID: of.ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "Called"})
				if outcome(err) == "NOT_FOUND caseId" {
					return quality.Rejection{{Kind: quality.NotFound, Path: []string{"id"}, Text: err.(quality.Rejection)[0].Text}}
				}
				return err
			},
			map[string]string{"agent": "", "colleague": "", "lead": "", "manager": "", "site manager": "", "officer": "", "executive": "", "administrator": "", integrator: ""},
		},
	}
	everybody := []string{integrator}
	for _, s := range staffing {
		everybody = append(everybody, s.name)
	}
	each(t, func(t *testing.T, c *company) {
		for _, step := range steps {
			for name := range step.want {
				if !slices.Contains(everybody, name) {
					t.Fatalf("%s: nobody is called %q", step.name, name)
				}
			}
			of := step.from(c, t)
			for _, name := range everybody {
				want, listed := step.want[name]
				if !listed {
					want = hidden
				}
				expect(t, name+" tries to "+step.name, step.try(c, c.as(t, name), of), want)
				if want == "" {
					of = step.from(c, t)
				}
			}
			expect(t, "nobody tries to "+step.name, step.try(c, t.Context(), of), refused)
		}
	})
}

// Every step is tried at every station, on top of the table of package rules.
func TestStepsAtTheWrongStation(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := c.as(t, "manager")
		for name, of := range map[string]*db.ServiceCase{"accepted": c.accepted(t), "resolved": c.resolved(t), "closed": c.closed(t)} {
			_, err := c.DispatchCase(ctx, quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision, DepartmentID: c.departments["desk"].ID})
			expect(t, "dispatch a case that is "+name, err, "REJECTED id")
			_, err = c.AcceptCase(ctx, quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision})
			expect(t, "accept a case that is "+name, err, "REJECTED id")
			if name != "resolved" {
				_, err = c.CloseCase(ctx, quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: "x"})
				expect(t, "close a case that is "+name, err, "REJECTED id")
			}
			if name != "accepted" {
				_, err = c.ResolveCase(ctx, quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Resolution: "x"})
				expect(t, "resolve a case that is "+name, err, "REJECTED id")
			}
			if got := c.stored(t, of.ID); got.Revision != of.Revision || got.Status != of.Status {
				t.Errorf("a refused step changed the case from %v to %v", of, got)
			}
		}
	})
}

// Whoever was asked first answers for a case until somebody accepts it, however
// often it is handed on.
func TestFirstAskedResponsibility(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.dispatched(t, c.staff("colleague"))
		of = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision,
			DepartmentID: c.departments["housekeeping"].ID, AssigneeID: c.staff("housekeeper")}))(t)
		if stored := c.stored(t, of.ID); stored.AssigneeID != *c.staff("agent") || stored.DispatchedToID != *c.staff("housekeeper") {
			t.Errorf("handed on: %v, want it to be the agent's, and the housekeeper asked", stored)
		}
		_, err := c.AcceptCase(c.as(t, "colleague"), quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision})
		expect(t, "who was asked before accepts", err, "NOT_FOUND id")
		of = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision,
			DepartmentID: c.departments["housekeeping"].ID}))(t)
		if stored := c.stored(t, of.ID); !stored.DispatchedToID.IsZero() || stored.AssigneeID != *c.staff("agent") {
			t.Errorf("handed to a department: %v, want nobody in it asked", stored)
		}
		_, err = c.AcceptCase(c.as(t, "housekeeping manager"), quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision})
		expect(t, "the department's manager accepts", err, "")
		if stored := c.stored(t, of.ID); stored.AssigneeID != *c.staff("housekeeping manager") || stored.ReceivedByID != *c.staff("agent") {
			t.Errorf("accepted: %v", stored)
		}
		agent, housekeeping := *c.staff("agent"), c.departments["housekeeping"].ID
		want := []line{
			{Kind: "SYSTEM", Action: "OPENED", Author: agent, At: morning},
			{Kind: "SYSTEM", Action: "DISPATCHED", Author: agent, ToDepartment: c.departments["desk"].ID, ToStaff: *c.staff("colleague"), At: morning},
			{Kind: "SYSTEM", Action: "DISPATCHED", Author: agent, ToDepartment: housekeeping, ToStaff: *c.staff("housekeeper"), At: morning},
			{Kind: "SYSTEM", Action: "DISPATCHED", Author: agent, ToDepartment: housekeeping, At: morning},
			{Kind: "SYSTEM", Action: "ACCEPTED", Author: *c.staff("housekeeping manager"), At: morning},
		}
		if diff := cmp.Diff(want, c.timeline(t, of.ID)); diff != "" {
			t.Errorf("timeline (-want +got):\n%s", diff)
		}
	})
}

func TestOpenCase(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		gone := typeid.New[typeid.CustomerID]()
		for _, test := range []struct {
			name, who string
			change    func(*quality.OpenCase)
			want      string
		}{
			{"everything", "agent", func(in *quality.OpenCase) {
				in.TopicText, in.Description, in.Product = new("Room"), new("客房未备好"), new("1203")
			}, ""},
			{"blank options count as left out", "agent", func(in *quality.OpenCase) { in.TopicText, in.ExternalID = new(" "), new("") }, ""},
			{"no subject", "agent", func(in *quality.OpenCase) { in.Subject = " \n" }, "REQUIRED subject"},
			{"all problems at once", "agent", func(in *quality.OpenCase) {
				in.Subject, in.TopicText, in.Product = "", new(strings.Repeat("长", 101)), new("a\x00b")
				in.OpenedAt, in.DueAt = new(morning.Add(time.Second)), new(morning)
			}, "REQUIRED subject; TOO_LONG topicText; INVALID product; INVALID openedAt; INVALID dueAt"},
			{"two lines", "agent", func(in *quality.OpenCase) { in.Subject = "cold\ntea" }, "INVALID subject"},
			{"before all records", "agent", func(in *quality.OpenCase) { in.OpenedAt = new(time.Date(1, 2, 3, 0, 0, 0, 0, time.UTC)) }, "INVALID openedAt"},
			{"bytes that are no text", "agent", func(in *quality.OpenCase) { in.Subject = "\xff\xfe" }, "INVALID subject"},
			{"a customer who does not exist", "agent", func(in *quality.OpenCase) { in.CustomerID = &gone }, "NOT_FOUND customerId"},
			{"another site", "agent", func(in *quality.OpenCase) { in.SiteID = &c.sites["mall"].ID }, "NOT_FOUND siteId"},
			{"another site, by one who sees it", "executive", func(in *quality.OpenCase) { in.SiteID = &c.sites["mall"].ID }, ""},
			{"no site", integrator, func(*quality.OpenCase) {}, "REQUIRED siteId"},
			{"by a machine", integrator, func(in *quality.OpenCase) { in.SiteID = &c.sites["mall"].ID }, ""},
		} {
			in := complaint()
			test.change(&in)
			before := c.rows(t)
			change, err := c.OpenCase(c.as(t, test.who), in)
			expect(t, test.name, err, test.want)
			if err != nil {
				if diff := cmp.Diff(before, c.rows(t)); diff != "" {
					t.Errorf("%s: rows were written (-before +after):\n%s", test.name, diff)
				}
				continue
			}
			stored := c.stored(t, change.Object.ID)
			if (test.who == integrator) != (stored.ReceivedByID.IsZero() && stored.AssigneeID.IsZero()) {
				t.Errorf("%s: received by %v and assigned to %v", test.name, stored.ReceivedByID, stored.AssigneeID)
			}
			if in.TopicText != nil && strings.TrimSpace(*in.TopicText) == "" && (stored.TopicText != nil || stored.ExternalID != nil) {
				t.Errorf("%s: topic %v and external id %v, want none", test.name, stored.TopicText, stored.ExternalID)
			}
		}
	})
}

func TestDeadlineOfACase(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := c.as(t, "agent")
		yesterday := morning.Add(-24 * time.Hour)
		for _, test := range []struct {
			name        string
			severity    servicecase.Severity
			opened, due *time.Time
			want        time.Time
			warned      bool
		}{
			{"critical", servicecase.SeverityCRITICAL, nil, nil, morning.Add(4 * time.Hour), false},
			{"minor", servicecase.SeverityMINOR, nil, nil, morning.Add(72 * time.Hour), false},
			{"told late", servicecase.SeverityCRITICAL, &yesterday, nil, yesterday.Add(4 * time.Hour), true},
			{"promised", servicecase.SeverityMINOR, nil, new(morning.Add(time.Hour)), morning.Add(time.Hour), false},
			{"promised in another zone", servicecase.SeverityMINOR, nil, new(morning.Add(time.Hour).In(time.FixedZone("", 8*3600))), morning.Add(time.Hour), false},
			{"a promise that was broken", servicecase.SeverityMINOR, &yesterday, new(yesterday.Add(time.Hour)), yesterday.Add(time.Hour), true},
			{"due this moment", servicecase.SeverityMINOR, &yesterday, &morning, morning, false},
		} {
			in := complaint()
			in.Severity, in.OpenedAt, in.DueAt = test.severity, test.opened, test.due
			change, err := c.OpenCase(ctx, in)
			if err != nil {
				t.Fatalf("%s: %v", test.name, err)
			}
			if got := c.stored(t, change.Object.ID).DueAt; !got.Equal(test.want) {
				t.Errorf("%s: due at %v, want %v", test.name, got, test.want)
			}
			if warned := len(change.Warnings) == 1 && change.Warnings[0].Code == quality.DeadlinePassed; warned != test.warned || len(change.Warnings) > 1 {
				t.Errorf("%s: warnings %v, want one: %v", test.name, change.Warnings, test.warned)
			}
		}
	})
}

func TestDispatchRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.leaves(t, "booker")
		gone := typeid.New[typeid.DepartmentID]()
		of := must(c.OpenCase(c.as(t, "executive"), complaint()))(t)
		for _, test := range []struct {
			name       string
			department typeid.DepartmentID
			assignee   *typeid.StaffID
			note       *string
			want       string
		}{
			{"an unknown department", gone, nil, nil, "NOT_FOUND departmentId"},
			{"another site's department", c.departments["floor"].ID, nil, nil, "INVALID departmentId"},
			{"somebody of another department", c.departments["desk"].ID, c.staff("housekeeper"), nil, "INVALID assigneeId"},
			{"a lead of a department below", c.departments["front-office"].ID, c.staff("lead"), nil, "INVALID assigneeId"},
			{"somebody who has left", c.departments["reservations"].ID, c.staff("booker"), nil, "INVALID assigneeId"},
			{"a note too long", c.departments["desk"].ID, nil, new(strings.Repeat("x", 20_001)), "TOO_LONG note"},
			{"the manager above", c.departments["desk"].ID, c.staff("manager"), nil, ""},
		} {
			_, err := c.DispatchCase(c.as(t, "executive"), quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision,
				DepartmentID: test.department, AssigneeID: test.assignee, Note: test.note})
			expect(t, test.name, err, test.want)
		}
	})
}

func TestTimeline(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, other := c.closed(t), c.opened(t)
		before := len(c.timeline(t, of.ID))
		c.clock.advance(time.Hour)
		add := func(in quality.AddCaseEntry) (*quality.Change[*db.CaseEntry], error) {
			in.CaseID = of.ID
			in.Visibility = caseentry.VisibilityINTERNAL
			return c.AddCaseEntry(c.as(t, "agent"), in)
		}
		first := must(add(quality.AddCaseEntry{Kind: caseentry.KindCALL, Text: "Spoke to the guest"}))(t)
		for range 2 { // one line may be corrected more than once
			events := c.rows(t)["events"]
			correction := must(add(quality.AddCaseEntry{Kind: caseentry.KindNOTE, Text: "Spoke to the guest's wife", CorrectsID: &first.ID}))(t)
			if correction.CorrectsID != first.ID || correction.AuthorID != *c.staff("agent") {
				t.Errorf("correction: %v", correction)
			}
			want := []said{{"case.entryAdded", c.staff("agent").String(), of.DepartmentID, of.AssigneeID, of.ReceivedByID, "entries"}}
			if diff := cmp.Diff(want, c.said(t, events)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		}
		if got := len(c.timeline(t, of.ID)); got != before+3 {
			t.Errorf("the timeline has %d lines, want %d", got, before+3)
		}
		if got := c.stored(t, of.ID); got.Revision != of.Revision || got.Status != servicecase.StatusCLOSED {
			t.Errorf("a line changed the case to %v", got)
		}
		foreign := must(c.AddCaseEntry(c.as(t, "agent"), quality.AddCaseEntry{CaseID: other.ID, Kind: caseentry.KindNOTE,
			Visibility: caseentry.VisibilityINTERNAL, Text: "x"}))(t)
		_, err := add(quality.AddCaseEntry{Kind: caseentry.KindNOTE, Text: "x", CorrectsID: &foreign.ID})
		expect(t, "a correction of another case's line", err, "NOT_FOUND correctsId")
		_, err = add(quality.AddCaseEntry{Kind: caseentry.KindSYSTEM, Text: " "})
		expect(t, "an empty line of the system's", err, "REQUIRED text; INVALID kind")
	})
}

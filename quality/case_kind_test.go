package quality_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecommendation"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// openedAs registers a case of a kind.
func (c *company) openedAs(t testing.TB, by string, kind servicecase.Kind, channel servicecase.Channel) *db.ServiceCase {
	t.Helper()
	return must(c.OpenCase(c.as(t, by), quality.OpenCase{Kind: kind, Channel: channel, Severity: servicecase.SeverityMINOR, Subject: "What was said"}))(t)
}

// acceptedAs is such a case that the colleague at the desk has taken on.
func (c *company) acceptedAs(t testing.TB, kind servicecase.Kind) *db.ServiceCase {
	t.Helper()
	of := c.openedAs(t, "agent", kind, servicecase.ChannelEMAIL)
	of = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision, DepartmentID: c.departments["desk"].ID, AssigneeID: c.staff("colleague")}))(t)
	return must(c.AcceptCase(c.as(t, "colleague"), quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision}))(t)
}

// measure is one of a case: the housekeeper, of another department, carries it out
// within a week, and its effect is verified after two.
func (c *company) measure(of *db.ServiceCase, kind casemeasure.Kind) quality.AddCaseMeasure {
	return quality.AddCaseMeasure{CaseID: of.ID, Kind: kind, What: "Mats at the doors", OwnerID: *c.staff("housekeeper"),
		DueAt: morning.Add(7 * 24 * time.Hour), EffectDueAt: morning.Add(14 * 24 * time.Hour)}
}

// told are the steps of a case's timeline, and what was said.
func (c *company) told(t testing.TB, id typeid.CaseID) (lines []string) {
	t.Helper()
	entries, err := c.db.CaseEntry.Query().Where(caseentry.CaseID(id)).Order(caseentry.ByAt(), caseentry.ByID()).All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Action != nil {
			lines = append(lines, string(*e.Action))
		} else {
			lines = append(lines, string(e.Kind)+" "+e.Text)
		}
	}
	return lines
}

// A suggestion is classified, an important one reported to management, which decides;
// the customer hears the result, and the effect is tracked beyond its close (R-CASE-11).
func TestImportantSuggestion(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.acceptedAs(t, servicecase.KindSUGGESTION)
		decide := func(who string) (*quality.Change[*db.ServiceCase], error) {
			return c.DecideCase(c.as(t, who), quality.DecideCase{ID: of.ID, ExpectedRevision: of.Revision, Decision: servicecase.DecisionGRANTED, Reason: "Worth it"})
		}
		_, err := decide("colleague")
		expect(t, "deciding before it is assessed", err, "NOT_ASSESSED id")
		assess := quality.AssessCase{ID: of.ID, ExpectedRevision: of.Revision, Importance: servicecase.ImportanceIMPORTANT, Reason: " "}
		_, err = c.AssessCase(c.as(t, "colleague"), assess)
		expect(t, "assessing without topic and reason", err, "REQUIRED reason; REQUIRED topicId")
		assess.Reason, assess.TopicID = "Many ask for it", new(typeid.New[typeid.TopicID]())
		_, err = c.AssessCase(c.as(t, "colleague"), assess)
		expect(t, "assessing with an unknown topic", err, "NOT_FOUND topicId")
		assess.TopicID = &c.topic(t, "breakfast", nil).ID
		of = must(c.AssessCase(c.as(t, "colleague"), assess))(t)
		if of.TopicID != *assess.TopicID || *of.Importance != servicecase.ImportanceIMPORTANT {
			t.Errorf("assessed: %v", of)
		}

		_, err = decide("colleague")
		expect(t, "deciding on what is important", err, "FORBIDDEN")
		_, err = decide("manager")
		expect(t, "deciding before it is reported", err, "NOT_REPORTED id")
		report := quality.ReportCase{ID: of.ID, ExpectedRevision: of.Revision, Report: "Early flights leave before breakfast"}
		_, err = c.ReportCase(c.as(t, "colleague"), report)
		expect(t, "reporting without a proposal", err, "REQUIRED proposal")
		report.Proposal = new("Open at five")
		of = must(c.ReportCase(c.as(t, "colleague"), report))(t)
		if of.ReportedAt == nil || !of.ReportedAt.Equal(morning) {
			t.Errorf("reported at %v", of.ReportedAt)
		}
		c.clock.advance(time.Hour)
		report.ExpectedRevision = of.Revision
		if of = must(c.ReportCase(c.as(t, "colleague"), report))(t); !of.ReportedAt.Equal(morning) {
			t.Errorf("reported again: first at %v", of.ReportedAt)
		}
		of = must(decide("manager"))(t)
		assess.ExpectedRevision = of.Revision
		_, err = c.AssessCase(c.as(t, "colleague"), assess)
		expect(t, "assessing what is decided", err, "IS_DECIDED id")

		resolve := func() (*quality.Change[*db.ServiceCase], error) {
			return c.ResolveCase(c.as(t, "colleague"), quality.ResolveCase{ID: of.ID, ExpectedRevision: c.stored(t, of.ID).Revision, Resolution: "It opens at five"})
		}
		_, err = resolve()
		expect(t, "resolving what nobody carries out", err, "NOT_PLANNED id")
		m := must(c.AddCaseMeasure(c.as(t, "colleague"), c.measure(of, casemeasure.KindIMPROVEMENT)))(t)
		of = must(resolve())(t)
		closing := quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureNO_FOLLOW_UP_NEEDED, Reason: "Told"}
		_, err = c.CloseCase(c.as(t, "agent"), closing)
		expect(t, "closing before the customer knows", err, "NOT_ANSWERED id")
		of = must(c.ReplyCase(c.as(t, "colleague"), quality.ReplyCase{ID: of.ID, ExpectedRevision: of.Revision, Kind: caseentry.KindMESSAGE_TO_CUSTOMER, Text: "We open earlier"}))(t)
		closing.ExpectedRevision = of.Revision
		of = must(c.CloseCase(c.as(t, "agent"), closing))(t)

		_, err = c.ArchiveCase(c.as(t, "manager"), quality.ArchiveCase{ID: of.ID, ExpectedRevision: of.Revision})
		expect(t, "archiving what is tracked", err, "MEASURES_OPEN id")
		m = must(c.CompleteCaseMeasure(c.as(t, "housekeeper"), quality.CompleteCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Result: "Open at five"}))(t)
		must(c.VerifyCaseMeasure(c.as(t, "colleague"), quality.VerifyCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Effective: true, Finding: "Nobody complains"}))(t)
		of = must(c.ArchiveCase(c.as(t, "manager"), quality.ArchiveCase{ID: of.ID, ExpectedRevision: c.stored(t, of.ID).Revision}))(t)
		want := []string{"OPENED", "DISPATCHED", "ACCEPTED", "ASSESSED", "DECISION Many ask for it",
			"REPORTED_TO_MANAGEMENT", "DECISION Early flights leave before breakfast", "DECISION Open at five"}
		if got := c.told(t, of.ID); !slices.Equal(got[:len(want)], want) {
			t.Errorf("the timeline begins with %q, want %q", got, want)
		}
		document := c.db.CaseArchive.Query().OnlyX(ent.AsSystem(t.Context())).Document
		for _, kept := range []string{`"measure"`, "measure.verified", "Nobody complains"} {
			if !strings.Contains(document, kept) {
				t.Errorf("the archive has no %s", kept)
			}
		}
	})
}

// An ordinary suggestion is decided on by who handles it, and one that is declined
// needs no measure.
func TestOrdinarySuggestion(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.acceptedAs(t, servicecase.KindSUGGESTION)
		of = must(c.ClassifyCase(c.as(t, "colleague"), quality.ClassifyCase{ID: of.ID, ExpectedRevision: of.Revision, TopicID: c.topic(t, "breakfast", nil).ID}))(t)
		of = must(c.AssessCase(c.as(t, "colleague"), quality.AssessCase{ID: of.ID, ExpectedRevision: of.Revision, Importance: servicecase.ImportanceORDINARY, Reason: "Nobody else asked"}))(t)
		of = must(c.DecideCase(c.as(t, "colleague"), quality.DecideCase{ID: of.ID, ExpectedRevision: of.Revision, Decision: servicecase.DecisionDECLINED, Reason: "Too dear"}))(t)
		must(c.ResolveCase(c.as(t, "colleague"), quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Resolution: "Declined"}))(t)
	})
}

// An incident is contained, reported to the quality office and investigated for its
// cause; that it does not happen again is verified by somebody else (R-CASE-14).
func TestIncident(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		cause := must(c.CreateCause(c.as(t, "officer"), quality.CreateCause{Code: "place", NameEn: "Place", NameZh: "场所"}))(t)
		of := c.acceptedAs(t, servicecase.KindINCIDENT)
		resolve := func() (*quality.Change[*db.ServiceCase], error) {
			return c.ResolveCase(c.as(t, "colleague"), quality.ResolveCase{ID: of.ID, ExpectedRevision: c.stored(t, of.ID).Revision, Resolution: "The floor is dry"})
		}
		_, err := resolve()
		expect(t, "resolving at once", err, "NOT_CONTAINED id; NOT_REPORTED id; CAUSE_NOT_FOUND id; NOT_PLANNED id")
		of = must(c.ContainCase(c.as(t, "colleague"), quality.ContainCase{ID: of.ID, ExpectedRevision: of.Revision, Measure: "Closed off"}))(t)
		of = must(c.ReportCase(c.as(t, "colleague"), quality.ReportCase{ID: of.ID, ExpectedRevision: of.Revision, Report: "A guest slipped"}))(t)
		of = must(c.InvestigateCase(c.as(t, "colleague"), quality.InvestigateCase{ID: of.ID, ExpectedRevision: of.Revision, Substantiated: true, CauseID: &cause.ID, Findings: "No mats"}))(t)

		must(c.AddCaseMeasure(c.as(t, "colleague"), c.measure(of, casemeasure.KindCORRECTIVE)))(t)
		_, err = resolve()
		expect(t, "resolving without prevention", err, "NOT_PLANNED id")
		m := must(c.AddCaseMeasure(c.as(t, "colleague"), c.measure(of, casemeasure.KindPREVENTIVE)))(t)
		of = must(resolve())(t)
		of = must(c.FollowUpCase(c.as(t, "agent"), quality.FollowUpCase{ID: of.ID, ExpectedRevision: of.Revision, Channel: casefollowup.ChannelTELEPHONE, Outcome: casefollowup.OutcomeAGREED, Word: new("Fine")}))(t)
		closing := quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: "Fine"}
		_, err = c.CloseCase(c.as(t, "colleague"), closing)
		expect(t, "closing before prevention is verified", err, "NOT_VERIFIED id")

		// One that has no effect calls for another.
		m = must(c.CompleteCaseMeasure(c.as(t, "housekeeper"), quality.CompleteCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Result: "Mats lie"}))(t)
		must(c.VerifyCaseMeasure(c.as(t, "officer"), quality.VerifyCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Finding: "They slide"}))(t)
		for _, open := range c.db.CaseMeasure.Query().Where(casemeasure.StatusEQ(casemeasure.StatusPLANNED)).AllX(ent.AsSystem(t.Context())) {
			must(c.CancelCaseMeasure(c.as(t, "colleague"), quality.CancelCaseMeasure{ID: open.ID, ExpectedRevision: open.Revision, Reason: "The same as the other"}))(t)
		}
		if stored := c.stored(t, of.ID); stored.OpenMeasures != 0 || stored.StandingMeasures != 0 {
			t.Errorf("%d measures are open and %d stand", stored.OpenMeasures, stored.StandingMeasures)
		}
		closing.ExpectedRevision = c.stored(t, of.ID).Revision
		_, err = c.CloseCase(c.as(t, "colleague"), closing)
		expect(t, "closing without a measure that has its effect", err, "NOT_VERIFIED id")
		m = must(c.AddCaseMeasure(c.as(t, "colleague"), c.measure(of, casemeasure.KindPREVENTIVE)))(t)
		m = must(c.CompleteCaseMeasure(c.as(t, "housekeeper"), quality.CompleteCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Result: "Glued"}))(t)
		m = must(c.VerifyCaseMeasure(c.as(t, "officer"), quality.VerifyCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Effective: true, Finding: "They stay"}))(t)
		if m.Status != casemeasure.StatusEFFECTIVE || m.EndedByID != *c.staff("officer") || m.CompletedByID != *c.staff("housekeeper") {
			t.Errorf("verified: %v", m)
		}
		closing.ExpectedRevision = c.stored(t, of.ID).Revision
		must(c.CloseCase(c.as(t, "colleague"), closing))(t)
		if got := c.told(t, of.ID); !slices.Contains(got, "REPORTED_TO_QUALITY_OFFICE") {
			t.Errorf("the timeline is %q", got)
		}
	})
}

// The effect of a measure is due at a time: it is warned of, and escalated, also when
// the case is closed; with the measure the deadline ends.
func TestEffectIsDue(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.closed(t)
		m := must(c.AddCaseMeasure(c.as(t, "colleague"), c.measure(of, casemeasure.KindPREVENTIVE)))(t)
		gone := must(c.AddCaseMeasure(c.as(t, "colleague"), c.measure(of, casemeasure.KindPREVENTIVE)))(t)
		must(c.CancelCaseMeasure(c.as(t, "lead"), quality.CancelCaseMeasure{ID: gone.ID, ExpectedRevision: gone.Revision, Reason: "Twice"}))(t)
		states := func() map[deadline.State]int {
			count := map[deadline.State]int{}
			for _, d := range c.db.Deadline.Query().Where(deadline.CaseID(of.ID), deadline.TargetEQ(deadline.TargetEFFECT_CHECK)).AllX(ent.AsSystem(t.Context())) {
				count[d.State]++
				if !d.DueAt.Equal(m.EffectDueAt) || !d.Fixed {
					t.Errorf("the deadline is %v", d)
				}
			}
			return count
		}
		if diff := cmp.Diff(map[deadline.State]int{deadline.StateRUNNING: 1, deadline.StateCANCELLED: 1}, states()); diff != "" {
			t.Errorf("deadlines (-want +got):\n%s", diff)
		}
		before := len(c.told(t, of.ID))
		c.clock.advance(14*24*time.Hour - time.Hour)
		c.fire(t)
		c.clock.advance(2 * time.Hour)
		c.fire(t)
		if diff := cmp.Diff([]string{"WARNED", "MISSED", "ESCALATED"}, c.told(t, of.ID)[before:]); diff != "" {
			t.Errorf("the timeline (-want +got):\n%s", diff)
		}
		m = must(c.CompleteCaseMeasure(c.as(t, "housekeeping manager"), quality.CompleteCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Result: "Mats"}))(t)
		must(c.VerifyCaseMeasure(c.as(t, "agent"), quality.VerifyCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Effective: true, Finding: "Dry"}))(t)
		if diff := cmp.Diff(map[deadline.State]int{deadline.StateMISSED: 1, deadline.StateCANCELLED: 1}, states()); diff != "" {
			t.Errorf("deadlines in the end (-want +got):\n%s", diff)
		}
		if err := c.db.CheckReferences(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestMeasuresAreRefused(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.accepted(t)
		good := c.measure(of, casemeasure.KindCORRECTIVE)
		for name, test := range map[string]struct {
			by   string
			set  func(*quality.AddCaseMeasure)
			want string
		}{
			"by the receiver":        {"agent", func(*quality.AddCaseMeasure) {}, "FORBIDDEN"},
			"by who sees nothing":    {"booker", func(*quality.AddCaseMeasure) {}, "NOT_FOUND caseId"},
			"of another site":        {"officer", func(in *quality.AddCaseMeasure) { in.OwnerID = *c.staff("shop assistant") }, "INVALID ownerId"},
			"of nobody":              {"lead", func(in *quality.AddCaseMeasure) { in.OwnerID = typeid.New[typeid.StaffID]() }, "NOT_FOUND ownerId"},
			"nothing, in the past":   {"lead", func(in *quality.AddCaseMeasure) { in.What, in.DueAt = "", morning }, "REQUIRED what; INVALID dueAt"},
			"effect before the work": {"lead", func(in *quality.AddCaseMeasure) { in.EffectDueAt = in.DueAt }, "INVALID effectDueAt"},
			"effect in two years":    {"lead", func(in *quality.AddCaseMeasure) { in.EffectDueAt = morning.Add(2 * 366 * 24 * time.Hour) }, "INVALID effectDueAt"},
			"of what nobody took on": {"lead", func(in *quality.AddCaseMeasure) { in.CaseID = c.dispatched(t, nil).ID }, "REJECTED caseId"},
		} {
			in := good
			test.set(&in)
			_, err := c.AddCaseMeasure(c.as(t, test.by), in)
			expect(t, name, err, test.want)
		}

		m := must(c.AddCaseMeasure(c.as(t, "colleague"), good))(t)
		if stored := c.stored(t, of.ID); stored.Revision != of.Revision+1 || stored.OpenMeasures != 1 || stored.StandingMeasures != 0 {
			t.Errorf("the case is %v", stored)
		}
		complete := quality.CompleteCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Result: "Done"}
		verify := quality.VerifyCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Effective: true, Finding: "Works"}
		cancel := quality.CancelCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Reason: "No"}
		_, err := c.CompleteCaseMeasure(c.as(t, "colleague"), complete)
		expect(t, "carried out by somebody else", err, "FORBIDDEN")
		_, err = c.CompleteCaseMeasure(c.as(t, "booker"), complete)
		expect(t, "carried out by who does not see it", err, "NOT_FOUND id")
		_, err = c.VerifyCaseMeasure(c.as(t, "officer"), verify)
		expect(t, "verified before it is carried out", err, "REJECTED id")
		_, err = c.CancelCaseMeasure(c.as(t, "housekeeper"), cancel)
		expect(t, "cancelled by its owner", err, "FORBIDDEN")
		complete.Result = " "
		_, err = c.CompleteCaseMeasure(c.as(t, "housekeeper"), complete)
		expect(t, "carried out without a word", err, "REQUIRED result")
		complete.Result = "Done"
		m = must(c.CompleteCaseMeasure(c.as(t, "housekeeping manager"), complete))(t)
		_, err = c.CompleteCaseMeasure(c.as(t, "housekeeper"), complete)
		expect(t, "carried out by an old revision", err, "CONFLICT expectedRevision")
		verify.ExpectedRevision, cancel.ExpectedRevision = m.Revision, m.Revision
		_, err = c.VerifyCaseMeasure(c.as(t, "housekeeper"), verify)
		expect(t, "verified by its owner", err, "FORBIDDEN")
		_, err = c.VerifyCaseMeasure(c.as(t, "housekeeping manager"), verify)
		expect(t, "verified by who carried it out", err, "FORBIDDEN")
		verify.Finding = ""
		_, err = c.VerifyCaseMeasure(c.as(t, "agent"), verify)
		expect(t, "verified without a word", err, "REQUIRED finding")
		cancel.Reason = ""
		_, err = c.CancelCaseMeasure(c.as(t, "agent"), cancel)
		expect(t, "cancelled without a word", err, "REQUIRED reason")
		if _, err := c.db.ServiceCase.Get(c.as(t, "housekeeper"), of.ID); !db.IsNotFound(err) {
			t.Errorf("who carries a measure out sees the case: %v", err)
		}
	})
}

// A measure of a manager's own is verified by somebody else, though the manager
// manages.
func TestNobodyVerifiesTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		in := c.measure(c.accepted(t), casemeasure.KindCORRECTIVE)
		in.OwnerID = *c.staff("lead")
		m := must(c.AddCaseMeasure(c.as(t, "colleague"), in))(t)
		m = must(c.CompleteCaseMeasure(c.as(t, "manager"), quality.CompleteCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Result: "Done"}))(t)
		for by, want := range map[string]string{"lead": "FORBIDDEN", "manager": "FORBIDDEN", "officer": ""} {
			_, err := c.VerifyCaseMeasure(c.as(t, by), quality.VerifyCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision, Effective: true, Finding: "Works"})
			expect(t, "verified by "+by, err, want)
			if err == nil {
				break
			}
		}
	})
}

// An inquiry goes to a specialist, who has to accept it, and the customer is told so
// (R-CASE-12).
func TestReferredInquiry(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.openedAs(t, "agent", servicecase.KindINQUIRY, servicecase.ChannelTELEPHONE)
		in := quality.ReferCase{ID: of.ID, ExpectedRevision: of.Revision, DepartmentID: c.departments["reservations"].ID, AssigneeID: *c.staff("booker"),
			Kind: caseentry.KindNOTE, Text: " "}
		_, err := c.ReferCase(c.as(t, "agent"), in)
		expect(t, "telling the customer nothing", err, "INVALID kind; REQUIRED text")
		in.Kind, in.Text = caseentry.KindCALL, "My colleague calls you back"
		in.AssigneeID = *c.staff("housekeeper")
		_, err = c.ReferCase(c.as(t, "agent"), in)
		expect(t, "to somebody of another department", err, "INVALID assigneeId")
		in.AssigneeID = *c.staff("booker")
		_, err = c.ReferCase(c.as(t, "lead"), quality.ReferCase{ID: c.accepted(t).ID, ExpectedRevision: 3, DepartmentID: in.DepartmentID, AssigneeID: in.AssigneeID, Kind: in.Kind, Text: in.Text})
		expect(t, "of a complaint", err, "OTHER_KIND id")
		before := c.rows(t)["events"]
		of = must(c.ReferCase(c.as(t, "agent"), in))(t)
		if of.Status != servicecase.StatusDISPATCHED || of.DispatchedToID != in.AssigneeID || of.FirstResponseAt == nil || of.AssigneeID != *c.staff("agent") {
			t.Errorf("referred: %v", of)
		}
		if got := c.said(t, before); got[0].Kind != quality.EventCaseReferred || got[0].Owner != in.AssigneeID {
			t.Errorf("told: %v", got)
		}
		if diff := cmp.Diff([]string{"OPENED", "REFERRED", "CALL My colleague calls you back"}, c.told(t, of.ID)); diff != "" {
			t.Errorf("the timeline (-want +got):\n%s", diff)
		}
		running := c.db.Deadline.Query().Where(deadline.CaseID(of.ID), deadline.TargetEQ(deadline.TargetACCEPT), deadline.EndedAtIsNil()).CountX(ent.AsSystem(t.Context()))
		if running != 1 {
			t.Errorf("%d deadlines for its acceptance run, want one", running)
		}
		of = must(c.AcceptCase(c.as(t, "booker"), quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision}))(t)
		of = must(c.ReplyCase(c.as(t, "booker"), quality.ReplyCase{ID: of.ID, ExpectedRevision: of.Revision, Kind: caseentry.KindCALL, Text: "From six on"}))(t)
		must(c.ResolveCase(c.as(t, "booker"), quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Resolution: "Told"}))(t)
	})
}

// A commendation names people, each once; whoever it does not name after all stays on
// record as withdrawn (R-CASE-13).
func TestCommendation(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.openedAs(t, "agent", servicecase.KindCOMMENDATION, servicecase.ChannelLETTER)
		name := func(written *bool, names ...string) error {
			in := quality.CommendStaff{ID: of.ID, ExpectedRevision: c.stored(t, of.ID).Revision, InWriting: written}
			for _, one := range names {
				in.StaffIDs = append(in.StaffIDs, *c.staff(one))
			}
			_, err := c.CommendStaff(c.as(t, "agent"), in)
			return err
		}
		named := func(who string) (all []string) {
			rows := c.db.CaseCommendation.Query().Where(casecommendation.WithdrawnAtIsNil()).WithStaff().WithDepartment().Order(casecommendation.ByStaffID()).AllX(c.as(t, who))
			for _, row := range rows {
				text := row.Edges.Staff.Name + " of " + row.Edges.Department.Name
				if row.InWriting {
					text += " in writing"
				}
				all = append(all, text)
			}
			slices.Sort(all)
			return all
		}
		expect(t, "nobody", name(nil), "REQUIRED staffIds")
		expect(t, "somebody of another site", name(nil, "housekeeper", "shop assistant"), "NOT_FOUND staffIds.1")
		expect(t, "too many", name(nil, slices.Repeat([]string{"booker"}, 21)...), "TOO_LONG staffIds")
		expect(t, "two, one of them twice", name(nil, "housekeeper", "booker", "booker"), "")
		both := []string{c.people["booker"].Name + " of " + c.departments["reservations"].Name + " in writing", c.people["housekeeper"].Name + " of " + c.departments["housekeeping"].Name + " in writing"}
		slices.Sort(both)
		if diff := cmp.Diff(both, named("agent")); diff != "" {
			t.Errorf("named are (-want +got):\n%s", diff)
		}
		if got := named("booker"); len(got) != 1 || len(named("housekeeping manager")) != 1 || len(named("shop assistant")) != 0 {
			t.Errorf("who is praised sees %v", got)
		}
		expect(t, "the same", name(nil, "housekeeper", "booker"), "")
		expect(t, "one after all, by word of mouth", name(new(false), "booker"), "")
		if diff := cmp.Diff([]string{c.people["booker"].Name + " of " + c.departments["reservations"].Name}, named("agent")); diff != "" {
			t.Errorf("named are (-want +got):\n%s", diff)
		}
		if rows := c.db.CaseCommendation.Query().CountX(ent.AsSystem(t.Context())); rows != 2 {
			t.Errorf("%d rows, want 2", rows)
		}
		of = c.stored(t, of.ID)
		of = must(c.ResolveCase(c.as(t, "agent"), quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Resolution: "Passed on"}))(t)
		of = must(c.CloseCase(c.as(t, "agent"), quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureNO_FOLLOW_UP_NEEDED, Reason: "x"}))(t)
		expect(t, "both, when it is closed", name(nil, "housekeeper", "booker"), "")
		if diff := cmp.Diff(both, named("agent")); diff != "" {
			t.Errorf("named again are (-want +got):\n%s", diff)
		}
		of = c.openedAs(t, "agent", servicecase.KindINQUIRY, servicecase.ChannelLETTER)
		expect(t, "in an inquiry", name(nil, "booker"), "OTHER_KIND id")
	})
}

// Who may do what to a case is told before it is tried.
func TestActionsOfTheKinds(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.acceptedAs(t, servicecase.KindSUGGESTION)
		of = must(c.AssessCase(c.as(t, "colleague"), quality.AssessCase{ID: of.ID, ExpectedRevision: of.Revision, TopicID: &c.topic(t, "breakfast", nil).ID, Importance: servicecase.ImportanceIMPORTANT, Reason: "x"}))(t)
		for who, want := range map[string]map[rules.CaseStep]string{
			"colleague": {rules.Decide: "FORBIDDEN", rules.Report: "", rules.Assess: "", rules.AddMeasure: "", rules.Refer: "OTHER_KIND id", rules.Commend: "OTHER_KIND id"},
			"manager":   {rules.Decide: "NOT_REPORTED id", rules.Report: ""},
			"agent":     {rules.AddMeasure: "FORBIDDEN", rules.Assess: ""},
		} {
			for _, action := range c.CaseActions(c.viewers[who], of) {
				if wanted, asked := want[action.Step]; asked && strings.TrimSpace(outcomeOf(action)) != wanted {
					t.Errorf("%s of the %s: %q, want %q", action.Step, who, outcomeOf(action), wanted)
				}
			}
		}
	})
}

func outcomeOf(a quality.CaseAction) string {
	if a.Refuse == nil {
		return ""
	}
	return outcome(error(a.Refuse))
}

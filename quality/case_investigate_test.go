package quality_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseinvestigation"
	"github.com/seed-34fcb60d/rounds/ent/db/conductproposal"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// proposals are the states and persons of the proposals for the conduct ledger, as
// somebody sees them.
func (c *company) proposals(t testing.TB, by string) []string {
	t.Helper()
	rows, err := c.db.ConductProposal.Query().Order(conductproposal.ByProposedAt(), conductproposal.ByID()).WithPerson().All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	seen, err := c.db.ConductProposal.Query().IDs(c.as(t, by))
	if err != nil {
		t.Fatal(err)
	}
	visible := map[typeid.ConductProposalID]bool{}
	for _, id := range seen {
		visible[id] = true
	}
	var out []string
	for _, p := range rows {
		if visible[p.ID] {
			out = append(out, string(p.Status)+" "+p.Edges.Person.Name)
		}
	}
	return out
}

func TestInvestigatingACase(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		cause := must(c.CreateCause(c.as(t, "officer"), quality.CreateCause{Code: "people", NameEn: "People", NameZh: "人员"}))(t)
		of := c.accepted(t)
		desk := c.departments["desk"].ID
		before := c.rows(t)["events"]
		in := quality.InvestigateCase{ID: of.ID, ExpectedRevision: of.Revision, Substantiated: true, ServiceCaused: true, CauseID: &cause.ID,
			DepartmentID: &desk, PersonID: c.staff("agent"), Loss: &quality.Money{Amount: 12_50, Currency: "CNY"}, Findings: "Nobody was told"}
		found := must(c.InvestigateCase(c.as(t, "colleague"), in))(t)
		if found.Substantiated == nil || !*found.Substantiated || found.CauseID != cause.ID || found.Status != of.Status {
			t.Errorf("the case is %v", found)
		}
		agent, colleague := *c.staff("agent"), *c.staff("colleague")
		want := []said{
			{quality.EventCaseInvestigated, colleague.String(), desk, colleague, agent, "revision investigation investigations substantiated cause"},
			{quality.EventConductProposed, colleague.String(), desk, typeid.StaffID{}, typeid.StaffID{}, ""},
		}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		p, err := c.db.ConductProposal.Query().Only(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		penalty := rules.DefaultComplaintPenalty
		if p.PersonID != agent || p.FirstResponsibleID != *c.staff("site manager") || p.PersonFrom != penalty.PersonFrom || p.PersonTo != penalty.PersonTo ||
			p.FirstFrom != penalty.FirstFrom || p.FirstTo != penalty.FirstTo || p.Currency != "CNY" || p.CaseID != of.ID {
			t.Errorf("proposed %v", p)
		}

		// Another person is found: what was stated before is kept, the proposal follows.
		in.ExpectedRevision, in.PersonID = found.Revision, c.staff("booker")
		found = must(c.InvestigateCase(c.as(t, "lead"), in))(t)
		in.ExpectedRevision = found.Revision
		found = must(c.InvestigateCase(c.as(t, "lead"), in))(t) // the same again
		for by, want := range map[string][]string{
			"personnel": {"WITHDRAWN agent", "PROPOSED booker"}, "manager": {"WITHDRAWN agent", "PROPOSED booker"}, "lead": {"WITHDRAWN agent"},
			"booker": nil, "colleague": nil, "floor manager": nil,
		} {
			if diff := cmp.Diff(want, c.proposals(t, by)); diff != "" {
				t.Errorf("%s sees (-want +got):\n%s", by, diff)
			}
		}
		in.ExpectedRevision, in.Substantiated, in.ServiceCaused = found.Revision, false, false
		found = must(c.InvestigateCase(c.as(t, "colleague"), in))(t)
		if *found.Substantiated {
			t.Error("it is still substantiated")
		}
		if diff := cmp.Diff([]string{"WITHDRAWN agent", "WITHDRAWN booker"}, c.proposals(t, "personnel")); diff != "" {
			t.Errorf("proposals (-want +got):\n%s", diff)
		}
		versions, err := c.db.CaseInvestigation.Query().Order(caseinvestigation.ByVersion()).All(c.as(t, "colleague"))
		if err != nil {
			t.Fatal(err)
		}
		if len(versions) != 4 || versions[0].PersonID != agent || *versions[0].Loss != 12_50 || versions[3].Version != 4 || versions[3].Substantiated {
			t.Errorf("the versions are %v", versions)
		}
	})
}

func TestInvestigationsAreRefused(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, early, done := c.accepted(t), c.opened(t), c.closed(t)
		incident := must(c.OpenCase(c.as(t, "agent"), quality.OpenCase{Kind: servicecase.KindINCIDENT, Channel: servicecase.ChannelTELEPHONE,
			Severity: servicecase.SeverityMAJOR, Subject: "A fall"}))(t)
		incident = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: incident.ID, ExpectedRevision: 1, DepartmentID: c.departments["desk"].ID, AssigneeID: c.staff("colleague")}))(t)
		incident = must(c.AcceptCase(c.as(t, "colleague"), quality.AcceptCase{ID: incident.ID, ExpectedRevision: incident.Revision}))(t)
		retired := must(c.CreateCause(c.as(t, "officer"), quality.CreateCause{Code: "old", NameEn: "Old", NameZh: "旧"}))(t)
		must(c.UpdateCause(c.as(t, "officer"), quality.UpdateCause{ID: retired.ID, ExpectedRevision: 1, Active: new(false)}))(t)
		for name, test := range map[string]struct {
			of   *db.ServiceCase
			by   string
			set  func(*quality.InvestigateCase)
			want string
		}{
			"before it is accepted":     {early, "agent", func(*quality.InvestigateCase) {}, "REJECTED id"},
			"after it is closed":        {done, "colleague", func(*quality.InvestigateCase) {}, "REJECTED id"},
			"by the receiver":           {of, "agent", func(*quality.InvestigateCase) {}, "FORBIDDEN"},
			"a stale revision":          {of, "colleague", func(in *quality.InvestigateCase) { in.ExpectedRevision-- }, "CONFLICT expectedRevision"},
			"no findings":               {of, "colleague", func(in *quality.InvestigateCase) { in.Findings = " " }, "REQUIRED findings"},
			"caused, not substantiated": {of, "colleague", func(in *quality.InvestigateCase) { in.Substantiated, in.ServiceCaused = false, true }, "INVALID serviceCaused"},
			"a loss of nothing known":   {of, "colleague", func(in *quality.InvestigateCase) { in.Loss = &quality.Money{Amount: -1, Currency: "yuan"} }, "INVALID loss.amount; INVALID loss.currency"},
			"a retired cause":           {of, "colleague", func(in *quality.InvestigateCase) { in.CauseID = &retired.ID }, "INVALID causeId"},
			"a department elsewhere":    {of, "officer", func(in *quality.InvestigateCase) { in.DepartmentID = &c.departments["floor"].ID }, "INVALID departmentId"},
			"a person elsewhere":        {of, "officer", func(in *quality.InvestigateCase) { in.PersonID = c.staff("shop assistant") }, "INVALID personId"},
			"an incident without cause": {incident, "colleague", func(*quality.InvestigateCase) {}, "REQUIRED causeId"},
		} {
			in := quality.InvestigateCase{ID: test.of.ID, ExpectedRevision: test.of.Revision, Substantiated: true, Findings: "x"}
			test.set(&in)
			_, err := c.InvestigateCase(c.as(t, test.by), in)
			expect(t, name, err, test.want)
		}
	})
}

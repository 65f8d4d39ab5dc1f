package quality_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecompensation"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// compensate grants or asks for an amount in CNY.
func (c *company) compensate(t testing.TB, by string, of *db.ServiceCase, amount int) *db.CaseCompensation {
	t.Helper()
	return must(c.CompensateCase(c.as(t, by), quality.CompensateCase{CaseID: of.ID, Kind: casecompensation.KindVOUCHER,
		Amount: quality.Money{Amount: amount, Currency: "CNY"}, Reason: "Waited for an hour"}))(t)
}

func TestCompensationGoesUpTheLevels(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.accepted(t)
		before := c.rows(t)["events"]
		asked := c.compensate(t, "colleague", of, 150_00)
		if asked.Status != casecompensation.StatusPENDING || !asked.DecidedByID.IsZero() {
			t.Errorf("asked: %v", asked)
		}
		approve := func(by string, comp *db.CaseCompensation) (*quality.Change[*db.CaseCompensation], error) {
			return c.ApproveCompensation(c.as(t, by), quality.ApproveCompensation{ID: comp.ID, ExpectedRevision: comp.Revision, Note: new("Right so")})
		}
		_, err := approve("colleague", asked)
		expect(t, "approved by who asked", err, "FORBIDDEN")
		granted := must(approve("lead", asked))(t)
		if granted.Status != casecompensation.StatusAPPROVED || granted.DecidedByID != *c.staff("lead") || granted.DecidedAt == nil || *granted.Decision != "Right so" {
			t.Errorf("approved: %v", granted)
		}
		_, err = approve("lead", asked)
		expect(t, "approved on an old revision", err, "FORBIDDEN") // with what was granted it is above the lead's limit
		_, err = approve("manager", asked)
		expect(t, "approved on an old revision", err, "CONFLICT expectedRevision")
		_, err = approve("manager", granted)
		expect(t, "approved twice", err, "REJECTED id")

		// What was given counts: by halves nobody grants what is above their limit.
		second := c.compensate(t, "lead", of, 100_00)
		if second.Status != casecompensation.StatusPENDING {
			t.Errorf("the lead grants 250 yuan by halves: %v", second)
		}
		_, err = c.DeclineCompensation(c.as(t, "lead"), quality.DeclineCompensation{ID: second.ID, ExpectedRevision: 1, Reason: "x"})
		expect(t, "declined by who asked", err, "FORBIDDEN")
		_, err = c.DeclineCompensation(c.as(t, "manager"), quality.DeclineCompensation{ID: second.ID, ExpectedRevision: 1})
		expect(t, "declined without a reason", err, "REQUIRED reason")
		declined := must(c.DeclineCompensation(c.as(t, "manager"), quality.DeclineCompensation{ID: second.ID, ExpectedRevision: 1, Reason: "Enough"}))(t)
		if declined.Status != casecompensation.StatusDECLINED || *declined.Decision != "Enough" {
			t.Errorf("declined: %v", declined)
		}
		if alone := c.compensate(t, "manager", of, 800_00); alone.Status != casecompensation.StatusAPPROVED || alone.DecidedByID != *c.staff("manager") {
			t.Errorf("the manager grants alone: %v", alone)
		}
		third := c.compensate(t, "colleague", of, 20_000_00)
		_, err = approve("site manager", third)
		expect(t, "above the limit of the level above", err, "FORBIDDEN")
		must(approve("executive", third))(t)

		desk, agent, colleague := c.departments["desk"].ID, *c.staff("agent"), *c.staff("colleague")
		event := func(kind, by string) said {
			return said{kind, c.staff(by).String(), desk, colleague, agent, "compensations"}
		}
		want := []said{
			event(quality.EventCaseCompensationAsked, "colleague"), event(quality.EventCaseCompensationApproved, "lead"),
			event(quality.EventCaseCompensationAsked, "lead"), event(quality.EventCaseCompensationDeclined, "manager"),
			event(quality.EventCaseCompensated, "manager"),
			event(quality.EventCaseCompensationAsked, "colleague"), event(quality.EventCaseCompensationApproved, "executive"),
		}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestCompensationIsRefused(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, done := c.accepted(t), c.closed(t)
		for name, test := range map[string]struct {
			by   string
			set  func(*quality.CompensateCase)
			want string
		}{
			"the receiver":              {"agent", func(*quality.CompensateCase) {}, "FORBIDDEN"},
			"who does not see the case": {"booker", func(*quality.CompensateCase) {}, "NOT_FOUND caseId"},
			"a closed case":             {"colleague", func(in *quality.CompensateCase) { in.CaseID = done.ID }, "REJECTED caseId"},
			"nothing":                   {"colleague", func(in *quality.CompensateCase) { in.Amount.Amount, in.Reason = 0, "" }, "INVALID amount.amount; REQUIRED reason"},
			"no such currency":          {"colleague", func(in *quality.CompensateCase) { in.Amount.Currency = "cny" }, "INVALID amount.currency"},
			"an unknown case":           {"colleague", func(in *quality.CompensateCase) { in.CaseID = typeid.New[typeid.CaseID]() }, "NOT_FOUND caseId"},
		} {
			in := quality.CompensateCase{CaseID: of.ID, Kind: casecompensation.KindGIFT, Amount: quality.Money{Amount: 1, Currency: "CNY"}, Reason: "x"}
			test.set(&in)
			_, err := c.CompensateCase(c.as(t, test.by), in)
			expect(t, name, err, test.want)
		}
		// Money of another currency is above everybody's limit but the executives'.
		foreign := must(c.CompensateCase(c.as(t, "site manager"), quality.CompensateCase{CaseID: of.ID, Kind: casecompensation.KindGIFT,
			Amount: quality.Money{Amount: 1, Currency: "EUR"}, Reason: "x"}))(t)
		if foreign.Status != casecompensation.StatusPENDING {
			t.Errorf("granted %v", foreign)
		}
	})
}

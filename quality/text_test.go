package quality_test

import (
	"context"
	"strings"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/finding"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
	"github.com/seed-34fcb60d/rounds/quality"
)

// Limits count characters, in whatever language: a Chinese text may be as long as
// an English one.
func TestTextsAtTheirLimit(t *testing.T) {
	long := func(n int) *string { return new(strings.Repeat("长", n)) }
	each(t, func(t *testing.T, c *company) {
		in := complaint()
		in.Subject, in.TopicText, in.Description, in.Product, in.ExternalID = *long(200), long(100), long(20_000), long(200), long(200)
		in.OrderReference, in.DesiredRemedy = long(200), long(2_000)
		of := must(c.OpenCase(c.as(t, "agent"), in))(t)
		must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: of.ID, ExpectedRevision: 1, DepartmentID: c.departments["desk"].ID, Note: long(20_000)}))(t)
		must(c.AcceptCase(c.as(t, "lead"), quality.AcceptCase{ID: of.ID, ExpectedRevision: 2}))(t)
		must(c.ReplyCase(c.as(t, "lead"), quality.ReplyCase{ID: of.ID, ExpectedRevision: 3, Kind: "CALL", Text: *long(20_000)}))(t)
		must(c.ResolveCase(c.as(t, "lead"), quality.ResolveCase{ID: of.ID, ExpectedRevision: 4, Substantiated: new(true), Resolution: *long(20_000)}))(t)
		must(c.FollowUpCase(c.as(t, "lead"), quality.FollowUpCase{ID: of.ID, ExpectedRevision: 5, Channel: "LETTER", Outcome: "AGREED", Word: long(20_000)}))(t)
		must(c.CloseCase(c.as(t, "lead"), quality.CloseCase{ID: of.ID, ExpectedRevision: 6, Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: *long(20_000)}))(t)
		customer := c.registered(t, "agent", quality.RegisterCustomer{Kind: "PERSON", Name: *long(200), Source: long(100), ExternalID: long(200)})
		must(c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: customer.ID, ExpectedRevision: 1, Name: long(200)}))(t)
		i := must(c.StartInspection(c.as(t, "lead"), quality.StartInspection{Checklist: "example.kinds", DepartmentID: &c.departments["desk"].ID, Layer: "AUDIT", Place: long(200)}))(t)
		c.answered(t, i, quality.ItemAnswer{Item: "text", Text: long(5_000), Note: long(5_000), Evidence: []string{*long(500)}})
		c.token(t, quality.IssueToken{Staff: c.staff("agent")})
		if _, _, err := c.IssueToken(t.Context(), quality.IssueToken{Name: *long(200), Staff: c.staff("agent")}); err != nil {
			t.Errorf("a token's name: %v", err)
		}
	})
}

// A plugin may say more of a finding than is kept; the whole is in its judgement.
func TestWordyFindings(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		d := definition(t, example(), "example.kinds")
		i := c.answered(t, c.started(t, d.ID), given(sdktest.Good(d), d)...)
		c.plugins.answer(func(context.Context, checklist.Inspection) (checklist.Judgement, error) {
			return checklist.Judgement{Findings: []checklist.Finding{{Item: "yes", Severity: checklist.Major, Key: true,
				Text: checklist.Text{EN: strings.Repeat("word ", 500), ZH: strings.Repeat("长", 2_000)}}}}, nil
		})
		must(c.complete(c.as(t, "lead"), i))(t)
		f, err := c.db.Finding.Query().Where(finding.InspectionID(i.ID)).WithCase().Only(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		for text, limit := range map[string]int{f.TextEn: 1000, f.TextZh: 1000, f.Edges.Case.Subject: 200} {
			if got := len([]rune(text)); got != limit || !strings.HasSuffix(text, "…") {
				t.Errorf("%d characters are kept, ending in %q, want %d with an ellipsis", got, text[len(text)-6:], limit)
			}
		}
	})
}

package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ReportCase is what management, or the quality office, is told of a case.
type ReportCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Report           string
	Proposal         *string // what should be done; needed for a suggestion
}

// ReportCase reports a suggestion to management with a proposal (R-CASE-11), or an
// incident to the quality office (R-CASE-14), who see the cases of their sites anyway.
// It may be done again, when there is more to tell.
func (s *Service) ReportCase(ctx context.Context, in ReportCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseReport", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Report, event: EventCaseReported, changed: []string{"reportedAt"},
		apply: func(_ context.Context, _ *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			out := outcome{line: stepLine{action: caseentry.ActionREPORTED_TO_QUALITY_OFFICE}}
			var bad check
			bad.text(&in.Report, maxProse, "report")
			bad.optional(&in.Proposal, maxProse, "proposal")
			if c.Kind == servicecase.KindSUGGESTION {
				out.line.action = caseentry.ActionREPORTED_TO_MANAGEMENT
				if in.Proposal == nil {
					bad.add(Required, "Say what you propose to do about the suggestion.", "请填写对该建议的处理意见。", "proposal")
				}
			}
			out.said = decision(in.Report)
			if in.Proposal != nil {
				out.said = append(out.said, decision(*in.Proposal)...)
			}
			if c.ReportedAt == nil {
				update.SetReportedAt(s.now())
			}
			return out, bad.err()
		},
	})
}

package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// DecideCase decides on what the customer wants.
type DecideCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Decision         servicecase.Decision
	Reason           string
}

// DecideCase decides on what the customer wants: whether a suggestion is taken up
// (R-CASE-11), a return is granted (R-AFT-3), or a remedy given. A later decision
// takes the place of an earlier one, which stays in the timeline.
func (s *Service) DecideCase(ctx context.Context, in DecideCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseDecide", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Decide, action: caseentry.ActionDECIDED, event: EventCaseDecided, changed: []string{"decision", "decidedAt"},
		apply: func(_ context.Context, _ *db.Tx, _ *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.text(&in.Reason, maxProse, "reason")
			update.SetDecision(in.Decision).SetDecidedAt(s.now())
			return outcome{said: decision(in.Reason)}, bad.err()
		},
	})
}

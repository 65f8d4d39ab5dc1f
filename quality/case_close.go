package quality

import (
	"context"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// CloseCase closes a resolved case.
type CloseCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Closure          servicecase.Closure
	Reason           string
}

// CloseCase closes a resolved case on the customer's word, or by a manager's
// decision with a reason that is kept (R-CASE-9).
func (s *Service) CloseCase(ctx context.Context, in CloseCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseClose", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Close, action: caseentry.ActionCLOSED, event: EventCaseClosed, changed: []string{"open", "closure", "closedAt"},
		allowed: func(v ent.Viewer, c *db.ServiceCase) error {
			if in.Closure == servicecase.ClosureMANAGER_DECISION && !slices.Contains(deciding, v.Role) {
				return forbidden(text("Only a manager can close a case without the customer's word.", "未经客户确认，只有管理人员可以关闭个案。"))
			}
			return involvedOrManaging(v, c.AssigneeID, c.ReceivedByID)
		},
		apply: func(_ context.Context, _ *db.Tx, _ *db.ServiceCase, update *db.ServiceCaseUpdateOne) (string, error) {
			var bad check
			bad.text(&in.Reason, maxProse, "reason")
			update.SetClosure(in.Closure).SetClosedAt(s.now())
			return in.Reason, bad.err()
		},
	})
}

package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ReopenCase takes a case up again that was resolved or closed.
type ReopenCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Reason           string
}

// ReopenCase gives a case back to who resolved it, with a reason that is kept. It is
// counted (R-CASE-9).
func (s *Service) ReopenCase(ctx context.Context, in ReopenCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseReopen", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Reopen, action: caseentry.ActionREOPENED, event: EventCaseReopened, changed: reopened,
		apply: func(_ context.Context, _ *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.text(&in.Reason, maxProse, "reason")
			undoResolution(c, update)
			return outcome{said: decision(in.Reason)}, bad.err()
		},
	})
}

// reopened are the API fields of a case that reopening changes.
var reopened = []string{"open", "reopenedCount", "resolvedAt", "closedAt", "closure", "answeredAt", "agreedAt"}

// undoResolution takes back what no longer holds of a case that is reopened. What was
// found and done stays, and so does that it was late.
func undoResolution(c *db.ServiceCase, update *db.ServiceCaseUpdateOne) {
	if c.ResolvedAt != nil && c.ResolvedAt.After(c.DueAt) {
		update.SetLateBefore(true)
	}
	update.ClearResolvedAt().ClearClosedAt().ClearClosure().ClearAnsweredAt().ClearAgreedAt()
}

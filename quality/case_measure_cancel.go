package quality

import (
	"context"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// CancelCaseMeasure withdraws a measure.
type CancelCaseMeasure struct {
	IdempotencyKey   *string
	ID               typeid.CaseMeasureID
	ExpectedRevision int
	Reason           string
}

// CancelCaseMeasure withdraws a measure that is no longer wanted: who answers for the
// case, its receiver, or a manager.
func (s *Service) CancelCaseMeasure(ctx context.Context, in CancelCaseMeasure) (*Change[*db.CaseMeasure], error) {
	return s.moveMeasure(ctx, measureStep{
		name: "caseMeasureCancel", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.CancelMeasure, event: EventMeasureCancelled, changed: []string{"finding", "endedAt", "endedBy"}, allowed: ofItsCase,
		apply: func(update *db.CaseMeasureUpdateOne, _ time.Time) error {
			var bad check
			bad.text(&in.Reason, maxProse, "reason")
			update.SetFinding(in.Reason)
			return bad.err()
		},
	})
}

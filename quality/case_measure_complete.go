package quality

import (
	"context"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// CompleteCaseMeasure says that a measure is carried out.
type CompleteCaseMeasure struct {
	IdempotencyKey   *string
	ID               typeid.CaseMeasureID
	ExpectedRevision int
	Result           string
}

// CompleteCaseMeasure says that a measure is carried out: its owner, or who answers for
// the owner's department. Its effect is still to be verified.
func (s *Service) CompleteCaseMeasure(ctx context.Context, in CompleteCaseMeasure) (*Change[*db.CaseMeasure], error) {
	return s.moveMeasure(ctx, measureStep{
		name: "caseMeasureComplete", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.CompleteMeasure, event: EventMeasureCompleted, changed: []string{"result", "completedAt", "completedBy"}, allowed: ofOwner,
		apply: func(update *db.CaseMeasureUpdateOne, now time.Time) error {
			var bad check
			bad.text(&in.Result, maxProse, "result")
			update.SetResult(in.Result).SetCompletedAt(now).SetCompletedByID(ent.ViewerFrom(ctx).Staff)
			return bad.err()
		},
	})
}

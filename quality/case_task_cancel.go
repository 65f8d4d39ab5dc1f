package quality

import (
	"context"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// CancelCaseTask withdraws a task.
type CancelCaseTask struct {
	IdempotencyKey   *string
	ID               typeid.CaseTaskID
	ExpectedRevision int
	Reason           string
}

// CancelCaseTask withdraws a task that is no longer wanted: who added it, who answers
// for the case, or a manager. Its department no longer sees the case by it.
func (s *Service) CancelCaseTask(ctx context.Context, in CancelCaseTask) (*Change[*db.CaseTask], error) {
	return s.moveTask(ctx, taskStep{
		name: "caseTaskCancel", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.CancelTask, event: EventTaskCancelled, changed: []string{"result", "endedAt", "endedBy"},
		allowed: func(v ent.Viewer, t *db.CaseTask, c *db.ServiceCase) error {
			if err := answersForCase(v, c); err != nil {
				return err
			}
			return involvedOrManaging(v, t.AddedByID, c.AssigneeID, c.ReceivedByID)
		},
		apply: func(update *db.CaseTaskUpdateOne, now time.Time) error {
			var bad check
			bad.text(&in.Reason, maxProse, "reason")
			update.SetResult(in.Reason).SetEndedAt(now).SetEndedByID(ent.ViewerFrom(ctx).Staff)
			return bad.err()
		},
	})
}

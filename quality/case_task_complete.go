package quality

import (
	"context"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// CompleteCaseTask says that a task is done, and with which result.
type CompleteCaseTask struct {
	IdempotencyKey   *string
	ID               typeid.CaseTaskID
	ExpectedRevision int
	Result           string
}

// CompleteCaseTask says that a task is done: who took it on, or who answers for the
// department.
func (s *Service) CompleteCaseTask(ctx context.Context, in CompleteCaseTask) (*Change[*db.CaseTask], error) {
	return s.moveTask(ctx, taskStep{
		name: "caseTaskComplete", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.CompleteTask, event: EventTaskCompleted, changed: []string{"result", "endedAt", "endedBy"}, allowed: ofDepartment,
		apply: func(update *db.CaseTaskUpdateOne, now time.Time) error {
			var bad check
			bad.text(&in.Result, maxProse, "result")
			update.SetResult(in.Result).SetEndedAt(now).SetEndedByID(ent.ViewerFrom(ctx).Staff)
			return bad.err()
		},
	})
}

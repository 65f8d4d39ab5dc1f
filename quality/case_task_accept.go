package quality

import (
	"context"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// AcceptCaseTask takes a task on.
type AcceptCaseTask struct {
	IdempotencyKey   *string
	ID               typeid.CaseTaskID
	ExpectedRevision int
}

// AcceptCaseTask makes the viewer answer for a task: who was asked, or who answers for
// the department.
func (s *Service) AcceptCaseTask(ctx context.Context, in AcceptCaseTask) (*Change[*db.CaseTask], error) {
	return s.moveTask(ctx, taskStep{
		name: "caseTaskAccept", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.TakeTask, event: EventTaskAccepted, changed: []string{"assignee", "acceptedAt"}, allowed: ofDepartment,
		apply: func(update *db.CaseTaskUpdateOne, now time.Time) error {
			update.SetAssigneeID(ent.ViewerFrom(ctx).Staff).SetAcceptedAt(now)
			return nil
		},
	})
}

package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// AddCaseTask is a task for another department within a case.
type AddCaseTask struct {
	IdempotencyKey *string
	CaseID         typeid.CaseID
	DepartmentID   typeid.DepartmentID
	AssigneeID     *typeid.StaffID
	Title          string
	What           *string
	DueAt          *time.Time
	Required       bool
}

// AddCaseTask asks another department of the site to contribute to a case (R-CASE-6):
// until it is cancelled, the department sees the case by it.
func (s *Service) AddCaseTask(ctx context.Context, in AddCaseTask) (*Change[*db.CaseTask], error) {
	return run(ctx, s, useCase[*db.CaseTask]{
		area: ent.Cases, name: "caseAddTask", key: in.IdempotencyKey, in: in, read: s.readTask,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.CaseTask], error) {
			var none effect[*db.CaseTask]
			c, err := tx.ServiceCase.Get(ctx, in.CaseID)
			if err := seen(c, err)("caseId"); err != nil {
				return none, err
			}
			viewer, now := ent.ViewerFrom(ctx), s.now()
			if err := permitted(viewer, c, rules.AddTask); err != nil {
				return none, err
			}
			if _, err := s.take(viewer, c, rules.AddTask, nil, "caseId"); err != nil {
				return none, err
			}
			if err := in.check(now, c.DueAt); err != nil {
				return none, err
			}
			if err := in.checkHelpers(ctx, tx, c); err != nil {
				return none, err
			}
			// It stays where it is until this is done, else it could be resolved meanwhile.
			held, err := tx.ServiceCase.Update().Where(servicecase.ID(c.ID), servicecase.StatusEQ(c.Status)).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("locking a case: %w", err)
			}
			if held == 0 {
				return none, conflictOn("caseId")
			}
			t, err := tx.CaseTask.Create().SetCaseID(c.ID).SetDepartmentID(in.DepartmentID).SetNillableAssigneeID(in.AssigneeID).
				SetAddedByID(viewer.Staff).SetTitle(in.Title).SetNillableWhat(in.What).SetRequired(in.Required).
				SetDueAt(*in.DueAt).SetAddedAt(now).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("adding a task: %w", err)
			}
			return taskChanged(ctx, tx, t, EventTaskAdded, now)
		},
	})
}

// check completes the input and says what is wrong with it. A task is due with its
// case unless said.
func (in *AddCaseTask) check(now, due time.Time) error {
	var bad check
	bad.line(&in.Title, maxSubject, "title")
	bad.optional(&in.What, maxProse, "what")
	if in.DueAt == nil {
		in.DueAt = &due
	} else {
		at := in.DueAt.UTC().Truncate(time.Microsecond)
		in.DueAt = &at
		bad.notAfter(now, at, "The deadline must not lie in the past.", "完成期限不能早于当前时间。", "dueAt")
	}
	return bad.err()
}

// checkHelpers checks that the department, and the person in it, can be asked.
func (in *AddCaseTask) checkHelpers(ctx context.Context, tx *db.Tx, c *db.ServiceCase) error {
	department, err := tx.Department.Get(ctx, in.DepartmentID)
	if err := seen(department, err)("departmentId"); err != nil {
		return err
	}
	if department.SiteID != c.SiteID {
		return reject(Invalid, text("The department belongs to another site than the case.", "该部门与个案不属于同一营业点。"), "departmentId")
	}
	if in.AssigneeID == nil {
		return nil
	}
	return checkAssignee(ctx, tx, *in.AssigneeID, department)
}

// conflictOn is a conflict over a record of which no revision was named.
func conflictOn(path string) error {
	return reject(Conflict, text("Somebody else has changed it in the meantime. Read it again and decide anew.", "已被他人修改，请重新读取后再操作。"), path)
}

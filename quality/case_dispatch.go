package quality

import (
	"context"
	"fmt"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// DispatchCase hands a case to the department responsible.
type DispatchCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	DepartmentID     typeid.DepartmentID
	AssigneeID       *typeid.StaffID
	Note             *string
}

// DispatchCase hands an open case to the department responsible (R-CASE-4). The
// receiver still answers for it until somebody accepts it (R-CASE-3).
func (s *Service) DispatchCase(ctx context.Context, in DispatchCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseDispatch", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Dispatch, action: caseentry.ActionDISPATCHED, event: EventCaseDispatched, changed: []string{"department", "dispatchedTo", "dispatchedAt"},
		allowed: func(v ent.Viewer, c *db.ServiceCase) error {
			return involvedOrManaging(v, c.ReceivedByID, c.AssigneeID)
		},
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (string, error) {
			var bad check
			bad.optional(&in.Note, maxProse, "note")
			if bad.err() != nil {
				return "", bad.err()
			}
			department, err := tx.Department.Get(ctx, in.DepartmentID)
			if err := seen(department, err)("departmentId"); err != nil {
				return "", err
			}
			if department.SiteID != c.SiteID {
				return "", reject(Invalid, text("The department belongs to another site than the case.", "该部门与个案不属于同一营业点。"), "departmentId")
			}
			update.SetDepartmentID(department.ID).SetDispatchedAt(s.now()).ClearDispatchedTo()
			if in.AssigneeID != nil {
				if err := checkAssignee(ctx, tx, *in.AssigneeID, department); err != nil {
					return "", err
				}
				update.SetDispatchedToID(*in.AssigneeID)
			}
			if in.Note == nil {
				return "", nil
			}
			return *in.Note, nil
		},
	})
}

// checkAssignee checks that a person can take on a case of the department: works
// here, and belongs to the department or answers for it.
func checkAssignee(ctx context.Context, tx *db.Tx, id typeid.StaffID, d *db.Department) error {
	person, err := employed(ctx, tx, id, "assigneeId")
	if err != nil {
		return err
	}
	if person.DepartmentID == d.ID {
		return nil
	}
	departments, err := departmentsOf(ctx, tx.Client(), person)
	if err != nil {
		return err
	}
	if slices.Contains(departments, d.ID) {
		return nil
	}
	return reject(Invalid, text(fmt.Sprintf("This person neither belongs to %s nor answers for it.", d.Name),
		fmt.Sprintf("该员工不属于%s，也不负责该部门。", d.Name)), "assigneeId")
}

package quality

import (
	"context"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// AcceptCase takes a dispatched case on.
type AcceptCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
}

// AcceptCase makes the viewer answer for a dispatched case: the person it was
// dispatched to, or who answers for the department.
func (s *Service) AcceptCase(ctx context.Context, in AcceptCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseAccept", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Accept, action: caseentry.ActionACCEPTED, event: EventCaseAccepted, changed: []string{"assignee", "acceptedAt"},
		allowed: func(v ent.Viewer, c *db.ServiceCase) error {
			if !v.Staff.IsZero() && (v.Staff == c.DispatchedToID || slices.Contains(v.Departments, c.DepartmentID)) {
				return nil
			}
			return forbidden(text("Only the person it was dispatched to, or who answers for the department, can accept it.",
				"只有被派单人或该部门负责人可以受理。"))
		},
		apply: func(ctx context.Context, _ *db.Tx, _ *db.ServiceCase, update *db.ServiceCaseUpdateOne) (string, error) {
			update.SetAssigneeID(ent.ViewerFrom(ctx).Staff).SetAcceptedAt(s.now())
			return "", nil
		},
	})
}

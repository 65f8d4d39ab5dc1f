package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// AssignCase offers a case to a person of the department that has it.
type AssignCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	AssigneeID       typeid.StaffID
	Note             *string
}

// AssignCase offers a case that a department has, or was offered, to a person in it.
// It has to be accepted, as any offer (R-CASE-3): until then, who answers for the case
// goes on to.
func (s *Service) AssignCase(ctx context.Context, in AssignCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseAssign", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Assign, action: caseentry.ActionASSIGNED, event: EventCaseAssigned, changed: offered, leaves: true,
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.optional(&in.Note, maxProse, "note")
			if bad.err() != nil {
				return outcome{}, bad.err()
			}
			line, err := offer(ctx, tx, c, update, c.DepartmentID, &in.AssigneeID, s.now())
			if err == nil && in.AssigneeID == c.AssigneeID { // said only to who sees this person
				err = reject(Invalid, text("This person has the case.", "该个案已由此员工负责。"), "assigneeId")
			}
			out := outcome{line: line}
			if in.Note != nil {
				out.said = decision(*in.Note)
			}
			return out, err
		},
	})
}

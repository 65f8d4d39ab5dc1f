package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// DispatchCase offers a case to the department responsible.
type DispatchCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	DepartmentID     typeid.DepartmentID
	AssigneeID       *typeid.StaffID
	Note             *string
}

// offered are the API fields of a case that an offer changes.
var offered = []string{"department", "dispatchedTo", "dispatchedAt", "handOvers"}

// DispatchCase offers an open case to the department responsible (R-CASE-4). The
// receiver still answers for it until somebody accepts it (R-CASE-3).
func (s *Service) DispatchCase(ctx context.Context, in DispatchCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseDispatch", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Dispatch, action: caseentry.ActionDISPATCHED, event: EventCaseDispatched, changed: offered, leaves: true,
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.optional(&in.Note, maxProse, "note")
			if bad.err() != nil {
				return outcome{}, bad.err()
			}
			line, err := offer(ctx, tx, c, update, in.DepartmentID, in.AssigneeID, s.now())
			out := outcome{line: line}
			if in.Note != nil {
				out.said = decision(*in.Note)
			}
			return out, err
		},
	})
}

// MoveCase offers a case to another department than the one that has it.
type MoveCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	DepartmentID     typeid.DepartmentID
	AssigneeID       *typeid.StaffID
	Reason           string
}

// MoveCase offers a case, also one that was accepted, to another department. It has
// to be accepted there: until then, who accepted it before still answers for it.
func (s *Service) MoveCase(ctx context.Context, in MoveCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseMove", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Move, action: caseentry.ActionMOVED, event: EventCaseMoved, changed: offered, leaves: true,
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.text(&in.Reason, maxProse, "reason")
			if c.DepartmentID == in.DepartmentID {
				bad.add(Invalid, "The case is with this department already.", "个案已在该部门。", "departmentId")
			}
			if bad.err() != nil {
				return outcome{}, bad.err()
			}
			line, err := offer(ctx, tx, c, update, in.DepartmentID, in.AssigneeID, s.now())
			return outcome{line: line, said: decision(in.Reason)}, err
		},
	})
}

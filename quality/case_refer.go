package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ReferCase passes an inquiry to a specialist.
type ReferCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	DepartmentID     typeid.DepartmentID
	AssigneeID       typeid.StaffID
	Kind             caseentry.Kind
	Text             string
}

// ReferCase passes an inquiry that the receiver cannot answer to a specialist, and
// records what the customer was told of it (R-CASE-12). As any offer, it has to be
// accepted.
func (s *Service) ReferCase(ctx context.Context, in ReferCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseRefer", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Refer, action: caseentry.ActionREFERRED, event: EventCaseReferred, changed: append([]string{"firstResponseAt"}, offered...), leaves: true,
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.toCustomer(in.Kind)
			bad.text(&in.Text, maxProse, "text")
			if bad.err() != nil {
				return outcome{}, bad.err()
			}
			now := s.now()
			if c.FirstResponseAt == nil {
				update.SetFirstResponseAt(now)
			}
			line, err := offer(ctx, tx, c, update, in.DepartmentID, &in.AssigneeID, now)
			return outcome{line: line, said: []remark{{in.Kind, caseentry.VisibilityCUSTOMER, in.Text}}}, err
		},
	})
}

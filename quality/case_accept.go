package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/handover"
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
		step: rules.Accept, action: caseentry.ActionACCEPTED, event: EventCaseAccepted, changed: []string{"assignee", "acceptedAt", "handOvers"},
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			now := s.now()
			update.SetAssigneeID(ent.ViewerFrom(ctx).Staff).SetAcceptedAt(now)
			if c.FirstAcceptedAt == nil {
				first := c.AcceptedAt // from before the first time was kept
				if first == nil {
					first = &now
				}
				update.SetFirstAcceptedAt(*first)
			}
			_, err := endHandOver(ctx, tx, c.ID, handover.StateACCEPTED, nil, now)
			return outcome{}, err
		},
	})
}

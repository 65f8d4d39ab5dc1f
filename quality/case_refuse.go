package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/handover"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// RefuseCase declines a case that was offered.
type RefuseCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Reason           string
}

// RefuseCase gives an offered case back to who answers for it, with a reason that is
// kept. It is counted.
func (s *Service) RefuseCase(ctx context.Context, in RefuseCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseRefuse", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Refuse, action: caseentry.ActionREFUSED, event: EventCaseRefused, changed: givenBack("refusedCount"), leaves: true,
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.text(&in.Reason, maxProse, "reason")
			if bad.err() != nil {
				return outcome{}, bad.err()
			}
			return giveBack(ctx, tx, c, update, handover.StateREFUSED, &in.Reason, s.now())
		},
	})
}

// ReturnCase gives a case back that nobody has accepted in time, as the server itself.
// It is counted. A case that is not offered any more is a Rejection.
func (s *Service) ReturnCase(ctx context.Context, id typeid.CaseID) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, s.caseReturn(id))
}

// caseReturn is the step of ReturnCase.
func (s *Service) caseReturn(id typeid.CaseID) caseStep {
	return caseStep{
		name: "caseReturn", id: id, anew: true,
		step: rules.Return, action: caseentry.ActionRETURNED, event: EventCaseReturned, changed: givenBack("returnedCount"),
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			return giveBack(ctx, tx, c, update, handover.StateRETURNED, nil, s.now())
		},
	}
}

func givenBack(counter string) []string {
	return []string{"department", "dispatchedTo", "dispatchedAt", "handOvers", counter}
}

package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ContainCase says how an incident was kept from doing more harm.
type ContainCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Measure          string
}

// ContainCase says how an incident was kept from doing more harm (R-CASE-14). It may
// be said again, when more had to be done.
func (s *Service) ContainCase(ctx context.Context, in ContainCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseContain", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Contain, action: caseentry.ActionCONTAINED, event: EventCaseContained, changed: []string{"containedAt"},
		apply: func(_ context.Context, _ *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.text(&in.Measure, maxProse, "measure")
			if c.ContainedAt == nil {
				update.SetContainedAt(s.now())
			}
			return outcome{said: decision(in.Measure)}, bad.err()
		},
	})
}

package quality

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ResolveCase states the outcome of a case.
type ResolveCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Substantiated    bool
	Resolution       string
}

// ResolveCase states what the investigation found and what was done (R-CASE-10).
func (s *Service) ResolveCase(ctx context.Context, in ResolveCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseResolve", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Resolve, action: caseentry.ActionRESOLVED, event: EventCaseResolved, changed: []string{"substantiated", "resolution", "resolvedAt"},
		allowed: func(v ent.Viewer, c *db.ServiceCase) error { return involvedOrManaging(v, c.AssigneeID) },
		apply: func(_ context.Context, _ *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (string, error) {
			var bad check
			bad.text(&in.Resolution, maxProse, "resolution")
			if c.OpenTasks > 0 {
				bad.add(Rejected, "Tasks that it needs are not finished.", "尚有必需的协办任务未完成。", "id")
			}
			update.SetSubstantiated(in.Substantiated).SetResolution(in.Resolution).SetResolvedAt(s.now())
			return in.Resolution, bad.err()
		},
	})
}

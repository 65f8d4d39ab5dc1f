package quality

import (
	"context"

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
	Substantiated    *bool
	Resolution       string
}

// ResolveCase states what was done (R-CASE-10). Where it says whether the case was
// found justified, that is the result of the investigation.
func (s *Service) ResolveCase(ctx context.Context, in ResolveCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseResolve", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Resolve, action: caseentry.ActionRESOLVED, event: EventCaseResolved, changed: []string{"substantiated", "resolution", "resolvedAt"},
		facts: func(c *rules.CaseState) {
			if in.Substantiated != nil {
				resolutionFacts(c)
			}
		},
		apply: func(_ context.Context, _ *db.Tx, _ *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.text(&in.Resolution, maxProse, "resolution")
			update.SetNillableSubstantiated(in.Substantiated).SetResolution(in.Resolution).SetResolvedAt(s.now())
			return outcome{said: decision(in.Resolution)}, bad.err()
		},
	})
}

// resolutionFacts are what the input of a resolution can say of the course.
func resolutionFacts(c *rules.CaseState) { c.Investigated, c.CauseFound = true, true }

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
// found justified and nobody has investigated it, that is the result of the
// investigation.
func (s *Service) ResolveCase(ctx context.Context, in ResolveCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseResolve", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Resolve, action: caseentry.ActionRESOLVED, event: EventCaseResolved, changed: []string{"substantiated", "resolution", "resolvedAt"},
		facts: func(c *rules.CaseState) {
			if in.Substantiated != nil {
				resolutionFacts(c)
			}
		},
		apply: func(_ context.Context, _ *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.text(&in.Resolution, maxProse, "resolution")
			if in.Substantiated != nil && c.Substantiated != nil && *in.Substantiated != *c.Substantiated {
				bad.add(Invalid, "The investigation found otherwise: state anew what it found.", "与调查结论不一致，请先重新登记调查结论。", "substantiated")
			}
			update.SetNillableSubstantiated(in.Substantiated).SetResolution(in.Resolution).SetResolvedAt(s.now())
			return outcome{said: decision(in.Resolution)}, bad.err()
		},
	})
}

// resolutionFacts are what the input of a resolution can say of the course.
func resolutionFacts(c *rules.CaseState) { c.Investigated = true }

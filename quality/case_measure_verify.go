package quality

import (
	"context"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// VerifyCaseMeasure states whether a measure has its effect.
type VerifyCaseMeasure struct {
	IdempotencyKey   *string
	ID               typeid.CaseMeasureID
	ExpectedRevision int
	Effective        bool
	Finding          string
}

// VerifyCaseMeasure states whether a measure that was carried out has the effect that
// was wanted, also when its case is closed. Neither its owner nor who carried it out
// says so.
func (s *Service) VerifyCaseMeasure(ctx context.Context, in VerifyCaseMeasure) (*Change[*db.CaseMeasure], error) {
	step := rules.FindNotEffective
	if in.Effective {
		step = rules.FindEffective
	}
	return s.moveMeasure(ctx, measureStep{
		name: "caseMeasureVerify", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: step, event: EventMeasureVerified, changed: []string{"finding", "endedAt", "endedBy"},
		allowed: func(v ent.Viewer, m *db.CaseMeasure, c *db.ServiceCase) error {
			if v.Staff == m.OwnerID || m.CompletedAt != nil && v.Staff == m.CompletedByID {
				return forbidden(text("Somebody else than who carried it out verifies the effect.", "须由实施人以外的人员验证效果。"))
			}
			return ofItsCase(v, m, c)
		},
		apply: func(update *db.CaseMeasureUpdateOne, _ time.Time) error {
			var bad check
			bad.text(&in.Finding, maxProse, "finding")
			update.SetFinding(in.Finding)
			return bad.err()
		},
	})
}

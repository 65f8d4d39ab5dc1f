package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// AddCaseMeasure is what is to be done for good about a case.
type AddCaseMeasure struct {
	IdempotencyKey *string
	CaseID         typeid.CaseID
	Kind           casemeasure.Kind
	What           string
	OwnerID        typeid.StaffID
	DueAt          time.Time
	EffectDueAt    time.Time
}

// maxMeasures bounds the measures of a case that are open.
const maxMeasures = 50

// AddCaseMeasure plans what is done for good about a case: to put right what went
// wrong, to keep it from happening again (R-CASE-14), or to carry out what was
// suggested (R-CASE-11). By when its effect is verified is a deadline, which also runs
// when the case is closed.
func (s *Service) AddCaseMeasure(ctx context.Context, in AddCaseMeasure) (*Change[*db.CaseMeasure], error) {
	return run(ctx, s, useCase[*db.CaseMeasure]{
		area: ent.Cases, name: "caseAddMeasure", key: in.IdempotencyKey, in: in, read: s.readMeasure,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.CaseMeasure], error) {
			var none effect[*db.CaseMeasure]
			c, err := s.lockCase(ctx, tx, in.CaseID, rules.AddMeasure, "caseId")
			if err != nil {
				return none, err
			}
			now := s.now()
			if err := in.check(now); err != nil {
				return none, err
			}
			if err := employedAt(ctx, tx, c.SiteID, in.OwnerID, "ownerId"); err != nil {
				return none, err
			}
			owner, err := tx.Staff.Get(ctx, in.OwnerID)
			if err != nil {
				return none, fmt.Errorf("reading the owner of a measure: %w", err)
			}
			if c.OpenMeasures >= maxMeasures {
				return none, reject(Rejected, text("There are too many open measures.", "未完成的措施过多。"), "caseId")
			}
			t, err := s.startTimed(ctx, tx, c, rules.EffectCheck, in.EffectDueAt, nil)
			if err != nil {
				return none, err
			}
			m, err := tx.CaseMeasure.Create().SetCaseID(c.ID).SetSiteID(c.SiteID).SetDepartmentID(owner.DepartmentID).SetOwnerID(owner.ID).
				SetPlannedByID(ent.ViewerFrom(ctx).Staff).SetDeadlineID(t.row.ID).SetKind(in.Kind).SetWhat(in.What).
				SetDueAt(in.DueAt).SetEffectDueAt(in.EffectDueAt).SetPlannedAt(now).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("planning a measure: %w", err)
			}
			of := tx.ServiceCase.UpdateOneID(c.ID).AddRevision(1).AddOpenMeasures(1)
			if m.Kind == rules.MeasureOf(c.Kind) {
				of.AddStandingMeasures(1)
			}
			if c, err = of.Save(ctx); err != nil {
				return none, fmt.Errorf("counting the measures of a case: %w", err)
			}
			return measureChanged(m, c, EventMeasurePlanned, now), nil
		},
	})
}

// check completes the input and says what is wrong with it.
func (in *AddCaseMeasure) check(now time.Time) error {
	in.DueAt, in.EffectDueAt = in.DueAt.UTC().Truncate(time.Microsecond), in.EffectDueAt.UTC().Truncate(time.Microsecond)
	var bad check
	bad.text(&in.What, maxProse, "what")
	bad.ahead(&in.DueAt, now, "dueAt")
	if !in.EffectDueAt.After(in.DueAt) {
		bad.add(Invalid, "The effect shows after the measure was carried out.", "效果验证时间必须晚于措施完成期限。", "effectDueAt")
	}
	if in.EffectDueAt.Sub(now) > maxDeadline {
		bad.add(Invalid, "The effect is verified within 366 days.", "效果验证时间必须在 366 天以内。", "effectDueAt")
	}
	return bad.err()
}

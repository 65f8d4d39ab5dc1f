package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecompensation"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// CompensateCase is what the customer of a case shall be given.
type CompensateCase struct {
	IdempotencyKey *string
	CaseID         typeid.CaseID
	Kind           casecompensation.Kind
	Amount         Money
	Reason         string
}

// CompensateCase grants the customer compensation, or asks for it where the viewer's
// level may not grant it alone: all that a case was given counts together, so that
// nobody grants by halves what is above their limit.
func (s *Service) CompensateCase(ctx context.Context, in CompensateCase) (*Change[*db.CaseCompensation], error) {
	return run(ctx, s, useCase[*db.CaseCompensation]{
		area: ent.Cases, name: "caseCompensate", key: in.IdempotencyKey, in: in, read: s.readCompensation,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.CaseCompensation], error) {
			var none effect[*db.CaseCompensation]
			c, err := tx.ServiceCase.Get(ctx, in.CaseID)
			if err := seen(c, err)("caseId"); err != nil {
				return none, err
			}
			v := ent.ViewerFrom(ctx)
			if err := permitted(v, c, rules.Compensate); err != nil {
				return none, err
			}
			if _, err := s.take(v, c, rules.Compensate, nil, "caseId"); err != nil {
				return none, err
			}
			var bad check
			bad.money(in.Amount, 1, "amount")
			bad.text(&in.Reason, maxProse, "reason")
			if bad.err() != nil {
				return none, bad.err()
			}
			now := s.now()
			if c, err = tx.ServiceCase.UpdateOneID(c.ID).SetUpdatedAt(now).Save(ctx); err != nil {
				return none, fmt.Errorf("locking a case: %w", err)
			}
			given, err := s.given(ctx, tx, c.ID, in.Amount.Currency, casecompensation.StatusAPPROVED, casecompensation.StatusPENDING)
			if err != nil {
				return none, err
			}
			create := tx.CaseCompensation.Create().SetCaseID(c.ID).SetKind(in.Kind).SetAmount(in.Amount.Amount).SetCurrency(in.Amount.Currency).
				SetReason(in.Reason).SetAskedByID(v.Staff).SetAskedAt(now).SetUpdatedAt(now).SetStatus(casecompensation.StatusPENDING)
			event := EventCaseCompensationAsked
			if s.limits.Grants(v.Role, given+in.Amount.Amount, in.Amount.Currency) {
				create.SetStatus(casecompensation.StatusAPPROVED).SetDecidedByID(v.Staff).SetDecidedAt(now)
				event = EventCaseCompensated
			}
			comp, err := create.Save(ctx)
			if err != nil {
				return none, fmt.Errorf("granting compensation: %w", err)
			}
			return effect[*db.CaseCompensation]{object: comp.Unwrap(), ids: []string{comp.ID.String()},
				events: []events.Event{caseEvent(event, c, now, "compensations")}}, nil
		},
	})
}

// given sums up the compensation of a case in a currency that stands at one of the
// stations.
func (s *Service) given(ctx context.Context, tx *db.Tx, id typeid.CaseID, currency string, at ...casecompensation.Status) (int, error) {
	amounts, err := tx.CaseCompensation.Query().
		Where(casecompensation.CaseID(id), casecompensation.Currency(currency), casecompensation.StatusIn(at...)).
		Select(casecompensation.FieldAmount).Ints(ent.AsSystem(ctx))
	if err != nil {
		return 0, fmt.Errorf("summing up the compensation of a case: %w", err)
	}
	sum := 0
	for _, amount := range amounts {
		sum += amount
	}
	return sum, nil
}

func (s *Service) readCompensation(ctx context.Context, ids []string) (*db.CaseCompensation, error) {
	id, _ := typeid.Parse[typeid.CompensationID](ids[0])
	return s.db.CaseCompensation.Get(ctx, id)
}

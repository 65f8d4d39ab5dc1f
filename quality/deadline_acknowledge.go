package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/escalation"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// AcknowledgeEscalation names an alert that the viewer has taken note of.
type AcknowledgeEscalation struct {
	IdempotencyKey   *string
	ID               typeid.EscalationID
	ExpectedRevision int
}

// AcknowledgeEscalation records that who was told has taken note. It stops nothing:
// only doing what is due does.
func (s *Service) AcknowledgeEscalation(ctx context.Context, in AcknowledgeEscalation) (*Change[*db.Escalation], error) {
	return run(ctx, s, useCase[*db.Escalation]{
		area: ent.Cases, name: "deadlineAcknowledge", key: in.IdempotencyKey, in: in,
		read: func(ctx context.Context, ids []string) (*db.Escalation, error) {
			id, _ := typeid.Parse[typeid.EscalationID](ids[0])
			return s.db.Escalation.Get(ctx, id)
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Escalation], error) {
			var none effect[*db.Escalation]
			e, err := tx.Escalation.Get(ctx, in.ID)
			if err := seen(e, err)("id"); err != nil {
				return none, err
			}
			if v := ent.ViewerFrom(ctx); e.ToID.IsZero() || v.Staff != e.ToID && v.Staff != e.InsteadOfID {
				return none, forbidden(text("Only who was told can take note of it.", "只有被通知人可以确认。"))
			}
			if e.Revision != in.ExpectedRevision {
				return none, conflict()
			}
			if e.AcknowledgedAt != nil {
				return none, reject(Rejected, text("It was taken note of before.", "此前已确认。"), "id")
			}
			now := s.now()
			c, err := tx.ServiceCase.UpdateOneID(e.CaseID).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("locking a case: %w", err)
			}
			e, err = tx.Escalation.UpdateOneID(e.ID).Where(escalation.Revision(in.ExpectedRevision)).AddRevision(1).
				SetAcknowledgedAt(now).SetAcknowledgedByID(ent.ViewerFrom(ctx).Staff).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("acknowledging an alert: %w", err)
			}
			return effect[*db.Escalation]{object: e.Unwrap(), ids: []string{e.ID.String()},
				events: []events.Event{caseEvent(EventCaseEscalationAcknowledged, c, now, "escalations")}}, nil
		},
	})
}

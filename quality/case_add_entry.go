package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// AddCaseEntry is a line for a case's timeline.
type AddCaseEntry struct {
	IdempotencyKey *string
	CaseID         typeid.CaseID
	Kind           caseentry.Kind
	Visibility     caseentry.Visibility
	Text           string
	CorrectsID     *typeid.CaseEntryID
}

// AddCaseEntry adds a line to a case's timeline, also when the case is closed: a
// correction is always a further line (R-CASE-7).
func (s *Service) AddCaseEntry(ctx context.Context, in AddCaseEntry) (*Change[*db.CaseEntry], error) {
	return run(ctx, s, useCase[*db.CaseEntry]{
		area: ent.Cases, name: "caseAddEntry", key: in.IdempotencyKey, in: in,
		read: func(ctx context.Context, ids []string) (*db.CaseEntry, error) {
			id, _ := typeid.Parse[typeid.CaseEntryID](ids[0])
			return s.db.CaseEntry.Get(ctx, id)
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.CaseEntry], error) {
			var none effect[*db.CaseEntry]
			var bad check
			bad.text(&in.Text, maxProse, "text")
			if in.Kind == caseentry.KindSYSTEM {
				bad.add(Invalid, "Lines of this kind are written by the system.", "此类记录由系统写入。", "kind")
			}
			if bad.err() != nil {
				return none, bad.err()
			}
			c, err := tx.ServiceCase.Get(ctx, in.CaseID)
			if err := seen(c, err)("caseId"); err != nil {
				return none, err
			}
			if in.CorrectsID != nil {
				corrected, err := tx.CaseEntry.Query().Where(caseentry.ID(*in.CorrectsID), caseentry.CaseID(c.ID)).Only(ctx)
				if err := seen(corrected, err)("correctsId"); err != nil {
					return none, err
				}
			}
			if _, err := s.take(ent.ViewerFrom(ctx), c, rules.AddEntry, nil, "caseId"); err != nil {
				return none, err
			}
			now := s.now()
			if c, err = tx.ServiceCase.UpdateOneID(c.ID).SetUpdatedAt(now).Save(ctx); err != nil {
				return none, fmt.Errorf("locking a case: %w", err) // see run: events come in the order of the locks
			}
			changed, made := []string{"entries"}, []events.Event{}
			told := in.Kind == caseentry.KindMESSAGE_TO_CUSTOMER || in.Kind == caseentry.KindCALL
			if told && in.Visibility == caseentry.VisibilityCUSTOMER {
				before := c
				if c.FirstResponseAt == nil {
					if c, err = c.Update().SetFirstResponseAt(now).Save(ctx); err != nil {
						return none, fmt.Errorf("recording the first response: %w", err)
					}
					changed = append(changed, "firstResponseAt", "clocks")
				}
				if made, err = s.tick(ctx, tx, before, c, rules.Reply, now); err != nil { // to the clocks it is one
					return none, err
				}
			}
			entry, err := tx.CaseEntry.Create().SetCaseID(c.ID).SetAuthorID(ent.ViewerFrom(ctx).Staff).SetKind(in.Kind).
				SetVisibility(in.Visibility).SetText(in.Text).SetNillableCorrectsID(in.CorrectsID).SetAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("adding to a case's timeline: %w", err)
			}
			return effect[*db.CaseEntry]{
				object: entry.Unwrap(), ids: []string{entry.ID.String()},
				events: append([]events.Event{caseEvent(EventCaseEntryAdded, c, now, changed...)}, made...),
			}, nil
		},
	})
}

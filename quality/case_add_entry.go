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
	Attachments    []Upload
}

// AddCaseEntry adds a line to a case's timeline, also when the case is closed: a
// correction is always a further line (R-CASE-7).
func (s *Service) AddCaseEntry(ctx context.Context, in AddCaseEntry) (*Change[*db.CaseEntry], error) {
	sent := &sentFiles{uploads: in.Attachments}
	change, err := run(ctx, s, useCase[*db.CaseEntry]{
		area: ent.Cases, name: "caseAddEntry", key: in.IdempotencyKey, in: in,
		read: func(ctx context.Context, ids []string) (*db.CaseEntry, error) {
			id, _ := typeid.Parse[typeid.CaseEntryID](ids[0])
			return s.db.CaseEntry.Get(ctx, id)
		},
		prepare: func(ctx context.Context) error {
			if len(in.Attachments) == 0 {
				return nil
			}
			if _, err := s.mayAddEntry(ctx, &in, s.db.ServiceCase, s.db.CaseEntry); err != nil { // before anything is stored
				return err
			}
			return s.storeFiles(ctx, sent)
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.CaseEntry], error) {
			return s.addCaseEntry(ctx, tx, in, sent)
		},
	})
	s.releaseFiles(ctx, sent, err == nil)
	return change, err
}

// mayAddEntry returns the case that the line is for, if it can be added.
func (s *Service) mayAddEntry(ctx context.Context, in *AddCaseEntry, cases *db.ServiceCaseClient, entries *db.CaseEntryClient) (*db.ServiceCase, error) {
	var bad check
	bad.text(&in.Text, maxProse, "text")
	if in.Kind == caseentry.KindSYSTEM {
		bad.add(Invalid, "Lines of this kind are written by the system.", "此类记录由系统写入。", "kind")
	}
	if bad.err() != nil {
		return nil, bad.err()
	}
	c, err := cases.Get(ctx, in.CaseID)
	if err := seen(c, err)("caseId"); err != nil {
		return nil, err
	}
	if in.CorrectsID != nil {
		corrected, err := entries.Query().Where(caseentry.ID(*in.CorrectsID), caseentry.CaseID(c.ID)).Only(ctx)
		if err := seen(corrected, err)("correctsId"); err != nil {
			return nil, err
		}
	}
	_, err = s.take(ent.ViewerFrom(ctx), c, rules.AddEntry, nil, "caseId")
	return c, err
}

func (s *Service) addCaseEntry(ctx context.Context, tx *db.Tx, in AddCaseEntry, sent *sentFiles) (effect[*db.CaseEntry], error) {
	var none effect[*db.CaseEntry]
	c, err := s.mayAddEntry(ctx, &in, tx.ServiceCase, tx.CaseEntry)
	if err != nil {
		return none, err
	}
	now := s.now()
	if c, err = tx.ServiceCase.UpdateOneID(c.ID).SetUpdatedAt(now).Save(ctx); err != nil {
		return none, fmt.Errorf("locking a case: %w", err) // see run: events come in the order of the locks
	}
	changed, ticked := []string{"entries"}, []events.Event{}
	told := outward(in.Kind)
	if told && in.Visibility == caseentry.VisibilityCUSTOMER {
		before := c
		if c.FirstResponseAt == nil {
			if c, err = c.Update().SetFirstResponseAt(now).Save(ctx); err != nil {
				return none, fmt.Errorf("recording the first response: %w", err)
			}
			changed = append(changed, "firstResponseAt", "clocks")
		}
		if ticked, err = s.tick(ctx, tx, before, c, rules.Reply, now); err != nil { // to the clocks it is one
			return none, err
		}
	}
	entry, err := tx.CaseEntry.Create().SetCaseID(c.ID).SetAuthorID(ent.ViewerFrom(ctx).Staff).SetKind(in.Kind).
		SetVisibility(in.Visibility).SetText(in.Text).SetNillableCorrectsID(in.CorrectsID).SetAt(now).Save(ctx)
	if err != nil {
		return none, fmt.Errorf("adding to a case's timeline: %w", err)
	}
	if told {
		if err := s.inTouch(ctx, tx, c.CustomerID, now); err != nil {
			return none, err
		}
	}
	attached, err := sent.attach(ctx, tx, entry, now)
	if err != nil {
		return none, err
	}
	made := []events.Event{caseEvent(EventCaseEntryAdded, c, now, changed...)}
	for _, id := range attached {
		made = append(made, attachmentEvent(EventAttachmentAdded, id, c, now))
	}
	return effect[*db.CaseEntry]{object: entry.Unwrap(), ids: []string{entry.ID.String()}, events: append(made, ticked...)}, nil
}

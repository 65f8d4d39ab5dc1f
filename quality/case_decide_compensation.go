package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecompensation"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ApproveCompensation grants compensation that was asked for.
type ApproveCompensation struct {
	IdempotencyKey   *string
	ID               typeid.CompensationID
	ExpectedRevision int
	Note             *string
}

// ApproveCompensation grants compensation that somebody of a lower level asked for.
// Above the viewer's own limit it goes further up.
func (s *Service) ApproveCompensation(ctx context.Context, in ApproveCompensation) (*Change[*db.CaseCompensation], error) {
	return s.decideCompensation(ctx, compensationDecision{
		name: "caseApproveCompensation", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		status: casecompensation.StatusAPPROVED, event: EventCaseCompensationApproved,
		said: func() (*string, error) {
			var bad check
			bad.optional(&in.Note, maxProse, "note")
			return in.Note, bad.err()
		},
	})
}

// DeclineCompensation refuses compensation that was asked for.
type DeclineCompensation struct {
	IdempotencyKey   *string
	ID               typeid.CompensationID
	ExpectedRevision int
	Reason           string
}

// DeclineCompensation refuses compensation that somebody of a lower level asked for.
func (s *Service) DeclineCompensation(ctx context.Context, in DeclineCompensation) (*Change[*db.CaseCompensation], error) {
	return s.decideCompensation(ctx, compensationDecision{
		name: "caseDeclineCompensation", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		status: casecompensation.StatusDECLINED, event: EventCaseCompensationDeclined,
		said: func() (*string, error) {
			var bad check
			bad.text(&in.Reason, maxProse, "reason")
			return &in.Reason, bad.err()
		},
	})
}

// compensationDecision is a use case that decides on compensation.
type compensationDecision struct {
	name     string // of the mutation
	key      *string
	in       any
	id       typeid.CompensationID
	revision int
	status   casecompensation.Status // to which it leads
	event    string                  // kind of the event
	said     func() (*string, error) // of the decision, checked
}

func (s *Service) decideCompensation(ctx context.Context, d compensationDecision) (*Change[*db.CaseCompensation], error) {
	return run(ctx, s, useCase[*db.CaseCompensation]{
		area: ent.Cases, name: d.name, key: d.key, in: d.in, read: s.readCompensation,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.CaseCompensation], error) {
			var none effect[*db.CaseCompensation]
			comp, err := tx.CaseCompensation.Get(ctx, d.id)
			if err := seen(comp, err)("id"); err != nil {
				return none, err
			}
			now := s.now()
			c, err := tx.ServiceCase.UpdateOneID(comp.CaseID).SetUpdatedAt(now).Save(ctx) // what it was given stays until this is done
			if err != nil {
				return none, fmt.Errorf("locking a case: %w", err)
			}
			if err := s.mayDecide(ctx, tx, comp, c, d.status); err != nil {
				return none, err
			}
			if comp.Revision != d.revision {
				return none, conflict()
			}
			if comp.Status != casecompensation.StatusPENDING {
				return none, reject(Rejected, text("It is decided already.", "已作出决定。"), "id")
			}
			said, err := d.said()
			if err != nil {
				return none, err
			}
			comp, err = tx.CaseCompensation.UpdateOneID(comp.ID).Where(casecompensation.Revision(d.revision)).AddRevision(1).SetUpdatedAt(now).
				SetStatus(d.status).SetDecidedByID(ent.ViewerFrom(ctx).Staff).SetDecidedAt(now).SetNillableDecision(said).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("deciding on compensation: %w", err)
			}
			return effect[*db.CaseCompensation]{object: comp.Unwrap(), ids: []string{comp.ID.String()},
				events: []events.Event{caseEvent(d.event, c, now, "compensations")}}, nil
		},
	})
}

// mayDecide allows a decision to who is at a higher level than who asked, and to
// grant what the case was given with it.
func (s *Service) mayDecide(ctx context.Context, tx *db.Tx, comp *db.CaseCompensation, c *db.ServiceCase, to casecompensation.Status) error {
	v := ent.ViewerFrom(ctx)
	if err := answersForCase(v, c); err != nil {
		return err
	}
	var asked staff.Role // a program's, unless a person asked
	if !comp.AskedByID.IsZero() {
		person, err := tx.Staff.Get(ent.AsSystem(ctx), comp.AskedByID)
		if err != nil {
			return fmt.Errorf("looking up who asked for compensation: %w", err)
		}
		asked = person.Role
	}
	if v.Staff == comp.AskedByID || !rules.Above(v.Role, asked) {
		return forbidden(text("Somebody of a higher level than who asked decides on this.", "须由申请人的上一级管理人员决定。"))
	}
	if to == casecompensation.StatusDECLINED {
		return nil
	}
	given, err := s.given(ctx, tx, c.ID, comp.Currency, casecompensation.StatusAPPROVED)
	if err != nil {
		return err
	}
	if !s.limits.Grants(v.Role, given+comp.Amount, comp.Currency) {
		return forbidden(text("This is above what your level may grant: it goes one level up.", "超出您的审批权限，须由上一级决定。"))
	}
	return nil
}

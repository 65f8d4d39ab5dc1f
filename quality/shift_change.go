package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ReassignShift lets somebody else serve.
type ReassignShift struct {
	IdempotencyKey   *string
	ID               typeid.ShiftID
	ExpectedRevision int
	StaffID          typeid.StaffID
}

// ReassignShift lets somebody else serve, by the word of who answers for the
// department.
func (s *Service) ReassignShift(ctx context.Context, in ReassignShift) (*Change[*db.Shift], error) {
	return s.changeShift(ctx, shiftChange{
		name: "shiftReassign", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		event: EventShiftReassigned, changed: "staff",
		apply: func(ctx context.Context, tx *db.Tx, of *db.Shift, update *db.ShiftUpdateOne) error {
			if err := employedAt(ctx, tx, of.SiteID, in.StaffID, "staffId"); err != nil {
				return err
			}
			if err := s.lockPeople(ctx, tx, in.StaffID); err != nil {
				return err
			}
			update.SetStaffID(in.StaffID)
			return refuseOverlap(ctx, tx, in.StaffID, rules.Duty{Start: of.StartsAt, End: of.EndsAt}, []string{"staffId"}, of.ID)
		},
	})
}

// CancelShift takes a shift off the rota.
type CancelShift struct {
	IdempotencyKey   *string
	ID               typeid.ShiftID
	ExpectedRevision int
}

// CancelShift takes a shift off the rota: nobody serves it.
func (s *Service) CancelShift(ctx context.Context, in CancelShift) (*Change[*db.Shift], error) {
	return s.changeShift(ctx, shiftChange{
		name: "shiftCancel", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		event: EventShiftCancelled, changed: "cancelled",
		apply: func(_ context.Context, _ *db.Tx, _ *db.Shift, update *db.ShiftUpdateOne) error {
			update.SetCancelled(true)
			return nil
		},
	})
}

// shiftChange is a use case that changes one line of the rota.
type shiftChange struct {
	name     string // of the mutation
	key      *string
	in       any
	id       typeid.ShiftID
	revision int
	event    string // kind of the event
	changed  string // name of the API field that changes, besides revision
	apply    func(ctx context.Context, tx *db.Tx, of *db.Shift, update *db.ShiftUpdateOne) error
}

func (s *Service) changeShift(ctx context.Context, c shiftChange) (*Change[*db.Shift], error) {
	return run(ctx, s, useCase[*db.Shift]{
		area: ent.Organisation, name: c.name, key: c.key, in: c.in, read: s.readShift,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Shift], error) {
			var none effect[*db.Shift]
			of, err := tx.Shift.Get(ctx, c.id)
			if err := seen(of, err)("id"); err != nil {
				return none, err
			}
			if err := mayRota(ent.ViewerFrom(ctx), of.SiteID, of.DepartmentID); err != nil {
				return none, err
			}
			if of.Revision != c.revision {
				return none, conflict()
			}
			now := s.now()
			if err := stillToServe(of, now, "id"); err != nil {
				return none, err
			}
			update := tx.Shift.UpdateOneID(of.ID).Where(shift.Revision(of.Revision)).AddRevision(1).SetUpdatedAt(now)
			if err := c.apply(ctx, tx, of, update); err != nil {
				return none, err
			}
			if of, err = update.Save(ctx); db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a shift: %w", err)
			}
			if err := s.replanLater(ctx, tx, controlplan.DepartmentID(of.DepartmentID), controlplan.AtShifts(true)); err != nil {
				return none, err
			}
			return effect[*db.Shift]{object: of.Unwrap(), ids: []string{of.ID.String()},
				events: []events.Event{shiftEvent(c.event, of, now, c.changed, "revision")}}, nil
		},
	})
}

// stillToServe refuses a change of what is over: the rota says who was on duty, too.
func stillToServe(of *db.Shift, now time.Time, path string) error {
	switch {
	case of.Cancelled:
		return reject(Rejected, text("The shift was cancelled.", "该班次已取消。"), path)
	case !of.EndsAt.After(now):
		return reject(Rejected, text("The shift is over; the rota keeps who served.", "该班次已结束，排班记录不再更改。"), path)
	default:
		return nil
	}
}

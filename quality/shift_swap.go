package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/db/shiftswap"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// RequestSwap asks that a colleague serves a shift, for one of the colleague's own or
// for nothing.
type RequestSwap struct {
	IdempotencyKey *string
	ShiftID        typeid.ShiftID
	WithID         typeid.StaffID
	WithShiftID    *typeid.ShiftID
}

// RequestSwap asks for a swap. Who serves the shift may, and who answers for the
// department; nothing changes until a manager agrees.
func (s *Service) RequestSwap(ctx context.Context, in RequestSwap) (*Change[*db.ShiftSwap], error) {
	return run(ctx, s, useCase[*db.ShiftSwap]{
		area: ent.Organisation, name: "shiftSwapRequest", key: in.IdempotencyKey, in: in, read: s.readSwap,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.ShiftSwap], error) {
			var none effect[*db.ShiftSwap]
			given, err := tx.Shift.Get(ctx, in.ShiftID)
			if err := seen(given, err)("shiftId"); err != nil {
				return none, err
			}
			v := ent.ViewerFrom(ctx)
			if (v.Staff.IsZero() || v.Staff != given.StaffID) && !answersFor(v, given.SiteID, given.DepartmentID) {
				return none, forbidden(text("Only who serves the shift, or answers for the department, may ask for a swap.", "只有当班员工或部门负责人可以申请换班。"))
			}
			if err := employedAt(ctx, tx, given.SiteID, in.WithID, "withId"); err != nil {
				return none, err
			}
			now := s.now()
			create := tx.ShiftSwap.Create().SetSiteID(given.SiteID).SetDepartmentID(given.DepartmentID).SetShiftID(given.ID).
				SetStaffID(given.StaffID).SetWithID(in.WithID).SetRequestedAt(now).SetUpdatedAt(now)
			var returned *db.Shift
			if in.WithShiftID != nil {
				returned, err = tx.Shift.Get(ctx, *in.WithShiftID)
				if err := seen(returned, err)("withShiftId"); err != nil {
					return none, err
				}
				create.SetWithShiftID(returned.ID)
			}
			if err := checkSwap(ctx, tx, swapOf{given.StaffID, in.WithID, given, returned}, now, "shiftId", "withId", "withShiftId"); err != nil {
				return none, err
			}
			swap, err := create.Save(ctx)
			if err != nil {
				return none, fmt.Errorf("asking for a swap: %w", err)
			}
			return effect[*db.ShiftSwap]{object: swap.Unwrap(), ids: []string{swap.ID.String()},
				events: []events.Event{swapEvent(EventSwapRequested, swap, now)}}, nil
		},
	})
}

func (s *Service) readSwap(ctx context.Context, ids []string) (*db.ShiftSwap, error) {
	id, _ := typeid.Parse[typeid.ShiftSwapID](ids[0])
	return s.db.ShiftSwap.Get(ctx, id)
}

func swapEvent(kind string, swap *db.ShiftSwap, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: swap.ID.String(), Changed: changed, At: now,
		Site: swap.SiteID, Department: swap.DepartmentID, Owner: swap.StaffID, Origin: swap.WithID}
}

// swapOf is who gives which shift, and who takes it for which; returned may be nil.
type swapOf struct {
	staff, with     typeid.StaffID
	given, returned *db.Shift
}

// checkSwap checks that both shifts are still to be served, by those who would swap
// them, and that nobody would be on duty twice at a time. The paths are those of the
// given shift, of who takes it and of the returned one.
func checkSwap(ctx context.Context, tx *db.Tx, w swapOf, now time.Time, given, with, returned string) error {
	if err := stillToServe(w.given, now, given); err != nil {
		return err
	}
	if w.staff == w.with {
		return reject(Invalid, text("Nobody swaps with themselves.", "不能与本人换班。"), with)
	}
	if w.given.StaffID != w.staff {
		return servedByAnother(given)
	}
	both := []typeid.ShiftID{w.given.ID}
	if w.returned != nil {
		both = append(both, w.returned.ID)
		if err := stillToServe(w.returned, now, returned); err != nil {
			return err
		}
		if w.returned.StaffID != w.with || w.returned.DepartmentID != w.given.DepartmentID {
			return servedByAnother(returned)
		}
		if err := refuseOverlap(ctx, tx, w.staff, rules.Duty{Start: w.returned.StartsAt, End: w.returned.EndsAt}, []string{returned}, both...); err != nil {
			return err
		}
	}
	return refuseOverlap(ctx, tx, w.with, rules.Duty{Start: w.given.StartsAt, End: w.given.EndsAt}, []string{with}, both...)
}

func servedByAnother(path string) error {
	return reject(Rejected, text("This shift is not, or no longer, served by that person in this department.", "该班次不属于或不再属于该部门的这名员工。"), path)
}

// DecideSwap agrees to a swap, or refuses it.
type DecideSwap struct {
	IdempotencyKey   *string
	ID               typeid.ShiftSwapID
	ExpectedRevision int
	Agreed           bool
}

// DecideSwap decides on a swap. With the agreement of who answers for the department
// the rota changes; nobody decides on a swap of their own.
func (s *Service) DecideSwap(ctx context.Context, in DecideSwap) (*Change[*db.ShiftSwap], error) {
	return run(ctx, s, useCase[*db.ShiftSwap]{
		area: ent.Organisation, name: "shiftSwapDecide", key: in.IdempotencyKey, in: in, read: s.readSwap,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.ShiftSwap], error) {
			var none effect[*db.ShiftSwap]
			swap, err := s.undecidedSwap(ctx, tx, in)
			if err != nil {
				return none, err
			}
			now := s.now()
			status, kind := shiftswap.StatusREFUSED, EventSwapRefused
			var told []events.Event
			if in.Agreed {
				status, kind = shiftswap.StatusAGREED, EventSwapAgreed
				if err := s.lockPeople(ctx, tx, swap.StaffID, swap.WithID); err != nil {
					return none, err
				}
				if told, err = carryOutSwap(ctx, tx, swap, now); err != nil {
					return none, err
				}
			}
			swap, err = tx.ShiftSwap.UpdateOneID(swap.ID).Where(shiftswap.Revision(in.ExpectedRevision)).AddRevision(1).
				SetStatus(status).SetDecidedByID(ent.ViewerFrom(ctx).Staff).SetDecidedAt(now).SetUpdatedAt(now).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("deciding on a swap: %w", err)
			}
			return effect[*db.ShiftSwap]{object: swap.Unwrap(), ids: []string{swap.ID.String()},
				events: append(told, swapEvent(kind, swap, now, "status", "decidedBy", "decidedAt", "revision"))}, nil
		},
	})
}

// undecidedSwap loads a swap that the viewer may decide on.
func (s *Service) undecidedSwap(ctx context.Context, tx *db.Tx, in DecideSwap) (*db.ShiftSwap, error) {
	swap, err := tx.ShiftSwap.Query().Where(shiftswap.ID(in.ID)).WithShift().WithWithShift().Only(ctx)
	if err := seen(swap, err)("id"); err != nil {
		return nil, err
	}
	v := ent.ViewerFrom(ctx)
	if own := !v.Staff.IsZero() && (v.Staff == swap.StaffID || v.Staff == swap.WithID); own || !answersFor(v, swap.SiteID, swap.DepartmentID) {
		return nil, forbidden(text("Only a manager of the department who has no part in the swap may decide on it.", "只有未参与换班的部门负责人可以审批。"))
	}
	if swap.Revision != in.ExpectedRevision {
		return nil, conflict()
	}
	if swap.Status != shiftswap.StatusREQUESTED {
		return nil, reject(Rejected, text("This swap was decided already.", "该换班申请已审批。"), "id")
	}
	return swap, nil
}

// carryOutSwap changes who serves the shifts of a swap.
func carryOutSwap(ctx context.Context, tx *db.Tx, swap *db.ShiftSwap, now time.Time) ([]events.Event, error) {
	given, returned := swap.Edges.Shift, swap.Edges.WithShift
	if err := checkSwap(ctx, tx, swapOf{swap.StaffID, swap.WithID, given, returned}, now, "id", "id", "id"); err != nil {
		return nil, err
	}
	var told []events.Event
	serve := func(of *db.Shift, by typeid.StaffID) error {
		served, err := tx.Shift.UpdateOneID(of.ID).Where(shift.Revision(of.Revision)).AddRevision(1).SetStaffID(by).SetUpdatedAt(now).Save(ctx)
		if db.IsNotFound(err) {
			return conflict()
		}
		if err != nil {
			return fmt.Errorf("swapping a shift: %w", err)
		}
		e := shiftEvent(EventShiftReassigned, served, now, "staff", "revision")
		e.Origin = of.StaffID // who gave it away reads it, too
		told = append(told, e)
		return nil
	}
	if err := serve(given, swap.WithID); err != nil {
		return nil, err
	}
	if returned != nil {
		if err := serve(returned, swap.StaffID); err != nil {
			return nil, err
		}
	}
	return told, nil
}

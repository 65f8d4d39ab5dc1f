package graph

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/db/shiftswap"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type (
	shiftResolver     struct{ *Resolver }
	shiftSwapResolver struct{ *Resolver }
)

// Shift resolves the fields of Shift.
func (r *Resolver) Shift() generated.ShiftResolver { return &shiftResolver{r} }

// ShiftSwap resolves the fields of ShiftSwap.
func (r *Resolver) ShiftSwap() generated.ShiftSwapResolver { return &shiftSwapResolver{r} }

func (r *queryResolver) Shifts(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.ShiftFilter, order *model.ShiftOrder) (*relay.ShiftConnection, error) {
	return list(ctx, ent.Organisation, r.Database.Shift.Query(), shiftFilter(ctx, filter), relay.Args{First: first, After: after, Last: last, Before: before},
		relay.Sort[db.Shift]{
			Name: "shift.from", Column: shift.FieldStartsAt, Desc: order != nil && order.Direction == model.OrderDirectionDesc,
			Key: func(s *db.Shift) (any, fmt.Stringer) { return s.StartsAt, s.ID },
			ID:  parsed[typeid.ShiftID],
		})
}

func shiftFilter(ctx context.Context, f *model.ShiftFilter) (c conditions[predicate.Shift]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, shift.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, shift.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.StaffID, shift.StaffID, toStaff)
	where(&c, f.From, shift.StartsAtGTE)
	where(&c, f.Before, shift.StartsAtLT)
	whereIs(&c, f.Cancelled, shift.FieldCancelled)
	return c
}

func (r *queryResolver) ShiftSwaps(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.ShiftSwapFilter, order *model.ShiftSwapOrder) (*relay.ShiftSwapConnection, error) {
	return list(ctx, ent.Organisation, r.Database.ShiftSwap.Query(), swapFilter(ctx, filter), relay.Args{First: first, After: after, Last: last, Before: before},
		relay.Sort[db.ShiftSwap]{
			Name: "swap.requestedAt", Column: shiftswap.FieldRequestedAt, Desc: order == nil || order.Direction == model.OrderDirectionDesc,
			Key: func(s *db.ShiftSwap) (any, fmt.Stringer) { return s.RequestedAt, s.ID },
			ID:  parsed[typeid.ShiftSwapID],
		})
}

func swapFilter(ctx context.Context, f *model.ShiftSwapFilter) (c conditions[predicate.ShiftSwap]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, shiftswap.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, shiftswap.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.StaffID, shiftswap.StaffID, toStaff)
	whereRefers(ctx, &c, f.WithID, shiftswap.WithID, toStaff)
	whereIn(&c, f.Status, shiftswap.StatusIn)
	return c
}

func (r *departmentResolver) OnDuty(ctx context.Context, obj *db.Department, at *time.Time) ([]*db.Staff, error) {
	people, err := many(ctx, obj, departmentID, func(ids []typeid.DepartmentID) (map[typeid.DepartmentID][]*db.Staff, error) {
		return r.onDuty(ctx, ids, at)
	})
	return notNil(people), err
}

// onDuty returns who serves in each department, and lets all of them load together.
func (r *Resolver) onDuty(ctx context.Context, departments []typeid.DepartmentID, at *time.Time) (map[typeid.DepartmentID][]*db.Staff, error) {
	serving, err := r.Quality.OnDuty(ctx, departments, at)
	if err != nil {
		return nil, err
	}
	var ids []typeid.StaffID
	for _, people := range serving {
		ids = append(ids, people...)
	}
	rows, err := r.Database.Staff.Query().Where(staff.IDIn(ids...)).All(ctx)
	known := map[typeid.StaffID]*db.Staff{}
	for _, person := range siblings.Together(rows) {
		known[person.ID] = person
	}
	of := map[typeid.DepartmentID][]*db.Staff{}
	for department, people := range serving {
		for _, id := range people {
			if person := known[id]; person != nil {
				of[department] = append(of[department], person)
			}
		}
	}
	return of, err
}

func (r *shiftResolver) Site(ctx context.Context, obj *db.Shift) (*db.Site, error) {
	return one(ctx, obj, func(s *db.Shift) typeid.SiteID { return s.SiteID }, r.sites())
}

func (r *shiftResolver) Department(ctx context.Context, obj *db.Shift) (*db.Department, error) {
	return one(ctx, obj, func(s *db.Shift) typeid.DepartmentID { return s.DepartmentID }, r.departments())
}

func (r *shiftResolver) Staff(ctx context.Context, obj *db.Shift) (*db.Staff, error) {
	return one(ctx, obj, func(s *db.Shift) typeid.StaffID { return s.StaffID }, r.staff())
}

func (r *shiftSwapResolver) Site(ctx context.Context, obj *db.ShiftSwap) (*db.Site, error) {
	return one(ctx, obj, func(s *db.ShiftSwap) typeid.SiteID { return s.SiteID }, r.sites())
}

func (r *shiftSwapResolver) Department(ctx context.Context, obj *db.ShiftSwap) (*db.Department, error) {
	return one(ctx, obj, func(s *db.ShiftSwap) typeid.DepartmentID { return s.DepartmentID }, r.departments())
}

func (r *shiftSwapResolver) Shift(ctx context.Context, obj *db.ShiftSwap) (*db.Shift, error) {
	return one(ctx, obj, func(s *db.ShiftSwap) typeid.ShiftID { return s.ShiftID }, r.shifts())
}

func (r *shiftSwapResolver) Staff(ctx context.Context, obj *db.ShiftSwap) (*db.Staff, error) {
	return one(ctx, obj, func(s *db.ShiftSwap) typeid.StaffID { return s.StaffID }, r.staff())
}

func (r *shiftSwapResolver) With(ctx context.Context, obj *db.ShiftSwap) (*db.Staff, error) {
	return one(ctx, obj, func(s *db.ShiftSwap) typeid.StaffID { return s.WithID }, r.staff())
}

func (r *shiftSwapResolver) WithShift(ctx context.Context, obj *db.ShiftSwap) (*db.Shift, error) {
	return one(ctx, obj, func(s *db.ShiftSwap) typeid.ShiftID { return s.WithShiftID }, r.shifts())
}

func (r *shiftSwapResolver) DecidedBy(ctx context.Context, obj *db.ShiftSwap) (*db.Staff, error) {
	return one(ctx, obj, func(s *db.ShiftSwap) typeid.StaffID { return s.DecidedByID }, r.staff())
}

func (r *mutationResolver) RotaPlan(ctx context.Context, input quality.PlanRota) (*model.RotaPlanPayload, error) {
	payload, err := change(ctx, r.Quality.PlanRota, input)
	siblings.Together(payload.Object)
	return payload, err
}

func (r *mutationResolver) ShiftReassign(ctx context.Context, input quality.ReassignShift) (*model.ShiftPayload, error) {
	return change(ctx, r.Quality.ReassignShift, input)
}

func (r *mutationResolver) ShiftCancel(ctx context.Context, input quality.CancelShift) (*model.ShiftPayload, error) {
	return change(ctx, r.Quality.CancelShift, input)
}

func (r *mutationResolver) ShiftSwapRequest(ctx context.Context, input quality.RequestSwap) (*model.ShiftSwapPayload, error) {
	return change(ctx, r.Quality.RequestSwap, input)
}

func (r *mutationResolver) ShiftSwapDecide(ctx context.Context, input quality.DecideSwap) (*model.ShiftSwapPayload, error) {
	return change(ctx, r.Quality.DecideSwap, input)
}

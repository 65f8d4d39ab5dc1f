package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type visitResolver struct{ *Resolver }

// Visit resolves the fields of Visit.
func (r *Resolver) Visit() generated.VisitResolver { return &visitResolver{r} }

func (r *queryResolver) Visits(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.VisitFilter, order *model.VisitOrder) (*relay.VisitConnection, error) {
	return list(ctx, ent.Customers, r.Database.Visit.Query(), visitFilter(ctx, filter), relay.Args{First: first, After: after, Last: last, Before: before},
		relay.Sort[db.Visit]{
			Name: "visit.at", Column: visit.FieldAt, Desc: order == nil || order.Direction == model.OrderDirectionDesc,
			Key: func(v *db.Visit) (any, fmt.Stringer) { return v.At, v.ID },
			ID:  parsed[typeid.VisitID],
		})
}

func visitFilter(ctx context.Context, f *model.VisitFilter) (c conditions[predicate.Visit]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, visit.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, visit.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.CustomerID, visit.CustomerID, toCustomer)
	whereRefers(ctx, &c, f.AssignedID, visit.AssignedID, toStaff)
	whereRefers(ctx, &c, f.ReceivedByID, visit.ReceivedByID, toStaff)
	where(&c, f.From, visit.AtGTE)
	where(&c, f.Before, visit.AtLT)
	whereIn(&c, f.Channel, visit.ChannelIn)
	whereIn(&c, f.NoCustomer, visit.NoCustomerIn)
	return c
}

func (r *visitResolver) Site(ctx context.Context, obj *db.Visit) (*db.Site, error) {
	return one(ctx, obj, func(v *db.Visit) typeid.SiteID { return v.SiteID }, r.sites())
}

func (r *visitResolver) Department(ctx context.Context, obj *db.Visit) (*db.Department, error) {
	return one(ctx, obj, func(v *db.Visit) typeid.DepartmentID { return v.DepartmentID }, r.departments())
}

func (r *visitResolver) Customer(ctx context.Context, obj *db.Visit) (*db.Customer, error) {
	return one(ctx, obj, func(v *db.Visit) typeid.CustomerID { return v.CustomerID }, r.customers())
}

func (r *visitResolver) Owner(ctx context.Context, obj *db.Visit) (*db.Staff, error) {
	return one(ctx, obj, func(v *db.Visit) typeid.StaffID { return v.OwnerID }, r.staff())
}

func (r *visitResolver) Assigned(ctx context.Context, obj *db.Visit) (*db.Staff, error) {
	return one(ctx, obj, func(v *db.Visit) typeid.StaffID { return v.AssignedID }, r.staff())
}

func (r *visitResolver) ReceivedBy(ctx context.Context, obj *db.Visit) (*db.Staff, error) {
	return one(ctx, obj, func(v *db.Visit) typeid.StaffID { return v.ReceivedByID }, r.staff())
}

func (r *visitResolver) DealingWith(ctx context.Context, obj *db.Visit) (*db.Staff, error) {
	return one(ctx, obj, func(v *db.Visit) typeid.StaffID { return v.DealingWithID }, r.staff())
}

func (r *visitResolver) DecidedBy(ctx context.Context, obj *db.Visit) (*db.Staff, error) {
	return one(ctx, obj, func(v *db.Visit) typeid.StaffID { return v.DecidedByID }, r.staff())
}

func (r *mutationResolver) ReceptionRegister(ctx context.Context, input quality.RegisterVisit) (*model.VisitPayload, error) {
	return change(ctx, r.Quality.RegisterVisit, input)
}

func (r *mutationResolver) ReceptionNoCustomer(ctx context.Context, input quality.ReportNoCustomer) (*model.VisitPayload, error) {
	return change(ctx, r.Quality.ReportNoCustomer, input)
}

func (r *mutationResolver) ReceptionExtraTurn(ctx context.Context, input quality.DecideExtraTurn) (*model.VisitPayload, error) {
	return change(ctx, r.Quality.DecideExtraTurn, input)
}

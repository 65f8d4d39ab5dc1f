package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/ownerchange"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type ownerChangeResolver struct{ *Resolver }

// OwnerChange resolves the fields of OwnerChange.
func (r *Resolver) OwnerChange() generated.OwnerChangeResolver { return &ownerChangeResolver{r} }

func ownerChangeSort() relay.Sort[db.OwnerChange] {
	return relay.Sort[db.OwnerChange]{
		Name: "ownerChange.at", Column: ownerchange.FieldAt, Desc: true,
		Key: func(o *db.OwnerChange) (any, fmt.Stringer) { return o.At, o.ID },
		ID:  parsed[typeid.OwnerChangeID],
	}
}

func (r *customerResolver) OwnerChanges(ctx context.Context, obj *db.Customer, first *int, after *string, last *int, before *string) (*relay.OwnerChangeConnection, error) {
	return many(ctx, obj, func(c *db.Customer) typeid.CustomerID { return c.ID },
		func(ids []typeid.CustomerID) (map[typeid.CustomerID]*relay.OwnerChangeConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.OwnerChangeQuery, db.OwnerChange, predicate.OwnerChange, typeid.CustomerID]{
				Query: r.Database.OwnerChange.Query(), Table: ownerchange.Table, Column: ownerchange.FieldCustomerID, Scope: scope(ctx, db.TypeOwnerChange),
				Parent: func(o *db.OwnerChange) typeid.CustomerID { return o.CustomerID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, ownerChangeSort())
		})
}

func (r *ownerChangeResolver) Customer(ctx context.Context, obj *db.OwnerChange) (*db.Customer, error) {
	return one(ctx, obj, func(o *db.OwnerChange) typeid.CustomerID { return o.CustomerID }, r.customers())
}

func (r *ownerChangeResolver) From(ctx context.Context, obj *db.OwnerChange) (*db.Staff, error) {
	return one(ctx, obj, func(o *db.OwnerChange) typeid.StaffID { return o.FromID }, r.staff())
}

func (r *ownerChangeResolver) To(ctx context.Context, obj *db.OwnerChange) (*db.Staff, error) {
	return one(ctx, obj, func(o *db.OwnerChange) typeid.StaffID { return o.ToID }, r.staff())
}

func (r *ownerChangeResolver) Staff(ctx context.Context, obj *db.OwnerChange) (*db.Staff, error) {
	return one(ctx, obj, func(o *db.OwnerChange) typeid.StaffID { return o.StaffID }, r.staff())
}

func (r *mutationResolver) CustomerReassign(ctx context.Context, input quality.ReassignCustomer) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.ReassignCustomer, input)
}

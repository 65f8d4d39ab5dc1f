package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactattempt"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type contactAttemptResolver struct{ *Resolver }

// ContactAttempt resolves the fields of ContactAttempt.
func (r *Resolver) ContactAttempt() generated.ContactAttemptResolver {
	return &contactAttemptResolver{r}
}

func contactAttemptSort() relay.Sort[db.ContactAttempt] {
	return relay.Sort[db.ContactAttempt]{
		Name: "contactAttempt.at", Column: contactattempt.FieldAt, Desc: true,
		Key: func(a *db.ContactAttempt) (any, fmt.Stringer) { return a.At, a.ID },
		ID:  parsed[typeid.ContactAttemptID],
	}
}

func (r *customerResolver) ContactAttempts(ctx context.Context, obj *db.Customer, first *int, after *string, last *int, before *string) (*relay.ContactAttemptConnection, error) {
	return many(ctx, obj, func(c *db.Customer) typeid.CustomerID { return c.ID },
		func(ids []typeid.CustomerID) (map[typeid.CustomerID]*relay.ContactAttemptConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.ContactAttemptQuery, db.ContactAttempt, predicate.ContactAttempt, typeid.CustomerID]{
				Query: r.Database.ContactAttempt.Query(), Table: contactattempt.Table, Column: contactattempt.FieldCustomerID, Scope: scope(ctx, db.TypeContactAttempt),
				Parent: func(a *db.ContactAttempt) typeid.CustomerID { return a.CustomerID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, contactAttemptSort())
		})
}

func (r *contactAttemptResolver) Customer(ctx context.Context, obj *db.ContactAttempt) (*db.Customer, error) {
	return one(ctx, obj, func(a *db.ContactAttempt) typeid.CustomerID { return a.CustomerID }, r.customers())
}

func (r *contactAttemptResolver) Case(ctx context.Context, obj *db.ContactAttempt) (*db.ServiceCase, error) {
	return one(ctx, obj, func(a *db.ContactAttempt) typeid.CaseID { return a.CaseID }, r.cases())
}

func (r *contactAttemptResolver) Staff(ctx context.Context, obj *db.ContactAttempt) (*db.Staff, error) {
	return one(ctx, obj, func(a *db.ContactAttempt) typeid.StaffID { return a.StaffID }, r.staff())
}

func (r *mutationResolver) CustomerRecordContact(ctx context.Context, input quality.RecordContact) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.RecordContact, input)
}

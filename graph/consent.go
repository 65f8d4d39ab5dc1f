package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type consentResolver struct{ *Resolver }

// Consent resolves the fields of Consent.
func (r *Resolver) Consent() generated.ConsentResolver { return &consentResolver{r} }

func consentSort() relay.Sort[db.Consent] {
	return relay.Sort[db.Consent]{
		Name: "consent.at", Column: consent.FieldAt, Desc: true,
		Key: func(c *db.Consent) (any, fmt.Stringer) { return c.At, c.ID },
		ID:  parsed[typeid.ConsentID],
	}
}

func (r *customerResolver) Consents(ctx context.Context, obj *db.Customer) ([]*db.Consent, error) {
	found, err := many(ctx, obj, func(c *db.Customer) typeid.CustomerID { return c.ID },
		func(ids []typeid.CustomerID) (map[typeid.CustomerID][]*db.Consent, error) {
			current, err := r.Database.Consent.Query().Where(consent.CustomerIDIn(ids...), consent.Current(true)).
				Order(consent.ByPurpose()).All(ctx)
			return group(current, func(c *db.Consent) typeid.CustomerID { return c.CustomerID }), err
		})
	return notNil(found), err
}

func (r *customerResolver) ConsentHistory(ctx context.Context, obj *db.Customer, first *int, after *string, last *int, before *string) (*relay.ConsentConnection, error) {
	return many(ctx, obj, func(c *db.Customer) typeid.CustomerID { return c.ID },
		func(ids []typeid.CustomerID) (map[typeid.CustomerID]*relay.ConsentConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.ConsentQuery, db.Consent, predicate.Consent, typeid.CustomerID]{
				Query: r.Database.Consent.Query(), Table: consent.Table, Column: consent.FieldCustomerID, Scope: scope(ctx, db.TypeConsent),
				Parent: func(c *db.Consent) typeid.CustomerID { return c.CustomerID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, consentSort())
		})
}

func (r *consentResolver) Customer(ctx context.Context, obj *db.Consent) (*db.Customer, error) {
	return one(ctx, obj, func(c *db.Consent) typeid.CustomerID { return c.CustomerID }, r.customers())
}

func (r *consentResolver) Staff(ctx context.Context, obj *db.Consent) (*db.Staff, error) {
	return one(ctx, obj, func(c *db.Consent) typeid.StaffID { return c.StaffID }, r.staff())
}

func (r *mutationResolver) CustomerRecordConsent(ctx context.Context, input quality.RecordConsent) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.RecordConsent, input)
}

package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/disclosure"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type disclosureResolver struct{ *Resolver }

// Disclosure resolves the fields of Disclosure.
func (r *Resolver) Disclosure() generated.DisclosureResolver { return &disclosureResolver{r} }

func disclosureSort() relay.Sort[db.Disclosure] {
	return relay.Sort[db.Disclosure]{
		Name: "disclosure.at", Column: disclosure.FieldAt, Desc: true,
		Key: func(d *db.Disclosure) (any, fmt.Stringer) { return d.At, d.ID },
		ID:  parsed[typeid.DisclosureID],
	}
}

func (r *customerResolver) Disclosures(ctx context.Context, obj *db.Customer, first *int, after *string, last *int, before *string) (*relay.DisclosureConnection, error) {
	return many(ctx, obj, func(c *db.Customer) typeid.CustomerID { return c.ID },
		func(ids []typeid.CustomerID) (map[typeid.CustomerID]*relay.DisclosureConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.DisclosureQuery, db.Disclosure, predicate.Disclosure, typeid.CustomerID]{
				Query: r.Database.Disclosure.Query(), Table: disclosure.Table, Column: disclosure.FieldCustomerID, Scope: scope(ctx, db.TypeDisclosure),
				Parent: func(d *db.Disclosure) typeid.CustomerID { return d.CustomerID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, disclosureSort())
		})
}

func (r *disclosureResolver) Customer(ctx context.Context, obj *db.Disclosure) (*db.Customer, error) {
	return one(ctx, obj, func(d *db.Disclosure) typeid.CustomerID { return d.CustomerID }, r.customers())
}

func (r *disclosureResolver) Staff(ctx context.Context, obj *db.Disclosure) (*db.Staff, error) {
	return one(ctx, obj, func(d *db.Disclosure) typeid.StaffID { return d.StaffID }, r.staff())
}

func (r *mutationResolver) CustomerReveal(ctx context.Context, input quality.RevealCustomer) (*model.CustomerRevealPayload, error) {
	done, err := change(ctx, r.Quality.RevealCustomer, input)
	payload := &model.CustomerRevealPayload{Contacts: []quality.RevealedContact{}, Errors: done.Errors, Warnings: done.Warnings, Cursor: done.Cursor}
	if done.Object != nil {
		payload.Customer, payload.Contacts = done.Object.Customer, done.Object.Contacts
	}
	return payload, err
}

package graph

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/externalid"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

type customerResolver struct{ *Resolver }

// Customer resolves the fields of Customer.
func (r *Resolver) Customer() generated.CustomerResolver { return &customerResolver{r} }

func customerSort(order *model.CustomerOrder) relay.Sort[db.Customer] {
	if order != nil && order.Field == model.CustomerOrderFieldNextContactAt {
		return relay.Sort[db.Customer]{
			Name: "customer.nextContactAt", Column: customer.FieldNextContactAt, Desc: order.Direction == model.OrderDirectionDesc,
			Key: func(c *db.Customer) (any, fmt.Stringer) {
				if c.NextContactAt == nil { // of no row: asked for the kind of value
					return time.Time{}, c.ID
				}
				return *c.NextContactAt, c.ID
			},
			ID: parsed[typeid.CustomerID],
		}
	}
	return relay.Sort[db.Customer]{
		Name: "customer.registeredAt", Column: customer.FieldRegisteredAt, Desc: order == nil || order.Direction == model.OrderDirectionDesc,
		Key: func(c *db.Customer) (any, fmt.Stringer) { return c.RegisteredAt, c.ID },
		ID:  parsed[typeid.CustomerID],
	}
}

func (r *Resolver) customerFilter(ctx context.Context, f *model.CustomerFilter) (c conditions[predicate.Customer]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, customer.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, customer.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.OwnerID, customer.OwnerID, toStaff)
	where(&c, f.ContactDueBy, func(by time.Time) predicate.Customer { return customer.NextContactAtLTE(by.UTC()) })
	where(&c, f.Class, func(class string) predicate.Customer {
		return customer.Class(strings.ToLower(strings.TrimSpace(class)))
	})
	if f.ExternalSystem == nil {
		where(&c, f.ExternalID, customer.ExternalID)
	} else {
		var called conditions[predicate.ExternalID]
		where(&called, f.ExternalSystem, externalid.System)
		where(&called, f.ExternalID, externalid.Value)
		c.all = append(c.all, customer.HasExternalIdsWith(called.all...))
	}
	where(&c, f.Merged, func(merged bool) predicate.Customer {
		if merged {
			return customer.MergedIntoIDNotNil()
		}
		return customer.MergedIntoIDIsNil()
	})
	whereFound(ctx, r, &c, ent.CustomerTexts, f.Text)
	r.whereContact(ctx, &c, contact.PhoneField, f.Phone, f.SiteID)
	r.whereContact(ctx, &c, contact.EmailField, f.Email, f.SiteID)
	return c
}

// whereContact adds a condition on contact data, which is written as at the site
// named, else as at the viewer's own. A text that is no such data belongs to no
// customer.
func (r *Resolver) whereContact(ctx context.Context, c *conditions[predicate.Customer], f contact.Field, value *string, at *typeid.SiteID) {
	if value == nil {
		return
	}
	id, asking := ent.ViewerFrom(ctx).Site, ent.AsSystem(ctx) // one's own site needs no scope
	if at != nil {
		id, asking = *at, ctx
	}
	country := ""
	if site, err := r.Database.Site.Get(asking, id); err == nil {
		country = site.Country
	} else if !db.IsNotFound(err) {
		c.err = err
		return
	}
	digests, err := r.Quality.ContactDigests(ctx, f, *value, country)
	if err != nil {
		c.err = err
		return
	}
	c.all = append(c.all, customer.HasContactPointsWith(contactpoint.DigestIn(digests...)))
}

func (r *queryResolver) Customers(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.CustomerFilter, order *model.CustomerOrder) (*relay.CustomerConnection, error) {
	query := r.Database.Customer.Query()
	if order != nil && order.Field == model.CustomerOrderFieldNextContactAt {
		query.Where(customer.NextContactAtNotNil())
	}
	return list(ctx, ent.Customers, query, r.customerFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, customerSort(order))
}

func (r *customerResolver) Site(ctx context.Context, obj *db.Customer) (*db.Site, error) {
	return one(ctx, obj, func(c *db.Customer) typeid.SiteID { return c.SiteID }, r.sites())
}

func (r *customerResolver) Department(ctx context.Context, obj *db.Customer) (*db.Department, error) {
	return one(ctx, obj, func(c *db.Customer) typeid.DepartmentID { return c.DepartmentID }, r.departments())
}

func (r *customerResolver) Owner(ctx context.Context, obj *db.Customer) (*db.Staff, error) {
	return one(ctx, obj, func(c *db.Customer) typeid.StaffID { return c.OwnerID }, r.staff())
}

func (r *customerResolver) MergedInto(ctx context.Context, obj *db.Customer) (*db.Customer, error) {
	return one(ctx, obj, func(c *db.Customer) typeid.CustomerID { return c.MergedIntoID }, r.customers())
}

func (r *customerResolver) Cases(ctx context.Context, obj *db.Customer, first *int, after *string, last *int, before *string, filter *model.CaseFilter, order *model.CaseOrder) (*relay.CaseConnection, error) {
	return many(ctx, obj, func(c *db.Customer) typeid.CustomerID { return c.ID },
		func(ids []typeid.CustomerID) (map[typeid.CustomerID]*relay.CaseConnection, error) {
			return nestedCases(ctx, r.Resolver, ids, servicecase.FieldCustomerID, func(c *db.ServiceCase) typeid.CustomerID { return c.CustomerID },
				filter, relay.Args{First: first, After: after, Last: last, Before: before}, order)
		})
}

func (r *customerResolver) Preferences(_ context.Context, obj *db.Customer) ([]*quality.CustomerPreference, error) {
	return quality.Preferences(obj), nil
}

func (r *mutationResolver) CustomerRegister(ctx context.Context, input quality.RegisterCustomer) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.RegisterCustomer, input)
}

func (r *mutationResolver) CustomerMerge(ctx context.Context, input quality.MergeCustomers) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.MergeCustomers, input)
}

func (r *mutationResolver) CustomerUpdate(ctx context.Context, input model.CustomerUpdateInput) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.UpdateCustomer, quality.UpdateCustomer{
		IdempotencyKey: input.IdempotencyKey, ID: input.ID, ExpectedRevision: input.ExpectedRevision,
		Name: input.Name, Kind: input.Kind, Phone: field(input.Phone), Email: field(input.Email), Source: field(input.Source), Class: field(input.Class), ContactEvery: field(input.ContactEvery), Preferences: input.Preferences,
		DepartmentID: field(input.DepartmentID), OwnerID: field(input.OwnerID),
	})
}

// field tells a value that was left out from one that was given as null.
func field[T any](o graphql.Omittable[T]) quality.Field[T] {
	value, set := o.ValueOK()
	return quality.Field[T]{Value: value, Set: set}
}

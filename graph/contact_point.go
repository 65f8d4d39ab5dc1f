package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/quality"
)

type contactPointResolver struct{ *Resolver }

// ContactPoint resolves the fields of ContactPoint.
func (r *Resolver) ContactPoint() generated.ContactPointResolver { return &contactPointResolver{r} }

// ContactPoints loads under a name of its own, for Phone and Email ask it, too.
func (r *customerResolver) ContactPoints(ctx context.Context, obj *db.Customer) ([]*db.ContactPoint, error) {
	set := obj.Siblings()
	found, err := set.Once("contact points", func() (any, error) {
		var ids []typeid.CustomerID
		for _, c := range siblings.Rows[db.Customer](set) {
			ids = append(ids, c.ID)
		}
		points, err := r.Database.ContactPoint.Query().Where(contactpoint.CustomerIDIn(ids...), contactpoint.RemovedAtIsNil()).
			Order(contactpoint.ByPrimary(sql.OrderDesc()), contactpoint.ByAddedAt(), contactpoint.ByID()).All(ctx)
		return group(points, func(p *db.ContactPoint) typeid.CustomerID { return p.CustomerID }), err
	})
	if err != nil {
		return nil, err
	}
	return notNil(found.(map[typeid.CustomerID][]*db.ContactPoint)[obj.ID]), nil
}

func (r *customerResolver) Phone(ctx context.Context, obj *db.Customer) (*string, error) {
	return r.primary(ctx, obj, contactpoint.KindPHONE)
}

func (r *customerResolver) Email(ctx context.Context, obj *db.Customer) (*string, error) {
	return r.primary(ctx, obj, contactpoint.KindEMAIL)
}

// primary is the masked value of the primary contact point of a kind.
func (r *customerResolver) primary(ctx context.Context, obj *db.Customer, kind contactpoint.Kind) (*string, error) {
	points, err := r.ContactPoints(ctx, obj)
	if err != nil {
		return nil, err
	}
	for _, p := range points {
		if p.Kind == kind && p.Primary {
			return r.Quality.Masked(p)
		}
	}
	return nil, nil
}

func (r *contactPointResolver) Customer(ctx context.Context, obj *db.ContactPoint) (*db.Customer, error) {
	return one(ctx, obj, func(p *db.ContactPoint) typeid.CustomerID { return p.CustomerID }, r.customers())
}

func (r *contactPointResolver) Masked(_ context.Context, obj *db.ContactPoint) (*string, error) {
	return r.Quality.Masked(obj)
}

func (r *contactPointResolver) Verified(_ context.Context, obj *db.ContactPoint) (bool, error) {
	return obj.VerifiedAt != nil, nil
}

func (r *contactPointResolver) VerifiedBy(ctx context.Context, obj *db.ContactPoint) (*db.Staff, error) {
	return one(ctx, obj, func(p *db.ContactPoint) typeid.StaffID { return p.VerifiedByID }, r.staff())
}

func (r *mutationResolver) CustomerAddContactPoint(ctx context.Context, input quality.AddContactPoint) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.AddContactPoint, input)
}

func (r *mutationResolver) CustomerVerifyContactPoint(ctx context.Context, input quality.VerifyContactPoint) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.VerifyContactPoint, input)
}

func (r *mutationResolver) CustomerRemoveContactPoint(ctx context.Context, input quality.RemoveContactPoint) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.RemoveContactPoint, input)
}

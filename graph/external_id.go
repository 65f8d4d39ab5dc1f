package graph

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/externalid"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/quality"
)

//nolint:revive // gqlgen names it after the field
func (r *customerResolver) ExternalIds(ctx context.Context, obj *db.Customer) ([]*db.ExternalID, error) {
	found, err := many(ctx, obj, func(c *db.Customer) typeid.CustomerID { return c.ID },
		func(ids []typeid.CustomerID) (map[typeid.CustomerID][]*db.ExternalID, error) {
			all, err := r.Database.ExternalID.Query().Where(externalid.CustomerIDIn(ids...)).
				Order(externalid.BySystem(), externalid.ByAddedAt(), externalid.ByID()).All(ctx)
			return group(all, func(e *db.ExternalID) typeid.CustomerID { return e.CustomerID }), err
		})
	return notNil(found), err
}

func (r *mutationResolver) CustomerAddExternalID(ctx context.Context, input quality.CustomerExternalID) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.AddExternalID, input)
}

func (r *mutationResolver) CustomerRemoveExternalID(ctx context.Context, input quality.CustomerExternalID) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.RemoveExternalID, input)
}

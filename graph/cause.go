package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/cause"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
)

type causeResolver struct{ *Resolver }

// Cause resolves the fields of Cause.
func (r *Resolver) Cause() generated.CauseResolver { return &causeResolver{r} }

// causes are read by their ids.
func (r *Resolver) causes() table[db.Cause, typeid.CauseID] {
	return table[db.Cause, typeid.CauseID]{
		func(ctx context.Context, ids []typeid.CauseID) ([]*db.Cause, error) {
			return r.Database.Cause.Query().Where(cause.IDIn(ids...)).All(ctx)
		}, func(c *db.Cause) typeid.CauseID { return c.ID }}
}

func causeSort() relay.Sort[db.Cause] {
	return relay.Sort[db.Cause]{
		Name: "cause.path", Column: cause.FieldPath,
		Key: func(c *db.Cause) (any, fmt.Stringer) { return c.Path, c.ID },
		ID:  parsed[typeid.CauseID],
	}
}

func causeFilter(ctx context.Context, f *model.CauseFilter) (c conditions[predicate.Cause]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, cause.SiteID, toSite)
	whereRefers(ctx, &c, f.ParentID, cause.ParentID, toCause)
	whereIs(&c, f.Active, cause.FieldActive)
	return c
}

func (r *queryResolver) Causes(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.CauseFilter) (*relay.CauseConnection, error) {
	return list(ctx, ent.Cases, r.Database.Cause.Query(), causeFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, causeSort())
}

func (r *causeResolver) Name(ctx context.Context, obj *db.Cause) (string, error) {
	return say(ctx, checklist.Text{EN: obj.NameEn, ZH: obj.NameZh}), nil
}

func (r *causeResolver) Site(ctx context.Context, obj *db.Cause) (*db.Site, error) {
	return one(ctx, obj, func(c *db.Cause) typeid.SiteID { return c.SiteID }, r.sites())
}

func (r *causeResolver) Parent(ctx context.Context, obj *db.Cause) (*db.Cause, error) {
	return one(ctx, obj, func(c *db.Cause) typeid.CauseID { return c.ParentID }, r.causes())
}

func (r *causeResolver) Children(ctx context.Context, obj *db.Cause, first *int, after *string, last *int, before *string) (*relay.CauseConnection, error) {
	return many(ctx, obj, func(c *db.Cause) typeid.CauseID { return c.ID },
		func(ids []typeid.CauseID) (map[typeid.CauseID]*relay.CauseConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.CauseQuery, db.Cause, predicate.Cause, typeid.CauseID]{
				Query: r.Database.Cause.Query(), Table: cause.Table, Column: cause.FieldParentID, Scope: scope(ctx, db.TypeCause),
				Parent: func(c *db.Cause) typeid.CauseID { return c.ParentID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, causeSort())
		})
}

func (r *mutationResolver) CauseCreate(ctx context.Context, input quality.CreateCause) (*model.CausePayload, error) {
	return change(ctx, r.Quality.CreateCause, input)
}

func (r *mutationResolver) CauseUpdate(ctx context.Context, input quality.UpdateCause) (*model.CausePayload, error) {
	return change(ctx, r.Quality.UpdateCause, input)
}

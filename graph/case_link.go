package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caselink"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type caseLinkResolver struct{ *Resolver }

// CaseLink resolves the fields of links between cases.
func (r *Resolver) CaseLink() generated.CaseLinkResolver { return &caseLinkResolver{r} }

func (r *Resolver) caseLinks() table[db.CaseLink, typeid.CaseLinkID] {
	return table[db.CaseLink, typeid.CaseLinkID]{
		func(ctx context.Context, ids []typeid.CaseLinkID) ([]*db.CaseLink, error) {
			return r.Database.CaseLink.Query().Where(caselink.IDIn(ids...)).All(ctx)
		}, func(l *db.CaseLink) typeid.CaseLinkID { return l.ID }}
}

func caseLinkSort() relay.Sort[db.CaseLink] {
	return relay.Sort[db.CaseLink]{
		Name: "caseLink.at", Column: caselink.FieldAt,
		Key: func(l *db.CaseLink) (any, fmt.Stringer) { return l.At, l.ID },
		ID:  parsed[typeid.CaseLinkID],
	}
}

func (r *caseResolver) Links(ctx context.Context, obj *db.ServiceCase, first *int, after *string, last *int, before *string) (*relay.CaseLinkConnection, error) {
	return many(ctx, obj, caseID, func(ids []typeid.CaseID) (map[typeid.CaseID]*relay.CaseLinkConnection, error) {
		return relay.Nested(ctx, ids, relay.Children[*db.CaseLinkQuery, db.CaseLink, predicate.CaseLink, typeid.CaseID]{
			Query: r.Database.CaseLink.Query(), Table: caselink.Table, Column: caselink.FieldCaseID, Scope: scope(ctx, db.TypeCaseLink),
			Parent: func(l *db.CaseLink) typeid.CaseID { return l.CaseID },
		}, relay.Args{First: first, After: after, Last: last, Before: before}, caseLinkSort())
	})
}

func (r *caseResolver) MergedInto(ctx context.Context, obj *db.ServiceCase) (*db.ServiceCase, error) {
	return one(ctx, obj, func(c *db.ServiceCase) typeid.CaseID { return c.MergedIntoID }, r.cases())
}

func (r *caseEntryResolver) OtherCase(ctx context.Context, obj *db.CaseEntry) (*db.ServiceCase, error) {
	return one(ctx, obj, func(e *db.CaseEntry) typeid.CaseID { return e.OtherCaseID }, r.cases())
}

func (r *caseEntryResolver) CopyOf(ctx context.Context, obj *db.CaseEntry) (*db.CaseEntry, error) {
	return one(ctx, obj, func(e *db.CaseEntry) typeid.CaseEntryID { return e.CopyOfID }, r.entries())
}

func (r *caseLinkResolver) Case(ctx context.Context, obj *db.CaseLink) (*db.ServiceCase, error) {
	return one(ctx, obj, func(l *db.CaseLink) typeid.CaseID { return l.CaseID }, r.cases())
}

func (r *caseLinkResolver) Other(ctx context.Context, obj *db.CaseLink) (*db.ServiceCase, error) {
	return one(ctx, obj, func(l *db.CaseLink) typeid.CaseID { return l.OtherID }, r.cases())
}

func (r *caseLinkResolver) Author(ctx context.Context, obj *db.CaseLink) (*db.Staff, error) {
	return one(ctx, obj, func(l *db.CaseLink) typeid.StaffID { return l.AuthorID }, r.staff())
}

func (r *mutationResolver) CaseMerge(ctx context.Context, input quality.MergeCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.MergeCase, input)
}

func (r *mutationResolver) CaseSplit(ctx context.Context, input quality.SplitCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.SplitCase, input)
}

func (r *mutationResolver) CaseLink(ctx context.Context, input quality.LinkCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.LinkCase, input)
}

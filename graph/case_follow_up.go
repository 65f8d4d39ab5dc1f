package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type caseFollowUpResolver struct{ *Resolver }

// CaseFollowUp resolves the fields of follow-ups of cases.
func (r *Resolver) CaseFollowUp() generated.CaseFollowUpResolver { return &caseFollowUpResolver{r} }

func (r *Resolver) followUps() table[db.CaseFollowUp, typeid.FollowUpID] {
	return table[db.CaseFollowUp, typeid.FollowUpID]{
		func(ctx context.Context, ids []typeid.FollowUpID) ([]*db.CaseFollowUp, error) {
			return r.Database.CaseFollowUp.Query().Where(casefollowup.IDIn(ids...)).All(ctx)
		}, func(f *db.CaseFollowUp) typeid.FollowUpID { return f.ID }}
}

func followUpSort() relay.Sort[db.CaseFollowUp] {
	return relay.Sort[db.CaseFollowUp]{
		Name: "followUp.at", Column: casefollowup.FieldAt,
		Key: func(f *db.CaseFollowUp) (any, fmt.Stringer) { return f.At, f.ID },
		ID:  parsed[typeid.FollowUpID],
	}
}

func (r *caseResolver) FollowUps(ctx context.Context, obj *db.ServiceCase, first *int, after *string, last *int, before *string) (*relay.CaseFollowUpConnection, error) {
	return many(ctx, obj, caseID, func(ids []typeid.CaseID) (map[typeid.CaseID]*relay.CaseFollowUpConnection, error) {
		return relay.Nested(ctx, ids, relay.Children[*db.CaseFollowUpQuery, db.CaseFollowUp, predicate.CaseFollowUp, typeid.CaseID]{
			Query: r.Database.CaseFollowUp.Query(), Table: casefollowup.Table, Column: casefollowup.FieldCaseID, Scope: scope(ctx, db.TypeCaseFollowUp),
			Parent: func(f *db.CaseFollowUp) typeid.CaseID { return f.CaseID },
		}, relay.Args{First: first, After: after, Last: last, Before: before}, followUpSort())
	})
}

func (r *caseFollowUpResolver) Case(ctx context.Context, obj *db.CaseFollowUp) (*db.ServiceCase, error) {
	return one(ctx, obj, func(f *db.CaseFollowUp) typeid.CaseID { return f.CaseID }, r.cases())
}

func (r *caseFollowUpResolver) Author(ctx context.Context, obj *db.CaseFollowUp) (*db.Staff, error) {
	return one(ctx, obj, func(f *db.CaseFollowUp) typeid.StaffID { return f.AuthorID }, r.staff())
}

func (r *mutationResolver) CaseFollowUp(ctx context.Context, input quality.FollowUpCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.FollowUpCase, input)
}

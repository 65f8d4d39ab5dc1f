package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type caseMeasureResolver struct{ *Resolver }

// CaseMeasure resolves the fields of CaseMeasure.
func (r *Resolver) CaseMeasure() generated.CaseMeasureResolver { return &caseMeasureResolver{r} }

// measures are read by their ids.
func (r *Resolver) measures() table[db.CaseMeasure, typeid.CaseMeasureID] {
	return table[db.CaseMeasure, typeid.CaseMeasureID]{
		func(ctx context.Context, ids []typeid.CaseMeasureID) ([]*db.CaseMeasure, error) {
			return r.Database.CaseMeasure.Query().Where(casemeasure.IDIn(ids...)).All(ctx)
		}, func(m *db.CaseMeasure) typeid.CaseMeasureID { return m.ID }}
}

func measureSort() relay.Sort[db.CaseMeasure] {
	return relay.Sort[db.CaseMeasure]{
		Name: "measure.effectDueAt", Column: casemeasure.FieldEffectDueAt,
		Key: func(m *db.CaseMeasure) (any, fmt.Stringer) { return m.EffectDueAt, m.ID },
		ID:  parsed[typeid.CaseMeasureID],
	}
}

func measureFilter(ctx context.Context, f *model.CaseMeasureFilter) (c conditions[predicate.CaseMeasure]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, casemeasure.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, casemeasure.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.OwnerID, casemeasure.OwnerID, toStaff)
	whereIn(&c, f.Status, casemeasure.StatusIn)
	where(&c, f.EffectDueBefore, casemeasure.EffectDueAtLT)
	return c
}

func (r *queryResolver) CaseMeasures(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.CaseMeasureFilter) (*relay.CaseMeasureConnection, error) {
	return list(ctx, ent.Cases, r.Database.CaseMeasure.Query(), measureFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, measureSort())
}

func (r *caseResolver) Measures(ctx context.Context, obj *db.ServiceCase, first *int, after *string, last *int, before *string) (*relay.CaseMeasureConnection, error) {
	return many(ctx, obj, caseID,
		func(ids []typeid.CaseID) (map[typeid.CaseID]*relay.CaseMeasureConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.CaseMeasureQuery, db.CaseMeasure, predicate.CaseMeasure, typeid.CaseID]{
				Query: r.Database.CaseMeasure.Query(), Table: casemeasure.Table, Column: casemeasure.FieldCaseID, Scope: scope(ctx, db.TypeCaseMeasure),
				Parent: func(m *db.CaseMeasure) typeid.CaseID { return m.CaseID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, measureSort())
		})
}

func (r *caseMeasureResolver) Case(ctx context.Context, obj *db.CaseMeasure) (*db.ServiceCase, error) {
	return one(ctx, obj, func(m *db.CaseMeasure) typeid.CaseID { return m.CaseID }, r.cases())
}

func (r *caseMeasureResolver) Owner(ctx context.Context, obj *db.CaseMeasure) (*db.Staff, error) {
	return one(ctx, obj, func(m *db.CaseMeasure) typeid.StaffID { return m.OwnerID }, r.staff())
}

func (r *caseMeasureResolver) Department(ctx context.Context, obj *db.CaseMeasure) (*db.Department, error) {
	return one(ctx, obj, func(m *db.CaseMeasure) typeid.DepartmentID { return m.DepartmentID }, r.departments())
}

func (r *caseMeasureResolver) PlannedBy(ctx context.Context, obj *db.CaseMeasure) (*db.Staff, error) {
	return one(ctx, obj, func(m *db.CaseMeasure) typeid.StaffID { return m.PlannedByID }, r.staff())
}

func (r *caseMeasureResolver) CompletedBy(ctx context.Context, obj *db.CaseMeasure) (*db.Staff, error) {
	return one(ctx, obj, func(m *db.CaseMeasure) typeid.StaffID { return m.CompletedByID }, r.staff())
}

func (r *caseMeasureResolver) EndedBy(ctx context.Context, obj *db.CaseMeasure) (*db.Staff, error) {
	return one(ctx, obj, func(m *db.CaseMeasure) typeid.StaffID { return m.EndedByID }, r.staff())
}

func (r *mutationResolver) CaseAddMeasure(ctx context.Context, input quality.AddCaseMeasure) (*model.CaseMeasurePayload, error) {
	return change(ctx, r.Quality.AddCaseMeasure, input)
}

func (r *mutationResolver) CaseMeasureComplete(ctx context.Context, input quality.CompleteCaseMeasure) (*model.CaseMeasurePayload, error) {
	return change(ctx, r.Quality.CompleteCaseMeasure, input)
}

func (r *mutationResolver) CaseMeasureVerify(ctx context.Context, input quality.VerifyCaseMeasure) (*model.CaseMeasurePayload, error) {
	return change(ctx, r.Quality.VerifyCaseMeasure, input)
}

func (r *mutationResolver) CaseMeasureCancel(ctx context.Context, input quality.CancelCaseMeasure) (*model.CaseMeasurePayload, error) {
	return change(ctx, r.Quality.CancelCaseMeasure, input)
}

package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisalscheme"
	"github.com/seed-34fcb60d/rounds/ent/db/indicator"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
)

type (
	appraisalResolver       struct{ *Resolver }
	appraisalSchemeResolver struct{ *Resolver }
)

// Appraisal resolves the fields of Appraisal.
func (r *Resolver) Appraisal() generated.AppraisalResolver { return &appraisalResolver{r} }

// AppraisalScheme resolves the fields of AppraisalScheme.
func (r *Resolver) AppraisalScheme() generated.AppraisalSchemeResolver {
	return &appraisalSchemeResolver{r}
}

func appraisalSort(order *model.AppraisalOrder) relay.Sort[db.Appraisal] {
	return relay.Sort[db.Appraisal]{
		Name: "appraisal.periodStart", Column: appraisal.FieldPeriodStart, Desc: order == nil || order.Direction == model.OrderDirectionDesc,
		Key: func(a *db.Appraisal) (any, fmt.Stringer) { return a.PeriodStart, a.ID },
		ID:  parsed[typeid.AppraisalID],
	}
}

func appraisalFilter(ctx context.Context, f *model.AppraisalFilter) (c conditions[predicate.Appraisal]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, appraisal.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, appraisal.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.StaffID, appraisal.StaffID, toStaff)
	whereRefers(ctx, &c, f.SchemeID, appraisal.SchemeID, toScheme)
	where(&c, f.Status, appraisal.StatusEQ)
	where(&c, f.PeriodStart, appraisal.PeriodStart)
	return c
}

func (r *queryResolver) Appraisals(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.AppraisalFilter, order *model.AppraisalOrder) (*relay.AppraisalConnection, error) {
	return list(ctx, ent.Appraisals, r.appraisalRows(), appraisalFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, appraisalSort(order))
}

func (r *queryResolver) AppraisalSchemes(ctx context.Context, first *int, after *string, last *int, before *string) (*relay.AppraisalSchemeConnection, error) {
	return list(ctx, ent.Appraisals, r.Database.AppraisalScheme.Query(), conditions[predicate.AppraisalScheme]{}, relay.Args{First: first, After: after, Last: last, Before: before},
		relay.Sort[db.AppraisalScheme]{
			Name: "scheme.code", Column: appraisalscheme.FieldCode,
			Key: func(s *db.AppraisalScheme) (any, fmt.Stringer) { return s.Code, s.ID },
			ID:  parsed[typeid.SchemeID],
		})
}

func (r *appraisalSchemeResolver) Name(ctx context.Context, obj *db.AppraisalScheme) (*model.LocalizedText, error) {
	return localized(ctx, checklist.Text{EN: obj.NameEn, ZH: obj.NameZh}), nil
}

func (r *appraisalSchemeResolver) Indicators(ctx context.Context, obj *db.AppraisalScheme) ([]*db.Indicator, error) {
	indicators, err := many(ctx, obj, func(s *db.AppraisalScheme) typeid.SchemeID { return s.ID },
		func(ids []typeid.SchemeID) (map[typeid.SchemeID][]*db.Indicator, error) {
			rows, err := r.Database.Indicator.Query().Where(indicator.SchemeIDIn(ids...)).Order(db.Asc(indicator.FieldPosition)).All(ctx)
			return group(rows, func(i *db.Indicator) typeid.SchemeID { return i.SchemeID }), err
		})
	return notNil(indicators), err
}

func (r *appraisalResolver) Scheme(ctx context.Context, obj *db.Appraisal) (*db.AppraisalScheme, error) {
	return one(ctx, obj, func(a *db.Appraisal) typeid.SchemeID { return a.SchemeID }, r.schemes())
}

func (r *appraisalResolver) Staff(ctx context.Context, obj *db.Appraisal) (*db.Staff, error) {
	return one(ctx, obj, func(a *db.Appraisal) typeid.StaffID { return a.StaffID }, r.staff())
}

func (r *appraisalResolver) Site(ctx context.Context, obj *db.Appraisal) (*db.Site, error) {
	return one(ctx, obj, func(a *db.Appraisal) typeid.SiteID { return a.SiteID }, r.sites())
}

func (r *appraisalResolver) Department(ctx context.Context, obj *db.Appraisal) (*db.Department, error) {
	return one(ctx, obj, func(a *db.Appraisal) typeid.DepartmentID { return a.DepartmentID }, r.departments())
}

func (r *appraisalResolver) ApprovedBy(ctx context.Context, obj *db.Appraisal) (*db.Staff, error) {
	return one(ctx, obj, func(a *db.Appraisal) typeid.StaffID { return a.ApprovedByID }, r.staff())
}

func (r *appraisalResolver) Results(ctx context.Context, obj *db.Appraisal) ([]*model.IndicatorResult, error) {
	results, err := r.results(ctx, obj)
	if err != nil {
		return nil, err
	}
	out := make([]*model.IndicatorResult, len(results))
	for i, result := range results {
		out[i] = &model.IndicatorResult{Measure: result.Measure, Weight: result.Weight, Value: result.Value, Points: result.Points,
			Arithmetic: result.Arithmetic, SampleSize: result.SampleSize, Evidence: notNil(result.Evidence)}
	}
	return out, nil
}

func (r *mutationResolver) AppraisalRun(ctx context.Context, input quality.RunAppraisals) (*model.AppraisalRunPayload, error) {
	payload, err := change(ctx, r.Quality.RunAppraisals, input)
	siblings.Together(payload.Object)
	return payload, err
}

func (r *mutationResolver) AppraisalApprove(ctx context.Context, input quality.ApproveAppraisal) (*model.AppraisalPayload, error) {
	return change(ctx, r.Quality.ApproveAppraisal, input)
}

package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/finding"
	"github.com/seed-34fcb60d/rounds/ent/db/plannedinspection"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type plannedInspectionResolver struct{ *Resolver }

// PlannedInspection resolves the fields of PlannedInspection.
func (r *Resolver) PlannedInspection() generated.PlannedInspectionResolver {
	return &plannedInspectionResolver{r}
}

// plannedInspections are read by their ids.
func (r *Resolver) plannedInspections() table[db.PlannedInspection, typeid.PlannedInspectionID] {
	return table[db.PlannedInspection, typeid.PlannedInspectionID]{
		func(ctx context.Context, ids []typeid.PlannedInspectionID) ([]*db.PlannedInspection, error) {
			return r.Database.PlannedInspection.Query().Where(plannedinspection.IDIn(ids...)).All(ctx)
		}, plannedID}
}

func plannedID(i *db.PlannedInspection) typeid.PlannedInspectionID { return i.ID }

func plannedFilter(ctx context.Context, f *model.PlannedInspectionFilter) (c conditions[predicate.PlannedInspection]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, plannedinspection.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, plannedinspection.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.PlanID, plannedinspection.PlanID, toControlPlan)
	whereRefers(ctx, &c, f.ResponsibleID, plannedinspection.ResponsibleID, toStaff)
	whereIn(&c, f.State, plannedinspection.StateIn)
	where(&c, f.DueBefore, plannedinspection.DueAtLT)
	return c
}

func (r *queryResolver) PlannedInspections(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.PlannedInspectionFilter) (*relay.PlannedInspectionConnection, error) {
	return list(ctx, ent.Inspections, r.Database.PlannedInspection.Query(), plannedFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, relay.Sort[db.PlannedInspection]{
			Name: "planned.dueAt", Column: plannedinspection.FieldDueAt,
			Key: func(i *db.PlannedInspection) (any, fmt.Stringer) { return i.DueAt, i.ID },
			ID:  parsed[typeid.PlannedInspectionID],
		})
}

func (r *viewerResolver) DueInspections(ctx context.Context, _ *model.Viewer, first int) ([]*db.PlannedInspection, error) {
	if err := firstOf(first); err != nil || first == 0 {
		return []*db.PlannedInspection{}, err
	}
	rows, err := r.Quality.DueInspections(ctx, first)
	return siblings.Together(rows), err
}

func (r *plannedInspectionResolver) Plan(ctx context.Context, obj *db.PlannedInspection) (*db.ControlPlan, error) {
	return one(ctx, obj, func(i *db.PlannedInspection) typeid.ControlPlanID { return i.PlanID }, r.controlPlans())
}

func (r *plannedInspectionResolver) Site(ctx context.Context, obj *db.PlannedInspection) (*db.Site, error) {
	return one(ctx, obj, func(i *db.PlannedInspection) typeid.SiteID { return i.SiteID }, r.sites())
}

func (r *plannedInspectionResolver) Department(ctx context.Context, obj *db.PlannedInspection) (*db.Department, error) {
	return one(ctx, obj, func(i *db.PlannedInspection) typeid.DepartmentID { return i.DepartmentID }, r.departments())
}

func (r *plannedInspectionResolver) Place(_ context.Context, obj *db.PlannedInspection) (*string, error) {
	if obj.Subject == "" || !obj.ObservedID.IsZero() {
		return nil, nil
	}
	return &obj.Subject, nil
}

func (r *plannedInspectionResolver) Observed(ctx context.Context, obj *db.PlannedInspection) (*db.Staff, error) {
	return one(ctx, obj, func(i *db.PlannedInspection) typeid.StaffID { return i.ObservedID }, r.staff())
}

func (r *plannedInspectionResolver) Responsible(ctx context.Context, obj *db.PlannedInspection) (*db.Staff, error) {
	return one(ctx, obj, func(i *db.PlannedInspection) typeid.StaffID { return i.ResponsibleID }, r.staff())
}

func (r *plannedInspectionResolver) ResponsibleRole(_ context.Context, obj *db.PlannedInspection) (*staff.Role, error) {
	return roleOf(obj.ResponsibleRole), nil
}

func (r *plannedInspectionResolver) Inspection(ctx context.Context, obj *db.PlannedInspection) (*db.Inspection, error) {
	return one(ctx, obj, func(i *db.PlannedInspection) typeid.InspectionID { return i.InspectionID }, r.inspections())
}

func (r *plannedInspectionResolver) Finding(ctx context.Context, obj *db.PlannedInspection) (*db.Finding, error) {
	return many(ctx, obj, plannedID, func(ids []typeid.PlannedInspectionID) (map[typeid.PlannedInspectionID]*db.Finding, error) {
		rows, err := r.Database.Finding.Query().Where(finding.PlannedInspectionIDIn(ids...)).All(ctx)
		of := map[typeid.PlannedInspectionID]*db.Finding{}
		for _, f := range siblings.Together(rows) {
			of[f.PlannedInspectionID] = f
		}
		return of, err
	})
}

func (r *findingResolver) PlannedInspection(ctx context.Context, obj *db.Finding) (*db.PlannedInspection, error) {
	return one(ctx, obj, func(f *db.Finding) typeid.PlannedInspectionID { return f.PlannedInspectionID }, r.plannedInspections())
}

func (r *inspectionResolver) PlannedInspection(ctx context.Context, obj *db.Inspection) (*db.PlannedInspection, error) {
	return many(ctx, obj, inspectionID, func(ids []typeid.InspectionID) (map[typeid.InspectionID]*db.PlannedInspection, error) {
		rows, err := r.Database.PlannedInspection.Query().Where(plannedinspection.InspectionIDIn(ids...)).All(ctx)
		of := map[typeid.InspectionID]*db.PlannedInspection{}
		for _, i := range siblings.Together(rows) {
			of[i.InspectionID] = i
		}
		return of, err
	})
}

func (r *inspectionResolver) Adjustments(_ context.Context, obj *db.Inspection) ([]*quality.ItemAdjustment, error) {
	return adjustmentsOf(obj.Adjustments)
}

func (r *inspectionResolver) Items(_ context.Context, obj *db.Inspection) ([]string, error) {
	return someItems(obj.Items), nil
}

package graph

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

type controlPlanResolver struct{ *Resolver }

// ControlPlan resolves the fields of ControlPlan.
func (r *Resolver) ControlPlan() generated.ControlPlanResolver { return &controlPlanResolver{r} }

// controlPlans are read by their ids.
func (r *Resolver) controlPlans() table[db.ControlPlan, typeid.ControlPlanID] {
	return table[db.ControlPlan, typeid.ControlPlanID]{
		func(ctx context.Context, ids []typeid.ControlPlanID) ([]*db.ControlPlan, error) {
			return r.Database.ControlPlan.Query().Where(controlplan.IDIn(ids...)).All(ctx)
		}, controlPlanID}
}

func controlPlanID(p *db.ControlPlan) typeid.ControlPlanID { return p.ID }

func controlPlanFilter(ctx context.Context, f *model.ControlPlanFilter) (c conditions[predicate.ControlPlan]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, controlplan.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, controlplan.DepartmentID, toDepartment)
	whereIn(&c, f.Layer, func(layers ...inspection.Layer) predicate.ControlPlan {
		in := make([]controlplan.Layer, len(layers))
		for n, l := range layers {
			in[n] = controlplan.Layer(l)
		}
		return controlplan.LayerIn(in...)
	})
	whereIs(&c, f.Active, controlplan.FieldActive)
	return c
}

func (r *queryResolver) ControlPlans(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.ControlPlanFilter) (*relay.ControlPlanConnection, error) {
	return list(ctx, ent.Inspections, r.Database.ControlPlan.Query(), controlPlanFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, relay.Sort[db.ControlPlan]{
			Name: "plan.createdAt", Column: controlplan.FieldCreatedAt,
			Key: func(p *db.ControlPlan) (any, fmt.Stringer) { return p.CreatedAt, p.ID },
			ID:  parsed[typeid.ControlPlanID],
		})
}

func (r *queryResolver) ControlPlanPreview(ctx context.Context, input quality.PreviewControlPlan) ([]*quality.ControlPlanPreview, error) {
	return r.Quality.PreviewControlPlan(ctx, input)
}

func (r *controlPlanResolver) Site(ctx context.Context, obj *db.ControlPlan) (*db.Site, error) {
	return one(ctx, obj, func(p *db.ControlPlan) typeid.SiteID { return p.SiteID }, r.sites())
}

func (r *controlPlanResolver) Department(ctx context.Context, obj *db.ControlPlan) (*db.Department, error) {
	return one(ctx, obj, func(p *db.ControlPlan) typeid.DepartmentID { return p.DepartmentID }, r.departments())
}

func (r *controlPlanResolver) Activity(ctx context.Context, obj *db.ControlPlan) (*model.LocalizedText, error) {
	return localized(ctx, checklist.Text{EN: obj.ActivityEn, ZH: obj.ActivityZh}), nil
}

func (r *controlPlanResolver) Items(_ context.Context, obj *db.ControlPlan) ([]string, error) {
	return someItems(obj.Items), nil
}

// someItems are the codes of items; nil where all are asked for.
func someItems(items []string) []string {
	if len(items) == 0 {
		return nil
	}
	return items
}

func (r *controlPlanResolver) Responsible(ctx context.Context, obj *db.ControlPlan) (*db.Staff, error) {
	return one(ctx, obj, func(p *db.ControlPlan) typeid.StaffID { return p.ResponsibleID }, r.staff())
}

func (r *controlPlanResolver) ResponsibleRole(_ context.Context, obj *db.ControlPlan) (*staff.Role, error) {
	return roleOf(obj.ResponsibleRole), nil
}

// roleOf is a role as the API shows it.
func roleOf[R ~string](role *R) *staff.Role {
	if role == nil {
		return nil
	}
	return new(staff.Role(*role))
}

func (r *controlPlanResolver) At(_ context.Context, obj *db.ControlPlan) (calendar.TimeOfDay, error) {
	return calendar.TimeOfDay(obj.AtMinute), nil
}

func (r *controlPlanResolver) Within(_ context.Context, obj *db.ControlPlan) (*time.Duration, error) {
	if obj.AtShifts {
		return nil, nil
	}
	return &obj.Within, nil
}

func (r *controlPlanResolver) Adjustments(_ context.Context, obj *db.ControlPlan) ([]*quality.ItemAdjustment, error) {
	return adjustmentsOf(obj.Adjustments)
}

// adjustmentsOf are those that are stored.
func adjustmentsOf(stored []byte) ([]*quality.ItemAdjustment, error) {
	adjustments, err := quality.AdjustmentsOf(stored)
	out := make([]*quality.ItemAdjustment, len(adjustments))
	for n := range adjustments {
		out[n] = &adjustments[n]
	}
	return out, err
}

func (r *controlPlanResolver) Places(_ context.Context, obj *db.ControlPlan) ([]string, error) {
	return notNil(obj.Places), nil
}

func (r *controlPlanResolver) People(ctx context.Context, obj *db.ControlPlan) ([]*db.Staff, error) {
	people, err := many(ctx, obj, controlPlanID, func([]typeid.ControlPlanID) (map[typeid.ControlPlanID][]*db.Staff, error) {
		plans := siblings.Rows[db.ControlPlan](obj.Siblings())
		var ids []typeid.StaffID
		for _, p := range plans {
			ids = append(ids, p.People...)
		}
		of := map[typeid.ControlPlanID][]*db.Staff{}
		if len(ids) == 0 {
			return of, nil
		}
		rows, err := r.Database.Staff.Query().Where(staff.IDIn(ids...)).Order(staff.ByName(), staff.ByID()).All(ctx)
		for _, person := range siblings.Together(rows) {
			for _, p := range plans {
				if slices.Contains(p.People, person.ID) {
					of[p.ID] = append(of[p.ID], person)
				}
			}
		}
		return of, err
	})
	return notNil(people), err
}

func (r *controlPlanResolver) SampleSize(_ context.Context, obj *db.ControlPlan) (*int, error) {
	if obj.SampleMethod == controlplan.SampleMethodALL {
		return nil, nil
	}
	return &obj.SampleSize, nil
}

func (r *mutationResolver) ControlPlanCreate(ctx context.Context, input quality.CreateControlPlan) (*model.ControlPlanPayload, error) {
	return change(ctx, r.Quality.CreateControlPlan, input)
}

func (r *mutationResolver) ControlPlanChange(ctx context.Context, input quality.ChangeControlPlan) (*model.ControlPlanPayload, error) {
	return change(ctx, r.Quality.ChangeControlPlan, input)
}

func (r *mutationResolver) ControlPlanRetire(ctx context.Context, input quality.RetireControlPlan) (*model.ControlPlanPayload, error) {
	return change(ctx, r.Quality.RetireControlPlan, input)
}

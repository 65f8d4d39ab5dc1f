package graph

import (
	"context"
	"fmt"
	"strings"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

type (
	controlChartResolver   struct{ *Resolver }
	chartViolationResolver struct{ *Resolver }
	chartBaselineResolver  struct{ *Resolver }
	chartAlarmResolver     struct{ *Resolver }
)

// ControlChart resolves the fields of ControlChart.
func (r *Resolver) ControlChart() generated.ControlChartResolver { return &controlChartResolver{r} }

// ChartViolation resolves the fields of ChartViolation.
func (r *Resolver) ChartViolation() generated.ChartViolationResolver {
	return &chartViolationResolver{r}
}

// ChartBaseline resolves the fields of ChartBaseline.
func (r *Resolver) ChartBaseline() generated.ChartBaselineResolver { return &chartBaselineResolver{r} }

// ChartAlarm resolves the fields of ChartAlarm.
func (r *Resolver) ChartAlarm() generated.ChartAlarmResolver { return &chartAlarmResolver{r} }

// chartBaselines are read by their ids.
func (r *Resolver) chartBaselines() table[db.ChartBaseline, typeid.ChartBaselineID] {
	return table[db.ChartBaseline, typeid.ChartBaselineID]{
		func(ctx context.Context, ids []typeid.ChartBaselineID) ([]*db.ChartBaseline, error) {
			return r.Database.ChartBaseline.Query().Where(chartbaseline.IDIn(ids...)).All(ctx)
		}, func(b *db.ChartBaseline) typeid.ChartBaselineID { return b.ID }}
}

// chartAlarms are read by their ids.
func (r *Resolver) chartAlarms() table[db.ChartAlarm, typeid.ChartAlarmID] {
	return table[db.ChartAlarm, typeid.ChartAlarmID]{
		func(ctx context.Context, ids []typeid.ChartAlarmID) ([]*db.ChartAlarm, error) {
			return r.Database.ChartAlarm.Query().Where(chartalarm.IDIn(ids...)).All(ctx)
		}, func(a *db.ChartAlarm) typeid.ChartAlarmID { return a.ID }}
}

// ControlChart is the resolver for the controlChart field. A department that is not the
// viewer's to see has nothing on its chart, as if it did not exist.
func (r *queryResolver) ControlChart(ctx context.Context, input quality.ControlChartOf) (*quality.ControlChart, error) {
	for _, area := range []ent.Area{ent.Inspections, ent.Organisation} {
		if err := mayRead(ctx, area); err != nil {
			return nil, err
		}
	}
	return r.Quality.ControlChart(ctx, input)
}

func (r *controlChartResolver) ProblemText(ctx context.Context, obj *quality.ControlChart) (*model.LocalizedText, error) {
	if obj.Problem == nil {
		return nil, nil
	}
	return localized(ctx, quality.ProblemText(*obj.Problem)), nil
}

func (r *chartViolationResolver) Text(ctx context.Context, obj *quality.ChartViolation) (*model.LocalizedText, error) {
	return localized(ctx, quality.RuleText(obj.Rule)), nil
}

// whereCharacteristic adds a condition on what charts are of.
func whereCharacteristic[P ~func(*sql.Selector)](c *conditions[P], of *string, checklist, item func(string) P) {
	if of == nil {
		return
	}
	code, name, _ := strings.Cut(*of, "/")
	where(c, &code, checklist)
	where(c, &name, item)
}

func baselineSort() relay.Sort[db.ChartBaseline] {
	return relay.Sort[db.ChartBaseline]{
		Name: "baseline.setAt", Column: chartbaseline.FieldSetAt, Desc: true,
		Key: func(b *db.ChartBaseline) (any, fmt.Stringer) { return b.SetAt, b.ID },
		ID:  parsed[typeid.ChartBaselineID],
	}
}

func (r *queryResolver) ChartBaselines(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.ChartBaselineFilter) (*relay.ChartBaselineConnection, error) {
	var c conditions[predicate.ChartBaseline]
	if filter != nil {
		whereRefers(ctx, &c, filter.SiteID, chartbaseline.SiteID, toSite)
		whereRefers(ctx, &c, filter.DepartmentID, chartbaseline.DepartmentID, toDepartment)
		whereCharacteristic(&c, filter.Characteristic, chartbaseline.Checklist, chartbaseline.Item)
	}
	return list(ctx, ent.Inspections, r.Database.ChartBaseline.Query(), c,
		relay.Args{First: first, After: after, Last: last, Before: before}, baselineSort())
}

func (r *chartBaselineResolver) Department(ctx context.Context, obj *db.ChartBaseline) (*db.Department, error) {
	return one(ctx, obj, func(b *db.ChartBaseline) typeid.DepartmentID { return b.DepartmentID }, r.departments())
}

func (r *chartBaselineResolver) Characteristic(_ context.Context, obj *db.ChartBaseline) (string, error) {
	return characteristic(obj.Checklist, obj.Item), nil
}

// characteristic is what a chart is of, as the API writes it.
func characteristic(checklist, item string) string {
	return strings.TrimSuffix(checklist+"/"+item, "/")
}

func (r *chartBaselineResolver) Rules(_ context.Context, obj *db.ChartBaseline) ([]spc.Rule, error) {
	rules := make([]spc.Rule, len(obj.Rules))
	for i, name := range obj.Rules {
		rules[i] = spc.Rule(name)
	}
	return rules, nil
}

func (r *chartBaselineResolver) SetBy(ctx context.Context, obj *db.ChartBaseline) (*db.Staff, error) {
	return one(ctx, obj, func(b *db.ChartBaseline) typeid.StaffID { return b.SetByID }, r.staff())
}

func alarmSort() relay.Sort[db.ChartAlarm] {
	return relay.Sort[db.ChartAlarm]{
		Name: "alarm.at", Column: chartalarm.FieldAt, Desc: true,
		Key: func(a *db.ChartAlarm) (any, fmt.Stringer) { return a.At, a.ID },
		ID:  parsed[typeid.ChartAlarmID],
	}
}

func (r *queryResolver) ChartAlarms(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.ChartAlarmFilter) (*relay.ChartAlarmConnection, error) {
	var c conditions[predicate.ChartAlarm]
	if filter != nil {
		whereRefers(ctx, &c, filter.SiteID, chartalarm.SiteID, toSite)
		whereRefers(ctx, &c, filter.DepartmentID, chartalarm.DepartmentID, toDepartment)
		whereCharacteristic(&c, filter.Characteristic, chartalarm.Checklist, chartalarm.Item)
		where(&c, filter.Status, chartalarm.StatusEQ)
		where(&c, filter.From, chartalarm.AtGTE)
		where(&c, filter.Before, chartalarm.AtLT)
	}
	return list(ctx, ent.Inspections, r.Database.ChartAlarm.Query(), c,
		relay.Args{First: first, After: after, Last: last, Before: before}, alarmSort())
}

func (r *chartAlarmResolver) Site(ctx context.Context, obj *db.ChartAlarm) (*db.Site, error) {
	return one(ctx, obj, func(a *db.ChartAlarm) typeid.SiteID { return a.SiteID }, r.sites())
}

func (r *chartAlarmResolver) Department(ctx context.Context, obj *db.ChartAlarm) (*db.Department, error) {
	return one(ctx, obj, func(a *db.ChartAlarm) typeid.DepartmentID { return a.DepartmentID }, r.departments())
}

func (r *chartAlarmResolver) Characteristic(_ context.Context, obj *db.ChartAlarm) (string, error) {
	return characteristic(obj.Checklist, obj.Item), nil
}

func (r *chartAlarmResolver) Text(ctx context.Context, obj *db.ChartAlarm) (*model.LocalizedText, error) {
	return localized(ctx, quality.RuleText(spc.Rule(obj.Rule))), nil
}

func (r *chartAlarmResolver) Side(_ context.Context, obj *db.ChartAlarm) (*spc.Side, error) {
	if obj.Side == chartalarm.SideNEITHER {
		return nil, nil
	}
	return new(spc.Side(obj.Side)), nil
}

func (r *chartAlarmResolver) Inspection(ctx context.Context, obj *db.ChartAlarm) (*db.Inspection, error) {
	return one(ctx, obj, func(a *db.ChartAlarm) typeid.InspectionID { return a.InspectionID }, r.inspections())
}

func (r *chartAlarmResolver) Baseline(ctx context.Context, obj *db.ChartAlarm) (*db.ChartBaseline, error) {
	return one(ctx, obj, func(a *db.ChartAlarm) typeid.ChartBaselineID { return a.BaselineID }, r.chartBaselines())
}

func (r *chartAlarmResolver) AcknowledgedBy(ctx context.Context, obj *db.ChartAlarm) (*db.Staff, error) {
	return one(ctx, obj, func(a *db.ChartAlarm) typeid.StaffID { return a.AcknowledgedByID }, r.staff())
}

func (r *mutationResolver) ChartRebaseline(ctx context.Context, input quality.RebaselineChart) (*model.ChartBaselinePayload, error) {
	return change(ctx, r.Quality.RebaselineChart, input)
}

func (r *mutationResolver) ChartAlarmAcknowledge(ctx context.Context, input quality.AcknowledgeChartAlarm) (*model.ChartAlarmPayload, error) {
	return change(ctx, r.Quality.AcknowledgeChartAlarm, input)
}

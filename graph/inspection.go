package graph

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/answer"
	"github.com/seed-34fcb60d/rounds/ent/db/coinspector"
	"github.com/seed-34fcb60d/rounds/ent/db/finding"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
)

type (
	inspectionResolver struct{ *Resolver }
	findingResolver    struct{ *Resolver }
)

// Inspection resolves the fields of Inspection.
func (r *Resolver) Inspection() generated.InspectionResolver { return &inspectionResolver{r} }

// Finding resolves the fields of Finding.
func (r *Resolver) Finding() generated.FindingResolver { return &findingResolver{r} }

func inspectionSort(order *model.InspectionOrder) relay.Sort[db.Inspection] {
	return relay.Sort[db.Inspection]{
		Name: "inspection.startedAt", Column: inspection.FieldStartedAt, Desc: order == nil || order.Direction == model.OrderDirectionDesc,
		Key: func(i *db.Inspection) (any, fmt.Stringer) { return i.StartedAt, i.ID },
		ID:  parsed[typeid.InspectionID],
	}
}

func inspectionFilter(ctx context.Context, f *model.InspectionFilter) (c conditions[predicate.Inspection]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, inspection.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, inspection.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.InspectorID, inspection.InspectorID, toStaff)
	whereRefers(ctx, &c, f.ObservedID, inspection.ObservedID, toStaff)
	where(&c, f.Status, inspection.StatusEQ)
	whereIn(&c, f.Layer, inspection.LayerIn)
	where(&c, f.StartedFrom, inspection.StartedAtGTE)
	where(&c, f.StartedBefore, inspection.StartedAtLT)
	return c
}

func (r *queryResolver) Inspections(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.InspectionFilter, order *model.InspectionOrder) (*relay.InspectionConnection, error) {
	return list(ctx, ent.Inspections, r.inspectionRows(), inspectionFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, inspectionSort(order))
}

func inspectionID(i *db.Inspection) typeid.InspectionID { return i.ID }

func (r *inspectionResolver) Site(ctx context.Context, obj *db.Inspection) (*db.Site, error) {
	return one(ctx, obj, func(i *db.Inspection) typeid.SiteID { return i.SiteID }, r.sites())
}

func (r *inspectionResolver) Department(ctx context.Context, obj *db.Inspection) (*db.Department, error) {
	return one(ctx, obj, func(i *db.Inspection) typeid.DepartmentID { return i.DepartmentID }, r.departments())
}

func (r *inspectionResolver) Checklist(ctx context.Context, obj *db.Inspection) (*db.ChecklistVersion, error) {
	return one(ctx, obj, func(i *db.Inspection) typeid.ChecklistVersionID { return i.ChecklistVersionID }, r.checklists())
}

func (r *inspectionResolver) Inspector(ctx context.Context, obj *db.Inspection) (*db.Staff, error) {
	return one(ctx, obj, func(i *db.Inspection) typeid.StaffID { return i.InspectorID }, r.staff())
}

func (r *inspectionResolver) Observed(ctx context.Context, obj *db.Inspection) (*db.Staff, error) {
	return one(ctx, obj, func(i *db.Inspection) typeid.StaffID { return i.ObservedID }, r.staff())
}

func (r *inspectionResolver) Answers(ctx context.Context, obj *db.Inspection) ([]model.Answer, error) {
	return r.answersWhere(ctx, obj, quality.CountingAnswers)
}

func (r *inspectionResolver) UndecidedAnswers(ctx context.Context, obj *db.Inspection) ([]model.Answer, error) {
	return r.answersWhere(ctx, obj, undecided)
}

// undecided narrows answers to those about which no decision was made.
func undecided(s *sql.Selector) {
	quality.OtherAnswers(s)
	s.Where(sql.In(s.C(answer.FieldState), answer.StateCONFLICTING, answer.StateLATE))
}

func (r *inspectionResolver) answersWhere(ctx context.Context, obj *db.Inspection, state predicate.Answer) ([]model.Answer, error) {
	answers, err := many(ctx, obj, inspectionID, func(ids []typeid.InspectionID) (map[typeid.InspectionID][]*db.Answer, error) {
		rows, err := r.Database.Answer.Query().Where(answer.InspectionIDIn(ids...), state).Order(db.Asc(answer.FieldItem, answer.FieldID)).All(ctx)
		return group(rows, func(a *db.Answer) typeid.InspectionID { return a.InspectionID }), err
	})
	typed := make([]model.Answer, len(answers))
	for i, a := range answers {
		typed[i] = model.AnswerOf(a)
	}
	return typed, err
}

func (r *inspectionResolver) CoInspectors(ctx context.Context, obj *db.Inspection) ([]*db.Staff, error) {
	if !obj.Shared {
		return []*db.Staff{}, nil
	}
	people, err := many(ctx, obj, inspectionID, func(ids []typeid.InspectionID) (map[typeid.InspectionID][]*db.Staff, error) {
		rows, err := r.Database.CoInspector.Query().Where(coinspector.InspectionIDIn(ids...)).WithStaff().Order(db.Asc(coinspector.FieldID)).All(ctx)
		out := map[typeid.InspectionID][]*db.Staff{}
		for _, row := range rows {
			if row.Edges.Staff != nil { // visible to the viewer
				out[row.InspectionID] = append(out[row.InspectionID], row.Edges.Staff)
			}
		}
		return out, err
	})
	return notNil(people), err
}

func (r *inspectionResolver) ReviewedCase(ctx context.Context, obj *db.Inspection) (*db.ServiceCase, error) {
	return one(ctx, obj, func(i *db.Inspection) typeid.CaseID { return i.ReviewedCaseID }, r.cases())
}

func (r *inspectionResolver) Findings(ctx context.Context, obj *db.Inspection) ([]*db.Finding, error) {
	findings, err := many(ctx, obj, inspectionID, func(ids []typeid.InspectionID) (map[typeid.InspectionID][]*db.Finding, error) {
		rows, err := r.Database.Finding.Query().Where(finding.InspectionIDIn(ids...)).Order(db.Asc(finding.FieldItem, finding.FieldID)).All(ctx)
		return group(rows, func(f *db.Finding) typeid.InspectionID { return f.InspectionID }), err
	})
	return notNil(findings), err
}

func (r *inspectionResolver) Cases(ctx context.Context, obj *db.Inspection) ([]*db.ServiceCase, error) {
	cases, err := many(ctx, obj, inspectionID, func(ids []typeid.InspectionID) (map[typeid.InspectionID][]*db.ServiceCase, error) {
		rows, err := r.Database.ServiceCase.Query().Where(servicecase.InspectionIDIn(ids...)).Order(db.Asc(servicecase.FieldNumber)).All(ctx)
		return group(rows, func(c *db.ServiceCase) typeid.InspectionID { return c.InspectionID }), err
	})
	return notNil(cases), err
}

func (r *inspectionResolver) Judgement(ctx context.Context, obj *db.Inspection) (*model.Judgement, error) {
	j, err := r.judgement(ctx, obj)
	if err != nil || j == nil {
		return nil, err
	}
	out := &model.Judgement{
		Items: make([]*model.ItemResult, len(j.Items)), Sections: make([]*model.SectionScore, len(j.Sections)),
		Arithmetic: j.Arithmetic, Measurements: make([]*model.Measurement, len(j.Measurements)),
	}
	for i, item := range j.Items {
		out.Items[i] = &model.ItemResult{Item: item.Item, Outcome: model.Outcome(item.Outcome), Credit: item.Credit, Weight: item.Weight}
		if item.Reason != (checklist.Text{}) {
			out.Items[i].Reason = localized(ctx, item.Reason)
		}
	}
	for i, s := range j.Sections {
		out.Sections[i] = &model.SectionScore{Section: s.Section, Score: s.Score, Weight: s.Weight, Arithmetic: s.Arithmetic}
	}
	for i, m := range j.Measurements {
		out.Measurements[i] = &model.Measurement{Item: m.Item, Value: m.Value, Unit: m.Unit,
			LowerLimit: m.Limits.Lower, UpperLimit: m.Limits.Upper, Within: m.Within}
	}
	return out, nil
}

func (r *findingResolver) Inspection(ctx context.Context, obj *db.Finding) (*db.Inspection, error) {
	return one(ctx, obj, func(f *db.Finding) typeid.InspectionID { return f.InspectionID }, r.inspections())
}

func (r *findingResolver) Text(ctx context.Context, obj *db.Finding) (*model.LocalizedText, error) {
	return localized(ctx, checklist.Text{EN: obj.TextEn, ZH: obj.TextZh}), nil
}

func (r *findingResolver) Case(ctx context.Context, obj *db.Finding) (*db.ServiceCase, error) {
	return one(ctx, obj, func(f *db.Finding) typeid.CaseID { return f.CaseID }, r.cases())
}

func (r *mutationResolver) InspectionStart(ctx context.Context, input quality.StartInspection) (*model.InspectionPayload, error) {
	return change(ctx, r.Quality.StartInspection, input)
}

func (r *mutationResolver) InspectionAnswer(ctx context.Context, input quality.AnswerInspection) (*model.InspectionPayload, error) {
	return change(ctx, r.Quality.AnswerInspection, input)
}

func (r *mutationResolver) InspectionComplete(ctx context.Context, input quality.CompleteInspection) (*model.InspectionPayload, error) {
	return change(ctx, r.Quality.CompleteInspection, input)
}

package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/db/teachingcase"
	"github.com/seed-34fcb60d/rounds/ent/db/training"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type (
	teachingCaseResolver   struct{ *Resolver }
	trainingResolver       struct{ *Resolver }
	teachingFigureResolver struct{ *Resolver }
)

// TeachingCase resolves the fields of TeachingCase.
func (r *Resolver) TeachingCase() generated.TeachingCaseResolver { return &teachingCaseResolver{r} }

// Training resolves the fields of Training.
func (r *Resolver) Training() generated.TrainingResolver { return &trainingResolver{r} }

// TeachingFigure resolves the fields of TeachingFigure.
func (r *Resolver) TeachingFigure() generated.TeachingFigureResolver {
	return &teachingFigureResolver{r}
}

func (r *Resolver) teachingCases() table[db.TeachingCase, typeid.TeachingCaseID] {
	return table[db.TeachingCase, typeid.TeachingCaseID]{
		func(ctx context.Context, ids []typeid.TeachingCaseID) ([]*db.TeachingCase, error) {
			return r.Database.TeachingCase.Query().Where(teachingcase.IDIn(ids...)).All(ctx)
		}, func(t *db.TeachingCase) typeid.TeachingCaseID { return t.ID }}
}

func trainingID(t *db.Training) typeid.TrainingID { return t.ID }

func (r *Resolver) trainings() table[db.Training, typeid.TrainingID] {
	return table[db.Training, typeid.TrainingID]{
		func(ctx context.Context, ids []typeid.TrainingID) ([]*db.Training, error) {
			return r.Database.Training.Query().Where(training.IDIn(ids...)).All(ctx)
		}, trainingID}
}

var toTeachingCase = reference{ent.Cases, db.TypeTeachingCase, teachingcase.Table}

func teachingCaseSort() relay.Sort[db.TeachingCase] {
	return relay.Sort[db.TeachingCase]{
		Name: "teachingCase.selectedAt", Column: teachingcase.FieldSelectedAt, Desc: true,
		Key: func(t *db.TeachingCase) (any, fmt.Stringer) { return t.SelectedAt, t.ID },
		ID:  parsed[typeid.TeachingCaseID],
	}
}

func trainingSort() relay.Sort[db.Training] {
	return relay.Sort[db.Training]{
		Name: "training.heldOn", Column: training.FieldHeldOn, Desc: true,
		Key: func(t *db.Training) (any, fmt.Stringer) { return t.HeldOn, t.ID },
		ID:  parsed[typeid.TrainingID],
	}
}

func teachingCaseFilter(ctx context.Context, f *model.TeachingCaseFilter) (c conditions[predicate.TeachingCase]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, teachingcase.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, teachingcase.DepartmentID, toDepartment)
	where(&c, f.Month, teachingcase.Month)
	whereIs(&c, f.Trained, teachingcase.FieldTrained)
	return c
}

func trainingFilter(ctx context.Context, f *model.TrainingFilter) (c conditions[predicate.Training]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, training.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, training.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.TeachingCaseID, training.TeachingCaseID, toTeachingCase)
	where(&c, f.HeldFrom, training.HeldOnGTE)
	return c
}

func (r *queryResolver) TeachingCases(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.TeachingCaseFilter) (*relay.TeachingCaseConnection, error) {
	return list(ctx, ent.Cases, r.Database.TeachingCase.Query(), teachingCaseFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, teachingCaseSort())
}

func (r *queryResolver) Trainings(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.TrainingFilter) (*relay.TrainingConnection, error) {
	return list(ctx, ent.Cases, r.Database.Training.Query(), trainingFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, trainingSort())
}

// teachingRow is a line of the figures as the database counts it.
type teachingRow struct {
	Month        string              `sql:"month"`
	DepartmentID typeid.DepartmentID `sql:"department_id"`
	Selected     int                 `sql:"selected"`
	Trained      int                 `sql:"trained_ones"`
}

func (r *queryResolver) TeachingFigures(ctx context.Context, siteID string, from string, to string) ([]*model.TeachingFigure, error) {
	if err := mayRead(ctx, ent.Cases); err != nil {
		return nil, err
	}
	if _, _, err := days(from, to, maxFigureDays); err != nil {
		return nil, err
	}
	var at conditions[predicate.TeachingCase]
	id, _ := parse[typeid.SiteID](siteID)
	if whereRefers(ctx, &at, &id, teachingcase.SiteID, toSite); at.err != nil {
		return nil, at.err
	}
	var rows []teachingRow
	err := r.Database.TeachingCase.Query().Where(at.all...).Where(teachingcase.MonthGTE(from), teachingcase.MonthLTE(to)).
		Modify(func(s *sql.Selector) {
			month, department := s.C(teachingcase.FieldMonth), s.C(teachingcase.FieldDepartmentID)
			s.Select(month, department, sql.As(sql.Count("*"), "selected"),
				sql.As("SUM(CASE WHEN "+s.C(teachingcase.FieldTrained)+" THEN 1 ELSE 0 END)", "trained_ones")).
				GroupBy(month, department).OrderBy(month, department).Limit(maxFigures + 1)
		}).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	if len(rows) > maxFigures {
		return nil, &relay.ArgumentError{Argument: "to", Reason: fmt.Sprintf("makes more than %d lines: ask for fewer months", maxFigures)}
	}
	out := make([]*model.TeachingFigure, len(rows))
	page := siblings.New(out)
	for n, row := range rows {
		out[n] = &model.TeachingFigure{Month: row.Month, DepartmentID: row.DepartmentID, Selected: row.Selected, Trained: row.Trained, Page: page}
	}
	return out, nil
}

func (r *teachingFigureResolver) Department(ctx context.Context, obj *model.TeachingFigure) (*db.Department, error) {
	return one(ctx, obj, func(f *model.TeachingFigure) typeid.DepartmentID { return f.DepartmentID }, r.departments())
}

func (r *teachingCaseResolver) Case(ctx context.Context, obj *db.TeachingCase) (*db.ServiceCase, error) {
	return one(ctx, obj, func(t *db.TeachingCase) typeid.CaseID { return t.CaseID }, r.cases())
}

func (r *teachingCaseResolver) Site(ctx context.Context, obj *db.TeachingCase) (*db.Site, error) {
	return one(ctx, obj, func(t *db.TeachingCase) typeid.SiteID { return t.SiteID }, r.sites())
}

func (r *teachingCaseResolver) Department(ctx context.Context, obj *db.TeachingCase) (*db.Department, error) {
	return one(ctx, obj, func(t *db.TeachingCase) typeid.DepartmentID { return t.DepartmentID }, r.departments())
}

func (r *teachingCaseResolver) SelectedBy(ctx context.Context, obj *db.TeachingCase) (*db.Staff, error) {
	return one(ctx, obj, func(t *db.TeachingCase) typeid.StaffID { return t.SelectedByID }, r.staff())
}

func (r *teachingCaseResolver) Trainings(ctx context.Context, obj *db.TeachingCase, first *int, after *string, last *int, before *string) (*relay.TrainingConnection, error) {
	return many(ctx, obj, func(t *db.TeachingCase) typeid.TeachingCaseID { return t.ID },
		func(ids []typeid.TeachingCaseID) (map[typeid.TeachingCaseID]*relay.TrainingConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.TrainingQuery, db.Training, predicate.Training, typeid.TeachingCaseID]{
				Query: r.Database.Training.Query(), Table: training.Table, Column: training.FieldTeachingCaseID, Scope: scope(ctx, db.TypeTraining),
				Parent: func(t *db.Training) typeid.TeachingCaseID { return t.TeachingCaseID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, trainingSort())
		})
}

func (r *trainingResolver) TeachingCase(ctx context.Context, obj *db.Training) (*db.TeachingCase, error) {
	return one(ctx, obj, func(t *db.Training) typeid.TeachingCaseID { return t.TeachingCaseID }, r.teachingCases())
}

func (r *trainingResolver) Department(ctx context.Context, obj *db.Training) (*db.Department, error) {
	return one(ctx, obj, func(t *db.Training) typeid.DepartmentID { return t.DepartmentID }, r.departments())
}

func (r *trainingResolver) Trainer(ctx context.Context, obj *db.Training) (*db.Staff, error) {
	return one(ctx, obj, func(t *db.Training) typeid.StaffID { return t.TrainerID }, r.staff())
}

func (r *trainingResolver) RecordedBy(ctx context.Context, obj *db.Training) (*db.Staff, error) {
	return one(ctx, obj, func(t *db.Training) typeid.StaffID { return t.RecordedByID }, r.staff())
}

func (r *trainingResolver) Participants(ctx context.Context, obj *db.Training) ([]*db.Staff, error) {
	people, err := many(ctx, obj, trainingID, func(ids []typeid.TrainingID) (map[typeid.TrainingID][]*db.Staff, error) {
		held, err := r.Database.Training.Query().Where(training.IDIn(ids...)).Select(training.FieldID).
			WithParticipants(func(q *db.StaffQuery) { q.Order(staff.ByName(), staff.ByID()) }).All(ctx)
		of := map[typeid.TrainingID][]*db.Staff{}
		shown := map[typeid.StaffID]*db.Staff{}
		for _, t := range held {
			of[t.ID] = t.Edges.Participants
			for _, person := range t.Edges.Participants {
				shown[person.ID] = person // the same for all trainings
			}
		}
		siblings.Together(slices.Collect(maps.Values(shown)))
		return of, err
	})
	return notNil(people), err
}

func (r *mutationResolver) TeachingCaseSelect(ctx context.Context, input quality.SelectTeachingCase) (*model.TeachingCasePayload, error) {
	return change(ctx, r.Quality.SelectTeachingCase, input)
}

func (r *mutationResolver) TeachingCaseRevise(ctx context.Context, input quality.ReviseTeachingCase) (*model.TeachingCasePayload, error) {
	return change(ctx, r.Quality.ReviseTeachingCase, input)
}

func (r *mutationResolver) TrainingRecord(ctx context.Context, input quality.RecordTraining) (*model.TrainingPayload, error) {
	return change(ctx, r.Quality.RecordTraining, input)
}

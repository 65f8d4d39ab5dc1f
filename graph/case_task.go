package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casetask"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type caseTaskResolver struct{ *Resolver }

// CaseTask resolves the fields of CaseTask.
func (r *Resolver) CaseTask() generated.CaseTaskResolver { return &caseTaskResolver{r} }

// tasks are read by their ids.
func (r *Resolver) tasks() table[db.CaseTask, typeid.CaseTaskID] {
	return table[db.CaseTask, typeid.CaseTaskID]{
		func(ctx context.Context, ids []typeid.CaseTaskID) ([]*db.CaseTask, error) {
			return r.Database.CaseTask.Query().Where(casetask.IDIn(ids...)).All(ctx)
		}, func(t *db.CaseTask) typeid.CaseTaskID { return t.ID }}
}

func taskSort() relay.Sort[db.CaseTask] {
	return relay.Sort[db.CaseTask]{
		Name: "task.dueAt", Column: casetask.FieldDueAt,
		Key: func(t *db.CaseTask) (any, fmt.Stringer) { return t.DueAt, t.ID },
		ID:  parsed[typeid.CaseTaskID],
	}
}

func taskFilter(ctx context.Context, f *model.CaseTaskFilter) (c conditions[predicate.CaseTask]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.DepartmentID, casetask.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.AssigneeID, casetask.AssigneeID, toStaff)
	whereIn(&c, f.Status, casetask.StatusIn)
	where(&c, f.DueBefore, casetask.DueAtLT)
	return c
}

func (r *queryResolver) CaseTasks(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.CaseTaskFilter) (*relay.CaseTaskConnection, error) {
	return list(ctx, ent.Cases, r.Database.CaseTask.Query(), taskFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, taskSort())
}

func (r *caseResolver) Tasks(ctx context.Context, obj *db.ServiceCase, first *int, after *string, last *int, before *string) (*relay.CaseTaskConnection, error) {
	return many(ctx, obj, func(c *db.ServiceCase) typeid.CaseID { return c.ID },
		func(ids []typeid.CaseID) (map[typeid.CaseID]*relay.CaseTaskConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.CaseTaskQuery, db.CaseTask, predicate.CaseTask, typeid.CaseID]{
				Query: r.Database.CaseTask.Query(), Table: casetask.Table, Column: casetask.FieldCaseID, Scope: scope(ctx, db.TypeCaseTask),
				Parent: func(t *db.CaseTask) typeid.CaseID { return t.CaseID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, taskSort())
		})
}

func (r *caseTaskResolver) Case(ctx context.Context, obj *db.CaseTask) (*db.ServiceCase, error) {
	return one(ctx, obj, func(t *db.CaseTask) typeid.CaseID { return t.CaseID }, r.cases())
}

func (r *caseTaskResolver) Department(ctx context.Context, obj *db.CaseTask) (*db.Department, error) {
	return one(ctx, obj, func(t *db.CaseTask) typeid.DepartmentID { return t.DepartmentID }, r.departments())
}

func (r *caseTaskResolver) Assignee(ctx context.Context, obj *db.CaseTask) (*db.Staff, error) {
	return one(ctx, obj, func(t *db.CaseTask) typeid.StaffID { return t.AssigneeID }, r.staff())
}

func (r *caseTaskResolver) AddedBy(ctx context.Context, obj *db.CaseTask) (*db.Staff, error) {
	return one(ctx, obj, func(t *db.CaseTask) typeid.StaffID { return t.AddedByID }, r.staff())
}

func (r *caseTaskResolver) EndedBy(ctx context.Context, obj *db.CaseTask) (*db.Staff, error) {
	return one(ctx, obj, func(t *db.CaseTask) typeid.StaffID { return t.EndedByID }, r.staff())
}

func (r *mutationResolver) CaseAddTask(ctx context.Context, input quality.AddCaseTask) (*model.CaseTaskPayload, error) {
	return change(ctx, r.Quality.AddCaseTask, input)
}

func (r *mutationResolver) CaseTaskAccept(ctx context.Context, input quality.AcceptCaseTask) (*model.CaseTaskPayload, error) {
	return change(ctx, r.Quality.AcceptCaseTask, input)
}

func (r *mutationResolver) CaseTaskComplete(ctx context.Context, input quality.CompleteCaseTask) (*model.CaseTaskPayload, error) {
	return change(ctx, r.Quality.CompleteCaseTask, input)
}

func (r *mutationResolver) CaseTaskCancel(ctx context.Context, input quality.CancelCaseTask) (*model.CaseTaskPayload, error) {
	return change(ctx, r.Quality.CancelCaseTask, input)
}

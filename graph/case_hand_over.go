package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/handover"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type handOverResolver struct{ *Resolver }

// HandOver resolves the fields of hand-overs.
func (r *Resolver) HandOver() generated.HandOverResolver { return &handOverResolver{r} }

func (r *Resolver) handOvers() table[db.HandOver, typeid.HandOverID] {
	return table[db.HandOver, typeid.HandOverID]{
		func(ctx context.Context, ids []typeid.HandOverID) ([]*db.HandOver, error) {
			return r.Database.HandOver.Query().Where(handover.IDIn(ids...)).All(ctx)
		}, func(h *db.HandOver) typeid.HandOverID { return h.ID }}
}

func handOverSort() relay.Sort[db.HandOver] {
	return relay.Sort[db.HandOver]{
		Name: "handOver.offeredAt", Column: handover.FieldOfferedAt,
		Key: func(h *db.HandOver) (any, fmt.Stringer) { return h.OfferedAt, h.ID },
		ID:  parsed[typeid.HandOverID],
	}
}

func (r *caseResolver) HandOvers(ctx context.Context, obj *db.ServiceCase, first *int, after *string, last *int, before *string) (*relay.HandOverConnection, error) {
	return many(ctx, obj, caseID, func(ids []typeid.CaseID) (map[typeid.CaseID]*relay.HandOverConnection, error) {
		return relay.Nested(ctx, ids, relay.Children[*db.HandOverQuery, db.HandOver, predicate.HandOver, typeid.CaseID]{
			Query: r.Database.HandOver.Query(), Table: handover.Table, Column: handover.FieldCaseID, Scope: scope(ctx, db.TypeHandOver),
			Parent: func(h *db.HandOver) typeid.CaseID { return h.CaseID },
		}, relay.Args{First: first, After: after, Last: last, Before: before}, handOverSort())
	})
}

func (r *handOverResolver) Case(ctx context.Context, obj *db.HandOver) (*db.ServiceCase, error) {
	return one(ctx, obj, func(h *db.HandOver) typeid.CaseID { return h.CaseID }, r.cases())
}

func (r *handOverResolver) From(ctx context.Context, obj *db.HandOver) (*db.Staff, error) {
	return one(ctx, obj, func(h *db.HandOver) typeid.StaffID { return h.FromID }, r.staff())
}

func (r *handOverResolver) FromDepartment(ctx context.Context, obj *db.HandOver) (*db.Department, error) {
	return one(ctx, obj, func(h *db.HandOver) typeid.DepartmentID { return h.FromDepartmentID }, r.departments())
}

func (r *handOverResolver) ToDepartment(ctx context.Context, obj *db.HandOver) (*db.Department, error) {
	return one(ctx, obj, func(h *db.HandOver) typeid.DepartmentID { return h.ToDepartmentID }, r.departments())
}

func (r *handOverResolver) ToStaff(ctx context.Context, obj *db.HandOver) (*db.Staff, error) {
	return one(ctx, obj, func(h *db.HandOver) typeid.StaffID { return h.ToStaffID }, r.staff())
}

func (r *handOverResolver) OfferedBy(ctx context.Context, obj *db.HandOver) (*db.Staff, error) {
	return one(ctx, obj, func(h *db.HandOver) typeid.StaffID { return h.OfferedByID }, r.staff())
}

func (r *handOverResolver) DecidedBy(ctx context.Context, obj *db.HandOver) (*db.Staff, error) {
	return one(ctx, obj, func(h *db.HandOver) typeid.StaffID { return h.DecidedByID }, r.staff())
}

func (r *mutationResolver) CaseRefuse(ctx context.Context, input quality.RefuseCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.RefuseCase, input)
}

func (r *mutationResolver) CaseMove(ctx context.Context, input quality.MoveCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.MoveCase, input)
}

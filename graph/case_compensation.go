package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecompensation"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type caseCompensationResolver struct{ *Resolver }

// CaseCompensation resolves the fields of CaseCompensation.
func (r *Resolver) CaseCompensation() generated.CaseCompensationResolver {
	return &caseCompensationResolver{r}
}

// compensations are read by their ids.
func (r *Resolver) compensations() table[db.CaseCompensation, typeid.CompensationID] {
	return table[db.CaseCompensation, typeid.CompensationID]{
		func(ctx context.Context, ids []typeid.CompensationID) ([]*db.CaseCompensation, error) {
			return r.Database.CaseCompensation.Query().Where(casecompensation.IDIn(ids...)).All(ctx)
		}, func(x *db.CaseCompensation) typeid.CompensationID { return x.ID }}
}

func compensationSort() relay.Sort[db.CaseCompensation] {
	return relay.Sort[db.CaseCompensation]{
		Name: "compensation.askedAt", Column: casecompensation.FieldAskedAt,
		Key: func(x *db.CaseCompensation) (any, fmt.Stringer) { return x.AskedAt, x.ID },
		ID:  parsed[typeid.CompensationID],
	}
}

func (r *caseResolver) Compensations(ctx context.Context, obj *db.ServiceCase, first *int, after *string, last *int, before *string) (*relay.CaseCompensationConnection, error) {
	return many(ctx, obj, func(c *db.ServiceCase) typeid.CaseID { return c.ID },
		func(ids []typeid.CaseID) (map[typeid.CaseID]*relay.CaseCompensationConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.CaseCompensationQuery, db.CaseCompensation, predicate.CaseCompensation, typeid.CaseID]{
				Query: r.Database.CaseCompensation.Query(), Table: casecompensation.Table, Column: casecompensation.FieldCaseID, Scope: scope(ctx, db.TypeCaseCompensation),
				Parent: func(x *db.CaseCompensation) typeid.CaseID { return x.CaseID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, compensationSort())
		})
}

func (r *caseCompensationResolver) Case(ctx context.Context, obj *db.CaseCompensation) (*db.ServiceCase, error) {
	return one(ctx, obj, func(x *db.CaseCompensation) typeid.CaseID { return x.CaseID }, r.cases())
}

func (r *caseCompensationResolver) AskedBy(ctx context.Context, obj *db.CaseCompensation) (*db.Staff, error) {
	return one(ctx, obj, func(x *db.CaseCompensation) typeid.StaffID { return x.AskedByID }, r.staff())
}

func (r *caseCompensationResolver) DecidedBy(ctx context.Context, obj *db.CaseCompensation) (*db.Staff, error) {
	return one(ctx, obj, func(x *db.CaseCompensation) typeid.StaffID { return x.DecidedByID }, r.staff())
}

func (r *caseCompensationResolver) Value(_ context.Context, obj *db.CaseCompensation) (*quality.Money, error) {
	return &quality.Money{Amount: obj.Amount, Currency: obj.Currency}, nil
}

func (r *mutationResolver) CaseCompensate(ctx context.Context, input quality.CompensateCase) (*model.CaseCompensationPayload, error) {
	return change(ctx, r.Quality.CompensateCase, input)
}

func (r *mutationResolver) CaseApproveCompensation(ctx context.Context, input quality.ApproveCompensation) (*model.CaseCompensationPayload, error) {
	return change(ctx, r.Quality.ApproveCompensation, input)
}

func (r *mutationResolver) CaseDeclineCompensation(ctx context.Context, input quality.DeclineCompensation) (*model.CaseCompensationPayload, error) {
	return change(ctx, r.Quality.DeclineCompensation, input)
}

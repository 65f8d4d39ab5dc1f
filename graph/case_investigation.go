package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseinvestigation"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type caseInvestigationResolver struct{ *Resolver }

// CaseInvestigation resolves the fields of CaseInvestigation.
func (r *Resolver) CaseInvestigation() generated.CaseInvestigationResolver {
	return &caseInvestigationResolver{r}
}

// investigations are read by their ids.
func (r *Resolver) investigations() table[db.CaseInvestigation, typeid.InvestigationID] {
	return table[db.CaseInvestigation, typeid.InvestigationID]{
		func(ctx context.Context, ids []typeid.InvestigationID) ([]*db.CaseInvestigation, error) {
			return r.Database.CaseInvestigation.Query().Where(caseinvestigation.IDIn(ids...)).All(ctx)
		}, func(x *db.CaseInvestigation) typeid.InvestigationID { return x.ID }}
}

func investigationSort() relay.Sort[db.CaseInvestigation] {
	return relay.Sort[db.CaseInvestigation]{
		Name: "investigation.at", Column: caseinvestigation.FieldAt,
		Key: func(x *db.CaseInvestigation) (any, fmt.Stringer) { return x.At, x.ID },
		ID:  parsed[typeid.InvestigationID],
	}
}

func (r *caseResolver) Cause(ctx context.Context, obj *db.ServiceCase) (*db.Cause, error) {
	return one(ctx, obj, func(x *db.ServiceCase) typeid.CauseID { return x.CauseID }, r.causes())
}

// Investigation is the highest version of each case: there are few of them.
func (r *caseResolver) Investigation(ctx context.Context, obj *db.ServiceCase) (*db.CaseInvestigation, error) {
	return many(ctx, obj, func(c *db.ServiceCase) typeid.CaseID { return c.ID },
		func(ids []typeid.CaseID) (map[typeid.CaseID]*db.CaseInvestigation, error) {
			rows, err := r.Database.CaseInvestigation.Query().Where(caseinvestigation.CaseIDIn(ids...)).
				Order(db.Asc(caseinvestigation.FieldVersion)).All(ctx)
			last := map[typeid.CaseID]*db.CaseInvestigation{}
			for _, row := range siblings.Together[db.CaseInvestigation](rows) {
				last[row.CaseID] = row
			}
			return last, err
		})
}

func (r *caseResolver) Investigations(ctx context.Context, obj *db.ServiceCase, first *int, after *string, last *int, before *string) (*relay.CaseInvestigationConnection, error) {
	return many(ctx, obj, func(c *db.ServiceCase) typeid.CaseID { return c.ID },
		func(ids []typeid.CaseID) (map[typeid.CaseID]*relay.CaseInvestigationConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.CaseInvestigationQuery, db.CaseInvestigation, predicate.CaseInvestigation, typeid.CaseID]{
				Query: r.Database.CaseInvestigation.Query(), Table: caseinvestigation.Table, Column: caseinvestigation.FieldCaseID, Scope: scope(ctx, db.TypeCaseInvestigation),
				Parent: func(x *db.CaseInvestigation) typeid.CaseID { return x.CaseID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, investigationSort())
		})
}

func (r *caseInvestigationResolver) Case(ctx context.Context, obj *db.CaseInvestigation) (*db.ServiceCase, error) {
	return one(ctx, obj, func(x *db.CaseInvestigation) typeid.CaseID { return x.CaseID }, r.cases())
}

func (r *caseInvestigationResolver) Investigator(ctx context.Context, obj *db.CaseInvestigation) (*db.Staff, error) {
	return one(ctx, obj, func(x *db.CaseInvestigation) typeid.StaffID { return x.InvestigatorID }, r.staff())
}

func (r *caseInvestigationResolver) Cause(ctx context.Context, obj *db.CaseInvestigation) (*db.Cause, error) {
	return one(ctx, obj, func(x *db.CaseInvestigation) typeid.CauseID { return x.CauseID }, r.causes())
}

func (r *caseInvestigationResolver) Department(ctx context.Context, obj *db.CaseInvestigation) (*db.Department, error) {
	return one(ctx, obj, func(x *db.CaseInvestigation) typeid.DepartmentID { return x.DepartmentID }, r.departments())
}

func (r *caseInvestigationResolver) Person(ctx context.Context, obj *db.CaseInvestigation) (*db.Staff, error) {
	return one(ctx, obj, func(x *db.CaseInvestigation) typeid.StaffID { return x.PersonID }, r.staff())
}

func (r *caseInvestigationResolver) Loss(_ context.Context, obj *db.CaseInvestigation) (*quality.Money, error) {
	if obj.Loss == nil {
		return nil, nil
	}
	return &quality.Money{Amount: *obj.Loss, Currency: *obj.Currency}, nil
}

func (r *mutationResolver) CaseInvestigate(ctx context.Context, input quality.InvestigateCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.InvestigateCase, input)
}

package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/conductproposal"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type conductProposalResolver struct{ *Resolver }

// ConductProposal resolves the fields of ConductProposal.
func (r *Resolver) ConductProposal() generated.ConductProposalResolver {
	return &conductProposalResolver{r}
}

// proposals are read by their ids.
func (r *Resolver) proposals() table[db.ConductProposal, typeid.ConductProposalID] {
	return table[db.ConductProposal, typeid.ConductProposalID]{
		func(ctx context.Context, ids []typeid.ConductProposalID) ([]*db.ConductProposal, error) {
			return r.Database.ConductProposal.Query().Where(conductproposal.IDIn(ids...)).All(ctx)
		}, func(x *db.ConductProposal) typeid.ConductProposalID { return x.ID }}
}

func proposalSort() relay.Sort[db.ConductProposal] {
	return relay.Sort[db.ConductProposal]{
		Name: "proposal.proposedAt", Column: conductproposal.FieldProposedAt, Desc: true,
		Key: func(x *db.ConductProposal) (any, fmt.Stringer) { return x.ProposedAt, x.ID },
		ID:  parsed[typeid.ConductProposalID],
	}
}

func proposalFilter(ctx context.Context, f *model.ConductProposalFilter) (c conditions[predicate.ConductProposal]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, conductproposal.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, conductproposal.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.PersonID, conductproposal.PersonID, toStaff)
	whereIn(&c, f.Status, conductproposal.StatusIn)
	return c
}

func (r *queryResolver) ConductProposals(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.ConductProposalFilter) (*relay.ConductProposalConnection, error) {
	return list(ctx, ent.Appraisals, r.Database.ConductProposal.Query(), proposalFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, proposalSort())
}

func (r *conductProposalResolver) Case(ctx context.Context, obj *db.ConductProposal) (*db.ServiceCase, error) {
	return one(ctx, obj, func(x *db.ConductProposal) typeid.CaseID { return x.CaseID }, r.cases())
}

func (r *conductProposalResolver) Investigation(ctx context.Context, obj *db.ConductProposal) (*db.CaseInvestigation, error) {
	return one(ctx, obj, func(x *db.ConductProposal) typeid.InvestigationID { return x.InvestigationID }, r.investigations())
}

func (r *conductProposalResolver) Person(ctx context.Context, obj *db.ConductProposal) (*db.Staff, error) {
	return one(ctx, obj, func(x *db.ConductProposal) typeid.StaffID { return x.PersonID }, r.staff())
}

func (r *conductProposalResolver) Department(ctx context.Context, obj *db.ConductProposal) (*db.Department, error) {
	return one(ctx, obj, func(x *db.ConductProposal) typeid.DepartmentID { return x.DepartmentID }, r.departments())
}

func (r *conductProposalResolver) FirstResponsible(ctx context.Context, obj *db.ConductProposal) (*db.Staff, error) {
	return one(ctx, obj, func(x *db.ConductProposal) typeid.StaffID { return x.FirstResponsibleID }, r.staff())
}

func (r *conductProposalResolver) PersonFrom(_ context.Context, obj *db.ConductProposal) (*quality.Money, error) {
	return &quality.Money{Amount: obj.PersonFrom, Currency: obj.Currency}, nil
}

func (r *conductProposalResolver) PersonTo(_ context.Context, obj *db.ConductProposal) (*quality.Money, error) {
	return &quality.Money{Amount: obj.PersonTo, Currency: obj.Currency}, nil
}

func (r *conductProposalResolver) FirstFrom(_ context.Context, obj *db.ConductProposal) (*quality.Money, error) {
	return &quality.Money{Amount: obj.FirstFrom, Currency: obj.Currency}, nil
}

func (r *conductProposalResolver) FirstTo(_ context.Context, obj *db.ConductProposal) (*quality.Money, error) {
	return &quality.Money{Amount: obj.FirstTo, Currency: obj.Currency}, nil
}

package graph

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/quality"
)

type (
	departmentAgreementResolver struct{ *Resolver }
	inspectorAgreementResolver  struct{ *Resolver }
)

// DepartmentAgreement resolves the fields of DepartmentAgreement.
func (r *Resolver) DepartmentAgreement() generated.DepartmentAgreementResolver {
	return &departmentAgreementResolver{r}
}

// InspectorAgreement resolves the fields of InspectorAgreement.
func (r *Resolver) InspectorAgreement() generated.InspectorAgreementResolver {
	return &inspectorAgreementResolver{r}
}

// LayerAgreement is the resolver for the layerAgreement field.
func (r *queryResolver) LayerAgreement(ctx context.Context, input quality.LayerAgreementOf) (*model.LayerAgreement, error) {
	for _, area := range []ent.Area{ent.Inspections, ent.Organisation} {
		if err := mayRead(ctx, area); err != nil {
			return nil, err
		}
	}
	found, err := r.Quality.LayerAgreement(ctx, input)
	if err != nil {
		return nil, err
	}
	return &model.LayerAgreement{Departments: model.AgreementsOf(found.Departments), Inspectors: model.AgreementsOf(found.Inspectors)}, nil
}

func agreementDepartment(a *model.Agreement) typeid.DepartmentID { return a.DepartmentID }

func (r *departmentAgreementResolver) Department(ctx context.Context, obj *model.Agreement) (*db.Department, error) {
	return one(ctx, obj, agreementDepartment, r.departments())
}

func (r *inspectorAgreementResolver) Department(ctx context.Context, obj *model.Agreement) (*db.Department, error) {
	return one(ctx, obj, agreementDepartment, r.departments())
}

func (r *inspectorAgreementResolver) Inspector(ctx context.Context, obj *model.Agreement) (*db.Staff, error) {
	return one(ctx, obj, func(a *model.Agreement) typeid.StaffID { return a.InspectorID }, r.staff())
}

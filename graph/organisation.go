package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
)

type (
	viewerResolver     struct{ *Resolver }
	siteResolver       struct{ *Resolver }
	departmentResolver struct{ *Resolver }
	staffResolver      struct{ *Resolver }
)

// Viewer resolves the fields of Viewer.
func (r *Resolver) Viewer() generated.ViewerResolver { return &viewerResolver{r} }

// Site resolves the fields of Site.
func (r *Resolver) Site() generated.SiteResolver { return &siteResolver{r} }

// Department resolves the fields of Department.
func (r *Resolver) Department() generated.DepartmentResolver { return &departmentResolver{r} }

// Staff resolves the fields of Staff.
func (r *Resolver) Staff() generated.StaffResolver { return &staffResolver{r} }

func siteSort(order *model.SiteOrder) relay.Sort[db.Site] {
	return relay.Sort[db.Site]{
		Name: "site.name", Column: site.FieldName, Desc: order != nil && order.Direction == model.OrderDirectionDesc,
		Key: func(s *db.Site) (any, fmt.Stringer) { return s.Name, s.ID },
		ID:  parsed[typeid.SiteID],
	}
}

func departmentSort(order *model.DepartmentOrder) relay.Sort[db.Department] {
	return relay.Sort[db.Department]{
		Name: "department.name", Column: department.FieldName, Desc: order != nil && order.Direction == model.OrderDirectionDesc,
		Key: func(d *db.Department) (any, fmt.Stringer) { return d.Name, d.ID },
		ID:  parsed[typeid.DepartmentID],
	}
}

func staffSort(order *model.StaffOrder) relay.Sort[db.Staff] {
	return relay.Sort[db.Staff]{
		Name: "staff.name", Column: staff.FieldName, Desc: order != nil && order.Direction == model.OrderDirectionDesc,
		Key: func(s *db.Staff) (any, fmt.Stringer) { return s.Name, s.ID },
		ID:  parsed[typeid.StaffID],
	}
}

func departmentFilter(ctx context.Context, f *model.DepartmentFilter) (c conditions[predicate.Department]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, department.SiteID, toSite)
	whereRefers(ctx, &c, f.ParentID, department.ParentID, toDepartment)
	where(&c, f.Code, department.Code)
	return c
}

func staffFilter(ctx context.Context, f *model.StaffFilter) (c conditions[predicate.Staff]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, staff.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, staff.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.SupervisorID, staff.SupervisorID, toStaff)
	whereIs(&c, f.Active, staff.FieldActive)
	whereIn(&c, f.Role, staff.RoleIn)
	where(&c, f.Code, staff.Code)
	return c
}

func (r *queryResolver) Viewer(ctx context.Context) (*model.Viewer, error) {
	v := ent.ViewerFrom(ctx)
	return &model.Viewer{Role: v.Role, Scopes: v.Scopes}, nil
}

func (r *viewerResolver) Staff(ctx context.Context, _ *model.Viewer) (*db.Staff, error) {
	s, err := r.Database.Staff.Get(ctx, ent.ViewerFrom(ctx).Staff)
	return s, db.MaskNotFound(err)
}

func (r *queryResolver) Sites(ctx context.Context, first *int, after *string, last *int, before *string, order *model.SiteOrder) (*relay.SiteConnection, error) {
	return list(ctx, ent.Organisation, r.Database.Site.Query(), conditions[predicate.Site]{}, relay.Args{First: first, After: after, Last: last, Before: before}, siteSort(order))
}

func (r *queryResolver) Departments(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.DepartmentFilter, order *model.DepartmentOrder) (*relay.DepartmentConnection, error) {
	return list(ctx, ent.Organisation, r.Database.Department.Query(), departmentFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, departmentSort(order))
}

func (r *queryResolver) Staff(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.StaffFilter, order *model.StaffOrder) (*relay.StaffConnection, error) {
	return list(ctx, ent.Organisation, r.Database.Staff.Query(), staffFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, staffSort(order))
}

func (r *siteResolver) Departments(ctx context.Context, obj *db.Site, first *int, after *string, last *int, before *string, order *model.DepartmentOrder) (*relay.DepartmentConnection, error) {
	return many(ctx, obj, func(s *db.Site) typeid.SiteID { return s.ID },
		func(ids []typeid.SiteID) (map[typeid.SiteID]*relay.DepartmentConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.DepartmentQuery, db.Department, predicate.Department, typeid.SiteID]{
				Query: r.Database.Department.Query(), Table: department.Table, Column: department.FieldSiteID, Scope: scope(ctx, db.TypeDepartment),
				Parent: func(d *db.Department) typeid.SiteID { return d.SiteID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, departmentSort(order))
		})
}

func (r *departmentResolver) Site(ctx context.Context, obj *db.Department) (*db.Site, error) {
	return one(ctx, obj, func(d *db.Department) typeid.SiteID { return d.SiteID }, r.sites())
}

func (r *departmentResolver) Parent(ctx context.Context, obj *db.Department) (*db.Department, error) {
	return one(ctx, obj, func(d *db.Department) typeid.DepartmentID { return d.ParentID }, r.departments())
}

func departmentID(d *db.Department) typeid.DepartmentID { return d.ID }

func (r *departmentResolver) Children(ctx context.Context, obj *db.Department, first *int, after *string, last *int, before *string, order *model.DepartmentOrder) (*relay.DepartmentConnection, error) {
	return many(ctx, obj, departmentID, func(ids []typeid.DepartmentID) (map[typeid.DepartmentID]*relay.DepartmentConnection, error) {
		return relay.Nested(ctx, ids, relay.Children[*db.DepartmentQuery, db.Department, predicate.Department, typeid.DepartmentID]{
			Query: r.Database.Department.Query(), Table: department.Table, Column: department.FieldParentID, Scope: scope(ctx, db.TypeDepartment),
			Parent: func(d *db.Department) typeid.DepartmentID { return d.ParentID },
		}, relay.Args{First: first, After: after, Last: last, Before: before}, departmentSort(order))
	})
}

func (r *departmentResolver) Staff(ctx context.Context, obj *db.Department, first *int, after *string, last *int, before *string, order *model.StaffOrder) (*relay.StaffConnection, error) {
	return many(ctx, obj, departmentID, func(ids []typeid.DepartmentID) (map[typeid.DepartmentID]*relay.StaffConnection, error) {
		return relay.Nested(ctx, ids, relay.Children[*db.StaffQuery, db.Staff, predicate.Staff, typeid.DepartmentID]{
			Query: r.Database.Staff.Query(), Table: staff.Table, Column: staff.FieldDepartmentID, Scope: scope(ctx, db.TypeStaff),
			Parent: func(s *db.Staff) typeid.DepartmentID { return s.DepartmentID },
		}, relay.Args{First: first, After: after, Last: last, Before: before}, staffSort(order))
	})
}

func (r *departmentResolver) Cases(ctx context.Context, obj *db.Department, first *int, after *string, last *int, before *string, filter *model.CaseFilter, order *model.CaseOrder) (*relay.CaseConnection, error) {
	return many(ctx, obj, departmentID, func(ids []typeid.DepartmentID) (map[typeid.DepartmentID]*relay.CaseConnection, error) {
		return nestedCases(ctx, r.Resolver, ids, servicecase.FieldDepartmentID, func(c *db.ServiceCase) typeid.DepartmentID { return c.DepartmentID },
			filter, relay.Args{First: first, After: after, Last: last, Before: before}, order)
	})
}

func (r *departmentResolver) Inspections(ctx context.Context, obj *db.Department, first *int, after *string, last *int, before *string, filter *model.InspectionFilter, order *model.InspectionOrder) (*relay.InspectionConnection, error) {
	return many(ctx, obj, departmentID, func(ids []typeid.DepartmentID) (map[typeid.DepartmentID]*relay.InspectionConnection, error) {
		where := inspectionFilter(ctx, filter)
		if where.err != nil {
			return nil, where.err
		}
		return relay.Nested(ctx, ids, relay.Children[*db.InspectionQuery, db.Inspection, predicate.Inspection, typeid.DepartmentID]{
			Query: r.inspectionRows(), Table: inspection.Table, Column: inspection.FieldDepartmentID, Filter: where.all, Scope: scope(ctx, db.TypeInspection),
			Parent: func(i *db.Inspection) typeid.DepartmentID { return i.DepartmentID },
		}, relay.Args{First: first, After: after, Last: last, Before: before}, inspectionSort(order))
	})
}

func (r *staffResolver) Site(ctx context.Context, obj *db.Staff) (*db.Site, error) {
	return one(ctx, obj, func(s *db.Staff) typeid.SiteID { return s.SiteID }, r.sites())
}

func (r *staffResolver) Department(ctx context.Context, obj *db.Staff) (*db.Department, error) {
	return one(ctx, obj, func(s *db.Staff) typeid.DepartmentID { return s.DepartmentID }, r.departments())
}

func (r *staffResolver) Supervisor(ctx context.Context, obj *db.Staff) (*db.Staff, error) {
	return one(ctx, obj, func(s *db.Staff) typeid.StaffID { return s.SupervisorID }, r.staff())
}

func staffID(s *db.Staff) typeid.StaffID { return s.ID }

// maxOversees bounds a list that has no pages.
const maxOversees = 100

func (r *staffResolver) Oversees(ctx context.Context, obj *db.Staff) ([]*db.Department, error) {
	return many(ctx, obj, staffID, func(ids []typeid.StaffID) (map[typeid.StaffID][]*db.Department, error) {
		people, err := r.Database.Staff.Query().Where(staff.IDIn(ids...)).Select(staff.FieldID).
			WithOversees(func(q *db.DepartmentQuery) { q.Order(db.Asc(department.FieldName)) }).All(ctx)
		of := map[typeid.StaffID][]*db.Department{}
		shown := map[typeid.DepartmentID]*db.Department{}
		for _, person := range people {
			of[person.ID] = person.Edges.Oversees[:min(maxOversees, len(person.Edges.Oversees))]
			for _, d := range of[person.ID] {
				shown[d.ID] = d // the same for all who oversee it
			}
		}
		siblings.Together(slices.Collect(maps.Values(shown)))
		return of, err
	})
}

func (r *staffResolver) AssignedCases(ctx context.Context, obj *db.Staff, first *int, after *string, last *int, before *string, filter *model.CaseFilter, order *model.CaseOrder) (*relay.CaseConnection, error) {
	return many(ctx, obj, staffID, func(ids []typeid.StaffID) (map[typeid.StaffID]*relay.CaseConnection, error) {
		return nestedCases(ctx, r.Resolver, ids, servicecase.FieldAssigneeID, func(c *db.ServiceCase) typeid.StaffID { return c.AssigneeID },
			filter, relay.Args{First: first, After: after, Last: last, Before: before}, order)
	})
}

func (r *staffResolver) Appraisals(ctx context.Context, obj *db.Staff, first *int, after *string, last *int, before *string, order *model.AppraisalOrder) (*relay.AppraisalConnection, error) {
	return many(ctx, obj, staffID, func(ids []typeid.StaffID) (map[typeid.StaffID]*relay.AppraisalConnection, error) {
		return relay.Nested(ctx, ids, relay.Children[*db.AppraisalQuery, db.Appraisal, predicate.Appraisal, typeid.StaffID]{
			Query: r.appraisalRows(), Table: appraisal.Table, Column: appraisal.FieldStaffID, Scope: scope(ctx, db.TypeAppraisal),
			Parent: func(a *db.Appraisal) typeid.StaffID { return a.StaffID },
		}, relay.Args{First: first, After: after, Last: last, Before: before}, appraisalSort(order))
	})
}

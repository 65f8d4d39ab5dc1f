package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
)

type (
	caseResolver      struct{ *Resolver }
	caseEntryResolver struct{ *Resolver }
)

// Case resolves the fields of Case.
func (r *Resolver) Case() generated.CaseResolver { return &caseResolver{r} }

// CaseEntry resolves the fields of CaseEntry.
func (r *Resolver) CaseEntry() generated.CaseEntryResolver { return &caseEntryResolver{r} }

func caseSort(order *model.CaseOrder) relay.Sort[db.ServiceCase] {
	if order != nil && order.Field == model.CaseOrderFieldDueAt {
		return relay.Sort[db.ServiceCase]{
			Name: "case.dueAt", Column: servicecase.FieldDueAt, Desc: order.Direction == model.OrderDirectionDesc,
			Key: func(c *db.ServiceCase) (any, fmt.Stringer) { return c.DueAt, c.ID },
			ID:  parsed[typeid.CaseID],
		}
	}
	return relay.Sort[db.ServiceCase]{
		Name: "case.openedAt", Column: servicecase.FieldOpenedAt, Desc: order == nil || order.Direction == model.OrderDirectionDesc,
		Key: func(c *db.ServiceCase) (any, fmt.Stringer) { return c.OpenedAt, c.ID },
		ID:  parsed[typeid.CaseID],
	}
}

func entrySort() relay.Sort[db.CaseEntry] {
	return relay.Sort[db.CaseEntry]{
		Name: "entry.at", Column: caseentry.FieldAt,
		Key: func(e *db.CaseEntry) (any, fmt.Stringer) { return e.At, e.ID },
		ID:  parsed[typeid.CaseEntryID],
	}
}

func (r *Resolver) caseFilter(ctx context.Context, f *model.CaseFilter) (c conditions[predicate.ServiceCase]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, servicecase.SiteID, toSite)
	whereRefers(ctx, &c, f.DepartmentID, servicecase.DepartmentID, toDepartment)
	whereRefers(ctx, &c, f.AssigneeID, servicecase.AssigneeID, toStaff)
	whereRefers(ctx, &c, f.ReceivedByID, servicecase.ReceivedByID, toStaff)
	whereRefers(ctx, &c, f.CustomerID, servicecase.CustomerID, toCustomer)
	whereRefers(ctx, &c, f.TopicID, aboutTopic, toTopic)
	whereIs(&c, f.Open, servicecase.FieldOpen)
	whereIn(&c, f.Status, servicecase.StatusIn)
	whereIn(&c, f.Kind, servicecase.KindIn)
	where(&c, f.OpenedFrom, servicecase.OpenedAtGTE)
	where(&c, f.OpenedBefore, servicecase.OpenedAtLT)
	where(&c, f.DueBefore, servicecase.DueAtLT)
	where(&c, f.ReportedFrom, servicecase.ReportedAtGTE)
	where(&c, f.ExternalID, servicecase.ExternalID)
	whereFound(ctx, r, &c, ent.CaseTexts, f.Text)
	return c
}

// nestedCases reads a page of cases for each parent that column names.
func nestedCases[ID comparable](ctx context.Context, r *Resolver, ids []ID, column string, parent func(*db.ServiceCase) ID, filter *model.CaseFilter, args relay.Args, order *model.CaseOrder) (map[ID]*relay.CaseConnection, error) {
	where := r.caseFilter(ctx, filter)
	if where.err != nil {
		return nil, where.err
	}
	return relay.Nested(ctx, ids, relay.Children[*db.ServiceCaseQuery, db.ServiceCase, predicate.ServiceCase, ID]{
		Query: r.Database.ServiceCase.Query(), Table: servicecase.Table, Column: column,
		Filter: where.all, Scope: scope(ctx, db.TypeServiceCase), Parent: parent,
	}, args, caseSort(order))
}

func (r *queryResolver) Cases(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.CaseFilter, order *model.CaseOrder) (*relay.CaseConnection, error) {
	return list(ctx, ent.Cases, r.Database.ServiceCase.Query(), r.caseFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, caseSort(order))
}

func (r *queryResolver) CaseByNumber(ctx context.Context, number string) (*db.ServiceCase, error) {
	var numbered conditions[predicate.ServiceCase]
	where(&numbered, &number, servicecase.Number)
	c, err := r.Database.ServiceCase.Query().Where(numbered.all...).Only(ctx)
	return c, db.MaskNotFound(err)
}

func (r *caseResolver) Site(ctx context.Context, obj *db.ServiceCase) (*db.Site, error) {
	return one(ctx, obj, func(c *db.ServiceCase) typeid.SiteID { return c.SiteID }, r.sites())
}

func (r *caseResolver) Department(ctx context.Context, obj *db.ServiceCase) (*db.Department, error) {
	return one(ctx, obj, func(c *db.ServiceCase) typeid.DepartmentID { return c.DepartmentID }, r.departments())
}

func (r *caseResolver) Customer(ctx context.Context, obj *db.ServiceCase) (*db.Customer, error) {
	return one(ctx, obj, func(c *db.ServiceCase) typeid.CustomerID { return c.CustomerID }, r.customers())
}

func (r *caseResolver) ReceivedBy(ctx context.Context, obj *db.ServiceCase) (*db.Staff, error) {
	return one(ctx, obj, func(c *db.ServiceCase) typeid.StaffID { return c.ReceivedByID }, r.staff())
}

func (r *caseResolver) Assignee(ctx context.Context, obj *db.ServiceCase) (*db.Staff, error) {
	return one(ctx, obj, func(c *db.ServiceCase) typeid.StaffID { return c.AssigneeID }, r.staff())
}

func (r *caseResolver) DispatchedTo(ctx context.Context, obj *db.ServiceCase) (*db.Staff, error) {
	return one(ctx, obj, func(c *db.ServiceCase) typeid.StaffID { return c.DispatchedToID }, r.staff())
}

func (r *caseResolver) Inspection(ctx context.Context, obj *db.ServiceCase) (*db.Inspection, error) {
	return one(ctx, obj, func(c *db.ServiceCase) typeid.InspectionID { return c.InspectionID }, r.inspections())
}

func (r *caseResolver) Topic(ctx context.Context, obj *db.ServiceCase) (*db.Topic, error) {
	return one(ctx, obj, func(c *db.ServiceCase) typeid.TopicID { return c.TopicID }, r.topics())
}

func (r *caseResolver) Entries(ctx context.Context, obj *db.ServiceCase, first *int, after *string, last *int, before *string) (*relay.CaseEntryConnection, error) {
	return many(ctx, obj, func(c *db.ServiceCase) typeid.CaseID { return c.ID },
		func(ids []typeid.CaseID) (map[typeid.CaseID]*relay.CaseEntryConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.CaseEntryQuery, db.CaseEntry, predicate.CaseEntry, typeid.CaseID]{
				Query: r.Database.CaseEntry.Query(), Table: caseentry.Table, Column: caseentry.FieldCaseID, Scope: scope(ctx, db.TypeCaseEntry),
				Parent: func(e *db.CaseEntry) typeid.CaseID { return e.CaseID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, entrySort())
		})
}

func (r *caseEntryResolver) Case(ctx context.Context, obj *db.CaseEntry) (*db.ServiceCase, error) {
	return one(ctx, obj, func(e *db.CaseEntry) typeid.CaseID { return e.CaseID }, r.cases())
}

func (r *caseEntryResolver) Author(ctx context.Context, obj *db.CaseEntry) (*db.Staff, error) {
	return one(ctx, obj, func(e *db.CaseEntry) typeid.StaffID { return e.AuthorID }, r.staff())
}

func (r *caseEntryResolver) Corrects(ctx context.Context, obj *db.CaseEntry) (*db.CaseEntry, error) {
	return one(ctx, obj, func(e *db.CaseEntry) typeid.CaseEntryID { return e.CorrectsID }, r.entries())
}

func (r *mutationResolver) CaseOpen(ctx context.Context, input quality.OpenCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.OpenCase, input)
}

func (r *mutationResolver) CaseDispatch(ctx context.Context, input quality.DispatchCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.DispatchCase, input)
}

func (r *mutationResolver) CaseAccept(ctx context.Context, input quality.AcceptCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.AcceptCase, input)
}

func (r *mutationResolver) CaseResolve(ctx context.Context, input quality.ResolveCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.ResolveCase, input)
}

func (r *mutationResolver) CaseClose(ctx context.Context, input quality.CloseCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.CloseCase, input)
}

func (r *mutationResolver) CaseClassify(ctx context.Context, input quality.ClassifyCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.ClassifyCase, input)
}

func (r *mutationResolver) CaseAddEntry(ctx context.Context, input quality.AddCaseEntry) (*model.CaseEntryPayload, error) {
	return change(ctx, r.Quality.AddCaseEntry, input)
}

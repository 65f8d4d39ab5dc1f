package graph

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
)

type receptionFigureResolver struct{ *Resolver }

// ReceptionFigure resolves the fields of ReceptionFigure.
func (r *Resolver) ReceptionFigure() generated.ReceptionFigureResolver {
	return &receptionFigureResolver{r}
}

// Bounds of the totals of one field.
const (
	maxFigureDays = 366
	maxFigures    = 1000
)

// receptionColumns are what totals can be grouped by, in the order in which they are
// sorted.
var receptionColumns = []struct {
	group  model.ReceptionGroup
	column string
}{
	{model.ReceptionGroupDay, visit.FieldDay}, {model.ReceptionGroupDepartment, visit.FieldDepartmentID},
	{model.ReceptionGroupStaff, visit.FieldAssignedID}, {model.ReceptionGroupSource, visit.FieldSource},
}

// receptionRow is a total as the database counts it.
type receptionRow struct {
	Day               *string             `sql:"day"`
	DepartmentID      typeid.DepartmentID `sql:"department_id"`
	AssignedID        typeid.StaffID      `sql:"assigned_id"`
	Source            *string             `sql:"source"`
	NewVisitors       int                 `sql:"new_visitors"`
	ReturningVisitors int                 `sql:"returning_visitors"`
	Calls             int                 `sql:"calls"`
	Messages          int                 `sql:"messages"`
	NoCustomers       int                 `sql:"no_customers"`
}

func (r *queryResolver) ReceptionFigures(ctx context.Context, siteID *string, departmentID *string, from string, to string, by []model.ReceptionGroup) ([]*model.ReceptionFigure, error) {
	if err := mayRead(ctx, ent.Customers); err != nil {
		return nil, err
	}
	if _, _, err := days(from, to, maxFigureDays); err != nil {
		return nil, err
	}
	var at conditions[predicate.Visit]
	if siteID != nil {
		id, _ := parse[typeid.SiteID](*siteID)
		whereRefers(ctx, &at, &id, visit.SiteID, toSite)
	}
	if departmentID != nil {
		id, _ := parse[typeid.DepartmentID](*departmentID)
		whereRefers(ctx, &at, &id, visit.DepartmentID, toDepartment)
	}
	if at.err != nil {
		return nil, at.err
	}
	var rows []receptionRow
	err := r.Database.Visit.Query().Where(at.all...).Where(visit.DayGTE(from), visit.DayLTE(to)).
		Modify(func(s *sql.Selector) { countVisits(s, by) }).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	if len(rows) > maxFigures {
		return nil, &relay.ArgumentError{Argument: "by", Reason: fmt.Sprintf("makes more than %d groups: ask for fewer days, or group by less", maxFigures)}
	}
	out := make([]*model.ReceptionFigure, len(rows))
	page := siblings.New(out)
	for n, row := range rows {
		out[n] = &model.ReceptionFigure{Day: row.Day, DepartmentID: row.DepartmentID, StaffID: row.AssignedID, Source: row.Source,
			NewVisitors: row.NewVisitors, ReturningVisitors: row.ReturningVisitors, Calls: row.Calls, Messages: row.Messages, NoCustomers: row.NoCustomers, Page: page}
	}
	return out, nil
}

// days reads a span of at most so many days, both ends of which are written YYYY-MM-DD.
func days(from, to string, atMost int) (first, last time.Time, err error) {
	if first, err = time.Parse(time.DateOnly, from); err != nil {
		return first, last, &relay.ArgumentError{Argument: "from", Reason: "must be a day"}
	}
	last, err = time.Parse(time.DateOnly, to)
	if err != nil || last.Before(first) || last.Sub(first) > time.Duration(atMost)*24*time.Hour {
		return first, last, &relay.ArgumentError{Argument: "to", Reason: fmt.Sprintf("must not be before from, nor more than %d days later", atMost)}
	}
	return first, last, nil
}

// countVisits makes a statement count visits in groups. A visitor who proved to be no
// customer counts as nothing else.
func countVisits(s *sql.Selector, by []model.ReceptionGroup) {
	count := func(as, channels string, known *bool) string {
		condition := fmt.Sprintf("%s <> '%s' AND %s IN (%s)", s.C(visit.FieldNoCustomer), visit.NoCustomerAGREED, s.C(visit.FieldChannel), channels)
		if known != nil && *known {
			condition += " AND " + s.C(visit.FieldKnown)
		} else if known != nil {
			condition += " AND NOT " + s.C(visit.FieldKnown)
		}
		return sql.As("SUM(CASE WHEN "+condition+" THEN 1 ELSE 0 END)", as)
	}
	var columns, counted []string
	for _, c := range receptionColumns {
		if slices.Contains(by, c.group) {
			columns = append(columns, s.C(c.column))
		}
	}
	counted = append(counted, columns...)
	counted = append(counted,
		count("new_visitors", "'IN_PERSON'", new(false)), count("returning_visitors", "'IN_PERSON'", new(true)),
		count("calls", "'TELEPHONE'", nil), count("messages", "'EMAIL', 'CHAT'", nil),
		sql.As(fmt.Sprintf("SUM(CASE WHEN %s = '%s' THEN 1 ELSE 0 END)", s.C(visit.FieldNoCustomer), visit.NoCustomerAGREED), "no_customers"))
	s.Select(counted...).Limit(maxFigures + 1)
	if len(columns) > 0 {
		s.GroupBy(columns...).OrderBy(columns...)
		return
	}
	s.Having(sql.P(func(b *sql.Builder) { b.WriteString("COUNT(*) > 0") })) // nothing counted is no total
}

func (r *receptionFigureResolver) Department(ctx context.Context, obj *model.ReceptionFigure) (*db.Department, error) {
	return one(ctx, obj, func(f *model.ReceptionFigure) typeid.DepartmentID { return f.DepartmentID }, r.departments())
}

func (r *receptionFigureResolver) Staff(ctx context.Context, obj *model.ReceptionFigure) (*db.Staff, error) {
	return one(ctx, obj, func(f *model.ReceptionFigure) typeid.StaffID { return f.StaffID }, r.staff())
}

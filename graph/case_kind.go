package graph

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecommendation"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/quality"
)

type (
	commendationResolver       struct{ *Resolver }
	commendationFigureResolver struct{ *Resolver }
)

// Commendation resolves the fields of Commendation.
func (r *Resolver) Commendation() generated.CommendationResolver { return &commendationResolver{r} }

// CommendationFigure resolves the fields of CommendationFigure.
func (r *Resolver) CommendationFigure() generated.CommendationFigureResolver {
	return &commendationFigureResolver{r}
}

func (r *caseResolver) Commendations(ctx context.Context, obj *db.ServiceCase) ([]*db.CaseCommendation, error) {
	named, err := many(ctx, obj, caseID, func(ids []typeid.CaseID) (map[typeid.CaseID][]*db.CaseCommendation, error) {
		rows, err := r.Database.CaseCommendation.Query().Where(casecommendation.CaseIDIn(ids...), casecommendation.WithdrawnAtIsNil()).
			Order(casecommendation.ByNamedAt(), casecommendation.ByID()).All(ctx)
		of := map[typeid.CaseID][]*db.CaseCommendation{}
		for _, row := range siblings.Together[db.CaseCommendation](rows) {
			of[row.CaseID] = append(of[row.CaseID], row)
		}
		return of, err
	})
	return notNil(named), err
}

func (r *commendationResolver) Staff(ctx context.Context, obj *db.CaseCommendation) (*db.Staff, error) {
	return one(ctx, obj, func(c *db.CaseCommendation) typeid.StaffID { return c.StaffID }, r.staff())
}

func (r *commendationResolver) Department(ctx context.Context, obj *db.CaseCommendation) (*db.Department, error) {
	return one(ctx, obj, func(c *db.CaseCommendation) typeid.DepartmentID { return c.DepartmentID }, r.departments())
}

func (r *commendationResolver) NamedBy(ctx context.Context, obj *db.CaseCommendation) (*db.Staff, error) {
	return one(ctx, obj, func(c *db.CaseCommendation) typeid.StaffID { return c.NamedByID }, r.staff())
}

// maxCommendationFigures bounds the people of one answer.
const maxCommendationFigures = 100

func (r *queryResolver) CommendationFigures(ctx context.Context, siteID string, from time.Time, before time.Time) ([]*model.CommendationFigure, error) {
	if err := mayRead(ctx, ent.Cases); err != nil {
		return nil, err
	}
	var at conditions[predicate.CaseCommendation]
	id, _ := parse[typeid.SiteID](siteID)
	if whereRefers(ctx, &at, &id, casecommendation.SiteID, toSite); at.err != nil {
		return nil, at.err
	}
	var rows []struct {
		StaffID   typeid.StaffID `sql:"staff_id"`
		Named     int            `sql:"named"`
		InWriting int            `sql:"written"`
	}
	err := r.Database.CaseCommendation.Query().Where(at.all...).
		Where(casecommendation.WithdrawnAtIsNil(), casecommendation.OpenedAtGTE(from), casecommendation.OpenedAtLT(before)).
		Modify(func(s *sql.Selector) {
			person := s.C(casecommendation.FieldStaffID)
			s.Select(sql.As(person, "staff_id"), sql.As(sql.Count("*"), "named"),
				sql.As("SUM(CASE WHEN "+s.C(casecommendation.FieldInWriting)+" THEN 1 ELSE 0 END)", "written")).
				GroupBy(person).OrderExpr(sql.Expr("COUNT(*) DESC")).OrderBy(person).Limit(maxCommendationFigures)
		}).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	out := make([]*model.CommendationFigure, len(rows))
	page := siblings.New(out)
	for n, row := range rows {
		out[n] = &model.CommendationFigure{StaffID: row.StaffID, Commendations: row.Named, InWriting: row.InWriting, Page: page}
	}
	return out, nil
}

func (r *commendationFigureResolver) Staff(ctx context.Context, obj *model.CommendationFigure) (*db.Staff, error) {
	return one(ctx, obj, func(f *model.CommendationFigure) typeid.StaffID { return f.StaffID }, r.staff())
}

func (r *mutationResolver) CaseAssess(ctx context.Context, input quality.AssessCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.AssessCase, input)
}

func (r *mutationResolver) CaseReport(ctx context.Context, input quality.ReportCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.ReportCase, input)
}

func (r *mutationResolver) CaseRefer(ctx context.Context, input quality.ReferCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.ReferCase, input)
}

func (r *mutationResolver) CaseCommend(ctx context.Context, input quality.CommendStaff) (*model.CasePayload, error) {
	return change(ctx, r.Quality.CommendStaff, input)
}

package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	dbcalendar "github.com/seed-34fcb60d/rounds/ent/db/calendar"
	"github.com/seed-34fcb60d/rounds/ent/db/casearchive"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// Columns of many kilobytes that lists seldom show are left out when the API reads
// rows, and read by the fields that show them. Rows without them are for showing
// only: a use case takes ids, and loads what it works on by itself.

func (r *Resolver) inspectionRows() *db.InspectionQuery {
	return without(r.Database.Inspection.Query(), inspection.FieldJudgement)
}

func (r *Resolver) checklistRows() *db.ChecklistVersionQuery {
	return without(r.Database.ChecklistVersion.Query(), checklistversion.FieldDefinition)
}

func (r *Resolver) appraisalRows() *db.AppraisalQuery {
	return without(r.Database.Appraisal.Query(), appraisal.FieldResults)
}

func (r *Resolver) calendarRows() *db.CalendarQuery {
	return without(r.Database.Calendar.Query(), dbcalendar.FieldDefinition)
}

func (r *Resolver) archiveRows() *db.CaseArchiveQuery {
	return without(r.Database.CaseArchive.Query(), casearchive.FieldDocument)
}

// without leaves a column out of what a query reads.
func without[Q interface {
	Modify(...func(*sql.Selector)) S
}, S any](q Q, column string) Q {
	q.Modify(func(s *sql.Selector) {
		s.Select(slices.DeleteFunc(s.SelectedColumns(), func(c string) bool { return c == s.C(column) })...)
	})
	return q
}

// judgement decodes what a plugin said of an inspection, nil before it is completed.
func (r *Resolver) judgement(ctx context.Context, of *db.Inspection) (*checklist.Judgement, error) {
	row, err := column(ctx, inspection.FieldJudgement, of, table[db.Inspection, typeid.InspectionID]{
		func(ctx context.Context, ids []typeid.InspectionID) ([]*db.Inspection, error) {
			return r.Database.Inspection.Query().Where(inspection.IDIn(ids...)).Select(inspection.FieldID, inspection.FieldJudgement).All(ctx)
		}, inspectionID})
	if err != nil || len(row.Judgement) == 0 {
		return nil, err
	}
	return decoded[*checklist.Judgement](row.Judgement, row.ID)
}

// definition decodes what a version of a checklist consists of.
func (r *Resolver) definition(ctx context.Context, of *db.ChecklistVersion) (checklist.Definition, error) {
	row, err := column(ctx, checklistversion.FieldDefinition, of, table[db.ChecklistVersion, typeid.ChecklistVersionID]{
		func(ctx context.Context, ids []typeid.ChecklistVersionID) ([]*db.ChecklistVersion, error) {
			return r.Database.ChecklistVersion.Query().Where(checklistversion.IDIn(ids...)).
				Select(checklistversion.FieldID, checklistversion.FieldDefinition).All(ctx)
		}, func(c *db.ChecklistVersion) typeid.ChecklistVersionID { return c.ID }})
	if err != nil {
		return checklist.Definition{}, err
	}
	return decoded[checklist.Definition](row.Definition, row.ID)
}

// calendarDefinition decodes what a calendar consists of.
func (r *Resolver) calendarDefinition(ctx context.Context, of *db.Calendar) (calendar.Definition, error) {
	row, err := column(ctx, dbcalendar.FieldDefinition, of, table[db.Calendar, typeid.CalendarID]{
		func(ctx context.Context, ids []typeid.CalendarID) ([]*db.Calendar, error) {
			return r.Database.Calendar.Query().Where(dbcalendar.IDIn(ids...)).Select(dbcalendar.FieldID, dbcalendar.FieldDefinition).All(ctx)
		}, func(c *db.Calendar) typeid.CalendarID { return c.ID }})
	if err != nil {
		return calendar.Definition{}, err
	}
	return decoded[calendar.Definition](row.Definition, row.ID)
}

// results decodes what each indicator came to in an appraisal.
func (r *Resolver) results(ctx context.Context, of *db.Appraisal) ([]rules.IndicatorResult, error) {
	row, err := column(ctx, appraisal.FieldResults, of, table[db.Appraisal, typeid.AppraisalID]{
		func(ctx context.Context, ids []typeid.AppraisalID) ([]*db.Appraisal, error) {
			return r.Database.Appraisal.Query().Where(appraisal.IDIn(ids...)).Select(appraisal.FieldID, appraisal.FieldResults).All(ctx)
		}, func(a *db.Appraisal) typeid.AppraisalID { return a.ID }})
	if err != nil {
		return nil, err
	}
	return decoded[[]rules.IndicatorResult](row.Results, row.ID)
}

// column loads a column that rows are read without, by one statement for row and
// all that it was read with.
func column[T any, R relay.Row[T], ID key](ctx context.Context, name string, row interface{ Siblings() *siblings.Set }, t table[T, ID]) (*T, error) {
	found, err := oneOf[T, T, R](ctx, "column "+name, row, t.id, t)
	if err == nil && found == nil {
		err = fmt.Errorf("the row of which to read %s has gone", name)
	}
	return found, err
}

func decoded[T any](stored json.RawMessage, id fmt.Stringer) (out T, err error) {
	if err = json.Unmarshal(stored, &out); err != nil {
		err = fmt.Errorf("decoding %T of %s: %w", out, id, err)
	}
	return out, err
}

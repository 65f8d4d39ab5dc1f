package graph

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisalscheme"
	"github.com/seed-34fcb60d/rounds/ent/db/cause"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/db/topic"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// conditions are what a list is narrowed to, or why the viewer may not have it
// narrowed so.
type conditions[P ~func(*sql.Selector)] struct {
	all []P
	err error
}

// where adds a condition on a value that may not have been given. A text with a
// character that no database holds is that of no row.
func where[P ~func(*sql.Selector), V any](c *conditions[P], value *V, is func(V) P) {
	if value == nil {
		return
	}
	if s, ok := any(*value).(string); ok && !storable(s) {
		c.all = append(c.all, func(s *sql.Selector) { s.Where(sql.False()) })
		return
	}
	c.all = append(c.all, is(*value))
}

// whereFound adds a condition on the words of the texts by which records are found.
func whereFound[P ~func(*sql.Selector)](ctx context.Context, r *Resolver, c *conditions[P], in ent.Searchable, typed *string) {
	where(c, typed, func(typed string) P {
		found, err := r.Database.FindTexts(ctx, in, rules.Search(typed))
		if err != nil {
			c.err = err
		}
		return found
	})
}

// whereIs adds a condition on a column that is true or false. ent would write the
// column alone, for which SQLite uses no index.
func whereIs[P ~func(*sql.Selector)](c *conditions[P], value *bool, column string) {
	if value == nil {
		return
	}
	c.all = append(c.all, func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) { b.Ident(s.C(column)).WriteOp(sql.OpEQ).Arg(*value) }))
	})
}

// storable reports whether both databases can hold a text.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// reference is what the records that are referred to are kept as.
type reference struct {
	area           ent.Area
	entType, table string
}

var (
	toSite        = reference{ent.Organisation, db.TypeSite, site.Table}
	toDepartment  = reference{ent.Organisation, db.TypeDepartment, department.Table}
	toStaff       = reference{ent.Organisation, db.TypeStaff, staff.Table}
	toCustomer    = reference{ent.Customers, db.TypeCustomer, customer.Table}
	toTopic       = reference{ent.Cases, db.TypeTopic, topic.Table}
	toCause       = reference{ent.Cases, db.TypeCause, cause.Table}
	toControlPlan = reference{ent.Inspections, db.TypeControlPlan, controlplan.Table}
	toScheme      = reference{ent.Appraisals, db.TypeAppraisalScheme, appraisalscheme.Table}
)

// whereRefers adds a condition on what a row refers to. To a record that is not the
// viewer's to see nothing refers, as if it did not exist: otherwise the condition
// would tell what the edge hides. To whom nothing of an area is visible, a condition
// on it is refused, whatever it names.
func whereRefers[P ~func(*sql.Selector), ID any](ctx context.Context, c *conditions[P], id *ID, is func(ID) P, to reference) {
	if id == nil {
		return
	}
	if err := mayRead(ctx, to.area); err != nil {
		c.err = err
	}
	visible := scope(ctx, to.entType)
	c.all = append(c.all, is(*id), func(s *sql.Selector) {
		t := sql.Dialect(s.Dialect()).Table(to.table).As("referred")
		if p := visible(t.C, s.Dialect()); p != nil {
			s.Where(sql.Exists(sql.Dialect(s.Dialect()).Select(t.C("id")).From(t).Where(sql.And(sql.EQ(t.C("id"), *id), p))))
		}
	})
}

// scope returns what the viewer may read of a type, for statements that hold more
// than one table.
func scope(ctx context.Context, entType string) func(func(string) string, string) *sql.Predicate {
	v := ent.ViewerFrom(ctx)
	return func(col func(string) string, dialect string) *sql.Predicate { return v.Rows(entType, col, dialect) }
}

// whereIn adds a condition on a list of values; an empty one is no condition.
func whereIn[P ~func(*sql.Selector), V ~string](c *conditions[P], values []V, in func(...V) P) {
	if len(values) == 0 {
		return
	}
	slices.Sort(values)
	c.all = append(c.all, in(slices.Compact(values)...))
}

package relay

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent/siblings"
)

// Children says which rows belong to a parent: those whose column names it.
type Children[Q, T any, P ~func(*sql.Selector), ID comparable] struct {
	Query  Q // of all that could be read
	Table  string
	Column string
	Filter []P
	Parent func(*T) ID
	// Scope returns the predicate of the rows that the viewer may read, nil for
	// all. It stands inside each parent's part of the statement, so that rows that
	// are not the viewer's to see take no place of the page.
	Scope func(col func(string) string, dialect string) *sql.Predicate
}

// grouped is a [Query] that can be made to count in groups.
type grouped[Q, T any, P, O ~func(*sql.Selector), S scanner] interface {
	Query[Q, T, P, O]
	Modify(...func(*sql.Selector)) S
}

// scanner is a generated query that returns other columns than a record's.
type scanner interface {
	Scan(ctx context.Context, into any) error
}

// maxParents bounds the parents that one statement serves: SQLite joins at most 500
// parts into one, and both databases bound a statement's parameters.
const maxParents = 250

// Nested reads one page for each parent by a single statement (for every 250
// parents), whose cost depends on the pages and not on how many children the
// parents have. The totals of all parents are counted in the same manner when the
// first of them is asked for.
func Nested[Q grouped[Q, T, P, O, S], T any, R Row[T], P, O ~func(*sql.Selector), S scanner, ID comparable](
	ctx context.Context, parents []ID, c Children[Q, T, P, ID], args Args, sort Sort[T],
) (map[ID]*Connection[T], error) {
	p, err := pageOf(args, sort)
	if err != nil {
		return nil, err
	}
	of := make(map[ID][]*T, len(parents))
	for some := range slices.Chunk(parents, maxParents) {
		rows, err := c.Query.Clone().
			Where(func(s *sql.Selector) { c.within(s, some, p, sort.Column, sort.Desc) }).
			Order(func(s *sql.Selector) { p.order(s, sort.Column, sort.Desc) }).
			All(ctx)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			id := c.Parent(row)
			of[id] = append(of[id], row)
		}
	}
	var once sync.Once
	var totals map[ID]int
	var failed error
	pages := make(map[ID]*Connection[T], len(parents))
	var shown []*T // of all pages, without those that only tell that there are more
	for _, id := range parents {
		pages[id] = connect(of[id], p, sort, func(ctx context.Context) (int, error) {
			once.Do(func() { totals, failed = count(ctx, c, parents) })
			return totals[id], failed
		})
		shown = append(shown, pages[id].Nodes()...)
	}
	siblings.Together[T, R](shown)
	return pages, nil
}

// count returns how many rows belong to each parent that has any.
func count[Q grouped[Q, T, P, O, S], T any, P, O ~func(*sql.Selector), S scanner, ID comparable](
	ctx context.Context, c Children[Q, T, P, ID], parents []ID,
) (map[ID]int, error) {
	totals := make(map[ID]int, len(parents))
	for some := range slices.Chunk(parents, maxParents) {
		ids := make([]any, len(some))
		for i, id := range some {
			ids[i] = id
		}
		var rows []struct {
			Parent ID  `sql:"parent"`
			Total  int `sql:"total"`
		}
		err := c.Query.Clone().Where(c.Filter...).Modify(func(s *sql.Selector) {
			column := s.C(c.Column)
			s.Where(sql.In(column, ids...)).Select(sql.As(column, "parent"), sql.As(sql.Count("*"), "total")).GroupBy(column)
		}).Scan(ctx, &rows)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			totals[row.Parent] = row.Total
		}
	}
	return totals, nil
}

// within narrows a statement to the union of the parents' pages.
func (c Children[Q, T, P, ID]) within(s *sql.Selector, parents []ID, p page, column string, desc bool) {
	d := sql.Dialect(s.Dialect())
	s.Where(sql.P(func(b *sql.Builder) {
		b.Ident(s.C(idColumn)).WriteString(" IN (")
		for i, id := range parents {
			t := d.Table(c.Table).As("child")
			one := d.Select(t.C(idColumn)).From(t).Where(sql.EQ(t.C(c.Column), id))
			for _, filter := range c.Filter {
				filter(one)
			}
			if visible := c.Scope(t.C, s.Dialect()); visible != nil {
				one.Where(visible)
			}
			p.where(one, column, desc)
			p.order(one, column, desc)
			if i > 0 {
				b.WriteString(" UNION ALL ")
			}
			b.WriteString("SELECT ").Ident(idColumn).WriteString(" FROM (").Join(one.Limit(p.size + 1)).
				WriteString(fmt.Sprintf(") AS p%d", i))
		}
		b.WriteByte(')')
	}))
}

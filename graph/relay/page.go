package relay

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent/siblings"
)

// Bounds of a page.
const (
	DefaultPage = 25
	MaxPage     = 100
)

// Args are the arguments of a list field.
type Args struct {
	First, Last   *int
	After, Before *string
}

// ArgumentError says which argument of a list field is wrong, and why.
type ArgumentError struct{ Argument, Reason string }

func (e *ArgumentError) Error() string { return e.Argument + ": " + e.Reason }

// Sort is the order of a list: by a column that is never NULL, then by the id.
type Sort[T any] struct {
	Name   string // of the order in the API; a cursor of another order is refused
	Column string
	Desc   bool
	// Key returns a row's value of the column (a string, a time or an int) and its id.
	Key func(*T) (value any, id fmt.Stringer)
	// ID reads an id back from its outside form.
	ID func(string) (any, bool)
}

// Query is what a generated ent query of T can do.
type Query[Q, T any, P, O ~func(*sql.Selector)] interface {
	Where(...P) Q
	Order(...O) Q
	Limit(int) Q
	All(context.Context) ([]*T, error)
	Count(context.Context) (int, error)
	Clone() Q
}

// Row is a generated record.
type Row[T any] interface {
	*T
	Join(*siblings.Set)
}

// page is a checked set of arguments.
type page struct {
	size          int
	backward      bool
	after, before *position
}

// position is a place in a list.
type position struct {
	value any
	id    any
}

func (a Args) check() (p page, err error) {
	size := DefaultPage
	switch {
	case a.First != nil && a.Last != nil:
		return p, &ArgumentError{"last", "cannot be combined with first"}
	case a.First != nil:
		size = *a.First
	case a.Last != nil:
		size, p.backward = *a.Last, true
	}
	if size < 0 || size > MaxPage {
		name := "first"
		if p.backward {
			name = "last"
		}
		return p, &ArgumentError{name, fmt.Sprintf("must be from 0 to %d", MaxPage)}
	}
	p.size = size
	return p, nil
}

// pageOf checks the arguments of a list that is sorted so.
func pageOf[T any](a Args, sort Sort[T]) (page, error) {
	p, err := a.check()
	if err == nil && a.After != nil {
		p.after, err = sort.position("after", *a.After)
	}
	if err == nil && a.Before != nil {
		p.before, err = sort.position("before", *a.Before)
	}
	return p, err
}

// cursor is the inside of a cursor. It is no secret, but nothing to rely on.
type cursor struct {
	Order  string     `json:"o"`
	Text   *string    `json:"s,omitempty"`
	Time   *time.Time `json:"t,omitempty"`
	Number *int       `json:"n,omitempty"`
	ID     string     `json:"i"`
}

func (s Sort[T]) cursor(row *T) string {
	value, id := s.Key(row)
	c := cursor{Order: s.Name, ID: id.String()}
	switch v := value.(type) {
	case time.Time:
		utc := v.UTC()
		c.Time = &utc
	case string:
		c.Text = &v
	case int:
		c.Number = &v
	}
	body, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and times from the database can be encoded
	}
	return base64.RawURLEncoding.EncodeToString(body)
}

func (s Sort[T]) position(argument, text string) (*position, error) {
	refused := &ArgumentError{argument, "is not a cursor of this list in this order"}
	body, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, refused
	}
	var c cursor
	if json.Unmarshal(body, &c) != nil || c.Order != s.Name {
		return nil, refused
	}
	p := &position{}
	switch sorted, _ := s.Key(new(T)); sorted.(type) {
	case time.Time:
		if c.Time == nil {
			return nil, refused
		}
		p.value = c.Time.UTC()
	case int:
		if c.Number == nil {
			return nil, refused
		}
		p.value = *c.Number
	default:
		if c.Text == nil || strings.ContainsRune(*c.Text, 0) {
			return nil, refused
		}
		p.value = *c.Text
	}
	var ok bool
	if p.id, ok = s.ID(c.ID); !ok {
		return nil, refused
	}
	return p, nil
}

// where narrows a statement to the rows that lie within the page's bounds. A row
// value is compared as a whole, so that an index on (column, id) leads straight to
// the page however deep it lies.
func (p page) where(s *sql.Selector, column string, desc bool) {
	bound := func(at *position, after bool) {
		if at == nil {
			return
		}
		op := " > "
		if desc == after {
			op = " < "
		}
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteByte('(').Ident(s.C(column)).Comma().Ident(s.C(idColumn)).WriteString(")" + op + "(").
				Arg(at.value).Comma().Arg(at.id).WriteByte(')')
		}))
	}
	bound(p.after, true)
	bound(p.before, false)
}

const idColumn = "id"

// order sorts a statement in reading direction.
func (p page) order(s *sql.Selector, column string, desc bool) {
	direction := sql.Asc
	if desc != p.backward {
		direction = sql.Desc
	}
	s.OrderBy(direction(s.C(column)), direction(s.C(idColumn)))
}

// Page reads one page of a query. It never counts unless it is asked for the
// total, and reads one row more than the page to know whether there are more.
func Page[Q Query[Q, T, P, O], T any, R Row[T], P, O ~func(*sql.Selector)](ctx context.Context, q Q, args Args, sort Sort[T]) (*Connection[T], error) {
	p, err := pageOf(args, sort)
	if err != nil {
		return nil, err
	}
	all := q.Clone()
	rows, err := q.
		Where(func(s *sql.Selector) { p.where(s, sort.Column, sort.Desc) }).
		Order(func(s *sql.Selector) { p.order(s, sort.Column, sort.Desc) }).
		Limit(p.size + 1).All(ctx)
	if err != nil {
		return nil, err
	}
	c := connect(rows, p, sort, all.Count)
	siblings.Together[T, R](c.Nodes())
	return c, nil
}

// connect makes a page of rows in reading direction, of which there is one too many
// when there are more.
func connect[T any](rows []*T, p page, sort Sort[T], count func(context.Context) (int, error)) *Connection[T] {
	more := len(rows) > p.size
	if more {
		rows = rows[:p.size]
	}
	c := &Connection[T]{count: count}
	if p.backward {
		slices.Reverse(rows)
	}
	c.PageInfo.HasNextPage = more && !p.backward || p.before != nil
	c.PageInfo.HasPreviousPage = more && p.backward || p.after != nil
	c.Edges = make([]*Edge[T], len(rows))
	for i, row := range rows {
		c.Edges[i] = &Edge[T]{Node: row, Cursor: sort.cursor(row)}
	}
	if len(rows) > 0 {
		c.PageInfo.StartCursor = &c.Edges[0].Cursor
		c.PageInfo.EndCursor = &c.Edges[len(rows)-1].Cursor
	}
	return c
}

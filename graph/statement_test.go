package graph_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// spy notes the statements that read.
type spy struct {
	dialect.Driver
	mu         sync.Mutex
	statements []statement
}

type statement struct {
	text string
	args []any
}

func (s *spy) Query(ctx context.Context, query string, args, v any) error {
	s.mu.Lock()
	s.statements = append(s.statements, statement{query, slices.Clone(args.([]any))})
	s.mu.Unlock()
	return s.Driver.Query(ctx, query, args, v)
}

// taken returns what was noted since it was last asked.
func (s *spy) taken() []statement {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.statements
	s.statements = nil
	return out
}

// spied lets the API answer from the same database by a client whose statements are
// noted. It is for the system viewer: rows are not scoped.
func spied(c *company) *spy {
	s := &spy{Driver: entsql.OpenDB(c.db.Dialect(), c.db.SQL())}
	c.answerFrom(&ent.Database{Client: db.NewClient(db.Driver(s))}, zerolog.New(c.logged))
	return s
}

// The statements of an operation grow with its depth, not with its rows.
func TestStatementsPerOperation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCrowd(t, d)
		s := spied(c)
		var ids []string
		kinds, told := map[string]bool{}, map[string]bool{} // of records, and of those of which events tell
		for _, name := range c.names {
			if kind := typeid.Prefix(c.ids[name]); kinds[kind] {
				continue // of each kind one, for there are more than can be asked for at once
			}
			ids = append(ids, fmt.Sprintf("%q", c.ids[name]))
			kinds[typeid.Prefix(c.ids[name])] = true
		}
		for _, e := range c.made {
			told[typeid.Prefix(e.Subject)] = true
		}
		for query, want := range map[string]int{
			"{ cases(first: 50) { nodes { id number } } }":                                                                                              1,
			"{ cases(first: 50) { nodes { customer { id } assignee { id } entries(last: 3) { nodes { id } } } } }":                                      4,
			"{ cases(first: 50) { totalCount pageInfo { hasNextPage } edges { node { entries(last: 3) { totalCount } } } } }":                           4,
			"{ inspections(first: 20) { nodes { checklist { title { en } } answers { id } findings { id } cases { id } } } }":                           5,
			"{ inspections(first: 20) { nodes { judgement { arithmetic } checklist { passMark sections { code } } } } }":                                4,
			"{ customers(first: 10) { nodes { cases(first: 10) { nodes { entries(first: 3) { nodes { author { id } } } } } } } }":                       4,
			"{ departments(first: 50) { nodes { cases(first: 5) { totalCount } inspections(first: 5) { totalCount } } } }":                              5,
			"{ departments(first: 50) { nodes { site { departments { nodes { parent { site { id } } } } } } } }":                                        5,
			"{ staff(first: 50) { nodes { oversees { site { id } staff { totalCount } } } } }":                                                          6,
			"{ staff(first: 50) { nodes { oversees { id } supervisor { supervisor { id } } appraisals { nodes { scheme { indicators { id } } } } } } }": 8,
			"{ appraisals(first: 50) { nodes { scheme { id } staff { id } approvedBy { id } } } }":                                                      4,
			"{ events(first: 100) { nodes { subject { id ... on Case { customer { id } } } } } }":                                                       len(told) + 2,
			"{ nodes(ids: [" + strings.Join(ids, ", ") + "]) { id } }":                                                                                  len(kinds),
			"{ a: cases(first: 5) { nodes { id } } b: cases(first: 5) { nodes { id } } }":                                                               2,
		} {
			s.taken()
			c.must(t, asSystem, query, nil)
			if got := s.taken(); len(got) != want {
				t.Errorf("%s takes %d statements, want %d:", query, len(got), want)
				for _, statement := range got {
					t.Logf("  %.300s", statement.text)
				}
			}
		}
	})
}

// Whatever edges of edges are asked for, each step takes at most the three
// statements of a list through a table between, however many records it is asked of.
func TestStatementsOfEdges(t *testing.T) {
	w := &walk{company: newCrowd(t, dbtest.SQLite(t))}
	s := spied(w.company)
	edges := func(typeName, inner string) (selections []string) {
		for _, f := range w.definition(typeName).Fields {
			if to := w.listed(f.Type.Name()); to != "" {
				selections = append(selections, f.Name+" { nodes { id "+inner+" } }")
			} else if w.isNode(f.Type.Name()) {
				selections = append(selections, f.Name+" { id "+inner+" }")
			}
		}
		return selections
	}
	target := func(typeName, selection string) string {
		name, _, _ := strings.Cut(selection, " ")
		f := w.definition(typeName).Fields.ForName(name)
		return cmp.Or(w.listed(f.Type.Name()), f.Type.Name())
	}
	for name, f := range w.roots() {
		from := w.listed(f.Type.Name())
		for _, first := range edges(from, "%s") {
			for _, second := range edges(target(from, first), "") {
				query := "{ l: " + args(name, "first: 100", all(name)) + " { nodes { " + fmt.Sprintf(first, second) + " } } }"
				s.taken()
				w.must(t, asSystem, query, nil)
				if got := len(s.taken()); got > 7 {
					t.Errorf("%s takes %d statements", query, got)
				}
			}
		}
	}
}

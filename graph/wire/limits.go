package wire

import (
	"cmp"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Limits bound one request. What lies above, but for AnswerBytes, is refused before
// the document is validated, because validation takes time that grows with the
// square of some of these figures. They are counted after fragments are put in their places, for
// each operation of the document. Zero means the default.
type Limits struct {
	BodyBytes          int64 // of a POST body or a WebSocket message, and of the operation in a form; 1 MiB
	Files              int   // in one form; 10
	FileBytes          int64 // of one file; 25 MiB
	UploadBytes        int64 // of all files of a form; 100 MiB
	Tokens             int   // of the document, comments included; 2,000
	Depth              int   // of nested fields, outside introspection; 12
	IntrospectionDepth int   // of nested fields under __schema and __type, themselves included; 20
	Aliases            int   // 30
	AliasBytes         int   // of each alias, which is repeated for every element of a list; 100
	Directives         int   // 50
	Fields             int   // 500
	Fragments          int   // spreads; 250
	RootFields         int   // 20
	Cost               int   // see [Cost]; 20,000
	AnswerBytes        int   // of the texts longer than 256 bytes in one response; 16 MiB
}

func (l Limits) withDefaults() Limits {
	l.BodyBytes = cmp.Or(l.BodyBytes, 1<<20)
	l.Files = cmp.Or(l.Files, 10)
	l.FileBytes = cmp.Or(l.FileBytes, 25<<20)
	l.UploadBytes = cmp.Or(l.UploadBytes, 100<<20)
	l.Tokens = cmp.Or(l.Tokens, 2000)
	l.Depth = cmp.Or(l.Depth, 12)
	l.IntrospectionDepth = cmp.Or(l.IntrospectionDepth, 20)
	l.Aliases = cmp.Or(l.Aliases, 30)
	l.AliasBytes = cmp.Or(l.AliasBytes, 100)
	l.Directives = cmp.Or(l.Directives, 50)
	l.Fields = cmp.Or(l.Fields, 500)
	l.Fragments = cmp.Or(l.Fragments, 250)
	l.RootFields = cmp.Or(l.RootFields, 20)
	l.Cost = cmp.Or(l.Cost, 20_000)
	l.AnswerBytes = cmp.Or(l.AnswerBytes, 16<<20)
	return l
}

// tally is what a selection set amounts to with its fragments in place.
type tally struct {
	fields, rootFields, aliases, directives, fragments int

	aliasBytes    int // of the longest alias
	depth         int // of nested fields, with an introspection field counting as a leaf
	introspection int // of nested fields from the introspection field on
}

// ceiling keeps sums far from overflow, of 32 bits too: fragments can double a
// count with each further one.
const ceiling = 1 << 29

func bounded(n int) int { return min(n, ceiling) }

// merge adds what stands beside the rest of the same selection set.
func (t *tally) merge(other tally) {
	t.fields = bounded(t.fields + other.fields)
	t.rootFields = bounded(t.rootFields + other.rootFields)
	t.aliases = bounded(t.aliases + other.aliases)
	t.directives = bounded(t.directives + other.directives)
	t.fragments = bounded(t.fragments + other.fragments)
	t.aliasBytes = max(t.aliasBytes, other.aliasBytes)
	t.depth = max(t.depth, other.depth)
	t.introspection = max(t.introspection, other.introspection)
}

// check returns the error for the first limit that t breaks, or nil.
//
// A fragment alone has no depth limit: where it is spread decides whether it is
// part of introspection, and one that is spread nowhere is never executed.
func (t tally) check(l Limits, fragment bool) *gqlerror.Error {
	for _, c := range []struct {
		got, limit int
		code, what string
		operation  bool
	}{
		{t.depth, l.Depth, CodeTooDeep, "levels of fields", true},
		{t.introspection, l.IntrospectionDepth, CodeTooDeep, "levels of introspection fields", true},
		{t.rootFields, l.RootFields, CodeTooManyRootFields, "root fields", true},
		{t.aliases, l.Aliases, CodeTooManyAliases, "aliases", false},
		{t.aliasBytes, l.AliasBytes, CodeAliasTooLong, "bytes in an alias", false},
		{t.directives, l.Directives, CodeTooManyDirectives, "directives", false},
		{t.fragments, l.Fragments, CodeTooManyFragments, "fragment spreads", false},
		{t.fields, l.Fields, CodeTooManyFields, "fields", false},
	} {
		if c.got > c.limit && !(c.operation && fragment) {
			return newError(c.code, fmt.Sprintf("The operation has %s %s; at most %d are allowed.", spell(c.got), c.what, c.limit))
		}
	}
	return nil
}

func spell(n int) string {
	if n == ceiling {
		return "too many"
	}
	return fmt.Sprint(n)
}

// counter tallies a parsed document in time linear in its size: every selection
// is visited once, because a fragment is tallied once and remembered.
type counter struct {
	fragments map[string]*fragmentTally
	steps     int // selections visited
}

type fragmentTally struct {
	definition *ast.FragmentDefinition
	state      visit
	tally      tally
}

type visit int

const (
	unvisited visit = iota
	visiting
	visited
)

func newCounter(doc *ast.QueryDocument) *counter {
	c := &counter{fragments: make(map[string]*fragmentTally, len(doc.Fragments))}
	for _, f := range doc.Fragments {
		if c.fragments[f.Name] == nil { // a second one of that name fails validation
			c.fragments[f.Name] = &fragmentTally{definition: f}
		}
	}
	return c
}

// checkLimits counts every operation and every fragment of doc, which need not be
// valid, and returns the number of selections it visited.
func checkLimits(doc *ast.QueryDocument, l Limits) (steps int, _ *gqlerror.Error) {
	c := newCounter(doc)
	for _, op := range doc.Operations {
		t, err := c.set(op.SelectionSet)
		if err != nil {
			return c.steps, err
		}
		own, err := c.directives(op.Directives)
		if err != nil {
			return c.steps, err
		}
		t.directives = bounded(t.directives + own)
		for _, v := range op.VariableDefinitions {
			t.directives = bounded(t.directives + len(v.Directives))
		}
		if err := t.check(l, false); err != nil {
			return c.steps, err
		}
	}
	for _, f := range doc.Fragments {
		t, err := c.fragment(f.Name)
		if err != nil {
			return c.steps, err
		}
		if err := t.check(l, true); err != nil {
			return c.steps, err
		}
	}
	return c.steps, nil
}

func (c *counter) set(selections ast.SelectionSet) (tally, *gqlerror.Error) {
	var sum tally
	for _, selection := range selections {
		c.steps++
		var part tally
		var directives ast.DirectiveList
		var err *gqlerror.Error
		switch s := selection.(type) {
		case *ast.Field:
			directives = s.Directives
			part, err = c.field(s)
		case *ast.InlineFragment:
			directives = s.Directives
			part, err = c.set(s.SelectionSet)
		case *ast.FragmentSpread:
			directives = s.Directives
			part, err = c.fragment(s.Name)
			part.fragments = bounded(part.fragments + 1)
		}
		if err != nil {
			return tally{}, err
		}
		own, err := c.directives(directives)
		if err != nil {
			return tally{}, err
		}
		part.directives = bounded(part.directives + own)
		sum.merge(part)
	}
	return sum, nil
}

func (c *counter) field(f *ast.Field) (tally, *gqlerror.Error) {
	t, err := c.set(f.SelectionSet)
	if err != nil {
		return tally{}, err
	}
	t.fields = bounded(t.fields + 1)
	t.rootFields = 1
	if f.Alias != f.Name {
		t.aliases = bounded(t.aliases + 1)
		t.aliasBytes = max(t.aliasBytes, len(f.Alias))
	}
	if isIntrospection(f.Name) {
		t.introspection = 1 + max(t.depth, t.introspection)
		t.depth = 1
	} else {
		t.depth++
	}
	return t, nil
}

// isIntrospection reports whether a field leads into the schema of the schema.
// Such fields exist on the query root alone, so below one of them there is
// nothing but introspection, and anywhere else they fail validation; so the
// separate limit cannot be used to nest other fields deeper.
func isIntrospection(field string) bool { return field == "__schema" || field == "__type" }

// fragment tallies the fragment of that name. An unknown one counts nothing and
// is left to validation.
func (c *counter) fragment(name string) (tally, *gqlerror.Error) {
	f := c.fragments[name]
	switch {
	case f == nil:
		return tally{}, nil
	case f.state == visiting:
		return tally{}, newError(CodeValidationFailed, fmt.Sprintf("Fragment %q is spread within itself.", name))
	case f.state == unvisited:
		f.state = visiting
		t, err := c.set(f.definition.SelectionSet)
		if err != nil {
			return tally{}, err
		}
		own, err := c.directives(f.definition.Directives)
		if err != nil {
			return tally{}, err
		}
		t.directives = bounded(t.directives + own)
		f.tally, f.state = t, visited
	}
	return f.tally, nil
}

// directives counts directives. The two for incremental delivery are known to the
// parser's prelude, but no transport here delivers that way.
func (c *counter) directives(list ast.DirectiveList) (int, *gqlerror.Error) {
	for _, d := range list {
		if d.Name == "defer" || d.Name == "stream" {
			return 0, newError(CodeValidationFailed, "Unknown directive \"@"+d.Name+"\".")
		}
	}
	return len(list), nil
}

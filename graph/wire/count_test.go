package wire

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"pgregory.net/rapid"
)

const countedSchema = `
type Query { a: A, as(first: Int, ids: [ID!]): [A!]! }
type A { a: A, b(first: Int): AConnection!, c: [Int] }
type AConnection { nodes: [A!]! totalCount: Int }`

func parse(t interface{ Fatal(...any) }, document string) *ast.QueryDocument {
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		t.Fatal(err, document)
	}
	return doc
}

// selections counts the selections that are written in the document.
func selections(set ast.SelectionSet) int {
	n := len(set)
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			n += selections(s.SelectionSet)
		case *ast.InlineFragment:
			n += selections(s.SelectionSet)
		}
	}
	return n
}

func written(doc *ast.QueryDocument) int {
	n := 0
	for _, op := range doc.Operations {
		n += selections(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		n += selections(f.SelectionSet)
	}
	return n
}

var unlimited = Limits{
	Depth: ceiling, IntrospectionDepth: ceiling, Aliases: ceiling, AliasBytes: ceiling, Directives: ceiling,
	Fields: ceiling, Fragments: ceiling, RootFields: ceiling,
}

// Counting takes as many steps as the document has selections, however often
// its fragments repeat each other.
func TestCountingIsLinear(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: countedSchema})
	for _, n := range []int{1, 10, 100, 1000} {
		var b strings.Builder
		b.WriteString("{a{...F0 ...F0}}")
		for i := range n {
			fmt.Fprintf(&b, "fragment F%d on A{...F%d a{...F%d} ...on A{...F%d}}", i, i+1, i+1, i+1)
		}
		fmt.Fprintf(&b, "fragment F%d on A{c}", n)
		doc := parse(t, b.String())
		want := written(doc)
		if steps, err := checkLimits(doc, unlimited); err != nil || steps != want {
			t.Errorf("with %d fragments counting took %d steps (%v), want %d", n, steps, err, want)
		}
		if _, steps := costOf(schema, shapesOf(schema), doc, doc.Operations[0], nil); steps != want {
			t.Errorf("with %d fragments weighing took %d steps, want %d", n, steps, want)
		}
	}
}

// expand tallies by putting every fragment in its place, the slow way.
func expand(doc *ast.QueryDocument, set ast.SelectionSet) (t tally) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			below := expand(doc, s.SelectionSet)
			t.fields += 1 + below.fields
			t.rootFields++
			t.fragments += below.fragments
			t.aliases += below.aliases
			t.aliasBytes = max(t.aliasBytes, below.aliasBytes)
			if s.Alias != s.Name {
				t.aliases++
				t.aliasBytes = max(t.aliasBytes, len(s.Alias))
			}
			t.directives += len(s.Directives) + below.directives
			t.depth = max(t.depth, 1+below.depth)
		case *ast.InlineFragment:
			below := expand(doc, s.SelectionSet)
			below.directives += len(s.Directives)
			t.merge(below)
		case *ast.FragmentSpread:
			below := expand(doc, doc.Fragments.ForName(s.Name).SelectionSet)
			below.fragments++
			below.directives += len(s.Directives)
			t.merge(below)
		}
	}
	return t
}

// drawSet writes a selection set that spreads fragments from number from on.
func drawSet(t *rapid.T, depth, from, fragments int) string {
	var b strings.Builder
	b.WriteString("{")
	for range rapid.IntRange(1, 3).Draw(t, "selections") {
		kind := rapid.IntRange(0, 4).Draw(t, "kind")
		switch {
		case kind == 0 && from < fragments:
			fmt.Fprintf(&b, "...F%d @x ", rapid.IntRange(from, fragments-1).Draw(t, "fragment"))
		case kind == 1 && depth > 0:
			b.WriteString("...@x " + drawSet(t, depth-1, from, fragments))
		case kind == 2 && depth > 0:
			b.WriteString("a " + drawSet(t, depth-1, from, fragments))
		case kind == 3 && depth > 0:
			b.WriteString(strings.Repeat("z", 1+depth) + ": a @x @y " + drawSet(t, depth-1, from, fragments))
		default:
			b.WriteString("c ")
		}
	}
	b.WriteString("}")
	return b.String()
}

// Counting each fragment once gives what counting with all fragments in their
// places gives.
func TestCountingEqualsExpansion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 4).Draw(t, "fragments")
		document := drawSet(t, 3, 0, n)
		for i := range n {
			document += fmt.Sprintf("fragment F%d on A", i) + drawSet(t, 2, i+1, n)
		}
		doc := parse(t, document)
		want := expand(doc, doc.Operations[0].SelectionSet)
		c := newCounter(doc)
		got, err := c.set(doc.Operations[0].SelectionSet)
		if err != nil || got != want {
			t.Fatalf("%s\ncounted %+v (%v), want %+v", document, got, err, want)
		}
	})
}

// FuzzCount looks for documents that make counting or weighing fail, run long or
// overflow. What is counted is not valid in general.
func FuzzCount(f *testing.F) {
	for _, seed := range []string{
		"{a{b(first:3){nodes{c}}}}",
		"query($n:Int=3,$i:[ID!]){as(first:$n,ids:$i){a{b(first:99999999999){nodes{c}}}}}",
		"{...F}fragment F on Query{...F}",
		"{...F ...G}fragment F on Query{...G @defer}fragment G on A{z:c}fragment G on B{...F}",
		"{__schema{types{ofType{__type{a}}}}}",
		"subscription{x}mutation{y}query q @a($v:X @b){z}",
	} {
		f.Add(seed)
	}
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: countedSchema})
	shapes := shapesOf(schema)
	f.Fuzz(func(t *testing.T, document string) {
		doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: document}, 2000)
		if err != nil {
			return
		}
		most := written(doc)
		steps, refused := checkLimits(doc, unlimited)
		if steps > most {
			t.Errorf("counting %d selections took %d steps", most, steps)
		}
		if refused != nil {
			return // a cycle, or incremental delivery
		}
		for _, op := range doc.Operations {
			cost, steps := costOf(schema, shapes, doc, op, map[string]any{"n": nil, "i": []any{1, 2}})
			if cost < 0 || cost > ceiling || steps > most {
				t.Errorf("cost %d after %d steps for %d selections", cost, steps, most)
			}
		}
	})
}

// FuzzParseMessage looks for messages of clients that are accepted although the
// protocol does not allow them.
func FuzzParseMessage(f *testing.F) {
	for _, seed := range []string{
		`{"type":"connection_init"}`,
		`{"type":"connection_init","payload":null}`,
		`{"type":"connection_init","payload":"x"}`,
		`{"type":"ping","payload":{"a":1}}`,
		`{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":{"n":1e400}}}`,
		`{"type":"subscribe","id":"","payload":{"query":"{a}"}}`,
		`{"type":"complete","id":"1"}`,
		`{"type":"next","id":"1"}`,
		`[{"type":"ping"}]`,
		`null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseMessage(data)
		if err != nil {
			return
		}
		ok := false
		switch m.kind {
		case messageInit:
			ok = m.init != nil
		case messagePing, messagePong:
			ok = true
		case messageSubscribe:
			ok = m.id != "" && m.params != nil
		case messageComplete:
			ok = m.id != ""
		}
		if !ok {
			t.Errorf("%q was accepted as %+v", data, m)
		}
	})
}

// By default a client that stops reading is cut off within 15 seconds: by a write
// or by the next ping.
func TestDefaultTimes(t *testing.T) {
	cfg := Config{}.withDefaults()
	if ping := cfg.PingInterval + cfg.PongTimeout; ping >= 15*time.Second {
		t.Errorf("a ping may take %v", ping)
	}
	if cfg.WriteTimeout >= 15*time.Second {
		t.Errorf("a write may take %v", cfg.WriteTimeout)
	}
	if cfg.Buffer > 1<<20 {
		t.Errorf("%d bytes may wait", cfg.Buffer)
	}
}

// What the schema says of a field counts, whatever its arguments are.
func TestStatedCost(t *testing.T) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: `
		directive @cost(weight: Int!) on FIELD_DEFINITION
		directive @listSize(assumedSize: Int!) on FIELD_DEFINITION
		type Query { dear(by: [Int!]): [A!] @cost(weight: 500) @listSize(assumedSize: 30) long(first: Int): [A!] @listSize(assumedSize: 7) one: A @cost(weight: 40) }
		type A { n: Int b: A @cost(weight: 3) }`})
	if err != nil {
		t.Fatal(err)
	}
	for document, want := range map[string]int{
		"{dear{n}}":                  500 + 1 + 30,
		"{dear(by:[1,2,3]){n b{n}}}": 500 + 1 + 30*(1+1+3+1),
		"{long(first:1000){n}}":      1 + 7,
		"{one{n} a:one{n}}":          2 * (40 + 1 + 1),
	} {
		doc := parse(t, document)
		if got, _ := costOf(schema, shapesOf(schema), doc, doc.Operations[0], nil); got != want {
			t.Errorf("%s costs %d, want %d", document, got, want)
		}
	}
}

package wire_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/graph/wire"
)

// Each limit is met by one document and broken by the next larger one.
func TestLimits(t *testing.T) {
	s := start(t, wire.Config{})
	nested := func(n int) string { // n levels of fields
		return "{item" + strings.Repeat("{next", n-2) + "{id" + strings.Repeat("}", n)
	}
	repeat := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, strings.ReplaceAll(format, "#", "%[1]d"), i)
		}
		return b.String()
	}
	chain := func(n int, before, after string) string { // fragments F1 to Fn, each around the next
		var b strings.Builder
		for i := 1; i < n; i++ {
			fmt.Fprintf(&b, "fragment F%d on Item{%s...F%d%s}", i, before, i+1, after)
		}
		fmt.Fprintf(&b, "fragment F%d on Item{%sid%s}", n, before, after)
		return b.String()
	}
	for name, c := range map[string]struct {
		document func(n int) string
		most     int
		code     string
	}{
		"body":                {func(n int) string { return "{hello}" + strings.Repeat(" ", n) }, 1<<20 - len(`{"query":"{hello}","variables":null}`), wire.CodeBodyTooLarge},
		"tokens":              {func(n int) string { return "{nodes(ids:[" + strings.Repeat("1 ", n) + "]){id}}" }, 2000 - 12, wire.CodeTooManyTokens},
		"comments are tokens": {func(n int) string { return "{hello}" + strings.Repeat("#\n", n) }, 2000 - 3, wire.CodeTooManyTokens},
		"depth":               {nested, 12, wire.CodeTooDeep},
		"depth by inline fragments": {func(n int) string {
			return "{item" + strings.Repeat("{...on Item{next", n-2) + "{id" + strings.Repeat("}", 2*n-2)
		}, 12, wire.CodeTooDeep},
		"depth by fragments": {func(n int) string {
			return "{item{...F1}}" + chain(n-2, "next{", "}")
		}, 12, wire.CodeTooDeep},
		"introspection depth": {func(n int) string {
			return "{__schema{types{kind " + strings.Repeat("ofType{", n-3) + "kind" + strings.Repeat("}", n)
		}, 20, wire.CodeTooDeep},
		"aliases": {func(n int) string { return "{item{" + repeat(n, "a#:id ") + "}}" }, 30, wire.CodeTooManyAliases},
		"aliases by fragments": {func(n int) string {
			return "{item{...F next{...F next{...F}}}}fragment F on Item{" + repeat(n, "a#:id ") + "}"
		}, 10, wire.CodeTooManyAliases},
		"bytes of an alias": {func(n int) string { return "{items{nodes{" + strings.Repeat("a", n) + ":id}}}" }, 100, wire.CodeAliasTooLong},
		"bytes of an alias in a fragment": {func(n int) string {
			return "{items{nodes{...F}}}fragment F on Item{" + strings.Repeat("a", n) + ":id}"
		}, 100, wire.CodeAliasTooLong},
		"introspection": {func(n int) string { return "{" + strings.Repeat("__schema{description}", n) + "}" }, 2, wire.CodeTooCostly},
		"directives": {func(n int) string {
			return "{item{" + strings.Repeat("id @include(if:true) ", n) + "}}"
		}, 50, wire.CodeTooManyDirectives},
		"fields":      {func(n int) string { return "{item{" + strings.Repeat("id ", n-1) + "}}" }, 500, wire.CodeTooManyFields},
		"root fields": {func(n int) string { return "{" + strings.Repeat("hello ", n) + "}" }, 20, wire.CodeTooManyRootFields},
		"root fields by fragments": {func(n int) string {
			return "{...F " + strings.Repeat("hello ", n-5) + "}fragment F on Query{hello hello hello hello hello}"
		}, 20, wire.CodeTooManyRootFields},
		"fragments": {func(n int) string { return "{item{" + strings.Repeat("...F ", n) + "}}fragment F on Item{id}" }, 250, wire.CodeTooManyFragments},
		"cost":      {func(n int) string { return fmt.Sprintf("{items(first:%d){nodes{id name}}}", n) }, (20000 - 2) / 2, wire.CodeTooCostly},
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.post(t, c.document(c.most), nil); got.status != 200 || len(got.codes(t)) > 0 {
				t.Errorf("at the limit the answer is %d %.300s, want success", got.status, got.body)
			}
			if got := s.post(t, c.document(c.most+1), nil); got.status < 400 || !slices.Equal(got.codes(t), []string{c.code}) {
				t.Errorf("above the limit the answer is %d %.300s, want code %s", got.status, got.body, c.code)
			}
		})
	}
}

// What doubles with each fragment is refused by its count, not by trying.
func TestExpansionIsRefused(t *testing.T) {
	s := start(t, wire.Config{})
	var b strings.Builder
	b.WriteString("{item{...F0}}")
	for i := range 60 {
		fmt.Fprintf(&b, "fragment F%d on Item{...F%d ...F%d}", i, i+1, i+1)
	}
	b.WriteString("fragment F60 on Item{id}")
	got := s.post(t, b.String(), nil)
	if want := []string{wire.CodeTooManyFragments}; !slices.Equal(got.codes(t), want) {
		t.Errorf("got %s, want code %s", got.body, want)
	}
}

func TestFragmentCycle(t *testing.T) {
	s := start(t, wire.Config{})
	for _, document := range []string{
		"{item{...A}}fragment A on Item{next{...A}}",
		"{item{...A}}fragment A on Item{next{...B}}fragment B on Item{next{...A}}",
		"{hello}fragment A on Item{...B}fragment B on Item{...B}",
	} {
		got := s.post(t, document, nil)
		if want := []string{wire.CodeValidationFailed}; got.status != 400 || !slices.Equal(got.codes(t), want) {
			t.Errorf("for %s: %d %s, want code %s", document, got.status, got.body, want)
		}
	}
}

// The limits hold on every way in, and only above them is nothing executed.
func TestLimitsOnEveryTransport(t *testing.T) {
	s := start(t, wire.Config{})
	document := "{item" + strings.Repeat("{next", 11) + "{id" + strings.Repeat("}", 13)
	for way, body := range map[string]string{
		"POST": s.post(t, document, nil).body,
		"GET":  s.do(t, "GET", "/?query="+url.QueryEscape(document), "").body,
		"SSE": strings.TrimSuffix(strings.TrimPrefix(s.post(t, document, nil, "Accept", "text/event-stream").body,
			":\n\nevent: next\ndata: "), "\n\nevent: complete\ndata:\n\n"),
	} {
		if got, want := codes(t, body), []string{wire.CodeTooDeep}; !slices.Equal(got, want) {
			t.Errorf("by %s the codes are %q, want %q", way, got, want)
		}
	}
}

func TestCost(t *testing.T) {
	s := start(t, wire.Config{})
	for name, c := range map[string]struct {
		document  string
		variables map[string]any
		want      int
	}{
		"a field":                       {"{hello}", nil, 1},
		"an object":                     {"{item{id name}}", nil, 3},
		"a plain list":                  {"{item{tags}}", nil, 2},
		"a page":                        {"{items(first:10){nodes{id name}}}", nil, 2 + 10*2},
		"a page from its end":           {"{items(last:10){nodes{id name}}}", nil, 2 + 10*2},
		"edges":                         {"{items(first:10){edges{cursor node{id}}}}", nil, 2 + 10*3},
		"the default page":              {"{items{nodes{id}}}", nil, 2 + 25},
		"a count is taken once":         {"{items(first:10){totalCount}}", nil, 2},
		"a variable":                    {"query($n:Int){items(first:$n){nodes{id}}}", map[string]any{"n": 7}, 2 + 7},
		"a variable as an exponent":     {"query($n:Int){items(first:$n){nodes{id}}}", map[string]any{"n": json.Number("1e2")}, 2 + 100},
		"the default of a variable":     {"query($n:Int=9){items(first:$n){nodes{id}}}", nil, 2 + 9},
		"a variable that is null":       {"query($n:Int=9){items(first:$n){nodes{id}}}", map[string]any{"n": nil}, 2 + 25},
		"nested pages":                  {"{items(first:10){nodes{id items(first:5){nodes{id}}}}}", nil, 2 + 10*(1+2+5)},
		"ids":                           {`{nodes(ids:["a","b","c"]){id name}}`, nil, 1 + 3*2},
		"ids by a variable":             {"query($i:[ID!]!){nodes(ids:$i){id name}}", map[string]any{"i": []string{"a", "b"}}, 1 + 2*2},
		"a list that is not paged":      {"query($i:[ID!]!){nodes(ids:$i){id name}}", nil, 1 + 10*2},
		"a fragment in two places":      {"{items(first:10){...C nodes{items(first:3){...C}}}}fragment C on ItemConnection{totalCount nodes{id}}", nil, 1 + (1 + 1 + 10) + 1 + 10*(1+1+1+3)},
		"an inline fragment":            {"{items(first:10){...on ItemConnection{nodes{id}}...{nodes{name}}}}", nil, 1 + 2*(1+10)},
		"the schema":                    {"{__schema{types{name}}}", nil, 8000 + 2},
		"a type":                        {`{__type(name:"Item"){name}}`, nil, 100 + 1},
		"only the operation asked for":  {"query a{hello} query b{items(first:100){nodes{id}}}", nil, 1},
		"a negative page costs nothing": {"{items(first:-5){totalCount}}", nil, 2},
	} {
		body, err := json.Marshal(map[string]any{"query": c.document, "variables": c.variables, "operationName": map[bool]any{true: "a"}[strings.HasPrefix(c.document, "query a")]})
		if err != nil {
			t.Fatal(err)
		}
		got := s.do(t, "POST", "/", string(body), "Content-Type", "application/json")
		var response struct{ Extensions struct{ Cost wire.Cost } }
		if err := json.Unmarshal([]byte(got.body), &response); err != nil {
			t.Fatal(err)
		}
		want := wire.Cost{Requested: c.want, Budget: 20000, Remaining: 20000 - c.want}
		if diff := cmp.Diff(want, response.Extensions.Cost); diff != "" {
			t.Errorf("cost of %s (-want +got):\n%s%s", name, diff, got.body)
		}
	}
}

// A page that no budget pays for is refused, however it is written.
func TestHugePages(t *testing.T) {
	s := start(t, wire.Config{})
	for _, n := range []string{"2147483647", "99999999999999999999999999", "1e400"} {
		body := `{"query":"query($n:Int){items(first:$n){nodes{items(first:$n){nodes{items(first:$n){nodes{id}}}}}}}","variables":{"n":` + n + `}}`
		got := s.do(t, "POST", "/", body, "Content-Type", "application/json", "Accept", graphQLJSON)
		if want := []string{wire.CodeTooCostly}; !slices.Equal(got.codes(t), want) {
			t.Errorf("for pages of %s: %s, want code %s", n, got.body, want)
		}
	}
}

// GraphiQL's introspection must stay possible, though it is deeper than other
// operations may be.
func TestIntrospection(t *testing.T) {
	got := start(t, wire.Config{}).post(t, introspection.Query, nil)
	if got.status != 200 || !strings.Contains(got.body, `"ItemConnection"`) {
		t.Errorf("introspection was answered %d %.300s", got.status, got.body)
	}
	got = start(t, wire.Config{HideSchema: true}).post(t, introspection.Query, nil)
	if strings.Contains(got.body, "ItemConnection") {
		t.Errorf("a hidden schema was shown: %.300s", got.body)
	}
}

// No error helps to guess a name of the schema.
func TestNoSuggestions(t *testing.T) {
	s := start(t, wire.Config{})
	for _, document := range []string{
		"{hell}", "{item}", "{item{nam}}", "{hello(nam:1)}", "query($x:Itm){hello}", "{...on Itm{id}}",
		"{paint(color:GREE)}", "{paint(color:RED,filter:{siz:1})}", "{hello @includ(if:true)}", "{hello @include(i:true)}",
		"{item{...F}}fragment F on Itm{id}", "{item{...G}}", "{hello{id}}", "query($n:String){hello(name:$m)}",
	} {
		got := s.post(t, document, nil)
		if !slices.Contains(got.codes(t), wire.CodeValidationFailed) {
			t.Errorf("%s was answered %s", document, got.body)
		}
		if strings.Contains(strings.ToLower(got.body), "did you mean") {
			t.Errorf("for %s the answer suggests names: %s", document, got.body)
		}
	}
}

package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// odd are JSON values that a caller may send where a text belongs.
var odd = []string{
	`""`, `" "`, `"\u0000"`, `"a\u0000b"`, `"\ud800"`, "\"\xff\xfe\"", `"\uffff"`, `"\ufeff"`, `"\u202e\u2028"`, `"👩‍👩‍👧‍👦"`,
	`"'; DROP TABLE cases; --"`, `"%_\\"`, `"` + strings.Repeat("x", 50_000) + `"`, `"` + strings.Repeat("字", 20_001) + `"`,
	`5`, `-1.5`, `true`, `null`, `[]`, `{}`,
}

// oddByType are further values by types.
var oddByType = map[string][]string{
	"ID": {`"case_"`, `"_"`, `"case_00000000000000000000000000"`, `"case_7zzzzzzzzzzzzzzzzzzzzzzzzz"`, `"case_8zzzzzzzzzzzzzzzzzzzzzzzzz"`, `"CASE_01H455VB4PEX5VSKNK084SN02Q"`},
	"Time": {`"0000-01-01T00:00:00Z"`, `"0001-01-01T00:00:00+14:00"`, `"0001-01-01T00:00:00Z"`, `"9999-12-31T23:59:59.999999999Z"`, `"9999-12-31T23:59:59-12:00"`,
		`"10000-01-01T00:00:00Z"`, `"-0001-01-01T00:00:00Z"`, `"2026-02-30T00:00:00Z"`, `"2026-11-22 09:00:00"`, `"2026-11-22T09:00:00.123456789Z"`, `"2016-12-31T23:59:60Z"`},
	"Date":        {`"0000-01-01"`, `"9999-12-31"`, `"10000-01-01"`, `"2026-02-30"`, `"2026-13-01"`, `"2026-11-22T00:00:00Z"`},
	"EventCursor": {`"-1"`, `"01"`, `"9223372036854775807"`, `"9223372036854775808"`, `"1e3"`, `"0"`},
	"Int":         {`2147483648`, `-2147483649`, `9223372036854775807`, `9223372036854775808`, `1e3`, `1.0`, `"5"`, `1e400`},
	"Float":       {`1e308`, `-1e308`, `1e400`, `-1e400`, `5e-324`, `1e-400`, `-0`, `"NaN"`, `"Infinity"`, `"-Inf"`, `9223372036854775808`},
	"Boolean":     {`"true"`, `1`},
}

func oddFor(d *ast.Definition) []string {
	values := slices.Concat(odd, oddByType[d.Name])
	if d.Kind == ast.Enum {
		values = append(values, `"NO_SUCH_VALUE"`)
	}
	return values
}

// sound fails for an answer that tells of a fault, or whose errors tell less than a
// code and the request's id.
func sound(t *testing.T, c *company, what string, out answer) {
	t.Helper()
	for _, e := range out.Errors {
		if e.code() == "" || e.code() == "INTERNAL" || e.Extensions["requestId"] == nil {
			t.Errorf("%.200s is answered %.300v", what, e)
			logged := strings.Split(strings.TrimSpace(c.logged.String()), "\n")
			t.Logf("log: %.600s", logged[len(logged)-1])
		}
	}
}

// No value of any argument or input field, on either database, makes a fault, or a
// record that cannot be read afterwards.
func TestOddInputs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		t.Run("queries", w.oddArguments)
		t.Run("mutations", w.oddMutations)
		t.Run("records can be read", func(t *testing.T) {
			for name := range w.roots() {
				w.must(t, asSystem, "{ l: "+args(name, "first: 100", all(name))+" { nodes { "+w.scalars(w.listed(w.roots()[name].Type.Name()))+" } } }", nil)
			}
		})
	})
}

// scalars are the fields of a type that hold no records and need no argument.
func (w *walk) scalars(typeName string) string {
	var names []string
	for _, f := range w.definition(typeName).Fields {
		d := w.definition(f.Type.Name())
		asks := slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil })
		if (d.Kind == ast.Scalar || d.Kind == ast.Enum) && !asks {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, " ")
}

func (w *walk) oddArguments(t *testing.T) {
	ask := func(f *ast.FieldDefinition, variable, given string, of *ast.Definition) {
		others := ""
		for _, a := range f.Arguments {
			if a.Type.NonNull && !strings.HasPrefix(given, a.Name+":") {
				others += a.Name + `: "x" `
			}
		}
		query := fmt.Sprintf("query($v: %s) { l: %s(%s %s) { __typename } }", variable, f.Name, others, given)
		for _, value := range oddFor(of) {
			what := query + " with " + value
			sound(t, w.company, what, w.do(t, asSystem, query, variables{"v": json.RawMessage(value)}))
		}
	}
	for _, f := range w.definition("Query").Fields {
		for _, a := range f.Arguments {
			of := w.definition(a.Type.Name())
			if w.listed(f.Type.Name()) != "" && of.Kind == ast.Scalar && f.Name != "cases" {
				continue // all lists have the same pages
			}
			if of.Kind != ast.InputObject {
				ask(f, a.Type.String(), a.Name+": $v", of)
				continue
			}
			for _, part := range of.Fields {
				ask(f, part.Type.String(), a.Name+": {"+part.Name+": $v}", w.definition(part.Type.Name()))
			}
		}
	}
	// In the address a document need not be UTF-8.
	for _, literal := range []string{"\xff", "\\u0000", "\x00", "\\ud800"} {
		address := "/graphql?query=" + url.QueryEscape(`{ caseByNumber(number: "`+literal+`") { id } cases(filter: {externalId: "`+literal+`"}) { totalCount } }`)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		r.Header.Set("Authorization", asSystem)
		sound(t, w.company, address, w.send(t, r))
	}
}

func (w *walk) oddMutations(t *testing.T) {
	for name, change := range changes {
		f := w.definition("Mutation").Fields.ForName(name)
		input := f.Arguments.ForName("input").Type
		ask := func(what string, in map[string]any) {
			out := w.do(t, w.tokens[change.by[0]], "mutation($input: "+input.String()+") { m: "+name+"(input: $input) { errors { code } cursor } }", variables{"input": in})
			sound(t, w.company, name+" with "+what, out)
			if at(out.Data, "m", "cursor") != nil {
				w.restore(t, name)
			}
		}
		for _, part := range w.definition(input.Name()).Fields {
			of := w.definition(part.Type.Name())
			for n, value := range oddFor(of) {
				in := with(w.resolve(change.input), "idempotencyKey", fmt.Sprint(name, part.Name, n))
				ask(part.Name+": "+value, with(in, part.Name, json.RawMessage(value)))
			}
			if of.Kind != ast.InputObject {
				continue
			}
			for _, inner := range of.Fields {
				for n, value := range oddFor(w.definition(inner.Type.Name())) {
					one := map[string]any{"item": "smile", inner.Name: json.RawMessage(value)}
					if inner.Name == "number" {
						one["item"] = "rings"
					}
					if inner.Type.Elem != nil {
						one[inner.Name] = []any{json.RawMessage(value)}
					}
					in := with(w.resolve(change.input), "idempotencyKey", fmt.Sprint(name, part.Name, inner.Name, n))
					ask(part.Name+"."+inner.Name+": "+value, with(in, part.Name, []any{one}))
				}
			}
		}
	}
}

package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// texts are what the records of the company can be found by.
var texts = []string{"food", "shopping", "cook", "guest", "visitor", "ext open", "desk.reception", "+493012345670", "visitor@example.com", "pms", "class-till", "desk.reception/minutes"}

// candidates are values that conditions of a type may have.
func (w *walk) candidates(typeName string) []string {
	quote := func(list ...string) (out []string) {
		for _, s := range list {
			out = append(out, fmt.Sprintf("%q", s))
		}
		return out
	}
	switch typeName {
	case "ID":
		ids := quote("nonsense", typeid.New[typeid.SiteID]().String())
		for _, name := range w.names {
			ids = append(ids, quote(w.ids[name])...)
		}
		return ids
	case "String":
		return quote(texts...)
	case "Boolean":
		return []string{"true", "false"}
	case "Time":
		return quote("2026-11-20T08:00:00Z", "2026-11-22T00:00:00Z", "2026-11-18T09:00:00Z", "2026-11-22T09:00:00Z")
	case "Date":
		return quote("2026-08-01", "2026-09-01")
	}
	var values []string
	for _, v := range w.definition(typeName).EnumValues {
		values = append(values, v.Name)
	}
	return values
}

// condition is one by which a list can be narrowed, with values that it can have.
type condition struct {
	root  string
	field *ast.FieldDefinition
	tests []conditionTest
}

// conditionTest is a value, and the ids of what it finds for who sees everything.
type conditionTest struct {
	value string
	finds []string
}

// conditions are those of all lists: with every value that finds something, and
// two that find nothing.
func (w *walk) conditions(t *testing.T) (found []condition) {
	for name, f := range w.roots() {
		filter := f.Arguments.ForName("filter")
		if filter == nil {
			continue
		}
		everything := len(w.visibleOf(w.visibility, "system", w.listed(f.Type.Name())))
		for _, field := range w.definition(filter.Type.Name()).Fields {
			if field.Name == "includeOld" { // widens; see all
				continue
			}
			c := condition{root: name, field: field}
			for _, value := range w.candidates(field.Type.Name()) {
				c.tests = append(c.tests, conditionTest{value: value})
			}
			vain, narrows := 0, false
			for n, finds := range w.filtered(t, "system", c) {
				c.tests[n].finds = finds
				narrows = narrows || len(finds) > 0 && len(finds) < everything
			}
			c.tests = slices.DeleteFunc(c.tests, func(test conditionTest) bool {
				if len(test.finds) == 0 {
					vain++
				}
				return len(test.finds) == 0 && vain > 2
			})
			if oneOnly := name == "checklists" || field.Name == "schemeId"; !narrows && !oneOnly {
				t.Errorf("%s: no value of %s narrows the list", name, field.Name)
			}
			found = append(found, c)
		}
	}
	return found
}

// refersTo returns the type of the records that a condition names, "" for none.
func (c condition) refersTo() string {
	switch {
	case c.field.Type.Name() != "ID":
		return ""
	case c.field.Name == "siteId":
		return "Site"
	case c.field.Name == "topicId", c.root == "topics" && c.field.Name == "parentId":
		return "Topic"
	case c.root == "causes" && c.field.Name == "parentId":
		return "Cause"
	case c.field.Name == "departmentId", c.field.Name == "parentId":
		return "Department"
	case c.field.Name == "teachingCaseId":
		return "TeachingCase"
	case c.field.Name == "customerId":
		return "Customer"
	case c.field.Name == "planId":
		return "ControlPlan"
	case c.field.Name == "schemeId":
		return "AppraisalScheme"
	default:
		return "Staff"
	}
}

// filters asks for each list with each condition. A condition narrows what the
// viewer sees, and one that names a record finds nothing where the viewer does not
// see that record: otherwise it would tell what the edges hide. Whoever may read no
// such record is refused, whatever is named.
func (w *walk) filters(t *testing.T, viewer string) {
	for _, c := range w.known {
		if to := c.refersTo(); !mayList(viewer, w.listed(w.roots()[c.root].Type.Name())) || to != "" && !mayList(viewer, to) {
			query, fields := c.query()
			w.forbidden(t, viewer, query, fields...)
			continue
		}
		for n, got := range w.filtered(t, viewer, c) {
			test := c.tests[n]
			named := w.nameOf(strings.Trim(test.value, `"`))
			want := []string{}
			for _, id := range test.finds {
				if w.sees(viewer, w.nameOf(id)) && (w.ids[named] == "" || w.sees(viewer, named)) {
					want = append(want, id)
				}
			}
			w.same(t, fmt.Sprintf("%s by %s %s", c.root, c.field.Name, named), want, got)
		}
	}
}

// query asks for a list with each value of a condition, under the names returned.
func (c condition) query() (text string, fields []string) {
	var query strings.Builder
	query.WriteString("{")
	for n, test := range c.tests {
		value, old := test.value, ""
		if c.field.Type.Elem != nil {
			value = "[" + value + "]"
		}
		if c.root == "checklists" {
			old = ", includeOld: true"
		}
		fields = append(fields, fmt.Sprint("v", n))
		fmt.Fprintf(&query, " v%d: %s(first: 100, filter: {%s: %s%s}) { totalCount nodes { id } }", n, c.root, c.field.Name, value, old)
	}
	return query.String() + " }", fields
}

// filtered returns the sorted ids that a list holds for each value of a condition.
func (w *walk) filtered(t *testing.T, viewer string, c condition) [][]string {
	query, fields := c.query()
	data := w.must(t, w.tokens[viewer], query, nil)
	out := make([][]string, len(c.tests))
	for n, field := range fields {
		page := data[field]
		out[n] = column(list(page, "nodes"), "id")
		slices.Sort(out[n])
		if at(page, "totalCount") != float64(len(out[n])) {
			t.Errorf("%s by %s: totalCount is %v, want %d", c.root, c.field.Name, at(page, "totalCount"), len(out[n]))
		}
	}
	return out
}

// A list within a record is refused a condition on what the viewer may not read, as
// a list of its own is; without one it shows what is to be seen, or nothing.
func TestConditionsOfNestedListsAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		token, _, err := c.quality.IssueToken(t.Context(), quality.IssueToken{Name: "cases without customers", Scopes: []string{"organisation:read", "cases:read"}})
		if err != nil {
			t.Fatal(err)
		}
		ask := func(list string) answer {
			return c.do(t, token, `query($id: ID!) { node(id: $id) { ... on Department { code l: `+list+` { totalCount } } } }`, variables{"id": c.ids["department front"]})
		}
		for list, want := range map[string]any{"cases": 2.0, `cases(filter: {assigneeId: "x"})`: 0.0, "inspections": 0.0} {
			if out := ask(list); len(out.Errors) > 0 || at(out.Data, "node", "l", "totalCount") != want {
				t.Errorf("%s is answered %+v", list, out)
			}
		}
		for _, id := range []string{"x", c.ids["customer visitor"], c.ids["customer shopper"]} {
			out := ask(fmt.Sprintf("cases(filter: {customerId: %q})", id))
			if !slices.Equal(out.codes(), []string{"FORBIDDEN"}) || at(out.Data, "node", "code") != "front" || at(out.Data, "node", "l") != nil {
				t.Errorf("cases of the customer %s are answered %+v", id, out)
			}
		}
	})
}

// A telephone number is understood as it is written at the viewer's own site, also
// by a token that is good for customers alone.
func TestPhonesAreFoundAsWrittenAtTheSite(t *testing.T) {
	c := newCompany(t, dbtest.SQLite(t))
	hotel, mall := c.sites["hotel"], c.sites["mall"]
	for at, want := range map[*typeid.SiteID][]string{&mall: {c.ids["customer shopper"]}, &hotel: {}} {
		token, _, err := c.quality.IssueToken(t.Context(), quality.IssueToken{Name: "customers", Scopes: []string{"customers:read"}, Site: at})
		if err != nil {
			t.Fatal(err)
		}
		found := list(c.must(t, token, `{ customers(filter: {phone: "030 12345672"}) { nodes { id } } }`, nil), "customers", "nodes")
		if diff := cmp.Diff(want, column(found, "id")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

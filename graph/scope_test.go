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
)

// TestScope walks every type of the schema by every path for every viewer. Types,
// lists, edges, filters and orders are taken from the schema itself: what is added
// to it is walked, too, or the test fails for want of a record that has it.
func TestScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		w := &walk{company: c, visibility: policy(t, c)}
		t.Run("schema", w.schema)
		w.known = w.conditions(t)
		for name, check := range map[string]func(*testing.T, string){
			"lists": w.lists, "filters": w.filters, "orders": w.orders, "nodes": w.nodes, "edges": w.edges,
			"by number": w.byNumber, "preview": w.preview, "control plans to come": w.controlPreview, "viewer": w.viewer, "events": w.eventList, "live events": w.liveEvents, "live case": w.liveCase,
		} {
			t.Run(name, func(t *testing.T) {
				for _, viewer := range viewers {
					t.Run(viewer, func(t *testing.T) { check(t, viewer) })
				}
			})
		}
		t.Run("nobody", w.nobody)
	})
}

type walk struct {
	*company
	visibility
	known []condition
}

func (w *walk) definition(name string) *ast.Definition { return w.company.schema.Schema().Types[name] }

// isNode reports whether a type, or what a type is a page of, is a record.
func (w *walk) isNode(typeName string) bool {
	return slices.ContainsFunc(w.company.schema.Schema().PossibleTypes["Node"], func(d *ast.Definition) bool { return d.Name == typeName })
}

// listed returns the type of the records of a connection, "" for other types.
func (w *walk) listed(typeName string) string {
	if name, ok := strings.CutSuffix(typeName, "Connection"); ok && w.isNode(name) {
		return name
	}
	return ""
}

// roots are the root fields that are lists of records, by their names.
func (w *walk) roots() map[string]*ast.FieldDefinition {
	roots := map[string]*ast.FieldDefinition{}
	for _, f := range w.definition("Query").Fields {
		if w.listed(f.Type.Name()) != "" {
			roots[f.Name] = f
		}
	}
	return roots
}

// schema fails where the schema has what no check of TestScope knows.
func (w *walk) schema(t *testing.T) {
	known := map[string]string{}
	for kind, name := range types {
		known[name] = kind
		if len(w.of(kind)) == 0 {
			t.Errorf("the company has no %s", kind)
		}
	}
	for _, d := range w.company.schema.Schema().PossibleTypes["Node"] {
		if known[d.Name] == "" && d.Kind == ast.Object {
			t.Errorf("no viewer is asked for records of type %s", d.Name)
		}
	}
	checked := []string{"viewer", "node", "nodes", "caseByNumber", "receptionFigures", "teachingFigures", "commendationFigures", "caseStatistics", "events", "deadlinePreview", "controlChart", "layerAgreement", "controlPlanPreview"}
	for _, f := range w.definition("Query").Fields {
		if w.listed(f.Type.Name()) == "" && !slices.Contains(checked, f.Name) && !strings.HasPrefix(f.Name, "__") {
			t.Errorf("the root field %s is checked for no viewer", f.Name)
		}
	}
	for _, f := range w.definition("Subscription").Fields {
		if f.Name != "events" && f.Name != "caseUpdated" {
			t.Errorf("the subscription %s is checked for no viewer", f.Name)
		}
	}
	for _, f := range w.definition("Mutation").Fields {
		if changes[f.Name].input == nil {
			t.Errorf("the mutation %s is checked for no viewer", f.Name)
		}
	}
	// Records can be reached from other records, from what lists them, from answers
	// of mutations, and from these.
	others := []string{"Query", "Mutation", "Subscription", "Viewer.staff", "Viewer.deadlines", "Viewer.alerts", "Viewer.dueInspections", "ControlPlanOccurrence.people", "Event.subject", "ReceptionFigure.department", "ReceptionFigure.staff", "TeachingFigure.department", "CommendationFigure.staff", "Commendation.staff", "Commendation.department", "Commendation.namedBy",
		"CaseFigures.site", "CaseFigures.department", "CaseFigures.assignee", "CaseFigures.receivedBy", "CaseFigures.topic", "CaseFigures.cause",
		"DepartmentAgreement.department", "InspectorAgreement.department", "InspectorAgreement.inspector"}
	for _, d := range w.company.schema.Schema().Types {
		if d.Kind != ast.Object || w.isNode(d.Name) || strings.HasSuffix(d.Name, "Payload") ||
			w.listed(d.Name) != "" || w.listed(strings.TrimSuffix(d.Name, "Edge")+"Connection") != "" {
			continue
		}
		for _, f := range d.Fields {
			leads := w.isNode(f.Type.Name()) || w.listed(f.Type.Name()) != "" || f.Type.Name() == "Node"
			if leads && !slices.Contains(others, d.Name) && !slices.Contains(others, d.Name+"."+f.Name) {
				t.Errorf("%s.%s leads to records and is checked for no viewer", d.Name, f.Name)
			}
		}
	}
}

// all are the arguments by which a list holds all there is.
func all(field string) string {
	if field == "checklists" {
		return "filter: {includeOld: true}"
	}
	return ""
}

// forbidden carries out an operation each of whose fields is refused to the viewer.
func (w *walk) forbidden(t *testing.T, viewer, query string, fields ...string) {
	t.Helper()
	out := w.do(t, w.tokens[viewer], query, nil)
	want, got := map[string]string{}, map[string]string{}
	for _, field := range fields {
		want[field] = "FORBIDDEN"
		if out.Data[field] != nil {
			t.Errorf("%s is answered %v", field, out.Data[field])
		}
	}
	for _, e := range out.Errors {
		got[fmt.Sprint(e.Path...)] = e.code()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", query, diff)
	}
}

// lists asks for each list, whole and by pages of two. Who may read none of its
// records is told so.
func (w *walk) lists(t *testing.T, viewer string) {
	for name, f := range w.roots() {
		if !mayList(viewer, w.listed(f.Type.Name())) {
			w.forbidden(t, viewer, "{ "+name+" { totalCount nodes { id } } }", name)
			continue
		}
		want := w.visibleOf(w.visibility, viewer, w.listed(f.Type.Name()))
		data := w.must(t, w.tokens[viewer], "{ l: "+name+"(first: 100 "+all(name)+") { totalCount nodes { id } edges { node { id } } } }", nil)
		for by, rows := range map[string][]string{"nodes": column(list(data, "l", "nodes"), "id"), "edges": column(list(data, "l", "edges"), "node", "id")} {
			slices.Sort(rows)
			w.same(t, name+" by "+by, want, rows)
		}
		if count := at(data, "l", "totalCount"); count != float64(len(want)) {
			t.Errorf("%s: totalCount is %v, want %d", name, count, len(want))
		}
		rows, after := []string{}, ""
		for {
			page := w.must(t, w.tokens[viewer], "query($after: String) { l: "+name+"(first: 2, after: $after "+all(name)+") { nodes { id } pageInfo { hasNextPage endCursor } } }",
				variables{"after": orNil(after)})
			rows = append(rows, column(list(page, "l", "nodes"), "id")...)
			if at(page, "l", "pageInfo", "hasNextPage") != true {
				break
			}
			if len(list(page, "l", "nodes")) != 2 {
				t.Fatalf("%s: a page that is not the last is not full", name)
			}
			after, _ = at(page, "l", "pageInfo", "endCursor").(string)
		}
		slices.Sort(rows)
		w.same(t, name+" by pages", want, rows)
	}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// same compares ids, and tells differences by the records' names.
func (w *walk) same(t *testing.T, what string, want, got []string) {
	t.Helper()
	names := func(ids []string) []string {
		out := make([]string, len(ids))
		for n, id := range ids {
			out[n] = w.nameOf(id)
		}
		return out
	}
	if diff := cmp.Diff(names(want), names(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// orders asks for each list in each order: the order moves rows, but neither shows
// nor hides any.
func (w *walk) orders(t *testing.T, viewer string) {
	for name, f := range w.roots() {
		order := f.Arguments.ForName("order")
		if order == nil || !mayList(viewer, w.listed(f.Type.Name())) {
			continue
		}
		want := w.visibleOf(w.visibility, viewer, w.listed(f.Type.Name()))
		for _, field := range w.definition(w.definition(order.Type.Name()).Fields.ForName("field").Type.Name()).EnumValues {
			by := func(direction string) []string {
				data := w.must(t, w.tokens[viewer], fmt.Sprintf("{ l: %s(first: 100, order: {field: %s, direction: %s}) { nodes { id } } }", name, field.Name, direction), nil)
				return column(list(data, "l", "nodes"), "id")
			}
			up, down := by("ASC"), by("DESC")
			slices.Reverse(down)
			w.same(t, name+" by "+field.Name+" down and up", up, down)
			slices.Sort(up)
			w.same(t, name+" by "+field.Name, want, up)
		}
	}
}

// nodes asks for every record by its id. One that is not visible is answered like
// one that does not exist.
func (w *walk) nodes(t *testing.T, viewer string) {
	ids := make([]string, len(w.names))
	var single strings.Builder
	for n, name := range w.names {
		ids[n] = w.ids[name]
		fmt.Fprintf(&single, " n%d: node(id: %q) { id __typename }", n, ids[n])
	}
	var many []any
	for some := range slices.Chunk(ids, 100) { // as many as one field takes
		data := w.must(t, w.tokens[viewer], "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }", variables{"ids": some})
		many = append(many, list(data, "nodes")...)
	}
	one := w.must(t, w.tokens[viewer], "{"+single.String()+" }", nil)
	for n, name := range w.names {
		var want any
		if w.sees(viewer, name) {
			want = map[string]any{"id": ids[n], "__typename": types[kindOf(name)]}
		}
		if diff := cmp.Diff(want, many[n]); diff != "" {
			t.Errorf("%s by nodes (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(want, one[fmt.Sprintf("n%d", n)]); diff != "" {
			t.Errorf("%s by node (-want +got):\n%s", name, diff)
		}
	}
}

// selection is the fields of a type that lead to records, each with the ids.
func (w *walk) selection(typeName string) (fields []string, query string) {
	for _, f := range w.definition(typeName).Fields {
		switch {
		case w.listed(f.Type.Name()) != "":
			query += " " + f.Name + "(first: 100) { totalCount nodes { id } edges { node { id } } }"
		case w.isNode(f.Type.Name()), f.Type.Name() == "Node":
			query += " " + f.Name + " { id }"
		default:
			continue
		}
		fields = append(fields, f.Name)
	}
	return fields, query
}

// reached returns the ids behind a field, whatever its shape.
func reached(v any) []string {
	switch v := v.(type) {
	case map[string]any:
		if id, ok := v["id"].(string); ok {
			return []string{id}
		}
		return column(list(v, "nodes"), "id")
	case []any:
		return column(v, "id")
	default:
		return nil
	}
}

// edges follows every edge of every visible record. What it leads to and is not
// visible is missing, from lists and their counts, too.
func (w *walk) edges(t *testing.T, viewer string) {
	for kind, typeName := range types {
		fields, selection := w.selection(typeName)
		if len(fields) == 0 {
			continue
		}
		ids := []string{}
		for _, name := range w.of(kind) {
			ids = append(ids, w.ids[name])
		}
		ask := func(viewer string) []any {
			data := w.must(t, w.tokens[viewer], "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on "+typeName+" {"+selection+" } } }", variables{"ids": ids})
			return list(data, "nodes")
		}
		everything, seen := ask("system"), ask(viewer)
		for _, field := range fields {
			exists := false
			for n, name := range w.of(kind) {
				truth := reached(at(everything, n, field))
				exists = exists || len(truth) > 0
				if !w.sees(viewer, name) {
					continue
				}
				want := []string{}
				for _, id := range truth {
					if w.sees(viewer, w.nameOf(id)) {
						want = append(want, id)
					}
				}
				what := name + " " + field
				w.same(t, what, want, append([]string{}, reached(at(seen, n, field))...))
				if count := at(seen, n, field, "totalCount"); count != nil {
					w.same(t, what+" by edges", want, column(list(seen, n, field, "edges"), "node", "id"))
					if count != float64(len(want)) {
						t.Errorf("%s: totalCount is %v, want %d", what, count, len(want))
					}
				}
			}
			if !exists {
				t.Errorf("no record has %s.%s", typeName, field)
			}
		}
	}
}

func (w *walk) byNumber(t *testing.T, viewer string) {
	for name, k := range w.cases {
		data := w.must(t, w.tokens[viewer], "query($n: String!) { caseByNumber(number: $n) { id } }", variables{"n": k.Number})
		if got := data["caseByNumber"] != nil; got != w.sees(viewer, "case "+name) {
			t.Errorf("case %s by its number: visible is %t", name, got)
		}
	}
}

func (w *walk) preview(t *testing.T, viewer string) {
	for _, name := range w.of("policy") {
		data := w.must(t, w.tokens[viewer], "query($id: ID!) { deadlinePreview(input: {policyId: $id}) { target } }", variables{"id": w.ids[name]})
		if got := data["deadlinePreview"] != nil; got != w.sees(viewer, name) {
			t.Errorf("the preview of %s: visible is %t", name, got)
		}
	}
	for _, name := range w.of("calendar") {
		data := w.must(t, w.tokens[viewer], `query($id: ID!) { deadlinePreview(input: {calendarId: $id, targets: [{target: RESOLUTION, length: "PT1H"}]}) { target } }`, variables{"id": w.ids[name]})
		if got := data["deadlinePreview"] != nil; got != w.sees(viewer, name) {
			t.Errorf("the preview by %s: visible is %t", name, got)
		}
	}
}

// controlPreview asks what plans come to, of whom the viewer is shown who is inspected as
// far as the viewer sees them.
func (w *walk) controlPreview(t *testing.T, viewer string) {
	for _, name := range w.of("plan") {
		data := w.must(t, w.tokens[viewer], "query($id: ID!) { controlPlanPreview(input: {id: $id, weeks: 1}) { people { id } } }", variables{"id": w.ids[name]})
		if got := data["controlPlanPreview"] != nil; got != w.sees(viewer, name) {
			t.Errorf("the preview of %s: visible is %t", name, got)
		}
		if name != "plan desk" || !w.sees(viewer, name) {
			continue
		}
		want := []string{}
		if w.sees(viewer, "staff clerk") {
			want = []string{w.ids["staff clerk"]}
		}
		occurrences := list(data, "controlPlanPreview")
		if len(occurrences) == 0 {
			t.Errorf("%s comes to nothing", name)
		}
		for _, o := range occurrences {
			w.same(t, "people of "+name, want, column(list(o, "people"), "id"))
		}
	}
}

func (w *walk) viewer(t *testing.T, viewer string) {
	data := w.must(t, w.tokens[viewer], "{ viewer { staff { id } deadlines { id } alerts { id } dueInspections { id } } }", nil)
	ids := func(names []string) []string {
		out := []string{}
		for _, name := range names {
			out = append(out, w.ids[name])
		}
		return out
	}
	mine := map[string][]string{"clerk": {"deadline promise", "deadline open"}, "clerk/cases": {"deadline promise", "deadline open"}}
	w.same(t, "deadlines", ids(mine[viewer]), column(list(data, "viewer", "deadlines"), "id"))
	told := map[string][]string{"clerk": {"escalation open"}, "clerk/cases": {"escalation open"}}
	w.same(t, "alerts", ids(told[viewer]), column(list(data, "viewer", "alerts"), "id"))
	due := map[string][]string{"clerk": {"planned desk"}, "cook": {"planned kitchen"}}
	w.same(t, "inspections that are due", ids(due[viewer]), column(list(data, "viewer", "dueInspections"), "id"))
	self, _, _ := strings.Cut(viewer, "/")
	want := any(nil)
	if w.sees(viewer, "staff "+self) {
		want = w.ids["staff "+self]
	}
	if got := at(data, "viewer", "staff", "id"); got != want {
		t.Errorf("staff is %v, want %v", got, want)
	}
}

// nobody asks for everything without a token.
func (w *walk) nobody(t *testing.T) {
	for _, operation := range []string{"Query", "Mutation", "Subscription"} {
		for _, f := range w.definition(operation).Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			query, vars := w.bare(operation, f)
			accept := "application/json"
			if operation == "Subscription" {
				accept = "text/event-stream"
			}
			out := w.do(t, "", query, vars, "Accept", accept)
			if diff := cmp.Diff([]string{"UNAUTHENTICATED"}, out.codes()); diff != "" || out.Data[f.Name] != nil {
				t.Errorf("%s answers nobody %+v", query, out)
			}
		}
	}
	for _, query := range []string{"{ __typename }", "{ __schema { queryType { name } } }", `{ __type(name: "Case") { name } }`} {
		if out := w.do(t, "", query, nil); len(out.Errors) > 0 {
			t.Errorf("%s answers nobody %+v", query, out.Errors)
		}
	}
}

// bareInputs are inputs of questions.
var bareInputs = map[string]map[string]any{
	"DeadlinePreviewInput":    {"policyId": "x"},
	"ControlPlanPreviewInput": {},
	"ControlChartInput":       {"characteristic": "x", "departmentId": "x", "from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"},
	"LayerAgreementInput":     {"departmentId": "x", "from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z", "layers": []string{"SELF_CHECK", "SAMPLING"}},
}

// bare is an operation on one root field, with an argument wherever one is required.
func (w *walk) bare(operation string, f *ast.FieldDefinition) (string, variables) {
	vars := variables{}
	var declared, given string
	for _, a := range f.Arguments {
		if !a.Type.NonNull {
			continue
		}
		declared += "$" + a.Name + ": " + a.Type.String() + " "
		given += a.Name + ": $" + a.Name + " "
		switch {
		case operation == "Mutation":
			vars[a.Name] = w.resolve(changes[f.Name].input)
		case w.definition(a.Type.Name()).Kind == ast.InputObject:
			vars[a.Name] = bareInputs[a.Type.Name()]
		case a.Type.Elem != nil:
			vars[a.Name] = []string{"x"}
		case a.Type.Name() == "Date":
			vars[a.Name] = "2026-11-22"
		default:
			vars[a.Name] = "x"
		}
	}
	if declared != "" {
		declared, given = "("+declared+")", "("+given+")"
	}
	return strings.ToLower(operation) + declared + " { " + f.Name + given + " { __typename } }", vars
}

package graph_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// sortedBy are the orders of the root lists, each with the field that shows it.
var sortedBy = map[string][]struct{ order, shown string }{
	"sites": {{"NAME", "name"}}, "departments": {{"NAME", "name"}}, "staff": {{"NAME", "name"}},
	"customers": {{"REGISTERED_AT", "registeredAt"}, {"NEXT_CONTACT_AT", "nextContactAt"}}, "cases": {{"OPENED_AT", "openedAt"}, {"DUE_AT", "dueAt"}},
	"controlPlans": {{"", "createdAt"}}, "plannedInspections": {{"", "dueAt"}},
	"inspections": {{"STARTED_AT", "startedAt"}}, "appraisals": {{"PERIOD_START", "periodStart"}},
	"checklists": {{"", "code"}}, "plugins": {{"", "code"}}, "appraisalSchemes": {{"", "code"}},
	"visits": {{"AT", "at"}}, "shifts": {{"FROM", "from"}}, "shiftSwaps": {{"REQUESTED_AT", "requestedAt"}},
	"deadlinePolicies": {{"", "position"}}, "topics": {{"", "path"}}, "causes": {{"", "path"}}, "calendars": {{"NAME", "name"}},
	"caseTasks": {{"", "dueAt"}}, "caseMeasures": {{"", "effectDueAt"}}, "chartBaselines": {{"", "setAt"}}, "chartAlarms": {{"", "at"}}, "teachingCases": {{"", "selectedAt"}}, "trainings": {{"", "heldOn"}}, "conductProposals": {{"", "proposedAt"}},
}

// newestFirst are the root lists that are sorted from the last to the first.
var newestFirst = map[string]bool{"teachingCases": true, "trainings": true, "chartBaselines": true, "chartAlarms": true, "conductProposals": true}

// place is a record in a whole list.
type place struct{ id, cursor string }

// whole reads a list of less than 100 records at once.
func (w *walk) whole(t rapid.TB, tt *testing.T, viewer, field string) []place {
	data := w.must(tt, w.tokens[viewer], "{ l: "+field+" { edges { cursor node { id } } } }", nil)
	var out []place
	for _, e := range list(data, "l", "edges") {
		out = append(out, place{at(e, "node", "id").(string), at(e, "cursor").(string)})
	}
	if len(out) == 100 {
		t.Fatalf("%s has more than a page", field)
	}
	return out
}

// args writes a list field with arguments; empty ones are left out.
func args(name string, all ...string) string {
	all = slices.DeleteFunc(all, func(a string) bool { return a == "" })
	if len(all) == 0 {
		return name
	}
	return name + "(" + strings.Join(all, ", ") + ")"
}

// Each list is sorted by what it says, then by the id, both ways.
func TestListsAreSorted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCrowd(t, d)}
		for name, f := range w.roots() {
			if len(sortedBy[name]) == 0 {
				t.Errorf("no order of %s is checked", name)
			}
			if order := f.Arguments.ForName("order"); order != nil {
				values := w.definition(w.definition(order.Type.Name()).Fields.ForName("field").Type.Name()).EnumValues
				if len(values) != len(sortedBy[name]) {
					t.Errorf("%s has %d orders, %d are checked", name, len(values), len(sortedBy[name]))
				}
			}
			for _, by := range sortedBy[name] {
				for direction, sign := range map[string]int{"ASC": 1, "DESC": -1} {
					order := ""
					if by.order != "" {
						order = "order: {field: " + by.order + ", direction: " + direction + "}"
					} else if sign < 0 != newestFirst[name] {
						continue
					}
					rows := list(w.must(t, asSystem, "{ l: "+args(name, "first: 100", all(name), order)+" { nodes { id "+by.shown+" } } }", nil), "l", "nodes")
					keys := make([]string, len(rows))
					for n, row := range rows {
						shown := at(row, by.shown)
						if number, is := shown.(float64); is {
							shown = fmt.Sprintf("%09.0f", number)
						}
						keys[n] = strings.TrimSuffix(shown.(string), "Z") + " " + at(row, "id").(string)
					}
					if !slices.IsSortedFunc(keys, func(a, b string) int { return sign * strings.Compare(a, b) }) || len(keys) < 5 {
						t.Errorf("%s by %s %s: %q", name, by.order, direction, keys)
					}
				}
			}
		}
	})
}

// Any window of any list, in any order and by whatever viewer, is the part of the
// whole list that it says, and knows what lies on either side.
func TestPagesAreWindows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCrowd(t, d)}
		names := slices.Sorted(maps.Keys(sortedBy))
		wholes := map[string][]place{}
		rapid.Check(t, func(rt *rapid.T) {
			viewer := rapid.SampledFrom([]string{"system", "lead", "sitemanager", "seller", "hotel's"}).Draw(rt, "viewer")
			name := rapid.SampledFrom(slices.DeleteFunc(slices.Clone(names), func(name string) bool {
				return !mayList(viewer, w.listed(w.roots()[name].Type.Name()))
			})).Draw(rt, "list")
			order := w.drawOrder(rt, name)
			field := args(name, "first: 100", all(name), order)
			if _, known := wholes[viewer+field]; !known {
				wholes[viewer+field] = w.whole(rt, t, viewer, field)
			}
			w.window(rt, t, viewer, wholes[viewer+field], func(page string) string { return args(name, page, all(name), order) })
		})
	})
}

func (w *walk) drawOrder(rt *rapid.T, name string) string {
	by := rapid.SampledFrom(sortedBy[name]).Draw(rt, "order").order
	if by == "" || rapid.Bool().Draw(rt, "default") && by != "DUE_AT" {
		return ""
	}
	return "order: {field: " + by + ", direction: " + rapid.SampledFrom([]string{"ASC", "DESC"}).Draw(rt, "direction") + "}"
}

// window draws a window of a list, asks for it, and compares.
func (w *walk) window(rt *rapid.T, t *testing.T, viewer string, whole []place, field func(string) string) {
	low, high := 0, len(whole)
	var bounds []string
	if len(whole) > 0 && rapid.Bool().Draw(rt, "after") {
		n := rapid.IntRange(0, len(whole)-1).Draw(rt, "after which")
		low = n + 1
		bounds = append(bounds, fmt.Sprintf("after: %q", whole[n].cursor))
	}
	if len(whole) > 0 && rapid.Bool().Draw(rt, "before") {
		high = rapid.IntRange(0, len(whole)-1).Draw(rt, "before which")
		bounds = append(bounds, fmt.Sprintf("before: %q", whole[high].cursor))
	}
	high = max(low, high)
	size := rapid.IntRange(0, 7).Draw(rt, "size")
	if rapid.Bool().Draw(rt, "backwards") {
		bounds = append(bounds, fmt.Sprintf("last: %d", size))
		low = max(low, high-size)
	} else {
		bounds = append(bounds, fmt.Sprintf("first: %d", size))
		high = min(high, low+size)
	}
	page := at(w.must(t, w.tokens[viewer], "{ l: "+field(strings.Join(bounds, ", "))+` {
		totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, nil), "l")
	want := append([]place{}, whole[low:high]...)
	got := []place{}
	for _, e := range list(page, "edges") {
		got = append(got, place{at(e, "node", "id").(string), at(e, "cursor").(string)})
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(place{})); diff != "" {
		rt.Fatalf("%s (-want +got):\n%s", field(strings.Join(bounds, ", ")), diff)
	}
	if at(page, "totalCount") != float64(len(whole)) {
		rt.Errorf("totalCount is %v, want %d", at(page, "totalCount"), len(whole))
	}
	wantInfo := map[string]any{"startCursor": nil, "endCursor": nil}
	if len(want) > 0 {
		wantInfo = map[string]any{
			"hasNextPage": high < len(whole), "hasPreviousPage": low > 0,
			"startCursor": want[0].cursor, "endCursor": want[len(want)-1].cursor,
		}
	}
	for name, value := range wantInfo {
		if at(page, "pageInfo", name) != value {
			rt.Errorf("%s: %s is %v, want %v", field(strings.Join(bounds, ", ")), name, at(page, "pageInfo", name), value)
		}
	}
}

// alone are the root lists, and their conditions, that show the same as lists
// within records.
var alone = map[string]struct{ root, condition string }{
	"Site.departments":         {"departments", "siteId"},
	"Department.children":      {"departments", "parentId"},
	"Department.staff":         {"staff", "departmentId"},
	"Department.cases":         {"cases", "departmentId"},
	"Department.inspections":   {"inspections", "departmentId"},
	"Staff.assignedCases":      {"cases", "assigneeId"},
	"Staff.appraisals":         {"appraisals", "staffId"},
	"Customer.cases":           {"cases", "customerId"},
	"TeachingCase.trainings":   {"trainings", "teachingCaseId"},
	"Case.entries":             {}, // there is no list of all entries
	"Case.handOvers":           {},
	"Case.followUps":           {},
	"Case.links":               {},
	"Case.tasks":               {},
	"Case.measures":            {},
	"Case.investigations":      {},
	"Case.compensations":       {},
	"Customer.disclosures":     {},
	"Customer.ownerChanges":    {},
	"Customer.contactAttempts": {},
	"Customer.consentHistory":  {},
	"Topic.children":           {"topics", "parentId"},
	"Cause.children":           {"causes", "parentId"},
}

// A list within a record is the same as the list asked alone for that record:
// pages, cursors, totals and what is on either side.
func TestNestedListsAreTheSameAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCrowd(t, d)}
		var nested []string
		for _, typeName := range slices.Sorted(maps.Values(types)) {
			for _, f := range w.definition(typeName).Fields {
				if w.listed(f.Type.Name()) == "" {
					continue
				}
				name := typeName + "." + f.Name
				if _, known := alone[name]; !known {
					t.Errorf("%s is compared with no list", name)
				} else if alone[name].root != "" {
					nested = append(nested, name)
				}
			}
		}
		parents := map[string][]string{}
		for name, root := range map[string]string{"Site": "sites", "Department": "departments", "Staff": "staff", "Customer": "customers", "Topic": "topics", "Cause": "causes", "TeachingCase": "teachingCases"} {
			for _, p := range w.whole(t, t, "system", args(root, "first: 100")) {
				parents[name] = append(parents[name], p.id)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			viewer := rapid.SampledFrom([]string{"system", "lead", "sitemanager", "seller", "hotel's"}).Draw(rt, "viewer")
			name := rapid.SampledFrom(nested).Draw(rt, "list")
			typeName, field, _ := strings.Cut(name, ".")
			page := fmt.Sprintf("%s: %d", rapid.SampledFrom([]string{"first", "last"}).Draw(rt, "end"), rapid.IntRange(0, 5).Draw(rt, "size"))
			order := w.drawOrder(rt, alone[name].root)
			more := ""
			if alone[name].root == "cases" {
				more = rapid.SampledFrom([]string{"", "open: true", "kind: [REPAIR, INQUIRY]", `openedBefore: "2026-11-22T07:00:00Z"`}).Draw(rt, "filter")
			}
			filter := ""
			if more != "" {
				filter = "filter: {" + more + "}"
			}
			const shown = ` { totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`
			some := rapid.SliceOfNDistinct(rapid.SampledFrom(parents[typeName]), 1, 6, rapid.ID).Draw(rt, "records")
			inside := w.must(t, w.tokens[viewer], "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on "+typeName+" { l: "+args(field, page, order, filter)+shown+" } } }",
				variables{"ids": some})
			for _, parent := range list(inside, "nodes") {
				if parent == nil {
					continue
				}
				condition := fmt.Sprintf("filter: {%s: %q %s}", alone[name].condition, at(parent, "id"), more)
				root := w.must(t, w.tokens[viewer], "{ l: "+args(alone[name].root, page, order, condition)+shown+" }", nil)
				if diff := cmp.Diff(root["l"], at(parent, "l")); diff != "" {
					rt.Fatalf("%s of %v by %s, %s %s %s (-alone +nested):\n%s", name, at(parent, "id"), viewer, page, order, filter, diff)
				}
			}
		})
	})
}

// SQLite joins at most 500 parts into one statement.
func TestNestedListsOfManyParents(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		const people, each = 6, 100
		err := ent.WithTx(c.ctx, d.Client, func(tx *db.Tx) error {
			for p := range people {
				person := tx.Staff.Create().SetSiteID(c.sites["hotel"]).SetDepartmentID(c.departments["rooms"]).SetCode(fmt.Sprint("many", p)).
					SetName("Zhou").SetRole(staff.RoleSTAFF).SetCreatedAt(clock).SetUpdatedAt(clock).SaveX(c.ctx)
				var cases []*db.ServiceCaseCreate
				var lines []*db.CaseEntryCreate
				for n := range each {
					id := typeid.New[typeid.CaseID]()
					cases = append(cases, tx.ServiceCase.Create().SetID(id).SetNumber(fmt.Sprintf("2025-%d%05d", p+1, n)).SetSiteID(c.sites["hotel"]).
						SetAssigneeID(person.ID).SetKind(servicecase.KindREPAIR).SetChannel(servicecase.ChannelCHAT).SetSeverity(servicecase.SeverityMINOR).
						SetSubject("A case").SetOpenedAt(clock).SetDueAt(clock).SetUpdatedAt(clock))
					lines = append(lines, tx.CaseEntry.Create().SetCaseID(id).SetKind(caseentry.KindNOTE).SetText(id.String()).SetAt(clock))
				}
				ok(0, tx.ServiceCase.CreateBulk(cases...).Exec(c.ctx))
				ok(0, tx.CaseEntry.CreateBulk(lines...).Exec(c.ctx))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		data := c.must(t, asSystem, `{ staff(first: 50) { nodes { name assignedCases(first: 100) { nodes { id entries(first: 1) { totalCount nodes { text } } } } } } }`, nil)
		found := 0
		for _, person := range list(data, "staff", "nodes") {
			if at(person, "name") != "Zhou" {
				continue
			}
			for _, one := range list(person, "assignedCases", "nodes") {
				found++
				if text := at(list(one, "entries", "nodes")[0], "text"); text != at(one, "id") || at(one, "entries", "totalCount") != 1.0 {
					t.Errorf("case %v has the line of %v, of %v", at(one, "id"), text, at(one, "entries", "totalCount"))
				}
			}
		}
		if found != people*each {
			t.Errorf("found %d cases, want %d", found, people*each)
		}
	})
}

// The timeline of a case has no list of its own to compare with: its windows are
// compared with the whole timeline.
func TestTimelinesAreWindows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCrowd(t, d)}
		cases := w.whole(t, t, "system", args("cases", "first: 100"))
		rapid.Check(t, func(rt *rapid.T) {
			id := rapid.SampledFrom(cases).Draw(rt, "case").id
			var whole []place
			data := w.must(t, asSystem, fmt.Sprintf("{ node(id: %q) { ... on Case { entries(first: 100) { edges { cursor node { id } } } } } }", id), nil)
			for _, e := range list(data, "node", "entries", "edges") {
				whole = append(whole, place{at(e, "node", "id").(string), at(e, "cursor").(string)})
			}
			low := rapid.IntRange(0, len(whole)).Draw(rt, "low")
			after := ""
			if low > 0 {
				after = fmt.Sprintf(", after: %q", whole[low-1].cursor)
			}
			size := rapid.IntRange(0, 3).Draw(rt, "size")
			data = w.must(t, asSystem, fmt.Sprintf("{ node(id: %q) { ... on Case { entries(first: %d%s) { totalCount nodes { id } pageInfo { hasNextPage } } } } }", id, size, after), nil)
			high := min(len(whole), low+size)
			want := []string{}
			for _, p := range whole[low:high] {
				want = append(want, p.id)
			}
			page := at(data, "node", "entries")
			if diff := cmp.Diff(want, column(list(page, "nodes"), "id")); diff != "" || at(page, "totalCount") != float64(len(whole)) || at(page, "pageInfo", "hasNextPage") != (high < len(whole)) {
				rt.Fatalf("%v (-want +got):\n%s", page, diff)
			}
		})
	})
}

func encoded(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// Arguments of lists that are out of bounds, and cursors that the list did not give
// out, are refused with a code and the path of the list.
func TestListArgumentsAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		id := w.ids["case open"]
		due := w.whole(t, t, "system", "cases(order: {field: DUE_AT})")[0].cursor
		asked := map[string]string{ // by arguments
			"first: -1": "", "first: 101": "", "first: 2147483647": "", "last: -1": "", "last: 101": "", "first: 1, last: 1": "", "first: 0, last: 0": "",
		}
		for what, cursor := range map[string]string{
			"empty": "", "no base64": "?", "no JSON": encoded("x"), "nothing": encoded("{}"), "null": encoded("null"), "a list": encoded("[]"),
			"another order": due, "without a value": encoded(`{"o":"case.openedAt","i":"` + id + `"}`),
			"a text where a time belongs": encoded(`{"o":"case.openedAt","s":"x","i":"` + id + `"}`),
			"no time":                     encoded(`{"o":"case.openedAt","t":"x","i":"` + id + `"}`),
			"no id":                       encoded(`{"o":"case.openedAt","t":"2026-11-22T00:00:00Z","i":"x"}`),
			"an empty id":                 encoded(`{"o":"case.openedAt","t":"2026-11-22T00:00:00Z","i":""}`),
			"another kind of id":          encoded(`{"o":"case.openedAt","t":"2026-11-22T00:00:00Z","i":"` + w.ids["site hotel"] + `"}`),
			"a whole kilobyte":            strings.Repeat("A", 1024),
		} {
			asked[fmt.Sprintf("after: %q", cursor)] = what
			asked[fmt.Sprintf("before: %q", cursor)] = what
		}
		for argument, what := range asked {
			out := w.do(t, asSystem, "{ l: cases("+argument+") { nodes { id } } }", nil)
			refused(t, "cases("+argument+") "+what, out, []any{"l"})
			out = w.do(t, asSystem, `query($id: ID!) { node(id: $id) { id ... on Department { l: cases(`+argument+`) { nodes { id } } } } }`, variables{"id": w.ids["department front"]})
			refused(t, "a department's cases("+argument+") "+what, out, []any{"node", "l"})
		}
		for argument, field := range map[string]string{
			"departments":      encoded(`{"o":"department.name","t":"2026-11-22T00:00:00Z","i":"` + w.ids["department front"] + `"}`),
			"staff":            encoded(`{"o":"staff.name","s":"\u0000","i":"` + w.ids["staff clerk"] + `"}`),
			"deadlinePolicies": encoded(`{"o":"deadlinePolicy.position","s":"1","i":"` + w.ids["policy hotel"] + `"}`),
			"sites":            encoded(`{"o":"staff.name","s":"x","i":"` + w.ids["staff clerk"] + `"}`),
		} {
			refused(t, argument, w.do(t, asSystem, fmt.Sprintf("{ l: %s(after: %q) { nodes { id } } }", argument, field), nil), []any{"l"})
		}
		refused(t, "events", w.do(t, asSystem, `{ l: events(first: 101) { nodes { kind } } }`, nil), []any{"l"})
		refused(t, "nodes", w.do(t, asSystem, `query($ids: [ID!]!) { l: nodes(ids: $ids) { id } }`, variables{"ids": slices.Repeat([]string{id}, 101)}), []any{"l"})
	})
}

func refused(t *testing.T, what string, out answer, path []any) {
	t.Helper()
	if len(out.Errors) != 1 || out.Errors[0].code() != "BAD_ARGUMENT" || !cmp.Equal(out.Errors[0].Path, path) || at(out.Data, path...) != nil {
		t.Errorf("%s is answered %+v", what, out)
	}
}

// Ids that come twice are answered twice, each in its place.
func TestNodesAnswerEachId(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		ids := []string{c.ids["case open"], "", "nonsense", c.ids["site mall"], c.ids["case open"], typeid.New[typeid.CaseID]().String(), "case_", "_"}
		data := c.must(t, asSystem, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables{"ids": ids})
		if diff := cmp.Diff([]string{ids[0], "", "", ids[3], ids[4], "", "", ""}, column(list(data, "nodes"), "id")); diff != "" {
			t.Errorf("nodes (-want +got):\n%s", diff)
		}
		if got := list(c.must(t, asSystem, "{ nodes(ids: []) { id } }", nil), "nodes"); got == nil || len(got) != 0 {
			t.Errorf("no ids are answered %v", got)
		}
	})
}

package graph_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/quality"
)

// large are the columns that rows are read without, by their tables, each with the
// fields that show it.
var large = map[string]struct{ column, of, fields string }{
	"inspections":        {"judgement", "Inspection", "judgement { arithmetic }"},
	"checklist_versions": {"definition", "Checklist", "passMark sections { code }"},
	"appraisals":         {"results", "Appraisal", "results { measure }"},
}

// largeIn counts the statements that read large columns.
func largeIn(statements []statement) map[string]int {
	read := map[string]int{}
	for _, s := range statements {
		selected, _, _ := strings.Cut(strings.ReplaceAll(s.text, "`", `"`), " FROM ")
		for table, l := range large {
			if strings.Contains(selected, `"`+table+`"."`+l.column+`"`) {
				read[table]++
			}
		}
	}
	return read
}

// Whatever way a record is come to, large columns are read only where a field shows
// them, and then by one statement for all rows of a list.
func TestLargeColumnsAreReadWhenAskedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		s := spied(w.company)
		read := func(query string, vars variables) map[string]int {
			s.taken()
			w.must(t, asSystem, query, vars)
			return largeIn(s.taken())
		}
		for way, typeName := range w.ways() {
			vars := variables{"ids": w.idsOf(way)}
			if got := read(fmt.Sprintf(way, ""), vars); len(got) > 0 {
				t.Errorf("%s, which shows no large column, reads %v", way, got)
			}
			for table, l := range large {
				if l.of != typeName {
					continue
				}
				if diff := cmp.Diff(map[string]int{table: 1}, read(fmt.Sprintf(way, l.fields), vars)); diff != "" {
					t.Errorf("%s with %s (-want +read):\n%s", way, l.fields, diff)
				}
			}
		}
	})
}

// idsOf are those of the records that a query of nodes begins at; none where it
// begins at a list.
func (w *walk) idsOf(way string) []string {
	for kind, name := range types {
		if !strings.Contains(way, "... on "+name+" {") {
			continue
		}
		var ids []string
		for _, record := range w.of(kind) {
			ids = append(ids, w.ids[record])
		}
		return ids
	}
	return nil
}

// ways are the queries that come to records, by lists, edges and ids, each with the
// type that it comes to.
func (w *walk) ways() map[string]string {
	ways := map[string]string{}
	for name, f := range w.roots() {
		ways["query { l: "+args(name, all(name))+" { totalCount nodes { id %s } } }"] = w.listed(f.Type.Name())
	}
	for _, name := range types {
		ways["query($ids: [ID!]!) { nodes(ids: $ids) { ... on "+name+" { id %s } } }"] = name
		for _, f := range w.definition(name).Fields {
			before := "query($ids: [ID!]!) { nodes(ids: $ids) { ... on " + name + " { l: " + f.Name
			if to := w.listed(f.Type.Name()); to != "" {
				ways[before+" { totalCount nodes { id %s } } } } }"] = to
			} else if to := f.Type.Name(); w.isNode(to) {
				ways[before+" { id %s } } } }"] = to
			}
		}
	}
	return ways
}

// The answer of a mutation, and a live event, show large columns as a query does,
// and for a list of records by one statement, too.
func TestLargeColumnsOfChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		s := spied(c)
		shown := func(id any, of, fields string) any {
			return c.must(t, asSystem, "query($id: ID!) { node(id: $id) { id ... on "+of+" { "+fields+" } } }", variables{"id": id})["node"]
		}
		const judgement = "judgement { arithmetic items { item outcome } }"
		live := c.subscribe(t, c.tokens["sitemanager"], `subscription($after: EventCursor) { events(after: $after, filter: {kind: ["inspection.completed"]}) {
			subject { id ... on Inspection { `+judgement+` } } } }`, variables{"after": fmt.Sprint(len(c.made))})
		completed := at(c.must(t, c.tokens["sitemanager"], "mutation($id: ID!) { m: inspectionComplete(input: {id: $id, expectedRevision: 1}) { o: inspection { id "+judgement+" } } }",
			variables{"id": c.ids["inspection kitchen"]}), "m", "o")
		if at(completed, "judgement", "items", 0, "item") != "smile" {
			t.Errorf("completing answers %v", completed)
		}
		if diff := cmp.Diff(shown(c.ids["inspection kitchen"], "Inspection", judgement), completed); diff != "" {
			t.Errorf("completing (-node +answer):\n%s", diff)
		}
		if diff := cmp.Diff(completed, at(live.next(t).Data, "events", "subject")); diff != "" {
			t.Errorf("completing (-answer +event):\n%s", diff)
		}
		s.taken()
		const results = "staff { name } results { measure weight }"
		run := list(c.must(t, c.tokens["hr"], `mutation($d: ID!) { m: appraisalRun(input: {scheme: "monthly", departmentId: $d, day: "2026-11-01"}) { l: appraisals { id `+results+" } } }",
			variables{"d": c.ids["department front"]}), "m", "l")
		if len(run) < 2 || len(list(run[0], "results")) != 1 {
			t.Errorf("an appraisal run answers %v", run)
		}
		if got := largeIn(s.taken()); got["appraisals"] != 1 {
			t.Errorf("the results of %d appraisals are read by %d statements", len(run), got["appraisals"])
		}
		for _, one := range run {
			if diff := cmp.Diff(shown(at(one, "id"), "Appraisal", results), one); diff != "" {
				t.Errorf("an appraisal run (-node +answer):\n%s", diff)
			}
		}
	})
}

// No use case is handed a record that the API may have read without a column.
func TestUseCasesLoadWhatTheyWorkOn(t *testing.T) {
	partial := []reflect.Type{reflect.TypeFor[*db.Inspection](), reflect.TypeFor[*db.ChecklistVersion](), reflect.TypeFor[*db.Appraisal]()}
	for m := range reflect.TypeFor[*quality.Service]().Methods() {
		for of := range m.Type.Ins() {
			if of.Kind() == reflect.Slice {
				of = of.Elem()
			}
			if slices.Contains(partial, of) {
				t.Errorf("%s takes a %s", m.Name, of)
			}
		}
	}
}

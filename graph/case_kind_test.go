package graph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// Who was commended is counted by where they work and by which cases are visible, and
// who they are is told to who may see it. What goes on in another case does not count.
func TestCommendationFigures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		figures := func(viewer, site, before string) any {
			return c.must(t, c.tokens[viewer], `query($site: ID!, $before: Time!) {
				f: commendationFigures(siteId: $site, from: "2000-01-01T00:00:00Z", before: $before) { staff { id } commendations inWriting } }`,
				variables{"site": c.ids["site "+site], "before": before})["f"]
		}
		const end = "2100-01-01T00:00:00Z"
		seller := map[string]any{"staff": map[string]any{"id": c.ids["staff seller"]}, "commendations": 1.0, "inWriting": 1.0}
		for viewer, want := range map[string][]any{
			"officer": {seller}, "seller": {seller}, "floorlead": {seller}, "program": {seller}, "clerk": {}, "sitemanager": {}, "hotel's": {},
		} {
			if diff := cmp.Diff(any(want), figures(viewer, "mall", end)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", viewer, diff)
			}
		}
		if diff := cmp.Diff(any([]any{}), figures("officer", "mall", "2001-01-01T00:00:00Z")); diff != "" {
			t.Errorf("of another time (-want +got):\n%s", diff)
		}
		shown := func(viewer string) any {
			return at(c.must(t, c.tokens[viewer], `query($id: ID!) { node(id: $id) { ... on Case { commendations {
				staff { id } department { id } namedBy { id } inWriting } } } }`, variables{"id": c.ids["case praised"]}), "node", "commendations")
		}
		want := any([]any{map[string]any{"staff": map[string]any{"id": c.ids["staff seller"]}, "department": map[string]any{"id": c.ids["department till"]},
			"namedBy": map[string]any{"id": c.ids["staff floorlead"]}, "inWriting": true}})
		if diff := cmp.Diff(want, shown("officer")); diff != "" {
			t.Errorf("of the case (-want +got):\n%s", diff)
		}
		// By a token for cases alone one hears of the praise, but not whose it is.
		if diff := cmp.Diff(any([]any{map[string]any{"staff": nil, "department": nil, "namedBy": nil, "inWriting": true}}), shown("cases")); diff != "" {
			t.Errorf("without the organisation (-want +got):\n%s", diff)
		}
	})
}

// What management has to look at is found by when it was reported.
func TestReportedCases(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		found := c.must(t, c.tokens["officer"], `{ l: cases(filter: {reportedFrom: "2000-01-01T00:00:00Z"}) { nodes { id reportedAt } }
			m: cases(filter: {reportedFrom: "2100-01-01T00:00:00Z"}) { nodes { id } } }`, nil)
		if reported := list(found, "l", "nodes"); len(reported) != 1 || at(reported[0], "id") != c.ids["case accepted"] || len(list(found, "m", "nodes")) != 0 {
			t.Errorf("found %v", found)
		}
	})
}

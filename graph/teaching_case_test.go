package graph_test

import (
	"fmt"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// The figures count what the viewer may see, and nothing of another site.
func TestTeachingFigures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		for viewer, want := range map[string]string{
			"clerk": "[[2026-08-01 The food 1 1]]", "seller": "[]", "executive": "[[2026-08-01 The food 1 1]]",
		} {
			data := c.must(t, c.tokens[viewer], `query($site: ID!) { f: teachingFigures(siteId: $site, from: "2026-08-01", to: "2026-09-01") { month department { name } selected trained } }`,
				variables{"site": c.ids["site hotel"]})
			got := [][]any{}
			for _, f := range list(data, "f") {
				got = append(got, []any{at(f, "month"), at(f, "department", "name"), at(f, "selected"), at(f, "trained")})
			}
			if fmt.Sprint(got) != want {
				t.Errorf("%s is told %v, want %s", viewer, got, want)
			}
		}
		w := &walk{company: c}
		w.forbidden(t, "clerk/cases", fmt.Sprintf(`{ teachingFigures(siteId: %q, from: "2026-08-01", to: "2026-09-01") { selected } }`, c.ids["site hotel"]), "teachingFigures")
		w.forbidden(t, "people", fmt.Sprintf(`{ teachingFigures(siteId: %q, from: "2026-08-01", to: "2026-09-01") { selected } }`, c.ids["site hotel"]), "teachingFigures")
	})
}

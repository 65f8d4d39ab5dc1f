package graph_test

import (
	"strings"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/quality/rules/archive"
)

// Of whom a document names, a viewer reads what they may see elsewhere; what it proves
// is the same for all.
func TestArchivesShowWhatTheViewerMaySee(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		whole := at(c.must(t, asSystem, `query($id: ID!) { node(id: $id) { ... on CaseArchive { digest document } } }`, variables{"id": c.ids["archive dispatched"]}), "node")
		for viewer, shown := range map[string]struct{ customer, staff bool }{
			"clerk": {true, true}, "officer": {true, true}, "program": {true, true},
			"cases": {false, false}, "clerk/cases": {false, false},
		} {
			node := at(c.must(t, c.tokens[viewer], `query($id: ID!) { node(id: $id) { ... on CaseArchive { digest lines document case { archive { id } } } } }`,
				variables{"id": c.ids["archive dispatched"]}), "node")
			document, _ := at(node, "document").(string)
			if strings.Contains(document, "The visitor") != shown.customer || strings.Contains(document, c.ids["customer visitor"]) != shown.customer ||
				strings.Contains(document, "The cook") != shown.staff || !strings.Contains(document, "The dispatched one") {
				t.Errorf("%s is shown %s", viewer, document)
			}
			read, broken := archive.Read([]byte(document))
			if broken != nil || read.Digest() != at(whole, "digest") || at(node, "digest") != at(whole, "digest") {
				t.Errorf("what %s is shown proves %v, %s", viewer, broken, read.Digest())
			}
			if at(node, "case", "archive", "id") != c.ids["archive dispatched"] {
				t.Errorf("%s finds by the case %v", viewer, at(node, "case"))
			}
		}
	})
}

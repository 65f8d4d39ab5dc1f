package importer_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/server/importer"
)

// Several imports of the same file at the same time import each row once: what
// another was faster with is there already.
func TestImportsAtTheSameTime(t *testing.T) {
	const rows, imports = 60, 3
	var file strings.Builder
	file.WriteString(header)
	for i := range rows {
		fmt.Fprintf(&file, "%d,desk %d,end,a,%d-01-02,2026-01-03,\n", i, i%7, 2020+i%5)
	}
	each(t, func(t *testing.T, c *company) {
		m := mapping(t, plain)
		var all sync.WaitGroup
		reports := make([]result, imports)
		for i := range imports {
			all.Go(func() {
				var err error
				if reports[i], err = run(t, importer.Config{Cases: c, Mapping: m, Batch: 10 + i}, file.String()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		var sum importer.Report
		for _, r := range reports {
			sum.Rows += r.Rows
			sum.Imported += r.Imported
			sum.Known += r.Known
			sum.Bad += r.Bad
			sum.Sites += r.Sites
			sum.Departments += r.Departments
		}
		want := importer.Report{Rows: imports * rows, Imported: rows, Known: (imports - 1) * rows, Sites: 1, Departments: 7}
		if diff := cmp.Diff(want, sum); diff != "" {
			t.Error(diff)
		}
		numbers := map[string]bool{}
		for _, found := range c.cases(t) {
			numbers[found.Number] = true
		}
		if len(numbers) != rows {
			t.Errorf("%d numbers for %d cases", len(numbers), rows)
		}
		if _, err := c.log.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		if report, err := events.Verify(t.Context(), c.db, nil); err != nil || report.Break != nil || report.Events != rows+1+7 {
			t.Errorf("the event log: %+v, %v", report, err)
		}
		if n, err := c.db.CaseEntry.Query().Count(ent.AsSystem(t.Context())); n != 2*rows || err != nil {
			t.Errorf("%d lines, %v", n, err)
		}
	})
}

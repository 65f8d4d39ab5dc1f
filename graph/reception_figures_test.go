package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// The totals of reception are those of the visits that the viewer sees, counted one
// by one.
func TestReceptionFigures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCrowd(t, d)}
		for _, viewer := range []string{"system", "executive", "sitemanager", "lead", "clerk", "seller", "people", "hr"} {
			visits := list(w.must(t, w.tokens[viewer], `{ visits(first: 100) { nodes { day department { id } assigned { id } source channel known noCustomer } } }`, nil), "visits", "nodes")
			for _, by := range [][]string{{}, {"DAY"}, {"DEPARTMENT"}, {"STAFF"}, {"SOURCE"}, {"SOURCE", "DAY", "STAFF", "DEPARTMENT"}} {
				want := map[string][5]int{}
				for _, v := range visits {
					group := ""
					for _, g := range [][2]string{{"DAY", "day"}, {"DEPARTMENT", "department"}, {"STAFF", "assigned"}, {"SOURCE", "source"}} {
						value := at(v, g[1])
						if !slices.Contains(by, g[0]) {
							value = nil
						}
						group += fmt.Sprint(" ", value)
					}
					totals := want[group]
					switch channel := at(v, "channel"); {
					case at(v, "noCustomer") == "AGREED":
						totals[4]++
					case channel == "IN_PERSON" && at(v, "known") == true:
						totals[1]++
					case channel == "IN_PERSON":
						totals[0]++
					case channel == "TELEPHONE":
						totals[2]++
					default:
						totals[3]++
					}
					want[group] = totals
				}
				data := w.must(t, w.tokens[viewer], `{ f: receptionFigures(from: "2026-01-01", to: "2026-12-31", by: [`+strings.Join(by, ", ")+`]) {
					day department { id } staff { id } source newVisitors returningVisitors calls messages noCustomers } }`, nil)
				got := map[string][5]int{}
				for _, f := range list(data, "f") {
					n := func(name string) int { return int(at(f, name).(float64)) }
					group := fmt.Sprint(" ", at(f, "day"), " ", at(f, "department"), " ", at(f, "staff"), " ", at(f, "source"))
					totals := got[group] // of others who are not the viewer's to see, for all of whom null stands
					for k, name := range []string{"newVisitors", "returningVisitors", "calls", "messages", "noCustomers"} {
						totals[k] += n(name)
					}
					got[group] = totals
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s by %q (-counted +answered):\n%s", viewer, by, diff)
				}
			}
		}
		for arguments, code := range map[string]string{
			`from: "2026-02-01", to: "2026-01-31"`: "to", `from: "2026-01-01", to: "2027-01-03"`: "to",
		} {
			out := w.do(t, asSystem, "{ receptionFigures("+arguments+") { calls } }", nil)
			if len(out.Errors) != 1 || !strings.Contains(out.Errors[0].Message, code) {
				t.Errorf("%s is answered %+v", arguments, out)
			}
		}
		out := w.do(t, w.tokens["cases"], `{ receptionFigures(from: "2026-01-01", to: "2026-01-31") { calls } }`, nil)
		if diff := cmp.Diff([]string{"FORBIDDEN"}, out.codes()); diff != "" {
			t.Errorf("without customers (-want +got):\n%s", diff)
		}
	})
}

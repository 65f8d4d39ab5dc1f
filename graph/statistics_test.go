package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// caseGroups are what figures of cases can be grouped by, each with the field of a
// case, and of the figures, that shows it.
var caseGroups = [][2]string{
	{"SITE", "site { id }"}, {"DEPARTMENT", "department { id }"}, {"ASSIGNEE", "assignee { id }"}, {"RECEIVED_BY", "receivedBy { id }"},
	{"TOPIC", "topic { id }"}, {"KIND", "kind"}, {"CHANNEL", "channel"}, {"SEVERITY", "severity"}, {"PRODUCT", "product"},
}

// Figures count the cases that the viewer sees in a list, in the groups that their
// fields show.
func TestCaseStatistics(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCrowd(t, d)}
		for _, viewer := range []string{"system", "executive", "sitemanager", "lead", "clerk", "seller", "hotel's", "cases", "hr"} {
			for n, g := range append(caseGroups, [2]string{"", "__typename"}) {
				by, shown, name := g[0], g[1], strings.Fields(g[1])[0]
				data := w.must(t, w.tokens[viewer], `query($by: [CaseDimension!]) {
					cases(first: 100, filter: {kind: [REPAIR, INQUIRY, COMPLAINT]}) { nodes { `+shown+` mergedInto { id } closedAt } }
					f: caseStatistics(filter: {kind: [REPAIR, INQUIRY, COMPLAINT]}, from: "2020-01-01", to: "2029-12-31", groupBy: $by) { `+g[1]+` from to opened closed openAtEnd } }`,
					variables{"by": strings.Fields(by)})
				want, got := map[string][3]int{}, map[string][3]int{}
				for _, c := range list(data, "cases", "nodes") {
					if at(c, "mergedInto") != nil {
						continue
					}
					value := at(c, name)
					if n == len(caseGroups) {
						value = "all"
					}
					sum := want[fmt.Sprint(value)]
					sum[0]++
					if at(c, "closedAt") != nil {
						sum[1]++
					} else {
						sum[2]++
					}
					want[fmt.Sprint(value)] = sum
				}
				for _, f := range list(data, "f") {
					value := at(f, name)
					if n == len(caseGroups) {
						value = "all"
					}
					sum := got[fmt.Sprint(value)] // of all records that are hidden together
					for k, field := range []string{"opened", "closed", "openAtEnd"} {
						sum[k] += int(at(f, field).(float64))
					}
					got[fmt.Sprint(value)] = sum
					if at(f, "from") != "2020-01-01" || at(f, "to") != "2029-12-31" {
						t.Errorf("of %v", f)
					}
				}
				if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 1 {
					t.Errorf("%s by %q (-listed +answered):\n%s", viewer, by, diff)
				}
			}
		}
	})
}

// Contacts are the visits that the viewer sees, where the viewer sees as much of them
// as of the cases and the figures are of nothing that contacts are not known by.
func TestCaseStatisticsContacts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCrowd(t, d)}
		const span = `from: "2020-01-01", to: "2029-12-31"`
		for _, viewer := range []string{"system", "executive", "sitemanager", "lead", "clerk", "hotel's"} {
			visits := list(w.must(t, w.tokens[viewer], `{ visits(first: 100) { nodes { noCustomer channel } } }`, nil), "visits", "nodes")
			want := map[any]int{"": 0, "CHAT": 0}
			for _, v := range visits {
				if at(v, "noCustomer") != "AGREED" {
					want[""]++
					want[at(v, "channel")]++
				}
			}
			got := map[any]int{"CHAT": 0}
			data := w.must(t, w.tokens[viewer], `{ f: caseStatistics(`+span+`) { contacts complaints complaintsPerThousand } by: caseStatistics(`+span+`, groupBy: [CHANNEL]) { channel contacts } }`, nil)
			all := list(data, "f")[0]
			got[""] = int(at(all, "contacts").(float64))
			for _, f := range list(data, "by") {
				if n := int(at(f, "contacts").(float64)); n > 0 {
					got[at(f, "channel")] = n
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-listed +answered):\n%s", viewer, diff)
			}
			if rate := at(all, "complaintsPerThousand"); (rate == nil) != (got[""] == 0) ||
				rate != nil && rate.(float64) != 1000*at(all, "complaints").(float64)/float64(got[""]) {
				t.Errorf("%s: %v", viewer, all)
			}
		}
		for viewer, arguments := range map[string]string{"officer": "", "executive": ", groupBy: [KIND]", "admin": ", filter: {open: true}"} {
			all := list(w.must(t, w.tokens[viewer], `{ f: caseStatistics(`+span+arguments+`) { contacts complaintsPerThousand } }`, nil), "f")
			if len(all) == 0 || at(all[0], "contacts") != nil || at(all[0], "complaintsPerThousand") != nil {
				t.Errorf("%s%s: %v", viewer, arguments, all)
			}
		}
	})
}

// What figures cannot be made of is refused, and so is who sees no cases.
func TestCaseStatisticsAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		for arguments, argument := range map[string]string{
			`from: "2026-02-01", to: "2026-01-31"`:                               "to",
			`from: "2016-01-01", to: "2026-01-31"`:                               "to",
			`from: "2026-01-01", to: "2026-01-31", timeZone: "Asia/Atlantis"`:    "timeZone",
			`from: "2026-01-01", to: "2026-01-31", timeZone: ""`:                 "timeZone",
			`from: "2026-01-01", to: "2026-01-31", timeZone: "Local"`:            "timeZone",
			`from: "2026-01-01", to: "2026-01-31", groupBy: [KIND, CAUSE, SITE]`: "groupBy",
			`from: "2017-01-01", to: "2026-01-01", interval: DAY`:                "groupBy",
		} {
			out := w.do(t, asSystem, "{ caseStatistics("+arguments+") { opened } }", nil)
			if diff := cmp.Diff([]string{"BAD_ARGUMENT"}, out.codes()); diff != "" || !strings.Contains(out.Errors[0].Message, " "+argument+" ") {
				t.Errorf("%s is answered %+v", arguments, out)
			}
		}
		out := w.do(t, w.tokens["people"], `{ caseStatistics(from: "2026-01-01", to: "2026-01-31") { opened } }`, nil)
		if diff := cmp.Diff([]string{"FORBIDDEN"}, out.codes()); diff != "" {
			t.Errorf("without cases (-want +got):\n%s", diff)
		}
	})
}

// Days begin on the clock of the zone that is named, else of the site that is asked
// of, else of the viewer's own.
func TestCaseStatisticsTimeZone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		at1630 := time.Date(2026, 3, 1, 16, 30, 0, 0, time.UTC) // on the second of March in Shanghai
		err := ent.WithTx(w.ctx, d.Client, func(tx *db.Tx) error {
			return tx.ServiceCase.Create().SetNumber("2026-777777").SetSiteID(w.sites["hotel"]).SetKind(servicecase.KindREPAIR).
				SetChannel(servicecase.ChannelCHAT).SetSeverity(servicecase.SeverityMINOR).SetSubject("A case").
				SetOpenedAt(at1630).SetDueAt(at1630).SetUpdatedAt(at1630).Exec(w.ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		days := `from: "2026-03-01", to: "2026-03-02", interval: DAY`
		for arguments, want := range map[string]string{
			`timeZone: "UTC"`:             "[1 0]",
			`timeZone: "Asia/Shanghai"`:   "[0 1]",
			`timeZone: "America/Chicago"`: "[1 0]",
			`filter: {siteId: $hotel}`:    "[0 1]",
			"":                            "[0 1]",
		} {
			data := w.must(t, w.tokens["executive"], `query($hotel: ID) { f: caseStatistics(`+days+`, `+arguments+`) { opened } c: cases(filter: {siteId: $hotel}) { totalCount } }`,
				variables{"hotel": w.sites["hotel"].String()})
			var got []any
			for _, f := range list(data, "f") {
				got = append(got, at(f, "opened"))
			}
			if fmt.Sprint(got) != want {
				t.Errorf("%s: opened %v, want %s", arguments, got, want)
			}
		}
	})
}

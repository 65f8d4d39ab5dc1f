package importer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/server/importer"
)

// plain maps the columns of the tests' files.
const plain = `
site: {code: hotel, create: {name: Harbour Hotel, kind: HOTEL, country: CN, timeZone: Asia/Shanghai}}
department: {code: "{department}"}
times: {zone: Asia/Shanghai, layouts: ["2006-01-02 15:04", "2006-01-02"]}
case:
  externalId: "old-{id}"
  kind: COMPLAINT
  channel: TELEPHONE
  severity: MINOR
  status: {from: "{status}", map: {new: OPEN, sent: DISPATCHED, busy: ACCEPTED, done: RESOLVED, end: CLOSED}}
  subject: "{subject}"
  openedAt: "{opened}"
  closedAt: "{closed}"
  resolution: {from: "{outcome}", default: none was recorded}
  closure: CUSTOMER_AGREED
  closureReason: The customer agreed.
`

func TestAMappingIsStrict(t *testing.T) {
	for name, tt := range map[string]struct{ old, new, want string }{
		"unknown section":         {"times:", "sties: {}\ntimes:", `line 4, column 1: unknown field "sties"`},
		"unknown field":           {"  kind:", "  knid: X\n  kind:", `line 7, column 3: unknown field "knid"`},
		"unknown part of a value": {"map: {new", "mapp: {}, map: {new", `line 10, column 30: unknown field "mapp"`},
		"key twice":               {"  kind: COMPLAINT", "  kind: COMPLAINT\n  kind: INQUIRY", `line 8, column 3: mapping key "kind" already defined`},
		"no YAML":                 {"site: {", "site: {{", "line 14, column 32: could not find end"},
		"a list for a text":       {`"{subject}"`, `["{subject}"]`, "line 11, column 12: a text is expected here"},
		"nothing for a text":      {`subject: "{subject}"`, "subject:", "line 11: case.subject: it is missing"},
		"a text for a section":    {"case:\n", "case: x\nnothing:\n", "what stands here has the wrong form"},
		"value without from":      {`{from: "{outcome}", default`, "{default", "line 14, column 15: from is missing"},
		"open brace":              {`"{subject}"`, `"{subject"`, "a brace names a column"},
		"open bracket":            {`"{subject}"`, `"[{subject}"`, "a bracket is not closed"},
		"closing bracket alone":   {`"{subject}"`, `"{subject}]"`, `"]" stands alone`},
		"missing field":           {`  subject: "{subject}"`, "", "case.subject: it is missing"},
		"same id for all":         {`old-{id}`, `old`, "case.externalId: it names no column"},
		"unknown kind":            {"COMPLAINT", "COMPLANT", `line 7: case.kind: "COMPLANT" is none of COMPLAINT, SUGGESTION, INQUIRY, `},
		"unknown status":          {"new: OPEN", "new: NEW", `line 10: case.status: "NEW" is none of OPEN, `},
		"unknown default":         {"severity: MINOR", `severity: {from: "{severity}", default: BIG}`, `line 9: case.severity: "BIG" is none of MINOR, MAJOR, CRITICAL`},
		"unknown zone":            {"zone: Asia/Shanghai", "zone: Asia/Atlantis", `line 4: times.zone: "Asia/Atlantis" is no time zone`},
		"the machine's zone":      {"zone: Asia/Shanghai", "zone: Local", `times.zone: "Local" is no time zone`},
		"no layout":               {`["2006-01-02 15:04", "2006-01-02"]`, "[]", "line 4: times.layouts: say how"},
		"layout of letters":       {`"2006-01-02"]`, `"YYYY-MM-DD"]`, `line 4: times.layouts[1]: "YYYY-MM-DD" does not write a day`},
		"kind of site":            {"kind: HOTEL", "kind: INN", `line 2: site.create.kind: "INN" is none of HOTEL, MALL, SHOP, SALES_OFFICE, OTHER`},
		"site with a slash":       {"code: hotel", "code: a/b", "site.code: "},
		"long separator":          {"case:", "csv: {separator: ab}\ncase:", "csv.separator: it is one character"},
		"a customer's data mapped": {"case:", `customer: {name: {from: "{name}", map: {a: b}}}` + "\ncase:",
			"customer.name: a customer's data cannot be mapped"},
		"no UTF-8": {"none was", "none \xff was", "it is not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(plain, tt.old) {
				t.Fatalf("the mapping does not contain %q", tt.old)
			}
			_, err := importer.ParseMapping([]byte(strings.Replace(plain, tt.old, tt.new, 1)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "importer.") {
				t.Errorf("the message shows Go's types: %v", err)
			}
		})
	}
}

// All mistakes are told at once.
func TestAllMistakesOfAMapping(t *testing.T) {
	_, err := importer.ParseMapping([]byte("site: {}\n"))
	if err == nil {
		t.Fatal("an empty mapping was taken")
	}
	for _, want := range []string{"site.code", "times.zone", "times.layouts", "case.externalId", "case.kind", "case.channel",
		"case.severity", "case.status", "case.subject", "case.openedAt"} {
		if !strings.Contains(err.Error(), "\n  "+want+": ") && !strings.Contains(err.Error(), "\n  line 1: "+want+": ") {
			t.Errorf("%s is not told: %v", want, err)
		}
	}
}

// They are told in the order in which they stand.
func TestTheOrderOfMistakes(t *testing.T) {
	_, err := importer.ParseMapping([]byte(strings.NewReplacer("kind: HOTEL", "kind: INN", "zone: Asia/Shanghai", "zone: Nowhere", "COMPLAINT", "COMPLANT").Replace(plain)))
	if err == nil {
		t.Fatal("a wrong mapping was taken")
	}
	var got []string
	for _, line := range strings.Split(strings.TrimSpace(err.Error()), "\n") {
		place, _, _ := strings.Cut(strings.TrimSpace(line), `: "`)
		got = append(got, place)
	}
	if diff := cmp.Diff([]string{"line 2: site.create.kind", "line 4: times.zone", "line 7: case.kind"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAMappingMayBeJSON(t *testing.T) {
	m := mapping(t, `{"site": {"code": "hotel"}, "times": {"zone": "UTC", "layouts": ["2006-01-02"]},
		"case": {"externalId": "{id}", "kind": "COMPLAINT", "channel": "EMAIL", "severity": "MINOR", "status": "OPEN",
		         "subject": {"from": "{subject}", "default": "no subject"}, "openedAt": "{opened}"}}`)
	cases := &recorder{}
	if _, err := run(t, importer.Config{Cases: cases, Mapping: m}, "id,subject,opened\n1,,2026-01-02\n"); err != nil {
		t.Fatal(err)
	}
	if len(cases.cases) != 1 || cases.cases[0].Subject != "no subject" {
		t.Errorf("got %+v", cases.cases)
	}
}

// The examples of the documentation, in files and in the text, are mappings.
func TestTheExamplesAreMappings(t *testing.T) {
	examples, err := filepath.Glob("../../docs/examples/*.yaml")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples found: %v", err)
	}
	for _, path := range examples {
		if _, err := importer.ReadMapping(path); err != nil {
			t.Error(err)
		}
	}
	page, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(page), "```yaml\n")
	block, _, closed := strings.Cut(block, "```")
	if _, err := importer.ParseMapping([]byte(block)); err != nil || !closed {
		t.Errorf("the example in import.md: %v", err)
	}
	if _, err := importer.ReadMapping("missing.yaml"); err == nil || !strings.Contains(err.Error(), "missing.yaml") {
		t.Errorf("a missing mapping: %v", err)
	}
}

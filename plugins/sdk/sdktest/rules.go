package sdktest

import (
	"errors"
	"strings"
	"testing"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// RuleCase is an inspection that is good but for some answers, and what a plugin
// makes of it.
type RuleCase struct {
	Name      string
	Checklist string             // Definition.ID
	Answers   []checklist.Answer // in place of the good ones
	Findings  string             // such as "▲CRITICAL identity-checked, MINOR payment": all, in the order of the checklist, ▲ for key activities
	Passed    bool
	Problems  string // such as "REJECTED_BY_RULE house-full" when the answers are to be refused
}

// CheckRules tests what a plugin makes of each case.
func CheckRules(t testing.TB, c checklist.Checklist, cases []RuleCase) {
	description, err := c.Describe(t.Context())
	if err != nil {
		t.Fatalf("describe: %v", err)
	}
	defs := map[string]checklist.Definition{}
	for _, def := range description.Checklists {
		defs[def.ID] = def
	}
	for _, tt := range cases {
		def, known := defs[tt.Checklist]
		if !known {
			t.Errorf("%s: no checklist %q", tt.Name, tt.Checklist)
			continue
		}
		got, err := c.Judge(t.Context(), Replace(Good(def), tt.Answers...))
		var input *checklist.InputError
		if err != nil && !errors.As(err, &input) {
			t.Errorf("%s: judge: %v", tt.Name, err)
			continue
		}
		if list := listProblems(input); list != tt.Problems {
			t.Errorf("%s: problems = %q, want %q", tt.Name, list, tt.Problems)
		}
		if list := listFindings(got.Findings); list != tt.Findings {
			t.Errorf("%s: findings = %q, want %q", tt.Name, list, tt.Findings)
		}
		if got.Passed != tt.Passed {
			t.Errorf("%s: passed = %v, want %v: %s", tt.Name, got.Passed, tt.Passed, got.Arithmetic)
		}
	}
}

func listProblems(err *checklist.InputError) string {
	if err == nil {
		return ""
	}
	var list []string
	for _, p := range err.Problems {
		list = append(list, string(p.Code)+" "+p.Item)
	}
	return strings.Join(list, ", ")
}

func listFindings(findings []checklist.Finding) string {
	var list []string
	for _, f := range findings {
		line := string(f.Severity) + " " + f.Item
		if f.Key {
			line = "▲" + line
		}
		list = append(list, line)
	}
	return strings.Join(list, ", ")
}

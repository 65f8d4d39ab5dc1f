package sdktest

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// Check tests what every plugin must keep: all that [Run] checks, each mistake with
// its path.
func Check(t testing.TB, c checklist.Checklist) {
	t.Helper()
	for _, result := range Run(t.Context(), c, Options{}) {
		for _, m := range result.Mistakes {
			t.Errorf("%s: %s: %s", result.Check, m.Path, m.Text.EN)
		}
	}
}

// CheckOutline tests that a plugin has the checklists and items that its
// regulations ask for, and no others: want holds, by checklist, the items by the
// number of the regulation, from 1 on. An item is written as in
// "telephone-rings ▲□ rings ≤ 3", with what is key (▲), what is tracked (□) and
// the limits; items that share a regulation are joined by " | ".
func CheckOutline(t testing.TB, c checklist.Checklist, want map[string][]string) {
	description, err := c.Describe(t.Context())
	if err != nil {
		t.Fatalf("describe: %v", err)
	}
	for id, regulations := range want {
		for number, items := range regulations {
			if (number == 0) != (items == "") {
				t.Errorf("%s: regulations must be numbered from 1 without a gap, not so %d", id, number)
			}
		}
		i := slices.IndexFunc(description.Checklists, func(def checklist.Definition) bool { return def.ID == id })
		if i < 0 {
			t.Errorf("no checklist %s", id)
			continue
		}
		expected := strings.Split(strings.Join(regulations[1:], " | "), " | ")
		slices.Sort(expected)
		if diff := cmp.Diff(expected, outline(description.Checklists[i])); diff != "" {
			t.Errorf("items of %s (-want +got):\n%s", id, diff)
		}
	}
	if len(description.Checklists) != len(want) {
		t.Errorf("%d checklists, want %d", len(description.Checklists), len(want))
	}
}

// outline writes each item in one line, sorted.
func outline(def checklist.Definition) []string {
	var lines []string
	for _, item := range Items(def) {
		marks := ""
		if item.Key {
			marks += "▲"
		}
		if item.Tracked {
			marks += "□"
		}
		line := item.ID
		if marks != "" {
			line += " " + marks
		}
		lines = append(lines, line+limits(item))
	}
	slices.Sort(lines)
	return lines
}

func limits(item checklist.Item) string {
	if item.Limits == nil {
		return ""
	}
	line := " " + item.Unit
	if lower := item.Limits.Lower; lower != nil {
		line += " ≥ " + strconv.FormatFloat(*lower, 'f', -1, 64)
	}
	if upper := item.Limits.Upper; upper != nil {
		line += " ≤ " + strconv.FormatFloat(*upper, 'f', -1, 64)
	}
	return line
}

package sdktest

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// Check tests what every plugin must keep: its description is valid, its texts
// are in their languages and told apart, good answers score 100 and pass, a
// failed item is a finding, a failed key activity fails the inspection, and
// neither the order of the answers nor a call at the same time matters.
func Check(t testing.TB, c checklist.Checklist) {
	description, err := c.Describe(t.Context())
	if err != nil {
		t.Fatalf("describe: %v", err)
	}
	if err := sdk.Validate(description); err != nil {
		t.Fatal(err)
	}
	checkLanguages(t, "name", description.Name)
	for _, def := range description.Checklists {
		checkTexts(t, def)
		checkGood(t, c, def)
		var items sync.WaitGroup // at once, as the host calls a plugin: the race detector sees what is shared
		for _, item := range Items(def) {
			items.Go(func() { checkFailing(t, c, def, item) })
		}
		items.Wait()
	}
}

// checkTexts tests the languages of all texts and that no two items read alike.
func checkTexts(t testing.TB, def checklist.Definition) {
	checkLanguages(t, def.ID, def.Title)
	seen := map[string]string{}
	for _, section := range def.Sections {
		checkLanguages(t, section.ID, section.Title)
		for _, item := range section.Items {
			checkLanguages(t, item.ID, item.Text)
			for _, option := range item.Choices {
				checkLanguages(t, item.ID+" "+option.ID, option.Text)
			}
			for _, text := range []string{item.Text.EN, item.Text.ZH} {
				if other, twice := seen[text]; twice {
					t.Errorf("items %s and %s have the same text %q", other, item.ID, text)
				}
				seen[text] = item.ID
			}
		}
	}
}

// checkLanguages tests that the English has no Han characters and the Chinese has some.
func checkLanguages(t testing.TB, what string, text checklist.Text) {
	isHan := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	if strings.ContainsFunc(text.EN, isHan) {
		t.Errorf("English of %s holds Chinese: %q", what, text.EN)
	}
	if !strings.ContainsFunc(text.ZH, isHan) {
		t.Errorf("Chinese of %s is not Chinese: %q", what, text.ZH)
	}
}

func checkGood(t testing.TB, c checklist.Checklist, def checklist.Definition) {
	got, ok := judge(t, c, Good(def))
	if !ok {
		return
	}
	if got.Score == nil || *got.Score != 100 || !got.Passed || len(got.Findings) > 0 {
		t.Errorf("%s: good answers: %s, passed %v, findings %v; want 100, passed, none", def.ID, got.Arithmetic, got.Passed, got.Findings)
	}
}

func checkFailing(t testing.TB, c checklist.Checklist, def checklist.Definition, item checklist.Item) {
	in, ok := Failing(def, item.ID)
	if !ok {
		return
	}
	got, ok := judge(t, c, in)
	if !ok {
		return
	}
	what := def.ID + " with a failed " + item.ID
	found := slices.ContainsFunc(got.Findings, func(f checklist.Finding) bool {
		return f.Item == item.ID && f.Key == item.Key && f.Text.EN != "" && f.Text.ZH != ""
	})
	if !found {
		t.Errorf("%s: findings %+v; want one of the item, key %v", what, got.Findings, item.Key)
	}
	if item.Key && got.Passed {
		t.Errorf("%s: the inspection passed, although this is a key activity", what)
	}
	if item.Weight > 0 && (got.Score == nil || *got.Score >= 100) {
		t.Errorf("%s: the score is full: %s", what, got.Arithmetic)
	}
	slices.Reverse(in.Answers)
	again, _ := judge(t, c, in)
	if diff := cmp.Diff(got, again); diff != "" {
		t.Errorf("%s: the judgement depends on the order of the answers:\n%s", what, diff)
	}
}

// judge reports an error and is false then.
func judge(t testing.TB, c checklist.Checklist, in checklist.Inspection) (checklist.Judgement, bool) {
	t.Helper()
	got, err := c.Judge(t.Context(), in)
	if err != nil {
		t.Errorf("judge %s: %v", in.Checklist, err)
	}
	return got, err == nil
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

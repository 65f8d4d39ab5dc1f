package sdktest

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// Check tests what every plugin must keep: its description is valid, its texts
// are in their languages and told apart, good answers score 100 and pass, a
// failed item is a finding, a failed key activity fails the inspection, and the
// order of the answers does not matter.
func Check(t *testing.T, c checklist.Checklist) {
	description, err := c.Describe(t.Context())
	if err != nil {
		t.Fatalf("describe: %v", err)
	}
	if err := sdk.Validate(description); err != nil {
		t.Fatal(err)
	}
	checkLanguages(t, "name", description.Name)
	for _, def := range description.Checklists {
		t.Run(def.ID, func(t *testing.T) {
			checkTexts(t, def)
			checkGood(t, c, def)
			for _, item := range Items(def) {
				t.Run(item.ID, func(t *testing.T) { checkFailing(t, c, def, item) })
			}
		})
	}
}

// checkTexts tests the languages of all texts and that no two items read alike.
func checkTexts(t *testing.T, def checklist.Definition) {
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
func checkLanguages(t *testing.T, what string, text checklist.Text) {
	isHan := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	if strings.ContainsFunc(text.EN, isHan) {
		t.Errorf("English of %s holds Chinese: %q", what, text.EN)
	}
	if !strings.ContainsFunc(text.ZH, isHan) {
		t.Errorf("Chinese of %s is not Chinese: %q", what, text.ZH)
	}
}

func checkGood(t *testing.T, c checklist.Checklist, def checklist.Definition) {
	got := judge(t, c, Good(def))
	if got.Score == nil || *got.Score != 100 || !got.Passed || len(got.Findings) > 0 {
		t.Errorf("good answers: %s, passed %v, findings %v; want 100, passed, none", got.Arithmetic, got.Passed, got.Findings)
	}
}

func checkFailing(t *testing.T, c checklist.Checklist, def checklist.Definition, item checklist.Item) {
	in, ok := Failing(def, item.ID)
	if !ok {
		return
	}
	got := judge(t, c, in)
	found := slices.ContainsFunc(got.Findings, func(f checklist.Finding) bool {
		return f.Item == item.ID && f.Key == item.Key && f.Text.EN != "" && f.Text.ZH != ""
	})
	if !found {
		t.Errorf("failed: findings %+v; want one of this item, key %v", got.Findings, item.Key)
	}
	if item.Key && got.Passed {
		t.Error("failed: the inspection passed, although this is a key activity")
	}
	if item.Weight > 0 && (got.Score == nil || *got.Score >= 100) {
		t.Errorf("failed: the score is %s", got.Arithmetic)
	}
	slices.Reverse(in.Answers)
	if diff := cmp.Diff(got, judge(t, c, in)); diff != "" {
		t.Errorf("the judgement depends on the order of the answers:\n%s", diff)
	}
}

func judge(t *testing.T, c checklist.Checklist, in checklist.Inspection) checklist.Judgement {
	t.Helper()
	got, err := c.Judge(t.Context(), in)
	if err != nil {
		t.Fatalf("judge: %v", err)
	}
	return got
}

// Outline writes each item in one line, sorted by id, such as
// "telephone-rings ▲□ rings ≤ 3": what is key (▲), what is tracked (□) and
// within which limits.
func Outline(def checklist.Definition) []string {
	var lines []string
	for _, item := range Items(def) {
		line := item.ID
		if item.Key || item.Tracked {
			line += " "
		}
		if item.Key {
			line += "▲"
		}
		if item.Tracked {
			line += "□"
		}
		if item.Limits != nil {
			line += limitsOf(item)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

func limitsOf(item checklist.Item) string {
	line := " " + item.Unit
	if lower := item.Limits.Lower; lower != nil {
		line += " ≥ " + strconv.FormatFloat(*lower, 'f', -1, 64)
	}
	if upper := item.Limits.Upper; upper != nil {
		line += " ≤ " + strconv.FormatFloat(*upper, 'f', -1, 64)
	}
	return line
}

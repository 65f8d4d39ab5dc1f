package rules_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func TestTerms(t *testing.T) {
	for text, want := range map[string][]string{
		"":                            nil,
		"… — !":                       nil,
		"The Air-Conditioning, again": {"the", "air", "conditioning", "again"},
		"Café ÅNGSTRÖM naïve":         {"cafe", "angstrom", "naive"},
		"2026-000123":                 {"2026", "000123"},
		"空调太吵":                        {"空调", "调太", "太吵", "吵"},
		"房":                           {"房"},
		"1204房间 noisy":                {"1204", "房间", "间", "noisy"},
		"ＡＢＣ　１２３":                     {"abc", "123"},
		"サービス":                        {"サー", "ーヒ", "ヒス", "ス"}, // the mark of the voiced sound falls away
		"Ünïcode\u0301s":              {"unicodes"},
		strings.Repeat("x", 50):       {strings.Repeat("x", 40)},
		"a\x00b\xffc":                 {"a", "b", "c"},
	} {
		if diff := cmp.Diff(want, rules.Terms(text)); diff != "" {
			t.Errorf("terms of %q (-want +got):\n%s", text, diff)
		}
	}
	if n := len(rules.Terms(strings.Repeat("字", 50_000))); n != 10_000 {
		t.Errorf("a long text has %d terms", n)
	}
}

func TestWithoutContacts(t *testing.T) {
	for text, want := range map[string]string{
		"Call 13800138000 now":                  "Call   now",
		"Call +86 138-0013-8000.":               "Call + .",
		"电话138 0013 8000转":                      "电话 转",
		"１３８００１３８０００":                           " ",
		"(020) 8765 4321":                       "( ",
		"Write to Wang.Fang@example.com, today": "Write to  , today",
		"写给wang@例子.公司。":                         " 。", // what stands before it without a space goes with it
		"Room 1204, 2 nights":                   "Room 1204, 2 nights",
		"房间1204":                                "房间1204",
	} {
		if got := rules.WithoutContacts(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestSearch(t *testing.T) {
	for typed, want := range map[string][][]string{
		"":                nil,
		" ?! ":            nil,
		"air condition":   {{"air"}, {"condition"}},
		"Air-Conditioner": {{"air", "conditioner"}},
		"空调 房":            {{"空调"}, {"房"}},
		"空调太吵":            {{"空调", "调太", "太吵"}},
		"1204房":           {{"1204", "房"}},
		"房间12":            {{"房间", "间", "12"}},
	} {
		if diff := cmp.Diff(want, rules.Search(typed)); diff != "" {
			t.Errorf("search for %q (-want +got):\n%s", typed, diff)
		}
	}
	if n := len(rules.Search(strings.Repeat("a ", 50))); n != 10 {
		t.Errorf("a long search has %d phrases", n)
	}
}

// finds reports by the definition whether a text has a phrase.
func finds(terms []string, p []string) bool {
	for i := range terms {
		if i+len(p) > len(terms) {
			return false
		}
		last := len(p) - 1
		if slices.Equal(terms[i:i+last], p[:last]) && strings.HasPrefix(terms[i+last], p[last]) {
			return true
		}
	}
	return false
}

// Whatever is copied out of a text finds it: of words, from where a word begins; of
// the other scripts, from anywhere.
func TestPartsOfATextFindIt(t *testing.T) {
	letters := rapid.SampledFrom([]rune("abcÄé09 -,。〇空调太吵房间サービス々\u0301"))
	rapid.Check(t, func(t *rapid.T) {
		text := []rune(rapid.StringOfN(letters, 1, 40, -1).Draw(t, "text"))
		from := rapid.IntRange(0, len(text)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(text)).Draw(t, "to")
		spaced := func(r rune) bool {
			return unicode.IsMark(r) || (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.In(r, unicode.Han, unicode.Katakana) && r != 'ー'
		}
		if from > 0 && spaced(text[from-1]) || spaced(text[from]) && unicode.IsMark(text[from]) {
			t.Skip("begins within a word")
		}
		terms := rules.Terms(string(text))
		for _, p := range rules.Search(string(text[from:to])) {
			if !finds(terms, p) {
				t.Fatalf("%q does not find %q: %q in %q", string(text[from:to]), string(text), p, terms)
			}
		}
	})
}

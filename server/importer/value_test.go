package importer

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// row is a record of the values by column.
func row(values map[string]string) *record {
	r := &record{columns: map[string][]int{}, empty: map[string]bool{"N/A": true}}
	for column, value := range values {
		r.columns[column] = []int{len(r.fields)}
		r.fields = append(r.fields, value)
	}
	return r
}

func TestATemplateComposesAText(t *testing.T) {
	r := row(map[string]string{"kind": " Noise ", "street": "Broadway", "no": "", "place": "N/A", "a:b@c": "odd"})
	for text, want := range map[string]string{
		"":                                "",
		"constant":                        "constant",
		"{kind}":                          "Noise",
		"{kind}: {street}":                "Noise: Broadway",
		"{kind}{street}":                  "NoiseBroadway",
		"{kind}[ at {street}]":            "Noise at Broadway",
		"{kind}[ at {street} {no}]":       "Noise",
		"{kind}[ at {place}][, {street}]": "Noise, Broadway",
		"[{no}]":                          "",
		"{no}":                            "",
		"{no} {street}":                   "Broadway", // spaces around it are cut
		"[always]":                        "always",
		"{{kind}} [[{kind}]]":             "{kind} [Noise]",
		"{a:b@c}":                         "odd",
		"类别：{kind}[，地点：{street}]":         "类别：Noise，地点：Broadway",
	} {
		parsed, err := parseTemplate(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := parsed.of(r); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if len(r.problems) > 0 {
		t.Errorf("problems: %q", r.problems)
	}
	for _, text := range []string{"{", "}", "[", "]", "{}", "{a", "a}", "[a", "a]", "[[a]", "[a[b]]"} {
		if _, err := parseTemplate(text); err == nil {
			t.Errorf("%q was taken for a template", text)
		}
	}
}

// Any text can be written as a template that stands for itself.
func TestAnyTextCanBeATemplate(t *testing.T) {
	double := strings.NewReplacer("{", "{{", "}", "}}", "[", "[[", "]", "]]")
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(rapid.StringOf(rapid.RuneFrom([]rune("ab {}[]é"))).Draw(t, "text"))
		parsed, err := parseTemplate(double.Replace(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := parsed.of(nil); got != text || len(parsed.columns()) != 0 {
			t.Fatalf("got %q of columns %q", got, parsed.columns())
		}
	})
}

func TestAValueMapsWhatTheRowHolds(t *testing.T) {
	other := "OTHER"
	long := strings.Repeat("x", 100)
	r := row(map[string]string{"known": "PHONE", "unknown": "FAX", "empty": "N/A", "long": long})
	mapped := map[string]string{"PHONE": "TELEPHONE", "SILENT": ""}
	for _, tt := range []struct {
		column       string
		mapped       map[string]string
		fallback     *string
		want, wanted string
	}{
		{"known", nil, nil, "PHONE", ""},
		{"known", mapped, nil, "TELEPHONE", ""},
		{"known", map[string]string{"PHONE": ""}, &other, "", ""}, // the mapping says so
		{"unknown", nil, &other, "FAX", ""},
		{"unknown", mapped, &other, "OTHER", ""},
		{"unknown", mapped, nil, "", `channel: the mapping does not say what "FAX" stands for`},
		{"empty", mapped, nil, "", ""},
		{"empty", mapped, &other, "OTHER", ""},
		{"empty", nil, &other, "OTHER", ""},
		{"long", mapped, nil, "", `channel: the mapping does not say what "` + long[:40] + `…" stands for`},
	} {
		from, err := parseTemplate("{" + tt.column + "}")
		if err != nil {
			t.Fatal(err)
		}
		r.problems = nil
		got := (&Value{from, tt.mapped, tt.fallback}).of(r, "channel")
		if problem := strings.Join(r.problems, "; "); got != tt.want || problem != tt.wanted {
			t.Errorf("%s with %v and %v: got %q with %q, want %q with %q", tt.column, tt.mapped, tt.fallback, got, problem, tt.want, tt.wanted)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add("{a}[ b {c}]{{")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := parseTemplate(text)
		if err != nil {
			return
		}
		r := row(nil)
		for _, column := range parsed.columns() {
			r.columns[column] = []int{len(r.fields)}
			r.fields = append(r.fields, column)
		}
		parsed.of(r)
	})
}

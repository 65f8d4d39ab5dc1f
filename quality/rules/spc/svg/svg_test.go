package svg_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc/svg"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew")

func evaluate(t testing.TB, d spc.Definition, points []spc.Point) spc.Chart {
	t.Helper()
	c, err := spc.Evaluate(d, points)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var titled = svg.Labels{
	Title:       []svg.Text{{Language: "en", Text: "Check-in minutes & more"}, {Language: "zh-CN", Text: "入住办理时间"}},
	Description: []svg.Text{{Language: "en", Text: "Front desk, October"}, {Language: "zh-CN", Text: "前台，十月"}},
	Main:        "minutes", Spread: "range",
	Rules:     map[spc.Rule]string{spc.Nelson1: "beyond a limit", spc.Nelson2: "nine on one side"},
	Baselines: []string{"", "two more counters <opened>"},
}

// pictures are charts of each form: with a second series, with limits in steps, with gaps, with little and much in it.
func pictures(t testing.TB) map[string][]byte {
	var minutes, slips, many []spc.Point
	for i, v := range []float64{7, 8, 6, 7, 9, 8, 7, 6, 8, 7, 15, 8, 6, 5, 6, 6, 5, 6, 5, 6, 6, 4, 5, 4, 3, 5, 4, 5, 4, 3, 5, 4} {
		minutes = append(minutes, spc.Point{Values: []float64{v, v + 1, v - float64(i%3)}})
	}
	minutes[5] = spc.Point{}
	for i, c := range []int{3, 5, 2, 6, 0, 4, 3, 18, 2, 4, 5, 3} {
		slips = append(slips, spc.Point{Count: c, Size: float64(60 + 40*(i%3))})
	}
	for i := range 1000 {
		many = append(many, spc.Point{Values: []float64{math.Sin(float64(i))}})
	}
	slipLabels := titled
	for i := range slips {
		slipLabels.Points = append(slipLabels.Points, fmt.Sprintf("2026-10-%02d", i+1))
	}
	return map[string][]byte{
		"subgroups": svg.Render(evaluate(t, spc.Definition{Kind: spc.XBarR, Rules: spc.Nelson(), Baselines: []spc.Baseline{
			{From: 0, First: 0, Last: 12, Except: []int{10}}, {From: 21}}}, minutes), titled),
		"shares": svg.Render(evaluate(t, spc.Definition{Kind: spc.P, Rules: spc.WesternElectric()}, slips), slipLabels),
		"empty":  svg.Render(evaluate(t, spc.Definition{Kind: spc.C}, nil), svg.Labels{}),
		"one": svg.Render(evaluate(t, spc.Definition{Kind: spc.Individuals, Baselines: []spc.Baseline{{Given: &spc.Given{Mean: 3, Sigma: 1}}}},
			[]spc.Point{{Values: []float64{4}}}), titled),
		"unlimited": svg.Render(evaluate(t, spc.Definition{Kind: spc.Individuals}, []spc.Point{{Values: []float64{4}}, {}, {Values: []float64{4}}}), titled),
		"constant":  svg.Render(evaluate(t, spc.Definition{Kind: spc.C}, make1(12)), titled),
		"thousand":  svg.Render(evaluate(t, spc.Definition{Kind: spc.Individuals, Rules: spc.Nelson()}, many), titled),
	}
}

// make1 are samples of one unit in which nothing was found.
func make1(n int) []spc.Point {
	points := make([]spc.Point, n)
	for i := range points {
		points[i].Size = 1
	}
	return points
}

func TestGolden(t *testing.T) {
	for name, picture := range pictures(t) {
		if name == "thousand" {
			continue // it would be as long as all the others together
		}
		golden := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(golden, picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(picture)); diff != "" {
			t.Errorf("%s is not the reviewed one; if the change is meant, run go test with -update (-want +got):\n%s", name, diff)
		}
	}
}

// elements counts the elements of a document by name and class, and gathers its text.
func elements(t testing.TB, document []byte) (map[string]int, string) {
	t.Helper()
	counts := map[string]int{}
	var text strings.Builder
	d := xml.NewDecoder(bytes.NewReader(document))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return counts, text.String()
		}
		if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, document)
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			for _, a := range token.Attr {
				if a.Name.Local == "class" {
					name += "." + a.Value
				}
			}
			counts[name]++
		case xml.CharData:
			text.Write(token)
			text.WriteByte('\n')
		}
	}
}

func TestPicturesStandAlone(t *testing.T) {
	for name, picture := range pictures(t) {
		counts, text := elements(t, picture)
		if counts["svg.spc"] != 1 || counts["script"]+counts["image"]+counts["use"]+counts["a"]+counts["foreignObject"] > 0 {
			t.Errorf("%s has elements %v", name, counts)
		}
		for _, outside := range []string{"http", "url(", "@import", "@font-face"} {
			if found := strings.Count(string(picture), outside); found != strings.Count(`xmlns="http`, outside) {
				t.Errorf("%s refers to the outside by %q", name, outside)
			}
		}
		if strings.Contains(string(picture), "NaN") || strings.Contains(string(picture), "Inf") {
			t.Errorf("%s has coordinates that are no numbers", name)
		}
		if name != "empty" && (!strings.Contains(text, "Check-in minutes & more") || !strings.Contains(text, "入住办理时间") || counts["desc"] != 2) {
			t.Errorf("%s does not say what it is in both languages", name)
		}
	}
}

func TestWhatIsDrawn(t *testing.T) {
	all := pictures(t)
	for name, want := range map[string]map[string]int{
		"empty":     {"circle.point": 0, "rect.part": 0, "path.limit": 0, "path.data": 0, "path.axis": 1},
		"one":       {"circle.point": 1, "path.limit": 2, "path.centre": 1, "path.axis": 2},
		"unlimited": {"circle.point": 2, "path.limit": 0, "path.axis": 2},
		"constant":  {"circle.point": 12, "path.limit": 2},
		"subgroups": {"path.baseline": 1, "path.limit": 4, "path.centre": 2, "path.data": 2, "text.legend": 5, "text.mark": 13, "circle.point": 52, "rect.part": 10},
		"shares":    {"path.limit": 2, "text.mark": 2, "rect.part": 1, "circle.point": 11},
		"thousand":  {"path.limit": 4},
	} {
		counts, _ := elements(t, all[name])
		for element, n := range want {
			if counts[element] != n {
				t.Errorf("%s has %d of %s, want %d", name, counts[element], element, n)
			}
		}
	}
	if counts, _ := elements(t, all["thousand"]); counts["circle.point"]+counts["rect.part"] != 1999 {
		t.Errorf("of a thousand points and their moving ranges %v are drawn", counts)
	}
	// The limits of shares go by steps: three sizes of samples take turns.
	if steps := strings.Count(string(all["shares"]), "V"); steps != 12 {
		t.Errorf("%d steps, want one for the axis, eleven for the upper limit and none for the lower", steps)
	}
	if size := len(all["thousand"]); size > 400_000 {
		t.Errorf("a thousand points take %d bytes", size)
	}
}

// Very large and very small values have their place too.
func TestExtremeValues(t *testing.T) {
	for _, values := range [][]float64{{-1e100, 1e100}, {1e-300, 2e-300}, {1e100, 1e100}, {-5e-324, 5e-324}, {1e9, 1e9 + 1e-6}} {
		var points []spc.Point
		for i := range 12 {
			points = append(points, spc.Point{Values: []float64{values[i%2]}})
		}
		picture := svg.Render(evaluate(t, spc.Definition{Kind: spc.Individuals, Rules: spc.Nelson()}, points), svg.Labels{})
		elements(t, picture)
		if strings.Contains(string(picture), "NaN") || strings.Contains(string(picture), "Inf") {
			t.Errorf("%v has coordinates that are no numbers", values)
		}
	}
}

// Whatever the texts are, the picture is well formed and made of the same elements.
func FuzzLabels(f *testing.F) {
	f.Add(`</text><script>alert(1)</script>`, `"/><a href="x">`, "]]>&amp;\x00\xff\u202e")
	f.Add("", "x", strings.Repeat("长", 300))
	points := make1(12)
	points[11].Count = 9
	c, err := spc.Evaluate(spc.Definition{Kind: spc.C, Rules: spc.Nelson(), Baselines: []spc.Baseline{{Last: 11}, {From: 6, Given: &spc.Given{Mean: 1}}}}, points)
	if err != nil {
		f.Fatal(err)
	}
	labels := func(a, b, c string) svg.Labels {
		return svg.Labels{
			Title: []svg.Text{{Language: b, Text: a}}, Description: []svg.Text{{Language: c, Text: b}}, Points: []string{a, b, c, a + b + c},
			Main: c, Spread: a, Upper: b, Centre: c, Lower: a, Rules: map[spc.Rule]string{spc.Nelson1: c}, Baselines: []string{a, b},
		}
	}
	want, _ := elements(f, svg.Render(c, labels("a", "b", "c")))
	f.Fuzz(func(t *testing.T, one, two, three string) {
		got, _ := elements(t, svg.Render(c, labels(one, two, three)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("elements (-want +got):\n%s", diff)
		}
	})
}

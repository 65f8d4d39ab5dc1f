// Package svg draws a control chart as a picture that stands alone: without fonts, scripts or anything else to be fetched, readable
// on light and dark ground, and by those who hear it read out.
//
// All texts are the caller's, in whichever language. They are escaped, and what XML cannot hold is replaced. What the picture says by
// colour it says by shape too: points that take part in a violation are squares, and where one shows there is a mark.
package svg

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

// Text is one thing said in one language.
type Text struct {
	Language string // BCP 47, such as "zh-CN"
	Text     string
}

// Labels are the texts of a chart. All of them may be missing.
type Labels struct {
	// Title and Description say the same in each language. The first title stands above the chart; all of both are there for
	// programs that read it out, which choose by language or take the first.
	Title, Description []Text
	// Points are their labels, by index; without one a point is called by its number, from 1.
	Points []string
	// Main and Spread name the two series.
	Main, Spread string
	// Upper, Centre and Lower name the lines; without them they are UCL, CL and LCL.
	Upper, Centre, Lower string
	// Rules say what each rule is, in the legend.
	Rules map[spc.Rule]string
	// Baselines are written where they begin, by index.
	Baselines []string
}

// The picture in its own units. Both series have the same points above each other.
const (
	width        = 900
	left, right  = 70, 800 // of the series
	mainTop      = 50
	mainHeight   = 240
	spreadHeight = 130
	between      = 40 // the series, and below the last of them for the labels of points
	legendLine   = 18
)

// style has each colour twice, and no variables, which not all programs that show SVG know.
const style = `.spc text{font:12px system-ui,sans-serif;fill:#1f2328}.spc .heading{font-size:16px;font-weight:600}.spc .ground{fill:#fff}` +
	`.spc .axis{stroke:#6e7781;fill:none}.spc .axis-text{fill:#59636e}.spc .centre{stroke:#6e7781;fill:none}` +
	`.spc .limit{stroke:#9a6700;fill:none;stroke-dasharray:6 3}.spc .baseline{stroke:#6e7781;stroke-dasharray:2 3}` +
	`.spc .data{stroke:#0550ae;fill:none;stroke-width:1.5}.spc .point{fill:#0550ae}.spc .part{fill:#b3261e}.spc .mark{fill:#b3261e;font-weight:600}` +
	`@media(prefers-color-scheme:dark){.spc text{fill:#e6edf3}.spc .ground{fill:#0d1117}.spc .axis,.spc .centre,.spc .baseline{stroke:#9198a1}` +
	`.spc .axis-text{fill:#9198a1}.spc .limit{stroke:#e3b341}.spc .data{stroke:#79c0ff}.spc .point{fill:#79c0ff}.spc .part,.spc .mark{fill:#ff7b72}}`

// Render draws a chart, of any number of points, in one width: some hundreds can still be told apart. What each point is, and which rules
// show at it, is said when one points at it.
func Render(c spc.Chart, l Labels) []byte {
	series := []panel{newPanel(c.Main, l.Main, mainTop, mainHeight)}
	bottom := mainTop + mainHeight
	if c.Spread != nil {
		series = append(series, newPanel(*c.Spread, l.Spread, bottom+between, spreadHeight))
		bottom += between + spreadHeight
	}
	legend := rulesOf(c)
	height := bottom + between + legendLine*len(legend)

	d := drawing{labels: l, points: len(c.Main.Points)}
	fmt.Fprintf(&d, `<svg xmlns="http://www.w3.org/2000/svg" class="spc" role="img" width="%d" height="%d" viewBox="0 0 %d %d">`+"\n", width, height, width, height)
	d.said("title", l.Title)
	d.said("desc", l.Description)
	fmt.Fprintf(&d, "<style>%s</style>\n<rect class=\"ground\" width=\"%d\" height=\"%d\"/>\n", style, width, height)
	if len(l.Title) > 0 {
		d.text("heading", start, left, 24, l.Title[0].Text)
	}
	for i, b := range c.Baselines {
		if b.From > 0 && b.From < d.points {
			d.baseline(i, b.From, float64(bottom))
		}
	}
	for _, p := range series {
		d.panel(p)
	}
	d.pointLabels(float64(bottom + 16))
	for i, rule := range legend {
		y := float64(bottom + between + legendLine*i)
		d.text("mark", start, left, y, mark(rule))
		d.text("legend", start, left+40, y, cmp.Or(l.Rules[rule], string(rule)))
	}
	d.WriteString("</svg>\n")
	return d.Bytes()
}

// rulesOf are the rules that a chart shows broken, in the order in which they show.
func rulesOf(c spc.Chart) []spc.Rule {
	violations := c.Main.Violations
	if c.Spread != nil {
		violations = slices.Concat(violations, c.Spread.Violations)
	}
	var rules []spc.Rule
	for _, v := range violations {
		if !slices.Contains(rules, v.Rule) {
			rules = append(rules, v.Rule)
		}
	}
	return rules
}

// mark is what stands for a rule beside its points: "N1" for NELSON_1, "WE1" for WESTERN_ELECTRIC_1.
func mark(r spc.Rule) string {
	var short strings.Builder
	for word := range strings.SplitSeq(string(r), "_") {
		short.WriteString(word[:min(1, len(word))])
	}
	return short.String()
}

func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}

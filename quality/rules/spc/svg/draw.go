package svg

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

// panel is where a series is drawn.
type panel struct {
	spc.Series
	name        string
	top, bottom float64
	low, high   float64 // the values at the bottom and the top
}

// newPanel leaves room above and below the values and their limits.
func newPanel(s spc.Series, name string, top, height int) panel {
	p := panel{Series: s, name: name, top: float64(top), bottom: float64(top + height), low: math.Inf(1), high: math.Inf(-1)}
	for _, at := range s.Points {
		if !at.Gap {
			p.low, p.high = min(p.low, at.Value), max(p.high, at.Value)
		}
		if at.Limited {
			p.low, p.high = min(p.low, at.Lower), max(p.high, at.Upper)
		}
	}
	if p.low > p.high {
		p.low, p.high = 0, 1
	}
	room := cmp.Or((p.high-p.low)/12, math.Abs(p.low)/10, 1)
	p.low, p.high = p.low-room, p.high+room
	return p
}

func (p panel) y(value float64) float64 {
	return p.bottom - (value-p.low)/(p.high-p.low)*(p.bottom-p.top)
}

// drawing is a picture as far as it is drawn.
type drawing struct {
	bytes.Buffer
	labels Labels
	points int
}

// x is the middle of a point's place.
func (d *drawing) x(i int) float64 {
	return left + (float64(i)+0.5)*d.step()
}

func (d *drawing) step() float64 { return float64(right-left) / float64(max(d.points, 1)) }

// coordinate has as many digits as can be seen.
func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// number has six digits.
func number(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// said writes what is read out, in each language.
func (d *drawing) said(element string, texts []Text) {
	for _, t := range texts {
		fmt.Fprintf(d, "<%s xml:lang=\"%s\">%s</%s>\n", element, escape(t.Language), escape(t.Text), element)
	}
}

// anchor is which part of a text stands at its place.
type anchor string

const (
	start  anchor = "start"
	middle anchor = "middle"
	end    anchor = "end"
)

func (d *drawing) text(class string, a anchor, x, y float64, text string) {
	fmt.Fprintf(d, "<text class=\"%s\" text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>\n", class, a, coordinate(x), coordinate(y), escape(text))
}

func (d *drawing) path(class, data string) {
	if data != "" {
		fmt.Fprintf(d, "<path class=\"%s\" d=\"%s\"/>\n", class, data)
	}
}

// baseline marks where one begins.
func (d *drawing) baseline(i, from int, bottom float64) {
	x := d.x(from) - d.step()/2
	d.path("baseline", fmt.Sprintf("M%s %dV%s", coordinate(x), mainTop-6, coordinate(bottom)))
	if i < len(d.labels.Baselines) {
		d.text("axis-text", start, x+3, mainTop-8, shortened(d.labels.Baselines[i], 24))
	}
}

func (d *drawing) panel(p panel) {
	d.WriteString("<g>\n")
	d.path("axis", fmt.Sprintf("M%d %sV%sH%d", left, coordinate(p.top), coordinate(p.bottom), right))
	d.text("axis-text", start, left, p.top-8, p.name)
	for _, tick := range ticks(p.low, p.high) {
		d.text("axis-text", end, left-6, p.y(tick)+4, number(tick))
	}
	upper := d.line(p, "limit", func(at spc.Plotted) float64 { return at.Upper })
	centre := d.line(p, "centre", func(at spc.Plotted) float64 { return at.Centre })
	lower := d.line(p, "limit", func(at spc.Plotted) float64 { return at.Lower })
	d.lineNames(p, upper, centre, lower)
	d.data(p)
	d.WriteString("</g>\n")
}

// line draws a limit in steps: it goes on to the end of its baseline, and changes where a point has another one. It says whether there
// is any.
func (d *drawing) line(p panel, class string, of func(spc.Plotted) float64) bool {
	var path strings.Builder
	last, level, half := -1, 0.0, d.step()/2
	for i, at := range p.Points {
		if !at.Limited {
			continue
		}
		begin, y := coordinate(d.x(i)-half), of(at)
		switch {
		case last < 0 || p.Points[last].Baseline != at.Baseline:
			if last >= 0 {
				path.WriteString("H" + coordinate(d.x(last)+half))
			}
			path.WriteString("M" + begin + " " + coordinate(p.y(y)))
		case y != level:
			path.WriteString("H" + begin + "V" + coordinate(p.y(y)))
		}
		last, level = i, y
	}
	if last >= 0 {
		path.WriteString("H" + coordinate(d.x(last)+half))
	}
	d.path(class, path.String())
	return last >= 0
}

// lineNames writes the names of the lines behind the last of them, and their values there, one below the other.
func (d *drawing) lineNames(p panel, drawn ...bool) {
	if !drawn[0] {
		return
	}
	var last spc.Plotted
	for _, at := range p.Points {
		if at.Limited {
			last = at
		}
	}
	const line = 13
	y := p.y(last.Centre)
	d.text("axis-text", start, right+6, min(p.y(last.Upper), y-line)+4, cmp.Or(d.labels.Upper, "UCL")+" "+number(last.Upper))
	d.text("axis-text", start, right+6, y+4, cmp.Or(d.labels.Centre, "CL")+" "+number(last.Centre))
	d.text("axis-text", start, right+6, max(p.y(last.Lower), y+line)+4, cmp.Or(d.labels.Lower, "LCL")+" "+number(last.Lower))
}

// data draws the points, the line between those that follow each other, and the marks of violations.
func (d *drawing) data(p panel) {
	var path strings.Builder
	joined := false
	for i, at := range p.Points {
		if at.Gap {
			joined = false
			continue
		}
		to := "L"
		if !joined || p.Points[i-1].Baseline != at.Baseline {
			to = "M"
		}
		path.WriteString(to + coordinate(d.x(i)) + " " + coordinate(p.y(at.Value)))
		joined = true
	}
	d.path("data", path.String())
	takesPart, marks := map[int]bool{}, map[int]string{}
	for _, v := range p.Violations {
		marks[v.At] = strings.TrimSpace(marks[v.At] + " " + mark(v.Rule))
		for _, i := range v.Points {
			takesPart[i] = true
		}
	}
	for i, at := range p.Points {
		if at.Gap {
			continue
		}
		x, y := d.x(i), p.y(at.Value)
		said := escape(strings.TrimSpace(d.label(i) + ": " + number(at.Value) + " " + marks[i]))
		if takesPart[i] {
			fmt.Fprintf(d, "<rect class=\"part\" x=\"%s\" y=\"%s\" width=\"7\" height=\"7\"><title>%s</title></rect>\n", coordinate(x-3.5), coordinate(y-3.5), said)
		} else {
			fmt.Fprintf(d, "<circle class=\"point\" cx=\"%s\" cy=\"%s\" r=\"2.5\"><title>%s</title></circle>\n", coordinate(x), coordinate(y), said)
		}
		if marks[i] != "" {
			d.text("mark", middle, x, y-8, marks[i])
		}
	}
}

func (d *drawing) label(i int) string {
	if i < len(d.labels.Points) {
		return d.labels.Points[i]
	}
	return strconv.Itoa(i + 1)
}

// pointLabels writes as many labels as have room beside each other.
func (d *drawing) pointLabels(y float64) {
	const most, letters = 10, 11
	every := (d.points + most - 1) / most
	for i := 0; i < d.points; i += every {
		d.text("axis-text", middle, d.x(i), y, shortened(d.label(i), letters))
	}
}

func shortened(text string, letters int) string {
	if utf8.RuneCountInString(text) <= letters {
		return text
	}
	return string([]rune(text)[:letters-1]) + "…"
}

// ticks are four to nine round numbers between two others.
func ticks(low, high float64) []float64 {
	rough := (high - low) / 5
	unit := math.Pow(10, math.Floor(math.Log10(rough)))
	step := unit
	for _, times := range []float64{2, 5, 10} {
		if unit*times <= rough*1.5 {
			step = unit * times
		}
	}
	first := math.Ceil(low / step)
	var all []float64
	for k := range 12 {
		tick := (first + float64(k)) * step
		if tick > high {
			break
		}
		all = append(all, tick)
	}
	return all
}

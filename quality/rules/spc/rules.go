package spc

import (
	"cmp"
	"math"
	"slices"
)

// Rule is a sign that a process has changed.
type Rule string

// The rules of L. S. Nelson, "The Shewhart control chart: tests for special causes", Journal of Quality Technology 16 (1984), 237-239,
// and the zone rules of the Western Electric Company's Statistical Quality Control Handbook (1956). Zones are one standard deviation
// wide; what is said of one side goes for either, and all points must be on the same.
const (
	Nelson1          Rule = "NELSON_1"           // a point more than three standard deviations off the centre line
	Nelson2          Rule = "NELSON_2"           // nine points in a row on one side of it
	Nelson3          Rule = "NELSON_3"           // six points in a row that rise, or fall
	Nelson4          Rule = "NELSON_4"           // fourteen points in a row that go up and down by turns
	Nelson5          Rule = "NELSON_5"           // two of three points in a row more than two off, on one side
	Nelson6          Rule = "NELSON_6"           // four of five points in a row more than one off, on one side
	Nelson7          Rule = "NELSON_7"           // fifteen points in a row less than one off, on either side or both
	Nelson8          Rule = "NELSON_8"           // eight points in a row more than one off, on either side or both
	WesternElectric1 Rule = "WESTERN_ELECTRIC_1" // a point more than three standard deviations off
	WesternElectric2 Rule = "WESTERN_ELECTRIC_2" // two of three points in a row more than two off, on one side
	WesternElectric3 Rule = "WESTERN_ELECTRIC_3" // four of five points in a row more than one off, on one side
	WesternElectric4 Rule = "WESTERN_ELECTRIC_4" // eight points in a row on one side
)

// Nelson is the set of Nelson's eight rules.
func Nelson() []Rule {
	return []Rule{Nelson1, Nelson2, Nelson3, Nelson4, Nelson5, Nelson6, Nelson7, Nelson8}
}

// WesternElectric is the set of the four zone rules.
func WesternElectric() []Rule {
	return []Rule{WesternElectric1, WesternElectric2, WesternElectric3, WesternElectric4}
}

// Side is where the points of a violation lie, or where they go.
type Side string

// The sides.
const (
	Above   Side = "ABOVE" // of the centre line; rising, for [Nelson3]
	Below   Side = "BELOW" // falling
	Neither Side = ""      // the rule knows no sides
)

// Violation is a rule that the points broke. It goes on for as long as what breaks the rule has a point in common with what broke it
// before, so that a process that stays off its centre line is one violation and not one for each point.
type Violation struct {
	Rule   Rule
	Side   Side
	At     int   // index of the point at which it showed, which later points do not change
	Points []int // indexes of all that take part, in order; later points may add some
}

// A rule is not applied to every chart. Zones are shares of a normal distribution, from which ranges and standard deviations
// are far, so those are judged by single points and runs alone. Moving ranges that follow each other share a value, which
// makes runs of itself (Nelson, "Control charts for individual measurements", Journal of Quality Technology 14 (1982), 172-173;
// Montgomery, section 6.4): they are judged by single points alone. Shares and numbers are judged by all rules, though zones
// become rough for those where less than about five are expected: there one chooses rules without zones.
type reach int

const (
	singlePoints reach = iota
	runsToo
	zonesToo
)

// test is how a rule is looked for: need of the last of points, for each of which something holds.
type test struct {
	rule     Rule
	reach    reach
	sided    bool
	need, of int
	holds    func(z []float64, i int) bool // looks at z[i], and at lead before it
	lead     int
}

var tests = []test{
	{rule: Nelson1, reach: singlePoints, sided: true, need: 1, of: 1, holds: beyond(3)},
	{rule: Nelson2, reach: runsToo, sided: true, need: 9, of: 9, holds: beyond(0)},
	{rule: Nelson3, reach: runsToo, sided: true, need: 5, of: 5, holds: rises, lead: 1},
	{rule: Nelson4, reach: runsToo, need: 12, of: 12, holds: turns, lead: 2},
	{rule: Nelson5, reach: zonesToo, sided: true, need: 2, of: 3, holds: beyond(2)},
	{rule: Nelson6, reach: zonesToo, sided: true, need: 4, of: 5, holds: beyond(1)},
	{rule: Nelson7, reach: zonesToo, need: 15, of: 15, holds: func(z []float64, i int) bool { return math.Abs(z[i]) < 1-rounding }},
	{rule: Nelson8, reach: zonesToo, need: 8, of: 8, holds: func(z []float64, i int) bool { return math.Abs(z[i]) > 1+rounding }},
	{rule: WesternElectric1, reach: singlePoints, sided: true, need: 1, of: 1, holds: beyond(3)},
	{rule: WesternElectric2, reach: zonesToo, sided: true, need: 2, of: 3, holds: beyond(2)},
	{rule: WesternElectric3, reach: zonesToo, sided: true, need: 4, of: 5, holds: beyond(1)},
	{rule: WesternElectric4, reach: runsToo, sided: true, need: 8, of: 8, holds: beyond(0)},
}

// rounding is by how many standard deviations a value may be off a line and still lie on it.
const rounding = 1e-9

func beyond(sigmas float64) func([]float64, int) bool {
	return func(z []float64, i int) bool { return z[i] > sigmas+rounding }
}

func rises(z []float64, i int) bool { return z[i] > z[i-1]+rounding }

func turns(z []float64, i int) bool {
	return z[i] > z[i-1]+rounding && z[i-1] < z[i-2]-rounding || z[i] < z[i-1]-rounding && z[i-1] > z[i-2]+rounding
}

// judge finds the violations of those rules that a chart is judged by.
func judge(points []Plotted, rules []Rule, by reach) []Violation {
	var found []Violation
	for _, s := range stretches(points) {
		mirrored := s.mirrored()
		for _, t := range tests {
			// Where nothing scatters there are neither zones nor sides.
			if !slices.Contains(rules, t.rule) || t.reach > by || s.flat && t.reach > singlePoints {
				continue
			}
			side := Neither
			if t.sided {
				side = Above
				found = append(found, mirrored.find(t, Below)...)
			}
			found = append(found, s.find(t, side)...)
		}
	}
	rank := make(map[Rule]int, len(tests))
	for i, t := range tests {
		rank[t.rule] = i
	}
	slices.SortFunc(found, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(rank[a.Rule], rank[b.Rule]), cmp.Compare(a.Side, b.Side))
	})
	return found
}

// stretch is a row of points of one baseline, without its gaps.
type stretch struct {
	at   []int     // their indexes
	z    []float64 // how many standard deviations they are off the centre line
	flat bool      // the standard deviation is 0: all that is off the centre line is so infinitely
}

func stretches(points []Plotted) []stretch {
	var all []stretch
	current := -1
	for i, p := range points {
		if !p.Limited {
			continue
		}
		if p.Baseline != current {
			current = p.Baseline
			all = append(all, stretch{flat: p.Sigma == 0})
		}
		s := &all[len(all)-1]
		s.at, s.z = append(s.at, i), append(s.z, p.off())
	}
	return all
}

// off is how many standard deviations a point is off the centre line.
func (p Plotted) off() float64 {
	off := p.Value - p.Centre
	if p.Sigma > 0 {
		return off / p.Sigma
	}
	if math.Abs(off) <= rounding*math.Abs(p.Centre) {
		return 0
	}
	return math.Inf(1) * off
}

func (s stretch) mirrored() stretch {
	z := make([]float64, len(s.z))
	for i := range z {
		z[i] = -s.z[i]
	}
	s.z = z
	return s
}

// find looks for a rule on the upper side of a stretch, or on both.
func (s stretch) find(t test, side Side) []Violation {
	var found []Violation
	var hits []int // where it holds, of those looked at together
	last := -1     // of the points of the violation found last
	for i := t.lead; i < len(s.z); i++ {
		if !t.holds(s.z, i) {
			continue
		}
		hits = append(hits, i)
		for hits[0] <= i-t.of {
			hits = hits[1:]
		}
		if len(hits) < t.need {
			continue
		}
		first := hits[0] - t.lead
		if len(found) == 0 || first > last {
			found = append(found, Violation{Rule: t.rule, Side: side, At: s.at[i]})
		}
		v := &found[len(found)-1]
		for _, hit := range hits {
			for j := max(hit-t.lead, last+1); j <= hit; j++ {
				v.Points = append(v.Points, s.at[j])
				last = j
			}
		}
	}
	return found
}

package spc

import (
	"fmt"
	"math"
	"slices"
)

// Code says what is wrong with what a chart is to be made of.
type Code string

// The codes.
const (
	UnknownKind    Code = "UNKNOWN_KIND"
	UnknownRule    Code = "UNKNOWN_RULE"
	NotANumber     Code = "NOT_A_NUMBER"     // infinite, not a number, or too large to reckon with: more than 1e100 off 0
	SubgroupSize   Code = "SUBGROUP_SIZE"    // other than one value, or of a subgroup other than 2 to 25
	SizeInvalid    Code = "SIZE_INVALID"     // below 0, not whole where items are counted, or neither 0 nor from 1e-6 to 1e12
	SizesDiffer    Code = "SIZES_DIFFER"     // on a chart of numbers of nonconformities, which U takes
	CountInvalid   Code = "COUNT_INVALID"    // below 0, or more items that do not conform than were inspected
	BaselineOrder  Code = "BASELINE_ORDER"   // it begins before the first point, or not after the baseline before it
	BaselineRange  Code = "BASELINE_RANGE"   // there are no such points to estimate from
	GivenInvalid   Code = "GIVEN_INVALID"    // not finite, a mean that is impossible, or a standard deviation below 0
	MinPointsBelow Code = "MIN_POINTS_BELOW" // MinPoints is below 0
)

// Problem is one thing that is wrong.
type Problem struct {
	Code     Code
	Point    int // index of the point that it is about, or -1
	Baseline int // index of the baseline that it is about, or -1
}

// InputError is what is wrong with what a chart is to be made of: all of it.
type InputError struct{ Problems []Problem }

func (e *InputError) Error() string {
	return fmt.Sprintf("spc: %d problems, the first is %s", len(e.Problems), e.Problems[0].Code)
}

// check finds what is wrong with a definition and its points.
func (d Definition) check(points []Point) []Problem {
	if _, known := kinds[d.Kind]; !known {
		return []Problem{{Code: UnknownKind, Point: -1, Baseline: -1}}
	}
	var bad []Problem
	if d.MinPoints < 0 {
		bad = append(bad, Problem{Code: MinPointsBelow, Point: -1, Baseline: -1})
	}
	for _, r := range d.Rules {
		if !slices.ContainsFunc(tests, func(t test) bool { return t.rule == r }) {
			bad = append(bad, Problem{Code: UnknownRule, Point: -1, Baseline: -1})
		}
	}
	for i, p := range points {
		if code := d.Kind.checkPoint(p); code != "" {
			bad = append(bad, Problem{Code: code, Point: i, Baseline: -1})
		}
	}
	if d.Kind == C {
		bad = append(bad, checkSizes(points)...)
	}
	for i, b := range d.Baselines {
		if b.From < 0 || i > 0 && b.From <= d.Baselines[i-1].From {
			bad = append(bad, Problem{Code: BaselineOrder, Point: -1, Baseline: i})
		}
		if code := d.Kind.checkBaseline(b, len(points)); code != "" {
			bad = append(bad, Problem{Code: code, Point: -1, Baseline: i})
		}
	}
	return bad
}

const largest = 1e100 // the squares of which can still be added up

func finite(v float64) bool { return math.Abs(v) <= largest } // false for what is not a number

func (k Kind) checkPoint(p Point) Code {
	if kinds[k].gap(p) {
		return ""
	}
	items := k == P || k == NP
	switch k {
	case Individuals, XBarR, XBarS:
		least, most := MinSubgroup, MaxSubgroup
		if k == Individuals {
			least, most = 1, 1
		}
		switch {
		case len(p.Values) < least || len(p.Values) > most:
			return SubgroupSize
		case !slices.ContainsFunc(p.Values, func(v float64) bool { return !finite(v) }):
			return ""
		}
		return NotANumber
	}
	switch {
	case math.IsNaN(p.Size):
		return NotANumber
	case p.Size < 1e-6 || p.Size > 1e12 || items && p.Size != math.Trunc(p.Size):
		return SizeInvalid
	case p.Count < 0 || items && float64(p.Count) > p.Size:
		return CountInvalid
	}
	return ""
}

// checkSizes finds the points whose size is not that of the first.
func checkSizes(points []Point) []Problem {
	var bad []Problem
	var size float64
	for i, p := range points {
		if size == 0 {
			size = p.Size
		}
		if p.Size != 0 && p.Size != size {
			bad = append(bad, Problem{Code: SizesDiffer, Point: i, Baseline: -1})
		}
	}
	return bad
}

func (k Kind) checkBaseline(b Baseline, points int) Code {
	if b.Given != nil {
		return k.checkGiven(*b.Given)
	}
	if b.First < 0 || b.Last > points || b.First > b.Last {
		return BaselineRange
	}
	return ""
}

func (k Kind) checkGiven(g Given) Code {
	least, most := 0.0, largest
	switch k {
	case P, NP:
		most = 1
	case Individuals, XBarR, XBarS:
		least = -largest
	}
	if !(g.Mean >= least && g.Mean <= most) || !finite(g.Sigma) || g.Sigma < 0 {
		return GivenInvalid
	}
	return ""
}

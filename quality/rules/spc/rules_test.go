package spc_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

// standard is a process with mean 0 and standard deviation 1.
func standard(rules ...spc.Rule) spc.Definition {
	return spc.Definition{Kind: spc.Individuals, Rules: rules, Baselines: []spc.Baseline{{Given: &spc.Given{Sigma: 1}}}}
}

func violation(r spc.Rule, side spc.Side, at int, points ...int) spc.Violation {
	return spc.Violation{Rule: r, Side: side, At: at, Points: points}
}

func TestRules(t *testing.T) {
	gap := math.NaN() // in these rows
	for _, row := range []struct {
		why    string
		rule   spc.Rule
		values []float64
		want   []spc.Violation
	}{
		{"on the limit is not beyond it", spc.Nelson1, []float64{3, -3}, nil},
		{"each point beyond is one", spc.Nelson1, []float64{3.01, 3.01, 0, -3.01}, []spc.Violation{
			violation(spc.Nelson1, spc.Above, 0, 0), violation(spc.Nelson1, spc.Above, 1, 1), violation(spc.Nelson1, spc.Below, 3, 3)}},
		{"eight on one side are too few for Nelson", spc.Nelson2, []float64{1, 1, 1, 1, 1, 1, 1, 1, -1}, nil},
		{"nine on one side", spc.Nelson2, []float64{-1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []spc.Violation{
			violation(spc.Nelson2, spc.Above, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9)}},
		{"it goes on", spc.Nelson2, []float64{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, []spc.Violation{
			violation(spc.Nelson2, spc.Below, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)}},
		{"on the centre line is on neither side", spc.Nelson2, []float64{1, 1, 1, 1, 0, 1, 1, 1, 1, 1}, nil},
		{"five that rise are too few", spc.Nelson3, []float64{1, 2, 3, 4, 5, 5}, nil},
		{"six that rise", spc.Nelson3, []float64{1, -3, -2, -1, 0, 1, 2, 2}, []spc.Violation{
			violation(spc.Nelson3, spc.Above, 6, 1, 2, 3, 4, 5, 6)}},
		{"seven that fall", spc.Nelson3, []float64{3, 2, 1, 0, -1, -2, -3}, []spc.Violation{
			violation(spc.Nelson3, spc.Below, 5, 0, 1, 2, 3, 4, 5, 6)}},
		{"thirteen by turns are too few", spc.Nelson4, []float64{1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1}, nil},
		{"fourteen by turns", spc.Nelson4, []float64{2, 2, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0}, []spc.Violation{
			violation(spc.Nelson4, spc.Neither, 14, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)}},
		{"two of three", spc.Nelson5, []float64{2.1, 0, 2.1}, []spc.Violation{violation(spc.Nelson5, spc.Above, 2, 0, 2)}},
		{"two of four", spc.Nelson5, []float64{2.1, 0, 0, 2.1}, nil},
		{"two of three on two sides", spc.Nelson5, []float64{2.1, 0, -2.1}, nil},
		{"two pairs with a point in common are one", spc.Nelson5, []float64{2.1, 0, 2.1, 0, 2.1}, []spc.Violation{
			violation(spc.Nelson5, spc.Above, 2, 0, 2, 4)}},
		{"two pairs without are two", spc.WesternElectric2, []float64{2.1, 2.1, 0, 0, -2.1, -2.1}, []spc.Violation{
			violation(spc.WesternElectric2, spc.Above, 1, 0, 1), violation(spc.WesternElectric2, spc.Below, 5, 4, 5)}},
		{"four of five", spc.Nelson6, []float64{1.1, 1.1, 0, 1.1, 1.1}, []spc.Violation{violation(spc.Nelson6, spc.Above, 4, 0, 1, 3, 4)}},
		{"four of six", spc.WesternElectric3, []float64{1.1, 1.1, 0, 0, 1.1, 1.1}, nil},
		{"exactly one off", spc.Nelson6, []float64{1, 1, 1, 1, 1}, nil},
		{"fourteen near the centre line are too few", spc.Nelson7, append(slices.Repeat([]float64{.9, -.9}, 7), 1), nil},
		{"fifteen near the centre line", spc.Nelson7, append(slices.Repeat([]float64{.9, -.9}, 7), .9), []spc.Violation{
			violation(spc.Nelson7, spc.Neither, 14, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)}},
		{"seven off the centre line are too few", spc.Nelson8, []float64{2, -2, 2, 2, -2, 2, -2, 1}, nil},
		{"eight off the centre line", spc.Nelson8, []float64{2, -2, 2, 2, -2, 2, -2, 2}, []spc.Violation{
			violation(spc.Nelson8, spc.Neither, 7, 0, 1, 2, 3, 4, 5, 6, 7)}},
		{"eight on one side are enough for Western Electric", spc.WesternElectric4, []float64{1, 1, 1, 1, 1, 1, 1, 1, -1}, []spc.Violation{
			violation(spc.WesternElectric4, spc.Above, 7, 0, 1, 2, 3, 4, 5, 6, 7)}},
		{"runs go on behind a gap", spc.WesternElectric2, []float64{2.1, gap, gap, 0, 2.1}, []spc.Violation{
			violation(spc.WesternElectric2, spc.Above, 4, 0, 4)}},
	} {
		points := singles(row.values...)
		for i, v := range row.values {
			if math.IsNaN(v) {
				points[i] = spc.Point{}
			}
		}
		if diff := cmp.Diff(row.want, evaluate(t, standard(row.rule), points).Main.Violations); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", row.rule, row.why, diff)
		}
	}
}

// A new baseline ends every run, and the points before it keep their limits.
func TestRunsEndWithTheirBaseline(t *testing.T) {
	d := standard(spc.Nelson2, spc.Nelson3)
	d.Baselines = append(d.Baselines, spc.Baseline{From: 8, Given: &spc.Given{Mean: -10, Sigma: 2}})
	c := evaluate(t, d, singles(1, 2, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 7))
	if c.Main.Violations != nil {
		t.Errorf("runs go across a change of the baseline: %+v", c.Main.Violations)
	}
	for i, want := range map[int][3]float64{7: {-3, 0, 3}, 8: {-16, -10, -4}} {
		if p := c.Main.Points[i]; (p.Lower != want[0]) || p.Centre != want[1] || p.Upper != want[2] {
			t.Errorf("point %d has limits %v, %v, %v, want %v", i, p.Lower, p.Centre, p.Upper, want)
		}
	}
	if !c.Spread.Points[8].Gap || c.Spread.Points[7].Gap || c.Spread.Points[9].Gap {
		t.Error("a moving range goes across a change of the baseline, or one is missing beside it")
	}
}

// Zones are as wide as each point's own standard deviation.
func TestZonesFollowTheSize(t *testing.T) {
	d := spc.Definition{Kind: spc.U, Rules: []spc.Rule{spc.Nelson1, spc.Nelson5}, Baselines: []spc.Baseline{{Given: &spc.Given{Mean: 4}}}}
	// The same rate of 8 a unit: a standard deviation is 2 for one unit, 1 for four and a half for sixteen.
	c := evaluate(t, d, sized(8, 1, 32, 4, 128, 16))
	want := []spc.Violation{
		violation(spc.Nelson1, spc.Above, 1, 1), violation(spc.Nelson1, spc.Above, 2, 2), violation(spc.Nelson5, spc.Above, 2, 1, 2),
	}
	if diff := cmp.Diff(want, c.Main.Violations); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}

// Ranges are judged by runs but not by zones, and moving ranges by single points alone.
func TestWhichRulesJudgeTheSpread(t *testing.T) {
	given := []spc.Baseline{{Given: &spc.Given{Sigma: 1}}}
	rules := append(spc.Nelson(), spc.WesternElectric()...)
	found := func(c spc.Chart) []spc.Rule {
		var rules []spc.Rule
		for _, v := range c.Spread.Violations {
			if !slices.Contains(rules, v.Rule) {
				rules = append(rules, v.Rule)
			}
		}
		return rules
	}
	var pairs []spc.Point
	for range 20 {
		pairs = append(pairs, spc.Point{Values: []float64{-2, 2}}) // a range of 4, where 3.69 is the limit
	}
	ranges := evaluate(t, spc.Definition{Kind: spc.XBarR, Rules: rules, Baselines: given}, pairs)
	want := []spc.Rule{spc.Nelson1, spc.WesternElectric1, spc.WesternElectric4, spc.Nelson2}
	if diff := cmp.Diff(want, found(ranges)); diff != "" {
		t.Errorf("ranges (-want +got):\n%s", diff)
	}
	moving := evaluate(t, spc.Definition{Kind: spc.Individuals, Rules: rules, Baselines: given}, singles(slices.Repeat([]float64{-2, 2}, 20)...))
	if diff := cmp.Diff([]spc.Rule{spc.Nelson1, spc.WesternElectric1}, found(moving)); diff != "" {
		t.Errorf("moving ranges (-want +got):\n%s", diff)
	}
}

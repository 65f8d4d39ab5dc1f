package spc_test

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

func TestGapsHaveNoLimits(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 10, n, 0, 0, 0, 0, time.UTC) }
	points := counts(50, cans...)
	for i := range points {
		points[i].At = day(i + 1)
	}
	points[3] = spc.Point{At: day(4)}
	c := evaluate(t, spc.Definition{Kind: spc.P, Rules: spc.Nelson()}, points)
	if diff := cmp.Diff(spc.Plotted{At: day(4), Gap: true}, c.Main.Points[3]); diff != "" {
		t.Errorf("the gap (-want +got):\n%s", diff)
	}
	if c.Baselines[0].Points != 29 || !c.Main.Points[4].Limited || !c.Main.Points[4].At.Equal(day(5)) {
		t.Errorf("beside the gap there is %+v, estimated from %d points", c.Main.Points[4], c.Baselines[0].Points)
	}
	if got := evaluate(t, spc.Definition{Kind: spc.Individuals}, []spc.Point{{Values: []float64{1}}, {}, {Values: []float64{2}}, {Values: []float64{4}}}); !got.Spread.Points[2].Gap || got.Spread.Points[3].Value != 2 {
		t.Errorf("moving ranges beside a gap are %+v", got.Spread.Points)
	}
}

func TestTooFewPoints(t *testing.T) {
	nine := singles(1, 2, 1, 2, 1, 2, 1, 2, 90)
	for _, row := range []struct {
		why    string
		d      spc.Definition
		points []spc.Point
		tooFew bool
	}{
		{"nothing", spc.Definition{Kind: spc.P}, nil, true},
		{"one point short of ten", spc.Definition{Kind: spc.Individuals}, nine, true},
		{"as many as wanted", spc.Definition{Kind: spc.Individuals, MinPoints: 9}, nine, false},
		{"one of them excepted", spc.Definition{Kind: spc.Individuals, MinPoints: 9, Baselines: []spc.Baseline{{Except: []int{8}}}}, nine, true},
		{"no moving range left", spc.Definition{Kind: spc.Individuals, MinPoints: 1, Baselines: []spc.Baseline{{Except: []int{1, 3, 5, 7}}}}, nine, true},
		{"one gap short", spc.Definition{Kind: spc.C, MinPoints: 2}, []spc.Point{{Count: 3, Size: 1}, {}}, true},
		{"it begins behind the last point", spc.Definition{Kind: spc.Individuals, MinPoints: 1, Baselines: []spc.Baseline{{From: 20}, {From: 30}}}, nine, true},
	} {
		row.d.Rules = spc.Nelson()
		c := evaluate(t, row.d, row.points)
		if c.Baselines[0].TooFew != row.tooFew {
			t.Errorf("%s: %+v, want too few %t", row.why, c.Baselines[0], row.tooFew)
		}
		for i, p := range c.Main.Points {
			if p.Limited == row.tooFew {
				t.Errorf("%s: point %d is %+v", row.why, i, p)
			}
		}
		if row.tooFew && c.Main.Violations != nil {
			t.Errorf("%s: violations without limits: %+v", row.why, c.Main.Violations)
		}
	}
}

// What never varied has no zones: it is judged by whether it still does not.
func TestConstantBaseline(t *testing.T) {
	never := counts(1, make([]int, 20)...) // confirmed bookings without a room
	all := spc.Definition{Kind: spc.C, Rules: append(spc.Nelson(), spc.WesternElectric()...), Baselines: []spc.Baseline{{First: 0, Last: 20}}}
	if c := evaluate(t, all, never); c.Main.Violations != nil || !c.Main.Points[0].Limited || c.Main.Points[0].Upper != 0 {
		t.Errorf("nothing ever happened, but: %+v, limits %+v", c.Main.Violations, c.Main.Points[0])
	}
	c := evaluate(t, all, append(never, spc.Point{Count: 1, Size: 1}))
	want := []spc.Violation{violation(spc.Nelson1, spc.Above, 20, 20), violation(spc.WesternElectric1, spc.Above, 20, 20)}
	if diff := cmp.Diff(want, c.Main.Violations); diff != "" {
		t.Errorf("once it happened (-want +got):\n%s", diff)
	}
	for _, v := range []float64{.1, -7.3, 1e-9, 123456.789} { // sums of which round
		d := spc.Definition{Kind: spc.XBarR, Rules: spc.Nelson()}
		if c := evaluate(t, d, subgroups(3, slices.Repeat([]float64{v}, 60)...)); c.Main.Violations != nil || c.Main.Points[0].Sigma != 0 {
			t.Errorf("always %v: %+v", v, c.Main.Violations)
		}
	}
}

func TestLimitsEndWhereValuesDo(t *testing.T) {
	given := func(k spc.Kind, g spc.Given) spc.Definition {
		return spc.Definition{Kind: k, Baselines: []spc.Baseline{{Given: &g}}}
	}
	for _, row := range []struct {
		d            spc.Definition
		p            spc.Point
		lower, upper float64
	}{
		{given(spc.P, spc.Given{Mean: .1}), spc.Point{Size: 9}, 0, .4},
		{given(spc.P, spc.Given{Mean: .9}), spc.Point{Size: 9}, .6, 1},
		{given(spc.NP, spc.Given{Mean: .9}), spc.Point{Size: 9}, 5.4, 9},
		{given(spc.NP, spc.Given{Mean: .1}), spc.Point{Size: 9}, 0, 3.6},
		{given(spc.C, spc.Given{Mean: 4}), spc.Point{Size: 1}, 0, 10},
		{given(spc.U, spc.Given{Mean: 4}), spc.Point{Size: .25}, 0, 16},
		{given(spc.Individuals, spc.Given{Mean: 1, Sigma: 1}), spc.Point{Values: []float64{0}}, -2, 4},
	} {
		p := evaluate(t, row.d, []spc.Point{row.p}).Main.Points[0]
		if math.Abs(p.Lower-row.lower) > 1e-12 || math.Abs(p.Upper-row.upper) > 1e-12 {
			t.Errorf("%s of %+v: limits %v and %v, want %v and %v", row.d.Kind, row.p, p.Lower, p.Upper, row.lower, row.upper)
		}
	}
}

func TestInputThatIsRefused(t *testing.T) {
	ok := singles(1, 2)
	base := func(k spc.Kind, b ...spc.Baseline) spc.Definition { return spc.Definition{Kind: k, Baselines: b} }
	given := func(k spc.Kind, mean, sigma float64) spc.Definition {
		return base(k, spc.Baseline{Given: &spc.Given{Mean: mean, Sigma: sigma}})
	}
	point := func(code spc.Code, i int) []spc.Problem { return []spc.Problem{{Code: code, Point: i, Baseline: -1}} }
	baseline := func(code spc.Code, i int) []spc.Problem { return []spc.Problem{{Code: code, Point: -1, Baseline: i}} }
	for _, row := range []struct {
		d      spc.Definition
		points []spc.Point
		want   []spc.Problem
	}{
		{base("EWMA"), ok, point(spc.UnknownKind, -1)},
		{spc.Definition{Kind: spc.P, Rules: []spc.Rule{"NELSON_9"}}, nil, point(spc.UnknownRule, -1)},
		{spc.Definition{Kind: spc.P, MinPoints: -1}, nil, point(spc.MinPointsBelow, -1)},
		{base(spc.Individuals), singles(1, math.NaN()), point(spc.NotANumber, 1)},
		{base(spc.Individuals), singles(math.Inf(-1)), point(spc.NotANumber, 0)},
		{base(spc.Individuals), singles(1.1e100), point(spc.NotANumber, 0)},
		{base(spc.Individuals), subgroups(2, 1, 2), point(spc.SubgroupSize, 0)},
		{base(spc.XBarR), ok[:1], point(spc.SubgroupSize, 0)},
		{base(spc.XBarS), subgroups(26, make([]float64, 26)...), point(spc.SubgroupSize, 0)},
		{base(spc.P), sized(3, 2), point(spc.CountInvalid, 0)},
		{base(spc.NP), sized(-1, 2), point(spc.CountInvalid, 0)},
		{base(spc.C), sized(-1, 2), point(spc.CountInvalid, 0)},
		{base(spc.P), sized(1, 2.5), point(spc.SizeInvalid, 0)},
		{base(spc.U), sized(1, -2), point(spc.SizeInvalid, 0)},
		{base(spc.U), sized(1, math.Inf(1)), point(spc.SizeInvalid, 0)},
		{base(spc.U), sized(1, 1e-7), point(spc.SizeInvalid, 0)},
		{base(spc.U), sized(1, math.NaN()), point(spc.NotANumber, 0)},
		{base(spc.C), sized(1, 2, 0, 0, 1, 3), point(spc.SizesDiffer, 2)},
		{base(spc.Individuals, spc.Baseline{From: -1}), ok, baseline(spc.BaselineOrder, 0)},
		{base(spc.Individuals, spc.Baseline{From: 1}, spc.Baseline{From: 1}), ok, baseline(spc.BaselineOrder, 1)},
		{base(spc.Individuals, spc.Baseline{Last: 3}), ok, baseline(spc.BaselineRange, 0)},
		{base(spc.Individuals, spc.Baseline{First: 2, Last: 1}), ok, baseline(spc.BaselineRange, 0)},
		{base(spc.Individuals, spc.Baseline{First: -1, Last: 1}), ok, baseline(spc.BaselineRange, 0)},
		{given(spc.Individuals, 0, -1), ok, baseline(spc.GivenInvalid, 0)},
		{given(spc.Individuals, math.NaN(), 1), ok, baseline(spc.GivenInvalid, 0)},
		{given(spc.XBarR, 0, math.Inf(1)), nil, baseline(spc.GivenInvalid, 0)},
		{given(spc.P, 1.1, 0), nil, baseline(spc.GivenInvalid, 0)},
		{given(spc.U, -.1, 0), nil, baseline(spc.GivenInvalid, 0)},
	} {
		_, err := spc.Evaluate(row.d, row.points)
		var refused *spc.InputError
		if !errors.As(err, &refused) {
			t.Errorf("%s of %+v: %v, want %+v", row.d.Kind, row.points, err, row.want)
		} else if diff := cmp.Diff(row.want, refused.Problems); diff != "" {
			t.Errorf("%s of %+v (-want +got):\n%s", row.d.Kind, row.points, diff)
		}
	}
}

// Subgroups of differing sizes: each range is divided by d2 of its own size.
func TestSubgroupsOfDifferingSizes(t *testing.T) {
	points := slices.Clone(flowWidth)
	points[4] = spc.Point{Values: points[4].Values[:3]}
	c := evaluate(t, spc.Definition{Kind: spc.XBarR}, points)
	three, five := c.Main.Points[4], c.Main.Points[5]
	if got, want := three.Sigma/five.Sigma, math.Sqrt(5./3); math.Abs(got-want) > 1e-12 {
		t.Errorf("the mean of three scatters %v times as much as that of five, want %v", got, want)
	}
	if got, want := c.Spread.Points[4].Centre/c.Spread.Points[5].Centre, 1.693/2.326; math.Abs(got-want) > 1e-12 {
		t.Errorf("the range of three is %v times that of five, want %v", got, want)
	}
	if math.Abs(c.Baselines[0].Sigma-.32521/2.326) > .002 {
		t.Errorf("the standard deviation is %v", c.Baselines[0].Sigma)
	}
}

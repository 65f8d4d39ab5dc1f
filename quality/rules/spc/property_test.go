package spc_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

var everyRule = append(spc.Nelson(), spc.WesternElectric()...)

// drawSingles makes whole values, so that moving and mirroring them rounds nothing.
func drawSingles(t *rapid.T) []float64 {
	var values []float64
	for _, v := range rapid.SliceOfN(rapid.IntRange(-6, 6), 0, 60).Draw(t, "values") {
		values = append(values, float64(v))
	}
	return values
}

func drawCounts(t *rapid.T, size int) []int {
	return rapid.SliceOfN(rapid.IntRange(0, size), 0, 60).Draw(t, "counts")
}

// A chart that is moved, or made larger, shows the same.
func TestMovingAndStretchingKeepsViolations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := drawSingles(t)
		by, times := float64(rapid.IntRange(-1000, 1000).Draw(t, "by")), float64(rapid.IntRange(1, 50).Draw(t, "times"))
		moved := slices.Clone(values)
		for i := range moved {
			moved[i] = moved[i]*times + by
		}
		d := spc.Definition{Kind: spc.Individuals, Rules: everyRule}
		before, after := mustEvaluate(t, d, singles(values...)), mustEvaluate(t, d, singles(moved...))
		if diff := cmp.Diff(before.Main.Violations, after.Main.Violations); diff != "" {
			t.Errorf("violations (-before +after):\n%s", diff)
		}
		for i, p := range before.Main.Points {
			if p.Limited && !near(after.Main.Points[i].Upper, p.Upper*times+by) {
				t.Errorf("the upper limit went from %v to %v", p.Upper, after.Main.Points[i].Upper)
			}
		}
	})
}

// What lies above in the one lies below in its mirror image.
func TestMirroredValuesMirrorSides(t *testing.T) {
	swap := map[spc.Side]spc.Side{spc.Above: spc.Below, spc.Below: spc.Above}
	rapid.Check(t, func(t *rapid.T) {
		values := drawSingles(t)
		mirrored := slices.Clone(values)
		for i := range mirrored {
			mirrored[i] = -mirrored[i]
		}
		d := standard(everyRule...)
		var want []spc.Violation
		for _, v := range mustEvaluate(t, d, singles(values...)).Main.Violations {
			v.Side = swap[v.Side]
			want = append(want, v)
		}
		if diff := cmp.Diff(want, mustEvaluate(t, d, singles(mirrored...)).Main.Violations); diff != "" {
			t.Errorf("violations (-want +got):\n%s", diff)
		}
	})
}

// With one size of samples, a chart of shares is one of numbers divided by the size, and both show the same; so are rates and numbers.
func TestSharesAreNumbersScaled(t *testing.T) {
	for shares, numbers := range map[spc.Kind]spc.Kind{spc.P: spc.NP, spc.U: spc.C} {
		rapid.Check(t, func(t *rapid.T) {
			size := rapid.IntRange(1, 200).Draw(t, "size")
			points := counts(float64(size), drawCounts(t, size)...)
			a := mustEvaluate(t, spc.Definition{Kind: shares, Rules: everyRule}, points)
			b := mustEvaluate(t, spc.Definition{Kind: numbers, Rules: everyRule}, points)
			if diff := cmp.Diff(a.Main.Violations, b.Main.Violations); diff != "" {
				t.Errorf("violations (-%s +%s):\n%s", shares, numbers, diff)
			}
			for i, p := range a.Main.Points {
				n := float64(size)
				if q := b.Main.Points[i]; !near(p.Value*n, q.Value) || !near(p.Upper*n, q.Upper) || !near(p.Lower*n, q.Lower) {
					t.Errorf("point %d is %+v and %+v", i, p, q)
				}
			}
		})
	}
}

// Later points change nothing that showed before, where limits are fixed: but more points may be found to take part.
func TestLaterPointsKeepViolations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := drawSingles(t)
		n := rapid.IntRange(0, len(values)).Draw(t, "first")
		all := mustEvaluate(t, standard(everyRule...), singles(values...)).Main.Violations
		all = slices.DeleteFunc(all, func(v spc.Violation) bool { return v.At >= n })
		first := mustEvaluate(t, standard(everyRule...), singles(values[:n]...)).Main.Violations
		if len(first) != len(all) {
			t.Fatalf("%d violations, of which %d showed before", len(all), len(first))
		}
		for i, v := range first {
			later := all[i]
			if v.Rule != later.Rule || v.Side != later.Side || v.At != later.At {
				t.Errorf("%+v became %+v", v, later)
			}
			if slices.ContainsFunc(v.Points, func(i int) bool { return !slices.Contains(later.Points, i) }) {
				t.Errorf("points %v of %+v are no longer all there: %v", v.Points, v, later.Points)
			}
		}
	})
}

// Violations are in order, and so are their points, the one at which they show among them.
func TestViolationsAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := standard(everyRule...)
		points := singles(drawSingles(t)...)
		for _, i := range rapid.SliceOf(rapid.IntRange(0, 60)).Draw(t, "gaps") {
			if i < len(points) {
				points[i] = spc.Point{}
			}
		}
		if from := rapid.IntRange(1, 60).Draw(t, "from"); from < 40 {
			d.Baselines = append(d.Baselines, spc.Baseline{From: from, Given: &spc.Given{Mean: 2, Sigma: 1.5}})
		}
		last := 0
		for _, v := range mustEvaluate(t, d, points).Main.Violations {
			if v.At < last || !slices.Contains(v.Points, v.At) || !slices.IsSorted(v.Points) || len(slices.Compact(slices.Clone(v.Points))) != len(v.Points) {
				t.Errorf("after one at %d there is %+v", last, v)
			}
			last = v.At
			if len(d.Baselines) > 1 && v.Points[0] < d.Baselines[1].From && v.Points[len(v.Points)-1] >= d.Baselines[1].From {
				t.Errorf("%+v goes across the baseline from %d", v, d.Baselines[1].From)
			}
			for _, i := range v.Points {
				if points[i].Values == nil {
					t.Errorf("a gap takes part in %+v", v)
				}
			}
		}
	})
}

// A point is beyond its limits if and only if a rule of single points says so, on every kind of chart.
func TestBeyondLimitsIsTheFirstRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var points []spc.Point
		for range rapid.IntRange(10, 40).Draw(t, "points") {
			size := rapid.IntRange(0, 30).Draw(t, "size")
			points = append(points, spc.Point{Count: rapid.IntRange(0, size).Draw(t, "count"), Size: float64(size),
				Values: rapid.SliceOfN(rapid.Float64Range(-5, 5), 2, 6).Draw(t, "values")})
		}
		kind := rapid.SampledFrom([]spc.Kind{spc.P, spc.NP, spc.U, spc.XBarR, spc.XBarS}).Draw(t, "kind")
		c := mustEvaluate(t, spc.Definition{Kind: kind, Rules: spc.WesternElectric()[:1], MinPoints: 1}, points)
		series := []spc.Series{c.Main}
		if c.Spread != nil {
			series = append(series, *c.Spread)
		}
		for _, s := range series {
			var want []int
			for i, p := range s.Points {
				if margin := 1e-8 * (1 + p.Sigma); p.Limited && (p.Value > p.Upper+margin || p.Value < p.Lower-margin) {
					want = append(want, i)
				}
			}
			var got []int
			for _, v := range s.Violations {
				got = append(got, v.At)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", s.Statistic, diff)
			}
		}
	})
}

func mustEvaluate(t *rapid.T, d spc.Definition, points []spc.Point) spc.Chart {
	c, err := spc.Evaluate(d, points)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b)) }

func BenchmarkEvaluate(b *testing.B) {
	for name, n := range map[string]int{"1000": 1000, "10000": 10_000, "100000": 100_000} {
		values := make([]float64, n)
		for i := range values {
			values[i] = math.Sin(float64(i) * 1.7)
		}
		points := singles(values...)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				evaluate(b, spc.Definition{Kind: spc.Individuals, Rules: everyRule}, points)
			}
		})
	}
}

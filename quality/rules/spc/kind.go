package spc

import (
	"math"
	"slices"
)

// kind is what charts of a kind differ in.
type kind struct {
	statistic, spread Statistic
	value             func(Point) float64         // on the main chart
	process, scatter  func(Given, Point) expected // of the main chart and of the second one
}

// expected is what a process gives for a point: the mean of its value there, its standard deviation, and between which values
// it lies in any case.
type expected struct{ centre, sigma, least, most float64 }

var kinds = map[Kind]kind{
	Individuals: {statistic: Value, spread: MovingRange, value: mean, process: ofMean, scatter: ofRange},
	XBarR:       {statistic: Mean, spread: Range, value: mean, process: ofMean, scatter: ofRange},
	XBarS:       {statistic: Mean, spread: StandardDeviation, value: mean, process: ofMean, scatter: ofDeviation},
	P:           {statistic: Share, value: perSize, process: ofShare},
	NP:          {statistic: Number, value: count, process: ofItems},
	C:           {statistic: Number, value: count, process: ofNumber},
	U:           {statistic: Rate, value: perSize, process: ofRate},
}

// gap says whether nothing was measured.
func (k kind) gap(p Point) bool {
	if k.spread != "" {
		return len(p.Values) == 0
	}
	return p.Size == 0
}

// mean is exact where all values are the same.
func mean(p Point) float64 {
	var off float64
	for _, v := range p.Values {
		off += v - p.Values[0]
	}
	return p.Values[0] + off/float64(len(p.Values))
}

func count(p Point) float64   { return float64(p.Count) }
func perSize(p Point) float64 { return float64(p.Count) / p.Size }

func ofMean(g Given, p Point) expected {
	return expected{g.Mean, g.Sigma / math.Sqrt(float64(len(p.Values))), math.Inf(-1), math.Inf(1)}
}

// ofRange is also of moving ranges, which are those of two values.
func ofRange(g Given, p Point) expected {
	f := factorsOf(max(len(p.Values), 2))
	return expected{f.d2 * g.Sigma, f.d3 * g.Sigma, 0, math.Inf(1)}
}

func ofDeviation(g Given, p Point) expected {
	f := factorsOf(len(p.Values))
	return expected{f.c4 * g.Sigma, f.c5() * g.Sigma, 0, math.Inf(1)}
}

func ofShare(g Given, p Point) expected {
	return expected{g.Mean, math.Sqrt(g.Mean * (1 - g.Mean) / p.Size), 0, 1}
}

func ofItems(g Given, p Point) expected {
	return expected{g.Mean * p.Size, math.Sqrt(p.Size * g.Mean * (1 - g.Mean)), 0, p.Size}
}

func ofNumber(g Given, _ Point) expected {
	return expected{g.Mean, math.Sqrt(g.Mean), 0, math.Inf(1)}
}

func ofRate(g Given, p Point) expected {
	return expected{g.Mean, math.Sqrt(g.Mean / p.Size), 0, math.Inf(1)}
}

// plot makes the points of the main chart, without limits.
func (k kind) plot(baselines []Baseline, points []Point) []Plotted {
	plotted := make([]Plotted, len(points))
	current := -1
	for i, p := range points {
		for current+1 < len(baselines) && baselines[current+1].From <= i {
			current++
		}
		plotted[i] = Plotted{At: p.At, Gap: k.gap(p), Baseline: current}
		if !plotted[i].Gap {
			plotted[i].Value = k.value(p)
		}
	}
	return plotted
}

// plotSpread makes the points of the second chart, without limits.
func (k kind) plotSpread(of []Plotted, points []Point) []Plotted {
	plotted := make([]Plotted, len(points))
	for i, p := range points {
		at := &plotted[i]
		at.At, at.Baseline = p.At, of[i].Baseline
		at.Gap = of[i].Gap || k.spread == MovingRange && (i == 0 || of[i-1].Gap || of[i-1].Baseline != of[i].Baseline)
		switch {
		case at.Gap:
		case k.spread == MovingRange:
			at.Value = math.Abs(of[i].Value - of[i-1].Value)
		case k.spread == Range:
			at.Value = slices.Max(p.Values) - slices.Min(p.Values)
		case k.spread == StandardDeviation:
			at.Value = deviation(p.Values, of[i].Value)
		}
	}
	return plotted
}

// deviation is the standard deviation of a sample.
func deviation(values []float64, mean float64) float64 {
	var squares float64
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	return math.Sqrt(squares / float64(len(values)-1))
}

// limit gives points their limits.
func limit(plotted []Plotted, points []Point, baselines []Estimate, process func(Given, Point) expected) {
	for i := range plotted {
		at := &plotted[i]
		if at.Gap || at.Baseline < 0 || baselines[at.Baseline].TooFew {
			continue
		}
		e := process(baselines[at.Baseline].Given, points[i])
		at.Limited, at.Centre, at.Sigma = true, e.centre, e.sigma
		at.Lower, at.Upper = max(e.centre-3*e.sigma, e.least), min(e.centre+3*e.sigma, e.most)
	}
}

// Package spc draws up control charts (R-QC-4): which values of a measured characteristic lie outside the limits that the process
// sets itself, and which runs and trends show that it has changed.
//
// Charts are those of Shewhart with limits at three standard deviations, as in D. C. Montgomery, Introduction to Statistical Quality
// Control (6th ed., chapters 6 and 7), and in the NIST/SEMATECH e-Handbook of Statistical Methods (6.3). Points are judged by how many
// standard deviations they lie off the centre line. Each point has its own: they differ where samples do. There is no remedy for
// shares and counts that scatter more than the binomial and the Poisson distribution have it (overdispersion, as of very large
// samples), nor for values that depend on those before them.
//
// A series may have several baselines, one after the other: when a process was changed for good, a new one begins, and earlier
// points keep theirs. No run and no moving range goes across such a change.
//
// Everything is a pure function; a chart of n points costs time and memory in proportion to n.
package spc

import "time"

// Kind is a kind of control chart.
type Kind string

// The kinds.
const (
	Individuals Kind = "INDIVIDUALS" // single values, and the moving ranges of two that follow each other
	XBarR       Kind = "XBAR_R"      // means of subgroups, and their ranges
	XBarS       Kind = "XBAR_S"      // means of subgroups, and their standard deviations; better than ranges above ten values
	P           Kind = "P"           // share of items that do not conform
	NP          Kind = "NP"          // number of items that do not conform
	C           Kind = "C"           // number of nonconformities in samples of one size
	U           Kind = "U"           // nonconformities per unit
)

// Statistic is what a series of points shows.
type Statistic string

// The statistics.
const (
	Value             Statistic = "VALUE"
	MovingRange       Statistic = "MOVING_RANGE"
	Mean              Statistic = "MEAN"
	Range             Statistic = "RANGE"
	StandardDeviation Statistic = "STANDARD_DEVIATION"
	Share             Statistic = "SHARE"
	Number            Statistic = "NUMBER"
	Rate              Statistic = "RATE"
)

// Point is one sample. A point without values, or of size 0 on a chart of shares and counts, is a gap: it keeps its place, and runs
// go on behind it as if it were not there, for what was not measured speaks neither for the process nor against it. Only a moving
// range needs two values that follow each other.
type Point struct {
	At     time.Time // given back, and not looked at
	Values []float64 // Individuals: one; XBarR and XBarS: 2 to 25, of which points may have differing numbers
	Count  int       // P and NP: items that do not conform; C and U: nonconformities
	Size   float64   // P and NP: items inspected; C: the same everywhere; U: units inspected, also parts of them
}

// Definition says how points are judged.
type Definition struct {
	Kind  Kind
	Rules []Rule // see [Nelson] and [WesternElectric]
	// Baselines in the order of From. Points before the first have no limits. Without any, all points estimate one.
	Baselines []Baseline
	// MinPoints is how many points an estimate takes at least; default [DefaultMinPoints].
	MinPoints int
}

// DefaultMinPoints is as few as the shortest of the handbooks' examples have. Montgomery recommends 20 to 25.
const DefaultMinPoints = 10

// Baseline is what points are held against, from one of them on up to the next baseline.
type Baseline struct {
	From  int    // index of the first point that it judges
	Given *Given // limits that somebody set; nil: they are estimated
	// First and Last bound the points that it is estimated from, Last not included. Both 0: all that it judges, so that
	// the limits move with each new point.
	First, Last int
	// Except are the indexes of points that do not estimate, because their cause is known.
	Except []int
}

// Given is a process as it should be.
type Given struct {
	Mean  float64 // Individuals, XBarR, XBarS: of the values; P and NP: a share from 0 to 1; C: a number; U: a number per unit
	Sigma float64 // standard deviation of single values; shares and counts have it from their mean
}

// Chart is a series of points with their limits, and what they show.
type Chart struct {
	Main      Series
	Spread    *Series // moving ranges, ranges or standard deviations; nil for shares and counts
	Baselines []Estimate
}

// Estimate is what came of a baseline.
type Estimate struct {
	From   int
	TooFew bool // not enough points to estimate from: the points that it judges have no limits
	Points int  // that it was estimated from; 0 if it was given
	Given
}

// Series is one of a chart's two rows of points.
type Series struct {
	Statistic  Statistic
	Points     []Plotted   // one for each point handed in
	Violations []Violation // by the point at which they show, then in the order of the rules
}

// Plotted is a point on a chart.
type Plotted struct {
	At       time.Time
	Gap      bool // no value; all that follows is 0
	Value    float64
	Baseline int  // index of the baseline that judges it, -1 before the first
	Limited  bool // it has limits; else all that follows is 0
	// Centre is the centre line, and Sigma the standard deviation of a value there, by which zones are measured.
	Centre, Sigma float64
	// Lower and Upper are three Sigma off the centre line, but not below 0 and above what is possible for ranges, shares and
	// numbers. A value on a limit is not beyond it.
	Lower, Upper float64
}

// Evaluate gives points their limits and judges them. The error is an [*InputError]. That a baseline has too few points is no error: see [Estimate].
func Evaluate(d Definition, points []Point) (Chart, error) {
	if bad := d.check(points); len(bad) > 0 {
		return Chart{}, &InputError{Problems: bad}
	}
	if len(d.Baselines) == 0 {
		d.Baselines = []Baseline{{}}
	}
	k := kinds[d.Kind]
	main := k.plot(d.Baselines, points)
	var spread []Plotted
	if k.spread != "" {
		spread = k.plotSpread(main, points)
	}
	var c Chart
	for i := range d.Baselines {
		c.Baselines = append(c.Baselines, d.estimate(i, points, spread))
	}
	limit(main, points, c.Baselines, k.process)
	c.Main = Series{Statistic: k.statistic, Points: main, Violations: judge(main, d.Rules, zonesToo)}
	switch {
	case k.spread == MovingRange:
		limit(spread, points, c.Baselines, k.scatter)
		c.Spread = &Series{Statistic: k.spread, Points: spread, Violations: judge(spread, d.Rules, singlePoints)}
	case k.spread != "":
		limit(spread, points, c.Baselines, k.scatter)
		c.Spread = &Series{Statistic: k.spread, Points: spread, Violations: judge(spread, d.Rules, runsToo)}
	}
	return c, nil
}

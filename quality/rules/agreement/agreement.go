// Package agreement tells how far two layers of control see the same: self-check, patrol and sampling of the same items (R-QC-1), and
// whether an inspector who never fails anything can be believed.
package agreement

import (
	"errors"
	"math"
)

// ErrNegative is the answer to numbers below 0, or to more failures than items.
var ErrNegative = errors.New("agreement: there are no such numbers of items")

// Counts are the items that two raters both judged. What one of them did not judge, or held not to apply, is not among them.
type Counts struct {
	BothPass, FirstFails, SecondFails, BothFail int // FirstFails: the first fails it and the second passes it
}

// Meaning says whether kappa means anything.
type Meaning string

// The meanings.
const (
	Defined        Meaning = "DEFINED"
	NoItems        Meaning = "NO_ITEMS"       // nothing was judged by both; all figures are 0
	BothConstant   Meaning = "BOTH_CONSTANT"  // each gave one answer throughout: kappa is 0/0, or, where they differ, 0
	FirstConstant  Meaning = "FIRST_CONSTANT" // the first gave one answer throughout: kappa is 0 whatever the second says
	SecondConstant Meaning = "SECOND_CONSTANT"
)

// Agreement is how far two raters agree.
type Agreement struct {
	Items      int
	Observed   float64 // share of items on which they agree
	Expected   float64 // share on which they would by chance, each keeping to the share that they pass
	Meaning    Meaning // of Kappa
	Kappa      Interval
	PABAK      float64 // kappa as it were if both passed half of the items: 2 Observed - 1
	Prevalence float64 // share of items that both pass less the share that both fail; the farther from 0, the more it lowers kappa
	Bias       float64 // share of items that only the second fails less the share that only the first does
	FirstRate  float64 // share of items that the first passes
	SecondRate float64
	Difference Interval // FirstRate - SecondRate
}

// Interval is an estimate with its standard error and a 95 % confidence interval.
type Interval struct{ Estimate, StandardError, Lower, Upper float64 }

const z95 = 1.959963984540054 // of the normal distribution, 97.5 %

// Compare says how far two raters agree. The error is [ErrNegative].
//
// Kappa is Cohen's, 1 for full agreement and 0 for what chance would bring (J. Cohen, Educational and Psychological Measurement 20 (1960),
// 37-46), with the standard error for large samples of J. L. Fleiss, J. Cohen and B. S. Everitt, Psychological Bulletin 72
// (1969), 323-327; it is 0 where all agree. Where nearly all items pass, kappa is low though the raters agree; that shows in
// PABAK and Prevalence beside it (T. Byrt, J. Bishop and J. B. Carlin, Journal of Clinical Epidemiology 46 (1993), 423-429).
//
// The interval of the difference is that of paired proportions by D. G. Bonett and R. M. Price, British Journal of Mathematical
// and Statistical Psychology 65 (2012), 479-488: of Wald's form, with one item added to each kind of disagreement, so that
// it is good for few items too. Its standard error is of the difference so adjusted, about which the interval lies.
func Compare(c Counts) (Agreement, error) {
	if min(c.BothPass, c.FirstFails, c.SecondFails, c.BothFail) < 0 {
		return Agreement{}, ErrNegative
	}
	n := float64(c.BothPass) + float64(c.FirstFails) + float64(c.SecondFails) + float64(c.BothFail)
	if n == 0 {
		return Agreement{Meaning: NoItems}, nil
	}
	pass, first, second, fail := float64(c.BothPass)/n, float64(c.FirstFails)/n, float64(c.SecondFails)/n, float64(c.BothFail)/n
	a := Agreement{
		Items:      c.BothPass + c.FirstFails + c.SecondFails + c.BothFail,
		Observed:   pass + fail,
		PABAK:      2*(pass+fail) - 1,
		Prevalence: pass - fail,
		Bias:       second - first,
		FirstRate:  pass + second,
		SecondRate: pass + first,
		Difference: difference(first, second, n),
	}
	a.Expected, a.Kappa = kappa([][]float64{{pass, second}, {first, fail}}, n)
	a.Meaning = c.meaning()
	if a.Meaning != Defined {
		a.Kappa = Interval{}
	}
	return a, nil
}

func (c Counts) meaning() Meaning {
	first := c.BothPass+c.SecondFails == 0 || c.FirstFails+c.BothFail == 0
	second := c.BothPass+c.FirstFails == 0 || c.SecondFails+c.BothFail == 0
	switch {
	case first && second:
		return BothConstant
	case first:
		return FirstConstant
	case second:
		return SecondConstant
	default:
		return Defined
	}
}

// kappa is that of a square table of shares of n items.
func kappa(shares [][]float64, n float64) (expected float64, k Interval) {
	rows, columns := make([]float64, len(shares)), make([]float64, len(shares))
	var observed float64
	for i, row := range shares {
		observed += row[i]
		for j, share := range row {
			rows[i] += share
			columns[j] += share
		}
	}
	for i := range rows {
		expected += rows[i] * columns[i]
	}
	k.Estimate = (observed - expected) / (1 - expected)
	off := 1 - k.Estimate
	var variance float64
	for i, row := range shares {
		for j, share := range row {
			if i == j {
				variance += share * math.Pow(1-(rows[i]+columns[i])*off, 2)
			} else {
				variance += share * math.Pow((columns[i]+rows[j])*off, 2)
			}
		}
	}
	variance -= math.Pow(k.Estimate-expected*off, 2)
	k.StandardError = math.Sqrt(max(variance, 0)/n) / (1 - expected)
	k.Lower, k.Upper = max(k.Estimate-z95*k.StandardError, -1), min(k.Estimate+z95*k.StandardError, 1)
	return expected, k
}

// difference is that of the shares of n items that only the second fails and that only the first does.
func difference(first, second, n float64) Interval {
	adjustedFirst, adjustedSecond := (first*n+1)/(n+2), (second*n+1)/(n+2)
	middle := adjustedSecond - adjustedFirst
	se := math.Sqrt((adjustedFirst + adjustedSecond - middle*middle) / (n + 2))
	return Interval{Estimate: second - first, StandardError: se, Lower: max(middle-z95*se, -1), Upper: min(middle+z95*se, 1)}
}

package rules

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/appraisalscheme"
	"github.com/seed-34fcb60d/rounds/ent/db/indicator"
)

// Period returns the period of a scheme that a month lies in: from its first moment
// up to, not including, the first moment of the next, on the calendar of loc.
func Period(p appraisalscheme.Period, year int, month time.Month, loc *time.Location) (start, end time.Time) {
	months := map[appraisalscheme.Period]int{
		appraisalscheme.PeriodMONTH:     1,
		appraisalscheme.PeriodQUARTER:   3,
		appraisalscheme.PeriodHALF_YEAR: 6,
		appraisalscheme.PeriodYEAR:      12,
	}[p]
	first := (int(month)-1)/months*months + 1
	start = time.Date(year, time.Month(first), 1, 0, 0, 0, 0, loc)
	return start, time.Date(year, time.Month(first+months), 1, 0, 0, 0, 0, loc)
}

// IndicatorResult is what one indicator contributes to an appraisal.
type IndicatorResult struct {
	Measure    indicator.Measure `json:"measure"`
	Weight     float64           `json:"weight"`          // in per cent
	Value      *float64          `json:"value,omitempty"` // nil when there was no data
	Points     *float64          `json:"points,omitempty"`
	Arithmetic string            `json:"arithmetic"`
	SampleSize int               `json:"sampleSize"`
	Evidence   []string          `json:"evidence"` // ids of the records behind it
}

// Points returns what a value earns: 0 at the floor, 100 at the target, in
// proportion between the two, never less or more. The target may be the smaller of
// the two, as for complaints. When both are the same, reaching it earns 100.
func Points(value, floor, target float64) float64 {
	if floor == target {
		if value >= target {
			return 100
		}
		return 0
	}
	return min(100, max(0, proportion(value, floor, target)))
}

// proportion is the points before they are bounded.
func proportion(value, floor, target float64) float64 {
	return Round(100 * (value - floor) / (target - floor))
}

// PointsArithmetic shows how Points came to its result, such as
// "100 × (95 − 60) / (90 − 60) = 116.67, at most 100".
func PointsArithmetic(value, floor, target float64) string {
	switch {
	case floor != target:
	case value >= target:
		return fmt.Sprintf("%s ≥ %s: 100", figure(value), figure(target))
	default:
		return fmt.Sprintf("%s < %s: 0", figure(value), figure(target))
	}
	points := proportion(value, floor, target)
	text := fmt.Sprintf("100 × (%s − %s) / (%s − %s) = %s",
		operand(value), operand(floor), operand(target), operand(floor), figure(points))
	switch {
	case points > 100:
		return text + ", at most 100"
	case points < 0:
		return text + ", at least 0"
	default:
		return text
	}
}

// Score returns the weighted mean of the points of the indicators that had data,
// nil if none had.
func Score(results []IndicatorResult) *float64 {
	var sum, weights float64
	for _, r := range results {
		if r.Points != nil {
			sum += r.Weight * *r.Points
			weights += r.Weight
		}
	}
	if weights == 0 {
		return nil
	}
	score := Round(sum / weights)
	return &score
}

// Round rounds half away from zero to two decimals.
func Round(v float64) float64 {
	return math.Round(v*100)/100 + 0 // which makes -0 a plain 0
}

// figure writes a number in full.
func figure(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// operand writes a number so that it can follow a sign.
func operand(v float64) string {
	if v < 0 {
		return "(" + figure(v) + ")"
	}
	return figure(v)
}

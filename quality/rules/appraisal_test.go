package rules_test

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the test does not depend on the machine's time zones

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent/db/appraisalscheme"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestPeriod(t *testing.T) {
	const (
		month    = appraisalscheme.PeriodMONTH
		quarter  = appraisalscheme.PeriodQUARTER
		halfYear = appraisalscheme.PeriodHALF_YEAR
		year     = appraisalscheme.PeriodYEAR
	)
	for _, test := range []struct {
		zone       string
		period     appraisalscheme.Period
		month      string // that the period shall contain
		start, end string // in UTC
	}{
		{"UTC", month, "2026-02", "2026-02-01T00:00", "2026-03-01T00:00"},
		{"UTC", month, "2028-02", "2028-02-01T00:00", "2028-03-01T00:00"}, // 29 days
		{"UTC", year, "2026-07", "2026-01-01T00:00", "2027-01-01T00:00"},

		// Shanghai is 8 hours ahead all year.
		{"Asia/Shanghai", month, "2026-10", "2026-09-30T16:00", "2026-10-31T16:00"},
		{"Asia/Shanghai", month, "2026-12", "2026-11-30T16:00", "2026-12-31T16:00"},
		{"Asia/Shanghai", month, "2027-01", "2026-12-31T16:00", "2027-01-31T16:00"},
		{"Asia/Shanghai", quarter, "2026-01", "2025-12-31T16:00", "2026-03-31T16:00"},
		{"Asia/Shanghai", quarter, "2026-03", "2025-12-31T16:00", "2026-03-31T16:00"},
		{"Asia/Shanghai", quarter, "2026-04", "2026-03-31T16:00", "2026-06-30T16:00"},
		{"Asia/Shanghai", quarter, "2026-12", "2026-09-30T16:00", "2026-12-31T16:00"},
		{"Asia/Shanghai", halfYear, "2026-06", "2025-12-31T16:00", "2026-06-30T16:00"},
		{"Asia/Shanghai", halfYear, "2026-07", "2026-06-30T16:00", "2026-12-31T16:00"},
		{"Asia/Shanghai", year, "2026-01", "2025-12-31T16:00", "2026-12-31T16:00"},
		{"Asia/Shanghai", year, "2026-12", "2025-12-31T16:00", "2026-12-31T16:00"},

		// Berlin is 1 hour ahead, and 2 from the end of March to the end of October.
		{"Europe/Berlin", month, "2026-03", "2026-02-28T23:00", "2026-03-31T22:00"},
		{"Europe/Berlin", month, "2026-10", "2026-09-30T22:00", "2026-10-31T23:00"},
		{"Europe/Berlin", quarter, "2026-08", "2026-06-30T22:00", "2026-09-30T22:00"},
		{"Europe/Berlin", halfYear, "2026-02", "2025-12-31T23:00", "2026-06-30T22:00"},
		{"Europe/Berlin", year, "2026-05", "2025-12-31T23:00", "2026-12-31T23:00"},

		// New York is 5 hours behind, and 4 from the second week of March to the first of November.
		{"America/New_York", month, "2026-03", "2026-03-01T05:00", "2026-04-01T04:00"},
		{"America/New_York", month, "2026-11", "2026-11-01T04:00", "2026-12-01T05:00"},
		{"America/New_York", quarter, "2026-11", "2026-10-01T04:00", "2027-01-01T05:00"},
		{"America/New_York", halfYear, "2026-11", "2026-07-01T04:00", "2027-01-01T05:00"},
		{"America/New_York", year, "2026-11", "2026-01-01T05:00", "2027-01-01T05:00"},
	} {
		m, err := time.Parse("2006-01", test.month)
		if err != nil {
			t.Fatal(err)
		}
		start, end := rules.Period(test.period, m.Year(), m.Month(), zone(t, test.zone))
		const layout = "2006-01-02T15:04"
		if got := start.UTC().Format(layout); got != test.start {
			t.Errorf("%s of %s in %s starts at %s, want %s", test.period, test.month, test.zone, got, test.start)
		}
		if got := end.UTC().Format(layout); got != test.end {
			t.Errorf("%s of %s in %s ends at %s, want %s", test.period, test.month, test.zone, got, test.end)
		}
	}
}

// The periods of a scheme follow each other without gap or overlap, and each
// contains the months that lead to it.
func TestPeriodsTileTheCalendar(t *testing.T) {
	locations := []*time.Location{zone(t, "Asia/Shanghai"), zone(t, "Europe/Berlin"), zone(t, "America/New_York"), time.UTC}
	rapid.Check(t, func(t *rapid.T) {
		loc := rapid.SampledFrom(locations).Draw(t, "zone")
		period := rapid.SampledFrom([]appraisalscheme.Period{appraisalscheme.PeriodMONTH, appraisalscheme.PeriodQUARTER,
			appraisalscheme.PeriodHALF_YEAR, appraisalscheme.PeriodYEAR}).Draw(t, "period")
		day := time.Date(rapid.IntRange(1990, 2090).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")),
			rapid.IntRange(1, 31).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, loc)
		start, end := rules.Period(period, day.Year(), day.Month(), loc)
		if day.Before(start) || !day.Before(end) {
			t.Fatalf("%v lies outside its %s, from %v to %v", day, period, start, end)
		}
		if next, _ := rules.Period(period, end.In(loc).Year(), end.In(loc).Month(), loc); !next.Equal(end) {
			t.Fatalf("the %s after the one that ends at %v begins at %v", period, end, next)
		}
		for _, at := range []time.Time{start, end} {
			if h, m, s := at.In(loc).Clock(); at.In(loc).Day() != 1 || h != 0 || m != 0 || s != 0 {
				t.Fatalf("a %s begins at %v, want the first moment of a month", period, at.In(loc))
			}
		}
	})
}

func TestPoints(t *testing.T) {
	for _, test := range []struct {
		value, floor, target, want float64
		arithmetic                 string
	}{
		{75, 60, 90, 50, "100 × (75 − 60) / (90 − 60) = 50"},
		{60, 60, 90, 0, "100 × (60 − 60) / (90 − 60) = 0"},
		{90, 60, 90, 100, "100 × (90 − 60) / (90 − 60) = 100"},
		{95, 60, 90, 100, "100 × (95 − 60) / (90 − 60) = 116.67, at most 100"},
		{50, 60, 90, 0, "100 × (50 − 60) / (90 − 60) = -33.33, at least 0"},
		{70, 60, 90, 33.33, "100 × (70 − 60) / (90 − 60) = 33.33"},
		// Fewer are better: none earns all, five earn nothing.
		{0, 5, 0, 100, "100 × (0 − 5) / (0 − 5) = 100"},
		{1, 5, 0, 80, "100 × (1 − 5) / (0 − 5) = 80"},
		{5, 5, 0, 0, "100 × (5 − 5) / (0 − 5) = 0"},
		{6, 5, 0, 0, "100 × (6 − 5) / (0 − 5) = -20, at least 0"},
		// All or nothing.
		{90, 90, 90, 100, "90 ≥ 90: 100"},
		{91, 90, 90, 100, "91 ≥ 90: 100"},
		{89.99, 90, 90, 0, "89.99 < 90: 0"},
		// Figures are shown in full, negative ones in brackets.
		{1.5, 0.125, 2.125, 68.75, "100 × (1.5 − 0.125) / (2.125 − 0.125) = 68.75"},
		{0, -5, 5, 50, "100 × (0 − (-5)) / (5 − (-5)) = 50"},
	} {
		if got := rules.Points(test.value, test.floor, test.target); got != test.want || math.Signbit(got) {
			t.Errorf("Points(%v, %v, %v) = %v, want %v", test.value, test.floor, test.target, got, test.want)
		}
		if got := rules.PointsArithmetic(test.value, test.floor, test.target); got != test.arithmetic {
			t.Errorf("PointsArithmetic(%v, %v, %v) = %q, want %q", test.value, test.floor, test.target, got, test.arithmetic)
		}
	}
}

// figures are numbers as schemes and measurements have them.
var figures = rapid.Custom(func(t *rapid.T) float64 {
	return float64(rapid.IntRange(-20_000, 20_000).Draw(t, "hundredths")) / 100
})

func TestPointsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		floor, target := figures.Draw(t, "floor"), figures.Draw(t, "target")
		value, better := figures.Draw(t, "value"), figures.Draw(t, "better")
		if (better < value) == (floor <= target) {
			value, better = better, value
		}
		points := rules.Points(value, floor, target)
		if points < 0 || points > 100 {
			t.Fatalf("Points(%v, %v, %v) = %v, want 0 to 100", value, floor, target, points)
		}
		if more := rules.Points(better, floor, target); more < points {
			t.Fatalf("with floor %v and target %v, %v earns %v and the better %v earns only %v", floor, target, value, points, better, more)
		}
		if got := rules.Points(target, floor, target); got != 100 {
			t.Fatalf("the target %v earns %v with floor %v, want 100", target, got, floor)
		}
		if got := rules.Points(floor, floor, target); floor != target && got != 0 {
			t.Fatalf("the floor %v earns %v with target %v, want 0", floor, got, target)
		}
		text := rules.PointsArithmetic(value, floor, target)
		if got := calculate(t, text); math.Abs(got-points) > 1e-9 {
			t.Fatalf("%q gives %v, want the points %v", text, got, points)
		}
	})
}

// calculate works out what an arithmetic text says, from its left side alone, and
// checks that its right side says the same.
func calculate(t *rapid.T, text string) float64 {
	t.Helper()
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(strings.Trim(s, "() "), 64)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		return v
	}
	if left, right, compared := strings.Cut(text, ": "); compared {
		if a, b, reached := strings.Cut(left, " ≥ "); reached == (right == "100") && (!reached || number(a) >= number(b)) {
			return number(right)
		}
		t.Fatalf("%q contradicts itself", text)
	}
	formula, result, _ := strings.Cut(text, " = ")
	over, under, _ := strings.Cut(strings.TrimPrefix(formula, "100 × "), " / ")
	difference := func(s string) float64 {
		a, b, _ := strings.Cut(s, " − ")
		return number(a) - number(b)
	}
	value := rules.Round(100 * difference(over) / difference(under))
	stated, bound, bounded := strings.Cut(result, ", ")
	if math.Abs(number(stated)-value) > 0.011 {
		t.Fatalf("%q is %v", text, value)
	}
	if !bounded {
		return number(stated)
	}
	if (bound == "at most 100") != (value > 100) || (bound == "at least 0") != (value < 0) {
		t.Fatalf("%q names the wrong bound", text)
	}
	return min(100, max(0, value))
}

func result(weight float64, points *float64) rules.IndicatorResult {
	return rules.IndicatorResult{Weight: weight, Points: points}
}

func TestScore(t *testing.T) {
	for _, test := range []struct {
		name    string
		results []rules.IndicatorResult
		want    *float64
	}{
		{"weighted", []rules.IndicatorResult{result(60, new(90.0)), result(40, new(50.0))}, new(74.0)},
		{"rounded", []rules.IndicatorResult{result(1, new(100.0)), result(2, new(0.0))}, new(33.33)},
		{"a missing one shares its weight", []rules.IndicatorResult{result(50, nil), result(30, new(100.0)), result(20, new(50.0))}, new(80.0)},
		{"one alone counts whole", []rules.IndicatorResult{result(50, nil), result(20, new(50.0))}, new(50.0)},
		{"no points are points", []rules.IndicatorResult{result(100, new(0.0))}, new(0.0)},
		{"no data", []rules.IndicatorResult{result(50, nil), result(50, nil)}, nil},
		{"no indicators", nil, nil},
	} {
		got := rules.Score(test.results)
		if (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
			t.Errorf("%s: score %v, want %v", test.name, show(got), show(test.want))
		}
	}
}

func show(v *float64) any {
	if v == nil {
		return "none"
	}
	return *v
}

func TestScoreProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "indicators")
		results := make([]rules.IndicatorResult, n)
		lowest, highest, last := 100.0, 0.0, -1
		for i := range results {
			results[i].Weight = float64(rapid.IntRange(1, 100).Draw(t, "weight"))
			if rapid.Bool().Draw(t, "measured") {
				points := float64(rapid.IntRange(0, 10_000).Draw(t, "points")) / 100
				results[i].Points = &points
				lowest, highest, last = min(lowest, points), max(highest, points), i
			}
		}
		score := rules.Score(results)
		if last < 0 {
			if score != nil {
				t.Fatalf("without data the score is %v", *score)
			}
			return
		}
		if score == nil || *score < lowest || *score > highest {
			t.Fatalf("the score is %v, want between the lowest points %v and the highest %v", show(score), lowest, highest)
		}
		var measured []rules.IndicatorResult
		for _, r := range results {
			if r.Points != nil {
				measured = append(measured, r)
			}
		}
		if got := rules.Score(measured); *got != *score {
			t.Fatalf("without the indicators that had no data the score is %v, with them %v", *got, *score)
		}
		results[last].Points = new(min(100, *results[last].Points+10))
		if got := rules.Score(results); *got < *score {
			t.Fatalf("more points lower the score from %v to %v", *score, *got)
		}
	})
}

func TestRound(t *testing.T) {
	for in, want := range map[float64]float64{0.125: 0.13, -0.125: -0.13, 2.344: 2.34, 100: 100, -0.001: 0} {
		if got := rules.Round(in); got != want || got == 0 && math.Signbit(got) {
			t.Errorf("Round(%v) = %v, want %v", in, got, want)
		}
	}
}

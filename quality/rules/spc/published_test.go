package spc_test

import (
	"math"
	"slices"
	"testing"

	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

func singles(values ...float64) []spc.Point {
	var points []spc.Point
	for _, v := range values {
		points = append(points, spc.Point{Values: []float64{v}})
	}
	return points
}

func subgroups(n int, values ...float64) []spc.Point {
	var points []spc.Point
	for part := range slices.Chunk(values, n) {
		points = append(points, spc.Point{Values: part})
	}
	return points
}

func counts(size float64, counts ...int) []spc.Point {
	var points []spc.Point
	for _, c := range counts {
		points = append(points, spc.Point{Count: c, Size: size})
	}
	return points
}

// sized are pairs of a count and a size.
func sized(pairs ...float64) []spc.Point {
	var points []spc.Point
	for pair := range slices.Chunk(pairs, 2) {
		points = append(points, spc.Point{Count: int(pair[0]), Size: pair[1]})
	}
	return points
}

func evaluate(t testing.TB, d spc.Definition, points []spc.Point) spc.Chart {
	t.Helper()
	c, err := spc.Evaluate(d, points)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var (
	// NIST/SEMATECH e-Handbook, 6.3.2.2: flow rate of ten batches.
	flowRate = singles(49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
	// NIST/SEMATECH e-Handbook, 6.3.3.1: defects of 25 wafers.
	wafers = counts(1, 16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13)
	// Montgomery, table 7.1: orange juice cans, 50 a sample; as chips of wafers also in the NIST/SEMATECH e-Handbook, 6.3.3.2.
	cans = []int{12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6}
	// Montgomery, table 7.2: the same after the machine was adjusted.
	adjustedCans = []int{9, 6, 12, 5, 6, 4, 6, 3, 7, 6, 2, 4, 3, 6, 5, 4, 8, 5, 6, 7, 5, 6, 3, 5}
	// Montgomery, table 7.4: purchase orders with errors, and how many there were that week.
	orders = sized(12, 100, 8, 80, 6, 80, 9, 100, 10, 110, 12, 110, 11, 100, 16, 100, 10, 90, 6, 90, 20, 110, 15, 120, 9, 120,
		8, 120, 6, 110, 8, 80, 10, 80, 7, 80, 5, 90, 8, 100, 5, 100, 8, 100, 10, 100, 6, 90, 9, 90)
	// Montgomery, table 7.7: nonconformities on samples of 100 printed circuit boards; table 7.8: the samples after them.
	boards      = []int{21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15}
	laterBoards = []int{16, 18, 12, 15, 24, 21, 28, 20, 25, 19, 18, 21, 16, 22, 19, 12, 14, 9, 16, 21}
	// Montgomery, section 7.3: errors in 50 shipments a week.
	shipments = counts(50, 2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4)
	// Montgomery, 2nd ed., pp. 181-182, data set pcmanufact of the R package qcc: nonconformities of five computers.
	computers = counts(5, 10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5)
	// Montgomery, section 7.3, data set dyedcloth of the R package qcc: nonconformities of dyed cloth, and its units of 50 m².
	cloth = sized(14, 10, 12, 8, 20, 13, 11, 10, 7, 9.5, 10, 10, 21, 12, 16, 10.5, 19, 12, 23, 12.5)
	// Montgomery, table 6.6: cost of processing a loan, 20 weeks.
	loans = singles(310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304)
	// Montgomery, table 6.1: flow width of resist, 25 samples of 5.
	flowWidth = subgroups(5,
		1.3235, 1.4128, 1.6744, 1.4573, 1.6914, 1.4314, 1.3592, 1.6075, 1.4666, 1.6109, 1.4284, 1.4871, 1.4932, 1.4324, 1.5674,
		1.5028, 1.6352, 1.3841, 1.2831, 1.5507, 1.5604, 1.2735, 1.5265, 1.4363, 1.6441, 1.5955, 1.5451, 1.3574, 1.3281, 1.4198,
		1.6274, 1.5064, 1.8366, 1.4177, 1.5144, 1.4190, 1.4303, 1.6637, 1.6067, 1.5519, 1.3884, 1.7277, 1.5355, 1.5176, 1.3688,
		1.4039, 1.6697, 1.5089, 1.4627, 1.5220, 1.4158, 1.7667, 1.4278, 1.5928, 1.4181, 1.5821, 1.3355, 1.5777, 1.3908, 1.7559,
		1.2856, 1.4106, 1.4447, 1.6398, 1.1928, 1.4951, 1.4036, 1.5893, 1.6458, 1.4969, 1.3589, 1.2863, 1.5996, 1.2497, 1.5471,
		1.5747, 1.5301, 1.5171, 1.1839, 1.8662, 1.3680, 1.7269, 1.3957, 1.5014, 1.4449, 1.4163, 1.3864, 1.3057, 1.6210, 1.5573,
		1.5796, 1.4185, 1.6541, 1.5116, 1.7247, 1.7106, 1.4412, 1.2361, 1.3820, 1.7601, 1.4371, 1.5051, 1.3485, 1.5670, 1.4880,
		1.4738, 1.5936, 1.6583, 1.4973, 1.4720, 1.5917, 1.4333, 1.5551, 1.5295, 1.6866, 1.6399, 1.5243, 1.5705, 1.5563, 1.5530,
		1.5797, 1.3663, 1.6240, 1.3732, 1.6887)
	// Montgomery, 2nd ed., pp. 206-213, data set pistonrings of the R package qcc: diameters, 25 samples of 5.
	pistonRings = subgroups(5,
		74.030, 74.002, 74.019, 73.992, 74.008, 73.995, 73.992, 74.001, 74.011, 74.004, 73.988, 74.024, 74.021, 74.005, 74.002,
		74.002, 73.996, 73.993, 74.015, 74.009, 73.992, 74.007, 74.015, 73.989, 74.014, 74.009, 73.994, 73.997, 73.985, 73.993,
		73.995, 74.006, 73.994, 74.000, 74.005, 73.985, 74.003, 73.993, 74.015, 73.988, 74.008, 73.995, 74.009, 74.005, 74.004,
		73.998, 74.000, 73.990, 74.007, 73.995, 73.994, 73.998, 73.994, 73.995, 73.990, 74.004, 74.000, 74.007, 74.000, 73.996,
		73.983, 74.002, 73.998, 73.997, 74.012, 74.006, 73.967, 73.994, 74.000, 73.984, 74.012, 74.014, 73.998, 73.999, 74.007,
		74.000, 73.984, 74.005, 73.998, 73.996, 73.994, 74.012, 73.986, 74.005, 74.007, 74.006, 74.010, 74.018, 74.003, 74.000,
		73.984, 74.002, 74.003, 74.005, 73.997, 74.000, 74.010, 74.013, 74.020, 74.003, 73.988, 74.001, 74.009, 74.005, 73.996,
		74.004, 73.999, 73.990, 74.006, 74.009, 74.010, 73.989, 73.990, 74.009, 74.014, 74.015, 74.008, 73.993, 74.000, 74.010,
		73.982, 73.984, 73.995, 74.017, 74.013)
)

// published is a chart's limits as they are printed, each to the unit of its last digit.
type published struct {
	lower, centre, upper float64
	digit                float64
}

func (p published) compare(t *testing.T, name string, got spc.Plotted) {
	t.Helper()
	for _, line := range []struct {
		what      string
		got, want float64
	}{{"lower limit", got.Lower, p.lower}, {"centre line", got.Centre, p.centre}, {"upper limit", got.Upper, p.upper}} {
		if math.Abs(line.got-line.want) > p.digit*1.001 {
			t.Errorf("%s: %s %v, want %v", name, line.what, line.got, line.want)
		}
	}
}

// beyond are the points outside their limits, from 1 as books count.
func beyond(s spc.Series) []int {
	var out []int
	for _, v := range s.Violations {
		if v.Rule == spc.Nelson1 {
			out = append(out, v.At+1)
		}
	}
	return out
}

func TestPublishedCharts(t *testing.T) {
	juice, circuits := counts(50, cans...), counts(100, boards...)
	for _, row := range []struct {
		source  string
		kind    spc.Kind
		points  []spc.Point
		except  []int // from 1
		at      int   // which point the limits are of, from 1
		main    published
		beyond  []int
		spread  *published
		spreads []int
	}{
		{source: "NIST/SEMATECH 6.3.2.2, flow rate", kind: spc.Individuals, points: flowRate,
			main: published{45.8159, 50.81, 55.8041, 1e-4}, spread: &published{0, 1.8778, 6.1347, 1e-3}},
		{source: "NIST/SEMATECH 6.3.3.1, wafers", kind: spc.C, points: wafers, main: published{4, 16, 28, 1e-9}, beyond: []int{24}},
		{source: "NIST/SEMATECH 6.3.3.2, chips", kind: spc.P, points: juice, main: published{.0524, .2313, .4102, 1e-4}, beyond: []int{15, 23}},
		{source: "Montgomery, example 7.1, without 15 and 23", kind: spc.P, points: juice, except: []int{15, 23},
			main: published{.0407, .2150, .3893, 1e-4}, beyond: []int{15, 21, 23}},
		{source: "Montgomery, section 7.2.1, cans counted", kind: spc.NP, points: juice,
			main: published{2.621, 11.567, 20.512, 1e-3}, beyond: []int{15, 23}},
		{source: "Montgomery, table 7.4, the 11th week", kind: spc.P, points: orders, at: 11,
			main: published{.0114, .0955, .1796, 1e-4}, beyond: []int{11}},
		{source: "Montgomery, example 7.3, circuit boards", kind: spc.C, points: circuits,
			main: published{6.48, 19.85, 33.22, 1e-2}, beyond: []int{6, 20}},
		{source: "Montgomery, example 7.3, without 6 and 20", kind: spc.C, points: append(slices.Clone(circuits), counts(100, laterBoards...)...),
			except: append([]int{6, 20}, span(27, 46)...), main: published{6.36, 19.67, 32.97, 1e-2}, beyond: []int{6, 20}},
		{source: "Montgomery, example 7.4, shipments", kind: spc.U, points: shipments, main: published{0, .0740, .1894, 1e-4}},
		{source: "Montgomery, computers", kind: spc.U, points: computers, main: published{.07, 1.93, 3.79, 1e-2}},
		{source: "Montgomery, table 7.10, the first lot of cloth", kind: spc.U, points: cloth, main: published{.29, 1.42, 2.55, 1e-2}},
		{source: "Montgomery, table 7.10, the second lot of cloth", kind: spc.U, points: cloth, at: 2, main: published{.16, 1.42, 2.68, 1e-2}},
		{source: "Montgomery, example 6.5, loans", kind: spc.Individuals, points: loans,
			main: published{279.78, 300.5, 321.22, 1e-2}, spread: &published{0, 7.79, 25.45, 1e-2}},
		{source: "Montgomery, example 6.1, flow width", kind: spc.XBarR, points: flowWidth,
			main: published{1.31795, 1.5056, 1.69325, 1.5e-4}, spread: &published{0, .32521, .68749, 2e-4}},
		{source: "Montgomery, piston rings, by qcc", kind: spc.XBarR, points: pistonRings,
			main: published{73.98805, 74.00118, 74.0143, 1e-5}, spread: &published{0, .02276, .04812533, 1e-5}},
		{source: "Montgomery, piston rings by deviations, by qcc", kind: spc.XBarS, points: pistonRings,
			main: published{73.98799, 74.00118, 74.01436, 1e-5}, spread: &published{0, .009240037, .01930242, 2e-6}},
	} {
		b := spc.Baseline{}
		for _, n := range row.except {
			b.Except = append(b.Except, n-1)
		}
		c := evaluate(t, spc.Definition{Kind: row.kind, Rules: spc.Nelson(), Baselines: []spc.Baseline{b}}, row.points)
		at := max(row.at, 1) - 1
		row.main.compare(t, row.source, c.Main.Points[at])
		if got := beyond(c.Main); !slices.Equal(got, row.beyond) {
			t.Errorf("%s: %v are beyond the limits, want %v", row.source, got, row.beyond)
		}
		if row.spread == nil {
			continue
		}
		row.spread.compare(t, row.source+", spread", c.Spread.Points[1])
		if got := beyond(*c.Spread); !slices.Equal(got, row.spreads) {
			t.Errorf("%s: %v are beyond the limits of the spread, want %v", row.source, got, row.spreads)
		}
	}
}

func span(first, last int) []int {
	var all []int
	for n := first; n <= last; n++ {
		all = append(all, n)
	}
	return all
}

// The orange juice cans of Montgomery's example 7.1: limits from before the adjustment, without the two samples whose cause was
// found, then limits from after it. Each point is held against those of its time.
func TestPublishedRebaselining(t *testing.T) {
	points := counts(50, append(slices.Clone(cans), adjustedCans...)...)
	c := evaluate(t, spc.Definition{Kind: spc.P, Rules: spc.Nelson(), Baselines: []spc.Baseline{
		{From: 0, Except: []int{14, 22}},
		{From: 30},
	}}, points)
	published{.0407, .2150, .3893, 1e-4}.compare(t, "before", c.Main.Points[29])
	published{0, .1108, .2440, 1e-4}.compare(t, "after", c.Main.Points[30])
	if got, want := beyond(c.Main), []int{15, 21, 23}; !slices.Equal(got, want) {
		t.Errorf("%v are beyond their limits, want %v", got, want)
	}
	// Held against the old limits, the adjusted machine is one run below the centre line: a change for the better.
	c = evaluate(t, spc.Definition{Kind: spc.P, Rules: []spc.Rule{spc.Nelson2}, Baselines: []spc.Baseline{
		{From: 0, First: 0, Last: 30, Except: []int{14, 22}},
	}}, points)
	last := c.Main.Violations[len(c.Main.Violations)-1]
	if last.Side != spc.Below || last.Points[len(last.Points)-1] != 53 {
		t.Errorf("the adjusted machine shows as %+v, want a run below to the last point", last)
	}
}

package spc

import (
	"math"
	"testing"
)

// The tables agree with the distribution of the range and of the standard deviation, worked out anew.
func TestFactorsAgreeWithTheirDistributions(t *testing.T) {
	for n := MinSubgroup; n <= MaxSubgroup; n++ {
		f := factorsOf(n)
		mean, deviation := rangeMoments(n)
		if math.Abs(f.d2-mean) > 0.00051 {
			t.Errorf("d2 of %d is %v, worked out %.5f", n, f.d2, mean)
		}
		if math.Abs(f.d3-deviation) > 0.000051 {
			t.Errorf("d3 of %d is %v, worked out %.6f", n, f.d3, deviation)
		}
		// NIST/SEMATECH e-Handbook, 6.3.2: c4 = √(2/(n-1)) Γ(n/2) / Γ((n-1)/2).
		above, _ := math.Lgamma(float64(n) / 2)
		below, _ := math.Lgamma(float64(n-1) / 2)
		if c4 := math.Sqrt(2/float64(n-1)) * math.Exp(above-below); math.Abs(f.c4-c4) > 0.000051 {
			t.Errorf("c4 of %d is %v, worked out %.6f", n, f.c4, c4)
		}
	}
}

// rangeMoments integrates the distribution of the range of n standard normal values, P(R ≤ w) = n ∫ φ(x) (Φ(x+w) - Φ(x))^(n-1) dx.
func rangeMoments(n int) (mean, deviation float64) {
	const step, widest = 0.05, 14
	var first, second float64
	for i := 0; i <= widest/step; i++ {
		w := float64(i) * step
		var p float64
		for x := -9.0; x <= 9; x += 2 * step {
			p += math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) * math.Pow(below(x+w)-below(x), float64(n-1))
		}
		above := 1 - p*float64(n)*2*step
		weight := step / 3 // Simpson's rule
		switch {
		case i == 0 || i == widest/step:
		case i%2 == 1:
			weight *= 4
		default:
			weight *= 2
		}
		first += weight * above
		second += weight * 2 * w * above
	}
	return first, math.Sqrt(second - first*first)
}

func below(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// The factors of limits that books print follow from the three: Montgomery, appendix VI; NIST/SEMATECH e-Handbook, 6.3.2.1.
func TestPrintedFactorsFollow(t *testing.T) {
	for _, row := range []struct {
		n                          int
		a2, a3, d3, d4, b3, b4, c4 float64
	}{
		{n: 2, a2: 1.880, a3: 2.659, d3: 0, d4: 3.267, b3: 0, b4: 3.267, c4: 0.7979},
		{n: 3, a2: 1.023, a3: 1.954, d3: 0, d4: 2.575, b3: 0, b4: 2.568, c4: 0.8862},
		{n: 4, a2: 0.729, a3: 1.628, d3: 0, d4: 2.282, b3: 0, b4: 2.266, c4: 0.9213},
		{n: 5, a2: 0.577, a3: 1.427, d3: 0, d4: 2.115, b3: 0, b4: 2.089, c4: 0.9400},
		{n: 6, a2: 0.483, a3: 1.287, d3: 0, d4: 2.004, b3: 0.030, b4: 1.970, c4: 0.9515},
		{n: 7, a2: 0.419, a3: 1.182, d3: 0.076, d4: 1.924, b3: 0.118, b4: 1.882, c4: 0.9594},
		{n: 8, a2: 0.373, a3: 1.099, d3: 0.136, d4: 1.864, b3: 0.185, b4: 1.815, c4: 0.9650},
		{n: 9, a2: 0.337, a3: 1.032, d3: 0.184, d4: 1.816, b3: 0.239, b4: 1.761, c4: 0.9693},
		{n: 10, a2: 0.308, a3: 0.975, d3: 0.223, d4: 1.777, b3: 0.284, b4: 1.716, c4: 0.9727},
		{n: 25, a2: 0.153, a3: 0.606, d3: 0.459, d4: 1.541, b3: 0.565, b4: 1.435, c4: 0.9896},
	} {
		f, root := factorsOf(row.n), math.Sqrt(float64(row.n))
		for _, c := range []struct {
			name      string
			got, want float64
		}{
			{"A2", 3 / (f.d2 * root), row.a2}, {"A3", 3 / (f.c4 * root), row.a3},
			{"D3", max(0, 1-3*f.d3/f.d2), row.d3}, {"D4", 1 + 3*f.d3/f.d2, row.d4},
			{"B3", max(0, 1-3*f.c5()/f.c4), row.b3}, {"B4", 1 + 3*f.c5()/f.c4, row.b4},
			{"c4", f.c4, row.c4},
		} {
			if math.Abs(c.got-c.want) > 0.0011 {
				t.Errorf("%s of %d is %.4f, printed %.3f", c.name, row.n, c.got, c.want)
			}
		}
	}
}

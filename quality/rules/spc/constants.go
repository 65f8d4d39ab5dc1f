package spc

import "math"

// MinSubgroup and MaxSubgroup bound the number of values of a subgroup.
const (
	MinSubgroup = 2
	MaxSubgroup = 25
)

// factors are of the distribution of samples of n values from a normal distribution whose standard deviation is 1.
type factors struct {
	d2 float64 // mean of the range
	d3 float64 // standard deviation of the range
	c4 float64 // mean of the standard deviation
}

// factorsOf are the factors of n = 2 to 25: d2 and c4 as printed in Montgomery, Introduction to Statistical Quality Control, 6th ed.,
// appendix VI, and d3, which stands there with three digits, with four as in Grant and Leavenworth, Statistical Quality
// Control, table B. From these follow all others: A2 = 3/(d2 √n), A3 = 3/(c4 √n), D3 and D4 = 1 ∓ 3 d3/d2,
// B3 and B4 = 1 ∓ 3 √(1 - c4²)/c4.
func factorsOf(n int) factors { return table[n-MinSubgroup] }

var table = [MaxSubgroup - MinSubgroup + 1]factors{
	{1.128, 0.8525, 0.7979}, {1.693, 0.8884, 0.8862}, {2.059, 0.8798, 0.9213}, {2.326, 0.8641, 0.9400},
	{2.534, 0.8480, 0.9515}, {2.704, 0.8332, 0.9594}, {2.847, 0.8198, 0.9650}, {2.970, 0.8078, 0.9693},
	{3.078, 0.7971, 0.9727}, {3.173, 0.7873, 0.9754}, {3.258, 0.7785, 0.9776}, {3.336, 0.7704, 0.9794},
	{3.407, 0.7630, 0.9810}, {3.472, 0.7562, 0.9823}, {3.532, 0.7499, 0.9835}, {3.588, 0.7441, 0.9845},
	{3.640, 0.7386, 0.9854}, {3.689, 0.7335, 0.9862}, {3.735, 0.7287, 0.9869}, {3.778, 0.7242, 0.9876},
	{3.819, 0.7199, 0.9882}, {3.858, 0.7159, 0.9887}, {3.895, 0.7121, 0.9892}, {3.931, 0.7084, 0.9896},
}

// c5 is the standard deviation of the standard deviation.
func (f factors) c5() float64 { return math.Sqrt(1 - f.c4*f.c4) }

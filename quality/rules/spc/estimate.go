package spc

import "cmp"

// estimate finds the process of a baseline. Shares and rates are those of all estimating samples together; the mean of subgroups is
// that of all their values. The standard deviation of values is the mean of the subgroups' ranges or standard deviations, each
// divided by d2 or c4 of its size, which for subgroups of one size is R̄/d2 and S̄/c4; of single values it is the mean
// moving range divided by d2 of two. spread are the points of the second chart.
func (d Definition) estimate(baseline int, points []Point, spread []Plotted) Estimate {
	b := d.Baselines[baseline]
	if b.Given != nil {
		return Estimate{From: b.From, Given: *b.Given}
	}
	first, last := b.First, b.Last
	if last == 0 {
		first, last = b.From, len(points)
		if baseline+1 < len(d.Baselines) {
			last = min(last, d.Baselines[baseline+1].From)
		}
	}
	except := make(map[int]bool, len(b.Except))
	for _, i := range b.Except {
		except[i] = true
	}
	var s sums
	for i := first; i < last; i++ {
		p := points[i]
		if kinds[d.Kind].gap(p) || except[i] {
			continue
		}
		s.add(d.Kind, p)
		if spread == nil || spread[i].Gap || d.Kind == Individuals && (i == first || except[i-1]) {
			continue
		}
		s.sigma += spread[i].Value / perSigma(d.Kind, p)
		s.spreads++
	}
	e := Estimate{From: b.From, Points: s.points}
	if s.points < cmp.Or(d.MinPoints, DefaultMinPoints) || spread != nil && s.spreads == 0 {
		e.TooFew = true
		return e
	}
	e.Mean = s.zero + s.above/s.weight
	if spread != nil {
		e.Sigma = s.sigma / float64(s.spreads)
	}
	return e
}

// perSigma is the mean of a point's range or standard deviation where the values' standard deviation is 1.
func perSigma(k Kind, p Point) float64 {
	switch k {
	case XBarR:
		return factorsOf(len(p.Values)).d2
	case XBarS:
		return factorsOf(len(p.Values)).c4
	default:
		return factorsOf(2).d2
	}
}

// sums of the points that estimate.
type sums struct {
	points, spreads     int
	zero, above, weight float64 // the mean is zero + above/weight: exact where all values are the same
	sigma               float64
}

func (s *sums) add(k Kind, p Point) {
	s.points++
	switch k {
	case P, NP, U:
		s.above += float64(p.Count)
		s.weight += p.Size
	case C:
		s.above += float64(p.Count)
		s.weight++
	default:
		if s.points == 1 {
			s.zero = p.Values[0]
		}
		for _, v := range p.Values {
			s.above += v - s.zero
		}
		s.weight += float64(len(p.Values))
	}
}

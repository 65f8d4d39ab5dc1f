package agreement

import "math"

// Record is what an inspector, or several, judged.
type Record struct{ Items, Failures int }

// Lenience is how likely it is that somebody met with nothing that was to be failed.
type Lenience struct {
	// Probability that none of the inspector's items fails, if they fail as often as those of the others; 1 where either judged
	// nothing.
	Probability float64
	// StandsOut is true where the inspector failed nothing and the probability lies below the threshold.
	StandsOut bool
}

// Doubt says whether an inspector who never fails anything stands out from the others, who judged comparable items. The threshold is a
// probability; 0.01 means that of a hundred inspectors who judge as the others do, one stands out by chance. The error is
// [ErrNegative].
//
// How often the others' items fail is itself known from a sample only: after x failures of m items it has the beta distribution of x + ½ and
// m - x + ½ (Jeffreys' prior: L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 16 (2001), 101-133). So failures of
// further items have the beta-binomial distribution (J. Aitchison and I. R. Dunsmore, Statistical Prediction Analysis (1975),
// chapter 2), and not the binomial one, by which a few items of the others would be enough to accuse somebody. Items are
// taken to fail independently of each other: where those of one visit fail together, one counts visits.
func Doubt(own, others Record, threshold float64) (Lenience, error) {
	for _, r := range []Record{own, others} {
		if r.Items < 0 || r.Failures < 0 || r.Failures > r.Items {
			return Lenience{}, ErrNegative
		}
	}
	if own.Items == 0 || others.Items == 0 {
		return Lenience{Probability: 1}, nil
	}
	passed, all := float64(others.Items-others.Failures)+0.5, float64(others.Items)+1
	n := float64(own.Items)
	p := math.Exp(lgamma(passed+n) - lgamma(passed) - (lgamma(all+n) - lgamma(all)))
	return Lenience{Probability: min(p, 1), StandsOut: own.Failures == 0 && p < threshold}, nil
}

func lgamma(x float64) float64 {
	value, _ := math.Lgamma(x)
	return value
}

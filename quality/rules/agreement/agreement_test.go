package agreement

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func compare(t testing.TB, c Counts) Agreement {
	t.Helper()
	a, err := Compare(c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestPublishedAgreement(t *testing.T) {
	for _, row := range []struct {
		source                                             string
		counts                                             Counts
		observed, expected, kappa, pabak, prevalence, bias float64
	}{
		// A. R. Feinstein and D. V. Cicchetti, Journal of Clinical Epidemiology 43 (1990), 543-549: the two paradoxes.
		{"Feinstein and Cicchetti, balanced", Counts{40, 6, 9, 45}, .85, .5008, .70, .70, -.05, .03},
		{"Feinstein and Cicchetti, the first paradox", Counts{80, 5, 10, 5}, .85, .78, .32, .70, .75, .05},
		{"Feinstein and Cicchetti, symmetrical imbalance", Counts{45, 25, 15, 15}, .60, .54, .13, .20, .30, -.10},
		{"Feinstein and Cicchetti, the second paradox", Counts{25, 5, 35, 35}, .60, .46, .26, .20, -.10, .30},
		// J. Sim and C. C. Wright, Physical Therapy 85 (2005), 257-268, table 1: 39 judgements of two clinicians.
		{"Sim and Wright", Counts{22, 4, 2, 11}, .846, .538, .67, .69, .28, -.05},
		// M. E. Reichenheim, Stata Journal 4 (2004), 421-428.
		{"Reichenheim", Counts{48, 16, 12, 160}, .8814, .6125, .6938, .7627, -.4746, -.0169},
		// M. Cunningham, More than just the kappa coefficient, SAS Global Forum 2009, paper 242, figure 2.
		{"Cunningham", Counts{95, 1, 4, 0}, .95, .9508, -.0163, .90, .95, .03},
	} {
		a := compare(t, row.counts)
		for _, figure := range []struct {
			name      string
			got, want float64
		}{
			{"observed", a.Observed, row.observed}, {"expected", a.Expected, row.expected}, {"kappa", a.Kappa.Estimate, row.kappa},
			{"PABAK", a.PABAK, row.pabak}, {"prevalence", a.Prevalence, row.prevalence}, {"bias", a.Bias, row.bias},
		} {
			if math.Abs(figure.got-figure.want) > .0051 {
				t.Errorf("%s: %s %.4f, want %v", row.source, figure.name, figure.got, figure.want)
			}
		}
		if a.Meaning != Defined {
			t.Errorf("%s: kappa is %s", row.source, a.Meaning)
		}
	}
}

func near(t testing.TB, source string, got, want Interval, digit float64) {
	t.Helper()
	for _, pair := range [][2]float64{{got.Estimate, want.Estimate}, {got.StandardError, want.StandardError}, {got.Lower, want.Lower}, {got.Upper, want.Upper}} {
		if math.Abs(pair[0]-pair[1]) > digit {
			t.Errorf("%s: %+v, want %+v", source, got, want)
			return
		}
	}
}

func TestPublishedIntervals(t *testing.T) {
	// D. G. Bonett's package statpsych for R, examples of ci.kappa and ci.prop.ps.
	a := compare(t, Counts{31, 4, 12, 58})
	near(t, "ci.kappa(.05, 31, 12, 4, 58)", a.Kappa, Interval{0.6756757, 0.07344761, 0.5317210, 0.8196303}, 1e-6)
	d := compare(t, Counts{12, 26, 4, 6}).Difference
	near(t, "ci.prop.ps(.05, 12, 4, 26, 6), with its sign", Interval{-(-0.44), d.StandardError, -d.Upper, -d.Lower}, Interval{0.44, 0.09448809, 0.2548067, 0.6251933}, 1e-6)
	// A. Agresti, Categorical Data Analysis, 2nd ed., section 10.1: 1,600 people asked twice whether they approve of the prime
	// minister. His interval is Wald's, printed with two digits.
	near(t, "Agresti", compare(t, Counts{794, 86, 150, 570}).Difference, Interval{0.04, 0.0095, 0.02, 0.06}, 1.5e-3)
	// J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for Rates and Proportions, 3rd ed., pp. 599-607: 100 diagnoses of
	// three kinds.
	_, k := kappa([][]float64{{.75, .01, .04}, {.05, .04, .01}, {0, 0, .10}}, 100)
	if math.Abs(k.Estimate-.68) > .005 || math.Abs(k.StandardError-.087) > .001 {
		t.Errorf("Fleiss, Levin and Paik: %+v, want .68 with a standard error of .087", k)
	}
}

func TestRatersWhoNeverVary(t *testing.T) {
	for _, row := range []struct {
		counts Counts
		want   Meaning
	}{
		{Counts{}, NoItems},
		{Counts{BothPass: 40}, BothConstant},
		{Counts{BothFail: 40}, BothConstant},
		{Counts{FirstFails: 40}, BothConstant},
		{Counts{BothPass: 36, SecondFails: 4}, FirstConstant},
		{Counts{BothFail: 36, SecondFails: 0, FirstFails: 4}, FirstConstant},
		{Counts{BothPass: 36, FirstFails: 4}, SecondConstant},
		{Counts{BothPass: 36, FirstFails: 1, SecondFails: 1}, Defined},
	} {
		a := compare(t, row.counts)
		if a.Meaning != row.want || row.want != Defined && a.Kappa != (Interval{}) {
			t.Errorf("%+v: %s with kappa %+v, want %s", row.counts, a.Meaning, a.Kappa, row.want)
		}
	}
	if _, err := Compare(Counts{BothPass: -1}); !errors.Is(err, ErrNegative) {
		t.Errorf("fewer items than none: %v", err)
	}
}

func TestAgreementKeepsItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) int { return rapid.IntRange(0, 60).Draw(t, label) }
		c := Counts{draw("both pass"), draw("first fails"), draw("second fails"), draw("both fail")}
		a, err := Compare(c)
		if err != nil {
			t.Fatal(err)
		}
		if a.Meaning == NoItems {
			return
		}
		for _, i := range []Interval{a.Kappa, a.Difference} {
			if !(i.Lower <= i.Estimate+1e-9 && i.Estimate <= i.Upper+1e-9 && i.Lower >= -1 && i.Upper <= 1 && i.StandardError >= 0) {
				t.Errorf("%+v: %+v", c, i)
			}
		}
		if a.Kappa.Estimate > 1+1e-12 || a.Meaning == Defined && (c.FirstFails+c.SecondFails == 0) != (a.Kappa.Estimate > 1-1e-12) {
			t.Errorf("%+v: kappa %v", c, a.Kappa.Estimate)
		}
		// Whoever is the first, and whether passing or failing is looked at, kappa is the same.
		other, err := Compare(Counts{c.BothFail, c.FirstFails, c.SecondFails, c.BothPass})
		if err != nil || math.Abs(other.Kappa.Estimate-a.Kappa.Estimate) > 1e-9 || math.Abs(other.Kappa.StandardError-a.Kappa.StandardError) > 1e-9 {
			t.Errorf("%+v turned round: %+v, was %+v", c, other.Kappa, a.Kappa)
		}
		swapped, err := Compare(Counts{c.BothPass, c.SecondFails, c.FirstFails, c.BothFail})
		if err != nil || math.Abs(swapped.Difference.Lower+a.Difference.Upper) > 1e-9 || math.Abs(swapped.Bias+a.Bias) > 1e-9 {
			t.Errorf("%+v swapped: %+v, was %+v", c, swapped, a)
		}
	})
}

func doubt(t testing.TB, own, others Record, threshold float64) Lenience {
	t.Helper()
	l, err := Doubt(own, others, threshold)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestDoubt(t *testing.T) {
	for _, row := range []struct {
		why         string
		own, others Record
		probability float64
		digit       float64
		standsOut   bool
	}{
		{"one item: the others' share that passes, by Jeffreys (m - x + ½)/(m + 1)", Record{1, 0}, Record{19, 5}, .725, 1e-9, false},
		{"two items: (b/(a+b)) ((b+1)/(a+b+1))", Record{2, 0}, Record{19, 5}, .725 * 15.5 / 21, 1e-9, false},
		// J. A. Hanley and A. Lippman-Hand, JAMA 249 (1983), 1743-1745: nothing in n is about as likely as 5 % if the rate is 3/n.
		{"the rule of three", Record{100, 0}, Record{10_000_000, 300_000}, math.Pow(.97, 100), 1e-4, false},
		{"two hundred without a failure where others fail 5 %", Record{200, 0}, Record{2000, 100}, 4.6e-5, 1e-5, true},
		{"but not if the others judged twenty", Record{200, 0}, Record{20, 1}, .0269, 1e-4, false},
		{"a failure, and nothing is to be doubted", Record{200, 1}, Record{2000, 100}, 4.6e-5, 1e-5, false},
		{"the others fail nothing either", Record{200, 0}, Record{2000, 0}, .9535, 1e-3, false},
		{"no items", Record{}, Record{2000, 100}, 1, 0, false},
		{"no others", Record{200, 0}, Record{}, 1, 0, false},
	} {
		got := doubt(t, row.own, row.others, .01)
		if math.Abs(got.Probability-row.probability) > row.digit || got.StandsOut != row.standsOut {
			t.Errorf("%s: %+v, want %v %t", row.why, got, row.probability, row.standsOut)
		}
	}
	for _, r := range []Record{{-1, 0}, {1, -1}, {1, 2}} {
		if _, err := Doubt(r, Record{1, 0}, .01); !errors.Is(err, ErrNegative) {
			t.Errorf("own %+v: %v", r, err)
		}
		if _, err := Doubt(Record{1, 0}, r, .01); !errors.Is(err, ErrNegative) {
			t.Errorf("others' %+v: %v", r, err)
		}
	}
}

// The probability is the product of those of each next item, and never grows with one's own items or the others' failures.
func TestDoubtIsAProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(1, 500).Draw(t, "others' items")
		x := rapid.IntRange(0, m).Draw(t, "others' failures")
		n := rapid.IntRange(1, 300).Draw(t, "own items")
		want := 1.0
		for i := range n {
			want *= (float64(m-x+i) + .5) / float64(m+i+1)
		}
		p := func(n, x int) float64 {
			l, err := Doubt(Record{n, 0}, Record{m, x}, .01)
			if err != nil {
				t.Fatal(err)
			}
			return l.Probability
		}
		if got := p(n, x); math.Abs(got-want) > 1e-9*want+1e-300 && math.Abs(got/want-1) > 1e-8 {
			t.Errorf("none of %d, where others failed %d of %d: %v, want %v", n, x, m, got, want)
		}
		if p(n+1, x) > p(n, x)*(1+1e-9) || x < m && p(n, x+1) > p(n, x)*(1+1e-9) {
			t.Errorf("more items, or more failures of others, make it likelier: %d, %d of %d", n, x, m)
		}
	})
}

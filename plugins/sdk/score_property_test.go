package sdk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

// Whatever comes in, in whatever order: the same judgement or the same problems.
func TestJudgeIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		def := drawDefinition(t)
		answers := drawAnswers(t, def)
		if rapid.Bool().Draw(t, "wrong") {
			answers = append(answers, drawAnyAnswers(t, def)...)
		}
		first, firstErr := sdk.Judge(def, checklist.Inspection{Checklist: def.ID, Answers: answers})
		shuffled := rapid.Permutation(answers).Draw(t, "shuffled")
		second, secondErr := sdk.Judge(def, checklist.Inspection{Checklist: def.ID, Answers: shuffled})
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("judgement depends on the order:\n%s", diff)
		}
		if diff := cmp.Diff(fmt.Sprint(firstErr), fmt.Sprint(secondErr)); diff != "" {
			t.Fatalf("problems depend on the order:\n%s", diff)
		}
	})
}

// The scores are those of exact arithmetic, and the arithmetic shown is true.
func TestJudgeScoresExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		def := drawDefinition(t)
		got := judged(t, def, drawAnswers(t, def))
		if len(got.Items) != len(sdktest.Items(def)) || len(got.Sections) != len(def.Sections) {
			t.Fatalf("%d items and %d sections, want %d and %d", len(got.Items), len(got.Sections), len(sdktest.Items(def)), len(def.Sections))
		}
		earned, weight := new(big.Rat), new(big.Rat)
		rest := got.Items
		for i, section := range def.Sections {
			sectionEarned, sectionWeight := new(big.Rat), new(big.Rat)
			for range section.Items {
				sectionEarned.Add(sectionEarned, new(big.Rat).Mul(rat(rest[0].Credit), rat(rest[0].Weight)))
				sectionWeight.Add(sectionWeight, rat(rest[0].Weight))
				rest = rest[1:]
			}
			checkScore(t, section.ID, got.Sections[i].Score, got.Sections[i].Arithmetic, sectionEarned, sectionWeight)
			earned.Add(earned, sectionEarned)
			weight.Add(weight, sectionWeight)
		}
		checkScore(t, "the whole", got.Score, got.Arithmetic, earned, weight)
	})
}

func checkScore(t *rapid.T, what string, score *float64, arithmetic string, earned, weight *big.Rat) {
	if weight.Sign() == 0 {
		if score != nil || arithmetic != "" {
			t.Fatalf("score of %s = %v (%s), want none", what, *score, arithmetic)
		}
		return
	}
	exact := new(big.Rat).Quo(new(big.Rat).Mul(big.NewRat(100, 1), earned), weight)
	want := exact.FloatString(2) // rounds half away from zero
	if got := fmt.Sprintf("%.2f", *score); got != want || *score < 0 || *score > 100 {
		t.Fatalf("score of %s = %v, want %s", what, *score, want)
	}
	formula, result, _ := strings.Cut(arithmetic, " = ")
	if result != want || evaluate(t, formula).Cmp(exact) != 0 {
		t.Fatalf("arithmetic of %s is %q, want the exact %s", what, arithmetic, exact)
	}
}

// evaluate calculates "100 × (a×b + …) / (c + …)".
func evaluate(t *rapid.T, formula string) *big.Rat {
	dividend, divisor, _ := strings.Cut(strings.TrimPrefix(formula, "100 × "), " / ")
	sum := func(terms string) *big.Rat {
		total := new(big.Rat)
		for _, term := range strings.Split(strings.Trim(terms, "()"), " + ") {
			product := big.NewRat(1, 1)
			for _, factor := range strings.Split(term, "×") {
				value, ok := new(big.Rat).SetString(factor)
				if !ok {
					t.Fatalf("%q in %q is not a number", factor, formula)
				}
				product.Mul(product, value)
			}
			total.Add(total, product)
		}
		return total
	}
	result := new(big.Rat).Quo(sum(dividend), sum(divisor))
	return result.Mul(result, big.NewRat(100, 1))
}

// rat is the decimal that a float is written as.
func rat(x float64) *big.Rat {
	r, _ := new(big.Rat).SetString(fmt.Sprint(x))
	return r
}

func judged(t *rapid.T, def checklist.Definition, answers []checklist.Answer) checklist.Judgement {
	got, err := sdk.Judge(def, checklist.Inspection{Checklist: def.ID, Answers: answers})
	if err != nil {
		t.Fatalf("answers that should be judged: %v", err)
	}
	return got
}

// Turning a failure into a pass lowers no score and fails no inspection, where it
// doesn't decide whether others are asked.
func TestJudgeIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		def := drawDefinition(t)
		for _, section := range def.Sections {
			for i := range section.Items {
				section.Items[i].When = nil
			}
		}
		answers := drawAnswers(t, def)
		before := judged(t, def, answers)
		if len(before.Findings) == 0 {
			return
		}
		fixed := rapid.SampledFrom(before.Findings).Draw(t, "fixed").Item
		for _, item := range sdktest.Items(def) {
			for i := range answers {
				if item.ID == fixed && answers[i].Item == fixed {
					answers[i] = sdktest.GoodAnswer(item)
				}
			}
		}
		after := judged(t, def, answers)
		if len(after.Findings) != len(before.Findings)-1 {
			t.Fatalf("%d findings after fixing one of %d", len(after.Findings), len(before.Findings))
		}
		if before.Score != nil && *after.Score < *before.Score || before.Passed && !after.Passed {
			t.Fatalf("fixing %s turned %q, passed %v, into %q, passed %v", fixed, before.Arithmetic, before.Passed, after.Arithmetic, after.Passed)
		}
		for i := range after.Sections {
			if b, a := before.Sections[i].Score, after.Sections[i].Score; b != nil && *a < *b {
				t.Fatalf("fixing %s lowered section %s from %v to %v", fixed, after.Sections[i].Section, *b, *a)
			}
		}
	})
}

// An item that is not applicable counts as little as one that is not there.
func TestJudgeDropsWhatIsNotApplicable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		def := drawDefinition(t)
		answers := drawAnswers(t, def)
		with := judged(t, def, answers)
		applied := map[string]bool{}
		for _, result := range with.Items {
			applied[result.Item] = result.Outcome != checklist.NotApplicable
		}
		smaller := def
		smaller.Sections = nil
		for _, section := range def.Sections {
			kept := sdk.Section(section.ID, section.Title)
			for _, item := range section.Items {
				if applied[item.ID] {
					kept.Items = append(kept.Items, item)
				}
			}
			smaller.Sections = append(smaller.Sections, kept)
		}
		var kept []checklist.Answer
		for _, a := range answers {
			if applied[a.Item] {
				kept = append(kept, a)
			}
		}
		without := judged(t, smaller, kept)
		without.Items, with.Items = nil, nil
		if diff := cmp.Diff(without, with); diff != "" {
			t.Fatalf("what is not applicable counts (-without +with):\n%s", diff)
		}
	})
}

// A definition that Validate accepts can be answered to the full score.
func TestJudgeGivesFullScoreForGoodAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		def := drawDefinition(t)
		if err := sdk.Validate(describe(def)); err != nil {
			t.Fatal(err)
		}
		got := judged(t, def, sdktest.Good(def).Answers)
		if *got.Score != 100 || !got.Passed || len(got.Findings) != 0 {
			t.Fatalf("score %v, passed %v, findings %v; want 100, passed, none", *got.Score, got.Passed, got.Findings)
		}
	})
}

// Whatever is handed in, Judge does not panic, and blames the input or answers.
func FuzzJudge(f *testing.F) {
	for _, in := range []checklist.Inspection{{}, inspect(), inspect(yes("smile", false), number("rings", -1))} {
		seed, err := json.Marshal(in)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var in checklist.Inspection
		if json.Unmarshal(data, &in) != nil {
			return
		}
		got, err := sdk.Judge(desk(), in)
		if err != nil {
			problems(t, err)
			return
		}
		if len(got.Items) != 7 || got.Score != nil && (*got.Score < 0 || *got.Score > 100) {
			t.Fatalf("judgement = %+v", got)
		}
	})
}

// An item that is not asked has no part in the judgement, and answering it is
// refused.
func TestItemsThatAreNotAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		def := drawDefinition(t)
		answers := drawAnswers(t, def)
		asked := def.Asked(answers)
		got := judged(t, def, answers)
		for i, item := range sdktest.Items(def) {
			if asked[item.ID] {
				continue
			}
			if r := got.Items[i]; r.Outcome != checklist.NotApplicable || r.Weight != 0 {
				t.Fatalf("%s is not asked and counts: %+v", item.ID, r)
			}
			_, err := sdk.Judge(def, checklist.Inspection{Checklist: def.ID, Answers: append(slices.Clone(answers), sdktest.GoodAnswer(item))})
			var input *checklist.InputError
			if !errors.As(err, &input) || !slices.ContainsFunc(input.Problems, func(p checklist.Problem) bool {
				return p.Item == item.ID && p.Code == checklist.ExcludedAnswer
			}) {
				t.Fatalf("answering %s, which is not asked: %v", item.ID, err)
			}
		}
	})
}

// An adjusted inspection is judged as by a checklist that says the same.
func TestAdjustedLikeDefined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		def := drawDefinition(t)
		answers := drawAnswers(t, def)
		var adjustments []checklist.Adjustment
		for _, item := range sdktest.Items(def) {
			if item.Weight > 0 && rapid.Bool().Draw(t, "adjusted") {
				weight := float64(rapid.IntRange(1, 5_000).Draw(t, "weight")) / 1000
				a := checklist.Adjustment{Item: item.ID, Weight: &weight}
				if item.Limits != nil {
					limits := sdk.AtMost(float64(rapid.IntRange(1, 9).Draw(t, "limit")))
					a.Limits = &limits
				}
				adjustments = append(adjustments, a)
			}
		}
		want, err := sdk.Judge(def.Adjusted(adjustments), checklist.Inspection{Checklist: def.ID, Answers: answers})
		if err != nil { // another limit may ask for a condition's other side, or for evidence
			return
		}
		got, err := sdk.Judge(def, checklist.Inspection{Checklist: def.ID, Answers: answers, Adjustments: adjustments})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("adjusted: %v (-defined +adjusted):\n%s", err, diff)
		}
	})
}

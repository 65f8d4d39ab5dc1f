// Package sdktest is for the tests of a plugin's author: it builds inspections
// out of a definition, [Check] tests what every plugin must keep, and [Golden] that
// judgements stay as they are. [Run] makes the same checks without a test, which is
// what "server plugin check" does.
//
// It works on the contract alone, so that it tests a plugin that is not made
// with plugins/sdk just as well. Definitions must be valid (sdk.Validate).
package sdktest

import (
	"cmp"
	"math"
	"slices"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// Items lists the items of a definition in its order.
func Items(def checklist.Definition) []checklist.Item {
	var items []checklist.Item
	for _, section := range def.Sections {
		items = append(items, section.Items...)
	}
	return items
}

// Good answers every item well that is asked then, with evidence; of items that
// exclude each other the first.
func Good(def checklist.Definition) checklist.Inspection {
	return checklist.Inspection{Checklist: def.ID, Answers: fill(def, nil)}
}

// Failing answers the item badly, with evidence, and all others that can apply
// beside it well, but for those that have to be answered otherwise for the item to
// be asked. It is false for an item that no answer can fail, or that no answers
// before it lead to.
func Failing(def checklist.Definition, item string) (checklist.Inspection, bool) {
	items := Items(def)
	i := slices.IndexFunc(items, func(candidate checklist.Item) bool { return candidate.ID == item })
	if i < 0 {
		return checklist.Inspection{}, false
	}
	bad, ok := BadAnswer(items[i])
	if !ok {
		return checklist.Inspection{}, false
	}
	fixed := map[string]checklist.Answer{item: bad}
	lead(items, items[i], fixed)
	in := checklist.Inspection{Checklist: def.ID, Answers: fill(def, fixed)}
	return in, def.Asked(in.Answers)[item] && !clash(items, fixed)
}

// clash reports whether two of the answers exclude each other.
func clash(items []checklist.Item, fixed map[string]checklist.Answer) bool {
	return slices.ContainsFunc(items, func(item checklist.Item) bool {
		_, is := fixed[item.ID]
		return is && slices.ContainsFunc(item.Excludes, func(other string) bool { _, is := fixed[other]; return is })
	})
}

// lead fixes the answers that an item needs before it to be asked.
func lead(items []checklist.Item, item checklist.Item, fixed map[string]checklist.Answer) {
	for _, condition := range item.When {
		i := slices.IndexFunc(items, func(candidate checklist.Item) bool { return candidate.ID == condition.Item })
		if _, taken := fixed[condition.Item]; taken || i < 0 {
			continue
		}
		fixed[condition.Item] = meeting(items[i], condition)
		lead(items, items[i], fixed)
	}
}

// meeting is an answer to an item for which the condition holds, with evidence.
func meeting(item checklist.Item, condition checklist.Condition) checklist.Answer {
	if good := GoodAnswer(item); condition.Holds(good) {
		return good
	}
	switch item.Kind {
	case checklist.YesNo:
		return Yes(item.ID, *condition.Yes)
	case checklist.Choice:
		return Choice(item.ID, condition.AnyOf[0])
	case checklist.MultipleChoice:
		return Choices(item.ID, condition.AnyOf[0])
	default:
		within := item
		within.Limits = condition.Within
		return GoodAnswer(within)
	}
}

// fill answers the items well that are asked and that no other excludes, but for
// those whose answers are fixed. Fixed answers come first among rivals.
func fill(def checklist.Definition, fixed map[string]checklist.Answer) []checklist.Answer {
	excluded := map[string]bool{}
	exclude := func(item checklist.Item) {
		for _, id := range item.Excludes {
			excluded[id] = true
		}
	}
	for _, item := range Items(def) {
		if answer, is := fixed[item.ID]; is && !answer.NotApplicable {
			exclude(item)
		}
	}
	var answers []checklist.Answer
	for _, item := range Items(def) {
		answer, is := fixed[item.ID]
		switch {
		case is:
		case excluded[item.ID] || len(item.When) > 0 && !def.Asked(answers)[item.ID]:
			continue
		default:
			answer = GoodAnswer(item)
			exclude(item)
		}
		answers = append(answers, answer)
	}
	return answers
}

// Replace returns the inspection with other answers to the items that answers
// name.
func Replace(in checklist.Inspection, answers ...checklist.Answer) checklist.Inspection {
	in.Answers = slices.DeleteFunc(slices.Clone(in.Answers), func(old checklist.Answer) bool {
		return slices.ContainsFunc(answers, func(a checklist.Answer) bool { return a.Item == old.Item })
	})
	in.Answers = append(in.Answers, answers...)
	return in
}

// Yes answers a yes-no item, with evidence.
func Yes(item string, yes bool) checklist.Answer {
	return checklist.Answer{Item: item, Yes: &yes, Evidence: 1}
}

// Number answers a number item, with evidence.
func Number(item string, value float64) checklist.Answer {
	return checklist.Answer{Item: item, Number: &value, Evidence: 1}
}

// Choice answers a choice item, with evidence.
func Choice(item, option string) checklist.Answer {
	return checklist.Answer{Item: item, Choice: &option, Evidence: 1}
}

// Choices answers a multiple-choice item, with evidence.
func Choices(item string, options ...string) checklist.Answer {
	return checklist.Answer{Item: item, Choices: append([]string{}, options...), Evidence: 1}
}

// Seconds answers a duration item, with evidence.
func Seconds(item string, seconds float64) checklist.Answer {
	return checklist.Answer{Item: item, Seconds: &seconds, Evidence: 1}
}

// WithoutEvidence takes the files from an answer.
func WithoutEvidence(answer checklist.Answer) checklist.Answer {
	answer.Evidence = 0
	return answer
}

// NotApplicable puts an item aside.
func NotApplicable(item string) checklist.Answer {
	return checklist.Answer{Item: item, NotApplicable: true}
}

// GoodAnswer is an answer that passes the item, with evidence.
func GoodAnswer(item checklist.Item) checklist.Answer {
	switch item.Kind {
	case checklist.YesNo:
		return Yes(item.ID, true)
	case checklist.Number:
		return Number(item.ID, goodNumber(item))
	case checklist.Duration:
		return Seconds(item.ID, goodNumber(item))
	case checklist.Choice:
		best := slices.MaxFunc(item.Choices, func(a, b checklist.Option) int { return cmp.Compare(a.Credit, b.Credit) })
		return Choice(item.ID, best.ID)
	case checklist.MultipleChoice:
		all := make([]string, len(item.Choices))
		for i, option := range item.Choices {
			all[i] = option.ID
		}
		return Choices(item.ID, all...)
	default:
		return checklist.Answer{Item: item.ID, Filled: true, Evidence: 1}
	}
}

// BadAnswer is an answer that fails the item, with evidence. It is false for an
// item that no answer can fail.
func BadAnswer(item checklist.Item) (checklist.Answer, bool) {
	switch item.Kind {
	case checklist.YesNo:
		return Yes(item.ID, false), true
	case checklist.Number:
		value, ok := badNumber(item)
		return Number(item.ID, value), ok
	case checklist.Duration:
		value, ok := badNumber(item)
		return Seconds(item.ID, value), ok
	case checklist.MultipleChoice:
		return Choices(item.ID), true
	case checklist.Choice:
		worst := slices.MinFunc(item.Choices, func(a, b checklist.Option) int { return cmp.Compare(a.Credit, b.Credit) })
		return Choice(item.ID, worst.ID), worst.Credit < 1
	default:
		return GoodAnswer(item), false
	}
}

func goodNumber(item checklist.Item) float64 {
	switch limits := item.Limits; {
	case limits == nil:
		return 1
	case limits.Upper != nil && isWhole(item.Unit):
		return math.Floor(*limits.Upper)
	case limits.Upper != nil:
		return *limits.Upper
	case isWhole(item.Unit):
		return math.Ceil(*limits.Lower)
	default:
		return *limits.Lower
	}
}

// badNumber is false when the unit has no number outside the limits.
func badNumber(item checklist.Item) (float64, bool) {
	if item.Limits == nil {
		return 0, false
	}
	if upper := item.Limits.Upper; upper != nil {
		if value := math.Floor(*upper) + 1; item.Unit != sdk.Percent || value <= 100 {
			return value, true
		}
	}
	if lower := item.Limits.Lower; lower != nil {
		if value := math.Ceil(*lower) - 1; !isStandard(item.Unit) || value >= 0 {
			return value, true
		}
	}
	return 0, false
}

func isWhole(unit string) bool { return unit == sdk.Rings || unit == sdk.Count }

func isStandard(unit string) bool {
	return slices.Contains([]string{sdk.Rings, sdk.Count, sdk.Minutes, sdk.Days, sdk.Seconds, sdk.Percent}, unit)
}

package rules_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// answers are the ways in which an item can be answered, each with only one value.
var answers = map[string]rules.Answer{
	"nothing":         {},
	"not applicable":  {NotApplicable: true},
	"yes":             {Yes: new(true)},
	"no":              {Yes: new(false)},
	"a choice":        {Choice: new("good")},
	"another choice":  {Choice: new("unheard of")},
	"a number":        {Number: new(3.5)},
	"zero":            {Number: new(0.0)},
	"not a number":    {Number: new(math.NaN())},
	"infinity":        {Number: new(math.Inf(1))},
	"-infinity":       {Number: new(math.Inf(-1))},
	"some choices":    {Choices: []string{"good", "bad"}},
	"no choices":      {Choices: []string{}},
	"other choices":   {Choices: []string{"good", "unheard of"}},
	"a choice twice":  {Choices: []string{"good", "good"}},
	"a time":          {Seconds: new(90.0)},
	"a time below 0":  {Seconds: new(-1.0)},
	"an endless time": {Seconds: new(math.Inf(1))},
	"a text":          {Text: new("seen")},
	"a photo":         {Evidence: []string{"photo-1"}},
}

func item(kind checklist.Kind) checklist.Item {
	i := checklist.Item{ID: "item", Kind: kind}
	if kind == checklist.Choice || kind == checklist.MultipleChoice {
		i.Choices = []checklist.Option{{ID: "bad"}, {ID: "good", Credit: 1}}
	}
	return i
}

func TestCheckAnswer(t *testing.T) {
	// What is not listed for a kind does not fit it.
	for kind, fitting := range map[checklist.Kind]map[string]rules.AnswerProblem{
		checklist.YesNo:  {"not applicable": "", "yes": "", "no": ""},
		checklist.Choice: {"not applicable": "", "a choice": "", "another choice": rules.UnknownChoice},
		checklist.Number: {"not applicable": "", "a number": "", "zero": "",
			"not a number": rules.NotANumber, "infinity": rules.NotANumber, "-infinity": rules.NotANumber},
		checklist.Prose:     {"not applicable": "", "a text": ""},
		checklist.Photo:     {"not applicable": "", "a photo": ""},
		checklist.Signature: {"not applicable": "", "a photo": ""},
		checklist.MultipleChoice: {"not applicable": "", "some choices": "", "no choices": "",
			"other choices": rules.UnknownChoice, "a choice twice": rules.UnknownChoice},
		checklist.Duration: {"not applicable": "", "a time": "", "a time below 0": rules.NegativeTime, "an endless time": rules.NotANumber},
	} {
		for name, answer := range answers {
			want, fits := fitting[name]
			if !fits {
				want = rules.WrongKind
			}
			if got := rules.CheckAnswer(item(kind), answer); got != want {
				t.Errorf("%s for an item of kind %s: %q, want %q", name, kind, got, want)
			}
			if name == "not applicable" || !fits {
				continue
			}
			// A value besides "not applicable", or besides another value, is a contradiction.
			both := answer
			both.NotApplicable = true
			if got := rules.CheckAnswer(item(kind), both); got != rules.WrongKind {
				t.Errorf("%s and not applicable for an item of kind %s: %q, want %q", name, kind, got, rules.WrongKind)
			}
			second := answer
			if kind == checklist.YesNo {
				second.Number = new(1.0)
			} else {
				second.Yes = new(true)
			}
			if got := rules.CheckAnswer(item(kind), second); got != rules.WrongKind {
				t.Errorf("%s and a second value for an item of kind %s: %q, want %q", name, kind, got, rules.WrongKind)
			}
			// Any item may carry evidence beside its answer.
			proven := answer
			proven.Evidence = []string{"photo-1", "photo-2"}
			if got := rules.CheckAnswer(item(kind), proven); got != want {
				t.Errorf("%s with evidence for an item of kind %s: %q, want %q", name, kind, got, want)
			}
		}
	}
}

// A plugin learns the values and how much there is of the rest, nothing else.
func TestForPlugin(t *testing.T) {
	for _, test := range []struct {
		name string
		kind checklist.Kind
		in   rules.Answer
		want checklist.Answer
	}{
		{"yes with evidence", checklist.YesNo, rules.Answer{Item: "a", Yes: new(true), Evidence: []string{"x", "y"}},
			checklist.Answer{Item: "a", Yes: new(true), Evidence: 2}},
		{"choice", checklist.Choice, rules.Answer{Item: "a", Choice: new("good")}, checklist.Answer{Item: "a", Choice: new("good")}},
		{"number", checklist.Number, rules.Answer{Item: "a", Number: new(2.5)}, checklist.Answer{Item: "a", Number: new(2.5)}},
		{"text", checklist.Prose, rules.Answer{Item: "a", Text: new("private")}, checklist.Answer{Item: "a", Filled: true}},
		{"photo", checklist.Photo, rules.Answer{Item: "a", Evidence: []string{"private.jpg"}}, checklist.Answer{Item: "a", Filled: true, Evidence: 1}},
		{"not applicable", checklist.Prose, rules.Answer{Item: "a", NotApplicable: true}, checklist.Answer{Item: "a", NotApplicable: true}},
		{"not applicable with evidence", checklist.YesNo, rules.Answer{Item: "a", NotApplicable: true, Evidence: []string{"x"}},
			checklist.Answer{Item: "a", NotApplicable: true, Evidence: 1}},
	} {
		if diff := cmp.Diff(test.want, test.in.ForPlugin(test.kind)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestItems(t *testing.T) {
	d := checklist.Definition{Sections: []checklist.Section{
		{ID: "first", Items: []checklist.Item{{ID: "a"}, {ID: "b", Kind: checklist.Number}}},
		{ID: "empty"},
		{ID: "last", Items: []checklist.Item{{ID: "c"}}},
	}}
	want := map[string]checklist.Item{"a": {ID: "a"}, "b": {ID: "b", Kind: checklist.Number}, "c": {ID: "c"}}
	if diff := cmp.Diff(want, rules.Items(d)); diff != "" {
		t.Errorf("Items (-want +got):\n%s", diff)
	}
}

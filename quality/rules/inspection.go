package rules

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// AnswerProblem says what is wrong with an answer.
type AnswerProblem string

// The problems of an answer.
const (
	UnknownItem   AnswerProblem = "UNKNOWN_ITEM"   // the checklist has no such item
	AnsweredTwice AnswerProblem = "ANSWERED_TWICE" // the same item twice in one go
	WrongKind     AnswerProblem = "WRONG_KIND"     // the value does not fit the item's kind, or there is none or several
	UnknownChoice AnswerProblem = "UNKNOWN_CHOICE" // the item has no such choice
	NotANumber    AnswerProblem = "NOT_A_NUMBER"   // infinite or not a number
	NegativeTime  AnswerProblem = "NEGATIVE_TIME"  // a length of time below zero
)

// Answer is what an inspector gives for one item.
type Answer struct {
	Item          string
	NotApplicable bool
	Yes           *bool
	Choice        *string
	Choices       []string // nil: none is given; empty: none of the options is chosen
	Number        *float64
	Seconds       *float64
	Text          *string
	Evidence      []string
}

// Says is what the answer says, without its evidence: the same text for answers that
// say the same. Its numbers are finite.
func (a Answer) Says() string {
	a.Item, a.Evidence, a.Choices = "", nil, slices.Sorted(slices.Values(a.Choices))
	body, _ := json.Marshal(a) // of finite numbers, which never fails
	return string(body)
}

// Items returns the items of a checklist by their ids.
func Items(d checklist.Definition) map[string]checklist.Item {
	items := map[string]checklist.Item{}
	for _, section := range d.Sections {
		for _, item := range section.Items {
			items[item.ID] = item
		}
	}
	return items
}

// CheckAnswer returns what is wrong with an answer to an item; "" if nothing is. Any
// item may carry evidence beside its answer; of a photo or signature it is the answer.
func CheckAnswer(item checklist.Item, a Answer) AnswerProblem {
	given := checklist.Answer{Yes: a.Yes, Choice: a.Choice, Choices: a.Choices, Number: a.Number, Seconds: a.Seconds, Filled: a.Text != nil}
	byFile := item.Kind == checklist.Photo || item.Kind == checklist.Signature
	switch values := given.Values(); {
	case a.NotApplicable && (values > 0 || byFile && len(a.Evidence) > 0),
		!a.NotApplicable && byFile && (values > 0 || len(a.Evidence) == 0),
		!a.NotApplicable && !byFile && (values != 1 || !given.Fits(item.Kind)):
		return WrongKind
	}
	if !finite(a.Number) || !finite(a.Seconds) {
		return NotANumber
	}
	if a.Seconds != nil && *a.Seconds < 0 {
		return NegativeTime
	}
	chosen := given.Chosen()
	for i, id := range chosen {
		known := slices.ContainsFunc(item.Choices, func(o checklist.Option) bool { return o.ID == id })
		if !known || slices.Contains(chosen[:i], id) {
			return UnknownChoice
		}
	}
	return ""
}

func finite(value *float64) bool {
	return value == nil || !math.IsNaN(*value) && !math.IsInf(*value, 0)
}

// ForPlugin turns an answer into what a plugin is given: no text of the
// inspector's, and of files only how many there are.
func (a Answer) ForPlugin(kind checklist.Kind) checklist.Answer {
	byFile := kind == checklist.Photo || kind == checklist.Signature
	return checklist.Answer{
		Item: a.Item, NotApplicable: a.NotApplicable, Yes: a.Yes, Choice: a.Choice, Choices: a.Choices, Number: a.Number, Seconds: a.Seconds,
		Filled:   a.Text != nil || byFile && len(a.Evidence) > 0,
		Evidence: len(a.Evidence),
	}
}

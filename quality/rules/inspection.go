package rules

import (
	"math"

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
)

// Answer is what an inspector gives for one item.
type Answer struct {
	Item          string
	NotApplicable bool
	Yes           *bool
	Choice        *string
	Number        *float64
	Text          *string
	Evidence      []string
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

// CheckAnswer returns what is wrong with an answer to an item; "" if nothing is.
func CheckAnswer(item checklist.Item, a Answer) AnswerProblem {
	given := map[checklist.Kind]bool{
		checklist.YesNo:  a.Yes != nil,
		checklist.Choice: a.Choice != nil,
		checklist.Number: a.Number != nil,
		checklist.Prose:  a.Text != nil,
		checklist.Photo:  len(a.Evidence) > 0,
	}
	for kind, is := range given {
		evidenceBeside := kind == checklist.Photo && item.Kind != checklist.Photo // any item may carry evidence
		expected := kind == item.Kind && !a.NotApplicable
		if is != expected && !evidenceBeside {
			return WrongKind
		}
	}
	if a.Number != nil && (math.IsNaN(*a.Number) || math.IsInf(*a.Number, 0)) {
		return NotANumber
	}
	if a.Choice == nil {
		return ""
	}
	for _, option := range item.Choices {
		if option.ID == *a.Choice {
			return ""
		}
	}
	return UnknownChoice
}

// ForPlugin turns an answer into what a plugin is given: no text of the
// inspector's, and of files only how many there are.
func (a Answer) ForPlugin(kind checklist.Kind) checklist.Answer {
	return checklist.Answer{
		Item: a.Item, NotApplicable: a.NotApplicable, Yes: a.Yes, Choice: a.Choice, Number: a.Number,
		Filled:   kind == checklist.Prose && a.Text != nil || kind == checklist.Photo && len(a.Evidence) > 0,
		Evidence: len(a.Evidence),
	}
}

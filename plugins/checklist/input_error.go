package checklist

import (
	"strconv"
	"strings"
)

// InputError is the error of Judge that blames the answers and not the plugin:
// the inspector can put every problem right and hand the inspection in again.
type InputError struct {
	Problems []Problem // at least one, in the order of the checklist; unknown items come last
}

// Problem is one thing to put right in the answers.
type Problem struct {
	Item string      `json:"item"` // the item as the answer named it; empty when the whole inspection is meant
	Code ProblemCode `json:"code"`
	Text Text        `json:"text"` // what to do, for the inspector; never repeats an answer
}

// ProblemCode says what is wrong with an answer.
type ProblemCode string

// The problem codes.
const (
	UnknownChecklist ProblemCode = "UNKNOWN_CHECKLIST" // the plugin has no such checklist
	UnknownItem      ProblemCode = "UNKNOWN_ITEM"      // the checklist has no such item
	DuplicateAnswer  ProblemCode = "DUPLICATE_ANSWER"  // the item is answered more than once
	Unanswered       ProblemCode = "UNANSWERED"        // a required item has no answer
	WrongKind        ProblemCode = "WRONG_KIND"        // the answer is of another kind than the item, or is two at once
	UnknownChoice    ProblemCode = "UNKNOWN_CHOICE"    // the item has no such option
	ImpossibleNumber ProblemCode = "IMPOSSIBLE_NUMBER" // not finite, or not possible in the item's unit: -1 rings, 120 %
	ExcludedAnswer   ProblemCode = "EXCLUDED_ANSWER"   // an item that excludes this one is answered, too
	EvidenceMissing  ProblemCode = "EVIDENCE_MISSING"  // the item's evidence rule asks for a file
	RejectedByRule   ProblemCode = "REJECTED_BY_RULE"  // a rule of the checklist finds that the answers contradict each other
)

// Error lists codes and items, such as `answers cannot be judged: UNANSWERED
// "smile", WRONG_KIND "uniform"`. It holds no answer.
func (e *InputError) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = string(p.Code)
		if p.Item != "" {
			parts[i] += " " + strconv.Quote(p.Item)
		}
	}
	return "answers cannot be judged: " + strings.Join(parts, ", ")
}

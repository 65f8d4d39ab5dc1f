package rules

import (
	"cmp"
	"slices"
	"time"
)

// AnswerState says whether an answer counts.
type AnswerState string

// The states of an answer.
const (
	AnswerCurrent     AnswerState = "CURRENT"     // it counts
	AnswerAgreeing    AnswerState = "AGREEING"    // another counts that says the same
	AnswerReplaced    AnswerState = "REPLACED"    // another counts instead, which its author or who knew of it gave
	AnswerConflicting AnswerState = "CONFLICTING" // another counts whose author did not know of this one
	AnswerLate        AnswerState = "LATE"        // it arrived after the judgement
)

// GivenAnswer is an answer to one item as far as it matters for which one counts.
type GivenAnswer struct {
	ID    string    // of the answer; never that of another to the item
	By    string    // who gave it
	At    time.Time // when it was given
	Value string    // what it says; the same for answers that say the same
}

// PlaceAnswer says what becomes of an answer that arrives and of those that stand until
// now: the one that counts, and those that agree or conflict with it. The arriving one
// takes the place of those that its author knew of. Then the latest of each author
// stands, and the latest of all counts. In whatever order answers arrive of which none
// knew of another, the same one counts in the end, and the same are in conflict.
func PlaceAnswer(standing []GivenAnswer, arriving GivenAnswer, knew func(id string) bool) map[string]AnswerState {
	states := map[string]AnswerState{}
	rest := []GivenAnswer{arriving}
	for _, a := range standing {
		states[a.ID] = AnswerReplaced
		if !knew(a.ID) {
			rest = append(rest, a)
		}
	}
	// The latest first: by time, and by their ids where two are of one instant.
	slices.SortFunc(rest, func(a, b GivenAnswer) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
	heard := map[string]bool{}
	for i, a := range rest {
		switch {
		case heard[a.By]:
			states[a.ID] = AnswerReplaced
		case i == 0:
			states[a.ID] = AnswerCurrent
		case a.Value == rest[0].Value:
			states[a.ID] = AnswerAgreeing
		default:
			states[a.ID] = AnswerConflicting
		}
		heard[a.By] = true
	}
	return states
}

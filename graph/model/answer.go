package model

import (
	"math"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/answer"
	"github.com/seed-34fcb60d/rounds/graph/relay"
)

// Answer is an answer by the kind of its item.
type Answer interface {
	relay.Node
	IsAnswer()
}

// GivenAnswer is what the answers to items of all kinds have.
type GivenAnswer struct{ *db.Answer }

// IsAnswer makes the kinds of answers one.
func (GivenAnswer) IsAnswer() {}

// Row is the answer as it is stored.
func (a GivenAnswer) Row() *db.Answer { return a.Answer }

// YesNoAnswer is the answer to a yes-or-no item.
type YesNoAnswer struct{ GivenAnswer }

// ChoiceAnswer is the answer to a choice item.
type ChoiceAnswer struct{ GivenAnswer }

// MultipleChoiceAnswer is the answer to a multiple-choice item.
type MultipleChoiceAnswer struct{ GivenAnswer }

// NumberAnswer is the answer to a number item.
type NumberAnswer struct{ GivenAnswer }

// DurationAnswer is the answer to a duration item.
type DurationAnswer struct{ GivenAnswer }

// TextAnswer is the answer to a text item.
type TextAnswer struct{ GivenAnswer }

// PhotoAnswer is the answer to a photo item.
type PhotoAnswer struct{ GivenAnswer }

// SignatureAnswer is the answer to a signature item.
type SignatureAnswer struct{ GivenAnswer }

// Duration is the length of time, nil when the item does not apply.
func (a DurationAnswer) Duration() *time.Duration { return Seconds(a.Seconds) }

// Seconds is the length of time that is a number of seconds, nil for nil.
func Seconds(s *float64) *time.Duration {
	if s == nil {
		return nil
	}
	d := time.Duration(math.Round(*s * float64(time.Second)))
	return &d
}

// AnswerOf gives an answer the type of its item's kind.
func AnswerOf(a *db.Answer) Answer {
	given := GivenAnswer{a}
	switch a.Kind {
	case answer.KindCHOICE:
		return ChoiceAnswer{given}
	case answer.KindMULTIPLE_CHOICE:
		return MultipleChoiceAnswer{given}
	case answer.KindNUMBER:
		return NumberAnswer{given}
	case answer.KindDURATION:
		return DurationAnswer{given}
	case answer.KindTEXT:
		return TextAnswer{given}
	case answer.KindPHOTO:
		return PhotoAnswer{given}
	case answer.KindSIGNATURE:
		return SignatureAnswer{given}
	default:
		return YesNoAnswer{given}
	}
}

package model

import (
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
)

// ChecklistItem is a question of a checklist, by its kind.
type ChecklistItem interface{ IsChecklistItem() }

// Item is what the questions of all kinds have.
type Item struct {
	Code        string
	Text        *LocalizedText
	Kind        ItemKind
	Required    bool
	Weight      float64
	Severity    servicecase.Severity
	KeyActivity bool
	Evidence    EvidenceRule
	Excludes    []string
	When        []*ItemCondition
}

// IsChecklistItem makes the kinds of questions one.
func (Item) IsChecklistItem() {}

// YesNoItem is a question that is answered by yes or no.
type YesNoItem struct{ Item }

// ChoiceItem is a question that is answered by one of its choices.
type ChoiceItem struct {
	Item
	Choices []*ItemChoice
}

// MultipleChoiceItem is a question that is answered by any of its choices.
type MultipleChoiceItem struct {
	Item
	Choices []*ItemChoice
}

// NumberItem is a question that is answered by a number.
type NumberItem struct {
	Item
	Characteristic         bool
	Unit                   string
	LowerLimit, UpperLimit *float64
}

// DurationItem is a question that is answered by a length of time.
type DurationItem struct {
	Item
	Characteristic    bool
	Shortest, Longest *time.Duration
}

// TextItem is a question that is answered by a text.
type TextItem struct{ Item }

// PhotoItem is a question that is answered by photos.
type PhotoItem struct{ Item }

// SignatureItem is a question that is answered by a signature.
type SignatureItem struct{ Item }

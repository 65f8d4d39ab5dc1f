package sdk

import (
	"math"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// T is a text in both languages of Rounds, English and Simplified Chinese.
func T(en, zh string) checklist.Text { return checklist.Text{EN: en, ZH: zh} }

// Define starts a checklist that passes from passMark, 0 to 100, on.
func Define(id string, title checklist.Text, passMark float64, sections ...checklist.Section) Sheet {
	return Sheet{Definition: checklist.Definition{ID: id, Title: title, PassMark: passMark, Sections: sections}}
}

// WithSuggestions lets the sheet propose answers out of facts.
func (s Sheet) WithSuggestions(suggest func(Known) []checklist.Suggestion) Sheet {
	s.Suggest = suggest
	return s
}

// With adds rules across items.
func (s Sheet) With(rules ...Rule) Sheet {
	s.Rules = append(s.Rules[:len(s.Rules):len(s.Rules)], rules...)
	return s
}

// Section groups items.
func Section(id string, title checklist.Text, items ...checklist.Item) checklist.Section {
	return checklist.Section{ID: id, Title: title, Items: items}
}

// Item is a question with the answers yes, which is good, and no. It is
// required, weighs 1, needs no evidence, and its finding is [checklist.Minor],
// or [checklist.Major] for a key activity. Options change that, in any order.
func Item(id string, text checklist.Text, options ...Option) checklist.Item {
	item := checklist.Item{ID: id, Text: text, Kind: checklist.YesNo, Required: true, Weight: 1, Evidence: checklist.NoEvidence}
	for _, option := range options {
		option(&item)
	}
	if item.Severity == "" {
		item.Severity = checklist.Minor
		if item.Key {
			item.Severity = checklist.Major
		}
	}
	return item
}

// Option changes what [Item] assumes.
type Option func(*checklist.Item)

// Weight sets the item's share: twice the weight, twice the points. 0 records
// the answer without scoring it.
func Weight(weight float64) Option {
	return func(item *checklist.Item) { item.Weight = weight }
}

// Key marks a key activity (▲): when it fails, the inspection fails.
func Key() Option {
	return func(item *checklist.Item) { item.Key = true }
}

// Major makes the item's finding a major one.
func Major() Option {
	return func(item *checklist.Item) { item.Severity = checklist.Major }
}

// Critical makes the item's finding a critical one.
func Critical() Option {
	return func(item *checklist.Item) { item.Severity = checklist.Critical }
}

// Optional lets an inspection be completed without an answer to the item, which
// then is not applicable.
func Optional() Option {
	return func(item *checklist.Item) { item.Required = false }
}

// EvidenceOnFail asks for a photo, recording or document when the item fails.
func EvidenceOnFail() Option {
	return func(item *checklist.Item) { item.Evidence = checklist.EvidenceOnFail }
}

// EvidenceAlways asks for a photo, recording or document with every answer.
func EvidenceAlways() Option {
	return func(item *checklist.Item) { item.Evidence = checklist.EvidenceRequired }
}

// Excludes names the items that cannot apply together with this one. They name
// this one in turn.
func Excludes(items ...string) Option {
	return func(item *checklist.Item) { item.Excludes = append(item.Excludes, items...) }
}

// Tracked makes the item an important characteristic (□): a number that is
// charted against its limits.
func Tracked(unit string, limits checklist.Limits) Option {
	return func(item *checklist.Item) {
		Number(unit, limits)(item)
		item.Tracked = true
	}
}

// Number makes the item a number. The zero limits record it without judging it.
func Number(unit string, limits checklist.Limits) Option {
	return func(item *checklist.Item) {
		item.Kind, item.Unit = checklist.Number, unit
		if limits != (checklist.Limits{}) {
			item.Limits = &limits
		}
	}
}

// Choice makes the item a choice among options, the best usually first.
func Choice(options ...checklist.Option) Option {
	return func(item *checklist.Item) { item.Kind, item.Choices = checklist.Choice, options }
}

// Answer is an option of a [Choice] that earns credit, 0 to 1, of the weight.
func Answer(id string, text checklist.Text, credit float64) checklist.Option {
	return checklist.Option{ID: id, Text: text, Credit: credit}
}

// MultipleChoice makes the item a choice of any number of options, whose credits
// add up, to 1 at most.
func MultipleChoice(options ...checklist.Option) Option {
	return func(item *checklist.Item) { item.Kind, item.Choices = checklist.MultipleChoice, options }
}

// Duration makes the item a time in seconds. The zero limits record it without
// judging it.
func Duration(limits checklist.Limits) Option {
	return func(item *checklist.Item) {
		Number(Seconds, limits)(item)
		item.Kind = checklist.Duration
	}
}

// TrackedDuration makes the item an important characteristic (□): a time in
// seconds that is charted against its limits.
func TrackedDuration(limits checklist.Limits) Option {
	return func(item *checklist.Item) {
		Duration(limits)(item)
		item.Tracked = true
	}
}

// When makes the item depend on answers before it: it is asked when all of the
// conditions hold, and not applicable otherwise.
func When(conditions ...checklist.Condition) Option {
	return func(item *checklist.Item) { item.When = append(item.When, conditions...) }
}

// IfYes holds when a yes-no item is answered yes.
func IfYes(item string) checklist.Condition { return checklist.Condition{Item: item, Yes: new(true)} }

// IfNo holds when a yes-no item is answered no.
func IfNo(item string) checklist.Condition { return checklist.Condition{Item: item, Yes: new(false)} }

// IfChosen holds when one of the options at least is chosen.
func IfChosen(item string, options ...string) checklist.Condition {
	return checklist.Condition{Item: item, AnyOf: options}
}

// IfWithin holds when a number, or a duration in seconds, lies within the limits.
func IfWithin(item string, limits checklist.Limits) checklist.Condition {
	return checklist.Condition{Item: item, Within: &limits}
}

// Remark makes the item a text of the inspector's, which is not scored.
func Remark() Option {
	return func(item *checklist.Item) { item.Kind, item.Weight = checklist.Prose, 0 }
}

// Photo makes the item a photo, which is not scored.
func Photo() Option {
	return func(item *checklist.Item) { item.Kind, item.Weight = checklist.Photo, 0 }
}

// Signature makes the item a signature, which is not scored.
func Signature() Option {
	return func(item *checklist.Item) { item.Kind, item.Weight = checklist.Signature, 0 }
}

// AtMost limits a number from above. The limit itself is good.
func AtMost(upper float64) checklist.Limits { return checklist.Limits{Upper: &upper} }

// AtLeast limits a number from below. The limit itself is good.
func AtLeast(lower float64) checklist.Limits { return checklist.Limits{Lower: &lower} }

// Between limits a number on both sides. The limits themselves are good.
func Between(lower, upper float64) checklist.Limits {
	return checklist.Limits{Lower: &lower, Upper: &upper}
}

// The units that Rounds knows: it writes them in both languages and refuses
// numbers that are impossible in them. Other units are taken as they are.
const (
	Rings   = "rings" // of a telephone before the answer: whole, not negative
	Count   = "count" // whole, not negative
	Minutes = "min"   // not negative
	Days    = "days"  // not negative
	Seconds = "s"     // not negative; the unit of every duration
	Percent = "%"     // 0 to 100
)

// unit is what is known of a unit.
type unit struct {
	whole         bool
	min, max      float64
	one, many, zh string // what follows the number in a sentence
}

// unitOf tells what is known of a unit; of another than the standard ones only
// how it is written.
func unitOf(name string) unit {
	switch name {
	case Rings:
		return unit{whole: true, max: math.MaxFloat64, one: " ring", many: " rings", zh: " 声"}
	case Count:
		return unit{whole: true, max: math.MaxFloat64}
	case Minutes:
		return unit{max: math.MaxFloat64, one: " min", many: " min", zh: " 分钟"}
	case Days:
		return unit{max: math.MaxFloat64, one: " day", many: " days", zh: " 天"}
	case Seconds:
		return unit{max: math.MaxFloat64, one: " s", many: " s", zh: " 秒"}
	case Percent:
		return unit{max: 100, one: " %", many: " %", zh: "%"}
	}
	return unit{min: -math.MaxFloat64, max: math.MaxFloat64, one: " " + name, many: " " + name, zh: " " + name}
}

// holds reports whether a number is possible in the unit.
func (u unit) holds(value float64) bool {
	return value >= u.min && value <= u.max && (!u.whole || value == math.Trunc(value))
}

// quantity writes a number with its unit in both languages.
func (u unit) quantity(value float64) checklist.Text {
	digits, en := decimal(value), u.many
	if value == 1 {
		en = u.one
	}
	return T(digits+en, digits+u.zh)
}

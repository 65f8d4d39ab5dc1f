// Package checklist is the contract between Rounds and a department's plugin,
// in plain Go: what a checklist looks like, what the host hands in when an
// inspection is judged, and what the plugin answers.
//
// The wire form of the same contract is plugins/checklistpb. Serving it from a
// process is plugins/sdk, running such processes is plugins/host. This package
// has no I/O and depends on nothing of Rounds.
package checklist

import (
	"context"
	"encoding/json"
)

// Checklist is what a department's plugin implements. The host calls it from
// several goroutines at once. What else a plugin can do is told by the optional
// interfaces: [Checker], [Suggester], [Upgrader], [Batcher], [HealthReporter] and
// [Configurable].
type Checklist interface {
	// Describe lists the checklists. It is called once, when the plugin starts.
	Describe(ctx context.Context) (Description, error)

	// Judge returns one result per item of the checklist, the same for the same
	// answers in whatever order, before the deadline of ctx. It is given no
	// customer data: no names, no notes, and of texts and photos only how many
	// there are. Answers that cannot be judged give an [*InputError]; any other
	// error is the plugin's own fault.
	Judge(ctx context.Context, in Inspection) (Judgement, error)
}

// Text is one text in the languages that Rounds speaks. Both are required.
type Text struct {
	EN string `json:"en"` // English
	ZH string `json:"zh"` // Simplified Chinese
}

// Description is what a plugin says of itself.
type Description struct {
	Plugin     string       `json:"plugin"`  // id, such as "frontdesk": a letter, then letters, digits and hyphens, all lower case, at most 40
	Version    string       `json:"version"` // semantic version without "v", such as "1.2.0", at most 40
	Name       Text         `json:"name"`
	Checklists []Definition `json:"checklists"`

	// Capabilities are the further calls that the plugin answers. The host makes no
	// other, and passes over those that it does not know.
	Capabilities []Capability `json:"capabilities,omitempty"`

	// ConfigurationSchema is the JSON Schema (2020-12, an object, at most 64 KiB) of
	// the configuration that the plugin takes; empty when it takes none.
	ConfigurationSchema json.RawMessage `json:"configurationSchema,omitempty"`
}

// Definition is one checklist as a plugin publishes it. It is stored with every
// inspection that uses it and never read again from the plugin.
type Definition struct {
	ID       string    `json:"id"` // "<area>.<name>", such as "frontdesk.reception", at most 80; unique among all plugins of a server
	Title    Text      `json:"title"`
	PassMark float64   `json:"passMark"` // the total score, 0 to 100, from which an inspection passes
	Sections []Section `json:"sections"`
}

// Section groups items that are scored together. Sections have no weight of
// their own: the whole score is that of all items, so a section counts with the
// weights of its items that apply.
type Section struct {
	ID    string `json:"id"` // unique within the checklist
	Title Text   `json:"title"`
	Items []Item `json:"items"`
}

// Kind says how an item is answered.
type Kind string

// The kinds of items.
const (
	YesNo          Kind = "YES_NO"          // yes is good, no is a finding
	Choice         Kind = "CHOICE"          // one of Item.Choices
	MultipleChoice Kind = "MULTIPLE_CHOICE" // any of Item.Choices, or none; their credits add up, to 1 at most
	Number         Kind = "NUMBER"          // a number in Item.Unit, judged against Item.Limits
	Duration       Kind = "DURATION"        // a time in seconds, judged against Item.Limits
	Prose          Kind = "TEXT"            // a text of the inspector's; the plugin is told only that there is one
	Photo          Kind = "PHOTO"           // at least one photo; the plugin is told only how many
	Signature      Kind = "SIGNATURE"       // a drawn signature; the plugin is told only that there is one
)

// Item is one question of a checklist.
type Item struct {
	ID       string   `json:"id"` // unique within the checklist, stable between versions
	Text     Text     `json:"text"`
	Kind     Kind     `json:"kind"`
	Required bool     `json:"required"`          // an inspection cannot be completed without an answer
	Weight   float64  `json:"weight"`            // 0 to 1000 in steps of 0.001; its share is Weight over the sum of the weights that apply; 0 records the answer without scoring it, as of every Prose and Photo
	Severity Severity `json:"severity"`          // of the finding when the item fails
	Key      bool     `json:"key"`               // ▲ a key activity: when it fails the inspection fails, whatever the score
	Tracked  bool     `json:"tracked,omitempty"` // □ an important characteristic: its value is charted against Limits
	Unit     string   `json:"unit,omitempty"`    // of a Number: "rings" and "count" (whole, not negative), "min", "days" and "s" (not negative), "%" (0 to 100), or one of the plugin's own; of a Duration: "s"
	Limits   *Limits  `json:"limits,omitempty"`  // of a Number or Duration; one without limits is recorded and always passes
	Choices  []Option `json:"choices,omitempty"` // of a Choice or MultipleChoice
	Evidence Evidence `json:"evidence"`
	Excludes []string `json:"excludes,omitempty"` // items that cannot apply together with this one, which name it in turn: when one is answered, the others are not applicable

	// When says on which answers before it the item depends: it is asked when all of
	// the conditions hold, and is not applicable otherwise.
	When []Condition `json:"when,omitempty"`
}

// Limits bound the good values of a Number or Duration, both inclusive. A nil side
// is open.
type Limits struct {
	Lower *float64 `json:"lower,omitempty"`
	Upper *float64 `json:"upper,omitempty"`
}

// Option is one possible answer of a Choice or MultipleChoice.
type Option struct {
	ID     string  `json:"id"` // unique within the item
	Text   Text    `json:"text"`
	Credit float64 `json:"credit"` // share of the item's weight that it earns, 0 to 1 in steps of 0.001; below 1, for a MultipleChoice in all, is a finding
}

// Evidence says when an item needs a photo, recording or document beside its answer.
type Evidence string

// The evidence rules.
const (
	NoEvidence       Evidence = "NONE"
	EvidenceOnFail   Evidence = "ON_FAIL" // when the item fails
	EvidenceRequired Evidence = "ALWAYS"
)

// Severity weighs a finding.
type Severity string

// The severities, from the mildest.
const (
	Minor    Severity = "MINOR"
	Major    Severity = "MAJOR"
	Critical Severity = "CRITICAL"
)

// Inspection is what the host hands in to be judged: a checklist's id and the
// answers, without anything that tells who was served or who looked.
type Inspection struct {
	Checklist string   `json:"checklist"` // Definition.ID
	Answers   []Answer `json:"answers"`   // at most one per item, in any order

	// Adjustments are what the control plan asks for in place of the checklist's own
	// weights and limits, at most one per item. Only a plugin of capability
	// [CanAdjust] is handed any.
	Adjustments []Adjustment `json:"adjustments,omitempty"`
}

// Answer is what the inspector found at one item. Exactly one of Yes, Choice,
// Choices, Number, Seconds and Filled is set, unless the item is not applicable.
// One in which nothing is set says the same as none.
type Answer struct {
	Item          string   `json:"item"`
	NotApplicable bool     `json:"notApplicable,omitempty"`
	Yes           *bool    `json:"yes,omitempty"`
	Choice        *string  `json:"choice,omitempty"`   // Option.ID
	Choices       []string `json:"choices,omitzero"`   // Option.ID, each once; empty when none of the options is chosen, nil when this is no answer
	Number        *float64 `json:"number,omitempty"`   // in Item.Unit
	Seconds       *float64 `json:"seconds,omitempty"`  // of a Duration
	Filled        bool     `json:"filled,omitempty"`   // a Prose, Photo or Signature item has its text, photo or signature
	Evidence      int      `json:"evidence,omitempty"` // how many files are attached
}

// Judgement is a plugin's word on an inspection.
type Judgement struct {
	Items        []ItemResult   `json:"items"`      // one per item of the checklist, in its order
	Sections     []SectionScore `json:"sections"`   // one per section, in its order
	Score        *float64       `json:"score"`      // of the whole, 0 to 100, rounded to two decimals; nil when nothing applied
	Arithmetic   string         `json:"arithmetic"` // earned over applicable weight of each section, such as "100 × (4 + 1.5) / (5 + 2) = 78.57"; empty when nothing applied
	Passed       bool           `json:"passed"`     // the score reaches the pass mark and no key activity failed; false when nothing applied
	Findings     []Finding      `json:"findings"`
	Measurements []Measurement  `json:"measurements"`
}

// Outcome of one item.
type Outcome string

// The outcomes.
const (
	Pass          Outcome = "PASS"
	Fail          Outcome = "FAIL"
	NotApplicable Outcome = "NOT_APPLICABLE"
)

// ItemResult is the judgement of one item.
type ItemResult struct {
	Item    string  `json:"item"`
	Outcome Outcome `json:"outcome"`
	Credit  float64 `json:"credit"` // share of the weight earned, 0 to 1
	Weight  float64 `json:"weight"` // the weight it counted with; 0 when not applicable or not scored
	Reason  Text    `json:"reason"` // why it failed; empty when it passed
}

// SectionScore is the score of one section.
type SectionScore struct {
	Section    string   `json:"section"`
	Score      *float64 `json:"score"`      // 0 to 100, rounded to two decimals; nil when nothing applied
	Weight     float64  `json:"weight"`     // sum of the weights that applied
	Arithmetic string   `json:"arithmetic"` // credit×weight of each item that applied, such as "100 × (1×1 + 0×2) / 3 = 33.33"; empty when nothing applied
}

// Finding is an item that failed, by its answer or by a rule across items.
type Finding struct {
	Item     string   `json:"item"` // Item.ID
	Severity Severity `json:"severity"`
	Key      bool     `json:"key"`  // a key activity failed
	Text     Text     `json:"text"` // readable by itself: the reason and the item's text
}

// Measurement is the value of a tracked characteristic.
type Measurement struct {
	Item   string  `json:"item"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Limits Limits  `json:"limits"`
	Within bool    `json:"within"`
}

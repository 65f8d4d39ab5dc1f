package checklist

import (
	"context"
	"encoding/json"
)

// Capability is something that a plugin can do beside describing and judging. A
// plugin names its own in its description; the host asks for nothing else.
type Capability string

// The capabilities.
const (
	CanAdjust    Capability = "ADJUST"    // honours Inspection.Adjustments
	CanBatch     Capability = "BATCH"     // is a Batcher
	CanCheck     Capability = "CHECK"     // is a Checker
	CanConfigure Capability = "CONFIGURE" // is Configurable
	CanHealth    Capability = "HEALTH"    // is a HealthReporter
	CanSuggest   Capability = "SUGGEST"   // is a Suggester
	CanUpgrade   Capability = "UPGRADE"   // is an Upgrader
)

// Checker looks at an inspection while it is filled in.
type Checker interface {
	// Check tells what is wrong with the answers so far, in the order of the
	// checklist. An item that is still open is no problem. The same answers give the
	// same problems.
	Check(ctx context.Context, in Inspection) ([]Problem, error)
}

// Suggester proposes answers out of facts that Rounds knows.
type Suggester interface {
	// Suggest proposes at most one answer per item. It is the inspector who answers.
	// A fact that the plugin does not know is to be passed over, one that is missing
	// gives no suggestion.
	Suggest(ctx context.Context, about Facts) ([]Suggestion, error)
}

// Facts are what the host knows of the matter under inspection.
type Facts struct {
	Checklist string `json:"checklist"` // Definition.ID
	Facts     []Fact `json:"facts"`     // each name once
}

// Fact is one thing that the host knows. Exactly one of Yes and Number is set.
type Fact struct {
	Name   string   `json:"name"` // such as FactMinutesToDispatch
	Yes    *bool    `json:"yes,omitempty"`
	Number *float64 `json:"number,omitempty"`
}

// Facts of a case under review. None tells who was served or who served.
const (
	FactMinutesToDispatch      = "case.minutes-to-dispatch"       // number: from opening to the first dispatch to a department
	FactDispatchedInTime       = "case.dispatched-in-time"        // yes or no
	FactMinutesToFirstResponse = "case.minutes-to-first-response" // number: from opening until the customer was first answered
	FactRespondedInTime        = "case.responded-in-time"         // yes or no
	FactMinutesToResolution    = "case.minutes-to-resolution"     // number: from opening to the last resolution
	FactResolvedInTime         = "case.resolved-in-time"          // yes or no
	FactCauseDetermined        = "case.cause-determined"          // yes or no
	FactFollowedUp             = "case.followed-up"               // yes or no: a follow-up with the customer was made
	FactReopened               = "case.reopened"                  // number: how often
	FactRefusedHandOvers       = "case.refused-hand-overs"        // number
	FactEscalations            = "case.escalations"               // number
)

// Suggestion is an answer that a plugin proposes.
type Suggestion struct {
	Answer Answer `json:"answer"` // of an item of the checklist, of its kind; neither a text nor a file can be proposed
	Reason Text   `json:"reason"` // where it comes from
}

// Upgrader carries drafts from another version of a checklist over to this one.
type Upgrader interface {
	// Upgrade says for each answer to which item of the plugin's own checklist it
	// goes, or why it is lost. A plugin without this capability has its drafts
	// carried over by [Carry].
	Upgrade(ctx context.Context, draft Draft) (Upgraded, error)
}

// Draft is an inspection that was begun with another version of the checklist.
type Draft struct {
	Version   string   `json:"version"`   // of the plugin that it was begun with
	Checklist string   `json:"checklist"` // Definition.ID, of that version
	Answers   []Answer `json:"answers"`
}

// Upgraded is a draft in the terms of the new version. Each answer of the draft
// is in Moves or in Losses, once.
type Upgraded struct {
	Moves  []Move `json:"moves"`
	Losses []Loss `json:"losses"`
}

// Move is an answer that goes to an item of the new version. The text, notes and
// files of the old answer, which a plugin is not told, go with it.
type Move struct {
	From   string `json:"from"`   // item of the draft
	Answer Answer `json:"answer"` // to an item of the new version, each once
}

// Loss is an answer that has no place in the new version.
type Loss struct {
	Item   string `json:"item"` // of the draft
	Reason Text   `json:"reason"`
}

// Batcher judges many inspections in one call, which is what imports and
// comparisons of versions are done with.
type Batcher interface {
	// JudgeBatch returns one verdict for each inspection, in their order, and the
	// same that Judge would.
	JudgeBatch(ctx context.Context, in []Inspection) ([]Verdict, error)
}

// Verdict is what became of one inspection of a batch: a judgement, or why there
// is none.
type Verdict struct {
	Judgement Judgement
	Err       error // as Judge returns it
}

// HealthReporter says how it fares, beside being there at all.
type HealthReporter interface {
	// Health returns nil while all is well; otherwise what is not, for an
	// administrator. Its error is that the plugin cannot tell.
	Health(ctx context.Context) (*Text, error)
}

// Configurable takes a configuration. Its schema is Description.ConfigurationSchema.
type Configurable interface {
	// Configured returns the checklists as the configuration makes them. It is called
	// once, before they are described, and not when nothing is configured. The host
	// has checked the configuration against the schema; what else is wrong with it
	// is a [*ConfigurationError].
	Configured(ctx context.Context, configuration json.RawMessage) (Checklist, error)
}

// ConfigurationError blames the configuration, and not the plugin, for a plugin
// that cannot start.
type ConfigurationError struct {
	Path string // JSON Pointer (RFC 6901) of the value, such as "/checkin/minutes"
	Text Text   // what to do, for an administrator
}

// Error is in English, such as "/checkin/minutes: Must be at most 60".
func (e *ConfigurationError) Error() string { return e.Path + ": " + e.Text.EN }

package quality

import (
	"strings"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// Kind says what kind of reason a [Problem] is. The values are those of the API.
type Kind string

// The kinds.
const (
	Required             Kind = "REQUIRED"               // something is missing or empty
	TooLong              Kind = "TOO_LONG"               // a text or list is longer than allowed
	Invalid              Kind = "INVALID"                // a value has the wrong form or is out of bounds
	NotFound             Kind = "NOT_FOUND"              // no such record, or not the viewer's to see
	Forbidden            Kind = "FORBIDDEN"              // the viewer may see it but not do this
	Conflict             Kind = "CONFLICT"               // changed by someone else; reload and try again
	Rejected             Kind = "REJECTED"               // the workflow forbids it now; the message says why
	Duplicate            Kind = "DUPLICATE"              // there is such a record already
	IdempotencyKeyReused Kind = "IDEMPOTENCY_KEY_REUSED" // the key was used for something else
	PluginUnavailable    Kind = "PLUGIN_UNAVAILABLE"     // the plugin does not answer now
	PluginFailed         Kind = "PLUGIN_FAILED"          // the plugin broke its contract
	UnsupportedType      Kind = "UNSUPPORTED_TYPE"       // a file of a type that is not taken
	RateLimited          Kind = "RATE_LIMITED"           // too often within a time; try again later
)

// Problem is one reason why a change was not made.
type Problem struct {
	Kind Kind
	Text checklist.Text // for people; names no personal data
	Path []string       // into the input, such as "answers", "2", "number"
}

// Rejection is a foreseen outcome: nothing was changed, for these reasons. It has
// at least one.
type Rejection []Problem

// Error lists the reasons in English, for logs and tests.
func (r Rejection) Error() string {
	texts := make([]string, len(r))
	for i, p := range r {
		texts[i] = string(p.Kind) + " " + strings.Join(p.Path, ".") + ": " + p.Text.EN
	}
	return strings.Join(texts, "; ")
}

// text is one text in both languages.
func text(en, zh string) checklist.Text { return checklist.Text{EN: en, ZH: zh} }

// reject returns a Rejection for a single reason.
func reject(kind Kind, t checklist.Text, path ...string) error {
	return Rejection{{Kind: kind, Text: t, Path: path}}
}

func notFound(path ...string) error {
	return reject(NotFound, text("There is no such record.", "没有这条记录。"), path...)
}

func forbidden(t checklist.Text) error { return reject(Forbidden, t) }

func conflict() error { return conflictAt("expectedRevision") }

func conflictAt(path string) error {
	return reject(Conflict, text("Somebody else has changed it in the meantime. Read it again and decide anew.",
		"已被他人修改，请重新读取后再操作。"), path)
}

// Warning is something to know about a change that was made.
type Warning struct {
	Code WarningCode    `json:"code"`
	Text checklist.Text `json:"text"`
}

// WarningCode says what a [Warning] is about. The values are those of the API.
type WarningCode string

// The warnings.
const (
	DeadlinePassed    WarningCode = "DEADLINE_PASSED"
	PossibleDuplicate WarningCode = "POSSIBLE_DUPLICATE"
	IncompleteData    WarningCode = "INCOMPLETE_DATA"
	OwnerNotOnDuty    WarningCode = "OWNER_NOT_ON_DUTY"
	OtherOwner        WarningCode = "OTHER_OWNER"

	ConflictingAnswers WarningCode = "CONFLICTING_ANSWERS"
	AnsweredLate       WarningCode = "ANSWERED_LATE"

	PlanOutdated WarningCode = "PLAN_OUTDATED"
)

package host

import (
	"errors"
	"fmt"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// Kind says what a failed call means for the caller.
type Kind string

// The kinds.
const (
	Unavailable       Kind = "UNAVAILABLE"        // the plugin is not running, is too busy, or ended during the call; try again later
	UnknownDefinition Kind = "UNKNOWN_DEFINITION" // the plugin has no such checklist, or has changed it since
	Timeout           Kind = "TIMEOUT"            // no answer before the deadline
	Failed            Kind = "FAILED"             // the plugin answered with an error of its own, or panicked
	Downstream        Kind = "DOWNSTREAM"         // something that the plugin itself calls failed; try again later
	InvalidAnswer     Kind = "INVALID_ANSWER"     // the plugin's answer breaks the contract
	InputRejected     Kind = "INPUT_REJECTED"     // the answers cannot be judged: Unwrap to *checklist.InputError
)

// Error is a call of a plugin that failed. Its text names the plugin and what is
// the matter, and is safe to show; the cause, which Unwrap gives, holds the
// plugin's own words and is for the log only, except for a
// [checklist.InputError], which is for the inspector.
type Error struct {
	Kind   Kind
	Plugin string // id
	Reason string // such as "is quarantined"
	cause  error
}

func (e *Error) Error() string { return fmt.Sprintf("plugin %s %s", e.Plugin, e.Reason) }

// Unwrap gives the cause, which may be nil.
func (e *Error) Unwrap() error { return e.cause }

// callError gives an error of the plugin's client its kind.
func callError(plugin string, err error) *Error {
	var input *checklist.InputError
	var answer *sdk.AnswerError
	var call *sdk.Error
	switch {
	case errors.As(err, &input):
		return &Error{Kind: InputRejected, Plugin: plugin, Reason: "rejected the answers", cause: input}
	case errors.As(err, &answer):
		return &Error{Kind: InvalidAnswer, Plugin: plugin, Reason: "gave an answer that breaks the contract", cause: err}
	case errors.As(err, &call) && call.Source == sdk.SourceDeadline:
		return &Error{Kind: Timeout, Plugin: plugin, Reason: "did not answer in time", cause: err}
	case errors.As(err, &call) && call.Source == sdk.SourceUnreachable:
		return &Error{Kind: Unavailable, Plugin: plugin, Reason: "cannot be reached", cause: err}
	case errors.As(err, &call) && call.Source == sdk.SourceDownstream:
		return &Error{Kind: Downstream, Plugin: plugin, Reason: "is missing something that it depends on", cause: err}
	default:
		return &Error{Kind: Failed, Plugin: plugin, Reason: "failed", cause: err}
	}
}

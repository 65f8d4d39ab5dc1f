package sdk

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

// Source says who is to blame for an [Error].
type Source string

// The sources. For the input there is [checklist.InputError].
const (
	SourcePlugin      Source = "PLUGIN"      // a mistake in the plugin
	SourceDownstream  Source = "DOWNSTREAM"  // something that the plugin itself calls failed
	SourceUnreachable Source = "UNREACHABLE" // no answer: the plugin's process has gone
	SourceDeadline    Source = "DEADLINE"    // no answer before the deadline
)

// Error is a call of a plugin that failed, with who is to blame. Its text holds
// the plugin's own words and is for the log only.
type Error struct {
	Source Source
	Err    error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the cause: on the host's side a gRPC status.
func (e *Error) Unwrap() error { return e.Err }

// Downstream marks an error that a plugin returns as the fault of something that
// the plugin itself calls. An error that is not marked is the plugin's own fault.
func Downstream(err error) error {
	return &Error{Source: SourceDownstream, Err: err}
}

// AnswerError is an answer of a plugin that breaks the contract.
type AnswerError struct {
	Path   string // such as "items[3].credit"
	Reason string // such as "is not between 0 and 1"
}

func (e *AnswerError) Error() string { return e.Path + " " + e.Reason }

// statusOf puts an error of a plugin into its form on the wire.
func statusOf(err error) error {
	fault := blame(err)
	switch {
	case fault.GetSource() == checklistpb.Fault_SOURCE_INPUT:
		return withFault(codes.InvalidArgument, err, fault)
	case fault.GetSource() == checklistpb.Fault_SOURCE_DOWNSTREAM:
		return withFault(codes.Unavailable, err, fault)
	case errors.Is(err, context.DeadlineExceeded):
		return status.FromContextError(context.DeadlineExceeded).Err()
	case errors.Is(err, context.Canceled):
		return status.FromContextError(context.Canceled).Err()
	default:
		return withFault(codes.Internal, err, fault)
	}
}

// blame says who is to blame for an error of a plugin.
func blame(err error) *checklistpb.Fault {
	var input *checklist.InputError
	var configuration *checklist.ConfigurationError
	var fault *Error
	switch {
	case errors.As(err, &input):
		return &checklistpb.Fault{Source: checklistpb.Fault_SOURCE_INPUT, Problems: each(input.Problems, problemToPB)}
	case errors.As(err, &configuration):
		return &checklistpb.Fault{Source: checklistpb.Fault_SOURCE_INPUT, Problems: []*checklistpb.Problem{{
			Item: configuration.Path, Code: checklistpb.ProblemCode_PROBLEM_CODE_BAD_CONFIGURATION, Text: textToPB(configuration.Text),
		}}}
	case errors.As(err, &fault) && fault.Source == SourceDownstream:
		return &checklistpb.Fault{Source: checklistpb.Fault_SOURCE_DOWNSTREAM}
	default:
		return &checklistpb.Fault{Source: checklistpb.Fault_SOURCE_PLUGIN}
	}
}

// maxStatusText bounds the text of a status: it travels in a header.
const maxStatusText = 1024

func withFault(code codes.Code, err error, fault *checklistpb.Fault) error {
	text := err.Error()
	plain := status.New(code, strings.ToValidUTF8(text[:min(len(text), maxStatusText)], ""))
	detailed, detailErr := plain.WithDetails(fault)
	if detailErr != nil { // a problem's text is not UTF-8: the code still tells who is to blame
		return plain.Err()
	}
	return detailed.Err()
}

// faultOf reads what statusOf wrote: a *checklist.InputError, a
// *checklist.ConfigurationError, or an *Error.
func faultOf(err error) error {
	st := status.Convert(err)
	var fault *checklistpb.Fault
	for _, detail := range st.Details() {
		if f, ok := detail.(*checklistpb.Fault); ok {
			fault = f
		}
	}
	if input := inputError(fault); input != nil {
		return input
	}
	source := fault.GetSource()
	switch {
	case source == checklistpb.Fault_SOURCE_DOWNSTREAM:
		return &Error{Source: SourceDownstream, Err: err}
	case source != checklistpb.Fault_SOURCE_UNSPECIFIED:
		return &Error{Source: SourcePlugin, Err: err}
	case st.Code() == codes.Unavailable:
		return &Error{Source: SourceUnreachable, Err: err}
	case st.Code() == codes.DeadlineExceeded:
		return &Error{Source: SourceDeadline, Err: err}
	case st.Code() == codes.ResourceExhausted:
		return &AnswerError{Path: "answer", Reason: "is larger than 4 MiB"}
	default:
		return &Error{Source: SourcePlugin, Err: err}
	}
}

var errVerdict = errors.New("the plugin failed at this inspection of a batch")

// blamed is what a fault inside an answer says.
func blamed(fault *checklistpb.Fault) error {
	switch input := inputError(fault); {
	case input != nil:
		return input
	case fault.GetSource() == checklistpb.Fault_SOURCE_DOWNSTREAM:
		return &Error{Source: SourceDownstream, Err: errVerdict}
	default:
		return &Error{Source: SourcePlugin, Err: errVerdict}
	}
}

// inputError is nil unless the fault blames the input as the contract asks: with
// problems whose codes are known, in both languages.
func inputError(fault *checklistpb.Fault) error {
	if fault.GetSource() != checklistpb.Fault_SOURCE_INPUT || len(fault.GetProblems()) == 0 {
		return nil
	}
	for _, p := range fault.GetProblems() {
		if p.GetCode() == checklistpb.ProblemCode_PROBLEM_CODE_UNSPECIFIED || checklistpb.ProblemCode_name[int32(p.GetCode())] == "" {
			return nil
		}
		if p.GetCode() == checklistpb.ProblemCode_PROBLEM_CODE_BAD_CONFIGURATION {
			return &checklist.ConfigurationError{Path: p.GetItem(), Text: textFromPB(p.GetText())}
		}
	}
	return &checklist.InputError{Problems: each(fault.GetProblems(), problemFromPB)}
}

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
	var input *checklist.InputError
	var fault *Error
	switch {
	case errors.As(err, &input):
		return withFault(codes.InvalidArgument, input, &checklistpb.Fault{
			Source: checklistpb.Fault_SOURCE_INPUT,
			Problems: each(input.Problems, func(p checklist.Problem) *checklistpb.Problem {
				return &checklistpb.Problem{
					Item: p.Item, Text: textToPB(p.Text),
					Code: number[checklistpb.ProblemCode](checklistpb.ProblemCode_value, problemPrefix, p.Code),
				}
			}),
		})
	case errors.As(err, &fault) && fault.Source == SourceDownstream:
		return withFault(codes.Unavailable, err, &checklistpb.Fault{Source: checklistpb.Fault_SOURCE_DOWNSTREAM})
	case errors.Is(err, context.DeadlineExceeded):
		return status.FromContextError(context.DeadlineExceeded).Err()
	case errors.Is(err, context.Canceled):
		return status.FromContextError(context.Canceled).Err()
	default:
		return withFault(codes.Internal, err, &checklistpb.Fault{Source: checklistpb.Fault_SOURCE_PLUGIN})
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

// faultOf reads what statusOf wrote: a *checklist.InputError, or an *Error.
func faultOf(err error) error {
	st := status.Convert(err)
	source := checklistpb.Fault_SOURCE_UNSPECIFIED
	for _, detail := range st.Details() {
		if fault, ok := detail.(*checklistpb.Fault); ok {
			source = fault.GetSource()
			if input := inputError(fault); input != nil {
				return input
			}
		}
	}
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

// inputError is nil unless the fault blames the input as the contract asks: with
// problems whose codes are known, in both languages.
func inputError(fault *checklistpb.Fault) *checklist.InputError {
	if fault.GetSource() != checklistpb.Fault_SOURCE_INPUT || len(fault.GetProblems()) == 0 {
		return nil
	}
	for _, p := range fault.GetProblems() {
		if p.GetCode() == checklistpb.ProblemCode_PROBLEM_CODE_UNSPECIFIED || checklistpb.ProblemCode_name[int32(p.GetCode())] == "" {
			return nil
		}
	}
	return &checklist.InputError{Problems: each(fault.GetProblems(), func(p *checklistpb.Problem) checklist.Problem {
		return checklist.Problem{Item: p.GetItem(), Code: name[checklist.ProblemCode](p.GetCode(), problemPrefix), Text: textFromPB(p.GetText())}
	})}
}

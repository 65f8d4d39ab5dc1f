package wire

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/rs/zerolog"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Codes of this package, found in extensions.code of its errors.
const (
	CodeBadRequest           = "BAD_REQUEST"               // the parameters are not what the protocol asks for
	CodeBatchingNotSupported = "BATCHING_NOT_SUPPORTED"    // a JSON array was sent
	CodeUnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"    // not JSON in UTF-8
	CodeNotAcceptable        = "NOT_ACCEPTABLE"            // no media type that the client accepts
	CodeMethodNotAllowed     = "METHOD_NOT_ALLOWED"        // neither GET nor POST, or a mutation by GET
	CodeStreamNeeded         = "STREAM_NEEDED"             // a subscription that does not accept an event stream
	CodeUnauthenticated      = "UNAUTHENTICATED"           // the credentials are refused
	CodeShuttingDown         = "SHUTTING_DOWN"             // no new streams; try another server
	CodeParseFailed          = "GRAPHQL_PARSE_FAILED"      // not a GraphQL document
	CodeValidationFailed     = "GRAPHQL_VALIDATION_FAILED" // a document that does not fit the schema
	CodeNoSuchOperation      = "OPERATION_NOT_FOUND"       // operationName names none, or several need one
	CodeBadVariables         = "BAD_USER_INPUT"            // variables that do not fit their types
	CodeBodyTooLarge         = "BODY_TOO_LARGE"
	CodeTooManyTokens        = "TOO_MANY_TOKENS"
	CodeTooDeep              = "TOO_DEEP"
	CodeTooManyAliases       = "TOO_MANY_ALIASES"
	CodeAliasTooLong         = "ALIAS_TOO_LONG"
	CodeTooManyDirectives    = "TOO_MANY_DIRECTIVES"
	CodeTooManyFields        = "TOO_MANY_FIELDS"
	CodeTooManyFragments     = "TOO_MANY_FRAGMENTS"
	CodeTooManyRootFields    = "TOO_MANY_ROOT_FIELDS"
	CodeTooCostly            = "COST_LIMIT_EXCEEDED"
	CodeAnswerTooLarge       = "ANSWER_TOO_LARGE"
	CodeTooManySubscriptions = "TOO_MANY_SUBSCRIPTIONS" // on one WebSocket
	CodePreflightNeeded      = "PREFLIGHT_NEEDED"       // a form without the header that no form of another site can have
	CodeTooManyFiles         = "TOO_MANY_FILES"         // in one form
	CodeFileTooLarge         = "FILE_TOO_LARGE"         // extensions.path names the variable
	CodeUploadTooLarge       = "UPLOAD_TOO_LARGE"       // all files of a form together
	CodeTooManyUploads       = "TOO_MANY_UPLOADS"       // at the moment, by all clients
	CodeTooSlow              = "TOO_SLOW"               // the body did not come in time
	CodeInternal             = "INTERNAL"               // a fault of the server
)

// ErrUnauthenticated is wrapped by what [Authenticate] returns to refuse a viewer.
var ErrUnauthenticated = errors.New("unauthenticated")

// refusal is the answer to a request that is not executed.
type refusal struct {
	errors gqlerror.List
	status int    // of HTTP; 0 leaves it to the media type
	allow  string // the Allow header that goes with 405
	cost   *Cost  // if it got so far
}

func refuse(status int, code, message string) *refusal {
	return &refusal{status: status, errors: gqlerror.List{newError(code, message)}}
}

// clip shortens s to at most limit bytes of valid UTF-8.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}

func newError(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// unauthenticated is the refusal for an error of the Authenticate hook.
func (h *Handler) unauthenticated(err error) *refusal {
	if errors.Is(err, ErrUnauthenticated) {
		return refuse(http.StatusUnauthorized, CodeUnauthenticated, "The credentials are missing, unknown or expired.")
	}
	return &refusal{status: http.StatusInternalServerError, errors: gqlerror.List{asGraphQL(err)}}
}

// asGraphQL is err itself if it is a GraphQL error, so that its code is kept.
func asGraphQL(err error) *gqlerror.Error {
	if e := (*gqlerror.Error)(nil); errors.As(err, &e) {
		return e
	}
	return gqlerror.Wrap(err)
}

// panicked is the refusal after a panic.
func (h *Handler) panicked(ctx context.Context, value any) *refusal {
	return &refusal{
		status: http.StatusInternalServerError,
		errors: gqlerror.List{asGraphQL(h.cfg.Recover(ctx, value))},
	}
}

// response is r as GraphQL has it: errors and no data.
func (h *Handler) response(ctx context.Context, r *refusal) *graphql.Response {
	resp := h.exec.DispatchError(ctx, r.errors)
	addCost(resp, r.cost)
	return resp
}

// present is the last word on every error: it completes what the configured
// presenter returns, on a copy, as that may be shared by all requests.
func (h *Handler) present(ctx context.Context, err error) *gqlerror.Error {
	presented := h.guardedPresent(ctx, err)
	if presented == nil {
		return nil
	}
	e := *presented
	e.Extensions = maps.Clone(e.Extensions)
	if e.Extensions == nil {
		e.Extensions = make(map[string]any, 2)
	}
	if e.Extensions["code"] == nil {
		e.Extensions["code"] = CodeInternal
	}
	if id := RequestID(ctx); id != "" {
		e.Extensions["requestId"] = id
	}
	return &e
}

// guardedPresent calls the presenter. It runs in many goroutines, where a panic
// would end the process.
func (h *Handler) guardedPresent(ctx context.Context, err error) (presented *gqlerror.Error) {
	defer func() {
		if p := recover(); p != nil {
			presented = hideFaults(ctx, h.cfg.Recover(ctx, p))
		}
	}()
	return h.cfg.ErrorPresenter(ctx, err)
}

// hideFaults is the default presenter: an error without a code was not meant for
// the client.
func hideFaults(ctx context.Context, err error) *gqlerror.Error {
	e := (*gqlerror.Error)(nil)
	if errors.As(err, &e) && e.Extensions["code"] != nil {
		return e
	}
	hidden := newError(CodeInternal, "The server could not do this.")
	hidden.Path = graphql.GetPath(ctx)
	return hidden
}

// logPanic is the default for Config.Recover. The value itself may hold personal
// data, so only its type is logged.
func logPanic(ctx context.Context, value any) error {
	zerolog.Ctx(ctx).Error().
		Str("request", RequestID(ctx)).
		Str("type", fmt.Sprintf("%T", value)).
		Bytes("stack", debug.Stack()).
		Msg("panic in a GraphQL operation")
	return errors.New("panic")
}

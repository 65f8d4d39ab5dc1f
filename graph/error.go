package graph

import (
	"context"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/rs/zerolog"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
)

// Codes of top-level errors that are not the transports' own (see package wire).
const (
	codeBadArgument = "BAD_ARGUMENT" // an argument of a list, or of a question, is out of bounds
	codeBadCursor   = "BAD_CURSOR"   // a position that the event log never gave out
	codeTimeout     = "TIMEOUT"      // the answer took too long
	codeUnavailable = "UNAVAILABLE"  // the server is stopping
	codeAccessEnded = "ACCESS_ENDED" // what a subscription watched is no longer the viewer's to see
	codeForbidden   = "FORBIDDEN"    // a list, or a condition of one, of which nothing is the viewer's to read
	codeNotFound    = "NOT_FOUND"    // what a subscription should watch is not the viewer's to see
)

// problem is a top-level error that is told as it is.
func problem(ctx context.Context, code string, t checklist.Text) *gqlerror.Error {
	return &gqlerror.Error{Message: say(ctx, t), Extensions: map[string]any{"code": code}}
}

var (
	textTimeout      = checklist.Text{EN: "This took too long. Ask for less at once, or try again.", ZH: "请求超时，请减少一次请求的数据量或稍后重试。"}
	textStopping     = checklist.Text{EN: "The server is stopping. Try again.", ZH: "服务器正在停止，请重试。"}
	textFault        = checklist.Text{EN: "Something went wrong on the server. Its log has the details under this request's id.", ZH: "服务器内部错误，详情可按请求编号查询日志。"}
	textBadCursor    = checklist.Text{EN: "The event log never gave out this position.", ZH: "事件日志中没有此位置。"}
	textAccessEnded  = checklist.Text{EN: "This is no longer yours to see.", ZH: "您已无权查看此内容。"}
	textNotFound     = checklist.Text{EN: "There is no such record.", ZH: "没有这条记录。"}
	textUnauthorized = checklist.Text{EN: "Say who you are: send an access token.", ZH: "请提供访问令牌。"}
)

// PresentError returns the presenter of top-level errors: what is foreseen is told
// with its code, anything else is logged and told as a fault without its inside.
func PresentError(log zerolog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		out := presented(ctx, err)
		if out == nil {
			log.Error().Err(err).Str("request", wire.RequestID(ctx)).Msg("request failed")
			out = problem(ctx, wire.CodeInternal, textFault)
		}
		if out.Path == nil {
			out.Path = graphql.GetPath(ctx)
		}
		return out
	}
}

// presented returns a foreseen error as it is told, nil for a fault.
func presented(ctx context.Context, err error) *gqlerror.Error {
	var argument *relay.ArgumentError
	var rejection quality.Rejection
	switch {
	case errors.As(err, &rejection): // of a question; changes tell theirs in their payloads
		return problem(ctx, codeBadArgument, checklist.Text{
			EN: "input." + strings.Join(rejection[0].Path, ".") + ": " + rejection[0].Text.EN, ZH: "input." + strings.Join(rejection[0].Path, ".") + "：" + rejection[0].Text.ZH})
	case errors.As(err, &argument):
		return problem(ctx, codeBadArgument, checklist.Text{EN: "The argument " + argument.Argument + " " + argument.Reason + ".",
			ZH: "参数 " + argument.Argument + " 无效：" + argument.Reason})
	case errors.Is(err, events.ErrBeyondEnd), errors.Is(err, events.ErrMalformed):
		return problem(ctx, codeBadCursor, textBadCursor)
	case errors.Is(err, events.ErrStopped):
		return problem(ctx, codeUnavailable, textStopping)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return problem(ctx, codeTimeout, textTimeout)
	}
	var told *gqlerror.Error
	if !errors.As(err, &told) {
		return nil
	}
	field := graphql.GetPath(ctx)
	switch {
	case told.Extensions["code"] != nil:
		if chinese(ctx) {
			return translated(told)
		}
		return told
	case len(told.Path) > len(field): // goes on into the arguments, of which one could not be read
		argument := told.Path[len(field):].String()
		return problem(ctx, wire.CodeBadVariables, checklist.Text{EN: "The value of " + argument + " is not one of its type.",
			ZH: argument + " 的值不符合其类型。"})
	}
	return nil
}

// userErrors turns the outcome of a use case into the errors of its payload. What
// is not foreseen is returned as a fault.
func userErrors(ctx context.Context, err error) ([]*model.UserError, error) {
	var rejection quality.Rejection
	if err != nil && !errors.As(err, &rejection) {
		return nil, err
	}
	out := make([]*model.UserError, len(rejection))
	for i, p := range rejection {
		out[i] = &model.UserError{Code: model.ErrorCode(p.Kind), Message: say(ctx, p.Text), Path: append([]string{}, p.Path...)}
		if len(p.Path) > 0 {
			out[i].Path = append([]string{"input"}, p.Path...)
		}
	}
	return out, nil
}

// Authenticated refuses the operations of who did not say who they are. Only the
// schema itself may be looked at without a token.
type Authenticated struct{}

// ExtensionName implements graphql.HandlerExtension.
func (Authenticated) ExtensionName() string { return "Authenticated" }

// Validate implements graphql.HandlerExtension.
func (Authenticated) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext implements graphql.OperationContextMutator.
func (Authenticated) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if !ent.ViewerFrom(ctx).IsZero() {
		return nil
	}
	for _, field := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query", "Mutation", "Subscription"}) {
		if !strings.HasPrefix(field.Name, "__") {
			return problem(ctx, wire.CodeUnauthenticated, textUnauthorized)
		}
	}
	return nil
}

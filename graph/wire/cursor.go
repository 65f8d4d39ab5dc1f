package wire

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// cursorExtension is the member of a response's extensions that says where a
// subscription can be resumed. Event streams repeat it as the id of the event.
const cursorExtension = "cursor"

type cursorKey struct{}

// WithCursor marks an event of a subscription with the cursor to resume after it.
// Clients get it in extensions.cursor, and as the id of the event in an event
// stream, whether they select a cursor field or not.
//
// The subscription field must yield contexts: annotate it with
// @subscriptionContext (or set subscription_context_field in gqlgen.yml) and send
//
//	graphql.Event[*model.Event]{Context: wire.WithCursor(ctx, cursor), Value: event}
//
// with ctx being the resolver's.
func WithCursor(ctx context.Context, cursor string) context.Context {
	return context.WithValue(ctx, cursorKey{}, cursor)
}

// eventSchema mends what gqlgen does with the contexts of events.
//
// It finishes an event with the context that the resolver sent, and looks there
// for the errors of the event's fields; but they were collected in the context of
// this turn, and would be lost. So this turn's context goes on, with the cursor
// added to it. And a turn's context does not know the subscription field, which
// would be missing from the paths of those errors.
type eventSchema struct {
	graphql.ExecutableSchemaWithEventContext
}

func (s eventSchema) ExecWithEventContext(ctx context.Context) graphql.ResponseHandlerWithContext {
	next := s.ExecutableSchemaWithEventContext.ExecWithEventContext(ctx)
	return func(ctx context.Context) (context.Context, *graphql.Response) {
		eventCtx, resp := next(s.inRootField(ctx))
		if cursor, ok := eventCtx.Value(cursorKey{}).(string); ok && resp != nil {
			graphql.RegisterExtension(ctx, cursorExtension, cursor)
		}
		return ctx, resp
	}
}

func (s eventSchema) inRootField(ctx context.Context) context.Context {
	op := graphql.GetOperationContext(ctx)
	root := s.Schema().Subscription.Name
	fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{root})
	if len(fields) != 1 { // gqlgen answers the others with an error of its own
		return ctx
	}
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: root, Field: fields[0]})
}

// cursorOf is the cursor of a response, empty if it has none.
func cursorOf(resp *graphql.Response) string {
	cursor, _ := resp.Extensions[cursorExtension].(string)
	return cursor
}

// streamFault is why a subscription ended before its time.
type streamFault struct {
	mu  sync.Mutex
	err error
}

type streamFaultKey struct{}

// FailSubscription lets a subscription end with err instead of completing. The
// resolver calls it with its own context before it closes its channel. The client
// gets the error as the presenter has it, after the events sent before.
func FailSubscription(ctx context.Context, err error) {
	f, ok := ctx.Value(streamFaultKey{}).(*streamFault)
	if !ok {
		return // not a subscription served by this package
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// refusal is what the stream failed with, or nil.
func (f *streamFault) refusal() *refusal {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		return nil
	}
	return &refusal{errors: gqlerror.List{asGraphQL(f.err)}}
}

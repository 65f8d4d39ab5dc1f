package wire

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func newExecutor(cfg Config, present graphql.ErrorPresenterFunc) *executor.Executor {
	schema := cfg.Schema
	if s, ok := schema.(graphql.ExecutableSchemaWithEventContext); ok {
		schema = eventSchema{s}
	}
	exec := executor.New(schema)
	exec.SetQueryCache(handover{})
	exec.SetErrorPresenter(present)
	exec.SetRecoverFunc(cfg.Recover)
	exec.AroundFields(boundTexts)
	for _, x := range cfg.Extensions {
		if _, ok := x.(graphql.OperationParameterMutator); ok {
			panic("wire: the extension " + x.ExtensionName() + " changes the parameters of operations after they were counted")
		}
		exec.Use(x)
	}
	return exec
}

// operation is one that has begun to execute.
type operation struct {
	kind ast.Operation

	// next waits for the next response; nil means the operation is complete. The
	// data of a response is valid until the next call.
	next func() *graphql.Response
}

// begin checks an operation and begins to execute it. The end of ctx ends it.
// receive, unless nil, fetches the files among its variables.
func (h *Handler) begin(ctx context.Context, params *graphql.RawParams, permit, receive func(*ast.OperationDefinition) *refusal) (op *operation, refused *refusal) {
	defer func() {
		if p := recover(); p != nil {
			op, refused = nil, h.panicked(ctx, p)
		}
	}()
	ready, refused := h.documents.prepare(params, permit)
	if refused != nil {
		return nil, refused
	}
	if err := checkVariables(h.documents.schema, ready.operation, params.Variables); err != nil {
		return nil, &refusal{errors: gqlerror.List{err}, cost: ready.cost}
	}
	if receive != nil {
		if refused := receive(ready.operation); refused != nil {
			return nil, refused
		}
	}
	fault := new(streamFault)
	ctx = context.WithValue(ctx, streamFaultKey{}, fault)
	ctx = context.WithValue(ctx, preparedKey{}, ready.document)
	ctx = graphql.StartOperationTrace(ctx)
	opCtx, errs := h.exec.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		refused := &refusal{errors: errs, cost: ready.cost}
		for i, e := range errs {
			if len(e.Path) > 1 && e.Path[0] == ast.PathName("variable") {
				errs[i] = variableError(e)
			}
			if e.Extensions["code"] == CodeUnauthenticated {
				refused.status = http.StatusUnauthorized // by an extension that wants a viewer
			}
		}
		return nil, refused
	}
	opCtx.DisableIntrospection = h.cfg.HideSchema
	respond, ctx := h.exec.DispatchOperation(ctx, opCtx)
	next := func() *graphql.Response {
		ctx := withTexts(ctx, h.cfg.Limits.AnswerBytes)
		if ready.operation.Operation == ast.Query { // a mutation that was cut would leave its caller in doubt
			var release context.CancelFunc
			ctx, release = context.WithTimeout(ctx, h.cfg.QueryTimeout)
			defer release()
		}
		resp := h.respond(ctx, respond, fault)
		if resp != nil {
			addCost(resp, ready.cost)
			ready.cost = nil // once is enough
		}
		return resp
	}
	return &operation{kind: ready.operation.Operation, next: next}, nil
}

// respond waits for the next response of an execution. If that panicked or the
// resolver gave up its stream, the response says so.
func (h *Handler) respond(ctx context.Context, respond graphql.ResponseHandler, fault *streamFault) (resp *graphql.Response) {
	defer func() {
		if p := recover(); p != nil {
			resp = h.response(ctx, h.panicked(ctx, p))
		}
	}()
	resp = respond(ctx)
	if failed := fault.refusal(); resp == nil && failed != nil && ctx.Err() == nil {
		resp = h.response(ctx, failed)
	}
	return resp
}

// each hands every response of the operation to send, until it is complete or
// refused or send returns false. Only subscriptions have more than one; asking
// others again could go on for ever if an extension answers in their place.
func (op *operation) each(send func(*graphql.Response) bool) {
	for {
		resp := op.next()
		if resp == nil || !send(resp) || isRefused(resp) || op.kind != ast.Subscription {
			return
		}
	}
}

package wire

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// serveHTTP answers a request by GraphQL over HTTP
// (https://graphql.github.io/graphql-over-http/draft/) or, if the client accepts
// that, by an event stream.
//
// GET needs no protection against cross-site requests: it executes neither
// mutations nor anything else with an effect, and browsers do not let other sites
// read the answer. POST is protected by its content type (see readBody), a form by a
// header (see mayBeginMultipart).
func (h *Handler) serveHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Vary", "Accept")
	header.Set("X-Content-Type-Options", "nosniff")
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	h.limitBody(w, r)

	accepted := negotiate(r.Header)
	switch {
	case r.Method == http.MethodOptions:
		header.Set("Allow", "GET, OPTIONS, POST")
		w.WriteHeader(http.StatusNoContent)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		refused := refuse(http.StatusMethodNotAllowed, CodeMethodNotAllowed, "The method must be GET or POST.")
		refused.allow = "GET, OPTIONS, POST"
		h.writeRefusal(ctx, w, accepted, refused)
		return
	case !accepted.any():
		h.writeRefusal(ctx, w, accepted, refuse(http.StatusNotAcceptable, CodeNotAcceptable,
			"The answer can be "+mediaGraphQL+", "+mediaJSON+" or "+mediaEvents+"."))
		return
	}
	var params *graphql.RawParams
	var receive func(*ast.OperationDefinition) *refusal
	var refused *refusal
	if isMultipart(r) {
		var form *multipartBody
		if form, params, refused = h.beginMultipart(w, r); refused == nil {
			defer form.close()
			receive = form.receive
		}
	} else {
		params, refused = h.readParams(w, r)
	}
	if refused != nil {
		h.writeRefusal(ctx, w, accepted, refused)
		return
	}
	viewerCtx, expires, refused := h.authenticate(ctx, r, nil)
	if refused == nil && receive != nil {
		refused = h.mayUpload(viewerCtx)
	}
	if refused != nil {
		h.writeRefusal(ctx, w, accepted, refused)
		return
	}
	op, refused := h.begin(viewerCtx, params, permitHTTP(r.Method, accepted), receive)
	asEvents := accepted.asEvents(op != nil && op.kind == ast.Subscription)
	switch {
	case refused != nil && asEvents && refused.status == 0:
		// EventSource cannot read the body of a failed request, only events.
		h.serveEvents(w, r.WithContext(viewerCtx), cancel, refusedOperation(h.response(viewerCtx, refused)), expires)
	case refused != nil:
		h.writeRefusal(viewerCtx, w, accepted, refused)
	case asEvents:
		h.serveEvents(w, r.WithContext(viewerCtx), cancel, op, expires)
	default:
		h.serveDocument(viewerCtx, w, accepted, op)
	}
}

// permitHTTP refuses what the method or the accepted media types do not allow.
func permitHTTP(method string, accepted acceptance) func(*ast.OperationDefinition) *refusal {
	return func(op *ast.OperationDefinition) *refusal {
		switch {
		case op.Operation == ast.Mutation && method == http.MethodGet:
			refused := refuse(http.StatusMethodNotAllowed, CodeMethodNotAllowed, "A mutation must be sent by POST.")
			refused.allow = http.MethodPost
			return refused
		case op.Operation == ast.Subscription && accepted.events == 0:
			return refuse(0, CodeStreamNeeded, "A subscription needs a WebSocket or Accept: "+mediaEvents+".")
		}
		return nil
	}
}

// refusedOperation is an operation whose only response is resp.
func refusedOperation(resp *graphql.Response) *operation {
	return &operation{kind: ast.Query, next: func() *graphql.Response { return resp }}
}

// authenticate runs the hook of that name.
func (h *Handler) authenticate(ctx context.Context, r *http.Request, init map[string]any) (viewerCtx context.Context, expires time.Time, refused *refusal) {
	defer func() {
		if p := recover(); p != nil {
			refused = h.panicked(ctx, p)
		}
	}()
	viewerCtx, expires, err := h.cfg.Authenticate(ctx, r, init)
	if err != nil {
		return nil, time.Time{}, h.unauthenticated(err)
	}
	return viewerCtx, expires, nil
}

// mayUpload runs the hook of that name.
func (h *Handler) mayUpload(ctx context.Context) (refused *refusal) {
	defer func() {
		if p := recover(); p != nil {
			refused = h.panicked(ctx, p)
		}
	}()
	if err := h.cfg.MayUpload(ctx); err != nil {
		return h.unauthenticated(err)
	}
	return nil
}

// serveDocument answers a query or mutation.
func (h *Handler) serveDocument(ctx context.Context, w http.ResponseWriter, accepted acceptance, op *operation) {
	resp := op.next()
	switch {
	case resp == nil && ctx.Err() != nil: // the client has gone
		return
	case resp == nil:
		h.writeRefusal(ctx, w, accepted, refuse(http.StatusInternalServerError, CodeInternal, "The server gave no answer."))
	case isRefused(resp):
		h.writeDocument(w, refusedStatus(accepted), accepted, resp)
	default:
		h.writeDocument(w, http.StatusOK, accepted, resp)
	}
}

// refusedStatus is the status for a document that is well formed as a request but
// is not executed. Old clients, who read application/json, expect 200 for it.
func refusedStatus(accepted acceptance) int {
	if accepted.document == mediaGraphQL {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

func (h *Handler) writeRefusal(ctx context.Context, w http.ResponseWriter, accepted acceptance, refused *refusal) {
	status := refused.status
	switch status {
	case 0:
		status = refusedStatus(accepted)
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", refused.allow)
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	h.writeDocument(w, status, accepted, h.response(ctx, refused))
}

// writeDocument writes one response in one piece and before its deadline.
func (h *Handler) writeDocument(w http.ResponseWriter, status int, accepted acceptance, resp *graphql.Response) {
	mediaType := accepted.document
	if mediaType == "" { // the client asked for something else, but should be told
		mediaType = mediaJSON
	}
	body := appendResponse(make([]byte, 0, len(resp.Data)+256), resp)
	w.Header().Set("Content-Type", mediaType+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	controller := http.NewResponseController(w)
	_ = controller.SetWriteDeadline(time.Now().Add(h.cfg.WriteTimeout)) // not every writer has one
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		return // net/http drops the connection
	}
	// What is still buffered must go while the deadline holds; then the deadline is
	// lifted, for the connection may serve other handlers.
	if controller.Flush() == nil {
		_ = controller.SetWriteDeadline(time.Time{})
	}
}

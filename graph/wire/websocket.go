package wire

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/rs/zerolog"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// closing is why the server ends a socket with a closing handshake. The codes
// from 4400 on are those of graphql-transport-ws.
type closing struct {
	code   websocket.StatusCode
	reason string
}

func (c *closing) Error() string { return fmt.Sprintf("%d: %s", c.code, c.reason) }

const (
	closeDuplicateID = websocket.StatusCode(4409)
	maxCloseReason   = 123 // bytes; RFC 6455, 5.5
)

var (
	closeGoingAway      = &closing{websocket.StatusGoingAway, "Going away"}
	closeTooBig         = &closing{websocket.StatusMessageTooBig, "Message too big"}
	closeNotUTF8        = &closing{websocket.StatusInvalidFramePayloadData, "Text is not UTF-8"}
	closeBadMessage     = &closing{4400, "Invalid message"}
	closeUnauthorized   = &closing{4401, "Unauthorized"}
	closeForbidden      = &closing{4403, "Forbidden"}
	closeNotAcceptable  = &closing{4406, "Subprotocol not acceptable"}
	closeInitTimeout    = &closing{4408, "Connection initialisation timeout"}
	closeTooManyInits   = &closing{4429, "Too many initialisation requests"}
	closeInternal       = &closing{4500, "Internal server error"}
	errClientNotReading = errors.New("the client does not read")
	errClientGone       = errors.New("the client does not answer pings")
)

func isWebSocket(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// socket is one WebSocket.
//
// One goroutine reads, one watches the time, one closes, and each operation has
// its own, which waits for its responses and writes them. So an operation never
// has more than one response waiting, and the sum of them is bounded.
type socket struct {
	h   *Handler
	ws  *websocket.Conn
	raw net.Conn
	end context.CancelCauseFunc // ends everything; the first cause counts

	goroutines sync.WaitGroup
	admitted   chan admission

	waiting atomic.Int64 // bytes held for messages that are written or wait to be
	writing sync.Mutex   // held for one message

	mu         sync.Mutex
	operations map[string]*socketOperation
	held       int // bytes of the messages that began them
	started    int // operations ever begun
}

type socketOperation struct {
	id     string
	size   int // bytes of its message, which it keeps until its end
	cancel context.CancelFunc
}

// admission is what the init message led to.
type admission struct {
	viewer  context.Context
	expires time.Time
}

// hijacker remembers the connection below a WebSocket, so that it can be dropped
// when the WebSocket itself is stuck in a write or in its closing handshake.
type hijacker struct {
	http.ResponseWriter
	conn net.Conn
}

func (w *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffer, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.conn = conn
	return conn, buffer, err
}

func (h *Handler) serveWebSocket(w http.ResponseWriter, r *http.Request) {
	if !h.enterStream() {
		h.writeRefusal(r.Context(), w, acceptance{}, refuse(http.StatusServiceUnavailable, CodeShuttingDown, "The server is shutting down."))
		return
	}
	defer h.leaveStream()
	hijack := &hijacker{ResponseWriter: w}
	ws, err := websocket.Accept(hijack, r, &websocket.AcceptOptions{
		// Others are accepted only to be closed with 4406: without any subprotocol in
		// the answer, browsers drop the connection before they read the code.
		Subprotocols:   append([]string{subprotocol}, offeredSubprotocols(r)...),
		OriginPatterns: h.cfg.OriginPatterns,
	})
	if err != nil {
		return // Accept has answered
	}
	ws.SetReadLimit(h.cfg.Limits.BodyBytes)
	ctx, end := context.WithCancelCause(r.Context())
	s := &socket{
		h: h, ws: ws, raw: hijack.conn, end: end,
		admitted:   make(chan admission, 1),
		operations: make(map[string]*socketOperation),
	}
	s.goroutines.Go(func() { s.closeAfter(ctx) })
	s.goroutines.Go(func() { s.watch(ctx) })
	if ws.Subprotocol() != subprotocol {
		end(closeNotAcceptable)
	}
	s.read(ctx, r)
	s.goroutines.Wait()
}

func offeredSubprotocols(r *http.Request) []string {
	offered := strings.Split(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",")
	for i := range offered {
		offered[i] = strings.TrimSpace(offered[i])
	}
	return offered
}

// closeAfter closes the connection when ctx ends, in the way its cause wants.
func (s *socket) closeAfter(ctx context.Context) {
	<-ctx.Done()
	cause := context.Cause(ctx)
	if errors.Is(cause, errClientNotReading) || errors.Is(cause, errClientGone) {
		zerolog.Ctx(ctx).Info().Str("request", RequestID(ctx)).Err(cause).Msg("WebSocket cut")
	}
	if errors.Is(cause, context.Canceled) { // by what serves the whole connection
		cause = closeGoingAway
	}
	if c := (*closing)(nil); errors.As(cause, &c) {
		abandon := time.AfterFunc(s.h.cfg.CloseTimeout, func() { _ = s.raw.Close() })
		defer abandon.Stop()
		_ = s.ws.Close(c.code, c.reason) // fails if the client has gone, which is as good
		return
	}
	_ = s.raw.Close()
	_ = s.ws.CloseNow()
}

// watch ends the connection when its time has come: no init, expired or revoked
// credentials, shutdown.
func (s *socket) watch(ctx context.Context) {
	init := time.NewTimer(s.h.cfg.InitTimeout)
	defer init.Stop()
	expiry := s.h.newExpiry(time.Time{})
	defer func() { expiry.stop() }()
	var revoked <-chan struct{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.h.stop:
			s.end(closeGoingAway)
		case <-init.C:
			s.end(closeInitTimeout)
		case a := <-s.admitted:
			init.Stop()
			expiry = s.h.newExpiry(a.expires)
			revoked = a.viewer.Done()
			s.goroutines.Go(func() { s.ping(ctx) })
		case <-revoked:
			s.end(closeForbidden)
		case <-expiry.due():
			if expiry.passed() {
				s.end(closeForbidden)
			}
		}
	}
}

// ping finds peers that have gone without a word, and those that do not read.
func (s *socket) ping(ctx context.Context) {
	ticker := time.NewTicker(s.h.cfg.PingInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		// Not ended by ctx: in the middle of a write that would drop the connection
		// before the closing handshake.
		wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.h.cfg.PongTimeout)
		err := s.ws.Ping(wait)
		cancel()
		// While a message is being written the ping may not get through; the deadline
		// of that write decides.
		if err != nil && s.waiting.Load() == 0 {
			s.end(errClientGone)
			return
		}
	}
}

// read handles the client's messages until the connection ends.
func (s *socket) read(ctx context.Context, r *http.Request) {
	var viewer context.Context // of operations; nil before the client is admitted
	for ctx.Err() == nil {
		// Ended by closing the connection, not by ctx: that would prevent the
		// closing handshake.
		kind, data, err := s.ws.Read(context.WithoutCancel(ctx))
		switch {
		case errors.Is(err, websocket.ErrMessageTooBig):
			s.end(closeTooBig)
			return
		case err != nil:
			s.end(err)
			return
		case ctx.Err() != nil:
			return
		}
		if kind == websocket.MessageText && !utf8.Valid(data) { // RFC 6455, 8.1
			s.end(closeNotUTF8)
			return
		}
		m, err := parseMessage(data)
		if err != nil || kind != websocket.MessageText {
			s.end(closeBadMessage)
			return
		}
		switch m.kind {
		case messageInit:
			if viewer != nil {
				s.end(closeTooManyInits)
				return
			}
			viewer = s.admit(ctx, r, m.init)
		case messagePing:
			s.send(ctx, nil, []byte(`{"type":"pong"}`))
		case messageSubscribe:
			if viewer == nil {
				s.end(closeUnauthorized)
				return
			}
			m.params.Headers = r.Header
			s.subscribe(ctx, viewer, m, len(data))
		case messageComplete:
			s.complete(m.id)
		}
	}
}

// admit authenticates the client. It returns the context for its operations, or
// nil after it has ended the connection.
func (s *socket) admit(ctx context.Context, r *http.Request, init map[string]any) context.Context {
	viewer, expires, refused := s.h.authenticate(withInit(ctx, init), r, init)
	switch {
	case refused == nil:
		s.admitted <- admission{viewer: viewer, expires: expires}
		s.send(ctx, nil, []byte(`{"type":"connection_ack"}`))
		return viewer
	case refused.status == http.StatusUnauthorized:
		s.end(closeForbidden)
	default:
		s.h.response(ctx, refused) // shows the fault to the presenter, which may log it
		s.end(closeInternal)
	}
	return nil
}

// subscribe begins the operation of a message of that many bytes. One too many, or
// one with which all together would keep more than a message may have, gets an
// error of its own; the protocol has no code for that and the others may go on.
func (s *socket) subscribe(ctx, viewer context.Context, m message, size int) {
	opCtx, cancel := context.WithCancel(viewer)
	op := &socketOperation{id: m.id, size: size, cancel: cancel}
	s.mu.Lock()
	_, duplicate := s.operations[m.id]
	full := len(s.operations) >= s.h.cfg.Subscriptions || int64(s.held+size) > s.h.cfg.Limits.BodyBytes
	if !duplicate {
		s.operations[m.id] = op // for a moment one more than may be, to be refused under its id
		s.held += size
		s.started++
		opCtx = withOperation(opCtx, s.started)
	}
	s.mu.Unlock()
	if duplicate {
		cancel()
		s.end(&closing{closeDuplicateID, clip("Subscriber for "+m.id+" already exists", maxCloseReason)})
		return
	}
	if full {
		cancel()
		refused := refuse(0, CodeTooManySubscriptions, fmt.Sprintf(
			"The connection has as many operations as it may: %d, in messages of %d bytes together.", s.h.cfg.Subscriptions, s.h.cfg.Limits.BodyBytes))
		s.finish(ctx, op, s.h.response(opCtx, refused))
		return
	}
	s.goroutines.Go(func() {
		defer cancel()
		s.run(ctx, opCtx, op, m.params)
	})
}

// run executes an operation and sends its messages.
func (s *socket) run(ctx, opCtx context.Context, op *socketOperation, params *graphql.RawParams) {
	running, refused := s.h.begin(opCtx, params, nil, nil)
	if refused != nil {
		s.finish(ctx, op, s.h.response(opCtx, refused))
		return
	}
	running.each(func(resp *graphql.Response) bool {
		if isRefused(resp) {
			s.finish(ctx, op, resp)
			return false
		}
		return s.send(ctx, op, newMessage(messageNext, op.id, func(dst []byte) []byte { return appendResponse(dst, resp) }))
	})
	s.finish(ctx, op, nil)
}

// finish sends the last message of an operation, which is an error if resp is not
// nil. If the operation has ended already it sends nothing: neither a complete
// after an error, nor anything after the client's complete.
//
// The id is free before the message is sent, so the client can use it again as
// soon as it gets the message.
func (s *socket) finish(ctx context.Context, op *socketOperation, resp *graphql.Response) {
	if !s.remove(op) {
		return
	}
	if resp == nil {
		s.send(ctx, nil, newMessage(messageComplete, op.id, nil))
		return
	}
	errs := resp.Errors
	if len(errs) == 0 { // the protocol wants at least one
		errs = gqlerror.List{newError(CodeInternal, "The server gave no answer.")}
	}
	s.send(ctx, nil, newMessage(messageError, op.id, func(dst []byte) []byte { return appendJSON(dst, errs) }))
}

// complete ends an operation because the client wants no more of it.
func (s *socket) complete(id string) {
	s.mu.Lock()
	op := s.operations[id]
	s.mu.Unlock()
	if op != nil && s.remove(op) {
		op.cancel()
	}
}

// remove reports whether op was still going on, and frees its id.
func (s *socket) remove(op *socketOperation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.operations[op.id] != op {
		return false
	}
	delete(s.operations, op.id)
	s.held -= op.size
	return true
}

func (s *socket) current(op *socketOperation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.operations[op.id] == op
}

// send writes a message and reports whether more can follow. It writes nothing if
// op, unless nil, has ended meanwhile, even if another has its id now.
//
// A client that takes too long for one message, or for which too much is waiting,
// is cut off. A message counts twice, because gqlgen keeps what it was made from
// until the next one; but never for more than half the buffer, so that large
// answers can be sent at all.
func (s *socket) send(ctx context.Context, op *socketOperation, data []byte) bool {
	buffer := int64(s.h.cfg.Buffer)
	size := min(2*int64(len(data)), buffer/2)
	if s.waiting.Add(size) > buffer {
		s.waiting.Add(-size)
		s.end(errClientNotReading)
		return false
	}
	defer s.waiting.Add(-size)
	s.writing.Lock()
	defer s.writing.Unlock()
	if ctx.Err() != nil || (op != nil && !s.current(op)) {
		return false
	}
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.h.cfg.WriteTimeout)
	defer cancel()
	if err := s.ws.Write(deadline, websocket.MessageText, data); err != nil {
		if deadline.Err() != nil {
			err = errClientNotReading
		}
		s.end(err)
		return false
	}
	return true
}

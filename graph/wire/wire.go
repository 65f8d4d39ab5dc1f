// Package wire carries GraphQL operations between sockets and gqlgen's executor:
// POST and GET by the GraphQL-over-HTTP specification, forms with files by the GraphQL
// multipart request specification, WebSockets by
// graphql-transport-ws, and server-sent events by GraphQL over SSE (distinct
// connections mode). It negotiates, authenticates through a hook, refuses what is
// too large or too dear before it is validated, and bounds what a connection may
// hold.
//
// It knows no type of the schema: schema, resolvers, row scope, the texts of
// errors and everything about viewers belong to the caller.
//
// The middleware around a [Handler] must not hide the connection: wrapped
// response writers need an Unwrap method (see [http.ResponseController]), and
// http.Server.WriteTimeout must be 0 because streams live longer than any answer;
// the handler sets a deadline for each write itself.
package wire

import (
	"cmp"
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
)

// Authenticate names the viewer of a request. It is called once for each HTTP
// request, with init nil, and once for each WebSocket when connection_init
// arrives, with init being that message's payload (empty, not nil, if it has
// none) and r the request that opened the socket.
//
// The returned context must be derived from ctx; resolvers get it. If it is
// cancelled, the WebSocket is closed (4403) or the event stream is ended, so a
// revoked token can end what it opened. At expires the same happens; the zero
// time never comes. An error that wraps [ErrUnauthenticated] refuses the viewer
// (401, or close code 4403); any other is a fault (500, or close code 4500).
type Authenticate func(ctx context.Context, r *http.Request, init map[string]any) (_ context.Context, expires time.Time, _ error)

// Config is what a [Handler] is made of. Only Schema is required.
type Config struct {
	Schema graphql.ExecutableSchema

	// Authenticate admits everybody by default.
	Authenticate Authenticate

	// ErrorPresenter turns every error into what the client sees. Errors of this
	// package come to it as *gqlerror.Error with extensions.code set (see the Code
	// constants) and may be passed through or translated. What it returns is
	// completed with a code (INTERNAL if it set none) and the request id. By
	// default errors without a code are hidden.
	ErrorPresenter graphql.ErrorPresenterFunc

	// Recover turns a panic into an error for ErrorPresenter. By default it logs
	// the stack to the logger of the context (zerolog.Ctx).
	Recover graphql.RecoverFunc

	// Extensions are gqlgen's. One that changes the parameters of an operation
	// (graphql.OperationParameterMutator) is refused by New, as it would run after
	// the document has been counted.
	Extensions []graphql.HandlerExtension

	// HideSchema refuses introspection. Clients cannot generate code then, and
	// GraphiQL does not work.
	HideSchema bool

	Limits Limits

	// OriginPatterns are the hosts, besides the server's own, whose pages may open
	// a WebSocket, as path.Match patterns of "host" or "scheme://host".
	OriginPatterns []string

	// UploadDir is the folder in which the files of a form are kept while their
	// operation is carried out. Without one, forms are refused.
	UploadDir string
	// MayUpload refuses by an error, as Authenticate does, who may not send files;
	// none of them is read then. By default everybody may.
	MayUpload func(ctx context.Context) error

	Uploads       int           // forms that are taken at a time; 16
	Documents     int           // validated documents kept, of at most 16 KiB each; 1,000
	Subscriptions int           // operations at a time on one WebSocket; 100
	Buffer        int           // bytes of memory for messages that one WebSocket has not taken yet; 1 MiB
	InitTimeout   time.Duration // from the upgrade to connection_init; 5 s
	PingInterval  time.Duration // between pings to a WebSocket; 5 s
	PongTimeout   time.Duration // from ping to pong, or the peer is dead; 8 s
	KeepAlive     time.Duration // between comments on a silent event stream; 10 s
	ReadTimeout   time.Duration // for the body of a request, and for the next bytes of a form; 15 s
	UploadTimeout time.Duration // for the whole of a form; 5 min
	QueryTimeout  time.Duration // for a query, whose resolvers then find their context at its deadline; 30 s
	WriteTimeout  time.Duration // for one write to any client; 10 s
	CloseTimeout  time.Duration // for a WebSocket's closing handshake; 2 s

	// Now is the clock that tokens expire by; time.Now.
	Now func() time.Time
}

func (cfg Config) withDefaults() Config {
	if cfg.Authenticate == nil {
		cfg.Authenticate = func(ctx context.Context, _ *http.Request, _ map[string]any) (context.Context, time.Time, error) {
			return ctx, time.Time{}, nil
		}
	}
	if cfg.ErrorPresenter == nil {
		cfg.ErrorPresenter = hideFaults
	}
	if cfg.Recover == nil {
		cfg.Recover = logPanic
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.MayUpload == nil {
		cfg.MayUpload = func(context.Context) error { return nil }
	}
	cfg.Uploads = cmp.Or(cfg.Uploads, 16)
	cfg.UploadTimeout = cmp.Or(cfg.UploadTimeout, 5*time.Minute)
	cfg.Documents = cmp.Or(cfg.Documents, 1000)
	cfg.Subscriptions = cmp.Or(cfg.Subscriptions, 100)
	cfg.Buffer = cmp.Or(cfg.Buffer, 1<<20)
	cfg.InitTimeout = cmp.Or(cfg.InitTimeout, 5*time.Second)
	cfg.PingInterval = cmp.Or(cfg.PingInterval, 5*time.Second)
	cfg.PongTimeout = cmp.Or(cfg.PongTimeout, 8*time.Second)
	cfg.KeepAlive = cmp.Or(cfg.KeepAlive, 10*time.Second)
	cfg.ReadTimeout = cmp.Or(cfg.ReadTimeout, 15*time.Second)
	cfg.QueryTimeout = cmp.Or(cfg.QueryTimeout, 30*time.Second)
	cfg.WriteTimeout = cmp.Or(cfg.WriteTimeout, 10*time.Second)
	cfg.CloseTimeout = cmp.Or(cfg.CloseTimeout, 2*time.Second)
	return cfg
}

// Handler answers GraphQL requests on one path. It starts no goroutine of its
// own; those of a connection end with it.
type Handler struct {
	cfg       Config
	exec      *executor.Executor
	documents *documents

	uploading chan struct{} // has an element for each form that is being taken

	stop chan struct{} // closed when Shutdown begins

	mu      sync.Mutex
	streams int           // WebSockets and event streams being served
	idle    chan struct{} // not nil once Shutdown has begun; closed when streams is 0
}

// New returns a handler. It panics, as gqlgen does, on a Config that can never
// work: no schema, or an extension that does not fit.
func New(cfg Config) *Handler {
	if cfg.Schema == nil {
		panic("wire: Config.Schema is required")
	}
	cfg = cfg.withDefaults()
	h := &Handler{
		cfg:       cfg,
		documents: newDocuments(cfg.Schema.Schema(), cfg.Limits, cfg.Documents),
		uploading: make(chan struct{}, cfg.Uploads),
		stop:      make(chan struct{}),
	}
	h.exec = newExecutor(cfg, h.present)
	return h
}

// ServeHTTP answers one request, or serves one connection until it ends.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx := withRequest(r.Context(), r)
	w.Header().Set("X-Request-Id", RequestID(ctx))
	r = r.WithContext(ctx)
	if isWebSocket(r) {
		h.serveWebSocket(w, r)
		return
	}
	h.serveHTTP(w, r)
}

// Shutdown ends every stream and waits until they are gone or ctx is done:
// WebSockets are closed with 1001, event streams end without a complete event, so
// that clients come back elsewhere. Streams are refused (503) from then on; plain
// requests are still answered, so call it together with http.Server.Shutdown,
// which waits for those but knows nothing of WebSockets. It may be called again.
func (h *Handler) Shutdown(ctx context.Context) error {
	h.mu.Lock()
	if h.idle == nil {
		h.idle = make(chan struct{})
		close(h.stop)
		if h.streams == 0 {
			close(h.idle)
		}
	}
	h.mu.Unlock()
	select {
	case <-h.idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// enterStream counts a stream in, unless the handler is shutting down.
func (h *Handler) enterStream() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.idle != nil {
		return false
	}
	h.streams++
	return true
}

func (h *Handler) leaveStream() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams--
	if h.streams == 0 && h.idle != nil {
		close(h.idle)
	}
}

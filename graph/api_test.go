package graph_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/graph"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// api is the API on a database, as a server has it, but without sockets.
type api struct {
	*wire.Handler
	db      *ent.Database
	quality *quality.Service
	events  *events.Log
	schema  graphql.ExecutableSchema
	logged  *syncBuffer
	keys    *contact.Keys
	viewers sync.Map // by their tokens
}

// clock is the time in the tests.
var clock = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// asSystem is the access token by which the server itself asks.
const asSystem = "system"

func newAPI(t testing.TB, d *ent.Database) *api {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		// The pool's connections are closed after this, with the database.
		goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("github.com/jackc/pgx/v5/pgconn/internal/bgreader.(*BGReader).bgRead"))
	})
	logged := &syncBuffer{}
	log := zerolog.New(logged)
	a := &api{db: d, logged: logged, events: events.New(events.Config{Database: d, Logger: log})}
	var err error
	if a.keys, err = contact.NewKeys(); err != nil {
		t.Fatal(err)
	}
	a.quality = quality.New(quality.Config{
		Database: d, Events: a.events, Checklists: judge{}, Plugins: processes{}, Contacts: a.keys, Logger: log,
		Now: func() time.Time { return clock },
	})
	a.answerFrom(d, log)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := a.events.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		running.Wait()
	})
	return a
}

// answerFrom makes the API answer from a database.
func (a *api) answerFrom(d *ent.Database, log zerolog.Logger) {
	a.schema = graph.NewSchema(graph.Config{
		Database: d, Quality: a.quality, Events: a.events, Processes: processes{},
	})
	a.Handler = wire.New(wire.Config{
		Schema: a.schema, Authenticate: a.authenticate, ErrorPresenter: graph.PresentError(log),
		Extensions: []graphql.HandlerExtension{graph.Authenticated{}},
		Limits:     wire.Limits{Cost: 1 << 28, Fields: 5000, Tokens: 50_000, Aliases: 5000, RootFields: 5000},
		Now:        func() time.Time { return clock },
	})
}

func (a *api) authenticate(ctx context.Context, r *http.Request, _ map[string]any) (context.Context, time.Time, error) {
	switch secret := r.Header.Get("Authorization"); secret {
	case "":
		return ctx, time.Time{}, nil
	case asSystem:
		return ent.AsSystem(ctx), time.Time{}, nil
	default: // nobody's rights change while a test asks
		if v, known := a.viewers.Load(secret); known {
			return ent.WithViewer(ctx, v.(ent.Viewer)), time.Time{}, nil
		}
		v, expires, err := a.quality.Authenticate(ctx, secret)
		if errors.Is(err, quality.ErrUnauthenticated) {
			err = errors.Join(wire.ErrUnauthenticated, err)
		}
		if err == nil {
			a.viewers.Store(secret, v)
		}
		return ent.WithViewer(ctx, v), expires, err
	}
}

// judge judges in the process.
type judge struct{}

func (judge) Judge(_ context.Context, _ string, d checklist.Definition, in checklist.Inspection) (checklist.Judgement, error) {
	return sdk.Judge(d, in)
}

type processes struct{}

func (processes) Pin(context.Context, string, string) error { return nil }
func (processes) Reload(context.Context, string) error      { return nil }
func (processes) Follow(context.Context)                    {}

func (processes) Versions(string) []*model.PluginProcess {
	return []*model.PluginProcess{{Pinned: true, State: model.PluginStateReady, Since: clock}}
}

// syncBuffer collects what is logged.
type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// answer is a GraphQL response.
type answer struct {
	Data       map[string]any `json:"data"`
	Errors     []answerError  `json:"errors"`
	Extensions map[string]any `json:"extensions"`
}

type answerError struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path"`
	Extensions map[string]any `json:"extensions"`
}

func (e answerError) code() string { s, _ := e.Extensions["code"].(string); return s }

// codes are the codes of the answer's errors.
func (a answer) codes() []string {
	var all []string
	for _, e := range a.Errors {
		all = append(all, e.code())
	}
	return all
}

type variables map[string]any

// request makes a POST request. headers are names and values by turns.
func request(ctx context.Context, token, query string, vars variables, headers ...string) *http.Request {
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		panic(err) // the tests' own variables
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// do executes an operation.
func (a *api) do(t testing.TB, token, query string, vars variables, headers ...string) answer {
	t.Helper()
	return a.send(t, request(t.Context(), token, query, vars, headers...))
}

func (a *api) send(t testing.TB, r *http.Request) answer {
	t.Helper()
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	var out answer
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("the answer %d %q: %v", w.Code, w.Body, err)
	}
	return out
}

// must is do for an operation that succeeds.
func (a *api) must(t testing.TB, token, query string, vars variables) map[string]any {
	t.Helper()
	out := a.do(t, token, query, vars)
	if len(out.Errors) > 0 {
		t.Fatalf("%s\nanswered %+v\nlog: %s", query, out.Errors, a.logged)
	}
	return out.Data
}

// at walks down an answer: by names into objects, by numbers into lists. It is nil
// where the way ends.
func at(v any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[key]
		case int:
			list, _ := v.([]any)
			if key >= len(list) {
				return nil
			}
			v = list[key]
		}
	}
	return v
}

// list is at for lists.
func list(v any, path ...any) []any {
	l, _ := at(v, path...).([]any)
	return l
}

// column is what the rows of a list hold at a path, as texts.
func column(rows []any, path ...any) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i], _ = at(row, path...).(string)
	}
	return out
}

// stream is a subscription over server-sent events.
type stream struct {
	events chan streamed
	close  func()
}

// streamed is one event of a stream.
type streamed struct {
	name, id string
	answer
}

// subscribe opens a subscription. It ends with the test.
func (a *api) subscribe(t testing.TB, token, query string, vars variables, headers ...string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	body, pipe := io.Pipe()
	s := &stream{events: make(chan streamed, 1000)}
	r := request(ctx, token, query, vars, append(headers, "Accept", "text/event-stream")...)
	var running sync.WaitGroup
	running.Go(func() {
		a.ServeHTTP(&pipeWriter{ResponseRecorder: httptest.NewRecorder(), pipe: pipe}, r)
		_ = pipe.Close() // never fails
	})
	running.Go(func() {
		defer close(s.events)
		s.read(t, body)
	})
	s.close = func() {
		cancel()
		_ = body.Close() // never fails
		running.Wait()
	}
	t.Cleanup(s.close)
	return s
}

func (s *stream) read(t testing.TB, body io.Reader) {
	var e streamed
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			e.name = value
		case "id":
			e.id = value
		case "data":
			if value == "" { // a complete event has none
				continue
			}
			if err := json.Unmarshal([]byte(value), &e.answer); err != nil {
				t.Errorf("an event %q: %v", value, err)
			}
		case "":
			if e.name != "" {
				s.events <- e
			}
			e = streamed{}
		}
	}
}

// next waits for the next event, and fails when none comes or the stream ends.
func (s *stream) next(t testing.TB) streamed {
	t.Helper()
	select {
	case e, ok := <-s.events:
		if !ok {
			t.Fatal("the stream ended")
		}
		return e
	case <-time.After(20 * time.Second):
		t.Fatal("no event came")
	}
	panic("unreachable")
}

// pipeWriter is a response writer that can be read while it is written.
type pipeWriter struct {
	*httptest.ResponseRecorder
	pipe *io.PipeWriter
}

func (w *pipeWriter) Write(p []byte) (int, error) { return w.pipe.Write(p) }

// SetWriteDeadline is what net/http's own writers have.
func (w *pipeWriter) SetWriteDeadline(time.Time) error { return nil }

// SetReadDeadline is what net/http's own writers have.
func (w *pipeWriter) SetReadDeadline(time.Time) error { return nil }

package wire_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/graph/wire/internal/wiretest"
)

func TestHTTP(t *testing.T) {
	s := start(t, wire.Config{})
	get := func(query string) string { return "/?query=" + url.QueryEscape(query) }
	const ok = `{"query":"{hello}"}`
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		status             int
		mediaType, code    string
		contains           string
	}{
		"post":                        {"POST", "/", ok, []string{"Accept", graphQLJSON}, 200, graphQLJSON, "", `{"data":{"hello":"hello"},"extensions":{"cost":{"requested":1,"budget":20000,"remaining":19999}}}`},
		"post for old clients":        {"POST", "/", ok, nil, 200, "application/json", "", `"hello"`},
		"get":                         {"GET", get("{hello}"), "", nil, 200, "application/json", "", `"hello"`},
		"get with variables":          {"GET", get("query q($n:String){hello(name:$n)} query r{hello}") + `&operationName=q&variables={"n":"you"}`, "", nil, 200, "application/json", "", `"hello you"`},
		"get, variables not JSON":     {"GET", get("{hello}") + `&variables={"n"`, "", nil, 400, "application/json", wire.CodeBadRequest, ""},
		"get, more than one value":    {"GET", get("{hello}") + `&variables={}{}`, "", nil, 400, "application/json", wire.CodeBadRequest, ""},
		"get, query twice":            {"GET", get("{hello}") + "&query={about}", "", nil, 400, "application/json", wire.CodeBadRequest, ""},
		"get, variables twice":        {"GET", get("{hello}") + "&variables={}&variables={}", "", nil, 400, "application/json", wire.CodeBadRequest, ""},
		"get, not UTF-8":              {"GET", get("{hello}") + `&variables={"n":"%ff"}`, "", nil, 400, "application/json", wire.CodeBadRequest, ""},
		"get without query":           {"GET", "/", "", nil, 400, "application/json", wire.CodeBadRequest, ""},
		"mutation by get":             {"GET", get(`mutation{rename(name:"x"){id}}`), "", nil, 405, "application/json", wire.CodeMethodNotAllowed, ""},
		"mutation by get, as events":  {"GET", get(`mutation{rename(name:"x"){id}}`), "", []string{"Accept", "text/event-stream"}, 405, "application/json", wire.CodeMethodNotAllowed, ""},
		"put":                         {"PUT", "/", ok, nil, 405, "application/json", wire.CodeMethodNotAllowed, ""},
		"form":                        {"POST", "/", "query={hello}", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "application/json", wire.CodeUnsupportedMediaType, ""},
		"plain text":                  {"POST", "/", ok, []string{"Content-Type", "text/plain"}, 415, "application/json", wire.CodeUnsupportedMediaType, ""},
		"multipart":                   {"POST", "/", ok, []string{"Content-Type", "multipart/form-data; boundary=x"}, 415, "application/json", wire.CodeUnsupportedMediaType, ""},
		"no content type":             {"POST", "/", ok, []string{"Content-Type", ""}, 415, "application/json", wire.CodeUnsupportedMediaType, ""},
		"another charset":             {"POST", "/", ok, []string{"Content-Type", "application/json; charset=latin1"}, 415, "application/json", wire.CodeUnsupportedMediaType, ""},
		"compressed":                  {"POST", "/", ok, []string{"Content-Encoding", "gzip"}, 415, "application/json", wire.CodeUnsupportedMediaType, ""},
		"not acceptable":              {"POST", "/", ok, []string{"Accept", "text/html"}, 406, "application/json", wire.CodeNotAcceptable, ""},
		"refused by q":                {"POST", "/", ok, []string{"Accept", "*/*;q=0"}, 406, "application/json", wire.CodeNotAcceptable, ""},
		"batch":                       {"POST", "/", "\n[" + ok + "]", nil, 400, "application/json", wire.CodeBatchingNotSupported, ""},
		"not JSON":                    {"POST", "/", `{"query":SECRET}`, nil, 400, "application/json", wire.CodeBadRequest, "must be a JSON object"},
		"not UTF-8":                   {"POST", "/", `{"query":"{hello(name:\"` + "\xff" + `\")}"}`, nil, 400, "application/json", wire.CodeBadRequest, ""},
		"JSON null":                   {"POST", "/", `null`, nil, 400, "application/json", wire.CodeBadRequest, ""},
		"two JSON values":             {"POST", "/", ok + ok, nil, 400, "application/json", wire.CodeBadRequest, ""},
		"query in another case":       {"POST", "/", `{"Query":"{hello}"}`, nil, 400, "application/json", wire.CodeBadRequest, ""},
		"query null":                  {"POST", "/", `{"query":null}`, nil, 400, "application/json", wire.CodeBadRequest, ""},
		"variables a list":            {"POST", "/", `{"query":"{hello}","variables":["SECRET"]}`, nil, 400, "application/json", wire.CodeBadRequest, "variables"},
		"syntax":                      {"POST", "/", `{"query":"{"}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeParseFailed, ""},
		"syntax, old clients":         {"POST", "/", `{"query":"{"}`, nil, 200, "application/json", wire.CodeParseFailed, ""},
		"no operation":                {"POST", "/", `{"query":"fragment f on Query{hello}"}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeParseFailed, ""},
		"empty":                       {"POST", "/", `{"query":""}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeParseFailed, ""},
		"validation":                  {"POST", "/", `{"query":"{nope}"}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeValidationFailed, ""},
		"validation, old clients":     {"POST", "/", `{"query":"{nope}"}`, nil, 200, "application/json", wire.CodeValidationFailed, ""},
		"which operation":             {"POST", "/", `{"query":"query a{hello} query b{hello}"}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeNoSuchOperation, ""},
		"no such operation":           {"POST", "/", `{"query":"{hello}","operationName":"a"}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeNoSuchOperation, ""},
		"variable of a wrong type":    {"POST", "/", `{"query":"query($n:String){hello(name:$n)}","variables":{"n":["SECRET"]}}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeBadVariables, "Variable $n: has a value that its type does not allow."},
		"enum of a wrong value":       {"POST", "/", `{"query":"query($c:Color!){paint(color:$c)}","variables":{"c":"SECRET"}}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeBadVariables, "$c"},
		"variable missing":            {"POST", "/", `{"query":"query($c:Color!){paint(color:$c)}"}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeBadVariables, "Variable $c: must be defined."},
		"unknown input field":         {"POST", "/", `{"query":"query($f:Filter){paint(color:RED,filter:$f)}","variables":{"f":{"SECRET":1}}}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeBadVariables, "unknown field"},
		"incremental delivery":        {"POST", "/", `{"query":"{... @defer{hello}}"}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeValidationFailed, "@defer"},
		"an error with data":          {"POST", "/", `{"query":"{hello fail}"}`, []string{"Accept", graphQLJSON}, 200, graphQLJSON, wire.CodeInternal, `"data":{"hello":"hello","fail":null}`},
		"a panic":                     {"POST", "/", `{"query":"{hello boom}"}`, []string{"Accept", graphQLJSON}, 200, graphQLJSON, wire.CodeInternal, `"data":{"hello":"hello","boom":null}`},
		"refused credentials":         {"POST", "/", ok, []string{"Authorization", "Bearer bad"}, 401, "application/json", wire.CodeUnauthenticated, ""},
		"a fault of authentication":   {"POST", "/", ok, []string{"Authorization", "Bearer broken"}, 500, "application/json", wire.CodeInternal, ""},
		"a panic of authentication":   {"POST", "/", ok, []string{"Authorization", "Bearer panic"}, 500, "application/json", wire.CodeInternal, ""},
		"subscription":                {"POST", "/", `{"query":"subscription{count(to:1){n}}"}`, []string{"Accept", graphQLJSON}, 400, graphQLJSON, wire.CodeStreamNeeded, ""},
		"subscription, old clients":   {"POST", "/", `{"query":"subscription{count(to:1){n}}"}`, nil, 200, "application/json", wire.CodeStreamNeeded, ""},
		"query, stream also accepted": {"POST", "/", ok, []string{"Accept", "application/json, text/event-stream"}, 200, "application/json", "", `"hello"`},
	} {
		t.Run(name, func(t *testing.T) {
			header := append([]string{"Content-Type", "application/json"}, c.header...)
			got := s.do(t, c.method, c.path, c.body, header...)
			if got.status != c.status {
				t.Errorf("status = %d, want %d", got.status, c.status)
			}
			if mediaType := got.header.Get("Content-Type"); mediaType != c.mediaType+"; charset=utf-8" {
				t.Errorf("Content-Type = %q, want %q", mediaType, c.mediaType)
			}
			var want []string
			if c.code != "" {
				want = []string{c.code}
			}
			if codes := got.codes(t); !slices.Equal(codes, want) {
				t.Errorf("codes = %q, want %q", codes, want)
			}
			if !strings.Contains(got.body, c.contains) {
				t.Errorf("body = %s, want %s in it", got.body, c.contains)
			}
			if got.status >= 400 && strings.Contains(got.body, `"data"`) {
				t.Errorf("a refused request has data: %s", got.body)
			}
			for _, secret := range []string{wiretest.Secret, "map[", "interface", "slice"} {
				if strings.Contains(got.body, secret) {
					t.Errorf("body = %s, which tells %q", got.body, secret)
				}
			}
			if strings.Contains(got.body, "SECRET") && c.code != wire.CodeBadVariables {
				t.Errorf("body = %s, which repeats the request", got.body)
			}
		})
	}
	if n := s.resolver.Renamed.Load(); n != 0 {
		t.Errorf("%d mutations were executed by GET", n)
	}
}

func TestAllowHeader(t *testing.T) {
	s := start(t, wire.Config{})
	for _, c := range []struct{ method, path, want string }{
		{"DELETE", "/", "GET, OPTIONS, POST"},
		{"OPTIONS", "/", "GET, OPTIONS, POST"},
		{"GET", "/?query=" + url.QueryEscape(`mutation{rename(name:"x"){id}}`), "POST"},
	} {
		if got := s.do(t, c.method, c.path, "").header.Get("Allow"); got != c.want {
			t.Errorf("Allow of %s %s = %q, want %q", c.method, c.path, got, c.want)
		}
	}
	if got := s.post(t, "{hello}", nil, "Authorization", "Bearer bad").header.Get("WWW-Authenticate"); got != "Bearer" {
		t.Errorf("WWW-Authenticate = %q, want Bearer", got)
	}
}

func TestMutation(t *testing.T) {
	s := start(t, wire.Config{})
	got := s.post(t, `mutation($n:String!){rename(name:$n){name}}`, map[string]any{"n": "new"})
	if !strings.HasPrefix(got.body, `{"data":{"rename":{"name":"new"}}`) || s.resolver.Renamed.Load() != 1 {
		t.Errorf("got %s after %d executions", got.body, s.resolver.Renamed.Load())
	}
}

func TestRequestContext(t *testing.T) {
	s := start(t, wire.Config{})
	got := s.post(t, "{about}", nil, "X-Request-Id", "id-1.2_3", "Accept-Language", "zh-CN", "Authorization", "Bearer good")
	if want := `{"about":["id-1.2_3","zh-CN","good"]}`; !strings.Contains(got.body, want) {
		t.Errorf("got %s, want %s in it", got.body, want)
	}
	if id := got.header.Get("X-Request-Id"); id != "id-1.2_3" {
		t.Errorf("X-Request-Id = %q, want the one sent", id)
	}
	for _, bad := range []string{"", "a b", "a\"b", strings.Repeat("a", 65)} {
		first := s.post(t, "{about}", nil, "X-Request-Id", bad).header.Get("X-Request-Id")
		second := s.post(t, "{about}", nil, "X-Request-Id", bad).header.Get("X-Request-Id")
		if first == bad || len(first) < 20 || first == second {
			t.Errorf("for %q the ids are %q and %q, want two random ones", bad, first, second)
		}
	}
}

// A connection serves request after request, also after errors.
func TestKeepAlive(t *testing.T) {
	s := start(t, wire.Config{})
	var reused []bool
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { reused = append(reused, info.Reused) },
	})
	for _, body := range []string{`{"query":"{hello}"}`, `{"query":"{"}`, `nonsense`, `{"query":"{letters(n:100000)}"}`, `{"query":"{hello}"}`} {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		resp, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if want := []bool{false, true, true, true, true}; !slices.Equal(reused, want) {
		t.Errorf("connections reused: %v, want %v", reused, want)
	}
}

// rawConn sends text over a connection and reads nothing.
func rawConn(t *testing.T, s *server, text string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn
}

// A body that does not come is not waited for, not even after a refusal.
func TestSlowBody(t *testing.T) {
	s := start(t, wire.Config{ReadTimeout: 10 * time.Millisecond})
	for head, status := range map[string]string{
		"POST / HTTP/1.1\r\nContent-Type: application/json\r\n": "400",
		"POST / HTTP/1.1\r\nContent-Type: text/plain\r\n":       "415",
		"PUT / HTTP/1.1\r\n": "405",
	} {
		conn := rawConn(t, s, head+"Host: a\r\nContent-Length: 100\r\n\r\n{")
		b, err := io.ReadAll(conn) // until the server closes
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(b), "HTTP/1.1 "+status) {
			t.Errorf("after %q got %s, want %s", head, b, status)
		}
	}
}

// The size is limited also where it is not announced.
func TestChunkedBody(t *testing.T) {
	s := start(t, wire.Config{Limits: wire.Limits{BodyBytes: 10}})
	conn := rawConn(t, s, "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{          \r\n0\r\n\r\n")
	b, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(b), "HTTP/1.1 413") || !strings.Contains(string(b), wire.CodeBodyTooLarge) {
		t.Errorf("got %s, want 413", b)
	}
}

// A client that does not read its answers is dropped.
func TestSlowReaderOfDocuments(t *testing.T) {
	s := start(t, wire.Config{WriteTimeout: 200 * time.Millisecond})
	const body = `{"query":"{letters(n:1000000)}"}`
	request := fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	conn := rawConn(t, s, strings.Repeat(request, 50))
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		for err := error(nil); err == nil; { // until the server has closed its side
			_, err = io.WriteString(conn, request)
		}
	}()
	receive(t, "the end of the connection", closed)
}

// A client that asks for several media types gets the one it likes best.
func TestNegotiation(t *testing.T) {
	s := start(t, wire.Config{})
	const events = "text/event-stream"
	for accept, want := range map[string]string{
		"":                                 "application/json",
		"*/*":                              "application/json",
		"application/*":                    "application/json",
		graphQLJSON:                        graphQLJSON,
		graphQLJSON + ";q=0.5":             graphQLJSON,
		"application/json, " + graphQLJSON: graphQLJSON,
		"application/json, " + graphQLJSON + ";q=0.9":    "application/json",
		"application/json;q=0.1, */*;q=0.9":              graphQLJSON,
		"APPLICATION/JSON; charset=utf-8":                "application/json",
		"text/html, nonsense/, application/json;q=wrong": "application/json",
		events:                              events,
		events + ";q=0.5, " + graphQLJSON:   graphQLJSON,
		events + ", application/json;q=0.5": events,
		graphQLJSON + ", application/graphql+json, application/json, " + events + ", multipart/mixed": graphQLJSON,
	} {
		got := s.post(t, "{hello}", nil, "Accept", accept).header.Get("Content-Type")
		if got != want+"; charset=utf-8" {
			t.Errorf("for Accept: %s the answer is %s, want %s", accept, got, want)
		}
	}
}

// What a parser or validator quotes of the document is short.
func TestErrorsAreShort(t *testing.T) {
	s := start(t, wire.Config{})
	long := strings.Repeat("x", 100_000)
	for _, query := range []string{"{" + long + "}", `{hello "` + long + `"}`, `{hello(name:` + long + `)}`, "{" + strings.Repeat("nope ", 20) + "}"} {
		if got := s.post(t, query, nil); got.status != 400 || len(got.body) > 20_000 {
			t.Errorf("%.30s was answered %d with %d bytes", query, got.status, len(got.body))
		}
	}
	got := s.post(t, "query($f:Filter){paint(color:RED,filter:$f)}", map[string]any{"f": map[string]any{long: 1}})
	if want := []string{wire.CodeBadVariables}; !slices.Equal(got.codes(t), want) || len(got.body) > 1000 {
		t.Errorf("an unknown field of 100 KB was answered %d with %d bytes", got.status, len(got.body))
	}
}

type members struct{}

func (members) ExtensionName() string                   { return "members" }
func (members) Validate(graphql.ExecutableSchema) error { return nil }
func (members) MutateOperationContext(context.Context, *graphql.OperationContext) *gqlerror.Error {
	return &gqlerror.Error{Message: "members only", Extensions: map[string]any{"code": wire.CodeUnauthenticated}}
}

// An operation for which somebody must say who they are is answered like refused
// credentials, so that clients fetch some and try again.
func TestMissingCredentials(t *testing.T) {
	s := start(t, wire.Config{Extensions: []graphql.HandlerExtension{members{}}})
	for _, accept := range []string{graphQLJSON, "application/json", "text/event-stream"} {
		got := s.post(t, "{hello}", nil, "Accept", accept)
		if want := []string{wire.CodeUnauthenticated}; got.status != 401 || got.header.Get("WWW-Authenticate") != "Bearer" || !slices.Equal(got.codes(t), want) {
			t.Errorf("with Accept %s: %d %v %s, want 401 and %s", accept, got.status, got.header, got.body, want)
		}
	}
}

// A presenter says what clients see of every error, and its own panic ends nothing.
func TestErrorPresenter(t *testing.T) {
	shared := &gqlerror.Error{Message: "translated"}
	s := start(t, wire.Config{ErrorPresenter: func(ctx context.Context, err error) *gqlerror.Error {
		if wire.AcceptLanguage(ctx) == "panic" {
			panic("presenter")
		}
		return shared
	}})
	for _, query := range []string{"{", "{nope}", "{fail}"} {
		got := s.post(t, query, nil)
		if !strings.Contains(got.body, `"message":"translated"`) || !slices.Equal(got.codes(t), []string{wire.CodeInternal}) {
			t.Errorf("%s was answered %s", query, got.body)
		}
		got = s.post(t, query, nil, "Accept-Language", "panic")
		if want := []string{wire.CodeInternal}; !slices.Equal(got.codes(t), want) {
			t.Errorf("with a panic of the presenter %s was answered %s", query, got.body)
		}
	}
	if shared.Extensions != nil {
		t.Errorf("the presenter's error was changed: %v", shared.Extensions)
	}
}

type paramsMutator struct{}

func (paramsMutator) ExtensionName() string                   { return "paramsMutator" }
func (paramsMutator) Validate(graphql.ExecutableSchema) error { return nil }
func (paramsMutator) MutateOperationParameters(context.Context, *graphql.RawParams) *gqlerror.Error {
	return nil
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	for name, cfg := range map[string]wire.Config{
		"no schema":                    {},
		"documents could be exchanged": {Schema: wiretest.NewSchema(new(wiretest.Resolver)), Extensions: []graphql.HandlerExtension{paramsMutator{}}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: New accepted it", name)
				}
			}()
			wire.New(cfg)
		}()
	}
}

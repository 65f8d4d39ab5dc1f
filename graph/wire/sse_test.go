package wire_test

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/graph/wire"
)

const costOfCount = `"cost":{"requested":2,"budget":20000,"remaining":19998}`

func TestEventStream(t *testing.T) {
	s := start(t, wire.Config{})
	const query = "subscription{count(to:3){n}}"
	two := `event: next
id: 2
data: {"data":{"count":{"n":2}},"extensions":{"cursor":"2"}}

event: next
id: 3
data: {"data":{"count":{"n":3}},"extensions":{"cursor":"3"}}

event: complete
data:

`
	three := ":\n\nevent: next\nid: 1\ndata: {\"data\":{\"count\":{\"n\":1}},\"extensions\":{" + costOfCount + ",\"cursor\":\"1\"}}\n\n" + two
	resumed := ":\n\n" + strings.Replace(two, `"extensions":{`, `"extensions":{`+costOfCount+`,`, 1)
	get := "/?query=" + url.QueryEscape(query)
	for name, c := range map[string]struct {
		got  answer
		want string
	}{
		"post":                  {s.post(t, query, nil, "Accept", "text/event-stream"), three},
		"get":                   {s.do(t, "GET", get, "", "Accept", "text/event-stream"), three},
		"resumed":               {s.do(t, "GET", get, "", "Accept", "text/event-stream", "Last-Event-ID", "1"), resumed},
		"json is accepted, too": {s.post(t, query, nil, "Accept", "application/json, text/event-stream"), three},
		"a query": {s.post(t, "{hello}", nil, "Accept", "text/event-stream"),
			":\n\nevent: next\ndata: " + `{"data":{"hello":"hello"},"extensions":{"cost":{"requested":1,"budget":20000,"remaining":19999}}}` + "\n\nevent: complete\ndata:\n\n"},
	} {
		if c.got.status != 200 || c.got.header.Get("Content-Type") != "text/event-stream; charset=utf-8" || c.got.body != c.want {
			t.Errorf("%s: %d %q\n%s\nwant\n%s", name, c.got.status, c.got.header.Get("Content-Type"), c.got.body, c.want)
		}
	}
}

// Errors of the operation come as an event, because EventSource cannot read any
// other answer; errors of the request have their status.
func TestEventStreamErrors(t *testing.T) {
	s := start(t, wire.Config{})
	long := s.post(t, "subscription{count(to:1){n}}", nil, "Accept", "text/event-stream", "Last-Event-ID", strings.Repeat("x", 10_000))
	if !strings.Contains(long.body, `"errors"`) {
		t.Errorf("a stream that cannot be resumed was begun anew: %s", long.body)
	}
	for query, code := range map[string]string{
		"{":                        wire.CodeParseFailed,
		"{nope}":                   wire.CodeValidationFailed,
		"subscription{refused{n}}": wire.CodeInternal,
		"subscription{panics{n}}":  wire.CodeInternal,
	} {
		got := s.post(t, query, nil, "Accept", "text/event-stream")
		data, complete := strings.CutSuffix(strings.TrimPrefix(got.body, ":\n\nevent: next\ndata: "), "\n\nevent: complete\ndata:\n\n")
		if c := codes(t, data); got.status != 200 || !complete || len(c) != 1 || c[0] != code || strings.Contains(data, `"data"`) {
			t.Errorf("%s was answered %d\n%s", query, got.status, got.body)
		}
	}
	got := s.post(t, "subscription{breaks{n}}", nil, "Accept", "text/event-stream")
	events := strings.Split(got.body, "\n\n")
	if len(events) != 6 || !strings.Contains(events[2], `"n":2`) || !strings.Contains(events[3], `"errors"`) || !strings.HasPrefix(events[4], "event: complete") {
		t.Errorf("a subscription that fails after two events was answered\n%s", got.body)
	}
	if got := s.post(t, "{hello}", nil, "Accept", "text/event-stream", "Authorization", "Bearer bad"); got.status != 401 {
		t.Errorf("refused credentials were answered %d, want 401", got.status)
	}
}

// open begins a stream and returns its lines, until it ends.
func (s *server) open(t *testing.T, query string) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/?query="+url.QueryEscape(query), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	resp, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		defer resp.Body.Close()
		for scanner := bufio.NewScanner(resp.Body); scanner.Scan(); {
			select {
			case lines <- scanner.Text():
			case <-t.Context().Done():
				return
			}
		}
	}()
	return lines
}

// rest waits for the end of a stream and returns what came until then.
func rest(t *testing.T, lines <-chan string) string {
	t.Helper()
	var b strings.Builder
	timeout := time.After(20 * time.Second)
	for {
		select {
		case line, open := <-lines:
			if !open {
				return b.String()
			}
			b.WriteString(line + "\n")
		case <-timeout:
			t.Fatalf("timed out waiting for the end of the stream after %q", b.String())
		}
	}
}

func TestEventStreamKeepAlive(t *testing.T) {
	s := start(t, wire.Config{KeepAlive: 5 * time.Millisecond})
	lines := s.open(t, "subscription{silence{n}}")
	for range 6 { // two comments, each with an empty line, after the first
		if line := receive(t, "a comment", lines); line != ":" && line != "" {
			t.Errorf("line %q, want a comment", line)
		}
	}
}

func TestEventStreamEnds(t *testing.T) {
	for name, end := range map[string]func(s *server, clock *manualClock, revoke func()){
		"expired":  func(_ *server, clock *manualClock, _ func()) { clock.Store(100) },
		"revoked":  func(_ *server, _ *manualClock, revoke func()) { revoke() },
		"shutdown": func(s *server, _ *manualClock, _ func()) { go func() { _ = s.handler.Shutdown(t.Context()) }() },
	} {
		t.Run(name, func(t *testing.T) {
			var cfg wire.Config
			clock, revoke := credentials(&cfg)
			s := start(t, cfg)
			lines := s.open(t, "subscription{silence{n}}")
			receive(t, "the subscription", s.resolver.Waiting)
			end(s, clock, revoke)
			if got := rest(t, lines); strings.Contains(got, "complete") {
				t.Errorf("the stream ended with %q although the subscription is not complete", got)
			}
			receive(t, "the end of the subscription", s.resolver.Ended)
			if name != "shutdown" {
				return
			}
			if got := s.post(t, "subscription{silence{n}}", nil, "Accept", "text/event-stream"); got.status != 503 {
				t.Errorf("after Shutdown a stream was answered %d, want 503", got.status)
			}
		})
	}
}

// The subscription ends with its client.
func TestEventStreamClientGone(t *testing.T) {
	s := start(t, wire.Config{})
	s.open(t, "subscription{silence{n}}")
	receive(t, "the subscription", s.resolver.Waiting)
	s.CloseClientConnections()
	receive(t, "the end of the subscription", s.resolver.Ended)
}

// A client that stops reading is cut off by the deadline of a write.
func TestSlowEventStreamIsCut(t *testing.T) {
	s := start(t, wire.Config{WriteTimeout: 200 * time.Millisecond})
	s.open(t, "subscription{flood(letters:50000){letters}}") // reads 100 lines
	receive(t, "the end of the subscription", s.resolver.Ended)
}

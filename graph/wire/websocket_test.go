package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/seed-34fcb60d/rounds/graph/wire"
)

// client is a WebSocket client that knows nothing of the protocol.
type client struct {
	*websocket.Conn
	t *testing.T
}

func (s *server) dial(t *testing.T, header ...string) client {
	t.Helper()
	opts := &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{}}
	for i := 0; i < len(header); i += 2 {
		opts.HTTPHeader.Set(header[i], header[i+1])
	}
	conn, _, err := websocket.Dial(t.Context(), s.URL, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	conn.SetReadLimit(-1)
	return client{conn, t}
}

// connect dials and waits to be let in.
func (s *server) connect(t *testing.T, header ...string) client {
	t.Helper()
	c := s.dial(t, header...)
	c.say(`{"type":"connection_init"}`)
	c.expect(`{"type":"connection_ack"}`)
	return c
}

func (c client) say(messages ...string) {
	c.t.Helper()
	for _, m := range messages {
		if err := c.Write(c.t.Context(), websocket.MessageText, []byte(m)); err != nil {
			c.t.Fatal(err)
		}
	}
}

// subscribe sends a subscribe message.
func (c client) subscribe(id, query string) {
	c.t.Helper()
	b, err := json.Marshal(map[string]any{"type": "subscribe", "id": id, "payload": map[string]string{"query": query}})
	if err != nil {
		c.t.Fatal(err)
	}
	c.say(string(b))
}

func (c client) hear() (string, error) {
	ctx, cancel := context.WithTimeout(c.t.Context(), 20*time.Second)
	defer cancel()
	_, b, err := c.Read(ctx)
	return string(b), err
}

func (c client) expect(want ...string) {
	c.t.Helper()
	for _, w := range want {
		got, err := c.hear()
		if err != nil {
			c.t.Fatalf("%v while waiting for %s", err, w)
		}
		if got != w {
			c.t.Fatalf("got  %s\nwant %s", got, w)
		}
	}
}

// expectCode expects an error message with one error of that code.
func (c client) expectCode(id, code string) {
	c.t.Helper()
	text, err := c.hear()
	if err != nil {
		c.t.Fatal(err)
	}
	var m struct {
		ID, Type string
		Payload  []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil || m.ID != id || m.Type != "error" || len(m.Payload) != 1 || m.Payload[0].Extensions.Code != code {
		c.t.Fatalf("got %s, want an error of %s with code %s", text, id, code)
	}
}

// expectClose reads until the server closes.
func (c client) expectClose(code websocket.StatusCode, reason string) {
	c.t.Helper()
	for {
		_, err := c.hear()
		if err == nil {
			continue
		}
		var closed websocket.CloseError
		if !errors.As(err, &closed) || closed != (websocket.CloseError{Code: code, Reason: reason}) {
			c.t.Errorf("closed by %v, want %d %q", err, code, reason)
		}
		return
	}
}

func TestCloseCodes(t *testing.T) {
	const init = `{"type":"connection_init"}`
	subscribe := func(id string) string {
		return `{"type":"subscribe","id":"` + id + `","payload":{"query":"subscription{silence{n}}"}}`
	}
	s := start(t, wire.Config{})
	for name, c := range map[string]struct {
		messages []string
		code     websocket.StatusCode
		reason   string
	}{
		"not JSON":                    {[]string{"hello"}, 4400, "Invalid message"},
		"not an object":               {[]string{`["ping"]`}, 4400, "Invalid message"},
		"no type":                     {[]string{`{}`}, 4400, "Invalid message"},
		"a type of the server":        {[]string{init, `{"type":"next","id":"1","payload":{}}`}, 4400, "Invalid message"},
		"init with a text":            {[]string{`{"type":"connection_init","payload":"x"}`}, 4400, "Invalid message"},
		"ping with a list":            {[]string{`{"type":"ping","payload":[]}`}, 4400, "Invalid message"},
		"subscribe without id":        {[]string{init, `{"type":"subscribe","payload":{"query":"{hello}"}}`}, 4400, "Invalid message"},
		"subscribe with an empty id":  {[]string{init, `{"type":"subscribe","id":"","payload":{"query":"{hello}"}}`}, 4400, "Invalid message"},
		"subscribe with a number":     {[]string{init, `{"type":"subscribe","id":1,"payload":{"query":"{hello}"}}`}, 4400, "Invalid message"},
		"subscribe without payload":   {[]string{init, `{"type":"subscribe","id":"1"}`}, 4400, "Invalid message"},
		"subscribe without query":     {[]string{init, `{"type":"subscribe","id":"1","payload":{}}`}, 4400, "Invalid message"},
		"subscribe, variables a text": {[]string{init, `{"type":"subscribe","id":"1","payload":{"query":"{hello}","variables":""}}`}, 4400, "Invalid message"},
		"subscribe with a huge id":    {[]string{init, subscribe(strings.Repeat("a", 257))}, 4400, "Invalid message"},
		"not UTF-8":                   {[]string{init, subscribe("\xff")}, 1007, "Text is not UTF-8"},
		"complete without id":         {[]string{init, `{"type":"complete"}`}, 4400, "Invalid message"},
		"subscribe before init":       {[]string{subscribe("1")}, 4401, "Unauthorized"},
		"refused credentials":         {[]string{`{"type":"connection_init","payload":{"authorization":"Bearer bad"}}`}, 4403, "Forbidden"},
		"a fault of authentication":   {[]string{`{"type":"connection_init","payload":{"authorization":"Bearer broken"}}`}, 4500, "Internal server error"},
		"a panic of authentication":   {[]string{`{"type":"connection_init","payload":{"authorization":"Bearer panic"}}`}, 4500, "Internal server error"},
		"two inits":                   {[]string{init, init}, 4429, "Too many initialisation requests"},
		"the same id twice":           {[]string{init, subscribe("a"), subscribe("a")}, 4409, "Subscriber for a already exists"},
		"the same long id twice":      {[]string{init, subscribe(strings.Repeat("é", 99)), subscribe(strings.Repeat("é", 99))}, 4409, "Subscriber for " + strings.Repeat("é", 54)},
		"too large":                   {[]string{init, `{"type":"ping","payload":{"a":"` + strings.Repeat("x", 1<<20) + `"}}`}, 1009, "read limited at 1048577 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			client := s.dial(t)
			client.say(c.messages...)
			client.expectClose(c.code, c.reason)
		})
	}
	t.Run("binary", func(t *testing.T) {
		client := s.dial(t)
		if err := client.Write(t.Context(), websocket.MessageBinary, []byte(init)); err != nil {
			t.Fatal(err)
		}
		client.expectClose(4400, "Invalid message")
	})
	for _, offered := range [][]string{nil, {"graphql-ws"}} {
		conn, _, err := websocket.Dial(t.Context(), s.URL, &websocket.DialOptions{Subprotocols: offered})
		if err != nil {
			t.Fatal(err)
		}
		client{conn, t}.expectClose(4406, "Subprotocol not acceptable")
		_ = conn.CloseNow()
	}
}

func TestInitTimeout(t *testing.T) {
	s := start(t, wire.Config{InitTimeout: time.Millisecond})
	s.dial(t).expectClose(4408, "Connection initialisation timeout")
}

func TestWebSocketOrigin(t *testing.T) {
	s := start(t, wire.Config{OriginPatterns: []string{"*.example.com"}})
	for origin, allowed := range map[string]bool{s.URL: true, "https://a.example.com": true, "https://evil.test": false} {
		conn, _, err := websocket.Dial(t.Context(), s.URL, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
		if (err == nil) != allowed {
			t.Errorf("from %s: %v, want allowed = %v", origin, err, allowed)
		}
		if conn != nil {
			_ = conn.CloseNow()
		}
	}
}

func TestWebSocketOperations(t *testing.T) {
	s := start(t, wire.Config{})
	c := s.connect(t, "X-Request-Id", "r")
	cost := func(n int) string {
		return `"cost":{"requested":` + strconv.Itoa(n) + `,"budget":20000,"remaining":` + strconv.Itoa(20000-n) + `}`
	}
	c.subscribe("q", "{hello}")
	c.expect(`{"id":"q","type":"next","payload":{"data":{"hello":"hello"},"extensions":{`+cost(1)+`}}}`, `{"id":"q","type":"complete"}`)
	c.subscribe("q", `mutation{rename(name:"new"){name}}`)
	c.expect(`{"id":"q","type":"next","payload":{"data":{"rename":{"name":"new"}},"extensions":{`+cost(2)+`}}}`, `{"id":"q","type":"complete"}`)
	c.subscribe("q", "subscription{count(to:2){n}}")
	c.expect(
		`{"id":"q","type":"next","payload":{"data":{"count":{"n":1}},"extensions":{`+cost(2)+`,"cursor":"1"}}}`,
		`{"id":"q","type":"next","payload":{"data":{"count":{"n":2}},"extensions":{"cursor":"2"}}}`,
		`{"id":"q","type":"complete"}`)
	c.say(`{"type":"ping","payload":{}}`)
	c.expect(`{"type":"pong"}`)
	if n := s.resolver.Renamed.Load(); n != 1 {
		t.Errorf("the mutation was executed %d times", n)
	}
	// An error in an event reaches the client although events bring contexts of their own.
	c.subscribe("e", "subscription{count(to:1){bad}}")
	c.expect(`{"id":"e","type":"next","payload":{"errors":[{"message":"The server could not do this.","path":["count","bad"],`+
		`"extensions":{"code":"INTERNAL","requestId":"r-4"}}],"data":{"count":{"bad":null}},"extensions":{`+cost(2)+`,"cursor":"1"}}}`,
		`{"id":"e","type":"complete"}`)
}

// After an error nothing follows, and the id is free again.
func TestErrorIsLast(t *testing.T) {
	s := start(t, wire.Config{})
	c := s.connect(t)
	for query, code := range map[string]string{
		"{":                                 wire.CodeParseFailed,
		"{nope}":                            wire.CodeValidationFailed,
		"query($c:Color!){paint(color:$c)}": wire.CodeBadVariables,
		"{item" + strings.Repeat("{next", 11) + "{id" + strings.Repeat("}", 13): wire.CodeTooDeep,
		"subscription{refused{n}}": wire.CodeInternal,
		"subscription{panics{n}}":  wire.CodeInternal,
	} {
		c.subscribe("1", query)
		c.expectCode("1", code)
		c.say(`{"type":"ping"}`)
		c.expect(`{"type":"pong"}`)
	}
	c.subscribe("1", "subscription{breaks{n}}")
	for range 2 {
		if m, err := c.hear(); err != nil || !strings.Contains(m, `"type":"next"`) {
			t.Fatal(m, err)
		}
	}
	c.expectCode("1", wire.CodeInternal)
	c.say(`{"type":"ping"}`)
	c.expect(`{"type":"pong"}`)
}

// What the client completed sends nothing more, even when its id is used again
// at once; and a complete for nothing is ignored.
func TestCompleteByClient(t *testing.T) {
	s := start(t, wire.Config{})
	c := s.connect(t)
	c.say(`{"type":"complete","id":"1"}`)
	c.subscribe("1", "subscription{silence{n}}")
	receive(t, "the subscription", s.resolver.Waiting)
	c.say(`{"type":"complete","id":"1"}`)
	c.subscribe("1", "subscription{count(to:1){n}}")
	receive(t, "the end of the first subscription", s.resolver.Ended)
	first, err := c.hear()
	if err != nil || !strings.Contains(first, `"data":{"count":{"n":1}}`) {
		t.Fatal(first, err)
	}
	c.expect(`{"id":"1","type":"complete"}`)
	c.say(`{"type":"ping"}`)
	c.expect(`{"type":"pong"}`)

	c.subscribe("w", "{wait}")
	receive(t, "the query", s.resolver.Waiting)
	c.say(`{"type":"complete","id":"w"}`)
	receive(t, "the end of the query", s.resolver.Ended)
	c.say(`{"type":"ping"}`)
	c.expect(`{"type":"pong"}`)
}

func TestSubscriptionsPerSocket(t *testing.T) {
	s := start(t, wire.Config{})
	c := s.connect(t)
	for i := range 100 {
		c.subscribe(strconv.Itoa(i), "subscription{silence{n}}")
		receive(t, "the subscription", s.resolver.Waiting)
	}
	c.subscribe("100", "subscription{silence{n}}")
	c.expectCode("100", wire.CodeTooManySubscriptions)
	c.say(`{"type":"complete","id":"50"}`)
	c.subscribe("100", "subscription{silence{n}}")
	receive(t, "the subscription in the place of another", s.resolver.Waiting)
}

// What operations were begun with is kept until their end, so all of it together
// is bounded, too.
func TestBytesOfOperationsPerSocket(t *testing.T) {
	s := start(t, wire.Config{})
	c := s.connect(t)
	half := "subscription{silence{n}}#" + strings.Repeat("x", 1<<19)
	c.subscribe("1", half)
	receive(t, "the subscription", s.resolver.Waiting)
	c.subscribe("2", half)
	c.expectCode("2", wire.CodeTooManySubscriptions)
	c.say(`{"type":"complete","id":"1"}`)
	c.subscribe("2", half)
	receive(t, "the subscription in the place of the first", s.resolver.Waiting)
}

// The position of one event stream is not that of all that a socket carries.
func TestWebSocketHasNoLastEventID(t *testing.T) {
	c := start(t, wire.Config{}).connect(t, "Last-Event-ID", "1")
	c.subscribe("1", "subscription{count(to:2){n}}")
	if m, err := c.hear(); err != nil || !strings.Contains(m, `"n":1`) {
		t.Errorf("the first event is %s %v, want that after the argument", m, err)
	}
}

func TestWebSocketContext(t *testing.T) {
	s := start(t, wire.Config{})
	about := func(c client, init string) string {
		c.say(init)
		c.expect(`{"type":"connection_ack"}`)
		c.subscribe("1", "{about}")
		m, err := c.hear()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	header := []string{"X-Request-Id", "r", "Accept-Language", "en", "Authorization", "Bearer up"}
	for init, want := range map[string]string{
		`{"type":"connection_init"}`: `["r-1","en","up"]`,
		`{"type":"connection_init","payload":{"acceptLanguage":"zh-CN","authorization":"Bearer good"}}`: `["r-1","zh-CN","good"]`,
	} {
		if got := about(s.dial(t, header...), init); !strings.Contains(got, want) {
			t.Errorf("after %s: %s, want %s in it", init, got, want)
		}
	}
}

// manualClock is a clock that stands still until it is set.
type manualClock struct{ atomic.Int64 }

func (c *manualClock) now() time.Time { return time.Unix(c.Load(), 0) }

// credentials end at 100 on a manual clock, or when revoke is called.
func credentials(cfg *wire.Config) (clock *manualClock, revoke func()) {
	clock = new(manualClock)
	ended := make(chan struct{})
	cfg.Now = clock.now
	cfg.PingInterval = 10 * time.Millisecond // also how often the clock is asked
	cfg.Authenticate = func(ctx context.Context, _ *http.Request, _ map[string]any) (context.Context, time.Time, error) {
		ctx, cancel := context.WithCancel(ctx)
		go func() {
			defer cancel()
			select {
			case <-ended:
			case <-ctx.Done():
			}
		}()
		return ctx, time.Unix(100, 0), nil
	}
	return clock, func() { close(ended) }
}

func TestCredentialsOfWebSocketEnd(t *testing.T) {
	for name, end := range map[string]func(clock *manualClock, revoke func()){
		"expired": func(clock *manualClock, _ func()) { clock.Store(100) },
		"revoked": func(_ *manualClock, revoke func()) { revoke() },
	} {
		t.Run(name, func(t *testing.T) {
			var cfg wire.Config
			clock, revoke := credentials(&cfg)
			s := start(t, cfg)
			c := s.connect(t)
			c.subscribe("1", "subscription{silence{n}}")
			receive(t, "the subscription", s.resolver.Waiting)
			end(clock, revoke)
			c.expectClose(4403, "Forbidden")
			receive(t, "the end of the subscription", s.resolver.Ended)
		})
	}
}

func TestShutdownClosesWebSockets(t *testing.T) {
	s := start(t, wire.Config{CloseTimeout: 50 * time.Millisecond})
	polite, mute := s.connect(t), s.connect(t)
	for _, c := range []client{polite, mute} {
		c.subscribe("1", "subscription{silence{n}}")
		receive(t, "the subscription", s.resolver.Waiting)
	}
	done := make(chan error, 1)
	go func() { done <- s.handler.Shutdown(t.Context()) }()
	polite.expectClose(1001, "Going away")
	if err := receive(t, "Shutdown, although a client does not answer", done); err != nil {
		t.Error(err)
	}
	if _, resp, err := websocket.Dial(t.Context(), s.URL, nil); err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("after Shutdown a WebSocket was answered %v %v, want 503", resp, err)
	}
	if got := s.post(t, "{hello}", nil); got.status != 200 {
		t.Errorf("after Shutdown a query was answered %d, want 200", got.status)
	}
}

func TestShutdownGivesUp(t *testing.T) {
	s := start(t, wire.Config{CloseTimeout: 100 * time.Millisecond})
	s.connect(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.handler.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown = %v, want %v", err, context.Canceled)
	}
}

// A client that is silent, and does not even answer pings, is cut off; one that
// answers is kept.
func TestPing(t *testing.T) {
	s := start(t, wire.Config{PingInterval: 10 * time.Millisecond, PongTimeout: 500 * time.Millisecond})
	alive, dead := s.connect(t), s.connect(t)
	pings := make(chan error, 1)
	go func() {
		_, err := alive.hear() // answers pings meanwhile
		pings <- err
	}()
	for _, c := range []client{alive, dead} {
		c.subscribe("1", "subscription{silence{n}}")
		receive(t, "the subscription", s.resolver.Waiting)
	}
	receive(t, "the end of the dead client", s.resolver.Ended)
	alive.say(`{"type":"ping"}`)
	if err := receive(t, "an answer to the living client", pings); err != nil {
		t.Error(err)
	}
}

// A client that stops reading is cut off by the deadline of a write.
func TestSlowWebSocketIsCut(t *testing.T) {
	s := start(t, wire.Config{WriteTimeout: 200 * time.Millisecond, PongTimeout: time.Hour})
	c := s.connect(t)
	c.subscribe("1", "subscription{flood(letters:50000){letters}}")
	receive(t, "the end of the subscription", s.resolver.Ended)
}

// It is cut off at once when more than the buffer would wait for it.
func TestFullBufferCuts(t *testing.T) {
	s := start(t, wire.Config{WriteTimeout: time.Hour, PongTimeout: time.Hour})
	c := s.connect(t)
	for i := range 100 {
		m := `{"type":"subscribe","id":"` + strconv.Itoa(i) + `","payload":{"query":"subscription{flood(letters:50000){letters}}"}}`
		if c.Write(t.Context(), websocket.MessageText, []byte(m)) != nil {
			break // cut already
		}
	}
	receive(t, "the end of the subscriptions", s.resolver.Ended)
}

// An answer larger than the buffer can be sent, with others beside it.
func TestLargeAnswers(t *testing.T) {
	s := start(t, wire.Config{Buffer: 10_000})
	c := s.connect(t)
	c.subscribe("1", "{letters(n:1000000)}")
	c.subscribe("2", "{letters(n:1000)}")
	complete := 0
	for complete < 2 {
		m, err := c.hear()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(m, `"complete"`) {
			complete++
		}
	}
}

// What waits for clients that do not read stays within the buffer: here 30
// messages of 16 KB, held twice, which is a little less than the buffer of 1 MiB.
// The rest is what gqlgen and this package need for a subscription.
func TestMemoryOfSlowWebSockets(t *testing.T) {
	s := start(t, wire.Config{WriteTimeout: time.Hour, PongTimeout: time.Hour})
	heap := func() float64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	const clients, subscriptions = 4, 30
	before := heap()
	for range clients {
		c := s.connect(t)
		for i := range subscriptions {
			c.subscribe(strconv.Itoa(i), "subscription{flood(letters:16000){letters}}")
		}
	}
	standstill(t, &s.resolver.Flooded)
	each := (heap() - before) / clients
	t.Logf("%.0f KiB for each client that does not read", each/1024)
	if each > 1<<20+subscriptions*16<<10 {
		t.Errorf("a client that does not read costs %.0f bytes", each)
	}
}

// standstill waits until a count has begun to grow and no longer does.
func standstill(t *testing.T, count *atomic.Int64) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	ticker := time.NewTicker(300 * time.Millisecond)
	defer ticker.Stop()
	for last := int64(0); time.Now().Before(deadline); {
		<-ticker.C
		now := count.Load()
		if now > 0 && now == last {
			return
		}
		last = now
	}
	t.Fatal("the count still grows")
}

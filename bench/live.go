package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// liveDescription makes the event with its case about 1 KB long.
var liveDescription = strings.Repeat("The customer waited for half an hour at the counter. ", 9)

const (
	// eventOnly is what a client asks for that reads the record when it needs it.
	eventOnly = `subscription ($after: EventCursor) { events(after: $after, filter: {kind: ["case.opened"]}) {
	cursor kind subjectId changed actor at digest } }`
	// eventAndCase is what a client asks for that shows the record at once.
	eventAndCase = `subscription ($after: EventCursor) { events(after: $after, filter: {kind: ["case.opened"]}) {
	cursor kind subjectId changed actor at digest
	subject { ... on Case { id number kind severity status subject description openedAt dueAt revision } } } }`
)

// delivery is a way to measure how events arrive.
type delivery struct {
	name     string
	query    string
	inFlight int // events that are on their way at most
}

// measureDelivery opens cases while many subscribers, each on a WebSocket of its
// own, wait for the events.
func (b *bench) measureDelivery(ctx context.Context) ([]figures, error) {
	var all []figures
	for _, d := range []delivery{
		{fmt.Sprintf("delivery of event and case to %d, 1 at a time", b.subscribers), eventAndCase, 1},
		{fmt.Sprintf("delivery of event and case to %d, 16 in flight", b.subscribers), eventAndCase, 16},
		{fmt.Sprintf("delivery of event to %d, 1 at a time", b.subscribers), eventOnly, 1},
		{fmt.Sprintf("delivery of event to %d, 16 in flight", b.subscribers), eventOnly, 16},
	} {
		out, err := b.measureOneDelivery(ctx, d)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
		all = append(all, out)
	}
	return all, nil
}

func (b *bench) measureOneDelivery(ctx context.Context, d delivery) (_ figures, err error) {
	customers, err := b.customersOf(ctx)
	if err != nil {
		return figures{}, err
	}
	w, err := newWriter(ctx, b, customers, d.inFlight)
	if err != nil {
		return figures{}, err
	}
	defer w.close()
	first, err := w.open(w.clients[0])
	if err != nil {
		return figures{}, err
	}
	audience, err := subscribeAll(ctx, b, d.query, first.cursor)
	if err != nil {
		return figures{}, err
	}
	defer audience.close()
	if _, err := w.run(audience, b.warmUp()); err != nil {
		return figures{}, err
	}
	audience.forget()
	if err := b.server.resetPeak(); err != nil {
		return figures{}, err
	}
	opened, err := w.run(audience, b.length)
	if err != nil {
		return figures{}, err
	}
	out, err := b.figures(d.name, audience.sample(opened))
	out.Events = len(opened)
	out.FromAnswer = audience.fromAnswers(opened)
	return out, err
}

// opened is a case that the benchmark has opened.
type opened struct {
	id, cursor     string
	sent, answered time.Time
}

// writer opens cases, so many at a time.
type writer struct {
	b         *bench
	clients   []*client
	customers []string
	series    int64
	calls     atomic.Int64
}

func newWriter(ctx context.Context, b *bench, customers []string, inFlight int) (*writer, error) {
	clients, err := dialAll(ctx, inFlight, b.server.addr, "/graphql", b.executive)
	return &writer{b: b, clients: clients, customers: customers, series: now().UnixNano()}, err
}

func (w *writer) close() { closeAll(w.clients) }

func (w *writer) open(c *client) (opened, error) {
	n := int(w.calls.Add(1))
	o := opened{sent: now()}
	answer, err := c.change(openBody(w.customers[n%len(w.customers)], fmt.Sprintf("live-%d-%d", w.series, n)))
	if err != nil {
		return o, err
	}
	o.answered = now()
	var envelope struct {
		Data struct {
			CaseOpen struct {
				Case   struct{ ID string }
				Cursor string
			}
		}
	}
	err = json.Unmarshal(answer, &envelope)
	o.id, o.cursor = envelope.Data.CaseOpen.Case.ID, envelope.Data.CaseOpen.Cursor
	return o, err
}

// run opens cases for a time, each client a further one when everybody has heard of
// as many events as there were before its last one, and returns when everybody has
// heard of all.
func (w *writer) run(a *audience, length time.Duration) ([]opened, error) {
	var all []opened
	var mu sync.Mutex
	slots := make(chan struct{}, len(w.clients))
	for range w.clients {
		slots <- struct{}{}
	}
	a.onAll(slots)
	_, err := closedLoop(a.ctx, w.clients, length, func(c *client, _ int) (int, error) {
		select {
		case <-slots:
		case <-a.ctx.Done():
			return 0, context.Cause(a.ctx)
		}
		o, err := w.open(c)
		mu.Lock()
		all = append(all, o)
		mu.Unlock()
		return 0, err
	})
	for range w.clients { // each slot comes back when its event has arrived
		if err != nil {
			break
		}
		select {
		case <-slots:
		case <-a.ctx.Done():
			err = context.Cause(a.ctx)
		case <-time.After(requestTimeout):
			err = errors.New("events were lost: not all subscribers have heard of all")
		}
	}
	return all, err
}

// audience is subscribers, each on a connection of its own.
type audience struct {
	ctx         context.Context // ends, with its cause, when one fails
	fail        context.CancelCauseFunc
	size        int64
	subscribers []*subscriber
	reading     sync.WaitGroup
	heard       atomic.Int64 // events, summed over all
	all         atomic.Pointer[chan struct{}]
}

type subscriber struct {
	ws       *websocket.Conn
	arrivals []arrival
}

// arrival is when an event reached a subscriber.
type arrival struct {
	subject string
	at      time.Time
	size    int
}

// onAll names the channel that is sent to each time that as many arrivals as there
// are subscribers have come.
func (a *audience) onAll(slots chan struct{}) { a.all.Store(&slots) }

// forget drops the arrivals so far. Nobody may be hearing of anything.
func (a *audience) forget() {
	for _, s := range a.subscribers {
		s.arrivals = nil
	}
}

func subscribeAll(ctx context.Context, b *bench, query, after string) (*audience, error) {
	a := &audience{size: int64(b.subscribers)}
	a.ctx, a.fail = context.WithCancelCause(ctx)
	for range b.subscribers {
		s, err := subscribe(ctx, b.server.addr, b.executive, query, after)
		if err != nil {
			a.close()
			return nil, fmt.Errorf("subscriber %d: %w", len(a.subscribers)+1, err)
		}
		a.subscribers = append(a.subscribers, s)
		a.reading.Go(func() {
			if err := a.read(s); err != nil {
				a.fail(err)
			}
		})
	}
	return a, nil
}

func subscribe(ctx context.Context, addr, token, query, after string) (*subscriber, error) {
	ws, _, err := websocket.Dial(ctx, "ws://"+addr+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return nil, err
	}
	send := func(message any) {
		body, encoding := json.Marshal(message)
		if err = errors.Join(err, encoding); err == nil {
			err = ws.Write(ctx, websocket.MessageText, body)
		}
	}
	send(map[string]any{"type": "connection_init", "payload": map[string]any{"Authorization": "Bearer " + token}})
	if err == nil {
		var answer []byte
		if _, answer, err = ws.Read(ctx); err == nil && !bytes.Contains(answer, []byte("connection_ack")) {
			err = fmt.Errorf("not admitted: %s", answer)
		}
	}
	send(map[string]any{"type": "subscribe", "id": "1", "payload": map[string]any{"query": query, "variables": map[string]any{"after": after}}})
	if err != nil {
		return nil, errors.Join(err, ws.CloseNow())
	}
	return &subscriber{ws: ws}, nil
}

// read notes what arrives until the connection is closed by close.
func (a *audience) read(s *subscriber) error {
	for {
		_, message, err := s.ws.Read(a.ctx)
		if err != nil {
			if a.ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("a subscriber was cut off: %w", err)
		}
		at := now()
		if !bytes.Contains(message, []byte(`"type":"next"`)) {
			return fmt.Errorf("a subscriber was told %.300s", message)
		}
		s.arrivals = append(s.arrivals, arrival{subjectOf(message), at, len(message)})
		if a.heard.Add(1)%a.size == 0 {
			*a.all.Load() <- struct{}{}
		}
	}
}

// subjectOf finds the id of the record in an event, "" if there is none.
func subjectOf(message []byte) string {
	_, rest, _ := bytes.Cut(message, []byte(`"subjectId":"`))
	id, _, _ := bytes.Cut(rest, []byte{'"'})
	return string(id)
}

// close ends all connections, without the closing handshakes.
func (a *audience) close() {
	a.fail(errors.New("the measure is over"))
	a.reading.Wait()
	for _, s := range a.subscribers {
		_ = s.ws.CloseNow() // ended with ctx
	}
}

// sample takes each arrival for an answer to the request that opened the case. It
// lasted from the first request to the last arrival.
func (a *audience) sample(cases []opened) sample {
	var out sample
	var first, last time.Time
	a.each(cases, func(o opened, r arrival) {
		out.latencies = append(out.latencies, r.at.Sub(o.sent))
		out.bytes += int64(r.size)
		if first.IsZero() || o.sent.Before(first) {
			first = o.sent
		}
		if r.at.After(last) {
			last = r.at
		}
	})
	out.took = last.Sub(first)
	return out
}

// fromAnswers returns the median time from the answer to the change until an
// arrival. It is negative where subscribers hear of a change before its author.
func (a *audience) fromAnswers(cases []opened) milliseconds {
	var s sample
	a.each(cases, func(o opened, r arrival) { s.latencies = append(s.latencies, r.at.Sub(o.answered)) })
	return inMilliseconds(s.percentile(0.5))
}

func (a *audience) each(cases []opened, do func(opened, arrival)) {
	of := map[string]opened{}
	for _, o := range cases {
		of[o.id] = o
	}
	for _, s := range a.subscribers {
		for _, r := range s.arrivals {
			if o, ok := of[r.subject]; ok {
				do(o, r)
			}
		}
	}
}

package events_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

func TestMain(m *testing.M) {
	if inWriterProcess() {
		writeUntilKilled()
		return
	}
	dbtest.Main(m)
}

// never is a pause that no test lives to see: what arrives, was announced.
const never = time.Hour

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

// each runs a test on both databases and checks that it leaves no goroutines.
func each(t *testing.T, test func(*testing.T, *ent.Database)) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		leakFree(t)
		test(t, d)
	})
}

// postgres returns an empty database and checks that the test leaves no goroutines.
func postgres(t *testing.T) *ent.Database {
	d := dbtest.Postgres(t)
	leakFree(t)
	return d
}

func leakFree(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

// start runs a log until the test ends or stop is called.
func start(t testing.TB, cfg events.Config) (log *events.Log, stop func()) {
	t.Helper()
	log = events.New(cfg)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := log.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return log, stop
}

func running(t testing.TB, cfg events.Config) *events.Log {
	t.Helper()
	log, _ := start(t, cfg)
	return log
}

// opened is an event of a new case.
func opened() events.Event {
	return events.Event{Kind: "case.opened", Subject: typeid.New[typeid.CaseID]().String(), At: noon}
}

// numbered is the n-th of a series of events.
func numbered(n int) events.Event {
	e := opened()
	e.Changed = []string{strconv.Itoa(n)}
	return e
}

// commit appends events in one transaction.
func commit(t testing.TB, d *ent.Database, log *events.Log, all ...events.Event) events.Pending {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	var p events.Pending
	err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) (err error) {
		p, err = log.Append(ctx, tx, all...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sequenced commits events and returns the cursor of the last.
func sequenced(t testing.TB, d *ent.Database, log *events.Log, all ...events.Event) events.Cursor {
	t.Helper()
	c, err := log.Sequenced(within(t), commit(t, d, log, all...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// within is a context that ends long after anything should have happened.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// subscribe reads as the server itself.
func subscribe(t testing.TB, log *events.Log, s events.Subscription) *events.Reader {
	t.Helper()
	r, err := log.Subscribe(ent.AsSystem(within(t)), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func after(c events.Cursor) *events.Cursor { return &c }

func next(t testing.TB, r *events.Reader) *db.Event {
	t.Helper()
	e, err := r.Next(within(t))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// nothingMore fails if the reader has another event.
func nothingMore(t testing.TB, r *events.Reader) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if e, err := r.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got another event %v (%v), want none", e, err)
	}
}

// expect reads events with these numbers and the cursors that follow on from.
func expect(t testing.TB, r *events.Reader, from events.Cursor, numbers ...int) {
	t.Helper()
	for i, n := range numbers {
		e := next(t, r)
		if got, want := e.Changed[0], strconv.Itoa(n); got != want {
			t.Fatalf("event %d of the series is number %s, want %s", i, got, want)
		}
		if got, want := events.Cursor(*e.Cursor), from+events.Cursor(i)+1; got != want {
			t.Fatalf("number %d has cursor %d, want %d", n, got, want)
		}
	}
}

// execute changes the database behind the log's back.
func execute(t testing.TB, d *ent.Database, statement string, args ...any) {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// located is the n-th of a series of events with a site and somebody who answers
// for it.
func located(n int) events.Event {
	e := numbered(n)
	e.Site, e.Owner = typeid.New[typeid.SiteID](), typeid.New[typeid.StaffID]()
	return e
}

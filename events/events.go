// Package events is the event log: which record changed, when and by whose hand,
// in an order that everybody agrees on. It writes events in the transactions that
// make the changes, puts them in order, chains them by digest and hands them to
// readers that may stop and resume anywhere.
//
// What an event means and who must hear of it is not decided here. Events hold
// ids and the names of changed fields, never what a field says.
//
// # Order
//
// The table's id is taken when an event is inserted, and on PostgreSQL
// transactions commit in another order than they insert. A reader that went by
// ids would miss those that are committed late. Therefore an event gets its
// [Cursor] from one place at a time: whoever holds the lock of the row event_head.
// Cursors have no gaps and are committed in their order, so a reader that has seen
// cursor n never later finds an event at n or before it.
//
//   - On SQLite the one writer holds that lock anyway: [Log.Append] assigns the
//     cursor.
//   - On PostgreSQL events are inserted without one, and after the commit any
//     server assigns cursors to all events that it finds committed, in the order of
//     their ids. The server that wrote does so at once. If it was killed, another
//     does so within [Config].Idle, or it does so itself when it starts again.
//
// Two events of one subject have the order in which the subject changed, given
// that each is appended after its transaction has locked or changed the subject's
// row: the second transaction gets the lock, and then its event's id, only after
// the first has committed. Hence its id is the higher one, and whoever sees the
// second event sees the first.
//
// # Delivery
//
// Each server reads the log once, as it grows, and keeps its newest part in
// memory, where any number of [Reader] look for what concerns them. A reader has
// no queue that could overflow: it pulls, and one that has fallen behind the part
// in memory reads pages of the table until it has caught up.
package events

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/ent"
)

// ErrStopped is returned to those who wait for events when [Log.Run] has ended.
var ErrStopped = errors.New("the event log is no longer followed")

// Config says how a Log works.
type Config struct {
	Database *ent.Database // required
	Logger   zerolog.Logger

	// Window is how many of the newest events are kept in memory at least; at
	// times there are twice as many. Default: 10,000.
	Window int
	// Batch is how many events are inserted, put in order or read by one statement,
	// 2,000 at most. Default: 1,000.
	Batch int
	// Page is how many events a reader that is far behind loads at a time.
	// Default: 200.
	Page int
	// Idle is how often to look for events that nobody announced: those of a server
	// that was killed after its commit, and those of other servers while there is no
	// connection for notifications. Default: 1 second.
	Idle time.Duration
}

// Log is a server's access to the event log.
type Log struct {
	cfg Config

	pending signal // raised when events were committed without a cursor
	written signal // raised when events with a cursor may be there to be read

	window    atomic.Pointer[window] // nil until Run has filled it
	ready     chan struct{}          // closed when window is filled
	stopped   chan struct{}          // closed when Run has ended
	head      atomic.Int64           // highest cursor heard of
	sequenced atomic.Int64
	failures  atomic.Int64
}

// New returns a Log. It starts nothing.
func New(cfg Config) *Log {
	cfg.Window = cmp.Or(cfg.Window, 10_000)
	cfg.Batch = cmp.Or(cfg.Batch, 1_000)
	cfg.Page = cmp.Or(cfg.Page, 200)
	cfg.Idle = cmp.Or(cfg.Idle, time.Second)
	return &Log{
		cfg:     cfg,
		pending: newSignal(),
		written: newSignal(),
		ready:   make(chan struct{}),
		stopped: make(chan struct{}),
	}
}

// Run puts events in order and follows the log until ctx ends, then returns nil.
// It first makes good what a server that was killed left undone; an error in doing
// so is returned. Later errors of the database are logged and the work is tried
// again after [Config].Idle. On PostgreSQL it keeps one connection of the pool for
// notifications. Run is called once.
func (l *Log) Run(ctx context.Context) error {
	defer close(l.stopped)
	if err := l.start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() { l.follow(ctx) })
	if l.cfg.Database.IsPostgres() {
		wg.Go(func() { l.keepSequencing(ctx) })
		wg.Go(func() { l.keepListening(ctx) })
	}
	wg.Wait()
	return nil
}

func (l *Log) start(ctx context.Context) error {
	if _, err := l.Sequence(ctx); err != nil {
		return err
	}
	if err := l.fill(ctx); err != nil {
		return err
	}
	close(l.ready)
	return nil
}

// Stats are figures of one server since it started.
type Stats struct {
	Head      Cursor // of the newest event heard of; Head minus Tail is the lag
	Tail      Cursor // of the newest event that readers can have
	InMemory  int    // events kept for readers
	Sequenced int64  // events that this server has put in order after their commit
	Failures  int64  // attempts that ended in an error
}

// Stats returns the present figures. It costs next to nothing.
func (l *Log) Stats() Stats {
	s := Stats{Head: Cursor(l.head.Load()), Sequenced: l.sequenced.Load(), Failures: l.failures.Load()}
	if w := l.window.Load(); w != nil {
		s.Tail, s.InMemory = w.last, len(w.events)
	}
	return s
}

// heard notes that the log reaches at least to a cursor.
func (l *Log) heard(c Cursor) {
	for {
		known := l.head.Load()
		if int64(c) <= known || l.head.CompareAndSwap(known, int64(c)) {
			return
		}
	}
}

// failed logs what a loop of Run will try again.
func (l *Log) failed(ctx context.Context, err error, message string) {
	if ctx.Err() != nil {
		return // the error is that of stopping
	}
	l.failures.Add(1)
	l.cfg.Logger.Error().Err(err).Dur("retry_in", l.cfg.Idle).Msg(message)
}

// signal wakes one goroutine. Raising it again before that changes nothing.
type signal chan struct{}

func newSignal() signal { return make(signal, 1) }

func (s signal) raise() {
	select {
	case s <- struct{}{}:
	default:
	}
}

// wait returns when the signal was raised or the time is over; false when ctx has
// ended.
func (s signal) wait(ctx context.Context, atMost time.Duration) bool {
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-s:
	case <-timer.C:
	}
	return ctx.Err() == nil
}

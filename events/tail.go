package events

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
)

// window is the newest part of the log. It never changes: the log's growth makes
// another one, so any number of readers use it without a lock.
type window struct {
	base   Cursor      // all events after this one, up to last, are in events
	last   Cursor      // of the newest event, or base
	events []*db.Event // in the order of their cursors
	grown  chan struct{}
}

// from returns the events after a cursor, which must not be less than base.
func (w *window) from(after Cursor) []*db.Event {
	at, found := slices.BinarySearchFunc(w.events, int64(after), func(e *db.Event, c int64) int {
		return cmp.Compare(*e.Cursor, c)
	})
	if found {
		at++
	}
	return w.events[at:]
}

// grow returns the window with further events. It may share the array of events
// with w, whose readers look only at the part that they know of.
func (w *window) grow(more []*db.Event, size int) *window {
	next := &window{base: w.base, last: w.last, events: append(w.events, more...), grown: make(chan struct{})}
	if n := len(next.events); n > 0 {
		next.last = Cursor(*next.events[n-1].Cursor)
	}
	if drop := len(next.events) - size; drop >= size {
		next.base = Cursor(*next.events[drop-1].Cursor)
		next.events = append(make([]*db.Event, 0, 2*size), next.events[drop:]...)
	}
	return next
}

// fill reads the newest part of the log for the first time.
func (l *Log) fill(ctx context.Context) error {
	head, err := readHead(ctx, l.cfg.Database.Client)
	if err != nil {
		return err
	}
	base := Cursor(max(0, head.Cursor-int64(l.cfg.Window)))
	l.window.Store(&window{base: base, last: base, grown: make(chan struct{})})
	return l.catchUp(ctx)
}

// follow reads the log as it grows.
func (l *Log) follow(ctx context.Context) {
	for l.written.wait(ctx, l.cfg.Idle) {
		if err := l.catchUp(ctx); err != nil {
			l.failed(ctx, err, "following the event log failed")
		}
	}
}

// catchUp reads what was added to the log since the last time and wakes the
// readers. It is not called concurrently.
func (l *Log) catchUp(ctx context.Context) error {
	for {
		w := l.window.Load()
		more, err := l.cfg.Database.Event.Query().
			Where(event.CursorGT(int64(w.last))).Order(event.ByCursor()).Limit(l.cfg.Batch).
			All(ent.AsSystem(ctx))
		if err != nil {
			return fmt.Errorf("reading the event log: %w", err)
		}
		if len(more) > 0 {
			next := w.grow(more, l.cfg.Window)
			l.heard(next.last)
			l.window.Store(next)
			close(w.grown)
		}
		if len(more) < l.cfg.Batch {
			return nil
		}
	}
}

// awaitReady waits until there is a window.
func (l *Log) awaitReady(ctx context.Context) error { return l.await(ctx, l.ready) }

// awaitGrowth waits until w is no longer the newest window.
func (l *Log) awaitGrowth(ctx context.Context, w *window) error { return l.await(ctx, w.grown) }

func (l *Log) await(ctx context.Context, happened <-chan struct{}) error {
	select {
	case <-happened:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-l.stopped:
		return ErrStopped
	}
}

// channel is PostgreSQL's notification channel: its messages are the cursor that
// the log has come to.
const channel = "rounds_events"

// keepListening hears of what other servers put in order. Without it their events
// come as late as [Config].Idle.
func (l *Log) keepListening(ctx context.Context) {
	for {
		l.failed(ctx, l.listen(ctx), "listening for events of other servers failed")
		if !signal(nil).wait(ctx, l.cfg.Idle) {
			return
		}
	}
}

// listen uses a connection of the pool until it fails or ctx ends.
func (l *Log) listen(ctx context.Context) error {
	conn, err := l.cfg.Database.SQL().Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // it was given up before
	return conn.Raw(func(raw any) error {
		pg := raw.(*stdlib.Conn).Conn()
		_, err := pg.Exec(ctx, "LISTEN "+channel)
		l.written.raise() // for what was announced before
		for err == nil {
			var n *pgconn.Notification
			if n, err = pg.WaitForNotification(ctx); err == nil {
				l.announced(n.Payload)
			}
		}
		// A bad connection is closed: nobody else shall get one that listens.
		return fmt.Errorf("%w: %w", driver.ErrBadConn, err)
	})
}

// announced wakes the tail if the log has grown beyond what this server has read.
func (l *Log) announced(end string) {
	c, err := ParseCursor(end)
	if err != nil {
		return // not from a server of ours
	}
	l.heard(c)
	if c > l.window.Load().last {
		l.written.raise()
	}
}

package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
)

// Pending stands for events that were appended and, maybe, not yet put in order.
type Pending struct {
	id     int64  // of the last of the events
	cursor Cursor // the same event's, if it was assigned when it was appended
	after  Cursor // a cursor that the event's will be beyond
}

var errNotAppended = errors.New("no event was appended")

// MarshalJSON writes what [Pending.UnmarshalJSON] reads: a Pending can be stored
// beside the change, for telling its cursor again later.
func (p Pending) MarshalJSON() ([]byte, error) { return json.Marshal(p.id) }

// UnmarshalJSON reads a stored Pending.
func (p *Pending) UnmarshalJSON(data []byte) error {
	*p = Pending{}
	return json.Unmarshal(data, &p.id)
}

// Sequenced returns the cursor of the last event that p stands for. It is called
// after the commit; before it, or after a rollback, it would wait in vain. On
// PostgreSQL it waits until the event has its cursor and this server has read it:
// some milliseconds while [Log.Run] is running here, and up to [Config].Idle where
// this server cannot do it and another has to. [ErrStopped] and the end of ctx
// mean only that the cursor is not known here: the event stands.
func (l *Log) Sequenced(ctx context.Context, p Pending) (Cursor, error) {
	if p.id == 0 {
		return 0, errNotAppended
	}
	if p.cursor != 0 {
		return p.cursor, nil
	}
	if err := l.awaitReady(ctx); err != nil {
		return 0, err
	}
	for {
		w := l.window.Load()
		if p.after < w.base { // it may have come and gone
			cursor, err := l.lookUp(ctx, p.id)
			if err != nil || cursor != 0 {
				return cursor, err
			}
			p.after = w.last
		}
		for _, e := range w.from(p.after) {
			if e.ID == p.id {
				return Cursor(*e.Cursor), nil
			}
		}
		p.after = max(p.after, w.last)
		if err := l.awaitGrowth(ctx, w); err != nil {
			return 0, err
		}
	}
}

// lookUp returns the cursor of an event, 0 if it has none yet.
func (l *Log) lookUp(ctx context.Context, id int64) (Cursor, error) {
	e, err := l.cfg.Database.Event.Query().Where(event.ID(id)).Only(ent.AsSystem(ctx))
	if err != nil {
		return 0, fmt.Errorf("looking up the cursor of an event: %w", err)
	}
	if e.Cursor == nil {
		return 0, nil
	}
	return Cursor(*e.Cursor), nil
}

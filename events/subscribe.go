package events

import (
	"context"
	"fmt"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
)

// Filter chooses events. Each list that is not empty must hold the event's value;
// the zero Filter chooses all.
type Filter struct {
	Kinds        []string // such as "case.dispatched"
	SubjectKinds []string // prefixes of the subjects' ids, such as "case"
	Subjects     []string // ids in their outside form
}

// Match reports whether the filter chooses the event.
func (f Filter) Match(e *db.Event) bool {
	in := func(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }
	return in(f.Kinds, e.Kind) && in(f.SubjectKinds, e.SubjectKind) && in(f.Subjects, e.Subject)
}

// Where says the same in SQL.
func (f Filter) Where() []predicate.Event {
	var all []predicate.Event
	if len(f.Kinds) > 0 {
		all = append(all, event.KindIn(f.Kinds...))
	}
	if len(f.SubjectKinds) > 0 {
		all = append(all, event.SubjectKindIn(f.SubjectKinds...))
	}
	if len(f.Subjects) > 0 {
		all = append(all, event.SubjectIn(f.Subjects...))
	}
	return all
}

// Subscription says which events a reader gets: of those that the viewer may see,
// those that Filter chooses and Match accepts.
type Subscription struct {
	After  *Cursor // nil for events from now on; 0 for all there are
	Filter Filter
	// Match is asked about each event that the viewer may see and Filter chooses;
	// nil accepts all. It must not block.
	Match func(*db.Event) bool
}

// Reader reads events in the order of their cursors, each once. It holds at most
// one page of events and nothing that needs closing. It is for one goroutine.
type Reader struct {
	log    *Log
	viewer ent.Viewer
	sub    Subscription
	at     Cursor // up to here everything was delivered or is not for this reader

	page    []*db.Event // loaded from the table, not yet delivered
	pageEnd Cursor      // what the page reaches to
}

// span is how many pages' worth of the log one statement looks through at most for
// a reader to whom little of it may be of interest.
const span = 50

// Subscribe returns a reader for the viewer in ctx. It waits until [Log.Run] has
// started; [Subscription].After is checked as by [Log.CheckCursor].
func (l *Log) Subscribe(ctx context.Context, s Subscription) (*Reader, error) {
	if err := l.awaitReady(ctx); err != nil {
		return nil, err
	}
	r := &Reader{log: l, viewer: ent.ViewerFrom(ctx), sub: s}
	if s.After == nil {
		r.at = l.window.Load().last
		return r, nil
	}
	if err := l.CheckCursor(ctx, *s.After); err != nil {
		return nil, err
	}
	r.at = *s.After
	return r, nil
}

// Cursor returns the place up to which the reader has come, which may be beyond
// the event that it returned last: to resume after it loses nothing.
func (r *Reader) Cursor() Cursor { return r.at }

// Next waits for the next event and returns it. The event is shared with other
// readers and must not be changed. The error is that of ctx, [ErrStopped], or one
// of the database; the reader can be used on after it.
func (r *Reader) Next(ctx context.Context) (*db.Event, error) {
	for {
		if e := r.fromPage(); e != nil {
			return e, nil
		}
		w := r.log.window.Load()
		if r.at < w.base {
			if err := r.load(ctx, w.last); err != nil {
				return nil, err
			}
			continue
		}
		for _, e := range w.from(r.at) {
			r.at = Cursor(*e.Cursor)
			if r.wants(e) {
				return e, nil
			}
		}
		if err := r.log.awaitGrowth(ctx, w); err != nil {
			return nil, err
		}
	}
}

func (r *Reader) wants(e *db.Event) bool {
	return r.viewer.MaySee(e) && r.sub.Filter.Match(e) && (r.sub.Match == nil || r.sub.Match(e))
}

// fromPage returns the next event of the page, nil when it is used up.
func (r *Reader) fromPage() *db.Event {
	for len(r.page) > 0 {
		e := r.page[0]
		r.page, r.at = r.page[1:], Cursor(*e.Cursor)
		if r.wants(e) {
			return e
		}
	}
	r.page, r.at = nil, max(r.at, r.pageEnd)
	return nil
}

// load reads the next page from the table, looking no further than to a cursor
// that is known to be there.
func (r *Reader) load(ctx context.Context, last Cursor) error {
	end := min(last, r.at+Cursor(span*r.log.cfg.Page))
	page, err := r.log.cfg.Database.Event.Query().
		Where(event.CursorGT(int64(r.at)), event.CursorLTE(int64(end))).
		Where(r.sub.Filter.Where()...).
		Order(event.ByCursor()).Limit(r.log.cfg.Page).
		All(ent.WithViewer(ctx, r.viewer))
	if err != nil {
		return fmt.Errorf("reading a page of the event log: %w", err)
	}
	r.page, r.pageEnd = page, end
	if len(page) == r.log.cfg.Page {
		r.pageEnd = Cursor(*page[len(page)-1].Cursor)
	}
	return nil
}

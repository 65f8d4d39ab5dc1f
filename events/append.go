package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/eventhead"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Event says that something happened to a record. It holds no personal data.
type Event struct {
	Kind    string    // what happened, such as "case.dispatched"; required, at most 60 bytes
	Subject string    // id of the record in its outside form; required
	Changed []string  // names of the API fields that changed
	At      time.Time // required; kept to the microsecond

	// Where the subject stood when it happened, and who answers for it: by these the
	// event is visible. See [ent.Viewer.MaySee].
	Site       typeid.SiteID
	Department typeid.DepartmentID
	Owner      typeid.StaffID
	Origin     typeid.StaffID // who first had it
}

// Append writes events into the caller's transaction, done by the viewer in ctx.
// They exist when, and only if, it commits.
//
// Call it last in the transaction, after the subjects' rows were locked, changed
// or inserted: the order of a subject's events follows from that (see the package
// comment). On SQLite it takes the end of the log, on PostgreSQL no lock at all.
//
// After the commit [Log.Sequenced] tells the cursor. When a transaction appends
// several times, the last Pending has the greatest cursor.
func (l *Log) Append(ctx context.Context, tx *db.Tx, events ...Event) (Pending, error) {
	p := Pending{}
	if w := l.window.Load(); w != nil {
		p.after = w.last
	}
	actor := ent.ViewerFrom(ctx).Actor()
	if actor == "" {
		return Pending{}, errors.New("appending an event: nobody is named as the one who did it")
	}
	for some := range slices.Chunk(events, l.cfg.Batch) {
		rows := make([]*db.Event, len(some))
		for i, e := range some {
			if e.Kind == "" || typeid.Prefix(e.Subject) == "" || e.At.IsZero() {
				return Pending{}, fmt.Errorf("appending an event: kind %q of subject %q at %v is incomplete", e.Kind, e.Subject, e.At)
			}
			rows[i] = e.row(actor)
		}
		last, err := l.insert(ctx, tx, rows)
		if err != nil {
			return Pending{}, fmt.Errorf("appending %d events: %w", len(some), err)
		}
		p.id = last.ID
		if last.Cursor != nil {
			p.cursor = Cursor(*last.Cursor)
		}
	}
	if p.id == 0 {
		return Pending{}, errNotAppended
	}
	l.announceCommit(tx)
	return p, nil
}

func (e Event) row(actor string) *db.Event {
	return &db.Event{
		Kind:         e.Kind,
		SubjectKind:  typeid.Prefix(e.Subject),
		Subject:      e.Subject,
		Actor:        actor,
		Changed:      e.Changed,
		At:           e.At.UTC().Truncate(time.Microsecond), // what both databases can hold
		SiteID:       e.Site,
		DepartmentID: e.Department,
		OwnerID:      e.Owner,
		OriginID:     e.Origin,
	}
}

// insert writes the rows and returns the last of them as stored. On SQLite they
// are put in order at once: this transaction is the only one that writes.
func (l *Log) insert(ctx context.Context, tx *db.Tx, rows []*db.Event) (*db.Event, error) {
	var head *db.EventHead
	if !l.cfg.Database.IsPostgres() {
		var err error
		if head, err = endOfSQLite(ctx, tx); err != nil {
			return nil, err
		}
	}
	creates := make([]*db.EventCreate, len(rows))
	for i, e := range rows {
		creates[i] = tx.Event.Create().
			SetKind(e.Kind).SetSubjectKind(e.SubjectKind).SetSubject(e.Subject).SetActor(e.Actor).
			SetAt(e.At).SetSiteID(e.SiteID).SetDepartmentID(e.DepartmentID).SetOwnerID(e.OwnerID).SetOriginID(e.OriginID)
		if len(e.Changed) > 0 {
			creates[i].SetChanged(e.Changed)
		}
		if head != nil {
			head.Cursor++
			head.Digest = Digest(head.Digest, e, Cursor(head.Cursor))
			creates[i].SetCursor(head.Cursor).SetDigest(head.Digest)
		}
	}
	stored, err := tx.Event.CreateBulk(creates...).Save(ctx)
	if err != nil {
		return nil, err
	}
	if head != nil {
		err = tx.EventHead.Update().Where(eventhead.ID(headID)).SetCursor(head.Cursor).SetDigest(head.Digest).Exec(ctx)
	}
	return stored[len(stored)-1], err
}

// endOfSQLite returns the head for a transaction that nobody else writes beside.
func endOfSQLite(ctx context.Context, tx *db.Tx) (*db.EventHead, error) {
	head, err := tx.EventHead.Get(ent.AsSystem(ctx), headID)
	if db.IsNotFound(err) {
		return tx.EventHead.Create().SetID(headID).SetCursor(0).SetDigest(noDigest()).Save(ctx)
	}
	return head, err
}

// announceCommit wakes what has to work when the transaction has committed.
func (l *Log) announceCommit(tx *db.Tx) {
	wake := l.written
	if l.cfg.Database.IsPostgres() {
		wake = l.pending
	}
	tx.OnCommit(func(next db.Committer) db.Committer {
		return db.CommitFunc(func(ctx context.Context, tx *db.Tx) error {
			err := next.Commit(ctx, tx)
			if err == nil {
				wake.raise()
			}
			return err
		})
	})
}

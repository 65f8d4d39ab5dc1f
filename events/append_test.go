package events_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

func TestAnEventIsStoredAndDeliveredAsAppended(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		log := running(t, events.Config{Database: d, Idle: never})
		reader := subscribe(t, log, events.Subscription{})
		in := events.Event{
			Kind: "case.dispatched", Subject: typeid.New[typeid.CaseID]().String(), Changed: []string{"status", "assignee"},
			At:   time.Date(2026, 3, 1, 20, 0, 0, 123456789, time.FixedZone("", 8*3600)),
			Site: typeid.New[typeid.SiteID](), Department: typeid.New[typeid.DepartmentID](),
			Owner: typeid.New[typeid.StaffID](), Origin: typeid.New[typeid.StaffID](),
		}
		clerk := ent.Viewer{Role: staff.RoleSTAFF, Staff: typeid.New[typeid.StaffID]()}
		ctx := ent.WithViewer(within(t), clerk)
		var p events.Pending
		err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) (err error) {
			p, err = log.Append(ctx, tx, in)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if c, err := log.Sequenced(ctx, p); c != 1 || err != nil {
			t.Errorf("Sequenced = %d, %v, want 1", c, err)
		}
		one := int64(1)
		want := &db.Event{
			Cursor: &one, Kind: in.Kind, SubjectKind: "case", Subject: in.Subject, Actor: clerk.Staff.String(), Changed: in.Changed,
			At:     noon,
			SiteID: in.Site, DepartmentID: in.Department, OwnerID: in.Owner, OriginID: in.Origin,
		}
		got := next(t, reader)
		ignored := cmp.Options{cmpopts.IgnoreUnexported(db.Event{}), cmpopts.IgnoreFields(db.Event{}, "ID", "Digest")}
		ids := cmpopts.EquateComparable(typeid.SiteID{}, typeid.DepartmentID{}, typeid.StaffID{})
		if diff := cmp.Diff(want, got, ignored, ids); diff != "" {
			t.Errorf("delivered (-want +got):\n%s", diff)
		}
	})
}

func TestATransactionsEventsFollowEachOther(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		log := running(t, events.Config{Database: d, Idle: never, Batch: 3}) // so that they take several statements
		reader := subscribe(t, log, events.Subscription{})
		ctx := ent.AsSystem(within(t))
		var first, last events.Pending
		err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) (err error) {
			if first, err = log.Append(ctx, tx, numbered(1), numbered(2)); err != nil {
				return err
			}
			last, err = log.Append(ctx, tx, numbered(3), numbered(4), numbered(5), numbered(6), numbered(7))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for p, want := range map[events.Pending]events.Cursor{first: 2, last: 7} {
			if c, err := log.Sequenced(ctx, p); c != want || err != nil {
				t.Errorf("Sequenced = %d, %v, want %d", c, err, want)
			}
		}
		expect(t, reader, 0, 1, 2, 3, 4, 5, 6, 7)
		nothingMore(t, reader)
	})
}

func TestARollbackLeavesNoEvent(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		log := running(t, events.Config{Database: d, Idle: never})
		reader := subscribe(t, log, events.Subscription{})
		ctx := ent.AsSystem(t.Context())
		changedMyMind := errors.New("no")
		err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) error {
			_, err := log.Append(ctx, tx, numbered(1), numbered(2))
			return errors.Join(err, changedMyMind)
		})
		if !errors.Is(err, changedMyMind) {
			t.Fatal(err)
		}
		sequenced(t, d, log, numbered(3))
		expect(t, reader, 0, 3)
		if report, err := events.Verify(t.Context(), d, nil); err != nil || report.Break != nil || report.Events != 1 {
			t.Errorf("Verify = %+v, %v, want one event", report, err)
		}
	})
}

func TestIncompleteEventsAreRefused(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		log := events.New(events.Config{Database: d})
		for name, e := range map[string]events.Event{
			"no kind":    {Subject: opened().Subject, At: noon},
			"no subject": {Kind: "case.opened", At: noon},
			"no time":    {Kind: "case.opened", Subject: opened().Subject},
		} {
			if err := tryAppend(ent.AsSystem(t.Context()), d, log, e); err == nil {
				t.Errorf("%s: appended, want an error", name)
			}
		}
		if err := tryAppend(t.Context(), d, log, opened()); err == nil {
			t.Error("nobody as actor: appended, want an error")
		}
		if err := tryAppend(ent.AsSystem(t.Context()), d, log); err == nil {
			t.Error("no event: appended, want an error")
		}
		if _, err := log.Sequenced(t.Context(), events.Pending{}); err == nil {
			t.Error("Sequenced of nothing: want an error")
		}
		if n, err := d.Event.Query().Count(ent.AsSystem(t.Context())); n != 0 || err != nil {
			t.Errorf("%d events are stored (%v), want none", n, err)
		}
	})
}

func tryAppend(ctx context.Context, d *ent.Database, log *events.Log, all ...events.Event) error {
	return ent.WithTx(ctx, d.Client, func(tx *db.Tx) error {
		_, err := log.Append(ctx, tx, all...)
		return err
	})
}

// Sequenced finds an event also when so many came after it that it has left the
// memory before anybody asked.
func TestSequencedOfAnEventThatLeftTheMemory(t *testing.T) {
	d := postgres(t)
	log := running(t, events.Config{Database: d, Idle: never, Window: 4})
	p := commit(t, d, log, numbered(0))
	for n := range 20 {
		sequenced(t, d, log, numbered(n+1))
	}
	// The last event is counted as sequenced a moment after it is known.
	if s := log.Stats(); s.InMemory >= 8 || s.Tail != 21 || s.Head != 21 || s.Sequenced < 20 || s.Sequenced > 21 || s.Failures != 0 {
		t.Errorf("Stats = %+v", s)
	}
	if c, err := log.Sequenced(within(t), p); c != 1 || err != nil {
		t.Errorf("Sequenced = %d, %v, want 1", c, err)
	}
}

// Who repeats a request hears the cursor of the first time, from any server.
func TestAStoredPendingTellsTheSameCursor(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		log := running(t, events.Config{Database: d, Idle: never, Window: 3})
		for n := range events.Cursor(10) {
			stored, err := json.Marshal(commit(t, d, log, numbered(int(n))))
			if err != nil {
				t.Fatal(err)
			}
			var p events.Pending
			if err := json.Unmarshal(stored, &p); err != nil {
				t.Fatal(err)
			}
			if c, err := log.Sequenced(within(t), p); c != n+1 || err != nil {
				t.Errorf("Sequenced = %d, %v, want %d", c, err, n+1)
			}
		}
		var never events.Pending
		if err := json.Unmarshal([]byte("999"), &never); err != nil {
			t.Fatal(err)
		}
		if _, err := log.Sequenced(within(t), never); !db.IsNotFound(err) {
			t.Errorf("Sequenced of an event that is not there: %v, want not found", err)
		}
	})
}

func TestWaitingEnds(t *testing.T) {
	d := postgres(t)
	log, stop := start(t, events.Config{Database: d, Idle: never})
	reader := subscribe(t, log, events.Subscription{})

	idle := events.New(events.Config{Database: d}) // nobody runs it
	unseen := commit(t, d, idle, opened())
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := log.Sequenced(gone, unseen); !errors.Is(err, context.Canceled) {
		t.Errorf("Sequenced after its context ended: %v", err)
	}
	if _, err := idle.Subscribe(gone, events.Subscription{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Subscribe before Run: %v", err)
	}
	waits := make(chan error)
	go func() {
		_, err := reader.Next(context.WithoutCancel(t.Context()))
		waits <- err
	}()
	stop()
	if err := <-waits; !errors.Is(err, events.ErrStopped) {
		t.Errorf("Next after Run has ended: %v, want ErrStopped", err)
	}
	if _, err := log.Sequenced(t.Context(), unseen); !errors.Is(err, events.ErrStopped) {
		t.Errorf("Sequenced after Run has ended: %v, want ErrStopped", err)
	}
}

// The digest is part of the outside contract; this one was calculated from the
// documented layout by another program.
func TestDigestOfAKnownEvent(t *testing.T) {
	d := dbtest.SQLite(t)
	log := running(t, events.Config{Database: d, Idle: never})
	site, _ := typeid.Parse[typeid.SiteID]("site_01h455vb4pex5vsknk084sn02q")
	owner, _ := typeid.Parse[typeid.StaffID]("staff_01h455vb4pex5vsknk084sn02r")
	known := events.Event{
		Kind: "case.dispatched", Subject: "case_01h455vb4pex5vsknk084sn02s", Changed: []string{"status", "assignee"}, At: noon,
		Site: site, Owner: owner,
	}
	sequenced(t, d, log, known, known)
	reader := subscribe(t, log, events.Subscription{After: after(0)})
	for _, want := range []string{
		"e6adac5ed3120ea71ca297c79d759eeb6702141d4834e3ee97bb92b2665fa3b4",
		"3e60718a44a3c1d61fa9a7febdcb4be6a1799fc18f518ff325e152c31bd1b549",
	} {
		if e := next(t, reader); hex.EncodeToString(e.Digest) != want {
			t.Errorf("digest at cursor %d = %s, want %s", *e.Cursor, hex.EncodeToString(e.Digest), want)
		}
	}
}

package events_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

func TestParseCursor(t *testing.T) {
	for text, want := range map[string]events.Cursor{
		"0": 0, "1": 1, "1048576": 1048576, strconv.Itoa(math.MaxInt64): math.MaxInt64,
	} {
		if got, err := events.ParseCursor(text); got != want || err != nil || got.String() != text {
			t.Errorf("ParseCursor(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "-1", "+1", " 1", "1 ", "01", "1.0", "1e3", "0x1", "1_000", "one", "١", "9223372036854775808"} {
		if got, err := events.ParseCursor(text); !errors.Is(err, events.ErrMalformed) {
			t.Errorf("ParseCursor(%q) = %d, %v, want ErrMalformed", text, got, err)
		}
	}
}

func TestSubscribeAfterACursorThatIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		log := running(t, events.Config{Database: d, Idle: never})
		for c, want := range map[events.Cursor]error{-1: events.ErrMalformed, 0: nil, 1: events.ErrBeyondEnd} {
			if _, err := log.Subscribe(t.Context(), events.Subscription{After: &c}); !errors.Is(err, want) {
				t.Errorf("in an empty log, after %d: %v, want %v", c, err, want)
			}
		}
		sequenced(t, d, log, numbered(1), numbered(2))
		for c, want := range map[events.Cursor]error{2: nil, 3: events.ErrBeyondEnd} {
			if _, err := log.Subscribe(t.Context(), events.Subscription{After: &c}); !errors.Is(err, want) {
				t.Errorf("after %d of 2: %v, want %v", c, err, want)
			}
		}
	})
}

// A reader that comes from another server may know more of the log than this one
// has read.
func TestSubscribeAfterWhatThisServerHasNotReadYet(t *testing.T) {
	d := postgres(t)
	late, stop := start(t, events.Config{Database: d, Idle: never})
	listening(t, d, 1)
	execute(t, d, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'")
	eventually(t, "the server to become deaf", func() bool { return late.Stats().Failures == 1 })
	defer stop()
	other := events.New(events.Config{Database: d})
	var reader *events.Reader
	last := 0
	for read := true; read; read = late.Stats().Tail == events.Cursor(last) { // it may read once more for having listened
		commit(t, d, other, numbered(last+1), numbered(last+2), numbered(last+3))
		if n, err := other.Sequence(t.Context()); n != 3 || err != nil {
			t.Fatal(n, err)
		}
		last += 3
		reader = subscribe(t, late, events.Subscription{After: after(events.Cursor(last - 1))})
	}
	sequenced(t, d, late, numbered(last+1))
	expect(t, reader, events.Cursor(last-1), last, last+1)
}

func TestNilAfterMeansFromNowOn(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		log := running(t, events.Config{Database: d, Idle: never})
		first := subscribe(t, log, events.Subscription{})
		sequenced(t, d, log, numbered(1))
		expect(t, first, 0, 1)
		second := subscribe(t, log, events.Subscription{})
		sequenced(t, d, log, numbered(2))
		expect(t, second, 1, 2)
		expect(t, first, 1, 2)
	})
}

// Readers who start anywhere, with a memory, pages and batches of any size, while
// the log grows, get what a single statement would give them.
func TestReadersFarBehind(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		me, site := typeid.New[typeid.StaffID](), typeid.New[typeid.SiteID]()
		viewers := map[string]ent.Viewer{
			"system":       ent.System,
			"staff":        {Role: staff.RoleSTAFF, Staff: me},
			"site manager": {Role: staff.RoleSITE_MANAGER, Staff: typeid.New[typeid.StaffID](), Site: site},
			"nobody":       {},
		}
		kinds, subjects := []string{"made", "changed"}, []string{"case_1", "case_2", "insp_1", "cust_1"}
		event := rapid.Custom(func(rt *rapid.T) events.Event {
			e := events.Event{Kind: rapid.SampledFrom(kinds).Draw(rt, "kind"), Subject: rapid.SampledFrom(subjects).Draw(rt, "subject"), At: noon}
			if rapid.Bool().Draw(rt, "mine") {
				e.Owner = me
			}
			if rapid.Bool().Draw(rt, "of the site") {
				e.Site = site
			}
			return e
		})
		elsewhere := events.New(events.Config{Database: d})
		written := 0
		rapid.Check(t, func(rt *rapid.T) {
			size := rapid.IntRange(1, 20)
			log, stop := start(t, events.Config{
				Database: d, Idle: never, Window: size.Draw(rt, "window"), Batch: size.Draw(rt, "batch"), Page: size.Draw(rt, "page"),
			})
			defer stop()
			some := func(label string, of ...string) []string {
				return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, len(of), rapid.ID[string]).Draw(rt, label)
			}
			s := events.Subscription{
				After: after(events.Cursor(rapid.IntRange(max(0, written-80), written).Draw(rt, "after"))),
				Filter: events.Filter{
					Kinds: some("kinds", kinds...), SubjectKinds: some("subject kinds", "case", "insp"), Subjects: some("subjects", subjects...),
				},
			}
			if rapid.Bool().Draw(rt, "match") {
				s.Match = func(e *db.Event) bool { return *e.Cursor%3 != 0 }
			}
			viewer := viewers[rapid.SampledFrom([]string{"system", "staff", "site manager", "nobody"}).Draw(rt, "viewer")]
			ctx := ent.WithViewer(within(t), viewer)
			reader, err := log.Subscribe(ctx, s)
			if err != nil {
				rt.Fatal(err)
			}
			var got []int64
			for n := rapid.IntRange(0, len(chosen(t, d, viewer, s))).Draw(rt, "read before"); n > 0; n-- {
				e, err := reader.Next(ctx)
				if err != nil {
					rt.Fatal(err)
				}
				got = append(got, *e.Cursor)
			}
			for n := rapid.IntRange(0, 3).Draw(rt, "transactions"); n > 0; n-- {
				drawn := rapid.SliceOfN(event, 1, 10).Draw(rt, "events")
				by := log
				if rapid.Bool().Draw(rt, "by another server") {
					by = elsewhere
				}
				commit(t, d, by, drawn...)
				written += len(drawn)
			}
			// Everybody's, and the last.
			end := sequenced(t, d, log, events.Event{Kind: "made", Subject: "case_1", At: noon, Owner: me, Site: site})
			written++
			eventually(t, "the server to read all", func() bool { return log.Stats().Tail == end })
			stop() // so that a reader that has all it can get says so
			for {
				e, err := reader.Next(ctx)
				if errors.Is(err, events.ErrStopped) {
					break
				}
				if err != nil {
					rt.Fatal(err)
				}
				got = append(got, *e.Cursor)
			}
			if want := chosen(t, d, viewer, s); !slices.Equal(got, want) {
				rt.Errorf("delivered %v, want %v", got, want)
			}
			if reader.Cursor() != end {
				rt.Errorf("the reader has come to %d, want %d", reader.Cursor(), end)
			}
		})
	})
}

// chosen returns the cursors of the events that a subscription is about.
func chosen(t *testing.T, d *ent.Database, viewer ent.Viewer, s events.Subscription) []int64 {
	t.Helper()
	visible, err := d.Event.Query().Where(event.CursorGT(int64(*s.After))).Order(event.ByCursor()).All(ent.WithViewer(t.Context(), viewer))
	if err != nil {
		t.Fatal(err)
	}
	listed := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	var cursors []int64
	for _, e := range visible {
		if (s.Match == nil || s.Match(e)) &&
			listed(s.Filter.Kinds, e.Kind) && listed(s.Filter.SubjectKinds, e.SubjectKind) && listed(s.Filter.Subjects, e.Subject) {
			cursors = append(cursors, *e.Cursor)
		}
	}
	return cursors
}

// Nothing is lost where a reader looks through much of the log in vain.
func TestAReaderWhoWantsLittle(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		log := running(t, events.Config{Database: d, Idle: never, Window: 1, Page: 1})
		all := make([]events.Event, 300)
		for n := range all {
			all[n] = numbered(n)
		}
		wanted := []int{0, 1, 120, 230, 299}
		var filter events.Filter
		for _, n := range wanted {
			filter.Subjects = append(filter.Subjects, all[n].Subject)
		}
		sequenced(t, d, log, all...)
		eventually(t, "the server to read all", func() bool { return log.Stats().Tail == 300 })
		reader := subscribe(t, log, events.Subscription{After: after(0), Filter: filter})
		for _, n := range wanted {
			if e := next(t, reader); *e.Cursor != int64(n)+1 {
				t.Errorf("got cursor %d, want %d", *e.Cursor, n+1)
			}
		}
		nothingMore(t, reader)
	})
}

// A reader that never reads costs others nothing and gets all of it in the end.
func TestAReaderThatStopsReading(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		const total = 500
		log := running(t, events.Config{Database: d, Idle: never, Window: 10, Page: 7})
		slow, quick := subscribe(t, log, events.Subscription{}), subscribe(t, log, events.Subscription{})
		var numbers []int
		for n := range total {
			commit(t, d, log, numbered(n))
			expect(t, quick, events.Cursor(n), n)
			numbers = append(numbers, n)
		}
		if n := log.Stats().InMemory; n >= 20 {
			t.Errorf("%d events are in memory, want less than twice the window of 10", n)
		}
		expect(t, slow, 0, numbers...)
	})
}

func TestAThousandReaders(t *testing.T) {
	d := dbtest.SQLite(t)
	leakFree(t)
	log := running(t, events.Config{Database: d, Idle: never})
	const readers, total = 1_000, 20
	failures := make(chan error, readers)
	for range readers {
		r := subscribe(t, log, events.Subscription{})
		ctx := within(t)
		go func() {
			for n := range int64(total) {
				e, err := r.Next(ctx)
				if err == nil && *e.Cursor != n+1 {
					err = fmt.Errorf("got cursor %d, want %d", *e.Cursor, n+1)
				}
				if err != nil {
					failures <- err
					return
				}
			}
			failures <- nil
		}()
	}
	for n := range total {
		commit(t, d, log, numbered(n))
	}
	for range readers {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}

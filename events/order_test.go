package events_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/events"
)

// A reader that goes by the order of insertion sees the second transaction's event
// first, and then never looks for the first's, whose id is smaller.
func TestTransactionsThatCommitInTheOppositeOrderOfTheirInserts(t *testing.T) {
	d := postgres(t)
	log := running(t, events.Config{Database: d, Idle: never})
	reader := subscribe(t, log, events.Subscription{})
	ctx := ent.AsSystem(within(t))

	slow, err := d.Tx(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p, err := log.Append(ctx, slow, numbered(1))
	if err != nil {
		t.Fatal(err)
	}
	if c := sequenced(t, d, log, numbered(2)); c != 1 {
		t.Errorf("what was committed first has cursor %d, want 1", c)
	}
	expect(t, reader, 0, 2)
	if err := slow.Commit(); err != nil {
		t.Fatal(err)
	}
	if c, err := log.Sequenced(ctx, p); c != 2 || err != nil {
		t.Errorf("what was committed last has cursor %d (%v), want 2", c, err)
	}
	expect(t, reader, 1, 1)

	all, err := d.Event.Query().Order(db.Asc("id")).All(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if *all[0].Cursor != 2 || *all[1].Cursor != 1 {
		t.Errorf("cursors in the order of insertion = %d, %d: the test did not commit in the opposite order", *all[0].Cursor, *all[1].Cursor)
	}
}

// Many writers change few subjects on several servers, some change their minds,
// and readers stop and resume anywhere. Each event arrives once, without gaps, and
// those of a subject in the order of its changes.
func TestManyWritersAndReadersThatResume(t *testing.T) {
	const subjects, writers, each = 5, 8, 60
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		leakFree(t)
		logs := []*events.Log{running(t, events.Config{Database: d, Window: 50, Batch: 7, Page: 3, Idle: 50 * time.Millisecond})}
		if d.IsPostgres() {
			logs = append(logs, running(t, events.Config{Database: d, Idle: 50 * time.Millisecond}))
		}
		ctx := ent.AsSystem(within(t))
		for s := range subjects {
			execute(t, d, "INSERT INTO counters (id, value) VALUES ($1, 0)", strconv.Itoa(s))
		}
		var wg sync.WaitGroup
		for w := range writers {
			random := rand.New(rand.NewPCG(1, uint64(w)))
			wg.Go(func() {
				for range each {
					if err := change(ctx, d, logs[w%len(logs)], random, subjects); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		const total = writers * each
		for i := range 6 {
			random := rand.New(rand.NewPCG(2, uint64(i)))
			wg.Go(func() {
				if err := readAll(ctx, logs, random, total); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if report, err := events.Verify(ctx, d, nil); err != nil || report.Break != nil || report.Events != total {
			t.Errorf("Verify = %+v, %v, want %d events", report, err, total)
		}
	})
}

// change counts a subject up and appends an event that tells its count, after some
// attempts that are rolled back.
func change(ctx context.Context, d *ent.Database, log *events.Log, random *rand.Rand, subjects int) error {
	rollback := errors.New("roll back")
	for {
		subject, fail := strconv.Itoa(random.IntN(subjects)), random.IntN(4) == 0
		var p events.Pending
		err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) error {
			row, err := tx.Counter.UpdateOneID(subject).AddValue(1).Save(ctx)
			if err != nil {
				return err
			}
			e := events.Event{Kind: "case.changed", Subject: "case_" + subject, Changed: []string{strconv.FormatInt(row.Value, 10)}, At: noon}
			if p, err = log.Append(ctx, tx, e); err == nil && fail {
				err = rollback
			}
			return err
		})
		if errors.Is(err, rollback) {
			continue
		}
		if err == nil && random.IntN(2) == 0 { // others do not wait
			_, err = log.Sequenced(ctx, p)
		}
		return err
	}
}

// readAll reads the log from its start to its end in pieces, each from any server.
func readAll(ctx context.Context, logs []*events.Log, random *rand.Rand, total int) error {
	counts := map[string]int{}
	at := events.Cursor(0)
	for at < events.Cursor(total) {
		r, err := logs[random.IntN(len(logs))].Subscribe(ctx, events.Subscription{After: &at})
		if err != nil {
			return err
		}
		for range min(1+random.IntN(40), total-int(at)) {
			e, err := r.Next(ctx)
			if err != nil {
				return err
			}
			if at++; events.Cursor(*e.Cursor) != at || r.Cursor() != at {
				return fmt.Errorf("got cursor %d, want %d", *e.Cursor, at)
			}
			counts[e.Subject]++
			if got, want := e.Changed[0], strconv.Itoa(counts[e.Subject]); got != want {
				return fmt.Errorf("change %s of %s came as the %s.", got, e.Subject, want)
			}
		}
	}
	return nil
}

func TestServersHearOfEachOthersEvents(t *testing.T) {
	address := dbtest.PostgresURL(t)
	d, other := dbtest.Open(t, address), dbtest.Open(t, address)
	leakFree(t)
	here := running(t, events.Config{Database: d, Idle: never})
	there := running(t, events.Config{Database: other, Idle: never})
	readers := []*events.Reader{subscribe(t, here, events.Subscription{}), subscribe(t, there, events.Subscription{})}
	listening(t, d, 2)
	for n := range 10 {
		writer := []*events.Log{here, there}[n%2]
		sequenced(t, d, writer, numbered(n))
		for _, r := range readers {
			expect(t, r, events.Cursor(n), n)
		}
	}
}

// What a server committed and did not live to put in order is done by another one,
// whether that is running or starts later.
func TestAnotherServerTakesOver(t *testing.T) {
	d := postgres(t)
	dead := events.New(events.Config{Database: d})
	commit(t, d, dead, numbered(1))

	starts := running(t, events.Config{Database: d, Idle: 20 * time.Millisecond})
	reader := subscribe(t, starts, events.Subscription{After: after(0)})
	expect(t, reader, 0, 1)

	p := commit(t, d, dead, numbered(2))
	expect(t, reader, 1, 2)
	if c, err := starts.Sequenced(within(t), p); c != 2 || err != nil {
		t.Errorf("Sequenced = %d, %v, want 2", c, err)
	}
}

// On SQLite another process, such as a command, is noticed by looking.
func TestAnotherProcessWritesToSQLite(t *testing.T) {
	path := t.TempDir() + "/rounds.db"
	d, other := dbtest.Open(t, path), dbtest.Open(t, path)
	log := running(t, events.Config{Database: d, Idle: 20 * time.Millisecond})
	reader := subscribe(t, log, events.Subscription{})
	commit(t, other, events.New(events.Config{Database: other}), numbered(1))
	commit(t, d, log, numbered(2))
	expect(t, reader, 0, 1, 2)
}

func TestServersThatStartAtOnce(t *testing.T) {
	d := postgres(t)
	commit(t, d, events.New(events.Config{Database: d}), numbered(1), numbered(2), numbered(3))
	var logs []*events.Log
	for range 8 {
		logs = append(logs, running(t, events.Config{Database: d, Idle: never}))
	}
	for _, log := range logs {
		expect(t, subscribe(t, log, events.Subscription{After: after(0)}), 0, 1, 2, 3)
	}
	if n, err := d.EventHead.Query().Count(ent.AsSystem(t.Context())); n != 1 || err != nil {
		t.Errorf("%d rows of event_head (%v), want 1", n, err)
	}
}

// The database server drops all connections: what is written afterwards arrives.
func TestLostConnections(t *testing.T) {
	d := postgres(t)
	log := running(t, events.Config{Database: d, Idle: 20 * time.Millisecond})
	reader := subscribe(t, log, events.Subscription{})
	sequenced(t, d, log, numbered(1))
	listening(t, d, 1)
	execute(t, d, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	eventually(t, "the listener's failure", func() bool { return log.Stats().Failures > 0 })
	listening(t, d, 1)
	sequenced(t, d, log, numbered(2))
	expect(t, reader, 0, 1, 2)
}

// A server that is stopped while it puts events in order holds up the others only
// for a while.
func TestAServerThatStopsInTheMiddle(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	log := events.New(events.Config{Database: d})
	commit(t, d, log, numbered(1))
	if _, err := log.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	commit(t, d, log, numbered(2))
	ctx := ent.AsSystem(within(t))
	stuck, err := d.Tx(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stuck.Rollback() }() // the server has ended it
	if _, err := stuck.ExecContext(ctx, events.LockHead); err != nil {
		t.Fatal(err)
	}
	if n, err := log.Sequence(ctx); n != 1 || err != nil {
		t.Errorf("Sequence = %d, %v, want 1", n, err)
	}
	if err := stuck.Commit(); err == nil {
		t.Error("the server that was stuck could commit")
	}
}

// listening waits until so many connections listen for notifications.
func listening(t *testing.T, d *ent.Database, want int) {
	t.Helper()
	eventually(t, "servers to listen", func() bool {
		var n int
		err := d.SQL().QueryRowContext(t.Context(),
			"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND query LIKE 'LISTEN %'").Scan(&n)
		return err == nil && n == want
	})
}

// eventually polls, with a deadline, for what gives no signal.
func eventually(t *testing.T, what string, true func() bool) {
	t.Helper()
	ctx := within(t)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !true() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

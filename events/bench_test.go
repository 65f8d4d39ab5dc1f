package events_test

import (
	"context"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/events"
)

func eachBenchmark(b *testing.B, bench func(*testing.B, *ent.Database)) {
	b.Run("sqlite", func(b *testing.B) { bench(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { bench(b, dbtest.Postgres(b)) })
}

// BenchmarkDelivery is the time from the begin of a transaction of one event to its
// delivery on the server that wrote it.
func BenchmarkDelivery(b *testing.B) {
	eachBenchmark(b, func(b *testing.B, d *ent.Database) {
		log := running(b, events.Config{Database: d})
		ctx := ent.AsSystem(b.Context())
		reader := subscribeForLong(b, log)
		for b.Loop() {
			commit(b, d, log, opened())
			if _, err := reader.Next(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDeliveryElsewhere is the same on another server of the database.
func BenchmarkDeliveryElsewhere(b *testing.B) {
	d := dbtest.Postgres(b)
	log, elsewhere := running(b, events.Config{Database: d}), running(b, events.Config{Database: d})
	ctx := ent.AsSystem(b.Context())
	reader := subscribeForLong(b, elsewhere)
	for b.Loop() {
		commit(b, d, log, opened())
		if _, err := reader.Next(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFanOut is the time from the begin of a transaction of one event until
// each of a thousand readers has it.
func BenchmarkFanOut(b *testing.B) {
	eachBenchmark(b, func(b *testing.B, d *ent.Database) {
		log := running(b, events.Config{Database: d})
		ctx := ent.AsSystem(b.Context())
		const readers = 1_000
		got := make(chan struct{}, readers)
		for range readers {
			reader := subscribeForLong(b, log)
			go func() {
				for {
					if _, err := reader.Next(ctx); err != nil {
						return
					}
					got <- struct{}{}
				}
			}()
		}
		for b.Loop() {
			commit(b, d, log, opened())
			for range readers {
				<-got
			}
		}
	})
}

// BenchmarkSequence is the time of putting one of many waiting events in order.
func BenchmarkSequence(b *testing.B) {
	d := dbtest.Postgres(b)
	log := events.New(events.Config{Database: d})
	many(b, d, log, b.N)
	b.ResetTimer()
	if _, err := log.Sequence(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAppendMany is the time of one of many events of a large transaction; on
// SQLite it includes the order.
func BenchmarkAppendMany(b *testing.B) {
	eachBenchmark(b, func(b *testing.B, d *ent.Database) {
		many(b, d, events.New(events.Config{Database: d}), b.N)
	})
}

// BenchmarkCatchUp is the time of one event to a reader that starts at the
// beginning of a long log.
func BenchmarkCatchUp(b *testing.B) {
	eachBenchmark(b, func(b *testing.B, d *ent.Database) {
		log := running(b, events.Config{Database: d, Window: 1})
		many(b, d, log, b.N)
		sequenced(b, d, log, opened())
		reader, err := log.Subscribe(ent.AsSystem(b.Context()), events.Subscription{After: after(0)})
		if err != nil {
			b.Fatal(err)
		}
		b.ResetTimer()
		for range b.N {
			if _, err := reader.Next(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkVerify is the time of verifying one event.
func BenchmarkVerify(b *testing.B) {
	eachBenchmark(b, func(b *testing.B, d *ent.Database) {
		log := events.New(events.Config{Database: d})
		many(b, d, log, b.N)
		if _, err := log.Sequence(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.ResetTimer()
		if report, err := events.Verify(b.Context(), d, nil); err != nil || report.Break != nil {
			b.Fatal(report, err)
		}
	})
}

// many commits events in one transaction.
func many(b *testing.B, d *ent.Database, log *events.Log, n int) {
	b.Helper()
	all := make([]events.Event, n)
	for i := range all {
		all[i] = located(i)
	}
	ctx := ent.AsSystem(context.Background())
	err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) error {
		_, err := log.Append(ctx, tx, all...)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

func subscribeForLong(b *testing.B, log *events.Log) *events.Reader {
	b.Helper()
	reader, err := log.Subscribe(ent.AsSystem(b.Context()), events.Subscription{})
	if err != nil {
		b.Fatal(err)
	}
	return reader
}

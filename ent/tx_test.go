package ent_test

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

var errOnPurpose = errors.New("on purpose")

// However a transaction fails, nothing of it remains, and the next one is not
// kept waiting.
func TestWithTxRollsBack(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, cancel func()) error{
		"an error":             func(*testing.T, func()) error { return errOnPurpose },
		"a panic":              func(*testing.T, func()) error { panic(errOnPurpose) },
		"the goroutine's end":  func(*testing.T, func()) error { runtime.Goexit(); return nil },
		"cancelled, noticed":   func(_ *testing.T, cancel func()) error { cancel(); return context.Canceled },
		"cancelled, unnoticed": func(_ *testing.T, cancel func()) error { cancel(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *ent.Database) {
				ctx, cancel := context.WithCancel(ent.AsSystem(t.Context()))
				defer cancel()
				var err error
				var recovered any
				var wg sync.WaitGroup
				wg.Go(func() {
					defer func() { recovered = recover() }()
					err = ent.WithTx(ctx, d.Client, func(tx *db.Tx) error {
						if err := newSite(t, tx, "lost").Exec(ctx); err != nil {
							return err
						}
						return end(t, cancel)
					})
				})
				wg.Wait()
				switch name {
				case "an error":
					if err != errOnPurpose { // as it is, not wrapped
						t.Errorf("got the error %v", err)
					}
				case "a panic":
					if recovered != any(errOnPurpose) {
						t.Errorf("recovered %v", recovered)
					}
				case "cancelled, noticed", "cancelled, unnoticed":
					if !errors.Is(err, context.Canceled) {
						t.Errorf("got the error %v", err)
					}
				}
				mustWrite(t, d, func(tx *db.Tx) error { return newSite(t, tx, "kept").Exec(t.Context()) })
				codes, err := d.Site.Query().Select("code").Strings(ent.AsSystem(t.Context()))
				if err != nil || len(codes) != 1 || codes[0] != "kept" {
					t.Errorf("the sites are %v (%v), want only the one that was kept", codes, err)
				}
			})
		})
	}
}

func TestWithTxOfACancelledContext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := ent.WithTx(ctx, d.Client, func(*db.Tx) error {
			t.Error("the transaction has begun")
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got the error %v", err)
		}
	})
}

// Who waits for the writer can stop waiting.
func TestWaitingForTheWriterEndsWithTheContext(t *testing.T) {
	d := dbtest.SQLite(t)
	mustWrite(t, d, func(*db.Tx) error {
		ctx, cancel := context.WithCancel(t.Context())
		waited := make(chan error)
		go func() { waited <- ent.WithTx(ctx, d.Client, func(*db.Tx) error { return nil }) }()
		cancel()
		if err := <-waited; !errors.Is(err, context.Canceled) {
			t.Errorf("got the error %v", err)
		}
		return nil
	})
}

// Many who add to one number lose nothing and are never told that the database is
// locked, even when another program has the same file open.
func TestWritersTakeTurns(t *testing.T) {
	const writers, additions = 32, 10
	count := func(t *testing.T, databases ...*ent.Database) {
		ctx := ent.AsSystem(t.Context())
		mustWrite(t, databases[0], func(tx *db.Tx) error { return tx.Counter.Create().SetID("n").SetValue(0).Exec(ctx) })
		var wg sync.WaitGroup
		for n := range writers {
			wg.Go(func() {
				for range additions {
					err := ent.WithTx(ctx, databases[n%len(databases)].Client, func(tx *db.Tx) error {
						return tx.Counter.UpdateOneID("n").AddValue(1).Exec(ctx)
					})
					if err != nil {
						t.Errorf("writer %d: %v", n, err)
						return
					}
				}
			})
		}
		wg.Wait()
		if c, err := databases[0].Counter.Get(ctx, "n"); err != nil || c.Value != writers*additions {
			t.Errorf("counted %v (%v), want %d", c, err, writers*additions)
		}
	}
	dbtest.Each(t, func(t *testing.T, d *ent.Database) { count(t, d) })
	t.Run("sqlite, two programs", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "rounds.db")
		count(t, dbtest.Open(t, path), dbtest.Open(t, path))
	})
}

package ent

import (
	"context"
	"errors"
	"fmt"
)

// ErrBusy is returned by [Database.Scrub] when a reader needs what is to go.
var ErrBusy = errors.New("somebody is still reading what was erased")

// mergePages is how many pages of a text index one step merges: others write between
// the steps.
const mergePages = 500

// Scrub removes what deleted rows left in the files of an SQLite database: terms that
// the text indexes only marked as gone, and the pages of the write-ahead log. It may
// run beside everything else. On PostgreSQL it does nothing: there VACUUM does it.
func (d *Database) Scrub(ctx context.Context) error {
	if d.IsPostgres() {
		return nil
	}
	conn, err := d.writer.Conn(ctx)
	if err != nil {
		return err
	}
	err = func() error {
		for _, s := range []Searchable{CaseTexts, CustomerTexts} {
			// What FTS5's manual tells for an optimisation in steps: a negative number begins
			// it, and there is no more to be done once a step changes fewer than two rows.
			for pages := -mergePages; ; pages = mergePages {
				var before, after int64
				if err := conn.QueryRowContext(ctx, "SELECT total_changes()").Scan(&before); err != nil {
					return err
				}
				if _, err := conn.ExecContext(ctx, "INSERT INTO "+s.index+"("+s.index+", rank) VALUES ('merge', ?)", pages); err != nil {
					return fmt.Errorf("merging the text index %s: %w", s.index, err)
				}
				if err := conn.QueryRowContext(ctx, "SELECT total_changes()").Scan(&after); err != nil {
					return err
				}
				if after-before < 2 {
					break
				}
			}
		}
		// While the checkpoint waits for readers nobody writes: it does not wait for long.
		if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout(1000)"); err != nil {
			return err
		}
		var busy, frames, moved int
		if err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
			return fmt.Errorf("emptying the write-ahead log: %w", err)
		}
		if busy != 0 {
			return ErrBusy
		}
		return nil
	}()
	_, restored := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout("+busyTimeout+")")
	return errors.Join(err, restored, conn.Close())
}

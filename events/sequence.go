package events

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
)

// keepSequencing assigns cursors whenever this server has committed events, and
// now and then to those that another server could not take care of.
func (l *Log) keepSequencing(ctx context.Context) {
	for l.pending.wait(ctx, l.cfg.Idle) {
		if _, err := l.sequenceAll(ctx); err != nil {
			l.failed(ctx, err, "putting events in order failed")
		}
	}
}

// Sequence assigns cursors to all committed events that have none, and returns how
// many there were. [Log.Run] does this by itself; it is for commands that write
// events without running the log. On SQLite there is nothing to do.
func (l *Log) Sequence(ctx context.Context) (int, error) {
	if !l.cfg.Database.IsPostgres() {
		return 0, nil
	}
	// Servers that start at the same time all try; one inserts the row, and the
	// others wait for its commit and leave it alone.
	_, err := l.cfg.Database.ExecContext(ctx, `INSERT INTO event_head (id, cursor, digest) VALUES ($1, 0, $2) ON CONFLICT (id) DO NOTHING`,
		headID, noDigest())
	if err != nil {
		return 0, fmt.Errorf("preparing the event log: %w", err)
	}
	return l.sequenceAll(ctx)
}

func (l *Log) sequenceAll(ctx context.Context) (int, error) {
	for total := 0; ; {
		n, err := l.sequenceBatch(ctx)
		total += n
		if n > 0 {
			l.sequenced.Add(int64(n))
			l.written.raise()
		}
		if err != nil || n < l.cfg.Batch {
			return total, err
		}
	}
}

// lockHead locks the end of the log, unless nothing is waiting. It asks for the
// first event that waits rather than whether one exists: for the latter PostgreSQL
// reads the whole table when its statistics are from the middle of an import. A
// server that is stopped while it holds the lock is disconnected after 5 seconds,
// so that the others can go on.
const lockHead = `
	SELECT cursor, digest, set_config('idle_in_transaction_session_timeout', '5000', true) FROM event_head
	WHERE id = 1 AND (SELECT min(id) FROM events WHERE cursor IS NULL) IS NOT NULL
	FOR UPDATE`

// assign gives the cursors from $1 upwards, moves the end of the log and tells the
// other servers when all this is committed.
const assign = `
	WITH assigned AS (
		UPDATE events SET cursor = $1::bigint + n.place, digest = n.digest
		FROM unnest($2::bigint[], $3::bytea[]) WITH ORDINALITY AS n (id, digest, place)
		WHERE events.id = n.id
	), moved AS (
		UPDATE event_head SET cursor = $4, digest = $5 WHERE id = 1
	)
	SELECT pg_notify('` + channel + `', $4::bigint::text)`

// sequenceBatch puts the next events in order. The events are read by a statement
// of its own after the lock was got, so that it sees whatever was committed before.
func (l *Log) sequenceBatch(ctx context.Context) (n int, err error) {
	ctx = ent.AsSystem(ctx)
	var end Cursor
	err = ent.WithTx(ctx, l.cfg.Database.Client, func(tx *db.Tx) error {
		head, err := lockedHead(ctx, tx)
		if err != nil || head == nil {
			return err
		}
		waiting, err := tx.Event.Query().Where(event.CursorIsNil()).Order(event.ByID()).Limit(l.cfg.Batch).All(ctx)
		if err != nil || len(waiting) == 0 { // another server was faster
			return err
		}
		ids, digests := make([]int64, len(waiting)), make([][]byte, len(waiting))
		last := head.Digest
		for i, e := range waiting {
			last = Digest(last, e, Cursor(head.Cursor)+Cursor(i)+1)
			ids[i], digests[i] = e.ID, last
		}
		n, end = len(waiting), Cursor(head.Cursor)+Cursor(len(waiting))
		_, err = tx.ExecContext(ctx, assign, head.Cursor, ids, digests, int64(end), last)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("assigning cursors: %w", err)
	}
	l.heard(end)
	return n, nil
}

// lockedHead returns nil if no event waits for its cursor.
func lockedHead(ctx context.Context, tx *db.Tx) (_ *db.EventHead, err error) {
	rows, err := tx.QueryContext(ctx, lockHead)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // its error is that of rows.Err
	if !rows.Next() {
		return nil, rows.Err()
	}
	var head db.EventHead
	var limit string
	if err := rows.Scan(&head.Cursor, &head.Digest, &limit); err != nil {
		return nil, err
	}
	return &head, rows.Err()
}

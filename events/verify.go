package events

import (
	"bytes"
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Report is what [Verify] found.
type Report struct {
	// Events is how many events, from the first on, were found as they were written.
	Events int64
	// Head and Digest are where the log ends. Whoever can write to the database can
	// also write a whole new chain: keep these two elsewhere, and a later report in
	// which the event at Head has another digest shows it.
	Head   Cursor
	Digest []byte
	// Break is nil if the log is whole.
	Break *Break
}

// Break is the first place where the log is not as it was written.
type Break struct {
	Cursor Cursor
	Reason string // a sentence for the operator
}

// verifyPage is how many events are held in memory at a time.
const verifyPage = 2_000

// Verify reads the whole log and recalculates each digest, which finds an event
// that was changed, removed, inserted or moved. What servers append meanwhile is
// not looked at. progress, if not nil, is called now and then with how many events
// of how many were read. An error means that the log could not be read.
func Verify(ctx context.Context, d *ent.Database, progress func(done, total Cursor)) (Report, error) {
	ctx = ent.AsSystem(ctx)
	head, last, err := ends(ctx, d)
	if err != nil {
		return Report{}, err
	}
	report := Report{Head: Cursor(head.Cursor), Digest: head.Digest}
	c := chain{digest: noDigest()}
	for int64(c.cursor) < head.Cursor {
		page, err := d.Event.Query().
			Where(event.CursorGT(int64(c.cursor)), event.CursorLTE(head.Cursor)).
			Order(event.ByCursor()).Limit(verifyPage).All(ctx)
		if err != nil {
			return Report{}, fmt.Errorf("reading the event log: %w", err)
		}
		for _, e := range page {
			if report.Break = c.add(e); report.Break != nil {
				break
			}
		}
		report.Events = int64(c.cursor)
		if progress != nil {
			progress(c.cursor, report.Head)
		}
		if report.Break == nil && len(page) == 0 {
			report.Break = &Break{c.cursor + 1, "the event is missing"}
		}
		if report.Break != nil {
			return report, nil
		}
	}
	switch {
	case !bytes.Equal(c.digest, head.Digest):
		report.Break = &Break{report.Head, "the log's end is recorded with another digest than its last event has"}
	case last > report.Head:
		report.Break = &Break{report.Head + 1, "the event lies beyond the recorded end of the log"}
	}
	return report, nil
}

// ends returns the recorded end of the log and the cursor of its last event, both
// of the same moment.
func ends(ctx context.Context, d *ent.Database) (*db.EventHead, Cursor, error) {
	head := &db.EventHead{Digest: noDigest()}
	var digest []byte
	var last int64
	err := d.SQL().QueryRowContext(ctx, `
		SELECT coalesce(h.cursor, 0), h.digest, coalesce((SELECT max(cursor) FROM events), 0)
		FROM (SELECT 1 AS id) one LEFT JOIN event_head h ON h.id = one.id`).Scan(&head.Cursor, &digest, &last)
	if err != nil {
		return nil, 0, fmt.Errorf("reading where the event log ends: %w", err)
	}
	if digest != nil {
		head.Digest = digest
	}
	return head, Cursor(last), nil
}

// chain is a place in the log that everything was right up to.
type chain struct {
	cursor Cursor
	digest []byte
}

// add moves the chain by one event, or says why it can't.
func (c *chain) add(e *db.Event) *Break {
	at := c.cursor + 1
	if Cursor(*e.Cursor) != at {
		return &Break{at, "the event is missing"}
	}
	sum := Digest(c.digest, e, at)
	switch {
	case !bytes.Equal(sum, e.Digest):
		return &Break{at, "the event's content is not what its digest was made of, or the event was put here later"}
	case e.SubjectKind != typeid.Prefix(e.Subject):
		return &Break{at, "the event's subject_kind is not that of its subject"}
	}
	c.cursor, c.digest = at, sum
	return nil
}

package events

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/eventhead"
)

// Cursor is a place in the event log: 1 is that of its first event, and the
// cursors of the events after it follow without gaps. 0 is the place before the
// first event.
//
// The outside form is its decimal digits. Users keep cursors and hand them back;
// beyond that they may rely only on a later event having the greater number.
type Cursor int64

var (
	// ErrMalformed is returned for a text that is not a cursor.
	ErrMalformed = errors.New("not a cursor: a cursor is a whole number from 0, in decimal digits")
	// ErrBeyondEnd is returned for a cursor that no event has yet.
	ErrBeyondEnd = errors.New("the cursor lies beyond the end of the event log")
)

// ParseCursor reads the outside form exactly as [Cursor.String] writes it: no
// sign, no spaces, no leading zeros. Anything else is [ErrMalformed].
func ParseCursor(s string) (Cursor, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || Cursor(n).String() != s {
		return 0, ErrMalformed
	}
	return Cursor(n), nil
}

// String returns the outside form.
func (c Cursor) String() string { return strconv.FormatInt(int64(c), 10) }

// CheckCursor reports whether a reader may resume after c: [ErrMalformed] for a
// negative c, [ErrBeyondEnd] for one that was never given out, or an error of the
// database, which is asked only if this server has not yet heard of c.
func (l *Log) CheckCursor(ctx context.Context, c Cursor) error {
	if c < 0 {
		return ErrMalformed
	}
	if int64(c) <= l.head.Load() {
		return nil
	}
	head, err := readHead(ctx, l.cfg.Database.Client)
	if err != nil {
		return err
	}
	l.heard(Cursor(head.Cursor))
	if int64(c) > head.Cursor {
		return ErrBeyondEnd
	}
	return nil
}

// headID is the key of the only row of event_head.
const headID = 1

// readHead returns where the log ends.
func readHead(ctx context.Context, client *db.Client) (*db.EventHead, error) {
	head, err := client.EventHead.Query().Where(eventhead.ID(headID)).Only(ent.AsSystem(ctx))
	if db.IsNotFound(err) {
		return &db.EventHead{Digest: noDigest()}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading where the event log ends: %w", err)
	}
	return head, nil
}

// Package scalar holds the API's own scalars.
package scalar

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/events"
)

// MarshalDate writes a calendar day, "2026-10-01".
func MarshalDate(day string) graphql.Marshaler { return graphql.MarshalString(day) }

// UnmarshalDate reads a calendar day.
func UnmarshalDate(v any) (string, error) {
	s, ok := v.(string)
	if ok {
		if _, err := time.Parse(time.DateOnly, s); err == nil {
			return s, nil
		}
	}
	return "", fmt.Errorf("a Date is written YYYY-MM-DD")
}

// MarshalEventCursor writes a position in the event log.
func MarshalEventCursor(c events.Cursor) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.Quote(c.String())) // as in gqlgen's own scalars
	})
}

// UnmarshalEventCursor reads a position in the event log.
func UnmarshalEventCursor(v any) (events.Cursor, error) {
	s, ok := v.(string)
	if !ok {
		return 0, fmt.Errorf("an EventCursor is a string")
	}
	c, err := events.ParseCursor(s)
	if err != nil {
		return 0, fmt.Errorf("this is not an EventCursor")
	}
	return c, nil
}

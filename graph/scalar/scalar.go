// Package scalar reads and writes values of the API that are not Go's own.
package scalar

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// MarshalTime writes a point in time in UTC, whatever zone the database or its
// driver gave it.
func MarshalTime(t time.Time) graphql.Marshaler {
	return graphql.MarshalString(t.UTC().Format(time.RFC3339Nano))
}

// UnmarshalTime reads a point in time as both databases can hold it: to the
// microsecond, and in UTC of a year with four digits, of which SQLite's texts sort
// like times.
func UnmarshalTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if ok {
		t, err := time.Parse(time.RFC3339Nano, s)
		t = t.UTC().Truncate(time.Microsecond)
		if err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("a Time is written as in RFC 3339, with a time zone")
}

// MarshalFloat writes a number; one that is not finite is an error.
func MarshalFloat(f float64) graphql.ContextMarshaler { return graphql.MarshalFloatContext(f) }

// UnmarshalFloat reads a number, which gqlgen would also take from a text, "NaN"
// included.
func UnmarshalFloat(_ context.Context, v any) (float64, error) {
	if _, text := v.(string); text {
		return 0, fmt.Errorf("a Float is a number")
	}
	return graphql.UnmarshalFloat(v)
}

// MarshalRole writes a role.
func MarshalRole(r staff.Role) graphql.Marshaler { return graphql.MarshalString(string(r)) }

// UnmarshalRole reads a role. That of programs is one, too, although nobody on the
// staff has it.
func UnmarshalRole(v any) (staff.Role, error) {
	s, ok := v.(string)
	r := staff.Role(s)
	if !ok || r != ent.Integrator && staff.RoleValidator(r) != nil {
		return "", fmt.Errorf("this is not a Role")
	}
	return r, nil
}

// MarshalDate writes a calendar day, "2026-10-01".
func MarshalDate(day string) graphql.Marshaler { return graphql.MarshalString(day) }

// UnmarshalDate reads a calendar day, of the years that a Time can have.
func UnmarshalDate(v any) (string, error) {
	s, ok := v.(string)
	if ok {
		if day, err := time.Parse(time.DateOnly, s); err == nil && day.Year() >= 1 {
			return s, nil
		}
	}
	return "", fmt.Errorf("a Date is written YYYY-MM-DD")
}

// MarshalTimeOfDay writes a time of the local day, "09:30".
func MarshalTimeOfDay(t calendar.TimeOfDay) graphql.Marshaler {
	return graphql.MarshalString(t.String())
}

// UnmarshalTimeOfDay reads a time of the local day.
func UnmarshalTimeOfDay(v any) (calendar.TimeOfDay, error) {
	s, _ := v.(string)
	t, err := calendar.ParseTimeOfDay(s)
	if err != nil {
		return 0, fmt.Errorf(`a TimeOfDay is written "HH:MM", from "00:00" to "48:00"`)
	}
	return t, nil
}

// MarshalWeekday writes a day of the week, "MONDAY".
func MarshalWeekday(d time.Weekday) graphql.Marshaler {
	return graphql.MarshalString(strings.ToUpper(d.String()))
}

// UnmarshalWeekday reads a day of the week.
func UnmarshalWeekday(v any) (time.Weekday, error) {
	s, _ := v.(string)
	for d := range time.Weekday(7) {
		if s == strings.ToUpper(d.String()) {
			return d, nil
		}
	}
	return 0, fmt.Errorf("this is not a Weekday")
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

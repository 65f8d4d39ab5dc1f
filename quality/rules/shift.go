package rules

import (
	"fmt"
	"time"
)

// LongestShift bounds the length of a shift: a day of 24 hours, and the hour that
// the end of summer time adds to it.
const LongestShift = 25 * time.Hour

// ShiftHours returns when a shift begins and ends that is from one time of the clock
// ("22:00") to another on a day. One that ends when it begins, or earlier, ends on
// the next day. ok is false where a text is no time of the clock.
func ShiftHours(day time.Time, from, to string, zone *time.Location) (start, end time.Time, ok bool) {
	begins, err := clockTime(from)
	if err != nil {
		return start, end, false
	}
	ends, err := clockTime(to)
	if err != nil {
		return start, end, false
	}
	at := func(clock time.Time, later int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day()+later, clock.Hour(), clock.Minute(), 0, 0, zone).UTC()
	}
	if start, end = at(begins, 0), at(ends, 0); !ends.After(begins) {
		end = at(ends, 1)
	}
	return start, end, true
}

func clockTime(text string) (time.Time, error) {
	if len(text) != len("15:04") {
		return time.Time{}, fmt.Errorf("a time of the clock is written HH:MM")
	}
	return time.Parse("15:04", text)
}

// Duty is a stretch of time that somebody serves.
type Duty struct{ Start, End time.Time }

// Overlaps reports whether two duties have time in common.
func (d Duty) Overlaps(other Duty) bool {
	return d.Start.Before(other.End) && other.Start.Before(d.End)
}

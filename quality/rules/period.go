package rules

import "time"

// Interval is what a span of days is divided into: parts of the calendar of a time
// zone.
type Interval string

// The intervals. A week is that of ISO 8601: it begins on Monday.
const (
	Day     Interval = "DAY"
	Week    Interval = "WEEK"
	Month   Interval = "MONTH"
	Quarter Interval = "QUARTER"
	Year    Interval = "YEAR"
)

// Days are a part of a span of days.
type Days struct {
	First, Last time.Time // the days, at midnight UTC
	From, To    time.Time // the moments at which First begins and Last ends
}

// Periods divides the days from first to last, both included, into periods: the first
// and the last of them end where the span does. No interval makes one period of all.
// Days are at midnight UTC, and begin and end on the clock of the zone. It returns at
// most limit+1 periods, which is enough to see that they are too many.
func Periods(first, last time.Time, in Interval, zone *time.Location, limit int) []Days {
	var all []Days
	for day := first; !day.After(last) && len(all) <= limit; {
		next := following(day, in)
		if in == "" || next.After(last) {
			next = last.AddDate(0, 0, 1)
		}
		all = append(all, Days{First: day, Last: next.AddDate(0, 0, -1), From: dayBegins(day, zone), To: dayBegins(next, zone)})
		day = next
	}
	return all
}

// following is the first day after the interval that a day lies in.
func following(day time.Time, in Interval) time.Time {
	year, month, d := day.Date()
	switch in {
	case Day:
		return day.AddDate(0, 0, 1)
	case Week:
		sinceMonday := (int(day.Weekday()) + 6) % 7
		return day.AddDate(0, 0, 7-sinceMonday)
	case Month:
		return day.AddDate(0, 1, 1-d)
	case Quarter:
		return time.Date(year, month-(month-1)%3+3, 1, 0, 0, 0, 0, time.UTC)
	default:
		return time.Date(year+1, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
}

// dayBegins is the first moment of a day on the clock of a zone: not always midnight,
// which a clock that is set forward may skip, and of two midnights the earlier one.
func dayBegins(day time.Time, zone *time.Location) time.Time {
	year, month, d := day.Date()
	at := time.Date(year, month, d, 0, 0, 0, 0, zone)
	if at.Day() != d { // the clock skips midnight: the day begins where it does so
		_, at = at.ZoneBounds()
	} else if start, _ := at.ZoneBounds(); at.Hour() > 0 && !start.IsZero() && start.Day() == d {
		at = start
	}
	_, now := at.Zone()
	if _, before := at.Add(-6 * time.Hour).Zone(); before > now { // the clock was set back
		if earlier := at.Add(time.Duration(now-before) * time.Second); earlier.In(zone).Day() == d && earlier.In(zone).Hour() == 0 {
			at = earlier
		}
	}
	return at.UTC()
}

// Package calendar counts open time: how much of it lies between two moments, and when so much of it has passed.
//
// A calendar is what a week looks like, in windows of the local day, and which days are different: holidays, and weekends that are
// worked. It is pure: records of calendars, and who uses which, are in package quality.
//
// Open is what the clock on the wall says. When the clock is set forward, the minutes that it skips are not there to be counted;
// when it is set back, those that it shows twice count twice if they lie in a window. So a window of 02:15 to 02:45 is an hour
// in one night of autumn where the clock goes back from 03:00 to 02:00, and nothing in one night of spring.
package calendar

import (
	"errors"
	"iter"
	"maps"
	"math"
	"slices"
	"time"
)

// Horizon is how far ahead [Calendar.Due] looks.
const Horizon = 100 * 365 * 24 * time.Hour

// ErrNeverOpens is the answer of a calendar that is not open for so long within [Horizon].
var ErrNeverOpens = errors.New("calendar: it is not open for so long")

// Calendar is a definition made ready to count with. It does not change, and several goroutines may use it. What counting costs
// grows with the changes of the clock in between, of which a zone has at most a few a year, but neither with days nor with the
// number of days that override the week.
type Calendar struct {
	zone  *time.Location
	line  timeline
	works [7]bool       // on ordinary days, by weekday
	days  map[Date]bool // and on those that override the week
}

// New makes a calendar. The error is a [*DefinitionError].
func New(d Definition) (*Calendar, error) {
	if bad := d.check(); len(bad) > 0 {
		return nil, &DefinitionError{Problems: bad}
	}
	zone, err := time.LoadLocation(d.TimeZone)
	if err != nil {
		return nil, &DefinitionError{Problems: []Problem{{Rule: ZoneKnown}}}
	}
	c := &Calendar{zone: zone, line: newTimeline(d), days: make(map[Date]bool, len(d.Days))}
	for weekday, windows := range d.Week {
		c.works[weekday] = len(windows) > 0
	}
	for date := range d.Days {
		c.days[date] = len(d.windows(date)) > 0
	}
	return c, nil
}

// Always is the calendar by which every minute counts. The error is a [*DefinitionError], if there is no such time zone.
func Always(zone string) (*Calendar, error) { return New(AlwaysOpen(zone)) }

// AlwaysOpen is the definition of [Always].
func AlwaysOpen(zone string) Definition {
	d := Definition{TimeZone: zone, Week: map[time.Weekday][]Window{}}
	for weekday := range time.Weekday(7) {
		d.Week[weekday] = []Window{{From: 0, To: dayMinutes}}
	}
	return d
}

// Zone is the time zone whose clock hangs on the wall.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Open says whether the calendar is open at a moment.
func (c *Calendar) Open(at time.Time) bool {
	_, offset := at.In(c.zone).Zone()
	return c.line.open(at.Unix() + int64(offset))
}

// Works says whether a date is a working day: whether a window begins on it. What is left of a night shift makes none of the next day.
func (c *Calendar) Works(date Date) bool {
	if works, special := c.days[date]; special {
		return works
	}
	return c.works[date.Weekday()]
}

// Due is the earliest moment at which d of open time has passed since start, in the location of start. It is the end of a window
// and not the beginning of the next one if d ends there, and start itself if d is not positive. The error is [ErrNeverOpens].
func (c *Calendar) Due(start time.Time, d time.Duration) (time.Time, error) {
	if d <= 0 {
		return start, nil
	}
	if d > Horizon {
		return time.Time{}, ErrNeverOpens
	}
	// Windows begin and end on whole seconds. So one counts from the whole second before start.
	if c.Open(start) {
		d += time.Duration(start.Nanosecond())
	}
	need, rest := int64(d/time.Second), int64(d%time.Second)
	if rest > 0 {
		need++ // the second in which it ends
	}
	from := start.Unix()
	for s := range c.stretches(from, from+int64(Horizon/time.Second)) {
		before := c.line.before(s.from + s.offset)
		got := c.line.before(s.to+s.offset) - before
		if got < need {
			need -= got
			continue
		}
		end := c.line.at(before+need, s.from+s.offset, s.to+s.offset) - s.offset
		if rest > 0 {
			end--
		}
		return time.Unix(end, rest).In(start.Location()), nil
	}
	return time.Time{}, ErrNeverOpens
}

// Counted is how much open time lies between two moments: none if to is not after from, and the longest duration there is if it is
// longer than that (292 years).
func (c *Calendar) Counted(from, to time.Time) time.Duration {
	if !to.After(from) {
		return 0
	}
	var seconds int64
	for s := range c.stretches(from.Unix(), to.Unix()) {
		seconds += c.line.before(s.to+s.offset) - c.line.before(s.from+s.offset)
	}
	if seconds >= math.MaxInt64/int64(time.Second) {
		return math.MaxInt64
	}
	d := time.Duration(seconds) * time.Second
	if c.Open(from) {
		d -= time.Duration(from.Nanosecond())
	}
	if c.Open(to) {
		d += time.Duration(to.Nanosecond())
	}
	return d
}

// Spans are the stretches of open time between two moments, in order and apart from each other, in the location of from. They cost
// a step for each day.
func (c *Calendar) Spans(from, to time.Time) iter.Seq2[time.Time, time.Time] {
	return func(yield func(time.Time, time.Time) bool) {
		emit := func(s span) bool {
			begin, end := time.Unix(s.from, 0).In(from.Location()), time.Unix(s.to, 0).In(from.Location())
			if begin.Before(from) {
				begin = from
			}
			if end.After(to) {
				end = to.In(from.Location())
			}
			return !begin.Before(end) || yield(begin, end)
		}
		var last span // what may go on in the next day, or beyond a change of the clock
		for s := range c.stretches(from.Unix(), to.Unix()+1) {
			for open := range c.line.spans(s.from+s.offset, s.to+s.offset) {
				open = span{open.from - s.offset, open.to - s.offset}
				if open.from == last.to {
					last.to = open.to
					continue
				}
				if !emit(last) {
					return
				}
				last = open
			}
		}
		emit(last)
	}
}

// stretch is a time in which the clock is not changed, in seconds since 1970; offset is what the clock is ahead of UTC.
type stretch struct{ from, to, offset int64 }

func (c *Calendar) stretches(from, to int64) iter.Seq[stretch] {
	return func(yield func(stretch) bool) {
		for from < to {
			at := time.Unix(from, 0).In(c.zone)
			_, offset := at.Zone()
			end := to
			if _, change := at.ZoneBounds(); change.Unix() > from {
				end = min(to, change.Unix())
			} else if !change.IsZero() {
				// Beyond the zone's table, package time takes all years for 365 days here: the last day of a leap year lies
				// after the bound that it is given.
				end = min(to, (floorDiv(from, daySeconds)+1)*daySeconds)
			}
			if !yield(stretch{from, end, int64(offset)}) {
				return
			}
			from = end
		}
	}
}

func sortedKeys[K ~int, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

package schedule

import (
	"time"

	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

const (
	dayMinutes = 24 * 60
	daySeconds = dayMinutes * 60
)

// midnight is the beginning of a date on a clock that is never changed.
func midnight(d calendar.Date) time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

// dateOf is the date of a moment on the clock of a zone.
func dateOf(at time.Time, zone *time.Location) calendar.Date {
	return calendar.DateOf(at.In(zone).Date())
}

// moment is when the clock of a zone shows a time of a date. A time that it skips is taken by the offset from before that, and of
// two moments at which it shows the same, the first counts. (What package time makes of such times it leaves open.)
func moment(d calendar.Date, minute int, zone *time.Location) time.Time {
	wall := int64(d)*daySeconds + int64(minute)*60
	offset := func(at int64) int64 {
		_, seconds := time.Unix(at, 0).In(zone).Zone()
		return int64(seconds)
	}
	// By the offsets of a day and a half earlier and later: no clock is farther off UTC, and none is changed twice in that time.
	before, after := offset(wall-daySeconds*3/2), offset(wall+daySeconds*3/2)
	first, second := wall-max(before, after), wall-min(before, after)
	for _, at := range []int64{first, second} {
		if at+offset(at) == wall {
			return time.Unix(at, 0).In(zone)
		}
	}
	return time.Unix(wall-before, 0).In(zone)
}

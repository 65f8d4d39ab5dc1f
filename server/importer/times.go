package importer

import (
	"fmt"
	"time"
	_ "time/tzdata" // so that zones are known on machines that have none installed
)

// TimeFormat says how the file writes times.
type TimeFormat struct {
	// Zone is the IANA name of the zone of times that name none, such as
	// "America/New_York". Required.
	Zone string `yaml:"zone"`
	// Layouts are tried one after the other. Each is the time of 2 January 2006,
	// 15:04:05, as the file would write it. Required.
	Layouts []string `yaml:"layouts"`

	zone *time.Location
}

func (f *TimeFormat) check(m *mistakes) {
	var err error
	if f.zone, err = time.LoadLocation(f.Zone); err != nil || f.Zone == "" || f.Zone == "Local" {
		m.add("times.zone", fmt.Sprintf("%q is no time zone; it is a name such as America/New_York", f.Zone))
	}
	if len(f.Layouts) == 0 {
		m.add("times.layouts", "say how the file writes 2006-01-02 15:04:05")
	}
	for i, layout := range f.Layouts {
		day := time.Date(2023, time.November, 28, 0, 0, 0, 0, time.UTC)
		if read, err := time.Parse(layout, day.Format(layout)); err != nil || !read.Equal(day) {
			m.add(fmt.Sprintf("times.layouts[%d]", i), fmt.Sprintf("%q does not write a day; write 2006-01-02 15:04:05 in the form of the file", layout))
		}
	}
}

// parse reads a time. after is the time that cannot be later, zero if there is
// none: it decides which is meant of the two that a clock shows alike when it is set
// back.
func (f *TimeFormat) parse(text string, after time.Time) (at time.Time, ok bool) {
	for _, layout := range f.Layouts {
		wall, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		elsewhere, err := time.ParseInLocation(layout, text, time.FixedZone("", 3600))
		if err == nil && elsewhere.Equal(wall) { // the text itself names its zone
			return wall.UTC(), true
		}
		return instant(wall, f.zone, after), true
	}
	return at, false
}

// instant returns when a clock in the zone shows what wall shows in UTC. A time that
// the clock shows twice, when it is set back, is the first of the two, or the
// second if the first lies before after. A time that it leaves out, when it is set
// forward, is as much later as it is set forward: what a clock showed that nobody
// had set.
func instant(wall time.Time, zone *time.Location, after time.Time) time.Time {
	offset := func(at time.Time) time.Duration {
		_, seconds := at.In(zone).Zone()
		return time.Duration(seconds) * time.Second
	}
	// A day away from it, on both sides, no change is still to come or to be undone.
	before, later := offset(wall.Add(-24*time.Hour)), offset(wall.Add(24*time.Hour))
	first, second := wall.Add(-before), wall.Add(-later)
	shows := func(at time.Time) bool { return at.Add(offset(at)).Equal(wall) }
	switch {
	case !shows(first) && shows(second),
		shows(first) && shows(second) && first.Before(after):
		return second
	default:
		return first
	}
}

package calendar_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// changes are years and days around which the clocks of a zone change, and ordinary ones.
var changes = []struct {
	zone string
	days []calendar.Date
}{
	{"Asia/Shanghai", []calendar.Date{calendar.DateOf(2026, 2, 14), calendar.DateOf(2027, 12, 31), calendar.DateOf(1986, 5, 4)}},
	{"Europe/Berlin", []calendar.Date{calendar.DateOf(2026, 3, 29), calendar.DateOf(2026, 10, 25), calendar.DateOf(2045, 3, 26), calendar.DateOf(2044, 12, 31)}},
	{"America/New_York", []calendar.Date{calendar.DateOf(2026, 3, 8), calendar.DateOf(2026, 11, 1)}},
	{"America/St_Johns", []calendar.Date{calendar.DateOf(2010, 3, 14), calendar.DateOf(2010, 11, 7)}},  // at one minute past midnight
	{"America/Sao_Paulo", []calendar.Date{calendar.DateOf(2018, 11, 4), calendar.DateOf(2019, 2, 16)}}, // at midnight
	{"Australia/Lord_Howe", []calendar.Date{calendar.DateOf(2026, 4, 5), calendar.DateOf(2026, 10, 4)}},
	{"Antarctica/Troll", []calendar.Date{calendar.DateOf(2026, 3, 29), calendar.DateOf(2026, 10, 25)}},
	{"Pacific/Apia", []calendar.Date{calendar.DateOf(2011, 12, 30), calendar.DateOf(2012, 4, 1)}}, // a day that was not
	{"Pacific/Chatham", []calendar.Date{calendar.DateOf(2026, 4, 5), calendar.DateOf(2026, 9, 27)}},
	{"Africa/Casablanca", []calendar.Date{calendar.DateOf(2026, 2, 15), calendar.DateOf(2026, 3, 22)}},
	{"Asia/Kathmandu", []calendar.Date{calendar.DateOf(1986, 1, 1), calendar.DateOf(2028, 2, 29)}},
	{"Asia/Pyongyang", []calendar.Date{calendar.DateOf(2015, 8, 15), calendar.DateOf(2018, 5, 5)}},
	{"UTC", []calendar.Date{calendar.DateOf(2028, 2, 29), calendar.DateOf(1970, 1, 1)}},
}

func windows(t *rapid.T, label string) []calendar.Window {
	var windows []calendar.Window
	at := 0
	for range rapid.IntRange(0, 3).Draw(t, label) {
		from := at + rapid.IntRange(0, 700).Draw(t, "from")
		to := from + rapid.IntRange(1, 900).Draw(t, "to")
		if from >= 24*60 {
			break
		}
		windows = append(windows, calendar.Window{From: calendar.TimeOfDay(from), To: calendar.TimeOfDay(to)})
		at = to
	}
	return windows
}

// draw makes a calendar and a day around which something happens in its zone.
func draw(t *rapid.T) (calendar.Definition, calendar.Date) {
	place := rapid.SampledFrom(changes).Draw(t, "place")
	around := rapid.SampledFrom(place.days).Draw(t, "around")
	d := calendar.Definition{TimeZone: place.zone, Week: map[time.Weekday][]calendar.Window{}, Days: map[calendar.Date]calendar.Day{}}
	for weekday := range time.Weekday(7) {
		d.Week[weekday] = windows(t, weekday.String())
	}
	if len(d.Week[time.Monday]) == 0 {
		d.Week[time.Monday] = []calendar.Window{{From: 8 * 60, To: 16 * 60}}
	}
	for range rapid.IntRange(0, 6).Draw(t, "exceptions") {
		day := calendar.Day{Working: rapid.Bool().Draw(t, "working")}
		if day.Working {
			day.Windows = windows(t, "windows of a day")
		}
		d.Days[around+calendar.Date(rapid.IntRange(-5, 5).Draw(t, "exception"))] = day
	}
	return d, around
}

// counter reads the clock on the wall minute by minute, and knows nothing else.
type counter struct {
	d    calendar.Definition
	zone *time.Location
}

func (n counter) begun(date time.Time) []calendar.Window {
	day, special := n.d.Days[calendar.DateOf(date.Date())]
	switch {
	case !special:
		return n.d.Week[date.Weekday()]
	case day.Working && day.Windows == nil:
		return n.d.Week[time.Monday]
	}
	return day.Windows
}

func (n counter) open(at time.Time) bool {
	local := at.In(n.zone)
	year, month, day := local.Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	minute := calendar.TimeOfDay(local.Hour()*60 + local.Minute())
	for _, w := range n.begun(today) {
		if w.From <= minute && minute < w.To {
			return true
		}
	}
	for _, w := range n.begun(today.AddDate(0, 0, -1)) {
		if minute < w.To-24*60 {
			return true
		}
	}
	return false
}

// Due, Counted, Open and Spans agree with whoever watches the clock.
func TestAgreesWithWatchingTheClock(t *testing.T) {
	rounds := 40 // of a hundred calendars each
	if os.Getenv("ROUNDS_SOAK") != "" {
		rounds = 10_000
	} else if testing.Short() {
		rounds = 5
	}
	for range rounds {
		rapid.Check(t, func(t *rapid.T) {
			d, around := draw(t)
			c, err := calendar.New(d)
			if err != nil {
				t.Fatalf("%v: %+v", err, err.(*calendar.DefinitionError).Problems)
			}
			n := counter{d, c.Zone()}
			start := time.Unix(int64(around)*86400, 0).Add(time.Duration(rapid.IntRange(-3000, 3000).Draw(t, "start")) * time.Minute)

			end := start // of the last minute that is open
			var want, inSpans time.Duration
			for i := range rapid.IntRange(1, 3000).Draw(t, "minutes") {
				now := start.Add(time.Duration(i) * time.Minute)
				open := n.open(now)
				if got := c.Open(now); got != open {
					t.Fatalf("open at %v: %t, want %t", now.In(n.zone), got, open)
				}
				if open {
					want, end = want+time.Minute, now.Add(time.Minute)
				}
			}
			got, err := c.Due(start, want)
			if err != nil || !got.Equal(end) {
				t.Errorf("%v of open time after %v are over at %v %v, want %v", want, start.In(n.zone), got.In(n.zone), err, end.In(n.zone))
			}
			if got := c.Counted(start, end); got != want {
				t.Errorf("from %v to %v counts %v, want %v", start.In(n.zone), end.In(n.zone), got, want)
			}
			last := start.Add(-1)
			for from, to := range c.Spans(start, end) {
				if !from.After(last) || !to.After(from) || to.After(end) {
					t.Errorf("a span from %v to %v after one that ended at %v", from, to, last)
				}
				if !n.open(from) || !n.open(to.Add(-1)) || to.Before(end) && n.open(to) || from.After(start) && n.open(from.Add(-1)) {
					t.Errorf("a span from %v to %v is not one of open time", from.In(n.zone), to.In(n.zone))
				}
				inSpans, last = inSpans+to.Sub(from), to
			}
			if inSpans != want {
				t.Errorf("the spans are %v long, want %v", inSpans, want)
			}
		})
	}
}

// Over years, and to the nanosecond: what Due has let pass is what Counted counts, and not a moment earlier.
func TestDueIsTheFirstMoment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, around := draw(t)
		c, err := calendar.New(d)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Unix(int64(around)*86400, rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
		start = start.Add(time.Duration(rapid.IntRange(-100_000, 100_000).Draw(t, "seconds")) * time.Second)
		want := time.Duration(rapid.Int64Range(1, int64(20_000*time.Hour)).Draw(t, "duration"))
		end, err := c.Due(start, want)
		if errors.Is(err, calendar.ErrNeverOpens) {
			if got := c.Counted(start, start.Add(calendar.Horizon)); got >= want {
				t.Errorf("%v after %v are said not to pass, but %v do", want, start, got)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		middle := start.Add(end.Sub(start) / time.Duration(rapid.IntRange(2, 9).Draw(t, "part")))
		if got := c.Counted(start, middle) + c.Counted(middle, end); got != want {
			t.Errorf("%v after %v is %v, by which %v have passed", want, start, end, got)
		}
		if got := c.Counted(start, end.Add(-1)); got != want-1 {
			t.Errorf("%v after %v is %v, a moment before which %v have passed", want, start, end, got)
		}
	})
}

package schedule_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
	"github.com/seed-34fcb60d/rounds/quality/rules/schedule"
)

// places are zones, with days around which their clocks are changed.
var places = []struct {
	zone string
	day  calendar.Date
}{
	{"Asia/Shanghai", calendar.DateOf(2026, 2, 14)},
	{"Europe/Berlin", calendar.DateOf(2026, 3, 29)},
	{"Europe/Berlin", calendar.DateOf(2026, 10, 25)},
	{"America/St_Johns", calendar.DateOf(2010, 11, 7)},  // at one minute past midnight
	{"America/Sao_Paulo", calendar.DateOf(2018, 11, 4)}, // at midnight
	{"Australia/Lord_Howe", calendar.DateOf(2026, 4, 5)},
	{"Antarctica/Troll", calendar.DateOf(2026, 3, 29)}, // by two hours
	{"Pacific/Apia", calendar.DateOf(2011, 12, 30)},    // a day that was not
}

var rules = []string{
	"FREQ=DAILY;BYHOUR=9,13,17", "FREQ=DAILY;INTERVAL=3;BYHOUR=0,2;BYMINUTE=0,30", "FREQ=DAILY;BYDAY=MO,WE;BYMONTH=1,3,10,11,12",
	"FREQ=DAILY;BYMONTHDAY=1,15,-1", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO,SA", "FREQ=WEEKLY;INTERVAL=3;WKST=SU;BYDAY=SU,TU;BYHOUR=2",
	"FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO,-1FR", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1", "FREQ=MONTHLY;BYMONTHDAY=29,30,31",
	"FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU;BYHOUR=2;BYMINUTE=30", "FREQ=YEARLY;BYWEEKNO=1,20,53;BYDAY=MO", "FREQ=YEARLY;BYYEARDAY=1,100,-1",
	"FREQ=YEARLY;INTERVAL=4", "FREQ=DAILY;COUNT=40;BYHOUR=9,17", "FREQ=WEEKLY;COUNT=20;BYDAY=TU,TH", "FREQ=DAILY;UNTIL=20261025T003000Z;BYHOUR=2",
	"FREQ=WEEKLY;UNTIL=20260401;BYDAY=SU", "FREQ=DAILY;UNTIL=20260329T023000;BYHOUR=2,3;BYMINUTE=30",
}

type drawn struct {
	plan     schedule.Plan
	schedule *schedule.Schedule
	calendar *calendar.Calendar
	around   calendar.Date
}

func draw(t *rapid.T) drawn {
	place := rapid.SampledFrom(places).Draw(t, "place")
	d := calendar.Definition{TimeZone: place.zone, Week: map[time.Weekday][]calendar.Window{}, Days: map[calendar.Date]calendar.Day{}}
	for weekday := range time.Weekday(7) {
		if weekday == time.Wednesday || rapid.Bool().Draw(t, weekday.String()) {
			d.Week[weekday] = []calendar.Window{{From: 8 * 60, To: 20 * 60}}
		}
	}
	for range rapid.IntRange(0, 12).Draw(t, "exceptions") {
		d.Days[place.day+calendar.Date(rapid.IntRange(-20, 20).Draw(t, "exception"))] = calendar.Day{Working: rapid.Bool().Draw(t, "working")}
	}
	c, err := calendar.New(d)
	if err != nil {
		t.Fatal(err)
	}
	p := schedule.Plan{
		Rule:   rapid.SampledFrom(rules).Draw(t, "rule"),
		Start:  place.day - calendar.Date(rapid.IntRange(-30, 3000).Draw(t, "start")),
		At:     calendar.TimeOfDay(rapid.IntRange(0, 1439).Draw(t, "at")),
		Closed: rapid.SampledFrom([]schedule.Closed{schedule.Skip, schedule.Next, schedule.Previous}).Draw(t, "closed"),
		Limits: schedule.Limits{Within: time.Hour, Grace: time.Hour},
	}
	s, err := schedule.New(p)
	if refused(err, schedule.NeverOccurs) {
		t.Skip("the rule ended before it began")
	}
	if err != nil {
		t.Fatal(err)
	}
	return drawn{p, s, c, place.day}
}

func (d drawn) moment(t *rapid.T, label string) time.Time {
	minutes := rapid.IntRange(-40*1440, 40*1440).Draw(t, label)
	return time.Unix(int64(d.around)*86400+int64(minutes)*60, 0)
}

func (d drawn) between(t *rapid.T, from, to time.Time) []schedule.Occurrence {
	found, err := d.schedule.Occurrences(d.calendar, from, to)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Whoever asks for a stretch of time in parts gets what they would have got at once, each occurrence once.
func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		cuts := []time.Time{d.moment(t, "from"), d.moment(t, "cut"), d.moment(t, "another cut"), d.moment(t, "to")}
		slices.SortFunc(cuts, time.Time.Compare)
		whole := d.between(t, cuts[0], cuts[3])
		var parts []schedule.Occurrence
		for i := range 3 {
			parts = append(parts, d.between(t, cuts[i], cuts[i+1])...)
		}
		if diff := gocmp.Diff(whole, parts); diff != "" {
			t.Errorf("cut at %v (-whole +parts):\n%s", cuts, diff)
		}
	})
}

// Keys differ, times are in order and in the window, and days are worked.
func TestOccurrencesAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		from := d.moment(t, "from")
		to := from.Add(time.Duration(rapid.IntRange(0, 90*24).Draw(t, "hours")) * time.Hour)
		keys := map[string]bool{}
		last := from.Add(-1)
		for _, o := range d.between(t, from, to) {
			if keys[o.Key] {
				t.Errorf("two of key %s", o.Key)
			}
			keys[o.Key] = true
			if !o.From.After(last) || !o.From.Before(to) || !o.Due.After(o.From) || !o.Miss.After(o.Due) {
				t.Errorf("after one at %v there is %+v", last, o)
			}
			last = o.From
			date := calendar.DateOf(o.From.In(d.calendar.Zone()).Date())
			if day, _, _ := strings.Cut(o.Key, "#"); o.Moved != (day != date.String()) && d.calendar.Zone().String() != "Pacific/Apia" {
				t.Errorf("%+v is on %s", o, date)
			}
			if !d.calendar.Works(date) && d.calendar.Zone().String() != "Pacific/Apia" {
				t.Errorf("%+v is on a day that is not worked", o)
			}
		}
	})
}

// Followed from anywhere, a rule has the times that the library gives it from its start. (None of these choose by BYSETPOS from a week,
// of which the library takes the first for what is left of it.)
func TestFollowedFromAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		always, err := calendar.Always("UTC")
		if err != nil {
			t.Fatal(err)
		}
		d.calendar = always
		option, err := rrule.StrToROption(d.plan.Rule)
		if err != nil {
			t.Fatal(err)
		}
		option.Dtstart = time.Unix(int64(d.plan.Start)*86400, 0).UTC()
		if option.Byhour == nil {
			option.Byhour = []int{int(d.plan.At) / 60}
		}
		if option.Byminute == nil {
			option.Byminute = []int{int(d.plan.At) % 60}
		}
		reference, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatal(err)
		}
		from := d.moment(t, "from")
		to := from.Add(time.Duration(rapid.IntRange(1, 90*24).Draw(t, "hours")) * time.Hour)
		var got []time.Time
		for _, o := range d.between(t, from, to) {
			got = append(got, o.From.UTC())
		}
		if diff := gocmp.Diff(reference.Between(from, to.Add(-1), true), got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s from %v (-library +got):\n%s", d.plan.Rule, option.Dtstart, diff)
		}
	})
}

// The clock on the wall shows the time of the rule at the occurrence, and did so at no moment before. What it skips comes by
// as much later.
func TestTheClockShowsTheTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.SampledFrom(places).Draw(t, "place")
		c, err := calendar.Always(place.zone)
		if err != nil {
			t.Fatal(err)
		}
		minute := rapid.IntRange(0, 1439).Draw(t, "minute")
		p := schedule.Plan{Rule: "FREQ=DAILY;COUNT=1", Start: place.day + calendar.Date(rapid.IntRange(-1, 1).Draw(t, "day")),
			At: calendar.TimeOfDay(minute), Closed: schedule.Skip, Limits: schedule.Limits{Within: 1}}
		s, err := schedule.New(p)
		if err != nil {
			t.Fatal(err)
		}
		wall := time.Unix(int64(p.Start)*86400+int64(minute)*60, 0).UTC()
		found, err := s.Occurrences(c, wall.Add(-72*time.Hour), wall.Add(72*time.Hour))
		if err != nil || len(found) != 1 {
			t.Fatalf("%+v %v", found, err)
		}
		shows := func(at time.Time) time.Time { return clock(at.In(c.Zone())) }
		want := wall.Add(-48 * time.Hour)
		for shows(want).Before(wall) {
			want = want.Add(time.Minute)
		}
		if skipped := shows(want).Sub(wall); skipped > 0 { // want is the first moment after what was skipped
			want = want.Add(wall.Sub(shows(want.Add(-time.Minute))) - time.Minute)
		}
		if !found[0].From.Equal(want) {
			t.Errorf("%v comes at %v, want %v", wall, found[0].From, want.In(c.Zone()))
		}
	})
}

// clock is what a clock shows, as a time of UTC.
func clock(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
}

func FuzzNew(f *testing.F) {
	for _, rule := range rules {
		f.Add(rule, int64(20_500))
	}
	f.Add("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", int64(0))
	c, err := calendar.Always("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, rule string, day int64) {
		p := plan(rule)
		p.Start = calendar.Date(day)
		s, err := schedule.New(p)
		if err != nil {
			return
		}
		from := time.Unix(day*86400, 0)
		found, err := s.Occurrences(c, from, from.Add(schedule.MaxWindow))
		if err != nil || len(found) > 402*24 {
			t.Errorf("%d occurrences, %v", len(found), err)
		}
		if !slices.IsSortedFunc(found, func(a, b schedule.Occurrence) int { return cmp.Or(a.From.Compare(b.From), -1) }) {
			t.Error("they are not in order")
		}
	})
}

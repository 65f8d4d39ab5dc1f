package calendar_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"
	_ "time/tzdata" // the test does not depend on the machine's time zones

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// hm is a time of day.
func hm(hour, minute int) calendar.TimeOfDay { return calendar.TimeOfDay(hour*60 + minute) }

// office is open from Monday to Friday in the morning and in the afternoon.
func office(zone string) calendar.Definition {
	d := calendar.Definition{TimeZone: zone, Week: map[time.Weekday][]calendar.Window{}, Days: map[calendar.Date]calendar.Day{}}
	for weekday := time.Monday; weekday <= time.Friday; weekday++ {
		d.Week[weekday] = []calendar.Window{{From: hm(9, 0), To: hm(12, 0)}, {From: hm(13, 30), To: hm(18, 0)}}
	}
	return d
}

func made(t testing.TB, d calendar.Definition) *calendar.Calendar {
	t.Helper()
	c, err := calendar.New(d)
	if err != nil {
		t.Fatalf("%v: %+v", err, err.(*calendar.DefinitionError).Problems)
	}
	return c
}

func at(t testing.TB, c *calendar.Calendar, local string) time.Time {
	t.Helper()
	parsed, err := time.ParseInLocation("2006-01-02 15:04:05.999999999", local, c.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// The State Council's table for 2026: which days are off, and which Saturdays and Sundays are worked for them.
func TestChina2026(t *testing.T) {
	d := office("Asia/Shanghai")
	rest := func(name string, month time.Month, first, last int) {
		for day := first; day <= last; day++ {
			d.Days[calendar.DateOf(2026, month, day)] = calendar.Day{Name: name}
		}
	}
	rest("春节", time.February, 15, 23)
	rest("国庆节", time.October, 1, 7)
	worked := map[string]bool{"2026-01-04": true, "2026-02-14": true, "2026-02-28": true, "2026-05-09": true, "2026-09-20": true, "2026-10-10": true}
	for date := range worked {
		parsed, err := calendar.ParseDate(date)
		if err != nil {
			t.Fatal(err)
		}
		d.Days[parsed] = calendar.Day{Name: "调休上班", Working: true}
	}
	c := made(t, d)

	open := 0
	for date := calendar.DateOf(2026, time.January, 1); date <= calendar.DateOf(2026, time.December, 31); date++ {
		day := date.String()
		want := date.Weekday() != time.Saturday && date.Weekday() != time.Sunday
		if day >= "2026-02-15" && day <= "2026-02-23" || day >= "2026-10-01" && day <= "2026-10-07" {
			want = false
		}
		want = want || worked[day]
		if got := c.Open(at(t, c, day+" 10:00:00")); got != want {
			t.Errorf("%s is open: %t, want %t", day, got, want)
		}
		if want {
			open++
		}
	}
	// 261 weekdays, less 6 at the Spring Festival and 5 in October, and 6 days of weekends.
	if open != 256 {
		t.Errorf("2026 has %d working days, want 256", open)
	}
	year := c.Counted(at(t, c, "2026-01-01 00:00:00"), at(t, c, "2027-01-01 00:00:00"))
	if want := 256 * 450 * time.Minute; year != want {
		t.Errorf("2026 counts %v, want %v", year, want)
	}

	for _, row := range []struct {
		start string
		d     time.Duration
		want  string
		why   string
	}{
		{"2026-02-13 17:00:00", 2 * time.Hour, "2026-02-14 10:00:00", "Friday to a Saturday that is worked"},
		{"2026-02-14 17:30:00", time.Hour, "2026-02-24 09:30:00", "across the Spring Festival"},
		{"2026-09-30 18:00:00", time.Minute, "2026-10-08 09:01:00", "across the week of October"},
		{"2026-10-09 17:59:00", 2 * time.Minute, "2026-10-10 09:01:00", "into the worked Saturday"},
		{"2026-10-10 11:00:00", time.Hour, "2026-10-10 12:00:00", "the end of a window, not the beginning of the next"},
		{"2026-10-10 11:00:00", time.Hour + time.Nanosecond, "2026-10-10 13:30:00.000000001", "a moment into the next window"},
		{"2026-01-03 12:00:00", 450 * time.Minute, "2026-01-04 18:00:00", "a worked Sunday is worked as a weekday"},
		{"2026-01-31 12:00:00", 450 * time.Minute, "2026-02-02 18:00:00", "past the end of a month"},
	} {
		got, err := c.Due(at(t, c, row.start), row.d)
		if want := at(t, c, row.want); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v after %s is %v %v, want %v", row.why, row.d, row.start, got, err, want)
		}
	}
}

func TestClockIsChanged(t *testing.T) {
	night := calendar.Definition{TimeZone: "Europe/Berlin", Week: map[time.Weekday][]calendar.Window{
		time.Saturday: {{From: hm(22, 0), To: hm(30, 0)}}, // to 06:00 on Sunday
	}}
	daily := func(zone string, from, to calendar.TimeOfDay) calendar.Definition {
		d := calendar.Definition{TimeZone: zone, Week: map[time.Weekday][]calendar.Window{}}
		for weekday := range time.Weekday(7) {
			d.Week[weekday] = []calendar.Window{{From: from, To: to}}
		}
		return d
	}
	for name, row := range map[string]struct {
		d        calendar.Definition
		from, to string
		want     time.Duration
	}{
		"an ordinary night shift":                         {night, "2026-03-21 12:00:00", "2026-03-22 12:00:00", 8 * time.Hour},
		"an hour falls out of a night shift":              {night, "2026-03-28 12:00:00", "2026-03-29 12:00:00", 7 * time.Hour},
		"a night shift has an hour twice":                 {night, "2026-10-24 12:00:00", "2026-10-25 12:00:00", 9 * time.Hour},
		"a window that the clock skips":                   {daily("Europe/Berlin", hm(2, 15), hm(2, 45)), "2026-03-29 00:00:00", "2026-03-30 00:00:00", 0},
		"a window that the clock shows twice":             {daily("Europe/Berlin", hm(2, 15), hm(2, 45)), "2026-10-25 00:00:00", "2026-10-26 00:00:00", time.Hour},
		"a window that begins in the gap":                 {daily("Europe/Berlin", hm(2, 30), hm(4, 0)), "2026-03-29 00:00:00", "2026-03-30 00:00:00", time.Hour},
		"half an hour of Lord Howe":                       {daily("Australia/Lord_Howe", 0, hm(24, 0)), "2026-10-04 00:00:00", "2026-10-05 00:00:00", 23*time.Hour + 30*time.Minute},
		"two hours of Troll":                              {daily("Antarctica/Troll", 0, hm(24, 0)), "2026-03-29 00:00:00", "2026-03-30 00:00:00", 22 * time.Hour},
		"Samoa had no 30 December 2011":                   {daily("Pacific/Apia", hm(9, 0), hm(17, 0)), "2011-12-29 00:00:00", "2012-01-01 00:00:00", 16 * time.Hour},
		"a midnight that is skipped in São Paulo":         {daily("America/Sao_Paulo", 0, hm(1, 0)), "2018-11-04 00:00:00", "2018-11-05 00:00:00", 0},
		"Kathmandu is three quarters of an hour":          {daily("Asia/Kathmandu", hm(9, 0), hm(17, 0)), "2026-01-01 09:15:00", "2026-01-01 10:00:00", 45 * time.Minute},
		"a leap day":                                      {daily("Asia/Shanghai", hm(9, 0), hm(17, 0)), "2028-02-28 00:00:00", "2028-03-01 00:00:00", 16 * time.Hour},
		"seconds of a local time before there were zones": {daily("Asia/Shanghai", 0, hm(24, 0)), "1900-12-31 00:00:00", "1901-01-02 00:00:00", 48*time.Hour + 343*time.Second},
	} {
		c := made(t, row.d)
		if got := c.Counted(at(t, c, row.from), at(t, c, row.to)); got != row.want {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
}

func TestPartsOfSeconds(t *testing.T) {
	c := made(t, office("Asia/Shanghai"))
	for _, row := range []struct {
		start string
		d     time.Duration
		want  string
	}{
		{"2026-11-23 09:00:00.6", 400 * time.Millisecond, "2026-11-23 09:00:01"},
		{"2026-11-23 09:00:00.6", 500 * time.Millisecond, "2026-11-23 09:00:01.1"},
		{"2026-11-23 11:59:59.6", 500 * time.Millisecond, "2026-11-23 13:30:00.1"},
		{"2026-11-23 08:59:59.6", 500 * time.Millisecond, "2026-11-23 09:00:00.5"},
		{"2026-11-23 12:00:00.6", 0, "2026-11-23 12:00:00.6"},
		{"2026-11-23 12:00:00.6", -time.Hour, "2026-11-23 12:00:00.6"},
	} {
		start, want := at(t, c, row.start), at(t, c, row.want)
		got, err := c.Due(start, row.d)
		if err != nil || !got.Equal(want) {
			t.Errorf("%v after %s is %v %v, want %v", row.d, row.start, got, err, want)
		}
		if counted := c.Counted(start, got); counted != max(row.d, 0) {
			t.Errorf("from %s to %v counts %v, want %v", row.start, got, counted, row.d)
		}
	}
	if got := c.Counted(at(t, c, "2026-11-23 11:00:00"), at(t, c, "2026-11-23 10:00:00")); got != 0 {
		t.Errorf("backwards counts %v", got)
	}
}

func TestSpans(t *testing.T) {
	d := office("Asia/Shanghai")
	d.Days[calendar.DateOf(2026, time.November, 24)] = calendar.Day{Name: "stocktaking", Working: true,
		Windows: []calendar.Window{{From: hm(20, 0), To: hm(33, 0)}}} // until the windows of Wednesday begin
	c := made(t, d)
	type pair [2]string
	var got []pair
	for from, to := range c.Spans(at(t, c, "2026-11-23 10:00:00.5"), at(t, c, "2026-11-25 14:00:00.25")) {
		got = append(got, pair{from.Format("02 15:04:05.99"), to.Format("02 15:04:05.99")})
	}
	want := []pair{{"23 10:00:00.5", "23 12:00:00"}, {"23 13:30:00", "23 18:00:00"}, {"24 20:00:00", "25 12:00:00"}, {"25 13:30:00", "25 14:00:00.25"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	always, err := calendar.Always("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	from, to := at(t, always, "1969-01-01 00:00:00"), at(t, always, "2026-12-01 00:00:00")
	n := 0
	for begin, end := range always.Spans(from, to) {
		if n++; !begin.Equal(from) || !end.Equal(to) {
			t.Errorf("what is always open is open from %v to %v", begin, end)
		}
	}
	if n != 1 {
		t.Errorf("what is always open has %d spans", n)
	}
	for range c.Spans(from, to) {
		break // an early stop is no fault
	}
}

func TestNeverOpens(t *testing.T) {
	c := made(t, calendar.Definition{TimeZone: "Asia/Shanghai", Days: map[calendar.Date]calendar.Day{
		calendar.DateOf(2026, time.November, 23): {Name: "fair", Working: true, Windows: []calendar.Window{{From: hm(9, 0), To: hm(17, 0)}}},
	}})
	start := at(t, c, "2026-11-01 00:00:00")
	if got, err := c.Due(start, 8*time.Hour); err != nil || !got.Equal(at(t, c, "2026-11-23 17:00:00")) {
		t.Errorf("the only day ends at %v %v", got, err)
	}
	if got, err := c.Due(start, 8*time.Hour+1); !errors.Is(err, calendar.ErrNeverOpens) {
		t.Errorf("more than the only day: %v %v", got, err)
	}
	always, err := calendar.Always("UTC")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := always.Due(start, calendar.Horizon); err != nil || !got.Equal(start.Add(calendar.Horizon)) {
		t.Errorf("a hundred years: %v %v", got, err)
	}
	for _, d := range []time.Duration{calendar.Horizon + 1, math.MaxInt64} {
		if _, err := always.Due(start, d); !errors.Is(err, calendar.ErrNeverOpens) {
			t.Errorf("%v: %v", d, err)
		}
	}
	if got := always.Counted(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)); got != math.MaxInt64 {
		t.Errorf("ten thousand years count %v", got)
	}
}

func TestDefinitionIsChecked(t *testing.T) {
	date := calendar.DateOf(2026, time.October, 1)
	week := func(windows ...calendar.Window) calendar.Definition {
		return calendar.Definition{TimeZone: "UTC", Week: map[time.Weekday][]calendar.Window{time.Monday: windows}}
	}
	day := func(day calendar.Day) calendar.Definition {
		return calendar.Definition{TimeZone: "UTC", Days: map[calendar.Date]calendar.Day{date: day}}
	}
	many := calendar.Definition{TimeZone: "UTC", Days: map[calendar.Date]calendar.Day{}}
	for i := range calendar.Date(calendar.MaxDays + 1) {
		many.Days[i] = calendar.Day{}
	}
	long := string(make([]byte, calendar.MaxName+1))
	for name, row := range map[string]struct {
		d    calendar.Definition
		want calendar.Problem
	}{
		"no time zone":         {calendar.Definition{}, calendar.Problem{Rule: calendar.ZoneKnown}},
		"the machine's zone":   {calendar.Definition{TimeZone: "Local"}, calendar.Problem{Rule: calendar.ZoneKnown}},
		"an unknown zone":      {calendar.Definition{TimeZone: "Asia/Atlantis"}, calendar.Problem{Rule: calendar.ZoneKnown}},
		"an eighth weekday":    {calendar.Definition{TimeZone: "UTC", Week: map[time.Weekday][]calendar.Window{7: nil}}, calendar.Problem{Rule: calendar.WeekdayKnown, Weekday: 7}},
		"an empty window":      {week(calendar.Window{From: 60, To: 60}), calendar.Problem{Rule: calendar.WindowForward, Weekday: time.Monday}},
		"more than 24 hours":   {week(calendar.Window{From: 60, To: 25*60 + 1}), calendar.Problem{Rule: calendar.WindowForward, Weekday: time.Monday}},
		"after midnight":       {week(calendar.Window{From: hm(24, 0), To: hm(25, 0)}), calendar.Problem{Rule: calendar.WindowForward, Weekday: time.Monday}},
		"before midnight":      {week(calendar.Window{From: -1, To: hm(1, 0)}), calendar.Problem{Rule: calendar.WindowForward, Weekday: time.Monday}},
		"windows that overlap": {week(calendar.Window{From: 60, To: 120}, calendar.Window{From: 0, To: 61}), calendar.Problem{Rule: calendar.WindowsApart, Weekday: time.Monday, Window: 1}},
		"too many windows":     {week(make([]calendar.Window, calendar.MaxWindows+1)...), calendar.Problem{Rule: calendar.WindowsFew, Weekday: time.Monday}},
		"too many days":        {many, calendar.Problem{Rule: calendar.DaysFew}},
		"a long name":          {day(calendar.Day{Name: long}), calendar.Problem{Rule: calendar.NameShort, Date: &date}},
		"a holiday with hours": {day(calendar.Day{Windows: []calendar.Window{{From: 0, To: 60}}}), calendar.Problem{Rule: calendar.ClosedIsClosed, Date: &date}},
		"like which day":       {day(calendar.Day{Working: true}), calendar.Problem{Rule: calendar.WorkedSometimes, Date: &date}},
	} {
		_, err := calendar.New(row.d)
		var wrong *calendar.DefinitionError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff([]calendar.Problem{row.want}, wrong.Problems); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if _, err := calendar.New(week(calendar.Window{From: 60, To: 120}, calendar.Window{From: 120, To: 180})); err != nil {
		t.Errorf("windows that touch: %v", err)
	}
	if _, err := calendar.Always(""); err == nil {
		t.Error("always, nowhere")
	}
}

func TestDefinitionIsKeptAsJSON(t *testing.T) {
	d := office("Asia/Shanghai")
	d.Days[calendar.DateOf(2026, time.October, 1)] = calendar.Day{Name: "国庆节"}
	d.Days[calendar.DateOf(1969, time.February, 1)] = calendar.Day{Name: "night", Working: true, Windows: []calendar.Window{{From: hm(22, 0), To: hm(30, 5)}}}
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back calendar.Definition
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, back); diff != "" {
		t.Error(diff)
	}
	small := `{"timeZone":"UTC","week":{"1":[{"from":"09:00","to":"30:30"}]},"days":{"2026-10-01":{"name":"x","working":false}}}`
	var read calendar.Definition
	if err := json.Unmarshal([]byte(small), &read); err != nil {
		t.Fatal(err)
	}
	if text, err := json.Marshal(read); err != nil || string(text) != small {
		t.Errorf("kept as %s %v, want %s", text, err, small)
	}
	for _, bad := range []string{"24:60", "48:01", "9:00", "09.00", "-1:00", "", "+1:00", "09:0a"} {
		if got, err := calendar.ParseTimeOfDay(bad); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
	for _, bad := range []string{"2026-02-29", "2026-1-01", "", "20261001"} {
		if got, err := calendar.ParseDate(bad); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

// What counting costs does not depend on how many days are exceptions.
func BenchmarkDue(b *testing.B) {
	for _, days := range []int{0, calendar.MaxDays} {
		d := office("Europe/Berlin")
		for i := range days {
			d.Days[calendar.DateOf(2026, time.January, 1+2*i)] = calendar.Day{}
		}
		c := made(b, d)
		start := at(b, c, "2026-11-23 10:00:00")
		b.Run(map[int]string{0: "plain", calendar.MaxDays: "exceptions"}[days], func(b *testing.B) {
			for b.Loop() {
				if _, err := c.Due(start, 5000*time.Hour); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestWorks(t *testing.T) {
	d := office("Asia/Shanghai")
	d.Week[time.Friday] = []calendar.Window{{From: hm(22, 0), To: hm(30, 0)}} // into Saturday
	d.Days[calendar.DateOf(2026, 10, 1)] = calendar.Day{Name: "国庆节"}
	d.Days[calendar.DateOf(2026, 10, 10)] = calendar.Day{Name: "调休上班", Working: true}
	d.Days[calendar.DateOf(2026, 10, 11)] = calendar.Day{Working: true, Windows: []calendar.Window{{From: hm(9, 0), To: hm(10, 0)}}}
	c := made(t, d)
	for day, want := range map[int]bool{
		1:  false, // a holiday on a Thursday
		2:  true,  // a night shift begins
		3:  false, // and goes on into Saturday
		10: true,  // a Saturday that is worked
		11: true,  // a Sunday that is worked for an hour
		12: true,
	} {
		if got := c.Works(calendar.DateOf(2026, 10, day)); got != want {
			t.Errorf("2026-10-%02d is worked: %t, want %t", day, got, want)
		}
	}
}

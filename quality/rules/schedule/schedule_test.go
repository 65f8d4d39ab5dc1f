package schedule_test

import (
	"errors"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the test does not depend on the machine's time zones

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
	"github.com/seed-34fcb60d/rounds/quality/rules/schedule"
)

// mall is open every day but Mondays, from 10:00 to 22:00, and closed over the Spring Festival.
func mall(zone string) calendar.Definition {
	d := calendar.Definition{TimeZone: zone, Week: map[time.Weekday][]calendar.Window{}, Days: map[calendar.Date]calendar.Day{}}
	for weekday := range time.Weekday(7) {
		if weekday != time.Monday {
			d.Week[weekday] = []calendar.Window{{From: 10 * 60, To: 22 * 60}}
		}
	}
	for day := 15; day <= 23; day++ {
		d.Days[calendar.DateOf(2026, 2, day)] = calendar.Day{Name: "春节"}
	}
	d.Days[calendar.DateOf(2026, 3, 9)] = calendar.Day{Working: true}
	return d
}

func made(t testing.TB, d calendar.Definition) *calendar.Calendar {
	t.Helper()
	c, err := calendar.New(d)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func plan(rule string) schedule.Plan {
	return schedule.Plan{Rule: rule, Start: calendar.DateOf(2026, 1, 1), Closed: schedule.Skip,
		Limits: schedule.Limits{Within: 2 * time.Hour, Grace: time.Hour}}
}

func ready(t testing.TB, p schedule.Plan) *schedule.Schedule {
	t.Helper()
	s, err := schedule.New(p)
	if err != nil {
		t.Fatalf("%s: %v", p.Rule, err)
	}
	return s
}

const layout = "2006-01-02 15:04"

func local(t testing.TB, c *calendar.Calendar, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(layout, text, c.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func occurrences(t testing.TB, s *schedule.Schedule, c *calendar.Calendar, from, to string) []schedule.Occurrence {
	t.Helper()
	found, err := s.Occurrences(c, local(t, c, from), local(t, c, to))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// begins are the keys of occurrences and the times from which they can begin.
func begins(c *calendar.Calendar, found []schedule.Occurrence) []string {
	var texts []string
	for _, o := range found {
		texts = append(texts, o.Key+" "+o.From.In(c.Zone()).Format(layout))
	}
	return texts
}

func TestOccurrences(t *testing.T) {
	with := func(p schedule.Plan, change func(*schedule.Plan)) schedule.Plan {
		change(&p)
		return p
	}
	closed := func(how schedule.Closed) func(*schedule.Plan) { return func(p *schedule.Plan) { p.Closed = how } }
	for _, row := range []struct {
		why      string
		plan     schedule.Plan
		from, to string
		want     []string
	}{
		{"daily at the time of the plan, Mondays off", with(plan("FREQ=DAILY"), func(p *schedule.Plan) { p.At = 11*60 + 30 }), "2026-01-03 00:00", "2026-01-07 00:00",
			[]string{"2026-01-03#1 2026-01-03 11:30", "2026-01-04#1 2026-01-04 11:30", "2026-01-06#1 2026-01-06 11:30"}},
		{"thrice a day, numbered within the day", plan("FREQ=DAILY;BYHOUR=17,9,13;BYMINUTE=15"), "2026-01-03 10:00", "2026-01-04 13:15",
			[]string{"2026-01-03#2 2026-01-03 13:15", "2026-01-03#3 2026-01-03 17:15", "2026-01-04#1 2026-01-04 09:15"}},
		{"the end is not included, the beginning is", plan("FREQ=DAILY;BYHOUR=9"), "2026-01-03 09:00", "2026-01-04 09:00", []string{"2026-01-03#1 2026-01-03 09:00"}},
		{"a worked Monday", plan("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9"), "2026-03-01 00:00", "2026-03-20 00:00", []string{"2026-03-09#1 2026-03-09 09:00"}},
		{"weekly by the day of its start, a Thursday", plan("FREQ=WEEKLY;BYHOUR=9"), "2026-01-01 00:00", "2026-01-16 00:00",
			[]string{"2026-01-01#1 2026-01-01 09:00", "2026-01-08#1 2026-01-08 09:00", "2026-01-15#1 2026-01-15 09:00"}},
		{"every other week", plan("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;BYHOUR=9"), "2026-06-01 00:00", "2026-07-01 00:00",
			[]string{"2026-06-07#1 2026-06-07 09:00", "2026-06-21#1 2026-06-21 09:00"}},
		{"the last day of each month", plan("FREQ=MONTHLY;BYMONTHDAY=-1"), "2026-02-01 00:00", "2026-05-01 00:00",
			[]string{"2026-02-28#1 2026-02-28 00:00", "2026-03-31#1 2026-03-31 00:00", "2026-04-30#1 2026-04-30 00:00"}},
		{"the first Friday of each quarter", plan("FREQ=MONTHLY;INTERVAL=3;BYDAY=1FR"), "2026-01-01 00:00", "2027-01-01 00:00",
			[]string{"2026-01-02#1 2026-01-02 00:00", "2026-04-03#1 2026-04-03 00:00", "2026-07-03#1 2026-07-03 00:00", "2026-10-02#1 2026-10-02 00:00"}},
		{"the last Tuesday or Wednesday of a month", plan("FREQ=MONTHLY;BYDAY=TU,WE;BYSETPOS=-1"), "2026-03-01 00:00", "2026-05-01 00:00",
			[]string{"2026-03-31#1 2026-03-31 00:00", "2026-04-29#1 2026-04-29 00:00"}},
		{"every other month, years later", plan("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15"), "2027-06-01 00:00", "2027-10-01 00:00",
			[]string{"2027-07-15#1 2027-07-15 00:00", "2027-09-15#1 2027-09-15 00:00"}},
		{"every fourth year", plan("FREQ=YEARLY;INTERVAL=4;BYMONTH=6;BYMONTHDAY=1"), "2029-06-01 00:00", "2030-06-02 00:00", []string{"2030-06-01#1 2030-06-01 00:00"}},
		{"every sixth day", plan("FREQ=DAILY;INTERVAL=6"), "2027-01-01 00:00", "2027-01-15 00:00",
			[]string{"2027-01-02#1 2027-01-02 00:00", "2027-01-08#1 2027-01-08 00:00", "2027-01-14#1 2027-01-14 00:00"}},
		{"yearly, by its start", plan("FREQ=YEARLY"), "2027-06-01 00:00", "2028-06-01 00:00", []string{"2028-01-01#1 2028-01-01 00:00"}},
		{"no more than three times", plan("FREQ=DAILY;COUNT=3"), "2026-01-02 00:00", "2026-02-01 00:00",
			[]string{"2026-01-02#1 2026-01-02 00:00", "2026-01-03#1 2026-01-03 00:00"}},
		{"up to a day, which is included", plan("FREQ=DAILY;BYHOUR=23;UNTIL=20260103"), "2026-01-02 00:00", "2026-02-01 00:00",
			[]string{"2026-01-02#1 2026-01-02 23:00", "2026-01-03#1 2026-01-03 23:00"}},
		{"up to a moment of UTC", plan("FREQ=DAILY;BYHOUR=9;UNTIL=20260103T010000Z"), "2026-01-02 00:00", "2026-02-01 00:00",
			[]string{"2026-01-02#1 2026-01-02 09:00", "2026-01-03#1 2026-01-03 09:00"}},
		{"up to a local time", plan("FREQ=DAILY;BYHOUR=9;UNTIL=20260103T085959"), "2026-01-02 00:00", "2026-02-01 00:00", []string{"2026-01-02#1 2026-01-02 09:00"}},
		{"moved to the next working day", with(plan("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9"), closed(schedule.Next)), "2026-02-10 00:00", "2026-03-04 00:00",
			[]string{"2026-02-09#1 2026-02-10 09:00", "2026-02-16#1 2026-02-24 09:00", "2026-03-02#1 2026-03-03 09:00"}},
		{"moved to the one before", with(plan("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9"), closed(schedule.Previous)), "2026-02-10 00:00", "2026-03-01 15:00",
			[]string{"2026-02-16#1 2026-02-14 09:00", "2026-03-02#1 2026-03-01 09:00"}},
		{"moved onto the rule's own day", with(plan("FREQ=DAILY;BYHOUR=9"), closed(schedule.Next)), "2026-02-13 00:00", "2026-02-26 00:00",
			[]string{"2026-02-13#1 2026-02-13 09:00", "2026-02-14#1 2026-02-14 09:00", "2026-02-24#1 2026-02-24 09:00", "2026-02-25#1 2026-02-25 09:00"}},
		{"two moved to the same day", with(plan("FREQ=WEEKLY;BYDAY=SU,MO;BYHOUR=9"), closed(schedule.Next)), "2026-02-13 00:00", "2026-02-26 00:00",
			[]string{"2026-02-15#1 2026-02-24 09:00"}},
		{"before its start there is nothing", plan("FREQ=DAILY"), "2025-12-01 00:00", "2026-01-02 00:00", []string{"2026-01-01#1 2026-01-01 00:00"}},
		{"nor between times", plan("FREQ=DAILY;BYHOUR=9"), "2026-01-03 09:01", "2026-01-04 09:00", nil},
		{"nor backwards", plan("FREQ=DAILY"), "2026-01-04 00:00", "2026-01-03 00:00", nil},
		{"written small", plan("freq=daily;byhour=9"), "2026-01-03 00:00", "2026-01-04 00:00", []string{"2026-01-03#1 2026-01-03 09:00"}},
	} {
		c := made(t, mall("Asia/Shanghai"))
		got := begins(c, occurrences(t, ready(t, row.plan), c, row.from, row.to))
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", row.plan.Rule, row.why, diff)
		}
	}
}

// Due and missed are counted in open time.
func TestDueAndMissed(t *testing.T) {
	c := made(t, mall("Asia/Shanghai"))
	p := plan("FREQ=DAILY;BYHOUR=9,21")
	found := occurrences(t, ready(t, p), c, "2026-02-14 00:00", "2026-02-15 00:00")
	want := [][2]string{
		{"2026-02-14 12:00", "2026-02-14 13:00"}, // two hours from the opening at 10:00
		{"2026-02-24 11:00", "2026-02-24 12:00"}, // an hour before the festival, and another behind it
	}
	for i, o := range found {
		if got := [2]string{o.Due.In(c.Zone()).Format(layout), o.Miss.In(c.Zone()).Format(layout)}; got != want[i] {
			t.Errorf("%s is due and missed at %v, want %v", o.Key, got, want[i])
		}
	}
	p.Within = 13 * 365 * 24 * time.Hour
	if _, err := schedule.New(p); !refused(err, schedule.LimitsRange) {
		t.Errorf("due after thirteen years: %v", err)
	}
}

// A calendar that has been changed moves what is due, and what was due keeps its key.
func TestKeysStay(t *testing.T) {
	p := plan("FREQ=WEEKLY;BYDAY=TH;BYHOUR=9,15")
	p.Closed = schedule.Next
	keys := func(p schedule.Plan, d calendar.Definition) []string {
		var keys []string
		for _, o := range occurrences(t, ready(t, p), made(t, d), "2026-03-01 00:00", "2026-03-31 00:00") {
			keys = append(keys, o.Key)
		}
		return keys
	}
	before := mall("Asia/Shanghai")
	want := keys(p, before)
	holiday := mall("Asia/Shanghai")
	holiday.Days[calendar.DateOf(2026, 3, 12)] = calendar.Day{Name: "a holiday that was announced late"}
	if diff := cmp.Diff(want, keys(p, holiday)); diff != "" {
		t.Errorf("with a new holiday (-want +got):\n%s", diff)
	}
	p.Rule = "FREQ=WEEKLY;BYDAY=TH;BYHOUR=10,16"
	if diff := cmp.Diff(want, keys(p, before)); diff != "" {
		t.Errorf("at other times of day (-want +got):\n%s", diff)
	}
	p.Rule = "FREQ=DAILY;BYHOUR=9,15"
	daily := keys(p, before)
	for _, key := range want {
		if !slices.Contains(daily, key) {
			t.Errorf("made daily, the plan lost %s", key)
		}
	}
}

func TestClockIsChanged(t *testing.T) {
	always := calendar.AlwaysOpen("Europe/Berlin")
	c := made(t, always)
	s := ready(t, plan("FREQ=DAILY;BYHOUR=2;BYMINUTE=30"))
	var got []string
	for _, window := range [][2]string{{"2026-03-28 12:00", "2026-03-30 12:00"}, {"2026-10-24 12:00", "2026-10-26 12:00"}} {
		for _, o := range occurrences(t, s, c, window[0], window[1]) {
			got = append(got, o.Key+" "+o.From.Format("2006-01-02 15:04 -0700")+" due "+o.Due.Format("15:04 -0700"))
		}
	}
	want := []string{
		"2026-03-29#1 2026-03-29 03:30 +0200 due 05:30 +0200", // 02:30 is skipped
		"2026-03-30#1 2026-03-30 02:30 +0200 due 04:30 +0200",
		"2026-10-25#1 2026-10-25 02:30 +0200 due 03:30 +0100", // 02:30 comes twice
		"2026-10-26#1 2026-10-26 02:30 +0100 due 04:30 +0100",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("where the clock is changed (-want +got):\n%s", diff)
	}
}

func TestAtShifts(t *testing.T) {
	c := made(t, mall("Asia/Shanghai"))
	shift := func(id, start, end string) schedule.Shift {
		return schedule.Shift{ID: id, Start: local(t, c, start), End: local(t, c, end)}
	}
	shifts := []schedule.Shift{
		shift("late", "2026-01-03 16:00", "2026-01-04 00:00"),
		shift("early", "2026-01-03 08:00", "2026-01-03 16:00"),
		shift("early", "2026-01-03 08:00", "2026-01-03 16:00"), // two people serve it
		shift("closed", "2026-01-05 08:00", "2026-01-05 16:00"),
		shift("before", "2026-01-02 23:59", "2026-01-03 08:00"),
		shift("after", "2026-01-06 00:00", "2026-01-06 08:00"),
	}
	got, err := schedule.AtShifts(c, time.Hour, shifts, local(t, c, "2026-01-03 00:00"), local(t, c, "2026-01-06 00:00"))
	if err != nil {
		t.Fatal(err)
	}
	occurrence := func(id, from, due, miss string) schedule.Occurrence {
		return schedule.Occurrence{Key: "shift:" + id, From: local(t, c, from), Due: local(t, c, due), Miss: local(t, c, miss)}
	}
	want := []schedule.Occurrence{
		occurrence("early", "2026-01-03 08:00", "2026-01-03 16:00", "2026-01-03 17:00"),
		occurrence("late", "2026-01-03 16:00", "2026-01-04 00:00", "2026-01-04 11:00"),
		occurrence("closed", "2026-01-05 08:00", "2026-01-05 16:00", "2026-01-06 11:00"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("at shifts (-want +got):\n%s", diff)
	}
	if _, err := schedule.AtShifts(c, -1, shifts, time.Time{}, time.Time{}); !refused(err, schedule.LimitsRange) {
		t.Errorf("a grace below 0: %v", err)
	}
}

func refused(err error, code schedule.Code) bool {
	var bad *schedule.PlanError
	return errors.As(err, &bad) && slices.Contains(bad.Codes, code)
}

func TestPlansThatAreRefused(t *testing.T) {
	for rule, want := range map[string]schedule.Code{
		"":                                 schedule.RuleSyntax,
		"DAILY":                            schedule.RuleSyntax,
		"FREQ=":                            schedule.RuleSyntax,
		"INTERVAL=2":                       schedule.RuleSyntax,
		"FREQ=DAILY;":                      schedule.RuleSyntax,
		"FREQ=FORTNIGHTLY":                 schedule.RuleSyntax,
		"FREQ=DAILY;BYHOUR=24":             schedule.RuleSyntax,
		"FREQ=DAILY;BYHOUR=x":              schedule.RuleSyntax,
		"FREQ=DAILY;BYMONTHDAY=0":          schedule.RuleSyntax,
		"FREQ=MONTHLY;BYDAY=0MO":           schedule.RuleSyntax,
		"FREQ=MONTHLY;BYDAY=1MO,20FR":      schedule.RuleSyntax,
		"FREQ=YEARLY;BYMONTH=1;BYDAY=-6MO": schedule.RuleSyntax,
		"FREQ=YEARLY;BYDAY=54MO":           schedule.RuleSyntax,
		"FREQ=WEEKLY;WKST=2MO":             schedule.RuleSyntax,
		"FREQ=YEARLY;BYDAY=-9223372036854775808MO":               schedule.RuleSyntax,
		"FREQ=DAILY;UNTIL=tomorrow":                              schedule.RuleSyntax,
		"FREQ=DAILY;UNTIL=20261301":                              schedule.RuleSyntax,
		"RRULE:FREQ=DAILY":                                       schedule.PartRefused,
		"FREQ=SECONDLY":                                          schedule.Frequency,
		"FREQ=MINUTELY;INTERVAL=5":                               schedule.Frequency,
		"FREQ=HOURLY":                                            schedule.Frequency,
		"FREQ=DAILY;BYSECOND=30":                                 schedule.PartRefused,
		"FREQ=DAILY;FREQ=DAILY":                                  schedule.PartRefused,
		"FREQ=YEARLY;BYEASTER=1":                                 schedule.PartRefused,
		"FREQ=DAILY;DTSTART=20260101":                            schedule.PartRefused,
		"FREQ=DAILY;BYDAY=1MO":                                   schedule.PartRefused,
		"FREQ=WEEKLY;BYMONTHDAY=1":                               schedule.PartRefused,
		"FREQ=MONTHLY;BYWEEKNO=1":                                schedule.PartRefused,
		"FREQ=MONTHLY;BYYEARDAY=1":                               schedule.PartRefused,
		"FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO":                       schedule.PartRefused,
		"FREQ=MONTHLY;BYSETPOS=1":                                schedule.PartRefused,
		"FREQ=DAILY;INTERVAL=0":                                  schedule.IntervalRange,
		"FREQ=DAILY;INTERVAL=-1":                                 schedule.IntervalRange,
		"FREQ=DAILY;INTERVAL=367":                                schedule.IntervalRange,
		"FREQ=DAILY;COUNT=0":                                     schedule.CountRange,
		"FREQ=DAILY;COUNT=10001":                                 schedule.CountRange,
		"FREQ=DAILY;COUNT=1;UNTIL=20270101":                      schedule.CountAndUntil,
		"FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40":     schedule.TooManyADay,
		"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,2,3,4,5,6,7,8,9,10,11": schedule.TooManyADay,
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30":                    schedule.NeverOccurs,
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30":                     schedule.NeverOccurs,
		"FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3":                     schedule.NeverOccurs,
		"FREQ=DAILY;UNTIL=20251230":                              schedule.NeverOccurs,
		"FREQ=DAILY;BYHOUR=" + string(slices.Repeat([]byte("1,"), 300)) + "1": schedule.RuleLong,
	} {
		if _, err := schedule.New(plan(rule)); !refused(err, want) {
			t.Errorf("%q: %v, want %s", rule, err, want)
		}
	}
	for want, change := range map[schedule.Code]func(*schedule.Plan){
		schedule.StartRange:    func(p *schedule.Plan) { p.Start = calendar.DateOf(1969, 12, 31) },
		schedule.AtRange:       func(p *schedule.Plan) { p.At = 24 * 60 },
		schedule.ClosedUnknown: func(p *schedule.Plan) { p.Closed = "" },
		schedule.LimitsRange:   func(p *schedule.Plan) { p.Within = 0 },
	} {
		p := plan("FREQ=DAILY")
		change(&p)
		if _, err := schedule.New(p); !refused(err, want) {
			t.Errorf("%+v: %v, want %s", p, err, want)
		}
	}
	c := made(t, mall("Asia/Shanghai"))
	if _, err := ready(t, plan("FREQ=DAILY")).Occurrences(c, local(t, c, "2026-01-01 00:00"), local(t, c, "2027-03-01 00:00")); !refused(err, schedule.WindowTooLarge) {
		t.Errorf("fourteen months at once: %v", err)
	}
	never := made(t, calendar.Definition{TimeZone: "UTC", Days: map[calendar.Date]calendar.Day{
		calendar.DateOf(2026, 1, 1): {Working: true, Windows: []calendar.Window{{From: 0, To: 60}}}}})
	if _, err := ready(t, plan("FREQ=DAILY")).Occurrences(never, local(t, never, "2026-01-01 00:00"), local(t, never, "2026-01-02 00:00")); !errors.Is(err, calendar.ErrNeverOpens) {
		t.Errorf("a calendar that opens for an hour only: %v", err)
	}
}

// Rules that hardly ever come, and ask for much where they do, cost no more than a moment.
func TestHostileRulesAreBounded(t *testing.T) {
	hours := ";BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23"
	began := time.Now()
	c := made(t, mall("Asia/Shanghai"))
	for _, rule := range []string{
		"FREQ=DAILY;INTERVAL=365;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;COUNT=10000" + hours,
		"FREQ=DAILY;COUNT=10000;BYSETPOS=-1,-2,-3,-4,-5,-6,-7,-8,-9,-10" + hours,
		"FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2;BYSETPOS=357,358,359,360,361,362,363,364,365,366" + hours,
		"FREQ=WEEKLY;BYDAY=MO;BYSETPOS=300,301,302,303,304,305,306" + hours,
		"FREQ=YEARLY;INTERVAL=366;BYYEARDAY=366;BYWEEKNO=53;BYDAY=SU" + hours,
		"FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=29;BYMONTH=2" + hours,
	} {
		s, err := schedule.New(plan(rule))
		if err != nil && !refused(err, schedule.NeverOccurs) {
			t.Errorf("%s: %v", rule, err)
		}
		if err != nil {
			continue
		}
		if _, err := s.Occurrences(c, local(t, c, "2190-01-01 00:00"), local(t, c, "2191-01-01 00:00")); err != nil {
			t.Errorf("%s: %v", rule, err)
		}
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("six rules took %v", took)
	}
}

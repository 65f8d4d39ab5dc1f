package rules_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func TestShiftHours(t *testing.T) {
	for _, test := range []struct {
		zone, day, from, to string
		start, end          string // empty for a text that is no time
	}{
		{"Asia/Shanghai", "2026-11-16", "08:00", "16:00", "2026-11-16T00:00:00Z", "2026-11-16T08:00:00Z"},
		{"Asia/Shanghai", "2026-11-30", "22:00", "06:00", "2026-11-30T14:00:00Z", "2026-11-30T22:00:00Z"}, // into the next day
		{"Asia/Shanghai", "2026-12-31", "08:00", "08:00", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"}, // around the clock
		{"Europe/Berlin", "2026-03-28", "22:00", "06:00", "2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z"}, // seven hours: summer time begins
		{"Europe/Berlin", "2026-10-24", "22:00", "06:00", "2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"}, // nine hours: it ends
		{"Asia/Shanghai", "2026-11-16", "8:00", "16:00", "", ""},
		{"Asia/Shanghai", "2026-11-16", "08:00", "24:00", "", ""},
		{"Asia/Shanghai", "2026-11-16", "08:00", "noon.", "", ""},
	} {
		zone, err := time.LoadLocation(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		day, err := time.Parse(time.DateOnly, test.day)
		if err != nil {
			t.Fatal(err)
		}
		start, end, ok := rules.ShiftHours(day, test.from, test.to, zone)
		if !ok && test.start == "" {
			continue
		}
		if got, want := start.Format(time.RFC3339)+" "+end.Format(time.RFC3339), test.start+" "+test.end; !ok || got != want {
			t.Errorf("%s from %s to %s in %s is %s (%t), want %s", test.day, test.from, test.to, test.zone, got, ok, want)
		}
	}
}

// Whatever the day, the hours and the zone, a shift ends after it begins and is no
// longer than the longest.
func TestShiftsAreBounded(t *testing.T) {
	zones := []string{"Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 1000).Draw(t, "day"))
		clock := func(name string) string {
			return time.Date(0, 1, 1, 0, rapid.IntRange(0, 24*60-1).Draw(t, name), 0, 0, time.UTC).Format("15:04")
		}
		from, to := clock("from"), clock("to")
		start, end, ok := rules.ShiftHours(day, from, to, zone)
		// Where the clock jumps, two of its times may be the same moment.
		if !ok || end.Before(start) || end.Sub(start) > rules.LongestShift {
			t.Fatalf("from %s to %s is from %v to %v", from, to, start, end)
		}
	})
}

func TestOverlaps(t *testing.T) {
	at := func(from, to int) rules.Duty {
		hour := func(n int) time.Time { return time.Date(2026, 11, 16, n, 0, 0, 0, time.UTC) }
		return rules.Duty{Start: hour(from), End: hour(to)}
	}
	for other, want := range map[rules.Duty]bool{
		at(8, 16): true, at(9, 10): true, at(7, 17): true, at(15, 20): true, at(0, 9): true,
		at(16, 24): false, at(0, 8): false, // one follows the other
	} {
		if got := at(8, 16).Overlaps(other); got != want || other.Overlaps(at(8, 16)) != want {
			t.Errorf("8 to 16 overlaps %v: %t, want %t", other, got, want)
		}
	}
}

package importer

import (
	"testing"
	"time"

	"github.com/goccy/go-yaml/ast"
	"pgregory.net/rapid"
)

func format(t testing.TB, zone string, layouts ...string) *TimeFormat {
	t.Helper()
	f := &TimeFormat{Zone: zone, Layouts: layouts}
	wrong := mistakes{mapping: new(ast.File)}
	if f.check(&wrong); wrong.err() != nil {
		t.Fatal(wrong.err())
	}
	return f
}

func TestTimesAreReadInTheirZone(t *testing.T) {
	const newYork = "America/New_York"
	for _, tt := range []struct{ zone, text, after, want string }{
		{newYork, "2024-01-15 12:00:00", "", "2024-01-15T17:00:00Z"},
		{newYork, "2024-05-26 23:10:10.000", "", "2024-05-27T03:10:10Z"},
		{newYork, "2024-05-26 23:10:10.25", "", "2024-05-27T03:10:10.25Z"},
		// The clock goes forward at 2: what lies between 2 and 3 nobody could read.
		{newYork, "2024-03-10 01:59:59", "", "2024-03-10T06:59:59Z"},
		{newYork, "2024-03-10 02:00:00", "", "2024-03-10T07:00:00Z"}, // 3:00
		{newYork, "2024-03-10 02:30:00", "", "2024-03-10T07:30:00Z"}, // 3:30
		{newYork, "2024-03-10 03:00:00", "", "2024-03-10T07:00:00Z"},
		// The clock goes back at 2: what lies between 1 and 2 comes twice.
		{newYork, "2024-11-03 00:59:59", "", "2024-11-03T04:59:59Z"},
		{newYork, "2024-11-03 01:30:00", "", "2024-11-03T05:30:00Z"},
		{newYork, "2024-11-03 01:30:00", "2024-11-03T05:30:00Z", "2024-11-03T05:30:00Z"},
		{newYork, "2024-11-03 01:10:00", "2024-11-03T05:30:00Z", "2024-11-03T06:10:00Z"}, // after 1:30, so the second
		{newYork, "2024-11-03 01:10:00", "2024-11-04T00:00:00Z", "2024-11-03T06:10:00Z"},
		{newYork, "2024-11-03 02:00:00", "", "2024-11-03T07:00:00Z"},
		// Half an hour, and a change at midnight.
		{"Australia/Lord_Howe", "2024-10-06 02:15:00", "", "2024-10-05T15:45:00Z"}, // 2:45
		{"Australia/Lord_Howe", "2024-04-07 01:45:00", "", "2024-04-06T14:45:00Z"},
		{"Australia/Lord_Howe", "2024-04-07 01:45:00", "2024-04-06T15:00:00Z", "2024-04-06T15:15:00Z"},
		{"America/Asuncion", "2023-10-01 00:30:00", "", "2023-10-01T04:30:00Z"}, // 1:30
		// A day that Samoa left out.
		{"Pacific/Apia", "2011-12-30 12:00:00", "", "2011-12-30T22:00:00Z"}, // noon of the 31st
		{"Asia/Shanghai", "2024-03-10 02:30:00", "", "2024-03-09T18:30:00Z"},
		{"UTC", "2024-03-10 02:30:00", "", "2024-03-10T02:30:00Z"},
	} {
		var after time.Time
		if tt.after != "" {
			after, _ = time.Parse(time.RFC3339, tt.after)
		}
		got, ok := format(t, tt.zone, "2006-01-02 15:04:05").parse(tt.text, after)
		if !ok || got.Format(time.RFC3339Nano) != tt.want || got.Location() != time.UTC {
			t.Errorf("%s in %s after %q: got %s, %t, want %s", tt.text, tt.zone, tt.after, got, ok, tt.want)
		}
	}
}

func TestLayoutsAreTriedInTurn(t *testing.T) {
	f := format(t, "America/New_York", time.RFC3339, "01/02/2006 03:04:05 PM", "2006-01-02")
	for text, want := range map[string]string{
		"2024-05-26T23:10:10+08:00": "2024-05-26T15:10:10Z", // the text names its zone
		"2024-05-26T23:10:10Z":      "2024-05-26T23:10:10Z",
		"2024-05-26T23:10:10-04:00": "2024-05-27T03:10:10Z",
		"05/26/2024 11:10:10 PM":    "2024-05-27T03:10:10Z",
		"2024-05-26":                "2024-05-26T04:00:00Z",
		"26.05.2024":                "",
		"2024-02-30":                "",
		"":                          "",
	} {
		got, ok := f.parse(text, time.Time{})
		if ok != (want != "") || ok && got.Format(time.RFC3339) != want {
			t.Errorf("%q: got %s, %t, want %q", text, got, ok, want)
		}
	}
}

// Whatever a clock in the zone can show is read as a time at which it shows just
// that, and what comes later is not read as earlier.
func TestATimeIsOneThatTheClockShows(t *testing.T) {
	zones := []string{"America/New_York", "Europe/Lisbon", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Casablanca", "America/Caracas", "Pacific/Apia"}
	const layout = "2006-01-02 15:04:05"
	rapid.Check(t, func(t *rapid.T) {
		f := TimeFormat{Zone: rapid.SampledFrom(zones).Draw(t, "zone"), Layouts: []string{layout}}
		f.check(&mistakes{})
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "time"), 0).In(f.zone)
		later := at.Add(time.Duration(rapid.Int64Range(0, 4*3600).Draw(t, "later")) * time.Second)
		got, ok := f.parse(at.Format(layout), time.Time{})
		if !ok || got.In(f.zone).Format(layout) != at.Format(layout) || got.After(at) {
			t.Fatalf("%s was read as %s, %t", at, got.In(f.zone), ok)
		}
		end, ok := f.parse(later.Format(layout), got)
		if !ok || end.In(f.zone).Format(layout) != later.Format(layout) || end.Before(got) {
			t.Fatalf("%s after %s was read as %s, %t", later, got.In(f.zone), end.In(f.zone), ok)
		}
	})
}

package rules_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func day(t testing.TB, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Periods are those of the calendar, cut where the span begins and ends.
func TestPeriods(t *testing.T) {
	for name, c := range map[string]struct {
		first, last string
		interval    rules.Interval
		want        []string
	}{
		"the whole":                        {"2026-01-15", "2026-03-02", "", []string{"2026-01-15–2026-03-02"}},
		"a day":                            {"2026-02-28", "2026-03-01", rules.Day, []string{"2026-02-28–2026-02-28", "2026-03-01–2026-03-01"}},
		"weeks begin on Monday":            {"2025-12-28", "2026-01-06", rules.Week, []string{"2025-12-28–2025-12-28", "2025-12-29–2026-01-04", "2026-01-05–2026-01-06"}},
		"months are cut at both ends":      {"2026-01-31", "2026-03-02", rules.Month, []string{"2026-01-31–2026-01-31", "2026-02-01–2026-02-28", "2026-03-01–2026-03-02"}},
		"quarters over the end of a year":  {"2025-11-10", "2026-04-01", rules.Quarter, []string{"2025-11-10–2025-12-31", "2026-01-01–2026-03-31", "2026-04-01–2026-04-01"}},
		"years":                            {"2024-02-29", "2026-01-01", rules.Year, []string{"2024-02-29–2024-12-31", "2025-01-01–2025-12-31", "2026-01-01–2026-01-01"}},
		"nothing, where the last is first": {"2026-01-02", "2026-01-01", rules.Day, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range rules.Periods(day(t, c.first), day(t, c.last), c.interval, time.UTC, 100) {
				got = append(got, p.First.Format(time.DateOnly)+"–"+p.Last.Format(time.DateOnly))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if n := len(rules.Periods(day(t, "2000-01-01"), day(t, "2026-01-01"), rules.Day, time.UTC, 10)); n != 11 {
		t.Errorf("%d periods, want 11", n)
	}
}

// A day begins with its first moment, also where the clock skips midnight or shows it
// twice.
func TestDayBegins(t *testing.T) {
	for _, c := range []struct{ zone, day, want string }{
		{"Asia/Shanghai", "2026-10-01", "2026-09-30T16:00:00Z"},
		{"Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"},     // the day after the clock went forward
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // begins at 01:00
		{"Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00Z"},       // begins at 01:00
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"},    // midnight comes twice
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"}, // 23:00 came twice before
	} {
		d := day(t, c.day)
		p := rules.Periods(d, d, rules.Day, zone(t, c.zone), 1)
		if got := p[0].From.Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s begins at %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

// Periods leave no gap and do not overlap, and every moment lies in that of its day.
func TestPeriodsCover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"UTC", "Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe"}).Draw(t, "zone")
		at, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		first := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "first"))
		last := first.AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "days"))
		in := rapid.SampledFrom([]rules.Interval{"", rules.Day, rules.Week, rules.Month, rules.Quarter, rules.Year}).Draw(t, "interval")
		all := rules.Periods(first, last, in, at, 1000)
		if !all[0].First.Equal(first) || !all[len(all)-1].Last.Equal(last) {
			t.Fatalf("from %v to %v: %v", first, last, all)
		}
		for n, p := range all {
			if n > 0 && (!p.From.Equal(all[n-1].To) || !p.First.Equal(all[n-1].Last.AddDate(0, 0, 1))) {
				t.Fatalf("%v follows %v", p, all[n-1])
			}
			for _, moment := range []time.Time{p.From, p.To.Add(-time.Nanosecond), p.From.Add(p.To.Sub(p.From) / 2)} {
				date := moment.In(at).Format(time.DateOnly)
				if date < p.First.Format(time.DateOnly) || date > p.Last.Format(time.DateOnly) {
					t.Fatalf("%v is on %s, outside %v", moment, date, p)
				}
			}
		}
	})
}

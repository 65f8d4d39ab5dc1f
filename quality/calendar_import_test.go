package quality_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/holiday"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

const nationalDay = `BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261001
DTEND;VALUE=DATE:20261003
SUMMARY:国庆节（休）
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261010
SUMMARY:国庆节（班）
END:VEVENT
END:VCALENDAR
`

func TestImportCalendarDays(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		in := mornings("mornings")
		short := []calendar.Window{{From: 10 * 60, To: 11 * 60}}
		in.Days = []quality.CalendarDay{{Date: "2025-10-01", Name: "last year's"}, {Date: "2026-05-01", Name: "stale"},
			{Date: "2026-10-10", Name: "worked", Working: true, Windows: short}}
		made := must(c.CreateCalendar(c.as(t, "site manager"), in))(t)
		before := c.rows(t)["events"]
		days := func(of int, replace bool) map[string]calendar.Day {
			changed := must(c.ImportCalendarDays(c.as(t, "site manager"), quality.ImportCalendarDays{
				ID: made.ID, ExpectedRevision: of, Text: nationalDay, From: "2026-01-01", To: "2026-12-31", Replace: replace}))(t)
			d, err := quality.DefinitionOf(changed)
			if err != nil || changed.Revision != of+1 {
				t.Fatal(changed, err)
			}
			named := map[string]calendar.Day{}
			for date, day := range d.Days {
				named[date.String()] = day
			}
			return named
		}
		want := map[string]calendar.Day{
			"2025-10-01": {Name: "last year's"}, "2026-05-01": {Name: "stale"}, "2026-10-01": {Name: "国庆节"}, "2026-10-02": {Name: "国庆节"},
			"2026-10-10": {Name: "国庆节", Working: true, Windows: short},
		}
		if diff := cmp.Diff(want, days(1, false)); diff != "" {
			t.Errorf("added (-want +got):\n%s", diff)
		}
		delete(want, "2026-05-01")
		if diff := cmp.Diff(want, days(2, true)); diff != "" {
			t.Errorf("replaced (-want +got):\n%s", diff)
		}
		if told := c.eventsAfter(t, before); len(told) != 2 || told[0].Kind != quality.EventCalendarUpdated || !cmp.Equal(told[0].Changed, []string{"definition", "revision"}) {
			t.Errorf("told: %v", told)
		}
	})
}

func TestImportsThatAreRefused(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		made := must(c.CreateCalendar(c.as(t, "site manager"), mornings("mornings")))(t)
		empty := mornings("empty")
		empty.Week = nil
		closed := must(c.CreateCalendar(c.as(t, "site manager"), empty))(t)
		before := c.rows(t)
		for name, row := range map[string]struct {
			who    string
			change func(*quality.ImportCalendarDays)
			want   string
		}{
			"no role":         {"agent", func(*quality.ImportCalendarDays) {}, "FORBIDDEN"},
			"no file":         {"officer", func(in *quality.ImportCalendarDays) { in.Text = "" }, "INVALID text"},
			"a long file":     {"officer", func(in *quality.ImportCalendarDays) { in.Text = strings.Repeat("x", holiday.MaxBytes+1) }, "TOO_LONG text"},
			"nothing in it":   {"officer", func(in *quality.ImportCalendarDays) { in.From, in.To = "2027-01-01", "2027-12-31" }, "INVALID text"},
			"no period":       {"officer", func(in *quality.ImportCalendarDays) { in.From, in.To = "x", "y" }, "INVALID from; INVALID to"},
			"a long period":   {"officer", func(in *quality.ImportCalendarDays) { in.To = "2040-01-01" }, "INVALID to"},
			"an old revision": {"officer", func(in *quality.ImportCalendarDays) { in.ExpectedRevision = 7 }, "CONFLICT expectedRevision"},
			"no calendar":     {"officer", func(in *quality.ImportCalendarDays) { in.ID[0]++ }, "NOT_FOUND id"},
			"nothing to work": {"officer", func(in *quality.ImportCalendarDays) { in.ID = closed.ID }, "REQUIRED text"},
			"where it is wrong": {"officer", func(in *quality.ImportCalendarDays) {
				in.Text = strings.Replace(in.Text, ":20261010", ":20261010T000000", 1)
			}, "INVALID text"},
		} {
			in := quality.ImportCalendarDays{ID: made.ID, ExpectedRevision: 1, Text: nationalDay, From: "2026-01-01", To: "2026-12-31"}
			row.change(&in)
			_, err := c.ImportCalendarDays(c.as(t, row.who), in)
			expect(t, name, err, row.want)
			if name == "where it is wrong" && !strings.Contains(err.Error(), "Line 8, event 2: ") {
				t.Errorf("want the place to be named: %v", err)
			}
		}
		if diff := cmp.Diff(before, c.rows(t)); diff != "" {
			t.Errorf("something was written: %s", diff)
		}
	})
}

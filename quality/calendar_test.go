package quality_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// mornings is a calendar that is open on Mondays from 9 to 12.
func mornings(code string) quality.CreateCalendar {
	return quality.CreateCalendar{Code: code, Name: "Mornings", Week: []quality.CalendarWeekday{
		{Weekday: time.Monday, Windows: []calendar.Window{{From: 9 * 60, To: 12 * 60}}}}}
}

func TestCreateCalendar(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		before := c.rows(t)["events"]
		in := mornings("mornings")
		in.IdempotencyKey = new("once")
		in.Days = []quality.CalendarDay{{Date: "2026-10-01", Name: " 国庆节 "}, {Date: "2026-10-10", Working: true}}
		made := must(c.CreateCalendar(c.as(t, "site manager"), in))(t)
		if again := must(c.CreateCalendar(c.as(t, "site manager"), in))(t); again.ID != made.ID {
			t.Error("the same request made another calendar")
		}
		d, err := quality.DefinitionOf(made)
		if err != nil {
			t.Fatal(err)
		}
		want := calendar.Definition{TimeZone: "Asia/Shanghai",
			Week: map[time.Weekday][]calendar.Window{time.Monday: {{From: 9 * 60, To: 12 * 60}}},
			Days: map[calendar.Date]calendar.Day{
				calendar.DateOf(2026, 10, 1): {Name: "国庆节"}, calendar.DateOf(2026, 10, 10): {Working: true}}}
		if diff := cmp.Diff(want, d); diff != "" || made.SiteID != c.sites["hotel"].ID || made.Revision != 1 {
			t.Errorf("made %v:\n%s", made, diff)
		}
		told := c.eventsAfter(t, before)
		if len(told) != 1 || told[0].Kind != quality.EventCalendarCreated || told[0].SiteID != made.SiteID || told[0].Subject != made.ID.String() {
			t.Errorf("told: %v", told)
		}
		_, err = c.CreateCalendar(c.as(t, "site manager"), mornings("mornings"))
		expect(t, "a second of the same code", err, "DUPLICATE code")
		elsewhere := mornings("mornings")
		elsewhere.SiteID = &c.sites["mall"].ID
		must(c.CreateCalendar(c.as(t, "officer"), elsewhere))(t)
		must(c.CreateCalendar(c.as(t, integrator), func() quality.CreateCalendar {
			in := mornings("pushed")
			in.SiteID = &c.sites["mall"].ID
			return in
		}()))(t)
	})
}

func TestCalendarsThatAreRefused(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		before := c.rows(t)
		week := func(windows ...calendar.Window) []quality.CalendarWeekday {
			return []quality.CalendarWeekday{{Weekday: time.Tuesday}, {Weekday: time.Monday, Windows: windows}}
		}
		for name, row := range map[string]struct {
			change func(*quality.CreateCalendar)
			want   string
		}{
			"nothing":         {func(in *quality.CreateCalendar) { *in = quality.CreateCalendar{} }, "REQUIRED code; REQUIRED name"},
			"a zone":          {func(in *quality.CreateCalendar) { in.TimeZone = new("Asia/Atlantis") }, "INVALID timeZone"},
			"a weekday twice": {func(in *quality.CreateCalendar) { in.Week = append(in.Week, in.Week[0]) }, "DUPLICATE week.1.weekday"},
			"a window":        {func(in *quality.CreateCalendar) { in.Week = week(calendar.Window{From: 60, To: 60}) }, "INVALID week.1.windows.0"},
			"windows":         {func(in *quality.CreateCalendar) { in.Week = week(calendar.Window{To: 60}, calendar.Window{To: 30}) }, "INVALID week.1.windows.1"},
			"many windows":    {func(in *quality.CreateCalendar) { in.Week = week(make([]calendar.Window, 13)...) }, "TOO_LONG week.1.windows"},
			"many days":       {func(in *quality.CreateCalendar) { in.Days = make([]quality.CalendarDay, 4001) }, "TOO_LONG days"},
			"no day":          {func(in *quality.CreateCalendar) { in.Days = []quality.CalendarDay{{Date: "2026-02-29"}} }, "INVALID days.0.date"},
			"a day twice": {func(in *quality.CreateCalendar) {
				in.Days = []quality.CalendarDay{{Date: "2026-02-28"}, {Date: "2026-02-28"}}
			}, "DUPLICATE days.1.date"},
			"a long name": {func(in *quality.CreateCalendar) {
				in.Days = []quality.CalendarDay{{Date: "2026-02-28", Name: fmt.Sprintf("%101d", 1) + "x"}}
			}, ""},
			"a holiday's hours": {func(in *quality.CreateCalendar) {
				in.Days = []quality.CalendarDay{{Date: "2026-02-28", Windows: []calendar.Window{{To: 60}}}}
			}, "INVALID days.0.windows"},
			"worked like no day": {func(in *quality.CreateCalendar) {
				in.Week, in.Days = nil, []quality.CalendarDay{{Date: "2026-02-28", Working: true}}
			}, "REQUIRED days.0.windows"},
		} {
			in := mornings("refused")
			row.change(&in)
			if row.want == "" { // spaces are trimmed away
				in.Days[0].Name = string(make([]rune, 101))
				row.want = "TOO_LONG days.0.name; INVALID days.0.name"
			}
			_, err := c.CreateCalendar(c.as(t, "site manager"), in)
			expect(t, name, err, row.want)
		}
		for _, who := range []string{"agent", "lead", "manager", "personnel", "executive"} {
			_, err := c.CreateCalendar(c.as(t, who), mornings("x"))
			expect(t, who+" creates", err, "FORBIDDEN")
			_, err = c.UpdateCalendar(c.as(t, who), quality.UpdateCalendar{})
			expect(t, who+" updates", err, "FORBIDDEN")
			_, err = c.AssignCalendar(c.as(t, who), quality.AssignCalendar{})
			expect(t, who+" assigns", err, "FORBIDDEN")
		}
		_, err := c.CreateCalendar(c.as(t, "site manager"), quality.CreateCalendar{SiteID: &c.sites["mall"].ID})
		expect(t, "of another site", err, "NOT_FOUND siteId")
		if diff := cmp.Diff(before, c.rows(t)); diff != "" {
			t.Errorf("something was written: %s", diff)
		}
	})
}

func TestUpdateCalendar(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		made := must(c.CreateCalendar(c.as(t, "site manager"), mornings("mornings")))(t)
		before := c.rows(t)["events"]
		in := quality.UpdateCalendar{ID: made.ID, ExpectedRevision: 1, Name: "Mornings", TimeZone: "Asia/Shanghai", Week: mornings("").Week,
			Days: []quality.CalendarDay{{Date: "2026-10-01"}}}
		c.clock.advance(time.Hour)
		changed := must(c.UpdateCalendar(c.as(t, "officer"), in))(t)
		if d, err := quality.DefinitionOf(changed); err != nil || len(d.Days) != 1 || changed.Revision != 2 || !changed.UpdatedAt.Equal(c.clock.Now()) {
			t.Errorf("changed: %v %v", changed, err)
		}
		_, err := c.UpdateCalendar(c.as(t, "officer"), in)
		expect(t, "by an old revision", err, "CONFLICT expectedRevision")
		in.ExpectedRevision, in.Name = 2, "Every morning"
		must(c.UpdateCalendar(c.as(t, "officer"), in))(t)
		in.ExpectedRevision, in.TimeZone = 3, "nowhere"
		_, err = c.UpdateCalendar(c.as(t, "officer"), in)
		expect(t, "a zone that there is not", err, "INVALID timeZone")

		told := c.eventsAfter(t, before)
		if len(told) != 2 {
			t.Fatalf("told: %v", told)
		}
		for n, want := range [][]string{{"definition", "revision"}, {"name", "revision"}} {
			if diff := cmp.Diff(want, told[n].Changed); diff != "" || told[n].Kind != quality.EventCalendarUpdated {
				t.Errorf("told %v: %s", told[n], diff)
			}
		}
	})
}

func TestAssignCalendar(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		manager := c.as(t, "site manager")
		var made []*db.Calendar
		for _, code := range []string{"site's", "front's", "desk's"} {
			made = append(made, must(c.CreateCalendar(manager, mornings(code)))(t))
		}
		hotel := c.sites["hotel"]
		department := func(code string) *typeid.DepartmentID { return &c.departments[code].ID }
		works := func(what string, at *db.Site, of typeid.DepartmentID, want string) {
			t.Helper()
			got, record, err := quality.CalendarOf(t.Context(), c.db.Client, at.ID, of)
			if err != nil {
				t.Fatal(err)
			}
			code := ""
			if record != nil {
				code = record.Code
			}
			if code != want {
				t.Errorf("%s works by %q, want %q", what, code, want)
			}
			if afternoon := got.Open(morning.Add(5 * time.Hour)); afternoon != (want == "") {
				t.Errorf("%s is open in the afternoon: %t", what, afternoon)
			}
		}
		works("the desk, to begin with,", hotel, *department("desk"), "")
		before := c.rows(t)["events"]
		must(c.AssignCalendar(manager, quality.AssignCalendar{CalendarID: &made[0].ID}))(t)
		works("the hotel", hotel, typeid.DepartmentID{}, "site's")
		works("the desk", hotel, *department("desk"), "site's")
		must(c.AssignCalendar(manager, quality.AssignCalendar{DepartmentID: department("front-office"), CalendarID: &made[1].ID}))(t)
		works("the desk below the front office", hotel, *department("desk"), "front's")
		must(c.AssignCalendar(manager, quality.AssignCalendar{DepartmentID: department("desk"), CalendarID: &made[2].ID}))(t)
		works("the desk by its own", hotel, *department("desk"), "desk's")
		works("reservations", hotel, *department("reservations"), "front's")
		works("housekeeping", hotel, *department("housekeeping"), "site's")
		works("the mall's floor", c.sites["mall"], *department("floor"), "")

		clear := quality.AssignCalendar{DepartmentID: department("front-office"), IdempotencyKey: new("clear")}
		for range 2 { // the second time it is answered from memory
			if left := must(c.AssignCalendar(manager, clear))(t); left != nil {
				t.Errorf("taken away: %v", left)
			}
		}
		works("reservations without the front office's", hotel, *department("reservations"), "site's")

		told := c.eventsAfter(t, before)
		if len(told) != 4 {
			t.Fatalf("told: %v", told)
		}
		for n, subject := range []string{hotel.ID.String(), department("front-office").String(), department("desk").String(), department("front-office").String()} {
			if e := told[n]; e.Kind != quality.EventCalendarAssigned || e.Subject != subject || e.SiteID != hotel.ID || !cmp.Equal(e.Changed, []string{"calendar"}) {
				t.Errorf("event %d: %v", n, e)
			}
		}

		malls := mornings("mall's")
		malls.SiteID = &c.sites["mall"].ID
		foreign := must(c.CreateCalendar(c.as(t, "officer"), malls))(t)
		_, err := c.AssignCalendar(manager, quality.AssignCalendar{CalendarID: &foreign.ID})
		expect(t, "one that is not to be seen", err, "NOT_FOUND calendarId")
		_, err = c.AssignCalendar(c.as(t, "officer"), quality.AssignCalendar{CalendarID: &foreign.ID})
		expect(t, "one of another site", err, "INVALID calendarId")
		_, err = c.AssignCalendar(c.as(t, "officer"), quality.AssignCalendar{DepartmentID: department("floor"), CalendarID: &made[0].ID})
		expect(t, "a department of another site", err, "INVALID departmentId")
	})
}

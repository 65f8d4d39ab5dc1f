package graph_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

func TestCalendar(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		manager := c.tokens["sitemanager"]
		made := c.must(t, manager, `mutation { calendarCreate(input: {code: "office", name: "Office", week: [
			{weekday: MONDAY, windows: [{from: "13:30", to: "18:00"}, {from: "09:00", to: "12:00"}]}, {weekday: SUNDAY, windows: [{from: "22:00", to: "30:00"}]}]
			days: [{date: "2026-11-23", name: "holiday", working: false, windows: []}, {date: "2026-11-24", name: "", working: true, windows: []}]
		}) { calendar { id } errors { message } } }`, nil)
		id := at(made, "calendarCreate", "calendar", "id")
		got := c.must(t, manager, `query($id: ID!) { node(id: $id) { ... on Calendar { code name timeZone revision
			week { weekday windows { from to } }
			days(from: "2026-11-24", to: "2027-12-28") { date name working windows { from } }
			open(from: "2026-11-22T12:00:00Z", to: "2026-11-24T03:00:00Z") { from to }
			dueAt(start: "2026-11-22T12:00:00Z", minutes: 481)
		} } }`, variables{"id": id})
		want := map[string]any{
			"code": "office", "name": "Office", "timeZone": "Asia/Shanghai", "revision": 1.0,
			"week": []any{
				map[string]any{"weekday": "MONDAY", "windows": []any{map[string]any{"from": "13:30", "to": "18:00"}, map[string]any{"from": "09:00", "to": "12:00"}}},
				map[string]any{"weekday": "SUNDAY", "windows": []any{map[string]any{"from": "22:00", "to": "30:00"}}},
			},
			"days": []any{map[string]any{"date": "2026-11-24", "name": "", "working": true, "windows": []any{}}},
			"open": []any{
				map[string]any{"from": "2026-11-22T14:00:00Z", "to": "2026-11-22T22:00:00Z"},
				map[string]any{"from": "2026-11-24T01:00:00Z", "to": "2026-11-24T03:00:00Z"},
			},
			"dueAt": "2026-11-24T01:01:00Z",
		}
		if diff := cmp.Diff(want, got["node"]); diff != "" {
			t.Error(diff)
		}

		never := c.must(t, manager, `mutation { calendarCreate(input: {code: "never", name: "Never", week: []}) { calendar { dueAt(start: "2026-11-22T12:00:00Z", minutes: 1) } } }`, nil)
		if at(never, "calendarCreate", "calendar", "dueAt") != nil {
			t.Errorf("what never opens is due: %v", never)
		}
		for _, field := range []string{
			`open(from: "2026-01-01T00:00:00Z", to: "2026-04-11T00:00:01Z") { from }`,
			`open(from: "2026-01-01T00:00:00Z", to: "2025-01-01T00:00:00Z") { from }`,
			`days(from: "2026-01-02", to: "2026-01-01") { date }`,
			`days(from: "2026-01-01", to: "2027-02-05") { date }`,
			`dueAt(start: "2026-01-01T00:00:00Z", minutes: -1)`,
			`dueAt(start: "2026-01-01T00:00:00Z", minutes: 5256001)`,
		} {
			out := c.do(t, manager, `query($id: ID!) { node(id: $id) { ... on Calendar { `+field+` } } }`, variables{"id": id})
			if diff := cmp.Diff([]string{"BAD_ARGUMENT"}, out.codes()); diff != "" {
				t.Errorf("%s: %s", field, diff)
			}
		}
	})
}

func TestCalendarOfDepartments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		got := map[string]string{}
		for _, node := range list(c.must(t, c.tokens["admin"], `{ departments { nodes { code calendar { code } calendarFrom { id } } } }`, nil), "departments", "nodes") {
			from, _ := at(node, "calendarFrom", "id").(string)
			calendar, _ := at(node, "calendar", "code").(string)
			got[at(node, "code").(string)] = calendar + " of " + c.nameOf(from)
		}
		want := map[string]string{
			"rooms": "day of department rooms", "front": "day of department rooms", "beds": "day of department rooms", "food": "always of site hotel",
			"till": "shopping of department till", "floor": " of " + c.nameOf(""),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// calendars are those of the hotel, one of which the rooms have, and of the mall's till.
func (c *company) calendars() {
	for _, k := range []struct{ name, site, department string }{{"always", "hotel", ""}, {"day", "hotel", "rooms"}, {"shopping", "mall", "till"}} {
		definition := calendar.AlwaysOpen("Asia/Shanghai")
		if k.name != "always" {
			definition.Week = map[time.Weekday][]calendar.Window{time.Monday: {{From: 9 * 60, To: 12 * 60}, {From: 13 * 60, To: 18 * 60}}}
		}
		row := ok(c.tx.Calendar.Create().SetSiteID(c.sites[k.site]).SetCode(k.name).SetName("The " + k.name).
			SetDefinition(ok(json.Marshal(definition))).SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx))
		put(c, "calendar "+k.name, row.ID)
		c.event("calendar.created", row.ID, events.Event{Site: row.SiteID})
		if k.department == "" {
			ok(c.tx.Site.UpdateOneID(row.SiteID).SetCalendarID(row.ID).Save(c.ctx))
		} else {
			ok(c.tx.Department.UpdateOneID(c.departments[k.department]).SetCalendarID(row.ID).Save(c.ctx))
		}
	}
}

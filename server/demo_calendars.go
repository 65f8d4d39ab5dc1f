package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// chinesePublicHolidays are those of 2026 by the State Council's notice, and the
// Saturdays and Sundays that are worked for them.
func chinesePublicHolidays() map[calendar.Date]calendar.Day {
	days := map[calendar.Date]calendar.Day{}
	for _, h := range []struct {
		name        string
		month       time.Month
		first, last int
	}{
		{"元旦", time.January, 1, 3}, {"春节", time.February, 15, 23}, {"清明节", time.April, 4, 6}, {"劳动节", time.May, 1, 5},
		{"端午节", time.June, 19, 21}, {"中秋节", time.September, 25, 27}, {"国庆节", time.October, 1, 7},
	} {
		for day := h.first; day <= h.last; day++ {
			days[calendar.DateOf(2026, h.month, day)] = calendar.Day{Name: h.name}
		}
	}
	for _, w := range []struct {
		name  string
		month time.Month
		day   int
	}{
		{"元旦调休上班", time.January, 4}, {"春节调休上班", time.February, 14}, {"春节调休上班", time.February, 28},
		{"劳动节调休上班", time.May, 9}, {"国庆节调休上班", time.September, 20}, {"国庆节调休上班", time.October, 10},
	} {
		days[calendar.DateOf(2026, w.month, w.day)] = calendar.Day{Name: w.name, Working: true}
	}
	return days
}

// calendars makes those of a site: by when it opens for all of it, and office hours for
// the office of a site that is open every day.
func (f *founding) calendars(s *companySite) error {
	offices := calendar.Definition{TimeZone: companyTime, Week: map[time.Weekday][]calendar.Window{}, Days: chinesePublicHolidays()}
	for weekday := time.Monday; weekday <= time.Friday; weekday++ {
		offices.Week[weekday] = []calendar.Window{{From: 9 * 60, To: 12 * 60}, {From: 13*60 + 30, To: 18 * 60}}
	}
	office, err := f.calendar(s, "office-hours", "Office Hours 办公时间", offices)
	if err != nil {
		return err
	}
	if s.plan.code == headOffice {
		f.note(quality.EventCalendarAssigned, s.ID, s.ID, typeid.DepartmentID{})
		return f.tx.Site.UpdateOneID(s.ID).SetCalendarID(office).Exec(f.ctx)
	}
	code, name, opens := "around-the-clock", "Around the Clock 全天候", calendar.AlwaysOpen(companyTime)
	if s.plan.opens != s.plan.closes {
		code, name = "opening-hours", "Opening Hours 营业时间"
		for weekday := range opens.Week {
			opens.Week[weekday] = []calendar.Window{{From: calendar.TimeOfDay(s.plan.opens * 60), To: calendar.TimeOfDay(s.plan.closes * 60)}}
		}
	}
	all, err := f.calendar(s, code, name, opens)
	if err != nil {
		return err
	}
	f.note(quality.EventCalendarAssigned, s.ID, s.ID, typeid.DepartmentID{})
	if err := f.tx.Site.UpdateOneID(s.ID).SetCalendarID(all).Exec(f.ctx); err != nil {
		return err
	}
	management := f.company.of(s.Code, "management")
	f.note(quality.EventCalendarAssigned, management.ID, s.ID, management.ID)
	return f.tx.Department.UpdateOneID(management.ID).SetCalendarID(office).Exec(f.ctx)
}

func (f *founding) calendar(s *companySite, code, name string, d calendar.Definition) (typeid.CalendarID, error) {
	body, err := json.Marshal(d)
	if err != nil {
		return typeid.CalendarID{}, fmt.Errorf("encoding a calendar: %w", err)
	}
	row, err := f.tx.Calendar.Create().SetSiteID(s.ID).SetCode(code).SetName(name).SetDefinition(body).
		SetCreatedAt(f.clock.now()).SetUpdatedAt(f.clock.now()).Save(f.ctx)
	if err != nil {
		return typeid.CalendarID{}, err
	}
	f.note(quality.EventCalendarCreated, row.ID, s.ID, typeid.DepartmentID{})
	return row.ID, nil
}

package quality

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// CalendarWeekday is what is open on a weekday.
type CalendarWeekday struct {
	Weekday time.Weekday
	Windows []calendar.Window
}

// CalendarDay is a day that overrides the week.
type CalendarDay struct {
	Date    string // "2026-10-01"
	Name    string
	Working bool
	Windows []calendar.Window
}

// WeekOf lists the weekdays on which a calendar is open, from Monday on.
func WeekOf(d calendar.Definition) []*CalendarWeekday {
	week := []*CalendarWeekday{}
	for i := range time.Weekday(7) {
		weekday := (time.Monday + i) % 7
		if windows := d.Week[weekday]; len(windows) > 0 {
			week = append(week, &CalendarWeekday{weekday, windows})
		}
	}
	return week
}

// DaysOf lists the days of a calendar that override the week, from the first to the
// last that is named.
func DaysOf(d calendar.Definition, first, last calendar.Date) []*CalendarDay {
	var dates []calendar.Date
	for date := range d.Days {
		if first <= date && date <= last {
			dates = append(dates, date)
		}
	}
	slices.Sort(dates)
	days := []*CalendarDay{}
	for _, date := range dates {
		day := d.Days[date]
		days = append(days, &CalendarDay{date.String(), day.Name, day.Working, append([]calendar.Window{}, day.Windows...)})
	}
	return days
}

// define puts a definition together from what a caller asked for. What is wrong with
// it is added to c, with paths into the input.
func (c *check) define(zone string, week []CalendarWeekday, days []CalendarDay) calendar.Definition {
	d := calendar.Definition{TimeZone: zone, Week: map[time.Weekday][]calendar.Window{}, Days: map[calendar.Date]calendar.Day{}}
	if len(days) > calendar.MaxDays {
		c.tooManyDays("days")
		return d
	}
	weekdays, dates := map[time.Weekday]int{}, map[calendar.Date]int{} // where each stands in the input
	for i, w := range week {
		if _, twice := d.Week[w.Weekday]; twice {
			c.add(Duplicate, "This weekday is there twice.", "该星期重复。", "week", strconv.Itoa(i), "weekday")
		}
		d.Week[w.Weekday], weekdays[w.Weekday] = w.Windows, i
	}
	for i, day := range days {
		date, err := calendar.ParseDate(day.Date)
		if err != nil {
			c.add(Invalid, "This is not a day of the calendar.", "日期无效。", "days", strconv.Itoa(i), "date")
			continue
		}
		if _, twice := d.Days[date]; twice {
			c.add(Duplicate, "This day is there twice.", "该日期重复。", "days", strconv.Itoa(i), "date")
		}
		name := strings.TrimSpace(day.Name)
		c.length(name, calendar.MaxName, "days", strconv.Itoa(i), "name")
		d.Days[date], dates[date] = calendar.Day{Name: name, Working: day.Working, Windows: day.Windows}, i
	}
	c.definition(d, func(p calendar.Problem, part ...string) []string {
		switch {
		case p.Date != nil:
			return append([]string{"days", strconv.Itoa(dates[*p.Date])}, part...)
		case p.Rule == calendar.ZoneKnown:
			return []string{"timeZone"}
		case p.Rule == calendar.DaysFew:
			return []string{"days"}
		default:
			return append([]string{"week", strconv.Itoa(weekdays[p.Weekday])}, part...)
		}
	})
	return d
}

// definition checks a definition as a whole. The path of what is wrong, or of a part of
// that, is asked for.
func (c *check) definition(d calendar.Definition, path func(p calendar.Problem, part ...string) []string) {
	_, err := calendar.New(d)
	var wrong *calendar.DefinitionError
	if !errors.As(err, &wrong) {
		return
	}
	for _, p := range wrong.Problems {
		windows, inWindow := path(p, "windows"), path(p, "windows", strconv.Itoa(p.Window))
		switch p.Rule {
		case calendar.ZoneKnown:
			c.add(Invalid, "There is no such time zone.", "没有此时区。", path(p)...)
		case calendar.WeekdayKnown:
			c.add(Invalid, "There is no such weekday.", "没有此星期。", path(p)...)
		case calendar.WindowForward:
			c.add(Invalid, "A window begins within its day, before 24:00, and ends later than it begins, after 24 hours at most.",
				"时段须在当日 24:00 前开始，结束晚于开始，且不超过 24 小时。", inWindow...)
		case calendar.WindowsApart:
			c.add(Invalid, "The windows of one day must not overlap.", "同一天的时段不能重叠。", inWindow...)
		case calendar.WindowsFew:
			c.add(TooLong, fmt.Sprintf("A day has at most %d windows.", calendar.MaxWindows), fmt.Sprintf("每天最多 %d 个时段。", calendar.MaxWindows), windows...)
		case calendar.DaysFew:
			c.tooManyDays(path(p)...)
		case calendar.NameShort: // told by length, with the number of characters
		case calendar.ClosedIsClosed:
			c.add(Invalid, "A day that is not worked has no windows.", "休息日不能有时段。", windows...)
		case calendar.WorkedSometimes:
			c.add(Required, "This working day needs windows of its own: no weekday has any.", "该工作日须指定时段：一周中没有任何工作时段。", windows...)
		}
	}
}

func (c *check) tooManyDays(path ...string) {
	c.add(TooLong, fmt.Sprintf("At most %d days can override the week. Leave out those long past.", calendar.MaxDays),
		fmt.Sprintf("特殊日期最多 %d 天，请删去早已过去的日期。", calendar.MaxDays), path...)
}

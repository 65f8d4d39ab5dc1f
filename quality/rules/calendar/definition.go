package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Bounds of a definition.
const (
	MaxWindows = 12   // of one day
	MaxDays    = 4000 // days that override the week: some hundred years of public holidays
	MaxName    = 100  // letters of a day's name
)

const (
	dayMinutes = 24 * 60
	dayLayout  = time.DateOnly
)

// Definition is what a calendar is made from, and how it is kept: it encodes to JSON and back without loss.
type Definition struct {
	// TimeZone is an IANA name, such as "Asia/Shanghai".
	TimeZone string `json:"timeZone"`
	// Week is what is open on ordinary days; a weekday without windows is closed. In JSON a weekday is its number, Sunday 0.
	Week map[time.Weekday][]Window `json:"week,omitempty"`
	// Days override the week.
	Days map[Date]Day `json:"days,omitempty"`
}

// Window is open from its first minute up to, not including, To, as the wall clock shows it. A window that passes midnight ends
// after 24:00 ("22:00" to "30:00" is a night shift) and belongs to the day on which it begins: if that day is a holiday, the whole
// shift falls out, and if only the next one is, it is worked to its end. It lasts 24 hours at most.
type Window struct {
	From TimeOfDay `json:"from"` // 00:00 to 23:59
	To   TimeOfDay `json:"to"`   // after From, up to 48:00
}

// Day overrides the week on one date.
type Day struct {
	Name    string `json:"name"`    // of the holiday, or why one works
	Working bool   `json:"working"` // false: closed
	// Windows of a working day. Without any it is worked as an ordinary working day: as the first weekday, counted from Monday,
	// that has windows.
	Windows []Window `json:"windows,omitempty"`
}

// TimeOfDay is in minutes since the local midnight; it encodes as "09:30". Times after 24:00 are of the next day.
type TimeOfDay int

// ParseTimeOfDay reads "00:00" to "48:00".
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	if len(s) == len("00:00") && s[2] == ':' {
		hour, err := strconv.ParseUint(s[:2], 10, 8)
		minute, err2 := strconv.ParseUint(s[3:], 10, 8)
		if t := TimeOfDay(hour*60 + minute); err == nil && err2 == nil && minute < 60 && t <= 2*dayMinutes {
			return t, nil
		}
	}
	return 0, errors.New(`a time of day is from "00:00" to "48:00"`)
}

func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t/60, t%60) }

// MarshalText writes "09:30".
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText is [ParseTimeOfDay].
func (t *TimeOfDay) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTimeOfDay(string(text))
	return err
}

// Date is a day of the Gregorian calendar, counted from 1970-01-01; it encodes as "2026-10-01".
type Date int

// DateOf is the date of a year, month and day, which are normalised as by [time.Date].
func DateOf(year int, month time.Month, day int) Date {
	return Date(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), daySeconds))
}

// ParseDate reads "2026-10-01".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dayLayout, s)
	if err != nil {
		return 0, errors.New(`a date is written as "2026-10-01"`)
	}
	return DateOf(t.Date()), nil
}

func (d Date) midnight() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

// Weekday is the day of the week on which d falls.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

func (d Date) String() string { return d.midnight().Format(dayLayout) }

// MarshalText writes "2026-10-01".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText is [ParseDate].
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// Rule is what a definition has to keep.
type Rule int

// The rules of a definition.
const (
	ZoneKnown       Rule = iota + 1 // the time zone is in the IANA database
	WeekdayKnown                    // weekdays are those of package time
	WindowForward                   // a window begins within its day and ends after it began, within 24 hours
	WindowsApart                    // the windows of one day do not overlap
	WindowsFew                      // at most MaxWindows a day
	DaysFew                         // at most MaxDays
	NameShort                       // a day's name has at most MaxName letters
	ClosedIsClosed                  // a day that is not worked has no windows
	WorkedSometimes                 // a working day has windows of its own, or some weekday has
)

// Problem is one place in a definition that breaks a rule.
type Problem struct {
	Rule    Rule
	Weekday time.Weekday // for windows of the week
	Date    *Date        // for days that override the week
	Window  int          // index of the window, where the rule is about one
}

// DefinitionError is what is wrong with a definition: all of it, in the order of the week and then of the days.
type DefinitionError struct{ Problems []Problem }

func (e *DefinitionError) Error() string {
	return fmt.Sprintf("calendar: %d rules of a definition are broken, the first is %d", len(e.Problems), e.Problems[0].Rule)
}

// check finds what is wrong with d.
func (d Definition) check() []Problem {
	var bad []Problem
	// "" and "Local" are names to package time, but no time zones to the IANA.
	if _, err := time.LoadLocation(d.TimeZone); err != nil || d.TimeZone == "" || d.TimeZone == "Local" {
		bad = append(bad, Problem{Rule: ZoneKnown})
	}
	for _, weekday := range sortedKeys(d.Week) {
		if weekday < time.Sunday || weekday > time.Saturday {
			bad = append(bad, Problem{Rule: WeekdayKnown, Weekday: weekday})
			continue
		}
		for _, p := range checkWindows(d.Week[weekday]) {
			p.Weekday = weekday
			bad = append(bad, p)
		}
	}
	if len(d.Days) > MaxDays {
		return append(bad, Problem{Rule: DaysFew})
	}
	worked := d.ordinary() != nil
	for _, date := range sortedKeys(d.Days) {
		day := d.Days[date]
		found := checkWindows(day.Windows)
		if utf8.RuneCountInString(day.Name) > MaxName {
			found = append(found, Problem{Rule: NameShort})
		}
		if !day.Working && len(day.Windows) > 0 {
			found = append(found, Problem{Rule: ClosedIsClosed})
		}
		if day.Working && len(day.Windows) == 0 && !worked {
			found = append(found, Problem{Rule: WorkedSometimes})
		}
		for _, p := range found {
			p.Date = &date
			bad = append(bad, p)
		}
	}
	return bad
}

func checkWindows(windows []Window) []Problem {
	if len(windows) > MaxWindows {
		return []Problem{{Rule: WindowsFew}}
	}
	var bad []Problem
	for i, w := range windows {
		if w.From < 0 || w.From >= dayMinutes || w.To <= w.From || w.To > w.From+dayMinutes {
			bad = append(bad, Problem{Rule: WindowForward, Window: i})
			continue
		}
		if slices.ContainsFunc(windows[:i], func(o Window) bool { return o.From < w.To && w.From < o.To }) {
			bad = append(bad, Problem{Rule: WindowsApart, Window: i})
		}
	}
	return bad
}

// windows is what d says of a date, in the order given.
func (d Definition) windows(date Date) []Window {
	day, special := d.Days[date]
	switch {
	case !special:
		return d.Week[date.Weekday()]
	case day.Working && len(day.Windows) == 0:
		return d.ordinary()
	default:
		return day.Windows
	}
}

// ordinary is the windows of the first weekday, counted from Monday, that has any.
func (d Definition) ordinary() []Window {
	for i := range time.Weekday(7) {
		if windows := d.Week[(time.Monday+i)%7]; len(windows) > 0 {
			return windows
		}
	}
	return nil
}

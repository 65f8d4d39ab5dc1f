// Package holiday reads the days that override a week, holidays and worked weekends,
// from iCalendar files (RFC 5545), as governments, Apple, Google and others publish
// them.
//
// Each VEVENT stands for whole days: DTSTART is a date, and DTEND the day after the
// last one. Events that recur do so yearly. What a file means beyond that it says in
// words, which are understood so:
//
//   - A day is worked if Apple's mark says so (X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY),
//     a category (workday, working day, 班, 上班, 补班) or the summary (班 or "working
//     day" in it). All other days are holidays.
//   - Where a file marks any event so, or as a day off (WORK-HOLIDAY; 休 or 假 in the
//     summary), events without a mark are left out: such files also hold feasts on
//     which people work.
package holiday

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"

	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// Bounds of a file.
const (
	MaxBytes     = 512 << 10
	maxEvents    = 5000
	maxRecurring = 50     // a rule that never comes true is followed to the end of time
	maxLine      = 4096   // bytes of an unfolded line that matters
	maxLength    = 366    // days of one event
	maxDays      = 20_000 // of all events together
)

// Rule is what a file has to keep.
type Rule int

// The rules of a file.
const (
	Small      Rule = iota + 1 // at most MaxBytes, and neither too many events nor too long lines
	Calendar                   // one or more VCALENDAR, with events that begin and end
	Line                       // a line has the form of a property
	WholeDays                  // an event begins on a date, and ends on a later one within a year
	Yearly                     // an event that recurs does so yearly, by a rule alone
	NameShort                  // the name of a day has at most calendar.MaxName letters
	Consistent                 // no day is both worked and a holiday
)

// Error is where a file breaks a rule. It holds nothing of the file.
type Error struct {
	Rule  Rule
	Line  int // from 1; 0 where it is about the whole
	Event int // from 1; 0 outside of events
}

func (e *Error) Error() string {
	return fmt.Sprintf("holiday: rule %d is broken in line %d, event %d", e.Rule, e.Line, e.Event)
}

// Read returns the days of a file from first to last. The windows of days that are
// worked are for the calendar to say. The error is an [*Error].
func Read(text string, first, last calendar.Date) (map[calendar.Date]calendar.Day, error) {
	events, err := read(text)
	if err != nil {
		return nil, err
	}
	marked := slices.ContainsFunc(events, func(e event) bool { return e.mark != unmarked })
	days := map[calendar.Date]calendar.Day{}
	recurring, taken := 0, 0
	for _, e := range events {
		if marked && e.mark == unmarked || e.cancelled {
			continue
		}
		if e.rule != "" {
			recurring++
		}
		if recurring > maxRecurring {
			return nil, e.wrong(Small)
		}
		begins, err := e.begins(first, last)
		if err != nil {
			return nil, err
		}
		for _, begin := range begins {
			for date := max(begin, first); date < begin+e.length && date <= last; date++ {
				if taken++; taken > maxDays {
					return nil, e.wrong(Small)
				}
				if err := e.add(days, date); err != nil {
					return nil, err
				}
			}
		}
	}
	return days, nil
}

type mark int

const (
	unmarked mark = iota
	off
	worked
)

// event is what a VEVENT says.
type event struct {
	number, line int // where it stands
	mark         mark
	cancelled    bool
	name         string
	date         calendar.Date
	length       calendar.Date // in days
	rule         string        // by which it recurs
	except       []calendar.Date
}

func (e event) wrong(r Rule) *Error { return &Error{Rule: r, Line: e.line, Event: e.number} }

// begins are the dates on which the event begins, of those that reach into a range.
func (e event) begins(first, last calendar.Date) ([]calendar.Date, error) {
	if e.rule == "" {
		return []calendar.Date{e.date}, nil
	}
	option, err := rrule.StrToROption(e.rule)
	if err != nil || option.Freq != rrule.YEARLY || option.Interval < 0 || len(option.Byhour)+len(option.Byminute)+len(option.Bysecond) > 0 {
		return nil, e.wrong(Yearly)
	}
	if slices.ContainsFunc(option.Byweekday, func(day rrule.Weekday) bool { return len(option.Bymonth) > 0 && (day.N() > 5 || day.N() < -5) }) {
		return nil, e.wrong(Yearly) // no month has so many of a weekday; rrule-go panics when it looks for them
	}
	option.Dtstart = moment(e.date)
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, e.wrong(Yearly)
	}
	var begins []calendar.Date
	for _, at := range rule.Between(moment(first-e.length), moment(last), true) {
		if date := calendar.DateOf(at.Date()); !slices.Contains(e.except, date) {
			begins = append(begins, date)
		}
	}
	return begins, nil
}

// moment is the midnight at which a date begins, for the rules by which it recurs.
func moment(d calendar.Date) time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// add notes a day of the event. Two events of the same day share it.
func (e event) add(days map[calendar.Date]calendar.Day, date calendar.Date) error {
	day, known := days[date]
	switch {
	case !known:
		day = calendar.Day{Name: e.name, Working: e.mark == worked}
	case day.Working != (e.mark == worked):
		return e.wrong(Consistent)
	case e.name != "" && !slices.Contains(strings.Split(day.Name, " / "), e.name):
		day.Name = strings.TrimPrefix(day.Name+" / "+e.name, " / ")
	}
	if utf8.RuneCountInString(day.Name) > calendar.MaxName {
		return e.wrong(NameShort)
	}
	days[date] = day
	return nil
}

// read parses the events of a file.
func read(text string) ([]event, error) {
	if len(text) > MaxBytes {
		return nil, &Error{Rule: Small}
	}
	var events []event
	var open []string // the components that have begun
	for n, line := range unfolded(text) {
		at := &Error{Rule: Line, Line: n}
		inEvent := slices.Contains(open, "VEVENT")
		if inEvent {
			at.Event = len(events)
		}
		name := strings.ToUpper(line[:max(strings.IndexAny(line, ":;"), 0)])
		switch {
		case name == "":
			return nil, at
		case name == "BEGIN":
			component := strings.ToUpper(line[len("BEGIN:"):])
			if at.Rule = Calendar; (len(open) == 0) != (component == "VCALENDAR") || len(open) > 3 {
				return nil, at
			}
			if component == "VEVENT" {
				events = append(events, event{number: len(events) + 1, line: n})
			}
			if at.Rule = Small; len(events) > maxEvents {
				return nil, at
			}
			open = append(open, component)
		case name == "END":
			if at.Rule = Calendar; len(open) == 0 || open[len(open)-1] != strings.ToUpper(line[len("END:"):]) {
				return nil, at
			}
			open = open[:len(open)-1]
			if inEvent && !slices.Contains(open, "VEVENT") {
				if err := events[len(events)-1].finish(); err != nil {
					return nil, err
				}
			}
		case len(open) == 0:
			at.Rule = Calendar
			return nil, at
		case open[len(open)-1] == "VEVENT":
			if err := events[len(events)-1].take(name, line, at); err != nil {
				return nil, err
			}
		}
	}
	if len(open) > 0 || !strings.Contains(strings.ToUpper(text), "BEGIN:VCALENDAR") {
		return nil, &Error{Rule: Calendar}
	}
	return events, nil
}

// take reads a property of the event.
func (e *event) take(name, line string, at *Error) error {
	if !slices.Contains([]string{"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "SUMMARY", "CATEGORIES", "X-APPLE-SPECIAL-DAY"}, name) {
		return nil
	}
	if len(line) > maxLine {
		at.Rule = Small
		return at
	}
	p, err := ics.ParseProperty(ics.ContentLine(line))
	if err != nil || p == nil {
		return at
	}
	value := strings.TrimSpace(p.Value)
	switch at.Rule = WholeDays; name {
	case "DTSTART":
		e.date, err = parseDate(value)
	case "DTEND":
		var end calendar.Date
		end, err = parseDate(value)
		e.length = end // until it is finished
	case "DURATION":
		var days calendar.Date
		days, err = parseDuration(value)
		e.length = -days
	case "EXDATE":
		for _, text := range strings.Split(value, ",") {
			var date calendar.Date
			if date, err = parseDate(text); err != nil {
				break
			}
			e.except = append(e.except, date)
		}
	case "RRULE":
		e.rule = strings.ToUpper(value)
	case "RDATE", "RECURRENCE-ID":
		at.Rule = Yearly
		return at
	case "STATUS":
		e.cancelled = strings.EqualFold(value, "CANCELLED")
	case "SUMMARY":
		e.name = strings.TrimSpace(decoration.ReplaceAllString(strings.Join(strings.Fields(value), " "), ""))
		e.mark = max(e.mark, markOf(value))
	case "CATEGORIES":
		for _, category := range strings.Split(value, ",") {
			if slices.Contains(workedCategories, strings.ToLower(strings.TrimSpace(category))) {
				e.mark = worked
			}
		}
	case "X-APPLE-SPECIAL-DAY":
		e.mark = max(e.mark, map[string]mark{"WORK-HOLIDAY": off, "ALTERNATE-WORKDAY": worked}[strings.ToUpper(value)])
	}
	if err != nil {
		return at
	}
	return nil
}

// finish checks an event that has been read.
func (e *event) finish() error {
	switch {
	case e.date == 0: // none was given; nobody's holidays were in an iCalendar file in 1970
		return e.wrong(WholeDays)
	case e.length == 0:
		e.length = 1
	case e.length < 0:
		e.length = -e.length
	default:
		e.length -= e.date
	}
	if e.length < 1 || e.length > maxLength {
		return e.wrong(WholeDays)
	}
	return nil
}

var workedCategories = []string{"workday", "working day", "班", "上班", "补班"}

// decoration is how marks stand beside names.
var decoration = regexp.MustCompile(`[（(【\[]\s*[休班]\s*[）)】\]]`)

func markOf(summary string) mark {
	lower := strings.ToLower(summary)
	switch {
	case strings.Contains(lower, "班"), strings.Contains(lower, "working day"), strings.Contains(lower, "workday"):
		return worked
	case strings.ContainsAny(lower, "休假"):
		return off
	default:
		return unmarked
	}
}

var errNoDate = errors.New("holiday: not a date")

// parseDate reads "20261001". A date with a time of day is none.
func parseDate(text string) (calendar.Date, error) {
	t, err := time.Parse("20060102", strings.TrimSpace(text))
	if err != nil || t.Year() < 1900 {
		return 0, errNoDate
	}
	return calendar.DateOf(t.Date()), nil
}

// parseDuration reads whole days, "P3D", and weeks, "P1W".
func parseDuration(text string) (calendar.Date, error) {
	digits, begins := strings.CutPrefix(strings.ToUpper(text), "P")
	if !begins || digits == "" {
		return 0, errNoDate
	}
	unit := map[byte]int{'D': 1, 'W': 7}[digits[len(digits)-1]]
	n, err := strconv.ParseUint(digits[:len(digits)-1], 10, 16)
	if err != nil || unit == 0 || n == 0 {
		return 0, errNoDate
	}
	return calendar.Date(int(n) * unit), nil
}

// unfolded yields the lines that are not empty, with the number of the first of those
// that each was folded into.
func unfolded(text string) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		var line strings.Builder
		start := 0
		for n, part := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
			part = strings.TrimSuffix(part, "\r")
			if rest := strings.TrimLeft(part, " \t"); start > 0 && len(part) > len(rest) {
				line.WriteString(part[1:])
				continue
			}
			if start > 0 && !yield(start, line.String()) {
				return
			}
			if line.Reset(); part == "" {
				start = 0
				continue
			}
			start = n + 1
			line.WriteString(part)
		}
		if start > 0 {
			yield(start, line.String())
		}
	}
}

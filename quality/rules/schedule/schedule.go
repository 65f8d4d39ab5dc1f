// Package schedule says when the inspections of a control plan are due, and what they look at (R-QC-2, R-QC-3).
//
// A plan recurs by an RRULE of iCalendar (RFC 5545) on the calendar of a department, or comes at each shift. Package quality keeps
// plans and makes inspections of their occurrences; here is what follows from a plan alone.
package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// Bounds of a plan, and of what is asked of it at once.
const (
	MaxLength = 366 * 24 * time.Hour // of Within and Grace
	MaxWindow = 400 * 24 * time.Hour // between from and to of Occurrences
	MaxMove   = 31                   // days to the next or previous working day; what finds none is skipped
)

// Closed says what becomes of an occurrence on a day that is not worked.
type Closed string

// What becomes of it.
const (
	Skip     Closed = "SKIP"
	Next     Closed = "NEXT"     // it comes at the same time of the next working day
	Previous Closed = "PREVIOUS" // of the one before
)

// Plan is how often something is inspected, and how long that may take.
type Plan struct {
	// Rule is the value of an RRULE: see [New].
	Rule string
	// Start is the day from which on the rule counts, in the calendar's time zone.
	Start calendar.Date
	// At is the time of day where the rule names no hours, up to 23:59.
	At calendar.TimeOfDay
	// Closed is what becomes of occurrences on days that are not worked.
	Closed Closed
	Limits
}

// Limits are counted in open time of the calendar.
type Limits struct {
	Within time.Duration // from when an inspection can begin to when it is due; shifts say this themselves
	Grace  time.Duration // from then on until it counts as missed
}

// Occurrence is one inspection that arises from a plan.
type Occurrence struct {
	// Key is the same for the same inspection of a plan whoever works it out, and tells it from the others of that plan. It is
	// made of the day by the rule and its number on that day ("2026-10-01#2"). So it stays when the rule gets other times
	// of day, when the calendar moves it, and when the rule names that day for another reason: a day has no more
	// inspections than the richer of two rules gave it. Of a shift it is the shift's id ("shift:…").
	Key  string
	From time.Time // when it can begin
	Due  time.Time
	Miss time.Time // when it counts as missed
	// Moved is true where the day by the rule is not worked.
	Moved bool
}

// Schedule is a plan made ready. It does not change, and several goroutines may use it.
type Schedule struct {
	plan Plan
	rule rule
}

// New makes a schedule. The error is a [*PlanError].
//
// Of RFC 5545, a rule has FREQ of DAILY, WEEKLY, MONTHLY or YEARLY; INTERVAL up to 366; COUNT up to 10,000 or UNTIL; BYMONTH,
// BYMONTHDAY, BYDAY, BYYEARDAY, BYWEEKNO and BYSETPOS where the RFC allows them; BYHOUR and BYMINUTE, of up to 24 times a day; WKST.
// UNTIL is a date, which is included, a local time, or one in UTC. A rule that never comes true is refused.
func New(p Plan) (*Schedule, error) {
	var bad []Code
	if p.At < 0 || p.At >= dayMinutes {
		bad = append(bad, AtRange)
	}
	if p.Closed != Skip && p.Closed != Next && p.Closed != Previous {
		bad = append(bad, ClosedUnknown)
	}
	if p.Start < firstStart || p.Start > lastStart {
		bad = append(bad, StartRange)
	}
	bad = append(bad, p.Limits.check()...)
	if len(bad) > 0 {
		return nil, &PlanError{Codes: bad}
	}
	r, code := parse(p)
	if code != "" {
		return nil, &PlanError{Codes: []Code{code}}
	}
	return &Schedule{plan: p, rule: r}, nil
}

// firstStart and lastStart are 1970 and 2199: what lies outside is an error of typing.
var firstStart, lastStart = calendar.DateOf(1970, 1, 1), calendar.DateOf(2199, 12, 31)

func (l Limits) check() []Code {
	if l.Within <= 0 || l.Within > MaxLength || l.Grace < 0 || l.Grace > MaxLength {
		return []Code{LimitsRange}
	}
	return nil
}

// Code says what is wrong with a plan.
type Code string

// The codes.
const (
	RuleLong       Code = "RULE_LONG"        // longer than 500 bytes
	RuleSyntax     Code = "RULE_SYNTAX"      // no RRULE, or a value that RFC 5545 does not have
	Frequency      Code = "FREQUENCY"        // hourly and more often: name the hours of a day by BYHOUR, or plan at each shift
	PartRefused    Code = "PART_REFUSED"     // not known, twice there, or not for this frequency
	IntervalRange  Code = "INTERVAL_RANGE"   // not from 1 to 366
	CountRange     Code = "COUNT_RANGE"      // not from 1 to 10,000
	CountAndUntil  Code = "COUNT_AND_UNTIL"  // one of them ends a rule
	TooManyADay    Code = "TOO_MANY_A_DAY"   // more than 24 times of day, or more than ten positions
	NeverOccurs    Code = "NEVER_OCCURS"     // there is no such day, or none before the rule ends
	StartRange     Code = "START_RANGE"      // not from 1970 to 2199
	AtRange        Code = "AT_RANGE"         // not a time of day
	ClosedUnknown  Code = "CLOSED_UNKNOWN"   // none of SKIP, NEXT, PREVIOUS
	LimitsRange    Code = "LIMITS_RANGE"     // Within is not above 0, Grace below 0, or either above a year
	WindowTooLarge Code = "WINDOW_TOO_LARGE" // more than 400 days were asked for at once
	MethodUnknown  Code = "METHOD_UNKNOWN"   // none of ALL, RANDOM, ROTATION
	SampleSize     Code = "SAMPLE_SIZE"      // below 1
)

// PlanError is what is wrong with a plan, or with what is asked of it.
type PlanError struct{ Codes []Code }

func (e *PlanError) Error() string {
	return fmt.Sprintf("schedule: %d problems, the first is %s", len(e.Codes), e.Codes[0])
}

// Occurrences are those that can begin from a moment on, and before another, in order. Where several come to the same moment,
// because a day that is not worked moved them there, they are one: the one that belongs there, else the earliest by the
// rule. The error is a [*PlanError], or [calendar.ErrNeverOpens].
//
// A time of day that the clock skips on a day comes as much later as the clock was set forward; of one that it shows twice, the first
// counts (RFC 5545, 3.3.5).
func (s *Schedule) Occurrences(c *calendar.Calendar, from, to time.Time) ([]Occurrence, error) {
	if to.Sub(from) > MaxWindow {
		return nil, &PlanError{Codes: []Code{WindowTooLarge}}
	}
	if !from.Before(to) {
		return nil, nil
	}
	zone := c.Zone()
	var found []Occurrence
	for day := range s.rule.times(dateOf(from, zone)-MaxMove-1, dateOf(to, zone)+MaxMove+1, zone) {
		landed, ok := s.land(c, day.date)
		if !ok {
			continue
		}
		begin := moment(landed, day.minute, zone)
		if begin.Before(from) || !begin.Before(to) {
			continue
		}
		key := fmt.Sprintf("%s#%d", day.date, day.number)
		found = append(found, Occurrence{Key: key, From: begin, Moved: landed != day.date})
	}
	// Those of one moment come in the order of the rule's days.
	slices.SortStableFunc(found, func(a, b Occurrence) int {
		return cmp.Or(a.From.Compare(b.From), compareBools(a.Moved, b.Moved))
	})
	found = slices.CompactFunc(found, func(a, b Occurrence) bool { return a.From.Equal(b.From) })
	for i := range found {
		o := &found[i]
		var err error
		if o.Due, err = c.Due(o.From, s.plan.Within); err != nil {
			return nil, err
		}
		if o.Miss, err = c.Due(o.Due, s.plan.Grace); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// land is the day on which an occurrence comes that the rule has on a date.
func (s *Schedule) land(c *calendar.Calendar, date calendar.Date) (calendar.Date, bool) {
	if c.Works(date) {
		return date, true
	}
	step := calendar.Date(1)
	switch s.plan.Closed {
	case Skip:
		return 0, false
	case Previous:
		step = -1
	}
	for n := range calendar.Date(MaxMove) {
		if d := date + step*(n+1); c.Works(d) {
			return d, true
		}
	}
	return 0, false
}

// Shift is a stretch of duty at which a plan's inspection is made.
type Shift struct {
	ID         string
	Start, End time.Time
}

// AtShifts is one occurrence for each shift that begins from a moment on and before another, in order: it can begin with the shift,
// is due at its end, and counts as missed when the grace after that is over. A shift is worked whatever the calendar says of
// its day. The error is a [*PlanError], or [calendar.ErrNeverOpens].
func AtShifts(c *calendar.Calendar, grace time.Duration, shifts []Shift, from, to time.Time) ([]Occurrence, error) {
	if bad := (Limits{Within: 1, Grace: grace}).check(); len(bad) > 0 {
		return nil, &PlanError{Codes: bad}
	}
	var found []Occurrence
	for _, shift := range shifts {
		if shift.Start.Before(from) || !shift.Start.Before(to) {
			continue
		}
		miss, err := c.Due(shift.End, grace)
		if err != nil {
			return nil, err
		}
		found = append(found, Occurrence{Key: "shift:" + shift.ID, From: shift.Start, Due: shift.End, Miss: miss})
	}
	slices.SortFunc(found, func(a, b Occurrence) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Key, b.Key)) })
	return slices.CompactFunc(found, func(a, b Occurrence) bool { return a.Key == b.Key }), nil
}

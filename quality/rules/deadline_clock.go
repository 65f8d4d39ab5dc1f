package rules

import (
	"slices"
	"time"
)

// Hours says which time counts; [calendar.Calendar] implements it.
type Hours interface {
	// Due returns the moment at which d of counted time has passed since start.
	Due(start time.Time, d time.Duration) (time.Time, error)
	// Counted returns how much time counts between two moments.
	Counted(from, to time.Time) time.Duration
}

// Clock is how far a deadline has come. Its time is a row of segments, each of which
// counts by one calendar or not at all; those that have ended are summed up in
// Spent. Its methods return what becomes of it and leave it as it is.
type Clock struct {
	Rule  DeadlineRule
	Hours Hours         // of the segment that runs now
	Spent time.Duration // counted in the segments that have ended
	Since time.Time     // when the present segment began
	Runs  bool          // the present segment counts
	DueAt time.Time     // as of the last plan; what is past is not moved any more
	Step  int           // the number of the first step that was neither taken nor skipped
}

// StartClock returns a clock that begins to run.
func StartClock(rule DeadlineRule, hours Hours, at time.Time) (Clock, error) {
	return Clock{Rule: rule, Hours: hours, Since: at, Runs: true}.Plan()
}

// Plan calculates when the deadline is. Planned again, it is the same. A clock that
// stands, or whose time was used up before the present segment, keeps what was planned.
func (c Clock) Plan() (Clock, error) {
	if !c.Runs || c.Spent >= c.Rule.Length && !c.DueAt.IsZero() {
		return c, nil
	}
	due, err := c.reaches(c.Rule.Length)
	if err == nil {
		c.DueAt = due
	}
	return c, err
}

// reaches returns when the clock will have counted that much, and for what it had
// counted before, when the present segment began. The clock must run.
func (c Clock) reaches(counted time.Duration) (time.Time, error) {
	if counted <= c.Spent {
		return c.Since, nil
	}
	return c.Hours.Due(c.Since, counted-c.Spent)
}

// CountedSince returns what the present segment has counted until a moment.
func (c Clock) CountedSince(at time.Time) time.Duration {
	if !c.Runs || !at.After(c.Since) {
		return 0
	}
	return c.Hours.Counted(c.Since, at)
}

// Remaining returns how much counted time is left at a moment; negative is how much
// has passed since the deadline.
func (c Clock) Remaining(at time.Time) time.Duration {
	return c.Rule.Length - c.Spent - c.CountedSince(at)
}

// Missed reports whether the step that says that the deadline has passed was taken.
func (c Clock) Missed() bool {
	return slices.ContainsFunc(c.Rule.Steps(), func(s AlertStep) bool { return s.Kind == Miss && s.Number < c.Step })
}

// Pause stops the clock: from now on nothing counts.
func (c Clock) Pause(at time.Time) Clock {
	c.Spent += c.CountedSince(at)
	c.Since, c.Runs = at, false
	return c
}

// Run lets the clock go on, from now on by these hours.
func (c Clock) Run(at time.Time, hours Hours) (Clock, error) {
	c = c.Pause(at)
	c.Hours, c.Runs = hours, true
	return c.Plan()
}

// Replan counts the present segment anew by hours that have changed.
func (c Clock) Replan(hours Hours) (Clock, error) {
	c.Hours = hours
	return c.Plan()
}

// EveryMinute are the hours of a clock that runs around the clock.
var EveryMinute Hours = everyMinute{}

type everyMinute struct{}

func (everyMinute) Due(start time.Time, d time.Duration) (time.Time, error) { return start.Add(d), nil }
func (everyMinute) Counted(from, to time.Time) time.Duration                { return to.Sub(from) }

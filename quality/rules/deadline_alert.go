package rules

import (
	"cmp"
	"slices"
	"time"
)

// AlertKind is what a step of a deadline's plan does.
type AlertKind string

// The kinds of steps.
const (
	Warn     AlertKind = "WARNING"    // the person responsible is told that the deadline is near
	Miss     AlertKind = "MISSED"     // the deadline has passed
	Escalate AlertKind = "ESCALATION" // somebody above is told
)

// AlertStep is one step of the plan that follows from a rule.
type AlertStep struct {
	Number int
	Kind   AlertKind
	Level  int           // of an escalation: how many levels above the person responsible, from 1
	After  time.Duration // of counted time since the clock began
	repeat bool
}

// Steps returns the plan of a rule, in order: the same for the same rule. A warning
// that would come no later than the beginning is left out.
func (r DeadlineRule) Steps() []AlertStep {
	var steps []AlertStep
	for _, before := range slices.Sorted(slices.Values(r.WarnBefore)) {
		if before < r.Length {
			steps = append(steps, AlertStep{Kind: Warn, After: r.Length - before})
		}
	}
	slices.Reverse(steps)
	steps = append(steps, AlertStep{Kind: Miss, After: r.Length})
	last := r.Length
	for n, after := range r.EscalateAfter {
		last = r.Length + after
		steps = append(steps, AlertStep{Kind: Escalate, Level: n + 1, After: last})
	}
	for n := 1; r.RepeatEvery != nil && n <= r.RepeatAtMost; n++ {
		steps = append(steps, AlertStep{Kind: Escalate, Level: len(r.EscalateAfter) + n, After: last + time.Duration(n)*(*r.RepeatEvery), repeat: true})
	}
	slices.SortStableFunc(steps, func(a, b AlertStep) int { return cmp.Compare(a.After, b.After) })
	for n := range steps {
		steps[n].Number = n
	}
	return steps
}

// SkipReason says why a step was not taken when its time had come.
type SkipReason string

// The reasons. Steps are skipped only where their times came while nobody looked, as
// while all servers were stopped.
const (
	SkippedPassed SkipReason = "DEADLINE_PASSED" // a warning of what has come to pass meanwhile
	SkippedLater  SkipReason = "LATER_ONE"       // a later warning, or a later repetition, says the same
)

// Alert is a step whose time has come.
type Alert struct {
	AlertStep
	At      time.Time  // when its time came
	Skipped SkipReason // "" for one to be taken
}

// Next returns the step that comes next and its time; false when the clock stands, or
// when there is none left.
func (c Clock) Next() (AlertStep, time.Time, bool, error) {
	steps := c.Rule.Steps()
	if !c.Runs || c.Step >= len(steps) {
		return AlertStep{}, time.Time{}, false, nil
	}
	at, err := c.reaches(steps[c.Step].After)
	return steps[c.Step], at, err == nil, err
}

// Advance returns the steps whose times have come, in order, and the clock after
// them. Called again at the same time it returns none: each step comes once.
//
// When several have come since the last time, those that say nothing new any more
// are marked as skipped: warnings once the deadline has passed, and all but the last
// of several warnings or repetitions. Every level is told.
func (c Clock) Advance(now time.Time) (Clock, []Alert, error) {
	var come []Alert
	for {
		step, at, more, err := c.Next()
		if err != nil {
			return c, nil, err
		}
		if !more || at.After(now) {
			break
		}
		come = append(come, Alert{AlertStep: step, At: at})
		c.Step++
	}
	missed, warned, repeated := false, false, false
	for n := len(come) - 1; n >= 0; n-- { // from the last, which always counts
		a := &come[n]
		switch {
		case a.Kind == Miss:
			missed = true
		case a.Kind == Warn && missed:
			a.Skipped = SkippedPassed
		case a.Kind == Warn && warned, a.repeat && repeated:
			a.Skipped = SkippedLater
		}
		warned, repeated = warned || a.Kind == Warn, repeated || a.repeat
	}
	return c, come, nil
}

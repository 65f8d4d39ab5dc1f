package rules_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

var stations = []servicecase.Status{servicecase.StatusOPEN, servicecase.StatusDISPATCHED, servicecase.StatusACCEPTED,
	servicecase.StatusRESOLVED, servicecase.StatusCLOSED}

func TestInTime(t *testing.T) {
	due := time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC)
	before, after := due.Add(-time.Microsecond), due.Add(time.Microsecond)
	for name, test := range map[string]struct {
		resolved   *time.Time
		lateBefore bool
		now        time.Time
		inTime     bool
		at         *time.Time // nil for not settled
	}{
		"resolved before the deadline":         {&before, false, after, true, &before},
		"resolved before a deadline to come":   {&before, false, before, true, &before},
		"resolved in the last moment":          {&due, false, after, true, &due},
		"resolved after the deadline":          {&after, false, after.Add(time.Hour), false, &due},
		"unresolved before the deadline":       {nil, false, before, false, nil},
		"unresolved at the deadline":           {nil, false, due, false, nil},
		"unresolved when the deadline is past": {nil, false, after, false, &due},
		"resolved late before, then in time":   {&before, true, after, false, &before},
		"resolved late before, and again":      {&after, true, after.Add(time.Hour), false, &due},
		"reopened when it was late":            {nil, true, before, false, nil},
	} {
		inTime, at, settled := rules.InTime(due, test.resolved, test.lateBefore, test.now)
		if settled != (test.at != nil) || settled && (inTime != test.inTime || !at.Equal(*test.at)) {
			t.Errorf("%s: %v at %v (settled: %v), want %v at %v", name, inTime, at, settled, test.inTime, test.at)
		}
	}
}

// What is settled stays so, whatever becomes of the case: no later run of a past
// period measures another value.
func TestInTimeIsSettledOnce(t *testing.T) {
	due := time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC)
	moment := rapid.Custom(func(t *rapid.T) time.Time { return due.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "moment"))) })
	rapid.Check(t, func(t *rapid.T) {
		resolved, now := moment.Draw(t, "resolved"), moment.Draw(t, "now")
		late := rapid.Bool().Draw(t, "late before")
		later := now.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "later")))
		known := func(now time.Time) *time.Time { // what is known of the case by now
			if resolved.After(now) {
				return nil
			}
			return &resolved
		}
		inTime, at, settled := rules.InTime(due, known(now), late, now)
		if !settled {
			return
		}
		if again, then, still := rules.InTime(due, known(later), late, later); again != inTime || !then.Equal(at) || !still {
			t.Fatalf("in time %v at %v is later %v at %v (settled: %v)", inTime, at, again, then, still)
		}
	})
}

func TestDue(t *testing.T) {
	opened := time.Date(2026, 12, 31, 22, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name      string
		deadlines rules.Deadlines
		severity  servicecase.Severity
		want      time.Duration
	}{
		{"critical", rules.DefaultDeadlines, servicecase.SeverityCRITICAL, 4 * time.Hour},
		{"major", rules.DefaultDeadlines, servicecase.SeverityMAJOR, 24 * time.Hour},
		{"minor", rules.DefaultDeadlines, servicecase.SeverityMINOR, 72 * time.Hour},
		{"configured critical", rules.Deadlines{Critical: 1, Major: 2, Minor: 3}, servicecase.SeverityCRITICAL, 1},
		{"configured major", rules.Deadlines{Critical: 1, Major: 2, Minor: 3}, servicecase.SeverityMAJOR, 2},
		{"configured minor", rules.Deadlines{Critical: 1, Major: 2, Minor: 3}, servicecase.SeverityMINOR, 3},
	} {
		if got := test.deadlines.Due(test.severity, opened).Sub(opened); got != test.want {
			t.Errorf("%s: due after %v, want %v", test.name, got, test.want)
		}
	}
}

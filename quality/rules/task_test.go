package rules_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent/db/casetask"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func TestNextTask(t *testing.T) {
	const refused = casetask.Status("")
	for at, course := range map[casetask.Status][3]casetask.Status{ // by taking, completing, cancelling
		casetask.StatusOPEN:      {casetask.StatusACCEPTED, refused, casetask.StatusCANCELLED}, // nobody does it yet
		casetask.StatusACCEPTED:  {refused, casetask.StatusDONE, casetask.StatusCANCELLED},
		casetask.StatusDONE:      {refused, refused, refused},
		casetask.StatusCANCELLED: {refused, refused, refused},
		"LOST":                   {refused, refused, refused},
	} {
		for n, step := range []rules.TaskStep{rules.TakeTask, rules.CompleteTask, rules.CancelTask} {
			if got, ok := rules.NextTask(at, step); got != course[n] || ok != (course[n] != refused) {
				t.Errorf("%s of a task that is %s leads to %q (%v), want %q", step, at, got, ok, course[n])
			}
		}
		if got, ok := rules.NextTask(at, "FORGET"); ok {
			t.Errorf("an unknown step of a task that is %s leads to %q", at, got)
		}
	}
}

// Whatever is tried in whatever order, a task ends at most once, and what is done
// was taken on before.
func TestATaskEndsOnce(t *testing.T) {
	steps := []rules.TaskStep{rules.TakeTask, rules.CompleteTask, rules.CancelTask}
	rapid.Check(t, func(t *rapid.T) {
		at, ended, taken := casetask.StatusOPEN, 0, false
		for _, step := range rapid.SliceOf(rapid.SampledFrom(steps)).Draw(t, "steps") {
			next, ok := rules.NextTask(at, step)
			if !ok {
				continue
			}
			taken = taken || step == rules.TakeTask
			if at = next; at == casetask.StatusDONE || at == casetask.StatusCANCELLED {
				ended++
			}
			if at == casetask.StatusDONE && !taken {
				t.Fatal("it was done by nobody")
			}
		}
		if ended > 1 {
			t.Fatalf("it ended %d times", ended)
		}
	})
}

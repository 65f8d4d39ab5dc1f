package host

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// patience is what Config has by default.
func patience() policy { return Config{}.withDefaults().policy() }

// step is an event and how long after the one before it happens.
type step struct {
	after time.Duration
	kind  eventKind
}

// outcome is what an event leads to.
type outcome struct {
	Status  Status
	Effects []effect
}

// play runs steps from the beginning. Events concern the present process.
func play(p policy, steps ...step) (machine, []outcome) {
	m := machine{status: Stopped}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var outcomes []outcome
	for _, s := range steps {
		at = at.Add(s.after)
		var effects []effect
		m, effects = p.next(m, event{kind: s.kind, run: m.run, at: at, reason: "fell over"})
		outcomes = append(outcomes, outcome{m.status, effects})
	}
	return m, outcomes
}

func pauses(d time.Duration) []effect { return []effect{{kind: pause, delay: d}} }

func TestMachine(t *testing.T) {
	const second = time.Second
	starts, kills := []effect{{kind: start}}, []effect{{kind: kill}}
	for name, test := range map[string]struct {
		steps []step
		want  []outcome
	}{
		"it starts, answers and ends": {
			[]step{{0, begin}, {0, up}, {0, end}, {0, down}},
			[]outcome{{Starting, starts}, {Ready, nil}, {Stopping, []effect{{kind: stop}}}, {Stopped, []effect{{kind: done}}}},
		},
		"a crash is followed by a pause and a new start": {
			[]step{{0, begin}, {0, up}, {0, down}, {0, due}, {0, up}},
			[]outcome{{Starting, starts}, {Ready, nil}, {Waiting, pauses(second / 2)}, {Starting, starts}, {Ready, nil}},
		},
		"the pause doubles, five failures in a minute lead into quarantine, a good start out of it": {
			[]step{{0, begin}, {0, down}, {0, due}, {0, down}, {0, due}, {0, down}, {0, due}, {0, down}, {0, due}, {0, down}, {0, due}, {0, up}},
			[]outcome{
				{Starting, starts}, {Waiting, pauses(second / 2)}, {Starting, starts}, {Waiting, pauses(second)},
				{Starting, starts}, {Waiting, pauses(2 * second)}, {Starting, starts}, {Waiting, pauses(4 * second)},
				{Starting, starts}, {Quarantined, pauses(8 * second)}, {Starting, starts}, {Ready, nil},
			},
		},
		"after quarantine one failure leads back": {
			[]step{
				{0, begin}, {0, down}, {0, due}, {0, down}, {0, due}, {0, down}, {0, due}, {0, down}, {0, due}, {0, down},
				{70 * second, due}, {0, up}, {59 * second, down}, {0, due}, {0, down}, {0, due}, {0, down},
			},
			[]outcome{
				{Starting, starts}, {Waiting, pauses(second / 2)}, {Starting, starts}, {Waiting, pauses(second)},
				{Starting, starts}, {Waiting, pauses(2 * second)}, {Starting, starts}, {Waiting, pauses(4 * second)},
				{Starting, starts}, {Quarantined, pauses(8 * second)},
				{Starting, starts}, {Ready, nil}, {Quarantined, pauses(16 * second)},
				{Starting, starts}, {Quarantined, pauses(30 * second)}, {Starting, starts}, {Quarantined, pauses(30 * second)},
			},
		},
		"a minute of health forgives": {
			[]step{{0, begin}, {0, down}, {0, due}, {0, down}, {0, due}, {0, up}, {60 * second, down}},
			[]outcome{
				{Starting, starts}, {Waiting, pauses(second / 2)}, {Starting, starts}, {Waiting, pauses(second)},
				{Starting, starts}, {Ready, nil}, {Waiting, pauses(second / 2)},
			},
		},
		"failures that are far apart never add up": {
			[]step{{0, begin}, {15 * second, down}, {0, due}, {15 * second, down}, {0, due}, {15 * second, down}, {0, due}, {15 * second, down}, {0, due}, {15 * second, down}},
			[]outcome{
				{Starting, starts}, {Waiting, pauses(second / 2)}, {Starting, starts}, {Waiting, pauses(second)},
				{Starting, starts}, {Waiting, pauses(2 * second)}, {Starting, starts}, {Waiting, pauses(4 * second)},
				{Starting, starts}, {Waiting, pauses(8 * second)},
			},
		},
		"a call without an answer degrades it, the next answer mends it": {
			[]step{{0, begin}, {0, up}, {0, unanswered}, {0, alive}, {0, answered}},
			[]outcome{{Starting, starts}, {Ready, nil}, {Degraded, nil}, {Degraded, nil}, {Ready, nil}},
		},
		"five calls without an answer are its end": {
			[]step{{0, begin}, {0, up}, {0, unanswered}, {0, unanswered}, {0, alive}, {0, unanswered}, {0, unanswered}, {0, unanswered}, {0, down}},
			[]outcome{
				{Starting, starts}, {Ready, nil}, {Degraded, nil}, {Degraded, nil}, {Degraded, nil}, {Degraded, nil}, {Degraded, nil},
				{Degraded, kills}, {Waiting, pauses(second / 2)},
			},
		},
		"three health checks without an answer are its end": {
			[]step{{0, begin}, {0, up}, {0, silent}, {0, alive}, {0, silent}, {0, silent}, {0, silent}},
			[]outcome{{Starting, starts}, {Ready, nil}, {Degraded, nil}, {Ready, nil}, {Degraded, nil}, {Degraded, nil}, {Degraded, kills}},
		},
		"too much memory is its end": {
			[]step{{0, begin}, {0, up}, {0, greedy}, {0, down}},
			[]outcome{{Starting, starts}, {Ready, nil}, {Ready, kills}, {Waiting, pauses(second / 2)}},
		},
		"the host stops in the middle of a start": {
			[]step{{0, begin}, {0, end}, {0, up}, {0, down}},
			[]outcome{{Starting, starts}, {Stopping, kills}, {Stopping, nil}, {Stopped, []effect{{kind: done}}}},
		},
		"the host stops in a pause": {
			[]step{{0, begin}, {0, down}, {0, end}, {0, due}},
			[]outcome{{Starting, starts}, {Waiting, pauses(second / 2)}, {Stopped, []effect{{kind: done}}}, {Stopped, nil}},
		},
	} {
		if _, got := play(patience(), test.steps...); !cmp.Equal(test.want, got, cmp.AllowUnexported(effect{})) {
			t.Errorf("%s (-want +got):\n%s", name, cmp.Diff(test.want, got, cmp.AllowUnexported(effect{})))
		}
	}
}

func TestMachineRemembersWhy(t *testing.T) {
	for name, test := range map[string]struct {
		steps []step
		want  string
	}{
		"nothing happened":      {[]step{{0, begin}, {0, up}}, ""},
		"a crash":               {[]step{{0, begin}, {0, up}, {0, down}}, "fell over"},
		"it was killed for":     {[]step{{0, begin}, {0, up}, {0, silent}, {0, silent}, {0, silent}, {0, greedy}, {0, down}}, "did not answer its health checks"},
		"kept once ready again": {[]step{{0, begin}, {0, up}, {0, down}, {0, due}, {0, up}}, "fell over"},
	} {
		if m, _ := play(patience(), test.steps...); m.lastError != test.want {
			t.Errorf("%s: %q, want %q", name, m.lastError, test.want)
		}
	}
}

// What a process that has been replaced did comes too late.
func TestMachineIgnoresOldProcesses(t *testing.T) {
	p := patience()
	m, _ := play(p, step{0, begin}, step{0, up}, step{0, down}, step{0, due}, step{0, up})
	for kind := up; kind < end; kind++ {
		if got, effects := p.next(m, event{kind: kind, run: m.run - 1}); !cmp.Equal(m, got, cmp.AllowUnexported(machine{})) || len(effects) > 0 {
			t.Errorf("event %d of an old process: %+v, %v", kind, got, effects)
		}
	}
}

// Whatever happens in whatever order, there is at most one process, nothing is
// ever stuck, and the end is the end.
func TestMachineProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := policy{
			minPause: time.Second / 2, maxPause: 30 * time.Second, window: time.Minute,
			limit: rapid.IntRange(1, 6).Draw(t, "limit"), missedCalls: 5, missedChecks: 3,
		}
		m := machine{status: Stopped}
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		process, pausing, ended := false, false, false
		var failures []time.Time
		for i := range rapid.IntRange(1, 200).Draw(t, "events") {
			at = at.Add(time.Duration(rapid.IntRange(0, 40_000).Draw(t, "ms")) * time.Millisecond)
			kinds := []eventKind{up, answered, unanswered, alive, silent, greedy, end}
			if i == 0 {
				kinds = []eventKind{begin}
			}
			if process {
				kinds = append(kinds, down, down, up, up)
			}
			if pausing {
				kinds = append(kinds, due, due, due)
			}
			e := event{kind: rapid.SampledFrom(kinds).Draw(t, "kind"), run: m.run, at: at, reason: "why"}
			before := m
			var effects []effect
			m, effects = p.next(m, e)
			if e.kind == due {
				pausing = false
			}
			if e.kind == down && process {
				process = false
				failures = append(failures, at)
			}
			for _, effect := range effects {
				switch effect.kind {
				case start:
					if process || ended {
						t.Fatalf("a start beside a process or after the end: %+v", m)
					}
					process, pausing = true, false
				case kill, stop:
					if !process {
						t.Fatalf("kills what is not there: %+v", m)
					}
				case pause:
					if process || pausing || ended || effect.delay < p.minPause || effect.delay > p.maxPause {
						t.Fatalf("pause of %v: %+v", effect.delay, m)
					}
					pausing = true
				case done:
					if process || ended {
						t.Fatalf("done too early or twice: %+v", m)
					}
					ended = true
				}
			}
			answers := m.status == Ready || m.status == Degraded
			if answers && !process {
				t.Fatalf("answers without a process: %+v", m)
			}
			if !ended && !process && !pausing {
				t.Fatalf("stuck: %+v", m)
			}
			if ended && m.status != Stopped {
				t.Fatalf("after the end: %+v", m)
			}
			if before.status != m.status && !m.since.Equal(at) {
				t.Fatalf("since is not the time of the change: %+v", m)
			}
			if m.status == Waiting && within(failures, at, p.window) >= p.limit {
				t.Fatalf("not quarantined after %d failures: %+v", p.limit, m)
			}
		}
	})
}

func within(failures []time.Time, now time.Time, window time.Duration) int {
	count := 0
	for _, at := range failures {
		if now.Sub(at) < window {
			count++
		}
	}
	return count
}

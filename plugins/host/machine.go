package host

import (
	"cmp"
	"slices"
	"time"
)

// Status is where a plugin stands.
type Status string

// The statuses. Calls are answered in Ready and Degraded.
const (
	Stopped     Status = "STOPPED"     // not started, or ended with the host
	Starting    Status = "STARTING"    // its process runs and has not described itself yet
	Ready       Status = "READY"       // answers
	Degraded    Status = "DEGRADED"    // its process runs, but the last call or health check was not answered in time
	Waiting     Status = "WAITING"     // failed; is started again after a pause
	Quarantined Status = "QUARANTINED" // failed too often; is tried again after a longer pause
	Stopping    Status = "STOPPING"    // the host stops
)

// machine is the state of one plugin's supervision. It is a value: [policy.next]
// leaves the old one as it was.
type machine struct {
	status    Status
	since     time.Time // of status
	run       int       // how many times a process was started; the number of the present one
	upAt      time.Time // when the present process became ready
	lastError string    // why the last process failed; empty before the first failure

	failures  []time.Time // of the last window, oldest first, at most policy.limit
	attempt   int         // failures in a row, without a window of health between them
	probation bool        // started out of quarantine: the next failure leads back there

	missedCalls, missedChecks int    // in a row
	dying                     string // why the host kills the process; empty if it doesn't
}

// event is what happens to a plugin. Those of a process that has been replaced
// are ignored, which is what run is for.
type event struct {
	kind   eventKind
	run    int
	at     time.Time
	reason string // of down and greedy, for people, with nothing of the inside
	cause  error  // of down, for the log; may be nil
}

type eventKind int

const (
	begin      eventKind = iota // the host runs
	due                         // the pause is over
	up                          // the process described itself and was accepted
	down                        // the process ended or could not be started
	answered                    // a call was answered
	unanswered                  // a call was not answered in time
	alive                       // a health check was answered
	silent                      // a health check was not answered in time
	greedy                      // the process takes more of the machine than it may
	end                         // the host stops
)

// effect is what the shell around the machine has to do.
type effect struct {
	kind  effectKind
	delay time.Duration // of pause
}

type effectKind int

const (
	start effectKind = iota // start process number run; up or down follows
	kill                    // kill the process; down follows
	stop                    // end the process, gently at first; down follows
	pause                   // wait for delay; due follows
	done                    // nothing is left to supervise
)

// policy is how patient the supervision is.
type policy struct {
	minPause, maxPause time.Duration // between a failure and the next start; doubles from one to the other
	window             time.Duration // failures are counted over it, and health of this length forgives them
	limit              int           // failures within a window that lead into quarantine
	missedCalls        int           // calls in a row without an answer until the process is killed
	missedChecks       int           // the same of health checks
}

// next is the whole of the supervision: what becomes of m by e.
func (p policy) next(m machine, e event) (machine, []effect) {
	if e.kind > due && e.kind < end && e.run != m.run {
		return m, nil
	}
	switch m.status {
	case Stopped:
		if e.kind == begin {
			return m.starting(e)
		}
	case Waiting, Quarantined:
		switch e.kind {
		case due:
			return m.starting(e)
		case end:
			return m.to(Stopped, e), []effect{{kind: done}}
		}
	case Starting:
		switch e.kind {
		case up:
			m.upAt = e.at
			return m.to(Ready, e), nil
		case down:
			return p.failed(m, e)
		case end:
			return m.to(Stopping, e), []effect{{kind: kill}}
		}
	case Ready, Degraded:
		return p.running(m, e)
	case Stopping:
		if e.kind == down {
			return m.to(Stopped, e), []effect{{kind: done}}
		}
	}
	return m, nil
}

// running handles the events of a plugin that answers calls.
func (p policy) running(m machine, e event) (machine, []effect) {
	switch e.kind {
	case answered:
		m.missedCalls, m.missedChecks = 0, 0
	case alive:
		m.missedChecks = 0
	case unanswered:
		m.missedCalls++
	case silent:
		m.missedChecks++
	case greedy:
		m.dying = cmp.Or(m.dying, e.reason)
	case down:
		return p.failed(m, e)
	case end:
		return m.to(Stopping, e), []effect{{kind: stop}}
	}
	switch {
	case m.missedCalls >= p.missedCalls:
		m.dying = cmp.Or(m.dying, "did not answer several calls in a row")
	case m.missedChecks >= p.missedChecks:
		m.dying = cmp.Or(m.dying, "did not answer its health checks")
	}
	if m.missedCalls+m.missedChecks > 0 {
		m = m.to(Degraded, e)
	} else {
		m = m.to(Ready, e)
	}
	if m.dying != "" {
		return m, []effect{{kind: kill}}
	}
	return m, nil
}

// failed decides between another try and quarantine.
func (p policy) failed(m machine, e event) (machine, []effect) {
	if healthy := m.status != Starting && e.at.Sub(m.upAt) >= p.window; healthy {
		m.attempt, m.probation = 0, false
	}
	m.lastError = e.reason
	if m.dying != "" {
		m.lastError = m.dying
	}
	m.attempt++
	m.failures = slices.DeleteFunc(append(slices.Clone(m.failures), e.at), func(at time.Time) bool {
		return e.at.Sub(at) >= p.window
	})
	if len(m.failures) > p.limit {
		m.failures = m.failures[len(m.failures)-p.limit:]
	}
	status := Waiting
	if m.probation || len(m.failures) >= p.limit {
		status, m.probation = Quarantined, true
	}
	return m.to(status, e), []effect{{kind: pause, delay: p.pause(m.attempt)}}
}

// pause doubles with each attempt.
func (p policy) pause(attempt int) time.Duration {
	delay := p.minPause
	for range attempt - 1 {
		if delay >= p.maxPause {
			break
		}
		delay *= 2
	}
	return min(delay, p.maxPause)
}

func (m machine) starting(e event) (machine, []effect) {
	m.run++
	m.missedCalls, m.missedChecks, m.dying = 0, 0, ""
	return m.to(Starting, e), []effect{{kind: start}}
}

// to changes the status; one that stays the same keeps its since.
func (m machine) to(status Status, e event) machine {
	if m.status != status {
		m.status, m.since = status, e.at
	}
	return m
}

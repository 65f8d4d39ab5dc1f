package wire

import "time"

// expiry watches over credentials that end at a time. The clock of Config may run
// differently from the timers of the machine, so it is asked again at intervals.
type expiry struct {
	at    time.Time
	now   func() time.Time
	every time.Duration
	timer *time.Timer // nil if the credentials never expire
}

func (h *Handler) newExpiry(at time.Time) *expiry {
	e := &expiry{at: at, now: h.cfg.Now, every: h.cfg.PingInterval}
	if !at.IsZero() {
		e.timer = time.NewTimer(e.wait())
	}
	return e
}

func (e *expiry) wait() time.Duration { return min(max(e.at.Sub(e.now()), 0), e.every) }

// due is when to ask passed.
func (e *expiry) due() <-chan time.Time {
	if e.timer == nil {
		return nil
	}
	return e.timer.C
}

// passed reports whether the time has come; if not, due will fire again.
func (e *expiry) passed() bool {
	if !e.now().Before(e.at) {
		return true
	}
	e.timer.Reset(e.wait())
	return false
}

func (e *expiry) stop() {
	if e.timer != nil {
		e.timer.Stop()
	}
}

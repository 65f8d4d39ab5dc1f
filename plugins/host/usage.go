package host

import "time"

// usage is what a process has used of the processors at its last look.
type usage struct {
	at   time.Time
	cpu  time.Duration
	busy int // looks in a row at which it used more than it may
}

// busyLooks is how many of them are too many: a plugin may have much to do for a
// while.
const busyLooks = 5

// look measures the time since the last look and reports whether the process has
// been busy for too long.
func (u *usage) look(at time.Time, cpu time.Duration, limit float64) bool {
	share := float64(cpu-u.cpu) / float64(at.Sub(u.at))
	u.at, u.cpu = at, cpu
	if u.busy++; share <= limit {
		u.busy = 0
	}
	return u.busy >= busyLooks
}

package quality

import (
	"context"
	"time"
)

// waitAtMost waits for a time, or until woken or the end of ctx; true if it was woken.
func waitAtMost(ctx context.Context, d time.Duration, woken <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-woken:
		return true
	}
	return false
}

// turn is how long a process that waits for SQLite's one writer may take to look
// again: at intervals that grow to this much (sqliteDefaultBusyCallback).
const turn = 100 * time.Millisecond

// giveWay lets others have a turn between two transactions of long work. PostgreSQL's
// need none; on SQLite other processes would find the database locked each time they
// look, and fail in the end.
func (s *Service) giveWay(ctx context.Context) {
	if !s.db.IsPostgres() {
		waitAtMost(ctx, turn+turn/4, nil)
	}
}

package quality

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
)

// How the watch over deadlines waits.
const (
	lookAtClock   = time.Second            // how often it looks whether the clock was moved, which costs nothing
	lookAtTable   = 30 * time.Second       // how often it looks for deadlines that no event told of
	retryDue      = 250 * time.Millisecond // after others had what is due, or after a failure
	postponeFault = time.Minute            // how long a case waits whose due work fails
)

// WatchDeadlines carries out what deadlines ask for, as the times come, until ctx ends;
// then it returns nil. It sleeps until the next one, and is woken by the events of what
// may have brought an earlier one. Any number of servers may watch. What came while
// none did is made good at the start.
func (s *Service) WatchDeadlines(ctx context.Context) error {
	ctx = ent.AsSystem(ctx)
	woken := make(chan struct{}, 1)
	defer s.hear(ctx, woken, "case", "cal", "abs", "dept", "site")()
	for ctx.Err() == nil {
		if err := s.replanChanged(ctx); err != nil {
			s.watchFailed(ctx, err)
		}
		next, any, err := s.NextAlert(ctx)
		if err == nil && any && !next.After(s.now()) {
			s.fireAll(ctx)
			next, any, err = s.NextAlert(ctx)
		}
		if err != nil {
			s.watchFailed(ctx, err)
		}
		if err != nil || any && !next.After(s.now()) { // another server has it in hand, or it failed
			waitAtMost(ctx, retryDue, nil)
			continue
		}
		s.sleepUntil(ctx, next, any, woken)
	}
	return nil
}

// hear wakes a watch when something happens to subjects of some kinds, by which there may
// be something to do earlier. What it returns waits, after the end of ctx, until it no
// longer listens.
func (s *Service) hear(ctx context.Context, woken chan<- struct{}, kinds ...string) (wait func()) {
	var hearing sync.WaitGroup
	hearing.Go(func() { s.listen(ctx, woken, kinds) })
	return hearing.Wait
}

func (s *Service) listen(ctx context.Context, woken chan<- struct{}, kinds []string) {
	reader, err := s.events.Subscribe(ctx, events.Subscription{Filter: events.Filter{SubjectKinds: kinds}})
	for err == nil {
		if _, err = reader.Next(ctx); err == nil {
			select {
			case woken <- struct{}{}:
			default: // it is to wake up anyway
			}
		}
	}
	if ctx.Err() == nil && !errors.Is(err, events.ErrStopped) {
		s.log.Error().Err(err).Msg("listening for what is due failed: it is looked for by the clock alone")
	}
}

// fireAll carries out all that is due and that no other server has in hand.
func (s *Service) fireAll(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := s.fireSome(ctx, dueBatch)
		if err != nil {
			s.watchFailed(ctx, err)
			s.fireEach(ctx)
			return
		}
		if n == 0 {
			return
		}
	}
}

// fireEach carries out what is due case by case, so that one that fails does not keep
// the others from theirs: it is looked at again after a while.
func (s *Service) fireEach(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := s.fireSome(ctx, 1)
		var failed *caseFault
		switch {
		case errors.As(err, &failed):
			s.watchFailed(ctx, err)
			if err := s.postpone(ctx, failed.id, s.now().Add(postponeFault)); err != nil {
				s.watchFailed(ctx, err)
				return
			}
		case err != nil, n == 0:
			return
		}
	}
}

func (s *Service) watchFailed(ctx context.Context, err error) {
	if ctx.Err() == nil {
		s.due.failures.Add(1)
		s.log.Error().Err(err).Msg("work that is due failed; it is tried again")
	}
}

// sleepUntil returns when the clock has reached a time, or when there may be an earlier
// one. The clock may be moved, so it is looked at now and then.
func (s *Service) sleepUntil(ctx context.Context, next time.Time, any bool, woken <-chan struct{}) {
	for slept := time.Duration(0); slept < lookAtTable && ctx.Err() == nil; slept += lookAtClock {
		pause := lookAtClock
		if any {
			left := next.Sub(s.now())
			if left <= 0 {
				return
			}
			pause = min(pause, left)
		}
		if waitAtMost(ctx, pause, woken) {
			return
		}
	}
}

// DueWork is what this server has done for deadlines since it started.
type DueWork struct {
	Alerts   uint64 // steps that were carried out
	Late     uint64 // of these, more than five seconds after their time
	Failures uint64 // attempts that failed, to be made again
}

// lateAfter is how long after its time a step is called late.
const lateAfter = 5 * time.Second

// dueWork counts what becomes a DueWork.
type dueWork struct{ alerts, late, failures atomic.Uint64 }

// DueWork returns what this server has done for deadlines.
func (s *Service) DueWork() DueWork {
	return DueWork{s.due.alerts.Load(), s.due.late.Load(), s.due.failures.Load()}
}

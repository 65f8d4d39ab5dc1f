package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// targets are those whose clocks go by the course of a case.
var targets = []rules.DeadlineTarget{rules.FirstResponse, rules.NextUpdate, rules.DispatchBy, rules.AcceptBy, rules.Resolution, rules.FollowUpBy}

// tick keeps what runs with the time of a case, after a step has changed its row and
// before the step's events are told; before is nil for a case that was just opened.
// What it changes of the row it changes in after, too. It returns the events of what
// it did.
//
// A clock starts when its target comes to be awaited, and ends when it no longer is.
// Cases that were there before clocks were kept, and imported ones, therefore get
// clocks only for what they come to.
func (s *Service) tick(ctx context.Context, tx *db.Tx, before, after *db.ServiceCase, step rules.CaseStep, now time.Time) ([]events.Event, error) {
	t, err := s.newTick(ctx, tx, before, after, step, now)
	if err != nil {
		return nil, err
	}
	was := rules.CaseState{Station: servicecase.StatusCLOSED, Acknowledged: true} // of which nothing is awaited
	if before != nil {
		was = courseOf(before)
	}
	state := courseOf(after)
	for _, target := range targets {
		anew := t.anew(target)
		if open := ofTarget(t.open, target); open != nil {
			demand := state.Demand(target)
			switch {
			case anew && target == rules.NextUpdate:
				demand = rules.Done // and begins again
			case anew:
				demand = rules.NotAsked
			}
			if err := t.keep(ctx, open, demand); err != nil {
				return nil, err
			}
		}
		if state.Demand(target) == rules.Awaited && (anew || was.Demand(target) != rules.Awaited) {
			if err := t.start(ctx, target); err != nil {
				return nil, err
			}
		}
	}
	if promise := state.Demand(rules.Promise); promise != rules.Awaited {
		for _, open := range t.open {
			if open.clock.Rule.Target == rules.Promise {
				if err := open.end(ctx, tx, promise, now); err != nil {
					return nil, err
				}
			}
		}
	}
	return t.keepDueAt(ctx)
}

// oneTick is one step's effect on the clocks of a case.
type oneTick struct {
	*Service
	tx            *db.Tx
	before, after *db.ServiceCase
	step          rules.CaseStep
	now           time.Time
	policy        casePolicy
	hours         caseHours
	open          []*ticking
	resolution    *ticking // as it is after the step, where it changed
}

func (s *Service) newTick(ctx context.Context, tx *db.Tx, before, after *db.ServiceCase, step rules.CaseStep, now time.Time) (_ *oneTick, err error) {
	t := &oneTick{Service: s, tx: tx, before: before, after: after, step: step, now: now}
	if before == nil {
		err = s.choosePolicy(ctx, tx, after)
	}
	if err == nil {
		t.policy, err = s.policyOf(ctx, tx, after)
	}
	if err == nil {
		t.hours, err = s.hoursOf(ctx, tx, after)
	}
	if err == nil && before != nil {
		t.open, err = openClocks(ctx, tx, after.ID)
	}
	return t, err
}

// anew reports whether a step begins again what was awaited before it: an offer to
// somebody else, the time until the customer hears again, and what a severity allows
// where no policy says otherwise.
func (t *oneTick) anew(target rules.DeadlineTarget) bool {
	switch target {
	case rules.AcceptBy:
		return slices.Contains([]rules.CaseStep{rules.Dispatch, rules.Move, rules.Assign, rules.Refer}, t.step)
	case rules.NextUpdate:
		return slices.Contains([]rules.CaseStep{rules.Acknowledge, rules.Reply, rules.Refer}, t.step)
	case rules.Resolution:
		open := ofTarget(t.open, target)
		return t.before != nil && t.before.Severity != t.after.Severity && t.policy.id.IsZero() && open != nil && !open.row.Fixed
	default:
		return false
	}
}

// keep ends a clock, or lets it stand or run as the case now asks for.
func (t *oneTick) keep(ctx context.Context, open *ticking, demand rules.Demand) error {
	if demand != rules.Awaited {
		if err := open.end(ctx, t.tx, demand, t.now); err != nil || demand == rules.NotAsked || open.clock.Rule.Target != rules.Resolution {
			return err
		}
		return t.keepCountedTime(ctx, open.clock.Spent)
	}
	stands := t.after.HeldAt != nil && !t.after.HoldCountsTime && open.clock.Rule.PausesOnHold
	if open.clock.Rule.Target == rules.Resolution {
		t.resolution = open
	}
	return open.shift(ctx, t.tx, t.now, !stands, t.hours)
}

// keepCountedTime adds to a resolved case what the clock of its resolution counted:
// one that was reopened has had several.
func (t *oneTick) keepCountedTime(ctx context.Context, counted time.Duration) error {
	if t.after.CountedTime != nil {
		counted += *t.after.CountedTime
	}
	t.after.CountedTime = &counted
	if err := t.tx.ServiceCase.UpdateOneID(t.after.ID).SetCountedTime(counted).Exec(ctx); err != nil {
		return fmt.Errorf("keeping the counted time of a case: %w", err)
	}
	return nil
}

// start starts the clock of a target, if the case's policy sets a deadline for it.
func (t *oneTick) start(ctx context.Context, target rules.DeadlineTarget) error {
	rule, ok := t.policy.Rule(target)
	if !ok {
		return nil
	}
	from := t.now
	if t.step == rules.Open || t.anew(rules.Resolution) && target == rules.Resolution {
		from = t.after.OpenedAt
	}
	c := startedClock{of: t.after.ID, policy: t.policy, rule: rule, hours: t.hours, from: from}
	if promised := t.step == rules.Open && t.after.DuePromised; promised && target == rules.Resolution {
		c.fixed, c.rule.Length = true, t.after.DueAt.Sub(from)
		c.rule.Counting, c.rule.PausesOnHold = rules.AroundTheClock, false
	}
	started, err := startClock(ctx, t.tx, c)
	if target == rules.Resolution {
		t.resolution = started
	}
	return err
}

// keepDueAt keeps the case's own column in step with its resolution, and tells of it
// when a case that was there has another deadline now.
func (t *oneTick) keepDueAt(ctx context.Context) ([]events.Event, error) {
	if t.resolution == nil || t.resolution.clock.DueAt.Equal(t.after.DueAt) {
		return nil, nil
	}
	t.after.DueAt = t.resolution.clock.DueAt
	if err := t.tx.ServiceCase.UpdateOneID(t.after.ID).SetDueAt(t.after.DueAt).Exec(ctx); err != nil {
		return nil, fmt.Errorf("keeping the deadline of a case: %w", err)
	}
	if t.before == nil {
		return nil, nil
	}
	return []events.Event{caseEvent(EventCaseDeadlineMoved, t.after, t.now, "dueAt", "clocks")}, nil
}

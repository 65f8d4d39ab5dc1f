package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// PromiseCase is something that the customer was promised.
type PromiseCase struct {
	IdempotencyKey *string
	CaseID         typeid.CaseID
	At             time.Time
	What           string
}

// Bounds of promises.
const (
	maxPromise  = 500 // characters
	maxPromises = 50  // that are open for one case
)

// PromiseCase records what the customer was promised: it is a deadline, too, and no
// hold moves it (R-CASE-4).
func (s *Service) PromiseCase(ctx context.Context, in PromiseCase) (*Change[*db.Deadline], error) {
	return run(ctx, s, useCase[*db.Deadline]{
		area: ent.Cases, name: "casePromise", key: in.IdempotencyKey, in: in, read: s.readDeadline,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Deadline], error) {
			var none effect[*db.Deadline]
			c, err := s.lockCase(ctx, tx, in.CaseID, rules.GivePromise, "caseId")
			if err != nil {
				return none, err
			}
			now, at := s.now(), in.At.UTC().Truncate(time.Microsecond)
			var bad check
			bad.line(&in.What, maxPromise, "what")
			if !at.After(now) || at.Sub(now) > maxDeadline {
				bad.add(Invalid, "A promise lies ahead, at most 366 days.", "承诺的时间必须在未来 366 天以内。", "at")
			}
			if bad.err() != nil {
				return none, bad.err()
			}
			open, err := tx.Deadline.Query().Where(deadline.CaseID(c.ID), deadline.TargetEQ(deadline.TargetPROMISE), deadline.EndedAtIsNil()).Count(ent.AsSystem(ctx))
			if err != nil {
				return none, fmt.Errorf("counting promises: %w", err)
			}
			if open >= maxPromises {
				return none, reject(Rejected, text("There are too many open promises.", "未兑现的承诺过多。"), "caseId")
			}
			t, err := s.startTimed(ctx, tx, c, rules.Promise, at, &in.What)
			if err != nil {
				return none, err
			}
			return effect[*db.Deadline]{object: t.row.Unwrap(), ids: []string{t.row.ID.String()},
				events: []events.Event{caseEvent(EventCasePromised, c, now, "clocks")}}, nil
		},
	})
}

func (s *Service) readDeadline(ctx context.Context, ids []string) (*db.Deadline, error) {
	id, _ := typeid.Parse[typeid.DeadlineID](ids[0])
	return s.db.Deadline.Get(ctx, id)
}

// lockCase loads a case as the viewer sees it, locks it, and checks that the viewer may
// take a step of it, and that its course allows it.
func (s *Service) lockCase(ctx context.Context, tx *db.Tx, id typeid.CaseID, step rules.CaseStep, path string) (*db.ServiceCase, error) {
	c, err := tx.ServiceCase.Get(ctx, id)
	if err := seen(c, err)(path); err != nil {
		return nil, err
	}
	v := ent.ViewerFrom(ctx)
	if err := permitted(v, c, step); err != nil {
		return nil, err
	}
	if c, err = tx.ServiceCase.UpdateOneID(c.ID).SetUpdatedAt(s.now()).Save(ctx); err != nil {
		return nil, fmt.Errorf("locking a case: %w", err)
	}
	_, err = s.take(v, c, step, nil, path)
	return c, err
}

// startTimed starts the clock of a target that brings its own time. The case's policy
// says who is alerted, and when.
func (s *Service) startTimed(ctx context.Context, tx *db.Tx, c *db.ServiceCase, target rules.DeadlineTarget, at time.Time, promise *string) (*ticking, error) {
	policy, err := s.policyOf(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	rule, ok := policy.Rule(target)
	if !ok {
		rule, _ = s.deadlines.DefaultPolicy(c.Severity).Rule(target)
	}
	now := s.now()
	rule.Length, rule.Counting, rule.PausesOnHold = at.Sub(now), rules.AroundTheClock, false
	return startClock(ctx, tx, startedClock{of: c.ID, policy: policy, rule: rule, fixed: true, promise: promise, hours: everyMinute, from: now})
}

// KeepPromise names a promise that was kept.
type KeepPromise struct {
	IdempotencyKey *string
	DeadlineID     typeid.DeadlineID
}

// KeepPromise records that what the customer was promised has been done.
func (s *Service) KeepPromise(ctx context.Context, in KeepPromise) (*Change[*db.Deadline], error) {
	return run(ctx, s, useCase[*db.Deadline]{
		area: ent.Cases, name: "caseKeepPromise", key: in.IdempotencyKey, in: in, read: s.readDeadline,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Deadline], error) {
			var none effect[*db.Deadline]
			d, err := tx.Deadline.Get(ctx, in.DeadlineID)
			if err := seen(d, err)("deadlineId"); err != nil {
				return none, err
			}
			c, err := s.lockCase(ctx, tx, d.CaseID, rules.GivePromise, "deadlineId")
			if err != nil {
				return none, err
			}
			if d, err = tx.Deadline.Get(ctx, in.DeadlineID); err != nil { // as it is now that the case is locked
				return none, fmt.Errorf("reading a promise: %w", err)
			}
			if d.Target != deadline.TargetPROMISE || d.EndedAt != nil {
				return none, reject(Rejected, text("This is not an open promise.", "这不是未兑现的承诺。"), "deadlineId")
			}
			now := s.now()
			clocks, err := readClocks(ctx, tx.Client(), []*db.Deadline{d})
			if err != nil {
				return none, err
			}
			if err := clocks[0].end(ctx, tx, rules.Done, now); err != nil {
				return none, err
			}
			if d, err = tx.Deadline.Get(ctx, d.ID); err != nil {
				return none, fmt.Errorf("reading a promise: %w", err)
			}
			return effect[*db.Deadline]{object: d.Unwrap(), ids: []string{d.ID.String()},
				events: []events.Event{caseEvent(EventCasePromiseKept, c, now, "clocks")}}, nil
		},
	})
}

package quality

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/calendar"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// replanChanged plans anew what counts by a calendar that has changed since it was
// planned. Each clock knows the revision of the calendar that it went by, so that each
// change is taken in once, whichever server does it.
func (s *Service) replanChanged(ctx context.Context) error {
	for ctx.Err() == nil {
		if n, err := s.ReplanDeadlines(ctx); err != nil || n == 0 {
			return err
		}
	}
	return nil
}

// ReplanDeadlines plans the clocks of some cases anew whose calendars have changed, in
// one transaction, and returns of how many cases. The present segment is counted anew
// from its beginning, those that have ended stay as they were counted. What was told is
// not told again.
func (s *Service) ReplanDeadlines(ctx context.Context) (cases int, err error) {
	ctx = ent.AsSystem(ctx)
	err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		q := tx.ServiceCase.Query().Limit(dueBatch).Where(func(of *sql.Selector) {
			d, c := sql.Dialect(of.Dialect()).Table(deadline.Table), sql.Dialect(of.Dialect()).Table(calendar.Table)
			of.Where(sql.In(of.C(servicecase.FieldID), sql.Dialect(of.Dialect()).Select(d.C(deadline.FieldCaseID)).From(d).
				Join(c).On(d.C(deadline.FieldCalendarID), c.C(calendar.FieldID)).
				Where(sql.And(sql.IsNull(d.C(deadline.FieldEndedAt)), sql.ColumnsLT(d.C(deadline.FieldCalendarRevision), c.C(calendar.FieldRevision)))).
				Limit(dueCandidates)))
		})
		if s.db.IsPostgres() {
			q.ForUpdate(sql.WithLockAction(sql.SkipLocked))
		}
		changed, err := q.All(ctx)
		if err != nil {
			return fmt.Errorf("looking for clocks by calendars that have changed: %w", err)
		}
		cases = len(changed)
		var all []events.Event
		for _, c := range changed {
			e, err := s.replan(ctx, tx, c)
			if err != nil {
				return err
			}
			all = append(all, e)
		}
		if len(all) == 0 {
			return nil
		}
		_, err = s.events.Append(ctx, tx, all...)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("planning deadlines anew: %w", err)
	}
	return cases, nil
}

// replan plans the clocks of a case anew.
func (s *Service) replan(ctx context.Context, tx *db.Tx, c *db.ServiceCase) (none events.Event, err error) {
	open, err := s.openClocks(ctx, tx, c.ID)
	if err != nil {
		return none, err
	}
	now := s.now()
	for _, t := range open {
		if t.row.CalendarID.IsZero() {
			continue
		}
		hours, err := s.hours(ctx, tx.Client(), t.row.CalendarID)
		if err != nil {
			return none, err
		}
		if t.clock, err = t.clock.Replan(hours.Hours); err != nil {
			return none, fmt.Errorf("planning a deadline anew: %w", err)
		}
		t.row.CalendarRevision = hours.revision
		if err := t.save(ctx, tx); err != nil {
			return none, err
		}
		if t.clock.Rule.Target == rules.Resolution {
			if c, err = tx.ServiceCase.UpdateOneID(c.ID).SetDueAt(t.clock.DueAt).SetUpdatedAt(now).Save(ctx); err != nil {
				return none, fmt.Errorf("keeping the deadline of a case: %w", err)
			}
		}
	}
	return caseEvent(EventCaseReplanned, c, now, "dueAt", "clocks"), nil
}

package quality

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/calendar"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// replanChanged plans anew what was planned by something that has changed since.
func (s *Service) replanChanged(ctx context.Context) error {
	for _, some := range []func(context.Context) (int, error){s.ReplanDeadlines, s.PlanAbsences} {
		for more := 1; more > 0 && ctx.Err() == nil; {
			var err error
			if more, err = some(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// ReplanDeadlines plans the clocks of some cases anew whose calendars have changed, or
// which have come to work by another one, in one transaction, and returns of how many
// cases. Each clock knows what it was planned by, so that each change is taken in once,
// whichever server does it. Where the calendar itself has changed, the present segment
// is counted anew from its beginning; where it is another one, a segment begins. Those
// that have ended stay as they were counted, and what was told is not told again.
func (s *Service) ReplanDeadlines(ctx context.Context) (cases int, err error) {
	ctx = ent.AsSystem(ctx)
	stale, err := s.staleCases(ctx)
	if err != nil || len(stale) == 0 {
		return 0, err
	}
	err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		q := tx.ServiceCase.Query().Where(servicecase.IDIn(stale...))
		if s.db.IsPostgres() {
			q.ForUpdate(sql.WithLockAction(sql.SkipLocked))
		}
		taken, err := q.All(ctx)
		if err != nil {
			return fmt.Errorf("taking cases to plan anew: %w", err)
		}
		cases = len(taken)
		var all []events.Event
		for _, c := range taken {
			told, err := s.replan(ctx, tx, c)
			if err != nil {
				return err
			}
			all = append(all, told...)
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

// staleCases returns some cases with clocks that were planned by what has changed. It
// asks of each calendar and each site, which are few, by the index whether there are any.
func (s *Service) staleCases(ctx context.Context) ([]typeid.CaseID, error) {
	behind := func(of, id, planned, revision string) func(*sql.Selector) {
		return func(q *sql.Selector) {
			d := sql.Dialect(q.Dialect()).Table(deadline.Table)
			q.Where(sql.Exists(sql.Dialect(q.Dialect()).Select(d.C(deadline.FieldID)).From(d).Where(sql.And(sql.IsNull(d.C(deadline.FieldEndedAt)),
				sql.ColumnsEQ(d.C(of), q.C(id)), sql.ColumnsLT(d.C(planned), q.C(revision))))))
		}
	}
	calendars, err := s.db.Calendar.Query().Select(calendar.FieldID, calendar.FieldRevision).
		Where(behind(deadline.FieldCalendarID, calendar.FieldID, deadline.FieldCalendarRevision, calendar.FieldRevision)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for calendars that have changed: %w", err)
	}
	sites, err := s.db.Site.Query().Select(site.FieldID, site.FieldHoursRevision).
		Where(behind(deadline.FieldSiteID, site.FieldID, deadline.FieldHoursRevision, site.FieldHoursRevision)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for sites with other calendars: %w", err)
	}
	var stale predicate.Deadline // of one of them: the others come next
	switch {
	case len(calendars) > 0:
		stale = deadline.And(deadline.CalendarID(calendars[0].ID), deadline.CalendarRevisionLT(calendars[0].Revision))
	case len(sites) > 0:
		stale = deadline.And(deadline.SiteID(sites[0].ID), deadline.HoursRevisionLT(sites[0].HoursRevision))
	default:
		return nil, nil
	}
	rows, err := s.db.Deadline.Query().Where(deadline.EndedAtIsNil(), stale).Limit(dueBatch).Select(deadline.FieldID, deadline.FieldCaseID).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for clocks to be planned anew: %w", err)
	}
	cases := make([]typeid.CaseID, len(rows))
	for n, row := range rows {
		cases[n] = row.CaseID
	}
	return cases, nil
}

// replan plans the clocks of a case anew, and tells of it where that changes something.
func (s *Service) replan(ctx context.Context, tx *db.Tx, c *db.ServiceCase) ([]events.Event, error) {
	hours, err := s.hoursOf(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	open, err := openClocks(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	now := s.now()
	var why caseentry.Action // "" as long as nothing is counted otherwise
	for _, t := range open {
		due := t.clock.DueAt
		switch {
		case t.clock.Rule.Counting == rules.AroundTheClock:
			continue
		case !t.clock.Runs: // it will take in the hours when it goes on
		case hours.id != t.row.CalendarID:
			why = caseentry.ActionCALENDAR_ASSIGNED
			err = t.shift(ctx, tx, now, true, hours)
		default:
			if t.clock, err = t.clock.Replan(hours.Hours); !t.clock.DueAt.Equal(due) && why == "" {
				why = caseentry.ActionCALENDAR_CHANGED
			}
		}
		if err != nil {
			return nil, fmt.Errorf("planning a deadline anew: %w", err)
		}
		t.row.CalendarID, t.row.CalendarRevision, t.row.HoursRevision = hours.id, hours.revision, hours.assigned
		if err := t.save(ctx, tx); err != nil {
			return nil, err
		}
		if t.clock.Rule.Target == rules.Resolution && !t.clock.DueAt.Equal(c.DueAt) {
			if c, err = c.Update().SetDueAt(t.clock.DueAt).SetUpdatedAt(now).Save(ctx); err != nil {
				return nil, fmt.Errorf("keeping the deadline of a case: %w", err)
			}
		}
	}
	if why == "" {
		return nil, nil
	}
	err = tx.CaseEntry.Create().SetCaseID(c.ID).SetKind(caseentry.KindSYSTEM).SetAction(why).SetText("").
		SetCalendarID(hours.id).SetAt(now).Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("telling why deadlines were planned anew: %w", err)
	}
	return []events.Event{caseEvent(EventCaseReplanned, c, now, "dueAt", "clocks", "entries")}, nil
}

package quality

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/finding"
	"github.com/seed-34fcb60d/rounds/ent/db/plannedinspection"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// FirePlanned tells of planned inspections that they can begin, and of those that were not
// done in time that they were missed, which is a finding of the department (R-QC-3): of
// some whose time has come, in one transaction. It returns of how many. Servers on one
// database may do it at once: each takes those that no other has.
func (s *Service) FirePlanned(ctx context.Context) (inspections int, err error) {
	return s.firePlanned(ent.AsSystem(ctx), dueBatch)
}

func (s *Service) firePlanned(ctx context.Context, limit int) (inspections int, err error) {
	err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		now := s.now()
		q := tx.PlannedInspection.Query().Where(plannedinspection.NextAtLTE(now)).
			Order(plannedinspection.ByNextAt(), plannedinspection.ByID()).Limit(limit)
		if s.db.IsPostgres() {
			q.ForUpdate(sql.WithLockAction(sql.SkipLocked))
		}
		due, err := q.All(ctx)
		if err != nil {
			return fmt.Errorf("taking planned inspections: %w", err)
		}
		if inspections = len(due); inspections == 0 {
			return nil
		}
		told := make([]events.Event, len(due))
		for n, i := range due {
			if told[n], err = tellPlanned(ctx, tx, i, now); err != nil {
				return &plannedFault{i.ID, err}
			}
		}
		_, err = s.events.Append(ctx, tx, told...)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("carrying out what planned inspections ask for: %w", err)
	}
	return inspections, nil
}

// plannedFault is a fault in what a planned inspection asks for.
type plannedFault struct {
	id  typeid.PlannedInspectionID
	err error
}

func (f *plannedFault) Error() string { return f.id.String() + ": " + f.err.Error() }
func (f *plannedFault) Unwrap() error { return f.err }

// tellPlanned carries out what a planned inspection asks for whose time has come. The row
// is locked.
func tellPlanned(ctx context.Context, tx *db.Tx, i *db.PlannedInspection, now time.Time) (events.Event, error) {
	update := i.Update()
	if i.MissAt.After(now) {
		return plannedEvent(EventInspectionDue, i, now), update.SetNextAt(i.MissAt).Exec(ctx)
	}
	if err := update.SetState(plannedinspection.StateMISSED).ClearNextAt().Exec(ctx); err != nil {
		return events.Event{}, err
	}
	return plannedEvent(EventInspectionMissed, i, now, "state", "finding"), recordMissed(ctx, tx, i)
}

// recordMissed makes the finding of an inspection that was missed.
func recordMissed(ctx context.Context, tx *db.Tx, i *db.PlannedInspection) error {
	p, err := tx.ControlPlan.Query().Where(controlplan.ID(i.PlanID)).Only(ctx)
	if err != nil {
		return fmt.Errorf("reading the plan of a missed inspection: %w", err)
	}
	what := ""
	switch {
	case !i.ObservedID.IsZero():
		person, err := tx.Staff.Get(ctx, i.ObservedID)
		if err != nil {
			return fmt.Errorf("reading who was to be inspected: %w", err)
		}
		what = " – " + person.Name
	case i.Subject != "":
		what = " – " + i.Subject
	}
	return tx.Finding.Create().SetPlannedInspectionID(i.ID).SetItem(p.Checklist).SetKeyActivity(false).
		SetSeverity(finding.Severity(p.MissedSeverity)).
		SetTextEn(clip("Not inspected in time: "+p.ActivityEn+what, maxFinding)).
		SetTextZh(clip("未按时检查："+p.ActivityZh+what, maxFinding)).Exec(ctx)
}

// plannedEvent is an event of a planned inspection.
func plannedEvent(kind string, i *db.PlannedInspection, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: i.ID.String(), Changed: changed, At: now,
		Site: i.SiteID, Department: i.DepartmentID, Owner: i.ResponsibleID}
}

// NextPlanned returns when a plan is to be looked at next, or a planned inspection asks
// for something; false when none does.
func (s *Service) NextPlanned(ctx context.Context) (next time.Time, any bool, err error) {
	ctx = ent.AsSystem(ctx)
	row, err := s.db.PlannedInspection.Query().Where(plannedinspection.NextAtNotNil()).Order(plannedinspection.ByNextAt()).
		Select(plannedinspection.FieldID, plannedinspection.FieldNextAt).First(ctx)
	if db.MaskNotFound(err) != nil {
		return next, false, fmt.Errorf("looking for the next planned inspection: %w", err)
	}
	if row != nil {
		next, any = *row.NextAt, true
	}
	plan, err := s.db.ControlPlan.Query().Where(controlplan.ReplanAtNotNil()).Order(controlplan.ByReplanAt()).
		Select(controlplan.FieldID, controlplan.FieldReplanAt).First(ctx)
	if db.MaskNotFound(err) != nil {
		return next, false, fmt.Errorf("looking for the next control plan: %w", err)
	}
	if plan != nil && (!any || plan.ReplanAt.Before(next)) {
		next, any = *plan.ReplanAt, true
	}
	return next, any, nil
}

// WatchInspections makes the inspections of control plans, and tells what becomes of
// them, as the times come, until ctx ends; then it returns nil. Any number of servers may
// watch. What came while none did is made good at the start.
func (s *Service) WatchInspections(ctx context.Context) error {
	ctx = ent.AsSystem(ctx)
	woken := make(chan struct{}, 1)
	defer s.hear(ctx, woken, "plan", "cal", "shift", "site", "dept")()
	for ctx.Err() == nil {
		for more := 1; more > 0 && ctx.Err() == nil; {
			var err error
			if more, err = s.PlanInspections(ctx); err != nil {
				s.watchFailed(ctx, err)
			}
		}
		s.firePlannedAll(ctx)
		next, any, err := s.NextPlanned(ctx)
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

// firePlannedAll tells all that is due and that no other server has in hand: one that
// fails alone waits for a while, so that it does not keep the others from theirs.
func (s *Service) firePlannedAll(ctx context.Context) {
	limit := dueBatch
	for ctx.Err() == nil {
		n, err := s.firePlanned(ctx, limit)
		var failed *plannedFault
		switch {
		case err == nil && n == 0:
			return
		case err == nil:
		case limit > 1:
			limit = 1
		case errors.As(err, &failed):
			s.watchFailed(ctx, err)
			later := s.now().Add(postponeFault)
			if err := s.db.PlannedInspection.UpdateOneID(failed.id).SetNextAt(later).Exec(ctx); err != nil {
				s.watchFailed(ctx, err)
				return
			}
		default:
			s.watchFailed(ctx, err)
			return
		}
	}
}

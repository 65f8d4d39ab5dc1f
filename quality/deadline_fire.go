package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/escalation"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// Bounds of one transaction of due work.
const (
	dueCandidates = 500 // cases that are looked at: more than other servers can hold at the same time
	dueBatch      = 50  // cases that are worked on
)

// FireDeadlines carries out what deadlines ask for whose time has come, for some cases
// in one transaction, and returns for how many. Servers on one database may do it at
// once: each takes cases that no other has. What one has begun when it is killed is
// undone, and done by the next.
func (s *Service) FireDeadlines(ctx context.Context) (cases int, err error) {
	return s.fireSome(ent.AsSystem(ctx), dueBatch)
}

func (s *Service) fireSome(ctx context.Context, limit int) (cases int, err error) {
	var done firing
	err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		now := s.now()
		due, err := s.lockDue(ctx, tx, now, limit)
		if err != nil || len(due) == 0 {
			return err
		}
		cases = len(due)
		done = firing{Service: s, tx: tx, now: now, recipients: newRecipients(tx, now)}
		clocks, err := done.dueClocks(ctx, due)
		if err != nil {
			return &caseFault{due[0].ID, err} // whose fault it is shows when each is tried alone
		}
		for _, c := range due {
			if err := done.fire(ctx, c, clocks[c.ID]); err != nil {
				return &caseFault{c.ID, err}
			}
		}
		if len(done.events) == 0 {
			return nil
		}
		_, err = s.events.Append(ctx, tx, done.events...)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("carrying out what deadlines ask for: %w", err)
	}
	s.due.alerts.Add(done.alerts)
	s.due.late.Add(done.late)
	return cases, nil
}

// caseFault is a fault in the due work of a case.
type caseFault struct {
	id  typeid.CaseID
	err error
}

func (f *caseFault) Error() string { return f.id.String() + ": " + f.err.Error() }
func (f *caseFault) Unwrap() error { return f.err }

// lockDue returns cases with deadlines whose time has come, and locks them. A case is
// locked before its deadlines, here as in every step of it, so that nobody waits for
// somebody who waits.
func (s *Service) lockDue(ctx context.Context, tx *db.Tx, now time.Time, limit int) ([]*db.ServiceCase, error) {
	q := tx.ServiceCase.Query().Limit(limit).Where(func(of *sql.Selector) {
		t := sql.Dialect(of.Dialect()).Table(deadline.Table)
		of.Where(sql.In(of.C(servicecase.FieldID), sql.Dialect(of.Dialect()).Select(t.C(deadline.FieldCaseID)).From(t).
			Where(sql.LTE(t.C(deadline.FieldNextAlertAt), now)).OrderBy(t.C(deadline.FieldNextAlertAt)).Limit(dueCandidates)))
	})
	if s.db.IsPostgres() {
		q.ForUpdate(sql.WithLockAction(sql.SkipLocked))
	}
	due, err := q.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("taking due cases: %w", err)
	}
	return due, nil
}

// NextAlert returns when the next deadline asks for something; false when none does.
func (s *Service) NextAlert(ctx context.Context) (time.Time, bool, error) {
	row, err := s.db.Deadline.Query().Where(deadline.NextAlertAtNotNil()).Order(deadline.ByNextAlertAt()).
		Select(deadline.FieldID, deadline.FieldNextAlertAt).First(ent.AsSystem(ctx))
	if db.IsNotFound(err) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("looking for the next deadline: %w", err)
	}
	return *row.NextAlertAt, true, nil
}

// firing is one transaction of due work.
type firing struct {
	*Service
	tx         *db.Tx
	now        time.Time
	recipients *recipients
	events     []events.Event
	kept       []*db.EscalationCreate // of the present case
	lines      []*db.CaseEntryCreate  // of its timeline

	alerts, late uint64 // carried out, and of these after their time
}

// dueClocks returns the clocks of cases whose time has come.
func (f *firing) dueClocks(ctx context.Context, due []*db.ServiceCase) (map[typeid.CaseID][]*ticking, error) {
	ids := make([]typeid.CaseID, len(due))
	for n, c := range due {
		ids[n] = c.ID
	}
	rows, err := f.tx.Deadline.Query().Where(deadline.CaseIDIn(ids...), deadline.NextAlertAtLTE(f.now)).
		Order(deadline.ByNextAlertAt(), deadline.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading due deadlines: %w", err)
	}
	clocks, err := readClocks(ctx, f.tx.Client(), rows)
	of := map[typeid.CaseID][]*ticking{}
	for _, t := range clocks {
		of[t.row.CaseID] = append(of[t.row.CaseID], t)
	}
	return of, err
}

// fire carries out what the deadlines of a case ask for.
func (f *firing) fire(ctx context.Context, c *db.ServiceCase, due []*ticking) (err error) {
	f.kept, f.lines = nil, nil
	unaccepted, escalatedTo := false, c.EscalatedToID
	for _, t := range due {
		var come []rules.Alert
		if t.clock, come, err = t.clock.Advance(f.now); err != nil {
			return fmt.Errorf("advancing %s: %w", t.row.ID, err)
		}
		if err := t.save(ctx, f.tx); err != nil {
			return err
		}
		for _, a := range come {
			if err := f.alert(ctx, c, t, a); err != nil {
				return err
			}
		}
		missed := slices.ContainsFunc(come, func(a rules.Alert) bool { return a.Kind == rules.Miss })
		unaccepted = unaccepted || missed && t.clock.Rule.Target == rules.AcceptBy
	}
	if err := f.keep(ctx); err != nil {
		return err
	}
	if c.EscalatedToID != escalatedTo {
		if err := f.tx.ServiceCase.Update().Where(servicecase.ID(c.ID)).SetEscalatedToID(c.EscalatedToID).SetUpdatedAt(f.now).Exec(ctx); err != nil {
			return fmt.Errorf("letting somebody see a case: %w", err)
		}
	}
	if unaccepted { // last, for it shifts the other clocks, too
		return f.returnOffer(ctx, c.ID)
	}
	return nil
}

// keep writes what became of the steps of a case, and what its timeline says of them.
func (f *firing) keep(ctx context.Context) error {
	if err := f.tx.Escalation.CreateBulk(f.kept...).Exec(ctx); err != nil {
		return fmt.Errorf("keeping alerts: %w", err)
	}
	if err := f.tx.CaseEntry.CreateBulk(f.lines...).Exec(ctx); err != nil {
		return fmt.Errorf("telling of alerts in a case's timeline: %w", err)
	}
	return nil
}

// alert finds out whom one step tells, and notes what is to be kept of it: in the
// timeline, as an event, and that who is above sees the case from now on.
func (f *firing) alert(ctx context.Context, c *db.ServiceCase, t *ticking, a rules.Alert) error {
	create := f.tx.Escalation.Create().SetDeadlineID(t.row.ID).SetCaseID(c.ID).SetStep(a.Number).SetKind(escalation.Kind(a.Kind)).
		SetLevel(a.Level).SetPlannedAt(a.At).SetFiredAt(f.now)
	f.kept = append(f.kept, create)
	if a.Skipped != "" {
		create.SetSkipped(escalation.Skipped(a.Skipped))
		return nil
	}
	var who recipient
	var err error
	if a.Kind != rules.Miss {
		if who, err = f.recipients.find(ctx, c, t.clock.Rule.Target, a.Level); err != nil {
			return err
		}
	}
	create.SetToID(who.to).SetInsteadOfID(who.insteadOf)
	f.alerts++
	if f.now.Sub(a.At) > lateAfter {
		f.late++
	}
	told := alertsTold[a.Kind]
	f.lines = append(f.lines, f.tx.CaseEntry.Create().SetCaseID(c.ID).SetKind(caseentry.KindSYSTEM).SetAction(told.action).SetText("").
		SetDeadlineID(t.row.ID).SetToStaffID(who.to).SetAt(f.now))
	e := caseEvent(told.event, c, f.now, told.changed...)
	if a.Kind == rules.Escalate && !who.to.IsZero() {
		c.EscalatedToID = who.to
		e.Owner, e.Origin = who.to, e.Owner // who is told, and who answers for it
	}
	f.events = append(f.events, e)
	return nil
}

// returnOffer gives a case back that nobody has accepted in time (R-CASE-3).
func (f *firing) returnOffer(ctx context.Context, id typeid.CaseID) error {
	step := f.caseReturn(id)
	before, next, err := f.mayStep(ctx, f.tx, step)
	if err != nil {
		return fmt.Errorf("returning a case: %w", err)
	}
	e, err := f.takeStep(ctx, f.tx, step, before, next)
	if err != nil {
		return fmt.Errorf("returning a case: %w", err)
	}
	f.events = append(f.events, e.events...)
	return nil
}

// alertsTold is how the kinds of alerts are told.
var alertsTold = map[rules.AlertKind]struct {
	action  caseentry.Action
	event   string
	changed []string
}{
	rules.Warn:     {caseentry.ActionWARNED, EventCaseDeadlineWarned, []string{"entries", "escalations"}},
	rules.Miss:     {caseentry.ActionMISSED, EventCaseDeadlineMissed, []string{"entries", "clocks"}},
	rules.Escalate: {caseentry.ActionESCALATED, EventCaseEscalated, []string{"entries", "escalations"}},
}

// postpone lets a case whose due work fails wait for a while, so that it does not
// keep others from theirs.
func (s *Service) postpone(ctx context.Context, id typeid.CaseID, until time.Time) error {
	return ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		return tx.Deadline.Update().Where(deadline.CaseID(id), deadline.NextAlertAtLTE(s.now())).SetNextAlertAt(until).Exec(ctx)
	})
}

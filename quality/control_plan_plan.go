package quality

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/plannedinspection"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules/schedule"
)

// How inspections are planned ahead.
const (
	planAhead  = 14 * 24 * time.Hour
	planEvery  = 6 * time.Hour                         // how often the end is moved on
	planMoved  = 2 * schedule.MaxMove * 24 * time.Hour // how far an occurrence can lie from where it was: it may be moved both ways
	planFaulty = time.Minute                           // how long a plan waits whose planning fails
)

// PlanInspections makes the inspections of a plan whose time has come to be looked at,
// for two weeks ahead, and returns how many plans it worked on: one or none. What can
// begin already stays as it was planned; what comes later follows the plan, the calendar
// and the rota as they are now. What no server made while none ran is made good. Servers
// on one database may do it at once: each takes a plan that no other has.
func (s *Service) PlanInspections(ctx context.Context) (plans int, err error) {
	ctx = ent.AsSystem(ctx)
	var id typeid.ControlPlanID
	err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		now := s.now()
		q := tx.ControlPlan.Query().Where(controlplan.ReplanAtLTE(now)).Order(controlplan.ByReplanAt()).Limit(1)
		if s.db.IsPostgres() {
			q.ForUpdate(sql.WithLockAction(sql.SkipLocked))
		}
		due, err := q.All(ctx)
		if err != nil || len(due) == 0 {
			return err
		}
		plans, id = 1, due[0].ID
		return s.planOne(ctx, tx, due[0], now)
	})
	if err == nil {
		return plans, nil
	}
	err = fmt.Errorf("planning inspections: %w", err)
	if !id.IsZero() { // the others shall not wait for it
		later := s.now().Add(planFaulty)
		if failed := s.db.ControlPlan.Update().Where(controlplan.ID(id), controlplan.ReplanAtLTE(s.now())).SetReplanAt(later).Exec(ctx); failed != nil {
			return 0, fmt.Errorf("%w; and putting it off: %w", err, failed)
		}
	}
	return plans, err
}

// planOne brings the inspections of a plan in line with it. The plan's row is locked.
func (s *Service) planOne(ctx context.Context, tx *db.Tx, p *db.ControlPlan, now time.Time) error {
	from := now
	if p.PlannedUntil.Before(now) { // no server has run
		from = p.PlannedUntil
	}
	from = maxTime(from, now.Add(planAhead-schedule.MaxWindow))
	until := now.Add(planAhead)
	w := planning{tx: tx, plan: p, now: now}
	if err := w.read(ctx, from); err != nil {
		return err
	}
	found, err := occurrences(ctx, tx.Client(), p, from, until)
	if err != nil {
		return err
	}
	if err := w.compare(ctx, found); err != nil {
		return err
	}
	changed, err := w.write(ctx)
	if err != nil {
		return err
	}
	update := tx.ControlPlan.UpdateOneID(p.ID).SetPlannedUntil(maxTime(until, p.PlannedUntil)).SetReplanAt(now.Add(planEvery))
	if !p.Active {
		update.ClearReplanAt()
	}
	if err := update.Exec(ctx); err != nil {
		return fmt.Errorf("keeping how far a plan was planned: %w", err)
	}
	if !changed {
		return nil
	}
	_, err = s.events.Append(ctx, tx, planEvent(EventControlPlanPlanned, p, now, "plannedInspections"))
	return err
}

func maxTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// planning compares what was planned with what a plan asks for now.
type planning struct {
	tx      *db.Tx
	plan    *db.ControlPlan
	now     time.Time
	members []string
	last    string // who was chosen last

	begun map[string]string                           // of the occurrences that stay as they are, who was chosen last
	open  map[string]map[string]*db.PlannedInspection // of the others, by occurrence and subject

	creates []*db.PlannedInspectionCreate
	updates []*db.PlannedInspectionUpdateOne
}

// read loads what was planned from a time on, and what an occurrence after that may have
// been before it was moved.
func (w *planning) read(ctx context.Context, from time.Time) (err error) {
	if w.members, err = subjects(ctx, w.tx.Client(), w.plan); err != nil {
		return err
	}
	if w.last, err = lastSubject(ctx, w.tx, w.plan.ID, w.now); err != nil {
		return err
	}
	rows, err := w.tx.PlannedInspection.Query().Where(plannedinspection.PlanID(w.plan.ID), plannedinspection.DueFromGT(from.Add(-planMoved))).
		Order(plannedinspection.ByDueFrom(), plannedinspection.ByPosition()).All(ctx)
	if err != nil {
		return fmt.Errorf("reading what was planned: %w", err)
	}
	w.begun, w.open = map[string]string{}, map[string]map[string]*db.PlannedInspection{}
	for _, row := range rows {
		if row.State != plannedinspection.StatePLANNED || !row.DueFrom.After(w.now) {
			w.begun[row.Occurrence] = row.Subject
			continue
		}
		if w.open[row.Occurrence] == nil {
			w.open[row.Occurrence] = map[string]*db.PlannedInspection{}
		}
		w.open[row.Occurrence][row.Subject] = row
	}
	return nil
}

// lastSubject is who was chosen last for what can begin already.
func lastSubject(ctx context.Context, tx *db.Tx, plan typeid.ControlPlanID, now time.Time) (string, error) {
	rows, err := tx.PlannedInspection.Query().Where(plannedinspection.PlanID(plan), plannedinspection.DueFromLTE(now)).
		Order(plannedinspection.ByDueFrom(sql.OrderDesc()), plannedinspection.ByPosition(sql.OrderDesc())).Limit(1).All(ent.AsSystem(ctx))
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].Subject, nil
}

// compare notes what is to be made and changed. What is not asked for any more is left in
// w.open.
func (w *planning) compare(ctx context.Context, found []schedule.Occurrence) error {
	for _, o := range found {
		if last, begun := w.begun[o.Key]; begun {
			w.last = last
			continue
		}
		for position, subject := range choose(w.plan, o.Key, w.last, w.members) {
			w.last = subject
			old := w.open[o.Key][subject]
			delete(w.open[o.Key], subject)
			if old == nil {
				w.create(o, position, subject)
			} else if !w.same(old, o, position) {
				w.update(old, o, position)
			}
		}
	}
	return ctx.Err()
}

func (w *planning) create(o schedule.Occurrence, position int, subject string) {
	p := w.plan
	create := w.tx.PlannedInspection.Create().SetPlanID(p.ID).SetSiteID(p.SiteID).SetDepartmentID(p.DepartmentID).
		SetOccurrence(o.Key).SetSubject(subject).SetPosition(position).SetResponsibleID(p.ResponsibleID).
		SetDueFrom(o.From.UTC()).SetDueAt(o.Due.UTC()).SetMissAt(o.Miss.UTC()).SetNextAt(o.From.UTC())
	if len(p.People) > 0 {
		person, _ := typeid.Parse[typeid.StaffID](subject)
		create.SetObservedID(person)
	}
	if p.ResponsibleRole != nil {
		create.SetResponsibleRole(plannedinspection.ResponsibleRole(*p.ResponsibleRole))
	}
	w.creates = append(w.creates, create)
}

// same tells whether something is still planned as it was.
func (w *planning) same(old *db.PlannedInspection, o schedule.Occurrence, position int) bool {
	role, was := "", ""
	if w.plan.ResponsibleRole != nil {
		role = string(*w.plan.ResponsibleRole)
	}
	if old.ResponsibleRole != nil {
		was = string(*old.ResponsibleRole)
	}
	return old.DueFrom.Equal(o.From) && old.DueAt.Equal(o.Due) && old.MissAt.Equal(o.Miss) && old.Position == position &&
		old.ResponsibleID == w.plan.ResponsibleID && role == was
}

func (w *planning) update(old *db.PlannedInspection, o schedule.Occurrence, position int) {
	update := w.tx.PlannedInspection.UpdateOneID(old.ID).SetPosition(position).SetResponsibleID(w.plan.ResponsibleID).ClearResponsibleRole().
		SetDueFrom(o.From.UTC()).SetDueAt(o.Due.UTC()).SetMissAt(o.Miss.UTC()).SetNextAt(o.From.UTC())
	if w.plan.ResponsibleRole != nil {
		update.SetResponsibleRole(plannedinspection.ResponsibleRole(*w.plan.ResponsibleRole))
	}
	w.updates = append(w.updates, update)
}

// maxPlannedBulk bounds the rows of one statement.
const maxPlannedBulk = 200

// write takes away what is not asked for any more, and stores the rest.
func (w *planning) write(ctx context.Context) (changed bool, err error) {
	var gone []typeid.PlannedInspectionID
	for _, of := range w.open {
		for _, row := range of {
			gone = append(gone, row.ID)
		}
	}
	future := []predicate.PlannedInspection{plannedinspection.IDIn(gone...), plannedinspection.StateEQ(plannedinspection.StatePLANNED)}
	if len(gone) > 0 {
		if _, err := w.tx.PlannedInspection.Delete().Where(future...).Exec(ctx); err != nil {
			return false, fmt.Errorf("taking away what is not planned any more: %w", err)
		}
	}
	for _, update := range w.updates {
		if err := update.Exec(ctx); err != nil {
			return false, fmt.Errorf("changing what is planned: %w", err)
		}
	}
	for n := 0; n < len(w.creates); n += maxPlannedBulk {
		if err := w.tx.PlannedInspection.CreateBulk(w.creates[n:min(n+maxPlannedBulk, len(w.creates))]...).Exec(ctx); err != nil {
			return false, fmt.Errorf("planning inspections: %w", err)
		}
	}
	return len(gone)+len(w.updates)+len(w.creates) > 0, nil
}

// replanLater lets the plans of a site that are in use be worked out anew, or of one
// department those that go by its rota.
func (s *Service) replanLater(ctx context.Context, tx *db.Tx, of ...predicate.ControlPlan) error {
	err := tx.ControlPlan.Update().Where(append(of, controlplan.Active(true))...).SetReplanAt(s.now()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("letting inspections be planned anew: %w", err)
	}
	return nil
}

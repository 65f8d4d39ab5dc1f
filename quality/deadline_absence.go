package quality

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/absence"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// PlanAbsences tells in some open cases that the person who answers for them, or is
// asked to, is out of office, so that somebody else hears of their deadlines, or is
// back; in one transaction. It returns 0 when there is no more to tell. Who is told of
// a deadline is found out when it is told, so nothing else has to be changed.
func (s *Service) PlanAbsences(ctx context.Context) (done int, err error) {
	ctx = ent.AsSystem(ctx)
	next, err := s.db.Absence.Query().Where(absence.Planned(false)).Order(absence.ByUpdatedAt(), absence.ByID()).FirstID(ctx)
	if db.IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("looking for absences: %w", err)
	}
	err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		q := tx.Absence.Query().Where(absence.ID(next), absence.Planned(false))
		if s.db.IsPostgres() {
			q.ForUpdate(sql.WithLockAction(sql.SkipLocked))
		}
		a, err := q.Only(ctx)
		if db.IsNotFound(err) {
			return nil // another server has it in hand
		}
		if err == nil {
			done, err = s.planAbsence(ctx, tx, a)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("planning for an absence: %w", err)
	}
	return done, nil
}

// planAbsence tells of an absence in some cases, and when there are no more keeps that
// it has been told. The line in a case's timeline is what says that it was told there.
func (s *Service) planAbsence(ctx context.Context, tx *db.Tx, a *db.Absence) (done int, err error) {
	now := s.now()
	action := caseentry.ActionOUT_OF_OFFICE
	concerned := tx.ServiceCase.Query().Where(servicecase.Open(true), servicecase.Or(servicecase.AssigneeID(a.StaffID), servicecase.DispatchedToID(a.StaffID)))
	if !a.UntilAt.After(now) {
		action = caseentry.ActionBACK_IN_OFFICE
		concerned.Where(toldOf(a.ID, caseentry.ActionOUT_OF_OFFICE))
	}
	concerned.Where(servicecase.Not(toldOf(a.ID, action))).Limit(dueBatch)
	some := concerned.Clone()
	if s.db.IsPostgres() {
		some.ForUpdate(sql.WithLockAction(sql.SkipLocked))
	}
	cases, err := some.All(ctx)
	if err != nil {
		return 0, fmt.Errorf("taking the cases of who is absent: %w", err)
	}
	var all []events.Event
	for _, c := range cases {
		var standsIn typeid.StaffID
		if action == caseentry.ActionOUT_OF_OFFICE {
			standsIn = a.DelegateID
		}
		err := tx.CaseEntry.Create().SetCaseID(c.ID).SetKind(caseentry.KindSYSTEM).SetAction(action).SetText("").
			SetAbsenceID(a.ID).SetToStaffID(standsIn).SetAt(now).Exec(ctx)
		if err != nil {
			return 0, fmt.Errorf("telling of an absence in a case's timeline: %w", err)
		}
		all = append(all, caseEvent(EventCaseReplanned, c, now, "entries"))
	}
	if len(all) > 0 {
		_, err = s.events.Append(ctx, tx, all...)
		return len(all), err
	}
	if more, err := concerned.Exist(ctx); err != nil || more { // somebody works on them: later
		return 0, err
	}
	if err := tx.Absence.UpdateOneID(a.ID).SetPlanned(true).Exec(ctx); err != nil {
		return 0, fmt.Errorf("keeping that an absence was told: %w", err)
	}
	return 1, nil
}

// toldOf are the cases with a line of this action about an absence.
func toldOf(a typeid.AbsenceID, action caseentry.Action) predicate.ServiceCase {
	return func(c *sql.Selector) {
		line := sql.Dialect(c.Dialect()).Table(caseentry.Table)
		told := sql.Dialect(c.Dialect()).Select(line.C(caseentry.FieldCaseID)).From(line).
			Where(sql.And(sql.EQ(line.C(caseentry.FieldAbsenceID), a), sql.EQ(line.C(caseentry.FieldAction), action)))
		c.Where(sql.In(c.C(servicecase.FieldID), told))
	}
}

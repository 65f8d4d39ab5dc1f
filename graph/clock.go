package graph

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/absence"
	"github.com/seed-34fcb60d/rounds/ent/db/clocksegment"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/escalation"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

type (
	deadlineResolver     struct{ *Resolver }
	clockSegmentResolver struct{ *Resolver }
	escalationResolver   struct{ *Resolver }
	absenceResolver      struct{ *Resolver }
)

// Deadline resolves the fields of Deadline.
func (r *Resolver) Deadline() generated.DeadlineResolver { return &deadlineResolver{r} }

// ClockSegment resolves the fields of ClockSegment.
func (r *Resolver) ClockSegment() generated.ClockSegmentResolver { return &clockSegmentResolver{r} }

// Escalation resolves the fields of Escalation.
func (r *Resolver) Escalation() generated.EscalationResolver { return &escalationResolver{r} }

// Absence resolves the fields of Absence.
func (r *Resolver) Absence() generated.AbsenceResolver { return &absenceResolver{r} }

// maxClocks bounds the lists of clocks, segments, alerts and absences, which have no pages.
const maxClocks = 100

func deadlineID(d *db.Deadline) typeid.DeadlineID    { return d.ID }
func bounded[T any](rows []T) []T                    { return notNil(rows[:min(maxClocks, len(rows))]) }
func segmentOf(s *db.ClockSegment) typeid.DeadlineID { return s.DeadlineID }

func (r *caseResolver) Clocks(ctx context.Context, obj *db.ServiceCase) ([]*db.Deadline, error) {
	found, err := many(ctx, obj, caseID, func(ids []typeid.CaseID) (map[typeid.CaseID][]*db.Deadline, error) {
		rows, err := r.Database.Deadline.Query().Where(deadline.CaseIDIn(ids...)).Order(deadline.ByStartedAt(), deadline.ByID()).All(ctx)
		return group(rows, func(d *db.Deadline) typeid.CaseID { return d.CaseID }), err
	})
	return bounded(found), err
}

func (r *caseResolver) Escalations(ctx context.Context, obj *db.ServiceCase) ([]*db.Escalation, error) {
	found, err := many(ctx, obj, caseID, func(ids []typeid.CaseID) (map[typeid.CaseID][]*db.Escalation, error) {
		rows, err := r.Database.Escalation.Query().Where(escalation.CaseIDIn(ids...)).
			Order(escalation.ByFiredAt(sql.OrderDesc()), escalation.ByStep(sql.OrderDesc()), escalation.ByID(sql.OrderDesc())).All(ctx)
		return group(rows, func(e *db.Escalation) typeid.CaseID { return e.CaseID }), err
	})
	return bounded(found), err
}

func (r *deadlineResolver) Case(ctx context.Context, obj *db.Deadline) (*db.ServiceCase, error) {
	return one(ctx, obj, func(d *db.Deadline) typeid.CaseID { return d.CaseID }, r.cases())
}

// hours loads the hours of calendars for [many].
func (r *Resolver) hours(ctx context.Context) func([]typeid.CalendarID) (map[typeid.CalendarID]rules.Hours, error) {
	return func(ids []typeid.CalendarID) (map[typeid.CalendarID]rules.Hours, error) {
		return r.Quality.Hours(ctx, ids)
	}
}

func (r *deadlineResolver) Remaining(ctx context.Context, obj *db.Deadline) (time.Duration, error) {
	hours, err := many(ctx, obj, func(d *db.Deadline) typeid.CalendarID { return d.CalendarID }, r.hours(ctx))
	if err != nil {
		return 0, err
	}
	return r.Quality.Remaining(obj, hours)
}

func (r *deadlineResolver) Policy(ctx context.Context, obj *db.Deadline) (*db.DeadlinePolicy, error) {
	return one(ctx, obj, func(d *db.Deadline) typeid.DeadlinePolicyID { return d.PolicyID }, r.deadlinePolicies())
}

func (r *deadlineResolver) PolicyVersion(_ context.Context, obj *db.Deadline) (*int, error) {
	if obj.PolicyID.IsZero() {
		return nil, nil
	}
	return &obj.PolicyVersion, nil
}

func (r *deadlineResolver) Rule(_ context.Context, obj *db.Deadline) (*rules.DeadlineRule, error) {
	rule, err := decoded[rules.DeadlineRule](obj.Rule, obj.ID)
	return &rule, err
}

func (r *deadlineResolver) Segments(ctx context.Context, obj *db.Deadline) ([]*db.ClockSegment, error) {
	found, err := many(ctx, obj, deadlineID, func(ids []typeid.DeadlineID) (map[typeid.DeadlineID][]*db.ClockSegment, error) {
		rows, err := r.Database.ClockSegment.Query().Where(clocksegment.DeadlineIDIn(ids...)).
			Order(clocksegment.ByFromAt(), clocksegment.ByID()).All(ctx)
		return group(rows, segmentOf), err
	})
	return bounded(found), err
}

func (r *deadlineResolver) Escalations(ctx context.Context, obj *db.Deadline) ([]*db.Escalation, error) {
	found, err := many(ctx, obj, deadlineID, func(ids []typeid.DeadlineID) (map[typeid.DeadlineID][]*db.Escalation, error) {
		rows, err := r.Database.Escalation.Query().Where(escalation.DeadlineIDIn(ids...)).Order(escalation.ByStep(sql.OrderDesc())).All(ctx)
		return group(rows, func(e *db.Escalation) typeid.DeadlineID { return e.DeadlineID }), err
	})
	return bounded(found), err
}

func (r *clockSegmentResolver) Calendar(ctx context.Context, obj *db.ClockSegment) (*db.Calendar, error) {
	return one(ctx, obj, func(s *db.ClockSegment) typeid.CalendarID { return s.CalendarID }, r.calendars())
}

func (r *clockSegmentResolver) CountedTime(ctx context.Context, obj *db.ClockSegment) (time.Duration, error) {
	hours, err := many(ctx, obj, func(s *db.ClockSegment) typeid.CalendarID { return s.CalendarID }, r.hours(ctx))
	if err != nil {
		return 0, err
	}
	return r.Quality.CountedTime(obj, hours), nil
}

func (r *escalationResolver) Deadline(ctx context.Context, obj *db.Escalation) (*db.Deadline, error) {
	return one(ctx, obj, func(e *db.Escalation) typeid.DeadlineID { return e.DeadlineID }, r.deadlines())
}

func (r *escalationResolver) Case(ctx context.Context, obj *db.Escalation) (*db.ServiceCase, error) {
	return one(ctx, obj, func(e *db.Escalation) typeid.CaseID { return e.CaseID }, r.cases())
}

func (r *escalationResolver) To(ctx context.Context, obj *db.Escalation) (*db.Staff, error) {
	return one(ctx, obj, func(e *db.Escalation) typeid.StaffID { return e.ToID }, r.staff())
}

func (r *escalationResolver) InsteadOf(ctx context.Context, obj *db.Escalation) (*db.Staff, error) {
	return one(ctx, obj, func(e *db.Escalation) typeid.StaffID { return e.InsteadOfID }, r.staff())
}

func (r *escalationResolver) AcknowledgedBy(ctx context.Context, obj *db.Escalation) (*db.Staff, error) {
	return one(ctx, obj, func(e *db.Escalation) typeid.StaffID { return e.AcknowledgedByID }, r.staff())
}

func (r *staffResolver) Absences(ctx context.Context, obj *db.Staff) ([]*db.Absence, error) {
	found, err := many(ctx, obj, staffID, func(ids []typeid.StaffID) (map[typeid.StaffID][]*db.Absence, error) {
		rows, err := r.Database.Absence.Query().Where(absence.StaffIDIn(ids...), absence.UntilAtGT(r.Quality.Now())).
			Order(absence.ByFromAt(), absence.ByID()).All(ctx)
		return group(rows, func(a *db.Absence) typeid.StaffID { return a.StaffID }), err
	})
	return bounded(found), err
}

func (r *absenceResolver) Staff(ctx context.Context, obj *db.Absence) (*db.Staff, error) {
	return one(ctx, obj, func(a *db.Absence) typeid.StaffID { return a.StaffID }, r.staff())
}

func (r *absenceResolver) Delegate(ctx context.Context, obj *db.Absence) (*db.Staff, error) {
	return one(ctx, obj, func(a *db.Absence) typeid.StaffID { return a.DelegateID }, r.staff())
}

func (r *mutationResolver) CasePromise(ctx context.Context, input quality.PromiseCase) (*model.DeadlinePayload, error) {
	return change(ctx, r.Quality.PromiseCase, input)
}

func (r *mutationResolver) CaseKeepPromise(ctx context.Context, input quality.KeepPromise) (*model.DeadlinePayload, error) {
	return change(ctx, r.Quality.KeepPromise, input)
}

func (r *mutationResolver) DeadlineAcknowledge(ctx context.Context, input quality.AcknowledgeEscalation) (*model.EscalationPayload, error) {
	return change(ctx, r.Quality.AcknowledgeEscalation, input)
}

func (r *mutationResolver) StaffSetAbsence(ctx context.Context, input quality.SetAbsence) (*model.AbsencePayload, error) {
	return change(ctx, r.Quality.SetAbsence, input)
}

func (r *mutationResolver) StaffEndAbsence(ctx context.Context, input quality.EndAbsence) (*model.AbsencePayload, error) {
	return change(ctx, r.Quality.EndAbsence, input)
}

// firstOf checks how many of a list are asked for that shows only its beginning.
func firstOf(first int) error {
	if first < 0 || first > relay.MaxPage {
		return &relay.ArgumentError{Argument: "first", Reason: fmt.Sprintf("must be from 0 to %d", relay.MaxPage)}
	}
	return nil
}

func (r *viewerResolver) Deadlines(ctx context.Context, _ *model.Viewer, first int) ([]*db.Deadline, error) {
	me := ent.ViewerFrom(ctx).Staff
	if err := firstOf(first); err != nil || me.IsZero() || first == 0 {
		return []*db.Deadline{}, err
	}
	answered, asked := servicecase.AssigneeID(me), servicecase.DispatchedToID(me)
	rows, err := r.Database.Deadline.Query().Where(deadline.EndedAtIsNil(),
		deadline.HasCaseWith(servicecase.Open(true), servicecase.Or(answered, asked)), // by whose indexes they are found
		deadline.Or(
			deadline.And(deadline.TargetNEQ(deadline.TargetACCEPT), deadline.HasCaseWith(servicecase.Open(true), answered)),
			deadline.And(deadline.TargetEQ(deadline.TargetACCEPT), deadline.HasCaseWith(servicecase.Open(true), asked)),
		)).Order(deadline.ByDueAt(), deadline.ByID()).Limit(first).All(ctx)
	return siblings.Together(rows), err
}

func (r *viewerResolver) Alerts(ctx context.Context, _ *model.Viewer, first int) ([]*db.Escalation, error) {
	me := ent.ViewerFrom(ctx).Staff
	if err := firstOf(first); err != nil || me.IsZero() || first == 0 {
		return []*db.Escalation{}, err
	}
	rows, err := r.Database.Escalation.Query().
		Where(escalation.ToID(me), escalation.AcknowledgedAtIsNil(), escalation.HasDeadlineWith(deadline.EndedAtIsNil())).
		Order(escalation.ByFiredAt(sql.OrderDesc()), escalation.ByID(sql.OrderDesc())).Limit(first).All(ctx)
	return siblings.Together(rows), err
}

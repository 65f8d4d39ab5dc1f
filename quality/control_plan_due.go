package quality

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
	"github.com/seed-34fcb60d/rounds/quality/rules/schedule"
)

// occurrences are those of a plan that can begin from a moment on, and before another,
// while the plan holds: by its rule on the department's calendar, or at the department's
// shifts. The error is a [*schedule.PlanError], or [calendar.ErrNeverOpens].
func occurrences(ctx context.Context, client *db.Client, p *db.ControlPlan, from, to time.Time) ([]schedule.Occurrence, error) {
	hours, _, err := calendarOf(ctx, client, p.SiteID, p.DepartmentID)
	if err != nil {
		return nil, err
	}
	if p.ActiveFrom.After(from) {
		from = p.ActiveFrom
	}
	if p.ActiveUntil != nil && p.ActiveUntil.Before(to) {
		to = *p.ActiveUntil
	}
	if !p.Active || !from.Before(to) {
		to = from // nothing; what is wrong with the rule is told all the same
	}
	if p.AtShifts {
		stretches, err := stretchesOf(ctx, client, p.DepartmentID, from, to)
		if err != nil {
			return nil, err
		}
		return schedule.AtShifts(hours, p.Grace, stretches, from, to)
	}
	starts, err := calendar.ParseDate(p.StartsOn)
	if err != nil {
		return nil, &schedule.PlanError{Codes: []schedule.Code{schedule.StartRange}}
	}
	rule := ""
	if p.Rule != nil {
		rule = *p.Rule
	}
	due, err := schedule.New(schedule.Plan{Rule: rule, Start: starts, At: calendar.TimeOfDay(p.AtMinute),
		Closed: schedule.Closed(p.OnClosedDay), Limits: schedule.Limits{Within: p.Within, Grace: p.Grace}})
	if err != nil {
		return nil, err
	}
	return due.Occurrences(hours, from, to)
}

// stretchesOf are the shifts of a department, each once however many serve in it: people
// who are together are inspected together. Its key stays when one of them swaps.
func stretchesOf(ctx context.Context, client *db.Client, d typeid.DepartmentID, from, to time.Time) ([]schedule.Shift, error) {
	rows, err := client.Shift.Query().Where(shift.DepartmentID(d), shift.StartsAtGTE(from), shift.StartsAtLT(to), shift.Cancelled(false)).
		Order(shift.ByStartsAt(), shift.ByID()).All(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("reading the shifts of a department: %w", err)
	}
	var found []schedule.Shift
	place := map[string]int{}
	for _, row := range rows {
		id := row.Group + "@" + row.StartsAt.UTC().Format(time.RFC3339)
		n, known := place[id]
		if !known {
			place[id] = len(found)
			found = append(found, schedule.Shift{ID: id, Start: row.StartsAt, End: row.EndsAt})
		} else if row.EndsAt.After(found[n].End) {
			found[n].End = row.EndsAt
		}
	}
	return found, nil
}

// subjects are the places or people of whom an occurrence looks at some. Who has left is
// none of them.
func subjects(ctx context.Context, client *db.Client, p *db.ControlPlan) ([]string, error) {
	if len(p.People) == 0 {
		return p.Places, nil
	}
	here, err := client.Staff.Query().Where(staff.IDIn(p.People...), staff.Active(true)).IDs(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("reading the people of a control plan: %w", err)
	}
	ids := make([]string, len(here))
	for n, id := range here {
		ids[n] = id.String()
	}
	return ids, nil
}

// choose returns whom of the members an occurrence looks at; one without a name where
// the plan has none, which is the department as a whole. last is who was chosen last.
func choose(p *db.ControlPlan, key, last string, members []string) []string {
	if len(p.Places)+len(p.People) == 0 {
		return []string{""}
	}
	return schedule.Sampling{Method: schedule.Method(p.SampleMethod), Size: p.SampleSize, Seed: uint64(p.Seed)}.Choose(key, last, members)
}

// sampled is of how many members an occurrence looks at.
func sampled(p *db.ControlPlan, members int) int {
	if p.SampleSize == 0 {
		return members
	}
	return min(p.SampleSize, members)
}

// PreviewControlPlan asks what a plan would come to.
type PreviewControlPlan struct {
	ID           *typeid.ControlPlanID // this, or the next two
	DepartmentID *typeid.DepartmentID
	Plan         *PlanDetails
	Weeks        int
}

// ControlPlanPreview is an occurrence that a plan would come to.
type ControlPlanPreview struct {
	Key                 string
	From, DueAt, MissAt time.Time
	Moved               bool
	Places              []string
	People              []*db.Staff // whom the viewer sees
}

const (
	maxPreviewWeeks = 8
	maxPreviewed    = 1_000 // inspections
)

// PreviewControlPlan says what a plan that there is, or one that was not saved, comes to
// in the next weeks; nil for a plan or department that is not the viewer's to see. It
// shows the first thousand inspections.
func (s *Service) PreviewControlPlan(ctx context.Context, in PreviewControlPlan) ([]*ControlPlanPreview, error) {
	if in.Weeks < 1 || in.Weeks > maxPreviewWeeks {
		return nil, reject(Invalid, text(fmt.Sprintf("A preview is of 1 to %d weeks.", maxPreviewWeeks), fmt.Sprintf("预览范围为 1 至 %d 周。", maxPreviewWeeks)), "weeks")
	}
	var out []*ControlPlanPreview
	// Nothing is written: the transaction shows all as of one moment.
	err := ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		p, last, err := s.previewed(ctx, tx, in)
		if err == nil {
			out, err = expand(ctx, tx.Client(), p, last, s.now(), s.now().AddDate(0, 0, 7*in.Weeks))
		}
		return err
	})
	var refused Rejection
	if errors.As(err, &refused) && refused[0].Kind == NotFound && len(refused[0].Path) == 1 {
		return nil, nil
	}
	return out, err
}

// previewed is the plan to preview, and who of it was inspected last.
func (s *Service) previewed(ctx context.Context, tx *db.Tx, in PreviewControlPlan) (*db.ControlPlan, string, error) {
	switch {
	case (in.ID == nil) == (in.Plan == nil) || (in.Plan == nil) != (in.DepartmentID == nil):
		return nil, "", reject(Required, text("Say a plan that there is, or a department and what its plan might say.", "请指定已有的策划表，或部门及策划内容。"), "id")
	case in.ID != nil:
		p, err := tx.ControlPlan.Get(ctx, *in.ID)
		if err := seen(p, err)("id"); err != nil {
			return nil, "", err
		}
		last, err := lastSubject(ctx, tx, p.ID, s.now())
		return p, last, err
	}
	d, err := tx.Department.Get(ctx, *in.DepartmentID)
	if err := seen(d, err)("departmentId"); err != nil {
		return nil, "", err
	}
	if err := mayPlan(ent.ViewerFrom(ctx), d.SiteID, d.ID); err != nil {
		return nil, "", err
	}
	if err := in.Plan.check(ctx, tx, d, s.now()); err != nil {
		return nil, "", err
	}
	p, err := in.Plan.record(d)
	return p, "", err
}

// expand lists what a plan comes to between two times.
func expand(ctx context.Context, client *db.Client, p *db.ControlPlan, last string, from, to time.Time) ([]*ControlPlanPreview, error) {
	found, err := occurrences(ctx, client, p, from, to)
	if err != nil {
		return nil, refusedSchedule(err)
	}
	members, err := subjects(ctx, client, p)
	if err != nil {
		return nil, err
	}
	people, err := client.Staff.Query().Where(staff.IDIn(p.People...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the people of a control plan: %w", err)
	}
	known := map[string]*db.Staff{}
	for _, person := range siblings.Together(people) {
		person.Unwrap()
		known[person.ID.String()] = person
	}
	out, shown := []*ControlPlanPreview{}, 0
	for _, o := range found {
		chosen := choose(p, o.Key, last, members)
		if shown += len(chosen); shown > maxPreviewed {
			break
		}
		one := &ControlPlanPreview{Key: o.Key, From: o.From, DueAt: o.Due, MissAt: o.Miss, Moved: o.Moved, Places: []string{}, People: []*db.Staff{}}
		for _, subject := range chosen {
			last = subject
			if person := known[subject]; person != nil {
				one.People = append(one.People, person)
			} else if subject != "" && len(p.People) == 0 {
				one.Places = append(one.Places, subject)
			}
		}
		out = append(out, one)
	}
	return out, nil
}

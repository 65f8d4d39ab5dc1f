package quality

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/db/teachingcase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// SelectTeachingCase is a case from which others shall learn.
type SelectTeachingCase struct {
	IdempotencyKey *string
	CaseID         typeid.CaseID
	Month          string
	Title          string
	Lesson         string
}

// SelectTeachingCase selects a past case as a teaching case of a month (R-CASE-16). What
// it says is for everybody at the site, so it must not say whose case it was.
func (s *Service) SelectTeachingCase(ctx context.Context, in SelectTeachingCase) (*Change[*db.TeachingCase], error) {
	return run(ctx, s, useCase[*db.TeachingCase]{
		area: ent.Cases, name: "teachingCaseSelect", key: in.IdempotencyKey, in: in, read: s.readTeachingCase,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.TeachingCase], error) {
			var none effect[*db.TeachingCase]
			c, err := tx.ServiceCase.Get(ctx, in.CaseID)
			if err := seen(c, err)("caseId"); err != nil {
				return none, err
			}
			if err := maySelect(ent.ViewerFrom(ctx)); err != nil {
				return none, err
			}
			if c.Status != servicecase.StatusCLOSED {
				return none, reject(Rejected, text("Only a closed case is selected.", "只能选用已关闭的个案。"), "caseId")
			}
			now := s.now()
			var bad check
			month, err := time.Parse(time.DateOnly, in.Month)
			if err != nil || month.Day() != 1 || month.Before(earliest) || month.After(now.AddDate(0, 0, 1)) {
				bad.add(Invalid, "This must be the first day of a month that has begun.", "必须是已开始月份的第一天。", "month")
			}
			if err := checkLesson(ctx, tx, &bad, c, &in.Title, &in.Lesson); err != nil {
				return none, err
			}
			if bad.err() != nil {
				return none, bad.err()
			}
			known, err := tx.TeachingCase.Query().Where(teachingcase.CaseID(c.ID), teachingcase.Month(in.Month)).Exist(ent.AsSystem(ctx))
			if err != nil {
				return none, fmt.Errorf("looking up a teaching case: %w", err)
			}
			if known {
				return none, reject(Duplicate, text("The case was selected for this month already.", "该个案已被选为本月的教学案例。"), "caseId")
			}
			t, err := tx.TeachingCase.Create().SetCaseID(c.ID).SetSiteID(c.SiteID).SetDepartmentID(c.DepartmentID).SetMonth(in.Month).
				SetTitle(in.Title).SetLesson(in.Lesson).SetSelectedByID(ent.ViewerFrom(ctx).Staff).SetSelectedAt(now).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("selecting a teaching case: %w", err)
			}
			return teachingCaseChanged(t, EventTeachingCaseSelected, now), nil
		},
	})
}

// ReviseTeachingCase is what a teaching case shall say.
type ReviseTeachingCase struct {
	IdempotencyKey   *string
	ID               typeid.TeachingCaseID
	ExpectedRevision int
	Title            string
	Lesson           string
}

// ReviseTeachingCase writes anew what is to be learned from a teaching case.
func (s *Service) ReviseTeachingCase(ctx context.Context, in ReviseTeachingCase) (*Change[*db.TeachingCase], error) {
	return run(ctx, s, useCase[*db.TeachingCase]{
		area: ent.Cases, name: "teachingCaseRevise", key: in.IdempotencyKey, in: in, read: s.readTeachingCase,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.TeachingCase], error) {
			var none effect[*db.TeachingCase]
			t, err := tx.TeachingCase.Get(ctx, in.ID)
			if err := seen(t, err)("id"); err != nil {
				return none, err
			}
			if err := maySelect(ent.ViewerFrom(ctx)); err != nil {
				return none, err
			}
			if t.Revision != in.ExpectedRevision {
				return none, conflict()
			}
			c, err := tx.ServiceCase.Get(ent.AsSystem(ctx), t.CaseID)
			if err != nil {
				return none, fmt.Errorf("reading the case of a teaching case: %w", err)
			}
			var bad check
			if err := checkLesson(ctx, tx, &bad, c, &in.Title, &in.Lesson); err != nil {
				return none, err
			}
			if bad.err() != nil {
				return none, bad.err()
			}
			now := s.now()
			t, err = tx.TeachingCase.UpdateOneID(t.ID).Where(teachingcase.Revision(in.ExpectedRevision)).AddRevision(1).SetUpdatedAt(now).
				SetTitle(in.Title).SetLesson(in.Lesson).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a teaching case: %w", err)
			}
			return teachingCaseChanged(t, EventTeachingCaseRevised, now, "title", "lesson", "revision"), nil
		},
	})
}

// maySelect allows to keep teaching cases to the quality office and those above it.
func maySelect(v ent.Viewer) error {
	officers := []staff.Role{staff.RoleQUALITY_OFFICER, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR, ent.Integrator}
	if slices.Contains(officers, v.Role) {
		return nil
	}
	return forbidden(text("Only the quality office may do this.", "只有质量管理部门可以执行此操作。"))
}

// contactData is what an e-mail address or a telephone number looks like.
var contactData = regexp.MustCompile(`[^\s@]+@[^\s@]+\.[^\s@]+|\+?\d(?:[ \-./()]*\d){6,}`)

// checkLesson checks texts that everybody may read: they must not tell who the customer
// of the case is.
func checkLesson(ctx context.Context, tx *db.Tx, bad *check, c *db.ServiceCase, title, lesson *string) error {
	bad.line(title, maxSubject, "title")
	bad.text(lesson, maxProse, "lesson")
	name := ""
	if !c.CustomerID.IsZero() {
		customer, err := tx.Customer.Get(ent.AsSystem(ctx), c.CustomerID)
		if err != nil {
			return fmt.Errorf("reading the customer of a teaching case: %w", err)
		}
		name = strings.ToLower(customer.Name)
	}
	for path, said := range map[string]string{"title": *title, "lesson": *lesson} {
		if contactData.MatchString(said) {
			bad.add(Invalid, "Everybody reads this: it must not hold telephone numbers or e-mail addresses.", "所有人都可阅读，不能包含电话号码或电子邮箱。", path)
		}
		if name != "" && strings.Contains(strings.ToLower(said), name) {
			bad.add(Invalid, "Everybody reads this: it must not name the customer.", "所有人都可阅读，不能出现客户姓名。", path)
		}
	}
	return nil
}

func (s *Service) readTeachingCase(ctx context.Context, ids []string) (*db.TeachingCase, error) {
	id, _ := typeid.Parse[typeid.TeachingCaseID](ids[0])
	return s.db.TeachingCase.Get(ctx, id)
}

func teachingCaseChanged(t *db.TeachingCase, event string, now time.Time, changed ...string) effect[*db.TeachingCase] {
	return effect[*db.TeachingCase]{object: t.Unwrap(), ids: []string{t.ID.String()}, events: []events.Event{teachingCaseEvent(event, t, now, changed...)}}
}

func teachingCaseEvent(kind string, t *db.TeachingCase, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: t.ID.String(), Changed: changed, At: now, Site: t.SiteID, Department: t.DepartmentID, Owner: t.SelectedByID}
}

package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisalscheme"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/indicator"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// RunAppraisals calculates the appraisals of a department's people.
type RunAppraisals struct {
	IdempotencyKey *string
	Scheme         string
	DepartmentID   typeid.DepartmentID
	Day            string // any day of the period, such as "2026-10-15"
}

// maxAppraised bounds the people of one run.
const maxAppraised = 500

// RunAppraisals calculates the appraisals of a department's people for a period
// from the records of that period (R-APP-2). Drafts are calculated anew; what was
// approved stays as it is (R-APP-6).
func (s *Service) RunAppraisals(ctx context.Context, in RunAppraisals) (*Change[[]*db.Appraisal], error) {
	return run(ctx, s, useCase[[]*db.Appraisal]{
		area: ent.Appraisals, name: "appraisalRun", key: in.IdempotencyKey, in: in, read: s.readAppraisals,
		apply: func(ctx context.Context, tx *db.Tx) (effect[[]*db.Appraisal], error) {
			var e effect[[]*db.Appraisal]
			r, err := s.appraisalRun(ctx, tx, in)
			if err != nil {
				return e, err
			}
			measured, err := measure(ctx, tx, r)
			if err != nil {
				return e, err
			}
			for _, person := range r.people {
				a, err := r.appraise(ctx, tx, person, measured[person.ID])
				if err != nil {
					return e, fmt.Errorf("storing an appraisal: %w", err)
				}
				if a == nil { // approved before
					continue
				}
				e.object = append(e.object, a.Unwrap())
				e.ids = append(e.ids, a.ID.String())
				e.events = append(e.events, appraisalEvent(EventAppraisalRun, a, r.now, "score", "results", "runAt", "revision"))
				if a.Score == nil && e.warnings == nil {
					e.warnings = []Warning{{IncompleteData, text("Some people have no records in this period.", "部分员工在该期间没有数据。")}}
				}
			}
			if len(e.object) == 0 {
				return e, reject(Rejected, text("There is nobody to appraise: nobody works here, or all appraisals of the period are approved.",
					"没有可考核的人员：该部门无在职员工，或该期间的考核均已审批。"), "departmentId")
			}
			return e, nil
		},
	})
}

// runOf is one run: whom, by what, for when.
type runOf struct {
	scheme     *db.AppraisalScheme
	indicators []*db.Indicator
	people     []*db.Staff
	start, end time.Time
	now        time.Time
}

func (s *Service) appraisalRun(ctx context.Context, tx *db.Tx, in RunAppraisals) (runOf, error) {
	r := runOf{now: s.now()}
	var bad check
	bad.text(&in.Scheme, maxCode, "scheme")
	err := bad.err()
	if err != nil {
		return r, err
	}
	r.scheme, err = tx.AppraisalScheme.Query().Where(appraisalscheme.Code(in.Scheme)).Only(ctx)
	if err := seen(r.scheme, err)("scheme"); err != nil {
		return r, err
	}
	d, err := tx.Department.Query().Where(department.ID(in.DepartmentID)).WithSite().Only(ctx)
	if err := seen(d, err)("departmentId"); err != nil {
		return r, err
	}
	if !mayAppraise(ent.ViewerFrom(ctx), d.SiteID, d.ID) {
		return r, forbidden(text("Only who answers for the department, or human resources, may appraise its people.",
			"只有部门负责人或人力资源可以考核该部门员工。"))
	}
	loc, err := time.LoadLocation(d.Edges.Site.TimeZone)
	if err != nil {
		return r, fmt.Errorf("reading a site's time zone: %w", err)
	}
	day, err := time.Parse(time.DateOnly, in.Day)
	if err != nil {
		return r, reject(Invalid, text("This is not a day: write YYYY-MM-DD.", "日期格式应为 YYYY-MM-DD。"), "day")
	}
	r.start, r.end = rules.Period(r.scheme.Period, day.Year(), day.Month(), loc)
	if r.start.Before(earliest) {
		return r, reject(Invalid, text("Records begin with the year 1970.", "记录始于 1970 年。"), "day")
	}
	if r.start.After(r.now) {
		return r, reject(Invalid, text("The period has not begun.", "该期间尚未开始。"), "day")
	}
	r.indicators, err = tx.Indicator.Query().Where(indicator.SchemeID(r.scheme.ID)).Order(db.Asc(indicator.FieldPosition)).All(ctx)
	if err != nil {
		return r, fmt.Errorf("reading a scheme's indicators: %w", err)
	}
	r.people, err = tx.Staff.Query().Where(staff.DepartmentID(d.ID), staff.Active(true)).
		Order(db.Asc(staff.FieldID)).Limit(maxAppraised + 1).All(ctx)
	if err != nil {
		return r, fmt.Errorf("reading a department's staff: %w", err)
	}
	if len(r.people) > maxAppraised {
		return r, reject(TooLong, text(fmt.Sprintf("The department has more than %d people: appraise the departments below it.", maxAppraised),
			fmt.Sprintf("该部门超过 %d 人，请按下级部门分别考核。", maxAppraised)), "departmentId")
	}
	return r, nil
}

// mayAppraise reports whether the viewer may appraise people of a department.
func mayAppraise(v ent.Viewer, site typeid.SiteID, d typeid.DepartmentID) bool {
	switch v.Role {
	case staff.RoleTEAM_LEAD, staff.RoleDEPARTMENT_MANAGER:
		return slices.Contains(v.Departments, d)
	case staff.RoleSITE_MANAGER:
		return v.Site == site
	case staff.RoleHUMAN_RESOURCES, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR:
		return true
	default:
		return false
	}
}

// appraise stores a person's draft; nil if the appraisal is approved already.
func (r runOf) appraise(ctx context.Context, tx *db.Tx, person *db.Staff, samples map[indicator.Measure]sample) (*db.Appraisal, error) {
	results := make([]rules.IndicatorResult, len(r.indicators))
	for n, i := range r.indicators {
		results[n] = samples[i.Measure].result(i)
	}
	body, err := json.Marshal(results)
	if err != nil {
		return nil, err
	}
	score := rules.Score(results)
	known, err := tx.Appraisal.Query().Where(appraisal.SchemeID(r.scheme.ID), appraisal.StaffID(person.ID),
		appraisal.PeriodStart(r.start.Format(time.DateOnly))).Only(ent.AsSystem(ctx))
	switch {
	case db.IsNotFound(err):
		return tx.Appraisal.Create().SetSchemeID(r.scheme.ID).SetStaffID(person.ID).SetSiteID(person.SiteID).
			SetDepartmentID(person.DepartmentID).SetPeriodStart(r.start.Format(time.DateOnly)).SetPeriodEnd(r.end.AddDate(0, 0, -1).Format(time.DateOnly)).
			SetNillableScore(score).SetResults(body).SetRunAt(r.now).SetUpdatedAt(r.now).Save(ctx)
	case err != nil:
		return nil, err
	case known.Status == appraisal.StatusAPPROVED:
		return nil, nil
	}
	update := known.Update().Where(appraisal.StatusEQ(appraisal.StatusDRAFT)).AddRevision(1).SetUpdatedAt(r.now).
		SetResults(body).SetRunAt(r.now).ClearScore()
	if score != nil {
		update.SetScore(*score)
	}
	a, err := update.Save(ctx)
	if db.IsNotFound(err) { // approved a moment ago
		return nil, nil
	}
	return a, err
}

func (s *Service) readAppraisals(ctx context.Context, ids []string) ([]*db.Appraisal, error) {
	keys := make([]typeid.AppraisalID, len(ids))
	for n, id := range ids {
		keys[n], _ = typeid.Parse[typeid.AppraisalID](id)
	}
	return s.db.Appraisal.Query().Where(appraisal.IDIn(keys...)).Order(db.Asc(appraisal.FieldStaffID)).All(ctx)
}

// appraisalEvent is an event of an appraisal. It is visible to the person and to
// those above.
func appraisalEvent(kind string, a *db.Appraisal, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: a.ID.String(), Changed: changed, At: now,
		Site: a.SiteID, Department: a.DepartmentID, Owner: a.StaffID}
}

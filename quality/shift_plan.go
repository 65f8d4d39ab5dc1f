package quality

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// PlanRota is a part of a department's rota: on each of the days, each of the duties.
type PlanRota struct {
	IdempotencyKey *string
	DepartmentID   typeid.DepartmentID
	Days           []string
	Duties         []PlannedDuty
}

// PlannedDuty says who serves together from when to when, by the clock of the site.
type PlannedDuty struct {
	Group    string
	From, To string
	People   []typeid.StaffID
}

// Bounds of one plan.
const (
	maxRotaDays   = 62
	maxRotaDuties = 20
	maxRotaPeople = 100 // of one duty
	maxRotaShifts = 500
)

// PlanRota adds shifts to a department's rota (R-ORG-5): all of them, or none where
// one of the people would be on duty twice at a time.
func (s *Service) PlanRota(ctx context.Context, in PlanRota) (*Change[[]*db.Shift], error) {
	return run(ctx, s, useCase[[]*db.Shift]{
		area: ent.Organisation, name: "rotaPlan", key: in.IdempotencyKey, in: in, read: s.readShifts,
		apply: func(ctx context.Context, tx *db.Tx) (effect[[]*db.Shift], error) {
			var e effect[[]*db.Shift]
			d, err := tx.Department.Query().Where(department.ID(in.DepartmentID)).WithSite().Only(ctx)
			if err := seen(d, err)("departmentId"); err != nil {
				return e, err
			}
			if err := mayRota(ent.ViewerFrom(ctx), d.SiteID, d.ID); err != nil {
				return e, err
			}
			zone, err := time.LoadLocation(d.Edges.Site.TimeZone)
			if err != nil {
				return e, fmt.Errorf("reading a site's time zone: %w", err)
			}
			lines, err := rotaLines(in, zone, s.now())
			if err != nil {
				return e, err
			}
			if err := checkRotaPeople(ctx, tx, in, d.SiteID); err != nil {
				return e, err
			}
			if err := s.refuseBusy(ctx, tx, lines); err != nil {
				return e, err
			}
			now := s.now()
			creates := make([]*db.ShiftCreate, len(lines))
			for n, l := range lines {
				creates[n] = tx.Shift.Create().SetSiteID(d.SiteID).SetDepartmentID(d.ID).SetStaffID(l.person).SetGroup(l.group).
					SetStartsAt(l.Start).SetEndsAt(l.End).SetCreatedAt(now).SetUpdatedAt(now)
			}
			if e.object, err = tx.Shift.CreateBulk(creates...).Save(ctx); err != nil {
				return e, fmt.Errorf("planning shifts: %w", err)
			}
			if err := s.replanLater(ctx, tx, controlplan.DepartmentID(d.ID), controlplan.AtShifts(true)); err != nil {
				return e, err
			}
			for _, made := range e.object {
				made.Unwrap()
				e.ids = append(e.ids, made.ID.String())
				e.events = append(e.events, shiftEvent(EventShiftPlanned, made, now))
			}
			return e, nil
		},
	})
}

func (s *Service) readShifts(ctx context.Context, ids []string) ([]*db.Shift, error) {
	parsed := make([]typeid.ShiftID, len(ids))
	for n, id := range ids {
		parsed[n], _ = typeid.Parse[typeid.ShiftID](id)
	}
	shifts, err := s.db.Shift.Query().Where(shift.IDIn(parsed...)).All(ctx)
	slices.SortFunc(shifts, func(a, b *db.Shift) int {
		return slices.Index(parsed, a.ID) - slices.Index(parsed, b.ID)
	})
	return shifts, err
}

// rotaLine is a shift to be made, and where it stands in the input.
type rotaLine struct {
	rules.Duty
	group  string
	person typeid.StaffID
	path   []string
}

// rotaAhead is how far ahead a rota is planned; a later day is a slip.
const rotaAhead = 2 * 366 * 24 * time.Hour

// rotaLines checks a plan and writes it out, day by day.
func rotaLines(in PlanRota, zone *time.Location, now time.Time) ([]rotaLine, error) {
	var bad check
	bad.elements(len(in.Days), maxRotaDays, "days")
	bad.elements(len(in.Duties), maxRotaDuties, "duties")
	for n := range in.Duties {
		duty := &in.Duties[n]
		bad.line(&duty.Group, maxGroup, "duties", strconv.Itoa(n), "group")
		bad.elements(len(duty.People), maxRotaPeople, "duties", strconv.Itoa(n), "people")
		if _, _, ok := rules.ShiftHours(time.Time{}, duty.From, duty.To, zone); !ok {
			bad.add(Invalid, "Times of the clock are written HH:MM, such as 08:00.", "时间格式应为 HH:MM，例如 08:00。", "duties", strconv.Itoa(n))
		}
	}
	if bad.err() != nil {
		return nil, bad.err()
	}
	var lines []rotaLine
	for i, text := range in.Days {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil || day.Before(earliest) || day.After(now.Add(rotaAhead)) {
			bad.add(Invalid, "A rota has days from 1970 to two years ahead, written YYYY-MM-DD.", "排班日期应在 1970 年至两年后之间，格式为 YYYY-MM-DD。", "days", strconv.Itoa(i))
			continue
		}
		for n, duty := range in.Duties {
			start, end, _ := rules.ShiftHours(day, duty.From, duty.To, zone)
			for k, person := range duty.People {
				lines = append(lines, rotaLine{rules.Duty{Start: start, End: end}, duty.Group, person,
					[]string{"duties", strconv.Itoa(n), "people", strconv.Itoa(k)}})
			}
		}
	}
	if len(lines) > maxRotaShifts {
		bad.add(TooLong, fmt.Sprintf("This would be %d shifts; at most %d can be planned at once.", len(lines), maxRotaShifts),
			fmt.Sprintf("共 %d 个班次，一次最多安排 %d 个。", len(lines), maxRotaShifts), "duties")
	}
	return lines, bad.err()
}

// checkRotaPeople checks that all people of a plan work at the site.
func checkRotaPeople(ctx context.Context, tx *db.Tx, in PlanRota, site typeid.SiteID) error {
	var ids []typeid.StaffID
	for _, duty := range in.Duties {
		ids = append(ids, duty.People...)
	}
	known, err := tx.Staff.Query().Where(staff.IDIn(ids...), staff.SiteID(site), staff.Active(true)).IDs(ctx)
	if err != nil {
		return fmt.Errorf("looking up the people of a rota: %w", err)
	}
	var bad check
	for n, duty := range in.Duties {
		for k, id := range duty.People {
			if !slices.Contains(known, id) {
				bad.add(NotFound, "Nobody who works at this site has this id.", "该营业点没有此在职员工。", "duties", strconv.Itoa(n), "people", strconv.Itoa(k))
			}
		}
	}
	return bad.err()
}

// refuseBusy refuses lines by which somebody would be on duty twice at a time, by
// this plan alone or beside the shifts that there are.
func (s *Service) refuseBusy(ctx context.Context, tx *db.Tx, lines []rotaLine) error {
	duties := map[typeid.StaffID][]rules.Duty{}
	from, to := lines[0].Start, lines[0].End
	for _, l := range lines {
		duties[l.person] = nil
		if l.Start.Before(from) {
			from = l.Start
		}
		if l.End.After(to) {
			to = l.End
		}
	}
	people := make([]typeid.StaffID, 0, len(duties))
	for id := range duties {
		people = append(people, id)
	}
	if err := s.lockPeople(ctx, tx, people...); err != nil {
		return err
	}
	known, err := tx.Shift.Query().Where(shift.StaffIDIn(people...), shift.Cancelled(false),
		shift.StartsAtGT(from.Add(-rules.LongestShift)), shift.StartsAtLT(to)).All(ent.AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("looking for the people's other shifts: %w", err)
	}
	for _, k := range known {
		duties[k.StaffID] = append(duties[k.StaffID], rules.Duty{Start: k.StartsAt, End: k.EndsAt})
	}
	for _, l := range lines {
		if slices.ContainsFunc(duties[l.person], l.Overlaps) {
			return onDutyAlready(l.path...)
		}
		duties[l.person] = append(duties[l.person], l.Duty)
	}
	return nil
}

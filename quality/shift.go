package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// maxGroup bounds the name of a group on duty, in characters.
const maxGroup = 40

func (s *Service) readShift(ctx context.Context, ids []string) (*db.Shift, error) {
	id, _ := typeid.Parse[typeid.ShiftID](ids[0])
	return s.db.Shift.Get(ctx, id)
}

// shiftEvent is an event of the rota, which everybody at the site may read.
func shiftEvent(kind string, of *db.Shift, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: of.ID.String(), Changed: changed, At: now,
		Site: of.SiteID, Department: of.DepartmentID, Owner: of.StaffID}
}

// answersFor reports whether the viewer decides about the work of a department.
func answersFor(v ent.Viewer, site typeid.SiteID, d typeid.DepartmentID) bool {
	switch v.Role {
	case staff.RoleTEAM_LEAD, staff.RoleDEPARTMENT_MANAGER:
		return slices.Contains(v.Departments, d)
	case staff.RoleSITE_MANAGER:
		return v.Site == site
	case staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR:
		return true
	case ent.Integrator:
		return v.Site.IsZero() || v.Site == site
	default:
		return false
	}
}

// mayRota allows changes of a department's rota to who answers for the department.
func mayRota(v ent.Viewer, site typeid.SiteID, d typeid.DepartmentID) error {
	if answersFor(v, site, d) {
		return nil
	}
	return forbidden(text("Only who answers for the department may change its rota.", "只有部门负责人可以更改该部门的排班。"))
}

// lockPeople lets others who change the rota of the same people wait, so that nobody is
// planned twice at a time by two changes that do not see each other. SQLite has one
// writer anyway.
func (s *Service) lockPeople(ctx context.Context, tx *db.Tx, people ...typeid.StaffID) error {
	if !s.db.IsPostgres() {
		return nil
	}
	// All in the same order, so that nobody waits for another.
	_, err := tx.Staff.Query().Where(staff.IDIn(people...)).Order(staff.ByID()).ForUpdate().All(ent.AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("locking the people of a rota: %w", err)
	}
	return nil
}

// refuseOverlap refuses a duty that has time in common with another shift of the
// person's, but for those that are about to be given away.
func refuseOverlap(ctx context.Context, tx *db.Tx, person typeid.StaffID, duty rules.Duty, path []string, but ...typeid.ShiftID) error {
	busy, err := tx.Shift.Query().Where(shift.StaffID(person), shift.Cancelled(false),
		shift.StartsAtGT(duty.Start.Add(-rules.LongestShift)), shift.StartsAtLT(duty.End), shift.EndsAtGT(duty.Start),
		shift.IDNotIn(but...)).Exist(ent.AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("looking for a person's other shifts: %w", err)
	}
	if busy {
		return onDutyAlready(path...)
	}
	return nil
}

func onDutyAlready(path ...string) error {
	return reject(Rejected, text("This person is on duty at that time already.", "该员工在此时段已有排班。"), path...)
}

// maxOnDuty bounds the people of a department who serve at once.
const maxOnDuty = 200

// OnDuty returns who serves in each of the departments at a moment (nil for now), by
// the rota as the viewer may read it: each person once.
func (s *Service) OnDuty(ctx context.Context, departments []typeid.DepartmentID, at *time.Time) (map[typeid.DepartmentID][]typeid.StaffID, error) {
	when := s.now()
	if at != nil {
		when = *at
	}
	shifts, err := onDuty(ctx, s.db.Shift, when, departments...)
	of := map[typeid.DepartmentID][]typeid.StaffID{}
	for _, served := range shifts {
		if people := of[served.DepartmentID]; len(people) < maxOnDuty && !slices.Contains(people, served.StaffID) {
			of[served.DepartmentID] = append(people, served.StaffID)
		}
	}
	return of, err
}

// onDuty returns the shifts of departments that are served at a moment, the latest
// to begin first. Who has left serves no more.
func onDuty(ctx context.Context, client *db.ShiftClient, at time.Time, departments ...typeid.DepartmentID) ([]*db.Shift, error) {
	shifts, err := client.Query().
		Where(shift.DepartmentIDIn(departments...), servedAt(at), shift.HasStaffWith(staff.Active(true))).
		Order(shift.ByStartsAt(sql.OrderDesc()), shift.ByGroup(), shift.ByStaffID()).Limit(maxOnDuty * len(departments)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading who is on duty: %w", err)
	}
	return shifts, nil
}

// servedAt is the condition of the shifts that are served at a moment.
func servedAt(at time.Time) predicate.Shift {
	return shift.And(shift.StartsAtGT(at.Add(-rules.LongestShift)), shift.StartsAtLTE(at), shift.EndsAtGT(at), shift.Cancelled(false))
}

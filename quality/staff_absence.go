package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/absence"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// SetAbsence says that somebody is out of office for a time, and who stands in.
type SetAbsence struct {
	IdempotencyKey *string
	StaffID        *typeid.StaffID // nil for the viewer
	From, Until    time.Time
	DelegateID     *typeid.StaffID
	Reason         absence.Reason
}

// maxAbsence is longer than any leave: a longer one is a slip.
const maxAbsence = 2 * 366 * 24 * time.Hour

// SetAbsence enters an absence. What deadlines ask of the person meanwhile is asked of
// who stands in.
func (s *Service) SetAbsence(ctx context.Context, in SetAbsence) (*Change[*db.Absence], error) {
	return run(ctx, s, useCase[*db.Absence]{
		area: ent.Organisation, name: "staffSetAbsence", key: in.IdempotencyKey, in: in, read: s.readAbsence,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Absence], error) {
			var none effect[*db.Absence]
			id := ent.ViewerFrom(ctx).Staff
			if in.StaffID != nil {
				id = *in.StaffID
			} else if id.IsZero() {
				return none, reject(Required, text("Say who: your token belongs to nobody.", "请指定员工：您的令牌不属于任何员工。"), "staffId")
			}
			person, err := employed(ctx, tx, id, "staffId")
			if err != nil {
				return none, err
			}
			if err := mayArrange(ctx, person); err != nil {
				return none, err
			}
			from, until := in.From.UTC().Truncate(time.Microsecond), in.Until.UTC().Truncate(time.Microsecond)
			var bad check
			now := s.now()
			bad.notAfter(now, until, "This has passed.", "该时间已过。", "until")
			bad.notAfter(from.Add(time.Microsecond), until, "The end must lie after the beginning.", "结束时间必须晚于开始时间。", "until")
			bad.notAfter(until, from.Add(maxAbsence), "An absence lasts two years at most.", "缺勤时间最长为两年。", "until")
			if bad.err() != nil {
				return none, bad.err()
			}
			create := tx.Absence.Create().SetSiteID(person.SiteID).SetStaffID(person.ID).SetReason(in.Reason).
				SetFromAt(from).SetUntilAt(until).SetCreatedAt(now).SetUpdatedAt(now)
			if in.DelegateID != nil {
				if *in.DelegateID == person.ID {
					return none, reject(Invalid, text("Nobody stands in for themselves.", "不能由本人代理。"), "delegateId")
				}
				if err := employedAt(ctx, tx, person.SiteID, *in.DelegateID, "delegateId"); err != nil {
					return none, err
				}
				create.SetDelegateID(*in.DelegateID)
			}
			a, err := create.Save(ctx)
			if err != nil {
				return none, fmt.Errorf("entering an absence: %w", err)
			}
			return absenceEffect(EventAbsenceSet, a, person, now), nil
		},
	})
}

func (s *Service) readAbsence(ctx context.Context, ids []string) (*db.Absence, error) {
	id, _ := typeid.Parse[typeid.AbsenceID](ids[0])
	return s.db.Absence.Get(ctx, id)
}

// arranging are the roles that arrange who is there, as far as they see the staff.
var arranging = []staff.Role{staff.RoleSITE_MANAGER, staff.RoleHUMAN_RESOURCES, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR, ent.Integrator}

// mayArrange allows somebody's absence to be entered by that person and by those who
// answer for the department or the staff.
func mayArrange(ctx context.Context, person *db.Staff) error {
	v := ent.ViewerFrom(ctx)
	own := !v.Staff.IsZero() && v.Staff == person.ID
	if own || slices.Contains(v.Departments, person.DepartmentID) || slices.Contains(arranging, v.Role) {
		return nil
	}
	return forbidden(text("Only the person, and who answers for the department or the staff, may do this.", "只有本人、部门负责人或人事管理人员可以执行此操作。"))
}

func absenceEffect(kind string, a *db.Absence, person *db.Staff, now time.Time, changed ...string) effect[*db.Absence] {
	return effect[*db.Absence]{object: a.Unwrap(), ids: []string{a.ID.String()}, events: []events.Event{{
		Kind: kind, Subject: a.ID.String(), Changed: changed, At: now, Site: a.SiteID, Department: person.DepartmentID, Owner: a.StaffID, Origin: a.DelegateID}}}
}

// EndAbsence names an absence that ends earlier than was entered.
type EndAbsence struct {
	IdempotencyKey   *string
	ID               typeid.AbsenceID
	ExpectedRevision int
}

// EndAbsence says that somebody is back, or that an absence to come will not be.
func (s *Service) EndAbsence(ctx context.Context, in EndAbsence) (*Change[*db.Absence], error) {
	return run(ctx, s, useCase[*db.Absence]{
		area: ent.Organisation, name: "staffEndAbsence", key: in.IdempotencyKey, in: in, read: s.readAbsence,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Absence], error) {
			var none effect[*db.Absence]
			a, err := tx.Absence.Get(ctx, in.ID)
			if err := seen(a, err)("id"); err != nil {
				return none, err
			}
			person, err := tx.Staff.Get(ent.AsSystem(ctx), a.StaffID)
			if err != nil {
				return none, fmt.Errorf("looking up who is absent: %w", err)
			}
			if err := mayArrange(ctx, person); err != nil {
				return none, err
			}
			now := s.now()
			if a.Revision != in.ExpectedRevision {
				return none, conflict()
			}
			if !a.UntilAt.After(now) {
				return none, reject(Rejected, text("The absence is over.", "该缺勤已结束。"), "id")
			}
			update := tx.Absence.UpdateOneID(a.ID).Where(absence.Revision(in.ExpectedRevision)).AddRevision(1).SetUpdatedAt(now).SetUntilAt(now).SetPlanned(false)
			if a.FromAt.After(now) {
				update.SetFromAt(now)
			}
			if a, err = update.Save(ctx); db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("ending an absence: %w", err)
			}
			return absenceEffect(EventAbsenceEnded, a, person, now, "until", "revision"), nil
		},
	})
}

package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/handover"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// offer hands a case over to a department, and to a person in it where one is named.
// Until somebody accepts, whoever answers for the case still does (R-CASE-3). An
// earlier offer that is not decided is withdrawn.
func offer(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne, to typeid.DepartmentID, person *typeid.StaffID, now time.Time) (stepLine, error) {
	var line stepLine
	department, err := tx.Department.Get(ctx, to)
	if err := seen(department, err)("departmentId"); err != nil {
		return line, err
	}
	if department.SiteID != c.SiteID {
		return line, reject(Invalid, text("The department belongs to another site than the case.", "该部门与个案不属于同一营业点。"), "departmentId")
	}
	line.department = department.ID
	update.SetDepartmentID(department.ID).SetDispatchedAt(now).ClearDispatchedTo()
	if person != nil {
		if err := checkAssignee(ctx, tx, *person, department); err != nil {
			return line, err
		}
		line.person = *person
		update.SetDispatchedToID(*person)
	}
	withdrawn, err := endHandOver(ctx, tx, c.ID, handover.StateWITHDRAWN, nil, now)
	if err != nil {
		return line, err
	}
	from := c.DepartmentID // which has the case in hand, unless it was only offered
	if withdrawn != nil {
		from = withdrawn.FromDepartmentID
	}
	return line, openHandOver(ctx, tx, c, from, line, now)
}

// openHandOver records an offer.
func openHandOver(ctx context.Context, tx *db.Tx, c *db.ServiceCase, from typeid.DepartmentID, to stepLine, now time.Time) error {
	err := tx.HandOver.Create().SetCaseID(c.ID).SetFromID(c.AssigneeID).SetFromDepartmentID(from).
		SetToDepartmentID(to.department).SetToStaffID(to.person).SetOfferedByID(ent.ViewerFrom(ctx).Staff).SetOfferedAt(now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("recording a hand-over: %w", err)
	}
	return nil
}

// endHandOver records what became of the offer of a case, and returns it; nil where
// none is open.
func endHandOver(ctx context.Context, tx *db.Tx, id typeid.CaseID, state handover.State, reason *string, now time.Time) (*db.HandOver, error) {
	offered, err := tx.HandOver.Query().Where(handover.CaseID(id), handover.StateEQ(handover.StateOFFERED)).Only(ent.AsSystem(ctx))
	if db.IsNotFound(err) {
		return nil, nil
	}
	if err == nil {
		offered, err = tx.HandOver.UpdateOne(offered).SetState(state).SetDecidedByID(ent.ViewerFrom(ctx).Staff).
			SetDecidedAt(now).SetNillableReason(reason).Save(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("recording what became of a hand-over: %w", err)
	}
	return offered, nil
}

// giveBack ends an offer that came to nothing: the case is again with the department
// that had it in hand, if any.
func giveBack(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne, state handover.State, reason *string, now time.Time) (outcome, error) {
	out := outcome{line: stepLine{department: c.DepartmentID, person: c.DispatchedToID}}
	if reason != nil {
		out.said = decision(*reason)
	}
	ended, err := endHandOver(ctx, tx, c.ID, state, reason, now)
	if err != nil {
		return out, err
	}
	update.ClearDispatchedTo()
	if ended == nil || ended.FromDepartmentID.IsZero() {
		update.ClearDepartment().ClearDispatchedAt()
	} else {
		update.SetDepartmentID(ended.FromDepartmentID)
	}
	return out, nil
}

// checkAssignee checks that a person can take on a case of the department: works
// here, and belongs to the department or answers for it.
func checkAssignee(ctx context.Context, tx *db.Tx, id typeid.StaffID, d *db.Department) error {
	person, err := employed(ctx, tx, id, "assigneeId")
	if err != nil {
		return err
	}
	if person.DepartmentID == d.ID {
		return nil
	}
	departments, err := departmentsOf(ctx, tx.Client(), person)
	if err != nil {
		return err
	}
	if slices.Contains(departments, d.ID) {
		return nil
	}
	return reject(Invalid, text(fmt.Sprintf("This person neither belongs to %s nor answers for it.", d.Name),
		fmt.Sprintf("该员工不属于%s，也不负责该部门。", d.Name)), "assigneeId")
}

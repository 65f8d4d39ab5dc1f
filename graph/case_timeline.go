package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// steps is how lines of timelines tell the steps of a case.
var steps = map[caseentry.Action]checklist.Text{
	caseentry.ActionOPENED:              {EN: "Opened.", ZH: "登记个案。"},
	caseentry.ActionOPENED_FROM_FINDING: {EN: "Opened from a finding of an inspection.", ZH: "由检查不合格项登记个案。"},
	caseentry.ActionDISPATCHED:          {EN: "Dispatched.", ZH: "派单。"},
	caseentry.ActionACCEPTED:            {EN: "Accepted.", ZH: "受理。"},
	caseentry.ActionRESOLVED:            {EN: "Resolved.", ZH: "标记为已解决。"},
	caseentry.ActionCLOSED:              {EN: "Closed.", ZH: "关闭个案。"},
}

func (r *caseEntryResolver) Text(ctx context.Context, obj *db.CaseEntry) (string, error) {
	if obj.Action == nil {
		return obj.Text, nil
	}
	department, err := r.ToDepartment(ctx, obj)
	if err != nil || department == nil { // to none, or to one that is not the viewer's to see
		return say(ctx, steps[*obj.Action]), err
	}
	person, err := r.ToStaff(ctx, obj)
	if err != nil || person == nil {
		return say(ctx, checklist.Text{
			EN: fmt.Sprintf("Dispatched to %s.", department.Name), ZH: fmt.Sprintf("派单至%s。", department.Name)}), err
	}
	return say(ctx, checklist.Text{
		EN: fmt.Sprintf("Dispatched to %s, for %s to accept.", department.Name, person.Name),
		ZH: fmt.Sprintf("派单至%s，由%s受理。", department.Name, person.Name)}), nil
}

// ToDepartment and ToStaff load under names of their own, for Text asks them, too.

func (r *caseEntryResolver) ToDepartment(ctx context.Context, obj *db.CaseEntry) (*db.Department, error) {
	return oneOf(ctx, "toDepartment", obj, func(e *db.CaseEntry) typeid.DepartmentID { return e.ToDepartmentID }, r.departments())
}

func (r *caseEntryResolver) ToStaff(ctx context.Context, obj *db.CaseEntry) (*db.Staff, error) {
	return oneOf(ctx, "toStaff", obj, func(e *db.CaseEntry) typeid.StaffID { return e.ToStaffID }, r.staff())
}

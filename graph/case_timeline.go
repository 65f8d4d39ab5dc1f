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
	caseentry.ActionOPENED:                     {EN: "Opened.", ZH: "登记个案。"},
	caseentry.ActionOPENED_FROM_FINDING:        {EN: "Opened from a finding of an inspection.", ZH: "由检查不合格项登记个案。"},
	caseentry.ActionOPENED_BY_SPLIT:            {EN: "Opened from a part of another case.", ZH: "由其他个案拆分登记。"},
	caseentry.ActionACKNOWLEDGED:               {EN: "The customer was told that it has arrived.", ZH: "已告知客户收到。"},
	caseentry.ActionCONTAINED:                  {EN: "Contained.", ZH: "已采取控制措施。"},
	caseentry.ActionDISPATCHED:                 {EN: "Dispatched.", ZH: "派单。"},
	caseentry.ActionACCEPTED:                   {EN: "Accepted.", ZH: "受理。"},
	caseentry.ActionREFUSED:                    {EN: "Refused.", ZH: "退回。"},
	caseentry.ActionRETURNED:                   {EN: "Returned: nobody accepted it in time.", ZH: "超时未受理，退回。"},
	caseentry.ActionMOVED:                      {EN: "Moved.", ZH: "转派。"},
	caseentry.ActionASSIGNED:                   {EN: "Assigned.", ZH: "指派。"},
	caseentry.ActionREFERRED:                   {EN: "Referred to a specialist.", ZH: "转交专人。"},
	caseentry.ActionASSESSED:                   {EN: "Assessed.", ZH: "已评估。"},
	caseentry.ActionREPORTED_TO_MANAGEMENT:     {EN: "Reported to management.", ZH: "已上报管理层。"},
	caseentry.ActionREPORTED_TO_QUALITY_OFFICE: {EN: "Reported to the quality office.", ZH: "已上报质量管理部门。"},
	caseentry.ActionCOMMENDED:                  {EN: "Entered whom it commends.", ZH: "已登记受表扬员工。"},
	caseentry.ActionHELD:                       {EN: "Held.", ZH: "挂起。"},
	caseentry.ActionCONTINUED:                  {EN: "Continued.", ZH: "恢复处理。"},
	caseentry.ActionREVISED:                    {EN: "Revised.", ZH: "修改登记内容。"},
	caseentry.ActionDECIDED:                    {EN: "Decided.", ZH: "作出处理决定。"},
	caseentry.ActionREPLIED:                    {EN: "The customer was told the outcome.", ZH: "已将处理结果答复客户。"},
	caseentry.ActionRESOLVED:                   {EN: "Resolved.", ZH: "标记为已解决。"},
	caseentry.ActionFOLLOWED_UP:                {EN: "Followed up with the customer.", ZH: "回访客户。"},
	caseentry.ActionCLOSED:                     {EN: "Closed.", ZH: "关闭个案。"},
	caseentry.ActionREOPENED:                   {EN: "Reopened.", ZH: "重新打开个案。"},
	caseentry.ActionMERGED:                     {EN: "Merged into another case.", ZH: "并入其他个案。"},
	caseentry.ActionMERGED_FROM:                {EN: "Another case was merged into it.", ZH: "有个案并入本个案。"},
	caseentry.ActionSPLIT:                      {EN: "A part of it became a case of its own.", ZH: "部分内容拆分为新个案。"},
	caseentry.ActionARCHIVED:                   {EN: "Put into the archive.", ZH: "归档。"},
	caseentry.ActionLINKED:                     {EN: "Linked with another case.", ZH: "与其他个案关联。"},
}

// offers is how lines tell the steps of an offer to those who may see the department
// (first %s) and the person asked in it (second %s).
var offers = map[caseentry.Action]struct{ department, person checklist.Text }{
	caseentry.ActionDISPATCHED: {
		checklist.Text{EN: "Dispatched to %s.", ZH: "派单至%s。"},
		checklist.Text{EN: "Dispatched to %s, for %s to accept.", ZH: "派单至%s，由%s受理。"}},
	caseentry.ActionMOVED: {
		checklist.Text{EN: "Moved to %s.", ZH: "转派至%s。"},
		checklist.Text{EN: "Moved to %s, for %s to accept.", ZH: "转派至%s，由%s受理。"}},
	caseentry.ActionASSIGNED: {
		checklist.Text{EN: "Assigned within %s.", ZH: "在%s内指派。"},
		checklist.Text{EN: "Assigned within %s, for %s to accept.", ZH: "在%s内指派，由%s受理。"}},
	caseentry.ActionREFERRED: {
		checklist.Text{EN: "Referred to %s.", ZH: "转交%s。"},
		checklist.Text{EN: "Referred to %s, for %s to accept.", ZH: "转交%s，由%s受理。"}},
	caseentry.ActionREFUSED: {
		checklist.Text{EN: "Refused by %s.", ZH: "%s退回。"},
		checklist.Text{EN: "Refused by %s, where %s was asked.", ZH: "%s退回（原派%s）。"}},
	caseentry.ActionRETURNED: {
		checklist.Text{EN: "Returned from %s: nobody accepted it in time.", ZH: "%s超时未受理，退回。"},
		checklist.Text{EN: "Returned from %s: %s did not accept it in time.", ZH: "%s超时未受理，退回（原派%s）。"}},
}

func (r *caseEntryResolver) Text(ctx context.Context, obj *db.CaseEntry) (string, error) {
	if obj.Action == nil {
		return obj.Text, nil
	}
	if !obj.DeadlineID.IsZero() {
		return r.alertText(ctx, obj)
	}
	if _, is := planned[*obj.Action]; is {
		return r.plannedText(ctx, obj)
	}
	department, err := r.ToDepartment(ctx, obj)
	if err != nil || department == nil { // to none, or to one that is not the viewer's to see
		return say(ctx, steps[*obj.Action]), err
	}
	person, err := r.ToStaff(ctx, obj)
	if err != nil || person == nil {
		return fmt.Sprintf(say(ctx, offers[*obj.Action].department), department.Name), err
	}
	return fmt.Sprintf(say(ctx, offers[*obj.Action].person), department.Name, person.Name), nil
}

// ToDepartment and ToStaff load under names of their own, for Text asks them, too.

func (r *caseEntryResolver) ToDepartment(ctx context.Context, obj *db.CaseEntry) (*db.Department, error) {
	return oneOf(ctx, "toDepartment", obj, func(e *db.CaseEntry) typeid.DepartmentID { return e.ToDepartmentID }, r.departments())
}

func (r *caseEntryResolver) ToStaff(ctx context.Context, obj *db.CaseEntry) (*db.Staff, error) {
	return oneOf(ctx, "toStaff", obj, func(e *db.CaseEntry) typeid.StaffID { return e.ToStaffID }, r.staff())
}

package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// targets is how lines of timelines name what has to be done by a deadline.
var targets = map[deadline.Target]checklist.Text{
	deadline.TargetFIRST_RESPONSE: {EN: "first response", ZH: "首次响应"},
	deadline.TargetNEXT_UPDATE:    {EN: "next update", ZH: "下次进展告知"},
	deadline.TargetDISPATCH:       {EN: "dispatch", ZH: "派单"},
	deadline.TargetACCEPT:         {EN: "acceptance", ZH: "受理"},
	deadline.TargetRESOLUTION:     {EN: "resolution", ZH: "解决"},
	deadline.TargetFOLLOW_UP:      {EN: "follow-up", ZH: "回访"},
	deadline.TargetPROMISE:        {EN: "promise", ZH: "承诺"},
	deadline.TargetEFFECT_CHECK:   {EN: "verifying an effect", ZH: "效果验证"},
}

// alerts is how lines tell what became of a deadline, by its target (first %s) and the
// person told (second %s), if there is one to be seen.
var alerts = map[caseentry.Action]struct{ nobody, person checklist.Text }{
	caseentry.ActionWARNED: {
		checklist.Text{EN: "The deadline for %s is near.", ZH: "“%s”时限将至。"},
		checklist.Text{EN: "The deadline for %s is near: %s was warned.", ZH: "“%s”时限将至，已提醒%s。"}},
	caseentry.ActionMISSED: {
		checklist.Text{EN: "The deadline for %s has passed.", ZH: "“%s”已超过时限。"}, checklist.Text{}},
	caseentry.ActionESCALATED: {
		checklist.Text{EN: "Escalated: the deadline for %s has passed.", ZH: "“%s”超过时限，已升级。"},
		checklist.Text{EN: "Escalated: the deadline for %s has passed, and %s was told.", ZH: "“%s”超过时限，已升级通知%s。"}},
}

// alertText tells what became of a deadline.
func (r *caseEntryResolver) alertText(ctx context.Context, obj *db.CaseEntry) (string, error) {
	d, err := r.Deadline(ctx, obj)
	if err != nil || d == nil {
		return "", err
	}
	person, err := r.ToStaff(ctx, obj)
	if err != nil || person == nil {
		return fmt.Sprintf(say(ctx, alerts[*obj.Action].nobody), say(ctx, targets[d.Target])), err
	}
	return fmt.Sprintf(say(ctx, alerts[*obj.Action].person), say(ctx, targets[d.Target]), person.Name), nil
}

// Deadline loads under a name of its own, for Text asks it, too.
func (r *caseEntryResolver) Deadline(ctx context.Context, obj *db.CaseEntry) (*db.Deadline, error) {
	return oneOf(ctx, "deadline", obj, func(e *db.CaseEntry) typeid.DeadlineID { return e.DeadlineID }, r.deadlines())
}

// planned is how lines tell why deadlines were planned anew: to who may not see the
// calendar or the person, and to who may (%s).
var planned = map[caseentry.Action]struct{ hidden, named checklist.Text }{
	caseentry.ActionCALENDAR_CHANGED: {
		checklist.Text{EN: "Deadlines planned anew: the calendar has changed.", ZH: "日历已变更，时限重新计算。"},
		checklist.Text{EN: "Deadlines planned anew: the calendar %s has changed.", ZH: "日历“%s”已变更，时限重新计算。"}},
	caseentry.ActionCALENDAR_ASSIGNED: {
		checklist.Text{EN: "Deadlines planned anew: they count by other hours.", ZH: "适用的工作时间已变更，时限重新计算。"},
		checklist.Text{EN: "Deadlines planned anew: they count by the calendar %s.", ZH: "改用日历“%s”，时限重新计算。"}},
	caseentry.ActionOUT_OF_OFFICE: {
		checklist.Text{EN: "Who is responsible is, or will be, out of office.", ZH: "负责人外出或即将外出。"},
		checklist.Text{EN: "Who is responsible is, or will be, out of office: %s hears of the deadlines.", ZH: "负责人外出或即将外出，由%s接收时限提醒。"}},
	caseentry.ActionBACK_IN_OFFICE: {
		checklist.Text{EN: "Who is responsible is there.", ZH: "负责人已在岗。"}, checklist.Text{}},
}

// plannedText tells why deadlines were planned anew, or who hears of them.
func (r *caseEntryResolver) plannedText(ctx context.Context, obj *db.CaseEntry) (string, error) {
	texts, name := planned[*obj.Action], ""
	switch calendar, err := r.Calendar(ctx, obj); {
	case err != nil:
		return "", err
	case calendar != nil:
		name = calendar.Name
	}
	switch person, err := r.ToStaff(ctx, obj); {
	case err != nil:
		return "", err
	case person != nil:
		name = person.Name
	}
	if name == "" {
		return say(ctx, texts.hidden), nil
	}
	return fmt.Sprintf(say(ctx, texts.named), name), nil
}

// Calendar loads under a name of its own, for Text asks it, too.
func (r *caseEntryResolver) Calendar(ctx context.Context, obj *db.CaseEntry) (*db.Calendar, error) {
	return oneOf(ctx, "calendar", obj, func(e *db.CaseEntry) typeid.CalendarID { return e.CalendarID }, r.calendars())
}

func (r *caseEntryResolver) Absence(ctx context.Context, obj *db.CaseEntry) (*db.Absence, error) {
	return one(ctx, obj, func(e *db.CaseEntry) typeid.AbsenceID { return e.AbsenceID }, r.absences())
}

package graph_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/casearchive"
	"github.com/seed-34fcb60d/rounds/ent/db/casecompensation"
	"github.com/seed-34fcb60d/rounds/ent/db/caselink"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/casetask"
	"github.com/seed-34fcb60d/rounds/ent/db/cause"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/db/contactattempt"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/externalid"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/ownerchange"
	"github.com/seed-34fcb60d/rounds/ent/db/plannedinspection"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/db/shiftswap"
	"github.com/seed-34fcb60d/rounds/ent/db/teachingcase"
	"github.com/seed-34fcb60d/rounds/ent/db/topic"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// change is an input that a mutation accepts from some viewers. "@" stands before
// the name of a record.
type change struct {
	by    []string
	input map[string]any
}

// deskPlan is what a control plan of the front desk says.
var deskPlan = map[string]any{"activityEn": "New", "checklist": "desk.reception", "layer": "SELF_CHECK", "responsibleId": "@staff lead",
	"rule": "FREQ=DAILY", "within": "PT1H", "personIds": []any{"@staff clerk"}}

var changes = map[string]change{
	"calendarCreate": {[]string{"sitemanager"}, map[string]any{
		"siteId": "@site hotel", "code": "new", "name": "New", "week": []any{}}},
	"calendarUpdate": {[]string{"sitemanager", "officer", "hotel's"}, map[string]any{
		"id": "@calendar day", "expectedRevision": 1, "name": "New", "timeZone": "Asia/Shanghai", "week": []any{}, "days": []any{}}},
	"calendarImportDays": {[]string{"sitemanager", "officer", "program"}, map[string]any{
		"id": "@calendar day", "expectedRevision": 1, "from": "2026-01-01", "to": "2026-12-31",
		"text": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261001\nEND:VEVENT\nEND:VCALENDAR"}},
	"calendarAssign": {[]string{"sitemanager", "admin", "program"}, map[string]any{
		"siteId": "@site hotel", "departmentId": "@department front", "calendarId": "@calendar day"}},
	"customerRegister": {[]string{"clerk", "sitemanager", "program"}, map[string]any{
		"siteId": "@site hotel", "departmentId": "@department front", "ownerId": "@staff clerk", "name": "New"}},
	"customerUpdate": {[]string{"clerk", "lead", "hotel's"}, map[string]any{
		"id": "@customer guest", "expectedRevision": 1, "departmentId": "@department front", "ownerId": "@staff clerk"}},
	"customerMerge": {[]string{"sitemanager", "admin", "hotel's"}, map[string]any{
		"intoId": "@customer guest", "expectedRevision": 1, "fromId": "@customer diner", "fromExpectedRevision": 1, "reason": "The same person"}},
	"customerReveal": {[]string{"clerk", "lead", "program"}, map[string]any{
		"id": "@customer guest", "purpose": "CASE", "note": "A call"}},
	"customerAddContactPoint": {[]string{"clerk", "lead", "hotel's"}, map[string]any{
		"customerId": "@customer guest", "expectedRevision": 1, "kind": "CHAT", "channel": "QQ", "value": "10001"}},
	"customerVerifyContactPoint": {[]string{"clerk", "manager", "program"}, map[string]any{
		"id": "@contact guest phone", "expectedRevision": 1}},
	"customerRemoveContactPoint": {[]string{"sitemanager", "clerk"}, map[string]any{
		"id": "@contact guest email", "expectedRevision": 1}},
	"customerRecordContact": {[]string{"clerk", "sitemanager"}, map[string]any{
		"customerId": "@customer guest", "expectedRevision": 1, "channel": "TELEPHONE", "reached": true, "outcome": "NEW_CASE", "caseId": "@case open", "note": "New"}},
	"customerReassign": {[]string{"lead", "hotel's"}, map[string]any{
		"id": "@customer guest", "expectedRevision": 1, "ownerId": "@staff lead", "reason": "New"}},
	"customerExport": {[]string{"admin", "program"}, map[string]any{
		"id": "@customer guest", "purpose": "CUSTOMER_REQUEST", "note": "A letter"}},
	"customerErase": {[]string{"admin", "program"}, map[string]any{
		"id": "@customer diner", "expectedRevision": 1, "reason": "CUSTOMER_REQUEST", "evenIfOpen": false}},
	"customerRecordConsent": {[]string{"clerk", "lead", "hotel's"}, map[string]any{
		"customerId": "@customer guest", "expectedRevision": 1, "purpose": "SURVEY", "state": "GIVEN", "channel": "ONLINE", "note": "New"}},
	"customerAddExternalId": {[]string{"clerk", "program"}, map[string]any{
		"customerId": "@customer guest", "expectedRevision": 1, "system": "crm", "value": "new"}},
	"customerRemoveExternalId": {[]string{"sitemanager"}, map[string]any{
		"customerId": "@customer guest", "expectedRevision": 1, "system": "pms", "value": "guest"}},
	"caseOpen": {[]string{"clerk", "manager", "program"}, map[string]any{
		"siteId": "@site hotel", "customerId": "@customer visitor", "topicId": "@topic waiting", "kind": "COMPLAINT", "channel": "EMAIL", "subject": "New"}},
	"caseDispatch": {[]string{"clerk", "sitemanager", "officer"}, map[string]any{
		"id": "@case open", "expectedRevision": 1, "departmentId": "@department front", "assigneeId": "@staff clerk"}},
	"caseAccept": {[]string{"clerk", "lead", "manager", "clerk/cases"}, map[string]any{
		"id": "@case dispatched", "expectedRevision": 1}},
	"caseAcknowledge": {[]string{"clerk", "officer", "clerk/cases"}, map[string]any{
		"id": "@case open", "expectedRevision": 1, "kind": "CALL", "text": "New"}},
	"caseContain": {[]string{"lead", "officer"}, map[string]any{
		"id": "@case accepted", "expectedRevision": 1, "measure": "New"}},
	"caseRefuse": {[]string{"clerk", "lead", "manager"}, map[string]any{
		"id": "@case dispatched", "expectedRevision": 1, "reason": "New"}},
	"caseMove": {[]string{"lead", "officer"}, map[string]any{
		"id": "@case accepted", "expectedRevision": 1, "departmentId": "@department food", "assigneeId": "@staff cook", "reason": "New"}},
	"caseAssign": {[]string{"clerk", "lead"}, map[string]any{
		"id": "@case dispatched", "expectedRevision": 1, "assigneeId": "@staff lead"}},
	"casesDispatch": {[]string{"clerk", "sitemanager", "officer"}, map[string]any{"items": []any{map[string]any{
		"id": "@case open", "expectedRevision": 1, "departmentId": "@department front", "assigneeId": "@staff clerk"}}}},
	"casesAssign": {[]string{"lead", "manager"}, map[string]any{"items": []any{map[string]any{
		"id": "@case dispatched", "expectedRevision": 1, "assigneeId": "@staff lead"}}}},
	"teachingCaseSelect": {[]string{"officer", "executive"}, map[string]any{
		"caseId": "@case closed", "month": "2026-10-01", "title": "New", "lesson": "New"}},
	"teachingCaseRevise": {[]string{"officer", "admin"}, map[string]any{
		"id": "@teaching lift", "expectedRevision": 1, "title": "New", "lesson": "New"}},
	"trainingRecord": {[]string{"lead", "sitemanager", "hr"}, map[string]any{
		"teachingCaseId": "@teaching lift", "departmentId": "@department front", "heldOn": "2026-11-01", "trainerId": "@staff lead",
		"participantIds": []any{"@staff clerk"}}},
	"caseHold": {[]string{"lead", "sitemanager"}, map[string]any{
		"id": "@case accepted", "expectedRevision": 1, "reason": "New"}},
	"caseContinue": {[]string{"officer", "program"}, map[string]any{
		"id": "@case pushed", "expectedRevision": 1, "note": "New"}},
	"caseRevise": {[]string{"clerk", "sitemanager"}, map[string]any{
		"id": "@case open", "expectedRevision": 1, "severity": "MAJOR", "subject": "New", "reason": "New"}},
	"caseDecide": {[]string{"lead", "officer"}, map[string]any{
		"id": "@case accepted", "expectedRevision": 1, "decision": "GRANTED", "reason": "New"}},
	"caseReply": {[]string{"lead", "officer"}, map[string]any{
		"id": "@case accepted", "expectedRevision": 1, "text": "New"}},
	"caseMerge": {[]string{"officer", "program"}, map[string]any{
		"id": "@case accepted", "expectedRevision": 1, "intoId": "@case dispatched", "reason": "New"}},
	"caseSplit": {[]string{"clerk", "officer"}, map[string]any{
		"id": "@case open", "expectedRevision": 1, "subject": "New", "entryIds": []any{"@entry open note"}, "reason": "New"}},
	"caseLink": {[]string{"clerk", "officer"}, map[string]any{
		"id": "@case open", "expectedRevision": 1, "otherId": "@case dispatched", "kind": "CAUSED_BY"}},
	"caseFollowUp": {[]string{"sitemanager", "officer"}, map[string]any{
		"id": "@case resolved", "expectedRevision": 1, "outcome": "AGREED", "word": "New"}},
	"caseReopen": {[]string{"sitemanager", "executive"}, map[string]any{
		"id": "@case resolved", "expectedRevision": 1, "reason": "New"}},
	"caseArchive": {[]string{"officer", "executive"}, map[string]any{
		"id": "@case closed", "expectedRevision": 1}},
	"caseAddEntry": {[]string{"clerk", "clerk/cases", "program"}, map[string]any{
		"caseId": "@case open", "text": "New", "correctsId": "@entry open note"}},
	"caseResolve": {[]string{"lead", "officer"}, map[string]any{
		"id": "@case accepted", "expectedRevision": 1, "substantiated": true, "resolution": "Done"}},
	"caseClose": {[]string{"sitemanager", "executive"}, map[string]any{
		"id": "@case resolved", "expectedRevision": 1, "closure": "MANAGER_DECISION", "reason": "Done"}},
	"deadlinePolicyCreate": {[]string{"sitemanager", "officer", "hotel's"}, map[string]any{
		"siteId": "@site hotel", "name": "New", "targets": []any{map[string]any{"target": "RESOLUTION", "length": "PT1H"}}}},
	"deadlinePolicyRevise": {[]string{"sitemanager", "executive"}, map[string]any{
		"id": "@policy hotel", "expectedRevision": 1, "name": "New", "targets": []any{map[string]any{"target": "RESOLUTION", "length": "PT1H"}}}},
	"deadlinePolicyMove": {[]string{"sitemanager", "program"}, map[string]any{
		"id": "@policy hotel", "expectedRevision": 1, "beforeId": "@policy everywhere"}},
	"deadlinePolicyRetire": {[]string{"sitemanager", "admin"}, map[string]any{
		"id": "@policy hotel", "expectedRevision": 1}},
	"casePromise": {[]string{"clerk", "sitemanager", "program"}, map[string]any{
		"caseId": "@case open", "at": "2026-12-01T09:00:00Z", "what": "New"}},
	"caseKeepPromise": {[]string{"clerk", "officer", "clerk/cases"}, map[string]any{
		"deadlineId": "@deadline promise"}},
	"deadlineAcknowledge": {[]string{"clerk", "clerk/cases"}, map[string]any{
		"id": "@escalation open", "expectedRevision": 1}},
	"staffSetAbsence": {[]string{"lead", "hr", "program"}, map[string]any{
		"staffId": "@staff clerk", "from": "2026-12-01T09:00:00Z", "until": "2026-12-02T09:00:00Z", "delegateId": "@staff lead"}},
	"staffEndAbsence": {[]string{"clerk", "sitemanager", "hotel's"}, map[string]any{
		"id": "@absence clerk", "expectedRevision": 1}},
	"caseAssess": {[]string{"officer", "floorlead", "program"}, map[string]any{
		"id": "@case pushed", "expectedRevision": 1, "topicId": "@topic goods", "importance": "IMPORTANT", "reason": "New"}},
	"caseReport": {[]string{"lead", "officer"}, map[string]any{
		"id": "@case accepted", "expectedRevision": 1, "report": "New", "proposal": "New"}},
	"caseRefer": {[]string{"lead", "officer"}, map[string]any{
		"id": "@case dispatched", "expectedRevision": 1, "departmentId": "@department front", "assigneeId": "@staff clerk", "text": "New"}},
	"caseCommend": {[]string{"officer", "executive"}, map[string]any{
		"id": "@case praised", "expectedRevision": 1, "staffIds": []any{"@staff seller"}}},
	"caseAddMeasure": {[]string{"lead", "officer"}, map[string]any{"caseId": "@case accepted", "kind": "PREVENTIVE", "what": "New",
		"ownerId": "@staff clerk", "dueAt": "2026-12-01T09:00:00Z", "effectDueAt": "2026-12-08T09:00:00Z"}},
	"caseMeasureComplete": {[]string{"clerk", "manager", "clerk/cases"}, map[string]any{
		"id": "@measure mats", "expectedRevision": 1, "result": "New"}},
	"caseMeasureVerify": {[]string{"sitemanager", "officer", "program"}, map[string]any{
		"id": "@measure rail", "expectedRevision": 1, "effective": true, "finding": "New"}},
	"caseMeasureCancel": {[]string{"lead", "officer"}, map[string]any{
		"id": "@measure mats", "expectedRevision": 1, "reason": "New"}},
	"chartRebaseline": {[]string{"lead", "sitemanager", "officer", "program"}, map[string]any{"characteristic": "desk.reception/minutes", "departmentId": "@department front",
		"from": "2026-12-01T09:00:00Z", "given": map[string]any{"mean": 2, "sigma": 1}, "reason": "New"}},
	"chartAlarmAcknowledge": {[]string{"lead", "officer", "controls", "program"}, map[string]any{
		"id": "@alarm desk", "expectedRevision": 1, "note": "New"}},
	"caseClassify": {[]string{"clerk", "sitemanager", "program"}, map[string]any{
		"id": "@case open", "expectedRevision": 1, "topicId": "@topic service"}},
	"caseInvestigate": {[]string{"lead", "officer"}, map[string]any{
		"id": "@case accepted", "expectedRevision": 1, "substantiated": true, "findings": "Found",
		"causeId": "@cause people", "departmentId": "@department front", "personId": "@staff clerk"}},
	"caseCompensate": {[]string{"sitemanager", "officer", "program"}, map[string]any{
		"caseId": "@case resolved", "kind": "GIFT", "amount": map[string]any{"amount": 100, "currency": "CNY"}, "reason": "Sorry"}},
	"caseApproveCompensation": {[]string{"sitemanager", "executive"}, map[string]any{
		"id": "@compensation voucher", "expectedRevision": 1}},
	"caseDeclineCompensation": {[]string{"sitemanager", "officer"}, map[string]any{
		"id": "@compensation voucher", "expectedRevision": 1, "reason": "No"}},
	"caseAddTask": {[]string{"clerk", "sitemanager", "program"}, map[string]any{
		"caseId": "@case open", "departmentId": "@department front", "assigneeId": "@staff clerk", "title": "New"}},
	"caseTaskAccept": {[]string{"clerk", "lead", "clerk/cases"}, map[string]any{
		"id": "@task wash", "expectedRevision": 1}},
	"caseTaskComplete": {[]string{"clerk", "manager"}, map[string]any{
		"id": "@task dust", "expectedRevision": 1, "result": "Done"}},
	"caseTaskCancel": {[]string{"sitemanager", "officer", "program"}, map[string]any{
		"id": "@task wash", "expectedRevision": 1, "reason": "Done"}},
	"topicCreate": {[]string{"manager", "officer", "program"}, map[string]any{
		"siteId": "@site hotel", "parentId": "@topic waiting", "code": "new", "nameEn": "New", "nameZh": "新"}},
	"topicUpdate": {[]string{"manager", "officer", "hotel's"}, map[string]any{
		"id": "@topic waiting", "expectedRevision": 1, "nameEn": "New"}},
	"causeCreate": {[]string{"sitemanager", "executive"}, map[string]any{
		"siteId": "@site hotel", "parentId": "@cause lift", "code": "new", "nameEn": "New", "nameZh": "新"}},
	"causeUpdate": {[]string{"officer", "admin", "program"}, map[string]any{
		"id": "@cause people", "expectedRevision": 1, "nameEn": "New"}},
	"controlPlanCreate": {[]string{"manager", "officer", "program"}, map[string]any{"departmentId": "@department front", "plan": deskPlan}},
	"controlPlanChange": {[]string{"sitemanager", "officer"}, map[string]any{"id": "@plan desk", "expectedRevision": 1, "plan": deskPlan}},
	"controlPlanRetire": {[]string{"manager", "hotel's"}, map[string]any{"id": "@plan desk", "expectedRevision": 1}},
	"inspectionStart": {[]string{"clerk", "sitemanager"}, map[string]any{
		"plannedId": "@planned desk", "checklist": "desk.reception", "departmentId": "@department front", "observedId": "@staff clerk", "layer": "SELF_CHECK",
		"coInspectorIds": []any{"@staff lead"}, "reviewedCaseId": "@case open"}},
	"inspectionAnswer": {[]string{"sitemanager", "controls"}, map[string]any{
		"id": "@inspection kitchen", "expectedRevision": 1, "answers": []any{map[string]any{"item": "smile", "yes": true}}}},
	"inspectionComplete": {[]string{"sitemanager", "officer"}, map[string]any{
		"id": "@inspection kitchen", "expectedRevision": 1}},
	"pluginPin": {[]string{"admin"}, map[string]any{
		"id": "@plugin desk", "expectedRevision": 1, "version": "old"}},
	"pluginReload": {[]string{"admin"}, map[string]any{
		"id": "@plugin desk", "expectedRevision": 1}},
	"pluginDisable": {[]string{"admin"}, map[string]any{
		"id": "@plugin desk", "expectedRevision": 1, "disabled": true}},
	"appraisalRun": {[]string{"lead", "hr"}, map[string]any{
		"scheme": "monthly", "departmentId": "@department front", "day": "2026-11-01"}},
	"appraisalApprove": {[]string{"sitemanager", "hr"}, map[string]any{
		"id": "@appraisal cook", "expectedRevision": 1}},
	"rotaPlan": {[]string{"lead", "sitemanager", "hotel's"}, map[string]any{"departmentId": "@department front", "days": []any{"2026-12-01"},
		"duties": []any{map[string]any{"group": "new", "from": "08:00", "to": "16:00", "people": []any{"@staff clerk"}}}}},
	"receptionRegister": {[]string{"lead", "sitemanager", "program"}, map[string]any{"departmentId": "@department front", "channel": "CHAT",
		"customerId": "@customer guest", "dealingWithId": "@staff clerk", "assignToId": "@staff clerk", "name": "New"}},
	"receptionNoCustomer": {[]string{"clerk", "lead", "program"}, map[string]any{
		"id": "@visit walkin", "expectedRevision": 1}},
	"receptionExtraTurn": {[]string{"manager", "executive"}, map[string]any{
		"id": "@visit asked", "expectedRevision": 1, "agreed": true}},
	"shiftReassign": {[]string{"lead", "program"}, map[string]any{
		"id": "@shift clerk", "expectedRevision": 1, "staffId": "@staff clerk"}},
	"shiftCancel": {[]string{"manager", "executive"}, map[string]any{
		"id": "@shift clerk", "expectedRevision": 1}},
	"shiftSwapRequest": {[]string{"clerk", "manager"}, map[string]any{
		"shiftId": "@shift clerk", "withId": "@staff lead", "withShiftId": "@shift lead"}},
	"shiftSwapDecide": {[]string{"manager", "admin"}, map[string]any{
		"id": "@swap asked", "expectedRevision": 1, "agreed": false}},
}

// resolve puts ids in the places of names.
func (c *company) resolve(input map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range input {
		out[name] = c.resolved(value)
	}
	return out
}

func (c *company) resolved(value any) any {
	switch value := value.(type) {
	case string:
		if record, named := strings.CutPrefix(value, "@"); named {
			return c.ids[record]
		}
	case map[string]any:
		return c.resolve(value)
	case []any:
		out := make([]any, len(value))
		for n, v := range value {
			out[n] = c.resolved(v)
		}
		return out
	}
	return value
}

// change carries a mutation out, and asks for what the answer holds of the record.
func (w *walk) change(t *testing.T, viewer, name string, input map[string]any) (answer, map[string]any) {
	t.Helper()
	f := w.definition("Mutation").Fields.ForName(name)
	object, selection := w.payload(f)
	if w.definition(f.Type.Name()).Fields.ForName("results") != nil {
		selection += " } results { errors { code message path }"
	}
	out := w.do(t, w.tokens[viewer], "mutation($input: "+f.Arguments.ForName("input").Type.String()+") { m: "+name+"(input: $input) { "+
		object.Name+" { id"+selection+" } errors { code message path } warnings { code } cursor } }", variables{"input": input})
	m, _ := at(out.Data, "m").(map[string]any)
	return out, m
}

// restore puts the record that a mutation changed back to what it was, but for what
// stands beside it.
func (w *walk) restore(t *testing.T, name string) {
	t.Helper()
	record := ""
	for _, field := range []string{"id", "customerId", "caseId", "teachingCaseId", "deadlineId", "plannedId"} {
		if named, is := itemOf(changes[name].input)[field].(string); is && record == "" {
			record = named
		}
	}
	kind, which, _ := strings.Cut(strings.TrimPrefix(record, "@"), " ")
	if name == "customerMerge" {
		kind = name
	}
	err := ent.WithTx(w.ctx, w.db.Client, func(tx *db.Tx) error {
		switch kind {
		case "topic":
			return tx.Topic.Update().SetRevision(1).Exec(w.ctx)
		case "cause":
			return tx.Cause.Update().SetRevision(1).Exec(w.ctx)
		case "case":
			k := w.cases[which]
			if _, err := tx.CaseTask.Delete().Where(casetask.CaseID(k.ID), casetask.Title("New")).Exec(w.ctx); err != nil {
				return err
			}
			if _, err := tx.CaseMeasure.Delete().Where(casemeasure.CaseID(k.ID), casemeasure.What("New")).Exec(w.ctx); err != nil {
				return err
			}
			if _, err := tx.TeachingCase.Delete().Where(teachingcase.Month("2026-10-01")).Exec(w.ctx); err != nil {
				return err
			}
			if _, err := tx.CaseArchive.Delete().Where(casearchive.CaseID(k.ID)).Exec(w.ctx); err != nil {
				return err
			}
			made := tx.CaseLink.Delete().Where(caselink.Or(caselink.CaseID(k.ID), caselink.OtherID(k.ID)), caselink.IDNotIn(w.links...))
			if _, err := made.Exec(w.ctx); err != nil {
				return err
			}
			update := tx.ServiceCase.UpdateOneID(k.ID).SetRevision(1).SetStatus(k.Status).SetOpen(k.Open).ClearFirstResponseAt().ClearMergedInto().ClearArchivedAt().
				SetDepartmentID(k.DepartmentID).SetAssigneeID(k.AssigneeID).SetDispatchedToID(k.DispatchedToID).SetTopicID(k.TopicID).
				SetCauseID(k.CauseID).SetTasked(k.Tasked).SetOpenTasks(0).
				SetOpenMeasures(k.OpenMeasures).SetStandingMeasures(k.StandingMeasures)
			if k.HeldAt == nil {
				return update.ClearHeldAt().Exec(w.ctx)
			}
			return update.SetHeldAt(*k.HeldAt).Exec(w.ctx)
		case "compensation":
			return tx.CaseCompensation.UpdateOneID(w.voucher).SetRevision(1).SetStatus(casecompensation.StatusPENDING).
				SetDecidedByID(w.people["executive"]).Exec(w.ctx)
		case "teaching":
			return tx.TeachingCase.Update().SetRevision(1).Exec(w.ctx)
		case "task":
			k := w.tasks[which]
			return tx.CaseTask.UpdateOneID(k.ID).SetRevision(1).SetStatus(k.Status).SetAssigneeID(k.AssigneeID).Exec(w.ctx)
		case "measure":
			m := w.measures[which]
			of := w.cases[map[string]string{"mats": "accepted", "rail": "resolved"}[which]]
			ok(0, tx.ServiceCase.UpdateOneID(of.ID).SetRevision(1).SetOpenMeasures(of.OpenMeasures).SetStandingMeasures(of.StandingMeasures).Exec(w.ctx))
			return tx.CaseMeasure.UpdateOneID(m.ID).SetRevision(1).SetStatus(m.Status).ClearEndedAt().ClearEndedByID().Exec(w.ctx)
		case "alarm":
			return tx.ChartAlarm.Update().SetRevision(1).SetStatus(chartalarm.StatusOPEN).ClearAcknowledgedAt().ClearAcknowledgedByID().ClearNote().Exec(w.ctx)
		case "plan":
			return tx.ControlPlan.Update().SetRevision(1).SetActive(true).Exec(w.ctx)
		case "planned":
			return tx.PlannedInspection.UpdateOneID(w.planned[which].ID).SetState(plannedinspection.StatePLANNED).ClearInspectionID().Exec(w.ctx)
		case "inspection":
			return tx.Inspection.UpdateOneID(w.inspections[which].ID).SetRevision(1).SetStatus(inspection.StatusDRAFT).Exec(w.ctx)
		case "deadline":
			id, _ := typeid.Parse[typeid.DeadlineID](w.ids["deadline "+which])
			return tx.Deadline.UpdateOneID(id).SetState(deadline.StateRUNNING).SetRuns(true).SetSpent(0).ClearEndedAt().Exec(w.ctx)
		case "escalation":
			id, _ := typeid.Parse[typeid.EscalationID](w.ids["escalation "+which])
			return tx.Escalation.UpdateOneID(id).SetRevision(1).ClearAcknowledgedAt().ClearAcknowledgedByID().Exec(w.ctx)
		case "absence":
			id, _ := typeid.Parse[typeid.AbsenceID](w.ids["absence "+which])
			return tx.Absence.UpdateOneID(id).SetRevision(1).SetUntilAt(clock.Add(48 * time.Hour)).Exec(w.ctx)
		case "policy":
			id, _ := typeid.Parse[typeid.DeadlinePolicyID](w.ids["policy "+which])
			return tx.DeadlinePolicy.UpdateOneID(id).SetRevision(1).ClearRetiredAt().Exec(w.ctx)
		case "customer":
			if _, err := tx.ContactPoint.Delete().Where(contactpoint.CustomerID(w.customers[which]), contactpoint.KindEQ(contactpoint.KindCHAT)).Exec(w.ctx); err != nil {
				return err
			}
			if which == "diner" { // who was erased
				ok(0, tx.Customer.UpdateOneID(w.customers[which]).SetName("The diner").SetClass("class-food").SetExternalID(which).
					ClearErasedAt().ClearErasedFor().Exec(w.ctx))
				for _, f := range []contact.Field{contact.PhoneField, contact.EmailField} {
					value := map[contact.Field]string{contact.PhoneField: "+493012345671", contact.EmailField: "diner@example.com"}[f]
					id, _ := typeid.Parse[typeid.ContactPointID](w.ids["contact diner "+string(f)])
					ok(0, tx.ContactPoint.UpdateOneID(id).SetPrimary(true).ClearRemovedAt().SetSealed(ok(w.keys.Ring().Seal(f, value))).
						SetDigest(ok(w.keys.Ring().Digest(f, value))).Exec(w.ctx))
				}
			}
			ok(tx.OwnerChange.Delete().Where(ownerchange.Reason("New")).Exec(w.ctx))
			ok(tx.ContactAttempt.Delete().Where(contactattempt.Note("New")).Exec(w.ctx))
			ok(0, tx.Customer.UpdateOneID(w.customers[which]).SetOwnerID(w.people[map[string]string{"guest": "clerk", "diner": "cook"}[which]]).Exec(w.ctx))
			ok(tx.Consent.Delete().Where(consent.CustomerID(w.customers[which]), consent.PurposeEQ(consent.PurposeSURVEY)).Exec(w.ctx))
			ok(tx.ExternalID.Delete().Where(externalid.CustomerID(w.customers[which])).Exec(w.ctx))
			hotel := w.sites["hotel"]
			ok(tx.ExternalID.Create().SetCustomerID(w.customers[which]).SetSiteID(hotel).SetSystem("pms").SetValue(which).SetAddedAt(clock).Save(w.ctx))
			return tx.Customer.UpdateOneID(w.customers[which]).SetRevision(1).Exec(w.ctx)
		case "customerMerge":
			for _, f := range []string{"phone", "email"} {
				id, _ := typeid.Parse[typeid.ContactPointID](w.ids["contact diner "+f])
				ok(0, tx.ContactPoint.UpdateOneID(id).SetCustomerID(w.customers["diner"]).SetPrimary(true).Exec(w.ctx))
			}
			ok(tx.CustomerMerge.Delete().Exec(w.ctx))
			id, _ := typeid.Parse[typeid.ConsentID](w.ids["consent diner"])
			ok(0, tx.Consent.UpdateOneID(id).SetCustomerID(w.customers["diner"]).SetCurrent(true).Exec(w.ctx))
			guest, _ := typeid.Parse[typeid.ConsentID](w.ids["consent guest"])
			ok(0, tx.Consent.UpdateOneID(guest).SetCurrent(true).Exec(w.ctx))
			owner, _ := typeid.Parse[typeid.OwnerChangeID](w.ids["owner diner"])
			ok(0, tx.OwnerChange.UpdateOneID(owner).SetCustomerID(w.customers["diner"]).Exec(w.ctx))
			attempt, _ := typeid.Parse[typeid.ContactAttemptID](w.ids["attempt diner"])
			ok(0, tx.ContactAttempt.UpdateOneID(attempt).SetCustomerID(w.customers["diner"]).Exec(w.ctx))
			ok(tx.ExternalID.Update().Where(externalid.Value("diner")).SetCustomerID(w.customers["diner"]).Save(w.ctx))
			ok(0, tx.Customer.UpdateOneID(w.customers["guest"]).SetRevision(1).Exec(w.ctx))
			return tx.Customer.UpdateOneID(w.customers["diner"]).SetRevision(1).ClearMergedInto().ClearMergedAt().Exec(w.ctx)
		case "contact":
			id, _ := typeid.Parse[typeid.ContactPointID](w.ids["contact "+which])
			owner, _, _ := strings.Cut(which, " ")
			if strings.HasSuffix(which, " email") {
				value := owner + "@example.com"
				ok(0, tx.ContactPoint.UpdateOneID(id).SetPrimary(true).ClearRemovedAt().SetSealed(ok(w.keys.Ring().Seal(contact.EmailField, value))).
					SetDigest(ok(w.keys.Ring().Digest(contact.EmailField, value))).Exec(w.ctx))
			}
			return tx.Customer.UpdateOneID(w.customers[owner]).SetRevision(1).Exec(w.ctx)
		case "calendar":
			id, _ := typeid.Parse[typeid.CalendarID](w.ids["calendar "+which])
			return tx.Calendar.UpdateOneID(id).SetRevision(1).Exec(w.ctx)
		case "appraisal":
			id, _ := typeid.Parse[typeid.AppraisalID](w.ids["appraisal "+which])
			return tx.Appraisal.UpdateOneID(id).SetRevision(1).SetStatus(appraisal.StatusDRAFT).Exec(w.ctx)
		case "shift":
			of := w.shifts[which]
			return tx.Shift.UpdateOneID(of.ID).SetRevision(1).SetStaffID(of.StaffID).SetCancelled(of.Cancelled).Exec(w.ctx)
		case "plugin":
			err := tx.Plugin.UpdateOneID(w.plugin).SetRevision(1).ClearPinned().SetDisabled(false).Exec(w.ctx)
			if err == nil {
				err = tx.ChecklistVersion.Update().Where(checklistversion.Version("old")).SetCurrent(false).Exec(w.ctx)
			}
			if err == nil {
				err = tx.ChecklistVersion.Update().Where(checklistversion.Version("new")).SetCurrent(true).Exec(w.ctx)
			}
			return err
		case "visit":
			of := w.visits[which]
			return tx.Visit.UpdateOneID(of.ID).SetRevision(1).SetNoCustomer(of.NoCustomer).ClearDecidedByID().Exec(w.ctx)
		case "swap":
			id, _ := typeid.Parse[typeid.ShiftSwapID](w.ids["swap "+which])
			return tx.ShiftSwap.UpdateOneID(id).SetRevision(1).SetStatus(shiftswap.StatusREQUESTED).ClearDecidedByID().ClearDecidedAt().Exec(w.ctx)
		default: // a record was made; its code may be made again, and its shift served
			if err := tx.Shift.Update().Where(shift.Group("new")).SetCancelled(true).Exec(w.ctx); err != nil {
				return err
			}
			_, err := tx.Topic.Delete().Where(topic.Code("new")).Exec(w.ctx)
			if err == nil {
				_, err = tx.Cause.Delete().Where(cause.Code("new")).Exec(w.ctx)
			}
			return err
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// itemOf is the input of a mutation of one record, or the first item of one of several.
func itemOf(input map[string]any) map[string]any {
	if items, several := input["items"].([]any); several {
		return items[0].(map[string]any)
	}
	return input
}

// payload returns the field of a mutation's answer that holds the record, and the
// edges of it.
func (w *walk) payload(f *ast.FieldDefinition) (object *ast.FieldDefinition, selection string) {
	for _, part := range w.definition(f.Type.Name()).Fields {
		if w.isNode(part.Type.Name()) {
			object = part
		}
	}
	_, selection = w.selection(object.Type.Name())
	return object, selection
}

// A mutation's answer shows of a record what a query shows to the same viewer.
func TestScopeOfMutationAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		for name, change := range changes {
			for _, viewer := range change.by {
				t.Run(name+" by "+viewer, func(t *testing.T) {
					defer w.restore(t, name)
					_, m := w.change(t, viewer, name, w.resolve(change.input))
					if len(list(m, "errors")) > 0 || m["cursor"] == nil {
						t.Fatalf("answered %v", m)
					}
					object, selection := w.payload(w.definition("Mutation").Fields.ForName(name))
					shown := list(m, object.Name)
					if object.Type.Elem == nil {
						shown = []any{m[object.Name]}
					}
					for _, record := range shown {
						id, _ := at(record, "id").(string)
						data := w.must(t, w.tokens[viewer], "query($id: ID!) { node(id: $id) { id ... on "+object.Type.Name()+" {"+selection+" } } }", variables{"id": id})
						if diff := cmp.Diff(data["node"], record); diff != "" {
							t.Errorf("of %s (-node +answer):\n%s", id, diff)
						}
					}
					if len(shown) == 0 {
						t.Error("the answer shows no record")
					}
				})
			}
		}
	})
}

// unknown are ids that are of no record, by kinds.
var unknown = map[string]string{
	"site": typeid.New[typeid.SiteID]().String(), "department": typeid.New[typeid.DepartmentID]().String(),
	"policy": typeid.New[typeid.DeadlinePolicyID]().String(), "deadline": typeid.New[typeid.DeadlineID]().String(),
	"escalation": typeid.New[typeid.EscalationID]().String(), "absence": typeid.New[typeid.AbsenceID]().String(),
	"staff": typeid.New[typeid.StaffID]().String(), "calendar": typeid.New[typeid.CalendarID]().String(), "customer": typeid.New[typeid.CustomerID]().String(), "contact": typeid.New[typeid.ContactPointID]().String(),
	"case": typeid.New[typeid.CaseID]().String(), "entry": typeid.New[typeid.CaseEntryID]().String(),
	"compensation": typeid.New[typeid.CompensationID]().String(),
	"teaching":     typeid.New[typeid.TeachingCaseID]().String(),
	"measure":      typeid.New[typeid.CaseMeasureID]().String(),
	"task":         typeid.New[typeid.CaseTaskID]().String(), "topic": typeid.New[typeid.TopicID]().String(), "cause": typeid.New[typeid.CauseID]().String(),
	"plugin":   typeid.New[typeid.PluginID]().String(),
	"baseline": typeid.New[typeid.ChartBaselineID]().String(), "alarm": typeid.New[typeid.ChartAlarmID]().String(),
	"plan": typeid.New[typeid.ControlPlanID]().String(), "planned": typeid.New[typeid.PlannedInspectionID]().String(),
	"inspection": typeid.New[typeid.InspectionID]().String(), "appraisal": typeid.New[typeid.AppraisalID]().String(),
	"shift": typeid.New[typeid.ShiftID]().String(), "swap": typeid.New[typeid.ShiftSwapID]().String(), "visit": typeid.New[typeid.VisitID]().String(),
}

// TestScopeOfMutationInputs names in every id of every mutation each record that
// the viewer does not see: the answer is that for an id that is of no record, or
// of no form, and nothing is changed.
func TestScopeOfMutationInputs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		w.visibility = policy(t, w.company)
		for name, change := range changes {
			t.Run(name, func(t *testing.T) {
				input := w.definition(w.definition("Mutation").Fields.ForName(name).Arguments.ForName("input").Type.Name())
				if items := input.Fields.ForName("items"); items != nil {
					input = w.definition(items.Type.Name())
				}
				for _, f := range input.Fields {
					if f.Type.Name() != "ID" {
						continue
					}
					record, _ := itemOf(change.input)[f.Name].(string)
					if several, is := change.input[f.Name].([]any); is && len(several) > 0 {
						record, _ = several[0].(string)
					}
					if record == "" {
						t.Errorf("no record is named in %s", f.Name)
						continue
					}
					told := false
					for _, viewer := range viewers {
						told = w.foreign(t, viewer, name, f.Name, kindOf(record[1:])) || told
					}
					if !told {
						t.Errorf("no viewer is told that what %s names is not found", f.Name)
					}
				}
			})
		}
		if n := w.db.Event.Query().CountX(ent.AsSystem(t.Context())); n != len(w.made) {
			t.Errorf("%d events are in the log, want %d: something was changed", n, len(w.made))
		}
	})
}

// foreign names records that a viewer does not see, and reports whether the viewer
// was told so.
func (w *walk) foreign(t *testing.T, viewer, name, field, kind string) (told bool) {
	ask := func(id string) map[string]any {
		input := w.resolve(changes[name].input)
		itemOf(input)[field] = id
		_, m := w.change(t, viewer, name, input)
		return m
	}
	want := ask(unknown[kind])
	path, errors := []any{"input", field}, list(want, "errors")
	if results := list(want, "results"); len(results) > 0 {
		path, errors = []any{"input", "items", "0", field}, list(results[0], "errors")
	}
	for _, e := range errors {
		told = told || at(e, "code") == "NOT_FOUND" && (slices.Equal(list(e, "path"), path) || slices.Equal(list(e, "path"), append(path[:len(path):len(path)], "0")))
	}
	if want == nil || want["cursor"] != nil {
		t.Errorf("%s names in %s an unknown %s: %v", viewer, field, kind, want)
	}
	if diff := cmp.Diff(want, ask("nonsense")); diff != "" {
		t.Errorf("%s names in %s nonsense (-unknown +nonsense):\n%s", viewer, field, diff)
	}
	for _, record := range w.of(kind) {
		if w.sees(viewer, record) || record == "site hotel" && viewer == "clerk/cases" { // one's own site needs no scope
			continue
		}
		if diff := cmp.Diff(want, ask(w.ids[record])); diff != "" {
			t.Errorf("%s names in %s %s (-unknown +invisible):\n%s", viewer, field, record, diff)
		}
	}
	return told
}

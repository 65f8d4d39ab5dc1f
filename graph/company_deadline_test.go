package graph_test

import (
	"encoding/json"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/absence"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/clocksegment"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/escalation"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func (c *company) setDeadlines() {
	for n, p := range []struct{ name, site string }{{"everywhere", ""}, {"hotel", "hotel"}, {"old", ""}} {
		create := c.tx.DeadlinePolicy.Create().SetSiteID(c.sites[p.site]).SetName("The " + p.name).SetPosition(n).SetCreatedAt(clock).SetUpdatedAt(clock)
		if p.name == "old" {
			create.SetRetiredAt(clock)
		}
		row := ok(create.Save(c.ctx))
		put(c, "policy "+p.name, row.ID)
		ok(c.tx.DeadlinePolicyVersion.Create().SetPolicyID(row.ID).SetNumber(1).SetCreatedAt(clock).
			SetDefinition(ok(json.Marshal(rules.DefaultDeadlines.DefaultPolicy(servicecase.SeverityMAJOR)))).Save(c.ctx))
		c.event("deadlinePolicy.created", row.ID, events.Event{Site: row.SiteID})
	}
}

// clocks lets deadlines of cases run, and tells people of them.
func (c *company) clocks() {
	policy, _ := typeid.Parse[typeid.DeadlinePolicyID](c.ids["policy hotel"])
	for _, d := range []struct {
		name, of, calendar, told, insteadOf string
		target                              rules.DeadlineTarget
	}{
		{"open", "open", "day", "clerk", "", rules.Resolution},
		{"promise", "open", "", "", "", rules.Promise},
		{"mats", "accepted", "", "", "", rules.EffectCheck},
		{"rail", "resolved", "", "", "", rules.EffectCheck},
		{"shelf", "closed", "", "", "", rules.EffectCheck},
		{"pushed", "pushed", "shopping", "floorlead", "seller", rules.Resolution},
	} {
		of := c.cases[d.of]
		rule, _ := rules.DefaultDeadlines.DefaultPolicy(of.Severity).Rule(d.target)
		rule.Length = 96 * time.Hour
		if d.target == rules.Promise {
			rule.Length -= time.Hour
		}
		calendar, _ := typeid.Parse[typeid.CalendarID](c.ids["calendar "+d.calendar])
		row := ok(c.tx.Deadline.Create().SetCaseID(of.ID).SetPolicyID(policy).SetPolicyVersion(1).SetCalendarID(calendar).SetCalendarRevision(1).
			SetTarget(deadline.Target(d.target)).SetRule(ok(json.Marshal(rule))).SetStartedAt(of.OpenedAt).SetSegmentAt(of.OpenedAt).
			SetDueAt(of.OpenedAt.Add(rule.Length)).Save(c.ctx))
		put(c, "deadline "+d.name, row.ID)
		if d.target.BringsItsTime() {
			continue
		}
		s := ok(c.tx.ClockSegment.Create().SetDeadlineID(row.ID).SetCalendarID(calendar).SetReason(clocksegment.ReasonRUNNING).SetCounted(true).
			SetFromAt(of.OpenedAt).Save(c.ctx))
		put(c, "segment "+d.name, s.ID)
		if d.name == "open" {
			absence, _ := typeid.Parse[typeid.AbsenceID](c.ids["absence clerk"])
			line := ok(c.tx.CaseEntry.Create().SetCaseID(of.ID).SetKind(caseentry.KindSYSTEM).SetAction(caseentry.ActionCALENDAR_CHANGED).SetText("").
				SetCalendarID(calendar).SetAt(of.OpenedAt).Save(c.ctx))
			put(c, "entry open planned", line.ID)
			line = ok(c.tx.CaseEntry.Create().SetCaseID(of.ID).SetKind(caseentry.KindSYSTEM).SetAction(caseentry.ActionOUT_OF_OFFICE).SetText("").
				SetAbsenceID(absence).SetToStaffID(c.people["lead"]).SetAt(of.OpenedAt).Save(c.ctx))
			put(c, "entry open absence", line.ID)
		}
		create := c.tx.Escalation.Create().SetDeadlineID(row.ID).SetCaseID(of.ID).SetStep(0).SetKind(escalation.KindWARNING).SetLevel(0).
			SetToID(c.people[d.told]).SetInsteadOfID(c.people[d.insteadOf]).SetPlannedAt(of.OpenedAt).SetFiredAt(of.OpenedAt)
		if d.name == "pushed" {
			create.SetAcknowledgedAt(clock).SetAcknowledgedByID(c.people[d.told])
			alert := ok(c.tx.CaseEntry.Create().SetCaseID(of.ID).SetKind(caseentry.KindSYSTEM).SetAction(caseentry.ActionWARNED).SetText("").
				SetDeadlineID(row.ID).SetToStaffID(c.people[d.told]).SetAt(of.OpenedAt).Save(c.ctx))
			put(c, "entry pushed alert", alert.ID)
		}
		put(c, "escalation "+d.name, ok(create.Save(c.ctx)).ID)
	}
}

// absences lets people be out of office.
func (c *company) absences() {
	for _, p := range []struct{ name, site, delegate string }{
		{"clerk", "hotel", "lead"},
		{"cook", "hotel", ""},
		{"seller", "mall", "floorlead"},
	} {
		row := ok(c.tx.Absence.Create().SetSiteID(c.sites[p.site]).SetStaffID(c.people[p.name]).SetDelegateID(c.people[p.delegate]).
			SetReason(absence.ReasonTRAINING).SetFromAt(clock.Add(-time.Hour)).SetUntilAt(clock.Add(48 * time.Hour)).
			SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx))
		put(c, "absence "+p.name, row.ID)
		c.event("absence.set", row.ID, events.Event{Site: row.SiteID, Owner: row.StaffID, Origin: row.DelegateID})
	}
}

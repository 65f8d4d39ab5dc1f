package quality_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/finding"
	"github.com/seed-34fcb60d/rounds/ent/db/plannedinspection"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// dailyPlan is a plan of the desk: each day from ten to twelve by its team lead, missed at one.
func dailyPlan() quality.PlanDetails {
	return quality.PlanDetails{ActivityEn: new("Reception"), Checklist: "frontdesk.reception", Layer: "SELF_CHECK", Method: "OBSERVATION",
		ResponsibleRole: new(staff.RoleTEAM_LEAD), Rule: new("FREQ=DAILY"), At: 10 * 60, OnClosedDay: "SKIP",
		Within: new(2 * time.Hour), Grace: time.Hour, Sample: "ALL", MissedSeverity: "MAJOR"}
}

// controlPlan makes a plan of the desk, and its inspections.
func (c *company) controlPlan(t testing.TB, plan quality.PlanDetails) *db.ControlPlan {
	t.Helper()
	p := must(c.CreateControlPlan(c.as(t, "officer"), quality.CreateControlPlan{DepartmentID: c.departments["desk"].ID, Plan: plan}))(t)
	c.work(t)
	return p
}

// work does what control plans ask for now.
func (c *company) work(t testing.TB) {
	t.Helper()
	for _, some := range []func(context.Context) (int, error){c.PlanInspections, c.FirePlanned} {
		for more := 1; more > 0; {
			var err error
			if more, err = some(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// askedBy lists what a plan asks for, in order.
func (c *company) askedBy(t testing.TB, p *db.ControlPlan) []*db.PlannedInspection {
	t.Helper()
	return c.db.PlannedInspection.Query().Where(plannedinspection.PlanID(p.ID)).
		Order(plannedinspection.ByDueFrom(), plannedinspection.ByPosition()).AllX(ent.AsSystem(t.Context()))
}

func TestPlannedInspectionsArise(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		p := c.controlPlan(t, dailyPlan())
		asked := c.askedBy(t, p)
		if len(asked) != 14 {
			t.Fatalf("%d inspections are planned, want 14", len(asked))
		}
		first := asked[0]
		if from := morning.Add(time.Hour); !first.DueFrom.Equal(from) || !first.DueAt.Equal(from.Add(2*time.Hour)) || !first.MissAt.Equal(from.Add(3*time.Hour)) ||
			first.DepartmentID != p.DepartmentID || *first.ResponsibleRole != "TEAM_LEAD" || first.State != "PLANNED" {
			t.Errorf("the first is %v", first)
		}
		_, err := c.StartInspection(c.as(t, "lead"), quality.StartInspection{PlannedID: &first.ID})
		expect(t, "starting before it can begin", err, "REJECTED plannedId")

		// It can begin, it begins, it is done.
		c.clock.advance(90 * time.Minute)
		c.work(t)
		for who, want := range map[string]int{"lead": 1, "manager": 0, "agent": 0, "booker": 0} {
			due, err := c.DueInspections(c.as(t, who), 10)
			if err != nil || len(due) != want {
				t.Errorf("%s has to inspect %d (%v), want %d", who, len(due), err, want)
			}
		}
		_, err = c.StartInspection(c.as(t, "officer"), quality.StartInspection{PlannedID: &first.ID})
		expect(t, "starting by who is not responsible", err, "FORBIDDEN")
		_, err = c.StartInspection(c.as(t, "booker"), quality.StartInspection{PlannedID: &first.ID})
		expect(t, "starting by who does not see it", err, "NOT_FOUND plannedId")
		_, err = c.StartInspection(c.as(t, "lead"), quality.StartInspection{PlannedID: &first.ID, Checklist: "frontdesk.conduct", Layer: "PATROL"})
		expect(t, "starting something else", err, "INVALID checklist; INVALID layer")
		i := must(c.StartInspection(c.as(t, "lead"), quality.StartInspection{PlannedID: &first.ID}))(t)
		if i.Layer != "SELF_CHECK" || i.DepartmentID != p.DepartmentID {
			t.Errorf("started %v", i)
		}
		_, err = c.StartInspection(c.as(t, "lead"), quality.StartInspection{PlannedID: &first.ID})
		expect(t, "starting twice", err, "REJECTED plannedId")
		c.finish(t, i)
		c.clock.advance(24 * time.Hour)
		c.work(t)
		var states []plannedinspection.State
		for _, one := range c.askedBy(t, p)[:3] {
			states = append(states, one.State)
		}
		if diff := cmp.Diff([]plannedinspection.State{"DONE", "PLANNED", "PLANNED"}, states); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}

		// One that was begun but is not done is missed like one that was not begun.
		second := c.askedBy(t, p)[1]
		i = must(c.StartInspection(c.as(t, "manager"), quality.StartInspection{PlannedID: &second.ID}))(t)
		c.clock.advance(48 * time.Hour)
		c.work(t)
		c.finish(t, i)
		asked = c.askedBy(t, p)
		if asked[1].State != "MISSED" || asked[2].State != "MISSED" || asked[3].State != "PLANNED" || asked[1].InspectionID != i.ID {
			t.Errorf("they are %v", asked[:4])
		}
		_, err = c.StartInspection(c.as(t, "lead"), quality.StartInspection{PlannedID: &asked[2].ID})
		expect(t, "starting what was missed", err, "REJECTED plannedId")
		found := c.db.Finding.Query().Where(finding.PlannedInspectionIDIn(asked[1].ID, asked[2].ID)).AllX(c.as(t, "lead"))
		if len(found) != 2 || found[0].Severity != "MAJOR" || found[0].TextEn != "Not inspected in time: Reception" || found[0].TextZh != "未按时检查：Reception" {
			t.Errorf("findings: %v", found)
		}
		if n := c.db.Finding.Query().Where(finding.PlannedInspectionIDNotNil()).CountX(c.as(t, "booker")); n != 0 {
			t.Errorf("another department sees %d findings", n)
		}
	})
}

// finish answers all items well, and completes an inspection.
func (c *company) finish(t testing.TB, i *db.Inspection) {
	t.Helper()
	ctx := ent.WithViewer(t.Context(), c.viewers["lead"])
	i = c.db.Inspection.GetX(ent.AsSystem(t.Context()), i.ID)
	var answers []quality.ItemAnswer
	for _, section := range c.definition(t, i).Sections {
		for _, item := range section.Items {
			answer := quality.ItemAnswer{Item: item.ID, Evidence: []string{"photo"}}
			switch {
			case len(i.Items) > 0 && !slices.Contains(i.Items, item.ID):
				continue
			case item.Kind == checklist.YesNo:
				answer.Yes = new(true)
			case item.Kind == checklist.Number:
				answer.Number = new(0.0)
			default:
				answer.NotApplicable, answer.Reason, answer.Evidence = true, new("Not seen"), nil
			}
			answers = append(answers, answer)
		}
	}
	i = must(c.AnswerInspection(ctx, quality.AnswerInspection{ID: i.ID, ExpectedRevision: &i.Revision, Answers: answers}))(t)
	must(c.CompleteInspection(ctx, quality.CompleteInspection{ID: i.ID, ExpectedRevision: i.Revision}))(t)
}

func (c *company) definition(t testing.TB, i *db.Inspection) (d checklist.Definition) {
	t.Helper()
	v := c.db.ChecklistVersion.GetX(ent.AsSystem(t.Context()), i.ChecklistVersionID)
	if err := json.Unmarshal(v.Definition, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// What cannot begin yet follows the plan, the calendar and its end; the same inspection
// stays the same record.
func TestPlannedInspectionsFollow(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		p := c.controlPlan(t, dailyPlan())
		before := c.askedBy(t, p)
		c.clock.advance(2 * time.Hour) // the first can begin
		c.work(t)

		later := dailyPlan()
		later.At, later.ResponsibleRole, later.ResponsibleID = 15*60, nil, c.staff("manager")
		p = must(c.ChangeControlPlan(c.as(t, "manager"), quality.ChangeControlPlan{ID: p.ID, ExpectedRevision: 1, Plan: later}))(t)
		c.work(t)
		after := c.askedBy(t, p)
		if len(after) != 14 || !after[0].DueFrom.Equal(before[0].DueFrom) || *after[0].ResponsibleRole != "TEAM_LEAD" {
			t.Fatalf("%d inspections, the first is %v", len(after), after[0])
		}
		for n, one := range after[1:] {
			if want := before[n+1].DueFrom.Add(5 * time.Hour); one.ID != before[n+1].ID || !one.DueFrom.Equal(want) || one.ResponsibleID != *c.staff("manager") || one.ResponsibleRole != nil {
				t.Errorf("inspection %d is %v, was %v", n+1, one, before[n+1])
			}
		}

		// A calendar with mornings on Mondays only.
		day := must(c.CreateCalendar(c.as(t, "site manager"), mornings("mornings")))(t)
		must(c.AssignCalendar(c.as(t, "site manager"), quality.AssignCalendar{CalendarID: &day.ID}))(t)
		c.work(t)
		after = c.askedBy(t, p)
		if len(after) != 2 || after[1].DueFrom.In(time.FixedZone("", 8*3600)).Weekday() != time.Monday {
			t.Errorf("by the calendar: %v", after)
		}

		p = must(c.RetireControlPlan(c.as(t, "officer"), quality.RetireControlPlan{ID: p.ID, ExpectedRevision: p.Revision}))(t)
		c.work(t)
		if after = c.askedBy(t, p); len(after) != 1 || after[0].ID != before[0].ID {
			t.Errorf("retired: %v", after)
		}
		_, err := c.RetireControlPlan(c.as(t, "officer"), quality.RetireControlPlan{ID: p.ID, ExpectedRevision: p.Revision})
		expect(t, "retiring twice", err, "REJECTED id")
		if p = c.db.ControlPlan.GetX(ent.AsSystem(t.Context()), p.ID); p.ReplanAt != nil {
			t.Error("a retired plan is looked at again")
		}
	})
}

// At shifts there is one inspection for the people who serve together, as the rota is.
func TestPlannedAtShifts(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		plan := dailyPlan()
		plan.AtShifts, plan.Rule, plan.Within = true, nil, nil
		p := c.controlPlan(t, plan)
		if asked := c.askedBy(t, p); len(asked) != 0 {
			t.Fatalf("without a rota: %v", asked)
		}
		shifts := must(c.PlanRota(c.as(t, "manager"), quality.PlanRota{DepartmentID: p.DepartmentID, Days: []string{"2026-11-17", "2026-11-18"},
			Duties: []quality.PlannedDuty{{Group: "early", From: "07:00", To: "15:00", People: []typeid.StaffID{*c.staff("agent"), *c.staff("colleague")}}}}))(t)
		c.work(t)
		asked := c.askedBy(t, p)
		if len(asked) != 2 || !asked[0].DueFrom.Equal(shifts[0].StartsAt) || !asked[0].DueAt.Equal(shifts[0].EndsAt) || !asked[0].MissAt.Equal(shifts[0].EndsAt.Add(time.Hour)) {
			t.Fatalf("at shifts: %v", asked)
		}
		for _, of := range shifts {
			if of.StartsAt.Equal(shifts[0].StartsAt) {
				must(c.CancelShift(c.as(t, "manager"), quality.CancelShift{ID: of.ID, ExpectedRevision: of.Revision}))(t)
			}
			c.work(t)
		}
		if left := c.askedBy(t, p); len(left) != 1 || left[0].ID != asked[1].ID {
			t.Errorf("with a shift cancelled: %v", left)
		}
	})
}

// Rotation goes on where it was, over changes of the plan, and everybody comes in turn;
// the choice by lot is the same for the preview and for what is planned.
func TestPlannedSamples(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		plan := dailyPlan()
		plan.Places, plan.Sample, plan.SampleSize, plan.Seed = []string{"A", "B", "C", "D"}, "ROTATION", new(1), new(7)
		p := c.controlPlan(t, plan)
		for range 3 { // a day passes, and the plan is worked out anew
			c.clock.advance(24 * time.Hour)
			c.work(t)
			p = must(c.ChangeControlPlan(c.as(t, "officer"), quality.ChangeControlPlan{ID: p.ID, ExpectedRevision: p.Revision, Plan: plan}))(t)
			c.work(t)
		}
		asked := c.askedBy(t, p)
		for n := range asked[4:] {
			if asked[n].Subject != asked[n+4].Subject {
				t.Fatalf("inspection %d is of %s, the next but three of %s", n, asked[n].Subject, asked[n+4].Subject)
			}
		}
		plan.Places, plan.PersonIDs = nil, []typeid.StaffID{*c.staff("agent"), *c.staff("colleague"), *c.staff("booker")}
		plan.Sample, plan.SampleSize = "RANDOM", new(2)
		p = must(c.ChangeControlPlan(c.as(t, "officer"), quality.ChangeControlPlan{ID: p.ID, ExpectedRevision: p.Revision, Plan: plan}))(t)
		c.work(t)
		rows := c.rows(t)
		shown, err := c.PreviewControlPlan(c.as(t, "officer"), quality.PreviewControlPlan{ID: &p.ID, Weeks: 2})
		if err != nil {
			t.Fatal(err)
		}
		unsaved, err := c.PreviewControlPlan(c.as(t, "manager"), quality.PreviewControlPlan{DepartmentID: &p.DepartmentID, Plan: &plan, Weeks: 2})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rows, c.rows(t)); diff != "" {
			t.Errorf("a preview wrote (-before +after):\n%s", diff)
		}
		people := func(of []*quality.ControlPlanPreview) (all []string) {
			for _, o := range of {
				for _, person := range o.People {
					all = append(all, o.Key+" "+person.ID.String())
				}
			}
			return all
		}
		var made []string
		for _, one := range c.askedBy(t, p) {
			if one.DueFrom.After(c.clock.Now()) {
				made = append(made, one.Occurrence+" "+one.ObservedID.String())
			}
		}
		if diff := cmp.Diff(made, people(shown)); diff != "" || len(made) != 28 {
			t.Errorf("preview (-planned +shown):\n%s", diff)
		}
		if diff := cmp.Diff(made, people(unsaved)); diff != "" {
			t.Errorf("preview of what was not saved (-planned +shown):\n%s", diff)
		}
		none, err := c.PreviewControlPlan(c.as(t, "booker"), quality.PreviewControlPlan{ID: &p.ID, Weeks: 2})
		if none != nil || err != nil {
			t.Errorf("who does not see the plan is shown %v, %v", none, err)
		}
		_, err = c.PreviewControlPlan(c.as(t, "agent"), quality.PreviewControlPlan{DepartmentID: &p.DepartmentID, Plan: &plan, Weeks: 2})
		expect(t, "a preview by who may make no plan", err, "FORBIDDEN")
	})
}

// What a plan asks for is frozen with the inspection, and judged by.
func TestPlannedAdjustments(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		plan := dailyPlan()
		plan.Checklist, plan.Items = "example.kinds", []string{"yes", "number"}
		plan.Adjustments = []quality.ItemAdjustment{{Item: "number", Weight: new(3.0), UpperLimit: new(1.0)}}
		p := c.controlPlan(t, plan)
		c.clock.advance(90 * time.Minute)
		i := must(c.StartInspection(c.as(t, "lead"), quality.StartInspection{PlannedID: &c.askedBy(t, p)[0].ID}))(t)
		_, err := c.AnswerInspection(c.as(t, "lead"), quality.AnswerInspection{ID: i.ID, ExpectedRevision: &i.Revision, Answers: []quality.ItemAnswer{{Item: "choice", Choice: new("good")}}})
		expect(t, "answering what the plan leaves out", err, "INVALID answers.0.item")
		i = must(c.AnswerInspection(c.as(t, "lead"), quality.AnswerInspection{ID: i.ID, ExpectedRevision: &i.Revision,
			Answers: []quality.ItemAnswer{{Item: "yes", Yes: new(true)}, {Item: "number", Number: new(2.0)}}}))(t)
		// A change of the plan does not touch what has begun.
		plan.Adjustments = nil
		must(c.ChangeControlPlan(c.as(t, "officer"), quality.ChangeControlPlan{ID: p.ID, ExpectedRevision: 1, Plan: plan}))(t)
		i = must(c.CompleteInspection(c.as(t, "lead"), quality.CompleteInspection{ID: i.ID, ExpectedRevision: i.Revision}))(t)
		if i.Score == nil || *i.Score != 25 {
			t.Errorf("the score is %v, want 1 of 4", i.Score)
		}

		// A plugin that takes no adjustments any more.
		plan.Adjustments = []quality.ItemAdjustment{{Item: "number", Weight: new(3.0)}}
		p = c.controlPlan(t, plan)
		err = ent.WithTx(t.Context(), c.db.Client, func(tx *db.Tx) error {
			return tx.ChecklistVersion.Update().SetCapabilities([]string{"CHECK"}).Exec(t.Context())
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.CreateControlPlan(c.as(t, "officer"), quality.CreateControlPlan{DepartmentID: p.DepartmentID, Plan: plan})
		expect(t, "adjusting what cannot be", err, "REJECTED plan.adjustments")
		c.clock.advance(24 * time.Hour)
		change, err := c.StartInspection(c.as(t, "lead"), quality.StartInspection{PlannedID: &c.askedBy(t, p)[0].ID})
		if err != nil || len(change.Warnings) != 1 || change.Warnings[0].Code != quality.PlanOutdated || change.Object.Adjustments != nil {
			t.Errorf("started %v, %v", change, err)
		}
	})
}

func TestControlPlansAreChecked(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.leaves(t, "colleague")
		for _, test := range []struct {
			name, by string
			set      func(*quality.PlanDetails)
			want     string
		}{
			{"by the manager", "manager", func(*quality.PlanDetails) {}, ""},
			{"by an integrator", integrator, func(*quality.PlanDetails) {}, ""},
			{"by a team lead", "lead", func(*quality.PlanDetails) {}, "FORBIDDEN"},
			{"by another department's manager", "housekeeping manager", func(*quality.PlanDetails) {}, "FORBIDDEN"},
			{"nothing", "officer", func(in *quality.PlanDetails) { *in = quality.PlanDetails{Sample: "ALL"} },
				"REQUIRED plan.activityEn; REQUIRED plan.responsibleId; REQUIRED plan.checklist; REQUIRED plan.rule"},
			{"in Chinese", "officer", func(in *quality.PlanDetails) { in.ActivityEn, in.ActivityZh = nil, new("接待") }, ""},
			{"two responsible", "officer", func(in *quality.PlanDetails) { in.ResponsibleID = c.staff("agent") }, "REQUIRED plan.responsibleId"},
			{"by who has left", "officer", func(in *quality.PlanDetails) { in.ResponsibleRole, in.ResponsibleID = nil, c.staff("colleague") }, "INVALID plan.responsibleId"},
			{"by a program", "officer", func(in *quality.PlanDetails) { in.ResponsibleRole = new(ent.Integrator) }, "INVALID plan.responsibleRole"},
			{"shifts and a rule", "officer", func(in *quality.PlanDetails) { in.AtShifts = true }, "INVALID plan.atShifts"},
			{"hourly", "officer", func(in *quality.PlanDetails) { in.Rule = new("FREQ=HOURLY") }, "INVALID plan.rule"},
			{"never", "officer", func(in *quality.PlanDetails) { in.Rule = new("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30") }, "INVALID plan.rule"},
			{"no rule", "officer", func(in *quality.PlanDetails) { in.Rule = new("every day") }, "INVALID plan.rule"},
			{"no time", "officer", func(in *quality.PlanDetails) { in.Within = new(time.Duration(0)) }, "INVALID plan.within"},
			{"at 30:00", "officer", func(in *quality.PlanDetails) { in.At = calendar.TimeOfDay(30 * 60) }, "INVALID plan.at"},
			{"over before it begins", "officer", func(in *quality.PlanDetails) { in.ActiveUntil = new(morning.Add(-time.Hour)) }, "INVALID plan.activeUntil"},
			{"too many", "officer", func(in *quality.PlanDetails) {
				in.Rule = new("FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10")
				for n := range 8 {
					in.Places = append(in.Places, fmt.Sprint(n))
				}
			}, "INVALID plan.rule"},
			{"places and people", "officer", func(in *quality.PlanDetails) {
				in.Places, in.PersonIDs = []string{"A"}, []typeid.StaffID{*c.staff("agent")}
			}, "INVALID plan.personIds"},
			{"a place twice", "officer", func(in *quality.PlanDetails) { in.Places = []string{"A", "A "} }, "DUPLICATE plan.places.1"},
			{"people", "officer", func(in *quality.PlanDetails) {
				in.PersonIDs = []typeid.StaffID{*c.staff("agent"), *c.staff("colleague"), *c.staff("shop assistant"), *c.staff("agent")}
			}, "NOT_FOUND plan.personIds.1; NOT_FOUND plan.personIds.2; DUPLICATE plan.personIds.3"},
			{"some of none", "officer", func(in *quality.PlanDetails) { in.Sample, in.SampleSize = "RANDOM", new(1) }, "REQUIRED plan.places"},
			{"none of some", "officer", func(in *quality.PlanDetails) { in.Places, in.Sample, in.SampleSize = []string{"A"}, "RANDOM", new(0) }, "INVALID plan.sampleSize"},
			{"an unknown checklist", "officer", func(in *quality.PlanDetails) { in.Checklist = "none" }, "NOT_FOUND plan.checklist"},
			{"items", "officer", func(in *quality.PlanDetails) {
				in.Checklist, in.Items = "example.kinds", []string{"yes", "none", "yes"}
			},
				"NOT_FOUND plan.items.1; DUPLICATE plan.items.2"},
			{"adjustments", "officer", func(in *quality.PlanDetails) {
				in.Checklist, in.Items = "example.kinds", []string{"yes", "number", "text"}
				in.Adjustments = []quality.ItemAdjustment{{Item: "choice", Weight: new(1.0)}, {Item: "yes"}, {Item: "yes", Weight: new(1.0)},
					{Item: "number", LowerLimit: new(2.0), UpperLimit: new(1.0)}, {Item: "text", Weight: new(1.0)}}
			}, "NOT_FOUND plan.adjustments.0.item; REQUIRED plan.adjustments.1; DUPLICATE plan.adjustments.2.item; INVALID plan.adjustments.3; INVALID plan.adjustments.4"},
			{"a weight of no thousandths", "officer", func(in *quality.PlanDetails) {
				in.Checklist, in.Adjustments = "example.kinds", []quality.ItemAdjustment{{Item: "yes", Weight: new(0.0001)}, {Item: "number", Weight: new(1001.0)}}
			}, "INVALID plan.adjustments.0; INVALID plan.adjustments.1"},
			{"limits of what has none", "officer", func(in *quality.PlanDetails) {
				in.Checklist, in.Adjustments = "example.kinds", []quality.ItemAdjustment{{Item: "yes", UpperLimit: new(1.0)}}
			}, "INVALID plan.adjustments.0"},
		} {
			in := dailyPlan()
			test.set(&in)
			before := c.rows(t)["events"]
			_, err := c.CreateControlPlan(c.as(t, test.by), quality.CreateControlPlan{DepartmentID: c.departments["desk"].ID, Plan: in})
			expect(t, test.name, err, test.want)
			if n := c.rows(t)["events"] - before; (n == 0) != (err != nil) {
				t.Errorf("%s: %d events", test.name, n)
			}
		}
	})
}

// However many servers work on many plans at once, and whatever time none did, each
// inspection is there once, and is told of once.
func TestServersPlanTogether(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		const plans, days = 12, 20
		for n := range plans {
			plan := dailyPlan()
			plan.At, plan.Places = calendar.TimeOfDay(10*60+n), []string{"A", "B"}
			must(c.CreateControlPlan(c.as(t, "officer"), quality.CreateControlPlan{DepartmentID: c.departments["desk"].ID, Plan: plan}))(t)
		}
		servers := []*quality.Service{c.Service}
		for range 2 {
			log := events.New(events.Config{Database: c.db})
			follow(t, log)
			servers = append(servers, c.service(c.db, log))
		}
		work := func() {
			_, errs := atOnce(len(servers), func(n int) (any, error) {
				for idle := 0; idle < 3; {
					planned, err := servers[n].PlanInspections(t.Context())
					if err != nil {
						return nil, err
					}
					fired, err := servers[n].FirePlanned(t.Context())
					if err != nil {
						return nil, err
					}
					if planned+fired == 0 {
						idle++
					}
				}
				return nil, nil
			})
			for _, err := range errs {
				if err != nil {
					t.Fatal(err)
				}
			}
			c.work(t)
		}
		work()
		c.clock.advance(36 * time.Hour)
		work()
		c.clock.advance((days - 2) * 24 * time.Hour) // longer than was planned ahead
		work()
		all := c.db.PlannedInspection.Query().AllX(ent.AsSystem(t.Context()))
		missed := 0
		for _, one := range all {
			if one.State == plannedinspection.StateMISSED {
				missed++
			}
		}
		// On the last day, from 10:00, those can begin, and are missed at 13:00: it is 21:00.
		if want := plans * 2 * days; missed != want || len(all) != plans*2*(days+13)+plans*2 {
			t.Errorf("%d of %d were missed, want %d", missed, len(all), want)
		}
		findings := c.db.Finding.Query().Where(finding.PlannedInspectionIDNotNil()).CountX(ent.AsSystem(t.Context()))
		told := c.db.Event.Query().Where(event.Kind(quality.EventInspectionMissed)).CountX(ent.AsSystem(t.Context()))
		if findings != missed || told != missed {
			t.Errorf("%d findings and %d events of %d that were missed", findings, told, missed)
		}
	})
}

// A watch does its work as the clock moves, and ends with its context.
func TestWatchInspections(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.WatchInspections(ctx) }()
		reader, err := c.log.Subscribe(ent.AsSystem(t.Context()), events.Subscription{Filter: events.Filter{SubjectKinds: []string{"plan", "planned"}}})
		if err != nil {
			t.Fatal(err)
		}
		hear := func(kind string) {
			t.Helper()
			for {
				waiting, stop := context.WithTimeout(ent.AsSystem(t.Context()), 20*time.Second)
				e, err := reader.Next(waiting)
				stop()
				if err != nil {
					t.Fatalf("waiting for %s: %v", kind, err)
				}
				if e.Kind == kind {
					return
				}
			}
		}
		must(c.CreateControlPlan(c.as(t, "officer"), quality.CreateControlPlan{DepartmentID: c.departments["desk"].ID, Plan: dailyPlan()}))(t)
		hear(quality.EventControlPlanPlanned)
		c.clock.advance(time.Hour)
		hear(quality.EventInspectionDue)
		c.clock.advance(3 * time.Hour)
		hear(quality.EventInspectionMissed)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

package graph_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisalscheme"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/db/conductproposal"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// crowd fills a company with records many of which are equal in what lists are
// sorted by, and stays below 100 of each type.
type crowd struct {
	*company
	random      *rand.Rand
	someone     []typeid.StaffID
	departments []typeid.DepartmentID // of the hotel
	customers   []typeid.CustomerID
}

func newCrowd(t testing.TB, d *ent.Database) *company {
	t.Helper()
	c := &crowd{company: newCompany(t, d), random: rand.New(rand.NewPCG(1, 2))}
	for _, id := range c.people {
		c.someone = append(c.someone, id)
	}
	for _, name := range []string{"rooms", "front", "beds", "food"} {
		c.departments = append(c.departments, c.company.departments[name])
	}
	for _, id := range c.company.customers {
		c.customers = append(c.customers, id)
	}
	err := ent.WithTx(c.ctx, d.Client, func(tx *db.Tx) error {
		c.tx = tx
		c.places()
		c.staff()
		c.files()
		c.rounds()
		c.duties()
		c.words()
		c.work()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.company
}

func pick[T any](c *crowd, from []T) T { return from[c.random.IntN(len(from))] }

// some is one of a few times, which differ by hours, fractions of a second and
// microseconds.
func (c *crowd) some() time.Time {
	return clock.Add(-time.Duration(c.random.IntN(5)) * time.Hour).Add(pick(c, []time.Duration{0, 500 * time.Millisecond, 500_001 * time.Microsecond}))
}

func (c *crowd) twin() string { return fmt.Sprintf("Twin %d", c.random.IntN(4)) }

func (c *crowd) places() {
	for n := range 9 {
		ok(c.tx.Site.Create().SetCode(fmt.Sprint("site-", n)).SetName(c.twin()).SetKind(site.KindSHOP).SetCountry("CN").
			SetTimeZone("Asia/Shanghai").SetCreatedAt(clock).Save(c.ctx))
		ok(c.tx.DeadlinePolicy.Create().SetName(c.twin()).SetPosition(c.random.IntN(12)).SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx))
		ok(c.tx.Plugin.Create().SetCode(fmt.Sprint("plugin-", n)).SetNameEn("P").SetNameZh("P").SetVersion("1.0.0").
			SetChecksum("ab").SetUpdatedAt(clock).Save(c.ctx))
		ok(c.tx.AppraisalScheme.Create().SetCode(fmt.Sprint("scheme-", n)).SetNameEn("S").SetNameZh("S").
			SetPeriod(appraisalscheme.PeriodMONTH).SetPassMark(60).SetCreatedAt(clock).Save(c.ctx))
		ok(c.tx.ChecklistVersion.Create().SetPluginID(c.plugin).SetCode(pick(c, []string{"desk.a", "desk.b"})).SetVersion(fmt.Sprint(n)).
			SetChecksum("ab").SetTitleEn("C").SetTitleZh("C").SetDefinition(ok(json.Marshal(reception))).SetDigest("cd").
			SetPublishedAt(clock).Save(c.ctx))
	}
	for n := range 20 {
		code := fmt.Sprint("dept-", n)
		c.departments = append(c.departments, ok(c.tx.Department.Create().SetSiteID(c.sites["hotel"]).SetParentID(pick(c, c.departments[:4])).
			SetCode(code).SetName(c.twin()).SetPath("hotel/"+code+"/").SetCreatedAt(clock).Save(c.ctx)).ID)
	}
}

func (c *crowd) staff() {
	for n := range 30 {
		c.someone = append(c.someone, ok(c.tx.Staff.Create().SetSiteID(c.sites["hotel"]).SetDepartmentID(pick(c, c.departments)).
			SetSupervisorID(pick(c, c.someone)).SetCode(fmt.Sprint("twin-", n)).SetName(c.twin()).SetRole(staff.RoleSTAFF).
			AddOverseeIDs(c.departments[n%3:n%3+n%4]...).SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx)).ID)
	}
	months := map[typeid.StaffID]int{}
	for range 30 {
		person := pick(c, c.someone[:8])
		months[person]++
		month := fmt.Sprintf("2025-%02d", months[person])
		ok(c.tx.Appraisal.Create().SetSchemeID(c.scheme).SetStaffID(person).SetSiteID(c.sites["hotel"]).SetDepartmentID(pick(c, c.departments)).
			SetPeriodStart(month + "-01").SetPeriodEnd(month + "-28").SetResults([]byte("[]")).SetRunAt(clock).SetUpdatedAt(clock).Save(c.ctx))
	}
}

func (c *crowd) files() {
	for range 30 {
		c.customers = append(c.customers, ok(c.tx.Customer.Create().SetSiteID(c.sites["hotel"]).SetDepartmentID(pick(c, c.departments)).
			SetOwnerID(pick(c, c.someone)).SetName(c.twin()).SetRegisteredAt(c.some()).SetNextContactAt(c.some()).SetUpdatedAt(clock).Save(c.ctx)).ID)
	}
	for n := range 60 {
		status := pick(c, []servicecase.Status{servicecase.StatusOPEN, servicecase.StatusCLOSED})
		k := ok(c.tx.ServiceCase.Create().SetNumber(fmt.Sprintf("2026-8%05d", n)).SetSiteID(c.sites["hotel"]).
			SetDepartmentID(pick(c, c.departments[:6])).SetReceivedByID(pick(c, c.someone)).SetAssigneeID(pick(c, c.someone[:6])).
			SetCustomerID(pick(c, c.customers[:6])).SetKind(pick(c, []servicecase.Kind{servicecase.KindREPAIR, servicecase.KindINQUIRY})).
			SetChannel(servicecase.ChannelCHAT).SetSeverity(servicecase.SeverityMINOR).SetStatus(status).SetOpen(status == servicecase.StatusOPEN).
			SetSubject("A case").SetOpenedAt(c.some()).SetDueAt(c.some().Add(240 * time.Hour)).SetUpdatedAt(clock).Save(c.ctx))
		for range c.random.IntN(6) {
			ok(c.tx.CaseEntry.Create().SetCaseID(k.ID).SetAuthorID(pick(c, c.someone)).SetKind(caseentry.KindNOTE).SetText("A note").
				SetAt(c.some()).Save(c.ctx))
		}
	}
}

func (c *crowd) rounds() {
	learned := ok(c.tx.ServiceCase.Query().IDs(c.ctx))
	for n := range 12 {
		k := ok(c.tx.TeachingCase.Create().SetCaseID(learned[n%6]).SetSiteID(c.sites["hotel"]).SetDepartmentID(pick(c, c.departments)).
			SetMonth(fmt.Sprintf("2025-%02d-01", n+1)).SetTitle(c.twin()).SetLesson("Learn").SetSelectedAt(c.some()).SetUpdatedAt(clock).Save(c.ctx))
		for range c.random.IntN(4) {
			ok(c.tx.Training.Create().SetTeachingCaseID(k.ID).SetSiteID(k.SiteID).SetDepartmentID(pick(c, c.departments)).SetTrainerID(pick(c, c.someone)).
				SetHeldOn(pick(c, []string{"2025-12-01", "2025-12-02"})).SetRecordedAt(clock).AddParticipantIDs(c.someone[n : n+3]...).Save(c.ctx))
		}
	}
	for range 40 {
		ok(c.tx.Inspection.Create().SetSiteID(c.sites["hotel"]).SetDepartmentID(pick(c, c.departments[:6])).SetChecklistVersionID(c.checklist).
			SetInspectorID(pick(c, c.someone)).SetLayer(inspection.LayerPATROL).SetStartedAt(c.some()).SetUpdatedAt(clock).Save(c.ctx))
	}
}

// words are topics and causes, some below another.
func (c *crowd) words() {
	topics, causes := []*db.Topic{{Path: "hotel/"}}, []*db.Cause{{Path: "hotel/"}}
	for n := range 20 {
		code, above, cause := fmt.Sprint("word-", n), pick(c, topics), pick(c, causes)
		topics = append(topics, ok(c.tx.Topic.Create().SetSiteID(c.sites["hotel"]).SetParentID(above.ID).SetCode(code).SetPath(above.Path+code+"/").
			SetNameEn("Topic").SetNameZh("主题").SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx)))
		causes = append(causes, ok(c.tx.Cause.Create().SetSiteID(c.sites["hotel"]).SetParentID(cause.ID).SetCode(code).SetPath(cause.Path+code+"/").
			SetNameEn("Cause").SetNameZh("原因").SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx)))
		ok(c.tx.Calendar.Create().SetSiteID(c.sites["hotel"]).SetCode(code).SetName(c.twin()).SetDefinition([]byte(`{"timeZone":"Asia/Shanghai"}`)).
			SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx))
	}
}

// work is what cases ask of others: tasks, and proposals about their conduct.
func (c *crowd) work() {
	of := c.cases["resolved"]
	for n := range 30 {
		department := pick(c, c.departments)
		at := c.some()
		b := ok(c.tx.ChartBaseline.Create().SetSiteID(of.SiteID).SetDepartmentID(department).SetChecklist("desk.crowd").SetItem(c.twin()).
			SetKind(chartbaseline.KindINDIVIDUALS).SetInterval(chartbaseline.IntervalNONE).SetFromAt(at).SetMean(3).SetSigma(1).
			SetRules([]string{"NELSON_1"}).SetSetAt(at).Save(c.ctx))
		ok(c.tx.ChartAlarm.Create().SetSiteID(of.SiteID).SetDepartmentID(department).SetInspectionID(c.inspections["desk"].ID).SetBaselineID(b.ID).
			SetChecklist(b.Checklist).SetItem(fmt.Sprint("item-", n)).SetRule(pick(c, []chartalarm.Rule{chartalarm.RuleNELSON_1, chartalarm.RuleOUTSIDE_LIMITS})).
			SetSide(chartalarm.SideABOVE).SetStatus(pick(c, []chartalarm.Status{chartalarm.StatusOPEN, chartalarm.StatusACKNOWLEDGED})).
			SetValue(7).SetPoints([]schema.AlarmPoint{}).SetAt(c.some()).SetUpdatedAt(clock).Save(c.ctx))
		ok(c.tx.CaseMeasure.Create().SetCaseID(of.ID).SetSiteID(of.SiteID).SetDepartmentID(department).SetOwnerID(pick(c, c.someone)).
			SetDeadlineID(c.measures["rail"].DeadlineID).SetKind(casemeasure.KindCORRECTIVE).SetWhat("A measure").SetDueAt(clock).
			SetEffectDueAt(c.some().Add(240 * time.Hour)).SetPlannedAt(clock).SetUpdatedAt(clock).Save(c.ctx))
		plan := ok(c.tx.ControlPlan.Create().SetSiteID(of.SiteID).SetDepartmentID(department).SetActivityEn("A plan").SetActivityZh("策划").
			SetChecklist(reception.ID).SetLayer(controlplan.LayerAUDIT).SetMethod(controlplan.MethodDATA).SetResponsibleID(pick(c, c.someone)).
			SetAtShifts(true).SetStartsOn("2026-11-01").SetOnClosedDay(controlplan.OnClosedDaySKIP).SetWithin(0).SetGrace(0).SetActiveFrom(clock).
			SetSampleMethod(controlplan.SampleMethodALL).SetSeed(1).SetMissedSeverity(controlplan.MissedSeverityMINOR).
			SetPlannedUntil(clock).SetCreatedAt(c.some()).SetUpdatedAt(clock).Save(c.ctx))
		at = c.some()
		ok(c.tx.PlannedInspection.Create().SetPlanID(plan.ID).SetSiteID(of.SiteID).SetDepartmentID(department).SetOccurrence("shift:a").SetSubject("").
			SetPosition(0).SetResponsibleID(plan.ResponsibleID).SetDueFrom(at).SetDueAt(at).SetMissAt(at).Save(c.ctx))
		ok(c.tx.CaseTask.Create().SetCaseID(of.ID).SetDepartmentID(department).SetAssigneeID(pick(c, c.someone)).SetAddedByID(pick(c, c.someone)).
			SetTitle("A task").SetRequired(false).SetDueAt(c.some().Add(240 * time.Hour)).SetAddedAt(clock).SetUpdatedAt(clock).Save(c.ctx))
		found := ok(c.tx.CaseInvestigation.Create().SetCaseID(of.ID).SetVersion(10 + n).SetInvestigatorID(pick(c, c.someone)).SetSubstantiated(true).
			SetServiceCaused(true).SetCauseID(c.causes["lift"]).SetDepartmentID(department).SetFindings("Found").SetCurrency("CNY").SetAt(c.some()).Save(c.ctx))
		ok(c.tx.ConductProposal.Create().SetCaseID(of.ID).SetInvestigationID(found.ID).SetPersonID(pick(c, c.someone)).SetSiteID(of.SiteID).
			SetDepartmentID(department).SetRule(conductproposal.RuleSUBSTANTIATED_COMPLAINT).SetCurrency("CNY").SetPersonFrom(1).SetPersonTo(2).SetFirstFrom(1).SetFirstTo(2).
			SetProposedAt(c.some()).SetUpdatedAt(clock).Save(c.ctx))
	}
}

func (c *crowd) duties() {
	for range 30 {
		start, person := c.some(), pick(c, c.someone)
		of := ok(c.tx.Shift.Create().SetSiteID(c.sites["hotel"]).SetDepartmentID(pick(c, c.departments)).SetStaffID(person).
			SetGroup("late").SetStartsAt(start).SetEndsAt(start.Add(time.Hour)).SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx))
		ok(c.tx.ShiftSwap.Create().SetSiteID(of.SiteID).SetDepartmentID(of.DepartmentID).SetShiftID(of.ID).SetStaffID(person).
			SetWithID(pick(c, c.someone)).SetRequestedAt(c.some()).SetUpdatedAt(clock).Save(c.ctx))
		at := c.some()
		ok(c.tx.Visit.Create().SetSiteID(of.SiteID).SetDepartmentID(of.DepartmentID).SetCustomerID(pick(c, c.customers)).SetAssignedID(person).
			SetChannel(pick(c, []visit.Channel{visit.ChannelIN_PERSON, visit.ChannelIN_PERSON, visit.ChannelTELEPHONE, visit.ChannelCHAT})).
			SetAssignment(visit.AssignmentROTATION).SetGroup("late").SetKnown(c.random.IntN(2) == 0).SetSource(c.twin()).
			SetNoCustomer(pick(c, []visit.NoCustomer{visit.NoCustomerNOT_ASKED, visit.NoCustomerNOT_ASKED, visit.NoCustomerASKED, visit.NoCustomerAGREED})).
			SetAt(at).SetDay(at.AddDate(0, 0, -c.random.IntN(3)).Format(time.DateOnly)).SetUpdatedAt(at).Save(c.ctx))
	}
}

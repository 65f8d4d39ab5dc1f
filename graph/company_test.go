package graph_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/dialect/sql"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	dbanswer "github.com/seed-34fcb60d/rounds/ent/db/answer"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisalscheme"
	"github.com/seed-34fcb60d/rounds/ent/db/casecompensation"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/caselink"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/casetask"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/db/conductproposal"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/db/contactattempt"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/disclosure"
	"github.com/seed-34fcb60d/rounds/ent/db/finding"
	"github.com/seed-34fcb60d/rounds/ent/db/handover"
	"github.com/seed-34fcb60d/rounds/ent/db/indicator"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/measurement"
	"github.com/seed-34fcb60d/rounds/ent/db/plannedinspection"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/shiftswap"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/db/storedfile"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
	"github.com/seed-34fcb60d/rounds/quality/rules"
	"github.com/seed-34fcb60d/rounds/quality/rules/archive"
)

// company is a small business in the database, with at least one record of each
// type on either side of every border of visibility. Records go by names, such as
// "case finding".
type company struct {
	*api
	ids    map[string]string // by the records' names, in the order of names
	names  []string
	tokens map[string]string // by the viewers' names

	sites       map[string]typeid.SiteID
	departments map[string]typeid.DepartmentID
	people      map[string]typeid.StaffID
	customers   map[string]typeid.CustomerID
	topics      map[string]typeid.TopicID
	causes      map[string]typeid.CauseID
	cases       map[string]*db.ServiceCase
	links       []typeid.CaseLinkID
	tasks       map[string]*db.CaseTask
	measures    map[string]*db.CaseMeasure
	inspections map[string]*db.Inspection
	plugin      typeid.PluginID
	planned     map[string]*db.PlannedInspection
	voucher     typeid.CompensationID
	checklist   typeid.ChecklistVersionID
	scheme      typeid.SchemeID
	shifts      map[string]*db.Shift
	visits      map[string]*db.Visit

	ctx  context.Context // the system's
	tx   *db.Tx
	made []events.Event
}

func newCompany(t testing.TB, d *ent.Database) *company {
	t.Helper()
	c := &company{
		api: newAPI(t, d), ids: map[string]string{}, tokens: map[string]string{"system": asSystem, "nobody": ""},
		sites: map[string]typeid.SiteID{}, departments: map[string]typeid.DepartmentID{}, people: map[string]typeid.StaffID{},
		customers: map[string]typeid.CustomerID{}, topics: map[string]typeid.TopicID{}, causes: map[string]typeid.CauseID{}, cases: map[string]*db.ServiceCase{}, tasks: map[string]*db.CaseTask{}, measures: map[string]*db.CaseMeasure{}, inspections: map[string]*db.Inspection{},
		ctx:    ent.AsSystem(t.Context()),
		shifts: map[string]*db.Shift{}, visits: map[string]*db.Visit{},
	}
	var pending events.Pending
	err := ent.WithTx(c.ctx, d.Client, func(tx *db.Tx) (err error) {
		c.tx = tx
		c.organisation()
		c.setDeadlines()
		c.words()
		c.checklists()
		c.inspect()
		c.chart()
		c.planControl()
		c.serve()
		c.absences()
		c.clocks()
		c.keepInTouch()
		c.help()
		c.prevent()
		c.investigate()
		c.teach()
		c.appraise()
		c.rota()
		c.receive()
		c.rename()
		pending, err = c.api.events.Append(c.ctx, tx, c.made...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.api.events.Sequenced(c.ctx, pending); err != nil {
		t.Fatal(err)
	}
	if _, err := c.api.quality.IndexTexts(c.ctx); err != nil {
		t.Fatal(err)
	}
	c.issueTokens(t)
	return c
}

func put[ID fmt.Stringer](c *company, name string, id ID) ID {
	c.ids[name] = id.String()
	c.names = append(c.names, name)
	return id
}

// ok is for the making of records, which cannot fail but by a mistake in it.
func ok[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (c *company) organisation() {
	for name, country := range map[string]string{"hotel": "CN", "mall": "DE"} {
		s := ok(c.tx.Site.Create().SetCode(name).SetName("The " + name).SetKind(site.KindOTHER).SetCountry(country).
			SetTimeZone("Asia/Shanghai").SetCreatedAt(clock).Save(c.ctx))
		c.sites[name] = put(c, "site "+name, s.ID)
	}
	for _, d := range []struct{ name, site, above, path string }{
		{"rooms", "hotel", "", "hotel/rooms/"},
		{"front", "hotel", "rooms", "hotel/rooms/front/"},
		{"beds", "hotel", "rooms", "hotel/rooms/beds/"},
		{"food", "hotel", "", "hotel/food/"},
		{"floor", "mall", "", "mall/floor/"},
		{"till", "mall", "floor", "mall/floor/till/"},
	} {
		row := ok(c.tx.Department.Create().SetSiteID(c.sites[d.site]).SetParentID(c.departments[d.above]).
			SetCode(d.name).SetName("The " + d.name).SetPath(d.path).SetCreatedAt(clock).Save(c.ctx))
		c.departments[d.name] = put(c, "department "+d.name, row.ID)
	}
	c.calendars()
	for _, p := range []struct {
		name, site, department, supervisor string
		role                               staff.Role
	}{
		{"executive", "hotel", "food", "", staff.RoleEXECUTIVE},
		{"sitemanager", "hotel", "rooms", "executive", staff.RoleSITE_MANAGER},
		{"manager", "hotel", "rooms", "sitemanager", staff.RoleDEPARTMENT_MANAGER},
		{"lead", "hotel", "front", "manager", staff.RoleTEAM_LEAD},
		{"clerk", "hotel", "front", "lead", staff.RoleSTAFF},
		{"maid", "hotel", "beds", "lead", staff.RoleSTAFF},
		{"cook", "hotel", "food", "executive", staff.RoleSTAFF},
		{"officer", "hotel", "food", "executive", staff.RoleQUALITY_OFFICER},
		{"hr", "hotel", "food", "executive", staff.RoleHUMAN_RESOURCES},
		{"admin", "hotel", "food", "executive", staff.RoleADMINISTRATOR},
		{"seller", "mall", "till", "", staff.RoleSTAFF},
		{"floorlead", "mall", "floor", "", staff.RoleTEAM_LEAD},
	} {
		create := c.tx.Staff.Create().SetSiteID(c.sites[p.site]).SetDepartmentID(c.departments[p.department]).
			SetSupervisorID(c.people[p.supervisor]).SetCode(p.name).SetName("The " + p.name).SetRole(p.role).SetActive(p.name != "maid").
			SetCreatedAt(clock).SetUpdatedAt(clock)
		if p.name == "lead" {
			create.AddOverseeIDs(c.departments["beds"])
		}
		c.people[p.name] = put(c, "staff "+p.name, ok(create.Save(c.ctx)).ID)
	}
}

// words are those by which cases are classified.
func (c *company) words() {
	for _, w := range []struct{ name, site, above, path string }{
		{"service", "hotel", "", "hotel/service/"},
		{"waiting", "hotel", "service", "hotel/service/waiting/"},
		{"stock", "mall", "", "mall/stock/"}, // retired
		{"goods", "mall", "", "mall/goods/"},
	} {
		row := ok(c.tx.Topic.Create().SetSiteID(c.sites[w.site]).SetParentID(c.topics[w.above]).SetCode(w.name).SetPath(w.path).
			SetNameEn("The " + w.name).SetNameZh("主题").SetActive(w.name != "stock").SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx))
		c.topics[w.name] = put(c, "topic "+w.name, row.ID)
		if w.above == "" {
			c.event("topic.created", row.ID, events.Event{Site: row.SiteID})
		}
	}
	causes := c.causes
	for _, w := range []struct{ name, site, above, path string }{
		{"people", "", "", "/people/"},
		{"training", "", "people", "/people/training/"}, // retired
		{"lift", "hotel", "", "hotel/lift/"},
	} {
		row := ok(c.tx.Cause.Create().SetSiteID(c.sites[w.site]).SetParentID(causes[w.above]).SetCode(w.name).SetPath(w.path).
			SetNameEn("The " + w.name).SetNameZh("原因").SetActive(w.name != "training").SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx))
		causes[w.name] = put(c, "cause "+w.name, row.ID)
		if w.name == "people" {
			c.event("cause.created", row.ID, events.Event{})
		}
	}
}

// reception is the company's checklist.
var reception = ok(func() (checklist.Definition, error) {
	d, err := (&sdk.Department{ID: "desk", Version: "1.0.0", Name: sdk.T("Desk", "前台"), Sheets: []sdk.Sheet{
		sdk.Define("desk.reception", sdk.T("Reception", "接待"), 60, sdk.Section("counter", sdk.T("Counter", "柜台"),
			sdk.Item("smile", sdk.T("Smiles", "微笑"), sdk.Key()),
			sdk.Item("rings", sdk.T("Rings until answered", "铃响次数"), sdk.Number(sdk.Rings, sdk.AtMost(3)), sdk.Optional()),
			sdk.Item("remark", sdk.T("Remark", "备注"), sdk.Remark(), sdk.Optional()))),
	}}).Describe(context.Background())
	if err != nil {
		return checklist.Definition{}, err
	}
	return d.Checklists[0], nil
}())

func (c *company) checklists() {
	p := ok(c.tx.Plugin.Create().SetCode("desk").SetNameEn("Desk").SetNameZh("前台").SetVersion("1.0.0").
		SetChecksum("ab").SetUpdatedAt(clock).Save(c.ctx))
	c.plugin = put(c, "plugin desk", p.ID)
	v := ok(c.tx.PluginVersion.Create().SetPluginID(p.ID).SetVersion("old").SetChecksum("ab").SetSize(1).SetAddedAt(clock).Save(c.ctx))
	put(c, "release desk", v.ID)
	for name, current := range map[string]bool{"old": false, "new": true} {
		v := ok(c.tx.ChecklistVersion.Create().SetPluginID(p.ID).SetCode(reception.ID).SetVersion(name).SetChecksum("ab").
			SetTitleEn("Reception").SetTitleZh("接待").SetDefinition(ok(json.Marshal(reception))).SetDigest("cd").
			SetCurrent(current).SetPublishedAt(clock).Save(c.ctx))
		put(c, "checklist "+name, v.ID)
		if current {
			c.checklist = v.ID
			c.event("checklist.published", v.ID, events.Event{})
		}
	}
}

// event notes that something happened to a record, to be told when all are there.
func (c *company) event(kind string, subject fmt.Stringer, e events.Event) {
	e.Kind, e.Subject, e.At = kind, subject.String(), clock
	c.made = append(c.made, e)
}

// planControl makes control plans: of the front desk by the role of its staff, of the
// food by the cook and at the till by the seller, who has missed an inspection.
func (c *company) planControl() {
	c.planned = map[string]*db.PlannedInspection{}
	for n, k := range []struct {
		name, site, department, responsible string
		layer                               controlplan.Layer
		active                              bool
	}{
		{"desk", "hotel", "front", "", controlplan.LayerSELF_CHECK, true},
		{"kitchen", "hotel", "food", "cook", controlplan.LayerPATROL, false},
		{"shop", "mall", "till", "seller", controlplan.LayerPATROL, true},
	} {
		at := clock.Add(time.Duration(48*n-72) * time.Hour)
		create := c.tx.ControlPlan.Create().SetSiteID(c.sites[k.site]).SetDepartmentID(c.departments[k.department]).SetActivityEn("The " + k.name).SetActivityZh("活动").
			SetChecklist(reception.ID).SetLayer(k.layer).SetMethod(controlplan.MethodOBSERVATION).SetResponsibleID(c.people[k.responsible]).
			SetAtShifts(false).SetRule("FREQ=DAILY").SetStartsOn("2026-11-01").SetOnClosedDay(controlplan.OnClosedDaySKIP).SetWithin(time.Hour).SetGrace(time.Hour).
			SetActiveFrom(at).SetSampleMethod(controlplan.SampleMethodALL).SetSeed(1).SetMissedSeverity(controlplan.MissedSeverityMINOR).SetActive(k.active).
			SetAdjustments([]byte(`[{"item":"rings","weight":2}]`)).SetPlannedUntil(clock).SetCreatedAt(at).SetUpdatedAt(at)
		due := c.tx.PlannedInspection.Create().SetOccurrence("2026-11-22#1").SetSubject("").SetPosition(0).SetSiteID(c.sites[k.site]).
			SetDepartmentID(c.departments[k.department]).SetResponsibleID(c.people[k.responsible]).
			SetDueFrom(at.Add(-time.Hour)).SetDueAt(at).SetMissAt(at.Add(365 * 24 * time.Hour))
		switch k.name {
		case "desk":
			create.SetResponsibleRole(controlplan.ResponsibleRoleSTAFF).SetPeople([]typeid.StaffID{c.people["clerk"]})
			due.SetResponsibleRole(plannedinspection.ResponsibleRoleSTAFF)
		case "kitchen":
			due.SetState(plannedinspection.StateSTARTED).SetInspectionID(c.inspections["kitchen"].ID)
		case "shop":
			create.SetPeople([]typeid.StaffID{c.people["seller"]})
			due.SetState(plannedinspection.StateMISSED).SetSubject(c.people["seller"].String()).SetObservedID(c.people["seller"])
		}
		plan := ok(create.Save(c.ctx))
		put(c, "plan "+k.name, plan.ID)
		row := ok(due.SetPlanID(plan.ID).Save(c.ctx))
		c.planned[k.name] = row
		put(c, "planned "+k.name, row.ID)
		for kind, id := range map[string]fmt.Stringer{"controlPlan.created": plan.ID, "inspection.due": row.ID} {
			c.event(kind, id, events.Event{Site: row.SiteID, Department: row.DepartmentID, Owner: row.ResponsibleID})
		}
	}
	f := ok(c.tx.Finding.Create().SetPlannedInspectionID(c.planned["shop"].ID).SetItem(reception.ID).SetKeyActivity(false).
		SetSeverity(finding.SeverityMINOR).SetTextEn("Not inspected in time").SetTextZh("未按时检查").Save(c.ctx))
	put(c, "finding missed", f.ID)
}

func (c *company) inspect() {
	no := false
	judged := ok(sdk.Judge(reception, checklist.Inspection{Checklist: reception.ID, Answers: []checklist.Answer{{Item: "smile", Yes: &no}}}))
	for n, i := range []struct {
		name, site, department, inspector, observed string
		layer                                       inspection.Layer
		completed                                   bool
	}{
		{"desk", "hotel", "front", "officer", "clerk", inspection.LayerSAMPLING, true},
		{"kitchen", "hotel", "food", "cook", "", inspection.LayerSELF_CHECK, false},
		{"shop", "mall", "till", "seller", "", inspection.LayerSELF_CHECK, true},
	} {
		at := clock.Add(time.Duration(n-10) * time.Hour)
		create := c.tx.Inspection.Create().SetSiteID(c.sites[i.site]).SetDepartmentID(c.departments[i.department]).
			SetChecklistVersionID(c.checklist).SetInspectorID(c.people[i.inspector]).SetObservedID(c.people[i.observed]).
			SetLayer(i.layer).SetShared(i.name == "kitchen").SetStartedAt(at).SetUpdatedAt(at)
		if i.completed {
			create.SetStatus(inspection.StatusCOMPLETED).SetCompletedAt(at).SetScore(0).SetPassed(false).SetJudgement(ok(json.Marshal(judged)))
		}
		row := ok(create.Save(c.ctx))
		c.inspections[i.name] = row
		put(c, "inspection "+i.name, row.ID)
		a := ok(c.tx.Answer.Create().SetInspectionID(row.ID).SetItem("smile").SetYes(false).SetGivenByID(row.InspectorID).SetAnsweredAt(at).Save(c.ctx))
		put(c, "answer "+i.name, a.ID)
		if i.name == "kitchen" {
			c.tx.CoInspector.Create().SetInspectionID(row.ID).SetStaffID(c.people["clerk"]).ExecX(c.ctx)
			rival := ok(c.tx.Answer.Create().SetInspectionID(row.ID).SetItem("smile").SetState(dbanswer.StateLATE).SetYes(true).
				SetGivenByID(c.people["clerk"]).SetAnsweredAt(at).Save(c.ctx))
			put(c, "answer rival", rival.ID)
		}
		if i.name == "desk" {
			for kind, name := range map[dbanswer.Kind]string{dbanswer.KindCHOICE: "choice", dbanswer.KindMULTIPLE_CHOICE: "choices", dbanswer.KindNUMBER: "number",
				dbanswer.KindDURATION: "duration", dbanswer.KindTEXT: "text", dbanswer.KindPHOTO: "photo", dbanswer.KindSIGNATURE: "signature"} {
				a := ok(c.tx.Answer.Create().SetInspectionID(row.ID).SetItem(name).SetKind(kind).SetState(dbanswer.StateREPLACED).
					SetNotApplicable(true).SetReason("Not seen").SetGivenByID(row.InspectorID).SetAnsweredAt(at).Save(c.ctx))
				put(c, name+" desk", a.ID)
			}
		}
		c.event("inspection.started", row.ID, events.Event{Site: row.SiteID, Department: row.DepartmentID, Owner: row.InspectorID, Origin: row.ObservedID})
	}
}

func (c *company) serve() {
	for n, r := range []struct{ name, site, department, owner string }{
		{"guest", "hotel", "front", "clerk"},
		{"diner", "hotel", "food", "cook"},
		{"shopper", "mall", "till", "seller"},
		{"visitor", "mall", "till", "seller"}, // with a case at the hotel
		{"double", "hotel", "front", "clerk"}, // merged into the guest
	} {
		phone, email := fmt.Sprintf("+49301234567%d", n), r.name+"@example.com"
		merged := map[string]typeid.CustomerID{"double": c.customers["guest"]}
		row := ok(c.tx.Customer.Create().SetMergedIntoID(merged[r.name]).SetSiteID(c.sites[r.site]).SetDepartmentID(c.departments[r.department]).SetOwnerID(c.people[r.owner]).
			SetKind(customer.KindPERSON).SetClass("class-" + r.department).SetName("The " + r.name).SetExternalID(r.name).
			SetRegisteredAt(clock.Add(time.Duration(n-100) * time.Hour)).SetNextContactAt(clock.Add(time.Duration(n) * time.Hour)).SetUpdatedAt(clock).Save(c.ctx))
		c.customers[r.name] = put(c, "customer "+r.name, row.ID)
		for f, value := range map[contact.Field]string{contact.PhoneField: phone, contact.EmailField: email} {
			p := ok(c.tx.ContactPoint.Create().SetCustomerID(row.ID).SetKind(contactpoint.Kind(strings.ToUpper(string(f)))).SetPrimary(true).
				SetSealed(ok(c.keys.Ring().Seal(f, value))).SetDigest(ok(c.keys.Ring().Digest(f, value))).SetAddedAt(clock).
				SetVerifiedAt(clock).SetVerifiedByID(c.people["cook"]).Save(c.ctx))
			put(c, "contact "+r.name+" "+string(f), p.ID)
		}
		if r.name != "double" {
			w := ok(c.tx.Consent.Create().SetCustomerID(row.ID).SetPurpose(consent.PurposeCONTACT).SetState(consent.StateGIVEN).SetChannel(consent.ChannelTELEPHONE).
				SetActor(c.people["clerk"].String()).SetStaffID(c.people["cook"]).SetAt(clock).SetRecordedAt(clock).Save(c.ctx))
			put(c, "consent "+r.name, w.ID)
			o := ok(c.tx.OwnerChange.Create().SetCustomerID(row.ID).SetFromID(c.people["lead"]).SetToID(row.OwnerID).SetReason("A wish").
				SetActor(c.people["cook"].String()).SetStaffID(c.people["cook"]).SetAt(clock).Save(c.ctx))
			put(c, "owner "+r.name, o.ID)
			ok(c.tx.ExternalID.Create().SetCustomerID(row.ID).SetSiteID(row.SiteID).SetSystem("pms").SetValue(r.name).SetAddedAt(clock).Save(c.ctx))
		}
		if r.name != "diner" && r.name != "double" {
			d := ok(c.tx.Disclosure.Create().SetCustomerID(row.ID).SetKind(disclosure.KindREVEAL).SetPurpose(disclosure.PurposeCASE).
				SetActor(c.people["clerk"].String()).SetStaffID(c.people["clerk"]).SetAt(clock).Save(c.ctx))
			put(c, "disclosure "+r.name, d.ID)
		}
		c.event("customer.registered", row.ID, events.Event{Site: row.SiteID, Department: row.DepartmentID, Owner: row.OwnerID})
	}
	caused := map[string]string{"resolved": "lift", "closed": "people", "accepted": "people"}
	tasked := []string{"resolved", "closed", "pushed"}
	measures := map[string]int{"accepted": 1, "resolved": 1}
	about := map[string]string{"open": "waiting", "resolved": "service", "closed": "stock"}
	for n, k := range []struct {
		name, site, department, received, assignee, dispatched, customer, inspection string
		kind                                                                         servicecase.Kind
		status                                                                       servicecase.Status
	}{
		{"open", "hotel", "", "clerk", "clerk", "", "guest", "", servicecase.KindCOMPLAINT, servicecase.StatusOPEN},
		{"dispatched", "hotel", "front", "cook", "cook", "clerk", "visitor", "", servicecase.KindINQUIRY, servicecase.StatusDISPATCHED},
		{"accepted", "hotel", "beds", "cook", "maid", "", "", "", servicecase.KindINCIDENT, servicecase.StatusACCEPTED},
		{"resolved", "hotel", "food", "cook", "cook", "", "", "", servicecase.KindCOMPLAINT, servicecase.StatusRESOLVED},
		{"finding", "hotel", "front", "officer", "officer", "", "", "desk", servicecase.KindINCIDENT, servicecase.StatusDISPATCHED},
		{"closed", "mall", "till", "seller", "seller", "", "shopper", "", servicecase.KindCOMMENDATION, servicecase.StatusCLOSED},
		{"pushed", "mall", "", "", "", "", "", "", servicecase.KindSUGGESTION, servicecase.StatusOPEN}, // by a program
		{"praised", "mall", "till", "seller", "seller", "", "", "", servicecase.KindCOMMENDATION, servicecase.StatusOPEN},
	} {
		at := clock.Add(time.Duration(n-50) * time.Hour)
		row := ok(c.tx.ServiceCase.Create().SetNumber(fmt.Sprintf("2026-9%05d", n)).SetSiteID(c.sites[k.site]).
			SetDepartmentID(c.departments[k.department]).SetReceivedByID(c.people[k.received]).SetAssigneeID(c.people[k.assignee]).
			SetDispatchedToID(c.people[k.dispatched]).SetCustomerID(c.customers[k.customer]).SetInspectionID(c.inspection(k.inspection)).
			SetTopicID(c.topics[about[k.name]]).SetCauseID(c.causes[caused[k.name]]).SetTasked(slices.Contains(tasked, k.name)).SetKind(k.kind).SetChannel(servicecase.ChannelEMAIL).SetSeverity(servicecase.SeverityMINOR).
			SetStatus(k.status).SetOpen(k.status != servicecase.StatusCLOSED).SetSubject("The " + k.name + " one").SetExternalID("ext " + k.name).
			SetOpenedAt(at).SetDueAt(at.Add(48 * time.Hour)).SetUpdatedAt(at).SetNillableHeldAt(map[string]*time.Time{"pushed": &at}[k.name]).
			SetOpenMeasures(measures[k.name]).SetStandingMeasures(measures[k.name]).SetNillableReportedAt(map[string]*time.Time{"accepted": &at}[k.name]).
			SetContainedAt(at).SetEscalatedToID(c.people[map[string]string{"pushed": "floorlead"}[k.name]]).Save(c.ctx))
		c.cases[k.name] = row
		put(c, "case "+k.name, row.ID)
		owner := row.AssigneeID
		if !row.DispatchedToID.IsZero() {
			owner = row.DispatchedToID
		}
		c.event("case.opened", row.ID, events.Event{Site: row.SiteID, Department: row.DepartmentID, Owner: owner, Origin: row.ReceivedByID})
		note := c.entry(k.name, "note", row, typeid.CaseEntryID{})
		if k.name == "open" {
			c.entry(k.name, "correction", row, note)
		}
		if k.dispatched != "" {
			c.step(k.name, row)
		}
		c.pursue(k.name, row)
		c.attach(k.name)
	}
	c.file("dispatched")
	c.merge("resolved", "accepted")
	c.merge("closed", "open")
	c.tx.Inspection.Update().Where(inspection.ID(c.inspections["shop"].ID)).Modify(func(u *sql.UpdateBuilder) {
		u.Set(inspection.FieldReviewedCaseID, c.cases["closed"].ID)
	}).ExecX(c.ctx)
	for name, of := range map[string]typeid.CaseID{"desk": c.cases["finding"].ID, "shop": {}} {
		f := ok(c.tx.Finding.Create().SetInspectionID(c.inspections[name].ID).SetCaseID(of).SetItem("smile").
			SetSeverity(finding.SeverityMAJOR).SetKeyActivity(true).SetTextEn("No smile").SetTextZh("未微笑").Save(c.ctx))
		put(c, "finding "+name, f.ID)
	}
}

// file makes the archive of a case, which tells who the customer and the receiver are.
func (c *company) file(of string) {
	k := c.cases[of]
	document := archive.Seal([]archive.Line{
		{Kind: "case", Fields: map[string]any{"id": k.ID.String()}, Texts: map[string]archive.Text{"subject": archive.Plain(k.Subject), "customer_id": archive.Plain(k.CustomerID.String())}},
		{Kind: "customer", Fields: map[string]any{}, Texts: map[string]archive.Text{"id": archive.Plain(k.CustomerID.String()), "name": archive.Plain("The visitor")}},
		{Kind: "name", Fields: map[string]any{"id": k.ReceivedByID.String()}, Texts: map[string]archive.Text{"name": archive.Plain("The cook")}},
	})
	digest := ok(hex.DecodeString(document.Digest()))
	row := ok(c.tx.CaseArchive.Create().SetID(typeid.CaseArchiveID(digest[:16])).SetCaseID(k.ID).SetArchivedByID(k.ReceivedByID).
		SetDigest(digest).SetLines(len(document.Lines)).SetDocument(string(document.Bytes())).SetAt(clock).Save(c.ctx))
	put(c, "archive "+of, row.ID)
	c.event("archive.filed", row.ID, events.Event{Site: k.SiteID, Department: k.DepartmentID, Owner: k.DispatchedToID, Origin: k.ReceivedByID})
}

// keepInTouch tries to be in touch with customers. With the guest it led to a case.
func (c *company) keepInTouch() {
	for _, name := range []string{"guest", "diner", "shopper", "visitor"} {
		create := c.tx.ContactAttempt.Create().SetCustomerID(c.customers[name]).SetChannel(contactattempt.ChannelTELEPHONE).SetReached(false).
			SetActor(c.people["clerk"].String()).SetStaffID(c.people["cook"]).SetAt(clock).SetRecordedAt(clock)
		if name == "guest" {
			create.SetCaseID(c.cases["open"].ID)
		}
		put(c, "attempt "+name, ok(create.Save(c.ctx)).ID)
	}
}

// help makes the tasks of departments that help with cases of others.
func (c *company) help() {
	for n, k := range []struct {
		name, of, department, assignee, by string
		status                             casetask.Status
	}{
		{"wash", "resolved", "front", "clerk", "cook", casetask.StatusOPEN},
		{"dust", "resolved", "front", "clerk", "cook", casetask.StatusACCEPTED},
		{"count", "closed", "floor", "floorlead", "seller", casetask.StatusDONE},
		{"off", "pushed", "till", "seller", "", casetask.StatusCANCELLED},
	} {
		at := clock.Add(time.Duration(24*n-90) * time.Hour)
		create := c.tx.CaseTask.Create().SetCaseID(c.cases[k.of].ID).SetDepartmentID(c.departments[k.department]).
			SetAssigneeID(c.people[k.assignee]).SetAddedByID(c.people[k.by]).SetTitle("The " + k.name).SetRequired(false).
			SetStatus(k.status).SetDueAt(at).SetAddedAt(at).SetUpdatedAt(at)
		if k.status == casetask.StatusDONE {
			create.SetEndedAt(at).SetEndedByID(c.people[k.assignee]).SetResult("Done")
		}
		row := ok(create.Save(c.ctx))
		c.tasks[k.name] = row
		put(c, "task "+k.name, row.ID)
		if k.name == "wash" {
			c.event("task.added", row.ID, events.Event{Site: c.cases[k.of].SiteID, Department: row.DepartmentID, Owner: row.AssigneeID, Origin: row.AddedByID})
		}
	}
}

// prevent makes the measures of cases, and says whom a commendation names.
func (c *company) prevent() {
	for n, k := range []struct {
		name, of, department, owner, by string
		status                          casemeasure.Status
	}{
		{"mats", "accepted", "front", "clerk", "maid", casemeasure.StatusPLANNED},
		{"rail", "resolved", "food", "cook", "", casemeasure.StatusCOMPLETED},
		{"shelf", "closed", "till", "seller", "seller", casemeasure.StatusEFFECTIVE},
	} {
		at := clock.Add(time.Duration(24*n-80) * time.Hour)
		deadline, _ := typeid.Parse[typeid.DeadlineID](c.ids["deadline "+k.name])
		of := c.cases[k.of]
		create := c.tx.CaseMeasure.Create().SetCaseID(of.ID).SetSiteID(of.SiteID).SetDepartmentID(c.departments[k.department]).
			SetOwnerID(c.people[k.owner]).SetPlannedByID(c.people[k.by]).SetDeadlineID(deadline).SetKind(casemeasure.KindPREVENTIVE).
			SetStatus(k.status).SetWhat("The " + k.name).SetDueAt(at).SetEffectDueAt(at.Add(time.Hour)).SetPlannedAt(at).SetUpdatedAt(at)
		if k.status != casemeasure.StatusPLANNED {
			create.SetCompletedAt(at).SetCompletedByID(c.people[k.owner]).SetResult("Done")
		}
		if k.status == casemeasure.StatusEFFECTIVE {
			create.SetEndedAt(at).SetEndedByID(c.people["floorlead"]).SetFinding("Works")
		}
		row := ok(create.Save(c.ctx))
		c.measures[k.name] = row
		put(c, "measure "+k.name, row.ID)
		if k.name == "mats" {
			c.event("measure.planned", row.ID, events.Event{Site: row.SiteID, Department: row.DepartmentID, Owner: row.OwnerID, Origin: row.PlannedByID})
		}
	}
	for name, withdrawn := range map[string]*time.Time{"closed": &clock, "praised": nil} {
		of := c.cases[name]
		ok(c.tx.CaseCommendation.Create().SetCaseID(of.ID).SetStaffID(c.people["seller"]).SetSiteID(of.SiteID).SetDepartmentID(c.departments["till"]).
			SetNamedByID(c.people["floorlead"]).SetInWriting(true).SetOpenedAt(of.OpenedAt).SetNamedAt(clock).SetNillableWithdrawnAt(withdrawn).Save(c.ctx))
	}
}

// investigate makes what investigations found, and what follows from it.
func (c *company) investigate() {
	for n, k := range []struct{ name, of, department, person, cause string }{
		{"first", "resolved", "food", "cook", "lift"},
		{"second", "resolved", "food", "cook", "lift"},
		{"shop", "closed", "till", "seller", "people"},
	} {
		at := clock.Add(time.Duration(n-30) * time.Hour)
		of := c.cases[k.of]
		row := ok(c.tx.CaseInvestigation.Create().SetCaseID(of.ID).SetVersion(1 + n%2).SetInvestigatorID(c.people[k.person]).
			SetSubstantiated(true).SetServiceCaused(true).SetCauseID(c.causes[k.cause]).SetDepartmentID(c.departments[k.department]).
			SetPersonID(c.people[k.person]).SetLoss(100).SetCurrency("CNY").SetFindings("Found").SetAt(at).Save(c.ctx))
		put(c, "investigation "+k.name, row.ID)
		if k.name == "first" {
			continue
		}
		p := ok(c.tx.ConductProposal.Create().SetCaseID(of.ID).SetInvestigationID(row.ID).SetPersonID(c.people[k.person]).
			SetSiteID(of.SiteID).SetDepartmentID(c.departments[k.department]).SetFirstResponsibleID(c.people["sitemanager"]).
			SetRule(conductproposal.RuleSUBSTANTIATED_COMPLAINT).SetCurrency("CNY").SetPersonFrom(1).SetPersonTo(2).SetFirstFrom(1).SetFirstTo(2).
			SetStatus(map[string]conductproposal.Status{"second": "PROPOSED", "shop": "WITHDRAWN"}[k.name]).
			SetProposedAt(at).SetUpdatedAt(at).Save(c.ctx))
		put(c, "proposal "+k.person, p.ID)
		c.event("conduct.proposed", p.ID, events.Event{Site: p.SiteID, Department: p.DepartmentID})
	}
	v := ok(c.tx.CaseCompensation.Create().SetCaseID(c.cases["resolved"].ID).SetKind(casecompensation.KindVOUCHER).SetAmount(5000).
		SetCurrency("CNY").SetReason("Sorry").SetStatus(casecompensation.StatusPENDING).SetAskedByID(c.people["cook"]).SetAskedAt(clock).
		SetDecidedByID(c.people["executive"]).SetUpdatedAt(clock).Save(c.ctx))
	c.voucher = put(c, "compensation voucher", v.ID)
}

// teach makes teaching cases, and the trainings held on them.
func (c *company) teach() {
	for n, k := range []struct{ name, of, by, held, trainer, participant, month, day string }{
		{"lift", "resolved", "officer", "front", "lead", "clerk", "2026-08-01", "2026-08-20"},
		{"stock", "closed", "executive", "till", "floorlead", "seller", "2026-09-01", "2026-09-20"},
	} {
		of, at := c.cases[k.of], clock.Add(time.Duration(n-20)*time.Hour)
		row := ok(c.tx.TeachingCase.Create().SetCaseID(of.ID).SetSiteID(of.SiteID).SetDepartmentID(of.DepartmentID).SetMonth(k.month).
			SetTitle("The " + k.name).SetLesson("Learn").SetTrained(k.name == "lift").SetSelectedByID(c.people[k.by]).SetSelectedAt(at).SetUpdatedAt(at).Save(c.ctx))
		put(c, "teaching "+k.name, row.ID)
		if k.name == "lift" {
			c.event("teachingCase.selected", row.ID, events.Event{Site: row.SiteID, Department: row.DepartmentID, Owner: row.SelectedByID})
		}
		held := ok(c.tx.Training.Create().SetTeachingCaseID(row.ID).SetSiteID(of.SiteID).SetDepartmentID(c.departments[k.held]).SetHeldOn(k.day).
			SetTrainerID(c.people[k.trainer]).SetRecordedByID(c.people[k.trainer]).SetRecordedAt(at).AddParticipantIDs(c.people[k.participant]).Save(c.ctx))
		put(c, "training "+k.name, held.ID)
	}
}

// chart makes what is kept of control charts.
func (c *company) chart() {
	for n, name := range []string{"desk", "shop"} {
		i, at, item := c.inspections[name], clock.Add(-time.Duration(1+80*n)*time.Hour), []string{"minutes", "rings"}[n]
		ok(0, c.tx.Measurement.Create().SetInspectionID(i.ID).SetSiteID(i.SiteID).SetDepartmentID(i.DepartmentID).SetLayer(measurement.Layer(i.Layer)).
			SetChecklist(reception.ID).SetItem(item).SetValue(7).SetUnit("min").SetWithin(false).SetAt(at).Exec(c.ctx))
		b := ok(c.tx.ChartBaseline.Create().SetSiteID(i.SiteID).SetDepartmentID(i.DepartmentID).SetChecklist(reception.ID).SetItem(item).
			SetKind(chartbaseline.KindINDIVIDUALS).SetInterval(chartbaseline.IntervalNONE).SetFromAt(at.Add(-time.Hour)).SetMean(3).SetSigma(1).
			SetRules([]string{"NELSON_1"}).SetReason("A new desk").SetSetByID(c.people["officer"]).SetSetAt(at).Save(c.ctx))
		put(c, "baseline "+name, b.ID)
		c.event("chart.baselineSet", b.ID, events.Event{Site: b.SiteID, Department: b.DepartmentID})
		a := ok(c.tx.ChartAlarm.Create().SetSiteID(i.SiteID).SetDepartmentID(i.DepartmentID).SetInspectionID(i.ID).SetBaselineID(b.ID).
			SetChecklist(reception.ID).SetItem(item).SetRule(chartalarm.RuleNELSON_1).SetSide(chartalarm.SideABOVE).SetValue(7).
			SetPoints([]schema.AlarmPoint{{Inspection: i.ID, At: at, Value: 7}}).SetAt(at).SetUpdatedAt(at).
			SetStatus([]chartalarm.Status{chartalarm.StatusOPEN, chartalarm.StatusACKNOWLEDGED}[n]).SetAcknowledgedByID(c.people[[]string{"", "floorlead"}[n]]).Save(c.ctx))
		put(c, "alarm "+name, a.ID)
		c.event("chart.alarm", a.ID, events.Event{Site: a.SiteID, Department: a.DepartmentID})
	}
}

func (c *company) inspection(name string) typeid.InspectionID {
	if i := c.inspections[name]; i != nil {
		return i.ID
	}
	return typeid.InspectionID{}
}

func (c *company) entry(of, name string, k *db.ServiceCase, corrects typeid.CaseEntryID) typeid.CaseEntryID {
	e := ok(c.tx.CaseEntry.Create().SetCaseID(k.ID).SetAuthorID(k.ReceivedByID).SetCorrectsID(corrects).
		SetKind(caseentry.KindNOTE).SetText("A " + name).SetAt(k.OpenedAt).Save(c.ctx))
	return put(c, "entry "+of+" "+name, e.ID)
}

// step is the line that says to whom a case was dispatched.
func (c *company) step(of string, k *db.ServiceCase) {
	e := ok(c.tx.CaseEntry.Create().SetCaseID(k.ID).SetAuthorID(k.ReceivedByID).SetKind(caseentry.KindSYSTEM).SetText("").
		SetAction(caseentry.ActionDISPATCHED).SetToDepartmentID(k.DepartmentID).SetToStaffID(k.DispatchedToID).SetAt(k.OpenedAt).Save(c.ctx))
	put(c, "entry "+of+" step", e.ID)
}

// pursue records whom a case was offered to, and what the customer said.
func (c *company) pursue(of string, k *db.ServiceCase) {
	if of == "dispatched" || of == "accepted" || of == "closed" {
		create := c.tx.HandOver.Create().SetCaseID(k.ID).SetFromID(k.ReceivedByID).SetOfferedByID(k.ReceivedByID).SetToDepartmentID(k.DepartmentID).
			SetToStaffID(k.DispatchedToID).SetOfferedAt(k.OpenedAt)
		if of != "dispatched" {
			create.SetFromDepartmentID(k.DepartmentID).SetState(handover.StateACCEPTED).SetDecidedByID(k.AssigneeID).SetDecidedAt(k.OpenedAt)
		}
		put(c, "handover "+of, ok(create.Save(c.ctx)).ID)
	}
	if of == "resolved" || of == "closed" {
		f := ok(c.tx.CaseFollowUp.Create().SetCaseID(k.ID).SetAuthorID(k.ReceivedByID).SetChannel(casefollowup.ChannelTELEPHONE).
			SetOutcome(casefollowup.OutcomeNOT_REACHED).SetAt(k.OpenedAt).Save(c.ctx))
		put(c, "followup "+of, f.ID)
	}
}

// attach gives the note of a case a file, of which only the row is there.
func (c *company) attach(of string) {
	k := c.cases[of]
	note, _ := typeid.Parse[typeid.CaseEntryID](c.ids["entry "+of+" note"])
	digest := sha256.Sum256([]byte(of))
	file := ok(c.tx.StoredFile.Create().SetDigest(digest[:]).SetSize(9).SetKey([]byte("sealed")).SetState(storedfile.StateKEPT).
		SetStoredBy("somebody").SetStoredAt(k.OpenedAt).Save(c.ctx))
	a := ok(c.tx.Attachment.Create().SetCaseID(k.ID).SetEntryID(note).SetPosition(0).SetFileID(file.ID).SetName(of + ".jpg").
		SetContentType("image/jpeg").SetSize(9).SetDigest(digest[:]).SetAddedByID(k.ReceivedByID).SetAddedAt(k.OpenedAt).Save(c.ctx))
	put(c, "attachment "+of, a.ID)
}

// merge records that a case goes on in another, from which a line was copied.
func (c *company) merge(of, into string) {
	k, other := c.cases[of], c.cases[into]
	l := ok(c.tx.CaseLink.Create().SetCaseID(k.ID).SetOtherID(other.ID).SetKind(caselink.KindMERGED_INTO).SetAuthorID(k.ReceivedByID).SetAt(k.OpenedAt).Save(c.ctx))
	c.links = append(c.links, put(c, "link "+of, l.ID))
	if of == "closed" {
		ok(0, c.tx.ServiceCase.UpdateOneID(k.ID).SetMergedIntoID(other.ID).Exec(c.ctx))
		return
	}
	original, _ := typeid.Parse[typeid.CaseEntryID](c.ids["entry "+into+" note"])
	e := ok(c.tx.CaseEntry.Create().SetCaseID(k.ID).SetAuthorID(k.ReceivedByID).SetKind(caseentry.KindNOTE).SetText("A copy").
		SetCopyOfID(original).SetOtherCaseID(other.ID).SetAt(k.OpenedAt).Save(c.ctx))
	put(c, "entry "+of+" copy", e.ID)
}

func (c *company) appraise() {
	s := ok(c.tx.AppraisalScheme.Create().SetCode("monthly").SetNameEn("Monthly").SetNameZh("月度").
		SetPeriod(appraisalscheme.PeriodMONTH).SetPassMark(60).SetCreatedAt(clock).Save(c.ctx))
	c.scheme = put(c, "scheme monthly", s.ID)
	i := ok(c.tx.Indicator.Create().SetSchemeID(s.ID).SetPosition(0).SetMeasure(indicator.MeasureINSPECTION_SCORE).
		SetWeight(100).SetFloor(0).SetTarget(100).Save(c.ctx))
	put(c, "indicator score", i.ID)
	results := ok(json.Marshal([]rules.IndicatorResult{{Measure: indicator.MeasureINSPECTION_SCORE, Weight: 100}}))
	for _, p := range []struct {
		name, site, department, month string
		status                        appraisal.Status
	}{
		{"clerk", "hotel", "front", "2026-08", appraisal.StatusAPPROVED},
		{"cook", "hotel", "food", "2026-09", appraisal.StatusDRAFT},
		{"seller", "mall", "till", "2026-10", appraisal.StatusAPPROVED},
	} {
		create := c.tx.Appraisal.Create().SetSchemeID(s.ID).SetStaffID(c.people[p.name]).SetSiteID(c.sites[p.site]).SetDepartmentID(c.departments[p.department]).
			SetPeriodStart(p.month + "-01").SetPeriodEnd(p.month + "-28").SetStatus(p.status).SetScore(80).SetResults(results).
			SetRunAt(clock).SetUpdatedAt(clock)
		if p.status == appraisal.StatusAPPROVED {
			create.SetApprovedAt(clock).SetApprovedByID(c.people["executive"])
		}
		a := ok(create.Save(c.ctx))
		put(c, "appraisal "+p.name, a.ID)
		c.event("appraisal.approved", a.ID, events.Event{Site: a.SiteID, Department: a.DepartmentID, Owner: a.StaffID})
	}
}

// rota lets people be on duty, and ask for swaps.
func (c *company) rota() {
	for n, p := range []struct {
		name, site, department, person string
		cancelled                      bool
	}{
		{"clerk", "hotel", "front", "clerk", false},
		{"lead", "hotel", "front", "lead", false},
		{"cook", "hotel", "food", "cook", true},
		{"seller", "mall", "till", "seller", false},
	} {
		row := ok(c.tx.Shift.Create().SetSiteID(c.sites[p.site]).SetDepartmentID(c.departments[p.department]).SetStaffID(c.people[p.person]).
			SetGroup("early").SetStartsAt(clock.Add(time.Duration(-8*n) * time.Hour)).SetEndsAt(clock.Add(time.Duration(4-n) * time.Hour)).
			SetCancelled(p.cancelled).SetCreatedAt(clock).SetUpdatedAt(clock).Save(c.ctx))
		c.shifts[p.name] = row
		put(c, "shift "+p.name, row.ID)
		c.event("shift.planned", row.ID, events.Event{Site: row.SiteID, Department: row.DepartmentID, Owner: row.StaffID})
	}
	for n, p := range []struct {
		name, shift, with, returned string
		status                      shiftswap.Status
	}{
		{"asked", "clerk", "lead", "lead", shiftswap.StatusREQUESTED},
		{"agreed", "cook", "clerk", "", shiftswap.StatusAGREED},
		{"mall", "seller", "floorlead", "", shiftswap.StatusREFUSED},
	} {
		given := c.shifts[p.shift]
		create := c.tx.ShiftSwap.Create().SetSiteID(given.SiteID).SetDepartmentID(given.DepartmentID).SetShiftID(given.ID).SetStaffID(given.StaffID).
			SetWithID(c.people[p.with]).SetStatus(p.status).SetRequestedAt(clock.Add(time.Duration(-n) * time.Hour)).SetUpdatedAt(clock)
		if p.returned != "" {
			create.SetWithShiftID(c.shifts[p.returned].ID)
		}
		if p.status != shiftswap.StatusREQUESTED {
			create.SetDecidedByID(c.people["executive"]).SetDecidedAt(clock)
		}
		row := ok(create.Save(c.ctx))
		put(c, "swap "+p.name, row.ID)
		c.event("swap.requested", row.ID, events.Event{Site: row.SiteID, Department: row.DepartmentID, Owner: row.StaffID, Origin: row.WithID})
	}
}

// receive lets visitors come.
func (c *company) receive() {
	for n, p := range []struct {
		name, site, department, customer, owner, assigned, received string
		channel                                                     visit.Channel
		assignment                                                  visit.Assignment
		noCustomer                                                  visit.NoCustomer
	}{
		{"walkin", "hotel", "front", "guest", "clerk", "clerk", "lead", visit.ChannelIN_PERSON, visit.AssignmentROTATION, visit.NoCustomerNOT_ASKED},
		{"asked", "hotel", "front", "", "", "clerk", "lead", visit.ChannelIN_PERSON, visit.AssignmentROTATION, visit.NoCustomerASKED},
		{"call", "hotel", "food", "guest", "clerk", "cook", "officer", visit.ChannelTELEPHONE, visit.AssignmentBY_HAND, visit.NoCustomerNOT_ASKED},
		{"mall", "mall", "till", "shopper", "seller", "seller", "", visit.ChannelEMAIL, visit.AssignmentROTATION, visit.NoCustomerAGREED},
	} {
		at := clock.Add(time.Duration(-20*n-1) * time.Hour)
		create := c.tx.Visit.Create().SetSiteID(c.sites[p.site]).SetDepartmentID(c.departments[p.department]).SetCustomerID(c.customers[p.customer]).
			SetOwnerID(c.people[p.owner]).SetAssignedID(c.people[p.assigned]).SetReceivedByID(c.people[p.received]).SetDealingWithID(c.people[p.owner]).
			SetChannel(p.channel).SetAssignment(p.assignment).SetGroup("early").SetKnown(p.customer != "").SetSource("An advertisement").
			SetNoCustomer(p.noCustomer).SetAt(at).SetDay(at.Format(time.DateOnly)).SetUpdatedAt(at)
		if p.noCustomer == visit.NoCustomerAGREED {
			create.SetDecidedByID(c.people["floorlead"])
		}
		row := ok(create.Save(c.ctx))
		c.visits[p.name] = row
		put(c, "visit "+p.name, row.ID)
		c.event("visit.registered", row.ID, events.Event{Site: row.SiteID, Department: row.DepartmentID, Owner: row.AssignedID, Origin: row.ReceivedByID})
	}
}

// rename ends the log with one event that each viewer but nobody sees.
func (c *company) rename() {
	open := c.cases["open"]
	c.event("plugin.changed", c.plugin, events.Event{})
	c.event("site.changed", c.sites["hotel"], events.Event{Site: c.sites["hotel"]})
	c.event("site.changed", c.sites["mall"], events.Event{Site: c.sites["mall"]})
	c.event("case.entryAdded", open.ID, events.Event{Site: open.SiteID, Owner: open.AssigneeID, Origin: open.ReceivedByID})
	c.event("checklist.published", c.checklist, events.Event{})
}

// issueTokens makes the viewers: everybody on the staff by name, and programs with
// what they may read.
func (c *company) issueTokens(t testing.TB) {
	t.Helper()
	hotel := c.sites["hotel"]
	tokens := map[string]quality.IssueToken{
		"program":  {Scopes: ent.Scopes()},
		"hotel's":  {Scopes: ent.Scopes(), Site: &hotel},
		"cases":    {Scopes: []string{"cases:read"}},
		"people":   {Scopes: []string{"organisation:read", "customers:read"}},
		"controls": {Scopes: []string{"inspections:write", "checklists:read", "appraisals:read"}},
	}
	for name, id := range c.people {
		tokens[name] = quality.IssueToken{Staff: &id}
	}
	clerk, admin := c.people["clerk"], c.people["admin"]
	tokens["clerk/cases"] = quality.IssueToken{Staff: &clerk, Scopes: []string{"cases:write"}}
	tokens["admin/operations"] = quality.IssueToken{Staff: &admin, Scopes: []string{"operations:read"}}
	for name, in := range tokens {
		in.Name = name
		secret, _, err := c.quality.IssueToken(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		c.tokens[name] = secret
	}
}

// of returns the names of the records of a kind, such as "case".
func (c *company) of(kind string) []string {
	var names []string
	for _, name := range c.names {
		if kindOf(name) == kind {
			names = append(names, name)
		}
	}
	return names
}

// nameOf returns the name of the record with an id, for messages.
func (c *company) nameOf(id string) string {
	for name, known := range c.ids {
		if known == id {
			return name
		}
	}
	return id
}

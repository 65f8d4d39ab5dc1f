package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect/sql/schema"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/chartbaseline"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/migrate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	records "github.com/seed-34fcb60d/rounds/ent/schema"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// A table whose plans are looked at has many rows. On PostgreSQL each is there in
// several copies: it reads small tables as a whole, where SQLite always prefers an
// index.
const many = 500

// multiply copies the rows of a table of PostgreSQL, under ids of their own, and
// with a number behind the values of columns that are unique.
func (c *company) multiply(tx *db.Tx, table *schema.Table, copies int, unique ...string) {
	if !c.db.IsPostgres() {
		return
	}
	var into, from []string
	for _, column := range table.Columns {
		value := `t."` + column.Name + `"`
		switch {
		case column.Name == "id":
			value = "gen_random_uuid()"
		case slices.Contains(unique, column.Name):
			value += " || '-' || s.n"
		case column.Name == "external_id" || table == migrate.PlannedInspectionsTable && column.Name == "inspection_id":
			value = "NULL"
		}
		into, from = append(into, `"`+column.Name+`"`), append(from, value)
	}
	ok(tx.ExecContext(c.ctx, fmt.Sprintf(`INSERT INTO "%s" (%s) SELECT %s FROM "%[1]s" AS t, generate_series(1, %[4]d) AS s(n)`,
		table.Name, strings.Join(into, ", "), strings.Join(from, ", "), copies-1)))
}

// fill gives the company many rows in each table that is listed, shared evenly
// among 25 sites, departments, people, customers and cases, which it returns by
// their types.
func (c *company) fill(t *testing.T) (shared map[string][]string) {
	t.Helper()
	shared = map[string][]string{}
	err := ent.WithTx(c.ctx, c.db.Client, func(tx *db.Tx) error {
		var departments []*db.DepartmentCreate
		var ids []typeid.DepartmentID
		var sites []*db.SiteCreate
		var siteIDs []typeid.SiteID
		for n := range many {
			id := typeid.New[typeid.DepartmentID]()
			ids, siteIDs = append(ids, id), append(siteIDs, typeid.New[typeid.SiteID]())
			create := tx.Department.Create().SetID(id).SetSiteID(siteIDs[n%25]).SetCode(fmt.Sprint("d", n)).
				SetName(fmt.Sprintf("Department %05d", n*7919%many)).SetPath(fmt.Sprintf("hotel/d%d/", n)).SetCreatedAt(clock)
			if n >= 25 {
				create.SetParentID(ids[n%25])
			}
			departments = append(departments, create)
			sites = append(sites, tx.Site.Create().SetID(siteIDs[n]).SetCode(fmt.Sprint("s", n)).SetName(fmt.Sprintf("Site %05d", n*7919%many)).
				SetKind(site.KindSHOP).SetCountry("CN").SetTimeZone("Asia/Shanghai").SetCreatedAt(clock))
		}
		ok(0, tx.Site.CreateBulk(sites...).Exec(c.ctx))
		ok(0, tx.Department.CreateBulk(departments...).Exec(c.ctx))
		shared["Site"], shared["Department"] = first25(siteIDs), first25(ids)
		c.fillWork(tx, ids, shared)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return shared
}

func first25[ID fmt.Stringer](ids []ID) (out []string) {
	for _, id := range ids[:25] {
		out = append(out, id.String())
	}
	return out
}

func (c *company) fillWork(tx *db.Tx, departments []typeid.DepartmentID, shared map[string][]string) {
	var people []*db.StaffCreate
	var customers []*db.CustomerCreate
	var cases []*db.ServiceCaseCreate
	var entries []*db.CaseEntryCreate
	var tasks []*db.CaseTaskCreate
	var inspections []*db.InspectionCreate
	var appraisals []*db.AppraisalCreate
	var staffIDs []typeid.StaffID
	var customerIDs []typeid.CustomerID
	var caseIDs []typeid.CaseID
	hotel := c.sites["hotel"]
	for n := range many {
		at := clock.Add(-time.Duration(n*7919%many) * time.Minute)
		staffIDs = append(staffIDs, typeid.New[typeid.StaffID]())
		customerIDs = append(customerIDs, typeid.New[typeid.CustomerID]())
		caseIDs = append(caseIDs, typeid.New[typeid.CaseID]())
		department, person, customer := departments[n%25], staffIDs[n%25], customerIDs[n%25]
		people = append(people, tx.Staff.Create().SetID(staffIDs[n]).SetSiteID(hotel).SetDepartmentID(department).SetCode(fmt.Sprint("p", n)).
			SetName(fmt.Sprintf("Person %05d", n*7919%many)).SetRole(staff.RoleSTAFF).SetCreatedAt(clock).SetUpdatedAt(clock))
		customers = append(customers, tx.Customer.Create().SetID(customerIDs[n]).SetSiteID(hotel).SetName("Somebody").SetRegisteredAt(at).
			SetNextContactAt(at).SetUpdatedAt(at))
		cases = append(cases, tx.ServiceCase.Create().SetID(caseIDs[n]).SetNumber(fmt.Sprintf("2025-%06d", n)).SetSiteID(hotel).
			SetDepartmentID(department).SetAssigneeID(person).SetCustomerID(customer).SetKind(servicecase.KindREPAIR).
			SetChannel(servicecase.ChannelCHAT).SetSeverity(servicecase.SeverityMINOR).SetSubject("A case").
			SetOpenedAt(at).SetDueAt(at.Add(time.Hour)).SetUpdatedAt(at))
		entries = append(entries, tx.CaseEntry.Create().SetCaseID(caseIDs[n%25]).SetKind(caseentry.KindNOTE).SetText("A note").SetAt(at))
		tasks = append(tasks, tx.CaseTask.Create().SetCaseID(caseIDs[n%25]).SetDepartmentID(department).SetAssigneeID(person).
			SetTitle("A task").SetRequired(true).SetDueAt(at).SetAddedAt(at).SetUpdatedAt(at))
		inspections = append(inspections, tx.Inspection.Create().SetSiteID(hotel).SetDepartmentID(department).SetChecklistVersionID(c.checklist).
			SetInspectorID(person).SetLayer(inspection.LayerPATROL).SetStartedAt(at).SetUpdatedAt(at))
		day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
		appraisals = append(appraisals, tx.Appraisal.Create().SetSchemeID(c.scheme).SetStaffID(person).SetSiteID(hotel).SetDepartmentID(department).
			SetPeriodStart(day).SetPeriodEnd(day).SetResults([]byte("[]")).SetRunAt(at).SetUpdatedAt(at))
	}
	shared["Staff"], shared["Customer"], shared["Case"] = first25(staffIDs), first25(customerIDs), first25(caseIDs)
	ok(0, tx.Staff.CreateBulk(people...).Exec(c.ctx))
	ok(0, tx.Customer.CreateBulk(customers...).Exec(c.ctx))
	ok(0, tx.ServiceCase.CreateBulk(cases...).Exec(c.ctx))
	ok(0, tx.CaseEntry.CreateBulk(entries...).Exec(c.ctx))
	ok(0, tx.CaseTask.CreateBulk(tasks...).Exec(c.ctx))
	ok(0, tx.Inspection.CreateBulk(inspections...).Exec(c.ctx))
	ok(0, tx.Appraisal.CreateBulk(appraisals...).Exec(c.ctx))
	c.multiply(tx, migrate.SitesTable, 20, "code")
	c.multiply(tx, migrate.DepartmentsTable, 20, "code", "path")
	c.multiply(tx, migrate.StaffTable, 20, "code")
	c.multiply(tx, migrate.CustomersTable, 20)
	c.multiply(tx, migrate.CasesTable, 60, "number")
	c.multiply(tx, migrate.CaseEntriesTable, 100)
	c.multiply(tx, migrate.CaseTasksTable, 20)
	c.multiply(tx, migrate.InspectionsTable, 20)
	c.multiply(tx, migrate.AppraisalsTable, 20, "period_start")
	ok(tx.ExecContext(c.ctx, `INSERT INTO measurements (inspection_id, site_id, department_id, layer, checklist, item, value, unit, within, at)
		SELECT id, site_id, department_id, layer, 'desk.reception', 'seconds', 3, 's', true, started_at FROM inspections`))
	c.fillCharts(tx, departments)
	c.fillPlans(tx, departments)
	ok(tx.ExecContext(c.ctx, "ANALYZE"))
}

// fillCharts gives charts of some characteristics alarms and baselines.
func (c *company) fillCharts(tx *db.Tx, departments []typeid.DepartmentID) {
	var alarms []*db.ChartAlarmCreate
	var baselines []*db.ChartBaselineCreate
	for n := range many {
		at := clock.Add(-time.Duration(n*7919%many) * time.Minute)
		alarms = append(alarms, tx.ChartAlarm.Create().SetSiteID(c.sites["hotel"]).SetDepartmentID(departments[n%25]).SetInspectionID(c.inspections["desk"].ID).
			SetChecklist("desk.reception").SetItem(fmt.Sprint("item-", n)).SetRule(chartalarm.RuleNELSON_1).SetSide(chartalarm.SideABOVE).
			SetStatus([]chartalarm.Status{chartalarm.StatusOPEN, chartalarm.StatusACKNOWLEDGED}[n/25%2]).
			SetValue(7).SetPoints([]records.AlarmPoint{}).SetAt(at).SetUpdatedAt(at))
		baselines = append(baselines, tx.ChartBaseline.Create().SetSiteID(c.sites["hotel"]).SetDepartmentID(departments[n%25]).
			SetChecklist("desk.reception").SetItem(fmt.Sprint("item-", n/25)).SetKind(chartbaseline.KindINDIVIDUALS).SetInterval(chartbaseline.IntervalNONE).
			SetFromAt(at).SetMean(3).SetSigma(1).SetRules([]string{"NELSON_1"}).SetSetAt(at))
	}
	ok(0, tx.ChartAlarm.CreateBulk(alarms...).Exec(c.ctx))
	ok(0, tx.ChartBaseline.CreateBulk(baselines...).Exec(c.ctx))
	c.multiply(tx, migrate.ChartAlarmsTable, 60, "item")
	c.multiply(tx, migrate.ChartBaselinesTable, 60, "item")
}

// fillPlans makes control plans, of which each asks for one inspection.
func (c *company) fillPlans(tx *db.Tx, departments []typeid.DepartmentID) {
	var plans []*db.ControlPlanCreate
	var planned []*db.PlannedInspectionCreate
	for n := range many {
		id, at := typeid.New[typeid.ControlPlanID](), clock.Add(-time.Duration(n*7919%many)*time.Minute)
		plans = append(plans, tx.ControlPlan.Create().SetID(id).SetSiteID(c.sites["hotel"]).SetDepartmentID(departments[n%25]).
			SetActivityEn("Desk").SetActivityZh("前台").SetChecklist("desk.reception").SetLayer(controlplan.LayerPATROL).SetMethod(controlplan.MethodDATA).
			SetAtShifts(true).SetStartsOn("2026-11-01").SetOnClosedDay(controlplan.OnClosedDaySKIP).SetWithin(0).SetGrace(0).
			SetActiveFrom(at).SetSampleMethod(controlplan.SampleMethodALL).SetSeed(1).SetMissedSeverity(controlplan.MissedSeverityMINOR).
			SetPlannedUntil(at).SetCreatedAt(at).SetUpdatedAt(at))
		planned = append(planned, tx.PlannedInspection.Create().SetPlanID(id).SetSiteID(c.sites["hotel"]).SetDepartmentID(departments[n%25]).
			SetOccurrence("once").SetSubject("").SetPosition(0).SetDueFrom(at).SetDueAt(at).SetMissAt(at))
	}
	ok(0, tx.ControlPlan.CreateBulk(plans...).Exec(c.ctx))
	ok(0, tx.PlannedInspection.CreateBulk(planned...).Exec(c.ctx))
	c.multiply(tx, migrate.ControlPlansTable, 20)
	c.multiply(tx, migrate.PlannedInspectionsTable, 20, "occurrence")
}

// plan is how the database would carry out a statement, line by line.
func (c *company) plan(t *testing.T, s statement) string {
	t.Helper()
	explain := "EXPLAIN QUERY PLAN "
	if c.db.IsPostgres() {
		explain = "EXPLAIN (COSTS OFF) "
	}
	rows, err := c.db.SQL().QueryContext(t.Context(), explain+s.text, s.args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // its error is that of rows.Err
	var lines []string
	for rows.Next() {
		var id, parent, unused int
		var line string
		if c.db.IsPostgres() {
			err = rows.Scan(&line)
		} else {
			err = rows.Scan(&id, &parent, &unused, &line)
		}
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func TestPlans(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		shared := c.fill(t)
		s := spied(c)
		t.Run("deep pages", func(t *testing.T) { c.deepPages(t, s) })
		t.Run("nested pages", func(t *testing.T) { c.nestedPages(t, s, shared) })
		t.Run("pages and counts of a manager", func(t *testing.T) { c.managersPlans(t, s, shared) })
	})
}

// A page deep in a list starts where the cursor says by the index on the order and
// the id, and is read from there: nothing is sorted and nothing before it is read.
func (c *company) deepPages(t *testing.T, s *spy) {
	for _, p := range []struct{ field, order, index, key string }{
		{"sites", "NAME", "site_name_id", "name"},
		{"departments", "NAME", "department_name_id", "name"},
		{"staff", "NAME", "staff_name_id", "name"},
		{"customers", "REGISTERED_AT", "customer_registered_at_id", "registered_at"},
		{"customers", "NEXT_CONTACT_AT", "customer_next_contact_at_id", "next_contact_at"},
		{"cases", "OPENED_AT", "servicecase_opened_at_id", "opened_at"},
		{"cases", "DUE_AT", "servicecase_due_at_id", "due_at"},
		{"inspections", "STARTED_AT", "inspection_started_at_id", "started_at"},
		{"appraisals", "PERIOD_START", "appraisal_period_start_id", "period_start"},
		{"controlPlans", "", "controlplan_created_at_id", "created_at"},
		{"plannedInspections", "", "plannedinspection_due_at_id", "due_at"},
	} {
		for _, direction := range []string{"ASC", "DESC"} {
			order := "order: {field: " + p.order + ", direction: " + direction + "}"
			if p.order == "" { // there is but one
				order = ""
			}
			var cursor any
			for range 4 {
				cursor = at(c.must(t, asSystem, "query($c: String) { l: "+args(p.field, "first: 100, after: $c", order)+" { pageInfo { endCursor } } }",
					variables{"c": cursor}), "l", "pageInfo", "endCursor")
			}
			for _, page := range []string{"first: 25, after: $c", "last: 25, before: $c"} {
				s.taken()
				c.must(t, asSystem, "query($c: String) { l: "+args(p.field, page, order)+" { nodes { id } } }", variables{"c": cursor})
				plan := c.plan(t, s.taken()[0])
				if !usesIndex(plan, c.db.IsPostgres(), p.index, p.key) {
					t.Errorf("%s by %s %s, %s:\n%s", p.field, p.order, direction, page, plan)
				}
			}
		}
	}
}

// usesIndex reports whether a plan is one search of an index for a bound of (key, id).
func usesIndex(plan string, postgres bool, index, key string) bool {
	if postgres {
		plan = strings.NewReplacer("("+key+")::text", key, "(("+key+" IS NOT NULL) AND (", "(").Replace(plan)
		return strings.Contains(plan, "using "+index) && strings.Contains(plan, "Index Cond: (ROW("+key+", id)") && !strings.Contains(plan, "Sort")
	}
	plan = strings.ReplaceAll(plan, "("+key+">? AND ", "(") // is not null
	return strings.Contains(plan, "USING INDEX "+index+" (("+key+",id)") && !strings.Contains(plan, "TEMP B-TREE")
}

// The pages of 25 lists within records are each read from an index of the record
// and the order; only what they come to is sorted, once.
func (c *company) nestedPages(t *testing.T, s *spy, shared map[string][]string) {
	for _, p := range []struct{ of, field, table, index string }{
		{"Department", "cases(first: 1)", "cases", "servicecase_department_id_opened_at_id"},
		{"Department", "cases(first: 1, filter: {open: true}, order: {field: DUE_AT, direction: ASC})", "cases", "servicecase_department_id_open_due_at_id"},
		{"Department", "inspections(first: 1)", "inspections", "inspection_department_id_started_at_id"},
		{"Department", "staff(first: 1)", "staff", "staff_department_id_name_id"},
		{"Department", "children(first: 1)", "departments", "department_parent_id_name_id"},
		{"Site", "departments(first: 1)", "departments", "department_site_id_name_id"},
		{"Staff", "assignedCases(first: 1)", "cases", "servicecase_assignee_id_opened_at_id"},
		{"Staff", "assignedCases(last: 1, filter: {open: true}, order: {field: DUE_AT, direction: ASC})", "cases", "servicecase_assignee_id_open_due_at_id"},
		{"Staff", "appraisals(first: 1)", "appraisals", "appraisal_staff_id_period_start_id"},
		{"Customer", "cases(first: 1)", "cases", "servicecase_customer_id_opened_at_id"},
		{"Case", "tasks(first: 1)", "case_tasks", "casetask_case_id_due_at_id_seen"},
		{"Case", "entries(last: 1)", "case_entries", "caseentry_case_id_at_id"},
	} {
		s.taken()
		c.must(t, asSystem, "query($ids: [ID!]!) { nodes(ids: $ids) { ... on "+p.of+" { l: "+p.field+" { nodes { id } } } } }", variables{"ids": shared[p.of]})
		plan := c.plan(t, s.taken()[1])
		scans, searches, sorts := "SCAN "+p.table, "USING INDEX "+p.index, "ORDER BY"
		if c.db.IsPostgres() {
			scans, searches, sorts = "Seq Scan on "+p.table, "using "+p.index, "Sort Key"
			if p.table != "cases" && p.table != "case_entries" {
				scans = "Seq Scan on " + p.table + " child" // what it came to may be found in a small table by reading the whole
			}
		}
		// SQLite may also use an index that covers what is asked for.
		found := strings.Count(strings.ReplaceAll(plan, "COVERING ", ""), searches)
		if found != 25 || strings.Contains(plan, scans) || strings.Count(plan, sorts) > 1 {
			t.Errorf("%s of %s: %d searches by %s:\n%.3000s", p.field, p.of, found, p.index, plan)
		}
	}
}

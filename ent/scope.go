package ent

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/absence"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/casecommendation"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/casetask"
	"github.com/seed-34fcb60d/rounds/ent/db/cause"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/clocksegment"
	"github.com/seed-34fcb60d/rounds/ent/db/coinspector"
	"github.com/seed-34fcb60d/rounds/ent/db/conductproposal"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicy"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicyversion"
	"github.com/seed-34fcb60d/rounds/ent/db/disclosure"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/finding"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/intercept"
	"github.com/seed-34fcb60d/rounds/ent/db/measurement"
	"github.com/seed-34fcb60d/rounds/ent/db/plannedinspection"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/db/teachingcase"
	"github.com/seed-34fcb60d/rounds/ent/db/topic"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// scoped narrows every query of a client to the rows that the viewer in its
// context may read: lists, single records, edges, counts and filters alike.
// Updates and deletes are not narrowed by it; a use case loads what it changes.
func scoped() db.Interceptor {
	return intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
		v := ViewerFrom(ctx)
		if v.system {
			return nil
		}
		q.WhereP(func(s *sql.Selector) {
			if p := v.Rows(q.Type(), s.C, s.Dialect()); p != nil {
				s.Where(p)
			}
		})
		return nil
	})
}

// columns are those by which a table's rows belong to somebody.
type columns struct {
	site, department string
	own              []string
}

var (
	ofCustomer   = columns{customer.FieldSiteID, customer.FieldDepartmentID, []string{customer.FieldOwnerID}}
	ofCase       = columns{servicecase.FieldSiteID, servicecase.FieldDepartmentID, []string{servicecase.FieldAssigneeID, servicecase.FieldReceivedByID, servicecase.FieldDispatchedToID, servicecase.FieldEscalatedToID}}
	ofTask       = columns{department: casetask.FieldDepartmentID, own: []string{casetask.FieldAssigneeID}}
	ofMeasure    = columns{casemeasure.FieldSiteID, casemeasure.FieldDepartmentID, []string{casemeasure.FieldOwnerID}}
	ofPraise     = columns{casecommendation.FieldSiteID, casecommendation.FieldDepartmentID, []string{casecommendation.FieldStaffID}}
	ofVisit      = columns{visit.FieldSiteID, visit.FieldDepartmentID, []string{visit.FieldAssignedID, visit.FieldReceivedByID, visit.FieldOwnerID}}
	ofInspection = columns{inspection.FieldSiteID, inspection.FieldDepartmentID, []string{inspection.FieldInspectorID, inspection.FieldObservedID}}
	ofPlan       = columns{controlplan.FieldSiteID, controlplan.FieldDepartmentID, []string{controlplan.FieldResponsibleID}}
	ofAppraisal  = columns{appraisal.FieldSiteID, appraisal.FieldDepartmentID, []string{appraisal.FieldStaffID}}
	ofEvent      = columns{event.FieldSiteID, event.FieldDepartmentID, []string{event.FieldOwnerID, event.FieldOriginID}}
)

// Rows returns the predicate of the rows that v may read of an ent type (such as
// [db.TypeServiceCase]), nil when it may read all. col qualifies a column's name
// for the statement that the predicate is put into.
func (v Viewer) Rows(entType string, col func(string) string, dialect string) *sql.Predicate {
	if v.system {
		return nil
	}
	switch entType {
	case db.TypeSite:
		return v.within(Organisation, columns{site: site.FieldID}, col)
	case db.TypeDepartment, db.TypeStaff, db.TypeCalendar:
		return v.within(Organisation, columns{site: staff.FieldSiteID}, col)
	case db.TypeClockSegment:
		return v.segments(col, dialect)
	case db.TypeAbsence:
		return v.within(Organisation, columns{site: absence.FieldSiteID}, col)
	case db.TypeDeadlinePolicy:
		return v.ofSiteOrAll(Organisation, deadlinepolicy.FieldSiteID, col)
	case db.TypeDeadlinePolicyVersion:
		return v.policyVersions(col, dialect)
	case db.TypeShift, db.TypeShiftSwap: // whoever works at the site reads its rota
		return v.within(Organisation, columns{site: shift.FieldSiteID}, col)
	case db.TypeVisit:
		return v.within(Customers, ofVisit, col)
	case db.TypeCustomer:
		return v.customers(col, dialect)
	case db.TypeDisclosure:
		if v.Role == Integrator || v.reach(Customers) < departments { // managers account for access to personal data
			return sql.False()
		}
		owned := func(col func(string) string, _ string) *sql.Predicate { return v.within(Customers, ofCustomer, col) }
		return v.through(Customers, owned, customer.Table, col(disclosure.FieldCustomerID), dialect)
	case db.TypeContactPoint, db.TypeConsent, db.TypeExternalID, db.TypeOwnerChange, db.TypeContactAttempt:
		return v.ofCustomers(col(contactpoint.FieldCustomerID), dialect)
	case db.TypeServiceCase:
		return v.cases(col, dialect)
	case db.TypeCaseEntry, db.TypeDeadline, db.TypeEscalation, db.TypeCaseTask, db.TypeCaseInvestigation, db.TypeCaseCompensation,
		db.TypeHandOver, db.TypeCaseFollowUp, db.TypeCaseLink, db.TypeCaseArchive, db.TypeAttachment:
		return v.through(Cases, v.cases, servicecase.Table, col("case_id"), dialect)
	case db.TypeCaseMeasure: // also for who has to carry it out, in whatever department
		return v.besideCases(ofMeasure, col, dialect)
	case db.TypeCaseCommendation: // also for who is praised
		return v.besideCases(ofPraise, col, dialect)
	case db.TypeTeachingCase, db.TypeTraining:
		return v.shared(Cases, col(teachingcase.FieldSiteID))
	case db.TypeTopic:
		return v.shared(Cases, col(topic.FieldSiteID))
	case db.TypeCause:
		p := v.shared(Cases, col(cause.FieldSiteID))
		if p == nil || v.reach(Cases) == nothing {
			return p
		}
		return sql.Or(sql.IsNull(col(cause.FieldSiteID)), p)
	case db.TypeInspection:
		return v.inspections(col, dialect)
	case db.TypeAnswer, db.TypeCoInspector:
		return v.through(Inspections, v.inspections, inspection.Table, col("inspection_id"), dialect)
	case db.TypeMeasurement:
		return v.through(Inspections, v.inspections, inspection.Table, col(measurement.FieldInspectionID), dialect)
	case db.TypeChartBaseline, db.TypeChartAlarm: // of whole departments, not of whoever was inspected
		return v.within(Inspections, columns{site: chartalarm.FieldSiteID, department: chartalarm.FieldDepartmentID}, col)
	case db.TypeControlPlan, db.TypePlannedInspection:
		return v.plans(col, dialect)
	case db.TypeFinding:
		return v.findings(col, dialect)
	case db.TypeChecklistVersion:
		return v.within(Checklists, columns{}, col)
	case db.TypeAppraisalScheme, db.TypeIndicator:
		if v.reach(Appraisals) == nothing {
			return sql.False()
		}
		return nil
	case db.TypeAppraisal:
		return v.within(Appraisals, ofAppraisal, col)
	case db.TypeConductProposal: // not for the person whom it is about
		return v.within(Appraisals, columns{site: conductproposal.FieldSiteID, department: conductproposal.FieldDepartmentID}, col)
	case db.TypePlugin, db.TypePluginVersion:
		return v.within(Operations, columns{}, col)
	case db.TypeEvent:
		return v.events(col)
	default: // tokens, idempotency records and the like are the server's own
		return sql.False()
	}
}

// within is the predicate of an area's rows by their own columns.
func (v Viewer) within(a Area, c columns, col func(string) string) *sql.Predicate {
	r := v.reach(a)
	if r == everything {
		return nil
	}
	var anyOf []*sql.Predicate
	if r >= own && !v.Staff.IsZero() {
		for _, name := range c.own {
			anyOf = append(anyOf, sql.EQ(col(name), v.Staff))
		}
	}
	if r == departments && c.department != "" && len(v.Departments) > 0 {
		ids := make([]any, len(v.Departments))
		for i, id := range v.Departments {
			ids[i] = id
		}
		anyOf = append(anyOf, sql.In(col(c.department), ids...))
	}
	if r == ofSite && c.site != "" && !v.Site.IsZero() {
		anyOf = append(anyOf, sql.EQ(col(c.site), v.Site))
	}
	if len(anyOf) == 0 {
		return sql.False()
	}
	return sql.Or(anyOf...)
}

// ofSiteOrAll is the predicate of rows that hold for one site, or without one for all.
func (v Viewer) ofSiteOrAll(a Area, site string, col func(string) string) *sql.Predicate {
	p := v.within(a, columns{site: site}, col)
	if p == nil || v.reach(a) == nothing {
		return p
	}
	return sql.Or(sql.IsNull(col(site)), p)
}

// segments are visible with the cases of their deadlines.
func (v Viewer) segments(col func(string) string, dialect string) *sql.Predicate {
	t := sql.Dialect(dialect).Table(deadline.Table).As("timed")
	p := v.through(Cases, v.cases, servicecase.Table, t.C(deadline.FieldCaseID), dialect)
	if p == nil || v.reach(Cases) == nothing {
		return p
	}
	return exists(t, dialect, sql.And(sql.ColumnsEQ(t.C(deadline.FieldID), col(clocksegment.FieldDeadlineID)), p))
}

// policyVersions are visible with their policies.
func (v Viewer) policyVersions(col func(string) string, dialect string) *sql.Predicate {
	t := sql.Dialect(dialect).Table(deadlinepolicy.Table).As("seen")
	p := v.ofSiteOrAll(Organisation, deadlinepolicy.FieldSiteID, t.C)
	if p == nil || v.reach(Organisation) == nothing {
		return p
	}
	return exists(t, dialect, sql.And(sql.ColumnsEQ(t.C(deadlinepolicy.FieldID), col(deadlinepolicyversion.FieldPolicyID)), p))
}

// shared is the predicate of rows that everybody of a site may read who may read
// anything of the area: what people classify by and learn from.
func (v Viewer) shared(a Area, site string) *sql.Predicate {
	switch r := v.reach(a); {
	case r == everything:
		return nil
	case r == nothing || v.Site.IsZero():
		return sql.False()
	default:
		return sql.EQ(site, v.Site)
	}
}

// through is the predicate of rows that belong to a row of another table: ref is
// the column that names it, rows which of that table are visible.
func (v Viewer) through(a Area, rows func(func(string) string, string) *sql.Predicate, table, ref, dialect string) *sql.Predicate {
	t := sql.Dialect(dialect).Table(table).As("seen")
	p := rows(t.C, dialect)
	if p == nil || v.reach(a) == nothing {
		return p
	}
	return exists(t, dialect, sql.And(sql.ColumnsEQ(t.C("id"), ref), p))
}

// exists asks of each row by itself: both databases then look up the one row that
// is named, where a list of all that are visible would be made anew for each use.
func exists(t *sql.SelectTable, dialect string, where *sql.Predicate) *sql.Predicate {
	return sql.Exists(sql.Dialect(dialect).Select().AppendSelectExpr(sql.Raw("1")).From(t).Where(where))
}

// cases are visible by themselves, and to whom they give a task. Few do: only for
// those the tasks are looked at. Tasks are of the case's own site.
func (v Viewer) cases(col func(string) string, dialect string) *sql.Predicate {
	return v.orTask(col, dialect, func(t *sql.SelectTable, tasked, theirs *sql.Predicate) *sql.Predicate {
		return someRow(t, dialect, sql.And(tasked, sql.ColumnsEQ(t.C(casetask.FieldCaseID), col(servicecase.FieldID)), theirs))
	})
}

// AllCases says the same of cases as [Viewer.Rows], for statements that read all of
// them: the tasks are looked up once, and not for each case by itself.
func (v Viewer) AllCases(col func(string) string, dialect string) *sql.Predicate {
	return v.orTask(col, dialect, func(t *sql.SelectTable, tasked, theirs *sql.Predicate) *sql.Predicate {
		return sql.And(tasked, sql.In(col(servicecase.FieldID), sql.Dialect(dialect).Select(t.C(casetask.FieldCaseID)).From(t).Where(theirs)))
	})
}

// orTask is the predicate of the cases that are v's by themselves, or of which some
// says that they have a task of v.
func (v Viewer) orTask(col func(string) string, dialect string, some func(t *sql.SelectTable, tasked, theirs *sql.Predicate) *sql.Predicate) *sql.Predicate {
	direct := v.within(Cases, ofCase, col)
	if r := v.reach(Cases); r != own && r != departments {
		return direct
	}
	t := sql.Dialect(dialect).Table(casetask.Table).As("helping")
	theirs := sql.And(sql.NEQ(t.C(casetask.FieldStatus), casetask.StatusCANCELLED), v.within(Cases, ofTask, t.C))
	return sql.Or(direct, some(t, sql.EQ(col(servicecase.FieldTasked), true), theirs))
}

// besideCases is the predicate of rows that belong to a case of their own site, and are
// visible with it, but also by columns of their own.
func (v Viewer) besideCases(c columns, col func(string) string, dialect string) *sql.Predicate {
	direct := v.within(Cases, c, col)
	if r := v.reach(Cases); r != own && r != departments {
		return direct
	}
	t := sql.Dialect(dialect).Table(servicecase.Table).As("seen")
	return sql.Or(direct, someRow(t, dialect, sql.And(sql.ColumnsEQ(t.C(servicecase.FieldID), col("case_id")), v.cases(t.C, dialect))))
}

// HelpsOnly reports whether v sees a case by nothing but a task within it.
func (v Viewer) HelpsOnly(c *db.ServiceCase) bool {
	r := v.reach(Cases)
	if r != own && r != departments {
		return false
	}
	mine := !v.Staff.IsZero() && slices.Contains([]typeid.StaffID{c.AssigneeID, c.ReceivedByID, c.DispatchedToID, c.EscalatedToID}, v.Staff)
	return !mine && !(r == departments && slices.Contains(v.Departments, c.DepartmentID))
}

// inspections are visible by themselves, and to whom they are shared with. Few are:
// only for those the co-inspectors are looked at.
func (v Viewer) inspections(col func(string) string, dialect string) *sql.Predicate {
	direct := v.within(Inspections, ofInspection, col)
	if direct == nil || v.reach(Inspections) == nothing || v.Staff.IsZero() {
		return direct
	}
	t := sql.Dialect(dialect).Table(coinspector.Table).As("beside")
	mine := sql.And(sql.ColumnsEQ(t.C(coinspector.FieldInspectionID), col(inspection.FieldID)), sql.EQ(t.C(coinspector.FieldStaffID), v.Staff))
	return sql.Or(direct, sql.And(sql.EQ(col(inspection.FieldShared), true), someRow(t, dialect, mine)))
}

// plans are visible by themselves, with what was planned by them, and to whoever in the
// department has the role that is responsible.
func (v Viewer) plans(col func(string) string, dialect string) *sql.Predicate {
	direct := v.within(Inspections, ofPlan, col)
	if direct == nil || v.reach(Inspections) == nothing || v.Staff.IsZero() {
		return direct
	}
	t := sql.Dialect(dialect).Table(staff.Table).As("self")
	there := sql.And(sql.EQ(t.C(staff.FieldID), v.Staff), sql.ColumnsEQ(t.C(staff.FieldDepartmentID), col(controlplan.FieldDepartmentID)))
	return sql.Or(direct, sql.And(sql.EQ(col(controlplan.FieldResponsibleRole), v.Role), someRow(t, dialect, there)))
}

// findings are visible with their inspections, and with those that were missed.
func (v Viewer) findings(col func(string) string, dialect string) *sql.Predicate {
	made := sql.Dialect(dialect).Table(inspection.Table).As("seen")
	p := v.inspections(made.C, dialect)
	if p == nil || v.reach(Inspections) == nothing {
		return p
	}
	missed := sql.Dialect(dialect).Table(plannedinspection.Table).As("missed")
	return sql.Or(
		someRow(made, dialect, sql.And(sql.ColumnsEQ(made.C(inspection.FieldID), col(finding.FieldInspectionID)), p)),
		someRow(missed, dialect, sql.And(sql.ColumnsEQ(missed.C(plannedinspection.FieldID), col(finding.FieldPlannedInspectionID)), v.plans(missed.C, dialect))))
}

// someRow says the same as exists. But beside an OR, PostgreSQL makes of an EXISTS a
// list of all the rows that there are, for however few it is asked.
func someRow(t *sql.SelectTable, dialect string, where *sql.Predicate) *sql.Predicate {
	first := sql.Dialect(dialect).Select().AppendSelectExpr(sql.Raw("1")).From(t).Where(where).Limit(1)
	return sql.P(func(b *sql.Builder) {
		b.Wrap(func(b *sql.Builder) { b.Join(first) }).WriteString(" IS NOT NULL")
	})
}

// customers are visible by themselves, and to whoever sees a case of theirs.
func (v Viewer) customers(col func(string) string, dialect string) *sql.Predicate {
	direct := v.within(Customers, ofCustomer, col)
	if direct == nil || v.reach(Customers) == nothing {
		return direct
	}
	t := sql.Dialect(dialect).Table(servicecase.Table).As("seen")
	theirs := sql.ColumnsEQ(t.C(servicecase.FieldCustomerID), col(customer.FieldID))
	if p := v.within(Cases, ofCase, t.C); p != nil {
		theirs = sql.And(theirs, p)
	}
	return sql.Or(direct, someRow(t, dialect, theirs))
}

// ofCustomers is the predicate of rows that belong to a customer: ref is the column
// that names them.
func (v Viewer) ofCustomers(ref, dialect string) *sql.Predicate {
	t := sql.Dialect(dialect).Table(customer.Table).As("whose")
	p := v.customers(t.C, dialect)
	if p == nil || v.reach(Customers) == nothing {
		return p
	}
	return exists(t, dialect, sql.And(sql.ColumnsEQ(t.C(customer.FieldID), ref), p))
}

// eventAreas says which area the events of a kind of subject belong to.
var eventAreas = map[string]Area{
	"site": Organisation, "dept": Organisation, "staff": Organisation, "cal": Organisation,
	"cust": Customers, "case": Cases, "arch": Cases, "att": Cases, "teach": Cases, "train": Cases, "task": Cases, "measure": Cases, "conduct": Appraisals, "topic": Cases, "cause": Cases, "insp": Inspections, "baseline": Inspections, "alarm": Inspections, "chkv": Checklists, "plan": Inspections, "planned": Inspections,
	"shift": Organisation, "swap": Organisation, "visit": Customers,
	"dlpol": Organisation, "abs": Organisation,
	"scheme": Appraisals, "appr": Appraisals, "plugin": Operations, "tok": Operations,
}

// SeesDepartment reports whether v sees all that a department has in an area.
func (v Viewer) SeesDepartment(a Area, d *db.Department) bool {
	switch r := v.reach(a); r {
	case everything:
		return true
	case ofSite:
		return !v.Site.IsZero() && d.SiteID == v.Site
	case departments:
		return slices.Contains(v.Departments, d.ID)
	default:
		return false
	}
}

// events are visible by where their subject stood when they happened.
func (v Viewer) events(col func(string) string) *sql.Predicate {
	var all []any // the kinds of subjects of which every event is visible
	var anyOf []*sql.Predicate
	for _, kind := range sortedKinds {
		p := v.within(eventAreas[kind], ofEvent, col)
		switch {
		case p == nil:
			all = append(all, kind)
		case v.reach(eventAreas[kind]) != nothing:
			anyOf = append(anyOf, sql.And(sql.EQ(col(event.FieldSubjectKind), kind), p))
		}
	}
	if len(all) > 0 {
		anyOf = append(anyOf, sql.In(col(event.FieldSubjectKind), all...))
	}
	if len(anyOf) == 0 {
		return sql.False()
	}
	return sql.Or(anyOf...)
}

var sortedKinds = func() []string {
	var kinds []string
	for kind := range eventAreas {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}()

// MaySee reports for one event what [Viewer.Rows] says in SQL, for events that
// are served from memory.
func (v Viewer) MaySee(e *db.Event) bool {
	a, known := eventAreas[e.SubjectKind]
	if !known {
		return v.system
	}
	r := v.reach(a)
	mine := func(id typeid.StaffID) bool { return !id.IsZero() && id == v.Staff }
	switch {
	case r == everything:
		return true
	case r >= own && (mine(e.OwnerID) || mine(e.OriginID)):
		return true
	case r == departments:
		return !e.DepartmentID.IsZero() && slices.Contains(v.Departments, e.DepartmentID)
	case r == ofSite:
		return !e.SiteID.IsZero() && e.SiteID == v.Site
	default:
		return false
	}
}

package graph

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/absence"
	"github.com/seed-34fcb60d/rounds/ent/db/answer"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisalscheme"
	"github.com/seed-34fcb60d/rounds/ent/db/calendar"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/clocksegment"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/db/contactattempt"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicy"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/disclosure"
	"github.com/seed-34fcb60d/rounds/ent/db/escalation"
	"github.com/seed-34fcb60d/rounds/ent/db/finding"
	"github.com/seed-34fcb60d/rounds/ent/db/indicator"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/ownerchange"
	"github.com/seed-34fcb60d/rounds/ent/db/plugin"
	"github.com/seed-34fcb60d/rounds/ent/db/pluginversion"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/shift"
	"github.com/seed-34fcb60d/rounds/ent/db/shiftswap"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/relay"
)

// key is the id of a record.
type key interface {
	comparable
	IsZero() bool
}

// table reads records of T by their ids, as far as the viewer may see them.
type table[T any, ID key] struct {
	byIDs func(context.Context, []ID) ([]*T, error)
	id    func(*T) ID
}

func (r *Resolver) sites() table[db.Site, typeid.SiteID] {
	return table[db.Site, typeid.SiteID]{
		func(ctx context.Context, ids []typeid.SiteID) ([]*db.Site, error) {
			return r.Database.Site.Query().Where(site.IDIn(ids...)).All(ctx)
		}, func(s *db.Site) typeid.SiteID { return s.ID }}
}

func (r *Resolver) departments() table[db.Department, typeid.DepartmentID] {
	return table[db.Department, typeid.DepartmentID]{
		func(ctx context.Context, ids []typeid.DepartmentID) ([]*db.Department, error) {
			return r.Database.Department.Query().Where(department.IDIn(ids...)).All(ctx)
		}, func(d *db.Department) typeid.DepartmentID { return d.ID }}
}

func (r *Resolver) staff() table[db.Staff, typeid.StaffID] {
	return table[db.Staff, typeid.StaffID]{
		func(ctx context.Context, ids []typeid.StaffID) ([]*db.Staff, error) {
			return r.Database.Staff.Query().Where(staff.IDIn(ids...)).All(ctx)
		}, func(s *db.Staff) typeid.StaffID { return s.ID }}
}

func (r *Resolver) calendars() table[db.Calendar, typeid.CalendarID] {
	return table[db.Calendar, typeid.CalendarID]{
		func(ctx context.Context, ids []typeid.CalendarID) ([]*db.Calendar, error) {
			return r.calendarRows().Where(calendar.IDIn(ids...)).All(ctx)
		}, func(c *db.Calendar) typeid.CalendarID { return c.ID }}
}

func (r *Resolver) customers() table[db.Customer, typeid.CustomerID] {
	return table[db.Customer, typeid.CustomerID]{
		func(ctx context.Context, ids []typeid.CustomerID) ([]*db.Customer, error) {
			return r.Database.Customer.Query().Where(customer.IDIn(ids...)).All(ctx)
		}, func(c *db.Customer) typeid.CustomerID { return c.ID }}
}

func (r *Resolver) deadlines() table[db.Deadline, typeid.DeadlineID] {
	return table[db.Deadline, typeid.DeadlineID]{
		func(ctx context.Context, ids []typeid.DeadlineID) ([]*db.Deadline, error) {
			return r.Database.Deadline.Query().Where(deadline.IDIn(ids...)).All(ctx)
		}, deadlineID}
}

func (r *Resolver) segments() table[db.ClockSegment, typeid.ClockSegmentID] {
	return table[db.ClockSegment, typeid.ClockSegmentID]{
		func(ctx context.Context, ids []typeid.ClockSegmentID) ([]*db.ClockSegment, error) {
			return r.Database.ClockSegment.Query().Where(clocksegment.IDIn(ids...)).All(ctx)
		}, func(s *db.ClockSegment) typeid.ClockSegmentID { return s.ID }}
}

func (r *Resolver) escalations() table[db.Escalation, typeid.EscalationID] {
	return table[db.Escalation, typeid.EscalationID]{
		func(ctx context.Context, ids []typeid.EscalationID) ([]*db.Escalation, error) {
			return r.Database.Escalation.Query().Where(escalation.IDIn(ids...)).All(ctx)
		}, func(e *db.Escalation) typeid.EscalationID { return e.ID }}
}

func (r *Resolver) absences() table[db.Absence, typeid.AbsenceID] {
	return table[db.Absence, typeid.AbsenceID]{
		func(ctx context.Context, ids []typeid.AbsenceID) ([]*db.Absence, error) {
			return r.Database.Absence.Query().Where(absence.IDIn(ids...)).All(ctx)
		}, func(a *db.Absence) typeid.AbsenceID { return a.ID }}
}

func (r *Resolver) deadlinePolicies() table[db.DeadlinePolicy, typeid.DeadlinePolicyID] {
	return table[db.DeadlinePolicy, typeid.DeadlinePolicyID]{
		func(ctx context.Context, ids []typeid.DeadlinePolicyID) ([]*db.DeadlinePolicy, error) {
			return r.Database.DeadlinePolicy.Query().Where(deadlinepolicy.IDIn(ids...)).All(ctx)
		}, policyID}
}

func (r *Resolver) contactPoints() table[db.ContactPoint, typeid.ContactPointID] {
	return table[db.ContactPoint, typeid.ContactPointID]{
		func(ctx context.Context, ids []typeid.ContactPointID) ([]*db.ContactPoint, error) {
			return r.Database.ContactPoint.Query().Where(contactpoint.IDIn(ids...)).All(ctx)
		}, func(p *db.ContactPoint) typeid.ContactPointID { return p.ID }}
}

func (r *Resolver) consents() table[db.Consent, typeid.ConsentID] {
	return table[db.Consent, typeid.ConsentID]{
		func(ctx context.Context, ids []typeid.ConsentID) ([]*db.Consent, error) {
			return r.Database.Consent.Query().Where(consent.IDIn(ids...)).All(ctx)
		}, func(c *db.Consent) typeid.ConsentID { return c.ID }}
}

func (r *Resolver) contactAttempts() table[db.ContactAttempt, typeid.ContactAttemptID] {
	return table[db.ContactAttempt, typeid.ContactAttemptID]{
		func(ctx context.Context, ids []typeid.ContactAttemptID) ([]*db.ContactAttempt, error) {
			return r.Database.ContactAttempt.Query().Where(contactattempt.IDIn(ids...)).All(ctx)
		}, func(a *db.ContactAttempt) typeid.ContactAttemptID { return a.ID }}
}

func (r *Resolver) ownerChanges() table[db.OwnerChange, typeid.OwnerChangeID] {
	return table[db.OwnerChange, typeid.OwnerChangeID]{
		func(ctx context.Context, ids []typeid.OwnerChangeID) ([]*db.OwnerChange, error) {
			return r.Database.OwnerChange.Query().Where(ownerchange.IDIn(ids...)).All(ctx)
		}, func(o *db.OwnerChange) typeid.OwnerChangeID { return o.ID }}
}

func (r *Resolver) disclosures() table[db.Disclosure, typeid.DisclosureID] {
	return table[db.Disclosure, typeid.DisclosureID]{
		func(ctx context.Context, ids []typeid.DisclosureID) ([]*db.Disclosure, error) {
			return r.Database.Disclosure.Query().Where(disclosure.IDIn(ids...)).All(ctx)
		}, func(d *db.Disclosure) typeid.DisclosureID { return d.ID }}
}

func (r *Resolver) cases() table[db.ServiceCase, typeid.CaseID] {
	return table[db.ServiceCase, typeid.CaseID]{
		func(ctx context.Context, ids []typeid.CaseID) ([]*db.ServiceCase, error) {
			return r.Database.ServiceCase.Query().Where(servicecase.IDIn(ids...)).All(ctx)
		}, func(c *db.ServiceCase) typeid.CaseID { return c.ID }}
}

func (r *Resolver) entries() table[db.CaseEntry, typeid.CaseEntryID] {
	return table[db.CaseEntry, typeid.CaseEntryID]{
		func(ctx context.Context, ids []typeid.CaseEntryID) ([]*db.CaseEntry, error) {
			return r.Database.CaseEntry.Query().Where(caseentry.IDIn(ids...)).All(ctx)
		}, func(e *db.CaseEntry) typeid.CaseEntryID { return e.ID }}
}

func (r *Resolver) checklists() table[db.ChecklistVersion, typeid.ChecklistVersionID] {
	return table[db.ChecklistVersion, typeid.ChecklistVersionID]{
		func(ctx context.Context, ids []typeid.ChecklistVersionID) ([]*db.ChecklistVersion, error) {
			return r.checklistRows().Where(checklistversion.IDIn(ids...)).All(ctx)
		}, func(c *db.ChecklistVersion) typeid.ChecklistVersionID { return c.ID }}
}

func (r *Resolver) plugins() table[db.Plugin, typeid.PluginID] {
	return table[db.Plugin, typeid.PluginID]{
		func(ctx context.Context, ids []typeid.PluginID) ([]*db.Plugin, error) {
			return r.Database.Plugin.Query().Where(plugin.IDIn(ids...)).All(ctx)
		}, func(p *db.Plugin) typeid.PluginID { return p.ID }}
}

func (r *Resolver) inspections() table[db.Inspection, typeid.InspectionID] {
	return table[db.Inspection, typeid.InspectionID]{
		func(ctx context.Context, ids []typeid.InspectionID) ([]*db.Inspection, error) {
			return r.inspectionRows().Where(inspection.IDIn(ids...)).All(ctx)
		}, func(i *db.Inspection) typeid.InspectionID { return i.ID }}
}

func (r *Resolver) schemes() table[db.AppraisalScheme, typeid.SchemeID] {
	return table[db.AppraisalScheme, typeid.SchemeID]{
		func(ctx context.Context, ids []typeid.SchemeID) ([]*db.AppraisalScheme, error) {
			return r.Database.AppraisalScheme.Query().Where(appraisalscheme.IDIn(ids...)).All(ctx)
		}, func(s *db.AppraisalScheme) typeid.SchemeID { return s.ID }}
}

func (r *Resolver) pluginVersions() table[db.PluginVersion, typeid.PluginVersionID] {
	return table[db.PluginVersion, typeid.PluginVersionID]{
		func(ctx context.Context, ids []typeid.PluginVersionID) ([]*db.PluginVersion, error) {
			return r.Database.PluginVersion.Query().Where(pluginversion.IDIn(ids...)).All(ctx)
		}, func(v *db.PluginVersion) typeid.PluginVersionID { return v.ID }}
}

func (r *Resolver) answers() table[db.Answer, typeid.AnswerID] {
	return table[db.Answer, typeid.AnswerID]{
		func(ctx context.Context, ids []typeid.AnswerID) ([]*db.Answer, error) {
			return r.Database.Answer.Query().Where(answer.IDIn(ids...)).All(ctx)
		}, func(a *db.Answer) typeid.AnswerID { return a.ID }}
}

func (r *Resolver) findings() table[db.Finding, typeid.FindingID] {
	return table[db.Finding, typeid.FindingID]{
		func(ctx context.Context, ids []typeid.FindingID) ([]*db.Finding, error) {
			return r.Database.Finding.Query().Where(finding.IDIn(ids...)).All(ctx)
		}, func(f *db.Finding) typeid.FindingID { return f.ID }}
}

func (r *Resolver) indicators() table[db.Indicator, typeid.IndicatorID] {
	return table[db.Indicator, typeid.IndicatorID]{
		func(ctx context.Context, ids []typeid.IndicatorID) ([]*db.Indicator, error) {
			return r.Database.Indicator.Query().Where(indicator.IDIn(ids...)).All(ctx)
		}, func(i *db.Indicator) typeid.IndicatorID { return i.ID }}
}

func (r *Resolver) appraisals() table[db.Appraisal, typeid.AppraisalID] {
	return table[db.Appraisal, typeid.AppraisalID]{
		func(ctx context.Context, ids []typeid.AppraisalID) ([]*db.Appraisal, error) {
			return r.appraisalRows().Where(appraisal.IDIn(ids...)).All(ctx)
		}, func(a *db.Appraisal) typeid.AppraisalID { return a.ID }}
}

func (r *Resolver) shifts() table[db.Shift, typeid.ShiftID] {
	return table[db.Shift, typeid.ShiftID]{
		func(ctx context.Context, ids []typeid.ShiftID) ([]*db.Shift, error) {
			return r.Database.Shift.Query().Where(shift.IDIn(ids...)).All(ctx)
		}, func(s *db.Shift) typeid.ShiftID { return s.ID }}
}

func (r *Resolver) visits() table[db.Visit, typeid.VisitID] {
	return table[db.Visit, typeid.VisitID]{
		func(ctx context.Context, ids []typeid.VisitID) ([]*db.Visit, error) {
			return r.Database.Visit.Query().Where(visit.IDIn(ids...)).All(ctx)
		}, func(v *db.Visit) typeid.VisitID { return v.ID }}
}

func (r *Resolver) shiftSwaps() table[db.ShiftSwap, typeid.ShiftSwapID] {
	return table[db.ShiftSwap, typeid.ShiftSwapID]{
		func(ctx context.Context, ids []typeid.ShiftSwapID) ([]*db.ShiftSwap, error) {
			return r.Database.ShiftSwap.Query().Where(shiftswap.IDIn(ids...)).All(ctx)
		}, func(s *db.ShiftSwap) typeid.ShiftSwapID { return s.ID }}
}

// one loads the record that row refers to, by one statement for all the rows that
// were read with it. It is nil where row refers to none, or to one that is not the
// viewer's to see.
func one[P, T any, R relay.Row[T], ID key](ctx context.Context, row interface{ Siblings() *siblings.Set }, ref func(*P) ID, t table[T, ID]) (*T, error) {
	return oneOf[P, T, R](ctx, graphql.GetFieldContext(ctx).Field.Name, row, ref, t)
}

// oneOf is one under another name than the field's, for fields that share what they
// load.
func oneOf[P, T any, R relay.Row[T], ID key](ctx context.Context, name string, row interface{ Siblings() *siblings.Set }, ref func(*P) ID, t table[T, ID]) (*T, error) {
	set := row.Siblings()
	found, err := set.Once(name, func() (any, error) {
		seen := map[ID]*T{}
		var ids []ID
		for _, p := range siblings.Rows[P](set) {
			id := ref(p)
			if _, known := seen[id]; !known && !id.IsZero() {
				seen[id] = nil
				ids = append(ids, id)
			}
		}
		if len(ids) == 0 {
			return seen, nil
		}
		rows, err := t.byIDs(ctx, ids)
		for _, row := range siblings.Together[T, R](rows) {
			seen[t.id(row)] = row
		}
		return seen, err
	})
	if err != nil {
		return nil, err
	}
	return found.(map[ID]*T)[ref(row.(any).(*P))], nil
}

// many loads what belongs to row, by one statement for all the rows that were read
// with it: load is given their ids and returns what belongs to each.
func many[P, V any, ID key](ctx context.Context, row interface{ Siblings() *siblings.Set }, id func(*P) ID, load func([]ID) (map[ID]V, error)) (V, error) {
	var none V
	set := row.Siblings()
	field := graphql.GetFieldContext(ctx)
	args, err := json.Marshal(field.Args)
	if err != nil {
		return none, fmt.Errorf("encoding the arguments of %s: %w", field.Field.Name, err)
	}
	found, err := set.Once(field.Field.Name+string(args), func() (any, error) {
		rows := siblings.Rows[P](set)
		ids := make([]ID, len(rows))
		for i, p := range rows {
			ids[i] = id(p)
		}
		return load(ids)
	})
	if err != nil {
		return none, err
	}
	return found.(map[ID]V)[id(row.(any).(*P))], nil
}

// group sorts rows into lists by the record that each belongs to.
func group[T any, R relay.Row[T], ID key](rows []*T, parent func(*T) ID) map[ID][]*T {
	of := map[ID][]*T{}
	for _, row := range siblings.Together[T, R](rows) {
		of[parent(row)] = append(of[parent(row)], row)
	}
	return of
}

// notNil is a list that is empty where there is none.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

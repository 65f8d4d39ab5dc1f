package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/plannedinspection"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// askedFor is an inspection that a control plan asks for; nil for one that none does.
type askedFor struct {
	planned *db.PlannedInspection
	plan    *db.ControlPlan
	named   bool // the department was named, too
}

// planned returns the planned inspection that is to be started, if one is, and completes
// the input by it. What is said in both must be the same.
func (s *Service) planned(ctx context.Context, tx *db.Tx, in *StartInspection, now time.Time) (*askedFor, error) {
	if in.PlannedID == nil {
		return nil, nil
	}
	planned, err := tx.PlannedInspection.Get(ctx, *in.PlannedID)
	if err := seen(planned, err)("plannedId"); err != nil {
		return nil, err
	}
	v := ent.ViewerFrom(ctx)
	byRole := planned.ResponsibleRole != nil && string(*planned.ResponsibleRole) == string(v.Role)
	if planned.ResponsibleID != v.Staff && !byRole && !answersFor(v, planned.SiteID, planned.DepartmentID) {
		return nil, forbidden(text("Only who is responsible, or answers for the department, may start this.", "只有责任人或部门负责人可以开始此检查。"))
	}
	if err := startable(planned, now); err != nil {
		return nil, err
	}
	plan, err := tx.ControlPlan.Query().Where(controlplan.ID(planned.PlanID)).Only(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("reading a control plan: %w", err)
	}
	a := &askedFor{planned: planned, plan: plan, named: in.DepartmentID != nil}
	return a, a.complete(ctx, tx, in)
}

// startable refuses what cannot begin yet, or was begun or missed.
func startable(i *db.PlannedInspection, now time.Time) error {
	switch {
	case i.State == plannedinspection.StateMISSED:
		return reject(Rejected, text("It was not done in time and is missed: start one without it.", "此检查已逾期未做，请另行开始检查。"), "plannedId")
	case i.State != plannedinspection.StatePLANNED:
		return reject(Rejected, text("It was started already.", "此检查已开始。"), "plannedId")
	case i.DueFrom.After(now):
		return reject(Rejected, text("It cannot begin yet.", "此检查尚未到开始时间。"), "plannedId")
	default:
		return nil
	}
}

func (a *askedFor) complete(ctx context.Context, tx *db.Tx, in *StartInspection) error {
	if a.named { // what the viewer does not see is not told to be another
		if _, err := a.department(ctx, tx, *in.DepartmentID); err != nil {
			return err
		}
	}
	if in.ObservedID != nil {
		person, err := tx.Staff.Get(ctx, *in.ObservedID)
		if err := seen(person, err)("observedId"); err != nil {
			return err
		}
	}
	layer := inspection.Layer(a.plan.Layer)
	var bad check
	for _, f := range []struct {
		path  string
		other bool
	}{
		{"checklist", in.Checklist != "" && in.Checklist != a.plan.Checklist},
		{"departmentId", in.DepartmentID != nil && *in.DepartmentID != a.plan.DepartmentID},
		{"layer", in.Layer != "" && in.Layer != layer},
		{"observedId", in.ObservedID != nil && !a.planned.ObservedID.IsZero() && *in.ObservedID != a.planned.ObservedID},
		{"place", in.Place != nil && a.place() != "" && *in.Place != a.place()},
	} {
		if f.other {
			bad.add(Invalid, "The control plan asks for another.", "与策划表的要求不一致。", f.path)
		}
	}
	in.Checklist, in.DepartmentID, in.Layer = a.plan.Checklist, &a.plan.DepartmentID, layer
	if !a.planned.ObservedID.IsZero() {
		in.ObservedID = &a.planned.ObservedID
	}
	if place := a.place(); place != "" {
		in.Place = &place
	}
	return bad.err()
}

// place is where it is to be made, "" where the plan leaves that open.
func (a *askedFor) place() string {
	if a.planned.ObservedID.IsZero() {
		return a.planned.Subject
	}
	return ""
}

// freeze sets what the plan asks for that differs from the checklist. What does not fit
// the checklist any more is left out, of which a warning tells.
func (a *askedFor) freeze(create *db.InspectionCreate, version *db.ChecklistVersion) ([]Warning, error) {
	if a == nil || len(a.plan.Adjustments) == 0 && len(a.plan.Items) == 0 {
		return nil, nil
	}
	var definition checklist.Definition
	if err := json.Unmarshal(version.Definition, &definition); err != nil {
		return nil, fmt.Errorf("decoding the checklist %s: %w", version.ID, err)
	}
	adjustments, err := decodeAdjustments(a.plan.Adjustments)
	if err != nil {
		return nil, err
	}
	items := rules.Items(definition)
	asked := slices.DeleteFunc(slices.Clone(a.plan.Items), func(id string) bool { return items[id].ID == "" })
	can := slices.Contains(version.Capabilities, string(checklist.CanAdjust))
	fitting := slices.DeleteFunc(slices.Clone(adjustments), func(of checklist.Adjustment) bool {
		item, known := items[of.Item]
		return !can || !known || misfit(item, of) != nil
	})
	if len(asked) > 0 {
		create.SetItems(asked)
	}
	if len(fitting) > 0 {
		body, err := json.Marshal(fitting)
		if err != nil {
			return nil, fmt.Errorf("encoding adjustments: %w", err)
		}
		create.SetAdjustments(body)
	}
	if len(asked) == len(a.plan.Items) && len(fitting) == len(adjustments) {
		return nil, nil
	}
	return []Warning{{Code: PlanOutdated, Text: text("The checklist has changed: not all that the control plan says of its items fits it any more.",
		"检查表已变更：策划表中的部分项目设置已不适用。")}}, nil
}

// start notes that the inspection has begun that was asked for. Of two who start it at
// once the second is refused.
func (a *askedFor) start(ctx context.Context, tx *db.Tx, i *db.Inspection) error {
	if a == nil {
		return nil
	}
	n, err := tx.PlannedInspection.Update().Where(plannedinspection.ID(a.planned.ID), plannedinspection.StateEQ(plannedinspection.StatePLANNED)).
		SetState(plannedinspection.StateSTARTED).SetInspectionID(i.ID).Save(ctx)
	if err != nil {
		return fmt.Errorf("starting a planned inspection: %w", err)
	}
	if n == 0 {
		return conflictAt("plannedId")
	}
	return nil
}

// finishPlanned notes that an inspection was done that a plan asked for. One that was
// missed meanwhile stays so.
func finishPlanned(ctx context.Context, tx *db.Tx, i *db.Inspection) error {
	return tx.PlannedInspection.Update().Where(plannedinspection.InspectionID(i.ID), plannedinspection.StateEQ(plannedinspection.StateSTARTED)).
		SetState(plannedinspection.StateDONE).ClearNextAt().Exec(ctx)
}

// leftOut are the items of a checklist that the control plan did not ask for, which
// therefore do not apply.
func leftOut(i *db.Inspection, d checklist.Definition) (answers []checklist.Answer) {
	for _, section := range d.Sections {
		for _, item := range section.Items {
			if len(i.Items) > 0 && !slices.Contains(i.Items, item.ID) {
				answers = append(answers, checklist.Answer{Item: item.ID, NotApplicable: true})
			}
		}
	}
	return answers
}

// asking is a checklist with the items alone that an inspection asks for.
func asking(i *db.Inspection, d checklist.Definition) checklist.Definition {
	if len(i.Items) == 0 {
		return d
	}
	sections := slices.Clone(d.Sections)
	for n := range sections {
		sections[n].Items = slices.DeleteFunc(slices.Clone(sections[n].Items), func(item checklist.Item) bool { return !slices.Contains(i.Items, item.ID) })
	}
	d.Sections = sections
	return d
}

// department is the one to be inspected: as the viewer sees it where it was named.
func (a *askedFor) department(ctx context.Context, tx *db.Tx, id typeid.DepartmentID) (*db.Department, error) {
	if a != nil && !a.named {
		ctx = ent.AsSystem(ctx)
	}
	d, err := tx.Department.Get(ctx, id)
	return d, seen(d, err)("departmentId")
}

// DueInspections returns what the viewer has to inspect, at most limit, the most urgent
// first: what can begin or has begun and was not missed. It is by name or by role; of a
// role in one's own department, or in one that the viewer answers for. Nothing for who is
// no member of the staff.
func (s *Service) DueInspections(ctx context.Context, limit int) ([]*db.PlannedInspection, error) {
	v := ent.ViewerFrom(ctx)
	if v.Staff.IsZero() {
		return nil, nil
	}
	me, err := s.db.Staff.Get(ent.AsSystem(ctx), v.Staff)
	if err != nil {
		return nil, fmt.Errorf("reading who asks: %w", err)
	}
	ofRole := []predicate.PlannedInspection{plannedinspection.ResponsibleRoleEQ(plannedinspection.ResponsibleRole(v.Role))}
	switch v.Role {
	case staff.RoleSTAFF, staff.RoleTEAM_LEAD, staff.RoleDEPARTMENT_MANAGER:
		ofRole = append(ofRole, plannedinspection.DepartmentIDIn(append([]typeid.DepartmentID{me.DepartmentID}, v.Departments...)...))
	case staff.RoleSITE_MANAGER:
		ofRole = append(ofRole, plannedinspection.SiteID(v.Site))
	}
	rows, err := s.db.PlannedInspection.Query().Where(
		plannedinspection.StateIn(plannedinspection.StatePLANNED, plannedinspection.StateSTARTED), plannedinspection.DueFromLTE(s.now()),
		plannedinspection.Or(plannedinspection.ResponsibleID(v.Staff), plannedinspection.And(ofRole...))).
		Order(plannedinspection.ByDueAt(), plannedinspection.ByID()).Limit(limit).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading what is to be inspected: %w", err)
	}
	return rows, nil
}

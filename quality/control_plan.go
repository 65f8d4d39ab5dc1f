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
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// PlanDetails is what a control plan says (R-QC-3).
type PlanDetails struct {
	ActivityEn, ActivityZh *string // one of them at least
	Checklist              string
	Items                  []string // none for all
	Layer                  controlplan.Layer
	Method                 controlplan.Method
	ResponsibleID          *typeid.StaffID // this or ResponsibleRole
	ResponsibleRole        *staff.Role
	AtShifts               bool
	Rule                   *string // unless at shifts
	StartsOn               *string // default: today
	At                     calendar.TimeOfDay
	OnClosedDay            controlplan.OnClosedDay
	Within                 *time.Duration // unless at shifts
	Grace                  time.Duration
	ActiveFrom             *time.Time // default: now
	ActiveUntil            *time.Time
	Adjustments            []ItemAdjustment
	Places                 []string
	PersonIDs              []typeid.StaffID // or Places
	Sample                 controlplan.SampleMethod
	SampleSize             *int // unless all
	Seed                   *int // default: drawn once
	MissedSeverity         controlplan.MissedSeverity
}

// ItemAdjustment replaces the weight or the limits of an item of the checklist.
type ItemAdjustment struct {
	Item                   string
	Weight                 *float64
	LowerLimit, UpperLimit *float64
}

// AdjustmentsOf decodes the adjustments of a control plan or of an inspection.
func AdjustmentsOf(stored json.RawMessage) ([]ItemAdjustment, error) {
	adjustments, err := decodeAdjustments(stored)
	out := make([]ItemAdjustment, len(adjustments))
	for n, a := range adjustments {
		out[n] = ItemAdjustment{Item: a.Item, Weight: a.Weight}
		if a.Limits != nil {
			out[n].LowerLimit, out[n].UpperLimit = a.Limits.Lower, a.Limits.Upper
		}
	}
	return out, err
}

func decodeAdjustments(stored json.RawMessage) (adjustments []checklist.Adjustment, err error) {
	if len(stored) == 0 {
		return nil, nil
	}
	if err = json.Unmarshal(stored, &adjustments); err != nil {
		err = fmt.Errorf("decoding adjustments: %w", err)
	}
	return adjustments, err
}

func (a ItemAdjustment) forPlugin() checklist.Adjustment {
	out := checklist.Adjustment{Item: a.Item, Weight: a.Weight}
	if a.LowerLimit != nil || a.UpperLimit != nil {
		out.Limits = &checklist.Limits{Lower: a.LowerLimit, Upper: a.UpperLimit}
	}
	return out
}

func (s *Service) readControlPlan(ctx context.Context, ids []string) (*db.ControlPlan, error) {
	id, _ := typeid.Parse[typeid.ControlPlanID](ids[0])
	return s.db.ControlPlan.Get(ctx, id)
}

// mayPlan allows the control plans of a department to be kept by the quality office and
// by the managers of the department (R-ORG-2, R-ORG-3).
func mayPlan(v ent.Viewer, site typeid.SiteID, d typeid.DepartmentID) error {
	if v.Role == staff.RoleQUALITY_OFFICER || v.Role != staff.RoleTEAM_LEAD && answersFor(v, site, d) {
		return nil
	}
	return forbidden(text("Only the quality office and the managers of the department keep its control plans.", "只有质量管理部门和部门管理人员可以维护质量控制策划表。"))
}

// planEvent is an event of a control plan.
func planEvent(kind string, p *db.ControlPlan, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: p.ID.String(), Changed: changed, At: now,
		Site: p.SiteID, Department: p.DepartmentID, Owner: p.ResponsibleID}
}

// record is a control plan as it is stored, of what was said of it. It was checked.
func (in PlanDetails) record(of *db.Department) (*db.ControlPlan, error) {
	p := &db.ControlPlan{SiteID: of.SiteID, DepartmentID: of.ID, ActivityEn: *in.ActivityEn, ActivityZh: *in.ActivityZh,
		Checklist: in.Checklist, Items: in.Items, Layer: in.Layer, Method: in.Method, AtShifts: in.AtShifts, Rule: in.Rule,
		StartsOn: *in.StartsOn, AtMinute: int(in.At), OnClosedDay: in.OnClosedDay, Grace: in.Grace,
		ActiveFrom: in.ActiveFrom.UTC().Truncate(time.Microsecond), Places: in.Places, People: in.PersonIDs,
		SampleMethod: in.Sample, Seed: *in.Seed, MissedSeverity: in.MissedSeverity, Active: true}
	if in.ActiveUntil != nil {
		p.ActiveUntil = new(in.ActiveUntil.UTC().Truncate(time.Microsecond))
	}
	if in.ResponsibleID != nil {
		p.ResponsibleID = *in.ResponsibleID
	} else {
		p.ResponsibleRole = new(controlplan.ResponsibleRole(*in.ResponsibleRole))
	}
	if in.Within != nil {
		p.Within = *in.Within
	}
	if in.SampleSize != nil {
		p.SampleSize = *in.SampleSize
	}
	if len(in.Adjustments) == 0 {
		return p, nil
	}
	adjustments := make([]checklist.Adjustment, len(in.Adjustments))
	for n, a := range in.Adjustments {
		adjustments[n] = a.forPlugin()
	}
	var err error
	if p.Adjustments, err = json.Marshal(adjustments); err != nil {
		return nil, fmt.Errorf("encoding adjustments: %w", err)
	}
	return p, nil
}

// fillPlan sets what a control plan says.
func fillPlan(m *db.ControlPlanMutation, p *db.ControlPlan) {
	m.SetActivityEn(p.ActivityEn)
	m.SetActivityZh(p.ActivityZh)
	m.SetChecklist(p.Checklist)
	m.SetItems(p.Items)
	m.SetLayer(p.Layer)
	m.SetMethod(p.Method)
	m.SetResponsibleID(p.ResponsibleID)
	setMaybe(p.ResponsibleRole, m.SetResponsibleRole, m.ClearResponsibleRole)
	m.SetAtShifts(p.AtShifts)
	setMaybe(p.Rule, m.SetRule, m.ClearRule)
	m.SetStartsOn(p.StartsOn)
	m.SetAtMinute(p.AtMinute)
	m.SetOnClosedDay(p.OnClosedDay)
	m.SetWithin(p.Within)
	m.SetGrace(p.Grace)
	m.SetActiveFrom(p.ActiveFrom)
	setMaybe(p.ActiveUntil, m.SetActiveUntil, m.ClearActiveUntil)
	m.SetAdjustments(p.Adjustments)
	m.SetPlaces(p.Places)
	m.SetPeople(p.People)
	m.SetSampleMethod(p.SampleMethod)
	m.SetSampleSize(p.SampleSize)
	m.SetSeed(p.Seed)
	m.SetMissedSeverity(p.MissedSeverity)
}

// setMaybe sets a column, or makes it empty.
func setMaybe[V any](value *V, set func(V), clear func()) {
	if value == nil {
		clear()
		return
	}
	set(*value)
}

// planChanged are the names of the API fields in which two records of a plan differ.
func planChanged(before, after *db.ControlPlan) []string {
	same := func(a, b any) bool {
		x, _ := json.Marshal(a) // what is stored can be encoded
		y, _ := json.Marshal(b)
		return slices.Equal(x, y)
	}
	var changed []string
	for _, f := range []struct {
		name string
		a, b any
	}{
		{"activity", before.ActivityEn + "\x00" + before.ActivityZh, after.ActivityEn + "\x00" + after.ActivityZh},
		{"checklist", before.Checklist, after.Checklist}, {"items", before.Items, after.Items},
		{"layer", before.Layer, after.Layer}, {"method", before.Method, after.Method},
		{"responsible", before.ResponsibleID, after.ResponsibleID}, {"responsibleRole", before.ResponsibleRole, after.ResponsibleRole},
		{"atShifts", before.AtShifts, after.AtShifts}, {"rule", before.Rule, after.Rule},
		{"startsOn", before.StartsOn, after.StartsOn}, {"at", before.AtMinute, after.AtMinute}, {"onClosedDay", before.OnClosedDay, after.OnClosedDay},
		{"within", before.Within, after.Within}, {"grace", before.Grace, after.Grace},
		{"activeFrom", before.ActiveFrom.UnixMicro(), after.ActiveFrom.UnixMicro()}, {"activeUntil", before.ActiveUntil, after.ActiveUntil},
		{"adjustments", before.Adjustments, after.Adjustments}, {"places", before.Places, after.Places}, {"people", before.People, after.People},
		{"sample", before.SampleMethod, after.SampleMethod}, {"sampleSize", before.SampleSize, after.SampleSize}, {"seed", before.Seed, after.Seed},
		{"missedSeverity", before.MissedSeverity, after.MissedSeverity},
	} {
		if !same(f.a, f.b) {
			changed = append(changed, f.name)
		}
	}
	return changed
}

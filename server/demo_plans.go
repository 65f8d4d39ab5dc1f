package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/quality"
)

// plansBefore is how long before its end the history has control plans: for long enough
// that something was missed.
const plansBefore = 4 * 24 * time.Hour

// standingPlans are control plans that are in use, of whose inspections nobody makes any:
// some are due, and some were missed.
var standingPlans = []struct {
	site, department string
	role             staff.Role
	layer            controlplan.Layer
	checklist, rule  string
	en, zh           string
	within, grace    time.Duration
	places           []string
	sample           controlplan.SampleMethod
	size             int
}{
	{hotel, "reception", staff.RoleTEAM_LEAD, controlplan.LayerSELF_CHECK, "frontdesk.reception", "FREQ=DAILY;BYHOUR=7,15,23",
		"The counter at the change of shifts", "交接班时的前台", 2 * time.Hour, 6 * time.Hour, nil, controlplan.SampleMethodALL, 0},
	{hotel, "front-office", staff.RoleDEPARTMENT_MANAGER, controlplan.LayerPATROL, "frontdesk.conduct", "FREQ=DAILY",
		"Appearance and discipline of the desks", "各柜台仪容仪表与纪律", 8 * time.Hour, 16 * time.Hour,
		[]string{"Main desk 大堂前台", "Concierge desk 礼宾台", "Reservations office 预订办公室"}, controlplan.SampleMethodROTATION, 1},
	{mall, "floor-2", staff.RoleQUALITY_OFFICER, controlplan.LayerSAMPLING, "retail.sale", "FREQ=WEEKLY;BYDAY=MO,TH",
		"Service during the sale, sampled", "售中服务抽检", 24 * time.Hour, 24 * time.Hour,
		[]string{"Counter 2-01 二楼01号柜", "Counter 2-05 二楼05号柜", "Counter 2-09 二楼09号柜", "Counter 2-12 二楼12号柜"}, controlplan.SampleMethodRANDOM, 2},
}

// planControl lets control plans be made some days before the end, and their inspections
// arise and be missed at their times.
func (h *history) planControl() {
	h.at(h.end.Add(-plansBefore), h.makePlans)
	for at := h.end.Add(-plansBefore); !at.After(h.end); at = at.Add(6 * time.Hour) {
		h.at(at, h.plannedUpToNow)
	}
}

func (h *history) makePlans(context.Context) error {
	officer := h.company.with(staff.RoleQUALITY_OFFICER, "")
	for _, p := range standingPlans {
		d := h.company.of(p.site, p.department)
		in := quality.CreateControlPlan{DepartmentID: d.ID, Plan: quality.PlanDetails{
			ActivityEn: &p.en, ActivityZh: &p.zh, Checklist: p.checklist, Layer: p.layer, Method: controlplan.MethodOBSERVATION,
			ResponsibleRole: &p.role, Rule: &p.rule, At: 9 * 60, OnClosedDay: controlplan.OnClosedDayNEXT, Within: &p.within, Grace: p.grace,
			Places: p.places, Sample: p.sample, Seed: new(h.random.IntN(1 << 30)), MissedSeverity: controlplan.MissedSeverityMINOR,
		}}
		if p.size > 0 {
			in.Plan.SampleSize = &p.size
		}
		if _, err := h.core.quality.CreateControlPlan(officer.viewer, in); err != nil {
			return fmt.Errorf("making the control plan of %s: %w", p.department, err)
		}
	}
	return nil
}

// plannedUpToNow lets control plans do what they ask for.
func (h *history) plannedUpToNow(ctx context.Context) error {
	for _, work := range []func(context.Context) (int, error){h.core.quality.PlanInspections, h.core.quality.FirePlanned} {
		for more := 1; more > 0; {
			var err error
			if more, err = work(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

package main

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/chartalarm"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
)

// chartReport is a control chart with an alarm.
type chartReport struct {
	Alarms         int    `json:"alarms"` // of all charts
	Department     string `json:"department"`
	Characteristic string `json:"characteristic"`
	Picture        string `json:"picture"` // URL, for who sends a token
}

// The characteristic whose control chart is told of: in the last weeks, checking in
// takes longer than it did, though never too long.
const (
	slowChecklist = "frontdesk.reception"
	slowItem      = "check-in-minutes"
	slowDays      = 20
)

// slow reports whether an item is measured while it takes longer.
func (r *round) slow(item checklist.Item) bool {
	return r.checklist == slowChecklist && item.ID == slowItem && r.clock.now().After(r.end.AddDate(0, 0, -slowDays))
}

// planChart has the quality office set what check-ins are held against.
func (h *history) planChart() {
	h.at(h.start, func(context.Context) error {
		_, err := h.core.quality.RebaselineChart(h.company.with(staff.RoleQUALITY_OFFICER, "").viewer, quality.RebaselineChart{
			Characteristic: slowChecklist + "/" + slowItem, DepartmentID: h.company.of(hotel, "reception").ID, From: h.start,
			Given: &quality.GivenProcess{Mean: 2.9, Sigma: new(1.1)}, Reason: "As measured last year. 按去年的测量值。"})
		if err != nil {
			return fmt.Errorf("setting a baseline: %w", err)
		}
		return nil
	})
}

// sayChart tells where there is a control chart with an alarm of a rule that a process
// breaks, as the history has it.
func (t *telling) sayChart(ctx context.Context) error {
	alarms, err := t.db.ChartAlarm.Query().Count(ctx)
	if err != nil {
		return err
	}
	a, err := t.db.ChartAlarm.Query().Where(chartalarm.RuleNEQ(chartalarm.RuleOUTSIDE_LIMITS)).Order(db.Desc(chartalarm.FieldAt)).First(ctx)
	if err != nil {
		return fmt.Errorf("looking for a control chart with an alarm: %w", err)
	}
	characteristic := a.Checklist + "/" + a.Item
	t.report.Chart = chartReport{alarms, a.DepartmentID.String(), characteristic,
		fmt.Sprintf("http://%s/charts/%s/%s.svg", t.report.Address, a.DepartmentID, characteristic)}
	t.say("Control charts have raised %d alarms; one is on the chart of %s: %s", "控制图共发出 %d 个警报，其一见 %s 的控制图：%s",
		alarms, characteristic, t.report.Chart.Picture)
	return nil
}

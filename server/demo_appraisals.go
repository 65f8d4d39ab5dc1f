package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/quality"
)

// planAppraisals has human resources run the month's appraisals the day after it
// ended, and the manager of each site approve them the day after that. Those of
// people without any records stay drafts.
func (h *history) planAppraisals() {
	run := h.month.AddDate(0, 1, 1).Add(10 * time.Hour)
	for _, d := range h.inOrder() {
		if d.site.Kind == site.KindOTHER || d.head.Role == staff.RoleSITE_MANAGER {
			continue
		}
		run = run.Add(4 * time.Minute)
		h.at(run, func(context.Context) error { return h.appraise(d) })
	}
}

// inOrder lists the departments as they were made.
func (h *history) inOrder() []*companyDepartment {
	var list []*companyDepartment
	for _, p := range h.company.people {
		if p.department.head == p {
			list = append(list, p.department)
		}
	}
	return list
}

func (h *history) appraise(d *companyDepartment) error {
	by := h.company.with(staff.RoleHUMAN_RESOURCES, "")
	c, err := h.core.quality.RunAppraisals(by.viewer, quality.RunAppraisals{
		Scheme: scheme, DepartmentID: d.ID, Day: h.month.Format(time.DateOnly),
	})
	if err != nil {
		return fmt.Errorf("appraising %s: %w", d.key, err)
	}
	boss := h.company.with(staff.RoleSITE_MANAGER, d.site.Code+"/management")
	for n, a := range c.Object {
		if a.Score == nil {
			continue
		}
		h.at(h.clock.now().Add(29*time.Hour+time.Duration(n)*time.Minute), func(context.Context) error {
			_, err := h.core.quality.ApproveAppraisal(boss.viewer, quality.ApproveAppraisal{ID: a.ID, ExpectedRevision: a.Revision})
			return err
		})
	}
	return nil
}

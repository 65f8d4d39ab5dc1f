package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// comfort makes the topic of a site that suggestions are about.
func (h *history) comfort(s *companySite) error {
	c, err := h.core.quality.CreateTopic(h.company.people[0].viewer, quality.CreateTopic{SiteID: &s.ID, Code: "comfort", NameEn: "Comfort of customers", NameZh: "顾客舒适度"})
	if err != nil {
		return fmt.Errorf("naming what suggestions are about: %w", err)
	}
	s.comfort = c.Object.ID
	return nil
}

// treatIncident contains an incident, reports it to the quality office, finds its cause
// and plans what keeps it from happening again.
func (w *casework) treatIncident(ctx context.Context) error {
	c, err := w.core.quality.ContainCase(w.handler.viewer, quality.ContainCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
		Measure: "The place is closed off until it is put right. 现场已隔离，待整改完毕。"})
	if err := w.moved(c, err, nil, 0, 0); err != nil {
		return err
	}
	c, err = w.core.quality.ReportCase(w.handler.viewer, quality.ReportCase{ID: w.row.ID, ExpectedRevision: w.row.Revision, Report: w.words.Replace(w.note)})
	if err := w.moved(c, err, nil, 0, 0); err != nil {
		return err
	}
	c, err = w.core.quality.InvestigateCase(w.handler.viewer, quality.InvestigateCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
		Substantiated: w.founded, CauseID: &w.company.upkeep, Findings: w.words.Replace(w.note)})
	if err := w.moved(c, err, nil, 0, 0); err != nil {
		return err
	}
	return w.planMeasure(ctx, casemeasure.KindPREVENTIVE)
}

// treatSuggestion classifies a suggestion, reports an important one to management, and
// decides; one that is granted is carried out, and looked at after three weeks.
func (w *casework) treatSuggestion(ctx context.Context) error {
	importance, decider := servicecase.ImportanceORDINARY, w.handler
	if w.happens(40) {
		importance, decider = servicecase.ImportanceIMPORTANT, w.handler.decider()
	}
	c, err := w.core.quality.AssessCase(w.handler.viewer, quality.AssessCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
		TopicID: &w.department.site.comfort, Importance: importance, Reason: "Others have said the same. 其他客户也曾提及。"})
	if err := w.moved(c, err, nil, 0, 0); err != nil {
		return err
	}
	if decider != w.handler {
		c, err = w.core.quality.ReportCase(w.handler.viewer, quality.ReportCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
			Report: w.words.Replace(w.subject), Proposal: given(w.words.Replace(w.resolution))})
		if err := w.moved(c, err, nil, 0, 0); err != nil {
			return err
		}
	}
	if err := w.decide(decider); err != nil || !w.founded {
		return err
	}
	w.plan(w.clock.now().Add(21*24*time.Hour), w.finishMeasures)
	return w.planMeasure(ctx, casemeasure.KindIMPROVEMENT)
}

// decide grants what has reason to be granted.
func (w *casework) decide(by *companyPerson) error {
	in := quality.DecideCase{ID: w.row.ID, ExpectedRevision: w.row.Revision, Decision: servicecase.DecisionDECLINED, Reason: w.words.Replace(w.resolution)}
	if w.founded {
		in.Decision = servicecase.DecisionGRANTED
	}
	c, err := w.core.quality.DecideCase(by.viewer, in)
	return w.moved(c, err, nil, 0, 0)
}

// commend names somebody of the department whom the customer praises.
func (w *casework) commend() error {
	c, err := w.core.quality.CommendStaff(w.handler.viewer, quality.CommendStaff{ID: w.row.ID, ExpectedRevision: w.row.Revision,
		StaffIDs: []typeid.StaffID{pick(w.random, w.department.team()).ID}})
	return w.moved(c, err, nil, 0, 0)
}

// planMeasure plans what the resolution will say, for the handler to carry out.
func (w *casework) planMeasure(ctx context.Context, kind casemeasure.Kind) error {
	now := w.clock.now()
	_, err := w.core.quality.AddCaseMeasure(w.handler.decider().viewer, quality.AddCaseMeasure{CaseID: w.row.ID, Kind: kind,
		What: w.words.Replace(w.resolution), OwnerID: w.handler.ID, DueAt: now.Add(7 * 24 * time.Hour), EffectDueAt: now.Add(28 * 24 * time.Hour)})
	if err != nil {
		return err
	}
	return w.reload(ctx)
}

// finishMeasures lets the handler carry out what was planned, and somebody above verify
// its effect.
func (w *casework) finishMeasures(ctx context.Context) error {
	open, err := w.core.db.CaseMeasure.Query().Where(casemeasure.CaseID(w.row.ID), casemeasure.StatusEQ(casemeasure.StatusPLANNED)).All(ent.AsSystem(ctx))
	if err != nil {
		return err
	}
	for _, m := range open {
		c, err := w.core.quality.CompleteCaseMeasure(w.handler.viewer, quality.CompleteCaseMeasure{ID: m.ID, ExpectedRevision: m.Revision,
			Result: "Done, and the shifts were told. 已完成，并已告知各班次。"})
		if err == nil {
			_, err = w.core.quality.VerifyCaseMeasure(w.handler.decider().viewer, quality.VerifyCaseMeasure{ID: m.ID, ExpectedRevision: c.Object.Revision,
				Effective: true, Finding: "Looked at on two shifts: it works. 已查看两个班次，措施有效。"})
		}
		if err != nil {
			return err
		}
	}
	return w.reload(ctx)
}

// reload reads the case as it is now.
func (w *casework) reload(ctx context.Context) (err error) {
	w.row, err = w.core.db.ServiceCase.Get(ent.AsSystem(ctx), w.row.ID)
	return err
}

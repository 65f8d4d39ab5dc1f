package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func (s *Service) readMeasure(ctx context.Context, ids []string) (*db.CaseMeasure, error) {
	id, _ := typeid.Parse[typeid.CaseMeasureID](ids[0])
	return s.db.CaseMeasure.Get(ctx, id)
}

// measureStep is a use case that moves a measure from one station to the next.
type measureStep struct {
	name     string // of the mutation
	key      *string
	in       any
	id       typeid.CaseMeasureID
	revision int
	step     rules.MeasureStep
	event    string   // kind of the event
	changed  []string // names of the API fields that change, besides status and revision

	// allowed says why the viewer may not do it to this measure. The case is nil for who
	// does not see it.
	allowed func(v ent.Viewer, m *db.CaseMeasure, c *db.ServiceCase) error
	// apply sets what changes besides status and revision.
	apply func(update *db.CaseMeasureUpdateOne, now time.Time) error
}

// moveMeasure carries out a step: the measure is loaded as the viewer sees it, its
// course is asked, and the row is changed if it still has the expected revision.
func (s *Service) moveMeasure(ctx context.Context, m measureStep) (*Change[*db.CaseMeasure], error) {
	return run(ctx, s, useCase[*db.CaseMeasure]{
		area: ent.Cases, name: m.name, key: m.key, in: m.in, read: s.readMeasure,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.CaseMeasure], error) {
			var none effect[*db.CaseMeasure]
			row, err := tx.CaseMeasure.Get(ctx, m.id)
			if err := seen(row, err)("id"); err != nil {
				return none, err
			}
			of, err := tx.ServiceCase.Get(ctx, row.CaseID)
			if db.MaskNotFound(err) != nil {
				return none, fmt.Errorf("reading the case of a measure: %w", err)
			}
			if err := m.allowed(ent.ViewerFrom(ctx), row, of); err != nil {
				return none, err
			}
			if row.Revision != m.revision {
				return none, conflict()
			}
			next, ok := rules.NextMeasure(row.Status, m.step)
			if !ok {
				return none, measureRefused(row.Status, m.step)
			}
			return s.takeMeasureStep(ctx, tx, m, row, next)
		},
	})
}

// takeMeasureStep is the part of moveMeasure that writes. With the measure its deadline
// ends, and its case counts it no longer.
func (s *Service) takeMeasureStep(ctx context.Context, tx *db.Tx, m measureStep, row *db.CaseMeasure, next casemeasure.Status) (effect[*db.CaseMeasure], error) {
	var none effect[*db.CaseMeasure]
	now, ends := s.now(), next != casemeasure.StatusCOMPLETED
	update := tx.CaseMeasure.UpdateOneID(row.ID).Where(casemeasure.Revision(m.revision)).AddRevision(1).SetUpdatedAt(now).SetStatus(next)
	if err := m.apply(update, now); err != nil {
		return none, err
	}
	// The case before its deadlines, as in every step of it.
	c, err := tx.ServiceCase.UpdateOneID(row.CaseID).SetUpdatedAt(now).Save(ctx)
	if err == nil && ends {
		update.SetEndedAt(now).SetEndedByID(ent.ViewerFrom(ctx).Staff)
		of := c.Update().AddRevision(1).AddOpenMeasures(-1)
		if next != casemeasure.StatusEFFECTIVE && row.Kind == rules.MeasureOf(c.Kind) {
			of.AddStandingMeasures(-1)
		}
		c, err = of.Save(ctx)
	}
	if err != nil {
		return none, fmt.Errorf("changing the case of a measure: %w", err)
	}
	if row, err = update.Save(ctx); db.IsNotFound(err) {
		return none, conflict()
	}
	if err == nil && ends {
		err = endMeasure(ctx, tx, row, now)
	}
	if err != nil {
		return none, fmt.Errorf("changing a measure: %w", err)
	}
	return measureChanged(row, c, m.event, now, append([]string{"status", "revision"}, m.changed...)...), nil
}

// endMeasure ends the deadline of a measure whose effect was verified, or that was
// cancelled. The case's row is locked.
func endMeasure(ctx context.Context, tx *db.Tx, m *db.CaseMeasure, now time.Time) error {
	row, err := tx.Deadline.Get(ent.AsSystem(ctx), m.DeadlineID)
	if err != nil {
		return fmt.Errorf("reading the deadline of a measure: %w", err)
	}
	clocks, err := readClocks(ctx, tx.Client(), []*db.Deadline{row})
	if err != nil {
		return err
	}
	if m.Status == casemeasure.StatusCANCELLED {
		return clocks[0].end(ctx, tx, rules.NotAsked, now)
	}
	return clocks[0].end(ctx, tx, rules.Done, now)
}

// measureChanged is the effect of a change of a measure: its case is changed, too, and
// both are told of, the one to the owner of the measure, the other to who answers for
// the case.
func measureChanged(m *db.CaseMeasure, c *db.ServiceCase, event string, now time.Time, changed ...string) effect[*db.CaseMeasure] {
	ofCase := []string{"measures"}
	if m.Status != casemeasure.StatusCOMPLETED {
		ofCase = append(ofCase, "openMeasures", "clocks", "revision")
	}
	return effect[*db.CaseMeasure]{object: m.Unwrap(), ids: []string{m.ID.String()}, events: []events.Event{
		{Kind: event, Subject: m.ID.String(), Changed: changed, At: now, Site: m.SiteID, Department: m.DepartmentID, Owner: m.OwnerID, Origin: m.PlannedByID},
		caseEvent(EventCaseMeasuresChanged, c, now, ofCase...),
	}}
}

// ofOwner allows a step to who has to carry the measure out, and to who answers for
// the owner's department.
func ofOwner(v ent.Viewer, m *db.CaseMeasure, _ *db.ServiceCase) error {
	if !v.Staff.IsZero() && (v.Staff == m.OwnerID || slices.Contains(v.Departments, m.DepartmentID)) {
		return nil
	}
	return forbidden(text("Only who has to carry it out, or who answers for that department, may do this.", "只有措施责任人或其部门负责人可以执行此操作。"))
}

// ofItsCase allows a step to who answers for the measure's case, its receiver, and
// managers.
func ofItsCase(v ent.Viewer, _ *db.CaseMeasure, c *db.ServiceCase) error {
	if c == nil {
		return forbidden(text("Only who works on its case may do this.", "只有该个案的处理人员可以执行此操作。"))
	}
	return permitted(v, c, rules.VerifyMeasure)
}

var measureStatusNames = map[casemeasure.Status]checklist.Text{
	casemeasure.StatusPLANNED:       {EN: "planned", ZH: "已制定"},
	casemeasure.StatusCOMPLETED:     {EN: "carried out", ZH: "已实施"},
	casemeasure.StatusEFFECTIVE:     {EN: "found to have its effect", ZH: "已验证有效"},
	casemeasure.StatusNOT_EFFECTIVE: {EN: "found to have no effect", ZH: "已验证无效"},
	casemeasure.StatusCANCELLED:     {EN: "cancelled", ZH: "已取消"},
}

var measureStepNames = map[rules.MeasureStep]checklist.Text{
	rules.CompleteMeasure:  {EN: "carried out", ZH: "登记实施"},
	rules.FindEffective:    {EN: "verified", ZH: "验证效果"},
	rules.FindNotEffective: {EN: "verified", ZH: "验证效果"},
	rules.CancelMeasure:    {EN: "cancelled", ZH: "取消"},
}

// measureRefused says why a step is not allowed at a station.
func measureRefused(at casemeasure.Status, step rules.MeasureStep) error {
	is, to := measureStatusNames[at], measureStepNames[step]
	return reject(Rejected, text(fmt.Sprintf("The measure is %s and cannot be %s now.", is.EN, to.EN),
		fmt.Sprintf("措施当前为“%s”，不能%s。", is.ZH, to.ZH)), "id")
}

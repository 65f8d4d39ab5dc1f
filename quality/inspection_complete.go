package quality

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/answer"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/finding"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// CompleteInspection is an inspection to judge.
type CompleteInspection struct {
	IdempotencyKey   *string
	ID               typeid.InspectionID
	ExpectedRevision int
}

// CompleteInspection lets the department's plugin judge the answers, and freezes
// its word with the inspection. Each key activity that failed becomes a case of the
// department (R-QC-5). When the plugin does not answer, nothing is written.
func (s *Service) CompleteInspection(ctx context.Context, in CompleteInspection) (*Change[*db.Inspection], error) {
	var judged judged
	return run(ctx, s, useCase[*db.Inspection]{
		area: ent.Inspections, name: "inspectionComplete", key: in.IdempotencyKey, in: in, read: s.readInspection,
		prepare: func(ctx context.Context) (err error) {
			judged, err = s.judge(ctx, in.ID, in.ExpectedRevision)
			return err
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Inspection], error) {
			var none effect[*db.Inspection]
			if len(judged.word.Measurements) > 0 {
				if err := s.holdCharts(ctx, tx, judged.department); err != nil {
					return none, err
				}
			}
			now := s.now()
			update := tx.Inspection.UpdateOneID(in.ID).
				Where(inspection.Revision(in.ExpectedRevision), inspection.StatusEQ(inspection.StatusDRAFT)).
				AddRevision(1).SetUpdatedAt(now).SetStatus(inspection.StatusCOMPLETED).SetCompletedAt(now).
				SetNillableScore(judged.word.Score).SetPassed(judged.word.Passed).SetJudgement(judged.body)
			i, err := update.Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err == nil {
				err = finishPlanned(ctx, tx, i)
			}
			if err != nil {
				return none, fmt.Errorf("completing an inspection: %w", err)
			}
			made, err := s.record(ctx, tx, i, judged, now)
			if err != nil {
				return none, err
			}
			alarms, err := s.chart(ctx, tx, i, judged, now)
			if err != nil {
				return none, err
			}
			made = append(made, alarms...)
			completed := inspectionEvent(EventInspectionCompleted, i, now, "status", "completedAt", "score", "passed", "judgement", "findings", "cases", "revision")
			return effect[*db.Inspection]{object: i.Unwrap(), ids: []string{i.ID.String()}, events: append(made, completed)}, nil
		},
	})
}

// judged is a plugin's word on an inspection, and what it takes to record it.
type judged struct {
	department typeid.DepartmentID
	checklist  string // its code
	word       checklist.Judgement
	body       json.RawMessage
	numbers    []string // for the cases to be opened, one per key activity that failed
}

// judge asks the plugin, before and outside any transaction.
func (s *Service) judge(ctx context.Context, id typeid.InspectionID, revision int) (judged, error) {
	var none judged
	i, err := draft(ctx, s.db.Client, id, revision)
	if err != nil {
		return none, err
	}
	definition, version, err := definitionOf(ctx, s.db.ChecklistVersion, i)
	if err != nil {
		return none, err
	}
	if err := s.decided(ctx, id); err != nil {
		return none, err
	}
	in, err := s.forPlugin(ctx, i, definition)
	if err != nil {
		return none, err
	}
	j := judged{department: i.DepartmentID, checklist: definition.ID}
	if j.word, err = s.checklists.Judge(ctx, version.Edges.Plugin.Code, definition, in); err != nil {
		return none, refusedAnswers(err)
	}
	if j.body, err = json.Marshal(j.word); err != nil {
		return none, fmt.Errorf("encoding a judgement: %w", err)
	}
	j.numbers, err = s.numbersFor(ctx, i, j.word.Findings)
	return j, err
}

// decided refuses an inspection of which answers contradict each other.
func (s *Service) decided(ctx context.Context, id typeid.InspectionID) error {
	conflicting, err := s.db.Answer.Query().Where(answer.InspectionID(id), OtherAnswers, answer.StateEQ(answer.StateCONFLICTING)).
		Order(db.Asc(answer.FieldItem)).All(ent.AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("looking for answers in conflict: %w", err)
	}
	var bad check
	for _, a := range conflicting {
		bad.add(Rejected, "Two inspectors gave different answers: decide between them first.", "检查人员的答案不一致，请先作出选择。", "answers", a.Item)
	}
	return bad.err()
}

// forPlugin gives the answers that count as a plugin is told them. Those to items that
// are not asked after the answers before them stay where they are, and are not told.
func (s *Service) forPlugin(ctx context.Context, i *db.Inspection, definition checklist.Definition) (checklist.Inspection, error) {
	in := checklist.Inspection{Checklist: definition.ID}
	rows, err := s.db.Answer.Query().Where(answer.InspectionID(i.ID), CountingAnswers).Order(db.Asc(answer.FieldItem)).All(ent.AsSystem(ctx))
	if err != nil {
		return in, fmt.Errorf("reading the answers of an inspection: %w", err)
	}
	if in.Adjustments, err = decodeAdjustments(i.Adjustments); err != nil {
		return in, err
	}
	answers := make([]checklist.Answer, len(rows))
	for n, a := range rows {
		answers[n] = answerOf(a).ForPlugin(checklist.Kind(a.Kind))
	}
	answers = append(answers, leftOut(i, definition)...)
	asked := definition.Asked(answers)
	in.Answers = slices.DeleteFunc(answers, func(a checklist.Answer) bool { return !asked[a.Item] })
	return in, nil
}

// numbersFor returns a number for the case of each key activity that failed.
func (s *Service) numbersFor(ctx context.Context, i *db.Inspection, findings []checklist.Finding) ([]string, error) {
	failed := 0
	for _, f := range findings {
		if f.Key {
			failed++
		}
	}
	if failed == 0 {
		return nil, nil
	}
	at, err := s.db.Site.Get(ent.AsSystem(ctx), i.SiteID)
	if err != nil {
		return nil, fmt.Errorf("looking up an inspection's site: %w", err)
	}
	numbers := make([]string, failed)
	for n := range numbers {
		if numbers[n], err = s.caseNumber(ctx, at, s.now()); err != nil {
			return nil, err
		}
	}
	return numbers, nil
}

// refusedAnswers tells the inspector what the plugin has against the answers.
func refusedAnswers(err error) error {
	var refused *checklist.InputError
	if !errors.As(err, &refused) {
		return err
	}
	var bad check
	for _, p := range refused.Problems {
		kind := Invalid
		if p.Code == checklist.Unanswered || p.Code == checklist.EvidenceMissing {
			kind = Required
		}
		path := []string{"answers"}
		if p.Item != "" {
			path = append(path, p.Item)
		}
		bad.add(kind, p.Text.EN, p.Text.ZH, path...)
	}
	return bad.err()
}

// record writes the findings, and a case for each key activity that failed.
func (s *Service) record(ctx context.Context, tx *db.Tx, i *db.Inspection, j judged, now time.Time) ([]events.Event, error) {
	var made []events.Event
	for _, f := range j.word.Findings {
		create := tx.Finding.Create().SetInspectionID(i.ID).SetItem(f.Item).SetSeverity(finding.Severity(f.Severity)).
			SetKeyActivity(f.Key).SetTextEn(clip(f.Text.EN, maxFinding)).SetTextZh(clip(f.Text.ZH, maxFinding))
		if f.Key {
			number := j.numbers[0]
			j.numbers = j.numbers[1:]
			c, told, err := s.openFinding(ctx, tx, i, f, number, now)
			if err != nil {
				return nil, fmt.Errorf("opening a case for a finding: %w", err)
			}
			create.SetCaseID(c.ID)
			made = append(made, told...)
		}
		if err := create.Exec(ctx); err != nil {
			return nil, fmt.Errorf("recording a finding: %w", err)
		}
	}
	return made, nil
}

// openFinding opens the case of a finding, dispatched to the department that was
// inspected: who is responsible needs no triage.
func (s *Service) openFinding(ctx context.Context, tx *db.Tx, i *db.Inspection, f checklist.Finding, number string, now time.Time) (*db.ServiceCase, []events.Event, error) {
	severity := servicecase.Severity(f.Severity)
	c, err := tx.ServiceCase.Create().SetNumber(number).SetSiteID(i.SiteID).SetDepartmentID(i.DepartmentID).
		SetInspectionID(i.ID).SetReceivedByID(i.InspectorID).SetAssigneeID(i.InspectorID).
		SetKind(servicecase.KindINCIDENT).SetChannel(servicecase.ChannelINSPECTION).SetSeverity(severity).
		SetStatus(servicecase.StatusDISPATCHED).SetDispatchedAt(now).
		SetSubject(clip(f.Text.EN+" / "+f.Text.ZH, maxSubject)).SetTopicText(clip(f.Item, maxTopic)).
		SetOpenedAt(now).SetDueAt(s.deadlines.Due(severity, now)).SetUpdatedAt(now).Save(ctx)
	if err != nil {
		return nil, nil, err
	}
	made, err := s.tick(ctx, tx, nil, c, rules.Open, now)
	if err != nil {
		return nil, nil, err
	}
	if err := recordStep(ctx, tx, c.ID, stepLine{action: caseentry.ActionOPENED_FROM_FINDING}, now); err != nil {
		return nil, nil, err
	}
	to := stepLine{action: caseentry.ActionDISPATCHED, department: c.DepartmentID}
	if err := openHandOver(ctx, tx, c, typeid.DepartmentID{}, to, now); err != nil {
		return nil, nil, err
	}
	return c, append([]events.Event{caseEvent(EventCaseOpened, c, now)}, made...), recordStep(ctx, tx, c.ID, to, now)
}

// clip shortens a text to a number of characters.
func clip(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit-1]) + "…"
}

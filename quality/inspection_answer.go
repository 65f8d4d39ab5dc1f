package quality

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/answer"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// AnswerInspection saves answers of a draft.
type AnswerInspection struct {
	IdempotencyKey   *string
	ID               typeid.InspectionID
	ExpectedRevision int
	Answers          []ItemAnswer
}

// ItemAnswer is what the inspector found at one item.
type ItemAnswer struct {
	Item          string
	NotApplicable bool
	Yes           *bool
	Choice        *string
	Number        *float64
	Text          *string
	Note          *string
	Evidence      []string
}

func (a ItemAnswer) rule() rules.Answer {
	return rules.Answer{Item: a.Item, NotApplicable: a.NotApplicable, Yes: a.Yes, Choice: a.Choice,
		Number: a.Number, Text: a.Text, Evidence: a.Evidence}
}

// AnswerInspection saves answers; an item that was answered before gets the new
// answer. All answers are saved or none.
func (s *Service) AnswerInspection(ctx context.Context, in AnswerInspection) (*Change[*db.Inspection], error) {
	return run(ctx, s, useCase[*db.Inspection]{
		area: ent.Inspections, name: "inspectionAnswer", key: in.IdempotencyKey, in: in, read: s.readInspection,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Inspection], error) {
			var none effect[*db.Inspection]
			i, err := draft(ctx, tx.Inspection, in.ID, in.ExpectedRevision)
			if err != nil {
				return none, err
			}
			definition, _, err := definitionOf(ctx, tx.ChecklistVersion, i)
			if err != nil {
				return none, err
			}
			if err := checkAnswers(definition, in.Answers); err != nil {
				return none, err
			}
			now := s.now()
			i, err = tx.Inspection.UpdateOneID(i.ID).Where(inspection.Revision(in.ExpectedRevision)).
				AddRevision(1).SetUpdatedAt(now).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err == nil {
				err = saveAnswers(ctx, tx, i.ID, in.Answers, now)
			}
			if err != nil {
				return none, fmt.Errorf("saving answers: %w", err)
			}
			return effect[*db.Inspection]{
				object: i.Unwrap(), ids: []string{i.ID.String()},
				events: []events.Event{inspectionEvent(EventInspectionAnswered, i, now, "answers", "revision")},
			}, nil
		},
	})
}

// saveAnswers replaces the answers to the items. The inspection's row is locked.
func saveAnswers(ctx context.Context, tx *db.Tx, id typeid.InspectionID, answers []ItemAnswer, now time.Time) error {
	items := make([]string, len(answers))
	creates := make([]*db.AnswerCreate, len(answers))
	for n, a := range answers {
		items[n] = a.Item
		creates[n] = tx.Answer.Create().SetInspectionID(id).SetItem(a.Item).SetNotApplicable(a.NotApplicable).
			SetNillableYes(a.Yes).SetNillableChoice(a.Choice).SetNillableNumber(a.Number).
			SetNillableText(a.Text).SetNillableNote(a.Note).SetEvidence(a.Evidence).SetAnsweredAt(now)
	}
	if _, err := tx.Answer.Delete().Where(answer.InspectionID(id), answer.ItemIn(items...)).Exec(ctx); err != nil {
		return err
	}
	return tx.Answer.CreateBulk(creates...).Exec(ctx)
}

// checkAnswers says everything that is wrong with the answers.
func checkAnswers(d checklist.Definition, answers []ItemAnswer) error {
	var bad check
	if len(answers) == 0 {
		bad.add(Required, "There is no answer.", "没有填写任何答案。", "answers")
	}
	if len(answers) > maxAnswers {
		bad.add(TooLong, fmt.Sprintf("At most %d answers are allowed in one go.", maxAnswers),
			fmt.Sprintf("一次最多提交 %d 个答案。", maxAnswers), "answers")
		return bad.err()
	}
	items := rules.Items(d)
	answered := map[string]bool{}
	for n := range answers {
		a := &answers[n]
		item, known := items[a.Item]
		problem := rules.UnknownItem
		switch {
		case known && answered[a.Item]:
			problem = rules.AnsweredTwice
		case known:
			problem = rules.CheckAnswer(item, a.rule())
		}
		answered[a.Item] = true
		if problem != "" {
			t := answerProblems[problem]
			bad.add(Invalid, t.EN, t.ZH, "answers", strconv.Itoa(n), answerFields[problem])
		}
		checkTexts(&bad, a, n)
	}
	return bad.err()
}

func checkTexts(bad *check, a *ItemAnswer, n int) {
	path := func(field ...string) []string { return append([]string{"answers", strconv.Itoa(n)}, field...) }
	bad.optional(&a.Note, maxNote, path("note")...)
	if a.Text != nil {
		bad.text(a.Text, maxNote, path("text")...)
	}
	if len(a.Evidence) > maxEvidence {
		bad.add(TooLong, fmt.Sprintf("At most %d files are allowed for one item.", maxEvidence),
			fmt.Sprintf("每项最多 %d 个附件。", maxEvidence), path("evidence")...)
		return
	}
	for f := range a.Evidence {
		bad.text(&a.Evidence[f], maxFileName, path("evidence", strconv.Itoa(f))...)
	}
}

var answerProblems = map[rules.AnswerProblem]checklist.Text{
	rules.UnknownItem:   {EN: "The checklist has no such item.", ZH: "检查表中没有此项目。"},
	rules.AnsweredTwice: {EN: "This item is answered twice.", ZH: "此项目重复作答。"},
	rules.WrongKind:     {EN: "Give exactly the one value that fits the item's kind, or say that it does not apply.", ZH: "请按项目类型填写一个答案，或选择“不适用”。"},
	rules.UnknownChoice: {EN: "The item has no such choice.", ZH: "此项目没有该选项。"},
	rules.NotANumber:    {EN: "This is not a finite number.", ZH: "必须为有限数值。"},
}

// answerFields says to which field of an answer a problem points.
var answerFields = map[rules.AnswerProblem]string{
	rules.UnknownItem: "item", rules.AnsweredTwice: "item", rules.WrongKind: "item",
	rules.UnknownChoice: "choice", rules.NotANumber: "number",
}

package quality

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/answer"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// AnswerInspection saves answers of an inspection.
type AnswerInspection struct {
	IdempotencyKey   *string
	ID               typeid.InspectionID
	ExpectedRevision *int // nil only when each answer has a client id
	Answers          []ItemAnswer
}

// ItemAnswer is what an inspector found at one item.
type ItemAnswer struct {
	Item          string
	NotApplicable bool
	Reason        *string // why the item does not apply
	Yes           *bool
	Choice        *string
	Choices       []string // nil: none is given; empty: none of the options is chosen
	Number        *float64
	Duration      *time.Duration
	Text          *string
	Note          *string
	Evidence      []string

	// What an answer carries that was given on a device without a connection.
	ClientID   *string
	AnsweredAt *time.Time
	BasedOn    *string           // id or client id of the answer that its author saw
	Settles    []typeid.AnswerID // answers in conflict that it decides between
}

func (a ItemAnswer) rule() rules.Answer {
	return rules.Answer{Item: a.Item, NotApplicable: a.NotApplicable, Yes: a.Yes, Choice: a.Choice, Choices: a.Choices,
		Number: a.Number, Seconds: a.seconds(), Text: a.Text, Evidence: a.Evidence}
}

func (a ItemAnswer) seconds() *float64 {
	if a.Duration == nil {
		return nil
	}
	s := a.Duration.Seconds()
	return &s
}

// fromDevices reports whether each of the answers has a client id.
func fromDevices(answers []ItemAnswer) bool {
	return len(answers) > 0 && !slices.ContainsFunc(answers, func(a ItemAnswer) bool { return a.ClientID == nil })
}

// AnswerInspection saves answers; an item that was answered before gets the new
// answer. All answers are saved or none. Those with a client id arrive once however
// often they are sent, and whatever was answered meanwhile; those that arrive after the
// judgement are kept without counting.
func (s *Service) AnswerInspection(ctx context.Context, in AnswerInspection) (*Change[*db.Inspection], error) {
	return run(ctx, s, useCase[*db.Inspection]{
		area: ent.Inspections, name: "inspectionAnswer", key: in.IdempotencyKey, in: in, read: s.readInspection,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Inspection], error) {
			var none effect[*db.Inspection]
			i, err := answerable(ctx, tx, in)
			if err != nil {
				return none, err
			}
			definition, _, err := definitionOf(ctx, tx.ChecklistVersion, i)
			if err != nil {
				return none, err
			}
			now := s.now()
			if err := checkAnswers(asking(i, definition), in.Answers, now); err != nil {
				return none, err
			}
			update := tx.Inspection.UpdateOneID(i.ID).AddRevision(1).SetUpdatedAt(now)
			if in.ExpectedRevision != nil {
				update.Where(inspection.Revision(*in.ExpectedRevision))
			}
			i, err = update.Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("saving answers: %w", err)
			}
			p := placement{tx: tx, inspection: i, items: rules.Items(definition), by: ent.ViewerFrom(ctx).Staff, now: now, online: in.ExpectedRevision != nil}
			if err := p.place(ctx, in.Answers); err != nil {
				return none, err
			}
			return effect[*db.Inspection]{
				object: i.Unwrap(), ids: []string{i.ID.String()}, warnings: p.warnings(),
				events: []events.Event{inspectionEvent(EventInspectionAnswered, i, now, p.changed()...)},
			}, nil
		},
	})
}

// answerable loads the inspection that answers are for. Without an expected revision
// it may have changed since, and even be judged.
func answerable(ctx context.Context, tx *db.Tx, in AnswerInspection) (*db.Inspection, error) {
	if in.ExpectedRevision != nil {
		return draft(ctx, tx.Client(), in.ID, *in.ExpectedRevision)
	}
	if !fromDevices(in.Answers) {
		return nil, reject(Required, text("Say which revision the answers are based on, or give each a client id.",
			"请注明答案所依据的版本，或为每个答案提供客户端标识。"), "expectedRevision")
	}
	return fillable(ctx, tx.Client(), in.ID)
}

// placement puts answers of one inspection to those that are there. It reads what is
// there once, and writes what has changed once.
type placement struct {
	tx         *db.Tx
	inspection *db.Inspection
	items      map[string]checklist.Item
	by         typeid.StaffID
	now        time.Time
	online     bool // their author knew what counted

	old      []*placed            // all that were there
	standing map[string][]*placed // by item: those that count, agree or are in conflict
	arrived  map[string]*placed   // by client id
	fresh    []*placed
	settled  bool // one of them decides between others
	late     int
}

// placed is an answer with the state that it has now.
type placed struct {
	rules.GivenAnswer
	id       typeid.AnswerID
	item     string
	clientID *string
	before   answer.State // empty for one that is new
	now      answer.State
	create   *db.AnswerCreate
}

func (p *placement) place(ctx context.Context, answers []ItemAnswer) error {
	if err := p.read(ctx); err != nil {
		return err
	}
	for n := range answers {
		a := &answers[n]
		if a.ClientID != nil {
			if earlier := p.arrived[*a.ClientID]; earlier != nil {
				if earlier.item != a.Item || earlier.Value != a.rule().Says() {
					return reject(Invalid, text("Another answer has come with this client id.", "此客户端标识已用于另一个答案。"), "answers", strconv.Itoa(n), "clientId")
				}
				continue
			}
		}
		if err := p.add(n, a); err != nil {
			return err
		}
	}
	return p.write(ctx)
}

// read loads the answers that were there.
func (p *placement) read(ctx context.Context) error {
	p.standing, p.arrived = map[string][]*placed{}, map[string]*placed{}
	for _, state := range []func(*sql.Selector){CountingAnswers, OtherAnswers} {
		rows, err := p.tx.Answer.Query().Where(answer.InspectionID(p.inspection.ID), state).All(ctx)
		if err != nil {
			return fmt.Errorf("reading the answers of an inspection: %w", err)
		}
		for _, row := range rows {
			old := &placed{GivenAnswer: rules.GivenAnswer{ID: row.ID.String(), By: row.GivenByID.String(), At: row.AnsweredAt, Value: answerOf(row).Says()},
				id: row.ID, item: row.Item, clientID: row.ClientID, before: row.State, now: row.State}
			p.old = append(p.old, old)
			if row.State != answer.StateREPLACED && row.State != answer.StateLATE {
				p.standing[row.Item] = append(p.standing[row.Item], old)
			}
			if row.ClientID != nil {
				p.arrived[*row.ClientID] = old
			}
		}
	}
	return nil
}

// add puts one answer in its place.
func (p *placement) add(n int, a *ItemAnswer) error {
	fresh := p.create(a)
	p.fresh = append(p.fresh, fresh)
	if a.ClientID != nil {
		p.arrived[*a.ClientID] = fresh
	}
	if p.inspection.Status != inspection.StatusDRAFT {
		p.late++
		return nil
	}
	standing := p.standing[a.Item]
	for k, id := range a.Settles {
		if !slices.ContainsFunc(standing, func(old *placed) bool { return old.id == id }) {
			return reject(NotFound, text("No such answer to this item is in conflict.", "此项目没有该冲突答案。"),
				"answers", strconv.Itoa(n), "settles", strconv.Itoa(k))
		}
		p.settled = true
	}
	others := make([]rules.GivenAnswer, len(standing))
	for i, old := range standing {
		others[i] = old.GivenAnswer
	}
	states := rules.PlaceAnswer(others, fresh.GivenAnswer, p.knew(a, standing))
	p.standing[a.Item] = slices.DeleteFunc(append(standing, fresh), func(x *placed) bool {
		x.now = answer.State(states[x.ID])
		return x.now == answer.StateREPLACED
	})
	return nil
}

// create makes the row of an answer that has just come. It is late until it has its
// place.
func (p *placement) create(a *ItemAnswer) *placed {
	given := p.now
	if a.AnsweredAt != nil {
		given = *a.AnsweredAt
	}
	id := typeid.New[typeid.AnswerID]()
	create := p.tx.Answer.Create().SetID(id).SetInspectionID(p.inspection.ID).SetItem(a.Item).SetKind(answer.Kind(p.items[a.Item].Kind)).
		SetNotApplicable(a.NotApplicable).SetNillableReason(a.Reason).SetNillableYes(a.Yes).SetNillableChoice(a.Choice).SetNillableNumber(a.Number).
		SetNillableSeconds(a.seconds()).SetNillableText(a.Text).SetNillableNote(a.Note).SetEvidence(a.Evidence).
		SetNillableClientID(a.ClientID).SetGivenByID(p.by).SetAnsweredAt(given).SetReceivedAt(p.now)
	if a.Choices != nil {
		create.SetChoices(a.Choices)
	}
	return &placed{GivenAnswer: rules.GivenAnswer{ID: id.String(), By: p.by.String(), At: given, Value: a.rule().Says()},
		id: id, item: a.Item, clientID: a.ClientID, now: answer.StateLATE, create: create}
}

// knew tells which of the answers that stand the author of a new one knew of.
func (p *placement) knew(a *ItemAnswer, standing []*placed) func(string) bool {
	known := map[string]bool{}
	for _, id := range a.Settles {
		known[id.String()] = true
	}
	for _, old := range standing {
		online := p.online && old.now == answer.StateCURRENT
		based := a.BasedOn != nil && (*a.BasedOn == old.ID || old.clientID != nil && *a.BasedOn == *old.clientID)
		if online || based {
			known[old.ID] = true
		}
	}
	return func(id string) bool { return known[id] }
}

// write stores the new answers and the new states of the others. One at most counts at
// any time, so that those are put aside first that no longer do.
func (p *placement) write(ctx context.Context) error {
	moved := map[answer.State][]typeid.AnswerID{}
	for _, old := range p.old {
		if old.now != old.before {
			moved[old.now] = append(moved[old.now], old.id)
		}
	}
	for _, state := range []answer.State{answer.StateREPLACED, answer.StateAGREEING, answer.StateCONFLICTING, answer.StateCURRENT} {
		if ids := moved[state]; len(ids) > 0 {
			if err := p.tx.Answer.Update().Where(answer.IDIn(ids...)).SetState(state).Exec(ctx); err != nil {
				return fmt.Errorf("giving answers other places: %w", err)
			}
		}
	}
	creates := make([]*db.AnswerCreate, len(p.fresh))
	for i, fresh := range p.fresh {
		creates[i] = fresh.create.SetState(fresh.now)
	}
	return p.tx.Answer.CreateBulk(creates...).Exec(ctx)
}

// conflicts reports whether answers to the items that were answered contradict each
// other now.
func (p *placement) conflicts() bool {
	return slices.ContainsFunc(p.fresh, func(fresh *placed) bool {
		return slices.ContainsFunc(p.standing[fresh.item], func(x *placed) bool { return x.now == answer.StateCONFLICTING })
	})
}

// changed names the fields of the inspection that change.
func (p *placement) changed() []string {
	if p.conflicts() || p.late > 0 || p.settled {
		return []string{"answers", "undecidedAnswers", "revision"}
	}
	return []string{"answers", "revision"}
}

func (p *placement) warnings() []Warning {
	var out []Warning
	if p.conflicts() {
		out = append(out, Warning{Code: ConflictingAnswers, Text: text("Somebody else gave another answer in the meantime: decide between them before the inspection is completed.",
			"其他人同时给出了不同的答案，请在完成检查前作出选择。")})
	}
	if p.late > 0 {
		out = append(out, Warning{Code: AnsweredLate, Text: text("The inspection was completed before these answers arrived: they are kept, but do not count.",
			"答案送达前检查已完成：答案已保存，但不计入结果。")})
	}
	return out
}

// clockSlack is how much the clock of a device may be ahead of the server's.
const clockSlack = 5 * time.Minute

// checkAnswers says everything that is wrong with the answers.
func checkAnswers(d checklist.Definition, answers []ItemAnswer, now time.Time) error {
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
		case known && answered[a.Item] && a.ClientID == nil:
			problem = rules.AnsweredTwice
		case known:
			problem = rules.CheckAnswer(item, a.rule())
		}
		answered[a.Item] = true
		if problem != "" {
			t := answerProblems[problem]
			bad.add(Invalid, t.EN, t.ZH, "answers", strconv.Itoa(n), answerField(problem, item))
		}
		checkTexts(&bad, a, n)
		checkDevice(&bad, a, n, now)
	}
	return bad.err()
}

func checkTexts(bad *check, a *ItemAnswer, n int) {
	path := func(field ...string) []string { return append([]string{"answers", strconv.Itoa(n)}, field...) }
	bad.optional(&a.Note, maxNote, path("note")...)
	bad.optional(&a.Reason, maxReason, path("reason")...)
	switch {
	case a.NotApplicable && a.Reason == nil:
		bad.add(Required, "Say why the item does not apply.", "请说明该项目不适用的原因。", path("reason")...)
	case !a.NotApplicable && a.Reason != nil:
		bad.add(Invalid, "A reason belongs to an item that does not apply.", "只有不适用的项目才需要原因。", path("reason")...)
	}
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

// checkDevice checks what comes with an answer from a device.
func checkDevice(bad *check, a *ItemAnswer, n int, now time.Time) {
	path := func(field ...string) []string { return append([]string{"answers", strconv.Itoa(n)}, field...) }
	if len(a.Settles) > maxSettled {
		bad.elements(len(a.Settles), maxSettled, path("settles")...)
	}
	if a.ClientID == nil {
		if a.AnsweredAt != nil || a.BasedOn != nil {
			bad.add(Required, "An answer from a device needs its client id.", "设备提交的答案须带客户端标识。", path("clientId")...)
		}
		return
	}
	bad.text(a.ClientID, maxClientID, path("clientId")...)
	if at := a.AnsweredAt; at != nil {
		bad.notAfter(*at, now.Add(clockSlack), "This lies in the future: the clock of the device is wrong.", "时间晚于当前时间：设备时钟有误。", path("answeredAt")...)
		if at.Before(earliest) {
			bad.add(Invalid, "This lies too far in the past: the clock of the device is wrong.", "时间过早：设备时钟有误。", path("answeredAt")...)
		}
	}
}

var answerProblems = map[rules.AnswerProblem]checklist.Text{
	rules.UnknownItem:   {EN: "The checklist has no such item.", ZH: "检查表中没有此项目。"},
	rules.AnsweredTwice: {EN: "This item is answered twice.", ZH: "此项目重复作答。"},
	rules.WrongKind:     {EN: "Give exactly the one value that fits the item's kind, or say that it does not apply.", ZH: "请按项目类型填写一个答案，或选择“不适用”。"},
	rules.UnknownChoice: {EN: "The item has no such choice, or it is named twice.", ZH: "此项目没有该选项，或重复选择。"},
	rules.NotANumber:    {EN: "This is not a finite number.", ZH: "必须为有限数值。"},
	rules.NegativeTime:  {EN: "A length of time is not negative.", ZH: "时长不能为负。"},
}

// answerField says to which field of an answer a problem points.
func answerField(problem rules.AnswerProblem, item checklist.Item) string {
	switch {
	case problem == rules.UnknownChoice && item.Kind == checklist.MultipleChoice:
		return "choices"
	case problem == rules.UnknownChoice:
		return "choice"
	case problem == rules.NotANumber:
		return "number"
	case problem == rules.NegativeTime:
		return "duration"
	default:
		return "item"
	}
}

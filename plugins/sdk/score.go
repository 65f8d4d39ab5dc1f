package sdk

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// Judge is the standard judgement of an inspection by a definition that
// [Validate] accepts.
//
// An item fails when it is answered no, by options of less than full credit, or by
// a number or duration outside its limits. Items that are not applicable, that are
// not asked after the answers before them, that an answered item excludes, or that
// are optional and unanswered, leave the score. The adjustments that come with the
// inspection take the place of the definition's weights and limits. A section's
// score is
//
//	100 × Σ credit×weight / Σ weight
//
// over its items that apply, the whole score the same over all items, rounded
// half away from zero to two decimals. The sums are exact: weights and credits
// count in thousandths. The inspection passes when the whole score reaches the
// pass mark and no key activity failed, whatever the score.
//
// The rules are applied last. A [*checklist.InputError] lists everything that
// the inspector has to put right, which includes evidence that an item's
// evidence rule asks for; the rules are asked only when the answers are
// complete and well formed. Any other error is a mistake in a rule.
func Judge(def checklist.Definition, in checklist.Inspection, rules ...Rule) (checklist.Judgement, error) {
	if in.Checklist != def.ID {
		return checklist.Judgement{}, unknownChecklist()
	}
	def = def.Adjusted(in.Adjustments)
	exam, strays := examine(def, in.Answers)
	if len(strays) == 0 && len(exam.problems()) == 0 {
		if err := exam.apply(rules); err != nil {
			return checklist.Judgement{}, err
		}
	}
	for _, x := range exam.items {
		x.demandEvidence()
	}
	if problems := append(exam.problems(), strays...); len(problems) > 0 {
		return checklist.Judgement{}, &checklist.InputError{Problems: problems}
	}
	return exam.judgement(def), nil
}

func unknownChecklist() *checklist.InputError {
	return &checklist.InputError{Problems: []checklist.Problem{{
		Code: checklist.UnknownChecklist,
		Text: T("This plugin has no such checklist", "该插件没有此检查表"),
	}}}
}

// examination is an inspection on its way to a judgement.
type examination struct {
	checklist string
	items     []*examined // in the order of the checklist
	byID      map[string]*examined
}

// examined is an item with its answer and what is made of it.
type examined struct {
	item     checklist.Item
	asked    bool              // the conditions on answers before it hold
	answer   *checklist.Answer // nil when there is none
	outcome  checklist.Outcome
	credit   float64
	severity checklist.Severity // of the finding, if it fails
	reason   checklist.Text
	problems []checklist.Problem
}

func (e *examination) find(item string) *examined { return e.byID[item] }

func (e *examination) problems() []checklist.Problem {
	var all []checklist.Problem
	for _, x := range e.items {
		all = append(all, x.problems...)
	}
	return all
}

func (x *examined) object(code checklist.ProblemCode, text checklist.Text) {
	x.problems = append(x.problems, checklist.Problem{Item: x.item.ID, Code: code, Text: text})
}

// applies reports whether the item has an answer other than "not applicable".
func (x *examined) applies() bool { return x.answer != nil && !x.answer.NotApplicable }

// examine lays the answers beside their items and judges each item by itself.
// Problems of answers to items that do not exist are returned apart.
func examine(def checklist.Definition, answers []checklist.Answer) (*examination, []checklist.Problem) {
	exam := &examination{checklist: def.ID, byID: map[string]*examined{}}
	asked := def.Asked(answers)
	for _, section := range def.Sections {
		for _, item := range section.Items {
			x := &examined{item: item, asked: asked[item.ID], outcome: checklist.NotApplicable, severity: item.Severity}
			exam.items = append(exam.items, x)
			exam.byID[item.ID] = x
		}
	}
	given := map[string][]checklist.Answer{}
	for _, answer := range answers {
		given[answer.Item] = append(given[answer.Item], answer)
	}
	var strays []checklist.Problem
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if exam.find(id) == nil {
			strays = append(strays, checklist.Problem{
				Item: id, Code: checklist.UnknownItem, Text: T("The checklist has no such item", "检查表中没有该项目"),
			})
		}
	}
	for _, x := range exam.items {
		x.accept(given[x.item.ID])
	}
	for _, x := range exam.items {
		exam.settle(x)
	}
	return exam, strays
}

// accept takes the item's only answer, if it says anything.
func (x *examined) accept(answers []checklist.Answer) {
	switch {
	case len(answers) > 1:
		x.object(checklist.DuplicateAnswer, T("Answered more than once: keep one answer", "重复作答，请只保留一个答案"))
	case len(answers) == 1 && (answers[0].NotApplicable || answers[0].Values() > 0):
		x.answer = &answers[0]
	}
}

// settle decides the item by its answer, by those that exclude it and by
// whether it may stay open.
func (e *examination) settle(x *examined) {
	rival := e.rivalOf(x)
	switch {
	case x.applies():
		if !x.asked {
			x.object(checklist.ExcludedAnswer, T(
				"Not asked after the answers before it: take the answer back", "根据前面的答案无需作答，请删除此答案"))
		} else if rival != nil {
			x.object(checklist.ExcludedAnswer, T(
				"Cannot apply together with: "+rival.item.Text.EN, "不能与下列项目同时适用："+rival.item.Text.ZH))
		}
		x.judge()
	case x.answer != nil && x.answer.Values() > 0:
		x.object(checklist.WrongKind, T("Answered and marked as not applicable: keep one of the two", "既作答又标为不适用，请只保留其一"))
	case x.answer == nil && x.item.Required && x.asked && rival == nil && len(x.problems) == 0:
		x.object(checklist.Unanswered, T("Needs an answer", "此项必须作答"))
	}
}

// rivalOf is the first answered item of those that x excludes, which exclude x in
// turn; nil when there is none.
func (e *examination) rivalOf(x *examined) *examined {
	for _, id := range x.item.Excludes {
		if other := e.find(id); other != nil && other.applies() {
			return other
		}
	}
	return nil
}

// judge passes or fails an item that applies by its answer alone.
func (x *examined) judge() {
	if x.answer.Values() != 1 || !x.answer.Fits(x.item.Kind) {
		x.object(checklist.WrongKind, T("The answer is not of the kind that the item asks for", "答案类型与项目要求不符"))
		return
	}
	switch x.item.Kind {
	case checklist.YesNo:
		x.grade(credit(*x.answer.Yes), T("Not met", "不符合"))
	case checklist.Choice:
		x.choose(*x.answer.Choice)
	case checklist.MultipleChoice:
		x.choose(x.answer.Choices...)
	case checklist.Number:
		x.measure(*x.answer.Number)
	case checklist.Duration:
		x.measure(*x.answer.Seconds)
	case checklist.Prose, checklist.Photo, checklist.Signature:
		x.grade(1, checklist.Text{})
	}
}

// credit is all or nothing.
func credit(good bool) float64 {
	if good {
		return 1
	}
	return 0
}

// grade gives the item its credit; anything short of full is a failure.
func (x *examined) grade(credit float64, reason checklist.Text) {
	x.credit = credit
	if credit >= 1 {
		x.outcome = checklist.Pass
		return
	}
	x.outcome, x.reason = checklist.Fail, reason
}

// choose gives the item the credit of the options, together 1 at most.
func (x *examined) choose(chosen ...string) {
	var credit float64
	var en, zh []string
	for i, id := range chosen {
		n := slices.IndexFunc(x.item.Choices, func(o checklist.Option) bool { return o.ID == id })
		if n < 0 || slices.Contains(chosen[:i], id) {
			x.object(checklist.UnknownChoice, T("The answer is none of the item's options, or one of them twice", "答案不在该项目的选项之中，或重复选择"))
			return
		}
		option := x.item.Choices[n]
		credit += math.Round(option.Credit * thousandth)
		en, zh = append(en, option.Text.EN), append(zh, option.Text.ZH)
	}
	reason := T("None of the options", "未选任何选项")
	if len(chosen) > 0 {
		reason = T(strings.Join(en, ", "), strings.Join(zh, "、"))
	}
	x.grade(min(credit, thousandth)/thousandth, reason)
}

func (x *examined) measure(value float64) {
	unit := unitOf(x.item.Unit)
	if !unit.holds(value) {
		x.object(checklist.ImpossibleNumber, T("Not a possible number in the item's unit", "该数值在此计量单位下不可能出现"))
		return
	}
	limits := limitsOf(x.item)
	switch {
	case limits.Upper != nil && value > *limits.Upper:
		is, limit := unit.quantity(value), unit.quantity(*limits.Upper)
		x.grade(0, T(is.EN+", above the limit of "+limit.EN, is.ZH+"，高于上限 "+limit.ZH))
	case limits.Lower != nil && value < *limits.Lower:
		is, limit := unit.quantity(value), unit.quantity(*limits.Lower)
		x.grade(0, T(is.EN+", below the limit of "+limit.EN, is.ZH+"，低于下限 "+limit.ZH))
	default:
		x.grade(1, checklist.Text{})
	}
}

func limitsOf(item checklist.Item) checklist.Limits {
	if item.Limits == nil {
		return checklist.Limits{}
	}
	return *item.Limits
}

// decimal writes a number without an exponent as long as its digits are of any use.
func decimal(value float64) string {
	if math.Abs(value) < 1e15 {
		return strconv.FormatFloat(value+0, 'f', -1, 64) // +0 makes -0 a plain 0
	}
	return strconv.FormatFloat(value, 'g', -1, 64)
}

// demandEvidence objects when the item's evidence rule is not met.
func (x *examined) demandEvidence() {
	rule := x.item.Evidence
	demanded := rule == checklist.EvidenceRequired && x.outcome != checklist.NotApplicable ||
		rule == checklist.EvidenceOnFail && x.outcome == checklist.Fail
	if demanded && (x.answer == nil || x.answer.Evidence < 1) {
		x.object(checklist.EvidenceMissing, T("Attach a photo, recording or document", "请附上照片、录音录像或文件"))
	}
}

// judgement puts together the answer of an examination without problems.
func (e *examination) judgement(def checklist.Definition) checklist.Judgement {
	out := checklist.Judgement{
		Items:        make([]checklist.ItemResult, 0, len(e.items)),
		Sections:     make([]checklist.SectionScore, 0, len(def.Sections)),
		Findings:     []checklist.Finding{},
		Measurements: []checklist.Measurement{},
	}
	var whole tally
	keyFailed := false
	rest := e.items
	for _, section := range def.Sections {
		var own tally
		var items []*examined
		items, rest = rest[:len(section.Items)], rest[len(section.Items):]
		for _, x := range items {
			result := checklist.ItemResult{Item: x.item.ID, Outcome: x.outcome, Credit: x.credit, Reason: x.reason}
			if x.outcome != checklist.NotApplicable {
				result.Weight = x.item.Weight
				own.add(x.credit, x.item.Weight)
			}
			out.Items = append(out.Items, result)
			if x.outcome == checklist.Fail {
				out.Findings = append(out.Findings, x.finding())
				keyFailed = keyFailed || x.item.Key
			}
			if x.item.Tracked && x.applies() {
				out.Measurements = append(out.Measurements, x.measurement())
			}
		}
		out.Sections = append(out.Sections, checklist.SectionScore{
			Section: section.ID, Score: own.score(), Weight: own.applied(), Arithmetic: own.arithmetic(),
		})
		whole.include(own)
	}
	out.Score, out.Arithmetic = whole.score(), whole.arithmetic()
	out.Passed = out.Score != nil && *out.Score >= def.PassMark && !keyFailed
	return out
}

func (x *examined) finding() checklist.Finding {
	return checklist.Finding{
		Item: x.item.ID, Severity: x.severity, Key: x.item.Key,
		Text: T(x.reason.EN+": "+x.item.Text.EN, x.reason.ZH+"："+x.item.Text.ZH),
	}
}

func (x *examined) measurement() checklist.Measurement {
	value, limits := x.answer.Measured(), limitsOf(x.item)
	return checklist.Measurement{Item: x.item.ID, Value: *value + 0, Unit: x.item.Unit, Limits: limits, Within: limits.Contain(*value)}
}

// tally adds up credits and weights. Weights are in thousandths and what they
// earn in millionths, which makes the sums exact and the rounding right.
type tally struct {
	earned, weight int64
	earnedTerms    []string
	weightTerms    []string // of a whole: one per section; of a section: the sum alone
}

const thousandth = 1000

func (t *tally) add(credit, weight float64) {
	if weight <= 0 {
		return
	}
	t.weight += int64(math.Round(weight * thousandth))
	t.earned += int64(math.Round(credit*thousandth)) * int64(math.Round(weight*thousandth))
	t.earnedTerms = append(t.earnedTerms, decimal(credit)+"×"+decimal(weight))
	t.weightTerms = []string{decimal(t.applied())}
}

// include adds a section's tally to that of the whole.
func (t *tally) include(section tally) {
	if section.weight == 0 {
		return
	}
	t.weight += section.weight
	t.earned += section.earned
	t.earnedTerms = append(t.earnedTerms, decimal(float64(section.earned)/(thousandth*thousandth)))
	t.weightTerms = append(t.weightTerms, decimal(section.applied()))
}

// applied is the sum of the weights.
func (t *tally) applied() float64 { return float64(t.weight) / thousandth }

// score is 100 × earned / weight, rounded half away from zero to two decimals,
// or nil when there is no weight.
func (t *tally) score() *float64 {
	if t.weight == 0 {
		return nil
	}
	hundredths := (2*10*t.earned + t.weight) / (2 * t.weight) // neither is negative: half away from zero is half up
	score := float64(hundredths) / 100
	return &score
}

// arithmetic shows the calculation of the score, or nothing when there is none.
func (t *tally) arithmetic() string {
	score := t.score()
	if score == nil {
		return ""
	}
	divisor := strings.Join(t.weightTerms, " + ")
	if len(t.weightTerms) > 1 {
		divisor = "(" + divisor + ")"
	}
	return "100 × (" + strings.Join(t.earnedTerms, " + ") + ") / " + divisor + " = " + strconv.FormatFloat(*score, 'f', 2, 64)
}

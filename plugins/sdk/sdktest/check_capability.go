package sdktest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// checkAdjustments changes all weights together, then the limits of each item alone.
func checkAdjustments(ctx context.Context, e *examiner) {
	for _, s := range e.subjects {
		good := s.probes[0].in
		before, ok := e.judge(ctx, s.path, good)
		if !ok {
			continue
		}
		e.adjustWeights(ctx, s)
		for _, item := range s.items {
			e.adjustLimits(ctx, item, good)
		}
		after, ok := e.judge(ctx, s.path, good)
		if diff := difference(before, after); ok && diff != "" {
			e.mistake(s.path, "adjustments stay for the inspections that follow: "+diff, "调整影响了后续检查："+diff)
		}
	}
}

func (e *examiner) adjustWeights(ctx context.Context, s subject) {
	in := s.probes[0].in
	for _, item := range s.items {
		if item.Weight > 0 {
			in.Adjustments = append(in.Adjustments, checklist.Adjustment{Item: item.ID, Weight: new(otherWeight(item.Weight))})
		}
	}
	j, ok := e.judge(ctx, s.path, in)
	if !ok {
		return
	}
	for _, item := range s.items {
		r := resultOf(j, item.ID)
		if want := otherWeight(item.Weight); item.Weight > 0 && r.Outcome != checklist.NotApplicable && r.Weight != want {
			e.mistake(item.path+".weight", fmt.Sprintf("adjusted to %v, but counted with %v", want, r.Weight),
				fmt.Sprintf("已调整为 %v，却按 %v 计算", want, r.Weight))
		}
	}
}

// otherWeight is one that an item can have as well.
func otherWeight(weight float64) float64 {
	if weight >= 500 {
		return weight - 1
	}
	return weight + 1
}

// adjustLimits lets only what was bad be good: the good answer has to fail then.
func (e *examiner) adjustLimits(ctx context.Context, item placed, good checklist.Inspection) {
	bad, ok := BadAnswer(item.Item)
	if item.Limits == nil || !ok || !slices.ContainsFunc(good.Answers, func(a checklist.Answer) bool { return a.Item == item.ID }) {
		return
	}
	value := bad.Number
	if value == nil {
		value = bad.Seconds
	}
	good.Adjustments = []checklist.Adjustment{{Item: item.ID, Limits: &checklist.Limits{Lower: value, Upper: value}}}
	j, err := e.ask(ctx, e.plugin, good)
	switch {
	case rejectedByRule(err):
	case err != nil:
		e.failed(item.path, err)
	case resultOf(j, item.ID).Outcome != checklist.Fail:
		e.mistake(item.path+".limits", "adjusted so that the answer is outside, but the item did not fail", "调整后答案已超出限值，但该项目未判为不合格")
	}
	for _, m := range j.Measurements {
		if m.Item == item.ID && (m.Within || m.Limits.Upper == nil || *m.Limits.Upper != *value) {
			e.mistake(item.path+".limits", "adjusted, but not in the measurement", "已调整，但测量值未采用")
		}
	}
}

// checkBatch judges all probes together, among some that cannot be judged.
func checkBatch(ctx context.Context, e *examiner) {
	batcher := e.plugin.(checklist.Batcher)
	for _, s := range e.subjects {
		batch := []checklist.Inspection{{Checklist: s.def.ID}, {Checklist: noSuchChecklist}}
		for _, p := range s.probes {
			batch = append(batch, p.in)
		}
		verdicts, err := bounded(ctx, e.patience, func(ctx context.Context) ([]checklist.Verdict, error) { return batcher.JudgeBatch(ctx, batch) })
		if err != nil || len(verdicts) != len(batch) {
			e.failed(s.path, cmp.Or(err, fmt.Errorf("%d verdicts on %d inspections", len(verdicts), len(batch))))
			continue
		}
		for i, in := range batch {
			alone, err := e.ask(ctx, e.plugin, in)
			path := fmt.Sprintf("%s.batch[%d]", s.path, i)
			if diff := difference(alone, verdicts[i].Judgement); diff != "" && err == nil {
				e.mistake(path, "judged differently alone and together: "+diff, "单独与批量判定不一致："+diff)
			}
			if diff := difference(problemsOf(err), problemsOf(verdicts[i].Err)); diff != "" || (err == nil) != (verdicts[i].Err == nil) {
				e.mistake(path, fmt.Sprintf("refused differently alone and together: %v; %v", err, verdicts[i].Err),
					fmt.Sprintf("单独与批量的拒绝不一致：%v；%v", err, verdicts[i].Err))
			}
		}
	}
}

func problemsOf(err error) []checklist.Problem {
	var input *checklist.InputError
	if errors.As(err, &input) {
		return input.Problems
	}
	return nil
}

// rejectedByRule reports whether a rule of the plugin's own refused the answers,
// which nobody else can foresee.
func rejectedByRule(err error) bool {
	return slices.ContainsFunc(problemsOf(err), func(p checklist.Problem) bool { return p.Code == checklist.RejectedByRule })
}

// checkDrafts looks at good answers as they come in one by one, and at an
// impossible one among them.
func checkDrafts(ctx context.Context, e *examiner) {
	checker := e.plugin.(checklist.Checker)
	check := func(in checklist.Inspection) ([]checklist.Problem, error) {
		return bounded(ctx, e.patience, func(ctx context.Context) ([]checklist.Problem, error) { return checker.Check(ctx, in) })
	}
	for _, s := range e.subjects {
		good := s.probes[0].in
		for open := range len(good.Answers) + 1 {
			draft := checklist.Inspection{Checklist: s.def.ID, Answers: good.Answers[:open]}
			problems, err := check(draft)
			if err != nil {
				e.failed(s.path, err)
				break
			}
			if len(problems) > 0 {
				err := (&checklist.InputError{Problems: problems}).Error()
				e.mistake(s.path, fmt.Sprintf("objects to %d good answers: %s", open, err), fmt.Sprintf("对前 %d 个良好答案提出异议：%s", open, err))
				break
			}
		}
		for _, bad := range slices.Concat(impossible(s), enormous(s)) {
			problems, err := check(bad.in)
			if err != nil {
				e.failed(bad.path, err)
			} else if !names(problems, bad.code, bad.item) {
				e.mistake(bad.path, "does not object with "+string(bad.code), "未以 "+string(bad.code)+" 提出异议")
			}
		}
	}
}

// checkSuggestions asks with nothing known, with everything, and with what no
// version knows.
func checkSuggestions(ctx context.Context, e *examiner) {
	suggester := e.plugin.(checklist.Suggester)
	for _, s := range e.subjects {
		for _, facts := range knowledge() {
			suggested, err := bounded(ctx, e.patience, func(ctx context.Context) ([]checklist.Suggestion, error) {
				return suggester.Suggest(ctx, checklist.Facts{Checklist: s.def.ID, Facts: facts})
			})
			if err != nil {
				e.failed(s.path, err)
				continue
			}
			seen := map[string]bool{}
			for _, suggestion := range suggested {
				e.suggestion(ctx, s, suggestion)
				if id := suggestion.Answer.Item; seen[id] {
					e.mistake(s.path, "two suggestions for item "+id, "项目 "+id+" 有两项建议")
				}
				seen[suggestion.Answer.Item] = true
			}
		}
	}
}

// suggestion finds what an inspector could not take over.
func (e *examiner) suggestion(ctx context.Context, s subject, suggestion checklist.Suggestion) {
	a := suggestion.Answer
	i := slices.IndexFunc(s.items, func(item placed) bool { return item.ID == a.Item })
	if i < 0 {
		e.mistake(s.path, "a suggestion for item "+a.Item+", which there is not", "对不存在的项目 "+a.Item+" 提出建议")
		return
	}
	item := s.items[i]
	if a.Filled || a.Evidence > 0 || !a.NotApplicable && (!a.Fits(item.Kind) || a.Values() != 1) {
		e.mistake(item.path, "a suggestion that is no answer of kind "+string(item.Kind), "建议不是 "+string(item.Kind)+" 类型的答案")
		return
	}
	if suggestion.Reason.EN == "" || suggestion.Reason.ZH == "" {
		e.mistake(item.path, "a suggestion without a reason in both languages", "建议缺少两种语言的理由")
	}
	_, err := e.ask(ctx, e.plugin, Replace(s.probes[0].in, a))
	for _, p := range problemsOf(err) {
		if p.Item == a.Item && (p.Code == checklist.ImpossibleNumber || p.Code == checklist.UnknownChoice || p.Code == checklist.WrongKind) {
			e.mistake(item.path, "a suggestion that the plugin itself refuses with "+string(p.Code), "建议会被插件自身以 "+string(p.Code)+" 拒绝")
		}
	}
}

// knowledge is what may be known of a case, from nothing to everything.
func knowledge() [][]checklist.Fact {
	know := func(yes bool, number float64) []checklist.Fact {
		facts := []checklist.Fact{{Name: "case.of-a-later-version", Yes: &yes}}
		for _, name := range []string{checklist.FactDispatchedInTime, checklist.FactRespondedInTime, checklist.FactResolvedInTime,
			checklist.FactCauseDetermined, checklist.FactFollowedUp} {
			facts = append(facts, checklist.Fact{Name: name, Yes: &yes})
		}
		for _, name := range []string{checklist.FactMinutesToDispatch, checklist.FactMinutesToFirstResponse, checklist.FactMinutesToResolution,
			checklist.FactReopened, checklist.FactRefusedHandOvers, checklist.FactEscalations} {
			facts = append(facts, checklist.Fact{Name: name, Number: &number})
		}
		return facts
	}
	return [][]checklist.Fact{nil, know(true, 0), know(false, 1), know(true, 12.5), know(false, 1e6)}
}

// checkUpgrade carries drafts of the same version over, and one with an item that
// there is no more.
func checkUpgrade(ctx context.Context, e *examiner) {
	for _, s := range e.subjects {
		for _, p := range s.probes {
			e.upgrade(ctx, p.path, s, p.in.Answers, e.description.Version, 0)
		}
		stray := append(slices.Clone(s.probes[0].in.Answers), Yes(noSuchItem, true))
		e.upgrade(ctx, s.path, s, stray, "0.0.1", len(s.items))
	}
}

// upgrade finds answers that are not moved or lost once, and more losses than there
// may be.
func (e *examiner) upgrade(ctx context.Context, path string, s subject, answers []checklist.Answer, version string, mostLosses int) {
	draft := checklist.Draft{Version: version, Checklist: s.def.ID, Answers: answers}
	upgraded, err := bounded(ctx, e.patience, func(ctx context.Context) (checklist.Upgraded, error) {
		return e.plugin.(checklist.Upgrader).Upgrade(ctx, draft)
	})
	if err != nil {
		e.failed(path, err)
		return
	}
	went, taken := map[string]int{}, map[string]int{}
	for _, m := range upgraded.Moves {
		went[m.From]++
		taken[m.Answer.Item]++
		if !slices.ContainsFunc(s.items, func(item placed) bool { return item.ID == m.Answer.Item }) {
			e.mistake(path, "an answer goes to item "+m.Answer.Item+", which there is not", "答案被移至不存在的项目 "+m.Answer.Item)
		}
	}
	for _, l := range upgraded.Losses {
		went[l.Item]++
		if l.Reason.EN == "" || l.Reason.ZH == "" {
			e.mistake(path, "a loss without a reason in both languages", "丢弃的答案缺少两种语言的理由")
		}
	}
	for _, a := range answers {
		if went[a.Item] != 1 || taken[a.Item] > 1 {
			e.mistake(path, fmt.Sprintf("the answer to %s is moved or lost %d times", a.Item, went[a.Item]),
				fmt.Sprintf("%s 的答案被移动或丢弃了 %d 次", a.Item, went[a.Item]))
		}
	}
	if len(upgraded.Losses) > mostLosses {
		e.mistake(path, fmt.Sprintf("a draft of the same version loses %d answers", len(upgraded.Losses)),
			fmt.Sprintf("相同版本的草稿丢失了 %d 个答案", len(upgraded.Losses)))
	}
}

func checkHealth(ctx context.Context, e *examiner) {
	trouble, err := bounded(ctx, e.patience, e.plugin.(checklist.HealthReporter).Health)
	switch {
	case err != nil:
		e.failed("", err)
	case trouble != nil && (trouble.EN == "" || trouble.ZH == ""):
		e.mistake("", "reports trouble in one language only", "仅用一种语言报告问题")
	}
}

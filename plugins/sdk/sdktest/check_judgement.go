package sdktest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

func checkGood(ctx context.Context, e *examiner) {
	for _, s := range e.subjects {
		j, ok := e.judge(ctx, s.path, s.probes[0].in)
		if ok && (j.Score == nil || *j.Score != 100 || !j.Passed || len(j.Findings) > 0) {
			e.mistake(s.path, fmt.Sprintf("good answers: %q, passed %v, findings %v", j.Arithmetic, j.Passed, listFindings(j.Findings)),
				fmt.Sprintf("良好答案的结果：%q，通过 %v，问题项 %v", j.Arithmetic, j.Passed, listFindings(j.Findings)))
		}
	}
}

// checkFindings judges at once, as a server does: the race detector sees what is
// shared.
func checkFindings(ctx context.Context, e *examiner) {
	for _, s := range e.subjects {
		var running sync.WaitGroup
		for _, p := range s.probes[1:] {
			running.Go(func() { e.finding(ctx, p) })
		}
		running.Wait()
	}
}

func (e *examiner) finding(ctx context.Context, p probe) {
	j, ok := e.judge(ctx, p.path, p.in)
	if !ok {
		return
	}
	i := slices.IndexFunc(j.Findings, func(f checklist.Finding) bool { return f.Item == p.item.ID })
	switch {
	case i < 0:
		e.mistake(p.path, "failed, but is no finding", "不合格，但没有问题项")
	case j.Findings[i].Key != p.item.Key:
		e.mistake(p.path, "has a finding that disagrees on whether it is a key activity", "问题项与是否关键活动不符")
	case j.Findings[i].Text.EN == "" || j.Findings[i].Text.ZH == "":
		e.mistake(p.path, "has a finding without a text in both languages", "问题项缺少两种语言的文本")
	}
	if p.item.Key && j.Passed {
		e.mistake(p.path, "is a key activity and failed, but the inspection passed", "关键活动不合格，但检查通过")
	}
	if lostPoints(j, p.item.ID) > 0.01 && (j.Score == nil || *j.Score >= 100) { // less is lost in the rounding
		e.mistake(p.path, "failed, but the score is full: "+j.Arithmetic, "不合格，但仍为满分："+j.Arithmetic)
	}
}

// lostPoints is how much of 100 points an item did not earn.
func lostPoints(j checklist.Judgement, item string) float64 {
	total := 0.0
	for _, r := range j.Items {
		total += r.Weight
	}
	r := resultOf(j, item)
	if total == 0 {
		return 0
	}
	return 100 * (1 - r.Credit) * r.Weight / total
}

func checkOrder(ctx context.Context, e *examiner) {
	for _, s := range e.subjects {
		for _, p := range s.probes {
			reversed := p.in
			reversed.Answers = slices.Clone(p.in.Answers)
			slices.Reverse(reversed.Answers)
			e.compare(ctx, p.path, e.plugin, p.in, e.plugin, reversed)
		}
	}
}

// together is how many calls a server makes at once.
const together = 16

func checkPurity(ctx context.Context, e *examiner) {
	for _, s := range e.subjects {
		for _, p := range s.probes {
			e.compare(ctx, p.path, e.plugin, p.in, e.plugin, p.in)
		}
		var running sync.WaitGroup
		for i := range together {
			running.Go(func() {
				p := s.probes[i%len(s.probes)]
				e.compare(ctx, p.path, e.plugin, p.in, e.plugin, p.in)
			})
		}
		running.Wait()
		if e.options.Twin == nil {
			continue
		}
		for _, p := range s.probes {
			e.compare(ctx, p.path, e.plugin, p.in, e.options.Twin, p.in)
		}
	}
}

// compare has two plugins, or one of them twice, judge what has to be judged the same.
func (e *examiner) compare(ctx context.Context, path string, one checklist.Checklist, a checklist.Inspection, other checklist.Checklist, b checklist.Inspection) {
	first, err := e.ask(ctx, one, a)
	if err != nil {
		e.failed(path, err)
		return
	}
	second, err := e.ask(ctx, other, b)
	if err != nil {
		e.failed(path, err)
		return
	}
	if diff := difference(first, second); diff != "" {
		e.mistake(path, "judged differently: "+diff, "判定不一致："+diff)
	}
}

// checkConditions judges an inspection for each item with conditions that do not
// hold.
func checkConditions(ctx context.Context, e *examiner) {
	for _, s := range e.subjects {
		for _, item := range s.items {
			in, ok := unasked(s.def, item.Item)
			if !ok {
				continue
			}
			e.refuses(ctx, item.path, Replace(in, GoodAnswer(item.Item)), checklist.ExcludedAnswer, item.ID)
			j, err := e.ask(ctx, e.plugin, in)
			if rejectedByRule(err) {
				continue
			}
			if err != nil {
				e.failed(item.path, err)
				continue
			}
			if r := resultOf(j, item.ID); r.Outcome != checklist.NotApplicable || r.Weight != 0 {
				e.mistake(item.path, fmt.Sprintf("is not asked, but counts: %s, weight %v", r.Outcome, r.Weight),
					fmt.Sprintf("未被提问，却计入结果：%s，权重 %v", r.Outcome, r.Weight))
			}
		}
	}
}

// unasked answers the items so that this one is not asked; false for an item that
// always is.
func unasked(def checklist.Definition, item checklist.Item) (checklist.Inspection, bool) {
	items := Items(def)
	for _, condition := range item.When {
		before := items[slices.IndexFunc(items, func(i checklist.Item) bool { return i.ID == condition.Item })]
		answers := []checklist.Answer{GoodAnswer(before), NotApplicable(before.ID)}
		if bad, ok := BadAnswer(before); ok {
			answers = slices.Insert(answers, 1, bad)
		}
		for _, answer := range answers {
			fixed := map[string]checklist.Answer{before.ID: answer}
			lead(items, before, fixed)
			in := checklist.Inspection{Checklist: def.ID, Answers: fill(def, fixed)}
			if !def.Asked(in.Answers)[item.ID] {
				return in, true
			}
		}
	}
	return checklist.Inspection{}, false
}

// resultOf is the zero result for an item that was not judged.
func resultOf(j checklist.Judgement, item string) checklist.ItemResult {
	for _, r := range j.Items {
		if r.Item == item {
			return r
		}
	}
	return checklist.ItemResult{}
}

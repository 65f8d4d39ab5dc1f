package sdktest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// Names that no checklist has.
const (
	noSuchChecklist = "no-such-area.no-such-checklist"
	noSuchItem      = "no-such-item"
	noSuchOption    = "no-such-option"
)

// refusal is an inspection that cannot be judged, and how it has to be refused.
type refusal struct {
	path string
	in   checklist.Inspection
	code checklist.ProblemCode
	item string
}

// checkBadAnswers hands in what an inspector, or a careless client, may hand in.
func checkBadAnswers(ctx context.Context, e *examiner) {
	e.refuses(ctx, "", checklist.Inspection{Checklist: noSuchChecklist}, checklist.UnknownChecklist, "")
	for _, s := range e.subjects {
		for _, r := range slices.Concat(impossible(s), incomplete(s), enormous(s)) {
			e.refuses(ctx, r.path, r.in, r.code, r.item)
		}
	}
}

// impossible are good answers but for one that no item can have.
func impossible(s subject) []refusal {
	good := s.probes[0].in
	refusals := []refusal{
		{s.path, Replace(good, Yes(noSuchItem, true)), checklist.UnknownItem, noSuchItem},
		{s.path, checklist.Inspection{Checklist: s.def.ID, Answers: append(slices.Clone(good.Answers), good.Answers[0])},
			checklist.DuplicateAnswer, good.Answers[0].Item},
	}
	for _, item := range s.items {
		refuse := func(a checklist.Answer, code checklist.ProblemCode) {
			refusals = append(refusals, refusal{item.path, Replace(good, a), code, item.ID})
		}
		if !slices.ContainsFunc(good.Answers, func(a checklist.Answer) bool { return a.Item == item.ID }) {
			continue
		}
		other := Number(item.ID, 1)
		if item.Kind == checklist.Number {
			other = Yes(item.ID, true)
		}
		refuse(other, checklist.WrongKind)
		twofold := GoodAnswer(item.Item)
		twofold.NotApplicable = true
		refuse(twofold, checklist.WrongKind)
		for _, value := range impossibleNumbers(item.Unit) {
			switch item.Kind {
			case checklist.Number:
				refuse(Number(item.ID, value), checklist.ImpossibleNumber)
			case checklist.Duration:
				refuse(Seconds(item.ID, value), checklist.ImpossibleNumber)
			}
		}
		switch item.Kind {
		case checklist.Choice:
			refuse(Choice(item.ID, noSuchOption), checklist.UnknownChoice)
		case checklist.MultipleChoice:
			refuse(Choices(item.ID, noSuchOption), checklist.UnknownChoice)
			refuse(Choices(item.ID, item.Choices[0].ID, item.Choices[0].ID), checklist.UnknownChoice)
		}
	}
	return refusals
}

// impossibleNumbers are not finite, or not possible in the unit.
func impossibleNumbers(unit string) []float64 {
	values := []float64{math.NaN(), math.Inf(1), math.Inf(-1)}
	if isStandard(unit) {
		values = append(values, -1)
	}
	if isWhole(unit) {
		values = append(values, 0.5)
	}
	if unit == sdk.Percent {
		values = append(values, 101)
	}
	return values
}

// incomplete are answers of which something is missing, or that exclude each other.
func incomplete(s subject) []refusal {
	good, nothing := s.probes[0].in, checklist.Inspection{Checklist: s.def.ID}
	asked := s.def.Asked(nil)
	var refusals []refusal
	for _, item := range s.items {
		if item.Required && asked[item.ID] {
			refusals = append(refusals, refusal{item.path, nothing, checklist.Unanswered, item.ID})
		}
		answered := slices.ContainsFunc(good.Answers, func(a checklist.Answer) bool { return a.Item == item.ID })
		if item.Evidence == checklist.EvidenceRequired && answered {
			bare := Replace(good, WithoutEvidence(GoodAnswer(item.Item)))
			refusals = append(refusals, refusal{item.path, bare, checklist.EvidenceMissing, item.ID})
		}
		if len(item.Excludes) > 0 && !answered {
			both := Replace(good, GoodAnswer(item.Item))
			refusals = append(refusals, refusal{item.path, both, checklist.ExcludedAnswer, item.ID})
		}
	}
	return refusals
}

// How much an inspection may hold: as many answers as a checklist may have items,
// and as much text as fits into a message.
const (
	manyAnswers = 500
	longAnswer  = sdk.MaxMessage - 64<<10
)

// enormous are as large as a server passes them on.
func enormous(s subject) []refusal {
	many := s.probes[0].in
	many.Answers = slices.Clone(many.Answers)
	for i := range manyAnswers {
		many.Answers = append(many.Answers, Yes(fmt.Sprintf("%s-%d", noSuchItem, i), true))
	}
	i := slices.IndexFunc(s.items, func(item placed) bool { return item.ID == s.probes[0].in.Answers[0].Item })
	first := s.items[i]
	code := checklist.WrongKind
	if first.Kind == checklist.Choice {
		code = checklist.UnknownChoice
	}
	long := Replace(s.probes[0].in, Choice(first.ID, strings.Repeat("x", longAnswer)))
	return []refusal{
		{s.path, many, checklist.UnknownItem, noSuchItem + "-0"},
		{first.path, long, code, first.ID},
	}
}

// refuses finds an inspection that is judged, or refused in another way.
func (e *examiner) refuses(ctx context.Context, path string, in checklist.Inspection, code checklist.ProblemCode, item string) {
	_, err := e.ask(ctx, e.plugin, in)
	problems := problemsOf(err)
	switch {
	case err == nil:
		e.mistake(path, "answers with "+string(code)+" were judged", "含 "+string(code)+" 的答案竟被判定")
	case problems == nil:
		e.mistake(path, "answers with "+string(code)+" are a fault: "+err.Error(), "含 "+string(code)+" 的答案导致出错："+err.Error())
	case !names(problems, code, item):
		e.mistake(path, "answers with "+string(code)+" are refused otherwise: "+short(err), "含 "+string(code)+" 的答案以其他理由被拒绝："+short(err))
	}
	for _, p := range problems {
		if p.Text.EN == "" || p.Text.ZH == "" || strings.Contains(p.Text.EN+p.Text.ZH, noSuchOption) {
			e.mistake(path, string(p.Code)+" needs a text in both languages that does not repeat the answer", string(p.Code)+" 须有两种语言的文本，且不得重复答案内容")
			return
		}
	}
}

// short is the beginning of an error.
func short(err error) string {
	text := []rune(err.Error())
	return string(text[:min(len(text), 300)])
}

// names reports whether a problem of the code is among them, with the item.
func names(problems []checklist.Problem, code checklist.ProblemCode, item string) bool {
	return slices.ContainsFunc(problems, func(p checklist.Problem) bool { return p.Code == code && p.Item == item })
}

// shortDeadline is over before most of a batch is judged.
const shortDeadline = time.Millisecond

// checkDeadline gives up soon after it asked, and asks again.
func checkDeadline(ctx context.Context, e *examiner) {
	for _, s := range e.subjects {
		good := s.probes[0].in
		hurried, cancel := context.WithTimeout(ctx, shortDeadline)
		_, err := bounded(hurried, &patience{timeout: e.options.CallTimeout}, func(ctx context.Context) (struct{}, error) {
			if batcher, ok := e.plugin.(checklist.Batcher); ok && e.can(checklist.CanBatch) {
				_, err := batcher.JudgeBatch(ctx, slices.Repeat([]checklist.Inspection{good}, sdk.MaxBatch))
				return struct{}{}, err
			}
			_, err := e.plugin.Judge(ctx, good)
			return struct{}{}, err
		})
		cancel()
		var fault *sdk.Error
		late := errors.As(err, &fault) && fault.Source == sdk.SourceDeadline
		if err != nil && !late && !errors.Is(err, context.DeadlineExceeded) {
			e.mistake(s.path, "a call whose deadline is over: "+err.Error(), "期限已过的调用："+err.Error())
		}
		if _, err := e.ask(ctx, e.plugin, good); err != nil {
			e.mistake(s.path, "does not answer after a call whose deadline was over: "+err.Error(), "在期限已过的调用之后不再应答："+err.Error())
		}
	}
}

// What is timed: so many calls, of an inspection of about so many items.
const (
	timedCalls = 200
	timedItems = 30
)

// measureSpeed times the calls that a server makes most.
func measureSpeed(ctx context.Context, e *examiner) {
	distance := func(s subject) int { return max(len(s.items)-timedItems, timedItems-len(s.items)) }
	s := slices.MinFunc(e.subjects, func(a, b subject) int { return distance(a) - distance(b) })
	describe, judging := make([]time.Duration, timedCalls), make([]time.Duration, timedCalls)
	for i := range timedCalls {
		start := time.Now()
		if _, err := bounded(ctx, e.patience, e.plugin.Describe); err != nil {
			e.failed("", err)
			return
		}
		described := time.Now()
		if _, ok := e.judge(ctx, s.path, s.probes[0].in); !ok {
			return
		}
		describe[i], judging[i] = described.Sub(start), time.Since(described)
	}
	slices.Sort(describe)
	slices.Sort(judging)
	for _, share := range []int{50, 99} {
		at := timedCalls*share/100 - 1 // nearest rank
		e.figure(sdk.T(fmt.Sprintf("describe, p%d", share), fmt.Sprintf("自述，p%d", share)), describe[at])
		e.figure(sdk.T(fmt.Sprintf("judge %d items, p%d", len(s.items), share), fmt.Sprintf("判定 %d 个项目，p%d", len(s.items), share)), judging[at])
	}
}

package sdktest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// Result is what one check of a plugin found.
type Result struct {
	Check    string         `json:"check"`             // its name, such as "good-answers"
	Title    checklist.Text `json:"title"`             // what has to hold
	OK       bool           `json:"ok"`                // nothing is wrong, or nothing was looked at
	Skipped  checklist.Text `json:"skipped,omitzero"`  // why nothing was looked at
	Mistakes []Mistake      `json:"mistakes"`          // what is wrong
	Advice   checklist.Text `json:"advice"`            // what to do when something is
	Figures  []Figure       `json:"figures,omitempty"` // what was measured
}

// Mistake is one thing for the author to put right.
type Mistake struct {
	Path string         `json:"path"` // such as "checklists[desk.day].sections[one].items[smile]"; empty for the plugin as a whole
	Text checklist.Text `json:"text"`
}

// Figure is something that was measured. Nothing depends on it.
type Figure struct {
	Name  checklist.Text `json:"name"`
	Value float64        `json:"value"`
	Unit  string         `json:"unit"` // such as "ms"
}

// Options say what else there is to check a plugin with.
type Options struct {
	Twin   checklist.Checklist // the same plugin in another process, whose answers have to be the same; nil for none
	Golden string              // folder of golden inspections, as of [Golden]; empty for none

	CallTimeout time.Duration // of one call; default 2 s, which is what a server gives
}

// Run makes every check that a plugin allows, in this process or through the
// sdk.Client of another, and gives one result for each. When the description is not
// valid, after five calls without an answer in time, or when the plugin's process has
// gone, nothing else is looked at.
func Run(ctx context.Context, c checklist.Checklist, options Options) []Result {
	e := newExaminer(c, options)
	var results []Result
	for _, check := range checks {
		results = append(results, e.result(ctx, check))
	}
	return results
}

// check is something that has to hold of a plugin.
type check struct {
	name          string
	title, advice checklist.Text
	needs         checklist.Capability // that the plugin has to have; empty: none
	run           func(context.Context, *examiner)
}

// checks are all of them. The first reads the description that the others go by.
var checks = []check{
	{name: "description", run: checkDescription,
		title:  sdk.T("The description is valid and always the same", "自述合法且始终一致"),
		advice: sdk.T("Put right what stands at the path; docs/plugin-author.md tells the forms", "请按路径所示改正；格式见 docs/plugin-author.md")},
	{name: "texts", run: checkTexts,
		title:  sdk.T("Every text is in its language, and no two items read alike", "各文本语言正确，且任何两个项目的文字不相同"),
		advice: sdk.T("Write the text in the language that is missing, or tell the items apart", "请补写缺失语言的文本，或使项目文字有所区别")},
	{name: "good-answers", run: checkGood,
		title:  sdk.T("Good answers score 100 and pass", "答案全部良好时得 100 分并通过"),
		advice: sdk.T("Look for a rule that rules on good answers", "请检查是否有规则误判良好答案")},
	{name: "findings", run: checkFindings,
		title:  sdk.T("Each item that fails alone is a finding, and a key activity fails the inspection", "单个项目不合格即产生问题项，关键活动不合格则检查不通过"),
		advice: sdk.T("Judge the item by its answer, with a text in both languages", "请按答案判定该项目，并给出两种语言的文本")},
	{name: "order", run: checkOrder,
		title:  sdk.T("The order of the answers does not matter", "答案的先后顺序不影响判定"),
		advice: sdk.T("Find answers by the ids of their items", "请按项目编号查找答案")},
	{name: "purity", run: checkPurity,
		title:  sdk.T("The same answers give the same judgement, again, at the same time and in another process", "相同答案的判定始终相同：重复、并发或在另一进程中均如此"),
		advice: sdk.T("Use no clock, no chance, no map order and no memory of earlier calls", "请勿使用时钟、随机数、映射遍历顺序或先前调用的记忆")},
	{name: "conditions", run: checkConditions,
		title:  sdk.T("An item that is not asked does not count, and answering it is refused", "未被提问的项目不计分，对其作答会被拒绝"),
		advice: sdk.T("Evaluate Item.When before the item is judged", "请在判定项目之前先计算 Item.When")},
	{name: "adjustments", run: checkAdjustments, needs: checklist.CanAdjust,
		title:  sdk.T("Weights and limits that the inspection brings along are honoured, for that inspection only", "采用检查随附的权重与限值，且仅对该次检查生效"),
		advice: sdk.T("Apply Inspection.Adjustments to a copy of the checklist, or do not claim ADJUST", "请将 Inspection.Adjustments 应用于检查表的副本，或不要声明 ADJUST")},
	{name: "batch", run: checkBatch, needs: checklist.CanBatch,
		title:  sdk.T("A batch is judged as each of its inspections alone", "批量判定与逐个判定结果相同"),
		advice: sdk.T("Let JudgeBatch call Judge, or do not claim BATCH", "请让 JudgeBatch 调用 Judge，或不要声明 BATCH")},
	{name: "drafts", run: checkDrafts, needs: checklist.CanCheck,
		title:  sdk.T("Check objects to what is wrong in a draft, and to nothing that is still open", "Check 能指出草稿中的错误，且不对尚未作答的项目提出异议"),
		advice: sdk.T("Leave out UNANSWERED and EVIDENCE_MISSING, or do not claim CHECK", "请略去 UNANSWERED 与 EVIDENCE_MISSING，或不要声明 CHECK")},
	{name: "suggestions", run: checkSuggestions, needs: checklist.CanSuggest,
		title:  sdk.T("Every suggestion fits its item, whatever is known", "无论已知哪些事实，每项建议都与项目相符"),
		advice: sdk.T("Propose answers of the item's kind, at most one per item, with a reason in both languages", "请提出与项目类型相符的答案，每个项目至多一个，并用两种语言说明理由")},
	{name: "upgrade", run: checkUpgrade, needs: checklist.CanUpgrade,
		title:  sdk.T("A draft of the same version loses nothing, and every answer is moved or lost once", "相同版本的草稿不丢失任何答案，每个答案恰好被移动或丢弃一次"),
		advice: sdk.T("Start from checklist.Carry", "可以 checklist.Carry 为基础")},
	{name: "health", run: checkHealth, needs: checklist.CanHealth,
		title:  sdk.T("The plugin can tell how it fares", "插件能够报告自身状况"),
		advice: sdk.T("Return nil, or what is not well in both languages", "请返回 nil，或用两种语言说明问题所在")},
	{name: "bad-answers", run: checkBadAnswers,
		title:  sdk.T("Answers that cannot be judged are refused, with every code where it belongs", "无法判定的答案会被拒绝，并给出正确的错误代码"),
		advice: sdk.T("Return a checklist.InputError; a fault or a panic blames the plugin", "请返回 checklist.InputError；出错或崩溃将归咎于插件")},
	{name: "deadline", run: checkDeadline,
		title:  sdk.T("A call ends with its deadline, and the plugin answers afterwards", "调用在期限内结束，此后插件仍能应答"),
		advice: sdk.T("Look at ctx in whatever takes long", "耗时操作请留意 ctx")},
	{name: "speed", run: measureSpeed,
		title: sdk.T("How long calls take", "调用耗时")},
	{name: "golden", run: checkGolden,
		title:  sdk.T("The golden inspections are judged as they were", "基准检查的判定与先前一致"),
		advice: sdk.T("If the new judgement is meant, raise the version and write the files anew: go test . -update", "若新判定符合预期，请提升版本号并重写文件：go test . -update")},
}

// examiner makes the checks of one plugin, one after the other.
type examiner struct {
	plugin      checklist.Checklist
	options     Options
	patience    *patience
	description checklist.Description
	subjects    []subject // one per checklist; none until the description was found to be valid

	mu      sync.Mutex
	current Result
}

func newExaminer(c checklist.Checklist, options Options) *examiner {
	options.CallTimeout = cmp.Or(options.CallTimeout, 2*time.Second)
	return &examiner{plugin: c, options: options, patience: &patience{timeout: options.CallTimeout}}
}

// subject is a checklist with what it is judged by.
type subject struct {
	def    checklist.Definition
	path   string
	items  []placed
	probes []probe // good answers, then each item that can fail failing alone
}

// placed is an item with its path.
type placed struct {
	checklist.Item
	path string
}

// probe is an inspection that every plugin can judge.
type probe struct {
	path string
	item checklist.Item // that fails; the zero item when all answers are good
	in   checklist.Inspection
}

func newSubject(def checklist.Definition) subject {
	s := subject{def: def, path: "checklists[" + def.ID + "]"}
	s.probes = []probe{{path: s.path, in: Good(def)}}
	for _, section := range def.Sections {
		for _, item := range section.Items {
			path := s.path + ".sections[" + section.ID + "].items[" + item.ID + "]"
			s.items = append(s.items, placed{Item: item, path: path})
			if in, ok := Failing(def, item.ID); ok {
				s.probes = append(s.probes, probe{path: path, item: item, in: in})
			}
		}
	}
	return s
}

// result makes one check.
func (e *examiner) result(ctx context.Context, c check) Result {
	e.current = Result{Check: c.name, Title: c.title, Advice: c.advice, Mistakes: []Mistake{}}
	switch {
	case c.name != "description" && len(e.subjects) == 0:
		e.skip(sdk.T("There is no valid description to go by", "没有可供依据的合法自述"))
	case e.patience.over():
		e.skip(sdk.T("The plugin does not answer any more", "插件已不再应答"))
	case c.needs != "" && !e.can(c.needs):
		e.skip(sdk.T("The plugin does not claim "+string(c.needs), "插件未声明 "+string(c.needs)))
	default:
		c.run(ctx, e)
	}
	slices.SortStableFunc(e.current.Mistakes, func(a, b Mistake) int { return cmp.Compare(a.Path, b.Path) }) // some checks look at many things at once
	e.current.OK = len(e.current.Mistakes) == 0
	return e.current
}

func (e *examiner) skip(why checklist.Text) { e.current.Skipped = why }

func (e *examiner) mistake(path, en, zh string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.current.Mistakes = append(e.current.Mistakes, Mistake{Path: path, Text: sdk.T(en, zh)})
}

// failed notes a call that should have been answered.
func (e *examiner) failed(path string, err error) {
	e.mistake(path, "the call failed: "+err.Error(), "调用失败："+err.Error())
}

func (e *examiner) figure(name checklist.Text, value time.Duration) {
	e.current.Figures = append(e.current.Figures, Figure{Name: name, Value: float64(value) / float64(time.Millisecond), Unit: "ms"})
}

// judge is false when the plugin did not judge, which it then has noted.
func (e *examiner) judge(ctx context.Context, path string, in checklist.Inspection) (checklist.Judgement, bool) {
	j, err := e.ask(ctx, e.plugin, in)
	if err != nil {
		e.failed(path, err)
	}
	return j, err == nil
}

// ask has the plugin, or its twin, judge.
func (e *examiner) ask(ctx context.Context, c checklist.Checklist, in checklist.Inspection) (checklist.Judgement, error) {
	return bounded(ctx, e.patience, func(ctx context.Context) (checklist.Judgement, error) { return c.Judge(ctx, in) })
}

// patience is how long a plugin is waited for, and how often.
type patience struct {
	timeout time.Duration // of one call
	late    atomic.Int32  // calls that were not answered, at least
}

// maxLate is when a server would kill the process.
const maxLate = 5

func (p *patience) over() bool { return p.late.Load() >= maxLate }

// maxGrace is what a call may take beyond its deadline to notice it.
const maxGrace = time.Second

var (
	errHangs = errors.New("no answer, long after the deadline")
	errOver  = errors.New("not made: the plugin does not answer any more")
)

// bounded makes a call that ends: by itself, in time, or without an answer. A
// panic is an error of the plugin.
func bounded[T any](ctx context.Context, p *patience, call func(context.Context) (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	var none T
	if p.over() {
		return none, errOver
	}
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	answered := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a.err = fmt.Errorf("the plugin panicked: %v", p)
			}
			answered <- a
		}()
		a.value, a.err = call(ctx)
	}()
	select {
	case a := <-answered:
		var fault *sdk.Error
		if errors.As(a.err, &fault) && fault.Source == sdk.SourceUnreachable {
			p.late.Add(maxLate) // its process has gone
		}
		return a.value, a.err
	case <-ctx.Done():
	}
	p.late.Add(1)
	select {
	case a := <-answered:
		return a.value, a.err
	case <-time.After(min(p.timeout, maxGrace)):
		return none, errHangs
	}
}

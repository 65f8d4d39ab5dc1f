package sdktest_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

// office is a plugin with every capability that a department has without a
// configuration, and every kind of item.
func office() *sdk.Department {
	return &sdk.Department{
		ID: "office", Version: "1.0.0", Name: sdk.T("Office", "办公室"),
		Trouble: func(context.Context) (*checklist.Text, error) { return nil, nil },
		Sheets: []sdk.Sheet{sdk.Define("office.cases", sdk.T("Cases", "个案"), 80,
			sdk.Section("all", sdk.T("All", "全部"),
				sdk.Item("done", sdk.T("Done", "已办结"), sdk.Key()),
				sdk.Item("fast", sdk.T("Fast", "及时"), sdk.Tracked(sdk.Minutes, sdk.AtMost(10))),
				sdk.Item("late", sdk.T("Told of the delay", "已告知延误"), sdk.When(sdk.IfNo("done"))),
				sdk.Item("how", sdk.T("How", "方式"), sdk.MultipleChoice(
					sdk.Answer("phone", sdk.T("By phone", "电话"), 0.5), sdk.Answer("mail", sdk.T("By mail", "邮件"), 0.5))),
				sdk.Item("tone", sdk.T("Tone", "语气"), sdk.Choice(
					sdk.Answer("kind", sdk.T("Kind", "亲切"), 1), sdk.Answer("curt", sdk.T("Curt", "生硬"), 0))),
				sdk.Item("wait", sdk.T("Wait", "等候"), sdk.TrackedDuration(sdk.AtMost(90))),
				sdk.Item("photo", sdk.T("A picture", "照片"), sdk.Photo()),
				sdk.Item("proof", sdk.T("Proof", "凭证"), sdk.EvidenceAlways()),
				sdk.Item("signed", sdk.T("Signed", "签名"), sdk.Signature(), sdk.Optional()),
			)).WithSuggestions(func(k sdk.Known) []checklist.Suggestion {
			if minutes, known := k.Number(checklist.FactMinutesToDispatch); known {
				return []checklist.Suggestion{sdk.SuggestNumber("fast", minutes, sdk.T("From the case", "取自个案"))}
			}
			return nil
		})},
	}
}

// broken is the office with words that are changed on the way.
type broken struct {
	*sdk.Department
	describe func(*checklist.Description)
	judge    func(checklist.Inspection, *checklist.Judgement, *error)
	batch    func([]checklist.Verdict)
	check    func(*[]checklist.Problem)
	suggest  func(*[]checklist.Suggestion)
	upgrade  func(*checklist.Upgraded)
}

func (b broken) Describe(ctx context.Context) (checklist.Description, error) {
	d, err := b.Department.Describe(ctx)
	if b.describe != nil {
		b.describe(&d)
	}
	return d, err
}

func (b broken) Judge(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
	j, err := b.Department.Judge(ctx, in)
	if b.judge != nil {
		b.judge(in, &j, &err)
	}
	return j, err
}

func (b broken) JudgeBatch(ctx context.Context, in []checklist.Inspection) ([]checklist.Verdict, error) {
	verdicts := make([]checklist.Verdict, len(in))
	for i := range in {
		verdicts[i].Judgement, verdicts[i].Err = b.Judge(ctx, in[i])
	}
	if b.batch != nil {
		b.batch(verdicts)
	}
	return verdicts, ctx.Err()
}

func (b broken) Check(ctx context.Context, in checklist.Inspection) ([]checklist.Problem, error) {
	problems, err := b.Department.Check(ctx, in)
	if b.check != nil {
		b.check(&problems)
	}
	return problems, err
}

func (b broken) Suggest(ctx context.Context, about checklist.Facts) ([]checklist.Suggestion, error) {
	suggested, err := b.Department.Suggest(ctx, about)
	if b.suggest != nil {
		b.suggest(&suggested)
	}
	return suggested, err
}

func (b broken) Upgrade(ctx context.Context, draft checklist.Draft) (checklist.Upgraded, error) {
	upgraded, err := b.Department.Upgrade(ctx, draft)
	if b.upgrade != nil {
		b.upgrade(&upgraded)
	}
	return upgraded, err
}

// path is that of an item of the office.
func path(item string) string { return "checklists[office.cases].sections[all].items[" + item + "]" }

// Each plugin here is broken in one way, which the named check finds at the named
// place.
func TestRunFindsBrokenPlugins(t *testing.T) {
	ruled := func(r sdk.Ruling) checklist.Checklist {
		d := office()
		d.Sheets[0] = d.Sheets[0].With(func(sdk.Answers) []sdk.Ruling { return []sdk.Ruling{r} })
		return d
	}
	described := func(change func(*checklist.Description)) checklist.Checklist {
		return broken{Department: office(), describe: change}
	}
	judged := func(change func(checklist.Inspection, *checklist.Judgement, *error)) checklist.Checklist {
		return broken{Department: office(), judge: change}
	}
	item := func(d *checklist.Description, n int) *checklist.Item { return &d.Checklists[0].Sections[0].Items[n] }
	because := sdk.T("Because", "因为")
	var counted atomic.Int64
	calls := 0
	for _, tt := range []struct {
		check, path string
		plugin      checklist.Checklist
	}{
		{"description", "plugin", &sdk.Department{}},
		{"description", path("done") + ".text.zh", described(func(d *checklist.Description) { item(d, 0).Text.ZH = "" })},
		{"description", "", described(func(d *checklist.Description) { calls++; d.Checklists[0].PassMark = float64(calls) })},
		{"description", "capabilities", bare{office()}},
		{"texts", "name.en", described(func(d *checklist.Description) { d.Name.EN = "办公室" })},
		{"texts", path("done") + ".text.zh", described(func(d *checklist.Description) { item(d, 0).Text.ZH = "Done" })},
		{"texts", path("fast") + ".text", described(func(d *checklist.Description) { item(d, 1).Text.EN = "Done" })},
		{"good-answers", "checklists[office.cases]", ruled(sdk.Fail("fast", checklist.Minor, because))},
		{"good-answers", "checklists[office.cases]", ruled(sdk.Reject("fast", because))},
		{"findings", path("done"), judged(func(_ checklist.Inspection, j *checklist.Judgement, _ *error) { j.Passed = true })},
		{"findings", path("late"), judged(func(_ checklist.Inspection, j *checklist.Judgement, _ *error) { j.Findings = nil })},
		{"findings", path("wait"), judged(func(_ checklist.Inspection, j *checklist.Judgement, _ *error) { j.Score = new(100.0) })},
		{"order", path("tone"), judged(func(in checklist.Inspection, j *checklist.Judgement, _ *error) {
			j.Arithmetic = in.Answers[0].Item
		})},
		{"purity", path("how"), judged(func(_ checklist.Inspection, j *checklist.Judgement, _ *error) {
			*j = checklist.Judgement{Items: []checklist.ItemResult{{Credit: float64(counted.Add(1))}}}
		})},
		{"conditions", path("late"), judged(func(_ checklist.Inspection, j *checklist.Judgement, _ *error) {
			for i := range j.Items {
				j.Items[i].Weight = 1
			}
		})},
		{"conditions", path("late"), judged(func(in checklist.Inspection, _ *checklist.Judgement, err *error) {
			if *err != nil && slices.ContainsFunc(in.Answers, func(a checklist.Answer) bool { return a.Item == "late" }) {
				*err = nil
			}
		})},
		{"adjustments", path("fast") + ".weight", judged(func(_ checklist.Inspection, j *checklist.Judgement, _ *error) {
			for i := range j.Items {
				j.Items[i].Weight = min(j.Items[i].Weight, 1)
			}
		})},
		{"adjustments", path("wait") + ".limits", judged(func(_ checklist.Inspection, j *checklist.Judgement, _ *error) {
			for i := range j.Measurements {
				j.Measurements[i].Within = true
			}
		})},
		{"batch", "checklists[office.cases].batch[2]", broken{Department: office(), batch: func(v []checklist.Verdict) { v[2].Judgement.Arithmetic = "?" }}},
		{"batch", "checklists[office.cases].batch[0]", broken{Department: office(), batch: func(v []checklist.Verdict) { v[0].Err = nil }}},
		{"drafts", "checklists[office.cases]", broken{Department: office(), check: func(p *[]checklist.Problem) {
			*p = append(*p, checklist.Problem{Item: "done", Code: checklist.Unanswered, Text: because})
		}}},
		{"drafts", path("fast"), broken{Department: office(), check: func(p *[]checklist.Problem) { *p = nil }}},
		{"suggestions", "checklists[office.cases]", broken{Department: office(), suggest: func(s *[]checklist.Suggestion) {
			*s = append(*s, sdk.SuggestYes("done", true, because), sdk.SuggestYes("done", true, because))
		}}},
		{"suggestions", path("fast"), broken{Department: office(), suggest: func(s *[]checklist.Suggestion) {
			*s = []checklist.Suggestion{sdk.SuggestYes("fast", true, because)}
		}}},
		{"suggestions", path("fast"), broken{Department: office(), suggest: func(s *[]checklist.Suggestion) {
			*s = []checklist.Suggestion{sdk.SuggestNumber("fast", -1, because)}
		}}},
		{"upgrade", path("done"), broken{Department: office(), upgrade: func(u *checklist.Upgraded) { u.Moves = u.Moves[1:] }}},
		{"upgrade", path("done"), broken{Department: office(), upgrade: func(u *checklist.Upgraded) {
			u.Losses = append(u.Losses, checklist.Loss{Item: u.Moves[0].From, Reason: because})
			u.Moves = u.Moves[1:]
		}}},
		{"health", "", &sdk.Department{ID: "office", Version: "1.0.0", Name: sdk.T("Office", "办公室"), Sheets: office().Sheets,
			Trouble: func(context.Context) (*checklist.Text, error) { return &checklist.Text{EN: "Ill"}, nil }}},
		{"bad-answers", path("fast"), judged(func(_ checklist.Inspection, _ *checklist.Judgement, err *error) {
			if slices.ContainsFunc(problems(*err), func(p checklist.Problem) bool { return p.Code == checklist.ImpossibleNumber }) {
				*err = errors.New("cannot compare")
			}
		})},
		{"bad-answers", path("proof"), judged(func(_ checklist.Inspection, _ *checklist.Judgement, err *error) {
			if slices.ContainsFunc(problems(*err), func(p checklist.Problem) bool { return p.Code == checklist.EvidenceMissing }) {
				*err = nil
			}
		})},
		{"bad-answers", "checklists[office.cases]", judged(func(in checklist.Inspection, _ *checklist.Judgement, _ *error) {
			if len(in.Answers) > 500 {
				panic("too many")
			}
		})},
	} {
		var found []string
		for _, r := range sdktest.Run(t.Context(), tt.plugin, sdktest.Options{}) {
			for _, m := range r.Mistakes {
				found = append(found, r.Check+" "+m.Path)
				if m.Text.EN == "" || m.Text.ZH == "" {
					t.Errorf("a mistake at %s is told in one language only: %+v", m.Path, m.Text)
				}
			}
		}
		if !slices.Contains(found, tt.check+" "+tt.path) {
			t.Errorf("no mistake of %s at %q: %q", tt.check, tt.path, found)
		}
	}
}

func problems(err error) []checklist.Problem {
	var input *checklist.InputError
	if errors.As(err, &input) {
		return input.Problems
	}
	return nil
}

// bare describes more than it has methods for.
type bare struct{ department *sdk.Department }

func (b bare) Describe(ctx context.Context) (checklist.Description, error) {
	return b.department.Describe(ctx)
}

func (b bare) Judge(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
	return b.department.Judge(ctx, in)
}

// A plugin that hangs is reported, and does not hold up the check.
func TestRunOutlivesAPluginThatHangs(t *testing.T) {
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	var calls atomic.Int64
	for check, hanging := range map[string]checklist.Checklist{
		"deadline": broken{Department: office(), batch: func(v []checklist.Verdict) {
			if len(v) == sdk.MaxBatch {
				<-end
			}
		}},
		"good-answers": broken{Department: office(), judge: func(checklist.Inspection, *checklist.Judgement, *error) {
			calls.Add(1)
			<-end
		}},
	} {
		results := sdktest.Run(t.Context(), hanging, sdktest.Options{CallTimeout: 500 * time.Millisecond})
		i := slices.IndexFunc(results, func(r sdktest.Result) bool { return r.Check == check })
		if r := results[i]; r.OK || r.Mistakes[0].Path != "checklists[office.cases]" {
			t.Errorf("a plugin that hangs: %+v", r)
		}
	}
	if n := calls.Load(); n > 10 {
		t.Errorf("a plugin that hangs whenever it judges was asked %d times", n)
	}
}

// What differs between two processes shows in no single one.
func TestRunComparesWithATwin(t *testing.T) {
	twin := broken{Department: office(), judge: func(_ checklist.Inspection, j *checklist.Judgement, _ *error) { j.Arithmetic += " on Tuesdays" }}
	for _, r := range sdktest.Run(t.Context(), office(), sdktest.Options{Twin: twin}) {
		if r.OK != (r.Check != "purity") {
			t.Errorf("%s: ok = %v: %+v", r.Check, r.OK, r.Mistakes)
		}
	}
}

// A plugin without a capability is not asked for it, and without a description for
// nothing.
func TestRunSkips(t *testing.T) {
	plain := broken{Department: office(), describe: func(d *checklist.Description) { d.Capabilities = nil }}
	for name, tt := range map[string]struct {
		plugin  checklist.Checklist
		skipped []string
	}{
		"plain":   {plain, []string{"adjustments", "batch", "drafts", "suggestions", "upgrade", "health", "golden"}},
		"invalid": {&sdk.Department{}, allChecks[1:]},
	} {
		var made, skipped []string
		for _, r := range sdktest.Run(t.Context(), tt.plugin, sdktest.Options{}) {
			made = append(made, r.Check)
			if r.Skipped.EN != "" {
				skipped = append(skipped, r.Check)
			}
		}
		if !slices.Equal(made, allChecks) || !slices.Equal(skipped, tt.skipped) {
			t.Errorf("%s: made %q, skipped %q", name, made, skipped)
		}
	}
}

var allChecks = []string{"description", "texts", "good-answers", "findings", "order", "purity", "conditions", "adjustments", "batch",
	"drafts", "suggestions", "upgrade", "health", "bad-answers", "deadline", "speed", "golden"}

func TestRunMeasures(t *testing.T) {
	for _, r := range sdktest.Run(t.Context(), office(), sdktest.Options{}) {
		if r.Check != "speed" {
			continue
		}
		if len(r.Figures) != 4 {
			t.Errorf("%d figures, want p50 and p99 of two calls", len(r.Figures))
		}
		for _, f := range r.Figures {
			if f.Value < 0 || f.Value > 3000 || f.Unit != "ms" || f.Name.EN == "" || f.Name.ZH == "" {
				t.Errorf("figure %+v", f)
			}
		}
	}
}

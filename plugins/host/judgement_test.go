package host

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

func definition() checklist.Definition {
	return checklist.Definition{
		ID: "desk.all", Title: sdk.T("All", "全部"), PassMark: 60,
		Sections: []checklist.Section{
			sdk.Section("people", sdk.T("People", "人员"),
				sdk.Item("smile", sdk.T("Smiles", "微笑"), sdk.Key()),
				sdk.Item("badge", sdk.T("Wears a badge", "佩戴工牌"), sdk.Weight(2)),
				sdk.Item("remark", sdk.T("Remark", "备注"), sdk.Remark(), sdk.Optional())),
			sdk.Section("phone", sdk.T("Phone", "电话"),
				sdk.Item("rings", sdk.T("Rings", "铃声"), sdk.Tracked(sdk.Rings, sdk.AtMost(3)))),
		},
	}
}

// judged is a judgement with one finding that the contract allows.
func judged(t *testing.T) checklist.Judgement {
	t.Helper()
	in := sdktest.Good(definition())
	j, err := sdk.Judge(definition(), sdktest.Replace(in, sdktest.Number("rings", 5)))
	if err != nil {
		t.Fatal(err)
	}
	if err := checkJudgement(definition(), j); err != nil || len(j.Findings) != 1 || !j.Passed {
		t.Fatalf("%v: %+v", err, j)
	}
	return j
}

func TestCheckJudgement(t *testing.T) {
	for want, break_ := range map[string]func(*checklist.Judgement){
		"items[0].item is not":                           func(j *checklist.Judgement) { j.Items[0].Item = "badge" },
		"items has 3 results for 4 items":                func(j *checklist.Judgement) { j.Items = j.Items[:3] },
		"items has 5 results for 4 items":                func(j *checklist.Judgement) { j.Items = append(j.Items, j.Items[0]) },
		"items[1].credit is not between 0 and 1":         func(j *checklist.Judgement) { j.Items[1].Credit = math.NaN() },
		"items[0].credit is not between 0 and 1":         func(j *checklist.Judgement) { j.Items[0].Credit = 1.01 },
		"items[1].weight is not between 0 and 2":         func(j *checklist.Judgement) { j.Items[1].Weight = math.Inf(1) },
		"items[3].weight is not between 0 and 1":         func(j *checklist.Judgement) { j.Items[3].Weight = -1 },
		"items[1].outcome is no outcome":                 func(j *checklist.Judgement) { j.Items[1].Outcome = "UNSPECIFIED" },
		"items[3].reason is missing":                     func(j *checklist.Judgement) { j.Items[3].Reason = checklist.Text{} },
		"items[3].reason is in one language only":        func(j *checklist.Judgement) { j.Items[3].Reason.ZH = "" },
		"items[3].reason is too long":                    func(j *checklist.Judgement) { j.Items[3].Reason.EN = strings.Repeat("x", maxReason+1) },
		"items[0].reason is given although":              func(j *checklist.Judgement) { j.Items[0].Reason = sdk.T("Why", "为何") },
		"items[0].weight is not 0 although":              func(j *checklist.Judgement) { j.Items[0].Outcome = checklist.NotApplicable },
		"sections has 1 scores for 2 sections":           func(j *checklist.Judgement) { j.Sections = j.Sections[:1] },
		"sections[0].section is not":                     func(j *checklist.Judgement) { j.Sections[0].Section = "phone" },
		"sections[0].score is not between 0 and 100":     func(j *checklist.Judgement) { j.Sections[0].Score = new(100.01) },
		"sections[1].score is not rounded":               func(j *checklist.Judgement) { j.Sections[1].Score = new(33.333) },
		"sections[0].score and the weight disagree":      func(j *checklist.Judgement) { j.Sections[0].Score = nil },
		"sections[1].weight is not a weight":             func(j *checklist.Judgement) { j.Sections[1].Weight = math.Inf(1) },
		"sections[1].arithmetic is too long":             func(j *checklist.Judgement) { j.Sections[1].Arithmetic = strings.Repeat("x", maxArithmetic+1) },
		"findings has 0 for 1 items that failed":         func(j *checklist.Judgement) { j.Findings = nil },
		"findings[1].item is unknown or":                 func(j *checklist.Judgement) { j.Findings = append(j.Findings, j.Findings[0]) },
		"findings[0].item is unknown or":                 func(j *checklist.Judgement) { j.Findings[0].Item = "frown" },
		"findings[0].item did not fail":                  func(j *checklist.Judgement) { j.Findings[0].Item = "smile" },
		"findings[0].key is not what the checklist says": func(j *checklist.Judgement) { j.Findings[0].Key = true },
		"findings[0].severity is no severity":            func(j *checklist.Judgement) { j.Findings[0].Severity = "FATAL" },
		"findings[0].text is missing":                    func(j *checklist.Judgement) { j.Findings[0].Text = checklist.Text{} },
		"measurements[0].item is not tracked":            func(j *checklist.Judgement) { j.Measurements[0].Item = "smile" },
		"measurements[1].item is not tracked or is":      func(j *checklist.Judgement) { j.Measurements = append(j.Measurements, j.Measurements[0]) },
		"measurements[0].value is not finite":            func(j *checklist.Judgement) { j.Measurements[0].Value = math.Inf(-1) },
		"measurements[0].unit is not the item's":         func(j *checklist.Judgement) { j.Measurements[0].Unit = "min" },
		"measurements[0].limits are not finite":          func(j *checklist.Judgement) { j.Measurements[0].Limits.Upper = new(math.NaN()) },
		"score is not between 0 and 100":                 func(j *checklist.Judgement) { j.Score = new(-0.01) },
		"arithmetic has characters that cannot":          func(j *checklist.Judgement) { j.Arithmetic = "\xff" },
		"items[3].reason has characters that cannot":     func(j *checklist.Judgement) { j.Items[3].Reason.EN = "\x00" },
		"passed although the score is below":             func(j *checklist.Judgement) { j.Score = new(59.99) },
		"passed although a key activity failed": func(j *checklist.Judgement) {
			j.Items[0].Outcome, j.Items[0].Credit, j.Items[0].Reason = checklist.Fail, 0, sdk.T("Why", "为何")
			j.Findings = append(j.Findings, checklist.Finding{Item: "smile", Key: true, Severity: checklist.Minor, Text: sdk.T("Why", "为何")})
		},
	} {
		j := judged(t)
		break_(&j)
		err := checkJudgement(definition(), j)
		if broken := new(sdk.AnswerError); !errors.As(err, &broken) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// What the standard judgement says keeps the contract, whatever the answers.
func TestCheckJudgementAcceptsTheStandard(t *testing.T) {
	def := definition()
	rapid.Check(t, func(t *rapid.T) {
		in := checklist.Inspection{Checklist: def.ID}
		for _, item := range sdktest.Items(def) {
			answer := sdktest.GoodAnswer(item)
			if bad, can := sdktest.BadAnswer(item); can && rapid.Bool().Draw(t, "bad") {
				answer = bad
			}
			if rapid.Bool().Draw(t, "not applicable") {
				answer = sdktest.NotApplicable(item.ID)
			}
			in.Answers = append(in.Answers, answer)
		}
		j, err := sdk.Judge(def, in)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkJudgement(def, j); err != nil {
			t.Errorf("%v: %+v", err, j)
		}
	})
}

func TestCheckAnswerOfRefusals(t *testing.T) {
	in := checklist.Inspection{Checklist: "desk.all", Answers: []checklist.Answer{{Item: "stray"}}}
	text := sdk.T("Answer it", "请作答")
	for name, test := range map[string]struct {
		problem checklist.Problem
		want    string // empty: passed on
	}{
		"an item of the checklist": {checklist.Problem{Item: "smile", Code: checklist.Unanswered, Text: text}, ""},
		"an item of the answers":   {checklist.Problem{Item: "stray", Code: checklist.UnknownItem, Text: text}, ""},
		"the whole":                {checklist.Problem{Code: checklist.RejectedByRule, Text: text}, ""},
		"another item":             {checklist.Problem{Item: "other", Code: checklist.Unanswered, Text: text}, "problems[0].item is in neither"},
		"no text":                  {checklist.Problem{Code: checklist.Unanswered}, "problems[0].text is missing"},
		"one language":             {checklist.Problem{Code: checklist.Unanswered, Text: sdk.T("Answer it", "")}, "problems[0].text is in one language only"},
	} {
		refusal := &checklist.InputError{Problems: []checklist.Problem{test.problem}}
		err := checkAnswer(definition(), in, checklist.Judgement{}, refusal)
		if test.want == "" && err != error(refusal) || test.want != "" && !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

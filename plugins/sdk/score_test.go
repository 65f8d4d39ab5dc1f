package sdk_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// desk has an item of every kind.
func desk() checklist.Definition {
	return sdk.Define("desk.day", sdk.T("Desk", "前台"), 80,
		sdk.Section("guests", sdk.T("Guests", "宾客"),
			sdk.Item("smile", sdk.T("Guests are met with a smile", "微笑迎客"), sdk.Weight(3), sdk.Key()),
			sdk.Item("rings", sdk.T("The telephone is answered in time", "及时接听电话"), sdk.Weight(2), sdk.Tracked(sdk.Rings, sdk.AtMost(3))),
			sdk.Item("room", sdk.T("Temperature of the lobby", "大堂温度"), sdk.Number("°C", sdk.Between(18, 26))),
		),
		sdk.Section("papers", sdk.T("Papers", "单据"),
			sdk.Item("forms", sdk.T("Forms are filled in", "单据填写"), sdk.Weight(1.5), sdk.Choice(
				sdk.Answer("all", sdk.T("All of them", "全部"), 1),
				sdk.Answer("most", sdk.T("Most of them", "大部分"), 0.5),
				sdk.Answer("few", sdk.T("Few of them", "少数"), 0))),
			sdk.Item("safe", sdk.T("The safe is locked", "保险箱上锁"), sdk.Critical(), sdk.EvidenceOnFail()),
			sdk.Item("note", sdk.T("Remarks", "备注"), sdk.Remark(), sdk.Optional()),
			sdk.Item("view", sdk.T("Photo of the desk", "前台照片"), sdk.Photo()),
		),
	).Definition
}

func yes(item string, value bool) checklist.Answer { return checklist.Answer{Item: item, Yes: &value} }
func number(item string, value float64) checklist.Answer {
	return checklist.Answer{Item: item, Number: &value}
}
func choice(item, option string) checklist.Answer {
	return checklist.Answer{Item: item, Choice: &option}
}
func filled(item string) checklist.Answer { return checklist.Answer{Item: item, Filled: true} }
func none(item string) checklist.Answer {
	return checklist.Answer{Item: item, NotApplicable: true}
}

// inspect answers the desk well but for the answers given.
func inspect(except ...checklist.Answer) checklist.Inspection {
	in := checklist.Inspection{Checklist: "desk.day", Answers: []checklist.Answer{
		yes("smile", true), number("rings", 2), number("room", 22), choice("forms", "all"), yes("safe", true), filled("view"),
	}}
	for _, answer := range except {
		found := false
		for i := range in.Answers {
			if in.Answers[i].Item == answer.Item {
				in.Answers[i], found = answer, true
			}
		}
		if !found {
			in.Answers = append(in.Answers, answer)
		}
	}
	return in
}

func TestJudgeShowsEverything(t *testing.T) {
	score := func(x float64) *float64 { return &x }
	three := 3.0
	got, err := sdk.Judge(desk(), inspect(number("rings", 4), choice("forms", "most"), none("safe"), filled("note")))
	if err != nil {
		t.Fatal(err)
	}
	want := checklist.Judgement{
		Items: []checklist.ItemResult{
			{Item: "smile", Outcome: checklist.Pass, Credit: 1, Weight: 3},
			{Item: "rings", Outcome: checklist.Fail, Weight: 2, Reason: sdk.T("4 rings, above the limit of 3 rings", "4 声，高于上限 3 声")},
			{Item: "room", Outcome: checklist.Pass, Credit: 1, Weight: 1},
			{Item: "forms", Outcome: checklist.Fail, Credit: 0.5, Weight: 1.5, Reason: sdk.T("Most of them", "大部分")},
			{Item: "safe", Outcome: checklist.NotApplicable},
			{Item: "note", Outcome: checklist.Pass, Credit: 1},
			{Item: "view", Outcome: checklist.Pass, Credit: 1},
		},
		Sections: []checklist.SectionScore{
			{Section: "guests", Score: score(66.67), Weight: 6, Arithmetic: "100 × (1×3 + 0×2 + 1×1) / 6 = 66.67"},
			{Section: "papers", Score: score(50), Weight: 1.5, Arithmetic: "100 × (0.5×1.5) / 1.5 = 50.00"},
		},
		Score:      score(63.33),
		Arithmetic: "100 × (4 + 0.75) / (6 + 1.5) = 63.33",
		Findings: []checklist.Finding{
			{Item: "rings", Severity: checklist.Minor, Text: sdk.T(
				"4 rings, above the limit of 3 rings: The telephone is answered in time", "4 声，高于上限 3 声：及时接听电话")},
			{Item: "forms", Severity: checklist.Minor, Text: sdk.T("Most of them: Forms are filled in", "大部分：单据填写")},
		},
		Measurements: []checklist.Measurement{
			{Item: "rings", Value: 4, Unit: sdk.Rings, Limits: checklist.Limits{Upper: &three}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("judgement (-want +got):\n%s", diff)
	}
}

func TestJudgePassing(t *testing.T) {
	for name, tt := range map[string]struct {
		except []checklist.Answer
		score  float64
		passed bool
	}{
		"all good":              {nil, 100, true},
		"on the pass mark":      {[]checklist.Answer{number("room", 30), none("rings"), none("forms")}, 80, true},
		"below the pass mark":   {[]checklist.Answer{choice("forms", "few"), none("rings")}, 76.92, false},
		"above the pass mark":   {[]checklist.Answer{choice("forms", "few")}, 82.35, true},
		"a key activity failed": {[]checklist.Answer{yes("smile", false), none("note")}, 64.71, false},
		"at the upper limit":    {[]checklist.Answer{number("room", 26)}, 100, true},
		"at the lower limit":    {[]checklist.Answer{number("room", 18)}, 100, true},
		"above the upper limit": {[]checklist.Answer{number("room", math.Nextafter(26, 27))}, 88.24, true},
		"below the lower limit": {[]checklist.Answer{number("room", math.Nextafter(18, 17))}, 88.24, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sdk.Judge(desk(), inspect(tt.except...))
			if err != nil {
				t.Fatal(err)
			}
			if *got.Score != tt.score || got.Passed != tt.passed {
				t.Errorf("score, passed = %v, %v; want %v, %v (%s)", *got.Score, got.Passed, tt.score, tt.passed, got.Arithmetic)
			}
		})
	}
}

func TestJudgeKeyFailsWhateverTheScore(t *testing.T) {
	def := desk()
	def.PassMark = 0
	got, err := sdk.Judge(def, inspect(yes("smile", false)))
	if err != nil {
		t.Fatal(err)
	}
	if got.Passed || !got.Findings[0].Key || got.Findings[0].Severity != checklist.Major {
		t.Errorf("passed = %v, finding %+v; want a major key finding that fails the inspection", got.Passed, got.Findings[0])
	}
}

func TestJudgeNothingApplied(t *testing.T) {
	def := sdk.Define("desk.day", sdk.T("Desk", "前台"), 0,
		sdk.Section("one", sdk.T("One", "一"), sdk.Item("smile", sdk.T("Smile", "微笑")))).Definition
	got, err := sdk.Judge(def, checklist.Inspection{Checklist: "desk.day", Answers: []checklist.Answer{none("smile")}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Score != nil || got.Sections[0].Score != nil || got.Arithmetic != "" || got.Passed {
		t.Errorf("judgement = %+v, want no score, no arithmetic, not passed", got)
	}
}

func TestJudgeRoundsHalfAwayFromZero(t *testing.T) {
	// 0.12345 is just below its decimal in binary: rounding the float gives 12.34.
	for weights, want := range map[[2]float64]float64{
		{12.345, 87.655}: 12.35, // exactly 12.345
		{1, 2}:           33.33, // 33.333…
		{2, 1}:           66.67, // 66.666…
		{0.001, 7.999}:   0.01,  // exactly 0.0125
		{0.001, 999}:     0,     // 0.0001
		{999, 0.001}:     100,   // 99.9999
		{1.001, 199}:     0.5,   // 0.50049…
		{0.005, 99.995}:  0.01,  // exactly 0.005
		{1000, 1000}:     50,    // the largest weights
	} {
		def := sdk.Define("desk.day", sdk.T("Desk", "前台"), 0, sdk.Section("one", sdk.T("One", "一"),
			sdk.Item("good", sdk.T("Good", "好"), sdk.Weight(weights[0])),
			sdk.Item("bad", sdk.T("Bad", "差"), sdk.Weight(weights[1])))).Definition
		got, err := sdk.Judge(def, checklist.Inspection{Checklist: "desk.day", Answers: []checklist.Answer{yes("good", true), yes("bad", false)}})
		if err != nil {
			t.Fatal(err)
		}
		if *got.Score != want {
			t.Errorf("score of weight %v of %v = %v, want %v", weights[0], weights[0]+weights[1], *got.Score, want)
		}
	}
}

func TestJudgeWritesQuantities(t *testing.T) {
	for name, tt := range map[string]struct {
		unit   string
		limits checklist.Limits
		value  float64
		want   checklist.Text
	}{
		"count":        {sdk.Count, sdk.AtMost(0), 2, sdk.T("2, above the limit of 0", "2，高于上限 0")},
		"one ring":     {sdk.Rings, sdk.AtLeast(2), 1, sdk.T("1 ring, below the limit of 2 rings", "1 声，低于下限 2 声")},
		"one day":      {sdk.Days, sdk.AtMost(1), 7.5, sdk.T("7.5 days, above the limit of 1 day", "7.5 天，高于上限 1 天")},
		"minutes":      {sdk.Minutes, sdk.AtLeast(30), 1, sdk.T("1 min, below the limit of 30 min", "1 分钟，低于下限 30 分钟")},
		"share":        {sdk.Percent, sdk.AtLeast(95), 94.5, sdk.T("94.5 %, below the limit of 95 %", "94.5%，低于下限 95%")},
		"own unit":     {"°C", sdk.AtMost(-18), -17.5, sdk.T("-17.5 °C, above the limit of -18 °C", "-17.5 °C，高于上限 -18 °C")},
		"a great deal": {"g", sdk.AtMost(1e6), 1e300, sdk.T("1e+300 g, above the limit of 1000000 g", "1e+300 g，高于上限 1000000 g")},
	} {
		t.Run(name, func(t *testing.T) {
			def := sdk.Define("desk.day", sdk.T("Desk", "前台"), 0, sdk.Section("one", sdk.T("One", "一"),
				sdk.Item("it", sdk.T("It", "它"), sdk.Number(tt.unit, tt.limits)))).Definition
			got, err := sdk.Judge(def, checklist.Inspection{Checklist: "desk.day", Answers: []checklist.Answer{number("it", tt.value)}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.Items[0].Reason); diff != "" {
				t.Errorf("reason (-want +got):\n%s", diff)
			}
		})
	}
}

// 1000 × 1.001 is less than 1001 in binary: cutting off would lose a thousandth.
func TestJudgeCountsInThousandths(t *testing.T) {
	def := sdk.Define("desk.day", sdk.T("Desk", "前台"), 57, sdk.Section("one", sdk.T("One", "一"),
		sdk.Item("it", sdk.T("It", "它"), sdk.Weight(1.001), sdk.Choice(
			sdk.Answer("good", sdk.T("Good", "好"), 1), sdk.Answer("fair", sdk.T("Fair", "一般"), 0.57))))).Definition
	got, err := sdk.Judge(def, checklist.Inspection{Checklist: "desk.day", Answers: []checklist.Answer{choice("it", "fair")}})
	if err != nil {
		t.Fatal(err)
	}
	const want = "100 × (0.57057) / 1.001 = 57.00"
	if got.Arithmetic != want || *got.Score != 57 || !got.Passed {
		t.Errorf("score %v, passed %v, %s; want 57, passed, %s", *got.Score, got.Passed, got.Arithmetic, want)
	}
}

// The negative zero of a calculation elsewhere is a plain zero.
func TestJudgeKnowsOneZero(t *testing.T) {
	def := sdk.Define("desk.day", sdk.T("Desk", "前台"), 0, sdk.Section("one", sdk.T("One", "一"),
		sdk.Item("it", sdk.T("It", "它"), sdk.Tracked(sdk.Minutes, sdk.AtLeast(30))))).Definition
	got, err := sdk.Judge(def, checklist.Inspection{Checklist: "desk.day", Answers: []checklist.Answer{number("it", math.Copysign(0, -1))}})
	if err != nil {
		t.Fatal(err)
	}
	if reason := got.Items[0].Reason.EN; reason != "0 min, below the limit of 30 min" || math.Signbit(got.Measurements[0].Value) {
		t.Errorf("reason %q, value %v; want a plain 0", reason, got.Measurements[0].Value)
	}
}

// A pair that excludes each other: when one is answered the other drops out.
func TestJudgeExclusion(t *testing.T) {
	def := sdk.Define("desk.day", sdk.T("Desk", "前台"), 0, sdk.Section("one", sdk.T("One", "一"),
		sdk.Item("accepted", sdk.T("Accepted", "接受"), sdk.Excludes("declined")),
		sdk.Item("declined", sdk.T("Declined", "婉拒"), sdk.Excludes("accepted"), sdk.EvidenceAlways()))).Definition
	for name, tt := range map[string]struct {
		answers []checklist.Answer
		score   float64
		codes   string
	}{
		"one":                     {[]checklist.Answer{yes("accepted", true)}, 100, ""},
		"one, failed":             {[]checklist.Answer{yes("accepted", false)}, 0, ""},
		"one, the other put away": {[]checklist.Answer{yes("accepted", true), none("declined")}, 100, ""},
		"both":                    {[]checklist.Answer{yes("accepted", true), {Item: "declined", Yes: new(bool), Evidence: 1}}, 0, "EXCLUDED_ANSWER accepted, EXCLUDED_ANSWER declined"},
		"neither":                 {nil, 0, "UNANSWERED accepted, UNANSWERED declined"},
		"one put away":            {[]checklist.Answer{none("accepted")}, 0, "UNANSWERED declined"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sdk.Judge(def, checklist.Inspection{Checklist: "desk.day", Answers: tt.answers})
			if codes := problems(t, err); codes != tt.codes {
				t.Fatalf("problems = %q, want %q", codes, tt.codes)
			}
			if tt.codes == "" && *got.Score != tt.score {
				t.Errorf("score = %v, want %v", *got.Score, tt.score)
			}
		})
	}
}

// problems lists the problems of an input error, such as "UNANSWERED smile", and
// checks that each has a text in both languages.
func problems(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var input *checklist.InputError
	if !errors.As(err, &input) {
		t.Fatalf("error %v does not blame the input", err)
	}
	var list []string
	for _, p := range input.Problems {
		if p.Text.EN == "" || p.Text.ZH == "" {
			t.Errorf("problem %s of %q has text %+v", p.Code, p.Item, p.Text)
		}
		list = append(list, strings.TrimSpace(string(p.Code)+" "+p.Item))
	}
	return strings.Join(list, ", ")
}

func TestJudgeBlamesTheInput(t *testing.T) {
	both := yes("smile", true)
	both.Number = new(float64)
	marked := yes("smile", true)
	marked.NotApplicable = true
	for name, tt := range map[string]struct {
		in   checklist.Inspection
		want string
	}{
		"other checklist":         {checklist.Inspection{Checklist: "desk.night"}, "UNKNOWN_CHECKLIST"},
		"unknown item":            {inspect(yes("frown", true)), "UNKNOWN_ITEM frown"},
		"answered without values": {inspect(checklist.Answer{Item: "smile"}), "UNANSWERED smile"},
		"photo not taken":         {inspect(checklist.Answer{Item: "view", Evidence: 3}), "UNANSWERED view"},
		"two answers":             {checklist.Inspection{Checklist: "desk.day", Answers: append(inspect().Answers, yes("smile", false))}, "DUPLICATE_ANSWER smile"},
		"two equal answers":       {checklist.Inspection{Checklist: "desk.day", Answers: append(inspect().Answers, none("note"), none("note"))}, "DUPLICATE_ANSWER note"},
		"yes for a number":        {inspect(yes("rings", true)), "WRONG_KIND rings"},
		"number for yes":          {inspect(number("smile", 1)), "WRONG_KIND smile"},
		"choice for a photo":      {inspect(choice("view", "all")), "WRONG_KIND view"},
		"text for a choice":       {inspect(filled("forms")), "WRONG_KIND forms"},
		"two values":              {inspect(both), "WRONG_KIND smile"},
		"value, not applicable":   {inspect(marked), "WRONG_KIND smile"},
		"unknown choice":          {inspect(choice("forms", "none")), "UNKNOWN_CHOICE forms"},
		"NaN":                     {inspect(number("room", math.NaN())), "IMPOSSIBLE_NUMBER room"},
		"infinite":                {inspect(number("room", math.Inf(-1))), "IMPOSSIBLE_NUMBER room"},
		"half a ring":             {inspect(number("rings", 2.5)), "IMPOSSIBLE_NUMBER rings"},
		"less than no ring":       {inspect(number("rings", -1)), "IMPOSSIBLE_NUMBER rings"},
		"endless rings":           {inspect(number("rings", math.Inf(1))), "IMPOSSIBLE_NUMBER rings"},
		"evidence on failure":     {inspect(yes("safe", false)), "EVIDENCE_MISSING safe"},
		"negative evidence":       {inspect(checklist.Answer{Item: "safe", Yes: new(bool), Evidence: -1}), "EVIDENCE_MISSING safe"},
		"everything at once": {checklist.Inspection{Checklist: "desk.day", Answers: []checklist.Answer{
			yes("z", true), yes("a", true), yes("safe", false), choice("forms", ""), number("room", math.NaN()), yes("rings", true),
		}}, "UNANSWERED smile, WRONG_KIND rings, IMPOSSIBLE_NUMBER room, UNKNOWN_CHOICE forms, EVIDENCE_MISSING safe, UNANSWERED view, UNKNOWN_ITEM a, UNKNOWN_ITEM z"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sdk.Judge(desk(), tt.in)
			if codes := problems(t, err); codes != tt.want {
				t.Errorf("problems = %q, want %q", codes, tt.want)
			}
			if diff := cmp.Diff(checklist.Judgement{}, got); diff != "" {
				t.Errorf("a judgement beside the error: %s", diff)
			}
		})
	}
}

func TestJudgeDemandsEvidenceAlways(t *testing.T) {
	def := sdk.Define("desk.day", sdk.T("Desk", "前台"), 0, sdk.Section("one", sdk.T("One", "一"),
		sdk.Item("plan", sdk.T("Plan", "计划"), sdk.EvidenceAlways()))).Definition
	for name, tt := range map[string]struct {
		answer checklist.Answer
		want   string
	}{
		"passed without": {yes("plan", true), "EVIDENCE_MISSING plan"},
		"passed with":    {checklist.Answer{Item: "plan", Yes: ptr(true), Evidence: 1}, ""},
		"not applicable": {none("plan"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sdk.Judge(def, checklist.Inspection{Checklist: "desk.day", Answers: []checklist.Answer{tt.answer}})
			if codes := problems(t, err); codes != tt.want {
				t.Errorf("problems = %q, want %q", codes, tt.want)
			}
		})
	}
}

func ptr[T any](value T) *T { return &value }

func TestInputErrorNamesItemsAndNoAnswers(t *testing.T) {
	_, err := sdk.Judge(desk(), inspect(choice("forms", "Mrs Wang"), checklist.Answer{Item: "smile"}))
	const want = `answers cannot be judged: UNANSWERED "smile", UNKNOWN_CHOICE "forms"`
	if err.Error() != want {
		t.Errorf("error = %s, want %s", err, want)
	}
}

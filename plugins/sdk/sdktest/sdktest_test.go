package sdktest_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

// recorder keeps what a check reports in place of failing the test.
type recorder struct {
	testing.TB
	mu      sync.Mutex
	reports []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reports = append(r.reports, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }

// reports runs a check to its end and joins what it reports.
func reports(t *testing.T, check func(testing.TB)) string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		check(r)
	}()
	<-done
	return strings.Join(r.reports, "\n")
}

func desk() *sdk.Department {
	return &sdk.Department{ID: "desk", Version: "1.0.0", Name: sdk.T("Desk", "前台"), Sheets: []sdk.Sheet{
		sdk.Define("desk.day", sdk.T("Day", "日间"), 50,
			sdk.Section("all", sdk.T("All", "全部"),
				sdk.Item("smile", sdk.T("Smile", "微笑"), sdk.Key()),
				sdk.Item("rings", sdk.T("Rings", "铃声"), sdk.Tracked(sdk.Rings, sdk.AtMost(3.5))),
				sdk.Item("share", sdk.T("Share", "比率"), sdk.Number(sdk.Percent, sdk.Between(90, 100))),
				sdk.Item("forms", sdk.T("Forms", "单据"), sdk.Choice(
					sdk.Answer("none", sdk.T("None", "无"), 0), sdk.Answer("all", sdk.T("All of them", "齐全"), 1))),
				sdk.Item("accepted", sdk.T("Accepted", "接受"), sdk.Excludes("declined")),
				sdk.Item("declined", sdk.T("Declined", "婉拒"), sdk.Excludes("accepted"), sdk.EvidenceOnFail()),
				sdk.Item("note", sdk.T("Note", "备注"), sdk.Remark()),
			)),
	}}
}

func TestCheckAcceptsAGoodPlugin(t *testing.T) {
	for _, c := range []checklist.Checklist{desk(), office()} {
		if got := reports(t, func(t testing.TB) { sdktest.Check(t, c) }); got != "" {
			t.Errorf("reports of a good plugin:\n%s", got)
		}
	}
}

func TestCheckOutline(t *testing.T) {
	good := func() []string {
		return []string{1: "smile ▲", 2: "rings □ rings ≤ 3.5 | share % ≥ 90 ≤ 100", 3: "forms", 4: "accepted | declined", 5: "note"}
	}
	changed := func(number int, items string) []string {
		list := good()
		list[number] = items
		return list
	}
	for want, outline := range map[string]map[string][]string{
		"":                        {"desk.day": good()},
		"no checklist desk.noon":  {"desk.noon": good()},
		"1 checklists, want 0":    {},
		"smile ▲□":                {"desk.day": changed(1, "smile ▲□")},
		"without a gap, not so 3": {"desk.day": changed(3, "")},
		"without a gap, not so 0": {"desk.day": changed(0, "smile ▲")},
		"items of desk.day":       {"desk.day": good()[:5]},
	} {
		got := reports(t, func(t testing.TB) { sdktest.CheckOutline(t, desk(), outline) })
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("reports do not hold %q:\n%s", want, got)
		}
	}
}

func TestCheckRules(t *testing.T) {
	for want, tt := range map[string]sdktest.RuleCase{
		"": {Checklist: "desk.day", Answers: []checklist.Answer{sdktest.Yes("smile", false), sdktest.Number("rings", 9)},
			Findings: "▲MAJOR smile, MINOR rings"},
		`n: no checklist "desk.noon"`:                          {Name: "n", Checklist: "desk.noon"},
		"p: passed = true, want false: 100 × (5) / 5 = 100.00": {Name: "p", Checklist: "desk.day"},
		`f: findings = "MINOR forms", want ""`: {Name: "f", Checklist: "desk.day", Passed: true,
			Answers: []checklist.Answer{sdktest.Choice("forms", "none")}},
		`e: problems = "EVIDENCE_MISSING declined", want ""`: {Name: "e", Checklist: "desk.day",
			Answers: []checklist.Answer{sdktest.NotApplicable("accepted"), sdktest.WithoutEvidence(sdktest.Yes("declined", false))}},
	} {
		got := reports(t, func(t testing.TB) { sdktest.CheckRules(t, desk(), []sdktest.RuleCase{tt}) })
		if got != want {
			t.Errorf("reports = %q, want %q", got, want)
		}
	}
}

func TestFailing(t *testing.T) {
	description, err := desk().Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	def := description.Checklists[0]
	for item, want := range map[string]bool{"smile": true, "rings": true, "share": true, "forms": true, "declined": true, "note": false, "unknown": false} {
		if _, ok := sdktest.Failing(def, item); ok != want {
			t.Errorf("%s can fail = %v, want %v", item, ok, want)
		}
	}
}

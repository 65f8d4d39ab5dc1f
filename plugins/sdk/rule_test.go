package sdk_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// always is a rule that rules the same whatever the answers.
func always(rulings ...sdk.Ruling) sdk.Rule {
	return func(sdk.Answers) []sdk.Ruling { return rulings }
}

var why = sdk.T("Because", "因为")

func TestRuleRulings(t *testing.T) {
	failed := inspect(checklist.Answer{Item: "safe", Yes: new(bool), Evidence: 1})
	for name, tt := range map[string]struct {
		in       checklist.Inspection
		rules    []sdk.Rule
		score    float64
		passed   bool
		findings []checklist.Finding
		problems string
	}{
		"none": {inspect(), []sdk.Rule{always()}, 100, true, []checklist.Finding{}, ""},
		"fail what passed": {inspect(), []sdk.Rule{always(sdk.Fail("rings", checklist.Major, why))}, 76.47, false, []checklist.Finding{
			{Item: "rings", Severity: checklist.Major, Text: sdk.T("Because: The telephone is answered in time", "因为：及时接听电话")}}, ""},
		"fail a key activity": {inspect(), []sdk.Rule{always(sdk.Fail("smile", checklist.Minor, why))}, 64.71, false, []checklist.Finding{
			{Item: "smile", Severity: checklist.Major, Key: true, Text: sdk.T("Because: Guests are met with a smile", "因为：微笑迎客")}}, ""},
		"fail what does not apply": {inspect(none("forms")), []sdk.Rule{always(sdk.Fail("forms", checklist.Major, why))}, 82.35, true, []checklist.Finding{
			{Item: "forms", Severity: checklist.Major, Text: sdk.T("Because: Forms are filled in", "因为：单据填写")}}, ""},
		"fail needs evidence": {inspect(), []sdk.Rule{always(sdk.Fail("safe", checklist.Major, why))}, 0, false, nil, "EVIDENCE_MISSING safe"},
		"escalate what failed": {inspect(number("rings", 9)), []sdk.Rule{always(sdk.Escalate("rings", checklist.Critical, why))}, 76.47, false, []checklist.Finding{
			{Item: "rings", Severity: checklist.Critical, Text: sdk.T("9 rings, above the limit of 3 rings; Because: The telephone is answered in time", "9 声，高于上限 3 声；因为：及时接听电话")}}, ""},
		"escalate what passed": {inspect(), []sdk.Rule{always(sdk.Escalate("rings", checklist.Critical, why))}, 100, true, []checklist.Finding{}, ""},
		"severity never sinks": {failed, []sdk.Rule{always(sdk.Escalate("safe", checklist.Minor, why), sdk.Fail("safe", checklist.Minor, why))}, 88.24, true, []checklist.Finding{
			{Item: "safe", Severity: checklist.Critical, Text: sdk.T("Not met; Because; Because: The safe is locked", "不符合；因为；因为：保险箱上锁")}}, ""},
		"reject":                       {inspect(), []sdk.Rule{always(sdk.Reject("safe", why)), always(sdk.Reject("smile", why))}, 0, false, nil, "REJECTED_BY_RULE smile, REJECTED_BY_RULE safe"},
		"reject beside evidence":       {inspect(yes("safe", false)), []sdk.Rule{always(sdk.Reject("smile", why))}, 0, false, nil, "REJECTED_BY_RULE smile, EVIDENCE_MISSING safe"},
		"not asked about a bad answer": {inspect(number("rings", -1)), []sdk.Rule{always(sdk.Reject("smile", why))}, 0, false, nil, "IMPOSSIBLE_NUMBER rings"},
		"not asked about a stray":      {inspect(yes("frown", true)), []sdk.Rule{always(sdk.Reject("smile", why))}, 0, false, nil, "UNKNOWN_ITEM frown"},
	} {
		t.Run(name, func(t *testing.T) {
			def := desk()
			got, err := sdk.Judge(def, tt.in, tt.rules...)
			if list := problems(t, err); list != tt.problems {
				t.Fatalf("problems = %q, want %q", list, tt.problems)
			}
			if tt.problems != "" {
				return
			}
			if *got.Score != tt.score || got.Passed != tt.passed {
				t.Errorf("score, passed = %v, %v; want %v, %v", *got.Score, got.Passed, tt.score, tt.passed)
			}
			if diff := cmp.Diff(tt.findings, got.Findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// A measurement says what was measured, whatever a rule makes of it.
func TestRuleLeavesMeasurements(t *testing.T) {
	got, err := sdk.Judge(desk(), inspect(), always(sdk.Fail("rings", checklist.Major, why)))
	if err != nil {
		t.Fatal(err)
	}
	if m := got.Measurements[0]; m.Value != 2 || !m.Within {
		t.Errorf("measurement = %+v, want 2, within", m)
	}
}

func TestRuleReadsAnswers(t *testing.T) {
	type seen struct {
		Applies, Passed, Failed bool
		Number                  float64
		HasNumber               bool
		Choice                  string
		Evidence                int
	}
	in := inspect(number("rings", 5), none("forms"), checklist.Answer{Item: "safe", Yes: new(bool), Evidence: 2})
	got := map[string]seen{}
	_, err := sdk.Judge(desk(), in, func(a sdk.Answers) []sdk.Ruling {
		for _, item := range []string{"smile", "rings", "forms", "safe", "note"} {
			s := seen{Applies: a.Applies(item), Passed: a.Passed(item), Failed: a.Failed(item), Evidence: a.Evidence(item)}
			switch item {
			case "rings":
				s.Number, s.HasNumber = a.Number(item)
			case "forms":
				s.Choice = a.Choice(item)
			}
			got[item] = s
		}
		room, _ := a.Number("room")
		got["room"] = seen{Number: room}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]seen{
		"smile": {Applies: true, Passed: true},
		"rings": {Applies: true, Failed: true, Number: 5, HasNumber: true},
		"forms": {},
		"safe":  {Applies: true, Failed: true, Evidence: 2},
		"note":  {},
		"room":  {Number: 22},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	var chosen string
	if _, err := sdk.Judge(desk(), inspect(choice("forms", "most")), func(a sdk.Answers) []sdk.Ruling {
		chosen = a.Choice("forms")
		return nil
	}); err != nil || chosen != "most" {
		t.Errorf("choice = %q, error %v; want most", chosen, err)
	}
}

// No rule sees what another ruled.
func TestRulesAreIndependent(t *testing.T) {
	sawFailure := false
	_, err := sdk.Judge(desk(), inspect(), always(sdk.Fail("rings", checklist.Major, why)), func(a sdk.Answers) []sdk.Ruling {
		sawFailure = a.Failed("rings")
		return nil
	})
	if err != nil || sawFailure {
		t.Errorf("second rule saw the failure ruled by the first: %v, error %v", sawFailure, err)
	}
}

// A mistake in a rule is the plugin's fault, never the inspector's.
func TestRuleMistakes(t *testing.T) {
	for want, rule := range map[string]sdk.Rule{
		`rule 2 of checklist desk.day asks for unknown item "frown"`: func(a sdk.Answers) []sdk.Ruling {
			if a.Applies("frown") || a.Evidence("frown") > 0 {
				return []sdk.Ruling{sdk.Reject("smile", why)}
			}
			return nil
		},
		`rule 2 of checklist desk.day asks item "smile" of kind YES_NO for a NUMBER`: func(a sdk.Answers) []sdk.Ruling {
			a.Number("smile")
			return nil
		},
		`rule 2 of checklist desk.day asks item "rings" of kind NUMBER for a CHOICE`: func(a sdk.Answers) []sdk.Ruling {
			a.Choice("rings")
			return nil
		},
		`rule 2 of checklist desk.day rules on unknown item "frown"`:                             always(sdk.Reject("frown", why)),
		`rule 2 of checklist desk.day rules without Reject, Fail or Escalate`:                    always(sdk.Ruling{}),
		`rule 2 of checklist desk.day rules on item "smile" without a text in both languages`:    always(sdk.Reject("smile", sdk.T("Why", ""))),
		`rule 2 of checklist desk.day rules on item "smile" with unknown severity "CATASTROPHE"`: always(sdk.Fail("smile", "CATASTROPHE", why)),
	} {
		_, err := sdk.Judge(desk(), inspect(), always(), rule)
		var input *checklist.InputError
		if err == nil || err.Error() != want || errors.As(err, &input) {
			t.Errorf("error = %v, want %s", err, want)
		}
	}
}

func TestSheetWithKeepsTheOriginal(t *testing.T) {
	base := sdk.Define("desk.day", sdk.T("Day", "日"), 80).With(always())
	first, second := base.With(always()), base.With(always(), always())
	if len(base.Rules) != 1 || len(first.Rules) != 2 || len(second.Rules) != 3 {
		t.Errorf("rules = %d, %d, %d; want 1, 2, 3", len(base.Rules), len(first.Rules), len(second.Rules))
	}
}

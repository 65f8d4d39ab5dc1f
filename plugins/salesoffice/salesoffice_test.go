package salesoffice_test

import (
	"testing"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/salesoffice"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

func TestPlugin(t *testing.T) {
	sdktest.Check(t, salesoffice.New())
}

func TestItems(t *testing.T) {
	sdktest.CheckOutline(t, salesoffice.New(), map[string][]string{
		"salesoffice.daily": {
			1:  "lights",
			2:  "tables",
			3:  "floor",
			4:  "model",
			5:  "restroom",
			6:  "tea-set",
			7:  "air-conditioning",
			8:  "lines",
			9:  "papers",
			10: "day-plan",
		},
		"salesoffice.reception": {
			1: "door-and-greeting",
			2: "earlier-contact",
			3: "seated-and-served",
			4: "introduction-minutes □ min ≥ 30",
			5: "consistent-facts",
			6: "registered",
			7: "seen-off",
		},
		"salesoffice.calls": {
			1: "third-ring",
			2: "set-opening",
			3: "call-minutes □ min ≤ 3",
			4: "invited",
			5: "contact-taken",
			6: "logged",
		},
	})
}

// The calculation that the guide for authors shows.
func TestCallsArithmetic(t *testing.T) {
	plugin := salesoffice.New()
	description, err := plugin.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	in := sdktest.Replace(sdktest.Good(description.Checklists[2]), sdktest.Number("call-minutes", 4), sdktest.Yes("logged", false))
	got, err := plugin.Judge(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for want, shown := range map[string]string{
		"100 × (1×2 + 1×1 + 0×1 + 1×2) / 6 = 83.33":                                                  got.Sections[0].Arithmetic,
		"100 × (0×2 + 0×2) / 4 = 0.00":                                                               got.Sections[1].Arithmetic,
		"100 × (5 + 0) / (6 + 4) = 50.00":                                                            got.Arithmetic,
		"4 min, above the limit of 3 min: The call is kept short (minutes)":                          got.Findings[0].Text.EN,
		"The call was not logged, so the contact data are lost: The caller's contact data are taken": got.Findings[1].Text.EN,
		"来电未登记，联系方式无从查找：留取来电客户的联系方式":                                                                 got.Findings[1].Text.ZH,
	} {
		if shown != want {
			t.Errorf("shown %q, want %q", shown, want)
		}
	}
}

func TestRules(t *testing.T) {
	sdktest.CheckRules(t, salesoffice.New(), []sdktest.RuleCase{
		{Name: "contact data of a call that was not logged", Checklist: "salesoffice.calls",
			Answers:  []checklist.Answer{sdktest.Yes("logged", false)},
			Findings: "MAJOR contact-taken, MAJOR logged"},
		{Name: "no contact data, and logged so", Checklist: "salesoffice.calls",
			Answers:  []checklist.Answer{sdktest.Yes("contact-taken", false)},
			Findings: "MAJOR contact-taken"},
		{Name: "a caller who gave no contact data", Checklist: "salesoffice.calls",
			Answers:  []checklist.Answer{sdktest.NotApplicable("contact-taken"), sdktest.Yes("logged", false)},
			Findings: "MAJOR logged"},
		{Name: "a short introduction", Checklist: "salesoffice.reception",
			Answers:  []checklist.Answer{sdktest.Number("introduction-minutes", 29.5)},
			Findings: "MINOR introduction-minutes"},
	})
}

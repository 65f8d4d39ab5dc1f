package retailfloor_test

import (
	"testing"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/retailfloor"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

func TestPlugin(t *testing.T) {
	sdktest.Check(t, retailfloor.New())
}

func TestItems(t *testing.T) {
	sdktest.CheckOutline(t, retailfloor.New(), map[string][]string{
		"retail.presale": {
			1: "appearance",
			2: "etiquette",
			3: "greeting-and-farewell ▲",
			4: "display",
			5: "price-labels",
		},
		"retail.sale": {
			1: "three-voices ▲",
			2: "goods-knowledge",
			3: "handing-over",
			4: "no-quarrel",
			5: "slip-errors ▲□ % ≤ 2",
			6: "open-prices",
		},
		"retail.aftersale": {
			1: "shown-complete",
			2: "use-and-care",
			3: "delivery-recorded",
			4: "cannot-serve",
			5: "returns-welcome",
		},
	})
}

func TestRules(t *testing.T) {
	sdktest.CheckRules(t, retailfloor.New(), []sdktest.RuleCase{
		{Name: "as many wrong slips as are good", Checklist: "retail.sale",
			Answers: []checklist.Answer{sdktest.Number("slip-errors", 2)}, Passed: true},
		{Name: "too many wrong slips", Checklist: "retail.sale",
			Answers:  []checklist.Answer{sdktest.Number("slip-errors", 9.9)},
			Findings: "▲MAJOR slip-errors"},
		{Name: "wrong slips out of hand", Checklist: "retail.sale",
			Answers:  []checklist.Answer{sdktest.Number("slip-errors", 10)},
			Findings: "▲CRITICAL slip-errors"},
		{Name: "no slips written", Checklist: "retail.sale",
			Answers: []checklist.Answer{sdktest.NotApplicable("slip-errors")}, Passed: true},
		{Name: "an invented fee, no evidence", Checklist: "retail.sale",
			Answers:  []checklist.Answer{sdktest.WithoutEvidence(sdktest.Yes("open-prices", false))},
			Problems: "EVIDENCE_MISSING open-prices"},
		{Name: "a quarrel", Checklist: "retail.sale",
			Answers:  []checklist.Answer{sdktest.Yes("no-quarrel", false)},
			Findings: "CRITICAL no-quarrel"}, // 80 of 100: below the pass mark
		{Name: "more wrong slips than slips", Checklist: "retail.sale",
			Answers:  []checklist.Answer{sdktest.Number("slip-errors", 101)},
			Problems: "IMPOSSIBLE_NUMBER slip-errors"},
	})
}

package retailfloor

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// Sales slips with errors, per hundred. The regulations leave the figure to the
// house; these are our defaults.
const (
	slipErrors      = 2  // the most that is good
	graveSlipErrors = 10 // from here on the finding is critical
)

func sale() sdk.Sheet {
	return sdk.Define("retail.sale", sdk.T("During the sale", "售中服务"), 85,
		sdk.Section("service", sdk.T("Serving the customer", "接待顾客"),
			sdk.Item("three-voices", sdk.T(
				"The three voices are heard: a greeting on arrival, an answer to every question, a farewell on leaving",
				"做到“三声”服务：来有迎声、问有答声、走有送声"), sdk.Key(), sdk.Weight(3)),
			sdk.Item("goods-knowledge", sdk.T(
				"Knows the goods and describes them correctly",
				"熟悉商品知识，介绍准确真实"), sdk.Weight(2), sdk.Major()),
			sdk.Item("handing-over", sdk.T(
				"Goods are handed over in the set manner",
				"按规定的动作递交商品")),
			sdk.Item("no-quarrel", sdk.T(
				"No customer is quarrelled with or put under pressure",
				"不与顾客争吵，不强行推销"), sdk.Weight(3), sdk.Critical(), sdk.EvidenceOnFail()),
		),
		sdk.Section("payment", sdk.T("Slips and prices", "票据与价格"),
			sdk.Item("slip-errors", sdk.T(
				"Sales slips are legible, complete and correct, with the label attached (slips with errors per hundred)",
				"销售小票字迹清楚、填写完整准确并附标签（每百张差错数）"),
				sdk.Key(), sdk.Weight(3), sdk.Tracked(sdk.Percent, sdk.AtMost(slipErrors)), sdk.EvidenceOnFail()),
			sdk.Item("open-prices", sdk.T(
				"Prices and fees are open, with nothing hidden or invented",
				"价格和收费公开透明，不隐瞒、不虚构"), sdk.Weight(3), sdk.Critical(), sdk.EvidenceOnFail()),
		),
	).With(slipsOutOfHand)
}

// slipsOutOfHand makes a share of wrong slips that no chance explains critical.
func slipsOutOfHand(a sdk.Answers) []sdk.Ruling {
	if wrong, _ := a.Number("slip-errors"); wrong < graveSlipErrors {
		return nil
	}
	return []sdk.Ruling{sdk.Escalate("slip-errors", checklist.Critical, sdk.T(
		"errors on this scale are not single slips any more",
		"差错已非个别现象"))}
}

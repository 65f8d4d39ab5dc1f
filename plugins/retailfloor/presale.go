package retailfloor

import "github.com/seed-34fcb60d/rounds/plugins/sdk"

func presale() sdk.Sheet {
	return sdk.Define("retail.presale", sdk.T("Before the sale", "售前服务"), 85,
		sdk.Section("staff", sdk.T("Staff", "员工"),
			sdk.Item("appearance", sdk.T(
				"Appearance follows the rules of the house",
				"仪容仪表符合商场规范")),
			sdk.Item("etiquette", sdk.T(
				"Etiquette follows the rules of the house",
				"礼节礼貌符合商场规范")),
			sdk.Item("greeting-and-farewell", sdk.T(
				"Customers are greeted at opening and seen off at closing, every day, in the set form",
				"每日开店迎宾、闭店送宾，按规定的形式进行"), sdk.Key(), sdk.Weight(3)),
		),
		sdk.Section("goods", sdk.T("Goods", "商品"),
			sdk.Item("display", sdk.T(
				"Goods are displayed to attract and are easy to take and put back, shelves are full, and each counter checks its own area",
				"商品陈列美观、取放方便、货架丰满，各柜组对本区域自查到位"), sdk.Weight(2), sdk.EvidenceOnFail()),
			sdk.Item("price-labels", sdk.T(
				"Price labels are complete and right",
				"明码标价，价签齐全准确"), sdk.Weight(2), sdk.Major(), sdk.EvidenceOnFail()),
		),
	)
}

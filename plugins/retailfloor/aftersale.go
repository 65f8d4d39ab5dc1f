package retailfloor

import "github.com/seed-34fcb60d/rounds/plugins/sdk"

func aftersale() sdk.Sheet {
	return sdk.Define("retail.aftersale", sdk.T("After the sale", "售后服务"), 85,
		sdk.Section("handover", sdk.T("Before the customer leaves", "顾客离店前"),
			sdk.Item("shown-complete", sdk.T(
				"Goods are opened and shown to be complete before the customer leaves",
				"顾客离开前当面开箱，验明商品完好齐全"), sdk.Weight(2)),
			sdk.Item("use-and-care", sdk.T(
				"Use and care are explained",
				"讲解使用和保养方法")),
		),
		sdk.Section("requests", sdk.T("Requests and returns", "顾客要求与退换货"),
			sdk.Item("delivery-recorded", sdk.T(
				"Requests for delivery or installation are recorded with name, address and telephone, and passed on",
				"送货、安装要求登记姓名、地址、电话，并及时转办"), sdk.Weight(2), sdk.Major()),
			sdk.Item("cannot-serve", sdk.T(
				"What the house cannot do is said at once, and an alternative is offered",
				"无法办到的要求当即说明，并提供替代办法")),
			sdk.Item("returns-welcome", sdk.T(
				"Returns and exchanges are received as kindly as a purchase",
				"退货、换货与购物时同样热情接待"), sdk.Weight(2), sdk.Major()),
		),
	)
}

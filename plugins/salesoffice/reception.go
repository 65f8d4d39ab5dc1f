package salesoffice

import "github.com/seed-34fcb60d/rounds/plugins/sdk"

func reception() sdk.Sheet {
	return sdk.Define("salesoffice.reception", sdk.T("Customer reception", "客户接待"), 85,
		sdk.Section("welcome", sdk.T("Welcome", "迎客"),
			sdk.Item("door-and-greeting", sdk.T(
				"The door is opened for customers, and they are greeted",
				"主动为客户开门并问好"), sdk.Weight(2)),
			sdk.Item("earlier-contact", sdk.T(
				"Customers are asked whether they have been in contact before",
				"询问客户此前是否来访或来电")),
			sdk.Item("seated-and-served", sdk.T(
				"Customers are seated and served a drink",
				"引导客户入座并奉茶")),
		),
		sdk.Section("introduction", sdk.T("Introduction", "讲解"),
			sdk.Item("introduction-minutes", sdk.T(
				"The project is introduced at length (minutes)",
				"详细讲解项目（讲解分钟数）"), sdk.Weight(2), sdk.Tracked(sdk.Minutes, sdk.AtLeast(30))),
			sdk.Item("consistent-facts", sdk.T(
				"The facts are told consistently, whoever tells them",
				"讲解口径统一，内容前后一致"), sdk.Weight(3), sdk.Major()),
		),
		sdk.Section("farewell", sdk.T("Farewell", "送客"),
			sdk.Item("registered", sdk.T(
				"The visit is registered",
				"来访登记完整"), sdk.Weight(2), sdk.Major()),
			sdk.Item("seen-off", sdk.T(
				"Customers are seen off",
				"送客户出门并道别")),
		),
	)
}

package salesoffice

import "github.com/seed-34fcb60d/rounds/plugins/sdk"

func daily() sdk.Sheet {
	return sdk.Define("salesoffice.daily", sdk.T("Daily readiness", "每日准备"), 80,
		sdk.Section("rooms", sdk.T("Rooms", "环境卫生"),
			sdk.Item("lights", sdk.T("The lights are clean", "灯具清洁明亮")),
			sdk.Item("tables", sdk.T("The tables are clean", "桌面干净整齐")),
			sdk.Item("floor", sdk.T("The floor is clean", "地面无污渍、无杂物")),
			sdk.Item("model", sdk.T("The model of the project is clean", "沙盘模型洁净无尘")),
			sdk.Item("restroom", sdk.T("The restroom is clean", "洗手间清洁无异味"), sdk.Weight(2)),
			sdk.Item("tea-set", sdk.T("The tea set is clean", "茶具洗净备用")),
		),
		sdk.Section("equipment", sdk.T("Equipment", "设备"),
			sdk.Item("air-conditioning", sdk.T("The air conditioning is checked and works", "空调已检查，运行正常")),
			sdk.Item("lines", sdk.T("The lines are checked and work", "各类线路已检查，畅通安全"), sdk.Weight(2), sdk.Major()),
		),
		sdk.Section("work", sdk.T("Papers and plan", "资料与计划"),
			sdk.Item("papers", sdk.T("The papers are ready", "销售资料准备齐全"), sdk.Weight(2)),
			sdk.Item("day-plan", sdk.T("The plan of the day is made", "当日工作计划已制定")),
		),
	)
}

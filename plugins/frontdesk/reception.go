package frontdesk

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// checkInMinutes is the longest good check-in. The regulations leave the figure
// to the house; this is our default.
const checkInMinutes = 5

func reception() sdk.Sheet {
	return sdk.Define("frontdesk.reception", sdk.T("Reception", "接待服务"), 90,
		sdk.Section("rooms", sdk.T("Knowing the rooms", "掌握房态"),
			sdk.Item("room-status", sdk.T(
				"Knows at any time which rooms are sold, vacant and blocked",
				"随时掌握已售、空置和锁定的房间"), sdk.Weight(2)),
			sdk.Item("rooms-to-let", sdk.T(
				"Knows which rooms can be let today, with their class and price",
				"掌握当日可售房间及其房型、房价"), sdk.Weight(2)),
			sdk.Item("room-knowledge", sdk.T(
				"Knows the position, outlook, class, equipment and rate of every room",
				"熟悉每间客房的位置、朝向、等级、设施和价格")),
		),
		sdk.Section("readiness", sdk.T("Ready for the day", "当日准备"),
			sdk.Item("groups-of-the-day", sdk.T(
				"Knows the groups and important guests of the day and is ready for them",
				"了解当日团队和贵宾情况，准备就绪")),
			sdk.Item("important-rooms", sdk.T(
				"The rooms for important guests are kept",
				"贵宾用房预留到位，不挪作他用"), sdk.Weight(2), sdk.Major()),
			sdk.Item("manager-told", sdk.T(
				"The manager is told when important guests arrive and leave",
				"贵宾抵店、离店及时报告经理")),
			sdk.Item("transport-times", sdk.T(
				"Knows when today's flights, trains and coaches arrive",
				"掌握当日航班、列车、客车的到达时间")),
		),
		sdk.Section("check-in", sdk.T("Check-in", "办理入住"),
			sdk.Item("single-guests", sdk.T(
				"Guests who come without a group are greeted first, asked for a booking and given a suitable room",
				"主动问候散客，询问有无预订，安排合适的房间"), sdk.Weight(2)),
			sdk.Item("identity-checked", sdk.T(
				"The registration card is checked against the guest's document before a key is handed out",
				"发放钥匙前，将登记卡与宾客证件核对无误"), sdk.Key(), sdk.Weight(4), sdk.Critical(), sdk.EvidenceOnFail()),
			sdk.Item("payment", sdk.T(
				"The way of payment is clear, and the deposit is asked for politely",
				"问清付款方式，礼貌收取押金"), sdk.Weight(2)),
			sdk.Item("discounts", sdk.T(
				"Every discount is signed by a manager within that manager's limit",
				"房价折扣均由经理在其权限内签批"), sdk.Key(), sdk.Weight(3), sdk.EvidenceOnFail()),
			sdk.Item("check-in-minutes", sdk.T(
				"Keys are handed out fast and correctly (minutes of the check-in)",
				"发放钥匙快捷无误（办理入住所用分钟数）"), sdk.Weight(2), sdk.Tracked(sdk.Minutes, sdk.AtMost(checkInMinutes))),
			sdk.Item("safe-reminder", sdk.T(
				"Guests are reminded of the safe for valuables",
				"提醒宾客使用贵重物品保险箱")),
			sdk.Item("guest-data", sdk.T(
				"Guest data are entered at once and correctly, and switchboard and housekeeping are informed",
				"宾客资料即时准确录入，并通知总机和客房部"), sdk.Weight(2)),
		),
		sdk.Section("stay", sdk.T("During the stay", "住店期间"),
			sdk.Item("room-change", sdk.T(
				"The reason for a room change is understood; if the house is at fault it is arranged at once and the departments are told",
				"换房问明原因，属酒店责任的立即安排，并通知有关部门")),
			sdk.Item("key-to-stranger", sdk.T(
				"No key goes to anybody who is not the room's guest (keys given to strangers)",
				"不将钥匙交给非本房宾客（误交的钥匙数）"),
				sdk.Key(), sdk.Weight(5), sdk.Critical(), sdk.Tracked(sdk.Count, sdk.AtMost(0)), sdk.EvidenceOnFail()),
		),
	).With(fastButWrong)
}

// fastButWrong gives no credit for speed that was bought with a skipped check or
// a key in the wrong hands: keys must be handed out fast and correctly.
func fastButWrong(a sdk.Answers) []sdk.Ruling {
	if !a.Passed("check-in-minutes") || !a.Failed("identity-checked") && !a.Failed("key-to-stranger") {
		return nil
	}
	return []sdk.Ruling{sdk.Fail("check-in-minutes", checklist.Minor, sdk.T(
		"Fast but not correct: a key was handed out without the check or to the wrong person",
		"快而有误：未经核对发放钥匙或将钥匙交错人"))}
}

package frontdesk

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

func reservations() sdk.Sheet {
	return sdk.Define("frontdesk.reservations", sdk.T("Reservations", "预订服务"), 85,
		sdk.Section("taking", sdk.T("Taking bookings", "受理预订"),
			sdk.Item("booking-form", sdk.T(
				"The booking form is filled in fully and entered in the system, and rooms for important guests are blocked",
				"预订单填写完整并录入系统，贵宾用房已锁定"), sdk.Weight(2)),
			sdk.Item("odd-moments", sdk.T(
				"Bookings that come at odd moments are handled with the same care",
				"非正常时段的预订同样认真处理")),
			sdk.Item("telephone-rings", sdk.T(
				"Telephone bookings are taken politely, availability is checked at once and the answer is exact (rings before the answer)",
				"电话预订应答有礼，当即查询房态并准确答复（接听前铃响声数）"), sdk.Weight(2), sdk.Tracked(sdk.Rings, sdk.AtMost(3))),
			sdk.Item("every-request", sdk.T(
				"Every request is answered and recorded, whether it is accepted or not",
				"每项预订要求无论接受与否，均予答复并记录"), sdk.Weight(2)),
		),
		sdk.Section("answering", sdk.T("Accepting, declining, cancelling", "接受、婉拒与取消"),
			sdk.Item("accepted", sdk.T(
				"Accepted: the guest is told what was booked, the price and how long it is held, but not the room number",
				"接受预订时，告知预订内容、房价和保留时限，不告知房号"), sdk.Weight(2), sdk.Excludes("declined")),
			sdk.Item("declined", sdk.T(
				"Declined: the reason is explained tactfully, with an apology",
				"婉拒预订时，委婉说明原因并致歉"), sdk.Weight(2), sdk.Excludes("accepted")),
			sdk.Item("cancellation", sdk.T(
				"A cancellation is entered, and a guest on the waiting list takes the place",
				"取消预订及时录入，并安排候补宾客递补")),
			sdk.Item("deposit-refund", sdk.T(
				"Deposits of cancelled bookings are refunded by the rules",
				"已取消预订的订金按规定退还"), sdk.Weight(2), sdk.Major(), sdk.EvidenceOnFail()),
		),
		sdk.Section("keeping", sdk.T("Keeping the promise", "履约保障"),
			sdk.Item("without-room", sdk.T(
				"No confirmed booking is left without a room (bookings left on the day)",
				"已确认的预订均有房入住（当日落空的预订数）"),
				sdk.Key(), sdk.Weight(5), sdk.Critical(), sdk.Tracked(sdk.Count, sdk.AtMost(0)), sdk.EvidenceOnFail()),
			sdk.Item("house-full", sdk.T(
				"The house is full: guests are found a room elsewhere",
				"客满时，主动为宾客联系其他住处"), sdk.Weight(2), sdk.Excludes("house-empty")),
			sdk.Item("house-empty", sdk.T(
				"The house is empty: guests are actively sought",
				"客源不足时，主动招揽宾客"), sdk.Excludes("house-full")),
		),
		sdk.Section("preparing", sdk.T("Preparing arrivals", "抵店准备"),
			sdk.Item("reports", sdk.T(
				"Reports are compiled correctly and reach the departments in time",
				"预订报表编制准确，按时送达各部门")),
			sdk.Item("important-guests", sdk.T(
				"Names, number, nationality, arrival, departure, room and wishes of important guests, and every change, are reported at once",
				"贵宾的姓名、人数、国籍、抵离时间、用房、要求及其变更，立即通报"), sdk.Weight(2), sdk.Major()),
			sdk.Item("gifts-and-flowers", sdk.T(
				"Gifts and flowers for important guests are ordered by form before they arrive",
				"贵宾礼品和鲜花在抵店前填单申领")),
			sdk.Item("forms-to-reception", sdk.T(
				"Booking forms reach reception in time, with the registration cards prepared",
				"预订单连同备好的登记卡按时送交接待处")),
			sdk.Item("arrivals-list", sdk.T(
				"The list of tomorrow's expected arrivals is prepared",
				"次日预计抵店宾客名单已备妥")),
		),
	).With(guestLeftWithoutRoom)
}

// guestLeftWithoutRoom asks what became of guests whose confirmed booking was not
// kept: the house was full then, whatever the inspector says, and a guest who
// was not even found a room elsewhere is as grave as it gets.
func guestLeftWithoutRoom(a sdk.Answers) []sdk.Ruling {
	if left, _ := a.Number("without-room"); left == 0 {
		return nil
	}
	if !a.Applies("house-full") {
		return []sdk.Ruling{sdk.Reject("house-full", sdk.T(
			"A confirmed booking was left without a room, so the house was full: say whether the guest was found a room elsewhere",
			"有已确认的预订落空，说明已经客满：请填写是否为宾客联系了其他住处"))}
	}
	return []sdk.Ruling{sdk.Escalate("house-full", checklist.Critical, sdk.T(
		"a guest with a confirmed booking had nowhere to stay",
		"持已确认预订的宾客无处可住"))}
}

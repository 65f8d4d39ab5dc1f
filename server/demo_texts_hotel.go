package main

import "github.com/seed-34fcb60d/rounds/ent/db/servicecase"

// Short names for the tables of what customers say.
const (
	inPerson  = servicecase.ChannelIN_PERSON
	telephone = servicecase.ChannelTELEPHONE
	byEmail   = servicecase.ChannelEMAIL
	byChat    = servicecase.ChannelCHAT
	byLetter  = servicecase.ChannelLETTER
	survey    = servicecase.ChannelSURVEY
	platform  = servicecase.ChannelPUBLIC_PLATFORM
)

type channels = []servicecase.Channel

var hotelOccurrences = []occurrence{
	{
		kind: servicecase.KindCOMPLAINT, channels: channels{inPerson, telephone, platform}, severity: servicecase.SeverityMAJOR,
		topic: "check-in waiting time", department: "reception", product: "Room {room}", founded: true,
		subject:     "Waited {minutes} minutes to check in, two desks were closed",
		description: "Guest arrived with a confirmed booking at 15:10. Only two of four desks were staffed while a tour group was checked in. Nobody offered water or said how long it would take.",
		note:        "Roster checked: one colleague at lunch, one helping with the group. The group's keys had not been prepared as agreed. 排班与团队预制房卡均未按规定落实。",
		resolution:  "Apologised in person, late check-out until 16:00 given. Group keys are prepared the evening before from now on; a third desk opens when more than five guests wait.",
		answer:      "Guest thanked us and will judge the next stay.",
	}, {
		kind: servicecase.KindCOMPLAINT, channels: channels{telephone, inPerson}, severity: servicecase.SeverityMAJOR,
		topic: "客房噪音", department: "engineering", product: "Room {room}", founded: true,
		subject:     "{room}房空调异响，整夜无法入睡",
		description: "客人来电称空调出风口持续异响，凌晨一点报修后无人跟进，要求换房并减免房费。",
		note:        "已到房检查，风机轴承磨损。夜班报修单未转工程部。",
		resolution:  "当日更换轴承并试机正常，客人换至高楼层同类房，减免房费{amount}元。夜间报修改为系统派单，不再口头转达。",
		answer:      "客人表示已休息好，对处理结果满意。",
	}, {
		kind: servicecase.KindREPAIR, channels: channels{telephone, byChat}, severity: servicecase.SeverityMINOR,
		topic: "room maintenance", department: "engineering", product: "Room {room}", founded: true,
		subject:    "Room {room}: the bathroom tap drips and the drain is slow",
		note:       "Washer worn, hair in the trap.",
		resolution: "Washer replaced, trap cleaned, tested with the guest. 已更换垫圈并疏通地漏，经客人确认。",
		answer:     "Guest confirmed that it works.",
	}, {
		kind: servicecase.KindINQUIRY, channels: channels{telephone, byEmail, byChat}, severity: servicecase.SeverityMINOR,
		topic: "airport transfer", department: "concierge", founded: false,
		subject:     "Is there a shuttle to the airport before six in the morning?",
		description: "Family of four with six suitcases, flight at 08:25.",
		resolution:  "The first shuttle leaves at 06:30; a seven-seat car at 05:15 was booked instead, {amount} CNY, confirmed by message.",
		answer:      "Guest received the driver's details.",
	}, {
		kind: servicecase.KindCOMPLAINT, channels: channels{inPerson, platform, survey}, severity: servicecase.SeverityMAJOR,
		topic: "room cleanliness", department: "guest-floors", product: "Room {room}", founded: true,
		subject:     "Hair on the bathroom floor and a used glass in room {room}",
		description: "Found after check-in in the evening. The guest sent two photos and asked whether the room had been cleaned at all.",
		note:        "Room was released at 14:52 without the supervisor's check because of the early arrival. 主管未查房即放房。",
		resolution:  "Room cleaned again within 20 minutes, fruit and a note of apology placed. No room is released without the supervisor's signature.",
		answer:      "Guest accepted the apology and stayed in the room.",
	}, {
		kind: servicecase.KindCOMMENDATION, channels: channels{byLetter, inPerson, survey}, severity: servicecase.SeverityMINOR,
		topic: "表扬", department: "concierge", founded: true,
		subject:     "客人来信表扬礼宾部寻回遗失护照",
		description: "客人将护照遗落在出租车上，礼宾员联系车队调度，两小时内送回酒店。",
		resolution:  "已在班前会宣读，记入员工档案，参加半年度最佳服务评选。",
		answer:      "已回信致谢。",
	}, {
		kind: servicecase.KindCOMPLAINT, channels: channels{inPerson, telephone}, severity: servicecase.SeverityCRITICAL,
		topic: "overbooking", department: "reservations", product: "Booking {order}", founded: true,
		subject:     "Guest with a confirmed booking was left without a room",
		description: "Booking {order} was confirmed for two nights. On arrival at 22:40 no room of any class was free.",
		note:        "Two departures extended in the afternoon and the status was not passed on. Manager on duty informed at once. 已即刻上报值班经理。",
		resolution:  "Guest lodged at the partner hotel with transfer both ways at our cost, upgraded for the second night. Extensions are entered before they are granted from now on.",
		answer:      "Guest took the second night with us and considers the matter settled.",
	}, {
		kind: servicecase.KindCOMPLAINT, channels: channels{inPerson, survey}, severity: servicecase.SeverityMINOR,
		topic: "餐饮服务", department: "restaurant", founded: true,
		subject:     "自助早餐等位{minutes}分钟，餐台补菜不及时",
		description: "八点半至九点高峰，热菜台空盘无人补，咖啡机缺豆。",
		note:        "当日两人临时请假，未从宴会部调人支援。",
		resolution:  "高峰时段增设一名补菜员，与宴会部建立互助排班；已向客人致歉并赠送下次早餐券。",
		answer:      "客人理解，次日用餐反映良好。",
	}, {
		kind: servicecase.KindSUGGESTION, channels: channels{survey, byEmail, inPerson}, severity: servicecase.SeverityMINOR,
		topic: "room amenities", department: "housekeeping", founded: true,
		subject:     "Please put an international socket beside the bed",
		description: "Third stay this year; the only socket that takes a European plug is behind the desk.",
		resolution:  "Adapters are at hand on every floor now and offered at check-in; sockets are on the list of the next renovation. 已列入改造计划。",
		answer:      "Guest was told and liked the idea.",
	}, {
		kind: servicecase.KindINCIDENT, channels: channels{inPerson, telephone}, severity: servicecase.SeverityCRITICAL,
		topic: "guest safety", department: "security", product: "Lobby", founded: true,
		subject:     "Guest slipped on the wet lobby floor beside the revolving door",
		description: "Rain, no warning sign, the mat had been taken away for cleaning. Bruised knee, no ambulance wanted.",
		note:        "Camera footage of 18:20 to 18:35 saved. Mat was out for 40 minutes. 已调取监控留存。",
		resolution:  "First aid given, doctor's visit offered and declined, taxi paid. A second mat is kept; the sign goes up before the mat goes away.",
		answer:      "Guest is well and asks for nothing further.",
	}, {
		kind: servicecase.KindCOMPLAINT, channels: channels{byEmail, telephone}, severity: servicecase.SeverityMINOR,
		topic: "invoice", department: "reception", product: "Booking {order}", founded: true,
		subject:     "发票抬头开错，要求重开并邮寄",
		description: "订单{order}，客人退房时核对过抬头，回公司后发现税号少一位。",
		note:        "前台手工录入，未用扫码开票。",
		resolution:  "原票作废重开，快递寄出。开票一律使用扫码录入，交客人屏幕确认后打印。",
		answer:      "客人已收到发票。",
	}, {
		kind: servicecase.KindCOMPLAINT, channels: channels{platform, telephone}, severity: servicecase.SeverityMINOR,
		topic: "rate dispute", department: "reservations", product: "Booking {order}", founded: false,
		subject:     "Guest found the room {amount} CNY cheaper on a booking site after arrival",
		description: "Asks for the difference under the best-rate promise.",
		note:        "The cheaper rate is prepaid and cannot be cancelled; ours could. 两种房价条件不同。",
		resolution:  "Difference in conditions explained with both rate sheets; a voucher for the spa given as a courtesy.",
		answer:      "Guest understands, was not entirely happy.",
	}, {
		kind: servicecase.KindCOMPLAINT, channels: channels{inPerson, telephone}, severity: servicecase.SeverityMAJOR,
		topic: "laundry", department: "laundry", product: "Room {room}", founded: true,
		subject:     "A shirt came back from the laundry with a burn mark",
		description: "Express service, needed for a conference at 14:00. The guest values it at {amount} CNY.",
		note:        "Iron at position 3 overheats; taken out of use. 三号熨斗温控失灵，已停用。",
		resolution:  "Value refunded, a shirt lent from the uniform room for the day, express charge cancelled.",
		answer:      "Guest received the refund and made the conference.",
	}, {
		kind: servicecase.KindCOMPLAINT, channels: channels{telephone, survey}, severity: servicecase.SeverityMINOR,
		topic: "宴会服务", department: "banquets", product: "Event {order}", founded: false,
		subject:     "婚宴主办方反映上菜节奏慢于约定",
		description: "活动{order}，主办方称第五道菜后等待约{minutes}分钟。",
		note:        "核对流程单，新人敬酒环节延长，厨房按司仪示意顺延出菜。",
		resolution:  "向主办方说明流程单记录，双方确认系环节调整所致；赠送果盘一份以示诚意。",
		answer:      "主办方认可说明。",
	},
}

// corrections are what becomes of findings of inspections.
var corrections = []occurrence{
	{
		severity: servicecase.SeverityMAJOR, founded: true,
		note:       "Spoke with the colleague on duty; the step was skipped under pressure, not for want of knowledge.",
		resolution: "The standard was gone through with the whole shift; the shift leader looks at it at every handover for two weeks.",
	}, {
		severity: servicecase.SeverityMAJOR, founded: true,
		note:       "已找当事人了解情况，系操作不熟练。",
		resolution: "安排一对一带教三天并复测合格，班组全员重温规程，责任人按规定记录。",
	}, {
		severity: servicecase.SeverityMAJOR, founded: true,
		note:       "Three more shifts were looked at: once more. 抽查另三个班次，又发现一例。",
		resolution: "Retraining for both shifts with a signed test; checked again by patrol, no repetition. 复查未再发生。",
	},
}

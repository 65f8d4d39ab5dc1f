package main

import "time"

// What the rows are made of. The shares are guesses at an ordinary company.
var (
	stations     = map[string]int{"OPEN": 0, "DISPATCHED": 1, "ACCEPTED": 2, "RESOLVED": 3, "CLOSED": 4}
	openStatuses = []weighted{{"OPEN", 20}, {"DISPATCHED", 25}, {"ACCEPTED", 40}, {"RESOLVED", 15}}
	severities   = []weighted{{"MINOR", 70}, {"MAJOR", 25}, {"CRITICAL", 5}}
	dueIn        = map[string]time.Duration{"MINOR": 72 * time.Hour, "MAJOR": 24 * time.Hour, "CRITICAL": 4 * time.Hour}
	caseKinds    = []weighted{{"COMPLAINT", 45}, {"INQUIRY", 20}, {"REPAIR", 12}, {"RETURN_EXCHANGE", 10}, {"SUGGESTION", 8}, {"COMMENDATION", 3}, {"INCIDENT", 2}}
	channels     = []weighted{{"TELEPHONE", 40}, {"IN_PERSON", 25}, {"CHAT", 15}, {"EMAIL", 10}, {"PUBLIC_PLATFORM", 5}, {"SURVEY", 3}, {"LETTER", 2}}
	closures     = []weighted{{"CUSTOMER_AGREED", 90}, {"MANAGER_DECISION", 10}}
	entryKinds   = []weighted{{"NOTE", 45}, {"CALL", 20}, {"MESSAGE_TO_CUSTOMER", 15}, {"MESSAGE_FROM_CUSTOMER", 10}, {"DECISION", 10}}
	layers       = []weighted{{"SELF_CHECK", 60}, {"PATROL", 25}, {"SAMPLING", 12}, {"SPECIAL", 3}}

	taskTitles = []weighted{{"Check the stock", 40}, {"Send the photographs", 30}, {"Take part in the visit", 30}}

	customerKinds = []weighted{{"PERSON", 92}, {"COMPANY", 8}}
	sources       = []weighted{{"walk-in", 45}, {"friend", 25}, {"search engine", 20}, {"newspaper", 10}}

	departmentNames = []string{"Front desk", "Reservations", "Housekeeping", "Restaurant", "Security", "Cashiers", "Clothing", "Home appliances", "After-sales", "Sales floor"}
	topics          = []string{"waiting time", "staff manner", "wrong bill", "noise", "defective goods", "delivery", "cleanliness", "parking"}
	surnames        = []string{"Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Huang", "Zhao", "Wu", "Zhou", "Xu", "Sun", "Ma", "Zhu", "Hu", "Guo", "He", "Lin", "Gao", "Luo"}
	givenNames      = []string{"Wei", "Fang", "Na", "Min", "Jing", "Lei", "Jun", "Yang", "Yong", "Yan", "Jie", "Juan", "Tao", "Ming", "Chao", "Xia", "Ping", "Gang", "Yue", "Ning"}

	subjects = []string{"Waited long at the counter", "The bill is wrong", "Air conditioning does not work", "Asks for an invoice", "The delivery came late",
		"Wants to return a coat", "Praises the porter", "Noise at night", "前台排队时间过长", "空调无法制冷"}
	said = []string{"The customer waited for more than half an hour and nobody explained why.", "The same had happened a week before.",
		"The person at the counter was polite but could not help.", "The customer wants to be called back before the evening.",
		"A refund of the service charge was asked for.", "The goods were unpacked at the counter and found to be scratched.",
		"客户表示此前已多次反映同一问题，希望尽快答复。", "The receipt is at hand; a copy was taken."}
	notes = []string{"Called the customer and explained the delay.", "Asked the floor manager for the shift plan.", "The technician comes tomorrow morning.",
		"The customer agreed to an exchange.", "Sent the corrected bill.", "No answer; will call again.", "已与客户联系并致歉。", "Passed on to the supplier."}
	resolutions = []string{"The bill was corrected and the difference refunded.", "The part was replaced and tested with the customer.",
		"The shift was reinforced at the hours of arrival.", "The goods were exchanged.", "已更换部件并回访确认。"}
)

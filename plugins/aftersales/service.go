package aftersales

import "github.com/seed-34fcb60d/rounds/plugins/sdk"

// completionDays is the longest good time for a return, exchange or repair. The
// regulations leave the figure to the company; this is our default.
const completionDays = 7

func service() sdk.Sheet {
	return sdk.Define("aftersales.service", sdk.T("Returns, repairs, visits", "退换、维修与上门服务"), 85,
		sdk.Section("request", sdk.T("The request", "受理申请"),
			sdk.Item("policy-explained", sdk.T(
				"The policy was explained",
				"已向客户说明退换和保修政策")),
			sdk.Item("eligibility", sdk.T(
				"Eligibility was checked and the decision recorded",
				"已核实是否符合条件，并记录处理决定"), sdk.Weight(2), sdk.Major()),
			sdk.Item("completion-days", sdk.T(
				"The request was completed in time (days)",
				"按期办结（所用天数）"), sdk.Weight(2), sdk.Major(), sdk.Tracked(sdk.Days, sdk.AtMost(completionDays))),
		),
		sdk.Section("visit", sdk.T("Repair and visit", "维修与上门"),
			sdk.Item("appointment-kept", sdk.T(
				"The appointment was kept, and the technician identified themself",
				"按约定时间上门，服务人员主动表明身份"), sdk.Weight(2)),
			sdk.Item("work-tested", sdk.T(
				"The work was tested with the customer and the use explained",
				"与客户当面调试验收，并讲解使用方法"), sdk.Weight(2)),
			sdk.Item("left-clean", sdk.T(
				"The place was left clean",
				"作业完毕清理现场")),
			sdk.Item("charges-confirmed", sdk.T(
				"Parts and charges were confirmed in writing",
				"更换的零件和费用经书面确认"), sdk.Weight(2), sdk.Major(), sdk.EvidenceOnFail()),
		),
		sdk.Section("afterwards", sdk.T("Afterwards", "服务之后"),
			sdk.Item("delivery-follow-up", sdk.T(
				"The follow-up after delivery was made within the set days",
				"交货后在规定天数内回访"), sdk.Weight(2)),
			sdk.Item("data-locked-away", sdk.T(
				"Customer data are locked away and never passed on",
				"客户资料妥善保管，绝不外传"), sdk.Weight(3), sdk.Critical(), sdk.EvidenceOnFail()),
		),
	).With(visitIsWhole)
}

// visitIsWhole refuses half a visit: a technician who came has worked and left
// the place, and a place can be left only by one who came.
func visitIsWhole(a sdk.Answers) []sdk.Ruling {
	var rulings []sdk.Ruling
	if a.Passed("appointment-kept") {
		for _, item := range []string{"work-tested", "left-clean"} {
			if !a.Applies(item) {
				rulings = append(rulings, sdk.Reject(item, sdk.T(
					"The technician came: answer this item, too", "服务人员已上门，此项也须填写")))
			}
		}
	}
	if a.Applies("left-clean") && !a.Applies("appointment-kept") {
		rulings = append(rulings, sdk.Reject("appointment-kept", sdk.T(
			"The place was visited: answer whether the appointment was kept", "已有上门作业，请填写是否按约上门")))
	}
	return rulings
}

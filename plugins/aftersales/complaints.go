package aftersales

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// Figures that the regulations leave to the company; these are our defaults.
const (
	dispatchMinutes = 30 // longest good time from registration to dispatch
	answeredShare   = 95 // smallest good share of complaints answered in time, in percent
	graveShare      = 50 // below this share the finding is critical
)

func complaints() sdk.Sheet {
	return sdk.Define("aftersales.complaints", sdk.T("Complaints", "投诉处理"), 90,
		sdk.Section("intake", sdk.T("Intake", "受理"),
			sdk.Item("registered", sdk.T(
				"Content, time and contact are registered completely",
				"投诉内容、时间和联系方式登记完整"), sdk.Key(), sdk.Weight(3)),
			sdk.Item("dispatch-minutes", sdk.T(
				"The complaint is dispatched to the department responsible with a deadline (minutes until dispatch)",
				"投诉限期转交责任部门（转交所用分钟数）"),
				sdk.Key(), sdk.Weight(3), sdk.Tracked(sdk.Minutes, sdk.AtMost(dispatchMinutes))),
			sdk.Item("deadline-told", sdk.T(
				"The customer was told the deadline",
				"已将处理时限告知客户")),
		),
		sdk.Section("handling", sdk.T("Handling", "处理"),
			sdk.Item("answered-in-time", sdk.T(
				"Complaints are answered within the deadline (share answered in time)",
				"投诉在时限内答复（及时答复率）"), sdk.Weight(2), sdk.Major(), sdk.Tracked(sdk.Percent, sdk.AtLeast(answeredShare))),
			sdk.Item("cause-determined", sdk.T(
				"The cause and the department and person responsible are determined",
				"查明原因，确定责任部门和责任人"), sdk.Weight(2), sdk.Major()),
		),
		sdk.Section("closing", sdk.T("Closing", "结案"),
			sdk.Item("follow-up", sdk.T(
				"A follow-up was made, and the case was closed only on the customer's word",
				"已回访客户，经客户认可后结案"), sdk.Key(), sdk.Weight(3)),
			sdk.Item("archive", sdk.T(
				"The archive is complete",
				"投诉档案完整")),
		),
	).With(archiveWithGaps, answersOutOfHand)
}

// archiveWithGaps fails an archive that was called complete although what belongs
// into it was never written down.
func archiveWithGaps(a sdk.Answers) []sdk.Ruling {
	if !a.Passed("archive") || !a.Failed("registered") && !a.Failed("cause-determined") {
		return nil
	}
	return []sdk.Ruling{sdk.Fail("archive", checklist.Minor, sdk.T(
		"The registration or the cause is missing from it",
		"档案缺少登记内容或原因认定"))}
}

// answersOutOfHand makes it critical when most customers wait in vain.
func answersOutOfHand(a sdk.Answers) []sdk.Ruling {
	if share, applies := a.Number("answered-in-time"); !applies || share >= graveShare {
		return nil
	}
	return []sdk.Ruling{sdk.Escalate("answered-in-time", checklist.Critical, sdk.T(
		"most customers were not answered in time",
		"多数客户未得到及时答复"))}
}

package salesoffice

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

func calls() sdk.Sheet {
	return sdk.Define("salesoffice.calls", sdk.T("Call handling", "来电接听"), 85,
		sdk.Section("call", sdk.T("The call", "通话"),
			sdk.Item("third-ring", sdk.T(
				"The call is answered before the third ring",
				"第三声铃响之前接听"), sdk.Weight(2)),
			sdk.Item("set-opening", sdk.T(
				"The call opens with the set words",
				"使用规范开场白")),
			sdk.Item("call-minutes", sdk.T(
				"The call is kept short (minutes)",
				"通话简明扼要（通话分钟数）"), sdk.Tracked(sdk.Minutes, sdk.AtMost(3))),
			sdk.Item("invited", sdk.T(
				"The caller is invited to visit",
				"邀请来电客户到访"), sdk.Weight(2)),
		),
		sdk.Section("record", sdk.T("The record", "记录"),
			sdk.Item("contact-taken", sdk.T(
				"The caller's contact data are taken",
				"留取来电客户的联系方式"), sdk.Weight(2), sdk.Major()),
			sdk.Item("logged", sdk.T(
				"The call is logged",
				"来电登记完整"), sdk.Weight(2), sdk.Major()),
		),
	).With(contactLost)
}

// contactLost gives no credit for contact data of a call that was not logged:
// nobody finds them again.
func contactLost(a sdk.Answers) []sdk.Ruling {
	if !a.Passed("contact-taken") || !a.Failed("logged") {
		return nil
	}
	return []sdk.Ruling{sdk.Fail("contact-taken", checklist.Minor, sdk.T(
		"The call was not logged, so the contact data are lost", "来电未登记，联系方式无从查找"))}
}

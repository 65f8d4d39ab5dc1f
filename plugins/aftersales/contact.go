package aftersales

import "github.com/seed-34fcb60d/rounds/plugins/sdk"

// chatMinutes is the longest good wait for the first answer in a chat. The
// regulations leave the figure to the company; this is our default.
const chatMinutes = 3

func contact() sdk.Sheet {
	return sdk.Define("aftersales.contact", sdk.T("Telephone, e-mail and chat", "电话、邮件与在线咨询"), 85,
		sdk.Section("answering", sdk.T("Answering in time", "及时应答"),
			// The third ring itself is too late, hence two.
			sdk.Item("telephone-rings", sdk.T(
				"The telephone is answered before the third ring (rings before the answer)",
				"电话在第三声铃响之前接听（接听前铃响声数）"), sdk.Key(), sdk.Weight(3), sdk.Tracked(sdk.Rings, sdk.AtMost(2))),
			sdk.Item("email-same-day", sdk.T(
				"E-mail is answered the same day",
				"电子邮件当日答复"), sdk.Weight(2)),
			sdk.Item("chat-minutes", sdk.T(
				"A chat is answered within the limit (minutes until the first answer)",
				"在线咨询在时限内应答（首次应答前的分钟数）"), sdk.Weight(2), sdk.Tracked(sdk.Minutes, sdk.AtMost(chatMinutes))),
		),
		sdk.Section("conversation", sdk.T("The conversation", "沟通过程"),
			sdk.Item("set-greeting", sdk.T(
				"The contact opens with the set greeting, and the customer is addressed by name",
				"使用规范问候语，以姓氏尊称客户")),
			sdk.Item("listening", sdk.T(
				"Listens to the end, does not interrupt and never hangs up first",
				"耐心听完，不打断客户，不先挂断电话"), sdk.Weight(2), sdk.Major()),
			sdk.Item("recorded", sdk.T(
				"The need, the result and the contact data are recorded",
				"记录客户需求、处理结果和联系方式"), sdk.Weight(2)),
			sdk.Item("no-empty-promise", sdk.T(
				"Nothing is promised beyond one's authority",
				"不作超越权限的承诺"), sdk.Weight(2), sdk.Major()),
		),
	).With(contactHasChannel)
}

// contactHasChannel refuses an inspection in which the customer came neither by
// telephone nor by e-mail nor by chat: there was nothing to listen to then.
func contactHasChannel(a sdk.Answers) []sdk.Ruling {
	if a.Applies("telephone-rings") || a.Applies("email-same-day") || a.Applies("chat-minutes") {
		return nil
	}
	return []sdk.Ruling{sdk.Reject("telephone-rings", sdk.T(
		"The customer came by telephone, e-mail or chat: answer at least one of them",
		"客户须经电话、邮件或在线咨询联系，三项至少填写一项"))}
}

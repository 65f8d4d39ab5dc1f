package frontdesk

import "github.com/seed-34fcb60d/rounds/plugins/sdk"

func conduct() sdk.Sheet {
	return sdk.Define("frontdesk.conduct", sdk.T("Appearance, discipline and knowledge", "仪容仪表、纪律与业务知识"), 85,
		sdk.Section("appearance", sdk.T("Appearance", "仪容仪表"),
			sdk.Item("uniform-clean", sdk.T(
				"The uniform is clean and ironed, shoes are polished and metal parts shine",
				"制服干净、熨烫平整，皮鞋光亮，金属饰件擦拭光洁"), sdk.Weight(2)),
			sdk.Item("uniform-complete", sdk.T(
				"The full uniform is worn, and nothing private shows over or under it",
				"按规定着全套制服，制服内外不外露私人衣物和饰品")),
			sdk.Item("name-badge", sdk.T(
				"The name badge sits straight and is clean and undamaged",
				"工号牌佩戴端正，干净无破损")),
			sdk.Item("grooming-men", sdk.T(
				"Men have short, plain hair and no beard, and keep their nails short",
				"男员工不留长发、不做怪异发型、不蓄须，指甲修剪整齐")),
			sdk.Item("grooming-women", sdk.T(
				"Women wear their hair neatly and keep their nails short",
				"女员工发型整齐大方，指甲修剪整齐")),
			sdk.Item("make-up", sdk.T(
				"Make-up and scent are light, nails are not dark, and the only jewellery is a wedding ring",
				"淡妆上岗，不涂深色指甲油，不用浓烈香水，除婚戒外不佩戴首饰")),
		),
		sdk.Section("manner", sdk.T("Manner towards guests", "待客态度"),
			sdk.Item("smile", sdk.T(
				"Every guest is met with a smile, with kind words and manners",
				"微笑迎客，言语亲切，举止友善"), sdk.Key(), sdk.Weight(3)),
			sdk.Item("respect", sdk.T(
				"No guest is talked about, laughed at or mimicked",
				"不议论、不讥笑、不模仿宾客"), sdk.Weight(2), sdk.Major()),
			sdk.Item("no-yawning", sdk.T(
				"Nobody yawns, scratches or sneezes in the sight of guests",
				"不在宾客面前打哈欠、抓挠、打喷嚏")),
			sdk.Item("attentive", sdk.T(
				"Staff are attentive to guests throughout the shift",
				"当班精神饱满，时刻关注宾客需求"), sdk.Weight(2)),
			sdk.Item("calm-in-rush", sdk.T(
				"When many guests come at once, staff stay calm and serve them in order",
				"宾客集中到店时沉着应对，忙而不乱，依次接待"), sdk.Key(), sdk.Weight(3)),
		),
		sdk.Section("discipline", sdk.T("Discipline", "劳动纪律"),
			sdk.Item("sober", sdk.T(
				"Nobody has taken alcohol or strong-smelling food before duty",
				"班前不饮酒，不吃气味浓烈的食物"), sdk.Weight(2), sdk.Major(), sdk.EvidenceOnFail()),
			sdk.Item("at-post", sdk.T(
				"Nobody leaves the post or trades a shift without permission",
				"不擅离岗位，未经批准不私自换班"), sdk.Weight(2), sdk.Major()),
			sdk.Item("no-private-business", sdk.T(
				"Nobody receives visitors, bathes or has a haircut while on duty",
				"当班时间不会客、不洗澡、不理发")),
			sdk.Item("telephone-use", sdk.T(
				"No private calls are made, and calls of the house are kept short",
				"不打私人电话，公务通话简明扼要")),
			sdk.Item("no-lingering", sdk.T(
				"Colleagues who are off duty do not linger at the desk",
				"非当班员工不在前台逗留")),
		),
		sdk.Section("knowledge", sdk.T("Knowledge and skill", "业务知识与技能"),
			sdk.Item("foreign-language", sdk.T(
				"Speaks the foreign language that the post requires fluently",
				"能流利运用本岗位要求的外语"), sdk.Weight(2)),
			sdk.Item("house-knowledge", sdk.T(
				"Knows the hotel's services, opening hours and main prices",
				"熟悉酒店服务项目、营业时间和主要价格"), sdk.Weight(2)),
			sdk.Item("city-knowledge", sdk.T(
				"Can tell guests about the city's transport, shops, specialities and sights",
				"熟悉本市交通、购物、特产和名胜")),
			sdk.Item("procedures", sdk.T(
				"Carries out the procedures of the post with confidence",
				"熟练掌握本岗位服务程序"), sdk.Weight(2)),
			sdk.Item("cooperation", sdk.T(
				"Works well with the other departments",
				"与其他部门协调配合良好")),
			sdk.Item("safety", sdk.T(
				"Can use the safety equipment, and reacts to a danger in time",
				"会使用安全消防器材，遇险情能及时处置"), sdk.Key(), sdk.Weight(3), sdk.Critical()),
		),
	).With(somebodyIsGroomed)
}

// somebodyIsGroomed refuses an inspection that looked at neither men nor women.
// Each item alone may be put aside, on a shift of women only, say.
func somebodyIsGroomed(a sdk.Answers) []sdk.Ruling {
	if a.Applies("grooming-men") || a.Applies("grooming-women") {
		return nil
	}
	return []sdk.Ruling{sdk.Reject("grooming-men", sdk.T(
		"Somebody was on duty: answer for the men, the women or both",
		"当班必有员工，男员工、女员工仪容至少检查一项"))}
}

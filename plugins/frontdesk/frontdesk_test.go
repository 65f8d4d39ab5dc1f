package frontdesk_test

import (
	"testing"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/frontdesk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

func TestPlugin(t *testing.T) {
	sdktest.Check(t, frontdesk.New())
}

func TestItems(t *testing.T) {
	sdktest.CheckOutline(t, frontdesk.New(), map[string][]string{
		"frontdesk.conduct": {
			1:  "uniform-clean",
			2:  "uniform-complete",
			3:  "name-badge",
			4:  "grooming-men | grooming-women",
			5:  "make-up",
			6:  "smile ▲",
			7:  "respect",
			8:  "sober",
			9:  "no-yawning",
			10: "foreign-language",
			11: "at-post",
			12: "no-private-business",
			13: "telephone-use",
			14: "attentive",
			15: "no-lingering",
			16: "calm-in-rush ▲",
			17: "house-knowledge",
			18: "city-knowledge",
			19: "procedures",
			20: "cooperation",
			21: "safety ▲",
		},
		"frontdesk.reservations": {
			1:  "booking-form",
			2:  "odd-moments",
			3:  "telephone-rings □ rings ≤ 3",
			4:  "every-request",
			5:  "accepted",
			6:  "declined",
			7:  "cancellation",
			8:  "deposit-refund",
			9:  "without-room ▲□ count ≤ 0",
			10: "reports",
			11: "important-guests",
			12: "gifts-and-flowers",
			13: "forms-to-reception",
			14: "arrivals-list",
			15: "house-full | house-empty",
		},
		"frontdesk.reception": {
			1:  "room-status",
			2:  "rooms-to-let",
			3:  "groups-of-the-day",
			4:  "important-rooms",
			5:  "manager-told",
			6:  "transport-times",
			7:  "identity-checked ▲",
			8:  "safe-reminder",
			9:  "single-guests",
			10: "payment",
			11: "discounts ▲",
			12: "check-in-minutes □ min ≤ 5",
			13: "guest-data",
			14: "room-change",
			15: "key-to-stranger ▲□ count ≤ 0",
			16: "room-knowledge",
		},
	})
}

func TestRules(t *testing.T) {
	sdktest.CheckRules(t, frontdesk.New(), []sdktest.RuleCase{
		{Name: "a shift of women only", Checklist: "frontdesk.conduct",
			Answers: []checklist.Answer{sdktest.NotApplicable("grooming-men")}, Passed: true},
		{Name: "a shift of men only", Checklist: "frontdesk.conduct",
			Answers: []checklist.Answer{sdktest.NotApplicable("grooming-women")}, Passed: true},
		{Name: "nobody's grooming looked at", Checklist: "frontdesk.conduct",
			Answers:  []checklist.Answer{sdktest.NotApplicable("grooming-men"), sdktest.NotApplicable("grooming-women")},
			Problems: "REJECTED_BY_RULE grooming-men"},

		{Name: "a booking both accepted and declined", Checklist: "frontdesk.reservations",
			Answers:  []checklist.Answer{sdktest.Yes("accepted", true), sdktest.Yes("declined", true)},
			Problems: "EXCLUDED_ANSWER accepted, EXCLUDED_ANSWER declined"},
		{Name: "a house both full and empty", Checklist: "frontdesk.reservations",
			Answers:  []checklist.Answer{sdktest.Yes("house-full", true), sdktest.Yes("house-empty", true)},
			Problems: "EXCLUDED_ANSWER house-full, EXCLUDED_ANSWER house-empty"},
		{Name: "a house neither full nor empty", Checklist: "frontdesk.reservations",
			Answers: []checklist.Answer{sdktest.NotApplicable("house-full"), sdktest.NotApplicable("house-empty")}, Passed: true},
		{Name: "a booking left without a room, guest lodged elsewhere", Checklist: "frontdesk.reservations",
			Answers:  []checklist.Answer{sdktest.Number("without-room", 1), sdktest.Yes("house-full", true)},
			Findings: "▲CRITICAL without-room"},
		{Name: "a booking left without a room, guest lodged nowhere", Checklist: "frontdesk.reservations",
			Answers:  []checklist.Answer{sdktest.Number("without-room", 2), sdktest.Yes("house-full", false)},
			Findings: "▲CRITICAL without-room, CRITICAL house-full"},
		{Name: "guests sent away from a full house, no booking among them", Checklist: "frontdesk.reservations",
			Answers:  []checklist.Answer{sdktest.Yes("house-full", false)},
			Findings: "MINOR house-full", Passed: true},
		{Name: "a booking left without a room in an empty house", Checklist: "frontdesk.reservations",
			Answers:  []checklist.Answer{sdktest.Number("without-room", 1), sdktest.NotApplicable("house-full"), sdktest.Yes("house-empty", true)},
			Problems: "REJECTED_BY_RULE house-full"},
		{Name: "a booking left without a room, no evidence", Checklist: "frontdesk.reservations",
			Answers:  []checklist.Answer{sdktest.WithoutEvidence(sdktest.Number("without-room", 1))},
			Problems: "EVIDENCE_MISSING without-room"},

		{Name: "a key given to a stranger", Checklist: "frontdesk.reception",
			Answers:  []checklist.Answer{sdktest.Number("key-to-stranger", 1)},
			Findings: "MINOR check-in-minutes, ▲CRITICAL key-to-stranger"},
		{Name: "a fast check-in without the check", Checklist: "frontdesk.reception",
			Answers:  []checklist.Answer{sdktest.Number("check-in-minutes", 1), sdktest.Yes("identity-checked", false)},
			Findings: "▲CRITICAL identity-checked, MINOR check-in-minutes"},
		{Name: "a slow check-in", Checklist: "frontdesk.reception",
			Answers:  []checklist.Answer{sdktest.Number("check-in-minutes", 5.5)},
			Findings: "MINOR check-in-minutes", Passed: true},
		{Name: "a discount over the limit, no evidence", Checklist: "frontdesk.reception",
			Answers:  []checklist.Answer{sdktest.WithoutEvidence(sdktest.Yes("discounts", false))},
			Problems: "EVIDENCE_MISSING discounts"},
		{Name: "a discount over the limit", Checklist: "frontdesk.reception",
			Answers:  []checklist.Answer{sdktest.Yes("discounts", false)},
			Findings: "▲MAJOR discounts"},
		{Name: "half a key", Checklist: "frontdesk.reception",
			Answers:  []checklist.Answer{sdktest.Number("key-to-stranger", 0.5)},
			Problems: "IMPOSSIBLE_NUMBER key-to-stranger"},
	})
}

package aftersales_test

import (
	"testing"

	"github.com/seed-34fcb60d/rounds/plugins/aftersales"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

func TestPlugin(t *testing.T) {
	sdktest.Check(t, aftersales.New())
}

func TestItems(t *testing.T) {
	sdktest.CheckOutline(t, aftersales.New(), map[string][]string{
		"aftersales.contact": {
			1: "telephone-rings ▲□ rings ≤ 2",
			2: "set-greeting",
			3: "email-same-day | chat-minutes □ min ≤ 3",
			4: "listening",
			5: "recorded",
			6: "no-empty-promise",
		},
		"aftersales.complaints": {
			1: "registered ▲",
			2: "dispatch-minutes ▲□ min ≤ 30",
			3: "deadline-told",
			4: "answered-in-time □ % ≥ 95",
			5: "cause-determined",
			6: "follow-up ▲",
			7: "archive",
		},
		"aftersales.service": {
			1: "policy-explained",
			2: "eligibility",
			3: "completion-days □ days ≤ 7",
			4: "appointment-kept",
			5: "work-tested",
			6: "left-clean",
			7: "charges-confirmed",
			8: "delivery-follow-up",
			9: "data-locked-away",
		},
	})
}

func TestRules(t *testing.T) {
	sdktest.CheckRules(t, aftersales.New(), []sdktest.RuleCase{
		{Name: "answered at the third ring", Checklist: "aftersales.contact",
			Answers:  []checklist.Answer{sdktest.Number("telephone-rings", 3)},
			Findings: "▲MAJOR telephone-rings"},
		{Name: "a chat only", Checklist: "aftersales.contact",
			Answers: []checklist.Answer{sdktest.NotApplicable("telephone-rings"), sdktest.NotApplicable("email-same-day")}, Passed: true},
		{Name: "an e-mail only", Checklist: "aftersales.contact",
			Answers: []checklist.Answer{sdktest.NotApplicable("telephone-rings"), sdktest.NotApplicable("chat-minutes")}, Passed: true},
		{Name: "no channel", Checklist: "aftersales.contact",
			Answers:  []checklist.Answer{sdktest.NotApplicable("telephone-rings"), sdktest.NotApplicable("email-same-day"), sdktest.NotApplicable("chat-minutes")},
			Problems: "REJECTED_BY_RULE telephone-rings"},

		{Name: "the archive of what was not registered", Checklist: "aftersales.complaints",
			Answers:  []checklist.Answer{sdktest.Yes("registered", false)},
			Findings: "▲MAJOR registered, MINOR archive"},
		{Name: "the archive without a cause", Checklist: "aftersales.complaints",
			Answers:  []checklist.Answer{sdktest.Yes("cause-determined", false)},
			Findings: "MAJOR cause-determined, MINOR archive"},
		{Name: "no archive yet", Checklist: "aftersales.complaints",
			Answers:  []checklist.Answer{sdktest.Yes("cause-determined", false), sdktest.NotApplicable("archive")},
			Findings: "MAJOR cause-determined"},
		{Name: "half of the answers in time", Checklist: "aftersales.complaints",
			Answers:  []checklist.Answer{sdktest.Number("answered-in-time", 50)},
			Findings: "MAJOR answered-in-time"},
		{Name: "most answers late", Checklist: "aftersales.complaints",
			Answers:  []checklist.Answer{sdktest.Number("answered-in-time", 49.9)},
			Findings: "CRITICAL answered-in-time"},
		{Name: "no answer due yet", Checklist: "aftersales.complaints",
			Answers: []checklist.Answer{sdktest.NotApplicable("answered-in-time")}, Passed: true},

		{Name: "a return over the counter", Checklist: "aftersales.service",
			Answers: []checklist.Answer{sdktest.NotApplicable("appointment-kept"), sdktest.NotApplicable("work-tested"),
				sdktest.NotApplicable("left-clean"), sdktest.NotApplicable("charges-confirmed")}, Passed: true},
		{Name: "half a visit", Checklist: "aftersales.service",
			Answers:  []checklist.Answer{sdktest.NotApplicable("work-tested"), sdktest.NotApplicable("left-clean")},
			Problems: "REJECTED_BY_RULE work-tested, REJECTED_BY_RULE left-clean"},
		{Name: "a technician who did not come", Checklist: "aftersales.service",
			Answers:  []checklist.Answer{sdktest.Yes("appointment-kept", false), sdktest.NotApplicable("work-tested"), sdktest.NotApplicable("left-clean")},
			Findings: "MINOR appointment-kept", Passed: true},
		{Name: "a place left by nobody", Checklist: "aftersales.service",
			Answers:  []checklist.Answer{sdktest.NotApplicable("appointment-kept")},
			Problems: "REJECTED_BY_RULE appointment-kept"},
		{Name: "customer data passed on, no evidence", Checklist: "aftersales.service",
			Answers:  []checklist.Answer{sdktest.WithoutEvidence(sdktest.Yes("data-locked-away", false))},
			Problems: "EVIDENCE_MISSING data-locked-away"},
	})
}

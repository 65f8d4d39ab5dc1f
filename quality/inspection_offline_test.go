package quality_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/answer"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
	"github.com/seed-34fcb60d/rounds/quality"
)

// together starts an inspection of the lead's and the agent's.
func (c *company) together(t testing.TB, code string) *db.Inspection {
	t.Helper()
	return must(c.StartInspection(c.as(t, "lead"), quality.StartInspection{Checklist: code, DepartmentID: &c.departments["desk"].ID,
		Layer: inspection.LayerPATROL, CoInspectorIDs: []typeid.StaffID{*c.staff("housekeeper")}}))(t)
}

// device sends answers that were given on a device of somebody's.
func (c *company) device(t testing.TB, who string, i *db.Inspection, answers ...quality.ItemAnswer) (*quality.Change[*db.Inspection], error) {
	t.Helper()
	return c.AnswerInspection(c.as(t, who), quality.AnswerInspection{ID: i.ID, Answers: answers})
}

// states lists the answers to an item by their client ids.
func (c *company) states(t testing.TB, i *db.Inspection, item string) map[string]string {
	t.Helper()
	rows, err := c.db.Answer.Query().Where(answer.InspectionID(i.ID), answer.Item(item)).All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]string{}
	for _, a := range rows {
		id := ""
		if a.ClientID != nil {
			id = *a.ClientID
		}
		states[id] = string(a.State)
	}
	return states
}

func codes(warnings []quality.Warning) []quality.WarningCode {
	var out []quality.WarningCode
	for _, w := range warnings {
		out = append(out, w.Code)
	}
	return out
}

// Answers that were given without a connection arrive once, in whatever order and
// however often they are sent; what contradicts each other is shown until somebody
// decides.
func TestAnswersOfTwoDevices(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		d := definition(t, example(), "example.kinds")
		i := c.together(t, d.ID)
		at := func(minutes int) *time.Time { return new(c.Now().Add(time.Duration(minutes) * time.Minute)) }
		first := quality.ItemAnswer{Item: "yes", Yes: new(true), ClientID: new("lead-1"), AnsweredAt: at(-30)}
		second := quality.ItemAnswer{Item: "yes", Yes: new(false), ClientID: new("lead-2"), AnsweredAt: at(-20), BasedOn: new("lead-1")}
		other := quality.ItemAnswer{Item: "yes", Yes: new(true), ClientID: new("housekeeper-1"), AnsweredAt: at(-25)}
		must(c.device(t, "lead", i, second, first))(t)
		must(c.device(t, "lead", i, first))(t)
		change, err := c.device(t, "housekeeper", i, other)
		must(change, err)(t)
		if diff := cmp.Diff([]quality.WarningCode{quality.ConflictingAnswers}, codes(change.Warnings)); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
		must(c.device(t, "lead", i, second, first, first))(t)
		want := map[string]string{"lead-1": "REPLACED", "lead-2": "CURRENT", "housekeeper-1": "CONFLICTING"}
		if diff := cmp.Diff(want, c.states(t, i, "yes")); diff != "" {
			t.Errorf("answers (-want +got):\n%s", diff)
		}

		good := given(sdktest.Good(d), d)
		rest := slices.DeleteFunc(good, func(a quality.ItemAnswer) bool { return a.Item == "yes" })
		i = c.reload(t, i)
		i = c.answered(t, i, rest...)
		_, err = c.complete(c.as(t, "lead"), i)
		expect(t, "completing with a conflict", err, "REJECTED answers.yes")

		conflicting, err := c.db.Answer.Query().Where(answer.InspectionID(i.ID), answer.StateEQ(answer.StateCONFLICTING)).Only(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		i = c.answered(t, i, quality.ItemAnswer{Item: "yes", Yes: new(true), Settles: []typeid.AnswerID{conflicting.ID}})
		i = must(c.complete(c.as(t, "lead"), i))(t)
		if i.Score == nil || *i.Score != 100 {
			t.Errorf("score = %v, want that of the answer decided for", i.Score)
		}

		late := quality.ItemAnswer{Item: "yes", Yes: new(false), ClientID: new("housekeeper-2"), AnsweredAt: at(-1)}
		change, err = c.device(t, "housekeeper", i, other, late)
		must(change, err)(t)
		if diff := cmp.Diff([]quality.WarningCode{quality.AnsweredLate}, codes(change.Warnings)); diff != "" {
			t.Errorf("warnings after the judgement (-want +got):\n%s", diff)
		}
		if got := c.states(t, i, "yes")["housekeeper-2"]; got != "LATE" {
			t.Errorf("an answer after the judgement is %s, want LATE", got)
		}
	})
}

func (c *company) reload(t testing.TB, i *db.Inspection) *db.Inspection {
	t.Helper()
	i, err := c.db.Inspection.Get(ent.AsSystem(t.Context()), i.ID)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestRefusedAnswersOfDevices(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		i := c.together(t, "example.kinds")
		sent := quality.ItemAnswer{Item: "yes", Yes: new(true), ClientID: new("one")}
		must(c.device(t, "housekeeper", i, sent))(t)
		gone := typeid.New[typeid.AnswerID]()
		for _, test := range []struct {
			name, who string
			answer    quality.ItemAnswer
			want      string
		}{
			{"without a revision or a client id", "lead", quality.ItemAnswer{Item: "yes", Yes: new(true)}, "REQUIRED expectedRevision"},
			{"a client id for another answer", "lead", quality.ItemAnswer{Item: "yes", Yes: new(false), ClientID: new("one")}, "INVALID answers.0.clientId"},
			{"an empty client id", "lead", quality.ItemAnswer{Item: "yes", Yes: new(true), ClientID: new(" ")}, "REQUIRED answers.0.clientId"},
			{"in the future", "lead", quality.ItemAnswer{Item: "yes", Yes: new(true), ClientID: new("two"), AnsweredAt: new(c.Now().Add(time.Hour))}, "INVALID answers.0.answeredAt"},
			{"before anything", "lead", quality.ItemAnswer{Item: "yes", Yes: new(true), ClientID: new("two"), AnsweredAt: new(time.Unix(-1, 0))}, "INVALID answers.0.answeredAt"},
			{"settling what is not there", "lead", quality.ItemAnswer{Item: "yes", Yes: new(true), ClientID: new("two"), Settles: []typeid.AnswerID{gone}}, "NOT_FOUND answers.0.settles.0"},
			{"not applicable without a reason", "lead", quality.ItemAnswer{Item: "yes", NotApplicable: true, ClientID: new("two")}, "REQUIRED answers.0.reason"},
			{"a reason for nothing", "lead", quality.ItemAnswer{Item: "yes", Yes: new(true), Reason: new("so"), ClientID: new("two")}, "INVALID answers.0.reason"},
			{"by a stranger", "booker", sent, "NOT_FOUND id"},
		} {
			before := c.rows(t)
			_, err := c.device(t, test.who, i, test.answer)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); diff != "" {
				t.Errorf("%s: rows were written (-before +after):\n%s", test.name, diff)
			}
		}
	})
}

func TestCompanyOfAnInspection(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for _, test := range []struct {
			name string
			with []typeid.StaffID
			want string
		}{
			{"oneself", []typeid.StaffID{*c.staff("lead")}, "INVALID coInspectorIds.0"},
			{"the same twice", []typeid.StaffID{*c.staff("agent"), *c.staff("agent")}, "INVALID coInspectorIds.1"},
			{"somebody of another site", []typeid.StaffID{*c.staff("shop assistant")}, "NOT_FOUND coInspectorIds"},
			{"too many", make([]typeid.StaffID, 21), "TOO_LONG coInspectorIds"},
		} {
			_, err := c.StartInspection(c.as(t, "lead"), quality.StartInspection{Checklist: "example.kinds", DepartmentID: &c.departments["desk"].ID,
				Layer: inspection.LayerPATROL, CoInspectorIDs: test.with})
			expect(t, test.name, err, test.want)
		}
	})
}

// Every kind of item is answered, and what is no longer asked is neither lost nor
// told to the plugin.
func TestEveryKindOfItem(t *testing.T) {
	plugin := &sdk.Department{ID: "example", Version: "2.0.0", Name: sdk.T("Example", "示例"), Sheets: []sdk.Sheet{
		sdk.Define("example.more", sdk.T("More kinds", "更多类型"), 60, sdk.Section("one", sdk.T("One", "一"),
			sdk.Item("told", sdk.T("The guest was told", "已告知宾客")),
			sdk.Item("how", sdk.T("How", "方式"), sdk.MultipleChoice(sdk.Answer("phone", sdk.T("By telephone", "电话"), 1), sdk.Answer("mail", sdk.T("By mail", "邮件"), .5)), sdk.When(sdk.IfYes("told"))),
			sdk.Item("wait", sdk.T("How long the guest waited", "等候时间"), sdk.TrackedDuration(sdk.AtMost(180))),
			sdk.Item("signed", sdk.T("Signature of the guest", "宾客签名"), sdk.Signature(), sdk.Optional())))}}
	each(t, func(t *testing.T, c *company) {
		c.publish(t, plugin)
		c.plugins.answer(plugin.Judge)
		i := c.started(t, "example.more")
		i = c.answered(t, i, quality.ItemAnswer{Item: "told", Yes: new(true)}, quality.ItemAnswer{Item: "how", Choices: []string{"mail"}},
			quality.ItemAnswer{Item: "wait", Duration: new(90 * time.Second)}, quality.ItemAnswer{Item: "signed", Evidence: []string{"signature.svg"}})
		i = c.answered(t, i, quality.ItemAnswer{Item: "told", Yes: new(false), Note: new("was busy")})
		must(c.complete(c.as(t, "lead"), i))(t)
		c.checkAsked(t, checklist.Inspection{Checklist: "example.more", Answers: []checklist.Answer{
			{Item: "told", Yes: new(false)}, {Item: "wait", Seconds: new(90.0)}, {Item: "signed", Filled: true, Evidence: 1}}})
		if got := c.states(t, i, "how"); got[""] != "CURRENT" {
			t.Errorf("the answer that is not asked for any more is %v, want it kept", got)
		}
	})
}

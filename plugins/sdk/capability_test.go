package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

// office is a department with every capability.
func office() *Department {
	var configured func(json.RawMessage) (*Department, error)
	department := func(limit float64) *Department {
		sheet := Define("office.cases", T("Cases", "个案"), 80,
			Section("one", T("One", "一"),
				Item("fast", T("Dispatched fast", "快速派发"), Tracked(Minutes, AtMost(limit)), Key()),
				Item("told", T("The customer was told", "已告知顾客")),
				Item("how", T("How", "方式"), MultipleChoice(
					Answer("phone", T("By telephone", "电话"), .5), Answer("mail", T("By mail", "邮件"), .5)), When(IfYes("told"))),
			)).WithSuggestions(func(k Known) []checklist.Suggestion {
			minutes, known := k.Number(checklist.FactMinutesToDispatch)
			if !known {
				return nil
			}
			return []checklist.Suggestion{SuggestNumber("fast", minutes, T("From the case", "取自个案"))}
		})
		sheet.Renamed = map[string]string{"quick": "fast"}
		return &Department{ID: "office", Version: "1.0.0", Name: T("Office", "办公室"), Sheets: []Sheet{sheet},
			Schema: json.RawMessage(`{"type":"object"}`), Configure: configured,
			Trouble: func(context.Context) (*checklist.Text, error) {
				t := T("The scale is off", "秤已关闭")
				return &t, nil
			},
		}
	}
	configured = func(body json.RawMessage) (*Department, error) {
		var c struct{ Limit float64 }
		if err := json.Unmarshal(body, &c); err != nil || c.Limit <= 0 {
			return nil, &checklist.ConfigurationError{Path: "/limit", Text: T("Must be above 0", "必须大于 0")}
		}
		return department(c.Limit), nil
	}
	return department(10)
}

func described(t *testing.T, c checklist.Checklist, configuration string) *Client {
	t.Helper()
	client := NewClient(connect(t, c, io.Discard))
	if _, err := client.DescribeConfigured(t.Context(), json.RawMessage(configuration)); err != nil {
		t.Fatal(err)
	}
	return client
}

func inOffice(answers ...checklist.Answer) checklist.Inspection {
	return checklist.Inspection{Checklist: "office.cases", Answers: answers}
}

func goodOffice() checklist.Inspection {
	return inOffice(checklist.Answer{Item: "fast", Number: new(5.0)}, checklist.Answer{Item: "told", Yes: new(true)},
		checklist.Answer{Item: "how", Choices: []string{"phone", "mail"}})
}

// Whatever a plugin can do arrives over the wire as it was said.
func TestCapabilitiesOverTheWire(t *testing.T) {
	client := described(t, office(), "")
	d, err := client.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, _ := office().Describe(t.Context())
	if diff := cmp.Diff(want, d, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("described (-want +got):\n%s", diff)
	}
	if len(d.Capabilities) != len(capabilities) {
		t.Errorf("capabilities = %v, want all of %v", d.Capabilities, capabilities)
	}

	problems, err := client.Check(t.Context(), inOffice(checklist.Answer{Item: "fast", Number: new(-1.0)}))
	if err != nil || len(problems) != 1 || problems[0].Item != "fast" || problems[0].Code != checklist.ImpossibleNumber {
		t.Errorf("check = %v, %v; want an impossible number only", problems, err)
	}
	suggestions, err := client.Suggest(t.Context(), checklist.Facts{Checklist: "office.cases", Facts: []checklist.Fact{
		{Name: checklist.FactMinutesToDispatch, Number: new(7.5)}, {Name: "case.unheard-of", Yes: new(true)}}})
	if want := []checklist.Suggestion{SuggestNumber("fast", 7.5, T("From the case", "取自个案"))}; err != nil || !cmp.Equal(want, suggestions) {
		t.Errorf("suggest = %+v, %v", suggestions, err)
	}
	upgraded, err := client.Upgrade(t.Context(), checklist.Draft{Version: "0.9.0", Checklist: "office.cases", Answers: []checklist.Answer{
		{Item: "quick", Number: new(3.0)}, {Item: "told", Choice: new("yes")}, {Item: "gone", Yes: new(true)},
		{Item: "how", Choices: []string{}}}})
	moves := []checklist.Move{
		{From: "quick", Answer: checklist.Answer{Item: "fast", Number: new(3.0)}},
		{From: "how", Answer: checklist.Answer{Item: "how", Choices: []string{}}}}
	lost := []string{}
	for _, loss := range upgraded.Losses {
		lost = append(lost, loss.Item)
	}
	if err != nil || !cmp.Equal(moves, upgraded.Moves) || !cmp.Equal([]string{"told", "gone"}, lost) {
		t.Errorf("upgrade = %+v, %v", upgraded, err)
	}
	trouble, err := client.Health(t.Context())
	if err != nil || trouble == nil || *trouble != T("The scale is off", "秤已关闭") {
		t.Errorf("health = %v, %v", trouble, err)
	}
}

// A batch says of each inspection what Judge says.
func TestBatch(t *testing.T) {
	client := described(t, office(), "")
	slow := goodOffice()
	slow.Answers[0].Number = new(11.0)
	open := inOffice()
	adjusted := slow
	adjusted.Adjustments = []checklist.Adjustment{{Item: "fast", Limits: &checklist.Limits{Upper: new(12.0)}}, {Item: "told", Weight: new(3.0)}}
	batch := []checklist.Inspection{goodOffice(), slow, open, adjusted, {Checklist: "office.night"}}
	verdicts, err := client.JudgeBatch(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	for i, in := range batch {
		judgement, err := client.Judge(t.Context(), in)
		if diff := cmp.Diff(judgement, verdicts[i].Judgement); diff != "" {
			t.Errorf("%d: judged apart and together (-apart +together):\n%s", i, diff)
		}
		var apart, together *checklist.InputError
		errors.As(err, &apart)
		errors.As(verdicts[i].Err, &together)
		if !cmp.Equal(apart, together) {
			t.Errorf("%d: refused apart with %v, together with %v", i, err, verdicts[i].Err)
		}
	}
	if j := verdicts[3].Judgement; !j.Passed || j.Items[1].Weight != 3 || *j.Measurements[0].Limits.Upper != 12 {
		t.Errorf("adjusted limits and weight are not honoured: %+v", j)
	}
	if _, err := client.JudgeBatch(t.Context(), make([]checklist.Inspection, MaxBatch+1)); status.Code(errors.Unwrap(err)) != codes.InvalidArgument {
		t.Errorf("a batch too large: %v", err)
	}
}

func TestConfiguration(t *testing.T) {
	client := described(t, office(), `{"limit": 20}`)
	in := goodOffice()
	in.Answers[0].Number = new(19.0)
	if j, err := client.Judge(t.Context(), in); err != nil || !j.Passed {
		t.Errorf("19 minutes of at most 20: %+v, %v", j, err)
	}
	var bad *checklist.ConfigurationError
	_, err := client.DescribeConfigured(t.Context(), json.RawMessage(`{"limit": -1}`))
	if !errors.As(err, &bad) || bad.Path != "/limit" || bad.Text != T("Must be above 0", "必须大于 0") {
		t.Errorf("a bad configuration: %v", err)
	}
}

// A plugin is asked for nothing that its description does not name.
func TestCapabilitiesThatAreNotThere(t *testing.T) {
	client := described(t, plain{office()}, "")
	_, checked := client.Check(t.Context(), goodOffice())
	_, suggested := client.Suggest(t.Context(), checklist.Facts{})
	_, upgraded := client.Upgrade(t.Context(), checklist.Draft{})
	_, batched := client.JudgeBatch(t.Context(), []checklist.Inspection{goodOffice()})
	_, healthy := client.Health(t.Context())
	for name, err := range map[string]error{"check": checked, "suggest": suggested, "upgrade": upgraded, "batch": batched, "health": healthy} {
		if status.Code(errors.Unwrap(err)) != codes.Unimplemented {
			t.Errorf("%s: %v, want Unimplemented", name, err)
		}
	}
	boaster := NewClient(connect(t, fake{describe: func() (checklist.Description, error) {
		return checklist.Description{Capabilities: []checklist.Capability{checklist.CanSuggest}}, nil
	}}, io.Discard))
	if _, err := boaster.Describe(t.Context()); status.Code(errors.Unwrap(err)) != codes.Internal {
		t.Errorf("a capability without a method: %v", err)
	}
}

// Capabilities of a later version are passed over.
func TestUnknownCapabilities(t *testing.T) {
	got := known([]checklistpb.Capability{0, checklistpb.Capability_CAPABILITY_CHECK, 4711})
	if diff := cmp.Diff([]checklist.Capability{checklist.CanCheck}, got); diff != "" {
		t.Errorf("known capabilities (-want +got):\n%s", diff)
	}
}

// plain is a plugin of the bare contract.
type plain struct{ department *Department }

func (p plain) Describe(ctx context.Context) (checklist.Description, error) {
	d, err := p.department.Describe(ctx)
	d.Capabilities, d.ConfigurationSchema = nil, nil
	return d, err
}

func (p plain) Judge(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
	return p.department.Judge(ctx, in)
}

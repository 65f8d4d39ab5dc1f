package quality_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/answer"
	"github.com/seed-34fcb60d/rounds/ent/db/finding"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/frontdesk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
	"github.com/seed-34fcb60d/rounds/quality"
)

// started starts the lead's inspection of the desk, in which the agent is observed.
func (c *company) started(t testing.TB, code string) *db.Inspection {
	t.Helper()
	return must(c.StartInspection(c.as(t, "lead"), quality.StartInspection{Checklist: code, DepartmentID: &c.departments["desk"].ID,
		ObservedID: c.staff("agent"), Layer: inspection.LayerPATROL, Place: new("Lobby")}))(t)
}

// answered saves answers of the lead's.
func (c *company) answered(t testing.TB, i *db.Inspection, answers ...quality.ItemAnswer) *db.Inspection {
	t.Helper()
	return must(c.AnswerInspection(c.as(t, "lead"), quality.AnswerInspection{ID: i.ID, ExpectedRevision: new(i.Revision), Answers: answers}))(t)
}

func (c *company) complete(ctx context.Context, i *db.Inspection) (*quality.Change[*db.Inspection], error) {
	return c.CompleteInspection(ctx, quality.CompleteInspection{ID: i.ID, ExpectedRevision: i.Revision})
}

// definition returns a checklist of a plugin.
func definition(t testing.TB, plugin checklist.Checklist, code string) checklist.Definition {
	t.Helper()
	description, err := plugin.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range description.Checklists {
		if d.ID == code {
			return d
		}
	}
	t.Fatalf("there is no checklist %s", code)
	return checklist.Definition{}
}

// given writes answers as an inspector gives them, with private words around them.
func given(in checklist.Inspection, d checklist.Definition) []quality.ItemAnswer {
	kinds := map[string]checklist.Kind{}
	for _, item := range sdktest.Items(d) {
		kinds[item.ID] = item.Kind
	}
	answers := make([]quality.ItemAnswer, len(in.Answers))
	for n, a := range in.Answers {
		answers[n] = quality.ItemAnswer{Item: a.Item, NotApplicable: a.NotApplicable, Yes: a.Yes, Choice: a.Choice, Number: a.Number,
			Note: new("private note on Wang Fang")}
		for f := range a.Evidence {
			answers[n].Evidence = append(answers[n].Evidence, fmt.Sprintf("private-%d.jpg", f))
		}
		answers[n].Choices = a.Choices
		if a.Seconds != nil {
			answers[n].Duration = new(time.Duration(*a.Seconds * float64(time.Second)))
		}
		if a.Filled && kinds[a.Item] == checklist.Prose {
			answers[n].Text = new("private words of Wang Fang")
		}
	}
	return answers
}

// An inspection at which a key was given to a stranger, judged by the real plugin.
func TestCourseOfAnInspection(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		desk, lead, agent := c.departments["desk"].ID, *c.staff("lead"), *c.staff("agent")
		d := definition(t, frontdesk.New(), "frontdesk.reception")
		failing, ok := sdktest.Failing(d, "key-to-stranger")
		if !ok {
			t.Fatal("the checklist has no such item")
		}
		before := c.rows(t)["events"]

		i := c.started(t, d.ID)
		if i.Status != inspection.StatusDRAFT || i.InspectorID != lead || i.ObservedID != agent || i.DepartmentID != desk || *i.Place != "Lobby" {
			t.Errorf("started: %v", i)
		}
		c.clock.advance(time.Minute)
		i = c.answered(t, i, given(sdktest.Good(d), d)...)
		i = c.answered(t, i, given(failing, d)...) // what was answered before gets the new answer
		c.clock.advance(time.Minute)
		i = must(c.complete(c.as(t, "lead"), i))(t)

		want, err := frontdesk.New().Judge(t.Context(), failing)
		if err != nil {
			t.Fatal(err)
		}
		if want.Passed || len(want.Findings) == 0 {
			t.Fatalf("the plugin finds nothing wrong: %+v", want)
		}
		stored, err := c.db.Inspection.Get(ent.AsSystem(t.Context()), i.ID)
		if err != nil {
			t.Fatal(err)
		}
		if stored.Status != inspection.StatusCOMPLETED || stored.Revision != 4 || *stored.Score != *want.Score || *stored.Passed ||
			!stored.CompletedAt.Equal(morning.Add(2*time.Minute)) {
			t.Errorf("completed: %v", stored)
		}
		var judgement checklist.Judgement
		if err := json.Unmarshal(stored.Judgement, &judgement); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, judgement, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("the stored judgement (-plugin's +stored):\n%s", diff)
		}
		cases := c.checkFindings(t, stored, want)
		wantEvents := []said{
			{"inspection.started", lead.String(), desk, lead, agent, ""},
			{"inspection.answered", lead.String(), desk, lead, agent, "answers revision"},
			{"inspection.answered", lead.String(), desk, lead, agent, "answers revision"},
		}
		for range cases {
			wantEvents = append(wantEvents, said{"case.opened", lead.String(), desk, lead, lead, ""})
		}
		wantEvents = append(wantEvents, said{"chart.alarm", lead.String(), desk, typeid.StaffID{}, typeid.StaffID{}, ""}, said{"inspection.completed", lead.String(), desk, lead, agent,
			"status completedAt score passed judgement findings cases revision"})
		if diff := cmp.Diff(wantEvents, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		c.checkAsked(t, failing)
	})
}

// checkFindings checks that each finding is stored, and that each failed key
// activity became a case of the department. It returns those cases.
func (c *company) checkFindings(t testing.TB, i *db.Inspection, want checklist.Judgement) []*db.ServiceCase {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	findings, err := c.db.Finding.Query().Where(finding.InspectionID(i.ID)).Order(finding.ByID()).WithCase().All(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var got []checklist.Finding
	var cases []*db.ServiceCase
	for _, f := range findings {
		got = append(got, checklist.Finding{Item: f.Item, Severity: checklist.Severity(f.Severity), Key: f.KeyActivity,
			Text: checklist.Text{EN: f.TextEn, ZH: f.TextZh}})
		of := f.Edges.Case
		if f.KeyActivity != (of != nil) {
			t.Errorf("finding %s: case %v, want one for a key activity only", f.Item, of)
		}
		if of == nil {
			continue
		}
		cases = append(cases, of)
		if of.Status != servicecase.StatusDISPATCHED || of.DepartmentID != i.DepartmentID || of.SiteID != i.SiteID || of.InspectionID != i.ID ||
			of.ReceivedByID != i.InspectorID || of.AssigneeID != i.InspectorID || !of.DispatchedToID.IsZero() || !of.DispatchedAt.Equal(*i.CompletedAt) {
			t.Errorf("the case of finding %s: %v, want it dispatched to the department", f.Item, of)
		}
		if of.Kind != servicecase.KindINCIDENT || of.Channel != servicecase.ChannelINSPECTION || string(of.Severity) != string(f.Severity) ||
			!of.DueAt.Equal(i.CompletedAt.Add(4*time.Hour)) || *of.TopicText != f.Item || !strings.HasPrefix(of.Subject, f.TextEn) {
			t.Errorf("the case of finding %s: %v", f.Item, of)
		}
		lines := []line{
			{Kind: "SYSTEM", Action: "OPENED_FROM_FINDING", Author: i.InspectorID, At: i.CompletedAt.UTC()},
			{Kind: "SYSTEM", Action: "DISPATCHED", Author: i.InspectorID, ToDepartment: i.DepartmentID, At: i.CompletedAt.UTC()},
		}
		if diff := cmp.Diff(lines, c.timeline(t, of.ID)); diff != "" {
			t.Errorf("the timeline of the case of finding %s (-want +got):\n%s", f.Item, diff)
		}
	}
	if diff := cmp.Diff(want.Findings, got); diff != "" {
		t.Errorf("findings (-plugin's +stored):\n%s", diff)
	}
	if len(cases) == 0 {
		t.Error("no key activity became a case")
	}
	return cases
}

// checkAsked checks that the plugin was asked once, for these answers and with
// nothing of what people wrote.
func (c *company) checkAsked(t testing.TB, want checklist.Inspection) {
	t.Helper()
	if len(c.plugins.asked) != 1 {
		t.Fatalf("the plugin was asked %d times, want once", len(c.plugins.asked))
	}
	asked := c.plugins.asked[0]
	byItem := cmpopts.SortSlices(func(a, b checklist.Answer) bool { return a.Item < b.Item })
	if diff := cmp.Diff(want, asked, byItem); diff != "" {
		t.Errorf("what the plugin was asked (-want +got):\n%s", diff)
	}
	body, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"private", "Wang", "agent", "lead", "Lobby", c.staff("agent").String(), c.staff("lead").String()} {
		if strings.Contains(string(body), secret) {
			t.Errorf("the plugin is told %q: %s", secret, body)
		}
	}
}

// Of texts and photos the plugin learns how many there are.
func TestPluginIsToldNoWords(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		d := definition(t, example(), "example.kinds")
		good := sdktest.Good(d)
		i := c.answered(t, c.started(t, d.ID), given(good, d)...)
		must(c.complete(c.as(t, "lead"), i))(t)
		c.checkAsked(t, good)
	})
}

// The answers stored are the last given, whole.
func TestAnswersAreReplaced(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		i := c.started(t, "example.kinds")
		i = c.answered(t, i,
			quality.ItemAnswer{Item: "yes", Yes: new(false), Note: new("was dark"), Evidence: []string{"a.jpg", "b.jpg"}},
			quality.ItemAnswer{Item: "number", Number: new(3.25)},
			quality.ItemAnswer{Item: "text", Text: new(" seen ")})
		c.answered(t, i,
			quality.ItemAnswer{Item: "yes", Yes: new(true)},
			quality.ItemAnswer{Item: "choice", Choice: new("bad")},
			quality.ItemAnswer{Item: "text", NotApplicable: true, Reason: new("Not seen.")})
		stored, err := c.db.Answer.Query().Where(answer.InspectionID(i.ID), answer.StateEQ(answer.StateCURRENT)).Order(answer.ByItem()).All(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		var got []quality.ItemAnswer
		for _, a := range stored {
			got = append(got, quality.ItemAnswer{Item: a.Item, NotApplicable: a.NotApplicable, Reason: a.Reason, Yes: a.Yes, Choice: a.Choice,
				Number: a.Number, Text: a.Text, Note: a.Note, Evidence: a.Evidence})
		}
		want := []quality.ItemAnswer{
			{Item: "choice", Choice: new("bad")},
			{Item: "number", Number: new(3.25)},
			{Item: "text", NotApplicable: true, Reason: new("Not seen.")},
			{Item: "yes", Yes: new(true)},
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("answers (-want +got):\n%s", diff)
		}
	})
}

func TestAnswerRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		i := c.answered(t, c.started(t, "example.kinds"), quality.ItemAnswer{Item: "yes", Yes: new(true)})
		many := make([]quality.ItemAnswer, 501)
		for _, test := range []struct {
			name    string
			answers []quality.ItemAnswer
			want    string
		}{
			{"none", nil, "REQUIRED answers"},
			{"too many", many, "TOO_LONG answers"},
			{"all problems at once", []quality.ItemAnswer{
				{Item: "yes", Yes: new(true)},
				{Item: "unheard of", Yes: new(true)},
				{Item: "yes", Yes: new(false)},
				{Item: "choice", Yes: new(true), Note: new(strings.Repeat("长", 5_001))},
				{Item: "number", Number: new(math.Inf(1))},
				{Item: "text", Text: new(" ")},
				{Item: "photo", Evidence: []string{"a.jpg", ""}},
			}, "INVALID answers.1.item; INVALID answers.2.item; INVALID answers.3.item; TOO_LONG answers.3.note; " +
				"INVALID answers.4.number; REQUIRED answers.5.text; REQUIRED answers.6.evidence.1"},
			{"an unknown choice", []quality.ItemAnswer{{Item: "choice", Choice: new("fair")}}, "INVALID answers.0.choice"},
			{"too many files", []quality.ItemAnswer{{Item: "photo", Evidence: make([]string, 21)}}, "TOO_LONG answers.0.evidence"},
			{"an item twice", []quality.ItemAnswer{{Item: "yes", Yes: new(true)}, {Item: "yes", Yes: new(true)}}, "INVALID answers.1.item"},
		} {
			before := c.rows(t)
			_, err := c.AnswerInspection(c.as(t, "lead"), quality.AnswerInspection{ID: i.ID, ExpectedRevision: new(i.Revision), Answers: test.answers})
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); diff != "" {
				t.Errorf("%s: rows were written (-before +after):\n%s", test.name, diff)
			}
		}
	})
}

func TestStartInspectionRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.leaves(t, "booker")
		gone := typeid.New[typeid.StaffID]()
		for _, test := range []struct {
			name, who string
			change    func(*quality.StartInspection)
			want      string
		}{
			{"a self-check", "agent", func(*quality.StartInspection) {}, ""},
			{"by the quality office", "officer", func(in *quality.StartInspection) { in.DepartmentID = &c.departments["floor"].ID }, ""},
			{"no checklist", "agent", func(in *quality.StartInspection) { in.Checklist = "" }, "REQUIRED checklist"},
			{"an unknown checklist", "agent", func(in *quality.StartInspection) { in.Checklist = "frontdesk.unheard-of" }, "NOT_FOUND checklist"},
			{"another site's department", "agent", func(in *quality.StartInspection) { in.DepartmentID = &c.departments["floor"].ID }, "NOT_FOUND departmentId"},
			{"observing nobody known", "agent", func(in *quality.StartInspection) { in.ObservedID = &gone }, "NOT_FOUND observedId"},
			{"observing somebody of another site", "executive", func(in *quality.StartInspection) { in.ObservedID = c.staff("shop assistant") }, "INVALID observedId"},
			{"observing somebody who has left", "agent", func(in *quality.StartInspection) { in.ObservedID = c.staff("booker") }, "INVALID observedId"},
			{"observing somebody of another department", "agent", func(in *quality.StartInspection) { in.ObservedID = c.staff("housekeeper") }, ""},
			{"a place too long", "agent", func(in *quality.StartInspection) { in.Place = new(strings.Repeat("x", 201)) }, "TOO_LONG place"},
			{"by a machine", integrator, func(*quality.StartInspection) {}, "FORBIDDEN"},
		} {
			in := quality.StartInspection{Checklist: "frontdesk.conduct", DepartmentID: &c.departments["desk"].ID, Layer: inspection.LayerSELF_CHECK}
			test.change(&in)
			before := c.rows(t)
			_, err := c.StartInspection(c.as(t, test.who), in)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); (diff == "") != (err != nil) {
				t.Errorf("%s: rows written (-before +after):\n%s", test.name, diff)
			}
		}
	})
}

func TestWhoMayFillInAnInspection(t *testing.T) {
	want := map[string]string{"lead": "", "manager": "", "site manager": "", "officer": "", "executive": "", "administrator": "", integrator: "",
		"agent": "FORBIDDEN"} // who is observed sees it but does not fill it in
	each(t, func(t *testing.T, c *company) {
		d := definition(t, example(), "example.kinds")
		for name := range c.viewers {
			i := c.answered(t, c.started(t, d.ID), given(sdktest.Good(d), d)...)
			outcome, listed := want[name]
			if !listed {
				outcome = "NOT_FOUND id"
			}
			ctx := c.as(t, name)
			change, err := c.AnswerInspection(ctx, quality.AnswerInspection{ID: i.ID, ExpectedRevision: new(i.Revision),
				Answers: []quality.ItemAnswer{{Item: "yes", Yes: new(false)}}})
			expect(t, name+" answers", err, outcome)
			if err == nil {
				i = change.Object
			}
			_, err = c.complete(ctx, i)
			expect(t, name+" completes", err, outcome)
		}
	})
}

func TestDraftsOnlyAtTheirRevision(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		d := definition(t, example(), "example.kinds")
		i := c.answered(t, c.started(t, d.ID), given(sdktest.Good(d), d)...)
		ctx := c.as(t, "lead")
		one := []quality.ItemAnswer{{Item: "yes", Yes: new(false)}}
		stale := *i
		stale.Revision--
		_, err := c.AnswerInspection(ctx, quality.AnswerInspection{ID: i.ID, ExpectedRevision: new(stale.Revision), Answers: one})
		expect(t, "answering a stale draft", err, "CONFLICT expectedRevision")
		_, err = c.complete(ctx, &stale)
		expect(t, "completing a stale draft", err, "CONFLICT expectedRevision")
		i = must(c.complete(ctx, i))(t)
		_, err = c.AnswerInspection(ctx, quality.AnswerInspection{ID: i.ID, ExpectedRevision: new(i.Revision), Answers: one})
		expect(t, "answering what is completed", err, "REJECTED id")
		_, err = c.complete(ctx, i)
		expect(t, "completing what is completed", err, "REJECTED id")
	})
}

// While the plugin thinks, somebody gives another answer: what it judged is not
// what is there.
func TestAnswerDuringJudgement(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		d := definition(t, example(), "example.kinds")
		i := c.answered(t, c.started(t, d.ID), given(sdktest.Good(d), d)...)
		c.plugins.answer(func(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
			c.answered(t, i, quality.ItemAnswer{Item: "yes", Yes: new(false)})
			return example().Judge(ctx, in)
		})
		_, err := c.complete(c.as(t, "lead"), i)
		expect(t, "completing", err, "CONFLICT expectedRevision")
	})
}

// An inspection keeps the checklist that it was started with.
func TestFrozenDefinition(t *testing.T) {
	newer := example().(*sdk.Department)
	newer.Version = "2.0.0"
	newer.Sheets = []sdk.Sheet{sdk.Define("example.kinds", sdk.T("Newer", "新版"), 60,
		sdk.Section("one", sdk.T("One", "一"), sdk.Item("newer", sdk.T("Is it new", "是否为新"))))}
	each(t, func(t *testing.T, c *company) {
		old := definition(t, example(), "example.kinds")
		i := c.started(t, old.ID)
		c.publish(t, newer)
		i = c.answered(t, i, given(sdktest.Good(old), old)...)
		must(c.complete(c.as(t, "lead"), i))(t)

		next := c.started(t, old.ID)
		if next.ChecklistVersionID == i.ChecklistVersionID {
			t.Error("a new inspection uses the old version")
		}
		_, err := c.AnswerInspection(c.as(t, "lead"), quality.AnswerInspection{ID: next.ID, ExpectedRevision: new(1), Answers: given(sdktest.Good(old), old)[:1]})
		expect(t, "an item of the old version", err, "INVALID answers.0.item")
		c.answered(t, next, quality.ItemAnswer{Item: "newer", Yes: new(true)})
	})
}

// What a plugin has against the answers is told item by item.
func TestIncompleteAnswers(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		i := c.answered(t, c.started(t, "example.kinds"), quality.ItemAnswer{Item: "yes", Yes: new(true)},
			quality.ItemAnswer{Item: "number", Number: new(-1.0)})
		before := c.rows(t)
		_, err := c.complete(c.as(t, "lead"), i)
		expect(t, "completing", err, "REQUIRED answers.choice; INVALID answers.number; REQUIRED answers.text; REQUIRED answers.photo")
		if diff := cmp.Diff(before, c.rows(t)); diff != "" {
			t.Errorf("rows were written (-before +after):\n%s", diff)
		}
	})
}

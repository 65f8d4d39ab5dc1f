package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// storyReport is what --out says of the story.
type storyReport struct {
	After       string       `json:"after"` // cursor of the last event before the story
	Inspection  string       `json:"inspection"`
	Checklist   string       `json:"checklist"` // code
	Plugin      pluginReport `json:"plugin"`
	Score       float64      `json:"score"`
	Passed      bool         `json:"passed"`
	Arithmetic  string       `json:"arithmetic"`
	Finding     string       `json:"finding"` // id of the one that became the case
	Case        string       `json:"case"`
	Number      string       `json:"number"`
	Cursor      string       `json:"cursor"`      // of the event that the case was opened
	DeliveredMS float64      `json:"deliveredMs"` // from the writing of that event until the subscriber had it
	Verified    int64        `json:"verified"`    // events whose digests were checked
}

type pluginReport struct {
	Code    string `json:"code"`
	Version string `json:"version"`
	PID     int    `json:"pid"`
}

// The story is about this item of this checklist.
const (
	storyChecklist = "frontdesk.reception"
	storyItem      = "identity-checked"
	storyPlugin    = "frontdesk"
)

// story is the telling's state between its steps.
type story struct {
	*telling
	api        *apiClient
	live       *subscriber
	department string // id of the reception
	clerk      string // id of who is observed
	lead       string // id of the shift leader
	items      []storyItemInfo
	revision   int // of the inspection, then of the case
	out        *storyReport
}

type storyItemInfo struct {
	Code  string   `json:"code"`
	Kind  string   `json:"kind"`
	Upper *float64 `json:"upperLimit"`
	Lower *float64 `json:"lowerLimit"`
}

// story tells the story over the public API, step by step.
func (t *telling) story(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	transport := &http.Transport{}
	s := &story{telling: t, out: &t.report.Story, api: &apiClient{url: t.report.GraphQL, language: t.Language, http: &http.Client{Transport: transport}}}
	defer func() {
		cancel()
		if s.live != nil {
			<-s.live.ended
		}
		transport.CloseIdleConnections()
	}()
	t.say("\nThe story", "\n演示")
	for n, step := range []struct {
		name checklist.Text
		do   func(context.Context) error
	}{
		{checklist.Text{EN: "a subscriber listens", ZH: "订阅事件"}, s.listen},
		{checklist.Text{EN: "the inspection starts", ZH: "开始检查"}, s.start},
		{checklist.Text{EN: "the answers", ZH: "填写检查表"}, s.answer},
		{checklist.Text{EN: "the judgement", ZH: "插件评判"}, s.complete},
		{checklist.Text{EN: "the case and its event", ZH: "个案与实时事件"}, s.arrive},
		{checklist.Text{EN: "the case is dispatched", ZH: "派单"}, s.dispatch},
		{checklist.Text{EN: "the case is accepted", ZH: "受理"}, s.accept},
		{checklist.Text{EN: "the case is resolved", ZH: "解决"}, s.resolve},
		{checklist.Text{EN: "the case is closed", ZH: "结案"}, s.close},
		{checklist.Text{EN: "the event log is verified", ZH: "核验事件日志"}, s.verify},
	} {
		fmt.Fprintf(t.stdout, "%2d. %s\n", n+1, t.in(step.name))
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("the story failed at step %d, %s: %w", n+1, step.name.EN, err)
		}
	}
	return nil
}

// tells prints what a step did.
func (s *story) tells(en, zh string, args ...any) { s.say("    "+en, "    "+zh, args...) }

func (s *story) token(role staff.Role) string { return s.report.Tokens[string(role)] }

func (s *story) listen(ctx context.Context) error {
	s.out.After = s.events.Stats().Head.String()
	var err error
	s.live, err = s.api.subscribe(ctx, s.token(ent.Integrator), fmt.Sprintf(
		`subscription{events(after:%q,filter:{kind:["case.opened","case.dispatched","case.accepted","case.resolved","case.closed"]}){cursor kind subjectId at}}`,
		s.out.After), s.present)
	if err == nil {
		s.tells("The integrator subscribes to the events of cases by server-sent events, after cursor %s.", "外部程序通过 SSE 订阅个案事件，起始游标 %s。", s.out.After)
	}
	return err
}

func (s *story) start(ctx context.Context) error {
	inspector := s.token(staff.RoleQUALITY_OFFICER)
	var where struct {
		Departments struct{ Nodes []struct{ ID, Name string } }
		Viewer      struct{ Staff struct{ Name string } }
	}
	if err := s.api.query(ctx, inspector, `{departments(filter:{code:"reception"}){nodes{id name}} viewer{staff{name}}}`, nil, &where); err != nil {
		return err
	}
	if len(where.Departments.Nodes) == 0 {
		return fmt.Errorf("the reception is not there")
	}
	s.department = where.Departments.Nodes[0].ID
	for role, id := range map[staff.Role]*string{worker: &s.clerk, lead: &s.lead} {
		var who struct {
			Viewer struct{ Staff struct{ ID string } }
		}
		if err := s.api.query(ctx, s.token(role), `{viewer{staff{id}}}`, nil, &who); err != nil {
			return err
		}
		*id = who.Viewer.Staff.ID
	}
	var started struct {
		Inspection struct {
			ID        string
			Revision  int
			Checklist struct {
				Code, Version string
				Title         struct{ Text string }
				Sections      []struct{ Items []storyItemInfo }
			}
		}
	}
	err := s.api.mutate(ctx, inspector, "inspectionStart",
		"inspection{id revision checklist{code version title{text} sections{items{code kind ...on NumberItem{upperLimit lowerLimit}}}}}",
		variables{"checklist": storyChecklist, "departmentId": s.department, "observedId": s.clerk, "layer": "SAMPLING", "place": "Main desk 大堂前台"}, &started)
	if err != nil {
		return err
	}
	i := started.Inspection
	s.out.Inspection, s.out.Checklist, s.revision = i.ID, i.Checklist.Code, i.Revision
	for _, section := range i.Checklist.Sections {
		s.items = append(s.items, section.Items...)
	}
	s.tells("%s of the quality office samples the %s by the checklist %q, version %s: %d items.", "质量办公室 %s 抽检%s，检查表“%s”，版本 %s，共 %d 项。",
		where.Viewer.Staff.Name, where.Departments.Nodes[0].Name, i.Checklist.Title.Text, i.Checklist.Version, len(s.items))
	return nil
}

// answer finds everything in order but the one key activity.
func (s *story) answer(ctx context.Context) error {
	var answers []variables
	for _, item := range s.items {
		a := variables{"item": item.Code}
		switch {
		case item.Code == storyItem:
			a["yes"], a["note"] = false, "The key of a twin room was handed over before the passport was looked at. 未核对护照即交付房卡。"
			a["evidence"] = []string{"photos/desk-2-camera.jpg"}
		case item.Kind == string(checklist.Number):
			a["number"] = 0
			if item.Upper != nil && *item.Upper > 0 {
				a["number"] = *item.Upper - 1
			} else if item.Lower != nil {
				a["number"] = *item.Lower
			}
		default:
			a["yes"] = true
		}
		answers = append(answers, a)
	}
	var answered struct{ Inspection struct{ Revision int } }
	err := s.api.mutate(ctx, s.token(staff.RoleQUALITY_OFFICER), "inspectionAnswer", "inspection{revision}",
		variables{"id": s.out.Inspection, "expectedRevision": s.revision, "answers": answers}, &answered)
	s.revision = answered.Inspection.Revision
	if err == nil {
		s.tells("All is well but for one ▲ key activity: a key was handed out before the guest's document was checked.", "其余合格，唯有一项▲关键活动不合格：未核对证件即发放钥匙。")
	}
	return err
}

func (s *story) complete(ctx context.Context) error {
	var judged struct {
		Inspection struct {
			Score     float64
			Passed    bool
			Judgement struct{ Arithmetic string }
			Findings  []struct {
				ID          string
				Severity    string
				KeyActivity bool
				Text        struct{ Text string }
				Case        *struct {
					ID, Number string
					Revision   int
				}
			}
		}
	}
	if err := s.api.mutate(ctx, s.token(staff.RoleQUALITY_OFFICER), "inspectionComplete",
		"inspection{score passed judgement{arithmetic} findings{id severity keyActivity text{text} case{id number revision}}}",
		variables{"id": s.out.Inspection, "expectedRevision": s.revision}, &judged); err != nil {
		return err
	}
	i := judged.Inspection
	s.out.Score, s.out.Passed, s.out.Arithmetic = i.Score, i.Passed, i.Judgement.Arithmetic
	var plugins struct {
		Plugins struct {
			Nodes []struct {
				Code, Version string
				Process       *struct{ PID int }
			}
		}
	}
	if err := s.api.query(ctx, s.token(staff.RoleADMINISTRATOR), `{plugins{nodes{code version process{pid}}}}`, nil, &plugins); err != nil {
		return err
	}
	for _, p := range plugins.Plugins.Nodes {
		if p.Code == storyPlugin && p.Process != nil {
			s.out.Plugin = pluginReport{p.Code, p.Version, p.Process.PID}
		}
	}
	verdict := checklist.Text{EN: "not passed", ZH: "不合格"}
	if i.Passed {
		verdict = checklist.Text{EN: "passed", ZH: "合格"}
	}
	s.tells("The plugin %s %s, process %d, judged: %.2f, %s.", "插件 %s %s（进程 %d）评判：%.2f 分，%s。",
		s.out.Plugin.Code, s.out.Plugin.Version, s.out.Plugin.PID, i.Score, s.in(verdict))
	s.tells("%s", "%s", i.Judgement.Arithmetic)
	for _, f := range i.Findings {
		mark := " "
		if f.KeyActivity {
			mark = "▲"
		}
		s.tells("%s %s: %s", "%s %s：%s", mark, f.Severity, f.Text.Text)
		if f.Case != nil {
			s.out.Finding, s.out.Case, s.out.Number, s.revision = f.ID, f.Case.ID, f.Case.Number, f.Case.Revision
		}
	}
	if s.out.Case == "" {
		return fmt.Errorf("no case was made of the failed key activity")
	}
	return nil
}

func (s *story) arrive(ctx context.Context) error {
	e, err := s.event(ctx, "case.opened")
	if err != nil {
		return err
	}
	s.out.Cursor = e.Cursor
	s.out.DeliveredMS = float64(e.arrived.Sub(e.At).Microseconds()) / 1000
	s.tells("The finding became case %s; its event %s reached the subscriber at cursor %s, %.1f ms after it was written.",
		"不合格项生成个案 %s；事件 %s（游标 %s）写入后 %.1f 毫秒送达订阅者。", s.out.Number, e.Kind, e.Cursor, s.out.DeliveredMS)
	return nil
}

// event waits until the subscriber has the case's next event, which must be of a
// kind.
func (s *story) event(ctx context.Context, kind string) (liveEvent, error) {
	for {
		e, err := s.live.await(ctx)
		if err != nil {
			return e, err
		}
		if e.SubjectID != s.out.Case {
			continue // somebody else's
		}
		if e.Kind != kind {
			return e, fmt.Errorf("the subscriber got %s instead of %s", e.Kind, kind)
		}
		return e, nil
	}
}

// move takes the case a step further, and waits until the subscriber knows.
func (s *story) move(ctx context.Context, by staff.Role, mutation, kind string, input variables) (status string, _ liveEvent, err error) {
	input["id"], input["expectedRevision"] = s.out.Case, s.revision
	var moved struct {
		Case struct {
			Status   string
			Revision int
		}
	}
	if err := s.api.mutate(ctx, s.token(by), mutation, "case{status revision}", input, &moved); err != nil {
		return "", liveEvent{}, err
	}
	s.revision = moved.Case.Revision
	e, err := s.event(ctx, kind)
	return moved.Case.Status, e, err
}

func (s *story) dispatch(ctx context.Context) error {
	status, e, err := s.move(ctx, manager, "caseDispatch", "case.dispatched", variables{"departmentId": s.department, "assigneeId": s.lead,
		"note": "Please talk to the shift today and tell me what keeps it from happening again. 请今日与当班沟通并报告防范措施。"})
	if err == nil {
		s.tells("The front office manager asks the shift leader to take it: %s (cursor %s).", "前厅部经理派单给领班：%s（游标 %s）。", status, e.Cursor)
	}
	return err
}

func (s *story) accept(ctx context.Context) error {
	status, e, err := s.move(ctx, lead, "caseAccept", "case.accepted", variables{})
	if err == nil {
		s.tells("The shift leader takes it on and answers for it from now on: %s (cursor %s).", "领班受理并负责：%s（游标 %s）。", status, e.Cursor)
	}
	return err
}

func (s *story) resolve(ctx context.Context) error {
	status, e, err := s.move(ctx, lead, "caseResolve", "case.resolved", variables{"substantiated": true,
		"resolution": "The guest's document was checked afterwards and was in order. No key leaves the desk before the card lies beside the document. 已补核证件无误；今后登记卡与证件并排核对后方可发卡。"})
	if err == nil {
		s.tells("The shift leader says what was found and done: %s (cursor %s).", "领班说明查明情况与措施：%s（游标 %s）。", status, e.Cursor)
	}
	return err
}

func (s *story) close(ctx context.Context) error {
	status, e, err := s.move(ctx, staff.RoleQUALITY_OFFICER, "caseClose", "case.closed", variables{"closure": "MANAGER_DECISION",
		"reason": "Watched ten check-ins: each document was checked. 复查十次入住办理，均已核对证件。"})
	if err == nil {
		s.tells("The inspector has looked again, and closes it: %s (cursor %s).", "检查人复查后结案：%s（游标 %s）。", status, e.Cursor)
	}
	return err
}

func (s *story) verify(ctx context.Context) error {
	report, err := events.Verify(ctx, s.db, func(_, _ events.Cursor) {})
	if err != nil {
		return err
	}
	if report.Break != nil {
		return fmt.Errorf("the event log is broken at cursor %s: %s", report.Break.Cursor, report.Break.Reason)
	}
	s.out.Verified = report.Events
	s.tells("%d events up to cursor %s, each with the digest of the one before: whole.", "共 %d 个事件，至游标 %s，逐一核对摘要：完整。", report.Events, report.Head)
	return nil
}

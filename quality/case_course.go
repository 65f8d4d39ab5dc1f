package quality

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// courseOf is a stored case as its course sees it.
func courseOf(c *db.ServiceCase) rules.CaseState {
	return rules.CaseState{
		Kind: c.Kind, Finding: !c.InspectionID.IsZero(), Anonymous: c.Anonymous, Station: c.Status,
		Taken: c.AcceptedAt != nil, Acknowledged: c.FirstResponseAt != nil, Held: c.HeldAt != nil,
		Contained: c.ContainedAt != nil, Investigated: c.Substantiated != nil, CauseFound: !c.CauseID.IsZero(),
		Decided: c.DecidedAt != nil, Answered: c.AnsweredAt != nil, Agreed: c.AgreedAt != nil,
		Assessed: c.Importance != nil, Important: important(c), Reported: c.ReportedAt != nil,
		Granted:      c.Decision != nil && *c.Decision != servicecase.DecisionDECLINED,
		OpenMeasures: c.OpenMeasures, Measures: c.StandingMeasures,
		Merged: !c.MergedIntoID.IsZero(), OpenTasks: c.OpenTasks, Archived: c.ArchivedAt != nil,
		Reopened: c.ReopenedCount, Refused: c.RefusedCount, Returned: c.ReturnedCount,
	}
}

func important(c *db.ServiceCase) bool {
	return c.Importance != nil && *c.Importance == servicecase.ImportanceIMPORTANT
}

// permitted refuses a step to who may not take it of a case that they see.
func permitted(v ent.Viewer, c *db.ServiceCase, step rules.CaseStep) error {
	permission := casePermissions[step]
	if permission == nil {
		return nil
	}
	if err := answersForCase(v, c); err != nil {
		return err
	}
	return permission(v, c)
}

// take asks the course of a case whether a step can be taken, and returns the state
// that it leads to, else a Rejection at a path into the input. facts adds what the
// input itself says; it may be nil.
func (s *Service) take(v ent.Viewer, c *db.ServiceCase, step rules.CaseStep, facts func(*rules.CaseState), path string) (rules.CaseState, error) {
	state := courseOf(c)
	state.Recent = c.ClosedAt != nil && s.now().Before(c.ClosedAt.Add(s.archiveAfter)) && !slices.Contains(deciding, v.Role)
	if facts != nil {
		facts(&state)
	}
	next, obstacles := state.Take(step)
	if obstacles != nil {
		return state, stepRefused(state.Station, step, obstacles, path)
	}
	return next, nil
}

// casePermissions say who may take a step of a case that they see: nil for who may,
// else a Rejection that says why not. What has none is everybody's who sees the case.
var casePermissions = map[rules.CaseStep]func(ent.Viewer, *db.ServiceCase) error{
	rules.Acknowledge:     receiverOrHandler,
	rules.Contain:         whoeverIsInvolved,
	rules.Dispatch:        receiverOrHandler,
	rules.Accept:          whoWasAsked,
	rules.Refuse:          whoWasAsked,
	rules.Return:          serverItself,
	rules.Move:            handler,
	rules.Assign:          handlerOrWhoWasAsked,
	rules.Hold:            handler,
	rules.Continue:        handler,
	rules.Revise:          receiverOrHandler,
	rules.Decide:          handlerOrManagement,
	rules.Reply:           handler,
	rules.Resolve:         handler,
	rules.FollowUp:        receiverOrHandler,
	rules.Agree:           receiverOrHandler,
	rules.Disagree:        receiverOrHandler,
	rules.Close:           receiverOrHandler,
	rules.CloseByDecision: decider,
	rules.Reopen:          receiverOrHandler,
	rules.Merge:           handler,
	rules.Split:           handler,
	rules.Link:            receiverOrHandler,
	rules.Refer:           receiverOrHandler,
	rules.Assess:          receiverOrHandler,
	rules.Report:          whoeverIsInvolved,
	rules.Commend:         receiverOrHandler,
	rules.AddMeasure:      handler,
	rules.VerifyMeasure:   receiverOrHandler,
	rules.AddTask:         receiverOrHandler,
	rules.Investigate:     handler,
	rules.Classify:        receiverOrHandler,
	rules.GivePromise:     receiverOrHandler,
	rules.Compensate:      handler,
	rules.Archive:         receiverOrHandler,
}

func handler(v ent.Viewer, c *db.ServiceCase) error { return involvedOrManaging(v, c.AssigneeID) }

func handlerOrWhoWasAsked(v ent.Viewer, c *db.ServiceCase) error {
	return involvedOrManaging(v, c.AssigneeID, c.DispatchedToID)
}

func receiverOrHandler(v ent.Viewer, c *db.ServiceCase) error {
	return involvedOrManaging(v, c.ReceivedByID, c.AssigneeID)
}

func whoeverIsInvolved(v ent.Viewer, c *db.ServiceCase) error {
	return involvedOrManaging(v, c.ReceivedByID, c.AssigneeID, c.DispatchedToID)
}

func whoWasAsked(v ent.Viewer, c *db.ServiceCase) error {
	if !v.Staff.IsZero() && (v.Staff == c.DispatchedToID || slices.Contains(v.Departments, c.DepartmentID)) {
		return nil
	}
	return forbidden(text("Only the person it was dispatched to, or who answers for the department, may do this.",
		"只有被派单人或该部门负责人可以执行此操作。"))
}

// handlerOrManagement leaves the decision on an important suggestion to management.
func handlerOrManagement(v ent.Viewer, c *db.ServiceCase) error {
	if !important(c) {
		return handler(v, c)
	}
	if slices.Contains(deciding, v.Role) {
		return nil
	}
	return forbidden(text("Management decides on an important suggestion.", "重要建议须由管理人员决定。"))
}

func decider(v ent.Viewer, _ *db.ServiceCase) error {
	if slices.Contains(deciding, v.Role) {
		return nil
	}
	return forbidden(text("Only a manager can close a case without the customer's word.", "未经客户确认，只有管理人员可以关闭个案。"))
}

func serverItself(v ent.Viewer, _ *db.ServiceCase) error {
	if v.Actor() == ent.System.Actor() {
		return nil
	}
	return forbidden(text("The server does this by itself.", "此操作由系统自动执行。"))
}

// managing are the roles that decide about work that is not their own, as far as
// they see it.
var managing = []staff.Role{
	staff.RoleTEAM_LEAD, staff.RoleDEPARTMENT_MANAGER, staff.RoleSITE_MANAGER,
	staff.RoleQUALITY_OFFICER, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR,
}

// deciding are the roles that may close a case without the customer's word.
var deciding = []staff.Role{
	staff.RoleDEPARTMENT_MANAGER, staff.RoleSITE_MANAGER,
	staff.RoleQUALITY_OFFICER, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR,
}

// involvedOrManaging allows a step to the persons named and to managers.
func involvedOrManaging(v ent.Viewer, persons ...typeid.StaffID) error {
	if !v.Staff.IsZero() && slices.Contains(persons, v.Staff) || slices.Contains(managing, v.Role) || v.Role == ent.Integrator {
		return nil
	}
	return forbidden(text("Only who answers for it, or a manager, may do this.", "只有负责人或管理人员可以执行此操作。"))
}

var statusNames = map[servicecase.Status]checklist.Text{
	servicecase.StatusOPEN:       {EN: "open", ZH: "待派单"},
	servicecase.StatusDISPATCHED: {EN: "dispatched", ZH: "已派单"},
	servicecase.StatusACCEPTED:   {EN: "accepted", ZH: "处理中"},
	servicecase.StatusRESOLVED:   {EN: "resolved", ZH: "已解决"},
	servicecase.StatusCLOSED:     {EN: "closed", ZH: "已关闭"},
}

// stepNames say what a case is when a step was taken.
var stepNames = map[rules.CaseStep]checklist.Text{
	rules.Acknowledge:     {EN: "acknowledged", ZH: "告知客户已受理登记"},
	rules.Contain:         {EN: "contained", ZH: "登记控制措施"},
	rules.Dispatch:        {EN: "dispatched", ZH: "派单"},
	rules.Accept:          {EN: "accepted", ZH: "受理"},
	rules.Refuse:          {EN: "refused", ZH: "退回"},
	rules.Return:          {EN: "returned", ZH: "超时退回"},
	rules.Move:            {EN: "moved", ZH: "转派"},
	rules.Assign:          {EN: "assigned", ZH: "指派"},
	rules.Hold:            {EN: "held", ZH: "挂起"},
	rules.Continue:        {EN: "continued", ZH: "恢复处理"},
	rules.Revise:          {EN: "revised", ZH: "修改"},
	rules.AddTask:         {EN: "given further tasks", ZH: "增加协办任务"},
	rules.FinishTask:      {EN: "relieved of a task", ZH: "完成协办任务"},
	rules.Investigate:     {EN: "investigated", ZH: "登记调查结论"},
	rules.Decide:          {EN: "decided on", ZH: "作出处理决定"},
	rules.Reply:           {EN: "answered", ZH: "答复客户"},
	rules.Resolve:         {EN: "resolved", ZH: "标记为已解决"},
	rules.FollowUp:        {EN: "followed up", ZH: "回访"},
	rules.Agree:           {EN: "followed up", ZH: "回访"},
	rules.Disagree:        {EN: "followed up", ZH: "回访"},
	rules.Close:           {EN: "closed", ZH: "关闭"},
	rules.CloseByDecision: {EN: "closed", ZH: "关闭"},
	rules.Reopen:          {EN: "reopened", ZH: "重新打开"},
	rules.Merge:           {EN: "merged", ZH: "合并"},
	rules.Split:           {EN: "split", ZH: "拆分"},
	rules.Link:            {EN: "linked", ZH: "关联"},
	rules.Refer:           {EN: "referred to a specialist", ZH: "转交专人"},
	rules.Assess:          {EN: "assessed", ZH: "评估"},
	rules.Report:          {EN: "reported", ZH: "上报"},
	rules.Commend:         {EN: "made to name people", ZH: "登记受表扬员工"},
	rules.AddMeasure:      {EN: "given further measures", ZH: "制定措施"},
	rules.AddEntry:        {EN: "given further lines", ZH: "添加处理记录"},
	rules.Classify:        {EN: "classified", ZH: "归类"},
	rules.GivePromise:     {EN: "given further promises", ZH: "登记承诺"},
	rules.Compensate:      {EN: "compensated", ZH: "登记补偿"},
	rules.Archive:         {EN: "archived", ZH: "归档"},
}

// obstacleTexts say what is in the way of a step, but for the station.
var obstacleTexts = map[rules.Obstacle]checklist.Text{
	rules.OtherKind:        {EN: "Cases of this kind have no such step.", ZH: "此类个案没有该步骤。"},
	rules.IsHeld:           {EN: "The case is held: let work go on first.", ZH: "个案处于挂起状态，请先恢复处理。"},
	rules.NotHeld:          {EN: "The case is not held.", ZH: "个案未被挂起。"},
	rules.IsAcknowledged:   {EN: "The customer has had a first response already.", ZH: "客户已得到首次答复。"},
	rules.IsMerged:         {EN: "The case goes on in the one that it was merged into.", ZH: "该个案已并入其他个案，请在并入的个案中处理。"},
	rules.TasksOpen:        {EN: "Tasks that it needs are not finished.", ZH: "尚有必需的协办任务未完成。"},
	rules.NoTaskOpen:       {EN: "No task of it is open.", ZH: "没有未完成的协办任务。"},
	rules.NotContained:     {EN: "Say first how the incident was contained.", ZH: "请先登记控制措施。"},
	rules.NotInvestigated:  {EN: "The investigation has no result yet.", ZH: "调查尚无结论。"},
	rules.CauseNotFound:    {EN: "The investigation names no cause yet.", ZH: "调查尚未查明原因。"},
	rules.NotDecided:       {EN: "It is not decided yet what the customer is given.", ZH: "尚未作出处理决定。"},
	rules.NotAnswered:      {EN: "The customer was not told the outcome yet.", ZH: "尚未将处理结果答复客户。"},
	rules.NotAgreed:        {EN: "There is no follow-up yet in which the customer agreed.", ZH: "尚无客户确认已解决的回访。"},
	rules.NobodyToTell:     {EN: "There is no customer who could be told or called.", ZH: "没有可以告知或回访的客户。"},
	rules.NotAssessed:      {EN: "Assess the suggestion first: what it is about, and how much it matters.", ZH: "请先评估该建议：所属主题及重要程度。"},
	rules.NotReported:      {EN: "Report it first: an important suggestion to management, an incident to the quality office.", ZH: "请先上报：重要建议报管理层，质量事件报质量管理部门。"},
	rules.IsDecided:        {EN: "It is decided on the suggestion already.", ZH: "该建议已作出处理决定。"},
	rules.NotPlanned:       {EN: "Plan a measure first: one that prevents the incident from happening again, or that carries the suggestion out.", ZH: "请先制定措施：防止事件再次发生，或落实该建议。"},
	rules.NotVerified:      {EN: "It is not verified yet that its measures have their effect.", ZH: "措施的效果尚未验证。"},
	rules.MeasuresOpen:     {EN: "Measures of it are neither verified nor cancelled.", ZH: "尚有措施既未验证也未取消。"},
	rules.NoMeasureOpen:    {EN: "No measure of it is open.", ZH: "没有未完成的措施。"},
	rules.TooEarly:         {EN: "It was closed so lately that only a manager may archive it yet.", ZH: "个案关闭不久，目前只有管理人员可以归档。"},
	rules.IsArchived:       {EN: "The case is in the archive: it stays as it is.", ZH: "个案已归档，不能再变更。"},
	rules.DecisionRequired: {EN: "Only a manager's decision closes this case.", ZH: "该个案须由管理人员决定关闭。"},
}

// stepRefused says all that is in the way of a step. The kind of each problem is the
// obstacle's own, but for a wrong station, which is Rejected.
func stepRefused(at servicecase.Status, step rules.CaseStep, obstacles []rules.Obstacle, path string) error {
	var bad check
	for _, o := range obstacles {
		if o != rules.WrongStation {
			t := obstacleTexts[o]
			bad.add(Kind(o), t.EN, t.ZH, path)
			continue
		}
		is, to := statusNames[at], stepNames[step]
		bad.add(Rejected, fmt.Sprintf("The case is %s and cannot be %s now.", is.EN, to.EN),
			fmt.Sprintf("个案当前为“%s”，不能%s。", is.ZH, to.ZH), path)
	}
	return bad.err()
}

// CaseAction is something that can be done to a case, or why it cannot be done.
type CaseAction struct {
	Step   rules.CaseStep
	Refuse Rejection // all that is in the way; nil where nothing is
}

// caseActions are the steps that people take by verbs of their own. What a follow-up
// comes to is the customer's to say: it is one action.
var caseActions = []rules.CaseStep{rules.Acknowledge, rules.Contain, rules.Dispatch, rules.Accept, rules.Refuse, rules.Move, rules.Assign,
	rules.Hold, rules.Continue, rules.Revise, rules.AddTask, rules.Investigate, rules.Decide, rules.Reply, rules.Resolve, rules.FollowUp,
	rules.Close, rules.CloseByDecision, rules.Reopen, rules.Merge, rules.Split, rules.Link, rules.Refer, rules.Assess,
	rules.Report, rules.Commend, rules.AddMeasure, rules.AddEntry, rules.Classify,
	rules.GivePromise, rules.Compensate, rules.Archive}

// CaseActions says what the viewer may do next to a case, by the rules that the steps
// themselves go by. An action is allowed where a fitting input makes it succeed.
func (s *Service) CaseActions(v ent.Viewer, c *db.ServiceCase) []CaseAction {
	actions := make([]CaseAction, len(caseActions))
	for n, step := range caseActions {
		actions[n].Step = step
		err := mayWrite(v, ent.Cases)
		if err == nil {
			err = permitted(v, c, step)
		}
		if err == nil {
			var facts func(*rules.CaseState)
			if step == rules.Resolve {
				facts = resolutionFacts
			}
			_, err = s.take(v, c, step, facts, "id")
		}
		errors.As(err, &actions[n].Refuse)
	}
	return actions
}

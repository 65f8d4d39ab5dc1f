package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// Limits of the texts of a case, in characters.
const (
	maxSubject = 200
	maxTopic   = 100
	maxProduct = 200
	maxProse   = 20_000
	maxForeign = 200 // an id in another system
)

// readCase finds the case of an earlier answer.
func (s *Service) readCase(ctx context.Context, ids []string) (*db.ServiceCase, error) {
	id, _ := typeid.Parse[typeid.CaseID](ids[0])
	return s.db.ServiceCase.Get(ctx, id)
}

// caseStep is a use case that moves a case from one station to the next.
type caseStep struct {
	name     string // of the mutation
	key      *string
	in       any
	id       typeid.CaseID
	revision int
	step     rules.CaseStep
	action   caseentry.Action // as the timeline records the step
	event    string           // kind of the event
	changed  []string         // names of the API fields that change, besides status, entries and revision

	// allowed reports whether the viewer may do it to this case, and why not.
	allowed func(v ent.Viewer, c *db.ServiceCase) error
	// apply sets what changes besides status and revision. note is what was said of
	// the step, if anything.
	apply func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (note string, err error)
}

// moveCase carries out a step: the case is loaded as the viewer sees it, the
// workflow is asked, the row is changed if it still has the expected revision, and
// the timeline records who took the step and what was said (R-CASE-7).
func (s *Service) moveCase(ctx context.Context, m caseStep) (*Change[*db.ServiceCase], error) {
	return run(ctx, s, useCase[*db.ServiceCase]{
		area: ent.Cases, name: m.name, key: m.key, in: m.in, read: s.readCase,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.ServiceCase], error) {
			var none effect[*db.ServiceCase]
			before, err := tx.ServiceCase.Get(ctx, m.id)
			if db.IsNotFound(err) {
				return none, notFound("id")
			}
			if err != nil {
				return none, fmt.Errorf("loading a case: %w", err)
			}
			if err := answersForCase(ent.ViewerFrom(ctx), before); err != nil {
				return none, err
			}
			if err := m.allowed(ent.ViewerFrom(ctx), before); err != nil {
				return none, err
			}
			if before.Revision != m.revision {
				return none, conflict()
			}
			next, ok := rules.NextCase(before.Status, m.step)
			if !ok {
				return none, stepRefused(before.Status, m.step)
			}
			now := s.now()
			update := tx.ServiceCase.UpdateOneID(before.ID).Where(servicecase.Revision(m.revision)).
				AddRevision(1).SetUpdatedAt(now).SetStatus(next).SetOpen(next != servicecase.StatusCLOSED)
			note, err := m.apply(ctx, tx, before, update)
			if err != nil {
				return none, err
			}
			c, err := update.Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a case: %w", err)
			}
			made, err := s.tick(ctx, tx, before, c, m.step, now)
			if err != nil {
				return none, err
			}
			if err := recordStep(ctx, tx, c, m.action, now); err != nil {
				return none, err
			}
			if err := writeDecision(ctx, tx, c.ID, note, now); err != nil {
				return none, err
			}
			changed := append([]string{"status", "entries", "revision"}, m.changed...)
			return effect[*db.ServiceCase]{
				object: c.Unwrap(), ids: []string{c.ID.String()},
				events: append([]events.Event{caseEvent(m.event, c, now, changed...)}, made...),
			}, nil
		},
	})
}

// recordStep adds the line to a case's timeline that says which step the viewer took,
// and to whom a dispatched case was handed. It holds no text: readers are told in
// their own language.
func recordStep(ctx context.Context, tx *db.Tx, c *db.ServiceCase, action caseentry.Action, now time.Time) error {
	line := tx.CaseEntry.Create().SetCaseID(c.ID).SetAuthorID(ent.ViewerFrom(ctx).Staff).
		SetKind(caseentry.KindSYSTEM).SetAction(action).SetText("").SetAt(now)
	if action == caseentry.ActionDISPATCHED {
		line.SetToDepartmentID(c.DepartmentID).SetToStaffID(c.DispatchedToID)
	}
	if err := line.Exec(ctx); err != nil {
		return fmt.Errorf("recording a step in a case's timeline: %w", err)
	}
	return nil
}

// writeDecision adds what the viewer said of a step to a case's timeline; an empty
// text adds nothing.
func writeDecision(ctx context.Context, tx *db.Tx, id typeid.CaseID, text string, now time.Time) error {
	if text == "" {
		return nil
	}
	err := tx.CaseEntry.Create().SetCaseID(id).SetAuthorID(ent.ViewerFrom(ctx).Staff).
		SetKind(caseentry.KindDECISION).SetText(text).SetAt(now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("writing a case's timeline: %w", err)
	}
	return nil
}

// caseEvent is an event of a case. It is visible to who answers for the case or
// was asked to, to who was asked first, and to those above them.
func caseEvent(kind string, c *db.ServiceCase, now time.Time, changed ...string) events.Event {
	owner := c.AssigneeID
	if c.Status == servicecase.StatusDISPATCHED && !c.DispatchedToID.IsZero() {
		owner = c.DispatchedToID
	}
	return events.Event{Kind: kind, Subject: c.ID.String(), Changed: changed, At: now,
		Site: c.SiteID, Department: c.DepartmentID, Owner: owner, Origin: c.ReceivedByID}
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

var stepNames = map[rules.CaseStep]checklist.Text{
	rules.Dispatch: {EN: "dispatched", ZH: "派单"},
	rules.Accept:   {EN: "accepted", ZH: "受理"},
	rules.Resolve:  {EN: "resolved", ZH: "标记为已解决"},
	rules.Close:    {EN: "closed", ZH: "关闭"},
}

// stepRefused says why a step is not allowed at a station.
func stepRefused(at servicecase.Status, step rules.CaseStep) error {
	is, to := statusNames[at], stepNames[step]
	return reject(Rejected, text(
		fmt.Sprintf("The case is %s and cannot be %s now.", is.EN, to.EN),
		fmt.Sprintf("个案当前为“%s”，不能%s。", is.ZH, to.ZH)), "id")
}

package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casetask"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func (s *Service) readTask(ctx context.Context, ids []string) (*db.CaseTask, error) {
	id, _ := typeid.Parse[typeid.CaseTaskID](ids[0])
	return s.db.CaseTask.Get(ctx, id)
}

// taskStep is a use case that moves a task from one station to the next.
type taskStep struct {
	name     string // of the mutation
	key      *string
	in       any
	id       typeid.CaseTaskID
	revision int
	step     rules.TaskStep
	event    string   // kind of the event
	changed  []string // names of the API fields that change, besides status and revision

	// allowed reports whether the viewer may do it to this task, and why not.
	allowed func(v ent.Viewer, t *db.CaseTask, c *db.ServiceCase) error
	// apply sets what changes besides status and revision.
	apply func(update *db.CaseTaskUpdateOne, now time.Time) error
}

// moveTask carries out a step: the task is loaded as the viewer sees it, the workflow
// is asked, and the row is changed if it still has the expected revision. A required
// task that ends no longer keeps its case from being resolved.
func (s *Service) moveTask(ctx context.Context, m taskStep) (*Change[*db.CaseTask], error) {
	return run(ctx, s, useCase[*db.CaseTask]{
		area: ent.Cases, name: m.name, key: m.key, in: m.in, read: s.readTask,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.CaseTask], error) {
			var none effect[*db.CaseTask]
			t, err := tx.CaseTask.Query().Where(casetask.ID(m.id)).WithCase().Only(ctx)
			if err := seen(t, err)("id"); err != nil {
				return none, err
			}
			if err := m.allowed(ent.ViewerFrom(ctx), t, t.Edges.Case); err != nil {
				return none, err
			}
			if t.Revision != m.revision {
				return none, conflict()
			}
			next, ok := rules.NextTask(t.Status, m.step)
			if !ok {
				return none, taskRefused(t.Status, m.step)
			}
			now := s.now()
			update := tx.CaseTask.UpdateOneID(t.ID).Where(casetask.Revision(m.revision)).AddRevision(1).SetUpdatedAt(now).SetStatus(next)
			if err := m.apply(update, now); err != nil {
				return none, err
			}
			if t, err = update.Save(ctx); db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a task: %w", err)
			}
			return taskChanged(ctx, tx, t, m.event, now, append([]string{"status", "revision"}, m.changed...)...)
		},
	})
}

// taskChanged is the effect of a change of a task: its case is changed, too, and both
// are told of, the one to the task's department, the other to who answers for the
// case.
func taskChanged(ctx context.Context, tx *db.Tx, t *db.CaseTask, event string, now time.Time, changed ...string) (effect[*db.CaseTask], error) {
	of := tx.ServiceCase.UpdateOneID(t.CaseID).SetUpdatedAt(now)
	ofCase := []string{"tasks"}
	if t.Required && event != EventTaskAccepted {
		n := -1
		if event == EventTaskAdded {
			n = 1
		}
		of.AddOpenTasks(n).AddRevision(1)
		ofCase = append(ofCase, "openTasks", "revision")
	}
	if event == EventTaskAdded {
		of.SetTasked(true)
	}
	c, err := of.Save(ctx)
	if err != nil {
		return effect[*db.CaseTask]{}, fmt.Errorf("counting the tasks of a case: %w", err)
	}
	return effect[*db.CaseTask]{object: t.Unwrap(), ids: []string{t.ID.String()}, events: []events.Event{
		{Kind: event, Subject: t.ID.String(), Changed: changed, At: now, Site: c.SiteID, Department: t.DepartmentID, Owner: t.AssigneeID, Origin: t.AddedByID},
		caseEvent(EventCaseTasksChanged, c, now, ofCase...),
	}}, nil
}

// ofDepartment allows a step to who was asked to do the task, and to who answers for
// its department.
func ofDepartment(v ent.Viewer, t *db.CaseTask, _ *db.ServiceCase) error {
	if !v.Staff.IsZero() && (v.Staff == t.AssigneeID || slices.Contains(v.Departments, t.DepartmentID)) {
		return nil
	}
	return forbidden(text("Only who was asked, or who answers for the department, may do this.", "只有被指派人或该部门负责人可以执行此操作。"))
}

var taskStatusNames = map[casetask.Status]checklist.Text{
	casetask.StatusOPEN:      {EN: "open", ZH: "待接受"},
	casetask.StatusACCEPTED:  {EN: "accepted", ZH: "进行中"},
	casetask.StatusDONE:      {EN: "done", ZH: "已完成"},
	casetask.StatusCANCELLED: {EN: "cancelled", ZH: "已取消"},
}

var taskStepNames = map[rules.TaskStep]checklist.Text{
	rules.TakeTask:     {EN: "accepted", ZH: "接受"},
	rules.CompleteTask: {EN: "completed", ZH: "完成"},
	rules.CancelTask:   {EN: "cancelled", ZH: "取消"},
}

// taskRefused says why a step is not allowed at a station.
func taskRefused(at casetask.Status, step rules.TaskStep) error {
	is, to := taskStatusNames[at], taskStepNames[step]
	return reject(Rejected, text(fmt.Sprintf("The task is %s and cannot be %s now.", is.EN, to.EN),
		fmt.Sprintf("任务当前为“%s”，不能%s。", is.ZH, to.ZH)), "id")
}

package quality_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casetask"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// asked adds a required task for housekeeping to a case of the colleague's.
func (c *company) asked(t testing.TB, of *db.ServiceCase, assignee *typeid.StaffID) *db.CaseTask {
	t.Helper()
	return must(c.AddCaseTask(c.as(t, "colleague"), quality.AddCaseTask{CaseID: of.ID, DepartmentID: c.departments["housekeeping"].ID,
		AssigneeID: assignee, Title: "Clean the room", Required: true}))(t)
}

func TestTasksOfOtherDepartments(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.accepted(t)
		_, err := c.AddCaseEntry(c.as(t, "housekeeping manager"), quality.AddCaseEntry{CaseID: of.ID, Kind: "NOTE", Visibility: "INTERNAL", Text: "x"})
		expect(t, "a department that was not asked", err, "NOT_FOUND caseId")

		before := c.rows(t)["events"]
		task := c.asked(t, of, nil)
		if task.Status != casetask.StatusOPEN || !task.DueAt.Equal(of.DueAt) || task.AddedByID != *c.staff("colleague") {
			t.Errorf("added %v", task)
		}
		if now := c.stored(t, of.ID); now.OpenTasks != 1 || !now.Tasked || now.Revision != of.Revision+1 {
			t.Errorf("the case has %d open tasks at revision %d", now.OpenTasks, now.Revision)
		}
		desk, house := c.departments["desk"].ID, c.departments["housekeeping"].ID
		agent, colleague := *c.staff("agent"), *c.staff("colleague")
		want := []said{
			{quality.EventTaskAdded, colleague.String(), house, typeid.StaffID{}, colleague, ""},
			{quality.EventCaseTasksChanged, colleague.String(), desk, colleague, agent, "tasks openTasks revision"},
		}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}

		// By the task the department's manager sees the case, and may write into its timeline.
		must(c.AddCaseEntry(c.as(t, "housekeeping manager"), quality.AddCaseEntry{CaseID: of.ID, Kind: "NOTE", Visibility: "INTERNAL", Text: "x"}))(t)
		_, err = c.AddCaseEntry(c.as(t, "housekeeper"), quality.AddCaseEntry{CaseID: of.ID, Kind: "NOTE", Visibility: "INTERNAL", Text: "x"})
		expect(t, "who in the department was not asked", err, "NOT_FOUND caseId")

		resolve := quality.ResolveCase{ID: of.ID, ExpectedRevision: c.stored(t, of.ID).Revision, Substantiated: new(true), Resolution: "Cleaned"}
		_, err = c.ResolveCase(c.as(t, "colleague"), resolve)
		expect(t, "resolved while a task is open", err, "TASKS_OPEN id; NOT_ANSWERED id")

		_, err = c.CompleteCaseTask(c.as(t, "housekeeping manager"), quality.CompleteCaseTask{ID: task.ID, ExpectedRevision: 1, Result: "Clean"})
		expect(t, "done by nobody", err, "REJECTED id")
		_, err = c.AcceptCaseTask(c.as(t, "colleague"), quality.AcceptCaseTask{ID: task.ID, ExpectedRevision: 1})
		expect(t, "accepted by another department", err, "FORBIDDEN")
		task = must(c.AcceptCaseTask(c.as(t, "housekeeping manager"), quality.AcceptCaseTask{ID: task.ID, ExpectedRevision: 1}))(t)
		if task.Status != casetask.StatusACCEPTED || task.AssigneeID != *c.staff("housekeeping manager") || task.AcceptedAt == nil {
			t.Errorf("accepted: %v", task)
		}
		_, err = c.CompleteCaseTask(c.as(t, "housekeeping manager"), quality.CompleteCaseTask{ID: task.ID, ExpectedRevision: 1, Result: "Clean"})
		expect(t, "a stale revision", err, "CONFLICT expectedRevision")
		_, err = c.CompleteCaseTask(c.as(t, "housekeeping manager"), quality.CompleteCaseTask{ID: task.ID, ExpectedRevision: 2, Result: " "})
		expect(t, "no result", err, "REQUIRED result")
		task = must(c.CompleteCaseTask(c.as(t, "housekeeping manager"), quality.CompleteCaseTask{ID: task.ID, ExpectedRevision: 2, Result: "Clean"}))(t)
		if task.Status != casetask.StatusDONE || *task.Result != "Clean" || task.EndedAt == nil || task.EndedByID != *c.staff("housekeeping manager") {
			t.Errorf("completed: %v", task)
		}
		_, err = c.CancelCaseTask(c.as(t, "colleague"), quality.CancelCaseTask{ID: task.ID, ExpectedRevision: 3, Reason: "x"})
		expect(t, "cancelled after it was done", err, "REJECTED id")

		_, err = c.ResolveCase(c.as(t, "colleague"), resolve)
		expect(t, "resolved on what was known before the task ended", err, "CONFLICT expectedRevision")
		answered := must(c.ReplyCase(c.as(t, "colleague"), quality.ReplyCase{ID: of.ID, ExpectedRevision: c.stored(t, of.ID).Revision,
			Kind: "CALL", Text: "It is clean"}))(t)
		resolve.ExpectedRevision = answered.Revision
		done := must(c.ResolveCase(c.as(t, "colleague"), resolve))(t)
		if done.OpenTasks != 0 {
			t.Errorf("%d tasks are open", done.OpenTasks)
		}
		_, err = c.AddCaseTask(c.as(t, "colleague"), quality.AddCaseTask{CaseID: of.ID, DepartmentID: house, Title: "More"})
		expect(t, "added to a resolved case", err, "REJECTED caseId")
	})
}

// A department that only helps decides nothing of the case, whatever its people's
// roles, and sees nothing of it any more when its task is withdrawn.
func TestWhoHelpsDecidesNothing(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.accepted(t)
		task := c.asked(t, of, c.staff("housekeeper"))
		manager, revision := c.as(t, "housekeeping manager"), c.stored(t, of.ID).Revision
		topic := c.topic(t, "service", nil)
		for name, try := range map[string]func() error{
			"resolves": func() error {
				_, err := c.ResolveCase(manager, quality.ResolveCase{ID: of.ID, ExpectedRevision: revision, Resolution: "x"})
				return err
			},
			"dispatches": func() error {
				_, err := c.DispatchCase(manager, quality.DispatchCase{ID: of.ID, ExpectedRevision: revision, DepartmentID: c.departments["housekeeping"].ID})
				return err
			},
			"classifies": func() error {
				_, err := c.ClassifyCase(manager, quality.ClassifyCase{ID: of.ID, ExpectedRevision: revision, TopicID: topic.ID})
				return err
			},
			"asks others": func() error {
				_, err := c.AddCaseTask(manager, quality.AddCaseTask{CaseID: of.ID, DepartmentID: c.departments["reservations"].ID, Title: "x"})
				return err
			},
			"withdraws": func() error {
				_, err := c.CancelCaseTask(manager, quality.CancelCaseTask{ID: task.ID, ExpectedRevision: 1, Reason: "x"})
				return err
			},
		} {
			expect(t, name, try(), "FORBIDDEN")
		}
		seen := func(by string) bool {
			n, err := c.db.ServiceCase.Query().Count(c.as(t, by))
			if err != nil {
				t.Fatal(err)
			}
			return n == 1
		}
		if !seen("housekeeper") || !seen("housekeeping manager") || seen("booker") {
			t.Error("the case is not seen by who was asked alone")
		}
		task = must(c.CancelCaseTask(c.as(t, "agent"), quality.CancelCaseTask{ID: task.ID, ExpectedRevision: 1, Reason: "The guest has left"}))(t)
		if task.Status != casetask.StatusCANCELLED || c.stored(t, of.ID).OpenTasks != 0 {
			t.Errorf("cancelled: %v", task)
		}
		if seen("housekeeper") || seen("housekeeping manager") {
			t.Error("the case is still seen by who was asked")
		}
	})
}

func TestTasksAreRefused(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.accepted(t)
		for name, test := range map[string]struct {
			by   string
			set  func(*quality.AddCaseTask)
			want string
		}{
			"who has nothing to do with it": {"booker", func(*quality.AddCaseTask) {}, "NOT_FOUND caseId"},
			"the receiver":                  {"agent", func(*quality.AddCaseTask) {}, ""},
			"the lead":                      {"lead", func(*quality.AddCaseTask) {}, ""},
			"another site's department":     {"officer", func(in *quality.AddCaseTask) { in.DepartmentID = c.departments["floor"].ID }, "INVALID departmentId"},
			"a hidden department":           {"agent", func(in *quality.AddCaseTask) { in.DepartmentID = c.departments["floor"].ID }, "NOT_FOUND departmentId"},
			"a person of another":           {"agent", func(in *quality.AddCaseTask) { in.AssigneeID = c.staff("booker") }, "INVALID assigneeId"},
			"no title, overdue":             {"agent", func(in *quality.AddCaseTask) { in.Title, in.DueAt = "", new(morning.Add(-time.Hour)) }, "REQUIRED title; INVALID dueAt"},
		} {
			in := quality.AddCaseTask{CaseID: of.ID, DepartmentID: c.departments["housekeeping"].ID, Title: "Clean", Required: true}
			test.set(&in)
			_, err := c.AddCaseTask(c.as(t, test.by), in)
			expect(t, name, err, test.want)
		}
		if n := c.stored(t, of.ID).OpenTasks; n != 2 {
			t.Errorf("%d tasks are open, want 2", n)
		}
	})
}

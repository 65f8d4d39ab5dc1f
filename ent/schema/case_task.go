package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// CaseTask is what another department contributes to a case. While it is not
// cancelled, the department sees the case by it.
type CaseTask struct{ ent.Schema }

// Mixin of the CaseTask.
func (CaseTask) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the CaseTask.
func (CaseTask) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CaseTaskID{}).Default(typeid.New[typeid.CaseTaskID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable().Comment("That has to do it."),
		field.UUID("assignee_id", typeid.StaffID{}).Optional().Comment("Who in it was asked and, from its acceptance on, who does it."),
		field.UUID("added_by_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent for what a machine added."),
		field.UUID("ended_by_id", typeid.StaffID{}).Optional().Comment("Who completed or cancelled it."),
		field.String("title").MaxRuneLen(200).NotEmpty().Immutable(),
		field.Text("what").MaxRuneLen(20000).Optional().Nillable().Immutable().Comment("What has to be done, in full."),
		field.Bool("required").Immutable().Comment("The case cannot be resolved before it is done."),
		field.Enum("status").Values("OPEN", "ACCEPTED", "DONE", "CANCELLED").Default("OPEN"),
		field.Time("due_at").Immutable(),
		field.Time("added_at").Immutable(),
		field.Time("accepted_at").Optional().Nillable(),
		field.Time("ended_at").Optional().Nillable().Comment("When it was completed or cancelled."),
		field.Text("result").MaxRuneLen(20000).Optional().Nillable().Comment("What was done, or why it was cancelled."),
	}
}

// Edges of the CaseTask.
func (CaseTask) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixed("department", Department.Type, "department_id"),
		maybe("assignee", Staff.Type, "assignee_id"),
		fixedMaybe("added_by", Staff.Type, "added_by_id"),
		maybe("ended_by", Staff.Type, "ended_by_id"),
	}
}

// Indexes of the CaseTask.
func (CaseTask) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("due_at", "id"),
		index.Fields("department_id", "status", "due_at", "id"),
		index.Fields("assignee_id", "status", "due_at", "id"),
		index.Fields("case_id", "due_at", "id", "status", "department_id", "assignee_id").StorageKey("casetask_case_id_due_at_id_seen"),
	}
}

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// CaseMeasure is what is done for good about a case: a corrective or preventive action,
// or the improvement that a suggestion leads to. Its effect is verified by somebody
// else than who carried it out.
type CaseMeasure struct{ ent.Schema }

// Mixin of the CaseMeasure.
func (CaseMeasure) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the CaseMeasure.
func (CaseMeasure) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CaseMeasureID{}).Default(typeid.New[typeid.CaseMeasureID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable().Comment("The case's."),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable().Comment("Of the owner, when it was planned."),
		field.UUID("owner_id", typeid.StaffID{}).Immutable().Comment("Who has to carry it out."),
		field.UUID("planned_by_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent for what a machine planned."),
		field.UUID("completed_by_id", typeid.StaffID{}).Optional().Comment("Who said that it is carried out."),
		field.UUID("ended_by_id", typeid.StaffID{}).Optional().Comment("Who verified its effect, or cancelled it."),
		field.UUID("deadline_id", typeid.DeadlineID{}).Immutable().Comment("By which its effect is to be verified."),
		field.Enum("kind").Values("CORRECTIVE", "PREVENTIVE", "IMPROVEMENT").Immutable(),
		field.Enum("status").Values("PLANNED", "COMPLETED", "EFFECTIVE", "NOT_EFFECTIVE", "CANCELLED").Default("PLANNED"),
		field.Text("what").MaxRuneLen(20000).NotEmpty().Immutable().Comment("What is to be done."),
		field.Time("due_at").Immutable().Comment("By when it is carried out."),
		field.Time("effect_due_at").Immutable().Comment("By when its effect is verified."),
		field.Time("planned_at").Immutable(),
		field.Time("completed_at").Optional().Nillable(),
		field.Time("ended_at").Optional().Nillable().Comment("When its effect was verified, or it was cancelled."),
		field.Text("result").MaxRuneLen(20000).Optional().Nillable().Comment("What was done."),
		field.Text("finding").MaxRuneLen(20000).Optional().Nillable().Comment("How its effect, or the lack of it, shows; or why it was cancelled."),
	}
}

// Edges of the CaseMeasure.
func (CaseMeasure) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		fixed("owner", Staff.Type, "owner_id"),
		fixed("deadline", Deadline.Type, "deadline_id"),
		fixedMaybe("planned_by", Staff.Type, "planned_by_id"),
		maybe("completed_by", Staff.Type, "completed_by_id"),
		maybe("ended_by", Staff.Type, "ended_by_id"),
	}
}

// Indexes of the CaseMeasure.
func (CaseMeasure) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("effect_due_at", "id"),
		index.Fields("site_id", "status", "effect_due_at", "id"),
		index.Fields("department_id", "status", "effect_due_at", "id"),
		index.Fields("owner_id", "status", "effect_due_at", "id"),
		index.Fields("case_id", "effect_due_at", "id"),
	}
}

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// HandOver is an offer of a case to a department, and what became of it. Until it is
// accepted, whoever had the case before answers for it.
type HandOver struct{ ent.Schema }

// Fields of the HandOver.
func (HandOver) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.HandOverID{}).Default(typeid.New[typeid.HandOverID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.UUID("from_id", typeid.StaffID{}).Optional().Immutable().Comment("Who answered for the case, and still does unless it is accepted."),
		field.UUID("from_department_id", typeid.DepartmentID{}).Optional().Immutable().Comment("The department that had accepted the case before; absent where none had."),
		field.UUID("to_department_id", typeid.DepartmentID{}).Immutable(),
		field.UUID("to_staff_id", typeid.StaffID{}).Optional().Immutable().Comment("Who in it was asked; absent where its leads and managers decide."),
		field.UUID("offered_by_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent for what a machine did."),
		field.Time("offered_at").Immutable(),
		field.Enum("state").Values("OFFERED", "ACCEPTED", "REFUSED", "RETURNED", "WITHDRAWN").Default("OFFERED"),
		field.UUID("decided_by_id", typeid.StaffID{}).Optional(),
		field.Time("decided_at").Optional().Nillable(),
		field.Text("reason").MaxRuneLen(20000).Optional().Nillable().Comment("Why it was refused."),
	}
}

// Edges of the HandOver.
func (HandOver) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixedMaybe("from", Staff.Type, "from_id"),
		fixedMaybe("from_department", Department.Type, "from_department_id"),
		fixed("to_department", Department.Type, "to_department_id"),
		fixedMaybe("to_staff", Staff.Type, "to_staff_id"),
		fixedMaybe("offered_by", Staff.Type, "offered_by_id"),
		maybe("decided_by", Staff.Type, "decided_by_id"),
	}
}

// Indexes of the HandOver.
func (HandOver) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("case_id", "offered_at", "id"),
		index.Fields("state", "offered_at", "id"),
	}
}

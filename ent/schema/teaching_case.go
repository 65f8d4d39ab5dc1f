package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// TeachingCase is a case that was selected for others to learn from. Its texts name
// nobody: everybody of the site may read them.
type TeachingCase struct{ ent.Schema }

// Mixin of the TeachingCase.
func (TeachingCase) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the TeachingCase.
func (TeachingCase) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.TeachingCaseID{}).Default(typeid.New[typeid.TeachingCaseID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Optional().Immutable().Comment("Which had the case when it was selected."),
		field.String("month").MaxRuneLen(10).NotEmpty().Immutable().Comment("For which it was selected: its first day, YYYY-MM-DD."),
		field.String("title").MaxRuneLen(200).NotEmpty(),
		field.Text("lesson").MaxRuneLen(20000).NotEmpty().Comment("What is to be learned from it."),
		field.Bool("trained").Default(false).Comment("A training was held on it."),
		field.UUID("selected_by_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent for what a machine selected."),
		field.Time("selected_at").Immutable(),
	}
}

// Edges of the TeachingCase.
func (TeachingCase) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixed("site", Site.Type, "site_id"),
		fixedMaybe("department", Department.Type, "department_id"),
		fixedMaybe("selected_by", Staff.Type, "selected_by_id"),
	}
}

// Indexes of the TeachingCase.
func (TeachingCase) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("case_id", "month").Unique(),
		index.Fields("selected_at", "id"),
		index.Fields("site_id", "selected_at", "id"),
		index.Fields("department_id", "selected_at", "id"),
		index.Fields("month", "selected_at", "id"),
		index.Fields("site_id", "month", "department_id", "trained"),
	}
}

// Training is that a teaching case was gone through with people.
type Training struct{ ent.Schema }

// Fields of the Training.
func (Training) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.TrainingID{}).Default(typeid.New[typeid.TrainingID]).Immutable(),
		field.UUID("teaching_case_id", typeid.TeachingCaseID{}).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable().Comment("Which held it."),
		field.String("held_on").MaxRuneLen(10).NotEmpty().Immutable().Comment("The day, YYYY-MM-DD."),
		field.UUID("trainer_id", typeid.StaffID{}).Immutable(),
		field.Text("note").MaxRuneLen(20000).Optional().Nillable().Immutable(),
		field.UUID("recorded_by_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent for what a machine recorded."),
		field.Time("recorded_at").Immutable(),
	}
}

// Edges of the Training.
func (Training) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("teaching_case", TeachingCase.Type, "teaching_case_id"),
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		fixed("trainer", Staff.Type, "trainer_id"),
		fixedMaybe("recorded_by", Staff.Type, "recorded_by_id"),
		edge.To("participants", Staff.Type).StorageKey(edge.Table("training_participants"), edge.Columns("training_id", "staff_id")),
	}
}

// Indexes of the Training.
func (Training) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("held_on", "id"),
		index.Fields("teaching_case_id", "held_on", "id"),
		index.Fields("site_id", "held_on", "id"),
		index.Fields("department_id", "held_on", "id"),
	}
}

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// CaseInvestigation is what the investigation of a case found. It is never changed: a
// later finding is a further version, and the highest one holds.
type CaseInvestigation struct{ ent.Schema }

// Fields of the CaseInvestigation.
func (CaseInvestigation) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.InvestigationID{}).Default(typeid.New[typeid.InvestigationID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.Int("version").Positive().Immutable().Comment("Counts from 1 within the case."),
		field.UUID("investigator_id", typeid.StaffID{}).Optional().Immutable().Comment("Who stated it. Absent for what a machine stated."),
		field.Bool("substantiated").Immutable().Comment("The complaint is justified."),
		field.Bool("service_caused").Immutable().Comment("A person's service was the cause."),
		field.UUID("cause_id", typeid.CauseID{}).Optional().Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Optional().Immutable().Comment("Responsible for it."),
		field.UUID("person_id", typeid.StaffID{}).Optional().Immutable().Comment("Responsible for it."),
		field.Int("loss").Optional().Nillable().NonNegative().Immutable().Comment("To the company, in minor units of the currency."),
		field.String("currency").MaxRuneLen(3).Optional().Nillable().Immutable().Comment("ISO 4217, of the loss."),
		field.Text("findings").MaxRuneLen(20000).NotEmpty().Immutable(),
		field.Time("at").Immutable(),
	}
}

// Edges of the CaseInvestigation.
func (CaseInvestigation) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixedMaybe("investigator", Staff.Type, "investigator_id"),
		fixedMaybe("cause", Cause.Type, "cause_id"),
		fixedMaybe("department", Department.Type, "department_id"),
		fixedMaybe("person", Staff.Type, "person_id"),
	}
}

// Indexes of the CaseInvestigation.
func (CaseInvestigation) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("case_id", "version").Unique(),
		index.Fields("case_id", "at", "id"),
	}
}

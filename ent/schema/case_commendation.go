package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// CaseCommendation is that a commendation names a member of the staff. Awards count
// them.
type CaseCommendation struct{ ent.Schema }

// Fields of the CaseCommendation.
func (CaseCommendation) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CommendationID{}).Default(typeid.New[typeid.CommendationID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.UUID("staff_id", typeid.StaffID{}).Immutable().Comment("Who is praised."),
		field.UUID("site_id", typeid.SiteID{}).Immutable().Comment("Where that person belonged when they were named."),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable().Comment("Where that person belonged when they were named."),
		field.UUID("named_by_id", typeid.StaffID{}).Optional().Comment("Who last entered it; absent for what a machine entered."),
		field.Bool("in_writing").Comment("The customer wrote it."),
		field.Time("opened_at").Immutable().Comment("When the customer spoke: the case's."),
		field.Time("named_at"),
		field.Time("withdrawn_at").Optional().Nillable().Comment("When the case was said not to name that person after all, or went on in another that does."),
	}
}

// Edges of the CaseCommendation.
func (CaseCommendation) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixed("staff", Staff.Type, "staff_id"),
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		maybe("named_by", Staff.Type, "named_by_id"),
	}
}

// Indexes of the CaseCommendation.
func (CaseCommendation) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("case_id", "staff_id").Unique(),
		index.Fields("site_id", "opened_at"),
		index.Fields("staff_id", "opened_at"),
	}
}

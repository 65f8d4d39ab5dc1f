package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Absence is a time during which a member of the staff is out of office, and who
// stands in.
type Absence struct{ ent.Schema }

// Mixin of the Absence.
func (Absence) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the Absence.
func (Absence) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.AbsenceID{}).Default(typeid.New[typeid.AbsenceID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable().Comment("Of the person, when it was entered."),
		field.UUID("staff_id", typeid.StaffID{}).Immutable(),
		field.UUID("delegate_id", typeid.StaffID{}).Optional().Comment("Who stands in."),
		field.Enum("reason").Values("LEAVE", "BUSINESS_TRIP", "TRAINING", "OTHER").Comment("No more of it is anybody's business."),
		field.Time("from_at"),
		field.Time("until_at").Comment("The first moment of being back."),
		field.Time("created_at").Immutable(),
		field.Bool("planned").Default(false).Comment("The open cases that it concerns tell of it as it is now."),
	}
}

// Edges of the Absence.
func (Absence) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		fixed("staff", Staff.Type, "staff_id"),
		maybe("delegate", Staff.Type, "delegate_id"),
	}
}

// Indexes of the Absence.
func (Absence) Indexes() []ent.Index {
	return []ent.Index{index.Fields("staff_id", "until_at"), index.Fields("from_at", "id"),
		index.Fields("updated_at", "id").Annotations(entsql.IndexWhere("NOT planned")).StorageKey("absence_to_plan")}
}

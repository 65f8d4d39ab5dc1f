package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Visit is one visit, call or message that reception registered. It holds no contact
// data: who the visitor is stands in the customer's file, if there is one.
type Visit struct{ ent.Schema }

// Mixin of the Visit.
func (Visit) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the Visit.
func (Visit) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.VisitID{}).Default(typeid.New[typeid.VisitID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable(),
		field.UUID("customer_id", typeid.CustomerID{}).Optional().Comment("Absent for a visitor without a file."),
		field.UUID("owner_id", typeid.StaffID{}).Optional().Immutable().Comment("Who owned the relation after this visit, whatever becomes of it later."),
		field.UUID("assigned_id", typeid.StaffID{}).Immutable().Comment("Who serves the visitor."),
		field.UUID("received_by_id", typeid.StaffID{}).Optional().Immutable().Comment("Who registered it. Absent for a machine."),
		field.UUID("dealing_with_id", typeid.StaffID{}).Optional().Immutable().Comment("The visitor's answer to whether they deal with somebody already."),
		field.Enum("channel").Values("IN_PERSON", "TELEPHONE", "EMAIL", "CHAT").Immutable(),
		field.Enum("assignment").Values("OWNER", "ROTATION", "BY_HAND").Immutable(),
		field.String("group").MaxRuneLen(40).Optional().Nillable().Immutable().Comment("The group whose rotation gave the visitor to somebody."),
		field.Bool("known").Immutable().Comment("The visitor was here before, by the files or by the visitor's word."),
		field.String("source").MaxRuneLen(100).Optional().Nillable().Immutable().Comment("How the visitor heard of the company."),
		field.Int("rings").Optional().Nillable().Immutable().Comment("How often the telephone rang before it was answered."),
		field.Enum("no_customer").Values("NOT_ASKED", "ASKED", "AGREED", "REFUSED").Default("NOT_ASKED").
			Comment("Whether the visitor proved to be no customer, for which the staff member gets an extra turn."),
		field.UUID("decided_by_id", typeid.StaffID{}).Optional(),
		field.Time("at").Immutable(),
		field.String("day").MinLen(10).MaxLen(10).Immutable().Comment("The day on the site's calendar, such as \"2026-10-01\": figures are counted by it."),
	}
}

// Edges of the Visit.
func (Visit) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		maybe("customer", Customer.Type, "customer_id"),
		fixedMaybe("owner", Staff.Type, "owner_id"),
		fixed("assigned", Staff.Type, "assigned_id"),
		fixedMaybe("received_by", Staff.Type, "received_by_id"),
		fixedMaybe("dealing_with", Staff.Type, "dealing_with_id"),
		maybe("decided_by", Staff.Type, "decided_by_id"),
	}
}

// Indexes of the Visit.
func (Visit) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("at", "id"),
		index.Fields("site_id", "at", "id"),
		index.Fields("department_id", "at", "id"),
		index.Fields("assigned_id", "at", "id"),
		index.Fields("received_by_id", "at", "id"),
		index.Fields("customer_id", "at", "id"),
		index.Fields("owner_id", "at", "id"),
		index.Fields("dealing_with_id"),
		index.Fields("decided_by_id"),
		index.Fields("site_id", "day"),
		index.Fields("department_id", "day"),
	}
}

// Rotation is the order in which the people of a group take new visitors on a day.
// Whoever gives a visitor to somebody holds the lock of its row.
type Rotation struct{ ent.Schema }

// Fields of the Rotation.
func (Rotation) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.RotationID{}).Default(typeid.New[typeid.RotationID]).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable(),
		field.String("day").MinLen(10).MaxLen(10).Immutable(),
		field.String("group").MaxRuneLen(40).NotEmpty().Immutable(),
		field.Int("draws").Default(0).NonNegative(),
	}
}

// Edges of the Rotation.
func (Rotation) Edges() []ent.Edge {
	return []ent.Edge{fixed("department", Department.Type, "department_id")}
}

// Indexes of the Rotation.
func (Rotation) Indexes() []ent.Index {
	return []ent.Index{index.Fields("department_id", "day", "group").Unique()}
}

// RotationPlace is one person's place in a rotation; quality/rules says what its
// numbers mean.
type RotationPlace struct{ ent.Schema }

// Fields of the RotationPlace.
func (RotationPlace) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.RotationPlaceID{}).Default(typeid.New[typeid.RotationPlaceID]).Immutable(),
		field.UUID("rotation_id", typeid.RotationID{}).Immutable(),
		field.UUID("staff_id", typeid.StaffID{}).Immutable(),
		field.Int("turns").Default(0).NonNegative(),
		field.Int("level").Default(0).NonNegative(),
		field.Int("extra").Default(0).NonNegative(),
		field.Int("seen").Default(0).NonNegative(),
		field.Int("last").Default(0).NonNegative(),
	}
}

// Edges of the RotationPlace.
func (RotationPlace) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("rotation", Rotation.Type, "rotation_id"),
		fixed("staff", Staff.Type, "staff_id"),
	}
}

// Indexes of the RotationPlace.
func (RotationPlace) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("rotation_id", "staff_id").Unique(),
		index.Fields("staff_id"),
	}
}

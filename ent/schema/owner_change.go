package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// OwnerChange is that somebody else came to own the relation with a customer. It is
// never changed, but follows a file into the one it is merged with, and loses its
// reason when the customer is erased.
type OwnerChange struct{ ent.Schema }

// Fields of the OwnerChange.
func (OwnerChange) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.OwnerChangeID{}).Default(typeid.New[typeid.OwnerChangeID]).Immutable(),
		field.UUID("customer_id", typeid.CustomerID{}),
		field.UUID("from_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent where nobody owned it."),
		field.UUID("to_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent where nobody owns it from then on."),
		field.String("reason").MaxRuneLen(500).Optional().Nillable().Sensitive().Comment("Absent for a change that needed none."),
		field.String("actor").MaxRuneLen(60).NotEmpty().Immutable().Comment("Id of the staff member or token that did it."),
		field.UUID("staff_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent where a program did it."),
		field.Time("at").Immutable(),
	}
}

// Edges of the OwnerChange.
func (OwnerChange) Edges() []ent.Edge {
	return []ent.Edge{
		to("customer", Customer.Type, "customer_id"),
		fixedMaybe("from", Staff.Type, "from_id"),
		fixedMaybe("to", Staff.Type, "to_id"),
		fixedMaybe("staff", Staff.Type, "staff_id"),
	}
}

// Indexes of the OwnerChange.
func (OwnerChange) Indexes() []ent.Index { return []ent.Index{index.Fields("customer_id", "at", "id")} }

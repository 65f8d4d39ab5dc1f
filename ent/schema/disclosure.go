package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Disclosure says that a customer's personal data left the system in clear: to whom,
// when and what for. It is never changed, but follows a file into the one it is
// merged with, and loses its note when the customer is erased.
type Disclosure struct{ ent.Schema }

// Fields of the Disclosure.
func (Disclosure) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.DisclosureID{}).Default(typeid.New[typeid.DisclosureID]).Immutable(),
		field.UUID("customer_id", typeid.CustomerID{}),
		field.Enum("kind").Values("REVEAL", "EXPORT").Immutable(),
		field.Enum("purpose").Values("CONTACT", "CASE", "DELIVERY", "CORRECTION", "CUSTOMER_REQUEST", "OTHER").Immutable(),
		field.String("note").MaxRuneLen(200).Optional().Nillable().Sensitive(),
		field.String("actor").MaxRuneLen(60).NotEmpty().Immutable().Comment("Id of the staff member or token that it was told to."),
		field.UUID("staff_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent where it was told to a program."),
		field.Time("at").Immutable(),
	}
}

// Edges of the Disclosure.
func (Disclosure) Edges() []ent.Edge {
	return []ent.Edge{
		to("customer", Customer.Type, "customer_id"),
		fixedMaybe("staff", Staff.Type, "staff_id"),
	}
}

// Indexes of the Disclosure.
func (Disclosure) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("customer_id", "at", "id"),
		index.Fields("actor", "at"),
	}
}

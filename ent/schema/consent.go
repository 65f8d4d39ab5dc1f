package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Consent is that a customer agreed to a use of their data, or no longer does. A row
// is never changed but for whether it holds now; it follows a file into the one it is
// merged with, and loses its note when the customer is erased.
type Consent struct{ ent.Schema }

// Fields of the Consent.
func (Consent) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ConsentID{}).Default(typeid.New[typeid.ConsentID]).Immutable(),
		field.UUID("customer_id", typeid.CustomerID{}),
		field.Enum("purpose").Values("CONTACT", "MARKETING", "SURVEY", "STATISTICS", "THIRD_PARTY").Immutable(),
		field.Enum("state").Values("GIVEN", "WITHDRAWN").Immutable(),
		field.Enum("channel").Values("IN_PERSON", "TELEPHONE", "EMAIL", "CHAT", "LETTER", "ONLINE", "OTHER").Immutable().Comment("How the customer said so."),
		field.String("note").MaxRuneLen(200).Optional().Nillable().Sensitive(),
		field.Bool("current").StorageKey("is_current").Default(true).Comment("The latest of its purpose: one of each that the customer spoke of."),
		field.Time("at").Immutable().Comment("When the customer said so."),
		field.Time("recorded_at").Immutable(),
		field.String("actor").MaxRuneLen(60).NotEmpty().Immutable().Comment("Id of the staff member or token that recorded it."),
		field.UUID("staff_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent where a program recorded it."),
	}
}

// Edges of the Consent.
func (Consent) Edges() []ent.Edge {
	return []ent.Edge{
		to("customer", Customer.Type, "customer_id"),
		fixedMaybe("staff", Staff.Type, "staff_id"),
	}
}

// Indexes of the Consent.
func (Consent) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("customer_id", "at", "id"),
		index.Fields("customer_id", "purpose").Unique().Annotations(entsql.IndexWhere("is_current")).StorageKey("consent_current"),
	}
}

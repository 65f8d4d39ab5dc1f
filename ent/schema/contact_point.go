package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// ContactPoint is one way to reach a customer. Its value is stored encrypted
// (sealed) and found again by a keyed digest of its exact normalised form. One that
// was taken away keeps its row without either.
type ContactPoint struct{ ent.Schema }

// Fields of the ContactPoint.
func (ContactPoint) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ContactPointID{}).Default(typeid.New[typeid.ContactPointID]).Immutable(),
		field.UUID("customer_id", typeid.CustomerID{}),
		field.Enum("kind").Values("PHONE", "EMAIL", "CHAT").Immutable(),
		field.String("channel").MaxRuneLen(40).Optional().Nillable().Immutable().Comment("The chat service, such as \"WECHAT\"; absent for the other kinds."),
		field.Bytes("sealed").MaxLen(2048).Optional().Sensitive(),
		field.Bytes("digest").MaxLen(32).Optional().Sensitive(),
		field.String("label").MaxRuneLen(60).Optional().Nillable().Sensitive(),
		field.Bool("primary").StorageKey("is_primary").Default(false).Comment("The first of its kind to try: one of each kind that the customer has."),
		field.Time("added_at").Immutable(),
		field.Time("verified_at").Optional().Nillable(),
		field.UUID("verified_by_id", typeid.StaffID{}).Optional().Comment("Absent for what a machine verified."),
		field.Time("removed_at").Optional().Nillable(),
	}
}

// Edges of the ContactPoint.
func (ContactPoint) Edges() []ent.Edge {
	return []ent.Edge{
		to("customer", Customer.Type, "customer_id"),
		maybe("verified_by", Staff.Type, "verified_by_id"),
	}
}

// Indexes of the ContactPoint. What was taken away has no digest and is not primary,
// so it is in the way of nothing.
func (ContactPoint) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("digest", "customer_id"),
		index.Fields("customer_id", "digest").Unique(),
		index.Fields("customer_id", "kind").Unique().Annotations(entsql.IndexWhere("is_primary")).StorageKey("contactpoint_primary"),
	}
}

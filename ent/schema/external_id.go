package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// ExternalID is what another system calls a customer.
type ExternalID struct{ ent.Schema }

// Fields of the ExternalID.
func (ExternalID) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ExternalIDID{}).Default(typeid.New[typeid.ExternalIDID]).Immutable(),
		field.UUID("customer_id", typeid.CustomerID{}),
		field.UUID("site_id", typeid.SiteID{}).Immutable().Comment("Where the customer was registered that it was given to."),
		field.String("system").MaxRuneLen(40).NotEmpty().Immutable().Comment("A code, such as \"pms\"."),
		field.String("value").MaxRuneLen(200).NotEmpty().Immutable().Sensitive(),
		field.Time("added_at").Immutable(),
	}
}

// Edges of the ExternalID.
func (ExternalID) Edges() []ent.Edge {
	return []ent.Edge{
		to("customer", Customer.Type, "customer_id"),
		fixed("site", Site.Type, "site_id"),
	}
}

// Indexes of the ExternalID.
func (ExternalID) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("customer_id", "system", "value"),
		index.Fields("system", "value"),
		index.Fields("site_id", "system", "value").Unique(),
	}
}

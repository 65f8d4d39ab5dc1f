package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Customer is a person or a company who bought, asked or complained. How to reach
// them stands in contact points.
type Customer struct{ ent.Schema }

// Mixin of the Customer.
func (Customer) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the Customer.
func (Customer) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CustomerID{}).Default(typeid.New[typeid.CustomerID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable().Comment("Where the customer was first registered."),
		field.UUID("department_id", typeid.DepartmentID{}).Optional().Comment("The department that looks after the customer."),
		field.UUID("owner_id", typeid.StaffID{}).Optional().Comment("Who owns the relation."),
		field.Enum("kind").Values("PERSON", "COMPANY").Default("PERSON"),
		field.String("name").MaxRuneLen(200).NotEmpty().Sensitive(),
		field.String("source").MaxRuneLen(100).Optional().Nillable().Comment("How the customer heard of the company."),
		field.String("class").MaxRuneLen(40).Optional().Nillable().Comment("How the site classes its customers, such as \"vip\": in lower case."),
		field.JSON("preferences", map[string]string{}).Optional().Sensitive().Comment("What the customer likes, by codes of the site."),
		field.String("external_id").MaxRuneLen(200).Optional().Nillable().Comment("The customer's id in the system it was imported from, unique within the site. Those in other systems are rows of their own."),
		field.Time("registered_at").Immutable(),
		field.Int("contact_every").Range(0, 3650).Optional().Nillable().Comment("Days between regular contacts, 0 for none; absent: as everybody's."),
		field.Time("last_contact_at").Optional().Nillable().Comment("When somebody of the company was last in touch with the customer."),
		field.Time("call_again_at").Optional().Nillable().Comment("When the customer wants to be contacted again; absent where nothing was agreed."),
		field.Time("next_contact_at").Optional().Nillable().Comment("When the customer is to be contacted next: kept by whatever decides it."),
		field.UUID("merged_into_id", typeid.CustomerID{}).Optional().Comment("The file that this one was merged into: never one that was merged itself."),
		field.Time("merged_at").Optional().Nillable(),
		field.Time("erased_at").Optional().Nillable().Comment("When the personal data was erased."),
		field.Enum("erased_for").Values("CUSTOMER_REQUEST", "NO_LONGER_NEEDED", "UNLAWFUL").Optional().Nillable(),
		field.Bool("traces").Default(false).Comment("It was erased, and pages of the database may still hold what was there."),
	}
}

// Edges of the Customer.
func (Customer) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		maybe("department", Department.Type, "department_id"),
		maybe("owner", Staff.Type, "owner_id"),
		tree("merged_from", Customer.Type, "merged_into", "merged_into_id"),
		edge.From("contact_points", ContactPoint.Type).Ref("customer"),
		edge.From("external_ids", ExternalID.Type).Ref("customer"),
	}
}

// Indexes of the Customer.
func (Customer) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("site_id", "external_id").Unique(),
		index.Fields("external_id"),
		index.Fields("merged_into_id"),
		index.Fields("traces").Annotations(entsql.IndexWhere("traces")).StorageKey("customer_traces"),
		index.Fields("class", "registered_at", "id"),
		index.Fields("next_contact_at", "id"),
		index.Fields("site_id", "next_contact_at", "id"),
		index.Fields("department_id", "next_contact_at", "id"),
		index.Fields("owner_id", "next_contact_at", "id"),
		index.Fields("registered_at", "id"),
		index.Fields("site_id", "registered_at", "id"),
		index.Fields("department_id", "registered_at", "id"),
		index.Fields("owner_id", "registered_at", "id"),
	}
}

package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// AccessToken lets a staff member or an integrator in. The token itself is shown
// once, when it is made; only its digest is kept.
type AccessToken struct{ ent.Schema }

// Fields of the AccessToken.
func (AccessToken) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.TokenID{}).Default(typeid.New[typeid.TokenID]).Immutable(),
		field.Bytes("digest").MaxLen(32).Unique().Immutable().Sensitive().Comment("SHA-256 of the token."),
		field.String("name").MaxRuneLen(200).NotEmpty().Immutable().Comment("What it is for."),
		field.UUID("staff_id", typeid.StaffID{}).Optional().Immutable().Comment("Whose it is; absent for an integrator's."),
		field.UUID("site_id", typeid.SiteID{}).Optional().Immutable().Comment("The only site that an integrator's token reaches; absent for all."),
		field.Strings("scopes").Optional().Immutable().Comment("What it is good for, such as \"cases:read\"; empty on a staff member's token for all that the role allows."),
		field.Time("created_at").Immutable(),
		field.Time("expires_at").Optional().Nillable().Immutable(),
		field.Time("revoked_at").Optional().Nillable(),
	}
}

// Edges of the AccessToken.
func (AccessToken) Edges() []ent.Edge {
	return []ent.Edge{
		fixedMaybe("staff", Staff.Type, "staff_id"),
		fixedMaybe("site", Site.Type, "site_id"),
	}
}

// IdempotencyRecord remembers the answer of a change, so that asking again does
// not change again.
type IdempotencyRecord struct{ ent.Schema }

// Fields of the IdempotencyRecord.
func (IdempotencyRecord) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.IdempotencyID{}).Default(typeid.New[typeid.IdempotencyID]).Immutable(),
		field.String("caller").MaxRuneLen(60).NotEmpty().Immutable().Comment("Id of the staff member or token that asked."),
		field.String("key").MaxRuneLen(255).NotEmpty().Immutable(),
		field.String("operation").MaxRuneLen(60).NotEmpty().Immutable(),
		field.Bytes("input").MaxLen(37).Immutable().Comment("Keyed digest of the input, behind the name of the key."),
		field.JSON("answer", json.RawMessage{}).Immutable(),
		field.Time("created_at").Immutable(),
	}
}

// Indexes of the IdempotencyRecord.
func (IdempotencyRecord) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("caller", "key").Unique(),
		index.Fields("created_at"),
	}
}

// Counter counts what people number, such as the cases of a year.
type Counter struct{ ent.Schema }

// Fields of the Counter.
func (Counter) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").MaxRuneLen(60).NotEmpty().Immutable(),
		field.Int64("value").NonNegative(),
	}
}

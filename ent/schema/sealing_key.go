package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// SealingKey says of a key of the key file how it is used: all servers on the database
// go by it. The key itself is never in the database.
type SealingKey struct{ ent.Schema }

// Fields of the SealingKey.
func (SealingKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").MaxLen(8).NotEmpty().Immutable().Comment("The key's name: eight hexadecimal digits."),
		field.Enum("state").Values("ADDED", "PRIMARY", "OLDER", "RETIRED").
			Comment("ADDED: known, nothing is sealed by it yet. PRIMARY: what is sealed now. OLDER: something may still be sealed by it. RETIRED: nothing is."),
		field.Time("added_at").Immutable(),
		field.Time("primary_at").Optional().Nillable(),
		field.Time("retired_at").Optional().Nillable(),
	}
}

// Indexes of the SealingKey.
func (SealingKey) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("state").Unique().Annotations(entsql.IndexWhere("state = 'PRIMARY'")).StorageKey("sealingkey_primary"),
	}
}

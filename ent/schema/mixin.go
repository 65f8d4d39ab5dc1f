// Package schema declares the records of Rounds: their columns, edges, indexes
// and constraints. It imports nothing of Rounds but the ids, holds no rule of the
// business and installs no hook: what a write means is decided in package
// quality, who may read a row in package ent.
//
// Every reference is a column of its own, declared with its edge, and nothing
// that is referred to can be deleted.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"
)

// revised is mixed into the records that can be changed after they were made.
type revised struct{ mixin.Schema }

func (revised) Fields() []ent.Field {
	return []ent.Field{
		field.Int("revision").Default(1).Positive().
			Comment("Counts the changes. An update names the revision that it was based on."),
		field.Time("updated_at"),
	}
}

// to declares the edge of a reference that every row has.
func to(name string, target any, column string) ent.Edge {
	return edge.To(name, target).Field(column).Unique().Required().Annotations(entsql.OnDelete(entsql.Restrict))
}

// fixed declares the edge of a reference that every row has from its beginning.
func fixed(name string, target any, column string) ent.Edge {
	return edge.To(name, target).Field(column).Unique().Required().Immutable().Annotations(entsql.OnDelete(entsql.Restrict))
}

// maybe declares the edge of a reference that a row may lack.
func maybe(name string, target any, column string) ent.Edge {
	return edge.To(name, target).Field(column).Unique().Annotations(entsql.OnDelete(entsql.Restrict))
}

// fixedMaybe declares the edge of a reference that a row has from its beginning or never.
func fixedMaybe(name string, target any, column string) ent.Edge {
	return edge.To(name, target).Field(column).Unique().Immutable().Annotations(entsql.OnDelete(entsql.Restrict))
}

// tree declares the edge by which rows of a table refer to others of the same
// table. It is named from both ends: with one name alone ent would take it for a
// pair, and let a row be referred to only once.
func tree(down string, target any, up, column string) ent.Edge {
	return edge.To(down, target).Annotations(entsql.OnDelete(entsql.Restrict)).From(up).Field(column).Unique()
}

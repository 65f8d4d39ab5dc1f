package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Cause is why cases come to be, as their investigation finds. Causes form trees:
// the company's, and those of single sites.
type Cause struct{ ent.Schema }

// Mixin of the Cause.
func (Cause) Mixin() []ent.Mixin { return []ent.Mixin{branch{}, revised{}} }

// Fields of the Cause.
func (Cause) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CauseID{}).Default(typeid.New[typeid.CauseID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Optional().Immutable().Comment("Absent for what is the whole company's."),
		field.UUID("parent_id", typeid.CauseID{}).Optional(),
	}
}

// Edges of the Cause.
func (Cause) Edges() []ent.Edge {
	return []ent.Edge{
		fixedMaybe("site", Site.Type, "site_id"),
		tree("children", Cause.Type, "parent", "parent_id"),
	}
}

// Indexes of the Cause.
func (Cause) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("path", "id"),
		index.Fields("site_id", "path", "id"),
		index.Fields("parent_id", "path", "id"),
	}
}

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"entgo.io/ent/schema/mixin"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// branch is mixed into the words by which cases are classified. They form trees. A
// word that is no longer wanted is retired: the cases of the past still refer to it.
type branch struct{ mixin.Schema }

func (branch) Fields() []ent.Field {
	return []ent.Field{
		field.String("code").MaxRuneLen(40).NotEmpty().Immutable().Comment("Short name, unique among those directly below the same one."),
		field.String("name_en").MaxRuneLen(200).NotEmpty(),
		field.String("name_zh").MaxRuneLen(200).NotEmpty(),
		field.String("path").MaxRuneLen(1000).NotEmpty().Unique().Immutable().
			Comment("The code of the site, empty for what is the company's, and the codes from the top down to this one, each followed by a slash: what is below starts with it."),
		field.Bool("active").Default(true).Comment("Open for use. What is below a retired one is retired, too."),
		field.Time("created_at").Immutable(),
	}
}

// Topic is what cases of a site are about. A site's topics form a tree.
type Topic struct{ ent.Schema }

// Mixin of the Topic.
func (Topic) Mixin() []ent.Mixin { return []ent.Mixin{branch{}, revised{}} }

// Fields of the Topic.
func (Topic) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.TopicID{}).Default(typeid.New[typeid.TopicID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("parent_id", typeid.TopicID{}).Optional(),
	}
}

// Edges of the Topic.
func (Topic) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		tree("children", Topic.Type, "parent", "parent_id"),
	}
}

// Indexes of the Topic.
func (Topic) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("path", "id"),
		index.Fields("site_id", "path", "id"),
		index.Fields("parent_id", "path", "id"),
	}
}

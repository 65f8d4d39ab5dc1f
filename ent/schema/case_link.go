package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// CaseLink says what a case has to do with another. Each of the two has a row of its
// own, which says the same from its side.
type CaseLink struct{ ent.Schema }

// Fields of the CaseLink.
func (CaseLink) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CaseLinkID{}).Default(typeid.New[typeid.CaseLinkID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.UUID("other_id", typeid.CaseID{}).Immutable(),
		field.Enum("kind").Values("RELATED", "DUPLICATE", "CAUSED_BY", "CAUSE_OF", "SPLIT_FROM", "SPLIT_INTO", "MERGED_INTO", "MERGED_FROM").Immutable(),
		field.UUID("author_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent for what a machine did."),
		field.Time("at").Immutable(),
	}
}

// Edges of the CaseLink.
func (CaseLink) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixed("other", ServiceCase.Type, "other_id"),
		fixedMaybe("author", Staff.Type, "author_id"),
	}
}

// Indexes of the CaseLink.
func (CaseLink) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("case_id", "at", "id"),
		index.Fields("case_id", "other_id", "kind").Unique(),
	}
}

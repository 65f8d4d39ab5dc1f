package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// CaseArchive is the document of a case that was put into the archive. Its id is the
// first half of the document's digest, so that the event that names it vouches for
// what it says.
type CaseArchive struct{ ent.Schema }

// Fields of the CaseArchive.
func (CaseArchive) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CaseArchiveID{}).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Unique().Immutable(),
		field.UUID("archived_by_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent for what a machine archived."),
		field.Bytes("digest").MaxLen(32).Immutable(),
		field.Int("lines").Positive().Immutable(),
		field.Text("document").Sensitive().Comment("JSON lines. Texts are taken out of it when they are erased; what it proves stays."),
		field.Time("at").Immutable(),
	}
}

// Edges of the CaseArchive.
func (CaseArchive) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixedMaybe("archived_by", Staff.Type, "archived_by_id"),
	}
}

// Indexes of the CaseArchive.
func (CaseArchive) Indexes() []ent.Index {
	return []ent.Index{index.Fields("at", "id")}
}

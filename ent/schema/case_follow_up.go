package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// CaseFollowUp is one attempt to hear from the customer whether a resolved case is
// solved. It is never changed and never deleted.
type CaseFollowUp struct{ ent.Schema }

// Fields of the CaseFollowUp.
func (CaseFollowUp) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.FollowUpID{}).Default(typeid.New[typeid.FollowUpID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.UUID("author_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent for what a machine did."),
		field.Enum("channel").Values("IN_PERSON", "TELEPHONE", "EMAIL", "CHAT", "LETTER", "SURVEY", "INSPECTION", "PUBLIC_PLATFORM", "OTHER").Immutable(),
		field.Enum("outcome").Values("NOT_REACHED", "CALL_AGAIN", "NOT_SOLVED", "AGREED").Immutable(),
		field.Text("word").MaxRuneLen(20000).Optional().Nillable().Immutable().Comment("What the customer said; absent where nobody was reached."),
		field.Int("satisfaction").Optional().Nillable().Range(1, 5).Immutable().Comment("With the handling, as the customer said."),
		field.Time("call_again_at").Optional().Nillable().Immutable().Comment("When the customer wants to be called again."),
		field.Time("at").Immutable(),
	}
}

// Edges of the CaseFollowUp.
func (CaseFollowUp) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixedMaybe("author", Staff.Type, "author_id"),
	}
}

// Indexes of the CaseFollowUp.
func (CaseFollowUp) Indexes() []ent.Index {
	return []ent.Index{index.Fields("case_id", "at", "id")}
}

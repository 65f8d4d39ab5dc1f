package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// CustomerMerge records that one customer's file was merged into another, with all
// that would have to go back to undo it.
type CustomerMerge struct{ ent.Schema }

// Fields of the CustomerMerge.
func (CustomerMerge) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CustomerMergeID{}).Default(typeid.New[typeid.CustomerMergeID]).Immutable(),
		field.UUID("into_id", typeid.CustomerID{}).Immutable(),
		field.UUID("from_id", typeid.CustomerID{}).Immutable(),
		field.String("reason").MaxRuneLen(500).Optional().Sensitive(),
		field.JSON("moved", json.RawMessage{}).Immutable().Comment("Ids of what moved."),
		field.String("actor").MaxRuneLen(60).NotEmpty().Immutable().Comment("Id of the staff member or token that did it."),
		field.UUID("staff_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent where a program did it."),
		field.Time("at").Immutable(),
	}
}

// Edges of the CustomerMerge.
func (CustomerMerge) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("into", Customer.Type, "into_id"),
		fixed("from", Customer.Type, "from_id"),
		fixedMaybe("staff", Staff.Type, "staff_id"),
	}
}

// Indexes of the CustomerMerge.
func (CustomerMerge) Indexes() []ent.Index {
	return []ent.Index{index.Fields("into_id", "at", "id"), index.Fields("from_id").Unique()}
}

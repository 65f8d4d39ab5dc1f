package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// ContactAttempt is that somebody tried to be in touch with a customer, as is done
// regularly. It is never changed, but follows a file into the one it is merged with, and
// loses its note when the customer is erased.
type ContactAttempt struct{ ent.Schema }

// Fields of the ContactAttempt.
func (ContactAttempt) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ContactAttemptID{}).Default(typeid.New[typeid.ContactAttemptID]).Immutable(),
		field.UUID("customer_id", typeid.CustomerID{}),
		field.Enum("channel").Values("TELEPHONE", "EMAIL", "CHAT", "LETTER", "IN_PERSON").Immutable(),
		field.Bool("reached").Immutable(),
		field.Enum("outcome").Values("SATISFIED", "NEW_CASE", "CALL_AGAIN").Optional().Nillable().Immutable().Comment("Absent where nobody was reached and nothing was agreed."),
		field.UUID("case_id", typeid.CaseID{}).Optional().Immutable().Comment("What the contact led to."),
		field.Time("call_again_at").Optional().Nillable().Immutable(),
		field.String("note").MaxRuneLen(1000).Optional().Nillable().Sensitive(),
		field.Time("at").Immutable().Comment("When it was tried."),
		field.Time("recorded_at").Immutable(),
		field.String("actor").MaxRuneLen(60).NotEmpty().Immutable().Comment("Id of the staff member or token that recorded it."),
		field.UUID("staff_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent where a program recorded it."),
	}
}

// Edges of the ContactAttempt.
func (ContactAttempt) Edges() []ent.Edge {
	return []ent.Edge{
		to("customer", Customer.Type, "customer_id"),
		fixedMaybe("case", ServiceCase.Type, "case_id"),
		fixedMaybe("staff", Staff.Type, "staff_id"),
	}
}

// Indexes of the ContactAttempt.
func (ContactAttempt) Indexes() []ent.Index {
	return []ent.Index{index.Fields("customer_id", "at", "id"), index.Fields("case_id")}
}

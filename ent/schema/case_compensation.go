package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// CaseCompensation is what a customer is given for what went wrong, or is asked for.
type CaseCompensation struct{ ent.Schema }

// Mixin of the CaseCompensation.
func (CaseCompensation) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the CaseCompensation.
func (CaseCompensation) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CompensationID{}).Default(typeid.New[typeid.CompensationID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.Enum("kind").Values("REFUND", "VOUCHER", "GIFT", "OTHER").Immutable(),
		field.Int("amount").Positive().Immutable().Comment("In minor units of the currency."),
		field.String("currency").MaxRuneLen(3).NotEmpty().Immutable().Comment("ISO 4217."),
		field.Text("reason").MaxRuneLen(20000).NotEmpty().Immutable(),
		field.Enum("status").Values("PENDING", "APPROVED", "DECLINED"),
		field.UUID("asked_by_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent for what a machine asked for."),
		field.Time("asked_at").Immutable(),
		field.UUID("decided_by_id", typeid.StaffID{}).Optional(),
		field.Time("decided_at").Optional().Nillable(),
		field.Text("decision").MaxRuneLen(20000).Optional().Nillable().Comment("What was said of the decision."),
	}
}

// Edges of the CaseCompensation.
func (CaseCompensation) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixedMaybe("asked_by", Staff.Type, "asked_by_id"),
		maybe("decided_by", Staff.Type, "decided_by_id"),
	}
}

// Indexes of the CaseCompensation.
func (CaseCompensation) Indexes() []ent.Index {
	return []ent.Index{index.Fields("case_id", "asked_at", "id")}
}

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// ConductProposal is that a conduct rule applies to a person: a person still has to
// decide whether, and which amount of the range.
type ConductProposal struct{ ent.Schema }

// Mixin of the ConductProposal.
func (ConductProposal) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the ConductProposal.
func (ConductProposal) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ConductProposalID{}).Default(typeid.New[typeid.ConductProposalID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.UUID("investigation_id", typeid.InvestigationID{}).Immutable().Comment("That found it."),
		field.UUID("person_id", typeid.StaffID{}).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable().Comment("Where the person belonged when it was proposed."),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable().Comment("Where the person belonged when it was proposed."),
		field.UUID("first_responsible_id", typeid.StaffID{}).Optional().Immutable().Comment("Who is first responsible at the site; absent where nobody is, or the person is."),
		field.Enum("rule").Values("SUBSTANTIATED_COMPLAINT").Immutable(),
		field.Enum("status").Values("PROPOSED", "WITHDRAWN").Default("PROPOSED"),
		field.Int("person_from").NonNegative().Immutable().Comment("The least amount for the person, in minor units of the currency."),
		field.Int("person_to").NonNegative().Immutable(),
		field.Int("first_from").NonNegative().Immutable().Comment("The least amount for who is first responsible."),
		field.Int("first_to").NonNegative().Immutable(),
		field.String("currency").MaxRuneLen(3).NotEmpty().Immutable().Comment("ISO 4217."),
		field.Time("proposed_at").Immutable(),
	}
}

// Edges of the ConductProposal.
func (ConductProposal) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixed("investigation", CaseInvestigation.Type, "investigation_id"),
		fixed("person", Staff.Type, "person_id"),
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		fixedMaybe("first_responsible", Staff.Type, "first_responsible_id"),
	}
}

// Indexes of the ConductProposal.
func (ConductProposal) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("proposed_at", "id"),
		index.Fields("case_id"),
		index.Fields("site_id", "proposed_at", "id"),
		index.Fields("department_id", "proposed_at", "id"),
		index.Fields("person_id", "proposed_at", "id"),
	}
}

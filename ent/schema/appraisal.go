package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// AppraisalScheme is a set of weighted indicators by which staff members are
// appraised over a period.
type AppraisalScheme struct{ ent.Schema }

// Fields of the AppraisalScheme.
func (AppraisalScheme) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.SchemeID{}).Default(typeid.New[typeid.SchemeID]).Immutable(),
		field.String("code").MaxRuneLen(40).NotEmpty().Unique().Immutable(),
		field.String("name_en").MaxRuneLen(200).NotEmpty(),
		field.String("name_zh").MaxRuneLen(200).NotEmpty(),
		field.Enum("period").Values("MONTH", "QUARTER", "HALF_YEAR", "YEAR").Immutable(),
		field.Float("pass_mark").Min(0).Max(100).Comment("A result below it brings coaching and training."),
		field.Time("created_at").Immutable(),
	}
}

// Indicator is one measure of a scheme. The weights of a scheme add to 100.
type Indicator struct{ ent.Schema }

// Fields of the Indicator.
func (Indicator) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.IndicatorID{}).Default(typeid.New[typeid.IndicatorID]).Immutable(),
		field.UUID("scheme_id", typeid.SchemeID{}).Immutable(),
		field.Int("position").NonNegative().Immutable(),
		field.Enum("measure").Values("INSPECTION_SCORE", "CASES_IN_TIME", "RESOLUTION_RATE", "COMPLAINTS_SUBSTANTIATED", "COMMENDATIONS").Immutable(),
		field.Float("weight").Positive().Max(100).Immutable().Comment("In per cent."),
		field.Float("floor").Immutable().Comment("The value that earns 0 points."),
		field.Float("target").Immutable().Comment("The value that earns 100 points; between the two, points are in proportion."),
	}
}

// Edges of the Indicator.
func (Indicator) Edges() []ent.Edge {
	return []ent.Edge{fixed("scheme", AppraisalScheme.Type, "scheme_id")}
}

// Indexes of the Indicator.
func (Indicator) Indexes() []ent.Index {
	return []ent.Index{index.Fields("scheme_id", "position").Unique()}
}

// Appraisal is a staff member's weighted result for a period.
type Appraisal struct{ ent.Schema }

// Mixin of the Appraisal.
func (Appraisal) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the Appraisal.
func (Appraisal) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.AppraisalID{}).Default(typeid.New[typeid.AppraisalID]).Immutable(),
		field.UUID("scheme_id", typeid.SchemeID{}).Immutable(),
		field.UUID("staff_id", typeid.StaffID{}).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable().Comment("The person's department when the appraisal was run."),
		field.UUID("approved_by_id", typeid.StaffID{}).Optional(),
		field.String("period_start").MaxRuneLen(10).Immutable().Comment("First day on the site's calendar, such as \"2026-10-01\"."),
		field.String("period_end").MaxRuneLen(10).Immutable().Comment("Last day on the site's calendar."),
		field.Enum("status").Values("DRAFT", "APPROVED").Default("DRAFT"),
		field.Float("score").Optional().Nillable().Min(0).Max(100).Comment("0 to 100; absent when no indicator had data."),
		field.JSON("results", json.RawMessage{}).Comment("Per indicator the value, the points and the records behind it; frozen when approved."),
		field.Time("run_at"),
		field.Time("approved_at").Optional().Nillable(),
	}
}

// Edges of the Appraisal.
func (Appraisal) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("scheme", AppraisalScheme.Type, "scheme_id"),
		fixed("staff", Staff.Type, "staff_id"),
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		maybe("approved_by", Staff.Type, "approved_by_id"),
	}
}

// Indexes of the Appraisal.
func (Appraisal) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("scheme_id", "staff_id", "period_start").Unique(),
		index.Fields("period_start", "id"),
		index.Fields("staff_id", "period_start", "id"),
		index.Fields("department_id", "period_start", "id"),
		index.Fields("site_id", "period_start", "id"),
	}
}

package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Inspection is one run of a checklist at a place and time.
type Inspection struct{ ent.Schema }

// Mixin of the Inspection.
func (Inspection) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the Inspection.
func (Inspection) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.InspectionID{}).Default(typeid.New[typeid.InspectionID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable().Comment("The department that is inspected."),
		field.UUID("checklist_version_id", typeid.ChecklistVersionID{}).Immutable(),
		field.UUID("inspector_id", typeid.StaffID{}).Immutable(),
		field.UUID("observed_id", typeid.StaffID{}).Optional().Immutable().Comment("The person whose service was observed."),
		field.Enum("layer").Values("SELF_CHECK", "PATROL", "SAMPLING", "SPECIAL", "AUDIT").Immutable(),
		field.Enum("status").Values("DRAFT", "COMPLETED").Default("DRAFT"),
		field.String("place").MaxRuneLen(200).Optional().Nillable(),
		field.Bool("shared").Default(false).Comment("There are co-inspectors."),
		field.UUID("reviewed_case_id", typeid.CaseID{}).Optional().Immutable().Comment("The case that is reviewed, if one is."),
		field.Time("started_at").Immutable(),
		field.Time("completed_at").Optional().Nillable(),
		field.Float("score").Optional().Nillable().Min(0).Max(100).Comment("0 to 100; absent until completed, and when no item applied."),
		field.Bool("passed").Optional().Nillable(),
		field.JSON("adjustments", json.RawMessage{}).Optional().Immutable().Comment("Weights and limits that the control plan asked for when it started, as in plugins/checklist.Adjustment."),
		field.Strings("items").Optional().Immutable().Comment("Of the checklist that the control plan asked for; empty for all."),
		field.JSON("judgement", json.RawMessage{}).Optional().Comment("The plugin's word, as in plugins/checklist.Judgement, frozen when completed."),
	}
}

// Edges of the Inspection.
func (Inspection) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		fixed("checklist_version", ChecklistVersion.Type, "checklist_version_id"),
		fixed("inspector", Staff.Type, "inspector_id"),
		fixedMaybe("observed", Staff.Type, "observed_id"),
		fixedMaybe("reviewed_case", ServiceCase.Type, "reviewed_case_id"),
	}
}

// Indexes of the Inspection.
func (Inspection) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("started_at", "id"),
		index.Fields("status", "started_at", "id"),
		index.Fields("site_id", "started_at", "id"),
		index.Fields("department_id", "started_at", "id"),
		index.Fields("inspector_id", "started_at", "id"),
		index.Fields("observed_id", "started_at", "id"),
		index.Fields("checklist_version_id"),
		index.Fields("reviewed_case_id"),
	}
}

// Answer is what an inspector found at one item. Which of the value columns is set
// depends on the item's kind. It is never changed but for its state: whoever answers
// again adds a row, so that what was said is not lost, and what is sent twice is
// known.
type Answer struct{ ent.Schema }

// Fields of the Answer.
func (Answer) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.AnswerID{}).Default(typeid.New[typeid.AnswerID]).Immutable(),
		field.UUID("inspection_id", typeid.InspectionID{}).Immutable(),
		field.String("item").MaxRuneLen(80).NotEmpty().Immutable(),
		field.Enum("kind").Values("YES_NO", "CHOICE", "MULTIPLE_CHOICE", "NUMBER", "DURATION", "TEXT", "PHOTO", "SIGNATURE").Default("YES_NO").Immutable().Comment("The item's."),
		field.Enum("state").Values("CURRENT", "AGREEING", "CONFLICTING", "REPLACED", "LATE").Default("CURRENT").
			Comment("CURRENT: it counts. AGREEING: another counts that says the same. REPLACED: another counts instead. CONFLICTING: another counts whose author did not know of this one; somebody has to decide. LATE: it arrived after the judgement."),
		field.Bool("not_applicable").Default(false).Immutable(),
		field.String("reason").MaxRuneLen(500).Optional().Nillable().Immutable().Comment("Why the item does not apply."),
		field.Bool("yes").Optional().Nillable().Immutable(),
		field.String("choice").MaxRuneLen(80).Optional().Nillable().Immutable(),
		field.Strings("choices").Optional().Immutable().Comment("Of a multiple choice, at most 50; empty when none was chosen."),
		field.Float("number").Optional().Nillable().Immutable(),
		field.Float("seconds").Optional().Nillable().Immutable().Comment("Of a duration."),
		field.Text("text").MaxRuneLen(5000).Optional().Nillable().Immutable(),
		field.Text("note").MaxRuneLen(5000).Optional().Nillable().Immutable(),
		field.Strings("evidence").Optional().Immutable().Comment("References of the photos, recordings and documents, at most 20."),
		field.String("client_id").MaxLen(100).Optional().Nillable().Immutable().Comment("What the device that it was given on calls it."),
		field.UUID("given_by_id", typeid.StaffID{}).Optional().Immutable(),
		field.Time("answered_at").Immutable().Comment("When it was given, by the clock of the device if that said."),
		field.Time("received_at").Optional().Nillable().Immutable(),
	}
}

// Edges of the Answer.
func (Answer) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("inspection", Inspection.Type, "inspection_id"),
		fixedMaybe("given_by", Staff.Type, "given_by_id"),
	}
}

// Indexes of the Answer.
func (Answer) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("inspection_id", "item").Unique().Annotations(entsql.IndexWhere("state = 'CURRENT'")).StorageKey("answer_current"),
		index.Fields("inspection_id", "item").Annotations(entsql.IndexWhere("state <> 'CURRENT'")).StorageKey("answer_beside"),
		index.Fields("inspection_id", "client_id").Unique().Annotations(entsql.IndexWhere("client_id IS NOT NULL")).StorageKey("answer_client"),
	}
}

// CoInspector is somebody who fills in an inspection beside its inspector.
type CoInspector struct{ ent.Schema }

// Fields of the CoInspector.
func (CoInspector) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("inspection_id", typeid.InspectionID{}).Immutable(),
		field.UUID("staff_id", typeid.StaffID{}).Immutable(),
	}
}

// Edges of the CoInspector.
func (CoInspector) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("inspection", Inspection.Type, "inspection_id"),
		fixed("staff", Staff.Type, "staff_id"),
	}
}

// Indexes of the CoInspector.
func (CoInspector) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("inspection_id", "staff_id").Unique(),
		index.Fields("staff_id"),
	}
}

// Finding is an item of an inspection that failed, or an inspection that was missed.
type Finding struct{ ent.Schema }

// Fields of the Finding.
func (Finding) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.FindingID{}).Default(typeid.New[typeid.FindingID]).Immutable(),
		field.UUID("inspection_id", typeid.InspectionID{}).Optional().Immutable().Comment("In which it was found; absent where one was missed."),
		field.UUID("planned_inspection_id", typeid.PlannedInspectionID{}).Optional().Immutable().Comment("That was missed, in place of an inspection."),
		field.UUID("case_id", typeid.CaseID{}).Optional().Immutable().Comment("The case that it became."),
		field.String("item").MaxRuneLen(80).NotEmpty().Immutable().Comment("The checklist's code where an inspection was missed."),
		field.Enum("severity").Values("MINOR", "MAJOR", "CRITICAL").Immutable(),
		field.Bool("key_activity").Immutable(),
		field.String("text_en").MaxRuneLen(1000).NotEmpty().Immutable(),
		field.String("text_zh").MaxRuneLen(1000).NotEmpty().Immutable(),
	}
}

// Edges of the Finding.
func (Finding) Edges() []ent.Edge {
	return []ent.Edge{
		fixedMaybe("inspection", Inspection.Type, "inspection_id"),
		fixedMaybe("planned_inspection", PlannedInspection.Type, "planned_inspection_id"),
		fixedMaybe("case", ServiceCase.Type, "case_id"),
	}
}

// Indexes of the Finding.
func (Finding) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("inspection_id", "item", "id"),
		index.Fields("planned_inspection_id").Unique(),
		index.Fields("case_id"),
	}
}

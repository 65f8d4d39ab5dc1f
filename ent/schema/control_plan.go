package schema

import (
	"encoding/json"
	"time"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// ControlPlan says of an activity of a department who inspects it, how, how often and
// against which limits. Its inspections arise from it by themselves.
type ControlPlan struct{ ent.Schema }

// Mixin of the ControlPlan.
func (ControlPlan) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the ControlPlan.
func (ControlPlan) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ControlPlanID{}).Default(typeid.New[typeid.ControlPlanID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable().Comment("The department that is inspected."),
		field.String("activity_en").MaxRuneLen(200).NotEmpty(),
		field.String("activity_zh").MaxRuneLen(200).NotEmpty().Comment("The same as in English where it was said in one language."),
		field.String("checklist").MaxRuneLen(80).NotEmpty().Comment("Its code; the version is that which is current when an inspection starts."),
		field.Strings("items").Optional().Comment("Of the checklist; empty for all."),
		field.Enum("layer").Values("SELF_CHECK", "PATROL", "SAMPLING", "SPECIAL", "AUDIT"),
		field.Enum("method").Values("OBSERVATION", "RECORDING", "CUSTOMER_FEEDBACK", "DATA"),
		field.UUID("responsible_id", typeid.StaffID{}).Optional().Comment("Who has to inspect; absent where it is a role."),
		field.Enum("responsible_role").Values("STAFF", "TEAM_LEAD", "DEPARTMENT_MANAGER", "SITE_MANAGER",
			"QUALITY_OFFICER", "HUMAN_RESOURCES", "EXECUTIVE", "ADMINISTRATOR").Optional().Nillable(),
		field.Bool("at_shifts").Comment("At each shift of the department, and not by a rule."),
		field.String("rule").MaxRuneLen(500).Optional().Nillable().Comment("The value of an RRULE (RFC 5545)."),
		field.String("starts_on").MaxLen(10).Comment("The day from which on the rule counts, YYYY-MM-DD."),
		field.Int("at_minute").Default(0).Comment("Of the local day, where the rule names no hours."),
		field.Enum("on_closed_day").Values("SKIP", "NEXT", "PREVIOUS"),
		field.Int64("within").GoType(time.Duration(0)).Comment("Nanoseconds of open time until an inspection is due; 0 at shifts, whose end says it."),
		field.Int64("grace").GoType(time.Duration(0)).Comment("Nanoseconds of open time from then on until it counts as missed."),
		field.Time("active_from"),
		field.Time("active_until").Optional().Nillable(),
		field.JSON("adjustments", json.RawMessage{}).Optional().Comment("Weights and limits in place of the checklist's own, as in plugins/checklist.Adjustment."),
		field.Strings("places").Optional().Comment("Counters or rooms of which some are inspected."),
		field.JSON("people", []typeid.StaffID{}).Optional().Comment("Of whom some are inspected, in place of places."),
		field.Enum("sample_method").Values("ALL", "RANDOM", "ROTATION"),
		field.Int("sample_size").Default(0).NonNegative().Comment("Of the places or people; 0 for all."),
		field.Int("seed").NonNegative().Comment("Of the choice, for it to be made again."),
		field.Enum("missed_severity").Values("MINOR", "MAJOR", "CRITICAL").Comment("Of the finding when an inspection is missed."),
		field.Bool("active").Default(true).Comment("False when it was retired."),
		field.Time("planned_until").Comment("Up to when its inspections have been made."),
		field.Time("replan_at").Optional().Nillable().Comment("When its inspections are worked out again; absent when never."),
		field.Time("created_at").Immutable(),
	}
}

// Edges of the ControlPlan.
func (ControlPlan) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		maybe("responsible", Staff.Type, "responsible_id"),
	}
}

// Indexes of the ControlPlan.
func (ControlPlan) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("created_at", "id"),
		index.Fields("site_id", "created_at", "id"),
		index.Fields("department_id", "created_at", "id"),
		index.Fields("responsible_id"),
		index.Fields("replan_at").Annotations(entsql.IndexWhere("replan_at IS NOT NULL")),
	}
}

// PlannedInspection is an inspection that a control plan asks for, of one place or
// person at one time. There is one for each occurrence and subject, whoever makes it.
type PlannedInspection struct{ ent.Schema }

// Fields of the PlannedInspection.
func (PlannedInspection) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.PlannedInspectionID{}).Default(typeid.New[typeid.PlannedInspectionID]).Immutable(),
		field.UUID("plan_id", typeid.ControlPlanID{}).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable().Comment("The plan's."),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable().Comment("The plan's."),
		field.String("occurrence").MaxRuneLen(120).NotEmpty().Immutable().Comment("Its key, as in quality/rules/schedule."),
		field.String("subject").MaxRuneLen(200).Immutable().Comment("The place, or the id of the person; empty where it is the department."),
		field.Int("position").NonNegative().Comment("Among the subjects of the occurrence, in the order in which they were chosen."),
		field.UUID("observed_id", typeid.StaffID{}).Optional().Immutable().Comment("The person, if the subject is one."),
		field.UUID("responsible_id", typeid.StaffID{}).Optional().Comment("The plan's, as of when it was last worked out."),
		field.Enum("responsible_role").Values("STAFF", "TEAM_LEAD", "DEPARTMENT_MANAGER", "SITE_MANAGER",
			"QUALITY_OFFICER", "HUMAN_RESOURCES", "EXECUTIVE", "ADMINISTRATOR").Optional().Nillable(),
		field.Time("due_from").Comment("From when on it can begin."),
		field.Time("due_at"),
		field.Time("miss_at").Comment("When it counts as missed."),
		field.Enum("state").Values("PLANNED", "STARTED", "DONE", "MISSED").Default("PLANNED"),
		field.UUID("inspection_id", typeid.InspectionID{}).Optional().Comment("By which it was started."),
		field.Time("next_at").Optional().Nillable().Comment("When there is something to tell of it: that it can begin, or that it was missed."),
	}
}

// Edges of the PlannedInspection.
func (PlannedInspection) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("plan", ControlPlan.Type, "plan_id"),
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		fixedMaybe("observed", Staff.Type, "observed_id"),
		maybe("responsible", Staff.Type, "responsible_id"),
		maybe("inspection", Inspection.Type, "inspection_id"),
	}
}

// Indexes of the PlannedInspection.
func (PlannedInspection) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("plan_id", "occurrence", "subject").Unique(),
		index.Fields("plan_id", "due_from"),
		index.Fields("due_at", "id"),
		index.Fields("site_id", "due_at", "id"),
		index.Fields("department_id", "due_at", "id"),
		index.Fields("responsible_id", "due_at", "id"),
		index.Fields("plan_id", "due_at", "id"),
		index.Fields("state", "due_at", "id"),
		index.Fields("observed_id"),
		index.Fields("inspection_id").Unique(),
		index.Fields("next_at").Annotations(entsql.IndexWhere("next_at IS NOT NULL")),
	}
}

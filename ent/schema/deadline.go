package schema

import (
	"encoding/json"
	"time"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// DeadlinePolicy says how long the steps of certain cases may take. Policies are
// asked in the order of their positions, and the first that covers a case holds.
// What it says is in its versions.
type DeadlinePolicy struct{ ent.Schema }

// Mixin of the DeadlinePolicy.
func (DeadlinePolicy) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the DeadlinePolicy.
func (DeadlinePolicy) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.DeadlinePolicyID{}).Default(typeid.New[typeid.DeadlinePolicyID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Optional().Immutable().Comment("The only site whose cases it covers; absent for all."),
		field.String("name").MaxRuneLen(200).NotEmpty(),
		field.Int("position").NonNegative().Comment("Policies are asked in ascending order."),
		field.Time("created_at").Immutable(),
		field.Time("retired_at").Optional().Nillable().Comment("From then on it covers no new case."),
	}
}

// Edges of the DeadlinePolicy.
func (DeadlinePolicy) Edges() []ent.Edge {
	return []ent.Edge{
		fixedMaybe("site", Site.Type, "site_id"),
		edge.From("versions", DeadlinePolicyVersion.Type).Ref("policy"),
	}
}

// Indexes of the DeadlinePolicy.
func (DeadlinePolicy) Indexes() []ent.Index {
	return []ent.Index{index.Fields("position", "id"), index.Fields("site_id", "position", "id")}
}

// DeadlinePolicyVersion is what a policy said at a time. What it says never changes: a
// case keeps the version that it began with.
type DeadlinePolicyVersion struct{ ent.Schema }

// Fields of the DeadlinePolicyVersion.
func (DeadlinePolicyVersion) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.DeadlinePolicyVersionID{}).Default(typeid.New[typeid.DeadlinePolicyVersionID]).Immutable(),
		field.UUID("policy_id", typeid.DeadlinePolicyID{}).Immutable(),
		field.Int("number").Positive().Immutable(),
		field.Bool("current").Default(true).Comment("Cases get it from now on: the newest of a policy's versions."),
		field.JSON("definition", json.RawMessage{}).Immutable().Comment("A rules.DeadlinePolicy: which cases it covers, and its targets."),
		field.Time("created_at").Immutable(),
	}
}

// Edges of the DeadlinePolicyVersion.
func (DeadlinePolicyVersion) Edges() []ent.Edge {
	return []ent.Edge{fixed("policy", DeadlinePolicy.Type, "policy_id")}
}

// Indexes of the DeadlinePolicyVersion.
func (DeadlinePolicyVersion) Indexes() []ent.Index {
	return []ent.Index{index.Fields("policy_id", "number").Unique()}
}

// Deadline is a moment by which something has to be done about a case, and the clock
// that leads to it.
type Deadline struct{ ent.Schema }

// Fields of the Deadline.
func (Deadline) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.DeadlineID{}).Default(typeid.New[typeid.DeadlineID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.UUID("policy_id", typeid.DeadlinePolicyID{}).Optional().Immutable().Comment("Absent where the server's own lengths hold."),
		field.Int("policy_version").Default(0).NonNegative().Immutable(),
		field.UUID("calendar_id", typeid.CalendarID{}).Optional().Comment("By which the present segment counts; absent where every minute does."),
		field.Int("calendar_revision").Default(0).NonNegative().Comment("Of the calendar when the deadline was planned last."),
		field.UUID("site_id", typeid.SiteID{}).Optional().Immutable().Comment("By whose calendars it counts; absent where every minute counts anyway."),
		field.Int("hours_revision").Default(0).NonNegative().Comment("Of the site when the deadline was planned last."),
		field.Enum("target").Values("FIRST_RESPONSE", "NEXT_UPDATE", "DISPATCH", "ACCEPT", "RESOLUTION", "FOLLOW_UP", "PROMISE", "EFFECT_CHECK").Immutable(),
		field.JSON("rule", json.RawMessage{}).Immutable().Comment("A rules.DeadlineRule: what the policy said when the clock began."),
		field.Bool("fixed").Default(false).Immutable().Comment("The time itself was told to the customer."),
		field.String("promise").MaxRuneLen(500).Optional().Nillable().Immutable().Comment("What the customer was promised; for PROMISE alone."),
		field.Enum("state").Values("RUNNING", "PAUSED", "MET", "MISSED", "CANCELLED").Default("RUNNING"),
		field.Bool("runs").Default(true).Comment("The present segment counts. A missed deadline can stand, too."),
		field.Time("started_at").Immutable(),
		field.Time("due_at").Comment("As of the last plan."),
		field.Time("ended_at").Optional().Nillable().Comment("When it was met, met too late, or no longer asked for."),
		field.Int64("spent").GoType(time.Duration(0)).Default(0).Comment("Nanoseconds counted in the segments that have ended."),
		field.Time("segment_at").Comment("When the present segment began."),
		field.Int("step").Default(0).NonNegative().Comment("The first step of the plan that was neither taken nor skipped."),
		field.Time("next_alert_at").Optional().Nillable().Comment("When that step comes; absent when none does."),
	}
}

// Edges of the Deadline.
func (Deadline) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixedMaybe("policy", DeadlinePolicy.Type, "policy_id"),
		maybe("calendar", Calendar.Type, "calendar_id"),
		fixedMaybe("site", Site.Type, "site_id"),
	}
}

// Indexes of the Deadline.
func (Deadline) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("case_id", "started_at", "id"),
		index.Fields("next_alert_at", "case_id"),
		index.Fields("calendar_id", "calendar_revision").Annotations(entsql.IndexWhere("ended_at IS NULL")).StorageKey("deadline_calendar"),
		index.Fields("site_id", "hours_revision").Annotations(entsql.IndexWhere("ended_at IS NULL")).StorageKey("deadline_hours"),
	}
}

// ClockSegment is a part of a deadline's time that counted by one calendar, or did not
// count at all.
type ClockSegment struct{ ent.Schema }

// Fields of the ClockSegment.
func (ClockSegment) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ClockSegmentID{}).Default(typeid.New[typeid.ClockSegmentID]).Immutable(),
		field.UUID("deadline_id", typeid.DeadlineID{}).Immutable(),
		field.UUID("calendar_id", typeid.CalendarID{}).Optional().Immutable().Comment("Absent where every minute counts, or none does."),
		field.Enum("reason").Values("RUNNING", "ON_HOLD").Immutable(),
		field.Bool("counted").Immutable(),
		field.Time("from_at").Immutable(),
		field.Time("to_at").Optional().Nillable().Comment("Absent while it is the present one."),
		field.Int64("spent").GoType(time.Duration(0)).Default(0).Comment("Nanoseconds that were counted, once it has ended."),
	}
}

// Edges of the ClockSegment.
func (ClockSegment) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("deadline", Deadline.Type, "deadline_id"),
		fixedMaybe("calendar", Calendar.Type, "calendar_id"),
	}
}

// Indexes of the ClockSegment.
func (ClockSegment) Indexes() []ent.Index {
	return []ent.Index{index.Fields("deadline_id", "from_at", "id")}
}

// Escalation is one step of a deadline's plan whose time has come: somebody was told,
// or it was kept that nobody had to be. Each step comes once.
type Escalation struct{ ent.Schema }

// Fields of the Escalation.
func (Escalation) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.EscalationID{}).Default(typeid.New[typeid.EscalationID]).Immutable(),
		field.UUID("deadline_id", typeid.DeadlineID{}).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.Int("step").NonNegative().Immutable(),
		field.Enum("kind").Values("WARNING", "MISSED", "ESCALATION").Immutable(),
		field.Int("level").NonNegative().Immutable().Comment("How many levels above the person responsible."),
		field.UUID("to_id", typeid.StaffID{}).Optional().Immutable().Comment("Who was told; absent where nobody could be, or had to be."),
		field.UUID("instead_of_id", typeid.StaffID{}).Optional().Immutable().Comment("Who was out of office, and for whom the other stands in."),
		field.Enum("skipped").Values("DEADLINE_PASSED", "LATER_ONE").Optional().Nillable().Immutable().Comment("Why nobody had to be told."),
		field.Time("planned_at").Immutable().Comment("When its time came."),
		field.Time("fired_at").Immutable().Comment("When it was carried out, which is later where no server ran."),
		field.Time("acknowledged_at").Optional().Nillable(),
		field.UUID("acknowledged_by_id", typeid.StaffID{}).Optional(),
		field.Int("revision").Default(1).Positive(),
	}
}

// Edges of the Escalation.
func (Escalation) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("deadline", Deadline.Type, "deadline_id"),
		fixed("case", ServiceCase.Type, "case_id"),
		fixedMaybe("to", Staff.Type, "to_id"),
		fixedMaybe("instead_of", Staff.Type, "instead_of_id"),
		maybe("acknowledged_by", Staff.Type, "acknowledged_by_id"),
	}
}

// Indexes of the Escalation.
func (Escalation) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("deadline_id", "step").Unique(),
		index.Fields("case_id", "fired_at", "id"),
		index.Fields("to_id", "acknowledged_at"),
	}
}

package schema

import (
	"time"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// ServiceCase is a case: a complaint, suggestion, inquiry, commendation, incident,
// return or exchange, or repair request, from registration to archive. Go has a
// keyword where the plain name would stand; outside it is called Case.
type ServiceCase struct{ ent.Schema }

// Annotations of the ServiceCase.
func (ServiceCase) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("cases")}
}

// Mixin of the ServiceCase.
func (ServiceCase) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the ServiceCase.
func (ServiceCase) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CaseID{}).Default(typeid.New[typeid.CaseID]).Immutable(),
		field.String("number").MaxRuneLen(20).NotEmpty().Unique().Immutable().Comment("For people: the year and a count within it, such as \"2026-000123\"."),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Optional().Comment("The department responsible, once dispatched."),
		field.UUID("customer_id", typeid.CustomerID{}).Optional().Comment("Absent when the customer is not on file, or does not want to be named."),
		field.UUID("received_by_id", typeid.StaffID{}).Optional().Immutable().Comment("Who was asked first. Absent for what a machine pushed in."),
		field.UUID("assignee_id", typeid.StaffID{}).Optional().Comment("Who answers for the case now."),
		field.UUID("dispatched_to_id", typeid.StaffID{}).Optional().Comment("Who was asked to take it on when it was dispatched."),
		field.UUID("inspection_id", typeid.InspectionID{}).Optional().Immutable().Comment("The inspection whose finding became this case."),
		field.Enum("kind").Values("COMPLAINT", "SUGGESTION", "INQUIRY", "COMMENDATION", "INCIDENT", "RETURN_EXCHANGE", "REPAIR").Immutable(),
		field.Enum("channel").Values("IN_PERSON", "TELEPHONE", "EMAIL", "CHAT", "LETTER", "SURVEY", "INSPECTION", "PUBLIC_PLATFORM", "OTHER").Immutable(),
		field.Enum("severity").Values("MINOR", "MAJOR", "CRITICAL"),
		field.Enum("status").Values("OPEN", "DISPATCHED", "ACCEPTED", "RESOLVED", "CLOSED").Default("OPEN"),
		field.Bool("open").Default(true).Comment("The status is not CLOSED: what boards and deadlines look at."),
		field.UUID("topic_id", typeid.TopicID{}).Optional().Comment("What it is about, by the site's own tree."),
		field.UUID("cause_id", typeid.CauseID{}).Optional().Comment("Why it came to be, as the investigation found."),
		field.String("topic_text").StorageKey("topic").MaxRuneLen(100).Optional().Nillable().Comment("What the system or checklist that it comes from calls its topic."),
		field.String("subject").MaxRuneLen(200).NotEmpty(),
		field.Text("description").MaxRuneLen(20000).Optional().Nillable(),
		field.String("product").MaxRuneLen(200).Optional().Nillable().Comment("Reference of the product concerned."),
		field.String("order_reference").MaxRuneLen(200).Optional().Nillable().Comment("Reference of the order concerned, in the system that keeps it."),
		field.Text("desired_remedy").MaxRuneLen(2000).Optional().Nillable().Comment("What the customer wants to be done."),
		field.Bool("anonymous").Default(false).Immutable().Comment("The customer does not want to be named: nobody can be called back."),
		field.Time("opened_at").Immutable().Comment("When the customer spoke, which may be before it was typed in."),
		field.Time("due_at").Comment("By when it must be resolved: as the clock of its resolution says, where there is one."),
		field.Bool("due_promised").Default(false).Immutable().Comment("The customer was told the deadline when the case was opened."),
		field.UUID("deadline_policy_version_id", typeid.DeadlinePolicyVersionID{}).Optional().Comment("What its deadlines go by, from its beginning; absent where the server's own lengths hold."),
		field.UUID("escalated_to_id", typeid.StaffID{}).Optional().Comment("Who was last told that a deadline has passed."),
		field.Time("dispatched_at").Optional().Nillable(),
		field.Time("accepted_at").Optional().Nillable().Comment("When it was last taken on. It stays while the case is offered to others."),
		field.Time("first_accepted_at").Optional().Nillable().Comment("When it was first taken on. Absent in what was accepted before this was kept: see accepted_at."),
		field.Time("first_response_at").Optional().Nillable().Comment("When the customer first heard from us."),
		field.Time("contained_at").Optional().Nillable().Comment("When somebody first said how the incident was contained."),
		field.Enum("decision").Values("GRANTED", "GRANTED_IN_PART", "DECLINED").Optional().Nillable().Comment("On what the customer wants."),
		field.Time("decided_at").Optional().Nillable(),
		field.Time("answered_at").Optional().Nillable().Comment("When the customer was told the outcome, since it was opened or reopened."),
		field.Time("agreed_at").Optional().Nillable().Comment("When the customer said in a follow-up that it is solved, since it was opened or reopened."),
		field.Time("held_at").Optional().Nillable().Comment("Since when work waits; absent while it goes on."),
		field.Time("held_until").Optional().Nillable().Comment("Until when it shall wait."),
		field.Bool("hold_counts_time").Default(false).Comment("The deadlines run on while it is held."),
		field.Time("resolved_at").Optional().Nillable(),
		field.Bool("late_before").Default(false).Comment("It was resolved after its deadline before it was reopened."),
		field.Int64("counted_time").GoType(time.Duration(0)).Optional().Nillable().Comment("Nanoseconds that its deadlines for the resolution counted until it was resolved, each time; absent where there was none."),
		field.Int("satisfaction").Optional().Nillable().Range(1, 5).Comment("With the handling, as the customer last said in a follow-up."),
		field.Time("closed_at").Optional().Nillable(),
		field.Enum("importance").Values("ORDINARY", "IMPORTANT").Optional().Nillable().Comment("Of a suggestion: management hears of an important one, and decides on it."),
		field.Time("reported_at").Optional().Nillable().Comment("When a suggestion was first reported to management, or an incident to the quality office."),
		field.Int("open_measures").Default(0).NonNegative().Comment("Measures whose effect is not verified yet, and that are not cancelled."),
		field.Int("standing_measures").Default(0).NonNegative().Comment("Measures of the kind that its course asks for, but for those that were cancelled or found to have no effect."),
		field.Time("archived_at").Optional().Nillable().Comment("When it was put into the archive: from then on it takes no more steps."),
		field.Bool("substantiated").Optional().Nillable().Comment("Whether the investigation found the complaint justified."),
		field.Text("resolution").MaxRuneLen(20000).Optional().Nillable(),
		field.Enum("closure").Values("CUSTOMER_AGREED", "MANAGER_DECISION", "NO_FOLLOW_UP_NEEDED", "MERGED").Optional().Nillable(),
		field.UUID("merged_into_id", typeid.CaseID{}).Optional().Comment("The case in which this one goes on."),
		field.Int("reopened_count").Default(0).NonNegative(),
		field.Int("refused_count").Default(0).NonNegative().Comment("Hand-overs that were refused."),
		field.Int("returned_count").Default(0).NonNegative().Comment("Hand-overs that nobody accepted in time."),
		field.Bool("tasked").Default(false).Comment("Other departments were given tasks within it: row scope then looks at these."),
		field.Int("open_tasks").Default(0).NonNegative().Comment("Required tasks that are neither done nor cancelled."),
		field.String("external_id").MaxRuneLen(200).Optional().Nillable().Unique().Immutable().Comment("The case's id in the system it was imported from."),
	}
}

// Edges of the ServiceCase.
func (ServiceCase) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		maybe("department", Department.Type, "department_id"),
		maybe("customer", Customer.Type, "customer_id"),
		fixedMaybe("received_by", Staff.Type, "received_by_id"),
		maybe("assignee", Staff.Type, "assignee_id"),
		maybe("dispatched_to", Staff.Type, "dispatched_to_id"),
		maybe("deadline_policy_version", DeadlinePolicyVersion.Type, "deadline_policy_version_id"),
		maybe("escalated_to", Staff.Type, "escalated_to_id"),
		fixedMaybe("inspection", Inspection.Type, "inspection_id"),
		tree("merged", ServiceCase.Type, "merged_into", "merged_into_id"),
		maybe("topic", Topic.Type, "topic_id"),
		maybe("cause", Cause.Type, "cause_id"),
	}
}

// Indexes of the ServiceCase. Each list order ends in the id; what a list can be
// filtered by stands before the order.
func (ServiceCase) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("opened_at", "id"),
		index.Fields("open", "due_at", "id"),
		index.Fields("due_at", "id"),
		index.Fields("site_id", "opened_at", "id"),
		index.Fields("site_id", "open", "due_at", "id"),
		index.Fields(append(seenBy("department_id", "opened_at", "id"), "tasked")...).StorageKey("servicecase_department_id_opened_at_id_seen"),
		index.Fields(append(seenBy("department_id", "open", "due_at", "id"), "tasked")...).StorageKey("servicecase_department_id_open_due_at_id_seen"),
		index.Fields("assignee_id", "opened_at", "id"),
		index.Fields("assignee_id", "open", "due_at", "id"),
		index.Fields("dispatched_to_id", "open", "due_at", "id"),
		index.Fields("received_by_id", "opened_at", "id"),
		index.Fields(seenBy("customer_id", "opened_at", "id", "site_id", "department_id")...).StorageKey("servicecase_customer_id_opened_at_id_seen"),
		index.Fields("escalated_to_id", "opened_at", "id"),
		index.Fields("inspection_id"),
		index.Fields("topic_id", "opened_at", "id"),
		index.Fields("cause_id", "opened_at", "id"),
		index.Fields("resolved_at"),
		index.Fields("closed_at"),
		index.Fields("reported_at").Annotations(entsql.IndexWhere("reported_at IS NOT NULL")).StorageKey("servicecase_reported_at"),
	}
}

// seenBy adds to an index the columns by which row scope looks at a case, so that
// a manager's cases are counted, and customers with a case of theirs are found,
// from the index alone.
func seenBy(fields ...string) []string {
	return append(fields, "assignee_id", "received_by_id", "dispatched_to_id", "escalated_to_id")
}

// CaseEntry is one line of a case's timeline. It is never changed and never
// deleted; a correction is a further entry that names the one it corrects.
type CaseEntry struct{ ent.Schema }

// Fields of the CaseEntry.
func (CaseEntry) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CaseEntryID{}).Default(typeid.New[typeid.CaseEntryID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable(),
		field.UUID("author_id", typeid.StaffID{}).Optional().Immutable().Comment("Who wrote it, or took the step that a SYSTEM line records. Absent for what a machine did."),
		field.UUID("corrects_id", typeid.CaseEntryID{}).Optional().Immutable(),
		field.Enum("kind").Values("NOTE", "MESSAGE_TO_CUSTOMER", "MESSAGE_FROM_CUSTOMER", "CALL", "DECISION", "SYSTEM").Immutable(),
		field.Enum("visibility").Values("INTERNAL", "CUSTOMER").Default("INTERNAL").Immutable(),
		field.Text("text").MaxRuneLen(20000).Immutable().Comment("Empty for a SYSTEM line, which is told in the reader's language when it is read."),
		field.Enum("action").Values("OPENED", "OPENED_FROM_FINDING", "OPENED_BY_SPLIT",
			"ACKNOWLEDGED", "CONTAINED", "DISPATCHED", "ACCEPTED", "REFUSED", "RETURNED", "MOVED", "ASSIGNED", "REFERRED", "HELD", "CONTINUED", "REVISED",
			"DECIDED", "REPLIED", "RESOLVED", "FOLLOWED_UP", "CLOSED", "REOPENED", "MERGED", "MERGED_FROM", "SPLIT", "LINKED", "ASSESSED", "REPORTED_TO_MANAGEMENT", "REPORTED_TO_QUALITY_OFFICE", "COMMENDED", "ARCHIVED", "WARNED", "MISSED", "ESCALATED",
			"CALENDAR_CHANGED", "CALENDAR_ASSIGNED", "OUT_OF_OFFICE", "BACK_IN_OFFICE").Optional().Nillable().Immutable().
			Comment("The step that a SYSTEM line records; absent for the other kinds."),
		field.UUID("to_department_id", typeid.DepartmentID{}).Optional().Immutable().Comment("To which the action handed the case."),
		field.UUID("to_staff_id", typeid.StaffID{}).Optional().Immutable().Comment("Whom the action asked to take the case on, or told of a deadline."),
		field.UUID("deadline_id", typeid.DeadlineID{}).Optional().Immutable().Comment("The deadline that the action concerns."),
		field.UUID("calendar_id", typeid.CalendarID{}).Optional().Immutable().Comment("By which deadlines count from the action on."),
		field.UUID("absence_id", typeid.AbsenceID{}).Optional().Immutable().Comment("Of the person responsible, which the action tells of."),
		field.UUID("other_case_id", typeid.CaseID{}).Optional().Immutable().Comment("The other case that the action concerns."),
		field.UUID("copy_of_id", typeid.CaseEntryID{}).Optional().Immutable().Comment("The line of another case of which this is a copy, made when cases were merged or split."),
		field.Time("at").Immutable(),
	}
}

// Edges of the CaseEntry.
func (CaseEntry) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixedMaybe("author", Staff.Type, "author_id"),
		fixedMaybe("to_department", Department.Type, "to_department_id"),
		fixedMaybe("to_staff", Staff.Type, "to_staff_id"),
		fixedMaybe("deadline", Deadline.Type, "deadline_id"),
		fixedMaybe("calendar", Calendar.Type, "calendar_id"),
		fixedMaybe("absence", Absence.Type, "absence_id"),
		fixedMaybe("other_case", ServiceCase.Type, "other_case_id"),
		edge.To("copies", CaseEntry.Type).Annotations(entsql.OnDelete(entsql.Restrict)).
			From("copy_of").Field("copy_of_id").Unique().Immutable(),
		edge.To("corrections", CaseEntry.Type).Annotations(entsql.OnDelete(entsql.Restrict)).
			From("corrects").Field("corrects_id").Unique().Immutable(),
	}
}

// Indexes of the CaseEntry.
func (CaseEntry) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("case_id", "at", "id"),
		index.Fields("copy_of_id").Annotations(entsql.IndexWhere("copy_of_id IS NOT NULL")).StorageKey("caseentry_copy_of_id"),
		index.Fields("absence_id", "action").Annotations(entsql.IndexWhere("absence_id IS NOT NULL")).StorageKey("caseentry_absence"),
	}
}

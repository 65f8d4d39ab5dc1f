package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Event is one line of the event log: that something changed, never what about a
// person. Package events owns it.
type Event struct{ ent.Schema }

// Fields of the Event.
func (Event) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id").Immutable().Comment("Order of insertion, which is not the order of commit."),
		field.Int64("cursor").Optional().Nillable().Unique().Positive().Comment("Order of commit, without gaps; absent until the event was sequenced."),
		field.String("kind").MaxRuneLen(60).NotEmpty().Immutable().Comment("What happened, such as \"case.dispatched\"."),
		field.String("subject_kind").MaxRuneLen(20).NotEmpty().Immutable().Comment("Prefix of the subject's id."),
		field.String("subject").MaxRuneLen(60).NotEmpty().Immutable().Comment("Id of the record that changed."),
		field.String("actor").MaxRuneLen(60).NotEmpty().Immutable().Comment("Id of the staff member or token that did it, or \"system\"."),
		field.Strings("changed").Optional().Immutable().Comment("Names of the API fields that changed."),
		field.Time("at").Immutable(),
		// Who may see the event is decided by where the subject stood when it happened.
		field.UUID("site_id", typeid.SiteID{}).Optional().Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Optional().Immutable(),
		field.UUID("owner_id", typeid.StaffID{}).Optional().Immutable().Comment("Who answers for the subject."),
		field.UUID("origin_id", typeid.StaffID{}).Optional().Immutable().Comment("Who first had it: a case's receiver, for example."),
		field.Bytes("digest").MaxLen(32).Optional().Comment("SHA-256 over the digest of the event before and this event's content."),
	}
}

// Indexes of the Event.
func (Event) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("id").Annotations(entsql.IndexWhere("cursor IS NULL")).StorageKey("event_pending"),
		index.Fields("subject", "cursor"),
		index.Fields("subject_kind", "cursor"),
	}
}

// EventHead is the single row that knows the end of the event log. Whoever
// sequences events holds its lock.
type EventHead struct{ ent.Schema }

// Annotations of the EventHead.
func (EventHead) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("event_head")}
}

// Fields of the EventHead.
func (EventHead) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").Immutable(),
		field.Int64("cursor"),
		field.Bytes("digest").MaxLen(32),
	}
}

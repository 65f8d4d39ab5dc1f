package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Calendar says when a site, or a part of it, works. Deadlines count what is open by it.
type Calendar struct{ ent.Schema }

// Mixin of the Calendar.
func (Calendar) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the Calendar.
func (Calendar) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.CalendarID{}).Default(typeid.New[typeid.CalendarID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.String("code").MaxRuneLen(40).NotEmpty().Immutable().Comment("Unique within the site, such as \"office-hours\"."),
		field.String("name").MaxRuneLen(200).NotEmpty(),
		field.JSON("definition", json.RawMessage{}).Comment("The time zone, the week and the days that override it, as in quality/rules/calendar.Definition."),
		field.Time("created_at").Immutable(),
	}
}

// Edges of the Calendar.
func (Calendar) Edges() []ent.Edge { return []ent.Edge{fixed("site", Site.Type, "site_id")} }

// Indexes of the Calendar.
func (Calendar) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("site_id", "code").Unique(),
		index.Fields("code"),
		index.Fields("name", "id"),
		index.Fields("site_id", "name", "id"),
	}
}

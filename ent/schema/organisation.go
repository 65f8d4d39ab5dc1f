package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Site is a hotel, mall, shop or sales office.
type Site struct{ ent.Schema }

// Fields of the Site.
func (Site) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.SiteID{}).Default(typeid.New[typeid.SiteID]).Immutable(),
		field.String("code").MaxRuneLen(40).NotEmpty().Unique().Comment("Short name for people and imports, such as \"harbour-hotel\"."),
		field.String("name").MaxRuneLen(200).NotEmpty(),
		field.Enum("kind").Values("HOTEL", "MALL", "SHOP", "SALES_OFFICE", "OTHER"),
		field.String("country").MinLen(2).MaxRuneLen(2).Comment("ISO 3166-1 alpha-2, such as \"CN\": how telephone numbers are read that do not name one."),
		field.String("time_zone").MaxRuneLen(64).NotEmpty().Comment("IANA name, such as \"Asia/Shanghai\"."),
		field.UUID("calendar_id", typeid.CalendarID{}).Optional().Comment("Of all departments that neither have one nor inherit it; none: every minute counts."),
		field.Int("hours_revision").Default(0).NonNegative().Comment("Counts how often the site, or a department of it, was given another calendar."),
		field.Time("created_at").Immutable(),
	}
}

// Edges of the Site.
func (Site) Edges() []ent.Edge { return []ent.Edge{maybe("calendar", Calendar.Type, "calendar_id")} }

// Indexes of the Site.
func (Site) Indexes() []ent.Index { return []ent.Index{index.Fields("name", "id")} }

// Department is a part of a site, down to the counter or team that checks itself
// at each shift. Departments form a tree.
type Department struct{ ent.Schema }

// Fields of the Department.
func (Department) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.DepartmentID{}).Default(typeid.New[typeid.DepartmentID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("parent_id", typeid.DepartmentID{}).Optional(),
		field.String("code").MaxRuneLen(40).NotEmpty().Comment("Unique within the site, such as \"front-desk\"."),
		field.String("name").MaxRuneLen(200).NotEmpty(),
		field.String("path").MaxRuneLen(1000).NotEmpty().
			Comment("The codes of the site and of the departments from the top down to this one, each followed by a slash: what is below starts with it."),
		field.UUID("calendar_id", typeid.CalendarID{}).Optional().Comment("None: that of the department above, or else of the site."),
		field.Time("created_at").Immutable(),
	}
}

// Edges of the Department.
func (Department) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		tree("children", Department.Type, "parent", "parent_id"),
		maybe("calendar", Calendar.Type, "calendar_id"),
		edge.From("overseers", Staff.Type).Ref("oversees"),
	}
}

// Indexes of the Department.
func (Department) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("site_id", "code").Unique(),
		index.Fields("path").Unique(),
		index.Fields("name", "id"),
		index.Fields("site_id", "name", "id"),
		index.Fields("parent_id", "name", "id"),
	}
}

// Staff is a member of the staff.
type Staff struct{ ent.Schema }

// Annotations of Staff.
func (Staff) Annotations() []schema.Annotation { return []schema.Annotation{entsql.Table("staff")} }

// Mixin of Staff.
func (Staff) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of Staff.
func (Staff) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.StaffID{}).Default(typeid.New[typeid.StaffID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}),
		field.UUID("department_id", typeid.DepartmentID{}).Comment("Where the person belongs and is appraised."),
		field.UUID("supervisor_id", typeid.StaffID{}).Optional().Comment("One level up in the chain of management."),
		field.String("code").MaxRuneLen(40).NotEmpty().Unique().Comment("Employee number."),
		field.String("name").MaxRuneLen(200).NotEmpty(),
		field.Enum("role").Values("STAFF", "TEAM_LEAD", "DEPARTMENT_MANAGER", "SITE_MANAGER",
			"QUALITY_OFFICER", "HUMAN_RESOURCES", "EXECUTIVE", "ADMINISTRATOR"),
		field.Bool("active").Default(true).Comment("Who has left keeps the record but can no longer sign in."),
		field.Time("created_at").Immutable(),
	}
}

// Edges of Staff.
func (Staff) Edges() []ent.Edge {
	return []ent.Edge{
		to("site", Site.Type, "site_id"),
		to("department", Department.Type, "department_id"),
		tree("reports", Staff.Type, "supervisor", "supervisor_id"),
		edge.To("oversees", Department.Type).StorageKey(edge.Table("staff_oversees"), edge.Columns("staff_id", "department_id")).
			Comment("Departments that a lead or manager answers for besides the own one and those below it."),
		edge.From("trainings", Training.Type).Ref("participants"),
	}
}

// Indexes of Staff.
func (Staff) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("name", "id"),
		index.Fields("site_id", "name", "id"),
		index.Fields("department_id", "name", "id"),
		index.Fields("supervisor_id"),
	}
}

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Shift is one person's duty in a department: a line of the rota. People with the
// same group and hours serve together.
type Shift struct{ ent.Schema }

// Mixin of the Shift.
func (Shift) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the Shift.
func (Shift) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ShiftID{}).Default(typeid.New[typeid.ShiftID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable(),
		field.UUID("staff_id", typeid.StaffID{}).Comment("Who serves. A swap changes it."),
		field.String("group").MaxRuneLen(40).NotEmpty().Immutable().Comment("The people who serve together, such as \"early\"."),
		field.Time("starts_at").Immutable(),
		field.Time("ends_at").Immutable().Comment("At most a day later; whoever asks who is on duty relies on it."),
		field.Bool("cancelled").Default(false),
		field.Time("created_at").Immutable(),
	}
}

// Edges of the Shift.
func (Shift) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		to("staff", Staff.Type, "staff_id"),
	}
}

// Indexes of the Shift.
func (Shift) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("starts_at", "id"),
		index.Fields("site_id", "starts_at", "id"),
		index.Fields("department_id", "starts_at", "id"),
		index.Fields("staff_id", "starts_at", "id"),
	}
}

// ShiftSwap is a wish to have somebody else serve, or to change shifts with them. It
// changes the rota once a manager agrees.
type ShiftSwap struct{ ent.Schema }

// Mixin of the ShiftSwap.
func (ShiftSwap) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the ShiftSwap.
func (ShiftSwap) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ShiftSwapID{}).Default(typeid.New[typeid.ShiftSwapID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable().Comment("Of the shift that is given away: whose manager decides."),
		field.UUID("shift_id", typeid.ShiftID{}).Immutable(),
		field.UUID("staff_id", typeid.StaffID{}).Immutable().Comment("Who gives the shift away."),
		field.UUID("with_id", typeid.StaffID{}).Immutable().Comment("Who takes it."),
		field.UUID("with_shift_id", typeid.ShiftID{}).Optional().Immutable().Comment("What is given in return, if anything."),
		field.Enum("status").Values("REQUESTED", "AGREED", "REFUSED").Default("REQUESTED"),
		field.UUID("decided_by_id", typeid.StaffID{}).Optional(),
		field.Time("decided_at").Optional().Nillable(),
		field.Time("requested_at").Immutable(),
	}
}

// Edges of the ShiftSwap.
func (ShiftSwap) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		fixed("shift", Shift.Type, "shift_id"),
		fixed("staff", Staff.Type, "staff_id"),
		fixed("with", Staff.Type, "with_id"),
		fixedMaybe("with_shift", Shift.Type, "with_shift_id"),
		maybe("decided_by", Staff.Type, "decided_by_id"),
	}
}

// Indexes of the ShiftSwap.
func (ShiftSwap) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("requested_at", "id"),
		index.Fields("site_id", "requested_at", "id"),
		index.Fields("department_id", "status", "requested_at", "id"),
		index.Fields("staff_id", "requested_at", "id"),
		index.Fields("with_id", "requested_at", "id"),
		index.Fields("shift_id"),
		index.Fields("with_shift_id"),
	}
}

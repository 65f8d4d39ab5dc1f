package schema

import (
	"time"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Measurement is the value of an important characteristic, written when the inspection
// is completed in which it was measured. It says by itself what a control chart needs,
// so that a chart is one read of an index.
type Measurement struct{ ent.Schema }

// Fields of the Measurement.
func (Measurement) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("inspection_id", typeid.InspectionID{}).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable(),
		field.Enum("layer").Values("SELF_CHECK", "PATROL", "SAMPLING", "SPECIAL", "AUDIT").Immutable(),
		field.String("checklist").MaxRuneLen(80).NotEmpty().Immutable().Comment("The checklist's code."),
		field.String("item").MaxRuneLen(80).NotEmpty().Immutable(),
		field.Float("value").Immutable(),
		field.String("unit").MaxRuneLen(80).Immutable(),
		field.Float("lower").Optional().Nillable().Immutable().Comment("Smallest good value."),
		field.Float("upper").Optional().Nillable().Immutable().Comment("Greatest good value."),
		field.Bool("within").Immutable().Comment("The value lies within the limits."),
		field.Time("at").Immutable().Comment("When the inspection was completed."),
	}
}

// Edges of the Measurement.
func (Measurement) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("inspection", Inspection.Type, "inspection_id"),
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
	}
}

// Indexes of the Measurement.
func (Measurement) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("department_id", "checklist", "item", "at", "id"),
		index.Fields("inspection_id", "item").Unique(),
	}
}

// ChartBaseline is what the points of a control chart are held against from a time on,
// up to the next baseline. Its figures are frozen. A row is never changed: who sets
// others adds one.
type ChartBaseline struct{ ent.Schema }

// Fields of the ChartBaseline.
func (ChartBaseline) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ChartBaselineID{}).Default(typeid.New[typeid.ChartBaselineID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable(),
		field.String("checklist").MaxRuneLen(80).NotEmpty().Immutable(),
		field.String("item").MaxRuneLen(80).Immutable().Comment("Empty for a chart of all items of the checklist."),
		field.Enum("kind").Values("INDIVIDUALS", "XBAR_R", "XBAR_S", "P", "NP", "C", "U").Immutable(),
		field.Enum("interval").Values("NONE", "DAY", "WEEK", "MONTH").Immutable(),
		field.Time("from_at").Immutable().Comment("Of the first point that it judges, or before it."),
		field.Float("mean").Immutable(),
		field.Float("sigma").Immutable().Comment("Standard deviation of single values; 0 for shares and counts, which have it from their mean."),
		field.Int("points").Default(0).Immutable().Comment("That it was estimated from; 0 if its figures were given."),
		field.Time("estimated_from").Optional().Nillable().Immutable(),
		field.Time("estimated_before").Optional().Nillable().Immutable(),
		field.Strings("rules").Immutable().Comment("By which points are judged."),
		field.Text("reason").MaxRuneLen(2000).Optional().Nillable().Immutable().Comment("Absent for the first one of a characteristic, which is estimated by itself."),
		field.UUID("set_by_id", typeid.StaffID{}).Optional().Immutable(),
		field.Time("set_at").Immutable(),
	}
}

// Edges of the ChartBaseline.
func (ChartBaseline) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		fixedMaybe("set_by", Staff.Type, "set_by_id"),
	}
}

// Indexes of the ChartBaseline.
func (ChartBaseline) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("set_at", "id"),
		index.Fields("site_id", "set_at", "id"),
		index.Fields("department_id", "set_at", "id"),
		index.Fields("department_id", "checklist", "item", "kind", "interval", "from_at", "id").StorageKey("chartbaseline_of"),
		index.Fields("department_id", "checklist", "item", "set_at", "id"),
	}
}

// AlarmPoint is a point that took part in what raised an alarm.
type AlarmPoint struct {
	Inspection typeid.InspectionID `json:"inspection"`
	At         time.Time           `json:"at"`
	Value      float64             `json:"value"`
}

// ChartAlarm is a rule that the values of an important characteristic broke, raised once
// for as long as what breaks it goes on.
type ChartAlarm struct{ ent.Schema }

// Mixin of the ChartAlarm.
func (ChartAlarm) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the ChartAlarm.
func (ChartAlarm) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ChartAlarmID{}).Default(typeid.New[typeid.ChartAlarmID]).Immutable(),
		field.UUID("site_id", typeid.SiteID{}).Immutable(),
		field.UUID("department_id", typeid.DepartmentID{}).Immutable(),
		field.UUID("inspection_id", typeid.InspectionID{}).Immutable().Comment("With whose value it showed."),
		field.UUID("baseline_id", typeid.ChartBaselineID{}).Optional().Immutable().Comment("Absent where a value broke the limits of its item, for which there may be no baseline yet."),
		field.String("checklist").MaxRuneLen(80).NotEmpty().Immutable(),
		field.String("item").MaxRuneLen(80).NotEmpty().Immutable(),
		field.Enum("rule").Values("OUTSIDE_LIMITS", "NELSON_1", "NELSON_2", "NELSON_3", "NELSON_4", "NELSON_5", "NELSON_6", "NELSON_7", "NELSON_8",
			"WESTERN_ELECTRIC_1", "WESTERN_ELECTRIC_2", "WESTERN_ELECTRIC_3", "WESTERN_ELECTRIC_4").Immutable(),
		field.Enum("side").Values("ABOVE", "BELOW", "NEITHER").Immutable(),
		field.Enum("status").Values("OPEN", "ACKNOWLEDGED").Default("OPEN"),
		field.Float("value").Immutable().Comment("Of the point at which it showed."),
		field.JSON("points", []AlarmPoint{}).Immutable().Comment("That took part when it showed, the oldest first."),
		field.Time("at").Immutable().Comment("Of the point at which it showed."),
		field.Time("acknowledged_at").Optional().Nillable(),
		field.UUID("acknowledged_by_id", typeid.StaffID{}).Optional(),
		field.Text("note").MaxRuneLen(5000).Optional().Nillable().Comment("What was found to be the cause, and what is done."),
	}
}

// Edges of the ChartAlarm.
func (ChartAlarm) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("site", Site.Type, "site_id"),
		fixed("department", Department.Type, "department_id"),
		fixed("inspection", Inspection.Type, "inspection_id"),
		fixedMaybe("baseline", ChartBaseline.Type, "baseline_id"),
		maybe("acknowledged_by", Staff.Type, "acknowledged_by_id"),
	}
}

// Indexes of the ChartAlarm.
func (ChartAlarm) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("at", "id"),
		index.Fields("status", "at", "id"),
		index.Fields("site_id", "at", "id"),
		index.Fields("site_id", "status", "at", "id"),
		index.Fields("department_id", "at", "id"),
		index.Fields("department_id", "status", "at", "id"),
		index.Fields("department_id", "checklist", "item", "at", "id"),
		index.Fields("inspection_id", "item", "rule", "side").Unique().StorageKey("chartalarm_once"),
	}
}

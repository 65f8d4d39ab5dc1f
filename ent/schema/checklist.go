package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// ChecklistVersion is a checklist as a plugin published it once. It is never
// changed: what was inspected with it reads the same when the plugin has gone.
type ChecklistVersion struct{ ent.Schema }

// Fields of the ChecklistVersion.
func (ChecklistVersion) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.ChecklistVersionID{}).Default(typeid.New[typeid.ChecklistVersionID]).Immutable(),
		field.UUID("plugin_id", typeid.PluginID{}).Immutable(),
		field.String("code").MaxRuneLen(80).NotEmpty().Immutable().Comment("The checklist's id, the same in every version, such as \"frontdesk.reception\"."),
		field.String("version").MaxRuneLen(40).NotEmpty().Immutable().Comment("The plugin's version."),
		field.String("checksum").MaxRuneLen(64).NotEmpty().Immutable().Comment("SHA-256 of the plugin's executable, in hexadecimal."),
		field.String("title_en").MaxRuneLen(200).NotEmpty().Immutable(),
		field.String("title_zh").MaxRuneLen(200).NotEmpty().Immutable(),
		field.JSON("definition", json.RawMessage{}).Immutable().Comment("Sections and items, as in plugins/checklist.Definition."),
		field.String("digest").MaxRuneLen(64).NotEmpty().Immutable().Comment("SHA-256 of the definition, in hexadecimal."),
		field.Strings("capabilities").Optional().Comment("What the plugin can do, as in plugins/checklist.Capability; absent for what was published before they were kept."),
		field.Bool("current").Default(true).Comment("The version that new inspections use."),
		field.Time("published_at").Immutable(),
	}
}

// Edges of the ChecklistVersion.
func (ChecklistVersion) Edges() []ent.Edge {
	return []ent.Edge{fixed("plugin", Plugin.Type, "plugin_id")}
}

// Indexes of the ChecklistVersion.
func (ChecklistVersion) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("code", "version", "checksum", "digest").Unique(),
		index.Fields("code", "id"),
		index.Fields("current", "code", "id"),
		index.Fields("plugin_id", "code", "id"),
	}
}

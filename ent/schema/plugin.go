package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Plugin is a department's plugin as it last introduced itself, and which of its
// versions is to be used. How its process fares is not stored: every server has its
// own.
type Plugin struct{ ent.Schema }

// Mixin of the Plugin.
func (Plugin) Mixin() []ent.Mixin { return []ent.Mixin{revised{}} }

// Fields of the Plugin.
func (Plugin) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.PluginID{}).Default(typeid.New[typeid.PluginID]).Immutable(),
		field.String("code").MaxRuneLen(40).NotEmpty().Unique().Immutable().Comment("The id that the plugin gives itself, such as \"frontdesk\"."),
		field.String("name_en").MaxRuneLen(200).NotEmpty(),
		field.String("name_zh").MaxRuneLen(200).NotEmpty(),
		field.String("version").MaxRuneLen(40).NotEmpty(),
		field.String("checksum").MaxRuneLen(64).NotEmpty().Comment("SHA-256 of the executable, in hexadecimal."),
		field.String("pinned").MaxRuneLen(40).Optional().Nillable().Comment("The version that new inspections use; absent: whichever introduces itself."),
		field.Bool("disabled").Default(false).Comment("It is not run."),
	}
}

// PluginVersion is a version of a plugin that was registered, with its program.
type PluginVersion struct{ ent.Schema }

// Fields of the PluginVersion.
func (PluginVersion) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.PluginVersionID{}).Default(typeid.New[typeid.PluginVersionID]).Immutable(),
		field.UUID("plugin_id", typeid.PluginID{}).Immutable(),
		field.String("version").MaxRuneLen(40).NotEmpty().Immutable(),
		field.String("checksum").MaxRuneLen(64).NotEmpty().Immutable().Comment("SHA-256 of the program, in hexadecimal."),
		field.Int("size").Positive().Immutable().Comment("Of the program, in bytes."),
		field.Bool("no_tls").Default(false).Immutable().Comment("It speaks plain gRPC."),
		field.Strings("read_only").Optional().Immutable().Comment("What it may read besides its own folder, such as an interpreter's."),
		field.Bytes("signature").MaxLen(64).Optional().Immutable().Comment("Ed25519, of the manifest."),
		field.String("signed_by").MaxLen(64).Optional().Nillable().Immutable().Comment("The public key, in hexadecimal."),
		field.Time("added_at").Immutable(),
	}
}

// Edges of the PluginVersion.
func (PluginVersion) Edges() []ent.Edge {
	return []ent.Edge{fixed("plugin", Plugin.Type, "plugin_id")}
}

// Indexes of the PluginVersion.
func (PluginVersion) Indexes() []ent.Index {
	return []ent.Index{index.Fields("plugin_id", "version").Unique()}
}

// ProgramPart is a part of the program of a version, which is kept in parts of one
// mebibyte.
type ProgramPart struct{ ent.Schema }

// Fields of the ProgramPart.
func (ProgramPart) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("plugin_version_id", typeid.PluginVersionID{}).Immutable(),
		field.Int("number").NonNegative().Immutable(),
		field.Bytes("content").MaxLen(1 << 20).NotEmpty().Immutable(),
	}
}

// Edges of the ProgramPart.
func (ProgramPart) Edges() []ent.Edge {
	return []ent.Edge{fixed("plugin_version", PluginVersion.Type, "plugin_version_id")}
}

// Indexes of the ProgramPart.
func (ProgramPart) Indexes() []ent.Index {
	return []ent.Index{index.Fields("plugin_version_id", "number").Unique()}
}

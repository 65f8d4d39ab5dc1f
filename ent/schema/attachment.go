package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Attachment is a file that belongs to a line of a case's timeline. Like the line it
// is never changed, but for erasure, which takes its name and its content.
type Attachment struct{ ent.Schema }

// Fields of the Attachment.
func (Attachment) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.AttachmentID{}).Default(typeid.New[typeid.AttachmentID]).Immutable(),
		field.UUID("case_id", typeid.CaseID{}).Immutable().Comment("The case of the entry."),
		field.UUID("entry_id", typeid.CaseEntryID{}).Immutable(),
		field.Int("position").NonNegative().Immutable().Comment("Its place among the attachments of the entry."),
		field.UUID("file_id", typeid.StoredFileID{}).Optional().Comment("Where the content is; absent once it is erased."),
		field.String("name").MaxRuneLen(200).Optional().Nillable().Sensitive().Comment("As its sender called it; absent once it is erased."),
		field.String("content_type").MaxLen(100).NotEmpty().Immutable().Comment("As its content shows."),
		field.Int("size").Positive().Immutable().Comment("In bytes."),
		field.Bytes("digest").MaxLen(32).NotEmpty().Immutable().Comment("SHA-256 of the content."),
		field.UUID("added_by_id", typeid.StaffID{}).Optional().Immutable().Comment("Absent for what a machine added."),
		field.Time("added_at").Immutable(),
		field.Time("erased_at").Optional().Nillable(),
	}
}

// Edges of the Attachment.
func (Attachment) Edges() []ent.Edge {
	return []ent.Edge{
		fixed("case", ServiceCase.Type, "case_id"),
		fixed("entry", CaseEntry.Type, "entry_id"),
		maybe("file", StoredFile.Type, "file_id"),
		fixedMaybe("added_by", Staff.Type, "added_by_id"),
	}
}

// Indexes of the Attachment.
func (Attachment) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("entry_id", "position").Unique(),
		index.Fields("case_id"),
		index.Fields("file_id"),
	}
}

// StoredFile is a file in the store of attachments, and the key that opens it. The
// same content is kept once. The row is written before the content and goes after it,
// so that nothing is in the store that no row tells of.
type StoredFile struct{ ent.Schema }

// Fields of the StoredFile.
func (StoredFile) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", typeid.StoredFileID{}).Default(typeid.New[typeid.StoredFileID]).Immutable(),
		field.Bytes("digest").MaxLen(32).NotEmpty().Immutable().Comment("SHA-256 of the content."),
		field.Int64("size").Positive().Immutable(),
		field.Bytes("key").MaxLen(256).Optional().Sensitive().Comment("The file's own key, sealed; absent once the content is to be gone."),
		field.Enum("state").Values("PENDING", "KEPT", "DROPPED").Default("PENDING").
			Comment("PENDING: being stored, nothing refers to it. KEPT: attachments refer to it. DROPPED: to be removed."),
		field.String("stored_by").MaxLen(100).Immutable().Comment("Id of the viewer who sent it."),
		field.Time("stored_at").Immutable(),
	}
}

// Indexes of the StoredFile.
func (StoredFile) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("digest").Unique().Annotations(entsql.IndexWhere("state = 'KEPT'")).StorageKey("storedfile_kept"),
		index.Fields("stored_at").Annotations(entsql.IndexWhere("state <> 'KEPT'")).StorageKey("storedfile_loose"),
		index.Fields("stored_by", "stored_at"),
	}
}

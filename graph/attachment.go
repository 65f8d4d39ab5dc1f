package graph

import (
	"context"
	"encoding/hex"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/attachment"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
)

type attachmentResolver struct{ *Resolver }

// Attachment resolves the fields of attachments.
func (r *Resolver) Attachment() generated.AttachmentResolver { return &attachmentResolver{r} }

func (r *Resolver) attachments() table[db.Attachment, typeid.AttachmentID] {
	return table[db.Attachment, typeid.AttachmentID]{
		func(ctx context.Context, ids []typeid.AttachmentID) ([]*db.Attachment, error) {
			return r.Database.Attachment.Query().Where(attachment.IDIn(ids...)).All(ctx)
		}, func(a *db.Attachment) typeid.AttachmentID { return a.ID }}
}

func (r *caseEntryResolver) Attachments(ctx context.Context, obj *db.CaseEntry) ([]*db.Attachment, error) {
	found, err := many(ctx, obj, func(e *db.CaseEntry) typeid.CaseEntryID { return e.ID },
		func(ids []typeid.CaseEntryID) (map[typeid.CaseEntryID][]*db.Attachment, error) {
			rows, err := r.Database.Attachment.Query().Where(attachment.EntryIDIn(ids...)).
				Order(attachment.ByEntryID(), attachment.ByPosition()).All(ctx)
			return group(rows, func(a *db.Attachment) typeid.CaseEntryID { return a.EntryID }), err
		})
	return notNil(found), err
}

func (r *attachmentResolver) Entry(ctx context.Context, obj *db.Attachment) (*db.CaseEntry, error) {
	return one(ctx, obj, func(a *db.Attachment) typeid.CaseEntryID { return a.EntryID }, r.entries())
}

func (r *attachmentResolver) AddedBy(ctx context.Context, obj *db.Attachment) (*db.Staff, error) {
	return one(ctx, obj, func(a *db.Attachment) typeid.StaffID { return a.AddedByID }, r.staff())
}

func (r *attachmentResolver) Digest(_ context.Context, obj *db.Attachment) (string, error) {
	return hex.EncodeToString(obj.Digest), nil
}

func (r *attachmentResolver) URL(ctx context.Context, obj *db.Attachment) (*string, error) {
	return r.Quality.AttachmentLink(ctx, obj)
}

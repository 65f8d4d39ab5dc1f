package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/attachment"
	"github.com/seed-34fcb60d/rounds/ent/db/storedfile"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// eraseAttachments takes the names and the contents of what is attached to lines of
// cases, and keeps digest, size and type. A content that is attached elsewhere, too,
// stays there. Its key goes with the transaction, so that no copy of the store opens it
// any more; the file itself goes with the next sweep. It returns the events that tell.
func eraseAttachments(ctx context.Context, tx *db.Tx, cases []*db.ServiceCase, lines map[string]bool, now time.Time) ([]events.Event, error) {
	var told []events.Event
	var loose []typeid.StoredFileID
	for _, c := range cases {
		rows, err := tx.Attachment.Query().Where(attachment.CaseID(c.ID), attachment.ErasedAtIsNil()).Order(attachment.ByID()).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading the attachments to erase: %w", err)
		}
		for _, a := range rows {
			if !lines[a.EntryID.String()] {
				continue
			}
			if err := tx.Attachment.UpdateOneID(a.ID).ClearName().ClearFileID().SetErasedAt(now).Exec(ctx); err != nil {
				return nil, fmt.Errorf("erasing an attachment: %w", err)
			}
			loose = append(loose, a.FileID)
			told = append(told, attachmentEvent(EventAttachmentErased, a.ID, c, now, "name", "url", "erasedAt"))
		}
	}
	return told, dropUnused(ctx, tx, loose)
}

// dropUnused drops those of the files to which no attachment refers any more.
func dropUnused(ctx context.Context, tx *db.Tx, ids []typeid.StoredFileID) error {
	kept := storedfile.And(storedfile.IDIn(ids...), storedfile.StateEQ(storedfile.StateKEPT))
	// Locked first: whoever attaches one of them meanwhile has done so before the next
	// statement, or finds it dropped.
	if err := tx.StoredFile.Update().Where(kept).SetState(storedfile.StateKEPT).Exec(ctx); err != nil {
		return fmt.Errorf("locking files: %w", err)
	}
	used, err := tx.Attachment.Query().Where(attachment.FileIDIn(ids...)).All(ctx)
	if err != nil {
		return fmt.Errorf("looking who refers to files: %w", err)
	}
	unused := slices.DeleteFunc(slices.Clone(ids), func(id typeid.StoredFileID) bool {
		return slices.ContainsFunc(used, func(a *db.Attachment) bool { return a.FileID == id })
	})
	err = tx.StoredFile.Update().Where(storedfile.IDIn(unused...), storedfile.StateEQ(storedfile.StateKEPT)).
		SetState(storedfile.StateDROPPED).ClearKey().Exec(ctx)
	if err != nil {
		return fmt.Errorf("dropping files: %w", err)
	}
	return nil
}

package quality

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/attachment"
	"github.com/seed-34fcb60d/rounds/ent/db/storedfile"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/contact"
	"github.com/seed-34fcb60d/rounds/quality/files"
)

// maxAttachments bounds the files of one line of a timeline.
const maxAttachments = 10

// fileKeyField sets the sealed keys of files apart from contact data.
const fileKeyField contact.Field = "file key"

// Upload is a file that comes with a change.
type Upload struct {
	Name    string // as its sender calls it
	Size    int64  // in bytes
	Digest  [sha256.Size]byte
	Content io.ReaderAt
}

// MarshalJSON writes what tells one file from another, by which a change that is sent
// again is known.
func (u Upload) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name   string
		Digest []byte
	}{u.Name, u.Digest[:]})
}

// sentFiles are the files of one change on their way into the store.
//
// What is in a transaction and what is in the store cannot change together. So a row
// says first that the file will be there, then the file is stored, and the transaction
// makes the row a kept one along with the attachment. Whatever happens in between, the
// rows tell what is in the store and not wanted: see [Service.SweepFiles].
type sentFiles struct {
	uploads []Upload
	stored  []storedUpload
}

type storedUpload struct {
	Upload
	contentType string
	row         *db.StoredFile
	kept        bool // an attachment refers to the row
}

// storeFiles checks the files and puts them into the store.
func (s *Service) storeFiles(ctx context.Context, sent *sentFiles) error {
	if s.files == nil {
		return reject(Rejected, text("This server takes no attachments.", "本服务器不接收附件。"), "attachments")
	}
	types, err := checkUploads(sent.uploads)
	if err != nil {
		return err
	}
	by := ent.ViewerFrom(ctx).Actor()
	ctx = ent.AsSystem(ctx)
	if err := s.mayStore(ctx, by, sent.uploads); err != nil {
		return err
	}
	for i, u := range sent.uploads {
		key := files.NewKey()
		var row *db.StoredFile
		err := ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
			keys, err := s.keysIn(ctx, tx)
			if err != nil {
				return err
			}
			sealed, err := keys.Seal(fileKeyField, string(key))
			if err != nil {
				return err
			}
			row, err = tx.StoredFile.Create().SetDigest(u.Digest[:]).SetSize(u.Size).SetKey(sealed).SetStoredBy(by).SetStoredAt(s.now()).Save(ctx)
			return err
		})
		if err != nil {
			return fmt.Errorf("announcing a file: %w", err)
		}
		sent.stored = append(sent.stored, storedUpload{Upload: u, contentType: types[i], row: row})
		if err := s.files.Write(ctx, objectName(row), key, io.NewSectionReader(u.Content, 0, u.Size)); err != nil {
			return err
		}
	}
	return nil
}

func objectName(f *db.StoredFile) string { return files.ObjectName(f.Digest, f.ID) }

// checkUploads returns the types of the files, by their contents.
func checkUploads(uploads []Upload) (types []string, _ error) {
	var bad check
	bad.elements(len(uploads), maxAttachments, "attachments")
	for i, u := range uploads {
		path := []string{"attachments", fmt.Sprint(i)}
		if u.Size == 0 {
			bad.add(Required, "The file is empty.", "文件为空。", path...)
			continue
		}
		contentType, allowed, err := files.Kind(io.NewSectionReader(u.Content, 0, u.Size))
		if err != nil {
			return nil, err
		}
		if !allowed {
			bad.add(UnsupportedType, "Files of this type are not taken: send an image, a PDF, audio, video, an office document or plain text.",
				"不接收此类型的文件，请上传图片、PDF、音频、视频、办公文档或纯文本。", path...)
		}
		types = append(types, contentType)
	}
	return types, bad.err()
}

// mayStore checks that a viewer does not fill the store.
func (s *Service) mayStore(ctx context.Context, by string, uploads []Upload) error {
	var sum int64
	for _, u := range uploads {
		sum += u.Size
	}
	var before []struct{ Sum *int64 }
	err := s.db.StoredFile.Query().Where(storedfile.StoredBy(by), storedfile.StoredAtGT(s.now().Add(-time.Hour))).
		Aggregate(db.As(db.Sum(storedfile.FieldSize), "sum")).Scan(ctx, &before)
	if err != nil {
		return fmt.Errorf("adding up the files of a viewer: %w", err)
	}
	if len(before) > 0 && before[0].Sum != nil {
		sum += *before[0].Sum
	}
	if sum > s.storedPerHour {
		return reject(RateLimited, text("These are too many bytes of files within an hour. Try again later.", "一小时内上传的文件过多，请稍后再试。"), "attachments")
	}
	return nil
}

// attach makes the stored files the attachments of a line. A content that is kept
// already is not kept twice.
func (f *sentFiles) attach(ctx context.Context, tx *db.Tx, entry *db.CaseEntry, now time.Time) ([]typeid.AttachmentID, error) {
	by := ent.ViewerFrom(ctx).Staff
	ctx = ent.AsSystem(ctx)
	rows := make([]*db.AttachmentCreate, len(f.stored))
	ids := make([]typeid.AttachmentID, len(f.stored))
	for i := range ids {
		ids[i] = typeid.New[typeid.AttachmentID]()
	}
	// Two changes that keep the same contents lock them in the same order.
	for _, i := range f.byDigest() {
		u := &f.stored[i]
		file, err := keepFile(ctx, tx, u.row)
		if err != nil {
			return nil, err
		}
		u.kept = file == u.row.ID
		rows[i] = tx.Attachment.Create().SetID(ids[i]).SetCaseID(entry.CaseID).SetEntryID(entry.ID).SetPosition(i).SetFileID(file).
			SetName(files.Name(u.Name)).SetContentType(u.contentType).SetSize(int(u.Size)).SetDigest(u.Digest[:]).
			SetAddedByID(by).SetAddedAt(now)
	}
	if err := tx.Attachment.CreateBulk(rows...).Exec(ctx); err != nil {
		return nil, fmt.Errorf("attaching files: %w", err)
	}
	return ids, nil
}

func (f *sentFiles) byDigest() []int {
	order := make([]int, len(f.stored))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return bytes.Compare(f.stored[a].Digest[:], f.stored[b].Digest[:]) })
	return order
}

// keepFile returns the row that keeps the content of an announced one: another where
// that content is kept already, which nobody can drop until the transaction ends.
func keepFile(ctx context.Context, tx *db.Tx, announced *db.StoredFile) (typeid.StoredFileID, error) {
	same := storedfile.And(storedfile.Digest(announced.Digest), storedfile.StateEQ(storedfile.StateKEPT))
	n, err := tx.StoredFile.Update().Where(same).SetState(storedfile.StateKEPT).Save(ctx) // which locks it
	if err == nil && n > 0 {
		return tx.StoredFile.Query().Where(same).OnlyID(ctx)
	}
	if err == nil {
		n, err = tx.StoredFile.Update().Where(storedfile.ID(announced.ID), storedfile.StateEQ(storedfile.StatePENDING)).
			SetState(storedfile.StateKEPT).Save(ctx)
	}
	switch {
	case err != nil:
		return announced.ID, fmt.Errorf("keeping a file: %w", err)
	case n == 0:
		return announced.ID, fmt.Errorf("keeping a file: %s was swept before its change was made", announced.ID)
	}
	return announced.ID, nil
}

// copyAttachments gives the copies of lines what is attached to the lines. They share
// the files.
func copyAttachments(ctx context.Context, tx *db.Tx, copies map[typeid.CaseEntryID]typeid.CaseEntryID, into typeid.CaseID) error {
	for lines := range slices.Chunk(slices.Collect(maps.Keys(copies)), copiedRows) {
		attached, err := tx.Attachment.Query().Where(attachment.EntryIDIn(lines...)).All(ctx)
		if err != nil {
			return fmt.Errorf("reading attachments: %w", err)
		}
		for some := range slices.Chunk(attached, copiedRows) {
			kept := make([]typeid.StoredFileID, len(some))
			rows := make([]*db.AttachmentCreate, len(some))
			for n, a := range some {
				kept[n] = a.FileID
				rows[n] = tx.Attachment.Create().SetCaseID(into).SetEntryID(copies[a.EntryID]).SetPosition(a.Position).SetFileID(a.FileID).
					SetNillableName(a.Name).SetContentType(a.ContentType).SetSize(a.Size).SetDigest(a.Digest).
					SetAddedByID(a.AddedByID).SetAddedAt(a.AddedAt).SetNillableErasedAt(a.ErasedAt)
			}
			// Which locks them: nobody drops one meanwhile.
			err := tx.StoredFile.Update().Where(storedfile.IDIn(kept...), storedfile.StateEQ(storedfile.StateKEPT)).SetState(storedfile.StateKEPT).
				Exec(ent.AsSystem(ctx))
			if err == nil {
				err = tx.Attachment.CreateBulk(rows...).Exec(ctx)
			}
			if err != nil {
				return fmt.Errorf("copying attachments: %w", err)
			}
		}
	}
	return nil
}

// releaseFiles removes the files to which nothing came to refer. Where it is not known
// whether the change was made, the rows tell.
func (s *Service) releaseFiles(ctx context.Context, sent *sentFiles, made bool) {
	ctx, cancel := context.WithTimeout(ent.AsSystem(context.WithoutCancel(ctx)), releaseTime)
	defer cancel()
	for _, u := range sent.stored {
		if made && u.kept {
			continue
		}
		if err := s.dropPending(ctx, u.row.ID); err != nil {
			s.log.Error().Err(err).Str("file", u.row.ID.String()).Msg("a file that is not wanted was not removed; the sweeper will")
		}
	}
}

// releaseTime bounds how long a caller waits until unwanted files have gone.
const releaseTime = 10 * time.Second

// attachmentEvent is an event of an attachment, visible as the case is.
func attachmentEvent(kind string, id typeid.AttachmentID, c *db.ServiceCase, now time.Time, changed ...string) events.Event {
	e := caseEvent(kind, c, now, changed...)
	e.Subject = id.String()
	return e
}

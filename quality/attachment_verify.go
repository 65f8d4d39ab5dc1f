package quality

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/attachment"
	"github.com/seed-34fcb60d/rounds/ent/db/storedfile"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/files"
)

// FilesReport is what a check of all attachments found.
type FilesReport struct {
	Files int
	Lost  []LostAttachment
}

// LostAttachment is an attachment whose content is not what was attached.
type LostAttachment struct {
	ID      typeid.AttachmentID
	Missing bool // there is no file; otherwise it cannot be read, or reads otherwise
}

// VerifyFiles reads the file of every attachment and compares it with its digest.
// progress is told of each.
func (s *Service) VerifyFiles(ctx context.Context, progress func(done, total int)) (FilesReport, error) {
	ctx = ent.AsSystem(ctx)
	var report FilesReport
	kept := s.db.StoredFile.Query().Where(storedfile.StateEQ(storedfile.StateKEPT))
	total, err := kept.Clone().Count(ctx)
	if err != nil {
		return report, fmt.Errorf("counting the files of attachments: %w", err)
	}
	var last typeid.StoredFileID
	for {
		page := kept.Clone().Order(storedfile.ByID()).Limit(sweepBatch)
		if !last.IsZero() {
			page.Where(storedfile.IDGT(last))
		}
		rows, err := page.All(ctx)
		if err != nil {
			return report, fmt.Errorf("listing the files of attachments: %w", err)
		}
		for _, row := range rows {
			if err := s.verifyFile(ctx, row, &report); err != nil {
				return report, err
			}
			report.Files++
			progress(report.Files, total)
			last = row.ID
		}
		if len(rows) < sweepBatch {
			return report, nil
		}
	}
}

// verifyFile reports the attachments of a file that is not as it was stored.
func (s *Service) verifyFile(ctx context.Context, row *db.StoredFile, report *FilesReport) error {
	fault := s.readWhole(ctx, row)
	if fault == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	ids, err := s.db.Attachment.Query().Where(attachment.FileID(row.ID)).Order(attachment.ByID()).IDs(ctx)
	if err != nil {
		return fmt.Errorf("looking who refers to a file: %w", err)
	}
	for _, id := range ids {
		report.Lost = append(report.Lost, LostAttachment{ID: id, Missing: errors.Is(fault, files.ErrMissing)})
	}
	return nil
}

// readWhole reads a file to its end; an error says why it is not what was stored.
func (s *Service) readWhole(ctx context.Context, row *db.StoredFile) error {
	content, err := s.readFile(ctx, row.ID)
	if err != nil {
		return err
	}
	digest := sha256.New()
	n, err := io.Copy(digest, content)
	if err = errors.Join(err, content.Close()); err != nil {
		return err
	}
	if n != row.Size || !bytes.Equal(digest.Sum(nil), row.Digest) {
		return errors.New("the content has another digest")
	}
	return nil
}

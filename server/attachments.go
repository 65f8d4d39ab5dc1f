package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/files"
)

// attachments are the settings of files that belong to timelines.
type attachments struct {
	Attachments     string        `placeholder:"URL" help:"Where attachments are kept: file:///path, or s3://bucket?region=… (default: attachments in the data folder)."`
	AttachmentSize  int           `default:"26214400" placeholder:"BYTES" help:"How large an attachment may be (default: 25 MiB)."`
	AttachmentsSize int           `default:"104857600" placeholder:"BYTES" help:"How large the attachments of one request may be together (default: 100 MiB)."`
	AttachmentLinks time.Duration `default:"5m" placeholder:"TIME" help:"How long a link to an attachment is good."`
}

func (a attachments) limits() wire.Limits {
	return wire.Limits{FileBytes: int64(a.AttachmentSize), UploadBytes: int64(a.AttachmentsSize)}
}

// uploadDir is where files are on their way into the store.
func (s settings) uploadDir() string { return filepath.Join(s.dataDir(), "uploads") }

// openFiles opens the store of attachments.
func (s settings) openFiles(ctx context.Context) (*files.Store, error) {
	if err := os.MkdirAll(s.uploadDir(), 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of uploads: %w", err)
	}
	folder, err := filepath.Abs(filepath.Join(s.dataDir(), "attachments"))
	if err != nil {
		return nil, fmt.Errorf("finding the data folder: %w", err)
	}
	local := url.URL{Scheme: "file", Path: filepath.ToSlash(folder)}
	return files.Open(ctx, cmp.Or(s.Attachments.Attachments, local.String()))
}

// verifyFiles lists the attachments that are not as they were sent. Where there are
// none, it needs neither keys nor store.
func (s *session) verifyFiles(d *ent.Database) (err error) {
	if some, err := d.StoredFile.Query().Exist(ent.AsSystem(s.ctx)); err != nil || !some {
		return err
	}
	keys, err := s.openKeys(d)
	if err != nil {
		return err
	}
	store, err := s.settings.openFiles(s.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	service := quality.New(quality.Config{Database: d, Contacts: keys, Files: store})
	bar := newProgress(s.stderr, "reading attachments")
	report, err := service.VerifyFiles(s.ctx, func(done, total int) { bar.set(int64(done), int64(total)) })
	bar.finish()
	if err != nil {
		return err
	}
	for _, lost := range report.Lost {
		what := "has a file that is not the one that was sent"
		if lost.Missing {
			what = "has no file"
		}
		fmt.Fprintf(s.stdout, "%s %s\n", lost.ID, what)
	}
	if len(report.Lost) > 0 {
		return fmt.Errorf("%d attachments are lost", len(report.Lost))
	}
	fmt.Fprintf(s.stdout, "The attachments are whole: %d files.\n", report.Files)
	return nil
}

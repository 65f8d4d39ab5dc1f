package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality"
)

// verifyCommand checks the data: that no row refers to nothing, the event log, and that
// every attachment is there as it was sent. It checks the archive of a case, too, where
// one is named.
type verifyCommand struct {
	Archive string `type:"existingfile" placeholder:"FILE" help:"Prove that this archive of a case is complete and unaltered, by itself and against the database."`
	Offline bool   `help:"Do not look into the database: prove an archive by itself alone."`
}

// Run walks the whole chain of digests and says where it breaks, then reads all files.
func (c verifyCommand) Run(s *session) (err error) {
	if c.Offline {
		return c.offline(s)
	}
	d, err := ent.Open(s.ctx, ent.Config{URL: s.settings.databaseURL()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Migrated(s.ctx); err != nil {
		return err
	}
	if err := d.CheckReferences(s.ctx); err != nil {
		return err
	}
	bar := newProgress(s.stderr, "verifying")
	report, err := events.Verify(s.ctx, d, func(done, total events.Cursor) { bar.set(int64(done), int64(total)) })
	bar.finish()
	if err != nil {
		return err
	}
	if report.Break != nil {
		return fmt.Errorf("the event log is not as it was written: at cursor %s, after %d good events, %s", report.Break.Cursor, report.Events, report.Break.Reason)
	}
	fmt.Fprintf(s.stdout, "The event log is whole: %d events up to cursor %s, digest %x.\n", report.Events, report.Head, report.Digest)
	if err := s.verifyFiles(d); err != nil {
		return err
	}
	if c.Archive == "" {
		return nil
	}
	document, err := os.ReadFile(c.Archive)
	if err != nil {
		return fmt.Errorf("reading the archive: %w", err)
	}
	found, err := quality.VerifyArchive(s.ctx, d, document)
	if err != nil {
		return fmt.Errorf("the archive is not proven: %w", err)
	}
	tellArchive(s, found, "is whole, as the event log and the records say")
	if len(found.Since) > 0 {
		fmt.Fprintf(s.stdout, "Since then the log has of the case: %s.\n", strings.Join(found.Since, ", "))
	}
	return nil
}

// offline proves an archive without a database.
func (c verifyCommand) offline(s *session) error {
	if c.Archive == "" {
		return errors.New("name the archive that is to be verified offline: --archive FILE")
	}
	document, err := os.ReadFile(c.Archive)
	if err != nil {
		return fmt.Errorf("reading the archive: %w", err)
	}
	_, found, err := quality.ReadArchive(document)
	if err != nil {
		return fmt.Errorf("the archive is not proven: %w", err)
	}
	tellArchive(s, found, "is whole in itself")
	fmt.Fprintf(s.stdout, "It is the one that was filed if the event log has an archive.filed of %s.\n", found.ID)
	return nil
}

func tellArchive(s *session, r quality.ArchiveReport, proven string) {
	fmt.Fprintf(s.stdout, "The archive of case %s %s: %d lines, digest %s.\n", r.Number, proven, r.Lines, r.Digest)
	if r.Gone > 0 {
		fmt.Fprintf(s.stdout, "%d texts were taken out; the rest is proven.\n", r.Gone)
	}
}

package main

import (
	"errors"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
)

// verifyCommand checks the data: that no row refers to nothing, and the event log.
type verifyCommand struct{}

// Run walks the whole chain of digests and says where it breaks.
func (verifyCommand) Run(s *session) (err error) {
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
	return nil
}

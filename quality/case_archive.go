package quality

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecompensation"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casetask"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
	"github.com/seed-34fcb60d/rounds/quality/rules/archive"
)

// ArchiveCase names a case to be put into the archive.
type ArchiveCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
}

// ArchiveCase puts a closed case into the archive (R-CASE-7): from then on it takes no
// more steps, and a document says all of it. The document's digest is part of the
// event log, by the id of the record that the log names.
func (s *Service) ArchiveCase(ctx context.Context, in ArchiveCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseArchive", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Archive, action: caseentry.ActionARCHIVED, event: EventCaseArchived, changed: []string{"archivedAt", "archive"},
		prepare: func(ctx context.Context) error { // the document names events by their place in the log
			_, err := s.events.Sequence(ctx)
			return err
		},
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			update.SetArchivedAt(s.now())
			return outcome{}, settled(ctx, tx, c.ID)
		},
		after: s.fileArchive,
	})
}

// settled refuses to archive a case of which something is still to be decided or done,
// though it is closed.
func settled(ctx context.Context, tx *db.Tx, id typeid.CaseID) error {
	ctx = ent.AsSystem(ctx)
	tasks, err := tx.CaseTask.Query().Where(casetask.CaseID(id), casetask.StatusIn(casetask.StatusOPEN, casetask.StatusACCEPTED)).Exist(ctx)
	if err != nil {
		return fmt.Errorf("looking for open tasks: %w", err)
	}
	if tasks {
		return reject(Rejected, text("A task of another department is neither done nor cancelled.", "尚有协办任务既未完成也未取消。"), "id")
	}
	asked, err := tx.CaseCompensation.Query().Where(casecompensation.CaseID(id), casecompensation.StatusEQ(casecompensation.StatusPENDING)).Exist(ctx)
	if err != nil {
		return fmt.Errorf("looking for compensation to be decided: %w", err)
	}
	if asked {
		return reject(Rejected, text("It is not decided yet on compensation that was asked for.", "尚有补偿申请未作出决定。"), "id")
	}
	return nil
}

// fileArchive makes the document of a case as it is now, and keeps it.
func (s *Service) fileArchive(ctx context.Context, tx *db.Tx, c *db.ServiceCase, now time.Time) ([]events.Event, error) {
	lines, err := archiveLines(ent.AsSystem(ctx), tx.Client(), c, s.Masked)
	if err != nil {
		return nil, err
	}
	told, err := archiveEvents(ent.AsSystem(ctx), tx.Client(), lines)
	if err != nil {
		return nil, err
	}
	by := ent.ViewerFrom(ctx)
	head := archive.Line{Kind: archiveHead, Fields: map[string]any{
		"format": archiveFormat, "case": c.ID.String(), "number": c.Number, "at": stamp(now), "by": by.Actor()}}
	document := archive.Seal(slices.Concat([]archive.Line{head}, lines, told))
	digest, err := hex.DecodeString(document.Digest())
	if err != nil {
		return nil, fmt.Errorf("reading the digest of an archive: %w", err)
	}
	filed, err := tx.CaseArchive.Create().SetID(typeid.CaseArchiveID(digest[:16])).SetCaseID(c.ID).SetArchivedByID(by.Staff).
		SetDigest(digest).SetLines(len(document.Lines)).SetDocument(string(document.Bytes())).SetAt(now).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("filing an archive: %w", err)
	}
	event := caseEvent(EventArchiveFiled, c, now)
	event.Subject = filed.ID.String()
	return []events.Event{event}, nil
}

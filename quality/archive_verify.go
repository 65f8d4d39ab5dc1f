package quality

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules/archive"
)

// ArchiveReport is what was found of a case's archive.
type ArchiveReport struct {
	Number string // of the case
	Lines  int
	Digest string // of the document; the first half is in the archive's id, too
	ID     typeid.CaseArchiveID
	Gone   int // texts that were taken out
	// Since are the kinds of the events that the log has of the case since then.
	Since []string
}

// ReadArchive proves that a document is in itself whole: that no line was changed,
// removed, added or moved since it was made, and that each event has the digest that
// the log gave it. A document that is not is an [archive.Break]. Whether it is the one
// that was made only its digest tells, or [VerifyArchive].
func ReadArchive(document []byte) (archive.Document, ArchiveReport, error) {
	var report ArchiveReport
	d, broken := archive.Read(document)
	if broken != nil {
		return d, report, broken
	}
	head := d.Lines[0]
	if head.Kind != archiveHead || head.Fields["format"] != archiveFormat {
		return d, report, &archive.Break{Line: 1, Reason: "it does not begin an archive of the format " + archiveFormat}
	}
	last := int64(0)
	for n, l := range d.Lines {
		for _, t := range l.Texts {
			if t.Salt == "" {
				report.Gone++
			}
		}
		if l.Kind != archiveEvent {
			continue
		}
		e, previous, err := eventOf(l)
		if err != nil || *e.Cursor <= last || !slices.Equal(events.Digest(previous, e, events.Cursor(*e.Cursor)), e.Digest) {
			return d, report, &archive.Break{Line: n + 1, Reason: "the event has another digest than the log gives to what it says"}
		}
		last = *e.Cursor
	}
	report.Number, _ = head.Fields["number"].(string)
	report.Lines, report.Digest = len(d.Lines), d.Digest()
	digest, err := hex.DecodeString(report.Digest)
	report.ID = typeid.CaseArchiveID(digest[:16])
	return d, report, err
}

// eventOf reads the line of an event, and the digest of the event before it.
func eventOf(l archive.Line) (e *db.Event, previous []byte, err error) {
	said := func(field string) string { s, _ := l.Fields[field].(string); return s }
	e = &db.Event{Kind: said("kind"), Subject: said("subject"), Actor: said("actor")}
	number, _ := l.Fields["cursor"].(json.Number)
	cursor, err := number.Int64()
	e.Cursor = &cursor
	changed, _ := l.Fields["changed"].([]any)
	for _, name := range changed {
		e.Changed = append(e.Changed, fmt.Sprint(name))
	}
	var bad [7]error
	e.At, bad[0] = time.Parse(time.RFC3339Nano, said("at"))
	bad[1] = e.SiteID.UnmarshalText([]byte(said("site")))
	bad[2] = e.DepartmentID.UnmarshalText([]byte(said("department")))
	bad[3] = e.OwnerID.UnmarshalText([]byte(said("owner")))
	bad[4] = e.OriginID.UnmarshalText([]byte(said("origin")))
	e.Digest, bad[5] = hex.DecodeString(said("digest"))
	previous, bad[6] = hex.DecodeString(said("previous"))
	if len(previous) == 0 {
		previous = make([]byte, len(e.Digest))
	}
	return e, previous, errors.Join(append(bad[:], err)...)
}

// VerifyArchive proves that a document is the whole of a case: that it is what the log
// says was filed, that the log has no event of the case before that which the document
// lacks, and that the records are what it says. Texts that were taken out of either
// are not compared. The log itself is for [events.Verify] to prove.
func VerifyArchive(ctx context.Context, d *ent.Database, document []byte) (ArchiveReport, error) {
	ctx = ent.AsSystem(ctx)
	read, report, err := ReadArchive(document)
	if err != nil {
		return report, err
	}
	id, _ := typeid.Parse[typeid.CaseID](fmt.Sprint(read.Lines[0].Fields["case"]))
	filed, err := d.Event.Query().Where(event.Subject(report.ID.String()), event.Kind(EventArchiveFiled)).Exist(ctx)
	if err != nil {
		return report, fmt.Errorf("looking up the archive in the event log: %w", err)
	}
	if !filed {
		return report, errors.New("the event log knows of no archive with this digest")
	}
	c, err := d.ServiceCase.Get(ctx, id)
	if err != nil {
		return report, fmt.Errorf("reading the case of the archive: %w", err)
	}
	// Contact data changes with the customer's file: of that the digest alone tells.
	lines, err := archiveLines(ctx, d.Client, c, nil)
	if err != nil {
		return report, err
	}
	told, err := archiveEvents(ctx, d.Client, lines)
	if err != nil {
		return report, err
	}
	n := slices.IndexFunc(told, func(l archive.Line) bool { return l.Fields["kind"] == EventCaseArchived })
	if n < 0 {
		return report, errors.New("the event log does not say that the case was archived")
	}
	for _, l := range told[n+1:] {
		report.Since = append(report.Since, fmt.Sprint(l.Fields["kind"]))
	}
	return report, sameArchive(read, append(lines, told[:n]...))
}

// sameArchive compares what a document says with what the database does.
func sameArchive(document archive.Document, stored []archive.Line) error {
	for n, l := range document.Lines[1 : len(document.Lines)-1] {
		if l.Kind == archiveCustomer || l.Kind == archiveContact { // see VerifyArchive
			continue
		}
		at := n + 2
		if len(stored) == 0 {
			return &archive.Break{Line: at, Reason: "the database has nothing of the kind any more"}
		}
		is := stored[0]
		stored = stored[1:]
		if l.Kind != archiveName && !l.Same(is) {
			return &archive.Break{Line: at, Reason: "the database has another " + l.Kind + " in its place"}
		}
		for name, t := range is.Texts {
			if t.Text == Erased {
				continue
			}
			if sealed, known := l.Texts[name]; name != "customer_id" && l.Kind != archiveName && (!known || !sealed.Holds(t.Text)) {
				return &archive.Break{Line: at, Reason: fmt.Sprintf("the database has another text as its %s", strings.ReplaceAll(name, "_", " "))}
			}
		}
	}
	if len(stored) > 0 {
		return &archive.Break{Line: len(document.Lines), Reason: "the database has more, at first another " + stored[0].Kind}
	}
	return nil
}

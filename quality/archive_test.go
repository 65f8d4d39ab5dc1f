package quality_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casearchive"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules/archive"
)

// eventful is a closed case with something of every kind in its file.
func (c *company) eventful(t testing.TB) *db.ServiceCase {
	t.Helper()
	in := complaint()
	in.CustomerID = &c.registered(t, "agent", guest()).ID
	of := must(c.OpenCase(c.as(t, "agent"), in))(t)
	of = must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: of.ID, ExpectedRevision: of.Revision, DepartmentID: c.departments["desk"].ID, AssigneeID: c.staff("colleague")}))(t)
	of = must(c.AcceptCase(c.as(t, "colleague"), quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision}))(t)
	task := c.asked(t, of, nil)
	house := c.as(t, "housekeeping manager")
	task = must(c.AcceptCaseTask(house, quality.AcceptCaseTask{ID: task.ID, ExpectedRevision: task.Revision}))(t)
	must(c.CompleteCaseTask(house, quality.CompleteCaseTask{ID: task.ID, ExpectedRevision: task.Revision, Result: "Clean"}))(t)
	note := must(c.AddCaseEntry(c.as(t, "colleague"), quality.AddCaseEntry{CaseID: of.ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "Room 12",
		Attachments: []quality.Upload{upload("corridor.txt", "It is loud here.")}}))(t)
	must(c.AddCaseEntry(c.as(t, "colleague"), quality.AddCaseEntry{CaseID: of.ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "Room 13", CorrectsID: &note.ID}))(t)
	must(c.LinkCase(c.as(t, "colleague"), quality.LinkCase{ID: of.ID, ExpectedRevision: c.stored(t, of.ID).Revision, OtherID: c.accepted(t).ID, Kind: "RELATED"}))(t)
	must(c.CompensateCase(c.as(t, "manager"), quality.CompensateCase{CaseID: of.ID, Kind: "VOUCHER", Amount: quality.Money{Amount: 50_00, Currency: "CNY"}, Reason: "Sorry"}))(t)
	must(c.PromiseCase(c.as(t, "colleague"), quality.PromiseCase{CaseID: of.ID, At: morning.Add(time.Hour), What: "A call"}))(t)
	of = must(c.InvestigateCase(c.as(t, "colleague"), quality.InvestigateCase{ID: of.ID, ExpectedRevision: c.stored(t, of.ID).Revision, Substantiated: true, PersonID: c.staff("agent"), Findings: "Nobody was told"}))(t)
	of = must(c.ReplyCase(c.as(t, "colleague"), quality.ReplyCase{ID: of.ID, ExpectedRevision: of.Revision, Kind: caseentry.KindCALL, Text: "Another room"}))(t)
	of = must(c.ResolveCase(c.as(t, "colleague"), quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Resolution: "Moved"}))(t)
	of = must(c.FollowUpCase(c.as(t, "agent"), quality.FollowUpCase{ID: of.ID, ExpectedRevision: of.Revision, Channel: casefollowup.ChannelTELEPHONE, Outcome: casefollowup.OutcomeAGREED, Word: new("All is well")}))(t)
	return must(c.CloseCase(c.as(t, "colleague"), quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: "Content"}))(t)
}

// archived puts a case into the archive and returns what is kept of it.
func (c *company) archived(t testing.TB, of *db.ServiceCase) *db.CaseArchive {
	t.Helper()
	must(c.ArchiveCase(c.as(t, "manager"), quality.ArchiveCase{ID: of.ID, ExpectedRevision: of.Revision}))(t)
	filed, err := c.db.CaseArchive.Query().Where(casearchive.CaseID(of.ID)).Only(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return filed
}

func TestArchivedCases(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.closed(t)
		in := quality.ArchiveCase{ID: of.ID, ExpectedRevision: of.Revision}
		_, err := c.ArchiveCase(c.as(t, "agent"), in)
		expect(t, "the receiver, on the day of the close", err, "TOO_EARLY id")
		_, err = c.ArchiveCase(c.as(t, "booker"), in)
		expect(t, "who does not see it", err, "NOT_FOUND id")
		resolved := c.resolved(t)
		_, err = c.ArchiveCase(c.as(t, "manager"), quality.ArchiveCase{ID: resolved.ID, ExpectedRevision: resolved.Revision})
		expect(t, "resolved only", err, "REJECTED id")

		c.clock.set(of.ClosedAt.Add(90*24*time.Hour - time.Second))
		_, err = c.ArchiveCase(c.as(t, "agent"), in)
		expect(t, "the receiver, a second early", err, "TOO_EARLY id")
		c.clock.advance(time.Second)
		before := c.rows(t)["events"]
		filed := must(c.ArchiveCase(c.as(t, "agent"), in))(t)
		if filed.ArchivedAt == nil || filed.Status != servicecase.StatusCLOSED {
			t.Errorf("archived: %v", filed)
		}
		kept := c.db.CaseArchive.Query().OnlyX(ent.AsSystem(t.Context()))
		var told []string
		for _, e := range c.eventsAfter(t, before) {
			told = append(told, e.Kind+" "+e.Subject)
		}
		if diff := cmp.Diff([]string{"case.archived " + of.ID.String(), "archive.filed " + kept.ID.String()}, told); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if lines := c.timeline(t, of.ID); lines[len(lines)-1].Action != caseentry.ActionARCHIVED {
			t.Errorf("the timeline ends with %v", lines[len(lines)-1])
		}

		other, manager := c.closed(t), c.as(t, "manager")
		for what, try := range map[string]func() error{
			"archived again": func() error {
				_, err := c.ArchiveCase(manager, quality.ArchiveCase{ID: of.ID, ExpectedRevision: filed.Revision})
				return err
			},
			"reopened": func() error {
				_, err := c.ReopenCase(manager, quality.ReopenCase{ID: of.ID, ExpectedRevision: filed.Revision, Reason: "x"})
				return err
			},
			"linked": func() error {
				_, err := c.LinkCase(manager, quality.LinkCase{ID: of.ID, ExpectedRevision: filed.Revision, OtherID: other.ID, Kind: "RELATED"})
				return err
			},
			"linked from another": func() error {
				_, err := c.LinkCase(manager, quality.LinkCase{ID: other.ID, ExpectedRevision: other.Revision, OtherID: of.ID, Kind: "RELATED"})
				return err
			},
			"written into": func() error {
				_, err := c.AddCaseEntry(manager, quality.AddCaseEntry{CaseID: of.ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "x"})
				return err
			},
		} {
			err := try()
			if got := outcome(err); !strings.HasPrefix(got, "IS_ARCHIVED") {
				t.Errorf("%s: %q, want it refused", what, got)
			}
		}
	})
}

// A case of which something is still to be done or decided is not archived, though it
// is closed.
func TestUnsettledCasesAreNotArchived(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.accepted(t)
		task := must(c.AddCaseTask(c.as(t, "colleague"), quality.AddCaseTask{CaseID: of.ID, DepartmentID: c.departments["housekeeping"].ID, Title: "Look"}))(t)
		asked := must(c.CompensateCase(c.as(t, "colleague"), quality.CompensateCase{CaseID: of.ID, Kind: "GIFT", Amount: quality.Money{Amount: 1, Currency: "CNY"}, Reason: "x"}))(t)
		of = must(c.ReplyCase(c.as(t, "colleague"), quality.ReplyCase{ID: of.ID, ExpectedRevision: c.stored(t, of.ID).Revision, Kind: caseentry.KindCALL, Text: "x"}))(t)
		of = must(c.ResolveCase(c.as(t, "colleague"), quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Substantiated: new(true), Resolution: "x"}))(t)
		of = must(c.CloseCase(c.as(t, "manager"), quality.CloseCase{ID: of.ID, ExpectedRevision: of.Revision, Closure: servicecase.ClosureMANAGER_DECISION, Reason: "x"}))(t)
		in := quality.ArchiveCase{ID: of.ID, ExpectedRevision: of.Revision}
		_, err := c.ArchiveCase(c.as(t, "manager"), in)
		expect(t, "with an open task", err, "REJECTED id")
		must(c.CancelCaseTask(c.as(t, "colleague"), quality.CancelCaseTask{ID: task.ID, ExpectedRevision: task.Revision, Reason: "x"}))(t)
		_, err = c.ArchiveCase(c.as(t, "manager"), in)
		expect(t, "with compensation to be decided", err, "REJECTED id")
		must(c.DeclineCompensation(c.as(t, "lead"), quality.DeclineCompensation{ID: asked.ID, ExpectedRevision: asked.Revision, Reason: "x"}))(t)
		must(c.ArchiveCase(c.as(t, "manager"), in))(t)
	})
}

// The document holds the whole file, and is proven by itself, by the log and by the
// records.
func TestArchiveIsWhole(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.eventful(t)
		kept := c.archived(t, of)
		document, report, err := quality.ReadArchive([]byte(kept.Document))
		if err != nil {
			t.Fatal(err)
		}
		if report.ID != kept.ID || report.Digest != hex.EncodeToString(kept.Digest) || report.Lines != kept.Lines || report.Gone != 0 || report.Number != of.Number {
			t.Errorf("the document says %+v, the record %v", report, kept)
		}
		counts := map[string]int{}
		for _, l := range document.Lines {
			counts[l.Kind]++
		}
		for _, kind := range []string{"case", "customer", "contact", "entry", "attachment", "handOver", "task", "investigation", "compensation", "followUp", "link", "deadline", "clockSegment", "name", "event", "end"} {
			if counts[kind] == 0 {
				t.Errorf("the document has no line of the kind %s: %v", kind, counts)
			}
		}
		entries := c.db.CaseEntry.Query().Where(caseentry.CaseID(of.ID)).CountX(ent.AsSystem(t.Context()))
		if counts["entry"] != entries {
			t.Errorf("the document has %d lines of the timeline, want %d", counts["entry"], entries)
		}
		if report, err := quality.VerifyArchive(t.Context(), c.db, []byte(kept.Document)); err != nil || len(report.Since) > 0 {
			t.Errorf("against the database: %v, events since %v", err, report.Since)
		}
		for _, secret := range []string{"13800138000", "+8613800138000"} {
			if strings.Contains(kept.Document, secret) {
				t.Errorf("the document tells %s", secret)
			}
		}
		if digest := sha256.Sum256([]byte("It is loud here.")); !strings.Contains(kept.Document, hex.EncodeToString(digest[:])) {
			t.Error("the document does not tell the digest of what is attached")
		}
		if !strings.Contains(kept.Document, "•••• 8000") {
			t.Error("the document does not tell the masked number")
		}
	})
}

// Everything that people wrote can be taken out of a document, whatever columns the
// records come to have.
func TestEveryTextCanBeTakenOut(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		kept := c.archived(t, c.eventful(t))
		read, _ := archive.Read([]byte(kept.Document))
		bare := string(read.Without(func(archive.Line, string) bool { return true }).Bytes())
		for _, word := range []string{"room", "Room", "Clean", "Sorry", "Moved", "Content", "All is well", "A call", "Fang", "Wang", "colleague", "Nobody", "corridor", "•••• 8000"} {
			if !strings.Contains(kept.Document, word) {
				t.Errorf("%q is not in the document", word)
			}
			if strings.Contains(bare, word) {
				t.Errorf("%q is still in the document", word)
			}
		}
		report, err := quality.VerifyArchive(t.Context(), c.db, []byte(bare))
		if err != nil || report.Gone == 0 || report.ID != kept.ID {
			t.Errorf("without texts: %+v, %v", report, err)
		}
	})
}

// A document that was made anew with a whole chain of its own is not the one that the
// log knows of.
func TestForgedArchives(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		kept := c.archived(t, c.eventful(t))
		read, _ := archive.Read([]byte(kept.Document))
		lines := slices.Clone(read.Lines[:len(read.Lines)-1])
		n := slices.IndexFunc(lines, func(l archive.Line) bool { return l.Kind == "entry" })
		forged := archive.Seal(slices.Delete(lines, n, n+1)).Bytes()
		if _, _, err := quality.ReadArchive(forged); err != nil {
			t.Fatalf("the forgery is not whole in itself: %v", err)
		}
		if _, err := quality.VerifyArchive(t.Context(), c.db, forged); err == nil || !strings.Contains(err.Error(), "knows of no archive") {
			t.Errorf("a forgery: %v", err)
		}
		e := slices.IndexFunc(read.Lines, func(l archive.Line) bool { return l.Kind == "event" })
		lines = slices.Clone(read.Lines[:len(read.Lines)-1])
		lines[e].Fields = maps.Clone(lines[e].Fields)
		lines[e].Fields["actor"] = "system"
		if _, _, err := quality.ReadArchive(archive.Seal(lines).Bytes()); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("line %d:", e+1)) {
			t.Errorf("an event that the log has not: %v, want line %d", err, e+1)
		}
		for name, document := range map[string][]byte{"nothing": nil, "another document": archive.Seal([]archive.Line{{Kind: "x", Fields: map[string]any{}}}).Bytes()} {
			if _, _, err := quality.ReadArchive(document); err == nil {
				t.Errorf("%s is an archive", name)
			}
		}
	})
}

// A record that is changed behind the archive's back shows, with the line that says
// otherwise.
func TestArchiveAgainstTheRecords(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.eventful(t)
		kept := c.archived(t, of)
		ctx := ent.AsSystem(t.Context())
		write := func(what string, do func(*db.Tx) error, want string) {
			t.Helper()
			tx, err := c.db.Tx(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if err := do(tx); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			if _, err := quality.VerifyArchive(ctx, c.db, []byte(kept.Document)); err == nil && want != "" || err != nil && (want == "" || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s: %v, want %q", what, err, want)
			}
		}
		write("nothing", func(*db.Tx) error { return nil }, "")
		write("the customer's file is merged into another", func(tx *db.Tx) error {
			return tx.ServiceCase.UpdateOneID(of.ID).ClearCustomerID().Exec(ctx)
		}, "")
		var line typeid.CaseEntryID
		write("a line is added", func(tx *db.Tx) error {
			e, err := tx.CaseEntry.Create().SetCaseID(of.ID).SetKind(caseentry.KindNOTE).SetText("x").SetAt(c.clock.Now().Add(time.Hour)).Save(ctx)
			line = e.ID
			return err
		}, "another attachment")
		write("and removed", func(tx *db.Tx) error { return tx.CaseEntry.DeleteOneID(line).Exec(ctx) }, "")
		write("the outcome is changed", func(tx *db.Tx) error {
			return tx.ServiceCase.UpdateOneID(of.ID).SetResolution("Nothing").Exec(ctx)
		}, "line 2: the database has another text as its resolution")
	})
}

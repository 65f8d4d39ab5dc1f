package quality_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/attachment"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/hook"
	"github.com/seed-34fcb60d/rounds/ent/db/storedfile"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/files"
)

func upload(name, content string) quality.Upload {
	return quality.Upload{Name: name, Size: int64(len(content)), Digest: sha256.Sum256([]byte(content)), Content: strings.NewReader(content)}
}

func noted(id typeid.CaseID, uploads ...quality.Upload) quality.AddCaseEntry {
	return quality.AddCaseEntry{CaseID: id, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "See the files", Attachments: uploads}
}

func (c *company) attachments(t testing.TB, e *db.CaseEntry) []*db.Attachment {
	t.Helper()
	rows, err := c.db.Attachment.Query().Where(attachment.EntryID(e.ID)).Order(attachment.ByPosition()).All(ent.AsSystem(context.WithoutCancel(t.Context())))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// onDisk lists what is in the store, with its content as it lies there.
func (c *company) onDisk(t testing.TB) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(c.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found[filepath.Base(path)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// link returns a link to an attachment, as somebody gets it.
func (c *company) link(t testing.TB, who string, a *db.Attachment) (string, url.Values) {
	t.Helper()
	link, err := c.AttachmentLink(c.as(t, who), a)
	if err != nil || link == nil {
		t.Fatalf("no link for %s: %v, %v", who, link, err)
	}
	u, err := url.Parse(*link)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, quality.AttachmentPath), u.Query()
}

// downloaded reads an attachment by a link.
func (c *company) downloaded(t testing.TB, id string, query url.Values) (string, error) {
	t.Helper()
	opened, err := c.OpenAttachment(t.Context(), id, query)
	if err != nil {
		return "", err
	}
	defer opened.Close()
	content, err := io.ReadAll(opened)
	if err != nil {
		t.Fatal(err)
	}
	return string(content), nil
}

func TestAttachments(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, before := c.opened(t), len(c.eventsAfter(t, 0))
		in := noted(of.ID, upload(`C:\Users\Li\..\照片.txt`, "The tap drips."), upload("b.png", "\x89PNG\r\n\x1a\n and so on"), upload("c.txt", "The tap drips."))
		in.IdempotencyKey = new("photos")
		entry := must(c.AddCaseEntry(c.as(t, "agent"), in))(t)
		rows := c.attachments(t, entry)
		var got []string
		for _, a := range rows {
			id, query := c.link(t, "agent", a)
			content, err := c.downloaded(t, id, query)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s %s %d %x %q", *a.Name, a.ContentType, a.Size, a.Digest[:2], content))
		}
		want := []string{
			`照片.txt text/plain; charset=utf-8 14 5f65 "The tap drips."`,
			`b.png image/png 18 e103 "\x89PNG\r\n\x1a\n and so on"`,
			`c.txt text/plain; charset=utf-8 14 5f65 "The tap drips."`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("attachments (-want +got):\n%s", diff)
		}

		// The same content lies there once, and not in the clear.
		stored := c.onDisk(t)
		if len(stored) != 2 || rows[0].FileID != rows[2].FileID {
			t.Errorf("stored are %d files", len(stored))
		}
		for name, content := range stored {
			if strings.Contains(content, "drips") || strings.Contains(content, "and so on") || strings.Contains(name, "照片") {
				t.Errorf("%s lies in the clear", name)
			}
		}

		// Events name the attachments, and tell nothing of them.
		var kinds []string
		for _, e := range c.eventsAfter(t, before) {
			kinds = append(kinds, e.Kind)
			if e.Kind == quality.EventAttachmentAdded && (e.Subject != rows[len(kinds)-2].ID.String() || e.SiteID != of.SiteID || e.OriginID != of.ReceivedByID) {
				t.Errorf("event %v", e)
			}
			if text := content(t, e); strings.Contains(text, "照片") || strings.Contains(text, "png") {
				t.Errorf("an event tells %s", text)
			}
		}
		if diff := cmp.Diff([]string{"case.entryAdded", "attachment.added", "attachment.added", "attachment.added"}, kinds); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}

		// Sent again it is the same; with another content under the same names it is not.
		counted := c.rows(t)
		if again := must(c.AddCaseEntry(c.as(t, "agent"), in))(t); again.ID != entry.ID {
			t.Errorf("again: %v", again.ID)
		}
		in.Attachments = append([]quality.Upload{upload("c.txt", "Other")}, in.Attachments[1:]...)
		_, err := c.AddCaseEntry(c.as(t, "agent"), in)
		expect(t, "the key with another file", err, "IDEMPOTENCY_KEY_REUSED idempotencyKey")
		if diff := cmp.Diff(counted, c.rows(t)); diff != "" || len(c.onDisk(t)) != 2 {
			t.Errorf("sending again wrote (-before +after):\n%s", diff)
		}
	})
}

func TestAttachmentRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.opened(t)
		before := c.rows(t)
		eleven := make([]quality.Upload, 11)
		for i := range eleven {
			eleven[i] = upload("a.txt", "text")
		}
		for what, in := range map[string]struct {
			want    string
			uploads []quality.Upload
		}{
			"empty":             {"REQUIRED attachments.1", []quality.Upload{upload("a.txt", "text"), upload("b.txt", "")}},
			"too many":          {"TOO_LONG attachments", eleven},
			"a program":         {"UNSUPPORTED_TYPE attachments.0", []quality.Upload{upload("a.jpg", "\x7fELF\x02\x01\x01\x00")}},
			"for once too much": {"RATE_LIMITED attachments", []quality.Upload{upload("a.txt", strings.Repeat("text ", 1<<18))}},
		} {
			_, err := c.AddCaseEntry(c.as(t, "agent"), noted(of.ID, in.uploads...))
			expect(t, what, err, in.want)
		}
		_, err := c.AddCaseEntry(c.as(t, "booker"), noted(of.ID, upload("a.txt", "text")))
		expect(t, "a case that is not theirs", err, "NOT_FOUND caseId")
		if diff := cmp.Diff(before, c.rows(t)); diff != "" || len(c.onDisk(t)) != 0 {
			t.Errorf("refusals left %d files and (-before +after):\n%s", len(c.onDisk(t)), diff)
		}
	})
}

// What a viewer sends counts by the hour.
func TestAttachmentsPerHour(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.opened(t)
		some := func(n int) quality.AddCaseEntry {
			return noted(of.ID, upload("a.txt", fmt.Sprint(n)+strings.Repeat(" text", 100_000)))
		}
		for n := range 2 {
			must(c.AddCaseEntry(c.as(t, "agent"), some(n)))(t)
		}
		_, err := c.AddCaseEntry(c.as(t, "agent"), some(3))
		expect(t, "the third half of a MiB", err, "RATE_LIMITED attachments")
		must(c.AddCaseEntry(c.as(t, "site manager"), some(4)))(t)
		c.clock.advance(time.Hour + time.Second)
		must(c.AddCaseEntry(c.as(t, "agent"), some(5)))(t)
	})
}

// A link works for its attachment, its time and the rights of whom it was given to, as
// they are when it is followed.
func TestAttachmentLinks(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.opened(t)
		entry := must(c.AddCaseEntry(c.as(t, "agent"), noted(of.ID, upload("a.txt", "one"), upload("b.txt", "two"))))(t)
		rows := c.attachments(t, entry)
		id, query := c.link(t, "agent", rows[0])
		other, _ := c.link(t, "agent", rows[1])
		_, lead := c.link(t, "site manager", rows[0])
		for what, try := range map[string]struct {
			id          string
			name, value string
		}{
			"for another attachment":   {other, "", ""},
			"for no attachment":        {"att_none", "", ""},
			"for another's rights":     {id, "token", lead.Get("token")},
			"for nobody's":             {id, "token", ""},
			"for longer":               {id, "expires", fmt.Sprint(morning.Add(time.Hour).Unix())},
			"for ever":                 {id, "expires", ""},
			"without signature":        {id, "signature", ""},
			"with another's signature": {id, "signature", lead.Get("signature")},
			"with a cut signature":     {id, "signature", query.Get("signature")[:20]},
		} {
			tampered := url.Values{"token": query["token"], "expires": query["expires"], "signature": query["signature"]}
			if try.name != "" {
				tampered.Set(try.name, try.value)
			}
			if _, err := c.downloaded(t, try.id, tampered); !errors.Is(err, quality.ErrLink) {
				t.Errorf("a link %s: %v", what, err)
			}
		}
		c.clock.advance(5 * time.Minute)
		if content, err := c.downloaded(t, id, query); err != nil || content != "one" {
			t.Errorf("at its last moment: %q, %v", content, err)
		}
		c.clock.advance(time.Second)
		if _, err := c.downloaded(t, id, query); !errors.Is(err, quality.ErrLink) {
			t.Errorf("expired: %v", err)
		}

		// Who loses sight of the case, and whose token is revoked or who leaves.
		id, query = c.link(t, "booker", rows[0]) // who never saw it
		_, err := c.downloaded(t, id, query)
		expect(t, "of a case that is not theirs", err, "NOT_FOUND")
		id, query = c.link(t, "agent", rows[0])
		token, _ := typeid.Parse[typeid.TokenID](query.Get("token"))
		if err := c.RevokeToken(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if _, err := c.downloaded(t, id, query); !errors.Is(err, quality.ErrLink) {
			t.Errorf("by a revoked token: %v", err)
		}
		id, query = c.link(t, "site manager", rows[0])
		c.leaves(t, "site manager")
		if _, err := c.downloaded(t, id, query); !errors.Is(err, quality.ErrLink) {
			t.Errorf("by somebody who has left: %v", err)
		}
		if link, err := c.AttachmentLink(ent.AsSystem(t.Context()), rows[0]); link != nil || err != nil {
			t.Errorf("the server itself got the link %v, %v", link, err)
		}
	})
}

// A change that is not made leaves no file, and one whose server dies leaves what the
// sweeper removes after an hour.
func TestFilesOfChangesThatWereNotMade(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.opened(t)
		full, failing := errors.New("the disk is full"), true
		c.db.Attachment.Use(func(next db.Mutator) db.Mutator {
			return hook.AttachmentFunc(func(ctx context.Context, m *db.AttachmentMutation) (db.Value, error) {
				if failing {
					return nil, full
				}
				return next.Mutate(ctx, m)
			})
		})
		before := c.rows(t)
		if _, err := c.AddCaseEntry(c.as(t, "agent"), noted(of.ID, upload("a.txt", "one"), upload("b.txt", "two"))); !errors.Is(err, full) {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, c.rows(t)); diff != "" || len(c.onDisk(t)) != 0 {
			t.Errorf("it left %d files and (-before +after):\n%s", len(c.onDisk(t)), diff)
		}

		failing = false
		kept := must(c.AddCaseEntry(c.as(t, "agent"), noted(of.ID, upload("a.txt", "one"))))(t)
		system := ent.AsSystem(t.Context())
		var orphan *db.StoredFile
		err := ent.WithTx(system, c.db.Client, func(tx *db.Tx) (err error) {
			orphan, err = tx.StoredFile.Create().SetDigest([]byte("0123456789abcdef0123456789abcdef")).SetSize(3).SetKey([]byte("x")).
				SetStoredBy("x").SetStoredAt(c.clock.Now()).Save(system)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		name := files.ObjectName(orphan.Digest, orphan.ID)
		if err := c.store.Write(system, name, files.NewKey(), strings.NewReader("abc")); err != nil {
			t.Fatal(err)
		}
		half := filepath.Join(c.folder, name+".18a9.tmp") // that the process was writing when it was killed
		if err := os.WriteFile(half, []byte("ab"), 0o600); err != nil {
			t.Fatal(err)
		}
		for wait, want := range map[time.Duration]struct{ removed, left int }{0: {0, 3}, 59 * time.Minute: {0, 3}} {
			c.clock.set(morning.Add(wait))
			if removed, err := c.SweepFiles(t.Context()); err != nil || removed != want.removed || len(c.onDisk(t)) != want.left {
				t.Errorf("after %v %d are removed and %d left, %v", wait, removed, len(c.onDisk(t)), err)
			}
		}
		c.clock.set(morning.Add(61 * time.Minute))
		if removed, err := c.SweepFiles(t.Context()); err != nil || removed != 1 || len(c.onDisk(t)) != 1 {
			t.Errorf("after an hour %d are removed and %d left, %v", removed, len(c.onDisk(t)), err)
		}
		id, query := c.link(t, "agent", c.attachments(t, kept)[0])
		if content, err := c.downloaded(t, id, query); err != nil || content != "one" {
			t.Errorf("what is kept reads %q, %v", content, err)
		}
	})
}

// Many send the same file at the same time: it is kept once, and all can read it.
func TestSameFileAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		cases := make([]*db.ServiceCase, 8)
		for i := range cases {
			cases[i] = c.opened(t)
		}
		ctx := c.as(t, "agent")
		made, errs := atOnce(len(cases), func(i int) (*quality.Change[*db.CaseEntry], error) {
			return c.AddCaseEntry(ctx, noted(cases[i].ID, upload("a.txt", "one"), upload("b.txt", "two")))
		})
		for i, change := range made {
			if errs[i] != nil {
				t.Fatal(errs[i])
			}
			for n, a := range c.attachments(t, change.Object) {
				id, query := c.link(t, "agent", a)
				if content, err := c.downloaded(t, id, query); err != nil || content != []string{"one", "two"}[n] {
					t.Errorf("case %d reads %q, %v", i, content, err)
				}
			}
		}
		if n := c.rows(t)["files"]; n != 2 || len(c.onDisk(t)) != 2 {
			t.Errorf("%d rows, %d files", n, len(c.onDisk(t)))
		}
	})
}

// Erasure takes names and contents of what is attached to the lines, at once and for
// every copy of the store, but not what others have attached, too.
func TestErasedAttachments(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, other := c.opened(t), c.opened(t)
		in := noted(of.ID, upload("mine.txt", "only here"), upload("leaflet.txt", "everywhere"))
		in.Visibility = caseentry.VisibilityCUSTOMER
		shown := must(c.AddCaseEntry(c.as(t, "agent"), in))(t)
		hidden := must(c.AddCaseEntry(c.as(t, "agent"), noted(of.ID, upload("ours.txt", "internal"))))(t)
		must(c.AddCaseEntry(c.as(t, "agent"), noted(other.ID, upload("leaflet.txt", "everywhere"))))(t)
		backup := c.onDisk(t)
		rows := c.attachments(t, shown)
		id, query := c.link(t, "agent", rows[0])
		key := c.db.StoredFile.GetX(ent.AsSystem(t.Context()), rows[0].FileID).Key

		erase := func() (n int) {
			err := ent.WithTx(ent.AsSystem(t.Context()), c.db.Client, func(tx *db.Tx) error {
				made, err := quality.EraseAttachments(ent.AsSystem(t.Context()), tx, []*db.ServiceCase{of}, map[string]bool{shown.ID.String(): true}, c.clock.Now())
				n = len(made)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := erase(); n != 2 {
			t.Errorf("%d events, want 2", n)
		}
		for i, a := range c.attachments(t, shown) {
			if a.Name != nil || a.ErasedAt == nil || !a.FileID.IsZero() || !bytes.Equal(a.Digest, rows[i].Digest) || a.Size != rows[i].Size {
				t.Errorf("erased: %v", a)
			}
			if link, err := c.AttachmentLink(c.as(t, "agent"), a); link != nil || err != nil {
				t.Errorf("a link to what is erased: %v, %v", link, err)
			}
		}
		_, err := c.downloaded(t, id, query)
		expect(t, "by an earlier link", err, "NOT_FOUND")
		if dropped := c.db.StoredFile.Query().Where(storedfile.StateEQ(storedfile.StateDROPPED)).OnlyX(ent.AsSystem(t.Context())); len(dropped.Key) != 0 || len(key) == 0 {
			t.Errorf("the key of what is erased is still there: %v", dropped)
		}
		if removed, err := c.SweepFiles(t.Context()); err != nil || removed != 1 || len(c.onDisk(t)) != len(backup)-1 {
			t.Errorf("%d are removed, %d left, %v", removed, len(c.onDisk(t)), err)
		}
		for _, e := range []*db.CaseEntry{hidden} {
			if a := c.attachments(t, e)[0]; a.ErasedAt != nil {
				t.Errorf("that of another line is erased: %v", a)
			}
		}
		if n := erase(); n != 0 {
			t.Errorf("erasing again makes %d events", n)
		}
		// The same content, sent again, is kept under a key and a name of its own.
		again := must(c.AddCaseEntry(c.as(t, "agent"), noted(of.ID, upload("new.txt", "only here"))))(t)
		id, query = c.link(t, "agent", c.attachments(t, again)[0])
		if content, err := c.downloaded(t, id, query); err != nil || content != "only here" {
			t.Errorf("sent again it reads %q, %v", content, err)
		}
		for name := range c.onDisk(t) {
			if _, was := backup[name]; was && strings.HasPrefix(name, fmt.Sprintf("%x", rows[0].Digest)) {
				t.Errorf("%s has come back", name)
			}
		}
	})
}

// The copies that merging makes of lines have their attachments.
func TestMergedAttachments(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		into, of := c.accepted(t), c.dispatched(t, c.staff("colleague"))
		must(c.AddCaseEntry(c.as(t, "agent"), noted(of.ID, upload("a.txt", "one"), upload("b.txt", "two"))))(t)
		must(c.MergeCase(c.as(t, "manager"), quality.MergeCase{ID: of.ID, ExpectedRevision: of.Revision, IntoID: into.ID, Reason: "Told twice"}))(t)
		copied := c.db.Attachment.Query().Where(attachment.CaseID(into.ID), attachment.HasEntryWith(caseentry.CaseID(into.ID))).
			Order(attachment.ByPosition()).AllX(ent.AsSystem(t.Context()))
		var got []string
		for _, a := range copied {
			id, query := c.link(t, "manager", a)
			content, err := c.downloaded(t, id, query)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, *a.Name+" "+content)
		}
		if diff := cmp.Diff([]string{"a.txt one", "b.txt two"}, got); diff != "" {
			t.Errorf("copied (-want +got):\n%s", diff)
		}
	})
}

// The check of all files names what is missing and what is not what was sent.
func TestVerifyFiles(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.opened(t)
		entry := must(c.AddCaseEntry(c.as(t, "agent"), noted(of.ID, upload("a.txt", "one"), upload("b.txt", "two"), upload("c.txt", "three"), upload("d.txt", "one"))))(t)
		rows := c.attachments(t, entry)
		check := func() quality.FilesReport {
			report, err := c.VerifyFiles(t.Context(), func(int, int) {})
			if err != nil {
				t.Fatal(err)
			}
			return report
		}
		if diff := cmp.Diff(quality.FilesReport{Files: 3}, check()); diff != "" {
			t.Errorf("of whole files (-want +got):\n%s", diff)
		}
		for name, stored := range c.onDisk(t) {
			path := filepath.Join(c.folder, name[:2], name)
			var err error
			switch {
			case strings.HasPrefix(name, fmt.Sprintf("%x", rows[0].Digest)):
				err = os.Remove(path)
			case strings.HasPrefix(name, fmt.Sprintf("%x", rows[1].Digest)):
				err = os.WriteFile(path, []byte(stored[:len(stored)-1]), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		report := check()
		slices.SortFunc(report.Lost, func(a, b quality.LostAttachment) int { return bytes.Compare(a.ID[:], b.ID[:]) })
		want := []quality.LostAttachment{{ID: rows[0].ID, Missing: true}, {ID: rows[1].ID}, {ID: rows[3].ID, Missing: true}}
		if diff := cmp.Diff(want, report.Lost); diff != "" || report.Files != 3 {
			t.Errorf("%d files, lost (-want +got):\n%s", report.Files, diff)
		}
	})
}

package quality_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecommendation"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/caselink"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// A case that was merged is closed for good, and what was written in it can be read
// from both.
func TestMerging(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		into, of, ctx := c.accepted(t), c.dispatched(t, c.staff("colleague")), c.as(t, "manager")
		note := must(c.AddCaseEntry(c.as(t, "agent"), quality.AddCaseEntry{CaseID: of.ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "The tap drips"}))(t)
		must(c.AddCaseEntry(c.as(t, "agent"), quality.AddCaseEntry{CaseID: of.ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "Both taps", CorrectsID: &note.ID}))(t)
		in := quality.MergeCase{ID: of.ID, ExpectedRevision: of.Revision, IntoID: of.ID, Reason: "Told twice"}
		_, err := c.MergeCase(ctx, in)
		expect(t, "into itself", err, "INVALID intoId")
		in.IntoID = c.closed(t).ID
		_, err = c.MergeCase(ctx, in)
		expect(t, "into one that is closed", err, "REJECTED intoId")
		in.IntoID = typeid.New[typeid.CaseID]()
		_, err = c.MergeCase(ctx, in)
		expect(t, "into none", err, "NOT_FOUND intoId")
		in.IntoID = into.ID
		lines, before := c.timeline(t, of.ID), len(c.timeline(t, into.ID))
		merged := must(c.MergeCase(ctx, in))(t)
		if merged.Status != servicecase.StatusCLOSED || merged.Open || merged.MergedIntoID != into.ID || *merged.Closure != servicecase.ClosureMERGED {
			t.Errorf("merged: %v", merged)
		}
		all := c.timeline(t, into.ID)
		found := 0
		for _, l := range all {
			for _, original := range lines {
				if cmp.Equal(l, original) && l.Text != "" {
					found++
				}
			}
		}
		if len(all) != before+len(lines)+1 || found != 2 {
			t.Errorf("the other's timeline has %d lines and %d of the merged one's notes, want %d and 2", len(all), found, before+len(lines)+1)
		}
		corrections, err := c.db.CaseEntry.Query().Where(caseentry.CaseID(into.ID), caseentry.HasCorrectsWith(caseentry.CaseID(into.ID))).Count(ent.AsSystem(t.Context()))
		if err != nil || corrections != 1 {
			t.Errorf("%d copies correct a copy (%v), want 1", corrections, err)
		}
		_, err = c.AddCaseEntry(ctx, quality.AddCaseEntry{CaseID: of.ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "More"})
		expect(t, "a line for the merged one", err, "IS_MERGED caseId")
		_, err = c.ReopenCase(ctx, quality.ReopenCase{ID: of.ID, ExpectedRevision: merged.Revision, Reason: "x"})
		expect(t, "reopening the merged one", err, "IS_MERGED id")
		links := func(id typeid.CaseID) (kinds []caselink.Kind) {
			for _, l := range c.db.CaseLink.Query().Where(caselink.CaseID(id)).AllX(ent.AsSystem(t.Context())) {
				kinds = append(kinds, l.Kind)
			}
			return kinds
		}
		if diff := cmp.Diff([][]caselink.Kind{{caselink.KindMERGED_INTO}, {caselink.KindMERGED_FROM}}, [][]caselink.Kind{links(of.ID), links(into.ID)}); diff != "" {
			t.Errorf("links (-want +got):\n%s", diff)
		}
	})
}

// Whom a commendation names is named by the case that it was merged into, once.
func TestMergingCommendations(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := c.as(t, "agent")
		praised := func(written bool, names ...string) *db.ServiceCase {
			of := c.openedAs(t, "agent", servicecase.KindCOMMENDATION, servicecase.ChannelCHAT)
			in := quality.CommendStaff{ID: of.ID, ExpectedRevision: of.Revision, InWriting: &written}
			for _, name := range names {
				in.StaffIDs = append(in.StaffIDs, *c.staff(name))
			}
			return must(c.CommendStaff(ctx, in))(t)
		}
		into, of := praised(false, "agent", "colleague"), praised(true, "agent", "colleague", "booker")
		into = must(c.CommendStaff(ctx, quality.CommendStaff{ID: into.ID, ExpectedRevision: into.Revision, StaffIDs: []typeid.StaffID{*c.staff("agent")}, InWriting: new(false)}))(t)
		of = must(c.CommendStaff(ctx, quality.CommendStaff{ID: of.ID, ExpectedRevision: of.Revision, StaffIDs: []typeid.StaffID{*c.staff("agent"), *c.staff("colleague")}, InWriting: new(true)}))(t)
		must(c.MergeCase(ctx, quality.MergeCase{ID: of.ID, ExpectedRevision: of.Revision, IntoID: into.ID, Reason: "The same letter"}))(t)
		named := map[typeid.StaffID]bool{} // in writing
		for _, row := range c.db.CaseCommendation.Query().Where(casecommendation.WithdrawnAtIsNil()).AllX(ent.AsSystem(t.Context())) {
			if _, twice := named[row.StaffID]; twice || row.CaseID != into.ID {
				t.Errorf("%v is named by case %v, want once, by the case that goes on", row.StaffID, row.CaseID)
			}
			named[row.StaffID] = row.InWriting
		}
		if diff := cmp.Diff(map[typeid.StaffID]bool{*c.staff("agent"): true, *c.staff("colleague"): true}, named); diff != "" {
			t.Errorf("named, in writing (-want +got):\n%s", diff)
		}
	})
}

func TestSplittingAndLinking(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, ctx := c.accepted(t), c.as(t, "colleague")
		note := must(c.AddCaseEntry(ctx, quality.AddCaseEntry{CaseID: of.ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "And the bill is wrong"}))(t)
		foreign := must(c.AddCaseEntry(c.as(t, "agent"), quality.AddCaseEntry{CaseID: c.opened(t).ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "x"}))(t)
		in := quality.SplitCase{ID: of.ID, ExpectedRevision: of.Revision, Subject: "The bill", Kind: new(servicecase.KindINQUIRY),
			EntryIDs: []typeid.CaseEntryID{note.ID, foreign.ID}, Reason: "Another department's"}
		_, err := c.SplitCase(ctx, in)
		expect(t, "with another case's line", err, "NOT_FOUND entryIds")
		in.EntryIDs = []typeid.CaseEntryID{note.ID, note.ID}
		part := must(c.SplitCase(ctx, in))(t)
		if part.ID == of.ID || part.Kind != servicecase.KindINQUIRY || part.Status != servicecase.StatusOPEN || part.ReceivedByID != *c.staff("colleague") || part.Severity != of.Severity {
			t.Errorf("split: %v", part)
		}
		want := []line{{Kind: "SYSTEM", Action: "OPENED_BY_SPLIT", Author: *c.staff("colleague"), At: morning},
			{Kind: "NOTE", Text: "And the bill is wrong", Author: *c.staff("colleague"), At: morning}}
		if diff := cmp.Diff(want, c.timeline(t, part.ID)); diff != "" {
			t.Errorf("the new case's timeline (-want +got):\n%s", diff)
		}
		linking := quality.LinkCase{ID: part.ID, ExpectedRevision: part.Revision, OtherID: of.ID, Kind: caselink.KindSPLIT_FROM}
		_, err = c.LinkCase(ctx, linking)
		expect(t, "a link that only splitting makes", err, "INVALID kind")
		linking.Kind = caselink.KindCAUSED_BY
		part = must(c.LinkCase(ctx, linking))(t)
		linking.ExpectedRevision = part.Revision
		_, err = c.LinkCase(ctx, linking)
		expect(t, "the same link again", err, "DUPLICATE otherId")
		if n := c.db.CaseLink.Query().Where(caselink.CaseID(of.ID), caselink.KindEQ(caselink.KindCAUSE_OF)).CountX(ent.AsSystem(t.Context())); n != 1 {
			t.Errorf("the other case has %d links that say the same, want 1", n)
		}
	})
}

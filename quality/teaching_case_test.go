package quality_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

func TestTeachingCases(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.eventful(t)
		in := quality.SelectTeachingCase{CaseID: of.ID, Month: "2026-10-01", Title: "A room that was not ready", Lesson: "Tell the guest at once. In 2026 it happened 12 times."}
		_, err := c.SelectTeachingCase(c.as(t, "site manager"), in)
		expect(t, "a site's manager", err, "FORBIDDEN")
		_, err = c.SelectTeachingCase(c.as(t, "booker"), in)
		expect(t, "who does not see the case", err, "NOT_FOUND caseId")
		officer := c.as(t, "officer")
		for _, test := range []struct {
			what   string
			change func(*quality.SelectTeachingCase)
			want   string
		}{
			{"an open case", func(in *quality.SelectTeachingCase) { in.CaseID = c.resolved(t).ID }, "REJECTED caseId"},
			{"no month", func(in *quality.SelectTeachingCase) { in.Month = "2026-10-02" }, "INVALID month"},
			{"a month to come", func(in *quality.SelectTeachingCase) { in.Month = "2026-12-01" }, "INVALID month"},
			{"the customer's name", func(in *quality.SelectTeachingCase) { in.Lesson = "As WANG FANG said" }, "INVALID lesson"},
			{"an address", func(in *quality.SelectTeachingCase) { in.Title = "Ask a.b@example.com" }, "INVALID title"},
			{"a number", func(in *quality.SelectTeachingCase) { in.Lesson = "Call +86 138-0013-8000" }, "INVALID lesson"},
			{"nothing", func(in *quality.SelectTeachingCase) { in.Title, in.Lesson = "", " " }, "REQUIRED title; REQUIRED lesson"},
		} {
			other := in
			test.change(&other)
			_, err := c.SelectTeachingCase(officer, other)
			expect(t, test.what, err, test.want)
		}
		before := c.rows(t)["events"]
		chosen := must(c.SelectTeachingCase(officer, in))(t)
		if chosen.SiteID != of.SiteID || chosen.DepartmentID != of.DepartmentID || chosen.Trained || chosen.SelectedByID != *c.staff("officer") {
			t.Errorf("selected %v", chosen)
		}
		want := []said{{quality.EventTeachingCaseSelected, c.staff("officer").String(), of.DepartmentID, *c.staff("officer"), typeid.StaffID{}, ""}}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		_, err = c.SelectTeachingCase(officer, in)
		expect(t, "selected twice", err, "DUPLICATE caseId")
		in.Month = "2026-11-01"
		must(c.SelectTeachingCase(officer, in))(t)
		revised := must(c.ReviseTeachingCase(officer, quality.ReviseTeachingCase{ID: chosen.ID, ExpectedRevision: 1, Title: "Not ready", Lesson: "Tell"}))(t)
		if revised.Title != "Not ready" || revised.Revision != 2 {
			t.Errorf("revised %v", revised)
		}
		_, err = c.ReviseTeachingCase(officer, quality.ReviseTeachingCase{ID: chosen.ID, ExpectedRevision: 1, Title: "x", Lesson: "x"})
		expect(t, "a stale revision", err, "CONFLICT expectedRevision")

		seen := func(who string) int { return c.db.TeachingCase.Query().CountX(c.as(t, who)) }
		if seen("housekeeper") != 2 || seen("shop assistant") != 0 || seen("personnel") != 2 {
			t.Errorf("the housekeeper sees %d, the shop assistant %d, personnel %d", seen("housekeeper"), seen("shop assistant"), seen("personnel"))
		}
	})
}

func TestTrainings(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		chosen := must(c.SelectTeachingCase(c.as(t, "officer"), quality.SelectTeachingCase{CaseID: c.closed(t).ID, Month: "2026-11-01", Title: "x", Lesson: "x"}))(t)
		people := []typeid.StaffID{*c.staff("agent"), *c.staff("colleague"), *c.staff("agent")}
		in := quality.RecordTraining{TeachingCaseID: chosen.ID, DepartmentID: c.departments["desk"].ID, HeldOn: "2026-11-15", TrainerID: *c.staff("lead"), ParticipantIDs: people}
		for _, test := range []struct {
			what, who string
			change    func(*quality.RecordTraining)
			want      string
		}{
			{"a member of the staff", "agent", func(*quality.RecordTraining) {}, "FORBIDDEN"},
			{"who answers for another department", "housekeeping manager", func(*quality.RecordTraining) {}, "FORBIDDEN"},
			{"another site", "floor manager", func(in *quality.RecordTraining) { in.DepartmentID = c.departments["floor"].ID }, "NOT_FOUND teachingCaseId"},
			{"another site's department", "officer", func(in *quality.RecordTraining) { in.DepartmentID = c.departments["floor"].ID }, "INVALID departmentId"},
			{"a day to come", "lead", func(in *quality.RecordTraining) { in.HeldOn = "2026-11-18" }, "INVALID heldOn"},
			{"nobody", "lead", func(in *quality.RecordTraining) { in.ParticipantIDs = nil }, "REQUIRED participantIds"},
			{"another site's people", "lead", func(in *quality.RecordTraining) { in.ParticipantIDs = append(people[:2:2], *c.staff("shop assistant")) }, "NOT_FOUND participantIds.2"},
			{"another site's people, whom one sees", "officer", func(in *quality.RecordTraining) { in.ParticipantIDs = append(people[:2:2], *c.staff("shop assistant")) }, "NOT_FOUND participantIds.2"},
		} {
			other := in
			test.change(&other)
			_, err := c.RecordTraining(c.as(t, test.who), other)
			expect(t, test.what, err, test.want)
		}
		before := c.rows(t)["events"]
		held := must(c.RecordTraining(c.as(t, "lead"), in))(t)
		taught := c.db.Training.GetX(ent.AsSystem(t.Context()), held.ID).QueryParticipants().CountX(ent.AsSystem(t.Context()))
		if now := c.db.TeachingCase.GetX(ent.AsSystem(t.Context()), chosen.ID); taught != 2 || !now.Trained || now.Revision != 2 {
			t.Errorf("%d people were trained on %v", taught, now)
		}
		var kinds []string
		for _, e := range c.said(t, before) {
			kinds = append(kinds, e.Kind)
		}
		if diff := cmp.Diff([]string{quality.EventTrainingRecorded, quality.EventTeachingCaseTrained}, kinds); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		must(c.RecordTraining(c.as(t, "personnel"), in))(t)
	})
}

package quality_test

import (
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/quality"
)

// A case keeps when it was first accepted, what its deadlines for the resolution
// counted together, and what the customer last said of the handling.
func TestCaseKeepsWhatFiguresNeed(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.accepted(t)
		first := c.clock.Now()
		c.clock.advance(time.Hour)
		of = must(c.MoveCase(c.as(t, "colleague"), quality.MoveCase{ID: of.ID, ExpectedRevision: of.Revision,
			DepartmentID: c.departments["reservations"].ID, AssigneeID: c.staff("booker"), Reason: "They took the booking"}))(t)
		of = must(c.AcceptCase(c.as(t, "booker"), quality.AcceptCase{ID: of.ID, ExpectedRevision: of.Revision}))(t)
		if of.FirstAcceptedAt == nil || !of.FirstAcceptedAt.Equal(first) || !of.AcceptedAt.Equal(c.clock.Now()) {
			t.Errorf("first accepted at %v and last at %v, want %v and %v", of.FirstAcceptedAt, of.AcceptedAt, first, c.clock.Now())
		}

		of = c.resolved(t)
		if of.CountedTime == nil || *of.CountedTime != 0 {
			t.Errorf("resolved at once, counted %v", of.CountedTime)
		}
		followUp := quality.FollowUpCase{ID: of.ID, ExpectedRevision: of.Revision, Channel: casefollowup.ChannelTELEPHONE,
			Outcome: casefollowup.OutcomeNOT_SOLVED, Word: new("It is still loud"), Satisfaction: new(2)}
		of = must(c.FollowUpCase(c.as(t, "agent"), followUp))(t)
		if of.Satisfaction == nil || *of.Satisfaction != 2 {
			t.Errorf("satisfaction %v, want 2", of.Satisfaction)
		}
		c.clock.advance(3 * time.Hour)
		of = must(c.ReplyCase(c.as(t, "colleague"), quality.ReplyCase{ID: of.ID, ExpectedRevision: of.Revision, Kind: "CALL", Text: "You get another room"}))(t)
		of = must(c.ResolveCase(c.as(t, "colleague"), quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Resolution: "Moved again"}))(t)
		if stored := c.stored(t, of.ID); *of.CountedTime != 3*time.Hour || *stored.CountedTime != 3*time.Hour {
			t.Errorf("counted %v, stored %v, want 3h", *of.CountedTime, *stored.CountedTime)
		}
		for _, wrong := range []quality.FollowUpCase{
			{Outcome: casefollowup.OutcomeAGREED, Word: new("Good"), Satisfaction: new(0)},
			{Outcome: casefollowup.OutcomeAGREED, Word: new("Good"), Satisfaction: new(6)},
			{Outcome: casefollowup.OutcomeNOT_REACHED, Satisfaction: new(3)},
		} {
			wrong.ID, wrong.ExpectedRevision, wrong.Channel = of.ID, of.Revision, casefollowup.ChannelTELEPHONE
			_, err := c.FollowUpCase(c.as(t, "agent"), wrong)
			expect(t, string(wrong.Outcome), err, "INVALID satisfaction")
		}
	})
}

// A case that was resolved late stays late, though reopening gives it a new deadline.
func TestLateStaysLate(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for what, wait := range map[string]time.Duration{"in time": 0, "late": 60 * 24 * time.Hour} {
			of := c.accepted(t)
			c.clock.advance(wait)
			of = must(c.ReplyCase(c.as(t, "colleague"), quality.ReplyCase{ID: of.ID, ExpectedRevision: of.Revision, Kind: "CALL", Text: "You get another room"}))(t)
			resolve := quality.ResolveCase{ID: of.ID, ExpectedRevision: of.Revision, Substantiated: new(true), Resolution: "Moved"}
			of = must(c.ResolveCase(c.as(t, "colleague"), resolve))(t)
			of = must(c.ReopenCase(c.as(t, "colleague"), quality.ReopenCase{ID: of.ID, ExpectedRevision: of.Revision, Reason: "Loud again"}))(t)
			if of.LateBefore != (wait > 0) || !of.DueAt.After(c.clock.Now()) {
				t.Errorf("resolved %s, then reopened: late before %v, due at %v", what, of.LateBefore, of.DueAt)
			}
		}
	})
}

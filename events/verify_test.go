package events_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
)

func TestVerifyFindsTheFirstBreak(t *testing.T) {
	const renumber = "UPDATE events SET cursor = -cursor WHERE cursor >= 5"
	for name, c := range map[string]struct {
		tamper []string
		want   events.Cursor // 0 if the log is whole
	}{
		"untouched":              {nil, 0},
		"kind changed":           {[]string{"UPDATE events SET kind = 'case.closed' WHERE cursor = 5"}, 5},
		"subject changed":        {[]string{"UPDATE events SET subject = 'case_2' WHERE cursor = 5"}, 5},
		"subject kind changed":   {[]string{"UPDATE events SET subject_kind = 'insp' WHERE cursor = 5"}, 5},
		"actor changed":          {[]string{"UPDATE events SET actor = 'staff_1' WHERE cursor = 5"}, 5},
		"fields changed":         {[]string{`UPDATE events SET changed = '["status"]' WHERE cursor = 5`}, 5},
		"time changed":           {[]string{"UPDATE events SET at = '2026-03-01 12:00:00.123457+00:00' WHERE cursor = 5"}, 5},
		"viewers changed":        {[]string{"UPDATE events SET owner_id = site_id WHERE cursor = 5"}, 5},
		"digest changed":         {[]string{"UPDATE events SET digest = (SELECT e.digest FROM events e WHERE e.cursor = 4) WHERE cursor = 5"}, 5},
		"digest taken away":      {[]string{"UPDATE events SET digest = NULL WHERE cursor = 5"}, 5},
		"first removed":          {[]string{"DELETE FROM events WHERE cursor = 1"}, 1},
		"removed":                {[]string{"DELETE FROM events WHERE cursor = 5"}, 5},
		"last removed":           {[]string{"DELETE FROM events WHERE cursor = 10"}, 10},
		"all removed":            {[]string{"DELETE FROM events"}, 1},
		"removed and renumbered": {[]string{"DELETE FROM events WHERE cursor = 4", renumber, "UPDATE events SET cursor = -cursor - 1 WHERE cursor < 0"}, 4},
		"swapped": {[]string{
			"UPDATE events SET cursor = -5 WHERE cursor = 5", "UPDATE events SET cursor = 5 WHERE cursor = 6", "UPDATE events SET cursor = 6 WHERE cursor = -5",
		}, 5},
		"inserted": {[]string{
			renumber, "UPDATE events SET cursor = 1 - cursor WHERE cursor < 0",
			"INSERT INTO events (cursor, kind, subject_kind, subject, actor, changed, at, digest) SELECT 5, kind, subject_kind, subject, actor, changed, at, digest FROM events WHERE cursor = 4",
			"UPDATE event_head SET cursor = 11",
		}, 5},
		"added beyond the end": {[]string{
			"INSERT INTO events (cursor, kind, subject_kind, subject, actor, changed, at, digest) SELECT 11, kind, subject_kind, subject, actor, changed, at, digest FROM events WHERE cursor = 10",
		}, 11},
		"cut, with the end":  {[]string{"DELETE FROM events WHERE cursor > 5", "UPDATE event_head SET cursor = 5"}, 5},
		"the end's digest":   {[]string{"UPDATE event_head SET digest = (SELECT e.digest FROM events e WHERE e.cursor = 4)"}, 10},
		"the end forgotten":  {[]string{"DELETE FROM event_head"}, 1},
		"the end set behind": {[]string{"UPDATE event_head SET cursor = 9, digest = (SELECT e.digest FROM events e WHERE e.cursor = 9)"}, 10},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, d *ent.Database) {
				var ten []events.Event
				for n := range 10 {
					ten = append(ten, located(n))
				}
				log := events.New(events.Config{Database: d})
				commit(t, d, log, ten...)
				if _, err := log.Sequence(t.Context()); err != nil {
					t.Fatal(err)
				}
				for _, statement := range c.tamper {
					execute(t, d, statement)
				}
				report, err := events.Verify(t.Context(), d, nil)
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case c.want == 0 && report.Break != nil:
					t.Errorf("a break at %d: %s; want none", report.Break.Cursor, report.Break.Reason)
				case c.want != 0 && (report.Break == nil || report.Break.Cursor != c.want):
					t.Errorf("Break = %v, want one at %d", report.Break, c.want)
				}
			})
		})
	}
}

func TestVerifyReportsProgressAndTheEnd(t *testing.T) {
	each(t, func(t *testing.T, d *ent.Database) {
		if report, err := events.Verify(t.Context(), d, nil); err != nil || report.Break != nil || report.Head != 0 {
			t.Errorf("of an empty log: %+v, %v", report, err)
		}
		log := running(t, events.Config{Database: d, Idle: never})
		var many []events.Event
		for n := range 4_500 {
			many = append(many, numbered(n))
		}
		sequenced(t, d, log, many...)
		var steps []events.Cursor
		report, err := events.Verify(t.Context(), d, func(done, total events.Cursor) {
			steps = append(steps, done, total)
		})
		if err != nil || report.Break != nil || report.Events != 4_500 || report.Head != 4_500 {
			t.Errorf("Verify = %+v, %v", report, err)
		}
		if diff := cmp.Diff([]events.Cursor{2_000, 4_500, 4_000, 4_500, 4_500, 4_500}, steps); diff != "" {
			t.Errorf("progress (-want +got):\n%s", diff)
		}
		last := subscribe(t, log, events.Subscription{After: after(4_499)})
		if diff := cmp.Diff(next(t, last).Digest, report.Digest); diff != "" {
			t.Errorf("the end's digest (-last event +report):\n%s", diff)
		}
	})
}

package quality_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// week is a random calendar, by minutes of its days: the same each week.
type week [7][24 * 60]bool

func drawWeek(t *rapid.T) (open week, definition json.RawMessage) {
	windows := map[string][]map[string]string{}
	for day := range 7 {
		at := 0
		for range rapid.IntRange(0, 3).Draw(t, "windows") {
			from := at + rapid.IntRange(0, 300).Draw(t, "closed")
			to := from + rapid.IntRange(1, 500).Draw(t, "open")
			if to >= 24*60 {
				break
			}
			clock := func(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
			name := fmt.Sprint(day)
			windows[name] = append(windows[name], map[string]string{"from": clock(from), "to": clock(to)})
			for minute := from; minute < to; minute++ {
				open[day][minute] = true
			}
			at = to + 1
		}
	}
	if len(windows) == 0 { // a calendar is open at some time
		windows["3"] = []map[string]string{{"from": "10:00", "to": "10:05"}}
		for minute := 600; minute < 605; minute++ {
			open[3][minute] = true
		}
	}
	definition, _ = json.Marshal(map[string]any{"timeZone": "Asia/Shanghai", "week": windows})
	return open, definition
}

// counts reports whether the minute that begins at a time is open.
func (w *week) counts(at time.Time) bool {
	local := at.UTC().Add(8 * time.Hour) // Shanghai keeps one time all year
	return w[local.Weekday()][local.Hour()*60+local.Minute()]
}

// stretch is a part of a case's life.
type stretch struct {
	minutes      int
	held, counts bool
}

// Whatever the calendar, the length and the holds of a case, its deadline and what
// remains of it are as somebody would find them who counts minute by minute.
func TestDeadlinesAgreeWithCountingMinutes(t *testing.T) {
	c := newCompany(t, dbtest.SQLite(t))
	ctx := ent.AsSystem(t.Context())
	id := c.define(t, [16]byte{}, "drawn", "09:00", "17:00")
	c.assign(t, "", id)
	policy := must(c.CreateDeadlinePolicy(c.as(t, "officer"), quality.CreateDeadlinePolicy{Name: "Drawn",
		Targets: []rules.DeadlineRule{{Target: rules.Resolution, Length: time.Hour}}}))(t)
	rapid.Check(t, func(rt *rapid.T) {
		open, definition := drawWeek(rt)
		err := ent.WithTx(ctx, c.db.Client, func(tx *db.Tx) error {
			return tx.Calendar.UpdateOneID(id).SetDefinition(definition).AddRevision(1).Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		length := rapid.IntRange(1, 3000).Draw(rt, "length")
		pauses := rapid.Bool().Draw(rt, "pauses on hold")
		policy = must(c.ReviseDeadlinePolicy(c.as(t, "officer"), quality.ReviseDeadlinePolicy{ID: policy.ID, ExpectedRevision: policy.Revision, Name: "Drawn",
			Targets: []rules.DeadlineRule{{Target: rules.Resolution, Length: time.Duration(length) * time.Minute, Counting: rules.ByCalendar, PausesOnHold: pauses}}}))(t)
		start := morning.Add(time.Duration(rapid.IntRange(0, 7*24*60).Draw(rt, "start")) * time.Minute)
		life := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) stretch {
			return stretch{rapid.IntRange(0, 4000).Draw(t, "minutes"), rapid.Bool().Draw(t, "held"), rapid.Bool().Draw(t, "counts")}
		}), 0, 5).Draw(rt, "life")

		c.clock.set(start)
		k := c.complaint(t, "agent")
		now, left := start, length
		count := func(minutes int, stands bool) {
			for range minutes {
				if !stands && open.counts(now) {
					left--
				}
				now = now.Add(time.Minute)
			}
			c.clock.set(now)
		}
		for _, part := range life {
			if part.held {
				k = must(c.HoldCase(c.as(t, "agent"), quality.HoldCase{ID: k.ID, ExpectedRevision: k.Revision, Reason: "Drawn", CountsTime: part.counts}))(t)
			}
			count(part.minutes, part.held && pauses && !part.counts)
			if part.held {
				k = must(c.ContinueCase(c.as(t, "agent"), quality.ContinueCase{ID: k.ID, ExpectedRevision: k.Revision}))(t)
			}
		}
		d := c.db.Deadline.Query().Where(deadline.CaseID(k.ID), deadline.TargetEQ(deadline.TargetRESOLUTION)).OnlyX(ctx)
		hours, err := c.Hours(ctx, []typeid.CalendarID{d.CalendarID})
		if err != nil {
			rt.Fatal(err)
		}
		remaining, err := c.Remaining(d, hours[d.CalendarID])
		if want := time.Duration(left) * time.Minute; err != nil || remaining != want {
			rt.Errorf("%v remains (%v), want %v", remaining, err, want)
		}
		if left > 0 { // what is to come, without a further hold
			due := now
			for n := left; n > 0; due = due.Add(time.Minute) {
				if open.counts(due) {
					n--
				}
			}
			if !d.DueAt.Equal(due) {
				rt.Errorf("due at %v, want %v", d.DueAt, due)
			}
			if !k.DueAt.Equal(due) {
				rt.Errorf("the case is due at %v, want %v", k.DueAt, due)
			}
		}
	})
}

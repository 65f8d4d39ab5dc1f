package graph_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/events"
)

const liveEvents = `subscription($after: EventCursor, $filter: EventFilter) { events(after: $after, filter: $filter) { cursor kind subjectId changed } }`

// A change reaches a subscriber under the cursor that its answer told, once, and a
// subscriber that comes back goes on behind the last it had.
func TestLiveEventsResume(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		var cursors []any
		note := func() any {
			_, m := w.change(t, "clerk", "caseAddEntry", w.resolve(changes["caseAddEntry"].input))
			return m["cursor"]
		}
		live := w.subscribe(t, w.tokens["clerk"], liveEvents, variables{"after": fmt.Sprint(len(w.made))})
		for range 3 {
			cursors = append(cursors, note())
			e := live.next(t)
			want := map[string]any{"cursor": cursors[len(cursors)-1], "kind": "case.entryAdded", "subjectId": w.ids["case open"], "changed": []any{"entries"}}
			if diff := cmp.Diff(want, e.Data["events"]); diff != "" || e.id != want["cursor"] || e.Extensions["cursor"] != want["cursor"] {
				t.Errorf("event %+v (-want +got):\n%s", e, diff)
			}
		}
		live.close()
		late := note()
		for what, back := range map[string]*stream{
			"by the argument":                w.subscribe(t, w.tokens["clerk"], liveEvents, variables{"after": cursors[2]}),
			"by the header":                  w.subscribe(t, w.tokens["clerk"], liveEvents, nil, "Last-Event-ID", cursors[2].(string)),
			"by the header, the later one":   w.subscribe(t, w.tokens["clerk"], liveEvents, variables{"after": cursors[0]}, "Last-Event-ID", cursors[2].(string)),
			"of the case, by the header":     w.subscribe(t, w.tokens["clerk"], watchCase, variables{"id": w.ids["case open"]}, "Last-Event-ID", cursors[2].(string)),
			"of the case, by the argument":   w.subscribe(t, w.tokens["clerk"], watchCase, variables{"id": w.ids["case open"], "after": cursors[2]}),
			"with a filter, by the argument": w.subscribe(t, w.tokens["clerk"], liveEvents, variables{"after": "0", "filter": variables{"kind": []string{"case.entryAdded", "x"}, "subjectId": w.ids["case open"]}}),
		} {
			e := back.next(t)
			if what == "with a filter, by the argument" { // the company's own, then ours
				if got := at(e.Data, "events", "kind"); got != "case.entryAdded" || slices.Contains(cursors, any(e.id)) {
					t.Errorf("%s: the first is %+v", what, e)
				}
				for range cursors {
					e = back.next(t)
				}
				e = back.next(t)
			}
			if e.id != late {
				t.Errorf("%s the first event is %+v, want that of cursor %v", what, e, late)
			}
		}
	})
}

// A position that the log never gave out is refused, and told as that.
func TestLiveEventsRefuseUnknownCursors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		beyond := fmt.Sprint(len(c.made) + 1000)
		for what, out := range map[string]answer{
			"beyond the end":                 c.subscribe(t, asSystem, liveEvents, variables{"after": beyond}).next(t).answer,
			"beyond the end, by the header":  c.subscribe(t, asSystem, liveEvents, nil, "Last-Event-ID", beyond).next(t).answer,
			"no cursor, by the header":       c.subscribe(t, asSystem, liveEvents, nil, "Last-Event-ID", "x").next(t).answer,
			"negative, by the header":        c.subscribe(t, asSystem, liveEvents, nil, "Last-Event-ID", "-1").next(t).answer,
			"beyond the end, of a case":      c.subscribe(t, asSystem, watchCase, variables{"id": c.ids["case open"], "after": beyond}).next(t).answer,
			"beyond the end, of the history": c.do(t, asSystem, "query($c: EventCursor) { events(after: $c) { nodes { kind } } }", variables{"c": beyond}),
		} {
			if diff := cmp.Diff([]string{"BAD_CURSOR"}, out.codes()); diff != "" || out.Data["events"] != nil {
				t.Errorf("%s is answered %+v", what, out)
			}
		}
		out := c.subscribe(t, asSystem, liveEvents, variables{"after": "x"}).next(t).answer
		if diff := cmp.Diff([]string{"BAD_USER_INPUT"}, out.codes()); diff != "" {
			t.Errorf("a text that is no cursor is answered %+v", out)
		}
	})
}

const watchCase = `subscription($id: ID!, $after: EventCursor) { events: caseUpdated(id: $id, after: $after) { kind } }`

// Who watches a case is told its events until it moves away, then that the access
// ended: also when the event of the move itself is not the viewer's to see.
func TestWatchingEndsWithAccess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		w.visibility = policy(t, w.company)
		k := w.cases["dispatched"]
		clerk := w.subscribe(t, w.tokens["clerk"], watchCase, variables{"id": k.ID.String(), "after": "0"})
		lead := w.subscribe(t, w.tokens["lead"], watchCase, variables{"id": k.ID.String(), "after": "0"})
		for _, s := range []*stream{clerk, lead} {
			if e := s.next(t); at(e.Data, "events", "kind") != "case.opened" {
				t.Fatalf("the first event is %+v", e)
			}
		}
		// It goes to the cook's department, where neither sees it.
		w.move(t, "dispatched", func(u *db.ServiceCaseUpdateOne) {
			u.SetDispatchedToID(w.people["cook"]).SetDepartmentID(w.departments["food"])
		}, events.Event{Kind: "case.moved", Subject: k.ID.String(), At: clock, Site: k.SiteID, Department: w.departments["food"], Owner: w.people["cook"]})
		for name, s := range map[string]*stream{"clerk": clerk, "lead": lead} {
			e := s.next(t)
			if diff := cmp.Diff([]string{"ACCESS_ENDED"}, e.codes()); diff != "" || e.Data["events"] != nil || e.id != "" {
				t.Errorf("the %s is told %+v", name, e)
			}
			if e := s.next(t); e.name != "complete" {
				t.Errorf("the %s's stream goes on with %+v", name, e)
			}
			out := w.subscribe(t, w.tokens[name], watchCase, variables{"id": k.ID.String()}).next(t)
			if diff := cmp.Diff([]string{"NOT_FOUND"}, out.codes()); diff != "" {
				t.Errorf("the %s comes back and is told %+v", name, out)
			}
		}
	})
}

// Who begins to see a case is not told what happened to it before elsewhere.
func TestWatchingHidesEventsFromElsewhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		k := w.cases["resolved"]
		to := w.people["clerk"]
		w.move(t, "resolved", func(u *db.ServiceCaseUpdateOne) { u.SetAssigneeID(to) },
			events.Event{Kind: "case.moved", Subject: k.ID.String(), At: clock, Site: k.SiteID, Department: k.DepartmentID, Owner: to})
		s := w.subscribe(t, w.tokens["clerk"], watchCase, variables{"id": k.ID.String(), "after": "0"})
		if e := s.next(t); at(e.Data, "events", "kind") != "case.moved" {
			t.Errorf("the first event is %+v", e)
		}
	})
}

// move changes a case and tells it.
func (w *walk) move(t *testing.T, name string, change func(*db.ServiceCaseUpdateOne), e events.Event) {
	t.Helper()
	var pending events.Pending
	err := ent.WithTx(w.ctx, w.db.Client, func(tx *db.Tx) (err error) {
		update := tx.ServiceCase.UpdateOneID(w.cases[name].ID).SetUpdatedAt(clock.Add(time.Minute))
		change(update)
		if err := update.Exec(w.ctx); err != nil {
			return err
		}
		pending, err = w.api.events.Append(w.ctx, tx, e)
		return err
	})
	if err == nil {
		_, err = w.api.events.Sequenced(w.ctx, pending)
	}
	if err != nil {
		t.Fatal(err)
	}
}

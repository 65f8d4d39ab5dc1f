package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// told are the visible events of the company's log, each as its kind and subject.
func (w *walk) told(viewer string) []string {
	out := []string{}
	for _, e := range w.made {
		if w.hears(viewer, w.nameOf(e.Subject)) {
			out = append(out, e.Kind+" of "+w.nameOf(e.Subject))
		}
	}
	return out
}

// eventList asks for the log, whole, by pages and by conditions, and for the
// subjects of what it tells.
func (w *walk) eventList(t *testing.T, viewer string) {
	want := w.told(viewer)
	got, after := []string{}, "0"
	for {
		page := w.must(t, w.tokens[viewer], `query($after: EventCursor) { events(first: 3, after: $after) {
			nodes { kind subjectId subject { id } } pageInfo { hasNextPage endCursor } } }`, variables{"after": after})
		for _, e := range list(page, "events", "nodes") {
			subject := w.nameOf(at(e, "subjectId").(string))
			got = append(got, at(e, "kind").(string)+" of "+subject)
			if seen := at(e, "subject", "id") != nil; seen != w.sees(viewer, subject) {
				t.Errorf("the event's subject %s: visible is %t", subject, seen)
			}
		}
		if at(page, "events", "pageInfo", "hasNextPage") != true {
			break
		}
		after, _ = at(page, "events", "pageInfo", "endCursor").(string)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	var query strings.Builder
	for n, name := range w.names {
		fmt.Fprintf(&query, " e%d: events(filter: {subjectId: %q}) { nodes { subjectId } edges { node { subjectId } } }", n, w.ids[name])
	}
	data := w.must(t, w.tokens[viewer], "{"+query.String()+" }", nil)
	for i, name := range w.names {
		found, n := data[fmt.Sprint("e", i)], 0
		for _, e := range w.made {
			if e.Subject == w.ids[name] && w.hears(viewer, name) {
				n++
			}
		}
		if len(list(found, "nodes")) != n || len(list(found, "edges")) != n {
			t.Errorf("%d events of %s, want %d", len(list(found, "nodes")), name, n)
		}
	}
}

// liveEvents subscribes from the beginning: a subscriber is told what the list
// tells, in the same order.
func (w *walk) liveEvents(t *testing.T, viewer string) {
	s := w.subscribe(t, w.tokens[viewer], `subscription { events(after: "0") { kind subjectId subject { id } } }`, nil)
	got := []string{}
	for range w.told(viewer) {
		e := at(s.next(t).Data, "events")
		subject := w.nameOf(at(e, "subjectId").(string))
		got = append(got, at(e, "kind").(string)+" of "+subject)
		if seen := at(e, "subject", "id") != nil; seen != w.sees(viewer, subject) {
			t.Errorf("the event's subject %s: visible is %t", subject, seen)
		}
	}
	if diff := cmp.Diff(w.told(viewer), got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// liveCase subscribes to every case. One that is not visible is refused like one
// that does not exist.
func (w *walk) liveCase(t *testing.T, viewer string) {
	const query = `subscription($id: ID!) { caseUpdated(id: $id, after: "0") { subjectId } }`
	refused := func(id string) any {
		e := w.subscribe(t, w.tokens[viewer], query, variables{"id": id}).next(t)
		for n := range e.Errors {
			delete(e.Errors[n].Extensions, "requestId")
		}
		e.Extensions = nil
		return e.answer
	}
	unknown := refused(typeid.New[typeid.CaseID]().String())
	for _, name := range w.of("case") {
		if w.sees(viewer, name) && !w.hears(viewer, name) {
			continue // who only helps is told of the task
		}
		if w.sees(viewer, name) {
			e := w.subscribe(t, w.tokens[viewer], query, variables{"id": w.ids[name]}).next(t)
			if at(e.Data, "caseUpdated", "subjectId") != w.ids[name] {
				t.Errorf("%s: the first event is %+v", name, e)
			}
			continue
		}
		if diff := cmp.Diff(unknown, refused(w.ids[name])); diff != "" {
			t.Errorf("%s is not refused like an unknown case (-want +got):\n%s", name, diff)
		}
	}
}

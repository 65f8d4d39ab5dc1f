package quality_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/handover"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// itemResults sums up what became of the items of a request.
func itemResults(t testing.TB, items []quality.ItemResult, err error) []string {
	t.Helper()
	if err != nil {
		return []string{outcome(err)}
	}
	var all []string
	for _, item := range items {
		if item.Refuse != nil {
			all = append(all, outcome(item.Refuse))
			continue
		}
		all = append(all, fmt.Sprint(item.Change.Object != nil, " at ", *item.Change.Cursor))
	}
	return all
}

func (c *company) dispatches(t testing.TB, cases ...*db.ServiceCase) quality.DispatchCases {
	t.Helper()
	in := quality.DispatchCases{IdempotencyKey: new("bulk")}
	for _, of := range cases {
		in.Items = append(in.Items, quality.DispatchItem{ID: of.ID, ExpectedRevision: of.Revision, DepartmentID: c.departments["desk"].ID})
	}
	return in
}

// What is in the way of one item does not keep the others, and the same request is
// answered the same again, also when meanwhile nothing would be in the way.
func TestBulkItemsAreByThemselves(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := c.as(t, "agent")
		in := c.dispatches(t, c.opened(t), c.opened(t), c.opened(t), c.opened(t))
		in.Items[1].ID = typeid.New[typeid.CaseID]()
		in.Items[2].ExpectedRevision = 7
		in.Items[3].DepartmentID, in.Items[3].Note = c.departments["floor"].ID, new(strings.Repeat("x", 20_001))
		before := c.rows(t)
		done, err := c.DispatchCases(ctx, in)
		first := itemResults(t, done, err)
		want := []string{first[0], "NOT_FOUND items.1.id", "CONFLICT items.2.expectedRevision", "TOO_LONG items.3.note"}
		if diff := cmp.Diff(want, first); diff != "" || !strings.HasPrefix(first[0], "true at ") {
			t.Errorf("%q (-want +got):\n%s", first[0], diff)
		}
		after := c.rows(t)
		if after["hand-overs"] != before["hand-overs"]+1 || after["events"] != before["events"]+1 {
			t.Errorf("rows: %v, before %v, want one more hand-over and event", after, before)
		}
		must(c.DispatchCase(ctx, quality.DispatchCase{ID: in.Items[3].ID, ExpectedRevision: 1, DepartmentID: c.departments["desk"].ID}))(t)
		again, err := c.DispatchCases(ctx, in)
		if diff := cmp.Diff(first, itemResults(t, again, err)); diff != "" {
			t.Errorf("the second time (-first +second):\n%s", diff)
		}
		in.Items[1].ID = in.Items[0].ID
		_, err = c.DispatchCases(ctx, in)
		expect(t, "another request under the same key", err, "IDEMPOTENCY_KEY_REUSED idempotencyKey")
		_, err = c.AssignCases(ctx, quality.AssignCases{IdempotencyKey: new("bulk"), Items: []quality.AssignItem{{ID: in.Items[0].ID}}})
		expect(t, "another verb under the same key", err, "IDEMPOTENCY_KEY_REUSED idempotencyKey")
		if now := c.rows(t); now["hand-overs"] != after["hand-overs"]+1 {
			t.Errorf("%d hand-overs, want %d", now["hand-overs"], after["hand-overs"]+1)
		}
		_, err = c.DispatchCases(ctx, quality.DispatchCases{})
		expect(t, "nothing", err, "REQUIRED items")
		_, err = c.DispatchCases(ctx, quality.DispatchCases{Items: make([]quality.DispatchItem, 101)})
		expect(t, "too many", err, "TOO_LONG items")
		reader := c.viewers["agent"]
		reader.Scopes = []string{"cases:read"}
		_, err = c.DispatchCases(ent.WithViewer(t.Context(), reader), in)
		expect(t, "a token for reading", err, "FORBIDDEN")
	})
}

// Wherever a request is cut off, sent again it is carried out to its end, each item
// once.
func TestBulkIsCarriedOutOnce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		cut := 0
		for n := 1; n <= 14; n++ {
			in := c.dispatches(t, c.opened(t), c.opened(t), c.opened(t))
			in.IdempotencyKey = new(fmt.Sprint("cut ", n))
			ctx, cancel := context.WithCancel(c.as(t, "agent"))
			c.clock.before(n, cancel)
			if _, err := c.DispatchCases(ctx, in); err != nil {
				cut++
			}
			cancel()
			done, err := c.DispatchCases(c.as(t, "agent"), in)
			for _, result := range itemResults(t, done, err) {
				if !strings.HasPrefix(result, "true at ") {
					t.Errorf("after the cut at %d: %s", n, result)
				}
			}
			for _, item := range in.Items {
				if of := c.stored(t, item.ID); of.Status != servicecase.StatusDISPATCHED || of.Revision != 2 {
					t.Errorf("after the cut at %d the case is %v", n, of)
				}
			}
		}
		if cut == 0 {
			t.Error("nothing was cut off")
		}
		in := c.dispatches(t, c.opened(t), c.opened(t))
		before := c.rows(t)["hand-overs"]
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				done, err := c.DispatchCases(c.as(t, "agent"), in)
				for _, result := range itemResults(t, done, err) {
					if !strings.HasPrefix(result, "true at ") {
						t.Errorf("of four at once: %s", result)
					}
				}
			})
		}
		wg.Wait()
		if n := c.rows(t)["hand-overs"]; n != before+2 {
			t.Errorf("four equal requests made %d hand-overs, want 2", n-before)
		}
	})
}

// Who is named in a department is offered the case, and until then nothing changes
// for who has it.
func TestAssigningCases(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		open, offered, accepted := c.opened(t), c.dispatched(t, nil), c.accepted(t)
		in := quality.AssignCases{}
		for _, of := range []*db.ServiceCase{open, offered, accepted} {
			in.Items = append(in.Items, quality.AssignItem{ID: of.ID, ExpectedRevision: of.Revision, AssigneeID: *c.staff("lead")})
		}
		done, err := c.AssignCases(c.as(t, "manager"), in)
		got := itemResults(t, done, err)
		if got[0] != "NOT_FOUND items.0.id" || len(got) != 3 || !strings.HasPrefix(got[1], "true") || !strings.HasPrefix(got[2], "true") {
			t.Fatalf("assigned: %q", got)
		}
		for _, of := range []*db.ServiceCase{offered, accepted} {
			now := c.stored(t, of.ID)
			if now.Status != servicecase.StatusDISPATCHED || now.DispatchedToID != *c.staff("lead") || now.AssigneeID != of.AssigneeID || now.DepartmentID != of.DepartmentID {
				t.Errorf("%s is %v", of.Number, now)
			}
		}
		_, err = c.AssignCase(c.as(t, "agent"), quality.AssignCase{ID: open.ID, ExpectedRevision: open.Revision, AssigneeID: *c.staff("colleague")})
		expect(t, "a case that no department has", err, "REJECTED id")
		other := c.accepted(t)
		_, err = c.AssignCase(c.as(t, "colleague"), quality.AssignCase{ID: other.ID, ExpectedRevision: other.Revision, AssigneeID: *c.staff("colleague")})
		expect(t, "to who has it", err, "INVALID assigneeId")
		_, err = c.AssignCase(c.as(t, "colleague"), quality.AssignCase{ID: other.ID, ExpectedRevision: other.Revision, AssigneeID: *c.staff("housekeeper")})
		expect(t, "to another department's", err, "INVALID assigneeId")
		_, err = c.AssignCase(c.as(t, "agent"), quality.AssignCase{ID: other.ID, ExpectedRevision: other.Revision, AssigneeID: *c.staff("lead")})
		expect(t, "by who only received it", err, "FORBIDDEN")
		must(c.AssignCase(c.as(t, "colleague"), quality.AssignCase{ID: other.ID, ExpectedRevision: other.Revision, AssigneeID: *c.staff("agent"), Note: new("You know the guest")}))(t)
		of := c.stored(t, other.ID)
		of = must(c.RefuseCase(c.as(t, "agent"), quality.RefuseCase{ID: of.ID, ExpectedRevision: of.Revision, Reason: "I do not"}))(t)
		if stored := c.stored(t, other.ID); stored.Status != servicecase.StatusACCEPTED || stored.AssigneeID != *c.staff("colleague") || stored.DepartmentID != other.DepartmentID {
			t.Errorf("refused: %v, %v", stored, of)
		}
		if n := c.db.HandOver.Query().Where(handover.CaseID(other.ID)).CountX(ent.AsSystem(t.Context())); n != 2 {
			t.Errorf("%d hand-overs, want 2", n)
		}
	})
}

package quality_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
	"github.com/seed-34fcb60d/rounds/quality"
)

// soak is how long the clients of TestSoakReadModifyWrite work. The long form is
// for `make soak`:
//
//	ROUNDS_SOAK=1 go test -run TestSoak ./quality
func soak() time.Duration {
	if os.Getenv("ROUNDS_SOAK") != "" {
		return 30 * time.Second
	}
	return time.Second
}

// 64 clients read, modify and write the same few rows. Each gets its change or
// CONFLICT, never anything else such as "database is locked", and every change that
// was promised is there.
func TestSoakReadModifyWrite(t *testing.T) {
	const clients, customers = 64, 4
	each(t, func(t *testing.T, c *company) {
		var ids [customers]typeid.CustomerID
		for n := range ids {
			ids[n] = c.registered(t, "agent", guest()).ID
		}
		kase := c.opened(t)
		linesBefore, eventsBefore := int64(len(c.timeline(t, kase.ID))), c.rows(t)["events"]
		var changed [customers]atomic.Int64
		var lines, conflicts atomic.Int64
		over := time.Now().Add(soak())
		_, errs := atOnce(clients, func(client int) (any, error) {
			ctx := c.as(t, "agent")
			random := rand.New(rand.NewPCG(uint64(client), 0))
			for tries := 0; tries < 2 || time.Now().Before(over); tries++ {
				if random.IntN(4) == 0 {
					_, err := c.AddCaseEntry(ctx, quality.AddCaseEntry{CaseID: kase.ID, Kind: caseentry.KindNOTE,
						Visibility: caseentry.VisibilityINTERNAL, Text: fmt.Sprint(client)})
					if err != nil {
						return nil, err
					}
					lines.Add(1)
					continue
				}
				n := random.IntN(customers)
				of, err := c.db.Customer.Get(ctx, ids[n])
				if err != nil {
					return nil, err
				}
				change, err := c.UpdateCustomer(ctx, quality.UpdateCustomer{ID: of.ID, ExpectedRevision: of.Revision, Name: new(fmt.Sprint(client))})
				switch outcome(err) {
				case "":
					changed[n].Add(1)
					if got := change.Object.Revision; got != of.Revision+1 {
						return nil, fmt.Errorf("a change of revision %d made revision %d: another change was overwritten", of.Revision, got)
					}
				case "CONFLICT expectedRevision":
					conflicts.Add(1)
				default:
					return nil, err
				}
			}
			return nil, nil
		})
		for client, err := range errs {
			if err != nil {
				t.Errorf("client %d: %v", client, err)
			}
		}
		total := lines.Load()
		for n, id := range ids {
			of, err := c.db.Customer.Get(ent.AsSystem(t.Context()), id)
			if err != nil {
				t.Fatal(err)
			}
			if want := 1 + changed[n].Load(); int64(of.Revision) != want {
				t.Errorf("customer %d has revision %d after %d changes", n, of.Revision, want-1)
			}
			total += changed[n].Load()
		}
		if got := int64(len(c.timeline(t, kase.ID))) - linesBefore; got != lines.Load() {
			t.Errorf("the timeline has %d new lines, want %d", got, lines.Load())
		}
		if got := int64(c.rows(t)["events"] - eventsBefore); got != total {
			t.Errorf("%d events were made by %d changes", got, total)
		}
		if total == 0 || conflicts.Load() == 0 {
			t.Errorf("%d changes and %d conflicts: the clients did not get in each other's way", total, conflicts.Load())
		}
		t.Logf("%d changes, %d conflicts", total, conflicts.Load())
	})
}

// The events of a record come in the order of its changes, however many change it
// at once: the last event says who answers for the case in the end.
func TestEventsFollowTheChanges(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.opened(t)
		_, errs := atOnce(16, func(client int) (any, error) {
			to, department := c.staff("colleague"), c.departments["desk"].ID
			if client%2 == 0 {
				to, department = c.staff("housekeeper"), c.departments["housekeeping"].ID
			}
			for {
				now, err := c.db.ServiceCase.Get(c.as(t, "agent"), of.ID)
				if err != nil {
					return nil, err
				}
				_, err = c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: of.ID, ExpectedRevision: now.Revision, DepartmentID: department, AssigneeID: to})
				if outcome(err) != "CONFLICT expectedRevision" {
					return nil, err
				}
			}
		})
		for client, err := range errs {
			if err != nil {
				t.Fatalf("client %d: %v", client, err)
			}
		}
		last, err := c.db.Event.Query().Where(event.Subject(of.ID.String())).Order(db.Desc(event.FieldCursor)).First(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := last.OwnerID, c.stored(t, of.ID).DispatchedToID; got != want {
			t.Errorf("the last event is for %v, but %v was asked last", got, want)
		}
	})
}

// Of many who make the same change at once, each from what was there before, one
// makes it.
func TestOneOfManyWins(t *testing.T) {
	once := []string{"dispatch", "accept", "resolve", "close", "update", "answer", "complete", "approve"}
	each(t, func(t *testing.T, c *company) {
		for _, change := range c.changes(t, false) {
			if !slices.Contains(once, change.name) {
				continue // can be made as often as one likes
			}
			_, errs := atOnce(8, func(int) (any, error) { return nil, change.make(c.as(t, "manager")) })
			made := 0
			for _, err := range errs {
				switch outcome(err) {
				case "":
					made++
				case "CONFLICT expectedRevision", "REJECTED id":
				default:
					t.Errorf("%s: %v", change.name, err)
				}
			}
			if made != 1 {
				t.Errorf("%s was made %d times", change.name, made)
			}
		}
	})
}

// What is approved is what was seen: a run that calculates anew in the same moment
// comes either before, and the approval is refused, or after, and changes nothing.
func TestApproveDuringARun(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.schemes(t)
		ctx := c.as(t, "manager")
		for month := 1; month <= 10; month++ {
			in := quality.RunAppraisals{Scheme: "monthly", DepartmentID: c.departments["reservations"].ID, Day: fmt.Sprintf("2026-%02d-01", month)}
			draft := must(c.RunAppraisals(ctx, in))(t)[0]
			_, errs := atOnce(4, func(n int) (any, error) {
				if n > 0 {
					return c.RunAppraisals(ctx, in)
				}
				return c.ApproveAppraisal(ctx, quality.ApproveAppraisal{ID: draft.ID, ExpectedRevision: 1})
			})
			stored, err := c.db.Appraisal.Get(ent.AsSystem(t.Context()), draft.ID)
			if err != nil {
				t.Fatal(err)
			}
			switch outcome(errs[0]) {
			case "":
				if stored.Revision != 2 || stored.Status != appraisal.StatusAPPROVED {
					t.Errorf("what was approved at revision 2 is now %v", stored)
				}
			case "CONFLICT expectedRevision":
				if stored.Revision == 1 || stored.Status != appraisal.StatusDRAFT {
					t.Errorf("the approval of revision 1 was refused, and the appraisal is %v", stored)
				}
			default:
				t.Errorf("approving: %v", errs[0])
			}
			for n, err := range errs[1:] {
				if got := outcome(err); got != "" && got != "REJECTED departmentId" {
					t.Errorf("run %d: %v", n, err)
				}
			}
		}
	})
}

// As many answers at once as there are connections: none waits for a second one.
func TestAnswersNeedOneConnectionEach(t *testing.T) {
	d, err := ent.Open(t.Context(), ent.Config{URL: dbtest.PostgresURL(t), Conns: 4}) // the event log keeps one
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := newCompany(t, d)
	ctx, cancel := context.WithTimeout(c.as(t, "lead"), 30*time.Second)
	defer cancel()
	checks := definition(t, example(), "example.kinds")
	for range 5 {
		_, errs := atOnce(16, func(int) (any, error) {
			i, err := c.StartInspection(ctx, quality.StartInspection{Checklist: checks.ID, DepartmentID: &c.departments["desk"].ID, Layer: "AUDIT"})
			if err != nil {
				return nil, err
			}
			return c.AnswerInspection(ctx, quality.AnswerInspection{ID: i.Object.ID, ExpectedRevision: new(1), Answers: given(sdktest.Good(checks), checks)})
		})
		for n, err := range errs {
			if err != nil {
				t.Fatalf("inspection %d: %v", n, err)
			}
		}
	}
}

// Case numbers are unique when several servers open cases at once, and start anew
// each year of the site's calendar.
func TestCaseNumbers(t *testing.T) {
	address := dbtest.PostgresURL(t)
	c := newCompany(t, dbtest.Open(t, address))
	second := dbtest.Open(t, address)
	log := events.New(events.Config{Database: second})
	follow(t, log)
	servers := []*quality.Service{c.Service, c.service(second, log)}
	shanghai := time.FixedZone("Asia/Shanghai", 8*60*60) // the calendar of the company's site
	years := []time.Time{time.Date(2026, 12, 31, 23, 59, 59, 0, shanghai), time.Date(2027, 1, 1, 0, 0, 0, 0, shanghai)}
	const clients, cases = 16, 8
	for _, now := range years {
		c.clock.set(now)
		numbers, errs := atOnce(clients, func(client int) ([]string, error) {
			var mine []string
			for range cases {
				change, err := servers[client%2].OpenCase(c.as(t, "agent"), complaint())
				if err != nil {
					return nil, err
				}
				mine = append(mine, change.Object.Number)
			}
			return mine, nil
		})
		seen := map[string]bool{}
		for client := range numbers {
			if errs[client] != nil {
				t.Fatalf("client %d: %v", client, errs[client])
			}
			for _, number := range numbers[client] {
				var year, n int
				if _, err := fmt.Sscanf(number, "%04d-%06d", &year, &n); err != nil || year != now.Year() || fmt.Sprintf("%04d-%06d", year, n) != number {
					t.Errorf("number %q in %d", number, now.Year())
				}
				if most := clients*cases + 2*20; n < 1 || n > most { // a server takes twenty ahead
					t.Errorf("number %q, want at most %d", number, most)
				}
				if seen[number] {
					t.Errorf("number %q was given twice", number)
				}
				seen[number] = true
			}
		}
	}
	late := complaint()
	late.OpenedAt = new(years[0])
	if got := must(c.OpenCase(c.as(t, "agent"), late))(t).Number; got[:5] != "2026-" {
		t.Errorf("a case of last year that is registered now has the number %q", got)
	}
}

func TestCaseNumberOfANewYear(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for _, step := range []struct {
			now  string
			want string
		}{
			{"2026-12-31T23:59:58+08:00", "2026-000001"}, {"2026-12-31T23:59:59+08:00", "2026-000002"},
			{"2027-01-01T00:00:00+08:00", "2027-000001"}, {"2027-01-01T00:00:01+08:00", "2027-000002"},
		} {
			now, err := time.Parse(time.RFC3339, step.now)
			if err != nil {
				t.Fatal(err)
			}
			c.clock.set(now)
			if got := c.opened(t).Number; got != step.want {
				t.Errorf("the case opened at %s has the number %s, want %s", step.now, got, step.want)
			}
		}
		// A server that starts again goes on behind what may have been given.
		again := c.service(c.db, c.log)
		if got := must(again.OpenCase(c.as(t, "agent"), complaint()))(t).Number; got != "2027-000021" {
			t.Errorf("after a new start the number is %s, want that after the block of twenty", got)
		}
	})
}

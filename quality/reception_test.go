package quality_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// visitor is somebody who comes in person and says nothing.
func (c *company) visitor(department string) quality.RegisterVisit {
	return quality.RegisterVisit{DepartmentID: c.departments[department].ID, Channel: visit.ChannelIN_PERSON, Kind: customer.KindPERSON, OwnerAway: quality.AskFirst}
}

func (c *company) received(t testing.TB, who string, in quality.RegisterVisit) *db.Visit {
	t.Helper()
	return must(c.RegisterVisit(c.as(t, who), in))(t)
}

// A thousand registrations at once give each of ten people a hundred turns.
func TestRotationIsFairAtOnce(t *testing.T) {
	people := []string{"agent", "colleague", "lead", "booker", "manager", "housekeeper", "housekeeping manager", "site manager", "officer", "personnel"}
	each(t, func(t *testing.T, c *company) {
		c.planned(t, "desk", "early", people...)
		visits, errs := atOnce(1000, func(int) (*quality.Change[*db.Visit], error) {
			return c.RegisterVisit(c.as(t, "agent"), c.visitor("desk"))
		})
		turns := map[typeid.StaffID]int{}
		for n, err := range errs {
			if err != nil {
				t.Fatalf("registration %d: %v", n, err)
			}
			turns[visits[n].Object.AssignedID]++
		}
		for _, name := range people {
			if got := turns[*c.staff(name)]; got != 100 {
				t.Errorf("%s has %d turns, want 100", name, got)
			}
		}
	})
}

// Of many who register the same new visitor at once, one makes the file.
func TestOneFileForOneNumber(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.planned(t, "desk", "early", "agent", "colleague")
		visits, errs := atOnce(20, func(int) (*quality.Change[*db.Visit], error) {
			in := c.visitor("desk")
			in.Name, in.Phone = new("Wang Fang"), new("138 0013 8000")
			return c.RegisterVisit(c.as(t, "lead"), in)
		})
		strangers := 0
		for n, err := range errs {
			if err != nil {
				t.Fatalf("registration %d: %v", n, err)
			}
			v := visits[n].Object
			if !v.Known {
				strangers++
			}
			if v.AssignedID != visits[0].Object.AssignedID || v.CustomerID != visits[0].Object.CustomerID || v.CustomerID.IsZero() {
				t.Errorf("registration %d: served by %v, file %v", n, v.AssignedID, v.CustomerID)
			}
		}
		if files := c.rows(t)["customers"]; files != 1 || strangers != 1 {
			t.Errorf("%d files of %d new visitors", files, strangers)
		}
	})
}

func TestWhoServesAVisitor(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		in := guest()
		in.OwnerID = c.staff("colleague")
		file := c.registered(t, "colleague", in)
		c.planned(t, "desk", "early", "agent", "colleague")
		c.planned(t, "reservations", "early", "booker")
		known := func(change func(*quality.RegisterVisit)) quality.RegisterVisit {
			in := c.visitor("desk")
			in.Phone = new("+86 138 0013 8000")
			change(&in)
			return in
		}
		before := c.rows(t)["events"]
		v := c.received(t, "agent", known(func(*quality.RegisterVisit) {})) // who does not see the file
		if v.AssignedID != *c.staff("colleague") || v.Assignment != visit.AssignmentOWNER || v.CustomerID != file.ID || !v.Known || *v.Source != "A friend" || v.Day != "2026-11-16" {
			t.Errorf("a known customer: %+v", v)
		}
		want := []said{{"visit.registered", c.staff("agent").String(), v.DepartmentID, *c.staff("colleague"), *c.staff("agent"), ""}}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		other, err := c.RegisterVisit(c.as(t, "agent"), known(func(in *quality.RegisterVisit) { in.DealingWithID = c.staff("agent") }))
		if err != nil || other.Object.AssignedID != *c.staff("colleague") || len(other.Warnings) != 1 || other.Warnings[0].Code != quality.OtherOwner {
			t.Errorf("who names somebody else: %+v, %v", other, err)
		}
		v = c.received(t, "agent", c.visitor("desk"))
		if v.Assignment != visit.AssignmentROTATION || v.Known || !v.CustomerID.IsZero() || *v.Group != "early" {
			t.Errorf("a new visitor: %+v", v)
		}
		named := c.visitor("desk")
		named.DealingWithID = c.staff("booker")
		if v = c.received(t, "agent", named); v.AssignedID != *c.staff("booker") || v.Assignment != visit.AssignmentBY_HAND || !v.Known {
			t.Errorf("who deals with somebody of whom the record knows nothing: %+v", v)
		}

		c.clock.advance(9 * time.Hour)
		_, err = c.RegisterVisit(c.as(t, "agent"), c.visitor("desk"))
		expect(t, "a new visitor when nobody is there", err, "REJECTED assignToId")
		late := c.planned(t, "desk", "late", "lead")[0]
		_, err = c.RegisterVisit(c.as(t, "agent"), known(func(*quality.RegisterVisit) {}))
		expect(t, "a customer whose owner is away", err, "REJECTED ownerAway")
		away, err := c.RegisterVisit(c.as(t, "agent"), known(func(in *quality.RegisterVisit) { in.OwnerAway = quality.TakeRotation }))
		if err != nil || away.Object.AssignedID != late.StaffID || away.Object.OwnerID != file.OwnerID || len(away.Warnings) != 1 || away.Warnings[0].Code != quality.OwnerNotOnDuty {
			t.Errorf("who takes the rotation: %+v, %v", away, err)
		}
		v = c.received(t, "agent", known(func(in *quality.RegisterVisit) { in.OwnerAway = quality.LeaveWithOwner }))
		if v.AssignedID != file.OwnerID || v.Assignment != visit.AssignmentOWNER {
			t.Errorf("who waits for the owner: %+v", v)
		}
		byHand := c.visitor("desk")
		byHand.AssignToID = c.staff("agent")
		_, err = c.RegisterVisit(c.as(t, "agent"), byHand)
		expect(t, "by hand, past the rotation", err, "FORBIDDEN")
		if v = c.received(t, "lead", byHand); v.AssignedID != *c.staff("agent") || v.Assignment != visit.AssignmentBY_HAND {
			t.Errorf("by a manager's hand: %+v", v)
		}
	})
}

func TestRegisterVisitRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.planned(t, "desk", "early", "agent")
		for _, test := range []struct {
			name, who string
			change    func(*quality.RegisterVisit)
			want      string
		}{
			{"a good one", "agent", func(*quality.RegisterVisit) {}, ""},
			{"all that is wrong", "agent", func(in *quality.RegisterVisit) {
				in.At, in.Rings = new(morning.Add(time.Minute)), new(3)
			}, "INVALID at; INVALID rings"},
			{"too long ago", "agent", func(in *quality.RegisterVisit) { in.At = new(morning.AddDate(0, 0, -8)) }, "INVALID at"},
			{"no telephone number, no address", "agent", func(in *quality.RegisterVisit) { in.Phone, in.Email = new("110"), new("wang") }, "INVALID phone; INVALID email"},
			{"another site's department", "shop assistant", func(*quality.RegisterVisit) {}, "NOT_FOUND departmentId"},
			{"a person of another site", "executive", func(in *quality.RegisterVisit) { in.AssignToID = c.staff("shop assistant") }, "INVALID assignToId"},
			{"an unknown file", "agent", func(in *quality.RegisterVisit) { in.CustomerID = new(typeid.New[typeid.CustomerID]()) }, "NOT_FOUND customerId"},
			{"a group that is not on duty", "agent", func(in *quality.RegisterVisit) { in.Group = new("late") }, "REJECTED assignToId"},
		} {
			in := c.visitor("desk")
			test.change(&in)
			before := c.rows(t)
			_, err := c.RegisterVisit(c.as(t, test.who), in)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); (diff == "") != (err != nil) {
				t.Errorf("%s: rows written (-before +after):\n%s", test.name, diff)
			}
		}
	})
}

func TestExtraTurn(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.planned(t, "desk", "early", "agent", "colleague")
		first := c.received(t, "lead", c.visitor("desk"))
		c.received(t, "lead", c.visitor("desk"))
		server := "agent"
		if first.AssignedID == *c.staff("colleague") {
			server = "colleague"
		}
		report := func(who string, revision int) error {
			_, err := c.ReportNoCustomer(c.as(t, who), quality.ReportNoCustomer{ID: first.ID, ExpectedRevision: revision})
			return err
		}
		decide := func(who string, revision int) error {
			_, err := c.DecideExtraTurn(c.as(t, who), quality.DecideExtraTurn{ID: first.ID, ExpectedRevision: revision, Agreed: true})
			return err
		}
		expect(t, "granted before it was asked for", decide("lead", 1), "REJECTED id")
		expect(t, "asked for by a stranger", report("booker", 1), "NOT_FOUND id")
		expect(t, "asked for", report(server, 1), "")
		expect(t, "asked for again", report(server, 2), "REJECTED id")
		expect(t, "granted by oneself", decide(server, 2), "FORBIDDEN")
		expect(t, "granted, too late", decide("manager", 1), "CONFLICT expectedRevision")
		expect(t, "granted", decide("manager", 2), "")
		turns := map[typeid.StaffID]int{}
		for range 5 {
			turns[c.received(t, "lead", c.visitor("desk")).AssignedID]++
		}
		if got := turns[first.AssignedID]; got != 3 {
			t.Errorf("%d of five turns, want one more than the other's two", got)
		}
		stored, err := c.db.Visit.Get(ent.AsSystem(t.Context()), first.ID)
		if err != nil || stored.NoCustomer != visit.NoCustomerAGREED || stored.DecidedByID != *c.staff("manager") {
			t.Errorf("the visit is %v, %v", stored, err)
		}
	})
}

package quality_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/disclosure"
	"github.com/seed-34fcb60d/rounds/quality"
)

func TestRevealCustomer(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, before := c.registered(t, "agent", guest()), c.rows(t)["events"]
		in := quality.RevealCustomer{ID: of.ID, Purpose: "OTHER", Note: new(" A gift "), IdempotencyKey: new("reveal-1")}
		got := must(c.RevealCustomer(c.as(t, "agent"), in))(t)
		want := []quality.RevealedContact{{Kind: "PHONE", Value: "+8613800138000", Primary: true}, {Kind: "EMAIL", Value: "wang.fang@example.com", Primary: true}}
		if diff := cmp.Diff(want, got.Contacts, cmpopts.IgnoreFields(quality.RevealedContact{}, "ContactPointID")); diff != "" || got.Customer.ID != of.ID {
			t.Errorf("revealed (-want +got):\n%s", diff)
		}
		d, err := c.db.Disclosure.Query().Only(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		if d.CustomerID != of.ID || d.Kind != "REVEAL" || d.Purpose != "OTHER" || *d.Note != "A gift" || d.StaffID != *c.staff("agent") || !d.At.Equal(morning) {
			t.Errorf("recorded: %v", d)
		}
		if said := c.said(t, before); len(said) != 1 || said[0].Kind != "customer.revealed" || said[0].Actor != c.staff("agent").String() || said[0].Changed != "" {
			t.Errorf("events: %v", said)
		}
		// It is told once.
		rows := c.rows(t)
		if again := must(c.RevealCustomer(c.as(t, "agent"), in))(t); len(again.Contacts) != 0 || again.Customer.ID != of.ID {
			t.Errorf("a repetition is told %v", again.Contacts)
		}
		if diff := cmp.Diff(rows, c.rows(t)); diff != "" {
			t.Errorf("a repetition wrote (-before +after):\n%s", diff)
		}
	})
}

func TestRevealCustomerRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.registered(t, "agent", guest())
		for _, test := range []struct {
			who, purpose string
			want         string
		}{
			{"housekeeper", "CASE", "NOT_FOUND id"}, {"floor manager", "CASE", "NOT_FOUND id"},
			{"executive", "CASE", "FORBIDDEN"}, {"agent", "OTHER", "REQUIRED note"},
			{"lead", "CASE", ""}, {"site manager", "DELIVERY", ""}, {integrator, "CONTACT", ""},
		} {
			before := c.rows(t)
			_, err := c.RevealCustomer(c.as(t, test.who), quality.RevealCustomer{ID: of.ID, Purpose: disclosure.Purpose(test.purpose), Note: new(" ")})
			expect(t, test.who, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); (diff == "") != (err != nil) {
				t.Errorf("%s: rows written (-before +after):\n%s", test.who, diff)
			}
		}
	})
}

// A viewer is told of so many customers within an hour, and no more however the
// requests come; others are not in the way.
func TestRevealsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.registered(t, "agent", guest())
		s := quality.New(quality.Config{Database: c.db, Events: c.log, Checklists: c.plugins, Contacts: c.keys, Now: c.clock.Now, RevealsPerHour: 3})
		reveal := func(who string) error {
			_, err := s.RevealCustomer(c.as(t, who), quality.RevealCustomer{ID: of.ID, Purpose: "CASE"})
			return err
		}
		got := make(chan error)
		for range 6 {
			go func() { got <- reveal("agent") }()
		}
		outcomes := map[string]int{}
		for range 6 {
			outcomes[outcome(<-got)]++
		}
		if diff := cmp.Diff(map[string]int{"": 3, "RATE_LIMITED": 3}, outcomes); diff != "" {
			t.Errorf("at once (-want +got):\n%s", diff)
		}
		for range 3 {
			expect(t, "another viewer", reveal(integrator), "")
		}
		expect(t, "the integrator's fourth", reveal(integrator), "RATE_LIMITED")
		c.clock.advance(time.Hour)
		expect(t, "an hour later", reveal("agent"), "")
	})
}

package quality_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// twins are two files of one customer, who has the same number in both: of the second
// it is verified, and there are a case and a further number.
func (c *company) twins(t *testing.T) (into, from *db.Customer, kase *db.ServiceCase) {
	into = c.registered(t, "agent", guest())
	other := guest()
	other.Name, other.Email, other.ExternalID = "Fang Wang", nil, new("crm-2")
	from = c.registered(t, "agent", other)
	must(c.VerifyContactPoint(c.as(t, "agent"), quality.VerifyContactPoint{ID: c.point(t, from.ID, contact.PhoneField, "+8613800138000").ID, ExpectedRevision: 1}))(t)
	must(c.AddContactPoint(c.as(t, "agent"), quality.AddContactPoint{CustomerID: from.ID, ExpectedRevision: 2, Kind: "PHONE", Value: "13900139000"}))(t)
	must(c.RevealCustomer(c.as(t, "agent"), quality.RevealCustomer{ID: from.ID, Purpose: "CASE"}))(t)
	story := complaint()
	story.CustomerID = &from.ID
	return into, from, must(c.OpenCase(c.as(t, "agent"), story))(t)
}

func merging(into, from *db.Customer) quality.MergeCustomers {
	return quality.MergeCustomers{IntoID: into.ID, ExpectedRevision: 1, FromID: from.ID, FromExpectedRevision: 3, Reason: "The same number"}
}

func TestMergeCustomers(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		into, from, kase := c.twins(t)
		before := c.rows(t)
		must(c.MergeCustomers(c.as(t, "lead"), merging(into, from)))(t)

		want := []reach{
			{"PHONE", "", "+8613800138000", "", true, true}, {"EMAIL", "", "wang.fang@example.com", "", true, false},
			{"PHONE", "", "+8613900139000", "", false, false},
		}
		if diff := cmp.Diff(want, c.points(t, into.ID), cmp.AllowUnexported(reach{})); diff != "" {
			t.Errorf("contact points (-want +got):\n%s", diff)
		}
		if left := c.points(t, from.ID); len(left) > 0 {
			t.Errorf("left behind are %v", left)
		}
		ctx := ent.AsSystem(t.Context())
		moved, err := c.db.ServiceCase.Get(ctx, kase.ID)
		if err != nil || moved.CustomerID != into.ID || moved.Revision != kase.Revision+1 {
			t.Errorf("the case is %v, %v", moved, err)
		}
		if d, err := c.db.Disclosure.Query().Only(ctx); err != nil || d.CustomerID != into.ID {
			t.Errorf("the disclosure is %v, %v", d, err)
		}
		old, err := c.db.Customer.Get(ctx, from.ID)
		if err != nil || old.MergedIntoID != into.ID || !old.MergedAt.Equal(morning) || old.Name != "Fang Wang" || *old.ExternalID != "crm-2" || old.Revision != 4 {
			t.Errorf("the old file is %v, %v", old, err)
		}
		record, err := c.db.CustomerMerge.Query().Only(ctx)
		if err != nil || record.IntoID != into.ID || record.FromID != from.ID || record.Reason != "The same number" || record.StaffID != *c.staff("lead") {
			t.Errorf("recorded: %v, %v", record, err)
		}
		var said []string
		for _, e := range c.said(t, before["events"]) {
			said = append(said, e.Kind)
		}
		if diff := cmp.Diff([]string{"case.customerChanged", "customer.merged", "customer.updated"}, said); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}

		// What was merged is found and changed no more, and stays where it leads to.
		_, err = c.UpdateCustomer(c.as(t, "lead"), quality.UpdateCustomer{ID: from.ID, ExpectedRevision: 4})
		expect(t, "change it", err, "REJECTED id")
		_, err = c.AddContactPoint(c.as(t, "lead"), quality.AddContactPoint{CustomerID: from.ID, ExpectedRevision: 4, Kind: "PHONE", Value: "13700137000"})
		expect(t, "add to it", err, "REJECTED customerId")
		story := complaint()
		story.CustomerID = &from.ID
		_, err = c.OpenCase(c.as(t, "agent"), story)
		expect(t, "a case of it", err, "REJECTED customerId")
		third := c.registered(t, "agent", quality.RegisterCustomer{Kind: "PERSON", Name: "Wang"})
		must(c.MergeCustomers(c.as(t, "lead"), quality.MergeCustomers{IntoID: third.ID, ExpectedRevision: 1, FromID: into.ID, FromExpectedRevision: 2, Reason: "Again"}))(t)
		if old, err := c.db.Customer.Get(ctx, from.ID); err != nil || old.MergedIntoID != third.ID {
			t.Errorf("the first file leads to %v, %v", old, err)
		}
	})
}

func TestMergeCustomersRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		into, from, _ := c.twins(t)
		unknown := typeid.New[typeid.CustomerID]()
		for _, test := range []struct {
			name, who string
			change    func(*quality.MergeCustomers)
			want      string
		}{
			{"by one who is no manager", "agent", func(*quality.MergeCustomers) {}, "FORBIDDEN"},
			{"by one who sees neither", "housekeeping manager", func(*quality.MergeCustomers) {}, "NOT_FOUND intoId"},
			{"into nobody", "lead", func(in *quality.MergeCustomers) { in.IntoID = unknown }, "NOT_FOUND intoId"},
			{"nobody", "lead", func(in *quality.MergeCustomers) { in.FromID = unknown }, "NOT_FOUND fromId"},
			{"without a reason, with itself", "lead", func(in *quality.MergeCustomers) { in.Reason, in.FromID = " ", in.IntoID }, "REQUIRED reason; INVALID fromId"},
			{"a stale revision", "lead", func(in *quality.MergeCustomers) { in.ExpectedRevision = 7 }, "CONFLICT expectedRevision"},
			{"the other's stale revision", "lead", func(in *quality.MergeCustomers) { in.FromExpectedRevision = 7 }, "CONFLICT fromExpectedRevision"},
		} {
			in, before := merging(into, from), c.rows(t)
			test.change(&in)
			_, err := c.MergeCustomers(c.as(t, test.who), in)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); diff != "" {
				t.Errorf("%s: rows written (-before +after):\n%s", test.name, diff)
			}
		}
	})
}

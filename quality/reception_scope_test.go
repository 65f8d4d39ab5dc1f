package quality_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// Who registers a visitor learns nothing of customers of other sites: the visitor is as
// new as one of whom nobody knows, in the answer, in the warnings and in the events.
func TestReceptionTellsNothingOfOtherSites(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		known := c.registered(t, "agent", guest()) // at the hotel
		register := func(phone string) (*quality.Change[*db.Visit], []said) {
			before := c.rows(t)["events"]
			in := c.visitor("floor")
			in.Name, in.Phone, in.AssignToID = new("A visitor"), new(phone), c.staff("shop assistant")
			change, err := c.RegisterVisit(c.as(t, "shop assistant"), in)
			if err != nil {
				t.Fatal(err)
			}
			return change, c.said(t, before)
		}
		there, saidThere := register("+86 138 0013 8000")
		nowhere, saidNowhere := register("+86 138 0013 8999")
		if v := there.Object; v.Known || v.CustomerID == known.ID || v.Source != nil || v.AssignedID != *c.staff("shop assistant") {
			t.Errorf("a customer of the hotel is known at the mall: %+v", v)
		}
		tells := func(change *quality.Change[*db.Visit], said []said) string {
			v := *change.Object
			v.ID, v.CustomerID = typeid.VisitID{}, typeid.CustomerID{}
			return fmt.Sprint(v.Known, v.Assignment, v.AssignedID, v.OwnerID, v.Source, len(change.Warnings), said)
		}
		if got, want := tells(there, saidThere), tells(nowhere, saidNowhere); got != want {
			t.Errorf("of somebody whom the hotel knows it tells %s, of a stranger %s", got, want)
		}
		for who, want := range map[string]int{"shop assistant": 1, "floor manager": 1, "agent": 1, "executive": 2} {
			digests, err := c.ContactDigests(c.as(t, who), "phone", "+86 138 0013 8000", "")
			if err != nil {
				t.Fatal(err)
			}
			found, err := c.db.Customer.Query().Where(customer.HasContactPointsWith(contactpoint.DigestIn(digests...))).Count(c.as(t, who))
			if err != nil || found != want {
				t.Errorf("%s finds %d customers, %v, want %d", who, found, err, want)
			}
		}
		named := c.visitor("floor")
		for what, id := range map[string]typeid.CustomerID{"of the hotel": known.ID, "unknown": typeid.New[typeid.CustomerID]()} {
			named.CustomerID = &id
			_, err := c.RegisterVisit(c.as(t, "shop assistant"), named)
			expect(t, "naming a customer "+what, err, "NOT_FOUND customerId")
		}
	})
}

// However many files of other sites have a telephone number, the site's own is found.
func TestReceptionFindsTheFileOfTheSite(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for range 26 {
			c.registered(t, "agent", guest())
		}
		in := guest()
		in.Phone = new("+86 138 0013 8000")
		own := c.registered(t, "shop assistant", in)
		visitor := c.visitor("floor")
		visitor.Phone = in.Phone
		if v := c.received(t, "shop assistant", visitor); v.CustomerID != own.ID || !v.Known {
			t.Errorf("the visitor is %v, known %v, want %v", v.CustomerID, v.Known, own.ID)
		}
	})
}

// An erased customer leaves nothing of what was attached to their cases: neither the
// files nor what opens them.
func TestErasedCustomerLeavesNoAttachment(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.registered(t, "agent", guest())
		in := complaint()
		in.CustomerID = &of.ID
		kase := must(c.OpenCase(c.as(t, "agent"), in))(t)
		entry := must(c.AddCaseEntry(c.as(t, "agent"), noted(kase.ID, upload("passport of Wang.txt", "A passport number."), upload("bill.txt", "The bill."))))(t)
		other := must(c.AddCaseEntry(c.as(t, "agent"), noted(c.opened(t).ID, upload("leaflet.txt", "A leaflet."))))(t)
		rows, kept := c.attachments(t, entry), c.attachments(t, other)[0]
		var keys [][]byte
		for _, a := range rows {
			keys = append(keys, c.db.StoredFile.GetX(ent.AsSystem(t.Context()), a.FileID).Key)
		}
		id, query := c.link(t, "agent", rows[0])
		must(c.EraseCustomer(c.as(t, "administrator"), quality.EraseCustomer{ID: of.ID, ExpectedRevision: of.Revision, Reason: "CUSTOMER_REQUEST", EvenIfOpen: true}))(t)

		_, err := c.downloaded(t, id, query)
		expect(t, "by an earlier link", err, "NOT_FOUND")
		if left := c.onDisk(t); len(left) != 1 {
			t.Errorf("%d files are left, want the one of another case", len(left))
		}
		if n := c.rows(t)["files"]; n != 1 {
			t.Errorf("%d rows of files are left", n)
		}
		for table, content := range c.dump(t) {
			for n, trace := range append(keys, []byte("passport"), []byte("bill.txt")) {
				if strings.Contains(content, string(trace)) {
					t.Errorf("the table %s still holds trace %d", table, n)
				}
			}
		}
		id, query = c.link(t, "agent", kept)
		if content, err := c.downloaded(t, id, query); err != nil || content != "A leaflet." {
			t.Errorf("what is attached elsewhere reads %q, %v", content, err)
		}
	})
}

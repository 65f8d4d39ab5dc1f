package quality_test

import (
	"strings"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/ownerchange"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// Whoever owns the relation, a record says who did before, and why not any more.
func TestReassignCustomer(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.registered(t, "agent", guest())
		give := func(revision int, to, why string) quality.ReassignCustomer {
			return quality.ReassignCustomer{ID: of.ID, ExpectedRevision: revision, OwnerID: *c.staff(to), Reason: why}
		}
		before := c.rows(t)
		for _, test := range []struct {
			what, who string
			in        quality.ReassignCustomer
			want      string
		}{
			{"by the owner", "agent", give(1, "colleague", "A wish"), "FORBIDDEN"},
			{"by one who doesn't see the customer", "housekeeping manager", give(1, "housekeeper", "A wish"), "NOT_FOUND id"},
			{"without a reason", "lead", give(1, "colleague", " "), "REQUIRED reason"},
			{"with a long one", "lead", give(1, "colleague", strings.Repeat("长", 501)), "TOO_LONG reason"},
			{"to who owns it", "lead", give(1, "agent", "A wish"), "REJECTED ownerId"},
			{"to another site", "executive", give(1, "shop assistant", "A wish"), "INVALID ownerId"},
			{"a stale revision", "lead", give(2, "colleague", "A wish"), "CONFLICT expectedRevision"},
		} {
			_, err := c.ReassignCustomer(c.as(t, test.who), test.in)
			expect(t, test.what, err, test.want)
		}
		if after := c.rows(t); after["events"] != before["events"] || after["owner changes"] != 0 {
			t.Errorf("refused changes wrote %v", after)
		}
		if got := must(c.ReassignCustomer(c.as(t, "lead"), give(1, "colleague", "A wish")))(t); got.OwnerID != *c.staff("colleague") || got.Revision != 2 {
			t.Errorf("the customer is %v", got)
		}
		must(c.UpdateCustomer(c.as(t, "lead"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: 2, OwnerID: quality.Field[*typeid.StaffID]{Set: true}}))(t)
		changes := c.db.OwnerChange.Query().Order(ownerchange.ByID()).AllX(ent.AsSystem(t.Context()))
		if len(changes) != 2 || changes[0].FromID != *c.staff("agent") || changes[0].ToID != *c.staff("colleague") || *changes[0].Reason != "A wish" ||
			changes[0].StaffID != *c.staff("lead") || changes[1].FromID != *c.staff("colleague") || !changes[1].ToID.IsZero() || changes[1].Reason != nil {
			t.Errorf("recorded are %v", changes)
		}
		if said := c.said(t, before["events"]); len(said) != 2 || said[0].Kind != "customer.reassigned" || said[0].Changed != "owner ownerChanges revision" || said[0].Owner != *c.staff("colleague") {
			t.Errorf("events: %v", said)
		}
	})
}

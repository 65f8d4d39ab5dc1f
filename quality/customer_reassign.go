package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// maxReassignReason bounds why a customer is given to somebody else, in characters.
const maxReassignReason = 500

// ReassignCustomer gives the relation with a customer to somebody else.
type ReassignCustomer struct {
	IdempotencyKey   *string
	ID               typeid.CustomerID
	ExpectedRevision int
	OwnerID          typeid.StaffID
	Reason           string
}

// ReassignCustomer gives the relation with a customer to somebody else, by a manager's
// word and with a reason that is kept (R-CUS-3).
func (s *Service) ReassignCustomer(ctx context.Context, in ReassignCustomer) (*Change[*db.Customer], error) {
	return s.changeCustomer(ctx, customerChange{
		name: "customerReassign", key: in.IdempotencyKey, in: in, revision: in.ExpectedRevision,
		event: EventCustomerReassigned, changed: []string{"owner", "ownerChanges"}, find: customerAt(in.ID, "id"),
		apply: func(ctx context.Context, tx *db.Tx, c *db.Customer, now time.Time) error {
			if viewer := ent.ViewerFrom(ctx); !slices.Contains(managing, viewer.Role) && viewer.Role != ent.Integrator {
				return forbidden(text("Only a manager gives a customer to somebody else.", "只有管理人员可以变更客户的归属。"))
			}
			var bad check
			if bad.text(&in.Reason, maxReassignReason, "reason"); bad.err() != nil {
				return bad.err()
			}
			if err := employedAt(ctx, tx, c.SiteID, in.OwnerID, "ownerId"); err != nil {
				return err
			}
			if c.OwnerID == in.OwnerID {
				return reject(Rejected, text("The customer is this person's already.", "该客户已归此人负责。"), "ownerId")
			}
			if err := recordOwner(ctx, tx, c, in.OwnerID, &in.Reason, now); err != nil {
				return err
			}
			if err := tx.Customer.UpdateOneID(c.ID).SetOwnerID(in.OwnerID).Exec(ctx); err != nil {
				return fmt.Errorf("giving a customer to somebody else: %w", err)
			}
			c.OwnerID = in.OwnerID
			return nil
		},
	})
}

// recordOwner records that somebody else comes to own the relation with a customer.
func recordOwner(ctx context.Context, tx *db.Tx, c *db.Customer, to typeid.StaffID, reason *string, now time.Time) error {
	viewer := ent.ViewerFrom(ctx)
	err := tx.OwnerChange.Create().SetCustomerID(c.ID).SetFromID(c.OwnerID).SetToID(to).SetNillableReason(reason).
		SetActor(viewer.Actor()).SetStaffID(viewer.Staff).SetAt(now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("recording whose a customer is: %w", err)
	}
	return nil
}

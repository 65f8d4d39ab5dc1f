package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// VerifyContactPoint says that a customer was reached at a contact point.
type VerifyContactPoint struct {
	IdempotencyKey   *string
	ID               typeid.ContactPointID
	ExpectedRevision int // of the customer
}

// VerifyContactPoint records that, and by whom, a contact point was found to be the
// customer's. Doing so again records the latest time.
func (s *Service) VerifyContactPoint(ctx context.Context, in VerifyContactPoint) (*Change[*db.Customer], error) {
	return s.changeCustomer(ctx, customerChange{
		name: "customerVerifyContactPoint", key: in.IdempotencyKey, in: in, revision: in.ExpectedRevision,
		event: EventContactPointVerified, changed: []string{"contactPoints"}, find: ownerOfPoint(in.ID),
		apply: func(ctx context.Context, tx *db.Tx, _ *db.Customer, now time.Time) error {
			err := tx.ContactPoint.UpdateOneID(in.ID).SetVerifiedAt(now).SetVerifiedByID(ent.ViewerFrom(ctx).Staff).Exec(ctx)
			if err != nil {
				return fmt.Errorf("verifying a contact point: %w", err)
			}
			return nil
		},
	})
}

// ownerOfPoint finds the customer of a contact point that has not been taken away.
func ownerOfPoint(id typeid.ContactPointID) func(context.Context, *db.Tx) (typeid.CustomerID, string, error) {
	return func(ctx context.Context, tx *db.Tx) (none typeid.CustomerID, _ string, _ error) {
		p, err := tx.ContactPoint.Get(ctx, id)
		if err := seen(p, err)("id"); err != nil {
			return none, "", err
		}
		if p.RemovedAt != nil {
			return none, "", reject(Rejected, text("This contact point has been taken away.", "此联系方式已被移除。"), "id")
		}
		return p.CustomerID, "id", nil
	}
}

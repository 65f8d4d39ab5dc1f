package quality

import (
	"context"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// RemoveContactPoint takes a contact point away.
type RemoveContactPoint struct {
	IdempotencyKey   *string
	ID               typeid.ContactPointID
	ExpectedRevision int // of the customer
}

// RemoveContactPoint takes a contact point away: that there was one stays on record,
// its value does not. The oldest of the others of its kind takes a primary one's place.
func (s *Service) RemoveContactPoint(ctx context.Context, in RemoveContactPoint) (*Change[*db.Customer], error) {
	return s.changeCustomer(ctx, customerChange{
		name: "customerRemoveContactPoint", key: in.IdempotencyKey, in: in, revision: in.ExpectedRevision,
		event: EventContactPointRemoved, changed: []string{"contactPoints"}, find: ownerOfPoint(in.ID),
		apply: func(ctx context.Context, tx *db.Tx, c *db.Customer, now time.Time) error {
			points, err := pointsOf(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(points, func(p *db.ContactPoint) bool { return p.ID == in.ID })
			if at < 0 { // taken away, or moved to another file, before the customer was locked
				return conflict()
			}
			if err := takeAway(ctx, tx, points[at], now); err != nil {
				return err
			}
			return succeed(ctx, tx, points, points[at])
		},
	})
}

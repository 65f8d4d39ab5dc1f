package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// customerChange is a use case that changes what belongs to a customer's file.
type customerChange struct {
	name     string // of the mutation
	key      *string
	in       any
	revision int
	event    string   // kind of the event
	changed  []string // names of the API fields that change, besides revision

	// find returns the id of the customer, and at which path it is told when there
	// is none.
	find func(ctx context.Context, tx *db.Tx) (typeid.CustomerID, string, error)
	// apply changes what belongs to the customer, whose row is locked and has its new
	// revision.
	apply func(ctx context.Context, tx *db.Tx, c *db.Customer, now time.Time) error
}

// changeCustomer carries out a change of a customer who is loaded as the viewer sees
// them, and who still has the expected revision. It warns of other customers with the
// same contact points.
func (s *Service) changeCustomer(ctx context.Context, m customerChange) (*Change[*db.Customer], error) {
	return run(ctx, s, useCase[*db.Customer]{
		area: ent.Customers, name: m.name, key: m.key, in: m.in, read: s.readCustomer,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Customer], error) {
			var none effect[*db.Customer]
			id, path, err := m.find(ctx, tx)
			if err != nil {
				return none, err
			}
			c, err := tx.Customer.Get(ctx, id)
			if err := seen(c, err)(path); err != nil {
				return none, err
			}
			if err := refuseMerged(c, path); err != nil {
				return none, err
			}
			now := s.now()
			c, err = tx.Customer.UpdateOneID(id).Where(customer.Revision(m.revision)).AddRevision(1).SetUpdatedAt(now).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a customer: %w", err)
			}
			if err := m.apply(ctx, tx, c, now); err != nil {
				return none, err
			}
			warnings, err := s.warnOfTwins(ctx, tx, id)
			return effect[*db.Customer]{
				object: c.Unwrap(), ids: []string{id.String()}, warnings: warnings,
				events: []events.Event{customerEvent(m.event, c, now, append(m.changed, "revision")...)},
			}, err
		},
	})
}

// customerAt names the customer of an input.
func customerAt(id typeid.CustomerID, path string) func(context.Context, *db.Tx) (typeid.CustomerID, string, error) {
	return func(context.Context, *db.Tx) (typeid.CustomerID, string, error) { return id, path, nil }
}

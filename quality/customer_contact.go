package quality

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// maxContactEvery bounds the interval of regular contacts, in days.
const maxContactEvery = 3650

// inTouch notes that a customer was contacted, or came, which moves the next contact.
// Whoever is changing the file at the same moment is not waited for: they may be
// waiting for what this transaction has locked. Then the next contact stays where it was.
func (s *Service) inTouch(ctx context.Context, tx *db.Tx, id typeid.CustomerID, at time.Time) error {
	if id.IsZero() {
		return nil
	}
	q := tx.Customer.Query().Where(customer.ID(id), customer.MergedIntoIDIsNil(), customer.ErasedAtIsNil(),
		customer.Or(customer.LastContactAtIsNil(), customer.LastContactAtLT(at)))
	if s.db.IsPostgres() {
		q.ForUpdate(sql.WithLockAction(sql.SkipLocked))
	}
	c, err := q.Only(ent.AsSystem(ctx))
	if db.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking up who was contacted: %w", err)
	}
	c.LastContactAt = &at
	return s.planContact(ctx, tx, c)
}

// planContact stores when a customer was contacted, and is to be next, by what c says
// and the consent that holds now.
func (s *Service) planContact(ctx context.Context, tx *db.Tx, c *db.Customer) error {
	agreed, err := agreedTo(ctx, tx, c.ID, consent.PurposeCONTACT)
	if err != nil {
		return err
	}
	k := rules.Keeping{Agreed: agreed, Every: s.contactEvery, Last: c.RegisteredAt, Again: c.CallAgainAt}
	if c.ContactEvery != nil {
		k.Every = *c.ContactEvery
	}
	if c.LastContactAt != nil {
		k.Last = *c.LastContactAt
	}
	c.NextContactAt = rules.NextContact(k)
	update := tx.Customer.UpdateOneID(c.ID).SetNillableLastContactAt(c.LastContactAt)
	if c.CallAgainAt == nil {
		update.ClearCallAgainAt()
	} else {
		update.SetCallAgainAt(*c.CallAgainAt)
	}
	if c.NextContactAt == nil {
		update.ClearNextContactAt()
	} else {
		update.SetNextContactAt(*c.NextContactAt)
	}
	if err := update.Exec(ent.AsSystem(ctx)); err != nil {
		return fmt.Errorf("planning the next contact with a customer: %w", err)
	}
	return nil
}

// agreedTo reports whether a customer agrees to a use of their data now.
func agreedTo(ctx context.Context, tx *db.Tx, id typeid.CustomerID, p consent.Purpose) (bool, error) {
	agreed, err := tx.Consent.Query().Where(consent.CustomerID(id), consent.PurposeEQ(p), consent.Current(true), consent.StateEQ(consent.StateGIVEN)).
		Exist(ent.AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("looking up a customer's consent: %w", err)
	}
	return agreed, nil
}

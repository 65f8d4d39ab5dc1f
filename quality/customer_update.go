package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// Field is a value that may be left out of a change, which is not the same as
// taking it away.
type Field[T any] struct {
	Value T
	Set   bool
}

// UpdateCustomer changes a customer's file. A field that is set to nil is taken
// away.
type UpdateCustomer struct {
	IdempotencyKey   *string
	ID               typeid.CustomerID
	ExpectedRevision int
	Name             *string
	Kind             *customer.Kind
	Phone            Field[*string]
	Email            Field[*string]
	Source           Field[*string]
	DepartmentID     Field[*typeid.DepartmentID]
	OwnerID          Field[*typeid.StaffID]
}

// UpdateCustomer changes a customer's file (R-CUS-1).
func (s *Service) UpdateCustomer(ctx context.Context, in UpdateCustomer) (*Change[*db.Customer], error) {
	return run(ctx, s, useCase[*db.Customer]{
		area: ent.Customers, name: "customerUpdate", key: in.IdempotencyKey, in: in, read: s.readCustomer,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Customer], error) {
			var none effect[*db.Customer]
			c, err := tx.Customer.Get(ctx, in.ID)
			if err := seen(c, err)("id"); err != nil {
				return none, err
			}
			if c.Revision != in.ExpectedRevision {
				return none, conflict()
			}
			update := tx.Customer.UpdateOneID(c.ID).Where(customer.Revision(in.ExpectedRevision)).
				AddRevision(1).SetUpdatedAt(s.now())
			changed, err := s.applyToCustomer(ctx, tx, c, &in, update)
			if err != nil {
				return none, err
			}
			if c, err = update.Save(ctx); db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a customer: %w", err)
			}
			warnings, err := warnOfTwins(ctx, tx, c)
			return effect[*db.Customer]{
				object: c.Unwrap(), ids: []string{c.ID.String()}, warnings: warnings,
				events: []events.Event{customerEvent(EventCustomerUpdated, c, c.UpdatedAt, append(changed, "revision")...)},
			}, err
		},
	})
}

// applyToCustomer checks a change, sets its columns and names its fields.
func (s *Service) applyToCustomer(ctx context.Context, tx *db.Tx, c *db.Customer, in *UpdateCustomer, update *db.CustomerUpdateOne) (changed []string, err error) {
	var bad check
	if in.Name != nil {
		name := *in.Name
		bad.text(&name, maxName, "name")
		update.SetName(name)
		changed = append(changed, "name")
	}
	if in.Kind != nil {
		update.SetKind(*in.Kind)
		changed = append(changed, "kind")
	}
	if in.Source.Set {
		bad.optional(&in.Source.Value, maxSource, "source")
		if in.Source.Value == nil {
			update.ClearSource()
		} else {
			update.SetSource(*in.Source.Value)
		}
		changed = append(changed, "source")
	}
	site, err := tx.Site.Get(ent.AsSystem(ctx), c.SiteID)
	if err != nil {
		return nil, fmt.Errorf("looking up a customer's site: %w", err)
	}
	if in.Phone.Set {
		bad.optional(&in.Phone.Value, maxName, "phone")
		phone, err := s.seal(&bad, contact.PhoneField, in.Phone.Value, site.Country)
		if err != nil {
			return nil, err
		}
		update.SetPhoneSealed(phone.value).SetPhoneIndex(phone.index)
		changed = append(changed, "phone")
	}
	if in.Email.Set {
		bad.optional(&in.Email.Value, maxName, "email")
		email, err := s.seal(&bad, contact.EmailField, in.Email.Value, site.Country)
		if err != nil {
			return nil, err
		}
		update.SetEmailSealed(email.value).SetEmailIndex(email.index)
		changed = append(changed, "email")
	}
	if in.DepartmentID.Set {
		changed = append(changed, "department")
		if id := in.DepartmentID.Value; id == nil {
			update.ClearDepartment()
		} else if err := s.checkDepartment(ctx, tx, *id, c.SiteID); err != nil {
			return nil, err
		} else {
			update.SetDepartmentID(*id)
		}
	}
	if in.OwnerID.Set {
		changed = append(changed, "owner")
		if id := in.OwnerID.Value; id == nil {
			update.ClearOwner()
		} else if err := employedAt(ctx, tx, c.SiteID, *id, "ownerId"); err != nil {
			return nil, err
		} else {
			update.SetOwnerID(*id)
		}
	}
	return changed, bad.err()
}

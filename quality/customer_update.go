package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
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
	Class            Field[*string]
	ContactEvery     Field[*int]      // days; nil as everybody's, 0 for no regular contact
	Preferences      []*SetPreference // those that change
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
			if err := refuseMerged(c, "id"); err != nil {
				return none, err
			}
			if c.Revision != in.ExpectedRevision {
				return none, conflict()
			}
			update := tx.Customer.UpdateOneID(c.ID).Where(customer.Revision(in.ExpectedRevision)).
				AddRevision(1).SetUpdatedAt(s.now())
			changed, primaries, err := s.applyToCustomer(ctx, tx, c, &in, update)
			if err != nil {
				return none, err
			}
			was := c
			if c, err = update.Save(ctx); db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a customer: %w", err)
			}
			if in.ContactEvery.Set {
				if err := s.planContact(ctx, tx, c); err != nil {
					return none, err
				}
			}
			if in.OwnerID.Set && c.OwnerID != was.OwnerID {
				if err := recordOwner(ctx, tx, was, c.OwnerID, nil, c.UpdatedAt); err != nil {
					return none, err
				}
			}
			for kind, with := range primaries {
				if err := replacePrimary(ctx, tx, c.ID, kind, with, c.UpdatedAt); err != nil {
					return none, err
				}
			}
			warnings, err := s.warnOfTwins(ctx, tx, c.ID)
			return effect[*db.Customer]{
				object: c.Unwrap(), ids: []string{c.ID.String()}, warnings: warnings,
				events: []events.Event{customerEvent(EventCustomerUpdated, c, c.UpdatedAt, append(changed, "revision")...)},
			}, err
		},
	})
}

// applyToCustomer checks a change, sets its columns and names its fields. It returns
// the new primary contact points of the kinds that change, nil for one that goes.
func (s *Service) applyToCustomer(ctx context.Context, tx *db.Tx, c *db.Customer, in *UpdateCustomer, update *db.CustomerUpdateOne) (changed []string, primaries map[contactpoint.Kind]*point, err error) {
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
	if in.Class.Set {
		if customerClass(&bad, &in.Class.Value); in.Class.Value == nil {
			update.ClearClass()
		} else {
			update.SetClass(*in.Class.Value)
		}
		changed = append(changed, "class")
	}
	if every := in.ContactEvery.Value; in.ContactEvery.Set {
		if update.ClearContactEvery(); every != nil {
			update.SetContactEvery(*every)
			if *every < 0 || *every > maxContactEvery {
				bad.add(Invalid, fmt.Sprintf("An interval is 0 to %d days.", maxContactEvery), fmt.Sprintf("间隔应为 0 至 %d 天。", maxContactEvery), "contactEvery")
			}
		}
		changed = append(changed, "contactEvery", "nextContactAt")
	}
	if len(in.Preferences) > 0 {
		update.SetPreferences(preferences(&bad, c.Preferences, in.Preferences))
		changed = append(changed, "preferences")
	}
	site, err := tx.Site.Get(ent.AsSystem(ctx), c.SiteID)
	if err != nil {
		return nil, nil, fmt.Errorf("looking up a customer's site: %w", err)
	}
	keys, err := s.keysIn(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	primaries = map[contactpoint.Kind]*point{}
	for _, given := range []struct {
		kind  contactpoint.Kind
		value *Field[*string]
		path  string
	}{{contactpoint.KindPHONE, &in.Phone, "phone"}, {contactpoint.KindEMAIL, &in.Email, "email"}} {
		if !given.value.Set {
			continue
		}
		primaries[given.kind] = nil
		if bad.optional(&given.value.Value, maxName, given.path); given.value.Value != nil {
			p, err := seal(keys, &bad, given.kind, nil, *given.value.Value, site.Country, given.path)
			if err != nil {
				return nil, nil, err
			}
			primaries[given.kind] = &p
		}
		changed = append(changed, given.path)
	}
	if len(primaries) > 0 {
		changed = append(changed, "contactPoints")
	}
	if in.DepartmentID.Set {
		changed = append(changed, "department")
		if id := in.DepartmentID.Value; id == nil {
			update.ClearDepartment()
		} else if err := s.checkDepartment(ctx, tx, *id, c.SiteID); err != nil {
			return nil, nil, err
		} else {
			update.SetDepartmentID(*id)
		}
	}
	if in.OwnerID.Set {
		changed = append(changed, "owner")
		if id := in.OwnerID.Value; id == nil {
			update.ClearOwner()
		} else if err := employedAt(ctx, tx, c.SiteID, *id, "ownerId"); err != nil {
			return nil, nil, err
		} else {
			update.SetOwnerID(*id)
		}
	}
	return changed, primaries, bad.err()
}

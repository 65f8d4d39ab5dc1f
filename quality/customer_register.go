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

// RegisterCustomer is a customer to register.
type RegisterCustomer struct {
	IdempotencyKey *string
	SiteID         *typeid.SiteID
	DepartmentID   *typeid.DepartmentID
	OwnerID        *typeid.StaffID
	Kind           customer.Kind
	Name           string
	Phone          *string
	Email          *string
	Source         *string
	Class          *string
	ExternalID     *string
}

// RegisterCustomer registers a customer (R-CUS-1). The viewer owns the relation
// unless another owner is named.
func (s *Service) RegisterCustomer(ctx context.Context, in RegisterCustomer) (*Change[*db.Customer], error) {
	return run(ctx, s, useCase[*db.Customer]{
		area: ent.Customers, name: "customerRegister", key: in.IdempotencyKey, in: in, read: s.readCustomer,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Customer], error) {
			var none effect[*db.Customer]
			site, err := siteOf(ctx, tx.Site, in.SiteID)
			if err != nil {
				return none, err
			}
			create := tx.Customer.Create()
			keys, err := s.keysIn(ctx, tx)
			if err != nil {
				return none, err
			}
			points, err := s.fillCustomer(ctx, tx, keys, create, &in, site)
			if err != nil {
				return none, err
			}
			// Reception does the same: who comes second finds the first, and is warned of it.
			var digests [][]byte
			for _, p := range points {
				digests = append(digests, p.digests...)
			}
			if err := s.lockContacts(ctx, tx, digests); err != nil {
				return none, err
			}
			c, err := create.Save(ctx)
			if err != nil {
				return none, fmt.Errorf("registering a customer: %w", err)
			}
			for _, p := range points { // one of each kind
				if err := p.create(tx, c.ID, true, c.RegisteredAt).Exec(ctx); err != nil {
					return none, fmt.Errorf("adding a contact point: %w", err)
				}
			}
			warnings, err := s.warnOfTwins(ctx, tx, c.ID)
			return effect[*db.Customer]{
				object: c.Unwrap(), ids: []string{c.ID.String()}, warnings: warnings,
				events: []events.Event{customerEvent(EventCustomerRegistered, c, c.RegisteredAt)},
			}, err
		},
	})
}

// fillCustomer checks an input, sets the columns of a new customer, and returns what
// the contact points are made of.
func (s *Service) fillCustomer(ctx context.Context, tx *db.Tx, keys *contact.Ring, create *db.CustomerCreate, in *RegisterCustomer, site *db.Site) ([]point, error) {
	var bad check
	bad.text(&in.Name, maxName, "name")
	bad.optional(&in.Phone, maxName, "phone")
	bad.optional(&in.Email, maxName, "email")
	bad.optional(&in.Source, maxSource, "source")
	customerClass(&bad, &in.Class)
	bad.optional(&in.ExternalID, maxForeign, "externalId")
	points, err := sealGiven(keys, &bad, in.Phone, in.Email, site.Country)
	if err != nil {
		return nil, err
	}
	if bad.err() != nil {
		return nil, bad.err()
	}
	department, owner, err := s.caretakers(ctx, tx, in, site)
	if err != nil {
		return nil, err
	}
	if in.ExternalID != nil {
		known, err := tx.Customer.Query().Where(customer.SiteID(site.ID), customer.ExternalID(*in.ExternalID)).Exist(ent.AsSystem(ctx))
		if err != nil {
			return nil, fmt.Errorf("looking up a customer by the foreign id: %w", err)
		}
		if known {
			return nil, reject(Duplicate, text("The site has a customer with this external id already.", "本营业点已存在相同外部编号的客户。"), "externalId")
		}
	}
	now := s.now()
	create.SetSiteID(site.ID).SetDepartmentID(department).SetOwnerID(owner).SetKind(in.Kind).SetName(in.Name).
		SetNillableSource(in.Source).SetNillableClass(in.Class).SetNillableExternalID(in.ExternalID).SetRegisteredAt(now).SetUpdatedAt(now)
	return points, nil
}

// caretakers returns the department and the owner that were named, or the viewer's
// own department and the viewer.
func (s *Service) caretakers(ctx context.Context, tx *db.Tx, in *RegisterCustomer, site *db.Site) (d typeid.DepartmentID, o typeid.StaffID, err error) {
	if o = ent.ViewerFrom(ctx).Staff; !o.IsZero() {
		person, err := tx.Staff.Get(ent.AsSystem(ctx), o)
		if err != nil {
			return d, o, fmt.Errorf("looking up the viewer: %w", err)
		}
		if person.SiteID == site.ID {
			d = person.DepartmentID
		}
	}
	if in.DepartmentID != nil {
		if err := s.checkDepartment(ctx, tx, *in.DepartmentID, site.ID); err != nil {
			return d, o, err
		}
		d = *in.DepartmentID
	}
	if in.OwnerID != nil {
		if err := employedAt(ctx, tx, site.ID, *in.OwnerID, "ownerId"); err != nil {
			return d, o, err
		}
		o = *in.OwnerID
	}
	return d, o, nil
}

// checkDepartment checks that a department is the viewer's to see and of the site.
func (s *Service) checkDepartment(ctx context.Context, tx *db.Tx, id typeid.DepartmentID, site typeid.SiteID) error {
	d, err := tx.Department.Get(ctx, id)
	if err := seen(d, err)("departmentId"); err != nil {
		return err
	}
	if d.SiteID != site {
		return reject(Invalid, text("The department belongs to another site.", "该部门属于其他营业点。"), "departmentId")
	}
	return nil
}

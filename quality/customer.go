package quality

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// Limits of the texts of a customer's file, in characters.
const (
	maxName   = 200
	maxSource = 100
	maxClass  = 40
)

func (s *Service) readCustomer(ctx context.Context, ids []string) (*db.Customer, error) {
	id, _ := typeid.Parse[typeid.CustomerID](ids[0])
	return s.db.Customer.Get(ctx, id)
}

// customerEvent is an event of a customer's file. It is visible to who owns the
// relation and to those above.
func customerEvent(kind string, c *db.Customer, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: c.ID.String(), Changed: changed, At: now,
		Site: c.SiteID, Department: c.DepartmentID, Owner: c.OwnerID}
}

// ContactDigests returns the digests by which customers with this telephone number or
// e-mail address are found, none for a text that is neither. country is that of a
// number without a country code.
func (s *Service) ContactDigests(ctx context.Context, f contact.Field, value, country string) ([][]byte, error) {
	normal, err := normalise(f, value, country)
	if err != nil {
		return nil, nil
	}
	keys, err := s.ring(ctx, s.db.SealingKey)
	if err != nil {
		return nil, err
	}
	return keys.Digests(f, normal)
}

// customerClass checks how a site classes a customer, and writes it in its one form.
func customerClass(bad *check, class **string) {
	if bad.optional(class, maxClass, "class"); *class == nil {
		return
	}
	*class = new(strings.ToLower(**class))
	if strings.ContainsFunc(**class, func(r rune) bool { return r < ' ' }) {
		bad.add(Invalid, "This must be one line.", "此项只能有一行。", "class")
	}
}

// siteCustomer returns the customer of a site who was first registered with a telephone
// number or an e-mail address, given by its digests; nil for none.
func siteCustomer(ctx context.Context, tx *db.Tx, site typeid.SiteID, digests [][]byte) (*db.Customer, error) {
	found, err := tx.Customer.Query().Where(customer.SiteID(site), customer.HasContactPointsWith(contactpoint.DigestIn(digests...))).
		Order(customer.ByRegisteredAt(), customer.ByID()).First(ent.AsSystem(ctx))
	if db.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking up a customer by contact data: %w", err)
	}
	return found, nil
}

// warnOfTwins warns when another customer has a contact point of this one (R-CUS-3).
// It tells of those alone whom the viewer may see: a warning that counted others
// would say who is a customer elsewhere.
func (s *Service) warnOfTwins(ctx context.Context, tx *db.Tx, id typeid.CustomerID) ([]Warning, error) {
	points, err := pointsOf(ctx, tx, id)
	if err != nil || len(points) == 0 {
		return nil, err
	}
	keys, err := s.keysIn(ctx, tx)
	if err != nil {
		return nil, err
	}
	var digests [][]byte
	for _, p := range points {
		v, err := s.openPoint(p)
		if err != nil {
			return nil, err
		}
		some, err := keys.Digests(v.field, v.value)
		if err != nil {
			return nil, err
		}
		digests = append(digests, some...)
	}
	twin, err := tx.Customer.Query().Where(customer.IDNEQ(id), customer.HasContactPointsWith(contactpoint.DigestIn(digests...))).Exist(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for customers with the same contact data: %w", err)
	}
	if !twin {
		return nil, nil
	}
	return []Warning{{PossibleDuplicate, text("Another customer has the same telephone number, e-mail address or chat name.",
		"已有客户使用相同的电话、电子邮箱或聊天账号。")}}, nil
}

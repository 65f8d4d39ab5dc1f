package quality

import (
	"context"
	"fmt"
	"strings"
	"time"

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

// ContactIndex returns the digest by which customers with this telephone number or
// e-mail address are found, and false for a text that is neither. country is that
// of a number without a country code.
func (s *Service) ContactIndex(f contact.Field, value, country string) ([]byte, bool, error) {
	normal, err := normalise(f, value, country)
	if err != nil {
		return nil, false, nil
	}
	index, err := s.contacts.Index(f, normal)
	return index, true, err
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

// maxFound bounds the customers that are found by one contact datum.
const maxFound = 25

// customersByContact returns the customers with a telephone number, e-mail address
// or name at a chat service, given in normal form, as far as the viewer of ctx sees
// them: first registered first, at most 25.
func (s *Service) customersByContact(ctx context.Context, customers *db.CustomerClient, f contact.Field, normal string) ([]*db.Customer, error) {
	digest, err := s.contacts.Index(f, normal)
	if err != nil {
		return nil, err
	}
	found, err := customers.Query().Where(customer.HasContactPointsWith(contactpoint.Digest(digest))).
		Order(customer.ByRegisteredAt(), customer.ByID()).Limit(maxFound).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking up customers by contact data: %w", err)
	}
	return found, nil
}

// warnOfTwins warns when another customer has a contact point of this one (R-CUS-3).
// It tells of those alone whom the viewer may see: a warning that counted others
// would say who is a customer elsewhere.
func warnOfTwins(ctx context.Context, tx *db.Tx, id typeid.CustomerID) ([]Warning, error) {
	points, err := pointsOf(ctx, tx, id)
	if err != nil || len(points) == 0 {
		return nil, err
	}
	digests := make([][]byte, len(points))
	for i, p := range points {
		digests[i] = p.Digest
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

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
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// Limits of the texts of a customer's file, in characters.
const (
	maxName   = 200
	maxSource = 100
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

// sealed is a contact datum as it is stored. The zero value takes one away.
type sealed struct{ value, index []byte }

// seal normalises and seals a telephone number or e-mail address. A wrong one is
// told to bad.
func (s *Service) seal(bad *check, f contact.Field, value *string, country string) (sealed, error) {
	if value == nil {
		return sealed{}, nil
	}
	normal, err := normalise(f, *value, country)
	if err != nil {
		bad.add(Invalid, "This is not a valid value.", "格式不正确。", string(f))
		return sealed{}, nil
	}
	var out sealed
	if out.value, err = s.contacts.Seal(f, normal); err == nil {
		out.index, err = s.contacts.Index(f, normal)
	}
	return out, err
}

func normalise(f contact.Field, value, country string) (string, error) {
	if f == contact.PhoneField {
		return contact.Phone(value, country)
	}
	return contact.Email(value)
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

// MaskedPhone returns a customer's telephone number but for its last digits; nil
// if there is none.
func (s *Service) MaskedPhone(c *db.Customer) (*string, error) {
	return s.masked(contact.PhoneField, c.PhoneSealed, contact.MaskPhone)
}

// MaskedEmail returns a customer's e-mail address but for its first letter and
// domain; nil if there is none.
func (s *Service) MaskedEmail(c *db.Customer) (*string, error) {
	return s.masked(contact.EmailField, c.EmailSealed, contact.MaskEmail)
}

func (s *Service) masked(f contact.Field, value []byte, mask func(string) string) (*string, error) {
	if len(value) == 0 {
		return nil, nil
	}
	open, err := s.contacts.Open(f, value)
	if err != nil {
		return nil, err
	}
	shown := mask(open)
	return &shown, nil
}

// warnOfTwins warns when another customer has the same telephone number or e-mail
// address (R-CUS-3). It looks at all customers: that there is one is told, not which.
func warnOfTwins(ctx context.Context, tx *db.Tx, c *db.Customer) ([]Warning, error) {
	q := tx.Customer.Query().Where(customer.IDNEQ(c.ID))
	switch {
	case c.PhoneIndex != nil && c.EmailIndex != nil:
		q.Where(customer.Or(customer.PhoneIndex(c.PhoneIndex), customer.EmailIndex(c.EmailIndex)))
	case c.PhoneIndex != nil:
		q.Where(customer.PhoneIndex(c.PhoneIndex))
	case c.EmailIndex != nil:
		q.Where(customer.EmailIndex(c.EmailIndex))
	default:
		return nil, nil
	}
	twin, err := q.Exist(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("looking for customers with the same contact data: %w", err)
	}
	if !twin {
		return nil, nil
	}
	return []Warning{{PossibleDuplicate, text("Another customer has the same telephone number or e-mail address.",
		"已有客户使用相同的电话或电子邮箱。")}}, nil
}

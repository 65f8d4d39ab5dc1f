package quality

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// Limits of a customer's contact points.
const (
	maxContactPoints = 20 // of one customer, without those that were taken away
	maxContactLabel  = 60 // characters
	maxChatService   = 40 // characters
)

// point is a contact point as it is stored.
type point struct {
	kind    contactpoint.Kind
	service *string // of a chat
	label   *string
	value   []byte
	digests [][]byte // by all keys, first that which is stored
}

// is reports whether a stored contact point has the same value.
func (p point) is(stored *db.ContactPoint) bool {
	return slices.ContainsFunc(p.digests, func(digest []byte) bool { return bytes.Equal(stored.Digest, digest) })
}

// fieldOf is what a contact point's value is sealed and found as.
func fieldOf(kind contactpoint.Kind, service *string) contact.Field {
	switch {
	case kind == contactpoint.KindPHONE:
		return contact.PhoneField
	case kind == contactpoint.KindEMAIL:
		return contact.EmailField
	default:
		return contact.ChatField(*service)
	}
}

// contactValue is what a contact point says.
type contactValue struct {
	field contact.Field
	value string
}

// openPoint opens a contact point, by whichever key it is sealed.
func (s *Service) openPoint(p *db.ContactPoint) (v contactValue, err error) {
	v.field = fieldOf(p.Kind, p.Channel)
	v.value, err = s.contacts.Open(v.field, p.Sealed)
	return v, err
}

func normalise(f contact.Field, value, country string) (string, error) {
	switch f {
	case contact.PhoneField:
		return contact.Phone(value, country)
	case contact.EmailField:
		return contact.Email(value)
	default:
		return contact.Chat(value)
	}
}

// seal normalises and seals a value. A wrong one is told to bad at the path.
func seal(keys *contact.Ring, bad *check, kind contactpoint.Kind, service *string, value, country string, path ...string) (p point, err error) {
	f := fieldOf(kind, service)
	normal, err := normalise(f, value, country)
	if err != nil {
		bad.add(Invalid, "This is not a valid value.", "格式不正确。", path...)
		return p, nil
	}
	p = point{kind: kind, service: service}
	if p.value, err = keys.Seal(f, normal); err == nil {
		p.digests, err = keys.Digests(f, normal)
	}
	return p, err
}

// sealGiven seals the telephone number and e-mail address of an input, as far as
// there are any.
func sealGiven(keys *contact.Ring, bad *check, phone, email *string, country string) (points []point, err error) {
	for _, given := range []struct {
		kind  contactpoint.Kind
		value *string
		path  string
	}{{contactpoint.KindPHONE, phone, "phone"}, {contactpoint.KindEMAIL, email, "email"}} {
		if given.value == nil {
			continue
		}
		p, err := seal(keys, bad, given.kind, nil, *given.value, country, given.path)
		if err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	return points, nil
}

// create is the row of a new contact point.
func (p point) create(tx *db.Tx, of typeid.CustomerID, primary bool, now time.Time) *db.ContactPointCreate {
	return tx.ContactPoint.Create().SetCustomerID(of).SetKind(p.kind).SetNillableChannel(p.service).SetNillableLabel(p.label).
		SetSealed(p.value).SetDigest(p.digests[0]).SetPrimary(primary).SetAddedAt(now)
}

// pointsOf returns the contact points that a customer has, the primary ones first.
func pointsOf(ctx context.Context, tx *db.Tx, of typeid.CustomerID) ([]*db.ContactPoint, error) {
	points, err := tx.ContactPoint.Query().Where(contactpoint.CustomerID(of), contactpoint.RemovedAtIsNil()).
		Order(contactpoint.ByPrimary(sql.OrderDesc()), contactpoint.ByAddedAt(), contactpoint.ByID()).All(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("reading a customer's contact points: %w", err)
	}
	return points, nil
}

// primaryOf returns the primary contact point of a kind, nil if there is none.
func primaryOf(points []*db.ContactPoint, kind contactpoint.Kind) *db.ContactPoint {
	for _, p := range points {
		if p.Kind == kind && p.Primary {
			return p
		}
	}
	return nil
}

// takeAway takes a contact point away: the row stays, the value goes.
func takeAway(ctx context.Context, tx *db.Tx, gone *db.ContactPoint, now time.Time) error {
	err := tx.ContactPoint.UpdateOneID(gone.ID).ClearSealed().ClearDigest().ClearLabel().SetPrimary(false).SetRemovedAt(now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("taking a contact point away: %w", err)
	}
	return nil
}

// succeed makes the oldest contact point of the kind of one that was taken away the
// primary one, if that one was.
func succeed(ctx context.Context, tx *db.Tx, points []*db.ContactPoint, gone *db.ContactPoint) error {
	if !gone.Primary {
		return nil
	}
	for _, p := range points {
		if p.Kind == gone.Kind && p.ID != gone.ID {
			return setPrimary(ctx, tx, p.ID, true)
		}
	}
	return nil
}

func setPrimary(ctx context.Context, tx *db.Tx, id typeid.ContactPointID, primary bool) error {
	if err := tx.ContactPoint.UpdateOneID(id).SetPrimary(primary).Exec(ctx); err != nil {
		return fmt.Errorf("choosing the primary contact point: %w", err)
	}
	return nil
}

// replacePrimary puts a contact point in the place of the primary one of its kind,
// or with a nil value takes that one away.
func replacePrimary(ctx context.Context, tx *db.Tx, of typeid.CustomerID, kind contactpoint.Kind, with *point, now time.Time) error {
	points, err := pointsOf(ctx, tx, of)
	if err != nil {
		return err
	}
	old := primaryOf(points, kind)
	if old != nil && with != nil && with.is(old) {
		return nil
	}
	if old != nil {
		if err := takeAway(ctx, tx, old, now); err != nil {
			return err
		}
	}
	switch {
	case with == nil && old == nil:
		return nil
	case with == nil:
		return succeed(ctx, tx, points, old)
	}
	for _, p := range points {
		if with.is(p) {
			return setPrimary(ctx, tx, p.ID, true)
		}
	}
	if old == nil && len(points) >= maxContactPoints {
		return tooManyContactPoints()
	}
	if err := with.create(tx, of, true, now).Exec(ctx); err != nil {
		return fmt.Errorf("adding a contact point: %w", err)
	}
	return nil
}

func tooManyContactPoints() error {
	return reject(Rejected, text(fmt.Sprintf("The customer has %d contact points. Take one away first.", maxContactPoints),
		fmt.Sprintf("该客户已有 %d 个联系方式，请先移除一个。", maxContactPoints)))
}

// Masked returns a contact point's value as far as everybody who sees the customer
// may know it: the last digits of a telephone number, the first letter and the
// domain of an e-mail address, the first letter of a name. It is nil for one that was
// taken away.
func (s *Service) Masked(p *db.ContactPoint) (*string, error) {
	if p.Sealed == nil {
		return nil, nil
	}
	v, err := s.openPoint(p)
	if err != nil {
		return nil, err
	}
	mask := contact.MaskChat
	switch v.field {
	case contact.PhoneField:
		mask = contact.MaskPhone
	case contact.EmailField:
		mask = contact.MaskEmail
	}
	shown := mask(v.value)
	return &shown, nil
}

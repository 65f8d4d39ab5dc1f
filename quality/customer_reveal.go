package quality

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/accesstoken"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/disclosure"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// revealing are the roles whose work needs the contact data of customers.
var revealing = []staff.Role{
	staff.RoleSTAFF, staff.RoleTEAM_LEAD, staff.RoleDEPARTMENT_MANAGER, staff.RoleSITE_MANAGER,
	staff.RoleQUALITY_OFFICER, staff.RoleADMINISTRATOR, ent.Integrator,
}

// maxDisclosureNote bounds what is said of a purpose, in characters.
const maxDisclosureNote = 200

// RevealCustomer asks for a customer's contact data in clear.
type RevealCustomer struct {
	IdempotencyKey *string
	ID             typeid.CustomerID
	Purpose        disclosure.Purpose
	Note           *string // needed for OTHER
}

// Revealed is a customer's contact data in clear.
type Revealed struct {
	Customer *db.Customer
	Contacts []RevealedContact // empty when the answer is a repetition
}

// RevealedContact is a contact point in clear.
type RevealedContact struct {
	ContactPointID typeid.ContactPointID
	Kind           contactpoint.Kind
	Channel        *string
	Label          *string
	Value          string // in normal form
	Primary        bool
}

// RevealCustomer tells a customer's contact data in clear (R-ORG-4) to who sees the
// customer and whose work needs it, and records that it did. How many customers are
// revealed to one viewer within an hour is bounded by [Config.RevealsPerHour]. The
// data is told once: a repeated request with the same key is answered without it.
func (s *Service) RevealCustomer(ctx context.Context, in RevealCustomer) (*Change[*Revealed], error) {
	return run(ctx, s, useCase[*Revealed]{
		area: ent.Customers, name: "customerReveal", key: in.IdempotencyKey, in: in,
		read: func(ctx context.Context, ids []string) (*Revealed, error) {
			c, err := s.readCustomer(ctx, ids)
			return &Revealed{Customer: c, Contacts: []RevealedContact{}}, err
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*Revealed], error) {
			var none effect[*Revealed]
			c, err := tx.Customer.Get(ctx, in.ID)
			if err := seen(c, err)("id"); err != nil {
				return none, err
			}
			viewer := ent.ViewerFrom(ctx)
			if !slices.Contains(revealing, viewer.Role) {
				return none, forbidden(text("Your work does not need the contact data of customers.", "您的岗位无需查看客户联系方式。"))
			}
			now := s.now()
			if err := s.boundReveals(ctx, tx, now); err != nil {
				return none, err
			}
			if err := disclose(ctx, tx, disclosure.KindREVEAL, in.ID, in.Purpose, in.Note, now); err != nil {
				return none, err
			}
			contacts, err := s.openPoints(ctx, tx, in.ID)
			return effect[*Revealed]{
				object: &Revealed{Customer: c.Unwrap(), Contacts: contacts}, ids: []string{c.ID.String()},
				events: []events.Event{customerEvent(EventCustomerRevealed, c, now)},
			}, err
		},
	})
}

// boundReveals refuses one more customer to a viewer who was told the contact data of
// many within the last hour.
func (s *Service) boundReveals(ctx context.Context, tx *db.Tx, now time.Time) error {
	viewer := ent.ViewerFrom(ctx)
	ctx = ent.AsSystem(ctx)
	if s.db.IsPostgres() { // where two requests at once would not see each other's
		var err error
		if viewer.Staff.IsZero() {
			_, err = tx.AccessToken.Query().Where(accesstoken.ID(viewer.Token)).ForUpdate().Only(ctx)
		} else {
			_, err = tx.Staff.Query().Where(staff.ID(viewer.Staff)).ForUpdate().Only(ctx)
		}
		if err != nil {
			return fmt.Errorf("locking the viewer's row: %w", err)
		}
	}
	told, err := tx.Disclosure.Query().Where(disclosure.Actor(viewer.Actor()), disclosure.AtGT(now.Add(-time.Hour)),
		disclosure.KindEQ(disclosure.KindREVEAL)).Count(ctx)
	if err != nil {
		return fmt.Errorf("counting disclosures: %w", err)
	}
	if told >= s.revealsPerHour {
		return reject(RateLimited, text(fmt.Sprintf("You have been told the contact data of %d customers within an hour. Try again later.", told),
			fmt.Sprintf("您在一小时内已查看 %d 位客户的联系方式，请稍后再试。", told)))
	}
	return nil
}

// disclose records that a customer's personal data is told to the viewer.
func disclose(ctx context.Context, tx *db.Tx, kind disclosure.Kind, id typeid.CustomerID, purpose disclosure.Purpose, note *string, now time.Time) error {
	var bad check
	bad.optional(&note, maxDisclosureNote, "note")
	if purpose == disclosure.PurposeOTHER && note == nil {
		bad.add(Required, "Say what for.", "请说明用途。", "note")
	}
	if bad.err() != nil {
		return bad.err()
	}
	viewer := ent.ViewerFrom(ctx)
	err := tx.Disclosure.Create().SetCustomerID(id).SetKind(kind).SetPurpose(purpose).SetNillableNote(note).
		SetActor(viewer.Actor()).SetStaffID(viewer.Staff).SetAt(now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("recording a disclosure: %w", err)
	}
	return nil
}

// openPoints returns the contact points that a customer has, in clear.
func (s *Service) openPoints(ctx context.Context, tx *db.Tx, id typeid.CustomerID) ([]RevealedContact, error) {
	points, err := pointsOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	contacts := make([]RevealedContact, len(points))
	for i, p := range points {
		v, err := s.openPoint(p)
		if err != nil {
			return nil, err
		}
		contacts[i] = RevealedContact{p.ID, p.Kind, p.Channel, p.Label, v.value, p.Primary}
	}
	return contacts, nil
}

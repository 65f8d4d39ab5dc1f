package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// maxConsentNote bounds what is said of a consent, in characters.
const maxConsentNote = 200

// RecordConsent is what a customer said of one use of their data.
type RecordConsent struct {
	IdempotencyKey   *string
	CustomerID       typeid.CustomerID
	ExpectedRevision int // of the customer
	Purpose          consent.Purpose
	State            consent.State
	Channel          consent.Channel
	At               *time.Time // when the customer said so; now unless said
	Note             *string
}

// RecordConsent records that a customer agrees to a use of their data, or no longer
// does (R-ORG-4). Nothing that was recorded is changed: of each purpose that holds
// what the customer said last.
func (s *Service) RecordConsent(ctx context.Context, in RecordConsent) (*Change[*db.Customer], error) {
	return s.changeCustomer(ctx, customerChange{
		name: "customerRecordConsent", key: in.IdempotencyKey, in: in, revision: in.ExpectedRevision,
		event: EventConsentRecorded, changed: []string{"consents", "consentHistory"}, find: customerAt(in.CustomerID, "customerId"),
		apply: func(ctx context.Context, tx *db.Tx, c *db.Customer, now time.Time) error {
			said := now
			var bad check
			bad.optional(&in.Note, maxConsentNote, "note")
			if in.At != nil {
				said = in.At.UTC().Truncate(time.Microsecond)
				bad.notAfter(said, now, "The customer cannot have said so in the future.", "客户表示的时间不能晚于现在。", "at")
				bad.notAfter(earliest, said, "This is too long ago.", "时间过早。", "at")
			}
			if bad.err() != nil {
				return bad.err()
			}
			system := ent.AsSystem(ctx)
			holds := tx.Consent.Update().Where(consent.CustomerID(c.ID), consent.PurposeEQ(in.Purpose), consent.Current(true))
			later, err := tx.Consent.Query().Where(consent.CustomerID(c.ID), consent.PurposeEQ(in.Purpose), consent.AtGT(said)).Exist(system)
			if err == nil && !later {
				err = holds.SetCurrent(false).Exec(system)
			}
			if err != nil {
				return fmt.Errorf("looking for later consents: %w", err)
			}
			viewer := ent.ViewerFrom(ctx)
			err = tx.Consent.Create().SetCustomerID(c.ID).SetPurpose(in.Purpose).SetState(in.State).SetChannel(in.Channel).
				SetNillableNote(in.Note).SetCurrent(!later).SetAt(said).SetRecordedAt(now).SetActor(viewer.Actor()).SetStaffID(viewer.Staff).Exec(ctx)
			if err != nil {
				return fmt.Errorf("recording a consent: %w", err)
			}
			if in.Purpose == consent.PurposeCONTACT {
				return s.planContact(ctx, tx, c)
			}
			return nil
		},
	})
}

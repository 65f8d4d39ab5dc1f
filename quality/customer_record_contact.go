package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/db/contactattempt"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// maxContactNote bounds what is said of a contact, in characters.
const maxContactNote = 1000

// RecordContact is an attempt to be in touch with a customer.
type RecordContact struct {
	IdempotencyKey   *string
	CustomerID       typeid.CustomerID
	ExpectedRevision int // of the customer
	Channel          contactattempt.Channel
	Reached          bool
	Outcome          *contactattempt.Outcome
	CaseID           *typeid.CaseID
	CallAgainAt      *time.Time
	At               *time.Time // now unless said
	Note             *string
}

// RecordContact records an attempt to be in touch with a customer and what came of it
// (R-CUS-5, R-FUP-1). One that reached the customer plans the next contact; after
// another the customer stays due, unless it says when to try again.
func (s *Service) RecordContact(ctx context.Context, in RecordContact) (*Change[*db.Customer], error) {
	return s.changeCustomer(ctx, customerChange{
		name: "customerRecordContact", key: in.IdempotencyKey, in: in, revision: in.ExpectedRevision,
		event: EventCustomerContacted, changed: []string{"contactAttempts", "lastContactAt", "nextContactAt"}, find: customerAt(in.CustomerID, "customerId"),
		apply: func(ctx context.Context, tx *db.Tx, c *db.Customer, now time.Time) error {
			in := in
			if err := in.check(now); err != nil {
				return err
			}
			agreed, err := agreedTo(ctx, tx, c.ID, consent.PurposeCONTACT)
			if err != nil {
				return err
			}
			if !agreed {
				return reject(Rejected, text("The customer has not agreed to be kept in touch with.", "该客户未同意被定期联系。"), "customerId")
			}
			create := tx.ContactAttempt.Create().SetCustomerID(c.ID)
			if in.CaseID != nil {
				led, err := tx.ServiceCase.Get(ctx, *in.CaseID)
				if err := seen(led, err)("caseId"); err != nil {
					return err
				}
				if led.CustomerID != c.ID {
					return reject(Invalid, text("The case is not of this customer.", "该个案不属于此客户。"), "caseId")
				}
				create.SetCaseID(led.ID)
			}
			viewer := ent.ViewerFrom(ctx)
			err = create.SetChannel(in.Channel).SetReached(in.Reached).SetNillableOutcome(in.Outcome).SetNillableCallAgainAt(in.CallAgainAt).
				SetNillableNote(in.Note).SetAt(*in.At).SetRecordedAt(now).SetActor(viewer.Actor()).SetStaffID(viewer.Staff).Exec(ctx)
			if err != nil {
				return fmt.Errorf("recording a contact: %w", err)
			}
			if in.Reached && (c.LastContactAt == nil || c.LastContactAt.Before(*in.At)) {
				c.LastContactAt = in.At
			}
			if in.Reached || in.CallAgainAt != nil {
				c.CallAgainAt = in.CallAgainAt
			}
			return s.planContact(ctx, tx, c)
		},
	})
}

// check completes an attempt and says what is wrong with it.
func (in *RecordContact) check(now time.Time) error {
	var bad check
	bad.optional(&in.Note, maxContactNote, "note")
	if in.At == nil {
		in.At = &now
	}
	in.At = new(in.At.UTC().Truncate(time.Microsecond))
	bad.notAfter(*in.At, now, "A contact cannot be recorded ahead.", "不能提前登记联系。", "at")
	bad.notAfter(earliest, *in.At, "This is too long ago.", "时间过早。", "at")
	is := func(o contactattempt.Outcome) bool { return in.Outcome != nil && *in.Outcome == o }
	switch {
	case in.Reached && in.Outcome == nil:
		bad.add(Required, "Say what came of it.", "请填写联系结果。", "outcome")
	case !in.Reached && in.Outcome != nil && !is(contactattempt.OutcomeCALL_AGAIN):
		bad.add(Invalid, "Nobody was reached of whom that could be said.", "未联系到客户，不应填写此结果。", "outcome")
	}
	switch again := is(contactattempt.OutcomeCALL_AGAIN); {
	case again && in.CallAgainAt == nil:
		bad.add(Required, "Say when the customer is to be called again.", "请填写再次联系的时间。", "callAgainAt")
	case !again && in.CallAgainAt != nil:
		bad.add(Invalid, "Only who is to be called again has a time for it.", "只有需再次联系时才填写此时间。", "callAgainAt")
	}
	switch opened := is(contactattempt.OutcomeNEW_CASE); {
	case opened && in.CaseID == nil:
		bad.add(Required, "Open the case first, and name it.", "请先登记个案并填写其编号。", "caseId")
	case !opened && in.CaseID != nil:
		bad.add(Invalid, "Only a contact that led to a case names one.", "只有产生新个案时才填写个案。", "caseId")
	}
	bad.ahead(in.CallAgainAt, now, "callAgainAt")
	if in.CallAgainAt != nil {
		in.CallAgainAt = new(in.CallAgainAt.UTC().Truncate(time.Microsecond))
	}
	return bad.err()
}

package quality_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/db/contactattempt"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

const days = 24 * time.Hour

// willing registers a customer who agrees to be kept in touch with.
func (c *company) willing(t testing.TB) *db.Customer {
	t.Helper()
	return c.allows(t, c.registered(t, "agent", guest()), consent.StateGIVEN)
}

func (c *company) allows(t testing.TB, of *db.Customer, state consent.State) *db.Customer {
	t.Helper()
	return must(c.RecordConsent(c.as(t, "agent"), quality.RecordConsent{CustomerID: of.ID, ExpectedRevision: c.file(t, of.ID).Revision,
		Purpose: consent.PurposeCONTACT, State: state, Channel: consent.ChannelTELEPHONE}))(t)
}

func (c *company) file(t testing.TB, id typeid.CustomerID) *db.Customer {
	t.Helper()
	of, err := c.db.Customer.Get(ent.AsSystem(t.Context()), id)
	if err != nil {
		t.Fatal(err)
	}
	return of
}

// expectNext checks when a customer is to be contacted next; the zero time for never.
func (c *company) expectNext(t testing.TB, what string, id typeid.CustomerID, want time.Time) {
	t.Helper()
	var got time.Time
	if next := c.file(t, id).NextContactAt; next != nil {
		got = *next
	}
	if !got.Equal(want) {
		t.Errorf("%s: the next contact is at %v, want %v", what, got, want)
	}
}

func attempted(of *db.Customer, reached bool, outcome contactattempt.Outcome) quality.RecordContact {
	in := quality.RecordContact{CustomerID: of.ID, ExpectedRevision: of.Revision, Channel: contactattempt.ChannelTELEPHONE, Reached: reached}
	if outcome != "" {
		in.Outcome = &outcome
	}
	return in
}

// Who agreed is due an interval after the last contact, whatever that was; who did not,
// or no longer does, never.
func TestNextContact(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.registered(t, "agent", guest())
		c.expectNext(t, "who has not agreed", of.ID, time.Time{})
		of = c.allows(t, of, consent.StateGIVEN)
		if of.NextContactAt == nil || !of.NextContactAt.Equal(morning.Add(90*days)) {
			t.Errorf("the answer says %v", of.NextContactAt)
		}
		c.expectNext(t, "who has agreed", of.ID, morning.Add(90*days))
		of = must(c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: of.Revision, ContactEvery: quality.Field[*int]{Value: new(10), Set: true}}))(t)
		c.expectNext(t, "every ten days", of.ID, morning.Add(10*days))

		in := complaint()
		in.CustomerID = &of.ID
		kase := must(c.OpenCase(c.as(t, "agent"), in))(t)
		for n, kind := range []caseentry.Kind{caseentry.KindNOTE, caseentry.KindMESSAGE_TO_CUSTOMER, caseentry.KindCALL} {
			c.clock.advance(time.Hour)
			must(c.AddCaseEntry(c.as(t, "agent"), quality.AddCaseEntry{CaseID: kase.ID, Kind: kind, Visibility: caseentry.VisibilityINTERNAL, Text: "Word"}))(t)
			want := c.clock.Now().Add(10 * days)
			if n == 0 {
				want = morning.Add(10 * days)
			}
			c.expectNext(t, string(kind), of.ID, want)
		}
		c.clock.advance(time.Hour)
		must(c.AcknowledgeCase(c.as(t, "agent"), quality.AcknowledgeCase{ID: kase.ID, ExpectedRevision: c.stored(t, kase.ID).Revision, Kind: caseentry.KindCALL, Text: new("We look after it.")}))(t)
		c.expectNext(t, "acknowledged by a call", of.ID, c.clock.Now().Add(10*days))
		c.clock.advance(time.Hour)
		visitor := c.visitor("desk")
		visitor.CustomerID, visitor.AssignToID = &of.ID, c.staff("agent")
		must(c.RegisterVisit(c.as(t, "manager"), visitor))(t)
		came := c.clock.Now()
		c.expectNext(t, "after a visit", of.ID, came.Add(10*days))
		visitor.At = new(came.Add(-2 * time.Hour))
		must(c.RegisterVisit(c.as(t, "manager"), visitor))(t)
		c.expectNext(t, "after one that was registered late", of.ID, came.Add(10*days))

		of = must(c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: c.file(t, of.ID).Revision, ContactEvery: quality.Field[*int]{Value: new(0), Set: true}}))(t)
		c.expectNext(t, "not regularly", of.ID, time.Time{})
		of = must(c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: of.Revision, ContactEvery: quality.Field[*int]{Set: true}}))(t)
		c.expectNext(t, "as everybody", of.ID, came.Add(90*days))
		of = c.allows(t, of, consent.StateWITHDRAWN)
		c.expectNext(t, "who agrees no longer", of.ID, time.Time{})
		c.allows(t, of, consent.StateGIVEN)
		c.expectNext(t, "who agrees again", of.ID, came.Add(90*days))
	})
}

// What came of an attempt decides when the next is made.
func TestRecordContact(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, before := c.willing(t), c.rows(t)["events"]
		c.clock.advance(100 * days)
		now := c.clock.Now()
		record := func(in quality.RecordContact) {
			t.Helper()
			in.ExpectedRevision = c.file(t, of.ID).Revision
			must(c.RecordContact(c.as(t, "agent"), in))(t)
		}
		record(attempted(of, false, ""))
		c.expectNext(t, "not reached", of.ID, morning.Add(90*days))
		again := attempted(of, false, contactattempt.OutcomeCALL_AGAIN)
		again.CallAgainAt = new(now.Add(2 * time.Hour))
		record(again)
		c.expectNext(t, "not reached, to be tried again", of.ID, now.Add(2*time.Hour))
		again = attempted(of, true, contactattempt.OutcomeCALL_AGAIN)
		again.CallAgainAt, again.Note = new(now.Add(3*days)), new(" In a meeting ")
		record(again)
		c.expectNext(t, "to be called again", of.ID, now.Add(3*days))
		visitor := c.visitor("desk")
		visitor.CustomerID, visitor.AssignToID = &of.ID, c.staff("agent")
		c.clock.advance(time.Hour)
		must(c.RegisterVisit(c.as(t, "manager"), visitor))(t)
		c.expectNext(t, "what was agreed outlives a visit", of.ID, now.Add(3*days))
		c.clock.advance(3 * days)
		in := complaint()
		in.CustomerID = &of.ID
		kase := must(c.OpenCase(c.as(t, "agent"), in))(t)
		led := attempted(of, true, contactattempt.OutcomeNEW_CASE)
		led.CaseID = &kase.ID
		record(led)
		c.expectNext(t, "with a new case", of.ID, c.clock.Now().Add(90*days))
		late := attempted(of, true, contactattempt.OutcomeSATISFIED)
		late.At = &now
		record(late)
		c.expectNext(t, "recorded late", of.ID, c.clock.Now().Add(90*days))

		var got []string
		for _, a := range c.db.ContactAttempt.Query().Order(contactattempt.ByID()).AllX(ent.AsSystem(t.Context())) {
			what := "-"
			if a.Outcome != nil {
				what = string(*a.Outcome)
			}
			if a.Note != nil {
				what += " " + *a.Note
			}
			if a.CaseID == kase.ID {
				what += " case"
			}
			if a.StaffID != *c.staff("agent") || a.Actor != c.staff("agent").String() {
				t.Errorf("recorded by %s", a.Actor)
			}
			got = append(got, what)
		}
		if diff := cmp.Diff([]string{"-", "CALL_AGAIN", "CALL_AGAIN In a meeting", "NEW_CASE case", "SATISFIED"}, got); diff != "" {
			t.Errorf("attempts (-want +got):\n%s", diff)
		}
		told := 0
		for _, e := range c.said(t, before) {
			if e.Kind == quality.EventCustomerContacted {
				told++
			}
		}
		if told != 5 {
			t.Errorf("%d events of contacts, want 5", told)
		}
	})
}

func TestRecordContactRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, others := c.willing(t), c.opened(t)
		stranger := c.registered(t, "agent", guest())
		now := c.clock.Now()
		for _, test := range []struct {
			name, who string
			change    func(*quality.RecordContact)
			want      string
		}{
			{"not the viewer's", "housekeeper", func(*quality.RecordContact) {}, "NOT_FOUND customerId"},
			{"stale", "agent", func(in *quality.RecordContact) { in.ExpectedRevision-- }, "CONFLICT expectedRevision"},
			{"nothing came of it", "agent", func(in *quality.RecordContact) { in.Outcome = nil }, "REQUIRED outcome"},
			{"nobody was satisfied", "agent", func(in *quality.RecordContact) { in.Reached = false }, "INVALID outcome"},
			{"again, but when", "agent", func(in *quality.RecordContact) { in.Outcome = new(contactattempt.OutcomeCALL_AGAIN) }, "REQUIRED callAgainAt"},
			{"again in the past", "agent", func(in *quality.RecordContact) {
				in.Outcome, in.CallAgainAt = new(contactattempt.OutcomeCALL_AGAIN), &now
			}, "INVALID callAgainAt"},
			{"satisfied, but again", "agent", func(in *quality.RecordContact) { in.CallAgainAt = new(now.Add(time.Hour)) }, "INVALID callAgainAt"},
			{"a case, but which", "agent", func(in *quality.RecordContact) { in.Outcome = new(contactattempt.OutcomeNEW_CASE) }, "REQUIRED caseId"},
			{"satisfied, with a case", "agent", func(in *quality.RecordContact) { in.CaseID = &others.ID }, "INVALID caseId"},
			{"a case of somebody else", "agent", func(in *quality.RecordContact) {
				in.Outcome, in.CaseID = new(contactattempt.OutcomeNEW_CASE), &others.ID
			}, "INVALID caseId"},
			{"a case that is not", "agent", func(in *quality.RecordContact) {
				in.Outcome, in.CaseID = new(contactattempt.OutcomeNEW_CASE), new(typeid.New[typeid.CaseID]())
			}, "NOT_FOUND caseId"},
			{"ahead", "agent", func(in *quality.RecordContact) { in.At = new(now.Add(time.Second)) }, "INVALID at"},
			{"long ago", "agent", func(in *quality.RecordContact) { in.At = new(time.Time) }, "INVALID at"},
			{"who has not agreed", "agent", func(in *quality.RecordContact) {
				in.CustomerID, in.ExpectedRevision = stranger.ID, stranger.Revision
			}, "REJECTED customerId"},
		} {
			in, before := attempted(of, true, contactattempt.OutcomeSATISFIED), c.rows(t)
			test.change(&in)
			_, err := c.RecordContact(c.as(t, test.who), in)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); diff != "" {
				t.Errorf("%s: rows were written (-before +after):\n%s", test.name, diff)
			}
		}
		_, err := c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: of.Revision, ContactEvery: quality.Field[*int]{Value: new(3651), Set: true}})
		expect(t, "an interval of more than ten years", err, "INVALID contactEvery")
	})
}

// A merged file is due no more; the one that stays is, after the last contact with
// either. An erased customer is due no more, and nothing says when they were.
func TestNextContactOfMergedAndErased(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		into, from := c.willing(t), c.willing(t)
		c.clock.advance(time.Hour)
		from = must(c.RecordContact(c.as(t, "agent"), attempted(from, true, contactattempt.OutcomeSATISFIED)))(t)
		must(c.MergeCustomers(c.as(t, "manager"), quality.MergeCustomers{IntoID: into.ID, ExpectedRevision: into.Revision, FromID: from.ID, FromExpectedRevision: from.Revision, Reason: "Twice"}))(t)
		c.expectNext(t, "the file that stays", into.ID, c.clock.Now().Add(90*days))
		c.expectNext(t, "the merged file", from.ID, time.Time{})
		if n := c.db.ContactAttempt.Query().Where(contactattempt.CustomerID(into.ID)).CountX(ent.AsSystem(t.Context())); n != 1 {
			t.Errorf("%d attempts moved, want 1", n)
		}
		due, err := c.db.Customer.Query().Where(customer.NextContactAtNotNil()).IDs(c.as(t, "agent"))
		if err != nil || !slices.Equal(due, []typeid.CustomerID{into.ID}) {
			t.Errorf("due are %v, %v", due, err)
		}
		must(c.EraseCustomer(c.as(t, "administrator"), quality.EraseCustomer{ID: into.ID, ExpectedRevision: c.file(t, into.ID).Revision, Reason: "CUSTOMER_REQUEST"}))(t)
		if of := c.file(t, into.ID); of.NextContactAt != nil || of.LastContactAt != nil || of.CallAgainAt != nil || of.ContactEvery != nil {
			t.Errorf("erased: %v", of)
		}
	})
}

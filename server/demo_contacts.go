package main

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/db/contactattempt"
	"github.com/seed-34fcb60d/rounds/quality"
)

// One customer of willingEvery agrees to be kept in touch with; of missedEvery calls one
// reaches nobody, and is made again no more: these contacts are due in the end.
const (
	willingEvery = 3
	missedEvery  = 5
	contactDays  = 14 // between two calls
)

// keepInTouch lets a customer agree to be kept in touch with, and plans the first call.
func (h *history) keepInTouch(of *db.Customer, owner *companyPerson) error {
	agreed, err := h.core.quality.RecordConsent(owner.viewer, quality.RecordConsent{CustomerID: of.ID, ExpectedRevision: of.Revision,
		Purpose: consent.PurposeCONTACT, State: consent.StateGIVEN, Channel: consent.ChannelIN_PERSON})
	if err != nil {
		return err
	}
	often, err := h.core.quality.UpdateCustomer(owner.viewer, quality.UpdateCustomer{ID: of.ID, ExpectedRevision: agreed.Object.Revision,
		ContactEvery: quality.Field[*int]{Value: new(contactDays), Set: true}})
	if err != nil {
		return err
	}
	h.planContact(often.Object, owner)
	return nil
}

// planContact plans a call for when the customer is due.
func (h *history) planContact(of *db.Customer, owner *companyPerson) {
	if due := of.NextContactAt; due != nil && due.Before(h.end) {
		h.at(h.during(owner.department.site, *due), func(context.Context) error { return h.contact(of, owner) })
	}
}

func (h *history) contact(of *db.Customer, owner *companyPerson) error {
	of, err := h.core.db.Customer.Get(owner.viewer, of.ID) // as the customer is now
	if err != nil {
		return err
	}
	h.calls++
	in := quality.RecordContact{CustomerID: of.ID, ExpectedRevision: of.Revision, Channel: contactattempt.ChannelTELEPHONE}
	if in.Reached = h.calls%missedEvery != 0; in.Reached {
		in.Outcome = new(contactattempt.OutcomeSATISFIED)
	}
	called, err := h.core.quality.RecordContact(owner.viewer, in)
	if err == nil && in.Reached {
		h.planContact(called.Object, owner)
	}
	return err
}

package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecompensation"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/db/contactattempt"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/disclosure"
	"github.com/seed-34fcb60d/rounds/ent/db/externalid"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// maxExported bounds the cases, the contacts and the visits of one document.
const maxExported = 1000

// ExportCustomer asks for everything that is kept of a customer.
type ExportCustomer struct {
	IdempotencyKey *string
	ID             typeid.CustomerID
	Purpose        disclosure.Purpose
	Note           *string // needed for OTHER
}

// Exported is everything that is kept of a customer.
type Exported struct {
	Customer *db.Customer
	Document *string // JSON; nil when the answer is a repetition
}

// customerDocument is the form of the document. Times are in UTC by RFC 3339.
type customerDocument struct {
	Format      string            `json:"format"`
	ExportedAt  time.Time         `json:"exportedAt"`
	Files       []documentFile    `json:"files"` // the customer's, and those that were merged into it
	Contacts    []documentContact `json:"contactPoints"`
	ExternalIDs []documentID      `json:"externalIds"`
	Consents    []documentConsent `json:"consents"`
	Attempts    []documentAttempt `json:"contactAttempts"`
	Visits      []documentVisit   `json:"visits"`
	Disclosures []documentTold    `json:"disclosures"`
	Cases       []documentCase    `json:"cases"`
}

type documentFile struct {
	ID           string            `json:"id"`
	Kind         customer.Kind     `json:"kind"`
	Name         string            `json:"name"`
	Class        *string           `json:"class,omitempty"`
	Source       *string           `json:"source,omitempty"`
	ExternalID   *string           `json:"externalId,omitempty"`
	Preferences  map[string]string `json:"preferences,omitempty"`
	RegisteredAt time.Time         `json:"registeredAt"`
}

type documentContact struct {
	Kind       string     `json:"kind"`
	Channel    *string    `json:"channel,omitempty"`
	Label      *string    `json:"label,omitempty"`
	Value      string     `json:"value"`
	AddedAt    time.Time  `json:"addedAt"`
	VerifiedAt *time.Time `json:"verifiedAt,omitempty"`
}

type documentID struct {
	System string `json:"system"`
	Value  string `json:"value"`
}

type documentConsent struct {
	Purpose consent.Purpose `json:"purpose"`
	State   consent.State   `json:"state"`
	Channel consent.Channel `json:"channel"`
	Note    *string         `json:"note,omitempty"`
	At      time.Time       `json:"at"`
}

type documentAttempt struct {
	Channel     contactattempt.Channel  `json:"channel"`
	Reached     bool                    `json:"reached"`
	Outcome     *contactattempt.Outcome `json:"outcome,omitempty"`
	CallAgainAt *time.Time              `json:"callAgainAt,omitempty"`
	Note        *string                 `json:"note,omitempty"`
	At          time.Time               `json:"at"`
}

type documentVisit struct {
	Channel visit.Channel `json:"channel"`
	Source  *string       `json:"source,omitempty"`
	At      time.Time     `json:"at"`
}

type documentTold struct {
	Kind    disclosure.Kind    `json:"kind"`
	Purpose disclosure.Purpose `json:"purpose"`
	Note    *string            `json:"note,omitempty"`
	At      time.Time          `json:"at"`
}

type documentCase struct {
	Number         string                 `json:"number"`
	Kind           servicecase.Kind       `json:"kind"`
	Channel        servicecase.Channel    `json:"channel"`
	Status         servicecase.Status     `json:"status"`
	Subject        string                 `json:"subject"`
	Description    *string                `json:"description,omitempty"`
	Product        *string                `json:"product,omitempty"`
	OrderReference *string                `json:"orderReference,omitempty"`
	DesiredRemedy  *string                `json:"desiredRemedy,omitempty"`
	Resolution     *string                `json:"resolution,omitempty"`
	OpenedAt       time.Time              `json:"openedAt"`
	ClosedAt       *time.Time             `json:"closedAt,omitempty"`
	Timeline       []documentLine         `json:"timeline"`
	FollowUps      []documentFollowUp     `json:"followUps"`
	Compensations  []documentCompensation `json:"compensations"`
}

type documentLine struct {
	Kind caseentry.Kind `json:"kind"`
	Text string         `json:"text"`
	At   time.Time      `json:"at"`
}

type documentFollowUp struct {
	Outcome casefollowup.Outcome `json:"outcome"`
	Word    *string              `json:"word,omitempty"`
	At      time.Time            `json:"at"`
}

type documentCompensation struct {
	Kind     casecompensation.Kind   `json:"kind"`
	Amount   int                     `json:"amount"` // in minor units of the currency
	Currency string                  `json:"currency"`
	Status   casecompensation.Status `json:"status"`
	Reason   string                  `json:"reason"`
}

// ExportCustomer hands out everything that is kept of a customer (R-CUS-6), for the
// customer, and records that it did. It names no staff. The document is told once: a
// repeated request with the same key is answered without it.
func (s *Service) ExportCustomer(ctx context.Context, in ExportCustomer) (*Change[*Exported], error) {
	return run(ctx, s, useCase[*Exported]{
		area: ent.Customers, name: "customerExport", key: in.IdempotencyKey, in: in,
		read: func(ctx context.Context, ids []string) (*Exported, error) {
			c, err := s.readCustomer(ctx, ids)
			return &Exported{Customer: c}, err
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*Exported], error) {
			var none effect[*Exported]
			c, err := tx.Customer.Get(ctx, in.ID)
			if err := seen(c, err)("id"); err != nil {
				return none, err
			}
			viewer := ent.ViewerFrom(ctx)
			if viewer.Role != staff.RoleADMINISTRATOR && (viewer.Role != ent.Integrator || !viewer.Site.IsZero()) {
				return none, forbidden(text("Only an administrator hands out all that is kept of a customer: it may be of several sites.",
					"只有系统管理员可以导出客户的全部信息：其中可能涉及多个营业点。"))
			}
			if err := refuseMerged(c, "id"); err != nil {
				return none, err
			}
			now := s.now()
			document, err := s.customerDocument(ctx, tx, c.ID, now)
			if err != nil {
				return none, err
			}
			if err := disclose(ctx, tx, disclosure.KindEXPORT, c.ID, in.Purpose, in.Note, now); err != nil {
				return none, err
			}
			return effect[*Exported]{
				object: &Exported{c.Unwrap(), &document}, ids: []string{c.ID.String()},
				events: []events.Event{customerEvent(EventCustomerExported, c, now)},
			}, nil
		},
	})
}

// customerDocument gathers what is kept of a customer.
func (s *Service) customerDocument(ctx context.Context, tx *db.Tx, id typeid.CustomerID, now time.Time) (string, error) {
	system := ent.AsSystem(ctx)
	d := customerDocument{Format: "rounds.customer.v1", ExportedAt: now}
	for _, gather := range []func(context.Context, *db.Tx, typeid.CustomerID) error{s.gatherFile(&d), gatherSaid(&d), gatherCases(&d)} {
		if err := gather(system, tx, id); err != nil {
			return "", err
		}
	}
	body, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return "", fmt.Errorf("encoding a customer's document: %w", err)
	}
	return string(body), nil
}

func (s *Service) gatherFile(d *customerDocument) func(context.Context, *db.Tx, typeid.CustomerID) error {
	return func(ctx context.Context, tx *db.Tx, id typeid.CustomerID) error {
		files, err := tx.Customer.Query().Where(customer.Or(customer.ID(id), customer.MergedIntoID(id))).Order(customer.ByID()).All(ctx)
		if err != nil {
			return fmt.Errorf("reading a customer's files: %w", err)
		}
		for _, c := range files {
			d.Files = append(d.Files, documentFile{c.ID.String(), c.Kind, c.Name, c.Class, c.Source, c.ExternalID, c.Preferences, c.RegisteredAt.UTC()})
		}
		points, err := pointsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, p := range points {
			v, err := s.openPoint(p)
			if err != nil {
				return err
			}
			d.Contacts = append(d.Contacts, documentContact{string(p.Kind), p.Channel, p.Label, v.value, p.AddedAt.UTC(), p.VerifiedAt})
		}
		ids, err := tx.ExternalID.Query().Where(externalid.CustomerID(id)).Order(externalid.BySystem(), externalid.ByID()).All(ctx)
		if err != nil {
			return fmt.Errorf("reading a customer's external ids: %w", err)
		}
		for _, e := range ids {
			d.ExternalIDs = append(d.ExternalIDs, documentID{e.System, e.Value})
		}
		return nil
	}
}

func gatherSaid(d *customerDocument) func(context.Context, *db.Tx, typeid.CustomerID) error {
	return func(ctx context.Context, tx *db.Tx, id typeid.CustomerID) error {
		consents, err := tx.Consent.Query().Where(consent.CustomerID(id)).Order(consent.ByAt(), consent.ByID()).All(ctx)
		if err != nil {
			return fmt.Errorf("reading a customer's consents: %w", err)
		}
		for _, c := range consents {
			d.Consents = append(d.Consents, documentConsent{c.Purpose, c.State, c.Channel, c.Note, c.At.UTC()})
		}
		attempts, err := tx.ContactAttempt.Query().Where(contactattempt.CustomerID(id)).Order(contactattempt.ByAt(), contactattempt.ByID()).Limit(maxExported + 1).All(ctx)
		if err != nil {
			return fmt.Errorf("reading the contacts with a customer: %w", err)
		}
		if len(attempts) > maxExported {
			return tooMuchToExport()
		}
		for _, a := range attempts {
			d.Attempts = append(d.Attempts, documentAttempt{a.Channel, a.Reached, a.Outcome, a.CallAgainAt, a.Note, a.At.UTC()})
		}
		visits, err := tx.Visit.Query().Where(visit.CustomerID(id)).Order(visit.ByAt(), visit.ByID()).Limit(maxExported + 1).All(ctx)
		if err != nil {
			return fmt.Errorf("reading a customer's visits: %w", err)
		}
		if len(visits) > maxExported {
			return tooMuchToExport()
		}
		for _, v := range visits {
			d.Visits = append(d.Visits, documentVisit{v.Channel, v.Source, v.At.UTC()})
		}
		told, err := tx.Disclosure.Query().Where(disclosure.CustomerID(id)).Order(disclosure.ByAt(), disclosure.ByID()).All(ctx)
		if err != nil {
			return fmt.Errorf("reading a customer's disclosures: %w", err)
		}
		for _, t := range told {
			d.Disclosures = append(d.Disclosures, documentTold{t.Kind, t.Purpose, t.Note, t.At.UTC()})
		}
		return nil
	}
}

func gatherCases(d *customerDocument) func(context.Context, *db.Tx, typeid.CustomerID) error {
	return func(ctx context.Context, tx *db.Tx, id typeid.CustomerID) error {
		cases, err := tx.ServiceCase.Query().Where(servicecase.CustomerID(id)).Order(servicecase.ByOpenedAt(), servicecase.ByID()).Limit(maxExported + 1).All(ctx)
		if err != nil {
			return fmt.Errorf("reading a customer's cases: %w", err)
		}
		if len(cases) > maxExported {
			return tooMuchToExport()
		}
		for _, k := range cases {
			out := documentCase{Number: k.Number, Kind: k.Kind, Channel: k.Channel, Status: k.Status, Subject: k.Subject, Description: k.Description,
				Product: k.Product, OrderReference: k.OrderReference, DesiredRemedy: k.DesiredRemedy, Resolution: k.Resolution,
				OpenedAt: k.OpenedAt.UTC(), ClosedAt: k.ClosedAt}
			lines, err := tx.CaseEntry.Query().Where(caseentry.CaseID(k.ID), caseentry.KindNEQ(caseentry.KindSYSTEM)).Order(caseentry.ByAt(), caseentry.ByID()).All(ctx)
			if err != nil {
				return fmt.Errorf("reading a case's timeline: %w", err)
			}
			for _, line := range lines {
				out.Timeline = append(out.Timeline, documentLine{line.Kind, line.Text, line.At.UTC()})
			}
			calls, err := tx.CaseFollowUp.Query().Where(casefollowup.CaseID(k.ID)).Order(casefollowup.ByAt(), casefollowup.ByID()).All(ctx)
			if err != nil {
				return fmt.Errorf("reading a case's follow-ups: %w", err)
			}
			for _, call := range calls {
				out.FollowUps = append(out.FollowUps, documentFollowUp{call.Outcome, call.Word, call.At.UTC()})
			}
			given, err := tx.CaseCompensation.Query().Where(casecompensation.CaseID(k.ID)).Order(casecompensation.ByAskedAt(), casecompensation.ByID()).All(ctx)
			if err != nil {
				return fmt.Errorf("reading a case's compensations: %w", err)
			}
			for _, g := range given {
				out.Compensations = append(out.Compensations, documentCompensation{g.Kind, g.Amount, g.Currency, g.Status, g.Reason})
			}
			d.Cases = append(d.Cases, out)
		}
		return nil
	}
}

func tooMuchToExport() error {
	return reject(Rejected, text(fmt.Sprintf("More than %d cases or visits of one customer are not handed out as one document.", maxExported),
		fmt.Sprintf("单个客户超过 %d 件个案或来访时，无法导出为一份文档。", maxExported)), "id")
}

package quality

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/db/contactattempt"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/disclosure"
	"github.com/seed-34fcb60d/rounds/ent/db/externalid"
	"github.com/seed-34fcb60d/rounds/ent/db/ownerchange"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

const (
	maxMergeReason = 500  // characters
	maxMergedCases = 5000 // that move in one transaction
)

// MergeCustomers merges one customer's file into another.
type MergeCustomers struct {
	IdempotencyKey       *string
	IntoID               typeid.CustomerID
	ExpectedRevision     int // of the file that stays
	FromID               typeid.CustomerID
	FromExpectedRevision int
	Reason               string
}

// merge is one merge under way.
type merge struct {
	*Service
	tx         *db.Tx
	into, from *db.Customer
	now        time.Time
	moved      movedRecords
	events     []events.Event
}

// movedRecords is what would have to go back to undo a merge.
type movedRecords struct {
	Cases         []typeid.CaseID         `json:"cases"`
	ContactPoints []typeid.ContactPointID `json:"contactPoints"`
	// Doubles are contact points that both files had: by the one that was taken away,
	// the one that stayed.
	Doubles     map[string]typeid.ContactPointID `json:"doubles"`
	Disclosures []typeid.DisclosureID            `json:"disclosures"`
	Visits      []typeid.VisitID                 `json:"visits"`
	Consents    []typeid.ConsentID               `json:"consents"`
	// Overruled are consents that no longer hold, because the other file had a later one.
	Overruled    []typeid.ConsentID     `json:"overruled"`
	ExternalIDs  []typeid.ExternalIDID  `json:"externalIds"`
	OwnerChanges []typeid.OwnerChangeID `json:"ownerChanges"`
	// Attempts are those to be in touch with the customer.
	Attempts []typeid.ContactAttemptID `json:"contactAttempts"`
}

// MergeCustomers merges the file of a customer who was registered twice into the one
// that stays (R-CUS-3): cases, contact points, visits, consents, external ids and disclosures move, with a record of
// what was moved and why. The other file keeps its own data, names the one that stays,
// and is neither listed nor changed any more.
func (s *Service) MergeCustomers(ctx context.Context, in MergeCustomers) (*Change[*db.Customer], error) {
	return run(ctx, s, useCase[*db.Customer]{
		area: ent.Customers, name: "customerMerge", key: in.IdempotencyKey, in: in, read: s.readCustomer,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Customer], error) {
			var none effect[*db.Customer]
			m, err := s.checkMerge(ctx, tx, &in)
			if err != nil {
				return none, err
			}
			for _, move := range []func(context.Context) error{m.claim, m.contactPoints, m.cases, m.disclosures, m.visits, m.consents, m.externalIDs, m.ownerChanges, m.attempts} {
				if err := move(ctx); err != nil {
					return none, err
				}
			}
			moved, err := json.Marshal(m.moved)
			if err != nil {
				return none, fmt.Errorf("encoding what a merge moved: %w", err)
			}
			viewer := ent.ViewerFrom(ctx)
			err = tx.CustomerMerge.Create().SetIntoID(in.IntoID).SetFromID(in.FromID).SetReason(in.Reason).SetMoved(moved).
				SetActor(viewer.Actor()).SetStaffID(viewer.Staff).SetAt(m.now).Exec(ctx)
			if err != nil {
				return none, fmt.Errorf("recording a merge: %w", err)
			}
			return effect[*db.Customer]{
				object: m.into.Unwrap(), ids: []string{in.IntoID.String()},
				events: append(m.events,
					customerEvent(EventCustomerMerged, m.from, m.now, "mergedInto", "contactPoints", "cases", "consents", "consentHistory", "externalIds", "disclosures", "contactAttempts", "lastContactAt", "nextContactAt", "revision"),
					customerEvent(EventCustomerUpdated, m.into, m.now, "contactPoints", "cases", "consents", "consentHistory", "externalIds", "disclosures", "contactAttempts", "lastContactAt", "nextContactAt", "revision")),
			}, nil
		},
	})
}

// checkMerge loads both files as the viewer sees them, and says what is in the way.
func (s *Service) checkMerge(ctx context.Context, tx *db.Tx, in *MergeCustomers) (*merge, error) {
	m := &merge{Service: s, tx: tx, now: s.now(), moved: movedRecords{Doubles: map[string]typeid.ContactPointID{}}}
	var err error
	if m.into, err = tx.Customer.Get(ctx, in.IntoID); seen(m.into, err)("intoId") != nil {
		return nil, seen(m.into, err)("intoId")
	}
	if m.from, err = tx.Customer.Get(ctx, in.FromID); seen(m.from, err)("fromId") != nil {
		return nil, seen(m.from, err)("fromId")
	}
	if viewer := ent.ViewerFrom(ctx); !slices.Contains(managing, viewer.Role) && viewer.Role != ent.Integrator {
		return nil, forbidden(text("Only a manager merges customers.", "只有管理人员可以合并客户。"))
	}
	var bad check
	bad.text(&in.Reason, maxMergeReason, "reason")
	if in.IntoID == in.FromID {
		bad.add(Invalid, "A customer cannot be merged with themselves.", "客户不能与自身合并。", "fromId")
	}
	if bad.err() != nil {
		return nil, bad.err()
	}
	for path, c := range map[string]*db.Customer{"intoId": m.into, "fromId": m.from} {
		if err := refuseMerged(c, path); err != nil {
			return nil, err
		}
	}
	if m.into.Revision != in.ExpectedRevision {
		return nil, conflict()
	}
	if m.from.Revision != in.FromExpectedRevision {
		return nil, conflictAt("fromExpectedRevision")
	}
	return m, nil
}

// claim counts the change on both files. It locks their rows in the order of their
// ids, so that two merges do not wait for each other.
func (m *merge) claim(ctx context.Context) error {
	rows := []*db.Customer{m.into, m.from}
	slices.SortFunc(rows, func(a, b *db.Customer) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	for _, c := range rows {
		update := m.tx.Customer.UpdateOneID(c.ID).Where(customer.Revision(c.Revision)).AddRevision(1).SetUpdatedAt(m.now)
		if c == m.from {
			update.SetMergedIntoID(m.into.ID).SetMergedAt(m.now)
		}
		saved, err := update.Save(ctx)
		if db.IsNotFound(err) {
			return conflict()
		}
		if err != nil {
			return fmt.Errorf("merging customers: %w", err)
		}
		if c == m.from {
			m.from = saved
		} else {
			m.into = saved
		}
	}
	// What was merged into the file that goes now belongs to the one that stays.
	if err := m.tx.Customer.Update().Where(customer.MergedIntoID(m.from.ID)).SetMergedIntoID(m.into.ID).Exec(ctx); err != nil {
		return fmt.Errorf("merging customers: %w", err)
	}
	return nil
}

// contactPoints moves the contact points. Of one that both have, the one of the file
// that stays is kept, and is verified if either was.
func (m *merge) contactPoints(ctx context.Context) error {
	has, err := pointsOf(ctx, m.tx, m.into.ID)
	if err != nil {
		return err
	}
	come, err := pointsOf(ctx, m.tx, m.from.ID)
	if err != nil {
		return err
	}
	known := map[contactValue]int{}
	for n, p := range has {
		value, err := m.openPoint(p)
		if err != nil {
			return err
		}
		known[value] = n
	}
	total := len(has)
	for _, p := range come {
		value, err := m.openPoint(p)
		if err != nil {
			return err
		}
		update := m.tx.ContactPoint.UpdateOneID(p.ID).SetCustomerID(m.into.ID)
		if at, both := known[value]; both {
			m.moved.Doubles[p.ID.String()] = has[at].ID
			if err := takeAway(ctx, m.tx, p, m.now); err != nil {
				return err
			}
			if p.VerifiedAt == nil || has[at].VerifiedAt != nil {
				continue
			}
			update = m.tx.ContactPoint.UpdateOneID(has[at].ID).SetVerifiedAt(*p.VerifiedAt).SetVerifiedByID(p.VerifiedByID)
		} else {
			m.moved.ContactPoints = append(m.moved.ContactPoints, p.ID)
			total++
			if primaryOf(has, p.Kind) != nil {
				update.SetPrimary(false)
			}
		}
		if err := update.Exec(ctx); err != nil {
			return fmt.Errorf("moving a contact point: %w", err)
		}
	}
	if total > maxContactPoints {
		return tooManyContactPoints()
	}
	return nil
}

// cases moves the cases, each with an event of its own.
func (m *merge) cases(ctx context.Context) error {
	system := ent.AsSystem(ctx)
	cases, err := m.tx.ServiceCase.Query().Where(servicecase.CustomerID(m.from.ID)).
		Order(servicecase.ByID()).Limit(maxMergedCases + 1).All(system)
	if err != nil {
		return fmt.Errorf("reading a customer's cases: %w", err)
	}
	if len(cases) > maxMergedCases {
		return reject(Rejected, text(fmt.Sprintf("A customer with more than %d cases cannot be merged into another: merge the other way round.", maxMergedCases),
			fmt.Sprintf("个案超过 %d 件的客户不能并入其他客户，请反向合并。", maxMergedCases)), "fromId")
	}
	for _, c := range cases {
		m.moved.Cases = append(m.moved.Cases, c.ID)
		c.Revision++
		m.events = append(m.events, caseEvent(EventCaseCustomerChanged, c, m.now, "customer", "revision"))
	}
	err = m.tx.ServiceCase.Update().Where(servicecase.CustomerID(m.from.ID)).
		SetCustomerID(m.into.ID).AddRevision(1).SetUpdatedAt(m.now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("moving cases: %w", err)
	}
	return nil
}

func (m *merge) disclosures(ctx context.Context) (err error) {
	m.moved.Disclosures, err = m.tx.Disclosure.Query().Where(disclosure.CustomerID(m.from.ID)).Order(disclosure.ByID()).IDs(ent.AsSystem(ctx))
	if err == nil {
		err = m.tx.Disclosure.Update().Where(disclosure.CustomerID(m.from.ID)).SetCustomerID(m.into.ID).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("moving disclosures: %w", err)
	}
	return nil
}

func (m *merge) visits(ctx context.Context) (err error) {
	m.moved.Visits, err = m.tx.Visit.Query().Where(visit.CustomerID(m.from.ID)).Order(visit.ByID()).IDs(ent.AsSystem(ctx))
	if err == nil {
		err = m.tx.Visit.Update().Where(visit.CustomerID(m.from.ID)).SetCustomerID(m.into.ID).AddRevision(1).SetUpdatedAt(m.now).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("moving visits: %w", err)
	}
	return nil
}

// consents moves what the customer said of the use of their data. Of each purpose
// that holds what was said last.
func (m *merge) consents(ctx context.Context) error {
	system := ent.AsSystem(ctx)
	holding := map[consent.Purpose]*db.Consent{}
	all, err := m.tx.Consent.Query().Where(consent.CustomerIDIn(m.into.ID, m.from.ID)).Order(consent.ByID()).All(system)
	if err != nil {
		return fmt.Errorf("reading consents: %w", err)
	}
	for _, c := range all {
		if c.CustomerID == m.from.ID {
			m.moved.Consents = append(m.moved.Consents, c.ID)
		}
		if !c.Current {
			continue
		}
		if other := holding[c.Purpose]; other == nil {
			holding[c.Purpose] = c
		} else if other.At.After(c.At) {
			m.moved.Overruled = append(m.moved.Overruled, c.ID)
		} else {
			m.moved.Overruled, holding[c.Purpose] = append(m.moved.Overruled, other.ID), c
		}
	}
	if err := m.tx.Consent.Update().Where(consent.IDIn(m.moved.Overruled...)).SetCurrent(false).Exec(system); err != nil {
		return fmt.Errorf("settling consents: %w", err)
	}
	if err := m.tx.Consent.Update().Where(consent.CustomerID(m.from.ID)).SetCustomerID(m.into.ID).Exec(system); err != nil {
		return fmt.Errorf("moving consents: %w", err)
	}
	return nil
}

func (m *merge) externalIDs(ctx context.Context) (err error) {
	m.moved.ExternalIDs, err = m.tx.ExternalID.Query().Where(externalid.CustomerID(m.from.ID)).Order(externalid.ByID()).IDs(ent.AsSystem(ctx))
	if err == nil {
		err = m.tx.ExternalID.Update().Where(externalid.CustomerID(m.from.ID)).SetCustomerID(m.into.ID).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("moving external ids: %w", err)
	}
	return nil
}

func (m *merge) ownerChanges(ctx context.Context) (err error) {
	m.moved.OwnerChanges, err = m.tx.OwnerChange.Query().Where(ownerchange.CustomerID(m.from.ID)).Order(ownerchange.ByID()).IDs(ent.AsSystem(ctx))
	if err == nil {
		err = m.tx.OwnerChange.Update().Where(ownerchange.CustomerID(m.from.ID)).SetCustomerID(m.into.ID).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("moving changes of owner: %w", err)
	}
	return nil
}

// attempts moves the attempts to be in touch with the customer, and plans the next
// contact with the file that stays: after the last with either, or when either customer
// wants it.
func (m *merge) attempts(ctx context.Context) (err error) {
	m.moved.Attempts, err = m.tx.ContactAttempt.Query().Where(contactattempt.CustomerID(m.from.ID)).Order(contactattempt.ByID()).IDs(ent.AsSystem(ctx))
	if err == nil {
		err = m.tx.ContactAttempt.Update().Where(contactattempt.CustomerID(m.from.ID)).SetCustomerID(m.into.ID).Exec(ctx)
	}
	if err == nil {
		err = m.tx.Customer.UpdateOneID(m.from.ID).ClearNextContactAt().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("moving the contacts with a customer: %w", err)
	}
	m.from.NextContactAt = nil
	if last := m.from.LastContactAt; last != nil && (m.into.LastContactAt == nil || m.into.LastContactAt.Before(*last)) {
		m.into.LastContactAt = last
	}
	if again := m.from.CallAgainAt; again != nil && (m.into.CallAgainAt == nil || again.Before(*m.into.CallAgainAt)) {
		m.into.CallAgainAt = again
	}
	return m.planContact(ctx, m.tx, m.into)
}

// refuseMerged refuses a change of a file that was merged into another, or whose
// person was erased.
func refuseMerged(c *db.Customer, path string) error {
	if c.ErasedAt != nil {
		return reject(Rejected, text("The personal data of this customer was erased.", "该客户的个人信息已被删除。"), path)
	}
	if c.MergedIntoID.IsZero() {
		return nil
	}
	return reject(Rejected, text("This file was merged into another, which its mergedInto names.", "该客户档案已并入其他档案（见 mergedInto）。"), path)
}

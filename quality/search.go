package quality

import (
	"context"
	"fmt"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/externalid"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// searched are the fields, as events name them, whose texts records are found by.
// A record that has just been made is found by all of them.
var searched = []string{"subject", "description", "product", "resolution", "entries", "name", "externalIds"}

// tell appends the events of a change, and lets what was changed be found by the
// texts that it has now. It comes last: by then the rows are locked, so that nobody
// else writes to them, and the events of one record are numbered in the order of its
// changes.
func (s *Service) tell(ctx context.Context, tx *db.Tx, told ...events.Event) (events.Pending, error) {
	var cases []typeid.CaseID
	var customers []typeid.CustomerID
	for _, e := range told {
		if e.Changed != nil && !slices.ContainsFunc(e.Changed, func(field string) bool { return slices.Contains(searched, field) }) {
			continue
		}
		if id, ok := typeid.Parse[typeid.CaseID](e.Subject); ok {
			cases = append(cases, id)
		} else if id, ok := typeid.Parse[typeid.CustomerID](e.Subject); ok {
			customers = append(customers, id)
		}
	}
	if err := s.indexCases(ctx, tx, cases, false); err != nil {
		return events.Pending{}, err
	}
	if err := s.indexCustomers(ctx, tx, customers, false); err != nil {
		return events.Pending{}, err
	}
	return s.events.Append(ctx, tx, told...)
}

// Bounds of what is read together.
const (
	atOnce        = 500 // records
	indexedAtOnce = 100 // records with all their texts, each of which may have thousands of terms
)

func (s *Service) indexCases(ctx context.Context, tx *db.Tx, ids []typeid.CaseID, onlyMissing bool) error {
	ctx = ent.AsSystem(ctx)
	for some := range slices.Chunk(ids, indexedAtOnce) {
		cases, err := tx.ServiceCase.Query().Where(servicecase.IDIn(some...)).
			Select(servicecase.FieldID, servicecase.FieldNumber, servicecase.FieldSubject, servicecase.FieldDescription,
				servicecase.FieldProduct, servicecase.FieldTopicText, servicecase.FieldResolution, servicecase.FieldExternalID).All(ctx)
		if err != nil {
			return fmt.Errorf("reading cases for the text index: %w", err)
		}
		lines, err := tx.CaseEntry.Query().Where(caseentry.CaseIDIn(some...), caseentry.KindNEQ(caseentry.KindSYSTEM)).
			Order(db.Desc(caseentry.FieldAt)).Select(caseentry.FieldCaseID, caseentry.FieldText).All(ctx)
		if err != nil {
			return fmt.Errorf("reading timelines for the text index: %w", err)
		}
		said := make(map[typeid.CaseID][]string, len(cases))
		for _, line := range lines {
			said[line.CaseID] = append(said[line.CaseID], line.Text)
		}
		texts := make([]ent.Text, len(cases))
		for i, c := range cases {
			written := append(given(&c.Subject, c.TopicText, c.Description, c.Resolution), said[c.ID]...)
			texts[i] = ent.Text{ID: c.ID, Terms: rules.Terms(append(given(&c.Number, c.Product, c.ExternalID), withoutContacts(written)...)...)}
		}
		if err := s.db.IndexTexts(ctx, tx, ent.CaseTexts, texts, onlyMissing); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) indexCustomers(ctx context.Context, tx *db.Tx, ids []typeid.CustomerID, onlyMissing bool) error {
	ctx = ent.AsSystem(ctx)
	for some := range slices.Chunk(ids, indexedAtOnce) {
		customers, err := tx.Customer.Query().Where(customer.IDIn(some...)).
			Select(customer.FieldID, customer.FieldName, customer.FieldExternalID).All(ctx)
		if err != nil {
			return fmt.Errorf("reading customers for the text index: %w", err)
		}
		foreign, err := tx.ExternalID.Query().Where(externalid.CustomerIDIn(some...)).Order(externalid.ByID()).All(ctx)
		if err != nil {
			return fmt.Errorf("reading external ids for the text index: %w", err)
		}
		called := make(map[typeid.CustomerID][]string, len(customers))
		for _, id := range foreign {
			called[id.CustomerID] = append(called[id.CustomerID], id.Value)
		}
		texts := make([]ent.Text, len(customers))
		for i, c := range customers {
			own := append(withoutContacts([]string{c.Name}), given(c.ExternalID)...)
			texts[i] = ent.Text{ID: c.ID, Terms: rules.Terms(append(own, called[c.ID]...)...)}
		}
		if err := s.db.IndexTexts(ctx, tx, ent.CustomerTexts, texts, onlyMissing); err != nil {
			return err
		}
	}
	return nil
}

// withoutContacts are texts that people write, without the telephone numbers and
// e-mail addresses in them: the index keeps its terms in clear. Numbers of cases,
// references of products and ids of other systems are indexed whole.
func withoutContacts(texts []string) []string {
	for i, text := range texts {
		texts[i] = rules.WithoutContacts(text)
	}
	return texts
}

// given are the texts that there are.
func given(texts ...*string) (all []string) {
	for _, text := range texts {
		if text != nil {
			all = append(all, *text)
		}
	}
	return all
}

// IndexTexts lets those records be found by their texts that were written before
// there was a text index, or since one was dropped. It reports how many it indexed;
// what is written meanwhile is indexed as it is written.
func (s *Service) IndexTexts(ctx context.Context) (indexed int, err error) {
	cases, err := indexAll(ctx, s, s.indexCases, func(ctx context.Context, last typeid.CaseID) ([]typeid.CaseID, error) {
		q := s.db.ServiceCase.Query().Where(ent.WithoutText(ent.CaseTexts))
		if !last.IsZero() {
			q.Where(servicecase.IDGT(last))
		}
		return q.Order(db.Asc(servicecase.FieldID)).Limit(atOnce).IDs(ctx)
	})
	if err != nil {
		return cases, fmt.Errorf("indexing the texts of cases: %w", err)
	}
	customers, err := indexAll(ctx, s, s.indexCustomers, func(ctx context.Context, last typeid.CustomerID) ([]typeid.CustomerID, error) {
		q := s.db.Customer.Query().Where(ent.WithoutText(ent.CustomerTexts))
		if !last.IsZero() {
			q.Where(customer.IDGT(last))
		}
		return q.Order(db.Asc(customer.FieldID)).Limit(atOnce).IDs(ctx)
	})
	if err != nil {
		return cases + customers, fmt.Errorf("indexing the texts of customers: %w", err)
	}
	return cases + customers, nil
}

// indexAll indexes what missing returns, which is the next records after one in the
// order of ids.
func indexAll[ID any](ctx context.Context, s *Service,
	index func(ctx context.Context, tx *db.Tx, ids []ID, onlyMissing bool) error,
	missing func(ctx context.Context, last ID) ([]ID, error),
) (indexed int, err error) {
	ctx = ent.AsSystem(ctx)
	var last ID
	for {
		ids, err := missing(ctx, last)
		if err != nil || len(ids) == 0 {
			return indexed, err
		}
		if err := ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error { return index(ctx, tx, ids, true) }); err != nil {
			return indexed, err
		}
		indexed, last = indexed+len(ids), ids[len(ids)-1]
		if len(ids) == atOnce {
			s.giveWay(ctx)
		}
	}
}

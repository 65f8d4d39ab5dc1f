package quality

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// importCustomers finds the customers of one import, or registers them. It asks the
// database and writes to it for all cases together: one by one they took longer than
// the cases.
type importCustomers struct {
	*importWriter
	at   *db.Site
	keys *contact.Ring
	// The customers who are known so far, by external id and by the digests of
	// telephone number and e-mail address. A key that is looked for has no customer yet.
	byExternalID, byPhone, byEmail map[string]typeid.CustomerID
	older                          map[string]string // digests by older keys, with the primary one's
	taken                          map[string]bool   // external ids that customers of the site have, also those whom the viewer does not see
	registered                     []*db.CustomerCreate
	points                         []*db.ContactPointCreate // of those
}

// customers returns the customers of the cases at the indexes; a case that names
// nobody has the zero id. Those whose customer is rejected are left out of the
// indexes that it returns.
func (w *importWriter) customers(ctx context.Context, at *db.Site, cases []ImportCase, good []int) (map[int]typeid.CustomerID, []int, error) {
	keys, err := w.keysIn(ctx, w.tx)
	if err != nil {
		return nil, nil, err
	}
	c := &importCustomers{
		importWriter: w, at: at, keys: keys, taken: map[string]bool{}, older: map[string]string{},
		byExternalID: map[string]typeid.CustomerID{}, byPhone: map[string]typeid.CustomerID{}, byEmail: map[string]typeid.CustomerID{},
	}
	digests := map[int]contactDigests{}
	for _, i := range good {
		if in := cases[i].Customer; in != nil {
			var err error
			if digests[i], err = c.lookFor(in); err != nil {
				return nil, nil, err
			}
		}
	}
	if err := c.find(ctx); err != nil {
		return nil, nil, fmt.Errorf("looking up customers: %w", err)
	}
	ids, welcome := map[int]typeid.CustomerID{}, good[:0]
	for _, i := range good {
		if in := cases[i].Customer; in != nil {
			var err error
			ids[i], err = c.customer(ctx, in, digests[i])
			if errors.As(err, &w.out.Cases[i].Rejection) {
				continue // its row was not written, so the others can be
			}
			if err != nil {
				return nil, nil, err
			}
		}
		welcome = append(welcome, i)
	}
	return ids, welcome, c.save(ctx)
}

// contactDigests are what a customer without an external id is found by; "" for
// what the customer does not have.
type contactDigests struct{ phone, email string }

// lookFor notes by what a customer is to be found.
func (c *importCustomers) lookFor(in *ImportCustomer) (found contactDigests, err error) {
	var ignored check // said when the customer is registered
	if ignored.optional(&in.ExternalID, maxForeign, "externalId"); in.ExternalID != nil {
		if ignored.err() == nil {
			c.byExternalID[*in.ExternalID] = typeid.CustomerID{}
		}
		return found, nil
	}
	for _, by := range []struct {
		field  contact.Field
		value  *string
		known  map[string]typeid.CustomerID
		digest *string
	}{
		{contact.PhoneField, in.Phone, c.byPhone, &found.phone},
		{contact.EmailField, in.Email, c.byEmail, &found.email},
	} {
		if by.value == nil {
			continue
		}
		normal, err := normalise(by.field, *by.value, c.at.Country)
		if err != nil { // it is refused when the customer is registered
			continue
		}
		digests, err := c.keys.Digests(by.field, normal)
		if err != nil {
			return found, err
		}
		*by.digest = string(digests[0])
		by.known[*by.digest] = typeid.CustomerID{}
		for _, older := range digests[1:] {
			c.older[string(older)] = *by.digest
		}
	}
	return found, nil
}

// find asks the database for the customers that are looked for.
func (c *importCustomers) find(ctx context.Context) error {
	for ids := range slices.Chunk(slices.Collect(maps.Keys(c.byExternalID)), lookUpRows) {
		query := c.tx.Customer.Query().Where(customer.ExternalIDIn(ids...))
		taken, err := query.Clone().Where(customer.SiteID(c.at.ID)).Select(customer.FieldExternalID).Strings(ent.AsSystem(ctx))
		if err != nil {
			return err
		}
		for _, id := range taken {
			c.taken[id] = true
		}
		known, err := query.Select(customer.FieldID, customer.FieldExternalID, customer.FieldSiteID, customer.FieldMergedIntoID).Order(customer.ByID()).All(ctx)
		if err != nil {
			return err
		}
		for _, k := range known { // the site's own, else the one who was registered first
			if c.byExternalID[*k.ExternalID].IsZero() || k.SiteID == c.at.ID {
				c.byExternalID[*k.ExternalID] = k.ID
				if !k.MergedIntoID.IsZero() {
					c.byExternalID[*k.ExternalID] = k.MergedIntoID
				}
			}
		}
	}
	if err := c.findByContact(ctx, c.byPhone); err != nil {
		return err
	}
	return c.findByContact(ctx, c.byEmail)
}

// lookUpRows is how many values one statement looks up.
const lookUpRows = 5000

// findByContact looks for customers by the digests of one kind of contact data. Of
// several with the same it takes the one who was registered first; the database
// chooses, for a number that was made up may be that of a great many.
func (c *importCustomers) findByContact(ctx context.Context, known map[string]typeid.CustomerID) error {
	digests := make([][]byte, 0, len(known))
	for digest := range known {
		digests = append(digests, []byte(digest))
	}
	for older, digest := range c.older {
		if _, wanted := known[digest]; wanted {
			digests = append(digests, []byte(older))
		}
	}
	for some := range slices.Chunk(digests, lookUpRows) {
		var found []struct {
			Digest []byte            `sql:"digest"`
			ID     typeid.CustomerID `sql:"first"`
		}
		err := c.tx.ContactPoint.Query().Where(contactpoint.DigestIn(some...)).
			GroupBy(contactpoint.FieldDigest).Aggregate(firstCustomer).Scan(ctx, &found)
		if err != nil {
			return err
		}
		for _, f := range found {
			digest := string(f.Digest)
			if now, old := c.older[digest]; old {
				digest = now
			}
			if first := known[digest]; first.IsZero() || bytes.Compare(f.ID[:], first[:]) < 0 {
				known[digest] = f.ID
			}
		}
	}
	return nil
}

// firstCustomer is the least id of a group.
func firstCustomer(s *sql.Selector) string {
	id := s.C(contactpoint.FieldCustomerID)
	if s.Dialect() == dialect.Postgres { // which has no MIN of UUIDs; as texts they have the same order
		id += "::text"
	}
	return sql.As("MIN("+id+")", "first")
}

// customer returns the customer that an import names and notes a new one, to be
// saved later.
func (c *importCustomers) customer(ctx context.Context, in *ImportCustomer, by contactDigests) (typeid.CustomerID, error) {
	if in.ExternalID != nil {
		if id := c.byExternalID[*in.ExternalID]; !id.IsZero() {
			return id, nil
		}
		return c.register(ctx, in)
	}
	if id := c.byPhone[by.phone]; !id.IsZero() {
		return id, nil
	}
	if id := c.byEmail[by.email]; !id.IsZero() {
		return id, nil
	}
	return c.register(ctx, in)
}

// register notes a new customer. A Rejection means that there is none.
func (c *importCustomers) register(ctx context.Context, in *ImportCustomer) (id typeid.CustomerID, err error) {
	create := c.tx.Customer.Create()
	register := RegisterCustomer{Kind: in.Kind, Name: in.Name, Phone: in.Phone, Email: in.Email}
	if in.ExternalID != nil {
		// Whether it is free would be asked of the database, but is known here.
		if _, valid := c.byExternalID[*in.ExternalID]; valid && !c.taken[*in.ExternalID] {
			create.SetExternalID(*in.ExternalID)
		} else {
			register.ExternalID = in.ExternalID
		}
	}
	points, err := c.fillCustomer(ctx, c.tx, c.keys, create, &register, c.at)
	var wrong Rejection
	if errors.As(err, &wrong) {
		for i := range wrong {
			wrong[i].Path = append([]string{"customer"}, wrong[i].Path...)
		}
		return id, wrong
	}
	if err != nil {
		return id, err
	}
	id = typeid.New[typeid.CustomerID]()
	c.registered = append(c.registered, create.SetID(id))
	if external, ok := create.Mutation().ExternalID(); ok {
		c.byExternalID[external] = id
	}
	for _, p := range points {
		c.points = append(c.points, p.create(c.tx, id, true, c.now))
		known := c.byPhone
		if p.kind == contactpoint.KindEMAIL {
			known = c.byEmail
		}
		if digest := string(p.digests[0]); known[digest].IsZero() { // else it is found by the one who was first
			known[digest] = id
		}
	}
	return id, nil
}

// save writes the new customers.
func (c *importCustomers) save(ctx context.Context) error {
	for some := range slices.Chunk(c.registered, importRows) {
		saved, err := c.tx.Customer.CreateBulk(some...).Save(ctx)
		if err != nil {
			return fmt.Errorf("registering %d customers: %w", len(some), err)
		}
		for _, one := range saved {
			c.events = append(c.events, customerEvent(EventCustomerRegistered, one, c.now))
		}
	}
	for some := range slices.Chunk(c.points, importRows) {
		if err := c.tx.ContactPoint.CreateBulk(some...).Exec(ctx); err != nil {
			return fmt.Errorf("adding %d contact points: %w", len(some), err)
		}
	}
	c.out.Customers = len(c.registered)
	return nil
}

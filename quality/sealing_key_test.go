package quality_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// keyed gives the company a key file, and returns a further server with the file, such
// as runs in another process, and the path.
func (c *company) keyed(t testing.TB) (other *quality.Service, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "keys")
	open := func() *quality.Service {
		keys, err := contact.OpenKeys(path)
		if err != nil {
			t.Fatal(err)
		}
		c.keys = keys
		s := c.service(c.db, c.log)
		if err := s.CheckKeys(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s
	}
	other = open()
	c.Service = open()
	return other, path
}

// rotate carries out one step of a rotation.
func rotate[T any](t testing.TB, step func(context.Context) (T, error)) T {
	t.Helper()
	did, err := step(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return did
}

func reseal(t testing.TB, s *quality.Service) (sealed int) {
	t.Helper()
	if err := s.Reseal(t.Context(), func(done, _ int) { sealed = done }); err != nil {
		t.Fatal(err)
	}
	return sealed
}

// uses sums the keys up: "PRIMARY 2 1 0 true" is the primary one, by which two contact
// points, the key of one file and no kept answer are sealed, and which the file has.
func (c *company) uses(t testing.TB) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, k := range rotate(t, c.Keys) {
		sums[k.ID] = fmt.Sprintf("%s %d %d %d %v", k.State, k.ContactPoints, k.Files, k.Asked, k.Held)
	}
	return sums
}

func (c *company) expectKeys(t testing.TB, what string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, c.uses(t)); diff != "" {
		t.Errorf("%s: keys (-want +got):\n%s", what, diff)
	}
}

// A rotation from the first key to the second, step by step, with what each refuses. In
// the end nothing needs the first key.
func TestKeysRotate(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		other, path := c.keyed(t)
		first := c.keys.Names()[0]
		in := guest()
		in.IdempotencyKey = new("registers")
		of := must(c.RegisterCustomer(c.as(t, "agent"), in))(t)
		kase := c.opened(t)
		attached := c.attachments(t, must(c.AddCaseEntry(c.as(t, "agent"), noted(kase.ID, upload("a.txt", "The tap drips."))))(t))[0]
		id, query := c.link(t, "agent", attached)
		c.expectKeys(t, "at first", map[string]string{first: "PRIMARY 2 1 1 true"})
		if names, err := c.RetireKeys(t.Context()); len(names) > 0 || err != nil {
			t.Errorf("with one key, %v are retired, %v", names, err)
		}
		if name, err := c.PreferKey(t.Context()); name != "" || err != nil {
			t.Errorf("with one key, %q is preferred, %v", name, err)
		}

		second := rotate(t, c.AddKey)
		c.expectKeys(t, "added", map[string]string{first: "PRIMARY 2 1 1 true", second: "ADDED 0 0 0 true"})
		var refused *quality.KeysError
		if name, err := c.AddKey(t.Context()); !errors.As(err, &refused) || !strings.Contains(err.Error(), second) {
			t.Errorf("another is added: %q, %v", name, err)
		}
		if got := rotate(t, c.PreferKey); got != second {
			t.Errorf("the primary key is %q, want %q", got, second)
		}
		if _, err := c.RetireKeys(t.Context()); !errors.As(err, &refused) || !strings.Contains(err.Error(), "2 contact points and the keys of 1 attachments") {
			t.Errorf("retired while data is sealed by it: %v", err)
		}
		// The other server has read nothing again so far: it finds the key when it needs it.
		visitor := guest()
		visitor.Phone, visitor.Email = new("13800138001"), nil
		late := must(other.RegisterCustomer(c.as(t, "agent"), visitor))(t)
		c.expectKeys(t, "primary", map[string]string{first: "OLDER 2 1 1 true", second: "PRIMARY 1 0 0 true"})
		if sealed := reseal(t, other); sealed != 3 {
			t.Errorf("%d are sealed anew, want 3", sealed)
		}
		c.expectKeys(t, "sealed anew", map[string]string{first: "OLDER 0 0 1 true", second: "PRIMARY 3 1 0 true"})

		// The change of before is known again, as long as its answer is kept.
		if again := must(other.RegisterCustomer(c.as(t, "agent"), in))(t); again.ID != of.ID {
			t.Errorf("sent again, it registers %v, want %v", again.ID, of.ID)
		}
		if _, err := c.RetireKeys(t.Context()); !errors.As(err, &refused) || !strings.Contains(err.Error(), morning.Add(24*time.Hour).Format(time.RFC3339)) {
			t.Errorf("retired while a change is known by it: %v", err)
		}
		if content, err := other.OpenAttachment(t.Context(), id, query); err != nil {
			t.Errorf("a link of before: %v", err)
		} else if err := content.Close(); err != nil {
			t.Error(err)
		}
		c.clock.advance(24 * time.Hour)
		reseal(t, c.Service)
		if names := rotate(t, c.RetireKeys); len(names) != 1 || names[0] != first {
			t.Errorf("retired %v, want %s", names, first)
		}
		c.expectKeys(t, "retired", map[string]string{first: "RETIRED 0 0 0 false", second: "PRIMARY 3 1 0 true"})

		// The first key is nowhere any more; everything is read without it.
		fresh, err := contact.OpenKeys(path)
		if err != nil || len(fresh.Names()) != 1 || fresh.Names()[0] != second {
			t.Fatalf("the key file has %v, %v", fresh, err)
		}
		c.keys = fresh
		c.Service = c.service(c.db, c.log)
		if err := c.CheckKeys(t.Context()); err != nil {
			t.Error(err)
		}
		if phone, email := c.contacts(t, of.ID); phone != "+8613800138000" || email != "wang.fang@example.com" {
			t.Errorf("the customer has %q, %q", phone, email)
		}
		if phone, _ := c.contacts(t, late.ID); phone != "+8613800138001" {
			t.Errorf("the later customer has %q", phone)
		}
		if report, err := c.VerifyFiles(t.Context(), func(int, int) {}); err != nil || report.Files != 1 || len(report.Lost) > 0 {
			t.Errorf("attachments: %+v, %v", report, err)
		}
	})
}

// While the key changes, two servers register the same visitors again and again: each
// has one file, and is found by every lookup from the first registration on.
func TestOneFileForOneNumberWhileKeysChange(t *testing.T) {
	const visitors, clients = 5, 16
	each(t, func(t *testing.T, c *company) {
		other, _ := c.keyed(t)
		servers := []*quality.Service{other, c.Service}
		c.planned(t, "desk", "early", "agent", "colleague")
		ctx := c.as(t, "lead")
		phone := func(n int) string { return fmt.Sprintf("138001380%02d", n) }
		enough := make(chan struct{})
		worked := make(chan []error)
		go func() {
			_, errs := atOnce(clients, func(client int) (struct{}, error) {
				var none struct{}
				for tries := 0; ; tries++ {
					select {
					case <-enough:
						return none, nil
					default:
					}
					s, n := servers[(client+tries)%2], (client+tries)%visitors
					in := c.visitor("desk")
					in.Name, in.Phone = new(fmt.Sprint("Visitor ", n)), new(phone(n))
					change, err := s.RegisterVisit(ctx, in)
					if err != nil {
						return none, fmt.Errorf("registering visitor %d: %w", n, err)
					}
					digests, err := s.ContactDigests(ctx, contact.PhoneField, phone(n), "CN")
					if err != nil {
						return none, err
					}
					found, err := c.db.Customer.Query().Where(customer.HasContactPointsWith(contactpoint.DigestIn(digests...))).OnlyID(ent.AsSystem(ctx))
					if err != nil || found != change.Object.CustomerID {
						return none, fmt.Errorf("looking visitor %d up finds %v, %v", n, found, err)
					}
				}
			})
			worked <- errs
		}()
		for range 3 {
			rotate(t, c.AddKey)
			rotate(t, c.PreferKey)
			reseal(t, c.Service)
			if names := rotate(t, c.RetireKeys); len(names) != 1 {
				t.Errorf("retired %v", names)
			}
		}
		close(enough)
		for _, err := range <-worked {
			if err != nil {
				t.Error(err)
			}
		}
		if n := c.rows(t)["customers"]; n > visitors {
			t.Errorf("%d files of %d visitors", n, visitors)
		}
	})
}

// A sealing anew that is cut short goes on where it was, and passes over nothing that
// others have changed meanwhile.
func TestResealIsCutShort(t *testing.T) {
	const points = 250
	each(t, func(t *testing.T, c *company) {
		c.keyed(t)
		of := c.registered(t, "agent", guest())
		f := contact.ChatField("WECHAT")
		err := ent.WithTx(t.Context(), c.db.Client, func(tx *db.Tx) error {
			rows := make([]*db.ContactPointCreate, points)
			for n := range rows {
				sealed, err := c.keys.Ring().Seal(f, fmt.Sprint("name", n))
				if err != nil {
					return err
				}
				digest, err := c.keys.Ring().Digest(f, fmt.Sprint("name", n))
				if err != nil {
					return err
				}
				rows[n] = tx.ContactPoint.Create().SetCustomerID(of.ID).SetKind("CHAT").SetChannel("WECHAT").SetSealed(sealed).SetDigest(digest).SetAddedAt(morning)
			}
			return tx.ContactPoint.CreateBulk(rows...).Exec(t.Context())
		})
		if err != nil {
			t.Fatal(err)
		}
		rotate(t, c.AddKey)
		rotate(t, c.PreferKey)
		ctx, cancel := context.WithCancel(t.Context())
		var told [][2]int
		err = c.Reseal(ctx, func(done, total int) {
			told = append(told, [2]int{done, total})
			if done >= 200 {
				cancel()
			}
		})
		if diff := cmp.Diff([][2]int{{100, 252}, {200, 252}}, told); err == nil || diff != "" {
			t.Errorf("cut short: %v, told (-want +got):\n%s", err, diff)
		}
		if sealed := reseal(t, c.Service); sealed != 52 {
			t.Errorf("%d are sealed anew in the end, want 52", sealed)
		}
		if names := rotate(t, c.RetireKeys); len(names) != 1 {
			t.Errorf("retired %v", names)
		}
		if got := len(c.points(t, of.ID)); got != points+2 {
			t.Errorf("%d contact points open, want %d", got, points+2)
		}
	})
}

// Who has the same number is known across keys: for a warning, for a second contact
// point of one customer, in a merge and in an import.
func TestSameContactAcrossKeys(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.keyed(t)
		old := c.registered(t, "agent", guest())
		rotate(t, c.AddKey)
		rotate(t, c.PreferKey)
		_, err := c.AddContactPoint(c.as(t, "agent"), quality.AddContactPoint{CustomerID: old.ID, ExpectedRevision: 1, Kind: "PHONE", Value: "13800138000"})
		expect(t, "the same number again", err, "DUPLICATE value")
		change, err := c.RegisterCustomer(c.as(t, "agent"), guest())
		if err != nil || !warned(change.Warnings) {
			t.Fatalf("a second file: %v, %v", change, err)
		}
		imported := must2(c.ImportCases(ent.AsSystem(t.Context()), quality.ImportCases{Site: quality.ImportSite{Code: "hotel"}, Cases: []quality.ImportCase{
			{ExternalID: "1", Kind: "COMPLAINT", Channel: "EMAIL", Severity: "MINOR", Subject: "Cold", OpenedAt: morning, Status: "OPEN",
				Customer: &quality.ImportCustomer{Name: "Wang Fang", Phone: new("13800138000")}},
		}}))(t)
		if of := c.stored(t, imported.Cases[0].ID).CustomerID; of != old.ID || imported.Customers != 0 {
			t.Errorf("the imported case is of %v, want who was registered first", of)
		}
		must(c.MergeCustomers(c.as(t, "manager"), quality.MergeCustomers{IntoID: old.ID, ExpectedRevision: 1, FromID: change.Object.ID, FromExpectedRevision: 1, Reason: "Twice"}))(t)
		if got := len(c.points(t, old.ID)); got != 2 {
			t.Errorf("%d contact points after the merge, want 2", got)
		}
		reseal(t, c.Service)
	})
}

func must2[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Whoever comes with other keys than those of the database is told at once, and seals
// nothing.
func TestWrongKeys(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		wrong, err := contact.OpenKeys(filepath.Join(t.TempDir(), "others"))
		if err != nil {
			t.Fatal(err)
		}
		stranger := func() *quality.Service {
			right := c.keys
			defer func() { c.keys = right }()
			c.keys = wrong
			return c.service(c.db, events.New(events.Config{Database: c.db}))
		}()
		c.registered(t, "agent", guest()) // in a database that knows of no keys yet
		if err := stranger.CheckKeys(t.Context()); err == nil || !strings.Contains(err.Error(), "not that of this database") {
			t.Errorf("other keys are taken for those of the database: %v", err)
		}
		if err := c.CheckKeys(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := c.rows(t)
		var missing *contact.MissingKeyError
		if err := stranger.CheckKeys(t.Context()); !errors.As(err, &missing) || missing.Name != c.keys.Names()[0] {
			t.Errorf("other keys are taken: %v", err)
		}
		if _, err := stranger.RegisterCustomer(c.as(t, "agent"), guest()); !errors.As(err, &missing) {
			t.Errorf("something is sealed by other keys: %v", err)
		}
		if diff := cmp.Diff(before, c.rows(t)); diff != "" {
			t.Errorf("rows were written (-before +after):\n%s", diff)
		}
	})
}

// A server without the file that has the new key works on until that key is needed, and
// says then what it lacks.
func TestAKeyThatWasNotCopied(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		_, path := c.keyed(t)
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(t.TempDir(), "copy")
		if err := os.WriteFile(copied, body, 0o600); err != nil {
			t.Fatal(err)
		}
		keys, err := contact.OpenKeys(copied)
		if err != nil {
			t.Fatal(err)
		}
		owned := c.keys
		c.keys = keys
		remote := c.service(c.db, c.log)
		c.keys = owned
		added := rotate(t, c.AddKey)
		must(remote.RegisterCustomer(c.as(t, "agent"), guest()))(t)
		if err := remote.CheckKeys(t.Context()); err != nil {
			t.Errorf("a key that is not needed yet: %v", err)
		}
		if _, err := remote.PreferKey(t.Context()); err == nil {
			t.Error("a key is preferred where it is not")
		}
		rotate(t, c.PreferKey)
		var missing *contact.MissingKeyError
		if _, err := remote.RegisterCustomer(c.as(t, "agent"), guest()); !errors.As(err, &missing) || missing.Name != added {
			t.Errorf("without the primary key: %v", err)
		}
		if body, err = os.ReadFile(path); err == nil {
			err = os.WriteFile(copied, body, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		must(remote.RegisterCustomer(c.as(t, "agent"), guest()))(t)
	})
}

package quality_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// guest is a customer to register.
func guest() quality.RegisterCustomer {
	return quality.RegisterCustomer{Kind: customer.KindPERSON, Name: "Wang Fang",
		Phone: new("138 0013 8000"), Email: new("Wang.Fang@Example.com"), Source: new("A friend")}
}

func (c *company) registered(t testing.TB, who string, in quality.RegisterCustomer) *db.Customer {
	t.Helper()
	return must(c.RegisterCustomer(c.as(t, who), in))(t)
}

// contacts are the primary telephone number and e-mail address of a stored customer,
// opened.
func (c *company) contacts(t testing.TB, id typeid.CustomerID) (phone, email string) {
	t.Helper()
	for _, p := range c.points(t, id) {
		switch {
		case p.primary && p.kind == "PHONE":
			phone = p.value
		case p.primary && p.kind == "EMAIL":
			email = p.value
		}
	}
	return phone, email
}

func TestRegisterCustomer(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		before := c.rows(t)["events"]
		of := c.registered(t, "agent", guest())
		if of.Name != "Wang Fang" || of.Revision != 1 || *of.Source != "A friend" || !of.RegisteredAt.Equal(morning) {
			t.Errorf("registered: %v", of)
		}
		if of.SiteID != c.sites["hotel"].ID || of.DepartmentID != c.departments["desk"].ID || of.OwnerID != *c.staff("agent") {
			t.Error("want the customer to be the agent's, of the agent's department and site")
		}
		if phone, email := c.contacts(t, of.ID); phone != "+8613800138000" || email != "wang.fang@example.com" {
			t.Errorf("stored %q and %q, want the normal forms", phone, email)
		}
		want := []reach{{"PHONE", "", "+8613800138000", "", true, false}, {"EMAIL", "", "wang.fang@example.com", "", true, false}}
		if diff := cmp.Diff(want, c.points(t, of.ID), cmp.AllowUnexported(reach{})); diff != "" {
			t.Errorf("contact points (-want +got):\n%s", diff)
		}
		wantEvents := []said{{"customer.registered", c.staff("agent").String(), of.DepartmentID, of.OwnerID, typeid.StaffID{}, ""}}
		if diff := cmp.Diff(wantEvents, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestRegisterCustomerRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		in := guest()
		in.ExternalID = new("crm-1")
		c.registered(t, "agent", in)
		c.leaves(t, "booker")
		for _, test := range []struct {
			name, who string
			change    func(*quality.RegisterCustomer)
			want      string
		}{
			{"only a name", "agent", func(in *quality.RegisterCustomer) {
				*in = quality.RegisterCustomer{Kind: customer.KindCOMPANY, Name: "客户"}
			}, ""},
			{"all problems at once", "agent", func(in *quality.RegisterCustomer) {
				in.Name, in.Phone, in.Email, in.Source = "", new("110"), new("wang"), new(strings.Repeat("x", 101))
			}, "REQUIRED name; TOO_LONG source; INVALID phone; INVALID email"},
			{"an American number without its area code", "shop assistant", func(in *quality.RegisterCustomer) { in.Phone = new("555-0100") }, "INVALID phone"},
			{"an American number in an American mall", "shop assistant", func(in *quality.RegisterCustomer) { in.Phone = new("(212) 555-0100") }, ""},
			{"the external id again", "agent", func(in *quality.RegisterCustomer) { in.ExternalID = new("crm-1") }, "DUPLICATE externalId"},
			{"the external id again, by one who can't see the customer", "housekeeper", func(in *quality.RegisterCustomer) { in.ExternalID = new("crm-1") }, "DUPLICATE externalId"},
			{"the external id at another site", "shop assistant", func(in *quality.RegisterCustomer) {
				in.ExternalID, in.Phone = new("crm-1"), nil
			}, ""},
			{"another site's department", "agent", func(in *quality.RegisterCustomer) { in.DepartmentID = &c.departments["floor"].ID }, "NOT_FOUND departmentId"},
			{"another site's department, by one who sees it", "executive", func(in *quality.RegisterCustomer) { in.DepartmentID = &c.departments["floor"].ID }, "INVALID departmentId"},
			{"an owner who is not seen", "agent", func(in *quality.RegisterCustomer) { in.OwnerID = c.staff("shop assistant") }, "NOT_FOUND ownerId"},
			{"an owner of another site", "executive", func(in *quality.RegisterCustomer) { in.OwnerID = c.staff("shop assistant") }, "INVALID ownerId"},
			{"an owner who has left", "agent", func(in *quality.RegisterCustomer) { in.OwnerID = c.staff("booker") }, "INVALID ownerId"},
			{"a colleague as the owner", "agent", func(in *quality.RegisterCustomer) { in.OwnerID = c.staff("colleague") }, ""},
			{"by a machine", integrator, func(in *quality.RegisterCustomer) { in.SiteID = &c.sites["hotel"].ID }, ""},
			{"by a machine, without a site", integrator, func(*quality.RegisterCustomer) {}, "REQUIRED siteId"},
		} {
			in := guest()
			test.change(&in)
			before := c.rows(t)
			_, err := c.RegisterCustomer(c.as(t, test.who), in)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); (diff == "") != (err != nil) {
				t.Errorf("%s: rows written (-before +after):\n%s", test.name, diff)
			}
		}
	})
}

// That another customer has the same number is told to who may see that one, and to
// nobody else; which one it is, is not told.
func TestDuplicateWarning(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.registered(t, "shop assistant", quality.RegisterCustomer{Name: "Nobody", Kind: customer.KindPERSON}) // without contact data is like nobody
		first := c.registered(t, "housekeeper", guest())
		if change, err := c.RegisterCustomer(c.as(t, "agent"), guest()); err != nil || len(change.Warnings) > 0 {
			t.Errorf("the agent, who does not see the housekeeper's customer, is told %v, %v", change, err)
		}
		for _, test := range []struct {
			name         string
			phone, email *string
			want         bool
		}{
			{"the same number, written otherwise", new("+86 13800138000"), nil, true},
			{"the same address, written otherwise", nil, new("WANG.FANG@example.com"), true},
			{"one of them", new("13900139000"), new("wang.fang@example.com"), true},
			{"neither", new("13900139001"), new("fang@example.com"), false},
			{"an extension of the number", new("13800138000 ext 1"), nil, false},
			{"no contact data", nil, nil, false},
			{"no contact data again", new(" "), new(""), false},
		} {
			in := guest()
			in.Phone, in.Email = test.phone, test.email
			in.DepartmentID, in.OwnerID = &c.departments["desk"].ID, c.staff("agent")
			change, err := c.RegisterCustomer(c.as(t, "site manager"), in)
			if err != nil {
				t.Fatalf("%s: %v", test.name, err)
			}
			if got := warned(change.Warnings); got != test.want {
				t.Errorf("%s: warnings %v, want one of a possible duplicate: %v", test.name, change.Warnings, test.want)
			}
			if strings.Contains(fmt.Sprint(change.Warnings), first.ID.String()) {
				t.Errorf("%s: the warning names the other customer", test.name)
			}
		}
		// Taking the values away ends the warnings on both.
		change, err := c.UpdateCustomer(c.as(t, "housekeeper"), quality.UpdateCustomer{ID: first.ID, ExpectedRevision: 1,
			Phone: quality.Field[*string]{Set: true}, Email: quality.Field[*string]{Set: true}})
		if err != nil || warned(change.Warnings) {
			t.Errorf("without contact data: warnings %v, %v", change, err)
		}
	})
}

func warned(warnings []quality.Warning) bool {
	return len(warnings) == 1 && warnings[0].Code == quality.PossibleDuplicate
}

func TestUpdateCustomer(t *testing.T) {
	set := func(v *string) quality.Field[*string] { return quality.Field[*string]{Value: v, Set: true} }
	tests := []struct {
		name    string
		change  func(*company, *quality.UpdateCustomer)
		want    func(*company, *db.Customer) // from what was registered
		phone   string
		email   string
		changed string
	}{
		{"nothing", func(*company, *quality.UpdateCustomer) {}, func(*company, *db.Customer) {},
			"+8613800138000", "wang.fang@example.com", "revision"},
		{"name and kind",
			func(_ *company, in *quality.UpdateCustomer) {
				in.Name, in.Kind = new(" 王芳 "), new(customer.KindCOMPANY)
			},
			func(_ *company, w *db.Customer) { w.Name, w.Kind = "王芳", customer.KindCOMPANY },
			"+8613800138000", "wang.fang@example.com", "name kind revision"},
		{"telephone number",
			func(_ *company, in *quality.UpdateCustomer) { in.Phone = set(new("139-0013-9000")) }, func(*company, *db.Customer) {},
			"+8613900139000", "wang.fang@example.com", "phone contactPoints revision"},
		{"take the telephone number away",
			func(_ *company, in *quality.UpdateCustomer) { in.Phone = set(nil) }, func(*company, *db.Customer) {},
			"", "wang.fang@example.com", "phone contactPoints revision"},
		{"an empty address takes it away",
			func(_ *company, in *quality.UpdateCustomer) { in.Email = set(new(" ")) }, func(*company, *db.Customer) {},
			"+8613800138000", "", "email contactPoints revision"},
		{"take everything away",
			func(_ *company, in *quality.UpdateCustomer) {
				in.Phone, in.Email, in.Source = set(nil), set(nil), set(nil)
				in.DepartmentID.Set, in.OwnerID.Set = true, true
			},
			func(_ *company, w *db.Customer) {
				w.Source, w.DepartmentID, w.OwnerID = nil, typeid.DepartmentID{}, typeid.StaffID{}
			},
			"", "", "source phone email contactPoints department owner revision"},
		{"another department and owner",
			func(c *company, in *quality.UpdateCustomer) {
				in.DepartmentID = quality.Field[*typeid.DepartmentID]{Value: &c.departments["housekeeping"].ID, Set: true}
				in.OwnerID = quality.Field[*typeid.StaffID]{Value: c.staff("housekeeper"), Set: true}
			},
			func(c *company, w *db.Customer) {
				w.DepartmentID, w.OwnerID = c.departments["housekeeping"].ID, *c.staff("housekeeper")
			},
			"+8613800138000", "wang.fang@example.com", "department owner revision"},
	}
	each(t, func(t *testing.T, c *company) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				before := c.registered(t, "agent", guest())
				events := c.rows(t)["events"]
				c.clock.advance(1)
				in := quality.UpdateCustomer{ID: before.ID, ExpectedRevision: 1}
				test.change(c, &in)
				must(c.UpdateCustomer(c.as(t, "site manager"), in))(t)

				got, err := c.db.Customer.Get(ent.AsSystem(t.Context()), before.ID)
				if err != nil {
					t.Fatal(err)
				}
				want := *before
				test.want(c, &want)
				type file struct {
					Name, Source string
					Kind         customer.Kind
					Department   typeid.DepartmentID
					Owner        typeid.StaffID
					Revision     int
				}
				fileOf := func(of *db.Customer) file {
					f := file{Name: of.Name, Kind: of.Kind, Department: of.DepartmentID, Owner: of.OwnerID, Revision: of.Revision}
					if of.Source != nil {
						f.Source = *of.Source
					}
					return f
				}
				want.Revision = 2
				if diff := cmp.Diff(fileOf(&want), fileOf(got)); diff != "" {
					t.Errorf("the file (-want +got):\n%s", diff)
				}
				if phone, email := c.contacts(t, before.ID); phone != test.phone || email != test.email {
					t.Errorf("contact data %q and %q, want %q and %q", phone, email, test.phone, test.email)
				}
				wantEvent := []said{{"customer.updated", c.staff("site manager").String(), got.DepartmentID, got.OwnerID, typeid.StaffID{}, test.changed}}
				if diff := cmp.Diff(wantEvent, c.said(t, events)); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
			})
		}
	})
}

func TestUpdateCustomerRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.registered(t, "agent", guest())
		c.leaves(t, "booker")
		owner := func(name string) func(*quality.UpdateCustomer) {
			return func(in *quality.UpdateCustomer) {
				in.OwnerID = quality.Field[*typeid.StaffID]{Value: c.staff(name), Set: true}
			}
		}
		unknown := typeid.New[typeid.DepartmentID]()
		for _, test := range []struct {
			name, who string
			change    func(*quality.UpdateCustomer)
			want      string
		}{
			{"by one who doesn't see it", "housekeeper", func(*quality.UpdateCustomer) {}, "NOT_FOUND id"},
			{"a stale revision", "agent", func(in *quality.UpdateCustomer) { in.ExpectedRevision = 7 }, "CONFLICT expectedRevision"},
			{"all problems at once", "agent", func(in *quality.UpdateCustomer) {
				in.Name = new(" ")
				in.Phone = quality.Field[*string]{Value: new("1"), Set: true}
				in.Email = quality.Field[*string]{Value: new("@"), Set: true}
				in.Source = quality.Field[*string]{Value: new(strings.Repeat("长", 101)), Set: true}
			}, "REQUIRED name; TOO_LONG source; INVALID phone; INVALID email"},
			{"an unknown department", "agent", func(in *quality.UpdateCustomer) {
				in.DepartmentID = quality.Field[*typeid.DepartmentID]{Value: &unknown, Set: true}
			}, "NOT_FOUND departmentId"},
			{"an owner who is not seen", "agent", owner("shop assistant"), "NOT_FOUND ownerId"},
			{"an owner of another site", "executive", owner("shop assistant"), "INVALID ownerId"},
			{"an owner who has left", "agent", owner("booker"), "INVALID ownerId"},
		} {
			in := quality.UpdateCustomer{ID: of.ID, ExpectedRevision: 1}
			test.change(&in)
			before := c.rows(t)
			_, err := c.UpdateCustomer(c.as(t, test.who), in)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); diff != "" {
				t.Errorf("%s: rows were written (-before +after):\n%s", test.name, diff)
			}
		}
		if got, err := c.db.Customer.Get(ent.AsSystem(t.Context()), of.ID); err != nil || got.Revision != 1 {
			t.Errorf("refused changes left %v, %v", got, err)
		}
	})
}

func TestContactDigests(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.registered(t, "agent", guest())
		found := func(f contact.Field, value, country string) bool {
			digests, err := c.ContactDigests(t.Context(), f, value, country)
			if err != nil {
				t.Fatal(err)
			}
			found, err := c.db.Customer.Query().Where(customer.HasContactPointsWith(contactpoint.DigestIn(digests...))).Exist(ent.AsSystem(t.Context()))
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		for value, want := range map[string]bool{"13800138000": true, "+86 138-0013-8000": true, "13800138001": false, "8000": false, "wang.fang@example.com": false} {
			if got := found(contact.PhoneField, value, "CN"); got != want {
				t.Errorf("looking for %q finds the customer: %v, want %v", value, got, want)
			}
		}
		if !found(contact.EmailField, "Wang.Fang@example.com", "") {
			t.Error("the e-mail address is not found")
		}
	})
}

// What the database holds tells nobody a telephone number or e-mail address, and
// no event tells anything of a person.
func TestPersonalDataStaysWhereItBelongs(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		key := "register-1"
		in := guest()
		in.IdempotencyKey, in.ExternalID = &key, new("crm-4711")
		of := c.registered(t, "agent", in)
		must(c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: 1, Name: new("Wang Fangfang"),
			IdempotencyKey: new("update-1"), Phone: quality.Field[*string]{Value: new("13900139000"), Set: true}}))(t)
		story := complaint()
		story.CustomerID, story.Description, story.TopicText = &of.ID, new("Mrs Wang waited for an hour"), new("Wang's room")
		story.Subject = "Mrs Wang is angry"
		kase := must(c.OpenCase(c.as(t, "agent"), story))(t)
		must(c.DispatchCase(c.as(t, "agent"), quality.DispatchCase{ID: kase.ID, ExpectedRevision: 1,
			DepartmentID: c.departments["desk"].ID, Note: new("Call Wang Fang at 13800138000")}))(t)

		everywhere := []string{"138 0013 8000", "13800138000", "13900139000", "+8613800138000", "Wang.Fang@Example.com", "wang.fang@example.com"}
		for table, content := range c.dump(t) {
			if table == "case_entries" { // people write there what they like
				continue
			}
			for _, secret := range everywhere {
				if strings.Contains(content, secret) {
					t.Errorf("table %s holds %q", table, secret)
				}
			}
		}
		for _, e := range c.eventsAfter(t, 0) {
			for _, secret := range append(everywhere, "Wang", "angry", "crm-4711", "A friend", "hour", "register-1", "update-1") {
				if strings.Contains(content(t, e), secret) {
					t.Errorf("event %s holds %q: %s", e.Kind, secret, content(t, e))
				}
			}
		}
	})
}

// dump returns the raw content of every table.
func (c *company) dump(t testing.TB) map[string]string {
	t.Helper()
	list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if c.db.IsPostgres() {
		list = `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
	}
	tables := map[string]string{}
	for _, row := range c.query(t, list) {
		name := fmt.Sprint(row[0])
		var all strings.Builder
		for _, row := range c.query(t, `SELECT * FROM "`+name+`"`) {
			for _, value := range row {
				if bytes, ok := value.([]byte); ok {
					value = string(bytes)
				}
				fmt.Fprint(&all, value, "\n")
			}
		}
		tables[name] = all.String()
	}
	if len(tables) < 15 {
		t.Fatalf("only the tables %v were found", tables)
	}
	return tables
}

func (c *company) query(t testing.TB, statement string) [][]any {
	t.Helper()
	rows, err := c.db.SQL().QueryContext(context.WithoutCancel(t.Context()), statement)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]any
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for n := range row {
			into[n] = &row[n]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

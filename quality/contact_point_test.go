package quality_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// reach is a contact point, opened.
type reach struct {
	kind, channel, value, label string
	primary, verified           bool
}

// points are the contact points of a customer by age. Of one that was taken away
// nothing may be left.
func (c *company) points(t testing.TB, of typeid.CustomerID) []reach {
	t.Helper()
	rows, err := c.db.ContactPoint.Query().Where(contactpoint.CustomerID(of)).Order(contactpoint.ByAddedAt(), contactpoint.ByID()).All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	points := []reach{}
	for _, p := range rows {
		if p.RemovedAt != nil {
			if p.Sealed != nil || p.Digest != nil || p.Label != nil || p.Primary {
				t.Errorf("of a contact point that was taken away is left: %v", p)
			}
			continue
		}
		f := map[contactpoint.Kind]contact.Field{"PHONE": contact.PhoneField, "EMAIL": contact.EmailField}[p.Kind]
		r := reach{kind: string(p.Kind), primary: p.Primary, verified: p.VerifiedAt != nil}
		if p.Channel != nil {
			r.channel, f = *p.Channel, contact.ChatField(*p.Channel)
		}
		if p.Label != nil {
			r.label = *p.Label
		}
		if r.value, err = c.keys.Open(f, p.Sealed); err != nil {
			t.Fatal(err)
		}
		points = append(points, r)
	}
	return points
}

// point returns a contact point of a customer by its value.
func (c *company) point(t testing.TB, of typeid.CustomerID, f contact.Field, value string) *db.ContactPoint {
	t.Helper()
	digest, err := c.keys.Ring().Digest(f, value)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.db.ContactPoint.Query().Where(contactpoint.CustomerID(of), contactpoint.Digest(digest)).Only(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestContactPoints(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, before := c.registered(t, "agent", guest()), c.rows(t)["events"]
		has := func(what string, want ...reach) {
			t.Helper()
			if diff := cmp.Diff(want, c.points(t, of.ID), cmp.AllowUnexported(reach{})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		revision := 0
		add := func(in quality.AddContactPoint) {
			t.Helper()
			c.clock.advance(time.Second)
			revision++
			in.CustomerID, in.ExpectedRevision = of.ID, revision
			must(c.AddContactPoint(c.as(t, "agent"), in))(t)
		}
		phone, mail := reach{"PHONE", "", "+8613800138000", "", true, false}, reach{"EMAIL", "", "wang.fang@example.com", "", true, false}

		add(quality.AddContactPoint{Kind: "PHONE", Value: "139 0013 9000", Label: new(" office ")})
		add(quality.AddContactPoint{Kind: "CHAT", Channel: new("WECHAT"), Value: " Wang_88 "})
		office, chat := reach{"PHONE", "", "+8613900139000", "office", false, false}, reach{"CHAT", "WECHAT", "Wang_88", "", true, false}
		has("added", phone, mail, office, chat)

		add(quality.AddContactPoint{Kind: "PHONE", Value: "+12125550100", Primary: true})
		phone.primary = false
		abroad := reach{"PHONE", "", "+12125550100", "", true, false}
		has("another is primary", phone, mail, office, chat, abroad)

		revision++
		c.clock.advance(time.Second)
		must(c.VerifyContactPoint(c.as(t, "lead"), quality.VerifyContactPoint{ID: c.point(t, of.ID, contact.PhoneField, office.value).ID, ExpectedRevision: revision}))(t)
		if p := c.point(t, of.ID, contact.PhoneField, office.value); !p.VerifiedAt.Equal(c.clock.Now()) || p.VerifiedByID != *c.staff("lead") {
			t.Errorf("verified at %v by %v", p.VerifiedAt, p.VerifiedByID)
		}
		office.verified = true

		revision++
		must(c.RemoveContactPoint(c.as(t, "agent"), quality.RemoveContactPoint{ID: c.point(t, of.ID, contact.PhoneField, abroad.value).ID, ExpectedRevision: revision}))(t)
		phone.primary = true
		has("the oldest takes the place", phone, mail, office, chat)

		// By the single number of a change, one that is there already becomes primary.
		revision++
		must(c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: revision,
			Phone: quality.Field[*string]{Value: new("13900139000"), Set: true}}))(t)
		office.primary = true
		has("the primary number replaced by the other", mail, office, chat)

		var kinds []string
		for _, e := range c.said(t, before) {
			kinds = append(kinds, e.Kind+": "+e.Changed)
		}
		added, removed := "customer.contactPointAdded: contactPoints revision", "customer.contactPointRemoved: contactPoints revision"
		want := []string{added, added, added, "customer.contactPointVerified: contactPoints revision", removed, "customer.updated: phone contactPoints revision"}
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestContactPointRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.registered(t, "agent", guest())
		for _, test := range []struct {
			name, who string
			in        quality.AddContactPoint
			want      string
		}{
			{"by one who doesn't see the customer", "housekeeper", quality.AddContactPoint{Kind: "PHONE", Value: "13900139000"}, "NOT_FOUND customerId"},
			{"a stale revision", "agent", quality.AddContactPoint{Kind: "PHONE", Value: "13900139000", ExpectedRevision: 7}, "CONFLICT expectedRevision"},
			{"no value, too long a label, no service", "agent", quality.AddContactPoint{Kind: "CHAT", Value: " ", Label: new(strings.Repeat("x", 61))}, "REQUIRED value; TOO_LONG label; REQUIRED channel"},
			{"no number", "agent", quality.AddContactPoint{Kind: "PHONE", Value: "110"}, "INVALID value"},
			{"no address", "agent", quality.AddContactPoint{Kind: "EMAIL", Value: "wang"}, "INVALID value"},
			{"a service that is none", "agent", quality.AddContactPoint{Kind: "CHAT", Value: "wang", Channel: new("wechat")}, "INVALID channel"},
			{"a service for a number", "agent", quality.AddContactPoint{Kind: "PHONE", Value: "13900139000", Channel: new("WECHAT")}, "INVALID channel"},
			{"the same number again", "agent", quality.AddContactPoint{Kind: "PHONE", Value: "+86 138-0013-8000"}, "DUPLICATE value"},
		} {
			if test.in.CustomerID = of.ID; test.in.ExpectedRevision == 0 {
				test.in.ExpectedRevision = 1
			}
			before := c.rows(t)
			_, err := c.AddContactPoint(c.as(t, test.who), test.in)
			expect(t, test.name, err, test.want)
			if diff := cmp.Diff(before, c.rows(t)); diff != "" {
				t.Errorf("%s: rows written (-before +after):\n%s", test.name, diff)
			}
		}
		p := c.point(t, of.ID, contact.PhoneField, "+8613800138000")
		for name, change := range map[string]func(who string, revision int) error{
			"verify": func(who string, revision int) error {
				_, err := c.VerifyContactPoint(c.as(t, who), quality.VerifyContactPoint{ID: p.ID, ExpectedRevision: revision})
				return err
			},
			"remove": func(who string, revision int) error {
				_, err := c.RemoveContactPoint(c.as(t, who), quality.RemoveContactPoint{ID: p.ID, ExpectedRevision: revision})
				return err
			},
		} {
			expect(t, name+" what one doesn't see", change("housekeeper", 1), "NOT_FOUND id")
			expect(t, name+" by a stale revision", change("agent", 7), "CONFLICT expectedRevision")
		}
		must(c.RemoveContactPoint(c.as(t, "agent"), quality.RemoveContactPoint{ID: p.ID, ExpectedRevision: 1}))(t)
		_, err := c.VerifyContactPoint(c.as(t, "agent"), quality.VerifyContactPoint{ID: p.ID, ExpectedRevision: 2})
		expect(t, "verify what was taken away", err, "REJECTED id")
		for n := 2; n <= 20; n++ {
			must(c.AddContactPoint(c.as(t, "agent"), quality.AddContactPoint{CustomerID: of.ID, ExpectedRevision: n, Kind: "CHAT", Channel: new("QQ"), Value: fmt.Sprint(10000 + n)}))(t)
		}
		_, err = c.AddContactPoint(c.as(t, "agent"), quality.AddContactPoint{CustomerID: of.ID, ExpectedRevision: 21, Kind: "PHONE", Value: "13900139000"})
		expect(t, "one too many", err, "REJECTED")
		_, err = c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: 21, Phone: quality.Field[*string]{Value: new("13900139000"), Set: true}})
		expect(t, "one too many by a change of the file", err, "REJECTED")
	})
}

func TestMaskedContactPoints(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of := c.registered(t, "agent", guest())
		must(c.AddContactPoint(c.as(t, "agent"), quality.AddContactPoint{CustomerID: of.ID, ExpectedRevision: 1, Kind: "CHAT", Channel: new("QQ"), Value: "Wang_88"}))(t)
		for f, want := range map[contact.Field][2]string{
			contact.PhoneField: {"+8613800138000", "•••• 8000"}, contact.EmailField: {"wang.fang@example.com", "w•••@example.com"},
			contact.ChatField("QQ"): {"Wang_88", "W•••"},
		} {
			got, err := c.Masked(c.point(t, of.ID, f, want[0]))
			if err != nil || *got != want[1] {
				t.Errorf("%s is shown as %v (%v), want %q", f, got, err, want[1])
			}
		}
		if got, err := c.Masked(&db.ContactPoint{Kind: "PHONE"}); got != nil || err != nil {
			t.Errorf("of one that was taken away is shown %v, %v", got, err)
		}
	})
}

package quality_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/consent"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// agrees are what a customer's file says of the uses of their data, and how many
// words of the customer it keeps.
func (c *company) agrees(t testing.TB, of typeid.CustomerID) (holds map[string]string, words int) {
	t.Helper()
	all, err := c.db.Consent.Query().Where(consent.CustomerID(of)).All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	holds = map[string]string{}
	for _, one := range all {
		if one.Current {
			holds[string(one.Purpose)] = string(one.State)
		}
	}
	return holds, len(all)
}

func TestRecordConsent(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, before := c.registered(t, "agent", guest()), c.rows(t)["events"]
		said := func(revision int, purpose, state string, at *time.Time) quality.RecordConsent {
			return quality.RecordConsent{CustomerID: of.ID, ExpectedRevision: revision, Purpose: consent.Purpose(purpose), State: consent.State(state), Channel: "ONLINE", At: at}
		}
		for n, word := range []quality.RecordConsent{
			said(1, "MARKETING", "GIVEN", nil),
			said(2, "SURVEY", "GIVEN", nil),
			said(3, "MARKETING", "WITHDRAWN", nil),
			said(4, "MARKETING", "GIVEN", new(morning.Add(-time.Hour))), // on a form that was found later
		} {
			if got := must(c.RecordConsent(c.as(t, "agent"), word))(t); got.Revision != n+2 {
				t.Errorf("revision %d after the word %d", got.Revision, n)
			}
		}
		holds, words := c.agrees(t, of.ID)
		if diff := cmp.Diff(map[string]string{"MARKETING": "WITHDRAWN", "SURVEY": "GIVEN"}, holds); diff != "" || words != 4 {
			t.Errorf("of %d words hold (-want +got):\n%s", words, diff)
		}
		if said := c.said(t, before); len(said) != 4 || said[0].Kind != "customer.consentRecorded" || said[0].Changed != "consents consentHistory revision" {
			t.Errorf("events: %v", said)
		}
		for what, test := range map[string]struct {
			who  string
			in   quality.RecordConsent
			want string
		}{
			"by one who doesn't see the customer": {"housekeeper", said(5, "SURVEY", "GIVEN", nil), "NOT_FOUND customerId"},
			"a stale revision":                    {"agent", said(1, "SURVEY", "GIVEN", nil), "CONFLICT expectedRevision"},
			"in the future":                       {"agent", said(5, "SURVEY", "GIVEN", new(morning.Add(time.Minute))), "INVALID at"},
			"before there were records":           {"agent", said(5, "SURVEY", "GIVEN", new(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC))), "INVALID at"},
		} {
			rows := c.rows(t)
			_, err := c.RecordConsent(c.as(t, test.who), test.in)
			expect(t, what, err, test.want)
			if diff := cmp.Diff(rows, c.rows(t)); diff != "" {
				t.Errorf("%s: rows were written (-before +after):\n%s", what, diff)
			}
		}
	})
}

// Of two files of one customer, what was said last holds, and everything is kept.
func TestMergedConsentsAndExternalIDs(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		into, from := c.registered(t, "agent", guest()), c.registered(t, "agent", quality.RegisterCustomer{Kind: "PERSON", Name: "Fang Wang"})
		say := func(of typeid.CustomerID, revision int, purpose, state string, ago time.Duration) {
			must(c.RecordConsent(c.as(t, "agent"), quality.RecordConsent{CustomerID: of, ExpectedRevision: revision, Purpose: consent.Purpose(purpose),
				State: consent.State(state), Channel: "LETTER", At: new(morning.Add(-ago))}))(t)
		}
		say(into.ID, 1, "MARKETING", "GIVEN", 2*time.Hour)
		say(into.ID, 2, "SURVEY", "GIVEN", time.Hour)
		say(from.ID, 1, "MARKETING", "WITHDRAWN", time.Hour)
		say(from.ID, 2, "SURVEY", "WITHDRAWN", 2*time.Hour)
		say(from.ID, 3, "CONTACT", "GIVEN", 0)
		must(c.AddExternalID(c.as(t, "agent"), quality.CustomerExternalID{CustomerID: from.ID, ExpectedRevision: 4, System: "pms", Value: "G-7"}))(t)
		must(c.MergeCustomers(c.as(t, "lead"), quality.MergeCustomers{IntoID: into.ID, ExpectedRevision: 3, FromID: from.ID, FromExpectedRevision: 5, Reason: "One person"}))(t)
		holds, words := c.agrees(t, into.ID)
		if diff := cmp.Diff(map[string]string{"MARKETING": "WITHDRAWN", "SURVEY": "GIVEN", "CONTACT": "GIVEN"}, holds); diff != "" || words != 5 {
			t.Errorf("of %d words hold (-want +got):\n%s", words, diff)
		}
		if id, err := c.db.ExternalID.Query().Only(ent.AsSystem(t.Context())); err != nil || id.CustomerID != into.ID {
			t.Errorf("the external id is %v, %v", id, err)
		}
		if merge := c.db.CustomerMerge.Query().OnlyX(ent.AsSystem(t.Context())); strings.Count(string(merge.Moved), "consent_") != 5 || strings.Count(string(merge.Moved), "ext_") != 1 {
			t.Errorf("what moved is recorded as %s", merge.Moved)
		}
	})
}

func TestExternalIDs(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, other := c.registered(t, "agent", guest()), c.registered(t, "housekeeper", guest())
		elsewhere := c.registered(t, "shop assistant", quality.RegisterCustomer{Kind: "PERSON", Name: "Nobody"})
		id := func(of typeid.CustomerID, revision int, system, value string) quality.CustomerExternalID {
			return quality.CustomerExternalID{CustomerID: of, ExpectedRevision: revision, System: system, Value: value}
		}
		for _, test := range []struct {
			what, who string
			in        quality.CustomerExternalID
			want      string
		}{
			{"one", "agent", id(of.ID, 1, "pms", " G-7 "), ""},
			{"a second of the system", "agent", id(of.ID, 2, "pms", "G-8"), ""},
			{"the same of another system", "agent", id(of.ID, 3, "crm", "G-7"), ""},
			{"the same for another customer", "housekeeper", id(other.ID, 1, "pms", "G-7"), "DUPLICATE value"},
			{"the same at another site", "shop assistant", id(elsewhere.ID, 1, "pms", "G-7"), ""},
			{"no code, no id", "agent", id(of.ID, 4, "PMS!", " "), "INVALID system; REQUIRED value"},
			{"two lines", "agent", id(of.ID, 4, "pms", "a\nb"), "INVALID value"},
			{"by one who doesn't see the customer", "housekeeper", id(of.ID, 4, "pms", "G-9"), "NOT_FOUND customerId"},
		} {
			_, err := c.AddExternalID(c.as(t, test.who), test.in)
			expect(t, test.what, err, test.want)
		}
		_, err := c.RemoveExternalID(c.as(t, "agent"), id(of.ID, 4, "crm", "G-8"))
		expect(t, "taking away what there is not", err, "NOT_FOUND value")
		for n := range 17 {
			must(c.AddExternalID(c.as(t, "agent"), id(of.ID, 4+n, "till", strings.Repeat("x", n+1))))(t)
		}
		_, err = c.AddExternalID(c.as(t, "agent"), id(of.ID, 21, "till", "one more"))
		expect(t, "the twenty-first", err, "REJECTED")
		if got := c.namesFound(t, "G"); len(got) != 2 {
			t.Errorf("by the ids are found %v", got)
		}
		must(c.RemoveExternalID(c.as(t, "agent"), id(of.ID, 21, "pms", "G-7")))(t)
		must(c.RemoveExternalID(c.as(t, "agent"), id(of.ID, 22, "pms", "G-8")))(t)
		must(c.RemoveExternalID(c.as(t, "agent"), id(of.ID, 23, "crm", "G-7")))(t)
		if got := c.namesFound(t, "G"); len(got) != 1 {
			t.Errorf("by ids that were taken away are found %v", got)
		}
	})
}

func TestClassAndPreferences(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		in := guest()
		in.Class = new(" VIP ")
		of := c.registered(t, "agent", in)
		if *of.Class != "vip" {
			t.Errorf("classed %q", *of.Class)
		}
		likes := func(pairs ...string) (sets []*quality.SetPreference) {
			for n := 0; n < len(pairs); n += 2 {
				sets = append(sets, &quality.SetPreference{Key: pairs[n], Value: &pairs[n+1]})
			}
			return sets
		}
		must(c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: 1, Preferences: likes("room", "High up", "tea", "green"), Class: quality.Field[*string]{Value: new("Gold"), Set: true}}))(t)
		got := must(c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: 2, Preferences: append(likes("tea", " "), &quality.SetPreference{Key: "bed", Value: new("hard")})}))(t)
		if diff := cmp.Diff([]*quality.CustomerPreference{{Key: "bed", Value: "hard"}, {Key: "room", Value: "High up"}}, quality.Preferences(got)); diff != "" || *got.Class != "gold" {
			t.Errorf("classed %q, likes (-want +got):\n%s", *got.Class, diff)
		}
		many := []*quality.SetPreference{}
		for n := range 29 {
			many = append(many, &quality.SetPreference{Key: strings.Repeat("x", n+1), Value: new("y")})
		}
		for what, test := range map[string]struct {
			sets []*quality.SetPreference
			want string
		}{
			"too many":          {many, "TOO_LONG preferences"},
			"no code, too long": {likes("Room", strings.Repeat("x", 201)), "INVALID preferences.0.key; TOO_LONG preferences.0.value"},
		} {
			_, err := c.UpdateCustomer(c.as(t, "agent"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: 3, Preferences: test.sets})
			expect(t, what, err, test.want)
		}
		in.Class = new(strings.Repeat("x", 41))
		_, err := c.RegisterCustomer(c.as(t, "agent"), in)
		expect(t, "a long class", err, "TOO_LONG class")
		in.Class = new("a\nb")
		_, err = c.RegisterCustomer(c.as(t, "agent"), in)
		expect(t, "a class of two lines", err, "INVALID class")
	})
}

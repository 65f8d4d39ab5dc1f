package quality_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/schema/field"
	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/migrate"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality"
)

// secrets are what the stories of these tests say of a person: nothing of it may be
// left, in any form.
var secrets = []string{
	"Ottokar", "ottokar", "Zwiebelfisch", "zwiebelfisch", "13800138000", "138 0013 8000", "quittengelee", "Quittengelee",
	"kumquat", "pms-77", "crm-88", "moonlight", "zinnober", "aubergine", "ORDER-4711", "Wolkenbank",
}

// known is a customer of whom much is kept: in a merged file, in a case, in another's
// case that goes on from it, and in the records beside them.
func (c *company) known(t *testing.T) (*db.Customer, *db.ServiceCase) {
	t.Helper()
	who := "site manager"
	in := guest()
	in.Name, in.Email, in.ExternalID, in.Class, in.Source, in.IdempotencyKey = "Ottokar Zwiebelfisch", new("ottokar@quittengelee.example"), new("crm-88"), new("kumquat"), new("Cousin Wolkenbank"), new("a-key")
	of := must(c.RegisterCustomer(c.as(t, who), in))(t)
	in.Name, in.ExternalID, in.IdempotencyKey = "O. Zwiebelfisch", nil, nil
	double := must(c.RegisterCustomer(c.as(t, who), in))(t)
	of = must(c.UpdateCustomer(c.as(t, who), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: 1, Preferences: []*quality.SetPreference{{Key: "tea", Value: new("moonlight")}}}))(t)
	of = must(c.AddContactPoint(c.as(t, who), quality.AddContactPoint{CustomerID: of.ID, ExpectedRevision: 2, Kind: "CHAT", Channel: new("WECHAT"), Value: "zwiebelfisch", Label: new("Kumquat's")}))(t)
	of = must(c.AddExternalID(c.as(t, who), quality.CustomerExternalID{CustomerID: of.ID, ExpectedRevision: 3, System: "pms", Value: "pms-77"}))(t)
	of = must(c.RecordConsent(c.as(t, who), quality.RecordConsent{CustomerID: of.ID, ExpectedRevision: 4, Purpose: "SURVEY", State: "GIVEN", Channel: "OTHER", Note: new("On a zinnober card")}))(t)
	must(c.RevealCustomer(c.as(t, who), quality.RevealCustomer{ID: of.ID, Purpose: "OTHER", Note: new("Send aubergine")}))(t)
	of = must(c.MergeCustomers(c.as(t, who), quality.MergeCustomers{IntoID: of.ID, ExpectedRevision: 5, FromID: double.ID, FromExpectedRevision: 1, Reason: "Both are Ottokar"}))(t)

	story := complaint()
	story.CustomerID, story.Subject, story.Description, story.TopicText = &of.ID, "Ottokar waits", new("Mr Zwiebelfisch called from 138 0013 8000"), new("aubergine room")
	story.Product, story.OrderReference, story.DesiredRemedy = new("kumquat press"), new("ORDER-4711"), new("moonlight")
	kase := must(c.OpenCase(c.as(t, who), story))(t)
	kase = must(c.DispatchCase(c.as(t, who), quality.DispatchCase{ID: kase.ID, ExpectedRevision: kase.Revision, DepartmentID: c.departments["desk"].ID, Note: new("Call Ottokar at 13800138000")}))(t)
	must(c.AddCaseEntry(c.as(t, who), quality.AddCaseEntry{CaseID: kase.ID, Kind: "MESSAGE_FROM_CUSTOMER", Visibility: "CUSTOMER", Text: "Zwiebelfisch writes from ottokar@quittengelee.example"}))(t)
	kase = must(c.AcceptCase(c.as(t, "manager"), quality.AcceptCase{ID: kase.ID, ExpectedRevision: kase.Revision}))(t)
	planned := c.measure(kase, casemeasure.KindCORRECTIVE)
	planned.What, planned.OwnerID = "Move Zwiebelfisch", *c.staff("colleague")
	m := must(c.AddCaseMeasure(c.as(t, "manager"), planned))(t)
	m = must(c.CompleteCaseMeasure(c.as(t, "colleague"), quality.CompleteCaseMeasure{ID: m.ID, ExpectedRevision: 1, Result: "Ottokar has another room"}))(t)
	must(c.VerifyCaseMeasure(c.as(t, "officer"), quality.VerifyCaseMeasure{ID: m.ID, ExpectedRevision: 2, Effective: true, Finding: "Ottokar is content"}))(t)
	return of, c.db.ServiceCase.GetX(ent.AsSystem(t.Context()), kase.ID)
}

// Once erased, a person is nowhere: in no column of any table, in no byte of the
// database's files, in no event and no log. The rest is as it was.
func TestErasedCustomersLeaveNoTrace(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		logged := &bytes.Buffer{}
		c.Service = quality.New(quality.Config{Database: c.db, Events: c.log, Checklists: c.plugins, Contacts: c.keys, Now: c.clock.Now, Logger: zerolog.New(logged)})
		// Others' records stand between those that are erased, and share a product.
		other := complaint()
		other.Product = new("a press")
		for n := range 40 {
			other.Subject = fmt.Sprint("Something else ", n)
			must(c.OpenCase(c.as(t, "agent"), other))(t)
		}
		of, kase := c.known(t)
		for n := range 40 {
			other.Subject = fmt.Sprint("Another thing ", n)
			must(c.OpenCase(c.as(t, "agent"), other))(t)
		}
		found := 0
		for _, content := range c.dump(t) {
			for _, secret := range secrets {
				if strings.Contains(content, secret) {
					found++
				}
			}
		}
		if found < len(secrets) {
			t.Errorf("before, only %d secrets are in the tables: the test is blind", found)
		}

		cases := c.db.ServiceCase.Query().CountX(ent.AsSystem(t.Context()))
		erased := must(c.EraseCustomer(c.as(t, "administrator"), quality.EraseCustomer{ID: of.ID, ExpectedRevision: of.Revision, Reason: customer.ErasedForCUSTOMER_REQUEST, EvenIfOpen: true}))(t)
		if erased.Name != quality.Erased || erased.ErasedAt == nil || *erased.ErasedFor != "CUSTOMER_REQUEST" {
			t.Errorf("the erased customer is %v", erased)
		}
		for table, content := range c.dump(t) {
			for _, secret := range secrets {
				if strings.Contains(content, secret) {
					t.Errorf("table %s holds %q", table, secret)
				}
			}
		}
		for _, file := range c.files(t) {
			content, err := os.ReadFile(file)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			for _, secret := range secrets {
				if bytes.Contains(content, []byte(secret)) {
					t.Errorf("the file %s holds %q", file, secret)
				}
			}
		}
		for _, e := range c.eventsAfter(t, 0) {
			for _, secret := range secrets {
				if strings.Contains(content(t, e), secret) {
					t.Errorf("event %s holds %q", e.Kind, secret)
				}
			}
		}
		if logged.Len() > 0 {
			t.Errorf("logged: %s", logged)
		}
		if got := c.finds(t, "aubergine"); len(got)+len(c.namesFound(t, "Ottokar")) > 0 {
			t.Errorf("found are %v", got)
		}
		ctx := ent.AsSystem(t.Context())
		after := c.db.ServiceCase.GetX(ctx, kase.ID)
		if after.Subject != quality.Erased || after.Number != kase.Number || after.CustomerID != of.ID || after.Revision != kase.Revision+1 || c.db.ServiceCase.Query().CountX(ctx) != cases {
			t.Errorf("the case is %v", after)
		}
		if kept := c.db.ServiceCase.Query().CountX(ctx); kept != cases || c.db.Customer.Query().CountX(ctx) != 2 {
			t.Errorf("%d of %d cases remain", kept, cases)
		}
		report, err := events.Verify(t.Context(), c.db, nil)
		if err != nil || report.Break != nil {
			t.Errorf("the event log: %v, %v", report.Break, err)
		}
		if err := c.db.CheckReferences(t.Context()); err != nil {
			t.Error(err)
		}
		if n := c.db.Customer.Query().Where(customer.Traces(true)).CountX(ctx); n != 0 {
			t.Errorf("%d customers are said to have left traces", n)
		}
	})
}

// files are those of a database that is files.
func (c *company) files(t testing.TB) []string {
	t.Helper()
	if c.db.IsPostgres() {
		return nil
	}
	path := fmt.Sprint(c.query(t, "PRAGMA database_list")[0][2])
	return []string{path, path + "-wal"}
}

// Each column with texts is erased with the person, or holds nothing of one.
func TestEveryTextColumnIsAccountedFor(t *testing.T) {
	known := map[string]string{
		"access_tokens": "of staff and programs", "plugin_versions": "of programs", "program_parts": "of programs", "answers": "of inspections", "appraisals": "of staff", "appraisal_schemes": "a definition",
		"attachments.name": "erased with its line: see TestErasedAttachments", "attachments.content_type": "a media type",
		"attachments.digest": "of a content that is erased", "stored_files": "keys and digests",
		"calendars": "a definition", "causes": "a definition", "checklist_versions": "a definition", "chart_alarms": "of inspections", "chart_baselines": "of inspections", "measurements": "of inspections", "conduct_proposals": "of staff", "control_plans": "a definition", "planned_inspections": "of inspections",
		"counters": "a count", "deadline_policies": "a definition", "deadline_policy_versions": "a definition", "departments": "the organisation",
		"events": "ids and names of fields", "event_head": "a digest", "findings": "of inspections",
		"idempotency_records": "a keyed digest of the whole input, and ids", "inspections": "of inspections", "plugins": "a definition",
		"rotations": "the rota", "sealing_keys": "names of keys", "shifts": "the rota", "sites": "the organisation", "staff": "of staff", "topics": "a definition",
		"teaching_cases": "texts that are refused where they tell who a customer is", "trainings": "of staff",
		"case_archives.digest": "a digest over salted digests", "case_archives.document": "texts are taken out one by one: see TestErasedArchives",
		"case_compensations.currency": "a code", "case_investigations.currency": "a code", "cases.number": "a count",
		"cases.external_id":   "names the record of another system, by which it is not imported twice",
		"owner_changes.actor": "of staff", "contact_attempts.actor": "of staff",
		"consents.actor": "of staff", "disclosures.actor": "of staff", "customer_merges.actor": "of staff", "customer_merges.moved": "ids",
		"deadlines.rule": "a definition", "external_ids.system": "deleted", "external_ids.value": "deleted",
		"visits.group": "the rota", "visits.day": "a day",
	}
	erased := quality.ErasedColumns()
	for _, table := range migrate.Tables {
		for _, column := range table.Columns {
			if !slices.Contains([]field.Type{field.TypeString, field.TypeJSON, field.TypeBytes}, column.Type) {
				continue
			}
			name := table.Name + "." + column.Name
			if !erased[name] && known[table.Name] == "" && known[name] == "" {
				t.Errorf("%s: may it hold something of a customer? Then it belongs to what is erased (quality/erase.go); else say here what it holds", name)
			}
		}
	}
}

func TestEraseCustomerRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, _ := c.known(t)
		erase := func(change func(*quality.EraseCustomer)) quality.EraseCustomer {
			in := quality.EraseCustomer{ID: of.ID, ExpectedRevision: of.Revision, Reason: "UNLAWFUL"}
			change(&in)
			return in
		}
		for _, test := range []struct {
			what, who string
			in        quality.EraseCustomer
			want      string
		}{
			{"by one who doesn't see the customer", "shop assistant", erase(func(*quality.EraseCustomer) {}), "NOT_FOUND id"},
			{"by the site's manager", "site manager", erase(func(*quality.EraseCustomer) {}), "FORBIDDEN"},
			{"while a case is open", "administrator", erase(func(*quality.EraseCustomer) {}), "REJECTED id"},
			{"while a case is open, by a program", integrator, erase(func(in *quality.EraseCustomer) { in.EvenIfOpen = true }), "FORBIDDEN"},
			{"a stale revision", "administrator", erase(func(in *quality.EraseCustomer) { in.ExpectedRevision = 1 }), "CONFLICT expectedRevision"},
		} {
			before := c.rows(t)
			_, err := c.EraseCustomer(c.as(t, test.who), test.in)
			expect(t, test.what, err, test.want)
			if fmt.Sprint(before) != fmt.Sprint(c.rows(t)) {
				t.Errorf("%s: rows were written", test.what)
			}
		}
		must(c.EraseCustomer(c.as(t, "administrator"), erase(func(in *quality.EraseCustomer) { in.EvenIfOpen = true })))(t)
		_, err := c.UpdateCustomer(c.as(t, "administrator"), quality.UpdateCustomer{ID: of.ID, ExpectedRevision: of.Revision + 1, Name: new("Again")})
		expect(t, "writing to an erased file", err, "REJECTED id")
		story := complaint()
		story.CustomerID = &of.ID
		_, err = c.OpenCase(c.as(t, "administrator"), story)
		expect(t, "a case of an erased customer", err, "REJECTED customerId")
	})
}

func TestExportCustomer(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, _ := c.known(t)
		in := quality.ExportCustomer{ID: of.ID, Purpose: "CUSTOMER_REQUEST", IdempotencyKey: new("export-1")}
		for who, want := range map[string]string{"shop assistant": "NOT_FOUND id", "site manager": "FORBIDDEN", "executive": "FORBIDDEN"} {
			_, err := c.ExportCustomer(c.as(t, who), in)
			expect(t, who, err, want)
		}
		before := c.rows(t)["events"]
		got := must(c.ExportCustomer(c.as(t, "administrator"), in))(t)
		for _, secret := range []string{"Ottokar Zwiebelfisch", "O. Zwiebelfisch", "+8613800138000", "ottokar@quittengelee.example", "moonlight", "pms-77", "crm-88", "zinnober", "aubergine", "ORDER-4711", "Wolkenbank", "Call Ottokar"} {
			if !strings.Contains(*got.Document, secret) {
				t.Errorf("the document lacks %q", secret)
			}
		}
		for _, person := range c.people {
			if strings.Contains(*got.Document, person.ID.String()) {
				t.Errorf("the document names %s", person.Name)
			}
		}
		if !json.Valid([]byte(*got.Document)) {
			t.Error("the document is no JSON")
		}
		if said := c.said(t, before); len(said) != 1 || said[0].Kind != "customer.exported" {
			t.Errorf("events: %v", said)
		}
		if again := must(c.ExportCustomer(c.as(t, "administrator"), in))(t); again.Document != nil {
			t.Error("a repetition is told again")
		}
		told := c.db.Disclosure.Query().Order(db.Desc("at", "id")).FirstX(ent.AsSystem(t.Context()))
		if told.Kind != "EXPORT" || told.CustomerID != of.ID {
			t.Errorf("recorded is %v", told)
		}
	})
}

// What an erasure that was cut short left is removed later.
func TestScrubGoesOn(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		of, _ := c.known(t)
		reading, err := c.db.SQL().QueryContext(t.Context(), "SELECT id FROM staff")
		if err != nil || !reading.Next() {
			t.Fatal(err)
		}
		must(c.EraseCustomer(c.as(t, "administrator"), quality.EraseCustomer{ID: of.ID, ExpectedRevision: of.Revision, Reason: "UNLAWFUL", EvenIfOpen: true}))(t)
		ctx := ent.AsSystem(t.Context())
		if got := c.db.Customer.Query().Where(customer.Traces(true)).CountX(ctx); got != 1 && !c.db.IsPostgres() {
			t.Errorf("%d customers are said to have left traces, while somebody reads what was there", got)
		}
		if err := errors.Join(reading.Err(), reading.Close()); err != nil {
			t.Fatal(err)
		}
		if err := c.Scrub(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := c.db.Customer.Query().Where(customer.Traces(true)).CountX(ctx); got != 0 {
			t.Errorf("%d customers are said to have left traces", got)
		}
	})
}

// The archive of an erased customer's case says nothing of them, and still proves what
// it proved.
func TestErasedArchives(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		filed := c.archived(t, c.eventful(t))
		kase := c.stored(t, filed.CaseID)
		of := c.db.Customer.GetX(ent.AsSystem(t.Context()), kase.CustomerID)
		told := []string{"Wang Fang", "Room 12", "Another room", "All is well", "A call", "Clean"}
		for _, text := range told {
			if !strings.Contains(filed.Document, text) {
				t.Errorf("before, the archive lacks %q: the test is blind", text)
			}
		}
		must(c.EraseCustomer(c.as(t, "administrator"), quality.EraseCustomer{ID: of.ID, ExpectedRevision: of.Revision, Reason: "NO_LONGER_NEEDED"}))(t)
		left := c.db.CaseArchive.GetX(ent.AsSystem(t.Context()), filed.ID)
		for _, text := range told {
			if strings.Contains(left.Document, text) {
				t.Errorf("the archive holds %q", text)
			}
		}
		report, err := quality.VerifyArchive(t.Context(), c.db, []byte(left.Document))
		if err != nil || report.ID != filed.ID || report.Gone == 0 {
			t.Errorf("verified: %+v, %v", report, err)
		}
	})
}

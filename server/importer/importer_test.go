package importer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/server/importer"
)

// found is what the tests look at of an imported case.
type found struct {
	Number, Status, Department, Subject, Resolution string
	Opened, Closed                                  string
	Open                                            bool
	Lines                                           []string
}

// cases returns the imported cases by their external ids.
func (c *company) cases(t testing.TB) map[string]found {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	rows, err := c.db.ServiceCase.Query().WithDepartment().All(ctx)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]found{}
	const clock = "01-02 15:04"
	for _, row := range rows {
		f := found{Number: row.Number, Status: string(row.Status), Subject: row.Subject, Open: row.Open, Opened: row.OpenedAt.UTC().Format(clock)}
		if row.Edges.Department != nil {
			f.Department = row.Edges.Department.Code
		}
		if row.Resolution != nil {
			f.Resolution = *row.Resolution
		}
		if row.ClosedAt != nil {
			f.Closed = row.ClosedAt.UTC().Format(clock)
		}
		lines, err := c.db.CaseEntry.Query().Where(caseentry.CaseID(row.ID)).Order(db.Asc(caseentry.FieldAt, caseentry.FieldID)).All(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			f.Lines = append(f.Lines, l.At.UTC().Format(clock)+" "+string(l.Kind)+" "+l.Text)
		}
		all[*row.ExternalID] = f
	}
	return all
}

func (c *company) events(t testing.TB, kind string) int {
	t.Helper()
	n, err := c.db.Event.Query().Where(event.Kind(kind)).Count(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Cases come over from any station with their times and what was said, and running
// again changes nothing.
func TestCasesAreImportedOnce(t *testing.T) {
	const file = header +
		"1,Front Desk,new,Noise,2026-01-02 08:00,,\n" +
		"2,Front Desk,sent,Lift,2026-01-02 09:00,,called the maker\n" +
		"3,HOUSEKEEPING,busy,Towels,2026-01-02 10:00,2026-01-05,brought some\n" +
		"4,客房部,end,空调,2025-12-31 23:30,2026-01-01 07:00,已修好\n" +
		"5,front-desk,end,Bill,2026-01-02 12:00,2026-01-02 13:00,\n"
	m := mapping(t, plain+`  progress: {text: "{outcome}", at: "{closed}"}`)
	each(t, func(t *testing.T, c *company) {
		r := c.importAll(t, m, file)
		if diff := cmp.Diff(importer.Report{Rows: 5, Imported: 5, Sites: 1, Departments: 3}, r.Report); diff != "" {
			t.Error(diff)
		}
		want := map[string]found{
			"old-1": {Number: "2026-000001", Status: "OPEN", Subject: "Noise", Opened: "01-02 00:00", Open: true},
			"old-2": {Number: "2026-000002", Status: "DISPATCHED", Department: "front-desk", Subject: "Lift", Opened: "01-02 01:00", Open: true,
				Lines: []string{"01-02 01:00 NOTE called the maker"}},
			"old-3": {Number: "2026-000003", Status: "ACCEPTED", Department: "housekeeping", Subject: "Towels", Opened: "01-02 02:00", Open: true,
				Lines: []string{"01-04 16:00 NOTE brought some"}},
			"old-4": {Number: "2025-000001", Status: "CLOSED", Department: "客房部", Subject: "空调", Resolution: "已修好", Opened: "12-31 15:30", Closed: "12-31 23:00",
				Lines: []string{"12-31 23:00 DECISION 已修好", "12-31 23:00 DECISION The customer agreed."}},
			"old-5": {Number: "2026-000004", Status: "CLOSED", Department: "front-desk", Subject: "Bill", Resolution: "none was recorded", Opened: "01-02 04:00", Closed: "01-02 05:00",
				Lines: []string{"01-02 05:00 DECISION none was recorded", "01-02 05:00 DECISION The customer agreed."}},
		}
		if diff := cmp.Diff(want, c.cases(t)); diff != "" {
			t.Error(diff)
		}
		if n := c.events(t, "case.imported"); n != 5 {
			t.Errorf("%d events, want 5", n)
		}
		// Again, with a further row, one of which is there already under another line.
		again := c.importAll(t, m, file+"6,Concierge,sent,Taxi,2026-01-03,,\n1,Front Desk,new,Noise,2026-01-02 08:00,,\n")
		if diff := cmp.Diff(importer.Report{Rows: 7, Imported: 1, Known: 6, Departments: 1}, again.Report); diff != "" {
			t.Error(diff)
		}
		if got := c.cases(t)["old-6"].Number; got != "2026-000005" {
			t.Errorf("the further case has the number %q", got)
		}
		if n, err := c.db.Site.Query().Count(ent.AsSystem(t.Context())); n != 1 || err != nil {
			t.Errorf("%d sites, %v", n, err)
		}
	})
}

// What the use case rejects is a bad row, in its turn among the others.
func TestWhatTheRulesRefuse(t *testing.T) {
	m := mapping(t, plain)
	file := header +
		"1,desk,new,a,2026-01-02,,\n" +
		"2,desk,new,,2026-01-02,,\n" +
		"3,desk,new," + strings.Repeat("长", 201) + ",2026-01-02,,\n" +
		"4,desk,new,b,2099-01-02,,\n" +
		"5,desk,end,c,2026-01-02,2026-01-01,\n" +
		"6,desk,end,d,2026-01-02,,\n" +
		"7,,sent,e,2026-01-02,,\n" +
		"8,desk,done,f,2026-01-02,,\n" +
		strings.Repeat("x", 201) + ",desk,new,g,2026-01-02,,\n" +
		"9,desk,new," + strings.Repeat("长", 200) + ",2026-01-02,,\n" +
		"10,desk,end,h,2026-01-02,2099-01-01,\n"
	each(t, func(t *testing.T, c *company) {
		for _, size := range []int{1, 4, 500} {
			r, err := run(t, importer.Config{Cases: c, Mapping: m, Batch: size}, file)
			if err != nil {
				t.Fatal(err)
			}
			want := []importer.BadRow{
				{Line: 3, ExternalID: "old-2", Reasons: []string{"subject: This must not be empty."}},
				{Line: 4, ExternalID: "old-3", Reasons: []string{"subject: This has 201 characters; at most 200 are allowed."}},
				{Line: 5, ExternalID: "old-4", Reasons: []string{"openedAt: A case cannot be opened in the future."}},
				{Line: 6, ExternalID: "old-5", Reasons: []string{"resolvedAt: This lies before the step that came before it."}},
				{Line: 7, ExternalID: "old-6", Reasons: []string{"resolvedAt: A case of this status has this time.", "closedAt: A case of this status has this time."}},
				{Line: 8, ExternalID: "old-7", Reasons: []string{"department: A case that was dispatched has a department."}},
				{Line: 9, ExternalID: "old-8", Reasons: []string{"resolvedAt: A case of this status has this time."}},
				{Line: 10, ExternalID: "old-" + strings.Repeat("x", 201), Reasons: []string{"externalId: This has 205 characters; at most 200 are allowed."}},
				{Line: 12, ExternalID: "old-10", Reasons: []string{"resolvedAt: This lies in the future.", "closedAt: This lies in the future."}},
			}
			if diff := cmp.Diff(want, r.bad); diff != "" {
				t.Errorf("batches of %d: %s", size, diff)
			}
			if r.Imported+r.Known != 2 {
				t.Errorf("batches of %d: %+v", size, r.Report)
			}
		}
		if n := len(c.cases(t)); n != 2 {
			t.Errorf("%d cases, want 2", n)
		}
	})
}

// A site that is not there is made only if the mapping says how.
func TestTheSiteIsMissing(t *testing.T) {
	const create = ", create: {name: Harbour Hotel, kind: HOTEL, country: CN, timeZone: Asia/Shanghai}"
	each(t, func(t *testing.T, c *company) {
		for change, want := range map[string]string{
			"":                                      "NOT_FOUND site.code",
			strings.Replace(create, "CN", "CHN", 1): "INVALID site.country",
			strings.Replace(create, "Asia/Sh", "Asia/X", 1):   "INVALID site.timeZone",
			strings.Replace(create, "Harbour Hotel", `""`, 1): "REQUIRED site.name",
		} {
			m := mapping(t, strings.Replace(plain, create, change, 1))
			_, err := run(t, importer.Config{Cases: c, Mapping: m}, header+"1,desk,new,a,2026-01-02,,\n")
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: got %v, want %s", change, err, want)
			}
		}
		if n, err := c.db.Site.Query().Count(ent.AsSystem(t.Context())); n != 0 || err != nil {
			t.Errorf("%d sites, %v", n, err)
		}
	})
}

const withCustomers = plain + `
customer:
  externalId: "{client}"
  name: {from: "{name}", default: unnamed}
  phone: "{phone}"
  email: "{email}"
`

// A customer is known again by the foreign id, or else by telephone number or
// e-mail address, within a batch and from one import to the next.
func TestCustomersAreKnownAgain(t *testing.T) {
	const columns = "id,department,status,subject,opened,closed,outcome,client,name,phone,email\n"
	row := func(id int, customer string) string {
		return fmt.Sprintf("%d,desk,new,a,2026-01-02,,,%s\n", id, customer)
	}
	m := mapping(t, withCustomers)
	each(t, func(t *testing.T, c *company) {
		first := c.importAll(t, m, columns+
			row(1, "C1,Wang Fang,,")+
			row(2, "C1,Wang F.,,")+ // the same id
			row(3, ",Li Lei,13800138000,")+
			row(4, ",Li,+86 138 0013 8000,li@example.com")+ // the same number, otherwise written
			row(5, ",,,Han@Example.com")+
			row(6, ",Han Meimei,,han@example.com")+ // the same address
			row(7, ",,,")+ // nobody
			row(8, "C2,Li Lei,13800138000,")+ // another id is another customer, whatever the number
			row(9, ",Zhao,not a number,"))
		if diff := cmp.Diff(importer.Report{Rows: 9, Imported: 8, Bad: 1, Sites: 1, Customers: 4}, zeroed(first.Report)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]importer.BadRow{{Line: 10, ExternalID: "old-9", Reasons: []string{"customer.phone: This is not a valid value."}}}, first.bad); diff != "" {
			t.Error(diff)
		}
		second := c.importAll(t, m, columns+row(11, ",,138-0013-8000,")+row(12, "C1,,,")+row(1, "C3,New,,"))
		if diff := cmp.Diff(importer.Report{Rows: 3, Imported: 2, Known: 1}, zeroed(second.Report)); diff != "" {
			t.Error(diff)
		}
		groups := map[string]string{}
		rows, err := c.db.ServiceCase.Query().WithCustomer().All(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			groups[*r.ExternalID] = "nobody"
			if r.Edges.Customer != nil {
				groups[*r.ExternalID] = r.Edges.Customer.Name
			}
		}
		want := map[string]string{"old-1": "Wang Fang", "old-2": "Wang Fang", "old-3": "Li Lei", "old-4": "Li Lei", "old-5": "unnamed", "old-6": "unnamed",
			"old-7": "nobody", "old-8": "Li Lei", "old-11": "Li Lei", "old-12": "Wang Fang"}
		if diff := cmp.Diff(want, groups); diff != "" {
			t.Error(diff)
		}
		if n := c.events(t, "customer.registered"); n != 4 {
			t.Errorf("%d customers were registered by events, want 4", n)
		}
	})
}

// zeroed leaves the departments out, which are not looked at.
func zeroed(r importer.Report) importer.Report {
	r.Departments = 0
	return r
}

// unlucky fails at the first call.
type unlucky struct {
	*company
	calls int
}

func (m *unlucky) ImportCases(ctx context.Context, in quality.ImportCases) (*quality.CasesImported, error) {
	m.calls++
	if m.calls == 1 {
		return nil, errors.New("somebody else was faster")
	}
	return m.company.ImportCases(ctx, in)
}

// A batch that fails as a whole is tried in halves.
func TestABatchThatFails(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		m := &unlucky{company: c}
		r, err := run(t, importer.Config{Cases: m, Mapping: mapping(t, plain)},
			header+"1,desk,new,a,2026-01-02,,\n2,desk,new,,2026-01-02,,\n1,desk,new,a,2026-01-02,,\n3,desk,new,c,2026-01-02,,\n")
		if err != nil || m.calls != 3 || r.Imported != 2 || r.Known != 1 || r.Bad != 1 {
			t.Errorf("%+v after %d calls, %v", r.Report, m.calls, err)
		}
	})
}

// refusing refuses one case, as a database would, and all that come with it.
type refusing struct {
	recorder
	id string
}

func (r *refusing) ImportCases(ctx context.Context, in quality.ImportCases) (*quality.CasesImported, error) {
	for _, c := range in.Cases {
		if c.ExternalID == r.id {
			return nil, new(db.ConstraintError)
		}
	}
	return r.recorder.ImportCases(ctx, in)
}

// A row that the database refuses is a bad one, wherever it stands, and does not keep
// the others from being imported, in the order of the file.
func TestARowThatTheDatabaseRefuses(t *testing.T) {
	for refused := range 7 {
		cases, file := &refusing{id: fmt.Sprint("old-", refused)}, header
		var want []string
		for i := range 7 {
			file += fmt.Sprintf("%d,desk,new,%d,2026-01-02,,\n", i, i)
			if i != refused {
				want = append(want, fmt.Sprint("old-", i))
			}
		}
		r, err := run(t, importer.Config{Cases: cases, Mapping: mapping(t, plain)}, file)
		var got []string
		for _, c := range cases.cases {
			got = append(got, c.ExternalID)
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil || len(r.bad) != 1 || r.bad[0].ExternalID != cases.id || r.Imported != 6 {
			t.Errorf("%s, %v: %+v\n%s", cases.id, err, r, diff)
		}
	}
}

// When the bad rows can no longer be told, the import ends: none would go unseen. The
// next run tells them all.
func TestBadRowsCannotBeTold(t *testing.T) {
	file := header
	for i := range 6 {
		file += fmt.Sprintf("%d,desk,new,a,2026-01-02,,\n%d,desk,odd,a,2026-01-02,,\n", i, i+10)
	}
	full := errors.New("no space left on device")
	each(t, func(t *testing.T, c *company) {
		m, left := mapping(t, plain), 3
		_, err := importer.Run(ent.AsSystem(t.Context()), importer.Config{Cases: c, Mapping: m, Batch: 4, Bad: func(importer.BadRow) error {
			if left--; left < 0 {
				return full
			}
			return nil
		}}, strings.NewReader(file))
		if !errors.Is(err, full) {
			t.Fatal(err)
		}
		again := c.importAll(t, m, file)
		if len(again.bad) != 6 || again.Known != 4 || again.Imported != 2 || len(c.cases(t)) != 6 {
			t.Errorf("again: %+v", again)
		}
	})
}

// broken fails from some call on.
type broken struct {
	*company
	left int
}

var errGone = errors.New("the database is gone")

func (b *broken) ImportCases(ctx context.Context, in quality.ImportCases) (*quality.CasesImported, error) {
	if b.left--; b.left < 0 {
		return nil, errGone
	}
	return b.company.ImportCases(ctx, in)
}

// A fault ends the import; what it had come to stays, and the next run goes on.
func TestAFaultEndsTheImport(t *testing.T) {
	file := header
	for i := range 10 {
		file += fmt.Sprintf("%d,desk,new,a,2026-01-02,,\n", i)
	}
	each(t, func(t *testing.T, c *company) {
		r, err := run(t, importer.Config{Cases: &broken{c, 2}, Mapping: mapping(t, plain), Batch: 3}, file)
		if !errors.Is(err, errGone) || !strings.Contains(err.Error(), "line 8: ") || r.Imported != 6 || r.Bad != 0 {
			t.Errorf("%+v, %v", r.Report, err)
		}
		if again := c.importAll(t, mapping(t, plain), file); again.Imported != 4 || again.Known != 6 {
			t.Errorf("again: %+v", again.Report)
		}
	})
}

// stopper ends the context when a batch was written.
type stopper struct {
	*company
	stop  context.CancelFunc
	after int
}

func (s *stopper) ImportCases(ctx context.Context, in quality.ImportCases) (*quality.CasesImported, error) {
	if s.after--; s.after == 0 {
		s.stop() // while the batch is being written
	}
	return s.company.ImportCases(ctx, in)
}

// Told to stop, the import finishes its batch and says where to go on.
func TestStopAndGoOn(t *testing.T) {
	file := header + "0,desk,new,\"two\nlines\",2026-01-02,,\n"
	for i := 1; i < 10; i++ {
		file += fmt.Sprintf("%d,desk,new,a,2026-01-02,,\n", i)
	}
	each(t, func(t *testing.T, c *company) {
		ctx, stop := context.WithCancel(ent.AsSystem(t.Context()))
		defer stop()
		m := mapping(t, plain)
		r, err := importer.Run(ctx, importer.Config{Cases: &stopper{c, stop, 2}, Mapping: m, Batch: 2}, strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(importer.Report{Rows: 4, Imported: 4, Sites: 1, NextLine: 7}, r); diff != "" {
			t.Error(diff)
		}
		rest, err := run(t, importer.Config{Cases: c, Mapping: m, FromLine: r.NextLine}, file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(importer.Report{Rows: 6, Skipped: 4, Imported: 6}, rest.Report); diff != "" {
			t.Error(diff)
		}
		if n := len(c.cases(t)); n != 10 {
			t.Errorf("%d cases, want 10", n)
		}
	})
}

// A rehearsal says what an import would say, and writes nothing.
func TestARehearsalWritesNothing(t *testing.T) {
	const columns = "id,department,status,subject,opened,closed,outcome,client,name,phone,email\n"
	const file = columns + "1,desk,sent,a,2026-01-02,,,C1,Wang,,\n2,desk,sent,,2026-01-02,,,,,,\n3,desk,sent,c,2026-01-02,,,C1,,,\n1,desk,sent,a,2026-01-02,,,C1,Wang,,\n"
	m := mapping(t, withCustomers)
	each(t, func(t *testing.T, c *company) {
		for _, size := range []int{1, 500} {
			r, err := run(t, importer.Config{Cases: c, Mapping: m, Batch: size, Rehearse: true}, file)
			if err != nil || r.Rows != 4 || r.Imported != 2 || r.Known != 1 || r.Bad != 1 {
				t.Errorf("batches of %d: %+v, %v", size, r.Report, err)
			}
		}
		ctx := ent.AsSystem(t.Context())
		for what, count := range map[string]func(context.Context) (int, error){
			"sites": c.db.Site.Query().Count, "departments": c.db.Department.Query().Count, "customers": c.db.Customer.Query().Count,
			"cases": c.db.ServiceCase.Query().Count, "lines": c.db.CaseEntry.Query().Count, "events": c.db.Event.Query().Count, "counters": c.db.Counter.Query().Count,
		} {
			if n, err := count(ctx); n != 0 || err != nil {
				t.Errorf("%d %s, %v", n, what, err)
			}
		}
		r := c.importAll(t, m, file)
		if r.Imported != 2 || r.Known != 1 || c.cases(t)["old-1"].Number != "2026-000001" {
			t.Errorf("afterwards: %+v", r.Report)
		}
	})
}

// Cases that are opened here and cases that are imported never share a number.
func TestNumbersAreNotShared(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		m := mapping(t, plain)
		c.importAll(t, m, header+"1,desk,new,a,2026-01-02,,\n")
		site, err := c.db.Site.Query().Only(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(ent.AsSystem(t.Context()))
		done := make(chan error, 1)
		go func() { done <- c.log.Run(ctx) }()
		for i := range 3 {
			_, err := c.OpenCase(ctx, quality.OpenCase{SiteID: &site.ID, Kind: servicecase.KindCOMPLAINT, Channel: servicecase.ChannelEMAIL,
				Severity: servicecase.SeverityMINOR, Subject: "opened here"})
			if err != nil {
				t.Error(err)
			}
			c.importAll(t, m, header+fmt.Sprintf("%d,desk,new,a,2026-01-02,,\n%d,desk,new,a,2026-01-02,,\n", 10+i, 20+i))
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		numbers, err := c.db.ServiceCase.Query().Select(servicecase.FieldNumber).Strings(ent.AsSystem(t.Context()))
		if err != nil || len(numbers) != 10 {
			t.Errorf("%q, %v", numbers, err)
		}
	})
}

package importer_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"os"
	"testing"
	"time"

	"entgo.io/ent/dialect/sql"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/server/importer"
)

// realFile returns the service requests of New York's 311.
func realFile(t testing.TB) []byte {
	t.Helper()
	path := cmp.Or(os.Getenv("ROUNDS_REAL_DATA"), "../../../shared/real") + "/service-requests-nyc311.csv"
	content, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("there is no %s: set ROUNDS_REAL_DATA to the folder that has service-requests-nyc311.csv", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func exampleMapping(t testing.TB) *importer.Mapping {
	t.Helper()
	m, err := importer.ReadMapping("../../docs/examples/nyc311.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// figures are counts by agency and station and channel, and the ends of the times.
type figures struct {
	Rows, Lines                                      int
	Groups                                           map[string]int
	Resolutions                                      map[string]int
	FirstOpened, LastOpened, FirstClosed, LastClosed time.Time
	Due                                              int // with a deadline of their own
}

func (f *figures) opened(at time.Time) {
	if f.FirstOpened.IsZero() || at.Before(f.FirstOpened) {
		f.FirstOpened = at
	}
	if at.After(f.LastOpened) {
		f.LastOpened = at
	}
}

func (f *figures) closed(at time.Time) {
	if f.FirstClosed.IsZero() || at.Before(f.FirstClosed) {
		f.FirstClosed = at
	}
	if at.After(f.LastClosed) {
		f.LastClosed = at
	}
}

// counted counts the file itself, knowing nothing of mappings. New York was four
// hours behind on all days of the file.
func counted(t testing.TB, content []byte) figures {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	f := figures{Groups: map[string]int{}, Resolutions: map[string]int{}}
	at := func(text string) time.Time {
		read, err := time.Parse("2006-01-02T15:04:05.000-07:00", text+"-04:00")
		if err != nil {
			t.Fatal(err)
		}
		return read.UTC()
	}
	status := map[string]string{"Open": "DISPATCHED", "Assigned": "DISPATCHED", "In Progress": "ACCEPTED", "Closed": "CLOSED"}
	channel := map[string]string{"PHONE": "TELEPHONE", "ONLINE": "PUBLIC_PLATFORM", "MOBILE": "PUBLIC_PLATFORM", "UNKNOWN": "OTHER"}
	for _, row := range rows[1:] {
		get := func(name string) string { return row[column[name]] }
		f.Rows++
		f.Groups[get("agency_name")+" "+status[get("status")]+" "+channel[get("open_data_channel_type")]+" "+get("complaint_type")]++
		f.opened(at(get("created_date")))
		switch {
		case get("closed_date") != "":
			f.closed(at(get("closed_date")))
			f.Resolutions[get("resolution_description")]++
			f.Lines += 2
		case get("resolution_description") != "":
			f.Lines++
		}
		if get("due_date") != "" {
			f.Due++
		}
	}
	return f
}

// stored counts what is in the database.
func (c *company) stored(t testing.TB) figures {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	cases, err := c.db.ServiceCase.Query().WithDepartment().All(ctx)
	if err != nil {
		t.Fatal(err)
	}
	f := figures{Groups: map[string]int{}, Resolutions: map[string]int{}, Rows: len(cases)}
	for _, row := range cases {
		f.Groups[row.Edges.Department.Name+" "+string(row.Status)+" "+string(row.Channel)+" "+*row.TopicText]++
		f.opened(row.OpenedAt.UTC())
		if row.ClosedAt != nil {
			f.closed(row.ClosedAt.UTC())
		}
		if row.Resolution != nil {
			f.Resolutions[*row.Resolution]++
		}
		if row.DueAt.Sub(row.OpenedAt) > 72*time.Hour {
			f.Due++
		}
	}
	if f.Lines, err = c.db.CaseEntry.Query().Count(ctx); err != nil {
		t.Fatal(err)
	}
	return f
}

// The whole of a real file comes over, as often as it is imported.
func TestTheRealFile(t *testing.T) {
	content := realFile(t)
	m := exampleMapping(t)
	each(t, func(t *testing.T, c *company) {
		first := c.importAll(t, m, string(content))
		if diff := gocmp.Diff(importer.Report{Rows: 1000, Imported: 1000, Sites: 1, Departments: 10}, first.Report); diff != "" {
			t.Fatalf("%s\nbad rows: %+v", diff, first.bad)
		}
		want := counted(t, content)
		if diff := gocmp.Diff(want, c.stored(t)); diff != "" {
			t.Error(diff)
		}
		second := c.importAll(t, m, string(content))
		if diff := gocmp.Diff(importer.Report{Rows: 1000, Known: 1000}, second.Report); diff != "" {
			t.Error(diff)
		}
		if diff := gocmp.Diff(want, c.stored(t)); diff != "" {
			t.Error(diff)
		}
		if _, err := c.log.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		if report, err := events.Verify(t.Context(), c.db, nil); err != nil || report.Break != nil || report.Events != 1011 {
			t.Errorf("the event log: %+v, %v", report, err)
		}
		c.looksRight(t)
	})
}

// looksRight looks at single cases, and at what holds for all.
func (c *company) looksRight(t *testing.T) {
	t.Helper()
	ctx := ent.AsSystem(t.Context())
	closed, err := c.db.ServiceCase.Query().Where(servicecase.ExternalID("nyc311-61274649")).WithDepartment().Only(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if closed.Subject != "Graffiti: Graffiti at 44-01 KISSENA BOULEVARD" || closed.Edges.Department.Code != "dsny" ||
		!closed.DueAt.Equal(time.Date(2024, 6, 26, 4, 36, 5, 0, time.UTC)) {
		t.Errorf("got %q of %s, due %s", closed.Subject, closed.Edges.Department.Code, closed.DueAt)
	}
	lines, err := c.db.CaseEntry.Query().Where(caseentry.CaseID(closed.ID)).All(ctx)
	if err != nil || len(lines) != 1 || lines[0].Kind != caseentry.KindNOTE ||
		lines[0].Text != "The graffiti on this property has been scheduled to be removed by the City." {
		t.Errorf("lines %v, %v", lines, err)
	}
	early, err := c.db.ServiceCase.Query().Where(func(s *sql.Selector) {
		entries := sql.Table(caseentry.Table)
		s.Join(entries).On(s.C(servicecase.FieldID), entries.C(caseentry.FieldCaseID))
		s.Where(sql.ColumnsLT(entries.C(caseentry.FieldAt), s.C(servicecase.FieldOpenedAt)))
	}).Count(ctx)
	if err != nil || early != 0 {
		t.Errorf("%d lines are older than their case, %v", early, err)
	}
	odd, err := c.db.ServiceCase.Query().Where(servicecase.Or(
		servicecase.And(servicecase.StatusEQ(servicecase.StatusCLOSED), servicecase.Or(servicecase.Open(true), servicecase.ClosedAtIsNil(), servicecase.ResolvedAtIsNil(), servicecase.ClosureIsNil())),
		servicecase.And(servicecase.StatusNEQ(servicecase.StatusCLOSED), servicecase.Or(servicecase.Open(false), servicecase.ClosedAtNotNil(), servicecase.ResolutionNotNil())),
	)).Count(ctx)
	if err != nil || odd != 0 {
		t.Errorf("%d cases are neither closed nor open, %v", odd, err)
	}
	if _, err := c.db.ServiceCase.Query().Where(servicecase.Number("2024-001000")).Only(ctx); db.IsNotFound(err) {
		t.Error("the numbers have gaps")
	}
}

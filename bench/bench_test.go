package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// The benchmark starts itself anew as a floor, which here is this test binary.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == floorCommand {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestBenchmark(t *testing.T) {
	binary, err := buildServer(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		wholeBenchmark(t, sqliteName, binary, dir)
		checkRows(t, filepath.Join(dir, "sqlite-small", "server", "rounds.db"))

		again, told := runBenchmark(t, sqliteName, binary, dir, "-t", "0.04", "-c", "2", "-only", "^count and page")
		if strings.Contains(told, "loaded in") || len(again.Databases[0].Measures) != 1 {
			t.Errorf("the second run has %+v and said\n%s", again.Databases, told)
		}
	})
	t.Run("postgres", func(t *testing.T) {
		dir, err := os.MkdirTemp("", "rounds-bench-test-") // not t.TempDir: PostgreSQL's account must get through
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		wholeBenchmark(t, postgresName, binary, dir)
	})
}

// tiny is the size of the tests' data sets: making them takes long with the race
// detector.
var tiny = size{Departments: 6, Staff: 30, Customers: 300, Cases: 1_000, Inspections: 200}

// wholeBenchmark measures everything for a moment.
func wholeBenchmark(t *testing.T, database, binary, dir string) {
	page := filepath.Join(dir, "RESULTS.md")
	got, told := runBenchmark(t, database, binary, dir, "-t", "0.04", "-c", "4", "-subscribers", "10", "-results", page)
	if len(got.Databases) != 1 {
		t.Fatalf("%d databases were measured", len(got.Databases))
	}
	var names []string
	for _, f := range got.Databases[0].Measures {
		names = append(names, f.Name)
		checkFigures(t, f)
	}
	want := []string{
		"case, customer, last 10 entries", "50 open cases, customer, assignee", "50 open cases with their clocks", "20 inspections, 15 answers each",
		"customer, 10 cases, 3 entries each", "page of cases, 900 rows deep", "count and page of cases",
		"search, 50 newest cases, Chinese", "search, 50 newest cases, English", "figures of all cases by department",
		"manager: case, customer, last 10 entries", "manager: 50 open cases, customer, assignee",
		"manager: 50 open cases with their clocks", "manager: 20 inspections, 15 answers each", "manager: count and page of cases",
		"figures by month with all times", "manager: figures by month with all times",
		"opening a case", "manager: opening a case", "dispatching a case", "completing an inspection",
		"deadlines that are missed and escalated", "importing cases with customers",
		"delivery of event and case to 10, 1 at a time", "delivery of event and case to 10, 16 in flight",
		"delivery of event to 10, 1 at a time", "delivery of event to 10, 16 in flight",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("measures (-want +got):\n%s", diff)
	}
	if !strings.Contains(told, "loaded in") {
		t.Error("the first run loaded nothing")
	}
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range append(want, got.Databases[0].Version, "small data set") {
		if !strings.Contains(string(content), part) {
			t.Errorf("the page of results lacks %q", part)
		}
	}
}

func runBenchmark(t *testing.T, database, binary, dir string, args ...string) (got report, told string) {
	t.Helper()
	file := filepath.Join(dir, "figures.json")
	var stdout, stderr bytes.Buffer
	s, err := parse(append(args, "-small", "-db", database, "-data", dir, "-json", file), &stderr)
	s.size = tiny
	if err == nil {
		err = benchAll(t.Context(), s, binary, dir, &stdout, &stderr)
	}
	if errors.Is(err, dbtest.ErrNoPostgres) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	content, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(content, &got)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range got.Databases {
		for _, f := range d.Measures {
			if !strings.Contains(stdout.String(), f.Name) {
				t.Errorf("the table lacks %q:\n%s", f.Name, stdout.String())
			}
		}
	}
	return got, stderr.String()
}

func checkFigures(t *testing.T, f figures) {
	t.Helper()
	isBatch := strings.HasPrefix(f.Name, "deadlines") || strings.HasPrefix(f.Name, "importing")
	if f.Requests == 0 || f.PerSecond <= 0 || f.PeakMiB < 10 || !isBatch && (f.P50 <= 0 || f.P50 > f.P99 || f.P99 > f.Max || f.Bytes == 0) {
		t.Errorf("%s: these figures cannot be: %+v", f.Name, f)
	}
	isDelivery := strings.HasPrefix(f.Name, "delivery")
	if isDelivery && f.Requests != 10*f.Events {
		t.Errorf("%s: %d deliveries of %d events to 10 subscribers", f.Name, f.Requests, f.Events)
	}
	alone := strings.Contains(f.Name, "figures by month")
	isWrite := strings.Contains(f.Name, "opening") || strings.Contains(f.Name, "dispatching") || strings.Contains(f.Name, "completing")
	if hasFloor := f.Floor != nil; hasFloor == (isDelivery || isWrite || isBatch || alone) {
		t.Errorf("%s: floor %+v", f.Name, f.Floor)
	} else if hasFloor && (f.Floor.Ratio <= 0 || f.Floor.Low > f.Floor.High) {
		t.Errorf("%s: these figures of the floor cannot be: %+v", f.Name, f.Floor)
	}
}

// The loader switches the database's own checks off, so they are made up for here.
func checkRows(t *testing.T, path string) {
	pool, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }() // it was only read
	for query, want := range map[string]int{
		"SELECT count(*) FROM pragma_foreign_key_check":                                                                                0,
		"SELECT count(*) FROM departments":                                                                                             6,
		"SELECT count(*) FROM staff":                                                                                                   30,
		"SELECT count(*) FROM customers WHERE registered_at < '2024-07-02'":                                                            300,
		"SELECT count(*) FROM contact_points WHERE is_primary AND added_at < '2024-07-02'":                                             400,
		"SELECT count(*) FROM cases WHERE opened_at < '2026-07-01'":                                                                    1_000,
		"SELECT count(*) FROM deadlines d JOIN cases c ON c.id = case_id WHERE opened_at < '2026-07-01' AND target = 'RESOLUTION'":     1_000,
		"SELECT count(*) FROM case_tasks JOIN cases c ON c.id = case_id WHERE tasked":                                                  1_000 / taskedEvery,
		"SELECT count(*) FROM case_entries WHERE kind <> 'SYSTEM'":                                                                     4_000,
		"SELECT count(*) FROM inspections WHERE completed_at < '2026-07-01'":                                                           200 - patternCount,
		"SELECT count(*) FROM answers JOIN inspections i ON i.id = inspection_id WHERE i.revision = 3 AND i.started_at < '2026-07-01'": (200 - patternCount) * answersEach,
		"SELECT count(*) FROM cases WHERE open = (status = 'CLOSED')":                                                                  0,
		"SELECT count(*) FROM cases WHERE department_id IS NULL AND status <> 'OPEN'":                                                  0,
	} {
		var got int
		if err := pool.QueryRowContext(t.Context(), query).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %d, %v, want %d", query, got, err, want)
		}
	}
	var open float64
	err = pool.QueryRowContext(t.Context(), "SELECT avg(open) FROM cases WHERE opened_at < '2026-07-01'").Scan(&open)
	if err != nil || open < 0.05 || open > 0.1 {
		t.Errorf("%.3f of the cases are open, %v", open, err)
	}
}

// Every table has the rows that it promises, each as wide as its columns, and the
// same in every run but for what is sealed.
func TestDataset(t *testing.T) {
	keys, err := contact.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	make := func() map[string][][]any {
		set := newDataset(tiny, keys)
		patterns := []pattern{{judgement: json.RawMessage(`{}`), findings: [][]any{{"a", "MINOR", false, "b", "c"}}}, {}}
		for i := range patterns {
			for range answersEach {
				patterns[i].answers = append(patterns[i].answers, []any{"item", false, true, nil, nil, nil, nil, nil, dataStart, "YES_NO"})
			}
		}
		made := map[string][][]any{}
		for _, one := range append(set.organisation(), set.records(patterns)...) {
			for row := range one.rows {
				if len(row) != len(one.columns) {
					t.Fatalf("a row of %s has %d values for %d columns", one.name, len(row), len(one.columns))
				}
				for i, column := range one.columns {
					if column == "sealed" {
						row[i] = nil
					}
				}
				made[one.name] = append(made[one.name], row)
			}
			if got := len(made[one.name]); got != one.count {
				t.Errorf("%s has %d rows, want %d", one.name, got, one.count)
			}
		}
		return made
	}
	if !reflect.DeepEqual(make(), make()) { // much faster than cmp on this many rows
		t.Error("two data sets differ")
	}
}

func TestPercentile(t *testing.T) {
	s := sample{}
	for n := 100; n > 0; n-- {
		s.latencies = append(s.latencies, time.Duration(n))
	}
	for share, want := range map[float64]time.Duration{0.005: 1, 0.5: 50, 0.501: 51, 0.99: 99, 1: 100} {
		if got := s.percentile(share); got != want {
			t.Errorf("percentile(%v) = %d, want %d", share, got, want)
		}
	}
	if got := (&sample{}).percentile(0.5); got != 0 {
		t.Errorf("of nothing: %d", got)
	}
}

func TestAnswersOf(t *testing.T) {
	// Sixteen items, of which two pairs exclude each other.
	items := make([]item, 16)
	for i := range items {
		items[i] = item{Code: string(rune('a' + i)), Kind: "YES_NO"}
	}
	items[1].KeyActivity = true
	items[2].Excludes, items[3].Excludes = []string{"d"}, []string{"c"}
	items[4].Excludes, items[5].Excludes = []string{"f"}, []string{"e"}
	limit := 2.0
	items[6] = item{Code: "g", Kind: "NUMBER", UpperLimit: &limit}
	for n := range 50 {
		answers := answersOf(items, n)
		failed := 0
		for _, a := range answers {
			switch a["item"] {
			case "d":
				t.Fatalf("%d: an excluded item is answered", n)
			case "f":
				if a["notApplicable"] != true {
					t.Errorf("%d: the other excluded item is answered by %v", n, a)
				}
			case "b":
				if a["yes"] != true {
					t.Errorf("%d: a key activity fails", n)
				}
			case "g":
				if a["number"] != limit {
					t.Errorf("%d: the number is %v", n, a["number"])
				}
			}
			if a["yes"] == false {
				failed++
			}
		}
		if len(answers) != answersEach || failed != n%3 {
			t.Errorf("%d: %d answers of which %d fail", n, len(answers), failed)
		}
	}
}

// Ids, times and cursors may be written as each likes; anything else is a difference.
func TestPlain(t *testing.T) {
	api := `{"data":{"id":"case_01jz000000e05sjy0000000000","at":"2026-01-02T03:04:05.5Z","n":1,"endCursor":"x"},"extensions":{"cost":1}}`
	u, ok := outsideID("case_01jz000000e05sjy0000000000")
	if !ok {
		t.Fatal("this is an id")
	}
	for floor, want := range map[string]bool{
		`{"data":{"id":"` + u.String() + `","at":"2026-01-02T04:04:05.500+01:00","n":1.0}}`:                                           true,
		`{"data":{"id":"` + strings.ToUpper(strings.ReplaceAll(u.String(), "-", "")) + `","at":"2026-01-02 03:04:05.5+00:00","n":1}}`: true,
		`{"data":{"id":"` + u.String() + `","at":"2026-01-02T03:04:05.5Z","n":2}}`:                                                    false,
		`{"data":{"id":"` + u.String() + `","at":"2026-01-02T03:04:05.6Z","n":1}}`:                                                    false,
		`{"data":{"id":"019f0000-0000-7000-8000-000000000000","at":"2026-01-02T03:04:05.5Z","n":1}}`:                                  false,
		`{"data":{"id":"` + u.String() + `","at":"2026-01-02T03:04:05.5Z"}}`:                                                          false,
	} {
		a, err := plain([]byte(api))
		f, other := plain([]byte(floor))
		if err = errors.Join(err, other); err != nil {
			t.Fatal(err)
		}
		if got := cmp.Equal(a, f); got != want {
			t.Errorf("%s and %s: same is %v, want %v", api, floor, got, want)
		}
	}
}

func TestSettings(t *testing.T) {
	for args, refused := range map[string]bool{
		"":                  false,
		"-small -t 0.5":     false,
		"-db postgres":      false,
		"-db oracle":        true,
		"-c 0":              true,
		"-t -1":             true,
		"-only (":           true,
		"-small somewhere":  true,
		"-subscribers 10":   false,
		"-no-such-flag yes": true,
	} {
		s, err := parse(strings.Fields(args), &bytes.Buffer{})
		if (err != nil) != refused {
			t.Errorf("%q: %v", args, err)
		}
		if err == nil && s.subscribers == 0 {
			t.Errorf("%q: no subscribers", args)
		}
	}
}

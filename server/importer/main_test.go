package importer_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
	"github.com/seed-34fcb60d/rounds/server/importer"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// today is when the tests import.
var today = time.Date(2026, 11, 16, 1, 0, 0, 0, time.UTC)

// company is a database with the use cases on it.
type company struct {
	*quality.Service
	db  *ent.Database
	log *events.Log
}

// each runs a test on both databases, each empty.
func each(t *testing.T, test func(*testing.T, *company)) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) { test(t, newCompany(t, d)) })
}

func newCompany(t testing.TB, d *ent.Database) *company {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	keys, err := contact.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	log := events.New(events.Config{Database: d})
	return &company{db: d, log: log, Service: quality.New(quality.Config{
		Database: d, Events: log, Checklists: noPlugins{}, Contacts: keys, Now: func() time.Time { return today },
	})}
}

type noPlugins struct{}

func (noPlugins) Judge(context.Context, string, checklist.Definition, checklist.Inspection) (checklist.Judgement, error) {
	return checklist.Judgement{}, errors.New("an import asks no plugin")
}

// mapping reads a mapping from its text.
func mapping(t testing.TB, text string) *importer.Mapping {
	t.Helper()
	m, err := importer.ParseMapping([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// result is what an import said.
type result struct {
	importer.Report
	bad []importer.BadRow
}

// run imports a text as the system.
func run(t testing.TB, cfg importer.Config, file string) (result, error) {
	t.Helper()
	var r result
	cfg.Bad = func(row importer.BadRow) error {
		r.bad = append(r.bad, row)
		return nil
	}
	var err error
	r.Report, err = importer.Run(ent.AsSystem(t.Context()), cfg, strings.NewReader(file))
	return r, err
}

// importAll imports a text, which must come to its end.
func (c *company) importAll(t testing.TB, m *importer.Mapping, file string) result {
	t.Helper()
	r, err := run(t, importer.Config{Cases: c, Mapping: m}, file)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// recorder takes cases over without a database.
type recorder struct{ cases []quality.ImportCase }

// ImportCases implements importer.Cases.
func (c *recorder) ImportCases(_ context.Context, in quality.ImportCases) (*quality.CasesImported, error) {
	c.cases = append(c.cases, in.Cases...)
	return &quality.CasesImported{Cases: make([]quality.CaseImported, len(in.Cases))}, nil
}

// sizes keeps how many cases came together.
type sizes struct{ batches []int }

// ImportCases implements importer.Cases.
func (s *sizes) ImportCases(_ context.Context, in quality.ImportCases) (*quality.CasesImported, error) {
	s.batches = append(s.batches, len(in.Cases))
	return &quality.CasesImported{Cases: make([]quality.CaseImported, len(in.Cases))}, nil
}

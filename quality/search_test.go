package quality_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// finds returns the subjects of the cases that a search finds.
func (c *company) finds(t testing.TB, typed string) []string {
	t.Helper()
	match, err := c.db.FindTexts(t.Context(), ent.CaseTexts, rules.Search(typed))
	if err != nil {
		t.Fatal(err)
	}
	cases, err := c.db.ServiceCase.Query().Where(match).
		Order(db.Asc(servicecase.FieldSubject)).All(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	var subjects []string
	for _, one := range cases {
		subjects = append(subjects, one.Subject)
	}
	return subjects
}

// namesFound returns the names of the customers that a search finds.
func (c *company) namesFound(t testing.TB, typed string) []string {
	t.Helper()
	match, err := c.db.FindTexts(t.Context(), ent.CustomerTexts, rules.Search(typed))
	if err != nil {
		t.Fatal(err)
	}
	found, err := c.db.Customer.Query().Where(match).
		Order(db.Asc(customer.FieldName)).Select(customer.FieldName).Strings(ent.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (c *company) about(t testing.TB, subject string) *db.ServiceCase {
	t.Helper()
	return must(c.OpenCase(c.as(t, "agent"), quality.OpenCase{Kind: servicecase.KindCOMPLAINT, Channel: servicecase.ChannelTELEPHONE,
		Severity: servicecase.SeverityMINOR, Subject: subject}))(t)
}

func TestCasesAreFoundByWhatWasSaid(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		noisy := c.about(t, "空调太吵 in room 1204")
		c.about(t, "Café closed at breakfast")
		expect := func(typed string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, c.finds(t, typed)); diff != "" {
				t.Errorf("%q finds (-want +got):\n%s", typed, diff)
			}
		}
		expect("空调", noisy.Subject)
		expect("吵", noisy.Subject)
		expect("太吵 room", noisy.Subject)
		expect("吵太")
		expect("BREAK cafe", "Café closed at breakfast")
		expect("fast") // within a word
		expect(noisy.Number, noisy.Subject)
		expect("")
		expect(`" OR *`)
		expect("compressor")
		must(c.AddCaseEntry(c.as(t, "agent"), quality.AddCaseEntry{CaseID: noisy.ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: "The compressor rattles."}))(t)
		expect("compressor 1204", noisy.Subject)
	})
}

// What is written to one case by many at once is found whole.
func TestTextsOfManyWriters(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		one := c.about(t, "Everybody writes")
		var writers sync.WaitGroup
		for n := range 8 {
			writers.Go(func() {
				_, err := c.AddCaseEntry(c.as(t, "agent"), quality.AddCaseEntry{CaseID: one.ID, Kind: caseentry.KindNOTE, Visibility: caseentry.VisibilityINTERNAL, Text: fmt.Sprintf("word%d", n)})
				if err != nil {
					t.Error(err)
				}
			})
		}
		writers.Wait()
		for n := range 8 {
			if got := c.finds(t, fmt.Sprintf("word%d", n)); len(got) != 1 {
				t.Errorf("word%d finds %v", n, got)
			}
		}
	})
}

// A record that was written without the index is found once the texts were indexed.
func TestTextsAreIndexedAfterwards(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := ent.AsSystem(t.Context())
		known := c.about(t, "A lamp flickers")
		err := ent.WithTx(ctx, c.db.Client, func(tx *db.Tx) error {
			return tx.ServiceCase.Create().SetNumber("2026-900000").SetSiteID(known.SiteID).SetKind(known.Kind).SetChannel(known.Channel).
				SetSeverity(known.Severity).SetSubject("A lamp smokes").SetOpenedAt(known.OpenedAt).SetDueAt(known.DueAt).SetUpdatedAt(known.UpdatedAt).Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.finds(t, "lamp"); len(got) != 1 {
			t.Errorf("found %v before", got)
		}
		for _, want := range []int{1, 0} {
			if n, err := c.IndexTexts(t.Context()); n != want || err != nil {
				t.Errorf("indexed %d, %v, want %d", n, err, want)
			}
		}
		if diff := cmp.Diff([]string{"A lamp flickers", "A lamp smokes"}, c.finds(t, "lamp")); diff != "" {
			t.Error(diff)
		}
	})
}

// Both databases find what the definition of terms and phrases says.
func TestSearchesFindByTheDefinition(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		var cases []*db.ServiceCase
		for n := range 5 {
			cases = append(cases, c.about(t, fmt.Sprint("Case ", n)))
		}
		letters := rapid.StringOfN(rapid.SampledFrom([]rune("abÄb 1-，空调太空")), 0, 12, -1)
		rapid.Check(t, func(rt *rapid.T) {
			typed := letters.Draw(rt, "typed")
			var texts []ent.Text
			var want []string
			for _, one := range cases {
				terms := rules.Terms(letters.Draw(rt, "text"))
				texts = append(texts, ent.Text{ID: one.ID, Terms: terms})
				if phrases := rules.Search(typed); len(phrases) > 0 && !slices.ContainsFunc(phrases, func(p []string) bool { return !has(terms, p) }) {
					want = append(want, one.Subject)
				}
			}
			err := ent.WithTx(t.Context(), c.db.Client, func(tx *db.Tx) error {
				return c.db.IndexTexts(t.Context(), tx, ent.CaseTexts, texts, false)
			})
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(want, c.finds(t, typed)); diff != "" {
				rt.Fatalf("%q in %q finds (-want +got):\n%s", typed, texts, diff)
			}
		})
	})
}

// has reports whether the terms of a phrase stand one after the other, the last of
// them as the beginning of a term.
func has(terms, phrase []string) bool {
	last := len(phrase) - 1
	for i := range max(len(terms)-last, 0) {
		if slices.Equal(terms[i:i+last], phrase[:last]) && strings.HasPrefix(terms[i+last], phrase[last]) {
			return true
		}
	}
	return false
}

package ent_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"entgo.io/ent/dialect/sql"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Records are the same whether few or many are expected, and those that the database
// finds by itself.
func TestFindTexts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		ctx := ent.AsSystem(t.Context())
		var want []typeid.CustomerID
		err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) error {
			site, err := newSite(t, tx, "hotel").Save(ctx)
			if err != nil {
				return err
			}
			for n := range 40 {
				made, err := tx.Customer.Create().SetSiteID(site.ID).SetName(fmt.Sprint("Customer ", n)).SetRegisteredAt(noon).SetUpdatedAt(noon).Save(ctx)
				if err != nil {
					return err
				}
				terms := []string{"rare"}
				if n%4 > 0 {
					terms = []string{"common", "words"}
					want = append(want, made.ID) // ids ascend
				}
				if err := d.IndexTexts(ctx, tx, ent.CustomerTexts, []ent.Text{{ID: made.ID, Terms: terms}}, false); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		phrases := [][]string{{"common", "wor"}}
		chosen, err := d.FindTexts(ctx, ent.CustomerTexts, phrases)
		if err != nil {
			t.Fatal(err)
		}
		for name, found := range map[string]func(*sql.Selector){
			"few": ent.FindTexts(ent.CustomerTexts, phrases, false), "many": ent.FindTexts(ent.CustomerTexts, phrases, true), "as chosen": chosen,
		} {
			got, err := d.Customer.Query().Where(found).Order(db.Asc(customer.FieldID)).IDs(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

// Statistics of when there was nothing to find do not make the index be read as a whole.
func TestStatisticsOfTextIndexes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rounds.db")
	err := ent.WithTx(t.Context(), dbtest.Open(t, path).Client, func(tx *db.Tx) error {
		_, err := tx.ExecContext(t.Context(), "ANALYZE")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.Open(t, path)
	if _, err := d.Customer.Query().Count(ent.AsSystem(t.Context())); err != nil { // to explain alone does not read statistics anew
		t.Fatal(err)
	}
	var id, parent, unused int
	var plan string
	err = d.SQL().QueryRowContext(t.Context(), "EXPLAIN QUERY PLAN DELETE FROM case_search_data WHERE id >= ? AND id <= ?", 1, 2).
		Scan(&id, &parent, &unused, &plan)
	if err != nil || !strings.HasPrefix(plan, "SEARCH") {
		t.Errorf("a range of the index is read by %q (%v)", plan, err)
	}
}

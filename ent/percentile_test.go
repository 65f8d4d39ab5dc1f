package ent_test

import (
	"database/sql"
	"fmt"
	"math"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// The percentiles of SQLite are those that PostgreSQL finds.
func TestPercentile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		percentile := "percentile(value, %d)"
		if d.IsPostgres() {
			percentile = "percentile_cont(%d / 100.0) WITHIN GROUP (ORDER BY value)"
		}
		for _, test := range []struct {
			values string
			at     int
			want   sql.NullFloat64
		}{
			{"(NULL)", 50, sql.NullFloat64{}},
			{"(3)", 95, sql.NullFloat64{Float64: 3, Valid: true}},
			{"(4), (1), (NULL), (3), (2)", 0, sql.NullFloat64{Float64: 1, Valid: true}},
			{"(4), (1), (NULL), (3), (2)", 50, sql.NullFloat64{Float64: 2.5, Valid: true}},
			{"(4), (1), (NULL), (3), (2)", 90, sql.NullFloat64{Float64: 3.7, Valid: true}},
			{"(4), (1), (NULL), (3), (2)", 100, sql.NullFloat64{Float64: 4, Valid: true}},
			{"(-1.5), (2.5)", 25, sql.NullFloat64{Float64: -0.5, Valid: true}},
		} {
			var got sql.NullFloat64
			err := d.SQL().QueryRowContext(t.Context(), fmt.Sprintf("SELECT "+percentile+" FROM (SELECT CAST(column1 AS double precision) AS value FROM (VALUES %s) AS v) AS v", test.at, test.values)).Scan(&got)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got.Float64-test.want.Float64) > 1e-9 || got.Valid != test.want.Valid {
				t.Errorf("percentile %d of %s is %v, want %v", test.at, test.values, got, test.want)
			}
		}
	})
}

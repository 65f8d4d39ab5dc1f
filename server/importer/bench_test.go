package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/server/importer"
)

// BenchmarkImport measures rows a second of closed cases with two lines each,
// without and with a customer of their own, and of rows that are there already.
func BenchmarkImport(b *testing.B) {
	const columns = "id,department,status,subject,opened,closed,outcome,client,name,phone,email\n"
	for name, open := range map[string]func(testing.TB) *ent.Database{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		for form, customer := range map[string]string{"cases": ",,,", "customers": "C%[1]d,Customer %[1]d,138%08[1]d,"} {
			b.Run(name+"/"+form, func(b *testing.B) {
				c := newCompany(b, open(b))
				m := mapping(b, withCustomers)
				var file strings.Builder
				file.WriteString(columns)
				for i := range b.N {
					fmt.Fprintf(&file, "%d,desk %d,end,The air conditioning of the room is loud,2026-01-02 08:00,2026-01-03 09:00,The fan was replaced and the guest thanked us,", i, i%20)
					if customer == ",,," {
						file.WriteString(customer + "\n")
					} else {
						fmt.Fprintf(&file, customer+"\n", i)
					}
				}
				b.ResetTimer()
				r, err := run(b, importer.Config{Cases: c, Mapping: m}, file.String())
				if err != nil || r.Imported != int64(b.N) {
					b.Fatalf("%+v, %v", r.Report, err)
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
				if _, err := run(b, importer.Config{Cases: c, Mapping: m}, file.String()); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if _, err := c.log.Sequence(b.Context()); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

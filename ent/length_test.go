package ent_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// Lengths are told to users in characters, so that is what columns must hold,
// however many bytes a character has.
func TestLengthsAreCountedInCharacters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		ctx := ent.AsSystem(t.Context())
		for length, fits := range map[int]bool{200: true, 201: false} {
			name := strings.Repeat("港", length)
			err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) error {
				row, err := tx.Site.Create().SetCode(name[:30]).SetName(name).SetKind("HOTEL").SetCountry("CN").
					SetTimeZone("Asia/Shanghai").SetCreatedAt(time.Unix(0, 0)).Save(ctx)
				if err == nil && row.Name != name {
					t.Error("the name was cut")
				}
				return err
			})
			if (err == nil) != fits {
				t.Errorf("a name of %d Chinese characters: %v; want it to fit: %v", length, err, fits)
			}
		}
	})
}

package ent_test

import (
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestSmoke(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		ctx := ent.AsSystem(t.Context())
		now := time.Now().Truncate(time.Microsecond)
		var id *db.Site
		err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) (err error) {
			id, err = tx.Site.Create().SetCode("x").SetName("X").SetKind("HOTEL").SetCountry("CN").SetTimeZone("UTC").SetCreatedAt(now).Save(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.Site.Get(ctx, id.ID)
		if err != nil || !got.CreatedAt.Equal(now) || got.ID != id.ID {
			t.Fatal(got, err)
		}
		if n, err := d.Site.Query().Count(t.Context()); n != 0 || err != nil {
			t.Fatal(n, err)
		}
	})
}

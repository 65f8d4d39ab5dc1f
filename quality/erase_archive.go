package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casearchive"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules/archive"
)

// eraseArchives takes out of the archives of a customer's cases every text but the
// names of staff and places, and out of those of other cases the lines that were copied
// there. What the archives prove stays.
func eraseArchives(ctx context.Context, tx *db.Tx, cases []typeid.CaseID, theirs map[typeid.CaseID]bool, lines map[string]bool) error {
	filed, err := tx.CaseArchive.Query().Where(casearchive.CaseIDIn(cases...)).Order(casearchive.ByID()).All(ctx)
	if err != nil {
		return fmt.Errorf("reading archives: %w", err)
	}
	for _, a := range filed {
		read, broken := archive.Read([]byte(a.Document))
		if broken != nil {
			return fmt.Errorf("reading the archive %s: %w", a.ID, broken)
		}
		left := read.Without(func(l archive.Line, _ string) bool {
			id, _ := l.Fields["id"].(string)
			entry, _ := l.Fields["entry_id"].(string) // that it is attached to
			return theirs[a.CaseID] && l.Kind != archiveName || lines[id] || lines[entry]
		})
		if err := tx.CaseArchive.UpdateOneID(a.ID).SetDocument(string(left.Bytes())).Exec(ctx); err != nil {
			return fmt.Errorf("erasing from the archive %s: %w", a.ID, err)
		}
	}
	return nil
}

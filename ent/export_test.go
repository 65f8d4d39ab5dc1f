package ent

import (
	"context"
	"io/fs"
)

// MigrateWith is Migrate with other migrations than the committed ones.
func (d *Database) MigrateWith(ctx context.Context, files fs.FS) ([]string, error) {
	return d.migrate(ctx, files)
}

// FindTexts is Database.FindTexts for few records, or for many.
var FindTexts = findTexts

// Migrations are the committed migrations.
var Migrations fs.FS = embedded

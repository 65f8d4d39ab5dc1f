package main

import (
	"errors"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
)

// migrateCommand migrates the database without serving.
type migrateCommand struct{}

// Run migrates the database and says what was done.
func (migrateCommand) Run(s *session) (err error) {
	if err := s.settings.makeDataDir(); err != nil {
		return err
	}
	d, err := ent.Open(s.ctx, ent.Config{URL: s.settings.databaseURL()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	applied, err := d.Migrate(s.ctx)
	for _, name := range applied {
		fmt.Fprintln(s.stdout, "applied", name)
	}
	if err == nil && len(applied) == 0 {
		fmt.Fprintln(s.stdout, "The database is up to date.")
	}
	return err
}

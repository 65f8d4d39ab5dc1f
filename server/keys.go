package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"text/tabwriter"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// openKeys opens the key file. It makes one for a database where nothing was ever
// sealed, and never else: fresh keys open nothing.
func (s *session) openKeys(d *ent.Database) (*contact.Keys, error) {
	path := s.settings.keyFile()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		ctx := ent.AsSystem(s.ctx)
		sealed, err := d.SealingKey.Query().Exist(ctx)
		if err == nil && !sealed { // as before there were records of keys
			sealed, err = d.ContactPoint.Query().Exist(ctx)
		}
		if err == nil && !sealed {
			sealed, err = d.StoredFile.Query().Exist(ctx)
		}
		if err != nil {
			return nil, err
		}
		if sealed {
			return nil, fmt.Errorf("there is no key file %s, without which contact data and attachments in this database cannot be read: restore it from a backup, or name it by --key-file", path)
		}
	}
	return contact.OpenKeys(path)
}

// keysCommand looks after the keys that seal contact data and attachments.
type keysCommand struct {
	Status keysStatus `cmd:"" help:"List the keys and what is sealed by each."`
	Add    keysAdd    `cmd:"" help:"Put a fresh key into the key file: the first step of a rotation."`
	Rotate keysRotate `cmd:"" help:"Seal by the key that was added, and seal anew what older ones have sealed; servers may run meanwhile."`
	Retire keysRetire `cmd:"" help:"Take the older keys out of the key file, once nothing is sealed by them."`
}

type keysStatus struct{}

// Run lists the keys.
func (keysStatus) Run(s *session) error {
	return s.withCore(func(c *core) error {
		uses, err := c.quality.Keys(s.ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "KEY\tSTATE\tADDED\tCONTACT POINTS\tATTACHMENTS\tKEPT ANSWERS\tKEY FILE")
		for _, k := range uses {
			held := "has it"
			if !k.Held {
				held = "-"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%s\n", k.ID, k.State, k.AddedAt.UTC().Format(time.RFC3339), k.ContactPoints, k.Files, k.Asked, held)
		}
		return w.Flush()
	})
}

type keysAdd struct{}

// Run adds a key.
func (keysAdd) Run(s *session) error {
	return s.withCore(func(c *core) error {
		name, err := c.quality.AddKey(s.ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.stdout, "Added the key %s to %s.\n"+
			"Back the file up, and copy it to servers that have one of their own; running servers read it again by themselves.\n"+
			"Then: server keys rotate\n", name, s.settings.keyFile())
		return nil
	})
}

type keysRotate struct{}

// Run makes the key that was added the primary one and seals everything by it.
func (keysRotate) Run(s *session) error {
	return s.withCore(func(c *core) error {
		name, err := c.quality.PreferKey(s.ctx)
		if err != nil {
			return err
		}
		if name != "" {
			fmt.Fprintf(s.stdout, "From now on is sealed by the key %s.\n", name)
		}
		bar, sealed := newProgress(s.stderr, "sealing anew"), 0
		err = c.quality.Reseal(s.ctx, func(done, total int) {
			sealed = done
			bar.set(int64(done), int64(total))
		})
		bar.finish()
		if err != nil {
			return fmt.Errorf("sealing anew, of which %d are done; to go on, run the same command again: %w", sealed, err)
		}
		fmt.Fprintf(s.stdout, "Sealed anew: %d. Everything is sealed by the primary key.\n", sealed)
		return nil
	})
}

type keysRetire struct{}

// Run retires the older keys.
func (keysRetire) Run(s *session) error {
	return s.withCore(func(c *core) error {
		names, err := c.quality.RetireKeys(s.ctx)
		if err != nil {
			return err
		}
		if len(names) == 0 {
			fmt.Fprintln(s.stdout, "There is no older key.")
		}
		for _, name := range names {
			fmt.Fprintf(s.stdout, "Retired the key %s. Backups that were made while it was in use still need it.\n", name)
		}
		return nil
	})
}

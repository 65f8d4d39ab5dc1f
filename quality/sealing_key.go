package quality

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/sealingkey"
	"github.com/seed-34fcb60d/rounds/ent/db/storedfile"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// Which keys there are stands in the key file, how they are used in the database. Each
// transaction that seals, or looks something up to seal it unless it is there, reads it
// there first. It keeps the lock of the keys until it ends, so that their use does not
// change beneath it: what a transaction finds, and what it writes, is by the same keys.
//
// A key is first added: whatever is looked up is looked up by it, too. Then it is made
// the primary one, and what was sealed before is sealed anew, while everything is looked
// up by both. When nothing is sealed by the older key, it is retired.

// keysIn returns the keys by which a transaction works.
func (s *Service) keysIn(ctx context.Context, tx *db.Tx) (*contact.Ring, error) {
	if err := s.lockKeys(ctx, tx, "pg_advisory_xact_lock_shared"); err != nil {
		return nil, err
	}
	return s.ring(ctx, tx.SealingKey)
}

// lockKeys takes the lock of the keys until the transaction ends. SQLite has one writer
// anyway.
func (s *Service) lockKeys(ctx context.Context, tx *db.Tx, lock string) error {
	if !s.db.IsPostgres() {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "SELECT "+lock+"(hashtext('rounds.keys'))"); err != nil {
		return fmt.Errorf("locking the keys: %w", err)
	}
	return nil
}

// ring returns the keys as the database has them in use. One that was added and that
// this server's file lacks is not needed yet. A database that knows of none, as in
// tests, leaves it to the file.
func (s *Service) ring(ctx context.Context, keys *db.SealingKeyClient) (*contact.Ring, error) {
	rows, err := keys.Query().Where(sealingkey.StateNEQ(sealingkey.StateRETIRED)).
		Order(sealingkey.ByAddedAt(sql.OrderDesc()), sealingkey.ByID()).All(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("reading how the keys are used: %w", err)
	}
	if len(rows) == 0 {
		return s.contacts.Ring(), nil
	}
	var primary, older, added []string
	for _, row := range rows {
		switch row.State {
		case sealingkey.StatePRIMARY:
			primary = append(primary, row.ID)
		case sealingkey.StateADDED:
			added = append(added, row.ID)
		default:
			older = append(older, row.ID)
		}
	}
	ring, err := s.contacts.RingOf(append(append(primary, older...), added...)...)
	var missing *contact.MissingKeyError
	if errors.As(err, &missing) && len(added) > 0 && missing.Name == added[0] {
		ring, err = s.contacts.RingOf(append(primary, older...)...)
	}
	return ring, err
}

// CheckKeys compares the key file with the database: whoever has another one is told
// before anything is sealed by it. The first server on a database says by which key is
// sealed.
func (s *Service) CheckKeys(ctx context.Context) error {
	ctx = ent.AsSystem(ctx)
	if known, err := s.db.SealingKey.Query().Exist(ctx); err != nil || known {
		if err == nil {
			_, err = s.ring(ctx, s.db.SealingKey)
		}
		return err
	}
	return ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		if err := s.lockKeys(ctx, tx, "pg_advisory_xact_lock"); err != nil {
			return err
		}
		if known, err := tx.SealingKey.Query().Exist(ctx); err != nil || known { // another server was first
			if err == nil {
				_, err = s.ring(ctx, tx.SealingKey)
			}
			return err
		}
		if err := s.knowsAllKeys(ctx, tx); err != nil {
			return err
		}
		now := s.now()
		for n, name := range s.contacts.Names() {
			create := tx.SealingKey.Create().SetID(name).SetState(sealingkey.StateOLDER).SetAddedAt(now)
			if n == 0 {
				create.SetState(sealingkey.StatePRIMARY).SetPrimaryAt(now)
			}
			if err := create.Exec(ctx); err != nil {
				return fmt.Errorf("noting a key: %w", err)
			}
		}
		return nil
	})
}

// knowsAllKeys checks that whatever is sealed is so by a key of the file.
func (s *Service) knowsAllKeys(ctx context.Context, tx *db.Tx) error {
	points, attached, err := sealedByOthers(s.contacts.Names()...)
	if err != nil {
		return err
	}
	other, err := tx.ContactPoint.Query().Where(points).Exist(ctx)
	if err == nil && !other {
		other, err = tx.StoredFile.Query().Where(attached).Exist(ctx)
	}
	if err != nil {
		return fmt.Errorf("looking for data that other keys have sealed: %w", err)
	}
	if other {
		return errors.New("the key file is not that of this database: it lacks a key by which data is sealed. Restore the right one from a backup")
	}
	return nil
}

// sealedByOthers are the rows that are sealed by other keys than these.
func sealedByOthers(names ...string) (points predicate.ContactPoint, attached predicate.StoredFile, err error) {
	points, attached = contactpoint.SealedNotNil(), storedfile.KeyNotNil()
	for _, name := range names {
		from, below, err := contact.SealedBy(name)
		if err != nil {
			return nil, nil, err
		}
		points = contactpoint.And(points, contactpoint.Or(contactpoint.SealedLT(from), contactpoint.SealedGTE(below)))
		attached = storedfile.And(attached, storedfile.Or(storedfile.KeyLT(from), storedfile.KeyGTE(below)))
	}
	return points, attached, nil
}

// keysEvery is how often a server looks whether the key file is another: a key that it
// lacks is looked for at once.
const keysEvery = 2 * time.Second

// WatchKeys reads the key file again whenever it changes, and goes by the primary key
// that the database names also where nothing of the database is at hand, until ctx ends;
// then it returns nil.
func (s *Service) WatchKeys(ctx context.Context) error {
	for ctx.Err() == nil {
		switch changed, err := s.contacts.Refresh(); {
		case err != nil:
			s.log.Error().Err(err).Msg("the key file cannot be read; the keys stay as they were")
		case changed:
			s.log.Info().Strs("keys", s.contacts.Names()).Msg("key file read again")
		}
		if ring, err := s.ring(ctx, s.db.SealingKey); err == nil {
			s.contacts.Use(ring.Primary())
		} else if ctx.Err() == nil {
			s.log.Error().Err(err).Msg("contact data cannot be read")
		}
		waitAtMost(ctx, keysEvery, nil)
	}
	return nil
}

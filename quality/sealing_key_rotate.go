package quality

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/idempotencyrecord"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/sealingkey"
	"github.com/seed-34fcb60d/rounds/ent/db/storedfile"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// KeysError says why the keys cannot be changed so, for the operator.
type KeysError struct{ What string }

func (e *KeysError) Error() string { return e.What }

// KeyUse is a key and what depends on it.
type KeyUse struct {
	*db.SealingKey
	Held                        bool // in this server's key file
	ContactPoints, Files, Asked int  // sealed by it; answers kept for requests that are sent again
}

// Keys returns the keys that the database knows, the latest first.
func (s *Service) Keys(ctx context.Context) ([]KeyUse, error) {
	ctx = ent.AsSystem(ctx)
	rows, err := s.db.SealingKey.Query().Order(sealingkey.ByAddedAt(sql.OrderDesc()), sealingkey.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading how the keys are used: %w", err)
	}
	uses := make([]KeyUse, len(rows))
	for n, row := range rows {
		uses[n].SealingKey = row
		_, missing := s.contacts.RingOf(row.ID)
		uses[n].Held = missing == nil
		from, below, err := contact.SealedBy(row.ID)
		if err != nil {
			return nil, err
		}
		if uses[n].ContactPoints, err = s.db.ContactPoint.Query().Where(contactpoint.SealedGTE(from), contactpoint.SealedLT(below)).Count(ctx); err == nil {
			uses[n].Files, err = s.db.StoredFile.Query().Where(storedfile.KeyGTE(from), storedfile.KeyLT(below)).Count(ctx)
		}
		if err == nil {
			uses[n].Asked, err = s.db.IdempotencyRecord.Query().Where(idempotencyrecord.InputGTE(from), idempotencyrecord.InputLT(below)).Count(ctx)
		}
		if err != nil {
			return nil, fmt.Errorf("counting what a key has sealed: %w", err)
		}
	}
	return uses, nil
}

// AddKey puts a fresh key into the key file. Everything is looked up by it, too, once a
// server has the file; nothing is sealed by it before [Service.PreferKey].
func (s *Service) AddKey(ctx context.Context) (name string, err error) {
	ctx = ent.AsSystem(ctx)
	err = s.changeKeys(ctx, func(tx *db.Tx, keys map[sealingkey.State][]string) error {
		if added := keys[sealingkey.StateADDED]; len(added) > 0 {
			return &KeysError{fmt.Sprintf("the key %s was added before and is not in use yet: make it the primary one first", added[0])}
		}
		known := map[string]bool{}
		for _, names := range keys {
			for _, name := range names {
				known[name] = true
			}
		}
		for _, held := range s.contacts.Names() { // one that was made when this was cut short
			if !known[held] {
				name = held
			}
		}
		if name == "" {
			if name, err = s.contacts.Add(); err != nil {
				return err
			}
		}
		return tx.SealingKey.Create().SetID(name).SetState(sealingkey.StateADDED).SetAddedAt(s.now()).Exec(ctx)
	})
	return name, err
}

// PreferKey makes the key that was added the primary one: from now on all servers seal
// by it. It returns its name, "" when none was added.
func (s *Service) PreferKey(ctx context.Context) (name string, err error) {
	ctx = ent.AsSystem(ctx)
	err = s.changeKeys(ctx, func(tx *db.Tx, keys map[sealingkey.State][]string) error {
		added := keys[sealingkey.StateADDED]
		if len(added) == 0 {
			return nil
		}
		name = added[0]
		if _, err := s.contacts.RingOf(name); err != nil {
			return err
		}
		err := tx.SealingKey.Update().Where(sealingkey.StateEQ(sealingkey.StatePRIMARY)).SetState(sealingkey.StateOLDER).Exec(ctx)
		if err == nil {
			err = tx.SealingKey.UpdateOneID(name).SetState(sealingkey.StatePRIMARY).SetPrimaryAt(s.now()).Exec(ctx)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return name, s.preferInFile(ctx)
}

// preferInFile makes the primary key that of the file, too.
func (s *Service) preferInFile(ctx context.Context) error {
	ring, err := s.ring(ctx, s.db.SealingKey)
	if err != nil || s.contacts.Names()[0] == ring.Primary() {
		return err
	}
	return s.contacts.Prefer(ring.Primary())
}

// changeKeys changes how the keys are used, while no transaction works by them.
func (s *Service) changeKeys(ctx context.Context, change func(tx *db.Tx, keys map[sealingkey.State][]string) error) error {
	return ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		if err := s.lockKeys(ctx, tx, "pg_advisory_xact_lock"); err != nil {
			return err
		}
		rows, err := tx.SealingKey.Query().All(ctx)
		if err != nil {
			return fmt.Errorf("reading how the keys are used: %w", err)
		}
		keys := map[sealingkey.State][]string{}
		for _, row := range rows {
			keys[row.State] = append(keys[row.State], row.ID)
		}
		return change(tx, keys)
	})
}

// keptAnswers is how long the answer of a change is kept at least, for when it is asked
// again under the same key.
const keptAnswers = 24 * time.Hour

// RetireKeys takes the older keys out of use and out of the key file, and returns their
// names. While anything depends on one of them it is refused with a [*KeysError].
func (s *Service) RetireKeys(ctx context.Context) (names []string, err error) {
	ctx = ent.AsSystem(ctx)
	var gone []string
	err = s.changeKeys(ctx, func(tx *db.Tx, keys map[sealingkey.State][]string) error {
		names = keys[sealingkey.StateOLDER]
		gone = append(keys[sealingkey.StateRETIRED], names...) // of which one cut short left some in the file
		if len(names) == 0 {
			return nil
		}
		if err := s.nothingSealedBefore(ctx, tx, keys[sealingkey.StatePRIMARY][0]); err != nil {
			return err
		}
		return tx.SealingKey.Update().Where(sealingkey.IDIn(names...)).SetState(sealingkey.StateRETIRED).SetRetiredAt(s.now()).Exec(ctx)
	})
	if err == nil {
		err = s.preferInFile(ctx)
	}
	if err != nil {
		return nil, err
	}
	return names, s.contacts.Forget(gone...)
}

func (s *Service) nothingSealedBefore(ctx context.Context, tx *db.Tx, primary string) error {
	points, attached, err := sealedByOthers(primary)
	if err != nil {
		return err
	}
	left, keys, err := countSealed(ctx, tx.Client(), points, attached)
	if err != nil {
		return err
	}
	if left+keys > 0 {
		return &KeysError{fmt.Sprintf("%d contact points and the keys of %d attachments are still sealed by an older key: seal them anew first", left, keys)}
	}
	asked, err := askedByOthers(primary)
	if err != nil {
		return err
	}
	latest, err := tx.IdempotencyRecord.Query().Where(asked).Order(idempotencyrecord.ByCreatedAt(sql.OrderDesc())).First(ctx)
	if db.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for answers that are kept: %w", err)
	}
	if until := latest.CreatedAt.Add(keptAnswers); until.After(s.now()) {
		return &KeysError{fmt.Sprintf("changes of the last 24 hours are known again by an older key: it can be retired after %s", until.UTC().Format(time.RFC3339))}
	}
	return &KeysError{"answers that are kept no longer are still known by an older key: seal anew first"}
}

// countSealed counts what is sealed: contact points, and keys of attachments.
func countSealed(ctx context.Context, client *db.Client, points predicate.ContactPoint, attached predicate.StoredFile) (left, keys int, err error) {
	if left, err = client.ContactPoint.Query().Where(points).Count(ctx); err != nil {
		return 0, 0, fmt.Errorf("counting contact points: %w", err)
	}
	if keys, err = client.StoredFile.Query().Where(attached).Count(ctx); err != nil {
		return 0, 0, fmt.Errorf("counting the keys of attachments: %w", err)
	}
	return left, keys, nil
}

// askedByOthers are the kept answers that are known by another key.
func askedByOthers(name string) (predicate.IdempotencyRecord, error) {
	from, below, err := contact.SealedBy(name)
	return idempotencyrecord.Or(idempotencyrecord.InputLT(from), idempotencyrecord.InputGTE(below)), err
}

// resealBatch is how many rows are sealed anew in one transaction: few, for others wait
// for it.
const resealBatch = 100

// resealPause is how long it waits for rows that others are changing.
const resealPause = 200 * time.Millisecond

// Reseal seals by the primary key what is sealed by others, and forgets the answers that
// are kept no longer and known by others. Any number of servers may work meanwhile. Cut
// short, it goes on from where it was when it is called again. progress is told after
// each of its transactions.
func (s *Service) Reseal(ctx context.Context, progress func(done, total int)) error {
	ctx = ent.AsSystem(ctx)
	if err := s.preferInFile(ctx); err != nil {
		return err
	}
	ring, err := s.ring(ctx, s.db.SealingKey)
	if err != nil {
		return err
	}
	points, attached, err := sealedByOthers(ring.Primary())
	if err != nil {
		return err
	}
	left, keys, err := countSealed(ctx, s.db.Client, points, attached)
	if err != nil {
		return err
	}
	work := resealing{Service: s, primary: ring.Primary(), points: points, attached: attached, total: left + keys, progress: progress}
	for {
		more, err := work.pass(ctx)
		if err != nil {
			return err
		}
		if !more {
			return s.forgetAnswers(ctx, ring.Primary())
		}
		waitAtMost(ctx, resealPause, nil) // what was passed over is being changed by others
	}
}

// resealing is one call of Reseal.
type resealing struct {
	*Service
	primary     string
	points      predicate.ContactPoint // to be sealed anew
	attached    predicate.StoredFile
	done, total int
	progress    func(done, total int)
}

// pass goes once through all rows and reports whether any were left, because others had
// locked them.
func (w *resealing) pass(ctx context.Context) (more bool, err error) {
	var point typeid.ContactPointID
	err = w.batches(ctx, func(tx *db.Tx, keys *contact.Ring) (n int, err error) {
		n, point, err = w.contactPoints(ctx, tx, keys, point)
		return n, err
	})
	if err != nil {
		return false, fmt.Errorf("sealing contact points anew: %w", err)
	}
	var file typeid.StoredFileID
	err = w.batches(ctx, func(tx *db.Tx, keys *contact.Ring) (n int, err error) {
		n, file, err = w.files(ctx, tx, keys, file)
		return n, err
	})
	if err != nil {
		return false, fmt.Errorf("sealing the keys of attachments anew: %w", err)
	}
	if more, err = w.db.ContactPoint.Query().Where(w.points).Exist(ctx); err == nil && !more {
		more, err = w.db.StoredFile.Query().Where(w.attached).Exist(ctx)
	}
	if err != nil {
		return false, fmt.Errorf("looking for what is left to be sealed anew: %w", err)
	}
	return more, nil
}

// batches calls some in one transaction after another, until one had no rows.
func (w *resealing) batches(ctx context.Context, some func(*db.Tx, *contact.Ring) (int, error)) error {
	for {
		n := 0
		err := ent.WithTx(ctx, w.db.Client, func(tx *db.Tx) error {
			keys, err := w.keysIn(ctx, tx)
			if err != nil {
				return err
			}
			if keys.Primary() != w.primary {
				return &KeysError{"the keys were changed meanwhile: start again"}
			}
			n, err = some(tx, keys)
			return err
		})
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		w.done += n
		w.progress(w.done, max(w.done, w.total))
		if n == resealBatch {
			w.giveWay(ctx)
		}
	}
}

// contactPoints seals those after one, and returns how many and the last.
func (w *resealing) contactPoints(ctx context.Context, tx *db.Tx, keys *contact.Ring, after typeid.ContactPointID) (int, typeid.ContactPointID, error) {
	q := tx.ContactPoint.Query().Where(w.points).Order(contactpoint.ByID()).Limit(resealBatch)
	if !after.IsZero() {
		q.Where(contactpoint.IDGT(after))
	}
	if w.db.IsPostgres() {
		q.ForUpdate(sql.WithLockAction(sql.SkipLocked)) // nobody waits for it, and it for nobody
	}
	rows, err := q.All(ctx)
	if err != nil {
		return 0, after, err
	}
	for _, p := range rows {
		v, err := w.openPoint(p)
		if err != nil {
			return 0, after, err
		}
		sealed, err := keys.Seal(v.field, v.value)
		if err != nil {
			return 0, after, err
		}
		digest, err := keys.Digest(v.field, v.value)
		if err != nil {
			return 0, after, err
		}
		if err := tx.ContactPoint.UpdateOneID(p.ID).SetSealed(sealed).SetDigest(digest).Exec(ctx); err != nil {
			return 0, after, err
		}
		after = p.ID
	}
	return len(rows), after, nil
}

// files seals the keys of those after one, and returns how many and the last.
func (w *resealing) files(ctx context.Context, tx *db.Tx, keys *contact.Ring, after typeid.StoredFileID) (int, typeid.StoredFileID, error) {
	q := tx.StoredFile.Query().Where(w.attached).Order(storedfile.ByID()).Limit(resealBatch)
	if !after.IsZero() {
		q.Where(storedfile.IDGT(after))
	}
	if w.db.IsPostgres() {
		q.ForUpdate(sql.WithLockAction(sql.SkipLocked))
	}
	rows, err := q.All(ctx)
	if err != nil {
		return 0, after, err
	}
	for _, row := range rows {
		key, err := w.contacts.Open(fileKeyField, row.Key)
		if err != nil {
			return 0, after, err
		}
		sealed, err := keys.Seal(fileKeyField, key)
		if err != nil {
			return 0, after, err
		}
		if err := tx.StoredFile.UpdateOneID(row.ID).SetKey(sealed).Exec(ctx); err != nil {
			return 0, after, err
		}
		after = row.ID
	}
	return len(rows), after, nil
}

// forgetAnswers deletes the answers that are kept no longer and are known by other keys
// than the primary one: they cannot be made known by another.
func (s *Service) forgetAnswers(ctx context.Context, primary string) error {
	asked, err := askedByOthers(primary)
	if err != nil {
		return err
	}
	for {
		ids, err := s.db.IdempotencyRecord.Query().Where(asked, idempotencyrecord.CreatedAtLTE(s.now().Add(-keptAnswers))).
			Order(idempotencyrecord.ByCreatedAt()).Limit(resealBatch).IDs(ctx)
		if err == nil && len(ids) > 0 {
			err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
				_, err := tx.IdempotencyRecord.Delete().Where(idempotencyrecord.IDIn(ids...)).Exec(ctx)
				return err
			})
		}
		if err != nil {
			return fmt.Errorf("forgetting answers: %w", err)
		}
		if len(ids) < resealBatch {
			return nil
		}
	}
}

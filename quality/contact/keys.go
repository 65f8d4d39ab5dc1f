package contact

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"sync/atomic"
)

// Keys are those of a key file, as it is now: a file that somebody else changes is read
// again. Methods may be called at once from many goroutines.
type Keys struct {
	path    string // "" for keys that are kept nowhere
	reading sync.Mutex
	seen    os.FileInfo // the file that was read; held by reading
	use     string      // the primary key, "" for that of the file; held by reading
	ring    atomic.Pointer[Ring]
}

// OpenKeys reads the key file, and makes one with fresh keys where there is none.
// The file is the only way to the contact data: without it what is in the database
// and its backups cannot be read. Servers that share a database share the file.
func OpenKeys(path string) (*Keys, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := createKeyFile(path); err != nil {
			return nil, fmt.Errorf("making the key file: %w", err)
		}
	}
	k := &Keys{path: path}
	if _, err := k.Refresh(); err != nil {
		return nil, err
	}
	return k, nil
}

// NewKeys returns fresh keys that are kept nowhere.
func NewKeys() (*Keys, error) {
	fresh, err := freshKeys()
	if err != nil {
		return nil, err
	}
	ring, err := fresh.ring()
	if err != nil {
		return nil, err
	}
	k := new(Keys)
	k.ring.Store(ring)
	return k, nil
}

// Refresh reads the key file again if it is another than before, and reports whether it
// was. When it cannot be read, the keys stay as they were.
func (k *Keys) Refresh() (changed bool, err error) {
	if k.path == "" {
		return false, nil
	}
	k.reading.Lock()
	defer k.reading.Unlock()
	info, err := os.Stat(k.path)
	if err != nil {
		return false, fmt.Errorf("reading the key file: %w", err)
	}
	if k.seen != nil && os.SameFile(info, k.seen) && info.ModTime().Equal(k.seen.ModTime()) && info.Size() == k.seen.Size() {
		return false, nil
	}
	f, err := readKeyFile(k.path)
	if err != nil {
		return false, err
	}
	ring, err := f.ring()
	if err != nil {
		return false, damaged(k.path)
	}
	k.seen = info
	k.ring.Store(ring.with(k.use))
	return true, nil
}

// Use makes a key the primary one here, whatever the file says; one that the file lacks
// once the file has it.
func (k *Keys) Use(name string) {
	k.reading.Lock()
	defer k.reading.Unlock()
	k.use = name
	k.ring.Store(k.Ring().with(name))
}

// Ring is all keys of the file, with its primary one.
func (k *Keys) Ring() *Ring { return k.ring.Load() }

// Names returns what the keys of the file are called, the primary one first.
func (k *Keys) Names() []string {
	var names []string
	for _, key := range k.Ring().keys {
		names = append(names, key.name())
	}
	return names
}

// MissingKeyError says that the key file lacks a key.
type MissingKeyError struct{ Path, Name string }

func (e *MissingKeyError) Error() string {
	return fmt.Sprintf("the key file %s lacks the key %s, by which data in the database is sealed: it belongs to another database, or is older than the last change of keys", e.Path, e.Name)
}

// RingOf is the keys of these names, the primary one first. When the file lacks one, it
// is read again, and otherwise the error is a [*MissingKeyError].
func (k *Keys) RingOf(names ...string) (*Ring, error) {
	ring := &Ring{}
	for _, name := range names {
		has := func() bool {
			held := k.Ring().keys
			at := slices.IndexFunc(held, func(key *key) bool { return key.name() == name })
			if at >= 0 {
				ring.keys = append(ring.keys, held[at])
			}
			return at >= 0
		}
		if has() {
			continue
		}
		if _, err := k.Refresh(); err != nil {
			return nil, err
		}
		if !has() {
			return nil, &MissingKeyError{k.path, name}
		}
	}
	return ring, nil
}

// Open decrypts what a [Ring] sealed, by whichever key.
func (k *Keys) Open(f Field, sealed []byte) (string, error) {
	id, err := sealedBy(sealed)
	if err != nil {
		return "", err
	}
	by := k.Ring().find(id)
	if by == nil {
		ring, err := k.RingOf((&key{id: id}).name())
		if err != nil {
			return "", err
		}
		by = ring.keys[0]
	}
	value, err := by.sealer.Decrypt(sealed, []byte(f))
	if err != nil {
		return "", fmt.Errorf("opening contact data: %w", err)
	}
	return string(value), nil
}

// Sign returns 37 bytes by which [Keys.Signed] knows a message again: they tell nothing
// of it to whoever lacks the keys.
func (k *Keys) Sign(f Field, message string) ([]byte, error) { return k.Ring().sign(f, message) }

// Signed reports whether a message was signed so, by any key that the file still has.
// Versions before keys could change signed by 32 bytes, which are known, too.
func (k *Keys) Signed(f Field, message string, signature []byte) (bool, error) {
	return k.Ring().signed(f, message, signature)
}

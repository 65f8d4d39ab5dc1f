package contact

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// keyFile is what a key file holds: two Tink keysets in JSON, each on a line, of keys
// that seal and of those that make digests. The n-th of the one goes with the n-th of
// the other.
type keyFile struct{ sealing, indexing *tinkpb.Keyset }

func freshKeys() (keyFile, error) {
	var f keyFile
	for template, into := range map[*tinkpb.KeyTemplate]**tinkpb.Keyset{aead.AES256GCMKeyTemplate(): &f.sealing, prf.HMACSHA256PRFKeyTemplate(): &f.indexing} {
		handle, err := keyset.NewHandle(template)
		if err != nil {
			return f, fmt.Errorf("making a key: %w", err)
		}
		var made bytes.Buffer
		if err = insecurecleartextkeyset.Write(handle, keyset.NewBinaryWriter(&made)); err == nil {
			*into, err = keyset.NewBinaryReader(&made).Read()
		}
		if err != nil {
			return f, fmt.Errorf("making a key: %w", err)
		}
	}
	return f, nil
}

// damaged quotes nothing of the file.
func damaged(path string) error {
	return fmt.Errorf("the key file %s is damaged: restore it from a backup", path)
}

func readKeyFile(path string) (f keyFile, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return f, fmt.Errorf("reading the key file: %w", err)
	}
	sealing, indexing, _ := bytes.Cut(bytes.TrimSpace(content), []byte("\n"))
	if f.sealing, err = keyset.NewJSONReader(bytes.NewReader(sealing)).Read(); err == nil {
		f.indexing, err = keyset.NewJSONReader(bytes.NewReader(indexing)).Read()
	}
	if err != nil || len(f.sealing.GetKey()) == 0 || len(f.sealing.GetKey()) != len(f.indexing.GetKey()) || f.primary() < 0 {
		return f, damaged(path)
	}
	return f, nil
}

// at is the place of a key, negative if it is not there.
func (f keyFile) at(name string) int {
	return slices.IndexFunc(f.sealing.GetKey(), func(k *tinkpb.Keyset_Key) bool { return (&key{id: k.GetKeyId()}).name() == name })
}

func (f keyFile) primary() int { return f.at((&key{id: f.sealing.GetPrimaryKeyId()}).name()) }

func (f keyFile) setPrimary(at int) {
	f.sealing.PrimaryKeyId, f.indexing.PrimaryKeyId = f.sealing.GetKey()[at].GetKeyId(), f.indexing.GetKey()[at].GetKeyId()
}

// ring is the keys, the primary one first.
func (f keyFile) ring() (*Ring, error) {
	r := new(Ring)
	for n, sealing := range f.sealing.GetKey() {
		k, err := newKey(sealing, f.indexing.GetKey()[n])
		if err != nil {
			return nil, err
		}
		if n == f.primary() {
			r.keys = slices.Insert(r.keys, 0, k)
		} else {
			r.keys = append(r.keys, k)
		}
	}
	return r, nil
}

func (f keyFile) bytes() ([]byte, error) {
	var out bytes.Buffer
	for _, keys := range []*tinkpb.Keyset{f.sealing, f.indexing} {
		var line bytes.Buffer
		if err := keyset.NewJSONWriter(&line).Write(keys); err != nil {
			return nil, fmt.Errorf("writing a key: %w", err)
		}
		out.Write(bytes.TrimSpace(bytes.ReplaceAll(line.Bytes(), []byte("\n"), nil)))
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}

// createKeyFile writes a file with fresh keys; when another server was first, that one's
// is left.
func createKeyFile(path string) error {
	f, err := freshKeys()
	if err != nil {
		return err
	}
	err = f.write(path, os.Link)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// write writes the file for this account's eyes only. It gets its name when it is
// complete and on disk, so that nobody ever reads half of it. place gives the name.
func (f keyFile) write(path string, place func(from, to string) error) (err error) {
	content, err := f.bytes()
	if err != nil {
		return err
	}
	whole, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if gone := os.Remove(whole.Name()); !errors.Is(gone, fs.ErrNotExist) { // as it is when it was renamed
			err = errors.Join(err, gone)
		}
	}()
	_, err = whole.Write(content)
	if err = errors.Join(err, whole.Sync(), whole.Close()); err != nil {
		return err
	}
	if err := place(whole.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes the names in a folder permanent.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// change changes the key file. Whoever reads it finds it as before or as after.
func (k *Keys) change(change func(*keyFile) error) error {
	f, err := readKeyFile(k.path)
	if err != nil {
		return err
	}
	if err := change(&f); err != nil {
		return err
	}
	if err := f.write(k.path, os.Rename); err != nil {
		return fmt.Errorf("changing the key file: %w", err)
	}
	_, err = k.Refresh()
	return err
}

// Add puts a fresh key into the file and returns its name. Nothing is sealed by it yet.
func (k *Keys) Add() (name string, err error) {
	fresh, err := freshKeys()
	if err != nil {
		return "", err
	}
	return (&key{id: fresh.sealing.GetPrimaryKeyId()}).name(), k.change(func(f *keyFile) error {
		f.sealing.Key = append(f.sealing.GetKey(), fresh.sealing.GetKey()...)
		f.indexing.Key = append(f.indexing.GetKey(), fresh.indexing.GetKey()...)
		return nil
	})
}

// Prefer makes a key of the file its primary one.
func (k *Keys) Prefer(name string) error {
	return k.change(func(f *keyFile) error {
		at := f.at(name)
		if at < 0 {
			return &MissingKeyError{k.path, name}
		}
		f.setPrimary(at)
		return nil
	})
}

// Forget takes keys out of the file, as far as they are there. What they have sealed
// cannot be read any more.
func (k *Keys) Forget(names ...string) error {
	return k.change(func(f *keyFile) error {
		for _, name := range names {
			at := f.at(name)
			if at < 0 {
				continue
			}
			if at == f.primary() {
				return fmt.Errorf("the key %s is the primary one of the key file", name)
			}
			f.sealing.Key = slices.Delete(f.sealing.GetKey(), at, at+1)
			f.indexing.Key = slices.Delete(f.indexing.GetKey(), at, at+1)
		}
		return nil
	})
}

package contact_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/contact"
)

func openKeys(t testing.TB, path string) *contact.Keys {
	t.Helper()
	keys, err := contact.OpenKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// A value goes on being read while keys come and the primary one changes, until the
// key that sealed it is forgotten; and another process that has the file sees it all.
func TestKeysChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	keys, other := openKeys(t, path), openKeys(t, path)
	first := keys.Names()[0]
	before := seal(t, keys, contact.PhoneField, "+8613800138000")
	digest := index(t, keys, contact.PhoneField, "+8613800138000")
	signature, err := keys.Sign("request", "a message")
	if err != nil {
		t.Fatal(err)
	}

	second, err := keys.Add()
	if err != nil || second == first {
		t.Fatalf("added the key %q beside %q: %v", second, first, err)
	}
	if err := keys.Prefer(second); err != nil {
		t.Fatal(err)
	}
	if got := other.Names()[0]; got != first {
		t.Errorf("another process works by %s before it has read the file again", got)
	}
	other.Use(second) // which its file lacks
	if _, err := other.Refresh(); err != nil || other.Names()[0] != second {
		t.Errorf("it is to use %s and works by %s, %v", second, other.Names()[0], err)
	}
	other.Use(first)
	if got := other.Names()[0]; got != first {
		t.Errorf("it is to use %s and works by %s", first, got)
	}
	other.Use(second)
	after := seal(t, keys, contact.PhoneField, "+8613800138000")
	for name, sealed := range map[string][]byte{"before": before, "after": after} {
		if got, err := other.Open(contact.PhoneField, sealed); got != "+8613800138000" || err != nil {
			t.Errorf("another process opens what was sealed %s the change: %q, %v", name, got, err)
		}
	}
	digests, err := other.Ring().Digests(contact.PhoneField, "+8613800138000")
	if err != nil || len(digests) != 2 || !bytes.Equal(digests[0], index(t, keys, contact.PhoneField, "+8613800138000")) || !bytes.Equal(digests[1], digest) {
		t.Errorf("the digests of another process are %x, %v: want that of the new key and then %x", digests, err, digest)
	}
	if same, err := other.Signed("request", "a message", signature); !same || err != nil {
		t.Errorf("what the older key signed is known: %v, %v", same, err)
	}
	if err := keys.Forget(second); err == nil {
		t.Error("the primary key is forgotten")
	}
	if err := keys.Forget(first); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Refresh(); err != nil {
		t.Fatal(err)
	}
	var missing *contact.MissingKeyError
	if got, err := other.Open(contact.PhoneField, before); !errors.As(err, &missing) || missing.Name != first {
		t.Errorf("without its key it opens as %q, %v", got, err)
	}
	if got, err := other.Open(contact.PhoneField, after); got != "+8613800138000" || err != nil {
		t.Errorf("what the new key sealed opens as %q, %v", got, err)
	}
	if same, err := other.Signed("request", "a message", signature); same || err != nil {
		t.Errorf("what a forgotten key signed is known: %v, %v", same, err)
	}
	if _, err := keys.RingOf(second, first); !errors.As(err, &missing) || missing.Path != path {
		t.Errorf("a ring of a key that is not there: %v", err)
	}
	onlyFile(t, filepath.Dir(path), "keys")
}

// What a key seals lies between the bounds that are told of it, and nothing else does.
func TestSealedBy(t *testing.T) {
	one, two := newKeys(t), newKeys(t)
	from, below, err := contact.SealedBy(one.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.String().Draw(t, "value")
		if sealed := seal(t, one, contact.PhoneField, value); bytes.Compare(sealed, from) < 0 || bytes.Compare(sealed, below) >= 0 {
			t.Fatalf("%x is not in [%x, %x)", sealed, from, below)
		}
		if sealed := seal(t, two, contact.PhoneField, value); bytes.Compare(sealed, from) >= 0 && bytes.Compare(sealed, below) < 0 {
			t.Fatalf("%x of another key is in [%x, %x)", sealed, from, below)
		}
	})
	for name, want := range map[string][2][]byte{
		"00000000": {{1, 0, 0, 0, 0}, {1, 0, 0, 0, 1}},
		"0a0000ff": {{1, 10, 0, 0, 255}, {1, 10, 0, 1, 0}},
		"ffffffff": {{1, 255, 255, 255, 255}, {2, 0, 0, 0, 0}},
	} {
		if from, below, err := contact.SealedBy(name); err != nil || !bytes.Equal(from, want[0]) || !bytes.Equal(below, want[1]) {
			t.Errorf("what %s has sealed is in [%x, %x), %v, want [%x, %x)", name, from, below, err, want[0], want[1])
		}
	}
	if _, _, err := contact.SealedBy("key"); err == nil {
		t.Error("a text that names no key has bounds")
	}
}

// Signatures of 32 bytes, without a key's name, come from versions with one key.
func TestSignaturesOfBefore(t *testing.T) {
	keys := newKeys(t)
	whole, err := keys.Sign("request", "a message")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		message   string
		signature []byte
		want      bool
	}{
		"whole":             {"a message", whole, true},
		"of before":         {"a message", whole[5:], true},
		"of another":        {"another message", whole, false},
		"before of another": {"another message", whole[5:], false},
		"of an unknown key": {"a message", append([]byte{1, 0, 0, 0, 0}, whole[5:]...), false},
		"none":              {"a message", nil, false},
		"cut off":           {"a message", whole[:36], false},
	} {
		if got, err := keys.Signed("request", test.message, test.signature); got != test.want || err != nil {
			t.Errorf("%s: signed %v, %v, want %v", name, got, err, test.want)
		}
	}
}

// A file that cannot be read leaves the keys as they were.
func TestADamagedFileLeavesTheKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	keys := openKeys(t, path)
	sealed := seal(t, keys, contact.PhoneField, "1")
	if err := os.WriteFile(path, []byte("secret-words"), 0o600); err != nil {
		t.Fatal(err)
	}
	if changed, err := keys.Refresh(); changed || err == nil {
		t.Errorf("a damaged file is taken: %v, %v", changed, err)
	}
	if got, err := keys.Open(contact.PhoneField, sealed); got != "1" || err != nil {
		t.Errorf("the keys of before open %q, %v", got, err)
	}
	if _, err := keys.Add(); err == nil {
		t.Error("a key is added to a damaged file")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Refresh(); err == nil {
		t.Error("that the file has gone is not told")
	}
}

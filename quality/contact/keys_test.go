package contact_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/contact"
)

var fields = []contact.Field{contact.PhoneField, contact.EmailField}

func newKeys(t testing.TB) *contact.Keys {
	t.Helper()
	keys, err := contact.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func seal(t rapid.TB, keys *contact.Keys, f contact.Field, value string) []byte {
	t.Helper()
	sealed, err := keys.Ring().Seal(f, value)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func index(t rapid.TB, keys *contact.Keys, f contact.Field, value string) []byte {
	t.Helper()
	digest, err := keys.Ring().Digest(f, value)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

func TestSealAndOpen(t *testing.T) {
	keys, others := newKeys(t), newKeys(t)
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(fields).Draw(t, "field")
		value := rapid.String().Draw(t, "value")
		sealed := seal(t, keys, f, value)
		if got, err := keys.Open(f, sealed); got != value || err != nil {
			t.Fatalf("Open(Seal(%q)) = %q, %v", value, got, err)
		}
		if again := seal(t, keys, f, value); bytes.Equal(sealed, again) {
			t.Fatalf("%q sealed twice gives the same bytes", value)
		}
		if len(value) > 3 && bytes.Contains(sealed, []byte(value)) {
			t.Fatalf("the sealed %q holds the value", value)
		}
		// Neither as another field, nor changed, nor with other keys.
		if got, err := keys.Open(fields[1-indexOf(f)], sealed); err == nil {
			t.Fatalf("a sealed %s opens as the other field: %q", f, got)
		}
		if got, err := others.Open(f, sealed); err == nil {
			t.Fatalf("other keys open it: %q", got)
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "at")] ^= 1
		if got, err := keys.Open(f, sealed); err == nil {
			t.Fatalf("a changed seal opens: %q", got)
		}
	})
}

func indexOf(f contact.Field) int {
	if f == fields[0] {
		return 0
	}
	return 1
}

// Two indexes are equal exactly when field and normalised value are.
func TestIndex(t *testing.T) {
	keys := newKeys(t)
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[0-9@\x00ab]{0,3}`)
		f, g := rapid.SampledFrom(fields).Draw(t, "f"), rapid.SampledFrom(fields).Draw(t, "g")
		a, b := value.Draw(t, "a"), value.Draw(t, "b")
		x, y := index(t, keys, f, a), index(t, keys, g, b)
		if got, want := bytes.Equal(x, y), f == g && a == b; got != want {
			t.Fatalf("the indexes of %s %q and %s %q are equal: %v, want %v", f, a, g, b, got, want)
		}
		if len(x) != 32 {
			t.Fatalf("an index of %d bytes, want 32", len(x))
		}
	})
	if bytes.Equal(index(t, keys, contact.PhoneField, "1"), index(t, newKeys(t), contact.PhoneField, "1")) {
		t.Error("two sets of keys index alike")
	}
}

func TestKeyFileIsMadeOnceAndReused(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "contacts.key")
	first, err := contact.OpenKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("the key file has mode %o, want 600", got)
	}
	second, err := contact.OpenKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := second.Open(contact.PhoneField, seal(t, first, contact.PhoneField, "+8613800138000")); got != "+8613800138000" || err != nil {
		t.Errorf("reopened keys open %q, %v", got, err)
	}
	if !bytes.Equal(index(t, first, contact.PhoneField, "x"), index(t, second, contact.PhoneField, "x")) {
		t.Error("reopened keys index differently")
	}
	onlyFile(t, folder, "contacts.key")
}

// onlyFile checks that nothing but the key file is left in its folder.
func onlyFile(t *testing.T, folder, name string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != name {
		t.Errorf("the folder holds %v, want only %s", entries, name)
	}
}

// Servers that start at once on an empty folder end up with the same keys.
func TestManyCreatorsGetOneKeyFile(t *testing.T) {
	for range 20 {
		folder := t.TempDir()
		path := filepath.Join(folder, "contacts.key")
		const creators = 8
		var keys [creators]*contact.Keys
		var errs [creators]error
		var wg sync.WaitGroup
		for i := range creators {
			wg.Go(func() { keys[i], errs[i] = contact.OpenKeys(path) })
		}
		wg.Wait()
		want, err := contact.OpenKeys(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range creators {
			if errs[i] != nil {
				t.Fatalf("creator %d: %v", i, errs[i])
			}
			if !bytes.Equal(index(t, keys[i], contact.PhoneField, "x"), index(t, want, contact.PhoneField, "x")) {
				t.Fatalf("creator %d works with keys that are not in the file", i)
			}
		}
		onlyFile(t, folder, "contacts.key")
	}
}

func TestDamagedKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "contacts.key")
	if _, err := contact.OpenKeys(path); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sealing, indexing, _ := strings.Cut(strings.TrimSpace(string(whole)), "\n")
	for name, content := range map[string]string{
		"empty":              "",
		"one key":            sealing + "\n",
		"a line too many":    string(whole) + sealing + "\n",
		"cut off":            string(whole[:len(whole)-40]),
		"keys swapped":       indexing + "\n" + sealing + "\n",
		"the same key twice": sealing + "\n" + sealing + "\n",
		"not JSON":           "secret-words\nsecret-words\n",
		"no keys":            "{}\n{}\n",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := contact.OpenKeys(path)
		if err == nil {
			t.Errorf("%s: the file is read", name)
			continue
		}
		if text := err.Error(); !strings.Contains(text, path) || !strings.Contains(text, "damaged") || strings.Contains(text, "secret") {
			t.Errorf("%s: error %q, want one that names the file and quotes nothing of it", name, text)
		}
		if kept, err := os.ReadFile(path); err != nil || string(kept) != content {
			t.Errorf("%s: the file was changed (%v)", name, err)
		}
	}
}

func TestKeyFileOutOfReach(t *testing.T) {
	path := filepath.Join(t.TempDir(), "missing", "contacts.key")
	if _, err := contact.OpenKeys(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("OpenKeys in a folder that does not exist: %v, want an error that names the path", err)
	}
}

package files_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/files"
)

func open(t *testing.T) (*files.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "store with spaces")
	s, err := files.Open(t.Context(), (&url.URL{Scheme: "file", Path: dir}).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, dir
}

// list is the names of all files in a folder.
func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// conform checks what any store does, whatever it is kept in.
func conform(t *testing.T, s *files.Store) {
	ctx, key := t.Context(), files.NewKey()
	content := make([]byte, 300_000) // several segments
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(content)
	if err := s.Write(ctx, "ab/one", key, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(ctx, "ab/other", key, strings.NewReader("other")); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		c, err := s.Read(ctx, "ab/one", key, int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for range rapid.IntRange(1, 3).Draw(t, "reads") {
			at := rapid.IntRange(0, len(content)).Draw(t, "at")
			length := rapid.IntRange(0, 1000).Draw(t, "length")
			if _, err := c.Seek(int64(at), io.SeekStart); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, length)
			n, err := io.ReadFull(c, got)
			want := content[at:min(at+length, len(content))]
			if !bytes.Equal(got[:n], want) || n < length && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("at %d: %d bytes, %v", at, n, err)
			}
		}
	})
	c, err := s.Read(ctx, "ab/one", key, int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	if err := iotest.TestReader(c, content); err != nil {
		t.Error(err)
	}
	if _, err := c.Seek(-1, io.SeekStart); err == nil {
		t.Error("it can be read from before its beginning")
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}

	for what, read := range map[string]struct {
		name string
		key  []byte
	}{"with another key": {"ab/one", files.NewKey()}, "under another name": {"ab/other", files.NewKey()}} {
		if c, err := s.Read(ctx, read.name, read.key, 5); err == nil {
			if _, err = io.ReadAll(c); err == nil {
				t.Errorf("it can be read %s", what)
			}
			c.Close()
		}
	}
	if _, err := s.Read(ctx, "ab/none", key, 1); !errors.Is(err, files.ErrMissing) {
		t.Errorf("a missing one: %v", err)
	}
	for range 2 { // also when it has gone
		if err := s.Remove(ctx, "ab/one"); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Read(ctx, "ab/one", key, 1); !errors.Is(err, files.ErrMissing) {
		t.Errorf("a removed one: %v", err)
	}
	if c, err := s.Read(ctx, "ab/other", key, 5); err != nil {
		t.Errorf("the other one: %v", err)
	} else {
		c.Close()
	}

	// What could not be read to its end, or for which there was no more time, leaves nothing.
	failure := errors.New("the sender has gone")
	if err := s.Write(ctx, "ab/half", key, io.MultiReader(bytes.NewReader(content), iotest.ErrReader(failure))); !errors.Is(err, failure) {
		t.Errorf("a half one: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Write(cancelled, "ab/half", key, bytes.NewReader(content)); err == nil {
		t.Error("it is written when nobody waits for it")
	}
	if _, err := s.Read(ctx, "ab/half", key, 1); !errors.Is(err, files.ErrMissing) {
		t.Errorf("a half one can be read: %v", err)
	}
}

func TestFolder(t *testing.T) {
	s, dir := open(t)
	conform(t, s)
	if names := list(t, dir); len(names) != 1 {
		t.Errorf("in the folder are %v", names)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open to others: %v, %v", info.Mode(), err)
	}
}

// A change of any byte in the store is noticed, as is an end that was cut off and a file
// that was put in the place of another.
func TestTampering(t *testing.T) {
	s, dir := open(t)
	key, content := files.NewKey(), bytes.Repeat([]byte("content "), 20_000)
	for _, name := range []string{"a", "b"} {
		if err := s.Write(t.Context(), name, key, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := os.ReadFile(filepath.Join(dir, "a"))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile(filepath.Join(dir, "b"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(whole, []byte("content")) {
		t.Error("it lies in the clear")
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	for what, stored := range map[string][]byte{
		"a bit changed": flipped, "cut": whole[:len(whole)-1], "cut to a segment": whole[:64<<10], "empty": nil, "another file": theirs,
	} {
		if err := os.WriteFile(filepath.Join(dir, "a"), stored, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := s.Read(t.Context(), "a", key, int64(len(content)))
		if err == nil {
			_, err = io.ReadAll(c)
			c.Close()
		}
		if err == nil {
			t.Errorf("%s: it can be read", what)
		}
	}
}

func TestOpenRefusals(t *testing.T) {
	for _, at := range []string{"", "/tmp/x", "file://host/x", "file://", "ftp://x/y", "%", "s3://", "s3://user:password@bucket"} {
		if s, err := files.Open(t.Context(), at); err == nil {
			s.Close()
			t.Errorf("%q is taken for a store", at)
		}
	}
}

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// The committed migrations lead to the schema as it is declared: nothing is left
// for a further one to do.
func TestNoMigrationIsMissing(t *testing.T) {
	folder := t.TempDir()
	committed := os.DirFS(filepath.Join("..", "..", "migrations"))
	if err := os.CopyFS(folder, committed); err != nil {
		t.Fatal(err)
	}
	want := contents(t, committed)
	err := write(t.Context(), "drift", folder)
	if errors.Is(err, dbtest.ErrNoPostgres) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, contents(t, os.DirFS(folder))); diff != "" {
		t.Errorf("run `make migration NAME=what_changed`; it would write (-committed +needed):\n%s", diff)
	}
}

func contents(t *testing.T, files fs.FS) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		all[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

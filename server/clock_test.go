package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A test clock that is moved twice within the file system's unit of time shows the
// second time.
func TestClockIsMovedTwiceAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clock")
	changed := time.Now()
	set := func(at string) {
		if err := os.WriteFile(file, []byte(at), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, changed, changed); err != nil {
			t.Fatal(err)
		}
	}
	set("2026-11-20T16:30:00+08:00")
	now, err := newClock(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"2026-11-20T16:30:00+08:00", "2026-11-20T17:30:00+08:00"} {
		set(at)
		if told := now().Format(time.RFC3339); told != at {
			t.Errorf("the clock tells %s, want %s", told, at)
		}
	}
}

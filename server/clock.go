package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// newClock returns the clock that all of the server goes by: the real time, or the
// time that a file tells.
func newClock(file string) (func() time.Time, error) {
	if file == "" {
		return time.Now, nil
	}
	c := &fileClock{path: file}
	if err := c.read(); err != nil {
		return nil, fmt.Errorf("reading the test clock: %w", err)
	}
	return c.now, nil
}

// fileClock stands still at the time that its file tells, until the file changes.
type fileClock struct {
	path string

	mu      sync.Mutex
	seen    time.Time // when the file was last changed
	size    int64
	settled bool // it was read so long after that change that a further one shows
	told    time.Time
}

// coarse is longer than the unit in which any file system tells when a file changed.
const coarse = 3 * time.Second

// now keeps to the last time it knows while the file cannot be read, as when it is
// being written.
func (c *fileClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.read()
	return c.told
}

func (c *fileClock) read() error {
	info, err := os.Stat(c.path)
	if err != nil || c.settled && info.ModTime().Equal(c.seen) && info.Size() == c.size {
		return err
	}
	content, err := os.ReadFile(c.path)
	if err != nil {
		return err
	}
	told, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(content)))
	if err != nil {
		return err
	}
	c.seen, c.size, c.told = info.ModTime(), info.Size(), told
	c.settled = time.Since(c.seen) > coarse
	return nil
}

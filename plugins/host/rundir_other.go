//go:build !linux

package host

import "os"

// runDir holds the directories of the processes of one host.
type runDir struct{ path string }

func openRunDir(parent string) (*runDir, error) {
	path, err := os.MkdirTemp(parent, "rounds-plugins-")
	return &runDir{path: path}, err
}

func (d *runDir) close() error { return os.RemoveAll(d.path) }

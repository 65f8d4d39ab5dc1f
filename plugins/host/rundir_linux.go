package host

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

const runDirPattern = "rounds-plugins-"

// runDir holds the directories of the processes of one host. It is locked, so
// that a host can tell the directories of living hosts from those that a killed
// one left behind.
type runDir struct {
	path string
	lock *os.File
}

// openRunDir makes a directory that only this account can enter and removes those
// of hosts that were killed.
func openRunDir(parent string) (*runDir, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	sweep(parent)
	var lost error
	for range 10 { // another host that starts now may sweep it away before it is locked
		path, err := os.MkdirTemp(parent, runDirPattern)
		if err != nil {
			return nil, err
		}
		lock, err := lockDir(path)
		if err == nil {
			return &runDir{path: path, lock: lock}, nil
		}
		lost = errors.Join(err, os.RemoveAll(path))
	}
	return nil, lost
}

func (d *runDir) close() error {
	return errors.Join(os.RemoveAll(d.path), d.lock.Close())
}

// lockDir locks the directory itself until the file is closed or the process ends.
func lockDir(path string) (*os.File, error) {
	dir, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(dir.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		_, err = os.Lstat(path) // it may have been removed before it was locked
	}
	if err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	return dir, nil
}

// sweep removes directories of hosts that live no more. It is a courtesy: what
// cannot be removed is left.
func sweep(parent string) {
	paths, _ := filepath.Glob(filepath.Join(parent, runDirPattern+"*")) // the pattern is valid
	for _, path := range paths {
		info, err := os.Lstat(path)
		if err != nil || !info.IsDir() || !ours(info) {
			continue
		}
		if lock, err := lockDir(path); err == nil {
			_ = os.RemoveAll(path)
			_ = lock.Close()
		}
	}
}

func ours(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}

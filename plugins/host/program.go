package host

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// errChecksum is a program that is not the one that was registered.
var errChecksum = errors.New("sha256 is not the registered one")

// program is what a plugin runs.
type program struct {
	path   string
	sha256 string // of the file, in hex
}

// programs finds what to run for each plugin.
type programs struct {
	self func() (program, error) // read once: the running program doesn't change
}

func newPrograms() *programs {
	return &programs{self: sync.OnceValues(func() (program, error) {
		path, err := self()
		if err != nil {
			return program{}, err
		}
		sum, err := copyProgram(io.Discard, path)
		return program{path: path, sha256: sum}, err
	})}
}

// prepare finds the program of a plugin. An external one is copied into dir and
// run from there, so that what was checked is what is run.
func (p *programs) prepare(spec Plugin, dir string) (program, error) {
	prog, err := p.self()
	if spec.Path != "" {
		prog.path = filepath.Join(dir, "program")
		prog.sha256, err = install(prog.path, spec.Path)
	}
	if err != nil {
		return program{}, fmt.Errorf("prepare program: %w", err)
	}
	if spec.SHA256 != "" && !strings.EqualFold(spec.SHA256, prog.sha256) {
		return program{}, errChecksum
	}
	return prog, nil
}

// install copies a program. While its file is open for writing no process is
// started, for that would inherit the open file and a file that is open for
// writing cannot be run (golang.org/issue/22315).
func install(to, from string) (sum string, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o500)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return copyProgram(file, from)
}

// copyProgram copies a file and gives its sha256 in hex.
func copyProgram(to io.Writer, from string) (string, error) {
	file, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // it was only read
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(to, hash), file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

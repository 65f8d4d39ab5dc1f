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

// program is what a plugin runs: the running program itself, or an open file with
// a copy that nobody can change.
type program struct {
	path   string   // of the running program
	file   *os.File // what to run instead of path; nil: path
	sha256 string   // in hex
}

// close gives up the file. A process that was started from it keeps its own.
func (p program) close() {
	if p.file != nil {
		_ = p.file.Close() // it was only read
	}
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
		file, err := os.Open(path)
		if err != nil {
			return program{}, err
		}
		sum, err := copyProgram(io.Discard, file)
		return program{path: path, sha256: sum}, errors.Join(err, file.Close())
	})}
}

// prepare finds the program of a plugin. Another program than the running one is
// opened once: what that file holds is copied while it is hashed, and the copy is
// what runs, whatever becomes of the file and its path in the meantime. dir is
// where the copy lies if it cannot lie in memory.
func (p *programs) prepare(spec Plugin, dir string) (program, error) {
	prog, err := p.self()
	if spec.Path != "" {
		prog, err = install(spec.Path, dir)
	}
	if err != nil {
		return program{}, fmt.Errorf("prepare program: %w", err)
	}
	if spec.SHA256 != "" && !strings.EqualFold(spec.SHA256, prog.sha256) {
		prog.close()
		return program{}, errChecksum
	}
	return prog, nil
}

// install copies a program into a file of its own.
func install(path, dir string) (program, error) {
	from, err := os.Open(path)
	if err != nil {
		return program{}, err
	}
	defer func() { _ = from.Close() }() // it was only read
	prog := program{}
	prog.file, err = sealed(dir, func(to io.Writer) error {
		var err error
		prog.sha256, err = copyProgram(to, from)
		return err
	})
	return prog, err
}

// privateCopy writes a file that nobody may write to and opens it. While it is open
// for writing no process is started, for that would inherit it and a file that is
// open for writing cannot be run (golang.org/issue/22315).
func privateCopy(dir string, write func(io.Writer) error) (*os.File, error) {
	path := filepath.Join(dir, "program")
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o555)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return nil, err
	}
	return os.Open(path)
}

// copyProgram copies a file and gives its sha256 in hex.
func copyProgram(to io.Writer, from io.Reader) (string, error) {
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(to, hash), from); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

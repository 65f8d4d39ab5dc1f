package host

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// What runs is what was verified, although the file changes all the time in every
// way that a file can. The bad program leaves a mark.
func TestSwappedProgram(t *testing.T) {
	swaps := 500
	if os.Getenv("ROUNDS_SOAK") != "" {
		swaps = 10_000
	}
	dir := t.TempDir()
	path, mark := filepath.Join(dir, "program"), filepath.Join(dir, "mark")
	good, bad := []byte("#!/bin/sh\nexit 7\n"), []byte("#!/bin/sh\ntouch "+mark+"\n")
	if err := os.WriteFile(path, good, 0o700); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(good)
	spec := Plugin{ID: "desk", Path: path, SHA256: hex.EncodeToString(sum[:])}

	var swapping sync.WaitGroup
	loading := make(chan struct{}, 1)
	swapping.Go(func() {
		defer close(loading)
		for i := range swaps {
			if err := swap(path, i/2%2, [][]byte{bad, good}[i%2]); err != nil {
				t.Error(err)
			}
			if i%5 == 0 { // let a load run into the next swaps
				loading <- struct{}{}
			}
		}
	})
	programs := newPrograms()
	verified, refused := 0, 0
	for range loading {
		prog, err := programs.prepare(spec, dir)
		if errors.Is(err, errChecksum) {
			refused++
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		verified++
		cmd := exec.Command("/proc/self/fd/3")
		cmd.ExtraFiles = []*os.File{prog.file}
		if err := cmd.Run(); cmd.ProcessState.ExitCode() != 7 {
			t.Errorf("ran something else: %v", err)
		}
		prog.close()
	}
	swapping.Wait()
	if _, err := os.Stat(mark); err == nil {
		t.Error("the unverified program ran")
	}
	t.Logf("%d swaps during %d loads: %d verified and run, %d refused, nothing unverified ran", swaps, verified+refused, verified, refused)
	if verified == 0 || refused == 0 {
		t.Error("the swaps did not meet the loads")
	}
	if err := swap(path, 0, bad); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command(path).Run(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(mark); err != nil {
		t.Error("the bad program leaves no mark: ", err)
	}
}

// swap puts other content into a file: in place, or by another file.
func swap(path string, way int, content []byte) error {
	if way == 0 {
		return os.WriteFile(path, content, 0o700)
	}
	if err := os.WriteFile(path+".new", content, 0o700); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// A program that is ready to run can be changed by nobody.
func TestSealedProgram(t *testing.T) {
	prog, err := newPrograms().prepare(Plugin{Path: "/bin/sh"}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer prog.close()
	path := fmt.Sprintf("/proc/self/fd/%d", prog.file.Fd())
	if err := os.Truncate(path, 0); err == nil {
		t.Error("it can be cut off")
	}
	if file, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
		defer file.Close()
		if _, err := file.WriteString("x"); err == nil {
			t.Error("it can be written to")
		}
	}
}

package host_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/plugins/host/internal/badplugin"
)

// enforced skips a test of the sandbox where the kernel or the account doesn't
// allow all of it.
func enforced(t *testing.T, h running) {
	t.Helper()
	var codes []string
	for _, missing := range h.Unenforced() {
		if missing.Text.EN == "" || missing.Text.ZH == "" {
			t.Errorf("%s has no text", missing.Code)
		}
		codes = append(codes, missing.Code)
	}
	if len(codes) > 0 {
		t.Skipf("not enforced here: %v", codes)
	}
}

// Each act that is forbidden to a plugin is denied, and is no fancy: without the
// sandbox it can be done.
func TestForbiddenActs(t *testing.T) {
	aims := aimAt(t)
	form, err := json.Marshal(aims)
	if err != nil {
		t.Fatal(err)
	}
	var impossible []string
	for _, act := range badplugin.Acts {
		if err := tryFreely(t, act.Name, string(form)); err != nil {
			impossible = append(impossible, fmt.Sprintf("%s (%v)", act.Name, err))
		}
	}
	t.Logf("%d of %d acts can be done without the sandbox; not by this account: %v", len(badplugin.Acts)-len(impossible), len(badplugin.Acts), impossible)
	if os.Getuid() == 0 && len(impossible) > 6 || len(impossible) > 14 {
		t.Error("that is too few to tell anything")
	}

	if err := os.WriteFile(filepath.Join(aims.Folder, "victim"), nil, 0o666); err != nil { // it was deleted
		t.Fatal(err)
	}
	spec := plugin("desk", "acts")
	spec.Args = append(spec.Args, string(form))
	h := ready(t, host.Config{Plugins: []host.Plugin{spec}, CallTimeout: 10 * time.Second})
	enforced(t, h)
	got, err := h.judge(t.Context(), "desk", "acts")
	if err != nil {
		t.Fatal(err)
	}
	var denials map[string]string
	if err := json.Unmarshal([]byte(got.Arithmetic), &denials); err != nil {
		t.Fatal(err)
	}
	denied := 0
	for _, act := range badplugin.Acts {
		if denials[act.Name] == "" {
			t.Errorf("not denied: %s", act.Name)
			continue
		}
		denied++
		t.Logf("%s: %s", act.Name, denials[act.Name])
	}
	t.Logf("%d of %d acts denied", denied, len(badplugin.Acts))
}

// tryFreely does an act without a sandbox, in a folder of its own.
func tryFreely(t *testing.T, act, aims string) error {
	t.Helper()
	cmd := exec.Command(badProgram, "act", act, aims)
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return errors.New(strings.TrimSpace(string(out)))
	}
	return nil
}

// aimAt makes what the acts aim at.
func aimAt(t *testing.T) badplugin.Aims {
	t.Helper()
	const variable = "ROUNDS_TEST_SECRET"
	t.Setenv(variable, "secret")
	dir := tempDir(t)
	a := badplugin.Aims{
		Secret: filepath.Join(dir, "secret"), Folder: filepath.Join(dir, "folder"), Other: filepath.Join(dir, "other"),
		Host: os.Getpid(), Abstract: "@rounds-test-" + strconv.Itoa(os.Getpid()), Shared: os.Getpid(), Variable: variable,
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Mkdir(a.Folder, 0o777))
	must(os.Chmod(a.Folder, 0o777))
	must(os.Mkdir(a.Other, 0o755))
	for _, path := range []string{a.Secret, filepath.Join(a.Folder, "open"), filepath.Join(a.Folder, "victim")} {
		must(os.WriteFile(path, []byte("secret"), 0o666))
		must(os.Chmod(path, 0o666))
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	t.Cleanup(func() { tcp.Close() })
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(err)
	t.Cleanup(func() { udp.Close() })
	abstract, err := net.Listen("unix", a.Abstract)
	must(err)
	t.Cleanup(func() { abstract.Close() })
	a.TCP, a.UDP = tcp.Addr().String(), udp.LocalAddr().String()
	shared, err := unix.SysvShmGet(a.Shared, 4096, unix.IPC_CREAT|0o666)
	must(err)
	t.Cleanup(func() { unix.SysvShmCtl(shared, unix.IPC_RMID, nil) })
	a.Leaked, err = syscall.Open(a.Secret, syscall.O_RDONLY, 0) // without O_CLOEXEC
	must(err)
	t.Cleanup(func() { syscall.Close(a.Leaked) })
	sibling := exec.Command(badProgram, "wait")
	must(sibling.Start())
	t.Cleanup(func() { sibling.Process.Kill(); sibling.Wait() })
	a.Sibling = sibling.Process.Pid
	return a
}

// The server's own program can be a plugin, too.
func TestOwnProgram(t *testing.T) {
	h := ready(t, host.Config{
		Plugins:     []host.Plugin{{ID: "desk", Args: []string{"serve", "desk", "good"}, ReadOnly: []string{"/proc"}}},
		MemoryLimit: 1 << 46, // the race detector reserves as much
	})
	if _, err := h.judge(t.Context(), "desk", "good"); err != nil {
		t.Error(err)
	}
}

// A script is run by its interpreter, if that may be read.
func TestScript(t *testing.T) {
	path := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexit 9\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	h := run(t, host.Config{
		Plugins: []host.Plugin{
			{ID: "allowed", Path: path, ReadOnly: []string{"/bin", "/usr", "/lib", "/lib64", "/no/such/folder"}},
			{ID: "denied", Path: path},
		},
		Restart: host.Restart{MinPause: time.Hour, MaxPause: time.Hour},
	})
	eventually(t, "both have failed", func() bool {
		states := h.States()
		return len(states) == 2 && states[0].LastError != "" && states[1].LastError != ""
	})
	enforced(t, h)
	for _, state := range h.States() {
		want := map[string]string{"allowed": "ended with exit status 9 before it was ready", "denied": "could not be started"}[state.ID]
		if state.LastError != want {
			t.Errorf("%s: %q, want %q", state.ID, state.LastError, want)
		}
	}
}

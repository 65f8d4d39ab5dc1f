package host_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/host"
)

// gone reports whether a process has ended. One that nobody has reaped yet has.
func gone(pid int) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func signal(t *testing.T, pid int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, s); err != nil {
		t.Fatal(err)
	}
}

// When the host is killed its plugins end, even one that is stopped, and the next
// host clears away their sockets.
func TestHostKilled(t *testing.T) {
	dir := tempDir(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "host", dir)
	cmd.Env = append(os.Environ(), badProgramVariable+"="+badProgram)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pids []int
	lines := bufio.NewScanner(stdout)
	for len(pids) < 2 && lines.Scan() {
		pid, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	if len(pids) != 2 || gone(pids[0]) || gone(pids[1]) {
		t.Fatalf("the host's plugins: %v", pids)
	}
	signal(t, pids[0], syscall.SIGSTOP)
	signal(t, cmd.Process.Pid, syscall.SIGKILL)
	if err := cmd.Wait(); err == nil {
		t.Error("the host was not killed")
	}
	began := time.Now()
	for _, pid := range pids {
		eventually(t, "the plugin's end", func() bool { return gone(pid) })
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v", took)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Fatalf("left behind: %v", left)
	}
	runIn(t, host.Config{TempDir: dir}) // its cleanup demands an empty directory
}

// The host ends in time whatever a plugin does.
func TestStopBounded(t *testing.T) {
	h := ready(t, host.Config{
		Plugins:     []host.Plugin{plugin("desk", "good"), plugin("floor", "child"), plugin("office", "good")},
		StopTimeout: 300 * time.Millisecond,
	})
	states := h.States()
	signal(t, states[0].PID, syscall.SIGSTOP)
	inFlight := make(chan error, 1)
	go func() {
		_, err := h.judge(t.Context(), "desk", "good")
		inFlight <- err
	}()
	began := time.Now()
	if err := h.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("Run ended %v after it was told to", took)
	}
	if err := <-inFlight; kindOf(err) != host.Unavailable {
		t.Errorf("a call in flight: %v", err)
	}
	for i, state := range h.States() {
		if state.Status != host.Stopped || state.PID != 0 || state.LastError != "" {
			t.Errorf("state = %+v", state)
		}
		if _, err := os.Stat(filepath.Join("/proc", strconv.Itoa(states[i].PID))); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: process %d is still there: %v", state.ID, states[i].PID, err)
		}
	}
}

// Bounds as they are by default: a server that shuts down within 10 s has time to spare.
func TestStopBoundedByDefault(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good"), plugin("floor", "good")}})
	for _, state := range h.States() {
		signal(t, state.PID, syscall.SIGSTOP)
	}
	began := time.Now()
	if err := h.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("Run ended %v after it was told to", took)
	}
}

// A plugin that answers nothing is replaced, whether anybody calls it or not.
func TestStoppedPluginIsReplaced(t *testing.T) {
	h := ready(t, host.Config{
		Plugins:     []host.Plugin{plugin("desk", "good")},
		CallTimeout: 100 * time.Millisecond, CheckInterval: 50 * time.Millisecond,
		Restart: host.Restart{MinPause: 10 * time.Millisecond},
	})
	signal(t, h.state().PID, syscall.SIGSTOP)
	h.await(t, "the plugin is found to be silent", func(s host.State) bool { return s.Status == host.Degraded })
	state := h.await(t, "it is replaced", func(s host.State) bool { return s.Restarts == 1 && s.Status == host.Ready })
	if state.LastError != "did not answer its health checks" {
		t.Errorf("state = %+v", state)
	}
}

// A plugin whose calls hang is replaced although its health service answers.
func TestHangingPluginIsReplaced(t *testing.T) {
	h := ready(t, host.Config{
		Plugins: []host.Plugin{plugin("desk", "good")}, CallTimeout: 30 * time.Millisecond,
		CheckInterval: time.Hour, Restart: host.Restart{MinPause: 10 * time.Millisecond},
	})
	for range 5 {
		if _, err := h.judge(t.Context(), "desk", "hangs"); kindOf(err) != host.Timeout {
			t.Fatal(err)
		}
	}
	state := h.await(t, "it is replaced", func(s host.State) bool { return s.Restarts == 1 && s.Status == host.Ready })
	if state.LastError != "did not answer several calls in a row" {
		t.Errorf("state = %+v", state)
	}
}

// A plugin that grows beyond its limit is replaced.
func TestHoardingPluginIsReplaced(t *testing.T) {
	h := ready(t, host.Config{
		Plugins: []host.Plugin{plugin("desk", "good")}, CallTimeout: 10 * time.Second,
		CheckInterval: 5 * time.Millisecond, MemoryLimit: 300 << 20, Restart: host.Restart{MinPause: 10 * time.Millisecond},
	})
	if _, err := h.judge(t.Context(), "desk", "hoards"); kindOf(err) != host.Unavailable {
		t.Errorf("the call that hoards: %v", err)
	}
	state := h.await(t, "it is replaced", func(s host.State) bool { return s.Restarts == 1 && s.Status == host.Ready })
	if state.LastError != "held more than 300 MiB of memory" {
		t.Errorf("state = %+v", state)
	}
}

// A plugin that keeps processors busy for nothing is replaced, and answers until then.
func TestBusyPluginIsReplaced(t *testing.T) {
	h := ready(t, host.Config{
		Plugins:       []host.Plugin{plugin("desk", "good")},
		CheckInterval: 100 * time.Millisecond, CPULimit: 0.2, Restart: host.Restart{MinPause: 10 * time.Millisecond},
	})
	if _, err := h.judge(t.Context(), "desk", "spins"); err != nil {
		t.Error(err)
	}
	state := h.await(t, "it is replaced", func(s host.State) bool { return s.Restarts == 1 && s.Status == host.Ready })
	if state.LastError != "kept more than 0.20 processors busy" {
		t.Errorf("state = %+v", state)
	}
}

// A program outside the server is run from a copy that was checked.
func TestExternalProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk")
	program, err := os.ReadFile(badProgram)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, program, 0o700); err != nil {
		t.Fatal(err)
	}
	spec := plugin("desk", "good")
	spec.Path = path
	sum := sha256.Sum256(program)
	spec.SHA256 = hex.EncodeToString(sum[:])
	h := ready(t, host.Config{Plugins: []host.Plugin{spec}})
	if state := h.state(); state.SHA256 != spec.SHA256 {
		t.Errorf("state = %+v", state)
	}
	if err := os.WriteFile(path, []byte("#!/bin/false"), 0o700); err != nil {
		t.Error("the running program holds the original: ", err)
	}
	if _, err := h.judge(t.Context(), "desk", "good"); err != nil {
		t.Error(err)
	}
	exe, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(h.state().PID), "exe"))
	if err != nil || exe == path {
		t.Errorf("runs %s, %v", exe, err)
	}
}

// Crashes leave nothing behind: no file descriptor, no socket, no thread and no
// process.
func TestCrashesLeaveNothing(t *testing.T) {
	crashes := 30
	if os.Getenv("ROUNDS_SOAK") != "" {
		crashes = 1000
	}
	h := ready(t, host.Config{
		Plugins: []host.Plugin{plugin("desk", "child")},
		Restart: host.Restart{MinPause: time.Millisecond, MaxPause: time.Millisecond, Limit: 10_000},
	})
	entries := func(dir string) int {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	files, threads, goroutines := entries("/proc/self/fd"), entries("/proc/self/task"), runtime.NumGoroutine()
	for i := range crashes {
		signal(t, h.state().PID, syscall.SIGKILL)
		h.await(t, "a new process", func(s host.State) bool { return s.Restarts == i+1 && s.Status == host.Ready })
	}
	eventually(t, "as many files as before", func() bool { return entries("/proc/self/fd") <= files })
	eventually(t, "as many goroutines as before", func() bool { return runtime.NumGoroutine() <= goroutines })
	children := childrenOf(t)
	t.Logf("%d crashes: %d files, %d goroutines, %d threads (before: %d, %d, %d), %d children", crashes, entries("/proc/self/fd"),
		runtime.NumGoroutine(), entries("/proc/self/task"), files, goroutines, threads, len(children))
	if now := entries("/proc/self/task"); now > threads+8 { // the runtime keeps a few
		t.Errorf("%d threads, before the crashes %d", now, threads)
	}
	if len(children) > 1 {
		t.Errorf("children: %s", children)
	}
	dirs, err := filepath.Glob(filepath.Join(h.dir, "*", "*"))
	if err != nil || len(dirs) > 1 {
		t.Errorf("%d directories of processes are left, %v", len(dirs), err)
	}
}

// childrenOf lists the test's child processes, zombies too.
func childrenOf(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	var pids []string
	for _, path := range paths {
		if list, err := os.ReadFile(path); err == nil { // a thread may have ended since
			pids = append(pids, strings.Fields(string(list))...)
		}
	}
	return pids
}

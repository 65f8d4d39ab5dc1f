package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/plugins/host/internal/badplugin"
)

// measured is what became of a host while one of its plugins behaved badly.
type measured struct {
	Kind         host.Kind     // of the call's error; empty: none
	Reason       string        // why the process was replaced; empty: it wasn't
	Grown        int64         // how much more memory the host held at its most, in bytes
	Quiet, Noisy time.Duration // the time that 99 of 100 calls of another plugin took, before and meanwhile
	Dropped      uint64        // bytes of output
}

// calls of the other plugin, quiet and noisy.
const calls = 500

// measure runs a host in this process, has one plugin behave badly and calls
// another.
func measure(mode, behaviour, tempDir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	memory, timeout := int64(0), 1500*time.Millisecond
	if mode == "unlimited" { // an answer of that size needs both
		memory, timeout = 4<<30, 30*time.Second
	}
	h, err := host.New(host.Config{
		TempDir: tempDir, CallTimeout: timeout, CheckInterval: 200 * time.Millisecond, MemoryLimit: memory,
		Plugins: []host.Plugin{
			{ID: "bad", Path: self, Args: []string{"serve", "bad", mode}},
			{ID: "good", Path: self, Args: []string{"serve", "good", "good"}},
		},
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	if err := h.WaitReady(ctx); err != nil {
		return err
	}
	result, err := watch(ctx, h, behaviour)
	cancel()
	if err := errors.Join(err, <-ended); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

func watch(ctx context.Context, h *host.Host, behaviour string) (m measured, err error) {
	if _, err = slowest(ctx, h, 100, nil); err != nil { // connections and caches
		return m, err
	}
	if m.Quiet, err = slowest(ctx, h, calls, nil); err != nil {
		return m, err
	}
	if err = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // forget the most (proc_pid_clear_refs(5))
		return m, err
	}
	before := memoryOf("VmRSS:")
	ended := make(chan error, 1)
	if behaviour == "stops" {
		behaviour = "good"
		if err = stop(h.States()[0].PID); err != nil {
			return m, err
		}
	}
	go func() {
		_, err := judge(ctx, h, "bad", behaviour)
		ended <- err
	}()
	if m.Noisy, err = slowest(ctx, h, calls, ended); err != nil {
		return m, err
	}
	if failure := new(host.Error); errors.As(<-ended, &failure) {
		m.Kind = failure.Kind
	}
	m.Grown = memoryOf("VmHWM:") - before
	state := h.States()[0]
	m.Reason, m.Dropped = state.LastError, state.DroppedBytes
	return m, nil
}

// stop stops a process by a signal and returns when it has stopped.
func stop(pid int) error {
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		return err
	}
	for {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || bytes.Contains(stat, []byte(") T ")) {
			return err
		}
	}
}

// slowest calls the good plugin, at least so often and until the bad one's call has
// ended, and gives the time that 99 of 100 calls took.
func slowest(ctx context.Context, h *host.Host, calls int, ended chan error) (time.Duration, error) {
	var took []time.Duration
	for len(took) < calls || ended != nil && len(ended) == 0 {
		began := time.Now()
		if _, err := judge(ctx, h, "good", "good"); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)*99/100], nil
}

func judge(ctx context.Context, h *host.Host, plugin, behaviour string) (checklist.Judgement, error) {
	return h.Judge(ctx, plugin, badplugin.Definition(plugin, behaviour), badplugin.Inspection(plugin, behaviour))
}

// memoryOf reads a line of proc_pid_status(5), in bytes.
func memoryOf(name string) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	_, after, _ := bytes.Cut(status, []byte("\n"+name))
	kilobytes, err := strconv.ParseInt(string(bytes.Fields(after)[0]), 10, 64)
	if err != nil {
		panic(err)
	}
	return kilobytes << 10
}

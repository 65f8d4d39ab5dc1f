package host_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/plugins/host/internal/badplugin"
)

// badProgram is the program of package badplugin: the one that the variable names, or
// one that is built.
var badProgram = os.Getenv(badProgramVariable)

const badProgramVariable = "ROUNDS_TEST_PLUGIN"

// The test binary runs itself as a plugin (serve ID MODE) as the server does, and
// as a host (host TEMPDIR). Most plugins are a program of their own: one that is
// built with the race detector needs more memory than a plugin may have.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 4 && os.Args[1] == "serve":
		badplugin.Serve(os.Args[2], os.Args[3], "")
		return
	case len(os.Args) == 3 && os.Args[1] == "host":
		runHost(os.Args[2])
		return
	}
	if badProgram != "" {
		goleak.VerifyTestMain(m)
	}
	dir, err := os.MkdirTemp("", "badplugin")
	if err != nil {
		panic(err)
	}
	badProgram = filepath.Join(dir, "badplugin")
	build := exec.Command("go", "build", "-o", badProgram, "./internal/badplugin/cmd/badplugin")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v: %s", err, out))
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(dir) // what is left is left in the temporary directory
		os.Exit(code)
	}))
}

// plugin is one that behaves badly.
func plugin(id, mode string) host.Plugin {
	return host.Plugin{ID: id, Path: badProgram, Args: []string{"serve", id, mode}}
}

// runHost is the main of a host in a process of its own: it prints the ids of its
// plugins' processes and runs until it is killed.
func runHost(tempDir string) {
	h, err := host.New(host.Config{Plugins: []host.Plugin{plugin("desk", "good"), plugin("floor", "good")}, TempDir: tempDir})
	if err != nil {
		panic(err)
	}
	go func() {
		if err := h.WaitReady(context.Background()); err != nil {
			panic(err)
		}
		for _, state := range h.States() {
			fmt.Println(state.PID)
		}
	}()
	if err := h.Run(context.Background()); err != nil {
		panic(err)
	}
}

// running is a host that runs until the test ends.
type running struct {
	*host.Host
	dir  string
	stop func() error // may be called again
}

// run starts a host with short pauses. Nothing may be left of it when the test ends.
func run(t *testing.T, cfg host.Config) running {
	t.Helper()
	cfg.TempDir = tempDir(t)
	if testing.Verbose() {
		cfg.Logger = zerolog.New(zerolog.NewTestWriter(t))
	}
	return runIn(t, cfg)
}

// tempDir is short enough for sockets, which t.TempDir is not.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rt")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil { // a plugin's own account has to come to its folder
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func runIn(t *testing.T, cfg host.Config) running {
	t.Helper()
	h, err := host.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	stopped := false
	r := running{Host: h, dir: cfg.TempDir, stop: func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-ended
	}}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("Run: %v", err)
		}
		left, err := os.ReadDir(cfg.TempDir)
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	return r
}

// ready is run, and waits until all plugins are ready.
func ready(t *testing.T, cfg host.Config) running {
	t.Helper()
	r := run(t, cfg)
	r.waitReady(t)
	return r
}

func (r running) waitReady(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := r.WaitReady(ctx); err != nil {
		t.Fatalf("%v: %+v", err, r.States())
	}
}

// readyWithLog is ready, with what the host logs.
func readyWithLog(t *testing.T, cfg host.Config) (running, *logged) {
	t.Helper()
	log := &logged{}
	cfg.TempDir, cfg.Logger = tempDir(t), zerolog.New(log)
	r := runIn(t, cfg)
	r.waitReady(t)
	return r, log
}

// logged keeps what is logged.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSpace(l.text.String()), "\n")
}

// judge calls a plugin's behaviour with good answers.
func (r running) judge(ctx context.Context, plugin, behaviour string) (checklist.Judgement, error) {
	return r.Judge(ctx, plugin, badplugin.Definition(plugin, behaviour), badplugin.Inspection(plugin, behaviour))
}

// state of the first plugin by id.
func (r running) state() host.State { return r.States()[0] }

// await polls until the first plugin's state is as wanted.
func (r running) await(t *testing.T, what string, want func(host.State) bool) host.State {
	t.Helper()
	var state host.State
	eventually(t, what, func() bool { state = r.state(); return want(state) })
	return state
}

// eventually polls for at most 20 seconds.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// kindOf is the kind of a *host.Error, or what the error is instead.
func kindOf(err error) host.Kind {
	var failure *host.Error
	if errors.As(err, &failure) {
		return failure.Kind
	}
	return host.Kind(fmt.Sprintf("no *host.Error: %v", err))
}

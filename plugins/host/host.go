// Package host runs the plugins: it starts their processes, supervises them and
// makes the calls, so that a bad plugin hurts nobody but its own users.
//
// What is bounded, for each plugin: the time of a start and of a call, the calls
// at once, the size of a message, the memory, what it prints, how often it is
// started again, and how long its end may take. A plugin gets nothing of the
// server's environment, and everything it answers is checked against its own
// description. On Linux it is confined besides: it reaches no file but those of its
// own folder, no network and no other process. What the running kernel does not
// allow of that is told by [Host.Unenforced].
//
// The contract is plugins/checklist; the plugin's side is plugins/sdk. What a
// plugin's words mean for an inspection is not decided here.
package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// Config says what to run. The zero value of a limit is its default.
type Config struct {
	Plugins []Plugin       // the ids differ
	Logger  zerolog.Logger // default: none
	TempDir string         // parent of the directory with the sockets, at most 30 bytes long; default: the system's

	// Accept is called each time that a plugin has described itself, before it
	// takes calls. An error keeps it from taking any: it is started again later.
	// Its time counts into StartTimeout. Default: accepts.
	Accept func(context.Context, Described) error

	CallTimeout   time.Duration // of one call, and of waiting for its turn; default 2 s
	StartTimeout  time.Duration // from the start of a process until it is ready; default 10 s
	StopTimeout   time.Duration // from the request to end until the kill; default 3 s
	CheckInterval time.Duration // between looks at a plugin's health, memory and use of processors; default 2 s
	MaxConcurrent int           // calls of one plugin at once; default 16
	MemoryLimit   int64         // resident memory of one process, in bytes; default 512 MiB
	CPULimit      float64       // processors that one process may keep busy for five looks in a row; default 0.9, or 0.45 of the machine's if that is more

	// RequireSandbox has Run fail when not every protection against plugins can be
	// enforced. Default: what is missing is logged, and told by [Host.Unenforced].
	RequireSandbox bool

	Restart Restart
	Now     func() time.Time // the real time, for intervals must be true; default time.Now
}

// Restart says how patient the host is with a plugin that fails: whose process
// ends, cannot be started, grows too large, keeps a processor busy, or leaves five calls or three health
// checks in a row without an answer.
type Restart struct {
	MinPause time.Duration // after the first failure; doubles with each one in a row; default 0.5 s
	MaxPause time.Duration // default 30 s
	Window   time.Duration // as long without a failure, and the pause starts at MinPause again; default 60 s
	Limit    int           // failures within Window that lead into quarantine, which a start that lasts Window ends; default 5
}

// Plugin is one plugin to run.
type Plugin struct {
	ID     string   // the id that its description has to have
	Path   string   // of the program, absolute; empty: the running program itself
	Args   []string // for the program, without its name
	SHA256 string   // that the program must have, in hex; empty: any
	NoTLS  bool     // it speaks plain gRPC; the socket's directory keeps other accounts away

	// ReadOnly are files and directories that it may read besides its own folder,
	// and run programs from, such as those of an interpreter. Default: none.
	ReadOnly []string
}

// Described is a plugin that has described itself.
type Described struct {
	SHA256      string // of its program, in hex
	Description checklist.Description
}

// State is where a plugin stands.
type State struct {
	ID        string
	Version   string // of the description; empty until first ready
	SHA256    string // of the program, in hex; empty until first ready
	Status    Status
	Since     time.Time     // of Status
	PID       int           // of the process; 0 when there is none
	Restarts  int           // starts after the first
	StartTime time.Duration // of the process that was ready last: from its start, once its program was verified, until it had described itself and was accepted
	LastError string        // why the last process failed, such as "ended with exit status 2"; empty if none did; safe to show

	Calls        uint64        // that reached the plugin, of all its processes
	Failures     uint64        // of Calls, without those that rejected the answers or whose caller went away
	CallTime     time.Duration // sum over Calls
	DroppedLines uint64        // of its output
	DroppedBytes uint64        // the same in bytes, with the rest of lines that were cut off
}

// Host runs plugins. Its methods can be called at any time from any goroutine.
type Host struct {
	cfg     Config
	plugins map[string]*supervisor
	order   []string
	ran     atomic.Bool
	box     atomic.Pointer[sandbox] // nil before Run
}

// New makes a host. It starts nothing: that is [Host.Run].
func New(cfg Config) (*Host, error) {
	cfg = cfg.withDefaults()
	h := &Host{cfg: cfg, plugins: map[string]*supervisor{}}
	programs, claims := newPrograms(), newClaims()
	for _, spec := range cfg.Plugins {
		if spec.ID == "" || h.plugins[spec.ID] != nil {
			return nil, fmt.Errorf("host: plugin id %q is empty or used twice", spec.ID)
		}
		h.plugins[spec.ID] = newSupervisor(spec, len(h.order), cfg, programs, claims)
		h.order = append(h.order, spec.ID)
	}
	slices.Sort(h.order)
	return h, nil
}

func (cfg Config) withDefaults() Config {
	cfg.CallTimeout = cmp.Or(cfg.CallTimeout, 2*time.Second)
	cfg.StartTimeout = cmp.Or(cfg.StartTimeout, 10*time.Second)
	cfg.StopTimeout = cmp.Or(cfg.StopTimeout, 3*time.Second)
	cfg.CheckInterval = cmp.Or(cfg.CheckInterval, 2*time.Second)
	cfg.MaxConcurrent = cmp.Or(cfg.MaxConcurrent, 16)
	cfg.MemoryLimit = cmp.Or(cfg.MemoryLimit, 512<<20)
	cfg.CPULimit = cmp.Or(cfg.CPULimit, max(0.9, 0.45*float64(runtime.NumCPU())))
	cfg.Restart.MinPause = cmp.Or(cfg.Restart.MinPause, 500*time.Millisecond)
	cfg.Restart.MaxPause = cmp.Or(cfg.Restart.MaxPause, 30*time.Second)
	cfg.Restart.Window = cmp.Or(cfg.Restart.Window, time.Minute)
	cfg.Restart.Limit = cmp.Or(cfg.Restart.Limit, 5)
	if cfg.Accept == nil {
		cfg.Accept = func(context.Context, Described) error { return nil }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return cfg
}

func (cfg Config) policy() policy {
	return policy{
		minPause: cfg.Restart.MinPause, maxPause: cfg.Restart.MaxPause,
		window: cfg.Restart.Window, limit: cfg.Restart.Limit,
		missedCalls: 5, missedChecks: 3,
	}
}

// maxRunDir leaves room for "/1234567890/plugin-dir1234567890/plugin1234567890"
// in the path of a socket, which has at most 107 bytes (unix(7)).
const maxRunDir = 107 - 49

var errTempDir = errors.New("the path of the temporary directory is too long for a socket")

// Run runs the plugins until ctx is cancelled, and returns when nothing is left
// of them: at most StopTimeout and a second later. Calls in flight then fail
// with Unavailable. It may be called once.
func (h *Host) Run(ctx context.Context) error {
	if h.ran.Swap(true) {
		return errors.New("host: Run is called twice")
	}
	runDir, err := openRunDir(h.cfg.TempDir)
	if err == nil && len(runDir.path) > maxRunDir {
		err = errors.Join(errTempDir, runDir.close())
	}
	if err != nil {
		return fmt.Errorf("host: %w", err)
	}
	box := newSandbox(runDir.path)
	h.box.Store(box)
	if err := h.reportSandbox(); err != nil {
		return errors.Join(fmt.Errorf("host: %w", err), runDir.close())
	}
	var plugins sync.WaitGroup
	for _, id := range h.order {
		plugins.Go(func() { h.plugins[id].supervise(ctx, runDir.path, box) })
	}
	plugins.Wait()
	return runDir.close()
}

// reportSandbox logs what is not enforced, and fails when all has to be.
func (h *Host) reportSandbox() error {
	missing := h.Unenforced()
	for _, m := range missing {
		h.cfg.Logger.Warn().Str("code", m.Code).Str("text", m.Text.EN).Msg("A protection against plugins is not enforced.")
	}
	if len(missing) > 0 && h.cfg.RequireSandbox {
		return fmt.Errorf("the sandbox is required, and %s is not enforced: %s", missing[0].Code, missing[0].Text.EN)
	}
	return nil
}

// Unenforced lists the protections against plugins that the running kernel, or the
// account of the server, does not allow. It is empty until Run has looked.
func (h *Host) Unenforced() []Unenforced {
	if box := h.box.Load(); box != nil {
		return box.unenforced()
	}
	return nil
}

// Judge has a plugin judge an inspection by the definition that the inspection
// was started with, which has to be the one that the plugin describes now. Its
// error is an *[Error], or ctx's own when the caller's ctx ends first.
func (h *Host) Judge(ctx context.Context, plugin string, definition checklist.Definition, in checklist.Inspection) (checklist.Judgement, error) {
	s, known := h.plugins[plugin]
	if !known {
		return checklist.Judgement{}, &Error{Kind: Unavailable, Plugin: plugin, Reason: "is not installed"}
	}
	return s.judge(ctx, definition, in)
}

// Described gives the description of a plugin that takes calls.
func (h *Host) Described(plugin string) (Described, bool) {
	if s, known := h.plugins[plugin]; known {
		if session := s.session.Load(); session != nil {
			return session.described, true
		}
	}
	return Described{}, false
}

// States lists all plugins by id.
func (h *Host) States() []State {
	states := make([]State, len(h.order))
	for i, id := range h.order {
		states[i] = h.plugins[id].current()
	}
	return states
}

// WaitReady returns when all plugins are ready at once. When ctx ends earlier its
// error names those that are not.
func (h *Host) WaitReady(ctx context.Context) error {
	for {
		var waiting []string
		var change <-chan struct{}
		for _, id := range h.order {
			if ready, next := h.plugins[id].ready(); !ready {
				waiting, change = append(waiting, id), next
			}
		}
		if len(waiting) == 0 {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return fmt.Errorf("plugins %v are not ready: %w", waiting, ctx.Err())
		}
	}
}

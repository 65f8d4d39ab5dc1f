// Package host runs the plugins: it starts their processes, supervises them and
// makes the calls, so that a bad plugin hurts nobody but its own users.
//
// What is bounded, for each plugin: the time of a start and of a call, the calls
// at once, the size of a message, the memory and the processors, what it prints, how
// often it is started again, and how long its end may take. A plugin gets nothing of
// the server's environment, and everything it answers is checked against its own
// description. What runs is a copy of its program that was verified and sealed. On
// Linux it is confined besides: it reaches no file but those of its own folder, no
// network and no other process. What the running kernel does not allow of that is
// told by [Host.Unenforced].
//
// Several versions of a plugin are kept side by side: one is pinned, the others judge
// what was started with them.
//
// The contract is plugins/checklist; the plugin's side is plugins/sdk. What a
// plugin's words mean for an inspection is not decided here.
package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
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
	Plugins []Plugin       // no version of one twice; the first of each id is pinned
	Logger  zerolog.Logger // default: none
	TempDir string         // parent of the directory with the sockets, at most 30 bytes long; default: the system's

	// Accept is called each time that a pinned version has described itself, before it
	// takes calls, and before a version is pinned. An error keeps it from either: it
	// is started again later, or not pinned. Its time counts into StartTimeout.
	// Default: accepts.
	Accept func(context.Context, Described) error

	CallTimeout   time.Duration // of one call, and of waiting for its turn; default 2 s
	StartTimeout  time.Duration // from the start of a process until it is ready; default 10 s
	IdleTimeout   time.Duration // from the last call of a version that is not pinned until its process ends; default 1 min
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

// Plugin is one version of a plugin.
type Plugin struct {
	ID      string   // the id that its description has to have
	Version string   // that its description has to have; empty: any
	Path    string   // of the program, absolute; empty: the running program itself
	Args    []string // for the program, without its name
	SHA256  string   // that the program must have, in hex; empty: any
	NoTLS   bool     // it speaks plain gRPC; the socket's directory keeps other accounts away

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
	Version   string // of the description; empty until first ready, unless it is the installed one
	Pinned    bool   // new inspections are by its checklists
	Disabled  bool   // the plugin was switched off
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
	cfg Config
	ran atomic.Bool

	mu      sync.Mutex
	plugins map[string]*installed
	ground  *ground       // nil before Run
	ended   bool          // nothing is launched any more
	started chan struct{} // closed when the plugins have been started
	working sync.WaitGroup
	box     atomic.Pointer[sandbox] // nil before Run
}

// ground is what all plugins of a running host stand on.
type ground struct {
	ctx      context.Context // of Run
	dir      string          // of their directories
	box      *sandbox
	programs *programs
	claims   *claims
}

// New makes a host. It starts nothing: that is [Host.Run].
func New(cfg Config) (*Host, error) {
	h := &Host{cfg: cfg.withDefaults(), plugins: map[string]*installed{}, started: make(chan struct{})}
	for _, spec := range cfg.Plugins {
		if err := h.Install(spec); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// Install adds a version of a plugin. The first version of a plugin is pinned, and is
// started when the host runs; any other waits to be pinned or called.
func (h *Host) Install(spec Plugin) error {
	h.mu.Lock()
	p := h.plugins[spec.ID]
	if p == nil && spec.ID != "" {
		p = &installed{id: spec.ID, number: len(h.plugins), host: h}
		h.plugins[spec.ID] = p
	}
	h.mu.Unlock()
	if p == nil || p.find(spec.Version) != nil {
		return fmt.Errorf("host: plugin id %q is empty, or its version %q is installed already", spec.ID, spec.Version)
	}
	v := &version{spec: spec}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.versions = append(p.versions, v)
	if p.pinned == nil {
		p.pinned = v
		v.running = h.launch(p, v)
	}
	return nil
}

// Pin has new inspections of a plugin made by another of its versions. It returns when
// that has happened: as soon as the version is ready and accepted. Until then, and if
// it fails, all stays as it was. Calls in flight end where they began, and inspections
// that were started with the old version are judged by it.
func (h *Host) Pin(ctx context.Context, plugin, version string) error {
	p := h.find(plugin)
	if p == nil {
		return fmt.Errorf("host: %s: %w", plugin, ErrUnknownVersion)
	}
	v := p.find(version)
	if v == nil {
		return fmt.Errorf("host: %s %s: %w", plugin, version, ErrUnknownVersion)
	}
	return p.pin(ctx, v)
}

// Reload starts the pinned version of a plugin anew, from its file as it is now. No
// call fails for that: the old process ends when the new one is ready and accepted,
// and its calls in flight have ended.
func (h *Host) Reload(ctx context.Context, plugin string) error {
	p := h.find(plugin)
	if p == nil {
		return fmt.Errorf("host: %s: %w", plugin, ErrUnknownVersion)
	}
	return p.reload(ctx)
}

// Disable switches a plugin off: its calls in flight end, new ones fail with
// Unavailable.
func (h *Host) Disable(plugin string) error {
	p := h.find(plugin)
	if p == nil {
		return fmt.Errorf("host: %s: %w", plugin, ErrUnknownVersion)
	}
	p.disable()
	return nil
}

// Enable switches a plugin on again.
func (h *Host) Enable(plugin string) error {
	p := h.find(plugin)
	if p == nil {
		return fmt.Errorf("host: %s: %w", plugin, ErrUnknownVersion)
	}
	p.enable()
	return nil
}

// find gives a plugin by its id; nil if there is none.
func (h *Host) find(id string) *installed {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.plugins[id]
}

// launch supervises a process of a version. It gives nil unless the host runs.
func (h *Host) launch(p *installed, v *version) *supervisor {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ground == nil || h.ended {
		return nil
	}
	s := newSupervisor(p, v)
	ctx, end := context.WithCancel(h.ground.ctx)
	s.ground, s.end = h.ground, end
	h.working.Go(func() {
		defer end()
		s.supervise(ctx)
	})
	return s
}

func (cfg Config) withDefaults() Config {
	cfg.CallTimeout = cmp.Or(cfg.CallTimeout, 2*time.Second)
	cfg.StartTimeout = cmp.Or(cfg.StartTimeout, 10*time.Second)
	cfg.IdleTimeout = cmp.Or(cfg.IdleTimeout, time.Minute)
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
	h.mu.Lock()
	h.ground = &ground{ctx: ctx, dir: runDir.path, box: box, programs: newPrograms(), claims: newClaims()}
	h.mu.Unlock()
	for _, p := range h.sorted() {
		p.start()
	}
	close(h.started)
	<-ctx.Done()
	h.mu.Lock()
	h.ended = true
	h.mu.Unlock()
	h.working.Wait()
	return runDir.close()
}

// sorted lists the plugins by id.
func (h *Host) sorted() []*installed {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.SortedFunc(maps.Values(h.plugins), func(a, b *installed) int { return cmp.Compare(a.id, b.id) })
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

// Judge has a plugin judge an inspection by the definition that the inspection was
// started with. The version that describes it so is the one that is called, and is
// started for that if need be; of several it is the pinned one. Its error is an
// *[Error], or ctx's own when the caller's ctx ends first.
func (h *Host) Judge(ctx context.Context, plugin string, definition checklist.Definition, in checklist.Inspection) (checklist.Judgement, error) {
	p := h.find(plugin)
	if p == nil {
		return checklist.Judgement{}, &Error{Kind: Unavailable, Plugin: plugin, Reason: "is not installed"}
	}
	return p.judge(ctx, definition, in)
}

// Described gives the description of a plugin's pinned version, when it takes calls.
func (h *Host) Described(plugin string) (Described, bool) {
	if p := h.find(plugin); p != nil {
		if _, s := p.current(); s != nil {
			if session := s.session.Load(); session != nil {
				return session.described, true
			}
		}
	}
	return Described{}, false
}

// States lists the pinned versions of all plugins by id.
func (h *Host) States() []State {
	var pinned []State
	for _, p := range h.sorted() {
		for _, state := range p.states() {
			if state.Pinned {
				pinned = append(pinned, state)
			}
		}
	}
	return pinned
}

// Versions lists the versions of a plugin in the order of their installation.
func (h *Host) Versions(plugin string) []State {
	if p := h.find(plugin); p != nil {
		return p.states()
	}
	return nil
}

// WaitReady returns when the pinned versions of all plugins that are not switched off
// are ready at once. When ctx ends earlier its error names those that are not.
func (h *Host) WaitReady(ctx context.Context) error {
	for {
		var waiting []string
		var change <-chan struct{}
		for _, p := range h.sorted() {
			if ready, next := p.ready(); !ready {
				waiting, change = append(waiting, p.id), next
			}
		}
		if len(waiting) == 0 {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			return fmt.Errorf("plugins %v are not ready: %w", waiting, ctx.Err())
		}
	}
}

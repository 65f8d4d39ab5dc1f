package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	goplugin "github.com/hashicorp/go-plugin"

	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// killGrace is how long a killed process is waited for. Only one that the kernel
// cannot interrupt takes longer.
const killGrace = time.Second

// exitGrace is how long a process is given to end after its start failed.
const exitGrace = 100 * time.Millisecond

// session is one process of a plugin, from its start to its end.
type session struct {
	run    int
	plugin *supervisor
	kill   context.CancelFunc // ends the process at once, whatever it is doing

	stopping chan struct{}   // closed when the process shall end gently
	released chan struct{}   // closed when nothing is left of the session
	live     context.Context // ends when no call can be answered any more

	// Set by the start, and read by others once the session is ready.
	process     *process
	took        time.Duration // from the start until ready
	client      *sdk.Client
	described   Described
	definitions *definitions
}

// startError is a failed start whose reason is known.
type startError struct {
	reason string // for people, with nothing of the inside
	err    error
}

func (e *startError) Error() string { return e.reason + ": " + e.err.Error() }
func (e *startError) Unwrap() error { return e.err }

// serve is the life of a session until ctx is cancelled, which kills the
// process. It reports up at most once and down exactly once.
func (s *session) serve(ctx context.Context, before *session) {
	defer close(s.released)
	defer s.kill()
	if before != nil {
		<-before.released
	}
	connection, err := s.start(ctx)
	if err != nil {
		s.plugin.send(event{kind: down, run: s.run, reason: s.startFailure(err), cause: err})
	} else {
		s.open()
		s.plugin.send(event{kind: up, run: s.run})
		s.watch()
		s.plugin.session.Store(nil)
		s.plugin.send(event{kind: down, run: s.run, reason: s.process.ending()})
	}
	s.plugin.process.Store(nil)
	s.release(connection)
}

// open lets calls in, until the process has ended or shall end.
func (s *session) open() {
	live, end := context.WithCancel(context.Background())
	s.live = live
	go func() {
		defer end()
		select {
		case <-s.process.exited:
		case <-s.stopping:
		}
	}()
	s.plugin.session.Store(s)
}

// release frees what the process leaves behind.
func (s *session) release(connection *goplugin.Client) {
	if s.process == nil {
		return
	}
	free := func() {
		<-s.process.cleared
		if connection != nil {
			connection.Kill() // the process has gone: this closes the connection only
		}
		_ = os.RemoveAll(s.process.room.dir) // what is left is removed by the next host
	}
	if s.process.hasExited() {
		free()
	} else {
		go free() // the kernel holds the process; nothing else shall wait for it
	}
}

// start runs the program and has it describe itself. On failure the process is
// dead. The connection may be there nevertheless; it needs Kill.
func (s *session) start(ctx context.Context) (*goplugin.Client, error) {
	spec, cfg := s.plugin.spec, s.plugin.cfg
	dir, err := os.MkdirTemp(s.plugin.ground.dir, "")
	if err != nil {
		return nil, &startError{"could not be given a directory", err}
	}
	prog, err := s.plugin.ground.programs.prepare(spec, dir)
	if err != nil {
		_ = os.RemoveAll(dir) // empty, or with an incomplete copy
		if errors.Is(err, errChecksum) {
			return nil, &startError{"is not the registered program: its sha256 differs", err}
		}
		return nil, &startError{"has no program that can be read", err}
	}
	defer prog.close()
	room := room{program: prog, dir: dir, readOnly: spec.ReadOnly, memory: cfg.MemoryLimit, half: s.plugin.plugin.number}
	if err := s.plugin.ground.box.furnish(&room); err != nil {
		_ = os.RemoveAll(dir) // empty
		return nil, &startError{"could not be given a directory", err}
	}
	s.process = newProcess(spec, room, s.plugin.ground.box, newOutput(s.plugin.logger, &s.plugin.version.tally.dropped))
	s.plugin.process.Store(s.process)
	context.AfterFunc(ctx, s.process.kill)

	began := time.Now()
	starting, cancel := context.WithTimeout(ctx, cfg.StartTimeout)
	defer cancel()
	keep := context.AfterFunc(starting, s.process.kill)
	connection, err := connect(starting, s.process, spec, cfg.StartTimeout)
	if err == nil {
		err = s.describe(starting, connection, prog.sha256)
		s.took = time.Since(began)
	}
	if !keep() {
		err = &startError{fmt.Sprintf("was not ready within %v", cfg.StartTimeout), errors.Join(err, starting.Err())}
	}
	if err != nil {
		err = s.abandon(err)
	}
	return connection, err
}

// abandon kills a process whose start failed. One that ends by itself is waited
// for a moment, because how it ended tells more than the failure that followed.
func (s *session) abandon(err error) error {
	known := errors.As(err, new(*startError))
	if !known {
		select {
		case <-s.process.exited:
		case <-time.After(exitGrace):
		}
	}
	s.process.kill()
	<-s.process.exited
	if !known && s.process.endedByItself() {
		return &startError{s.process.ending() + " before it was ready", err}
	}
	return err
}

// startFailure says for people why the session could not be started.
func (s *session) startFailure(err error) string {
	known := new(startError)
	switch {
	case s.process != nil && s.process.garbled.Load():
		return "printed something before its handshake"
	case errors.As(err, &known):
		return known.reason
	default:
		return "could not be connected to"
	}
}

// describe asks the plugin what it is, checks the answer and has the server
// accept it.
func (s *session) describe(ctx context.Context, connection *goplugin.Client, sha256 string) error {
	client, err := sdk.Dispense(connection)
	if err != nil {
		return err
	}
	description, err := client.Describe(ctx)
	if err != nil {
		return &startError{"could not describe itself", err}
	}
	if err := sdk.Validate(description); err != nil {
		return &startError{"has an invalid description", err}
	}
	if id := s.plugin.spec.ID; description.Plugin != id {
		return &startError{"describes itself as another plugin", fmt.Errorf("as %q, not %q", description.Plugin, id)}
	}
	if version := s.plugin.spec.Version; version != "" && description.Version != version {
		return &startError{"describes itself as another version", fmt.Errorf("as %q, not %q", description.Version, version)}
	}
	if err := s.plugin.ground.claims.claim(description); err != nil {
		return &startError{"describes a checklist that belongs to another plugin", err}
	}
	described := Described{SHA256: sha256, Description: description}
	if pinned, _ := s.plugin.plugin.current(); pinned == s.plugin.version {
		if err := s.plugin.cfg.Accept(ctx, described); err != nil {
			return &startError{"was not accepted by the server", err}
		}
	}
	s.client, s.described = client, described
	s.definitions, err = freeze(description.Checklists)
	s.plugin.version.known.Store(s.definitions)
	return err
}

// watch checks the process until it has ended, and ends it when asked to.
func (s *session) watch() {
	ticker := time.NewTicker(s.plugin.cfg.CheckInterval)
	defer ticker.Stop()
	usage := usage{at: time.Now(), cpu: cpuTime(s.process.pid())}
	for {
		select {
		case <-s.process.exited:
			return
		case <-s.stopping:
			s.stop()
			return
		case <-ticker.C:
			s.check(&usage)
		}
	}
}

// check looks at what the plugin uses and asks for its health.
func (s *session) check(usage *usage) {
	cfg, greed := s.plugin.cfg, ""
	if residentBytes(s.process.pid()) > cfg.MemoryLimit {
		greed = fmt.Sprintf("held more than %d MiB of memory", cfg.MemoryLimit>>20)
	}
	if usage.look(time.Now(), cpuTime(s.process.pid()), cfg.CPULimit) {
		greed = fmt.Sprintf("kept more than %.2f processors busy", cfg.CPULimit)
	}
	if greed != "" {
		s.plugin.send(event{kind: greedy, run: s.run, reason: greed})
		return
	}
	ctx, cancel := s.callContext(context.Background(), cfg.CallTimeout)
	defer cancel()
	switch err := s.client.Alive(ctx); {
	case err == nil:
		s.plugin.send(event{kind: alive, run: s.run})
	case !s.over():
		s.plugin.send(event{kind: silent, run: s.run})
	}
}

// stop asks the process to end and kills it when it doesn't.
func (s *session) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), s.plugin.cfg.StopTimeout)
	defer cancel()
	_ = s.client.Shutdown(ctx) // the plugin may be gone before it has answered
	select {
	case <-s.process.exited:
		return
	case <-ctx.Done():
	}
	s.process.kill()
	select {
	case <-s.process.exited:
	case <-time.After(killGrace):
	}
}

// over reports whether the session takes no more calls.
func (s *session) over() bool {
	select {
	case <-s.stopping:
		return true
	default:
		return s.process.hasExited()
	}
}

// callContext gives a context for one call, which ends with the session too.
func (s *session) callContext(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	unhook := context.AfterFunc(s.live, cancel)
	return ctx, func() { unhook(); cancel() }
}

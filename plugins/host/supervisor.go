package host

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// supervisor is the shell around one plugin's machine: it feeds the machine with
// what happens and does what the machine says.
type supervisor struct {
	spec     Plugin
	number   int // of the host's plugins
	cfg      Config
	logger   zerolog.Logger
	programs *programs
	claims   *claims
	runDir   string
	box      *sandbox

	events chan event
	ended  chan struct{} // closed when no event is read any more
	slots  chan struct{} // one for each call in flight

	session atomic.Pointer[session] // the one that takes calls
	process atomic.Pointer[process] // the one that runs
	dropped dropped

	mu       sync.Mutex
	state    machine
	version  string // of the last session that was ready
	sha256   string
	took     time.Duration // its start
	tally    tally
	newState chan struct{} // closed and replaced at each change of state
}

// tally counts the calls of a plugin.
type tally struct {
	calls, failures uint64
	time            time.Duration
}

func newSupervisor(spec Plugin, number int, cfg Config, programs *programs, claims *claims) *supervisor {
	return &supervisor{
		spec: spec, number: number, cfg: cfg, programs: programs, claims: claims,
		logger:   cfg.Logger.With().Str("plugin", spec.ID).Logger(),
		events:   make(chan event, 16),
		ended:    make(chan struct{}),
		slots:    make(chan struct{}, cfg.MaxConcurrent),
		state:    machine{status: Stopped, since: cfg.Now()},
		newState: make(chan struct{}),
	}
}

// supervise runs the plugin until ctx is cancelled and nothing is left of it.
func (s *supervisor) supervise(ctx context.Context, runDir string, box *sandbox) {
	s.runDir, s.box = runDir, box
	policy := s.cfg.policy()
	timer := time.NewTimer(0)
	timer.Stop() // nothing is due yet
	ending := ctx.Done()
	var current *session
	e := event{kind: begin}
	for {
		e.at = s.cfg.Now()
		state, effects := policy.next(s.snapshot(), e)
		s.publish(state, e, effects)
		for _, effect := range effects {
			switch effect.kind {
			case start:
				current = s.begin(context.WithoutCancel(ctx), state.run, current)
			case kill:
				current.kill()
			case stop:
				close(current.stopping)
			case pause:
				timer.Reset(effect.delay)
			case done:
				close(s.ended)
				<-current.released
				return
			}
		}
		select {
		case <-ending:
			ending, e = nil, event{kind: end}
		case <-timer.C:
			e = event{kind: due}
		case e = <-s.events:
		}
	}
}

// begin starts a session once the one before has been cleared away.
func (s *supervisor) begin(ctx context.Context, run int, before *session) *session {
	ctx, kill := context.WithCancel(ctx)
	next := &session{
		run: run, plugin: s, kill: kill,
		stopping: make(chan struct{}), released: make(chan struct{}),
	}
	go next.serve(ctx, before)
	return next
}

// send reports an event, unless nobody listens any more.
func (s *supervisor) send(e event) {
	select {
	case s.events <- e:
	case <-s.ended:
	}
}

func (s *supervisor) snapshot() machine {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// publish makes a new state visible and logs it when it matters.
func (s *supervisor) publish(state machine, e event, effects []effect) {
	s.mu.Lock()
	changed := state.status != s.state.status
	s.state = state
	if ready := s.session.Load(); ready != nil && e.kind == up {
		s.version, s.sha256, s.took = ready.described.Description.Version, ready.described.SHA256, ready.took
	}
	version, sha256 := s.version, s.sha256
	if changed {
		close(s.newState)
		s.newState = make(chan struct{})
	}
	s.mu.Unlock()
	switch {
	case !changed:
	case state.status == Ready && e.kind == up:
		s.logger.Info().Str("version", version).Str("sha256", sha256).Int("pid", s.pid()).Msg("A plugin is ready.")
	case state.status == Degraded:
		s.logger.Warn().Msg("A plugin did not answer in time.")
	case state.status == Waiting:
		s.logger.Warn().Err(e.cause).Str("reason", state.lastError).Dur("pause", effects[0].delay).Msg("A plugin failed and is started again after a pause.")
	case state.status == Quarantined:
		s.logger.Error().Err(e.cause).Str("reason", state.lastError).Dur("pause", effects[0].delay).Msg("A plugin failed too often and is quarantined.")
	}
}

func (s *supervisor) pid() int {
	if p := s.process.Load(); p != nil {
		return p.pid()
	}
	return 0
}

// judge makes one call. What it returns is an *[Error], or ctx's own error.
func (s *supervisor) judge(ctx context.Context, def checklist.Definition, in checklist.Inspection) (checklist.Judgement, error) {
	session := s.session.Load()
	if session == nil {
		return checklist.Judgement{}, s.unavailable("is not running", nil)
	}
	if in.Checklist != def.ID || !session.describes(def) {
		return checklist.Judgement{}, &Error{Kind: UnknownDefinition, Plugin: s.spec.ID, Reason: "does not have this checklist, or not any more"}
	}
	if err := s.acquire(ctx, session); err != nil {
		return checklist.Judgement{}, err
	}
	defer func() { <-s.slots }()

	calling, cancel := session.callContext(ctx, s.cfg.CallTimeout)
	defer cancel()
	began := s.cfg.Now()
	judgement, err := session.client.Judge(calling, in)
	took := s.cfg.Now().Sub(began)
	if err = checkAnswer(def, in, judgement, err); err == nil {
		s.answered(session, took)
		return judgement, nil
	}
	return checklist.Judgement{}, s.failed(ctx, calling, session, took, err)
}

// acquire waits for a free slot.
func (s *supervisor) acquire(ctx context.Context, session *session) error {
	select {
	case s.slots <- struct{}{}:
		return nil
	default:
	}
	waiting, cancel := session.callContext(ctx, s.cfg.CallTimeout)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
		return nil
	case <-waiting.Done():
	}
	switch {
	case session.over():
		return s.unavailable("has just ended", nil)
	case ctx.Err() != nil:
		return ctx.Err()
	default:
		return s.unavailable("is too busy", nil)
	}
}

// failed tells who is to blame for a call and counts it.
func (s *supervisor) failed(ctx, calling context.Context, session *session, took time.Duration, err error) error {
	failure := callError(s.spec.ID, err)
	switch {
	case failure.Kind == InputRejected:
		s.answered(session, took)
		return failure
	case session.over():
		failure = s.unavailable("ended during the call", err)
	case ctx.Err() != nil || failure.Kind == Timeout && hasty(ctx, calling):
		// The caller's own deadline or farewell says nothing about the plugin.
		return cmp.Or(ctx.Err(), context.DeadlineExceeded)
	case failure.Kind == Timeout || errors.Is(calling.Err(), context.DeadlineExceeded):
		failure = &Error{Kind: Timeout, Plugin: s.spec.ID, Reason: "did not answer in time", cause: err}
		s.send(event{kind: unanswered, run: session.run})
	case failure.Kind != Unavailable:
		s.recovered(session)
	}
	s.count(took, 1)
	return failure
}

// hasty reports whether the deadline of a call was its caller's. The plugin's side
// of the connection may notice the deadline first.
func hasty(caller, calling context.Context) bool {
	theirs, limited := caller.Deadline()
	ours, _ := calling.Deadline()
	return limited && theirs.Equal(ours)
}

func (s *supervisor) answered(session *session, took time.Duration) {
	s.recovered(session)
	s.count(took, 0)
}

// recovered reports an answer to a machine that is waiting for one.
func (s *supervisor) recovered(session *session) {
	if s.snapshot().missedCalls > 0 {
		s.send(event{kind: answered, run: session.run})
	}
}

func (s *supervisor) count(took time.Duration, failures uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally.calls++
	s.tally.failures += failures
	s.tally.time += took
}

func (s *supervisor) unavailable(reason string, cause error) *Error {
	return &Error{Kind: Unavailable, Plugin: s.spec.ID, Reason: reason, cause: cause}
}

// current is the plugin's state as the outside sees it.
func (s *supervisor) current() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return State{
		ID: s.spec.ID, Version: s.version, SHA256: s.sha256,
		Status: s.state.status, Since: s.state.since, PID: s.pid(),
		Restarts: max(0, s.state.run-1), StartTime: s.took, LastError: s.state.lastError,
		Calls: s.tally.calls, Failures: s.tally.failures, CallTime: s.tally.time,
		DroppedLines: s.dropped.lines.Load(), DroppedBytes: s.dropped.bytes.Load(),
	}
}

// ready reports whether the plugin takes calls, and what is closed when its
// status changes.
func (s *supervisor) ready() (bool, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.status == Ready || s.state.status == Degraded, s.newState
}

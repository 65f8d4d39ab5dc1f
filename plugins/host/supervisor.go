package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// supervisor is the shell around the machine of one version of a plugin: it feeds the
// machine with what happens and does what the machine says.
type supervisor struct {
	spec    Plugin
	plugin  *installed
	version *version
	cfg     Config
	logger  zerolog.Logger
	ground  *ground
	end     context.CancelFunc // ends the supervision

	users int // calls in flight and others that need it; guarded by the plugin's mutex

	events chan event
	ended  chan struct{} // closed when no event is read any more
	slots  chan struct{} // one for each call in flight

	session atomic.Pointer[session] // the one that takes calls
	process atomic.Pointer[process] // the one that runs

	mu       sync.Mutex
	state    machine
	last     last
	newState chan struct{} // closed and replaced at each change of state
}

// last is what the last session that was ready is known by.
type last struct {
	version, sha256 string
	took            time.Duration // its start
}

// tally counts the calls of a version, and what it printed in vain.
type tally struct {
	calls, failures atomic.Uint64
	time            atomic.Int64 // in nanoseconds
	dropped         dropped
}

func (t *tally) read() (calls, failures uint64, took time.Duration) {
	return t.calls.Load(), t.failures.Load(), time.Duration(t.time.Load())
}

func newSupervisor(plugin *installed, v *version) *supervisor {
	cfg := plugin.host.cfg
	return &supervisor{
		spec: v.spec, plugin: plugin, version: v, cfg: cfg,
		logger:   cfg.Logger.With().Str("plugin", v.spec.ID).Logger(),
		events:   make(chan event, 16),
		ended:    make(chan struct{}),
		slots:    make(chan struct{}, cfg.MaxConcurrent),
		state:    machine{status: Stopped, since: cfg.Now()},
		newState: make(chan struct{}),
	}
}

// supervise runs the plugin until ctx is cancelled and nothing is left of it.
func (s *supervisor) supervise(ctx context.Context) {
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
		s.last = last{ready.described.Description.Version, ready.described.SHA256, ready.took}
	}
	last := s.last
	if changed {
		close(s.newState)
		s.newState = make(chan struct{})
	}
	s.mu.Unlock()
	switch {
	case !changed:
	case state.status == Ready && e.kind == up:
		s.logger.Info().Str("version", last.version).Str("sha256", last.sha256).Int("pid", s.pid()).Msg("A plugin is ready.")
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

// judgeWhenReady makes one call, when the first start has had its time.
func (s *supervisor) judgeWhenReady(ctx context.Context, known *definitions, def checklist.Definition, in checklist.Inspection) (checklist.Judgement, error) {
	if s.session.Load() == nil && s.snapshot().run <= 1 {
		waiting, cancel := context.WithTimeout(ctx, s.cfg.CallTimeout)
		defer cancel()
		if err := s.waitReady(waiting); err != nil && ctx.Err() != nil {
			return checklist.Judgement{}, ctx.Err()
		}
	}
	return s.judge(ctx, known, def, in)
}

// judge makes one call. known are definitions that have def, for comparing it takes
// time. What it returns is an *[Error], or ctx's own error.
func (s *supervisor) judge(ctx context.Context, known *definitions, def checklist.Definition, in checklist.Inspection) (checklist.Judgement, error) {
	session := s.session.Load()
	if session == nil {
		return checklist.Judgement{}, s.unavailable("is not running", nil)
	}
	if in.Checklist != def.ID || session.definitions != known && !session.definitions.have(def) {
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
	t := &s.version.tally
	t.calls.Add(1)
	t.failures.Add(failures)
	t.time.Add(int64(took))
}

func (s *supervisor) unavailable(reason string, cause error) *Error {
	return &Error{Kind: Unavailable, Plugin: s.spec.ID, Reason: reason, cause: cause}
}

// current is what is known of the process; the rest is the version's.
func (s *supervisor) current() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return State{
		ID: s.spec.ID, Version: cmp.Or(s.last.version, s.spec.Version), SHA256: s.last.sha256,
		Status: s.state.status, Since: s.state.since, PID: s.pid(),
		Restarts: max(0, s.state.run-1), StartTime: s.last.took, LastError: s.state.lastError,
	}
}

// ready reports whether the plugin takes calls, and what is closed when its
// status changes.
func (s *supervisor) ready() (bool, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.status == Ready || s.state.status == Degraded, s.newState
}

// waitReady returns when the plugin takes calls, or with an error when ctx ends
// earlier or a start fails.
func (s *supervisor) waitReady(ctx context.Context) error {
	for {
		ready, change := s.ready()
		if state := s.snapshot(); !ready && state.lastError != "" {
			return fmt.Errorf("it %s", state.lastError)
		}
		if ready {
			return nil
		}
		select {
		case <-change:
		case <-s.ended:
			return errEnded
		case <-ctx.Done():
			return fmt.Errorf("it is not ready: %w", ctx.Err())
		}
	}
}

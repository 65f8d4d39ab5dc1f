package host

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// ErrUnknownVersion is a plugin or a version of it that the host was not given.
var ErrUnknownVersion = errors.New("no such version of a plugin is installed")

// version is one version of a plugin: its program, and its process while one runs.
type version struct {
	spec  Plugin
	tally tally
	known atomic.Pointer[definitions] // nil until it has described itself

	// Guarded by the plugin's mutex.
	running *supervisor // the one that new calls go to; nil: none
	idle    *time.Timer // ends it; nil: it is used, or pinned
}

// installed is one plugin with its versions. One of them is pinned: it runs all the
// time, and new inspections are by its checklists. The others run while they are
// called, for inspections that were started with theirs.
type installed struct {
	id     string
	number int // of the host's plugins
	host   *Host

	changing sync.Mutex // held by whoever pins, reloads, disables or enables

	mu       sync.Mutex
	versions []*version
	pinned   *version
	disabled bool
}

// find gives a version by its name; nil if there is none.
func (p *installed) find(name string) *version {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, v := range p.versions {
		if v.spec.Version == name {
			return v
		}
	}
	return nil
}

// current gives the pinned version and its process, if it runs.
func (p *installed) current() (*version, *supervisor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pinned, p.pinned.running
}

// lease starts a version unless it runs, and keeps it from being ended until release
// is called, however idle or replaced it is. It gives nil when the plugin may not
// run.
func (p *installed) lease(v *version) (_ *supervisor, release func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.disabled {
		return nil, nil
	}
	if v.running == nil {
		if v.running = p.host.launch(p, v); v.running == nil {
			return nil, nil
		}
	}
	return v.running, p.hold(v, v.running)
}

// hold counts a user of a process. The caller holds the mutex.
func (p *installed) hold(v *version, s *supervisor) (release func()) {
	s.users++
	if v.idle != nil {
		v.idle.Stop()
		v.idle = nil
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		s.users--
		p.settle(v, s)
	}
}

// settle ends a process that nobody uses any more: one that was replaced at once, one
// that is not pinned after a while. The caller holds the mutex.
func (p *installed) settle(v *version, s *supervisor) {
	switch {
	case s.users > 0:
	case v.running != s || p.disabled:
		s.end()
	case v != p.pinned && v.idle == nil:
		v.idle = time.AfterFunc(p.host.cfg.IdleTimeout, func() { p.retire(v, s) })
	}
}

// retire ends a process that has been idle for long enough.
func (p *installed) retire(v *version, s *supervisor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.users > 0 || v == p.pinned || v.running != s {
		return // it was needed in the last moment
	}
	v.running, v.idle = nil, nil
	s.end()
}

// candidates lists the versions that may have a definition: one that is known to have
// it, the pinned one before others; or all that have never told what they have, the
// pinned one first. With them come the definitions that have it, if they are known.
func (p *installed) candidates(def checklist.Definition) ([]*version, *definitions) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.pinned.known.Load(); known.have(def) {
		return []*version{p.pinned}, known
	}
	var untold []*version
	for _, v := range p.versions {
		switch known := v.known.Load(); {
		case known == nil && v == p.pinned:
			untold = append([]*version{v}, untold...)
		case known == nil:
			untold = append(untold, v)
		case known.have(def):
			return []*version{v}, known
		}
	}
	return untold, nil
}

// judge has the version judge that has the definition.
func (p *installed) judge(ctx context.Context, def checklist.Definition, in checklist.Inspection) (checklist.Judgement, error) {
	candidates, known := p.candidates(def)
	for _, v := range candidates {
		s, release := p.lease(v)
		if s == nil {
			return checklist.Judgement{}, &Error{Kind: Unavailable, Plugin: p.id, Reason: "is not running"}
		}
		judgement, err := s.judgeWhenReady(ctx, known, def, in)
		release()
		if failure := new(Error); !errors.As(err, &failure) || failure.Kind != UnknownDefinition {
			return judgement, err
		}
	}
	return checklist.Judgement{}, &Error{Kind: UnknownDefinition, Plugin: p.id, Reason: "does not have this checklist, or not any more"}
}

// pin makes a version the pinned one, once it is ready and the server accepts it.
func (p *installed) pin(ctx context.Context, v *version) error {
	p.changing.Lock()
	defer p.changing.Unlock()
	s, release := p.lease(v)
	if s == nil {
		return fmt.Errorf("host: pin version %s of %s: %w", v.spec.Version, p.id, errNotRunning)
	}
	defer release()
	if err := s.waitReady(ctx); err != nil {
		return fmt.Errorf("host: pin version %s of %s: %w", v.spec.Version, p.id, err)
	}
	session := s.session.Load()
	if session == nil {
		return fmt.Errorf("host: pin version %s of %s: %w", v.spec.Version, p.id, errEnded)
	}
	if err := p.host.cfg.Accept(ctx, session.described); err != nil {
		return fmt.Errorf("host: pin version %s of %s: %w", v.spec.Version, p.id, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.pinned
	p.pinned = v
	if before.running != nil {
		p.settle(before, before.running)
	}
	return nil
}

var (
	errEnded      = errors.New("it has just ended")
	errNotRunning = errors.New("it is switched off, or the host doesn't run")
)

// reload replaces the process of the pinned version by another of its own.
func (p *installed) reload(ctx context.Context) error {
	p.changing.Lock()
	defer p.changing.Unlock()
	v, before := p.current()
	if before == nil {
		return fmt.Errorf("host: reload %s: %w", p.id, errNotRunning)
	}
	next := p.host.launch(p, v)
	if next == nil {
		return fmt.Errorf("host: reload %s: %w", p.id, errNotRunning)
	}
	if err := next.waitReady(ctx); err != nil {
		next.end()
		return fmt.Errorf("host: reload %s: %w", p.id, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	v.running = next
	p.settle(v, before)
	return nil
}

// disable ends all processes once the calls in flight have ended.
func (p *installed) disable() {
	p.changing.Lock()
	defer p.changing.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.disabled = true
	for _, v := range p.versions {
		if s := v.running; s != nil {
			v.running = nil
			p.settle(v, s)
		}
	}
}

// enable lets the plugin run again.
func (p *installed) enable() {
	p.changing.Lock()
	defer p.changing.Unlock()
	p.mu.Lock()
	p.disabled = false
	p.mu.Unlock()
	p.start()
}

// start starts the pinned version unless it runs or may not.
func (p *installed) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pinned != nil && p.pinned.running == nil && !p.disabled {
		p.pinned.running = p.host.launch(p, p.pinned)
	}
}

// ready reports whether the pinned version takes calls, or need not; and what is
// closed when that may have changed.
func (p *installed) ready() (bool, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.disabled:
		return true, nil
	case p.pinned != nil && p.pinned.running != nil:
		return p.pinned.running.ready()
	}
	select {
	case <-p.host.started:
		return false, nil // the host has ended
	default:
		return false, p.host.started
	}
}

// states lists the versions in the order of their installation.
func (p *installed) states() []State {
	p.mu.Lock()
	defer p.mu.Unlock()
	states := make([]State, len(p.versions))
	for i, v := range p.versions {
		states[i] = State{ID: p.id, Version: v.spec.Version, Status: Stopped}
		if v.running != nil {
			states[i] = v.running.current()
		}
		states[i].Pinned, states[i].Disabled = v == p.pinned, p.disabled
		states[i].Calls, states[i].Failures, states[i].CallTime = v.tally.read()
		states[i].DroppedLines, states[i].DroppedBytes = v.tally.dropped.lines.Load(), v.tally.dropped.bytes.Load()
	}
	return states
}

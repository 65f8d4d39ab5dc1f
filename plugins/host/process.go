package host

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-plugin"
)

// drainGrace is how long the last words of a process that has ended are waited
// for. Only a descendant that left the process group can hold them back.
const drainGrace = 250 * time.Millisecond

// maxHandshake bounds the line that a plugin announces its socket with, in bytes.
const maxHandshake = 16 << 10

var errKilled = errors.New("killed before it was started")

// process is one run of a plugin's program, as go-plugin wants to see it
// (runner.Runner). It differs from go-plugin's own in that its end is noticed by
// waiting for the process and not for its pipes, that a kill reaches the whole
// group, and that nothing the plugin prints reaches go-plugin but the handshake.
type process struct {
	name string
	args []string
	room room // its dir is the working directory and the place of the socket
	box  *sandbox
	out  *output

	handshake firstLine
	exited    chan struct{} // closed when the process has ended, or will never be started
	cleared   chan struct{} // closed when its output has been read, too
	drained   sync.WaitGroup
	garbled   atomic.Bool // the first line of stdout was no handshake

	mu     sync.Mutex
	cmd    *exec.Cmd // nil until started
	killed bool      // kill was called
	reaped bool
	felled bool   // the kill is what ended it
	result string // how it ended, for people
}

func newProcess(spec Plugin, room room, box *sandbox, out *output) *process {
	return &process{
		name: spec.ID, args: spec.Args, room: room, box: box, out: out,
		handshake: firstLine{there: make(chan struct{})},
		exited:    make(chan struct{}), cleared: make(chan struct{}),
	}
}

// launch starts the program with nothing in its environment but env, and its own
// directory for the socket in place of go-plugin's, which belongs to the server.
func (p *process) launch(env []string) error {
	env = append(slices.Clone(env), plugin.EnvUnixSocketDir+"="+p.room.dir) // of two, os/exec takes the last
	outR, outW, err := os.Pipe()
	if err != nil {
		return err
	}
	errR, errW, err := os.Pipe()
	if err != nil {
		return errors.Join(err, outR.Close(), outW.Close())
	}
	cmd := &exec.Cmd{
		Args: append([]string{p.name}, p.args...), Env: env, Dir: p.room.dir,
		Stdout: outW, Stderr: errW,
	}
	err = p.fork(cmd)
	err = errors.Join(err, outW.Close(), errW.Close())
	if err != nil {
		p.kill()
		return &startError{"could not be started", errors.Join(err, outR.Close(), errR.Close())}
	}
	p.drained.Go(func() { p.drainStdout(bufio.NewReaderSize(outR, maxHandshake)) })
	p.drained.Go(func() { p.out.drain("stderr", bufio.NewReaderSize(errR, maxLine)) })
	go p.wait(outR, errR)
	return nil
}

// fork starts the process unless it was killed before.
func (p *process) fork(cmd *exec.Cmd) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.killed {
		return errKilled
	}
	if err := p.box.start(cmd, p.room, p.exited); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

// wait sees the process off: it leaves no zombie, no descendant and no pipe.
func (p *process) wait(pipes ...*os.File) {
	awaitExit(p.cmd.Process)
	p.mu.Lock()
	killGroup(p.cmd.Process) // what the process started; its id is still taken
	err := p.cmd.Wait()
	p.reaped = true
	p.felled = p.killed && p.cmd.ProcessState.ExitCode() < 0 // by a signal
	p.result = "ended by itself"
	if err != nil {
		p.result = "ended with " + err.Error() // such as "exit status 2", "signal: killed"
	}
	p.mu.Unlock()
	close(p.exited)

	drained := make(chan struct{})
	go func() { p.drained.Wait(); close(drained) }()
	select {
	case <-drained:
	case <-time.After(drainGrace):
	}
	for _, pipe := range pipes {
		_ = pipe.Close() // a pipe that was read from: nothing can be lost
	}
	<-drained
	p.out.flush()
	close(p.cleared)
}

// kill ends the process and its group at once. Before the start it prevents it.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.cmd != nil && !p.reaped:
		killGroup(p.cmd.Process)
	case p.cmd == nil && !p.killed:
		p.result = "was not started"
		close(p.exited)
		close(p.cleared)
	}
	p.killed = true
}

func (p *process) hasExited() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// pid is 0 before the start and after the end.
func (p *process) pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil || p.reaped {
		return 0
	}
	return p.cmd.Process.Pid
}

// ending says how the process ended.
func (p *process) ending() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.result
}

// endedByItself reports whether the process has ended, and not by kill.
func (p *process) endedByItself() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reaped && !p.felled
}

// drainStdout hands the first line to go-plugin and the others to the log.
func (p *process) drainStdout(r *bufio.Reader) {
	line, _ := r.ReadSlice('\n')
	p.garbled.Store(len(line) > 0 && !handshakeForm.Match(line))
	p.handshake.put(line)
	p.out.drain("stdout", r)
}

var handshakeForm = regexp.MustCompile(`^\d+\|\d+\|\w+\|`)

// firstLine is a reader of one line that is put in later.
type firstLine struct {
	there chan struct{}
	line  bytes.Reader
}

func (f *firstLine) put(line []byte) {
	f.line.Reset(bytes.Clone(line))
	close(f.there)
}

// Read waits for the line.
func (f *firstLine) Read(b []byte) (int, error) {
	<-f.there
	return f.line.Read(b)
}

// runner is a process with the methods that go-plugin asks for.
type runner struct {
	*process
	env []string
}

func (r runner) Start(context.Context) error     { return r.launch(r.env) }
func (r runner) Wait(context.Context) error      { <-r.exited; return nil }
func (r runner) Kill(context.Context) error      { r.kill(); return nil }
func (r runner) Diagnose(context.Context) string { return "" }
func (r runner) Stdout() io.ReadCloser           { return io.NopCloser(&r.handshake) }
func (r runner) Stderr() io.ReadCloser           { return io.NopCloser(strings.NewReader("")) }
func (r runner) Name() string                    { return r.name }
func (r runner) ID() string                      { return strconv.Itoa(r.pid()) }

// PluginToHost accepts nothing but a socket in the process's own directory.
func (r runner) PluginToHost(network, address string) (string, string, error) {
	if network != "unix" || !strings.HasPrefix(filepath.Clean(address), r.room.dir+string(filepath.Separator)) {
		return "", "", fmt.Errorf("listens on %s %s, not on a socket in its directory", network, address)
	}
	return network, address, nil
}

// HostToPlugin changes nothing: both see the same files.
func (r runner) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

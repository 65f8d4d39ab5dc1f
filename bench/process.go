package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// buildServer builds the server as it stands into a folder.
func buildServer(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "server")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/seed-34fcb60d/rounds/server").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the server: %w\n%s", err, out)
	}
	return binary, nil
}

// process is a server or floor that is running.
type process struct {
	cmd   *exec.Cmd
	stdin io.Closer // closed for a floor to end
	addr  string    // host and port
	pid   int
}

var printedAddress = regexp.MustCompile(`http://([0-9.]+:[0-9]+)`)

// startProcess starts a program that prints where it listens. It is stopped by
// SIGTERM when ctx ends.
func startProcess(ctx context.Context, program string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 15 * time.Second
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, stdin: stdin, pid: cmd.Process.Pid}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if found := printedAddress.FindStringSubmatch(lines.Text()); found != nil {
			p.addr = found[1]
			return p, nil
		}
	}
	return nil, fmt.Errorf("%s ended before it served: %w", filepath.Base(program), errors.Join(lines.Err(), p.stop()))
}

// stop asks the process to end and waits for it.
func (p *process) stop() error {
	_ = p.stdin.Close()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return p.cmd.Wait()
}

// resetPeak makes peakMemory start anew. Linux only.
func (p *process) resetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.pid), []byte("5"), 0)
}

// peakMemory returns the most memory, in bytes, that the process has held since
// resetPeak: VmHWM of proc(5).
func (p *process) peakMemory() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	fields := strings.Fields(line)
	if len(fields) != 2 {
		return 0, fmt.Errorf("there is no VmHWM in /proc/%d/status", p.pid)
	}
	kib, err := strconv.ParseInt(fields[0], 10, 64)
	return kib << 10, err
}

// serverArgs are the settings of a server on the store.
func (t *store) serverArgs(command ...string) []string {
	return append(command, "--data-dir", t.serverDir(), "--database-url", t.url, "--log-level", "warn", "--log-format", "json")
}

// startServer starts a server on the store.
func (t *store) startServer(ctx context.Context, binary string) (*process, error) {
	return startProcess(ctx, binary, t.serverArgs("serve", "--addr", "127.0.0.1:0")...)
}

// token makes an access token of a staff member.
func (t *store) token(ctx context.Context, binary string, p person) (string, error) {
	cmd := exec.CommandContext(ctx, binary, t.serverArgs("token", "create", "--staff", p.code, "--name", "benchmark")...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("making a token: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

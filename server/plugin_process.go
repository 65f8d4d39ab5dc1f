package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/rs/zerolog"
	"google.golang.org/grpc"

	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

// pluginProcess is a plugin's program under examination, on a direct line: it can be
// asked for everything, and whatever it prints can be read.
type pluginProcess struct {
	dir        string
	stop       context.CancelFunc // kills it
	connection *goplugin.Client
	stderr     lastLines
	began      time.Time
	client     *sdk.Client // once it is started
}

// newPluginProcess prepares a start with the environment that a server gives.
func newPluginProcess(ctx context.Context, program string, noTLS bool) (*pluginProcess, error) {
	dir, err := os.MkdirTemp("", "rounds")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the plugin: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	p := &pluginProcess{dir: dir, stop: stop}
	cmd := exec.CommandContext(ctx, program)
	cmd.Dir, cmd.Env = dir, []string{"PLUGIN_UNIX_SOCKET_DIR=" + dir}
	cmd.WaitDelay = time.Second // for descendants that hold its output open
	p.connection = goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  sdk.Handshake(),
		VersionedPlugins: sdk.VersionedPlugins(nil, zerolog.Nop()),
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		Cmd:              cmd,
		SkipHostEnv:      true,
		AutoMTLS:         !noTLS,
		StartTimeout:     time.Hour, // start has its own limit
		Stderr:           &p.stderr,
		Logger:           hclog.NewNullLogger(), // what it would say is returned as errors, too
		GRPCDialOptions:  []grpc.DialOption{sdk.MessageLimits()},
	})
	return p, nil
}

var errNotReady = errors.New("not ready in time")

// start starts the process and connects to it.
func (p *pluginProcess) start(timeout time.Duration) error {
	p.began = time.Now()
	connected := make(chan error, 1)
	go func() { connected <- p.connect() }()
	select {
	case err := <-connected:
		return err
	case <-time.After(timeout):
		return errNotReady
	}
}

func (p *pluginProcess) connect() (err error) {
	p.client, err = sdk.Dispense(p.connection)
	return err
}

// age is how long ago it was started.
func (p *pluginProcess) age() time.Duration { return time.Since(p.began) }

// stopTimeout is what a server gives a plugin to end.
const stopTimeout = 3 * time.Second

// end asks the process to end, and finds one that does not, or has ended before.
func (p *pluginProcess) end(ctx context.Context) []sdktest.Mistake {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	if err := p.client.Alive(ctx); err != nil {
		return []sdktest.Mistake{{Text: sdk.T("its health service does not say that it serves: "+err.Error(), "健康检查服务未报告正常："+err.Error())}}
	}
	_ = p.client.Shutdown(ctx) // it may end before it has answered
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !p.connection.Exited() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return []sdktest.Mistake{{Text: sdk.T(fmt.Sprintf("runs %v after it was asked to end", stopTimeout), fmt.Sprintf("收到结束请求 %v 后仍在运行", stopTimeout))}}
		}
	}
	return nil
}

// close kills the process, if it still runs, and leaves nothing behind.
func (p *pluginProcess) close() error {
	p.stop()
	closed := make(chan struct{})
	go func() { defer close(closed); p.connection.Kill() }()
	select {
	case <-closed:
	case <-time.After(stopTimeout): // a descendant holds its output open
	}
	return os.RemoveAll(p.dir)
}

// printed are the last lines on stderr.
func (p *pluginProcess) printed() []string { return p.stderr.lines() }

var peakResident = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// peakMemory is the most memory that the process has held, in bytes; 0 where the
// system doesn't tell (proc_pid_status(5)).
func (p *pluginProcess) peakMemory() int64 {
	status, err := os.ReadFile(filepath.Join("/proc", p.connection.ID(), "status"))
	if err != nil {
		return 0
	}
	m := peakResident.FindSubmatch(status)
	if m == nil {
		return 0
	}
	kib, _ := strconv.ParseInt(string(m[1]), 10, 64) // digits
	return kib << 10
}

// byHand starts the program as a curious person would: it has to hint at what it is,
// and end with status 1.
func byHand(ctx context.Context, program string) []sdktest.Mistake {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	cmd.Env, cmd.WaitDelay = []string{}, time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if ctx.Err() != nil || !errors.As(err, &exit) || exit.ExitCode() != 1 || stderr.Len() == 0 {
		return []sdktest.Mistake{{Text: sdk.T("started by hand it does not print a hint to stderr and end with status 1",
			"手动启动时未向 stderr 输出提示并以状态 1 结束")}}
	}
	return nil
}

// lastLines keeps the end of what is written.
type lastLines struct {
	mu   sync.Mutex
	kept []byte
}

// maxKept is in bytes.
const maxKept = 4 << 10

// Write implements io.Writer.
func (l *lastLines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, b...)
	l.kept = l.kept[max(0, len(l.kept)-maxKept):]
	return len(b), nil
}

func (l *lastLines) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) == 0 {
		return nil
	}
	return strings.Split(strings.TrimRight(string(l.kept), "\n"), "\n")
}

package host_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// The test binary runs itself as a plugin (plugin serve ID MODE) and as a host
// (host TEMPDIR), as the server does. A plugin has no environment, so it is told
// by its arguments.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 5 && os.Args[1] == "plugin":
		servePlugin(os.Args[3], os.Args[4])
	case len(os.Args) == 3 && os.Args[1] == "host":
		runHost(os.Args[2])
	default:
		goleak.VerifyTestMain(m)
	}
}

// plugin is a program for a plugin of the test binary.
func plugin(id, mode string) host.Plugin {
	return host.Plugin{ID: id, Args: []string{"plugin", "serve", id, mode}}
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

// servePlugin is the plugin's main. The mode says what goes wrong at its start.
func servePlugin(id, mode string) {
	switch mode {
	case "good", "wrong-id", "bad-description", "undescribed", "copies-desk":
	case "exit":
		os.Exit(3)
	case "noise":
		fmt.Println("Welcome!")
	case "silent":
		select {}
	case "mute": // shakes hands, then serves nothing
		fmt.Printf("1|1|unix|%s/none|grpc\n", os.Getenv("PLUGIN_UNIX_SOCKET_DIR"))
		select {}
	case "deaf": // accepts connections and says nothing
		socket := os.Getenv("PLUGIN_UNIX_SOCKET_DIR") + "/deaf"
		if _, err := net.Listen("unix", socket); err != nil {
			panic(err)
		}
		fmt.Printf("1|1|unix|%s|grpc\n", socket)
		select {}
	case "tcp":
		fmt.Println("1|1|tcp|127.0.0.1:1|grpc")
		select {}
	case "crooked-log": // a line that would break go-plugin's own reader
		fmt.Fprintln(os.Stderr, `{"@message": 5, "@level": true, "@timestamp": []}`)
	case "child": // leaves a process behind that holds the pipes
		child := exec.Command("/bin/sleep", "300")
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		if err := child.Start(); err != nil {
			panic(err)
		}
	default:
		panic("unknown mode " + mode)
	}
	sdk.Serve(&testPlugin{id: id, mode: mode})
}

// testPlugin has one checklist for each way to judge badly.
type testPlugin struct {
	id, mode string
	meeting  meeting
}

// meeting holds calls back until four of them are there.
type meeting struct {
	mu                     sync.Mutex
	arrived, present, most int
	full                   chan struct{} // closed when the fourth comes
}

// join gives the most calls that were ever there at once.
func (m *meeting) join(ctx context.Context) (int, error) {
	m.mu.Lock()
	if m.arrived%4 == 0 {
		m.full = make(chan struct{})
	}
	m.arrived++
	m.present++
	m.most = max(m.most, m.present)
	full := m.full
	if m.arrived%4 == 0 {
		close(full)
	}
	m.mu.Unlock()
	var err error
	select {
	case <-full:
	case <-ctx.Done():
		err = ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.present--
	return m.most, err
}

// behaviours are the checklists' names.
var behaviours = []string{
	"good", "panics", "hangs", "exits", "garbage", "unfinite", "huge", "fails", "downstream", "meets",
	"prints", "environment", "directory", "hoards",
}

func (p *testPlugin) Describe(context.Context) (checklist.Description, error) {
	d := checklist.Description{Plugin: p.id, Version: "1.2.3", Name: sdk.T("Test", "测试")}
	switch p.mode {
	case "undescribed":
		return d, errors.New("no")
	case "wrong-id":
		d.Plugin = "somebody-else"
	case "bad-description":
		d.Version = "one"
	}
	area := p.id
	if p.mode == "copies-desk" {
		area = "desk"
	}
	for _, name := range behaviours {
		d.Checklists = append(d.Checklists, definition(area, name))
	}
	return d, nil
}

// definition is the checklist for one of the behaviours.
func definition(area, behaviour string) checklist.Definition {
	return sdk.Define(area+"."+behaviour, sdk.T("Checklist", "检查表"), 80,
		sdk.Section("all", sdk.T("All", "全部"),
			sdk.Item("smile", sdk.T("Smiles", "微笑"), sdk.Weight(2), sdk.Key()),
			sdk.Item("rings", sdk.T("Rings", "铃声"), sdk.Tracked(sdk.Rings, sdk.AtMost(3))))).Definition
}

func (p *testPlugin) Judge(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
	area, behaviour, _ := strings.Cut(in.Checklist, ".")
	judgement, err := sdk.Judge(definition(area, behaviour), in)
	if err != nil {
		return checklist.Judgement{}, err
	}
	switch behaviour {
	case "panics":
		panic("at the disco")
	case "hangs":
		select {} // deaf to ctx
	case "meets":
		most, err := p.meeting.join(ctx)
		judgement.Arithmetic = strconv.Itoa(most)
		return judgement, err
	case "exits":
		os.Exit(7)
	case "garbage":
		judgement.Items[0].Item = "frown"
	case "unfinite":
		judgement.Measurements[0].Value /= 0
	case "huge":
		judgement.Arithmetic = strings.Repeat("x", 5<<20)
	case "fails":
		return judgement, errors.New("secret inside")
	case "downstream":
		return judgement, sdk.Downstream(errors.New("secret service is down"))
	case "prints":
		return judgement, printALot(ctx)
	case "environment":
		judgement.Arithmetic = strings.Join(os.Environ(), "\x1f")
	case "directory":
		dir, err := os.Getwd()
		judgement.Arithmetic = dir
		return judgement, err
	case "hoards":
		for hoard := [][]byte{}; len(hoard) < 2048; {
			hoard = append(hoard, bytes.Repeat([]byte("x"), 1<<20))
			runtime.KeepAlive(hoard)
		}
	}
	return judgement, nil
}

// printALot writes far more than the log takes, in every way there is.
func printALot(ctx context.Context) error {
	zerolog.Ctx(ctx).Info().Int("count", 5).Msg("judging")
	for i := range 20_000 {
		fmt.Fprintln(os.Stdout, "stdout", i)
		if _, err := fmt.Fprintln(os.Stderr, "stderr", i); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(os.Stderr, strings.Repeat("long", 1<<20))
	return err
}

// inspection asks for one of the behaviours.
func inspection(plugin, behaviour string) checklist.Inspection {
	return checklist.Inspection{Checklist: plugin + "." + behaviour, Answers: []checklist.Answer{
		{Item: "smile", Yes: new(true)}, {Item: "rings", Number: new(2.0)},
	}}
}

// running is a host that runs until the test ends.
type running struct {
	*host.Host
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
	r := running{Host: h, stop: func() error {
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
	return r.Judge(ctx, plugin, definition(plugin, behaviour), inspection(plugin, behaviour))
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

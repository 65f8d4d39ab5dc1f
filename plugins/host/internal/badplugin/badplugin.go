// Package badplugin is a plugin for the tests of the host, which misbehaves in any
// way that is asked for.
package badplugin

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
	"sync/atomic"

	goplugin "github.com/hashicorp/go-plugin"
	"github.com/rs/zerolog"
	"google.golang.org/grpc"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// Serve is the plugin's main. The mode says what goes wrong at its start; aims are
// what the forbidden acts aim at, in JSON.
func Serve(id, mode, aims string) {
	switch mode {
	case "good", "acts", "unlimited", "wrong-id", "bad-description", "undescribed", "copies-desk":
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
		if _, err := startChild(os.Stdout, os.Stderr); err != nil {
			panic(err)
		}
	default:
		if !strings.HasPrefix(mode, "v") {
			panic("unknown mode " + mode)
		}
	}
	if mode == "unlimited" {
		serveUnlimited(&plugin{id: id})
	}
	sdk.Serve(&plugin{id: id, mode: mode, aims: aims})
}

// serveUnlimited is sdk.Serve for somebody who doesn't care how large an answer is.
func serveUnlimited(c checklist.Checklist) {
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig:  sdk.Handshake(),
		VersionedPlugins: sdk.VersionedPlugins(c, zerolog.Nop()),
		GRPCServer:       func(opts []grpc.ServerOption) *grpc.Server { return grpc.NewServer(opts...) },
	})
}

// ServeBare serves the same plugin by nothing but gRPC over a Unix socket, to compare
// with.
func ServeBare(id, socket string) error {
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	set := sdk.VersionedPlugins(&plugin{id: id, mode: "good"}, zerolog.Nop())[sdk.Version]
	if err := set[sdk.PluginName].(goplugin.GRPCPlugin).GRPCServer(nil, server); err != nil {
		return err
	}
	return server.Serve(listener)
}

// startChild starts the program once more, to wait.
func startChild(stdout, stderr *os.File) (*exec.Cmd, error) {
	child := exec.Command("/proc/self/exe", "wait")
	child.Stdout, child.Stderr = stdout, stderr
	return child, child.Start()
}

// plugin has one checklist for each way to judge badly.
type plugin struct {
	id, mode, aims string
	meeting        meeting
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

// Behaviours are the checklists' names, after the area.
var Behaviours = []string{
	"good", "panics", "hangs", "exits", "garbage", "unfinite", "huge", "fails", "downstream", "meets",
	"prints", "environment", "directory", "hoards", "acts", "spins", "streams", "floods", "grabs", "forks", "breaks", "chatters", "version", "thirty",
}

func (p *plugin) Describe(context.Context) (checklist.Description, error) {
	d := checklist.Description{Plugin: p.id, Version: "1.2.3", Name: sdk.T("Test", "测试")}
	switch p.mode {
	case "undescribed":
		return d, errors.New("no")
	case "wrong-id":
		d.Plugin = "somebody-else"
	case "bad-description":
		d.Version = "one"
	}
	version, versioned := strings.CutPrefix(p.mode, "v")
	if versioned {
		d.Version = version
	}
	area := p.id
	if p.mode == "copies-desk" {
		area = "desk"
	}
	for _, name := range Behaviours {
		def := Definition(area, name)
		if versioned {
			def = Versioned(area, name, version)
		}
		d.Checklists = append(d.Checklists, def)
	}
	return d, nil
}

// Versioned is the checklist for one of the behaviours in a version of the plugin.
func Versioned(area, behaviour, version string) checklist.Definition {
	def := Definition(area, behaviour)
	def.Title = sdk.T("Checklist "+version, "检查表 "+version)
	return def
}

// Definition is the checklist for one of the behaviours. That of "thirty" has 30 items.
func Definition(area, behaviour string) checklist.Definition {
	items := []checklist.Item{
		sdk.Item("smile", sdk.T("Smiles", "微笑"), sdk.Weight(2), sdk.Key()),
		sdk.Item("rings", sdk.T("Rings", "铃声"), sdk.Tracked(sdk.Rings, sdk.AtMost(3))),
	}
	for i := len(items); behaviour == "thirty" && i < 30; i++ {
		items = append(items, sdk.Item(fmt.Sprintf("item-%d", i), sdk.T("The desk is tidy and clean", "台面整洁干净")))
	}
	return sdk.Define(area+"."+behaviour, sdk.T("Checklist", "检查表"), 80,
		sdk.Section("all", sdk.T("All", "全部"), items...)).Definition
}

func (p *plugin) Judge(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
	area, behaviour, _ := strings.Cut(in.Checklist, ".")
	judgement, err := sdk.Judge(Definition(area, behaviour), in)
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
	case "version":
		judgement.Arithmetic = p.mode
	case "directory":
		dir, err := os.Getwd()
		judgement.Arithmetic = dir
		return judgement, err
	case "acts":
		judgement.Arithmetic, err = tryAll(p.aims)
		return judgement, err
	case "spins":
		for range 4 {
			go spin()
		}
	case "streams":
		go stream()
	case "chatters": // 40 MB
		line := []byte(strings.Repeat("x", 999) + "\n")
		for range 40_000 {
			_, _ = os.Stderr.Write(line)
		}
	case "floods":
		judgement.Arithmetic = strings.Repeat("x", 512<<20)
	case "grabs":
		judgement.Arithmetic = string(bytes.Repeat([]byte("x"), 10<<30)[:1])
	case "forks":
		for {
			_, _ = startChild(nil, os.Stderr) // until there is an end to it
		}
	case "breaks":
		go panic("in a goroutine")
		select {}
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

// stream prints lines of 200 KB for ever.
func stream() {
	line := []byte(strings.Repeat("x", 200<<10) + "\n")
	for {
		_, _ = os.Stderr.Write(line) // whether anybody reads or not
		_, _ = os.Stdout.Write(line)
	}
}

var spun atomic.Uint64

func spin() {
	for {
		spun.Add(1)
	}
}

// Inspection asks for one of the behaviours, with good answers.
func Inspection(plugin, behaviour string) checklist.Inspection {
	in := checklist.Inspection{Checklist: plugin + "." + behaviour}
	for _, item := range Definition(plugin, behaviour).Sections[0].Items {
		answer := checklist.Answer{Item: item.ID, Yes: new(true)}
		if item.Kind == checklist.Number {
			answer = checklist.Answer{Item: item.ID, Number: new(2.0)}
		}
		in.Answers = append(in.Answers, answer)
	}
	return in
}

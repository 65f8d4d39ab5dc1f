package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

// pluginCheck examines the program of a plugin without a server or a database.
type pluginCheck struct {
	Program      string        `arg:"" type:"path" help:"The plugin's program, one executable file."`
	Golden       string        `type:"path" placeholder:"DIR" help:"Judge the golden inspections in this folder again."`
	NoTLS        bool          `name:"no-tls" help:"The plugin speaks plain gRPC."`
	ReadOnly     []string      `type:"path" placeholder:"PATH" help:"Files and folders that it may read besides its own, such as those of its interpreter; separated by commas."`
	Format       string        `default:"text" enum:"text,json" help:"How to report: ${enum}."`
	Language     string        `default:"en" enum:"en,zh" aliases:"lang" help:"Report in English (en) or Chinese (zh)."`
	StartTimeout time.Duration `default:"10s" help:"How long the plugin may take from its start to its description."`
	CallTimeout  time.Duration `default:"2s" help:"How long it may take to answer a call."`
}

// Run starts the plugin twice, makes all checks and prints the report. It fails
// unless all is well.
func (p *pluginCheck) Run(s *session) error {
	report := programReport{Program: p.Program}
	if err := report.weigh(); err != nil {
		return err
	}
	if err := p.examine(s.ctx, &report); err != nil {
		return err
	}
	report.OK = true
	for _, r := range report.Checks {
		report.OK = report.OK && r.OK
	}
	if err := report.write(s.stdout, p.Format, p.Language); err != nil {
		return err
	}
	if !report.OK {
		return exitError{1}
	}
	return nil
}

// weigh refuses what cannot be a program, and notes what it is.
func (r *programReport) weigh() error {
	file, err := os.Open(r.Program)
	if err != nil {
		return fmt.Errorf("reading the program: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	switch {
	case err != nil:
		return fmt.Errorf("reading the program: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file: name the plugin's program", r.Program)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o111 == 0:
		return fmt.Errorf("%s is not executable: build the plugin, or chmod +x the file", r.Program)
	}
	hash := sha256.New()
	if r.Size, err = io.Copy(hash, file); err != nil {
		return fmt.Errorf("reading the program: %w", err)
	}
	r.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// examine makes the checks: of the process from outside, of its answers through the
// SDK's client, and of those that a server would take through the plugin host.
func (p *pluginCheck) examine(ctx context.Context, report *programReport) (err error) {
	process, err := newPluginProcess(ctx, p.Program, p.NoTLS)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, process.close()) }()
	defer func() { report.Output = process.printed() }()

	if err := process.start(p.StartTimeout); err != nil {
		report.add(startCheck, p.startMistakes(ctx, err)...)
		return nil
	}
	client := process.client
	description, err := describe(ctx, client, p.StartTimeout)
	report.figure(sdk.T("start to first answer", "启动至首次应答"), float64(process.age())/float64(time.Millisecond), "ms")
	report.add(startCheck)

	options := sdktest.Options{Golden: p.Golden, CallTimeout: p.CallTimeout}
	if err == nil {
		report.Plugin, report.Version = description.Plugin, description.Version
		twin, stop, mistakes := p.host(ctx, description)
		defer stop()
		report.add(contractCheck, mistakes...)
		if len(mistakes) == 0 {
			options.Twin = twin
		}
	}
	for _, result := range sdktest.Run(ctx, client, options) {
		report.Checks = append(report.Checks, result)
		report.Figures = append(report.Figures, result.Figures...)
	}
	if peak := process.peakMemory(); peak > 0 {
		report.figure(sdk.T("most resident memory", "最大常驻内存"), float64(peak)/(1<<20), "MiB")
	}
	report.add(endCheck, process.end(ctx)...)
	report.add(byHandCheck, byHand(ctx, p.Program)...)
	return nil
}

// describe is the first call. Whether the answer makes sense is checked later.
func describe(ctx context.Context, client *sdk.Client, timeout time.Duration) (checklist.Description, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	description, err := client.Describe(ctx)
	if err != nil {
		return checklist.Description{}, err
	}
	return description, sdk.Validate(description)
}

// startMistakes tells why a plugin does not start, as the host sees it and as the
// handshake does.
func (p *pluginCheck) startMistakes(ctx context.Context, cause error) []sdktest.Mistake {
	mistake := func(text checklist.Text) sdktest.Mistake { return sdktest.Mistake{Path: p.Program, Text: text} }
	switch {
	case errors.Is(cause, errNotReady):
		return []sdktest.Mistake{mistake(sdk.T(fmt.Sprintf("was not ready within %v", p.StartTimeout), fmt.Sprintf("未能在 %v 内就绪", p.StartTimeout)))}
	case errors.Is(cause, syscall.ENOEXEC):
		machine := runtime.GOOS + "/" + runtime.GOARCH
		return []sdktest.Mistake{mistake(sdk.T("is no program that runs on "+machine, "不是可在 "+machine+" 上运行的程序"))}
	case errors.Is(cause, fs.ErrNotExist):
		return []sdktest.Mistake{mistake(sdk.T("names an interpreter in its first line that is not there", "首行所指定的解释器不存在"))}
	}
	first, _, _ := strings.Cut(cause.Error(), "\n")
	mistakes := []sdktest.Mistake{mistake(sdk.T(first, first))}
	if h, err := p.newHost("unknown"); err == nil {
		watching, stop := context.WithTimeout(ctx, p.StartTimeout+time.Second)
		defer stop()
		reason := firstFailure(watching, h)
		if reason != "" {
			mistakes = append([]sdktest.Mistake{mistake(sdk.T("the process "+reason, "进程未能就绪："+reason))}, mistakes...)
		}
	}
	return mistakes
}

func (p *pluginCheck) newHost(id string) (*host.Host, error) {
	return host.New(host.Config{
		Plugins:      []host.Plugin{{ID: id, Path: p.Program, NoTLS: p.NoTLS, ReadOnly: p.ReadOnly}},
		StartTimeout: p.StartTimeout, CallTimeout: p.CallTimeout,
	})
}

// firstFailure runs a host until its plugin has failed for the first time, and
// tells why.
func firstFailure(ctx context.Context, h *host.Host) (reason string) {
	running, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = h.Run(running) }() // what is of interest is the plugin's state
	defer func() { stop(); <-ended }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if reason := h.States()[0].LastError; reason != "" {
			return reason
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ""
		}
	}
}

// host runs the plugin as a server does and has it judge: a judgement that a server
// would throw away is a mistake. stop ends it.
func (p *pluginCheck) host(ctx context.Context, d checklist.Description) (twin hostedPlugin, stop func(), mistakes []sdktest.Mistake) {
	h, err := p.newHost(d.Plugin)
	if err != nil {
		return twin, func() {}, []sdktest.Mistake{{Path: p.Program, Text: sdk.T(err.Error(), err.Error())}}
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = h.Run(running) }() // its plugin's state says what is wrong
	stop = func() { cancel(); <-ended }
	ready, done := context.WithTimeout(ctx, p.StartTimeout+time.Second)
	defer done()
	if err := h.WaitReady(ready); err != nil {
		reason := h.States()[0].LastError
		return twin, stop, []sdktest.Mistake{{Path: p.Program, Text: sdk.T("the process "+reason, "进程未能就绪："+reason)}}
	}
	twin = hostedPlugin{host: h, description: d}
	return twin, stop, twin.check(ctx)
}

// hostedPlugin is a plugin as a server sees it.
type hostedPlugin struct {
	host        *host.Host
	description checklist.Description
}

// Describe implements [checklist.Checklist].
func (p hostedPlugin) Describe(context.Context) (checklist.Description, error) {
	return p.description, nil
}

// Judge implements [checklist.Checklist].
func (p hostedPlugin) Judge(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
	for _, def := range p.description.Checklists {
		if def.ID == in.Checklist {
			return p.host.Judge(ctx, p.description.Plugin, def, in)
		}
	}
	return checklist.Judgement{}, fmt.Errorf("no checklist %s", in.Checklist)
}

// check finds judgements that break the contract, and one that does not come. What else
// may be wrong is found by the other checks.
func (p hostedPlugin) check(ctx context.Context) (mistakes []sdktest.Mistake) {
	for _, def := range p.description.Checklists {
		path := "checklists[" + def.ID + "]"
		asked := map[string]checklist.Inspection{path: sdktest.Good(def)}
		for _, section := range def.Sections {
			for _, item := range section.Items {
				if in, ok := sdktest.Failing(def, item.ID); ok {
					asked[path+".sections["+section.ID+"].items["+item.ID+"]"] = in
				}
			}
		}
		for _, path := range slices.Sorted(maps.Keys(asked)) {
			_, err := p.Judge(ctx, asked[path])
			var broken *sdk.AnswerError
			var call *host.Error
			switch {
			case err == nil || errors.As(err, &call) && call.Kind == host.InputRejected:
			case errors.As(err, &broken):
				mistakes = append(mistakes, sdktest.Mistake{Path: path, Text: sdk.T("a server throws the judgement away: "+broken.Error(), "服务器将弃用该判定："+broken.Error())})
			default:
				return append(mistakes, sdktest.Mistake{Path: path, Text: sdk.T("there is no judgement: "+err.Error(), "没有判定："+err.Error())})
			}
		}
	}
	return mistakes
}

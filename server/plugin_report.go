package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

// programReport is what "plugin check" found out about a program.
type programReport struct {
	Program string           `json:"program"`
	Size    int64            `json:"size"` // in bytes
	SHA256  string           `json:"sha256"`
	Plugin  string           `json:"plugin,omitempty"` // as it describes itself
	Version string           `json:"version,omitempty"`
	OK      bool             `json:"ok"` // all checks are
	Checks  []sdktest.Result `json:"checks"`
	Figures []sdktest.Figure `json:"figures"`
	Output  []string         `json:"output,omitempty"` // last lines on stderr
}

// The checks that are made from outside, beside those of sdktest.
var (
	startCheck = sdktest.Result{Check: "start",
		Title: sdk.T("The program starts, connects and answers", "程序能够启动、连接并应答"),
		Advice: sdk.T("Print nothing before the handshake, serve as docs/plugin-author.md tells; with --no-tls for a plugin without TLS",
			"握手之前请勿输出任何内容，并按 docs/plugin-author.md 提供服务；不使用 TLS 的插件请加 --no-tls")}
	contractCheck = sdktest.Result{Check: "contract",
		Title:  sdk.T("A server takes its judgements", "服务器接受其判定"),
		Advice: sdk.T("Answer as checklist.proto demands, or let sdk.Judge do it", "请按 checklist.proto 的要求应答，或使用 sdk.Judge")}
	endCheck = sdktest.Result{Check: "end",
		Title:  sdk.T("It reports to be serving until it is asked to end, and ends then", "在被要求结束之前报告正常，收到要求后结束"),
		Advice: sdk.T("Serve grpc.health.v1.Health for \"plugin\", and end at plugin.GRPCController/Shutdown", "请为 \"plugin\" 提供 grpc.health.v1.Health，并在 plugin.GRPCController/Shutdown 时结束")}
	byHandCheck = sdktest.Result{Check: "by-hand",
		Title:  sdk.T("Started by hand it says what it is, and ends", "手动启动时说明自身用途并结束"),
		Advice: sdk.T("Look for ROUNDS_PLUGIN=checklist in the environment first of all", "请首先检查环境变量 ROUNDS_PLUGIN=checklist")}
)

// add notes what one of those checks found.
func (r *programReport) add(check sdktest.Result, mistakes ...sdktest.Mistake) {
	check.OK, check.Mistakes = len(mistakes) == 0, append([]sdktest.Mistake{}, mistakes...)
	r.Checks = append(r.Checks, check)
}

func (r *programReport) figure(name checklist.Text, value float64, unit string) {
	r.Figures = append(r.Figures, sdktest.Figure{Name: name, Value: value, Unit: unit})
}

// write prints the report.
func (r *programReport) write(w io.Writer, format, language string) error {
	if format == "json" {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(r)
	}
	_, err := io.WriteString(w, r.text(func(t checklist.Text) string {
		if language == "zh" {
			return t.ZH
		}
		return t.EN
	}))
	return err
}

// maxShown is how many mistakes of one check are listed.
const maxShown = 20

// text is the report for people, in the language that in chooses.
func (r *programReport) text(in func(checklist.Text) string) string {
	var b strings.Builder
	name := strings.TrimSpace(r.Plugin + " " + r.Version)
	if name == "" {
		name = "?"
	}
	fmt.Fprintf(&b, in(sdk.T("Plugin %s\n%s, %.1f MiB, sha256 %s\n\n", "插件 %s\n%s，%.1f MiB，sha256 %s\n\n")), name, r.Program, float64(r.Size)/(1<<20), r.SHA256)
	failed, skipped := 0, 0
	for _, c := range r.Checks {
		mark, title := "ok", in(c.Title)
		switch {
		case !c.OK:
			mark, failed = "FAIL", failed+1
		case c.Skipped != checklist.Text{}:
			mark, skipped = "-", skipped+1
			title = in(c.Skipped)
		}
		fmt.Fprintf(&b, "%-4s  %-12s  %s\n", mark, c.Check, title)
		for _, m := range c.Mistakes[:min(len(c.Mistakes), maxShown)] {
			fmt.Fprintf(&b, "        %s\n", strings.TrimPrefix(m.Path+": "+in(m.Text), ": "))
		}
		if more := len(c.Mistakes) - maxShown; more > 0 {
			fmt.Fprintf(&b, in(sdk.T("        and %d more\n", "        另有 %d 处\n")), more)
		}
		if !c.OK && c.Advice != (checklist.Text{}) {
			fmt.Fprintf(&b, "        → %s\n", in(c.Advice))
		}
	}
	if len(r.Figures) > 0 {
		b.WriteString("\n")
	}
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, f := range r.Figures {
		fmt.Fprintf(table, "%s\t%.2f %s\n", in(f.Name), f.Value, f.Unit)
	}
	_ = table.Flush() // a builder takes everything
	if failed > 0 && len(r.Output) > 0 {
		fmt.Fprintf(&b, in(sdk.T("\nThe last that it printed:\n  %s\n", "\n最后输出的内容：\n  %s\n")), strings.Join(r.Output, "\n  "))
	}
	fmt.Fprintf(&b, in(sdk.T("\n%d checks: %d ok, %d skipped, %d with mistakes\n", "\n共 %d 项检验：%d 项通过，%d 项跳过，%d 项有误\n")),
		len(r.Checks), len(r.Checks)-failed-skipped, skipped, failed)
	return b.String()
}

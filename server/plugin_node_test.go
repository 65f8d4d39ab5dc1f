package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

// TestPluginInJavaScript builds and checks the example in a second language. Its
// packages are npm's: CI has them.
func TestPluginInJavaScript(t *testing.T) {
	program := buildNodePlugin(t)
	for _, args := range [][]string{{"plugin", "check", program}, {"plugin", "check", "--no-tls", program}} {
		args = append(args, "--read-only", "/usr,/lib,/lib64,/etc/ld.so.cache")
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, &stdout, &stderr); code != 0 {
			t.Errorf("%q: exit status %d\n%s%s", args, code, &stdout, &stderr)
		}
	}

	// It judges as the SDK would.
	process, err := newPluginProcess(t.Context(), program, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := process.close(); err != nil {
			t.Error(err)
		}
	})
	if err := process.start(time.Minute); err != nil {
		t.Fatal(err)
	}
	description, err := process.client.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range sdktest.Run(t.Context(), process.client, sdktest.Options{Twin: standard(description)}) {
		if !r.OK {
			t.Errorf("%s: %+v", r.Check, r.Mistakes)
		}
	}
}

// buildNodePlugin runs the example's own tests and bundles it.
func buildNodePlugin(t *testing.T) string {
	t.Helper()
	const dir = "../docs/examples/plugin-node"
	missing := t.Skip
	if os.Getenv("CI") != "" {
		missing = t.Fatal
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing("node is not installed")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		missing("the packages are not installed: run npm ci in docs/examples/plugin-node")
	}
	program := filepath.Join(t.TempDir(), "concierge")
	for _, args := range [][]string{{"--test", "--test-reporter=tap"}, {"build.mjs", program}} {
		cmd := exec.CommandContext(t.Context(), node, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("node %q: %v\n%s", args, err, out)
		}
	}
	return program
}

// standard is the standard judgement of what a plugin describes.
type standard checklist.Description

// Describe implements [checklist.Checklist].
func (s standard) Describe(context.Context) (checklist.Description, error) {
	return checklist.Description(s), nil
}

// Judge implements [checklist.Checklist].
func (s standard) Judge(_ context.Context, in checklist.Inspection) (checklist.Judgement, error) {
	for _, def := range s.Checklists {
		if def.ID == in.Checklist {
			return sdk.Judge(def, in)
		}
	}
	return checklist.Judgement{}, &checklist.InputError{Problems: []checklist.Problem{{Code: checklist.UnknownChecklist}}}
}

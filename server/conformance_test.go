package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestConformance runs the official audits and clients against a whole server.
// They are npm packages: make conformance installs them, and CI has them.
func TestConformance(t *testing.T) {
	dir, err := filepath.Abs("../conformance")
	if err != nil {
		t.Fatal(err)
	}
	missing := t.Skip
	if os.Getenv("CI") != "" {
		missing = t.Fatal
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing("node is not installed")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		missing("the packages are not installed: run npm ci in conformance/")
	}
	p := startServer(t, "--data-dir", t.TempDir())
	p.pluginPIDs() // each plugin's first start publishes its checklists: the events of the subscription
	cmd := exec.CommandContext(t.Context(), node, "--test", "--test-reporter=tap")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "ROUNDS_URL=http://"+p.addr, "ROUNDS_TOKEN="+p.token,
		`ROUNDS_SUBSCRIPTION=subscription { events(after: "0") { cursor kind } }`)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

package wire_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/seed-34fcb60d/rounds/graph/wire"
)

// The official audits and clients. They are npm packages, so they run only where
// those are installed.
func TestConformance(t *testing.T) {
	dir, err := filepath.Abs("../../conformance")
	if err != nil {
		t.Fatal(err)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		t.Skip("the packages are not installed: run npm ci in conformance/")
	}
	s := start(t, wire.Config{})
	mux := http.NewServeMux()
	mux.Handle("/graphql", s.handler)
	at := httptest.NewServer(mux)
	defer at.Close()
	cmd := exec.CommandContext(t.Context(), node, "--test", "--test-reporter=tap")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "ROUNDS_URL="+at.URL, "ROUNDS_TOKEN=good", "ROUNDS_SUBSCRIPTION=subscription{count(to:3){n}}")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/modfile"
)

// golang runs the Go command in the folder of a script, as its user would, but
// without a network: golang ARGUMENT…
func golang(ts *testscript.TestScript, neg bool, args []string) {
	cmd := exec.Command("go", args...)
	cmd.Dir = ts.MkAbs(".")
	// The caches are those of whoever runs the tests, which hold all modules of ours.
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOFLAGS=-buildvcs=false")
	out, err := cmd.CombinedOutput()
	_, writeErr := ts.Stdout().Write(out)
	ts.Check(writeErr)
	if (err != nil) != neg {
		ts.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// checkout sets the variable ROUNDS of a script to the folder of this module.
func checkout(ts *testscript.TestScript, _ bool, _ []string) {
	dir, err := filepath.Abs("..")
	ts.Check(err)
	ts.Setenv("ROUNDS", dir)
}

// tidy does for a plugin's module what go mod tidy does with a network: it takes the
// versions and checksums of this module, whose dependencies are at hand.
func tidy(ts *testscript.TestScript, _ bool, _ []string) {
	read := func(file string) *modfile.File {
		data, err := os.ReadFile(file)
		ts.Check(err)
		parsed, err := modfile.Parse(file, data, nil)
		ts.Check(err)
		return parsed
	}
	ours, plugins := read("../go.mod"), read(ts.MkAbs("go.mod"))
	for _, r := range ours.Require {
		ts.Check(plugins.AddRequire(r.Mod.Path, r.Mod.Version))
	}
	data, err := plugins.Format()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("go.mod"), data, 0o600))
	sums, err := os.ReadFile("../go.sum")
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("go.sum"), sums, 0o600))
}

// replace puts a text in place of another that a file has once: replace OLD NEW FILE
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace OLD NEW FILE")
	}
	file := ts.MkAbs(args[2])
	before := ts.ReadFile(file)
	if strings.Count(before, args[0]) != 1 {
		ts.Fatalf("%s does not have %q once", args[2], args[0])
	}
	ts.Check(os.WriteFile(file, []byte(strings.Replace(before, args[0], args[1], 1)), 0o600))
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// golang runs the Go command in the folder of a script, as its user would, but
// without a network: golang ARGUMENT…
func golang(ts *testscript.TestScript, neg bool, args []string) {
	cmd := exec.Command("go", args...)
	cmd.Dir = ts.MkAbs(".")
	// The caches are those of whoever runs the tests, which hold all modules of ours.
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GONOSUMDB=*", "GOWORK=off")
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

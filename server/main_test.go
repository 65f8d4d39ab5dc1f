package main

import (
	"errors"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// TestMain lets this program be the server: as the command of that name in
// scripts, and as the plugins' processes, which a server starts by executing itself
// with an empty environment.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "plugin" {
		main()
	}
	testscript.Main(tests{m}, map[string]func(){"server": main})
}

type tests struct{ *testing.M }

func (t tests) Run() int { return dbtest.Run(t.M) }

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true, Setup: func(env *testscript.Env) error {
		// The plugins' sockets are in the folder for temporary files, whose path has to
		// be short for that. Nothing may be left in it.
		dir, err := os.MkdirTemp("", "rt")
		if err != nil {
			return err
		}
		env.Setenv("TMPDIR", dir)
		env.Defer(func() {
			left, err := os.ReadDir(dir)
			if err = errors.Join(err, os.RemoveAll(dir)); err != nil || len(left) > 0 {
				t.Errorf("left in the folder for temporary files: %v, %v", left, err)
			}
		})
		return nil
	}})
}

package main

import (
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

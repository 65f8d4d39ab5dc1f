//go:build !linux

package host

import (
	"os/exec"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// sandbox confines nothing: Rounds is run on Linux. Elsewhere, plugins work for
// development.
type sandbox struct{}

var noSandbox = Unenforced{"SANDBOX", checklist.Text{
	EN: "Plugins are not confined at all: this system is not Linux.",
	ZH: "插件完全未受隔离：本系统不是 Linux。"}}

func newSandbox(string) *sandbox { return &sandbox{} }

func (*sandbox) unenforced() []Unenforced { return []Unenforced{noSandbox} }

// furnish makes a room ready for its process.
func (*sandbox) furnish(*room) error { return nil }

// start starts the process.
func (*sandbox) start(cmd *exec.Cmd, r room, _ <-chan struct{}) error {
	if cmd.Path = r.program.path; r.program.file != nil {
		cmd.Path = r.program.file.Name()
	}
	return cmd.Start()
}

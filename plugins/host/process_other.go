//go:build !linux

package host

import (
	"os"
	"time"
)

// Rounds is run on Linux. Elsewhere, plugins work for development: they end with
// their parent by the watch in plugins/sdk, one process at a time is killed, and
// memory and processors are not watched.

func self() (string, error) { return os.Executable() }

func awaitExit(p *os.Process) { _, _ = p.Wait() }

func killGroup(p *os.Process) { _ = p.Kill() }

func residentBytes(int) int64 { return 0 }

func cpuTime(int) time.Duration { return 0 }

package host_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/host"
)

// Whatever a plugin does, its call fails with a kind, the host doesn't grow, and the
// calls of another plugin take hardly longer. On a machine of two processors a busy
// plugin has one of them, and the other's calls wait for a turn of the scheduler:
// turns is what that may cost.
func TestFloodsAndHangs(t *testing.T) {
	const mostGrown, mostSlower, turns = 32 << 20, 1.2, 10 * time.Millisecond
	bearable := func(m measured) bool { return m.slower() <= mostSlower || m.Noisy <= turns }
	for _, abuse := range []struct {
		name, mode, behaviour string
		want                  []host.Kind
	}{
		{"an answer of 512 MB", "unlimited", "floods", []host.Kind{host.InvalidAnswer}},
		{"an answer of 5 MB", "good", "huge", []host.Kind{host.InvalidAnswer}},
		{"lines of 200 KB without end", "good", "streams", []host.Kind{""}},
		{"40 MB of stderr", "good", "chatters", []host.Kind{"", host.Timeout}},
		{"an allocation of 10 GB", "good", "grabs", []host.Kind{host.Unavailable}},
		{"a fork bomb", "good", "forks", []host.Kind{host.Timeout, host.Unavailable}},
		{"a stop by a signal", "good", "stops", []host.Kind{host.Timeout, host.Unavailable}},
		{"a panic in a goroutine", "good", "breaks", []host.Kind{host.Unavailable}},
		{"a child that keeps stderr", "child", "exits", []host.Kind{host.Unavailable}},
		{"a busy loop", "good", "spins", []host.Kind{""}},
		{"a call without end", "good", "hangs", []host.Kind{host.Timeout}},
	} {
		var m measured
		for range 3 { // the machine may be busy with something else
			m = measureAbuse(t, abuse.mode, abuse.behaviour)
			if bearable(m) {
				break
			}
		}
		t.Logf("%s: %q, %q, host %+.1f MiB, other plugin's p99 %.2f × (%v), %.1f MB dropped", abuse.name, m.Kind, m.Reason,
			float64(m.Grown)/(1<<20), m.slower(), m.Noisy, float64(m.Dropped)/1e6)
		if !slices.Contains(abuse.want, m.Kind) {
			t.Errorf("%s: kind %q, want one of %q", abuse.name, m.Kind, abuse.want)
		}
		if m.Grown > mostGrown {
			t.Errorf("%s: the host grew by %d bytes", abuse.name, m.Grown)
		}
		if !bearable(m) {
			t.Errorf("%s: calls of the other plugin took %v instead of %v", abuse.name, m.Noisy, m.Quiet)
		}
	}
}

// measured is what a host of its own process prints about an abuse.
type measured struct {
	Kind         host.Kind
	Reason       string
	Grown        int64
	Quiet, Noisy time.Duration
	Dropped      uint64
}

func (m measured) slower() float64 { return float64(m.Noisy) / float64(m.Quiet) }

func measureAbuse(t *testing.T, mode, behaviour string) measured {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), badProgram, "measure", mode, behaviour, tempDir(t))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var m measured
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

package host_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/plugins/host/internal/badplugin"
)

// versionOf is a version of the plugin "desk".
func versionOf(version string) host.Plugin {
	spec := plugin("desk", "v"+version)
	spec.Version = version
	return spec
}

// judgedBy has an inspection judged that was started with a version, and gives the
// version that judged it.
func (r running) judgedBy(ctx context.Context, started string) (string, error) {
	judgement, err := r.Judge(ctx, "desk", badplugin.Versioned("desk", "version", started), badplugin.Inspection("desk", "version"))
	return judgement.Arithmetic, err
}

// load makes 200 calls in a second until stop is called, which gives how many were
// made. Each is by the pinned version, or was a moment ago; none may fail.
func load(t *testing.T, h running) (stop func() int64) {
	t.Helper()
	var calls atomic.Int64
	var working sync.WaitGroup
	stopped := make(chan struct{})
	working.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		before := checklist.Definition{}
		for {
			select {
			case <-stopped:
				return
			case <-tick.C:
			}
			described, ok := h.Described("desk")
			if !ok {
				t.Error("the plugin has no description")
				continue
			}
			var def checklist.Definition
			for _, def = range described.Description.Checklists {
				if def.ID == "desk.version" {
					break
				}
			}
			now := def
			if before.ID != "" && calls.Load()%2 == 1 {
				now = before
			}
			before = def
			working.Go(func() {
				calls.Add(1)
				if _, err := h.Judge(t.Context(), "desk", now, badplugin.Inspection("desk", "version")); err != nil {
					t.Errorf("%s: %v", now.Title.EN, err)
				}
			})
		}
	})
	return func() int64 {
		close(stopped)
		working.Wait()
		return calls.Load()
	}
}

// A pin moves under load without a failed call, whether the other version has to be
// started for it or still runs.
func TestPinUnderLoad(t *testing.T) {
	const pins = 100
	h := ready(t, host.Config{
		Plugins:     []host.Plugin{versionOf("1.0.0"), versionOf("2.0.0")},
		IdleTimeout: 20 * time.Millisecond,
	})
	stop := load(t, h)
	began := time.Now()
	pause := time.NewTicker(30 * time.Millisecond) // longer than idleness, so that most processes are new
	defer pause.Stop()
	for i := range pins {
		<-pause.C
		version := []string{"2.0.0", "1.0.0"}[i%2]
		if err := h.Pin(t.Context(), "desk", version); err != nil {
			t.Fatal(err)
		}
		if state := h.state(); state.Version != version || state.Status != host.Ready {
			t.Fatalf("state = %+v", state)
		}
	}
	took := time.Since(began)
	t.Logf("%d pin changes in %v under %d calls: none failed", pins, took, stop())
	if versions := h.Versions("desk"); versions[0].Failures+versions[1].Failures > 0 {
		t.Errorf("versions = %+v", versions)
	}
}

// A plugin is reloaded under load without a failed call.
func TestReloadUnderLoad(t *testing.T) {
	const reloads = 10
	h := ready(t, host.Config{Plugins: []host.Plugin{versionOf("1.0.0")}})
	stop := load(t, h)
	for range reloads {
		before := h.state().PID
		if err := h.Reload(t.Context(), "desk"); err != nil {
			t.Fatal(err)
		}
		if state := h.state(); state.PID == before || state.PID == 0 {
			t.Errorf("process %d before, %d now", before, state.PID)
		}
	}
	t.Logf("%d reloads under %d calls: none failed", reloads, stop())
	eventually(t, "one process", func() bool { return len(childrenOf(t)) == 1 })
}

// An inspection is judged by the version that it was started with, which runs while
// it is needed.
func TestOldInspectionKeepsItsVersion(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{versionOf("1.0.0"), versionOf("2.0.0")}, IdleTimeout: 50 * time.Millisecond})
	if err := h.Pin(t.Context(), "desk", "2.0.0"); err != nil {
		t.Fatal(err)
	}
	stopped := func() bool {
		old := h.Versions("desk")[0]
		return old.Status == host.Stopped && old.PID == 0 && !old.Pinned
	}
	for range 2 {
		for started, want := range map[string]string{"1.0.0": "v1.0.0", "2.0.0": "v2.0.0"} {
			if got, err := h.judgedBy(t.Context(), started); err != nil || got != want {
				t.Errorf("started with %s: judged by %q, %v", started, got, err)
			}
		}
		eventually(t, "the end of the old version", stopped)
	}
	if _, err := h.judgedBy(t.Context(), "3.0.0"); kindOf(err) != host.UnknownDefinition {
		t.Errorf("a version that was never there: %v", err)
	}
	if old := h.Versions("desk")[0]; old.Calls != 2 || old.Failures != 0 {
		t.Errorf("the old version's calls: %+v", old)
	}
}

// A version that was never started in this host is asked what it has when nobody else
// knows an inspection's definition.
func TestUntoldVersionIsAsked(t *testing.T) {
	accepted := make(chan string, 10)
	h := ready(t, host.Config{
		Plugins: []host.Plugin{versionOf("2.0.0"), versionOf("1.0.0")},
		Accept:  func(_ context.Context, d host.Described) error { accepted <- d.Description.Version; return nil },
	})
	if got, err := h.judgedBy(t.Context(), "1.0.0"); err != nil || got != "v1.0.0" {
		t.Errorf("judged by %q, %v", got, err)
	}
	close(accepted)
	for version := range accepted {
		if version != "2.0.0" {
			t.Errorf("version %s was accepted for new inspections", version)
		}
	}
}

// A version that cannot be pinned leaves all as it was.
func TestPinFails(t *testing.T) {
	refused := errors.New("refused")
	h := ready(t, host.Config{
		Plugins: []host.Plugin{versionOf("1.0.0"), versionOf("2.0.0")},
		Restart: host.Restart{MinPause: time.Hour, MaxPause: time.Hour},
		Accept: func(_ context.Context, d host.Described) error {
			if d.Description.Version == "2.0.0" {
				return refused
			}
			return nil
		},
	})
	broken, liar := plugin("desk", "exit"), versionOf("4.0.0")
	broken.Version, liar.Version = "3.0.0", "5.0.0"
	for _, spec := range []host.Plugin{broken, liar} {
		if err := h.Install(spec); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Install(liar); err == nil {
		t.Error("a version was installed twice")
	}
	for _, version := range []string{"2.0.0", "3.0.0", "5.0.0", "6.0.0"} {
		err := h.Pin(t.Context(), "desk", version)
		if err == nil || errors.Is(err, refused) != (version == "2.0.0") || errors.Is(err, host.ErrUnknownVersion) != (version == "6.0.0") {
			t.Errorf("%s: %v", version, err)
		}
	}
	if got, err := h.judgedBy(t.Context(), "1.0.0"); err != nil || got != "v1.0.0" || h.state().Version != "1.0.0" {
		t.Errorf("judged by %q, %v; state = %+v", got, err, h.state())
	}
	if broken := h.Versions("desk")[2]; broken.LastError != "ended with exit status 3 before it was ready" {
		t.Errorf("the broken version: %+v", broken)
	}
	if liar := h.Versions("desk")[3]; liar.LastError != "describes itself as another version" {
		t.Errorf("the lying version: %+v", liar)
	}
}

// A plugin that is switched off has no process and takes no calls, and others go on.
func TestDisable(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{versionOf("1.0.0"), versionOf("2.0.0"), plugin("floor", "good")}})
	if err := h.Disable("desk"); err != nil {
		t.Fatal(err)
	}
	for _, started := range []string{"1.0.0", "2.0.0"} {
		if _, err := h.judgedBy(t.Context(), started); kindOf(err) != host.Unavailable {
			t.Errorf("a call of %s: %v", started, err)
		}
	}
	if err := h.Reload(t.Context(), "desk"); err == nil {
		t.Error("it was reloaded")
	}
	if err := h.Pin(t.Context(), "desk", "2.0.0"); err == nil {
		t.Error("another version was pinned")
	}
	eventually(t, "one process", func() bool { return len(childrenOf(t)) == 1 })
	if state := h.state(); !state.Disabled || state.PID != 0 {
		t.Errorf("state = %+v", state)
	}
	h.waitReady(t) // does not wait for it
	if _, err := h.judge(t.Context(), "floor", "good"); err != nil {
		t.Errorf("the other plugin: %v", err)
	}
	if err := h.Enable("desk"); err != nil {
		t.Fatal(err)
	}
	h.waitReady(t)
	if got, err := h.judgedBy(t.Context(), "1.0.0"); err != nil || got != "v1.0.0" {
		t.Errorf("judged by %q, %v", got, err)
	}
	for what, err := range map[string]error{"Disable": h.Disable("nobody"), "Enable": h.Enable("nobody"), "Reload": h.Reload(t.Context(), "nobody"), "Pin": h.Pin(t.Context(), "nobody", "")} {
		if !errors.Is(err, host.ErrUnknownVersion) {
			t.Errorf("%s of nobody: %v", what, err)
		}
	}
}

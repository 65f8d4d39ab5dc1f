package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/plugins/host/internal/badplugin"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

func TestJudge(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good")}})
	in := badplugin.Inspection("desk", "good")
	got, err := h.Judge(t.Context(), "desk", badplugin.Definition("desk", "good"), in)
	if err != nil {
		t.Fatal(err)
	}
	want, err := sdk.Judge(badplugin.Definition("desk", "good"), in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the judgement of the process differs from the one in memory (-want +got):\n%s", diff)
	}
	state := h.state()
	if state.Status != host.Ready || state.Version != "1.2.3" || len(state.SHA256) != 64 || state.PID == 0 ||
		state.Restarts != 0 || state.LastError != "" || state.Calls != 1 || state.Failures != 0 || state.CallTime <= 0 {
		t.Errorf("state = %+v", state)
	}
}

// A call that goes wrong has a kind, its text shows nothing of the inside, and
// the plugin goes on.
func TestJudgeFailures(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good")}, CallTimeout: 500 * time.Millisecond})
	pid := h.state().PID
	for behaviour, want := range map[string]host.Kind{
		"panics":     host.Failed,
		"fails":      host.Failed,
		"downstream": host.Downstream,
		"hangs":      host.Timeout,
		"garbage":    host.InvalidAnswer,
		"unfinite":   host.InvalidAnswer,
		"huge":       host.InvalidAnswer,
		"unknown":    host.UnknownDefinition,
	} {
		_, err := h.judge(t.Context(), "desk", behaviour)
		if got := kindOf(err); got != want {
			t.Errorf("%s: kind %s, want %s (%v)", behaviour, got, want, err)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows the inside: %v", behaviour, err)
		}
	}
	in := badplugin.Inspection("desk", "good")
	in.Answers[1].Number = new(-1.0)
	_, err := h.Judge(t.Context(), "desk", badplugin.Definition("desk", "good"), in)
	var rejected *checklist.InputError
	if kindOf(err) != host.InputRejected || !errors.As(err, &rejected) || rejected.Problems[0].Item != "rings" ||
		rejected.Problems[0].Code != checklist.ImpossibleNumber || rejected.Problems[0].Text.ZH == "" {
		t.Errorf("rejected answers: %v", err)
	}
	if _, err := h.judge(t.Context(), "desk", "good"); err != nil {
		t.Errorf("after all that: %v", err)
	}
	state := h.state()
	if state.PID != pid || state.Restarts != 0 || state.Calls != 9 || state.Failures != 7 {
		t.Errorf("state = %+v", state)
	}
}

func TestNewRefusesIDs(t *testing.T) {
	for _, plugins := range [][]host.Plugin{{plugin("desk", "good"), plugin("desk", "good")}, {plugin("", "good")}} {
		if h, err := host.New(host.Config{Plugins: plugins}); err == nil || h != nil {
			t.Errorf("%v: %v, %v", plugins, h, err)
		}
	}
}

func TestRunTwice(t *testing.T) {
	h, err := host.New(host.Config{TempDir: tempDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Run(ctx); err != nil {
		t.Errorf("the first time: %v", err)
	}
	if err := h.Run(ctx); err == nil {
		t.Error("the second time: no error")
	}
}

// A plugin in a language without TLS is reached through its socket alone.
func TestNoTLS(t *testing.T) {
	spec := plugin("desk", "good")
	spec.NoTLS = true
	h := ready(t, host.Config{Plugins: []host.Plugin{spec}})
	got, err := h.judge(t.Context(), "desk", "environment")
	if err != nil || strings.Contains(got.Arithmetic, "PLUGIN_CLIENT_CERT") {
		t.Errorf("%v: %s", err, got.Arithmetic)
	}
}

func TestTempDirTooLong(t *testing.T) {
	h, err := host.New(host.Config{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "too long for a socket") {
		t.Errorf("err = %v", err)
	}
}

func TestJudgeUnknownPlugin(t *testing.T) {
	h := run(t, host.Config{})
	if _, err := h.Judge(t.Context(), "nobody", checklist.Definition{}, checklist.Inspection{}); kindOf(err) != host.Unavailable {
		t.Errorf("err = %v", err)
	}
}

// An inspection is judged by the definition that it was started with, or not at
// all. One that comes back from its record is the same.
func TestJudgeByFrozenDefinition(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good")}})
	described, ok := h.Described("desk")
	if !ok {
		t.Fatal("the plugin is ready and has no description")
	}
	record, err := json.Marshal(described.Description.Checklists[0])
	if err != nil {
		t.Fatal(err)
	}
	var frozen checklist.Definition
	if err := json.Unmarshal(record, &frozen); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Judge(t.Context(), "desk", frozen, badplugin.Inspection("desk", "good")); err != nil {
		t.Errorf("by the present definition: %v", err)
	}
	if _, err := h.Judge(t.Context(), "desk", frozen, badplugin.Inspection("desk", "slow")); kindOf(err) != host.UnknownDefinition {
		t.Errorf("by the definition of another checklist: %v", err)
	}
	frozen.Sections[0].Items[0].Weight = 3
	if _, err := h.Judge(t.Context(), "desk", frozen, badplugin.Inspection("desk", "good")); kindOf(err) != host.UnknownDefinition {
		t.Errorf("by an older definition: %v", err)
	}
}

// Input that doesn't fit into a message is refused before it is sent.
func TestJudgeMessageLimit(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good")}})
	in := badplugin.Inspection("desk", "good")
	in.Answers[0].Item = strings.Repeat("x", sdk.MaxMessage)
	if _, err := h.Judge(t.Context(), "desk", badplugin.Definition("desk", "good"), in); kindOf(err) != host.InputRejected {
		t.Errorf("err = %v", err)
	}
}

// The caller's own haste is not the plugin's fault.
func TestJudgeCallerGoesAway(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good")}})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := h.judge(ctx, "desk", "hangs"); !errors.Is(err, context.DeadlineExceeded) || errors.As(err, new(*host.Error)) {
		t.Errorf("err = %v", err)
	}
	if state := h.state(); state.Status != host.Ready || state.Calls != 0 {
		t.Errorf("state = %+v", state)
	}
}

// As many calls as allowed are made at once, and never more.
func TestJudgeConcurrently(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good"), plugin("floor", "good")}, MaxConcurrent: 4, CallTimeout: 10 * time.Second})
	var wait sync.WaitGroup
	for i := range 32 { // for each plugin four times as many as it takes
		id := []string{"desk", "floor"}[i%2]
		wait.Go(func() {
			got, err := h.judge(t.Context(), id, "meets")
			if err != nil || got.Arithmetic != "4" {
				t.Errorf("%s calls at once, %v", got.Arithmetic, err)
			}
		})
	}
	wait.Wait()
}

// More calls than slots wait for their turn, and not for ever.
func TestJudgeBusy(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good")}, MaxConcurrent: 1, CallTimeout: 300 * time.Millisecond})
	results := make(chan error)
	for range 3 {
		go func() {
			_, err := h.judge(t.Context(), "desk", "hangs")
			results <- err
		}()
	}
	kinds := []host.Kind{kindOf(<-results), kindOf(<-results), kindOf(<-results)}
	if !slices.Contains(kinds, host.Timeout) || !slices.Contains(kinds, host.Unavailable) {
		t.Errorf("kinds = %v", kinds)
	}
}

// A plugin that ends takes its calls with it at once, and comes back.
func TestCrash(t *testing.T) {
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good"), plugin("floor", "good")}})
	inFlight := make(chan error, 1)
	go func() {
		_, err := h.judge(t.Context(), "desk", "hangs")
		inFlight <- err
	}()
	_, err := h.judge(t.Context(), "desk", "exits")
	crashed := time.Now()
	if kindOf(err) != host.Unavailable {
		t.Errorf("the call that crashed it: %v", err)
	}
	if err := <-inFlight; kindOf(err) != host.Unavailable {
		t.Errorf("the call beside it: %v", err)
	}
	if took := time.Since(crashed); took > 100*time.Millisecond {
		t.Errorf("the call beside it took %v longer", took)
	}
	state := h.await(t, "a pause after the crash", func(s host.State) bool { return s.Status == host.Waiting })
	if state.LastError != "ended with exit status 7" || state.PID != 0 {
		t.Errorf("state = %+v", state)
	}
	began := time.Now()
	if _, err := h.judge(t.Context(), "desk", "good"); kindOf(err) != host.Unavailable || time.Since(began) > 100*time.Millisecond {
		t.Errorf("a call in the pause: %v after %v", err, time.Since(began))
	}
	if _, err := h.judge(t.Context(), "floor", "good"); err != nil {
		t.Errorf("the other plugin: %v", err)
	}
	h.waitReady(t)
	if _, err := h.judge(t.Context(), "desk", "good"); err != nil {
		t.Errorf("after the restart: %v", err)
	}
	if state := h.state(); state.Restarts != 1 {
		t.Errorf("state = %+v", state)
	}
}

// A plugin that cannot be started says why, and others run.
func TestBadStarts(t *testing.T) {
	cfg := host.Config{
		StartTimeout: 3 * time.Second,
		Restart:      host.Restart{MinPause: time.Hour, MaxPause: time.Hour},
		Plugins: []host.Plugin{
			{ID: "missing", Path: "/no/such/program"},
			{ID: "swapped", Path: badProgram, Args: []string{"serve", "swapped", "good"}, SHA256: strings.Repeat("0", 64)},
			{ID: "no-program", Path: "/etc/hostname"},
			plugin("good", "good"),
		},
	}
	want := map[string]string{
		"missing":         "has no program that can be read",
		"swapped":         "is not the registered program: its sha256 differs",
		"no-program":      "could not be started",
		"exit":            "ended with exit status 3 before it was ready",
		"noise":           "printed something before its handshake",
		"silent":          "was not ready within 3s",
		"mute":            "could not be connected to",
		"deaf":            "was not ready within 3s",
		"tcp":             "could not be connected to",
		"wrong-id":        "describes itself as another plugin",
		"bad-description": "has an invalid description",
		"undescribed":     "could not describe itself",
	}
	for id := range want {
		if !slices.ContainsFunc(cfg.Plugins, func(p host.Plugin) bool { return p.ID == id }) {
			cfg.Plugins = append(cfg.Plugins, plugin(id, id))
		}
	}
	h := run(t, cfg)
	eventually(t, "all have failed or are ready", func() bool {
		return !slices.ContainsFunc(h.States(), func(s host.State) bool { return s.Status != host.Waiting && s.Status != host.Ready })
	})
	for _, state := range h.States() {
		if state.LastError != want[state.ID] {
			t.Errorf("%s: %q, want %q", state.ID, state.LastError, want[state.ID])
		}
		if (state.Status == host.Ready) != (state.ID == "good") {
			t.Errorf("%s is %s", state.ID, state.Status)
		}
	}
}

// The server sees each description before the first call, and can refuse it.
func TestAccept(t *testing.T) {
	var mu sync.Mutex
	var seen []host.Described
	refused := errors.New("secret database is down")
	h := run(t, host.Config{
		Plugins: []host.Plugin{plugin("desk", "good")},
		Restart: host.Restart{MinPause: 10 * time.Millisecond},
		Accept: func(_ context.Context, d host.Described) error {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, d)
			if len(seen) == 1 {
				return refused
			}
			return nil
		},
	})
	h.waitReady(t)
	mu.Lock()
	defer mu.Unlock()
	if len(seen) != 2 || seen[1].Description.Version != "1.2.3" || seen[1].SHA256 != h.state().SHA256 {
		t.Errorf("seen = %d descriptions", len(seen))
	}
	if state := h.state(); state.LastError != "was not accepted by the server" || state.Restarts != 1 {
		t.Errorf("state = %+v", state)
	}
}

// Two plugins cannot have the same checklist.
func TestClaims(t *testing.T) {
	h := run(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good"), plugin("copy", "copies-desk")}, Restart: host.Restart{MinPause: time.Hour, MaxPause: time.Hour}})
	eventually(t, "one is refused", func() bool {
		return slices.ContainsFunc(h.States(), func(s host.State) bool {
			return s.LastError == "describes a checklist that belongs to another plugin"
		})
	})
}

// Five failures lead into quarantine, a good start out of it.
func TestQuarantine(t *testing.T) {
	h := ready(t, host.Config{
		Plugins: []host.Plugin{plugin("desk", "good")},
		Restart: host.Restart{MinPause: 50 * time.Millisecond},
	})
	for i := range 5 {
		h.waitReady(t)
		if _, err := h.judge(t.Context(), "desk", "exits"); kindOf(err) != host.Unavailable {
			t.Fatal(err)
		}
		h.await(t, "what follows the crash", func(s host.State) bool { return s.Restarts == i+1 || s.Status == host.Quarantined })
	}
	if state := h.state(); state.Status != host.Quarantined || state.Restarts != 4 {
		t.Errorf("state = %+v", state)
	}
	h.waitReady(t)
	if _, err := h.judge(t.Context(), "desk", "good"); err != nil {
		t.Error(err)
	}
}

// What a plugin prints is drained, limited and logged with its level.
func TestOutput(t *testing.T) {
	h, log := readyWithLog(t, host.Config{Plugins: []host.Plugin{plugin("desk", "crooked-log")}, CallTimeout: 20 * time.Second})
	if _, err := h.judge(t.Context(), "desk", "prints"); err != nil {
		t.Fatal(err)
	}
	state := h.await(t, "dropped lines", func(s host.State) bool { return s.DroppedLines > 39_000 })
	if _, err := h.judge(t.Context(), "desk", "panics"); kindOf(err) != host.Failed {
		t.Error(err)
	}
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	lines := log.lines()
	if len(lines) > 600 {
		t.Errorf("%d lines were logged, %d dropped", len(lines), state.DroppedLines)
	}
	for _, want := range []string{
		`"level":"info","plugin":"desk","stream":"stderr","text":"judging","fields":{"count":5}`,
		`"level":"debug","plugin":"desk","stream":"stderr","text":"{\"@message\": 5`,
		`"level":"warn","plugin":"desk","lines":`,
	} {
		if !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, want) }) {
			t.Errorf("the log lacks %s", want)
		}
	}
	for _, line := range lines {
		if len(line) > 20<<10 {
			t.Errorf("a line of %d bytes", len(line))
		}
		if strings.Contains(line, "disco") {
			t.Errorf("what was panicked with is logged: %s", line)
		}
	}
}

// A process starts with nothing of the server's environment.
func TestEnvironment(t *testing.T) {
	t.Setenv("ROUNDS_DATABASE_URL", "postgres://secret")
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good")}})
	got, err := h.judge(t.Context(), "desk", "environment")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{
		"PLUGIN_CLIENT_CERT", "PLUGIN_MAX_PORT", "PLUGIN_MIN_PORT", "PLUGIN_PROTOCOL_VERSIONS",
		"PLUGIN_UNIX_SOCKET_DIR", "ROUNDS_PLUGIN",
	}
	var names []string
	for _, variable := range strings.Split(got.Arithmetic, "\x1f") {
		name, _, _ := strings.Cut(variable, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	if diff := cmp.Diff(allowed, names); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	got, err = h.judge(t.Context(), "desk", "directory")
	if err != nil || !strings.Contains(got.Arithmetic, "rounds-plugins-") {
		t.Errorf("working directory %q, %v", got.Arithmetic, err)
	}
}

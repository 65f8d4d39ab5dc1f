package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// process is a server that runs as a process of its own.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	addr  string
	token string // of the administrator, at a first start
	log   *bytes.Buffer
	ended chan struct{}
}

var (
	servesAt    = regexp.MustCompile(`serves http://([^/]+)/graphql`)
	secretToken = regexp.MustCompile(`rounds_[A-Z0-9]{52}`)
)

// startServer starts a server and waits until it has said where it serves.
func startServer(t *testing.T, args ...string) *process {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, log: new(bytes.Buffer), ended: make(chan struct{})}
	p.cmd = exec.Command(program, append([]string{"--addr", "127.0.0.1:0"}, args...)...)
	p.cmd.Args[0] = "server" // which is what TestMain goes by
	p.cmd.Env = append(os.Environ(), "ROUNDS_LOG_FORMAT=json")
	p.cmd.Stderr = p.log
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it may have ended
		<-p.ended
		if t.Failed() {
			t.Logf("log of the server:\n%s", p.log)
		}
	})
	said := make(chan struct{})
	go func() {
		defer close(p.ended)
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if m := secretToken.FindString(lines.Text()); m != "" {
				p.token = m
			}
			if m := servesAt.FindStringSubmatch(lines.Text()); m != nil {
				p.addr = m[1]
				close(said)
			}
		}
		_ = p.cmd.Wait() // how it ended is looked at by the tests that end it
	}()
	select {
	case <-said:
	case <-p.ended:
		t.Fatalf("the server ended at once:\n%s", p.log)
	case <-time.After(time.Minute):
		t.Fatal("the server does not say where it serves")
	}
	return p
}

// post asks the API and returns the data of the answer.
func (p *process) post(query string) map[string]any {
	p.t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, "http://"+p.addr+"/graphql", bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		p.t.Fatal(err)
	}
	if len(answer.Errors) > 0 {
		p.t.Fatalf("%s: %v", query, answer.Errors)
	}
	return answer.Data
}

// pluginPIDs waits until all plugins are ready and returns their process ids.
func (p *process) pluginPIDs() map[string]int {
	p.t.Helper()
	pids := map[string]int{}
	within(p.t, time.Minute, "all plugins are ready", func() bool {
		data := p.post(`{ plugins { nodes { code process { state pid } } } }`)
		for _, n := range data["plugins"].(map[string]any)["nodes"].([]any) {
			node := n.(map[string]any)
			if process := node["process"].(map[string]any); process["state"] == "READY" {
				pids[node["code"].(string)] = int(process["pid"].(float64))
			}
		}
		return len(pids) == len(builtin)
	})
	return pids
}

// within waits until something is so.
func within(t *testing.T, limit time.Duration, what string, is func() bool) {
	t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("not within %v: %s", limit, what)
		}
	}
}

// gone reports whether a process has ended, whoever has to reap it.
func gone(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// events subscribes by server-sent events and hands over the data of each.
func (p *process) events(after string) <-chan string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, "http://"+p.addr+"/graphql",
		strings.NewReader(`{"query": "subscription { events { cursor kind } }"}`))
	if err != nil {
		p.t.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "Accept": "text/event-stream",
		"Authorization": "Bearer " + p.token, "Last-Event-ID": after} {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	data := make(chan string, 1000)
	go func() {
		defer close(data)
		defer func() { _ = resp.Body.Close() }()
		lines := bufio.NewReader(resp.Body)
		for {
			line, err := lines.ReadString('\n')
			if text, ok := strings.CutPrefix(line, "data: "); ok && strings.Contains(text, "cursor") {
				data <- text
			}
			if err != nil {
				return
			}
		}
	}()
	return data
}

const openCase = `mutation { caseOpen(input: {kind: COMPLAINT, channel: TELEPHONE, subject: "Room too cold"}) { case { number } cursor errors { message } } }`

func TestServerEndsInTimeWhateverAPluginDoes(t *testing.T) {
	p := startServer(t, "--data-dir", t.TempDir())
	pids := p.pluginPIDs()
	if err := syscall.Kill(pids["frontdesk"], syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the server has not ended 10 s after SIGTERM")
	}
	t.Logf("ended %v after SIGTERM with a stopped plugin", time.Since(start).Round(time.Millisecond))
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for id, pid := range pids {
		within(t, 5*time.Second, "the plugin "+id+" is gone", func() bool { return gone(pid) })
	}
}

func TestNoPluginOutlivesAKilledServer(t *testing.T) {
	p := startServer(t, "--data-dir", t.TempDir())
	pids := p.pluginPIDs()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.ended
	for id, pid := range pids {
		within(t, 5*time.Second, "the plugin "+id+" is gone", func() bool { return gone(pid) })
	}
}

func TestASubscriberThatComesBackMissesNothing(t *testing.T) {
	dir := t.TempDir()
	p := startServer(t, "--data-dir", dir)
	first := p.post(openCase)["caseOpen"].(map[string]any)
	token := p.token

	// Killed between the commit and, perhaps, the delivery.
	go func() {
		_, _ = http.Post("http://"+p.addr+"/graphql", "application/json", nil) // wakes the server while it is killed
	}()
	p.post(openCase)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.ended

	again := startServer(t, "--data-dir", dir)
	if again.token != "" {
		t.Error("a second start made another administrator")
	}
	again.token = token
	third := again.post(openCase)["caseOpen"].(map[string]any)
	seen := again.events(first["cursor"].(string))
	var kinds []string
	for data := range seen {
		if strings.Contains(data, `"case.opened"`) {
			kinds = append(kinds, data)
		}
		if strings.Contains(data, `"cursor":"`+third["cursor"].(string)+`"`) {
			break
		}
	}
	if len(kinds) != 2 {
		t.Errorf("after the first case, %d openings were delivered, want 2: %v", len(kinds), kinds)
	}
}

func TestServersOnOneDatabaseShareTheLog(t *testing.T) {
	url, keys := dbtest.PostgresURL(t), filepath.Join(t.TempDir(), "keys")
	start := func() *process {
		return startServer(t, "--data-dir", t.TempDir(), "--database-url", url, "--key-file", keys)
	}
	a := start()
	b := start()
	b.token = a.token
	b.pluginPIDs() // its start has published nothing new
	events := b.events("")
	opened := a.post(openCase)["caseOpen"].(map[string]any)
	for data := range events {
		if strings.Contains(data, `"cursor":"`+opened["cursor"].(string)+`"`) {
			return
		}
	}
	t.Error("the event of one server did not arrive at the other's subscriber")
}

func TestARevokedTokenEndsWhatItOpened(t *testing.T) {
	dir := t.TempDir()
	p := startServer(t, "--data-dir", dir)
	run := func(args ...string) string {
		t.Helper()
		program, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(program, append([]string{"--data-dir", dir, "token"}, args...)...)
		cmd.Args[0] = "server"
		cmd.Stderr = io.Discard
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("token %v: %v", args, err)
		}
		return strings.TrimSpace(string(out))
	}
	other := *p
	other.token = run("create", "--name", "follower", "--scope", "cases:read")
	events := other.events("0")
	id := regexp.MustCompile(`tok_\S+ +follower`).FindString(run("list"))
	run("revoke", strings.Fields(id)[0])
	for range events { // ends with the stream
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+p.addr+"/graphql", strings.NewReader(`{"query": "{ viewer { role } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+other.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("status %d for a revoked token, want 401", resp.StatusCode)
	}
}

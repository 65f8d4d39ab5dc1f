package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/events"
)

// printed is what a command prints while it runs.
type printed struct {
	mu    sync.Mutex
	text  strings.Builder
	first func() // called at the first word; may be nil
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.text.Len() == 0 && p.first != nil {
		p.first()
	}
	return p.text.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// temporary gives the test a folder for temporary files of its own, short enough
// for the plugins' sockets, in which nothing may be left at the end.
func temporary(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("", "rt")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("left in the folder for temporary files: %v, %v", left, err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
}

// demonstration is a demo that serves, and what it reported.
type demonstration struct {
	t      *testing.T
	report report
	stdout *printed
	stop   func() int // ends it and returns its exit code
}

func startDemo(t *testing.T, args ...string) *demonstration {
	t.Helper()
	out := filepath.Join(t.TempDir(), "report.json")
	ctx, cancel := context.WithCancel(t.Context())
	d := &demonstration{t: t, stdout: new(printed)}
	stderr := new(printed)
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"demo", "--addr", "127.0.0.1:0", "--out", out}, args...), d.stdout, stderr)
	}()
	d.stop = sync.OnceValue(func() int { cancel(); return <-code })
	t.Cleanup(func() {
		d.stop()
		if t.Failed() {
			t.Logf("the demo printed:\n%s\n%s", d.stdout, stderr)
		}
	})
	within(t, 5*time.Minute, "the demo has written its report", func() bool {
		select {
		case ended := <-code:
			code <- ended
			t.Fatalf("the demo ended with %d", ended)
		default:
		}
		return strings.Contains(d.stdout.String(), "curl -N")
	})
	content, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = content.Close() }() // it was only read
	decoder := json.NewDecoder(content)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d.report); err != nil {
		t.Fatal(err)
	}
	return d
}

// seen is what one token sees.
type seen struct {
	Viewer struct {
		Role  string
		Staff *struct{ Name string }
	}
	Customers, Cases, Inspections, Appraisals, Staff struct{ TotalCount int }
	Plugins                                          struct{ Nodes []struct{ Code string } }
	Node                                             *struct{ Number string }
	refused                                          []string // lists that may not be asked for
}

func (d *demonstration) seenBy(role string) seen {
	d.t.Helper()
	var answer struct {
		Data   seen
		Errors []struct {
			Path       []any
			Extensions struct{ Code string }
		}
	}
	api := &apiClient{url: d.report.GraphQL, language: "en", http: http.DefaultClient}
	resp, err := api.send(d.t.Context(), d.report.Tokens[role], `query($id:ID!){viewer{role staff{name}} customers(first:1){totalCount} cases(first:1){totalCount}
		inspections(first:1){totalCount} appraisals(first:1){totalCount} staff(first:1){totalCount} plugins{nodes{code}}
		node(id:$id){... on Case{number}}}`, variables{"id": d.report.Story.Case}, "application/graphql-response+json")
	if err != nil {
		d.t.Fatalf("%s: %v", role, err)
	}
	defer func() { _ = resp.Body.Close() }() // it was only read
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		d.t.Fatalf("%s: %v", role, err)
	}
	for _, e := range answer.Errors {
		if e.Extensions.Code != "FORBIDDEN" {
			d.t.Errorf("%s is answered %+v", role, e)
		}
		answer.Data.refused = append(answer.Data.refused, fmt.Sprint(e.Path...))
	}
	slices.Sort(answer.Data.refused)
	return answer.Data
}

func TestDemoServesItsCompany(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	defer http.DefaultClient.CloseIdleConnections()
	temporary(t)
	d := startDemo(t)
	d.checkReport()
	d.checkRoles()
	d.checkChart()
	d.checkCommands()
	if code := d.stop(); code != 0 {
		t.Errorf("stopped, the demo ended with %d", code)
	}
}

// checkReport looks at the file for scripts.
func (d *demonstration) checkReport() {
	t, r := d.t, d.report
	if r.GraphQL != "http://"+r.Address+"/graphql" || r.Explore != "http://"+r.Address+"/explore/" || r.Loaded.Seconds <= 0 {
		t.Errorf("reported %+v", r)
	}
	s := r.Story
	if s.Checklist != storyChecklist || s.Plugin.Code != storyPlugin || s.Plugin.PID == 0 || s.Plugin.PID == os.Getpid() || s.Plugin.Version == "" ||
		s.Score != 81.25 || s.Passed || !strings.HasSuffix(s.Arithmetic, "= 81.25") {
		t.Errorf("of the judgement is reported %+v", s)
	}
	for value, pattern := range map[string]string{
		s.Inspection: `^insp_[0-9a-z]{26}$`, s.Finding: `^find_[0-9a-z]{26}$`, s.Case: `^case_[0-9a-z]{26}$`, s.Number: `^\d{4}-\d{6}$`, s.Cursor: `^\d+$`,
	} {
		if !regexp.MustCompile(pattern).MatchString(value) {
			t.Errorf("reported %q, want %s", value, pattern)
		}
	}
	if s.DeliveredMS < 0 || s.DeliveredMS > float64(deliveryTime.Milliseconds()) || s.Verified < int64(r.Loaded.Events) {
		t.Errorf("reported %+v", s)
	}
	for _, text := range []string{s.Number, fmt.Sprintf("process %d", s.Plugin.PID), r.Explore, fmt.Sprintf("Loaded in %.1f s", r.Loaded.Seconds)} {
		if !strings.Contains(d.stdout.String(), text) {
			t.Errorf("it is not printed: %s", text)
		}
	}
}

// checkRoles looks at the company with each token.
func (d *demonstration) checkRoles() {
	t, l := d.t, d.report.Loaded
	views := map[string]seen{}
	for role := range d.report.Tokens {
		v := d.seenBy(role)
		views[role] = v
		if v.Viewer.Role != role || (v.Viewer.Staff == nil) != (role == string(ent.Integrator)) {
			t.Errorf("the token of %s is that of %+v", role, v.Viewer)
		}
		if admin := role == "ADMINISTRATOR"; admin != (len(v.Plugins.Nodes) == len(builtin)) {
			t.Errorf("%s sees the plugins %v", role, v.Plugins.Nodes)
		}
		refused := []string{"plugins"}
		switch role {
		case "ADMINISTRATOR":
			refused = nil
		case string(ent.Integrator):
			refused = []string{"appraisals", "plugins"}
		}
		if !slices.Equal(v.refused, refused) {
			t.Errorf("%s is refused %v, want %v", role, v.refused, refused)
		}
		if v.Staff.TotalCount == 0 || v.Node != nil && v.Node.Number != d.report.Story.Number {
			t.Errorf("%s sees %d staff, and of the story's case %+v", role, v.Staff.TotalCount, v.Node)
		}
	}
	if len(views) != 9 {
		t.Errorf("there are tokens of %d roles", len(views))
	}
	all := seen{}
	all.Customers.TotalCount, all.Cases.TotalCount, all.Inspections.TotalCount, all.Appraisals.TotalCount = l.Customers, l.Cases+1, l.Inspections+1, l.Appraisals
	for role, want := range map[string]struct{ customers, cases, inspections, appraisals, knowsCase bool }{
		"EXECUTIVE": {true, true, true, true, true}, "ADMINISTRATOR": {true, true, true, true, true},
		"QUALITY_OFFICER": {false, true, true, false, true}, "HUMAN_RESOURCES": {false, false, false, true, false},
		"INTEGRATOR": {true, true, true, false, true},
		"STAFF":      {}, "TEAM_LEAD": {knowsCase: true}, "DEPARTMENT_MANAGER": {knowsCase: true}, "SITE_MANAGER": {knowsCase: true},
	} {
		v := views[role]
		got := want
		got.customers, got.cases = v.Customers == all.Customers, v.Cases == all.Cases
		got.inspections, got.appraisals = v.Inspections == all.Inspections, v.Appraisals == all.Appraisals
		got.knowsCase = v.Node != nil
		if got != want {
			t.Errorf("%s sees all, and the case: %+v, want %+v", role, got, want)
		}
	}
	cases := []int{0}
	for _, role := range []string{"STAFF", "TEAM_LEAD", "DEPARTMENT_MANAGER", "SITE_MANAGER", "EXECUTIVE"} {
		if v := views[role]; v.Customers.TotalCount == 0 || v.Inspections.TotalCount == 0 || v.Appraisals.TotalCount == 0 {
			t.Errorf("%s sees too little: %+v", role, v)
		}
		cases = append(cases, views[role].Cases.TotalCount)
	}
	if !slices.IsSorted(cases) || len(slices.Compact(slices.Clone(cases))) != len(cases) {
		t.Errorf("up the chain of management these many cases are seen: %v", cases)
	}
}

// checkCommands carries out what is printed for pasting.
func (d *demonstration) checkCommands() {
	command := regexp.MustCompile(`curl (-N )?.*'Authorization: Bearer (\w+)'.* -d '(.*)' (http\S+)`)
	found := command.FindAllStringSubmatch(d.stdout.String(), -1)
	if len(found) != 2 {
		d.t.Fatalf("%d commands are printed", len(found))
	}
	for _, c := range found {
		api := &apiClient{url: c[4], language: "en", http: http.DefaultClient}
		var body struct{ Query string }
		if err := json.Unmarshal([]byte(c[3]), &body); err != nil {
			d.t.Fatal(err)
		}
		if c[1] == "" {
			var open struct {
				Cases struct{ Nodes []struct{ Number string } }
			}
			if err := api.query(d.t.Context(), c[2], body.Query, nil, &open); err != nil || len(open.Cases.Nodes) == 0 {
				d.t.Errorf("the printed query was answered %+v, %v", open, err)
			}
			continue
		}
		ctx, cancel := context.WithCancel(d.t.Context())
		live, err := api.subscribe(ctx, c[2], body.Query, func() time.Time { return time.Time{} })
		if err != nil {
			d.t.Fatal(err)
		}
		e, err := live.await(ctx)
		if err != nil || e.SubjectID != d.report.Story.Inspection {
			d.t.Errorf("the printed subscription begins with %+v, %v", e, err)
		}
		cancel()
		<-live.ended
	}
}

func TestDemoThatCannotRunFails(t *testing.T) {
	temporary(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }() // the test is over
	stderr := new(printed)
	if code := run(t.Context(), []string{"demo", "--exit", "--addr", taken.Addr().String()}, io.Discard, stderr); code != 1 || !strings.Contains(stderr.String(), "address already in use") {
		t.Errorf("with an address that is in use the demo ended with %d and said %s", code, stderr)
	}
}

func TestDemoIsStoppedWhileItLoads(t *testing.T) {
	temporary(t)
	for args, want := range map[string]int{"demo": 0, "demo --exit": 1} {
		ctx, cancel := context.WithCancel(t.Context())
		stderr := new(printed)
		code := run(ctx, append(strings.Fields(args), "--addr", "127.0.0.1:0"), &printed{first: cancel}, stderr)
		if code != want {
			t.Errorf("stopped, %s ended with %d, want %d: %s", args, code, want, stderr)
		}
		cancel()
	}
}

// TestStorySaysWhichStepFailed tells the story to servers that do not go along.
func TestStorySaysWhichStepFailed(t *testing.T) {
	const lookUp = `{"data":{"departments":{"nodes":[{"id":"dept_1"}]},"viewer":{"staff":{"id":"staff_1"}}}}`
	for name, c := range map[string]struct {
		stream, query, mutation string // answers; "" for a refusal
		want                    string
	}{
		"nothing works":         {"", "", "", "step 1, a subscriber listens: the stream was answered 401"},
		"queries fail":          {":\n\n", `{"errors":[{"message":"no such field"}]}`, "", "step 2, the inspection starts: the API answered 200 OK: no such field"},
		"nonsense":              {":\n\n", `<html>`, "", "step 2, the inspection starts: reading the answer (200 OK)"},
		"the change is refused": {":\n\n", lookUp, `{"data":{"inspectionStart":{"errors":[{"code":"NOT_FOUND","path":["input","checklist"],"message":"no such record"}]}}}`, "step 2, the inspection starts: inspectionStart was refused: NOT_FOUND input.checklist no such record"},
	} {
		t.Run(name, func(t *testing.T) {
			stub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				answer := c.query
				switch {
				case strings.Contains(string(body), "subscription"):
					answer = c.stream
				case strings.Contains(string(body), "mutation"):
					answer = c.mutation
				}
				if answer == "" {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				_, _ = io.WriteString(w, answer)
			}))
			defer stub.Close()
			err := storyAt(stub.URL).story(t.Context())
			if err == nil || !strings.Contains(err.Error(), "the story failed at "+c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

func storyAt(url string) *telling {
	return &telling{
		demoCommand: &demoCommand{}, session: &session{stdout: io.Discard}, server: &server{core: &core{events: events.New(events.Config{})}},
		present: func() time.Time { return time.Time{} }, report: report{GraphQL: url, Tokens: map[string]string{}},
	}
}

func TestSubscriberEndsWithItsStream(t *testing.T) {
	for stream, want := range map[string]string{
		"event: complete\ndata:\n\n":                                 "the stream of events ended",
		"event: next\ndata: {\"errors\":[{\"message\":\"no\"}]}\n\n": "the stream told an error",
		"event: next\ndata: {\n\n":                                   "reading an event",
	} {
		stub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, stream) }))
		api := &apiClient{url: stub.URL, http: stub.Client()}
		live, err := api.subscribe(t.Context(), "", "", func() time.Time { return time.Time{} })
		if err == nil {
			_, err = live.await(t.Context())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q ended with %v, want %s", stream, err, want)
		}
		stub.Close()
	}
}

func TestReportIsThereCompletelyOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.json")
	for _, address := range []string{"first", "second"} {
		if err := writeReport(path, report{Address: address}); err != nil {
			t.Fatal(err)
		}
		var got report
		content, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(content, &got)
		}
		if err != nil || got.Address != address {
			t.Errorf("wrote %q: %+v, %v", address, got, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file with the tokens: %v, %v", info, err)
	}
	if err := writeReport(filepath.Join(dir, "none", "report.json"), report{}); err == nil {
		t.Error("a report was written into a folder that is not there")
	}
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := writeReport(filepath.Join(dir, "taken"), report{}); err == nil {
		t.Error("a report took the place of a folder")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

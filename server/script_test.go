package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/seed-34fcb60d/rounds/graph"
)

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serve, "halt": halt, "clock": setClock, "enter": enter, "ask": ask, "until": until, "do": act, "save": save, "keep": keep,
			"slay": slay, "golang": golang, "checkout": checkout, "tidy": tidy, "replace": replace,
		},
		Setup: func(env *testscript.Env) error {
			// The plugins' sockets are in the folder for temporary files, whose path has to
			// be short for that. Nothing may be left in it.
			dir, err := os.MkdirTemp("", "rt")
			if err != nil {
				return err
			}
			env.Setenv("TMPDIR", dir)
			env.Values[stageKey{}] = &stage{env: env}
			env.Defer(func() {
				left, err := os.ReadDir(dir)
				if err = errors.Join(err, os.RemoveAll(dir)); err != nil || len(left) > 0 {
					t.Errorf("left in the folder for temporary files: %v, %v", left, err)
				}
			})
			return nil
		},
	})
}

// stage is what the commands of a script share.
type stage struct {
	env    *testscript.Env
	server *served
	answer any // of the last ask, until or do
}

type stageKey struct{}

func stageOf(ts *testscript.TestScript) *stage { return ts.Value(stageKey{}).(*stage) }

// served is a server in the background of a script.
type served struct {
	url   string
	cmd   *exec.Cmd
	log   bytes.Buffer  // to be read when it has ended
	ended chan struct{} // closed then
}

// environ is the environment of a script, with the settings that it made itself.
func environ(ts *testscript.TestScript) []string {
	vars := slices.Clone(stageOf(ts).env.Vars)
	for _, name := range []string{"ROUNDS_DATA_DIR", "ROUNDS_TEST_CLOCK"} {
		if value := ts.Getenv(name); value != "" {
			vars = append(vars, name+"="+value)
		}
	}
	return vars
}

// serve starts a server on a free port, with the flags that are given, and waits
// until it serves: serve [flag…]
func serve(ts *testscript.TestScript, neg bool, args []string) {
	s := stageOf(ts)
	if neg || s.server != nil {
		ts.Fatalf("usage: serve [flag…], once at a time")
	}
	program, err := os.Executable()
	ts.Check(err)
	v := &served{cmd: exec.Command(program, append([]string{"--addr", "127.0.0.1:0"}, args...)...), ended: make(chan struct{})}
	v.cmd.Args[0], v.cmd.Dir, v.cmd.Env, v.cmd.Stderr = "server", s.env.WorkDir, environ(ts), &v.log
	stdout, err := v.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(v.cmd.Start())
	s.server = v
	ts.Defer(func() { s.end(ts) })
	said := make(chan string, 1)
	go func() {
		defer close(v.ended)
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if m := servesAt.FindStringSubmatch(lines.Text()); m != nil {
				said <- "http://" + m[1]
			}
		}
		_ = v.cmd.Wait() // how it ended is seen by end
	}()
	select {
	case v.url = <-said:
		ts.Setenv("URL", v.url)
	case <-v.ended:
		ts.Fatalf("the server ended at once:\n%s", v.log.String())
	case <-time.After(time.Minute):
		ts.Fatalf("the server does not say where it serves")
	}
}

// halt ends the server, whose log is then what stderr looks at: halt
func halt(ts *testscript.TestScript, neg bool, args []string) {
	s := stageOf(ts)
	if neg || len(args) > 0 || s.server == nil {
		ts.Fatalf("usage: halt, after serve")
	}
	v := s.server
	s.end(ts)
	if code := v.cmd.ProcessState.ExitCode(); code != 0 {
		ts.Fatalf("the server ended with %d:\n%s", code, v.log.String())
	}
	_, err := v.log.WriteTo(ts.Stderr())
	ts.Check(err)
}

// end ends the server, if there still is one.
func (s *stage) end(ts *testscript.TestScript) {
	if s.server == nil {
		return
	}
	_ = s.server.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-s.server.ended:
	case <-time.After(time.Minute):
		_ = s.server.cmd.Process.Kill()
		<-s.server.ended
		ts.Logf("the server had to be killed")
	}
	s.server = nil
}

// setClock moves the clock of a server that runs with --test-clock clock: clock TIME
func setClock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: clock TIME")
	}
	file := ts.MkAbs("clock")
	ts.Check(os.WriteFile(file+".new", []byte(args[0]), 0o600))
	ts.Check(os.Rename(file+".new", file))
}

// enter gives somebody a token, for ask, until and do: enter NAME [flag of token create…]
func enter(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: enter NAME [flag…]")
	}
	program, err := os.Executable()
	ts.Check(err)
	cmd := exec.Command(program, append([]string{"token", "create"}, args[1:]...)...)
	cmd.Args[0], cmd.Dir, cmd.Env = "server", stageOf(ts).env.WorkDir, environ(ts)
	printed, err := cmd.CombinedOutput()
	token := secretToken.FindString(string(printed))
	if err != nil || token == "" {
		ts.Fatalf("token create: %v: %s", err, printed)
	}
	ts.Setenv("TOKEN_"+args[0], token)
}

// post sends an operation in somebody's name.
func post(ts *testscript.TestScript, who, query string, v variables) (data map[string]any, refused error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": v})
	ts.Check(err)
	req, err := http.NewRequest(http.MethodPost, stageOf(ts).server.url+"/graphql", bytes.NewReader(body))
	ts.Check(err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+ts.Getenv("TOKEN_"+who))
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer func() { _ = resp.Body.Close() }() // it was only read
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	ts.Check(json.NewDecoder(resp.Body).Decode(&answer))
	if len(answer.Errors) > 0 {
		refused = fmt.Errorf("%v", answer.Errors)
	}
	return answer.Data, refused
}

// tell keeps an answer for save, and prints it for stdout.
func (s *stage) tell(ts *testscript.TestScript, answer any) {
	s.answer = answer
	ts.Check(json.NewEncoder(ts.Stdout()).Encode(answer))
}

// ask sends a query: ask NAME QUERY
func ask(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: ask NAME QUERY")
	}
	data, refused := post(ts, args[0], args[1], nil)
	if (refused != nil) != neg {
		ts.Fatalf("%s is answered %v %v", args[1], data, refused)
	}
	if neg {
		stageOf(ts).tell(ts, refused.Error())
		return
	}
	stageOf(ts).tell(ts, data)
}

// until sends a query again and again until its answer matches: until NAME QUERY REGEXP
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: until NAME QUERY REGEXP")
	}
	wanted, err := regexp.Compile(args[2])
	ts.Check(err)
	var last []byte
	for limit := time.Now().Add(time.Minute); ; <-time.After(20 * time.Millisecond) {
		data, refused := post(ts, args[0], args[1], nil)
		if refused != nil {
			ts.Fatalf("%s is refused: %v", args[1], refused)
		}
		last, err = json.Marshal(data)
		ts.Check(err)
		if wanted.Match(last) {
			stageOf(ts).tell(ts, data)
			return
		}
		if time.Now().After(limit) {
			ts.Fatalf("%s is still answered %s", args[1], last)
		}
	}
}

// slay kills a process: slay PID
func slay(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: slay PID")
	}
	pid, err := strconv.Atoi(args[0])
	ts.Check(err)
	ts.Check(syscall.Kill(pid, syscall.SIGKILL))
}

// contract is the API's schema, from which do knows what values are.
var contract = sync.OnceValue(func() *ast.Schema { return graph.NewSchema(graph.Config{}).Schema() })

// act carries out a mutation and shows its answer; with a ! before it, one that is
// refused. Values are texts where the input takes texts and JSON otherwise. The
// revision that it expects is the record's own unless it is given:
// do NAME MUTATION [field=value…]
func act(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: do NAME MUTATION [field=value…]")
	}
	who, verb := args[0], args[1]
	mutation := contract().Mutation.Fields.ForName(verb)
	if mutation == nil {
		ts.Fatalf("there is no mutation %s", verb)
	}
	of := contract().Types[mutation.Arguments.ForName("input").Type.Name()]
	input := variables{}
	for _, arg := range args[2:] {
		name, value, _ := strings.Cut(arg, "=")
		field := of.Fields.ForName(name)
		if field == nil {
			ts.Fatalf("%s takes no %s", verb, name)
		}
		input[name] = value
		if kind := contract().Types[field.Type.Name()]; field.Type.Elem != nil || kind.Kind == ast.InputObject || slices.Contains([]string{"Int", "Float", "Boolean"}, kind.Name) {
			input[name] = json.RawMessage(value)
		}
	}
	if of.Fields.ForName("expectedRevision") != nil && input["expectedRevision"] == nil && input["id"] != nil {
		input["expectedRevision"] = revisionOf(ts, who, input["id"])
	}
	data, refused := post(ts, who, fmt.Sprintf("mutation($input: %s!) { answer: %s(input: $input) { %s } }", of.Name, verb, shown(mutation.Type.Name())), variables{"input": input})
	if refused != nil {
		ts.Fatalf("%s: %v", verb, refused)
	}
	answer := data["answer"].(map[string]any)
	if problems := answer["errors"].([]any); (len(problems) > 0) != neg {
		ts.Fatalf("%s is answered %v", verb, problems)
	}
	stageOf(ts).tell(ts, answer)
}

// revisionOf looks up the revision of a record.
func revisionOf(ts *testscript.TestScript, who string, id any) any {
	data, refused := post(ts, who, "query($id: ID!) { node(id: $id) { __typename } }", variables{"id": id})
	if refused != nil || data["node"] == nil {
		ts.Fatalf("looking up %v: %v %v", id, data, refused)
	}
	typeName := data["node"].(map[string]any)["__typename"].(string)
	data, refused = post(ts, who, "query($id: ID!) { node(id: $id) { ... on "+typeName+" { revision } } }", variables{"id": id})
	if refused != nil {
		ts.Fatalf("looking up the revision of %v: %v", id, refused)
	}
	return data["node"].(map[string]any)["revision"]
}

// shown selects what a payload holds, and of its records what is no record again.
func shown(payload string) string {
	var fields []string
	for _, f := range contract().Types[payload].Fields {
		if contract().Types[f.Type.Name()].Kind != ast.Object {
			fields = append(fields, f.Name)
			continue
		}
		var inner []string
		for _, part := range contract().Types[f.Type.Name()].Fields {
			if kind := contract().Types[part.Type.Name()].Kind; len(part.Arguments) == 0 && (kind == ast.Scalar || kind == ast.Enum) {
				inner = append(inner, part.Name)
			}
		}
		fields = append(fields, f.Name+" { "+strings.Join(inner, " ")+" }")
	}
	return strings.Join(fields, " ")
}

// save keeps a part of the last answer as a variable of the script: save VARIABLE PATH
func save(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: save VARIABLE PATH")
	}
	ts.Setenv(args[0], part(ts, args[1]))
}

// keep writes a part of the last answer into a file: keep FILE PATH
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep FILE PATH")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(part(ts, args[1])), 0o600))
}

// part is what stands at a path of the last answer, such as "case.entries.0.id".
func part(ts *testscript.TestScript, path string) string {
	value := stageOf(ts).answer
	for step := range strings.SplitSeq(path, ".") {
		switch at := value.(type) {
		case map[string]any:
			value = at[step]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n >= len(at) {
				ts.Fatalf("there is no %s in %v", step, at)
			}
			value = at[n]
		}
	}
	if value == nil {
		ts.Fatalf("there is no %s in %v", path, stageOf(ts).answer)
	}
	return fmt.Sprint(value)
}

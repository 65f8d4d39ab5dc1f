package host_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/plugins/host/internal/badplugin"
)

// bareCall starts the plugin of the tests as nothing but a gRPC server on a Unix
// socket, and gives a call of it with the messages of the same judgement.
func bareCall(t testing.TB) func() error {
	t.Helper()
	dir, err := os.MkdirTemp("", "rt")
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "bare")
	server := exec.Command(badProgram, "bare", "desk", socket)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	conn, err := grpc.NewClient("unix:"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.WaitForReady(true)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		server.Process.Kill()
		server.Wait()
		os.RemoveAll(dir)
	})
	client := checklistpb.NewChecklistClient(conn)
	in := &checklistpb.Inspection{Checklist: "desk.thirty"}
	for _, answer := range badplugin.Inspection("desk", "thirty").Answers {
		a := &checklistpb.Answer{Item: answer.Item}
		if answer.Number != nil {
			a.Value = &checklistpb.Answer_Number{Number: *answer.Number}
		} else {
			a.Value = &checklistpb.Answer_Yes{Yes: *answer.Yes}
		}
		in.Answers = append(in.Answers, a)
	}
	call := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		resp, err := client.Judge(ctx, &checklistpb.JudgeRequest{Inspection: in})
		if err == nil && len(resp.GetJudgement().GetItems()) != 30 {
			err = fmt.Errorf("%d items", len(resp.GetJudgement().GetItems()))
		}
		return err
	}
	if err := call(); err != nil { // the server may have to be waited for
		t.Fatal(err)
	}
	return call
}

// fromRecord gives a definition as records hand it back.
func fromRecord(t testing.TB, def checklist.Definition) (again checklist.Definition) {
	t.Helper()
	form, err := json.Marshal(def)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(form, &again); err != nil {
		t.Fatal(err)
	}
	return again
}

// A judgement of 30 items costs little more than the transport of its messages. Both
// are called in turns, so that what else the machine does meets both.
func TestCostOfJudgement(t *testing.T) {
	const most, calls = 1.3, 50
	rounds, attempts := 40, 5
	if raceDetector { // it slows our side of the call down, and hardly theirs
		rounds, attempts = 10, 1
	}
	bare := bareCall(t)
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good")}})
	def, in := fromRecord(t, badplugin.Definition("desk", "thirty")), badplugin.Inspection("desk", "thirty")
	hosted := func() error {
		_, err := h.Judge(t.Context(), "desk", def, in)
		return err
	}
	measure := func(call func() error) (took []time.Duration) {
		for range calls {
			began := time.Now()
			if err := call(); err != nil {
				t.Fatal(err)
			}
			took = append(took, time.Since(began))
		}
		return took
	}
	ratio := 0.0
	for range attempts {
		var ours, theirs []time.Duration
		for range rounds {
			ours, theirs = append(ours, measure(hosted)...), append(theirs, measure(bare)...)
		}
		slices.Sort(ours)
		slices.Sort(theirs)
		ratio = float64(ours[len(ours)/2]) / float64(theirs[len(theirs)/2])
		t.Logf("a judgement of 30 items takes %v, a bare call %v (medians of %d): %.2f ×", ours[len(ours)/2], theirs[len(theirs)/2], len(ours), ratio)
		if ratio <= most {
			return
		}
	}
	if !raceDetector {
		t.Errorf("%.2f × is more than %.1f ×", ratio, most)
	}
}

// A plugin that is built alone is up soon, and is small.
func TestCostOfProcess(t *testing.T) {
	const mostTime, mostMemory = 60 * time.Millisecond, 20 << 20
	path := filepath.Join(t.TempDir(), "frontdesk")
	build := exec.Command("go", "build", "-o", path, "../frontdesk/cmd/frontdesk")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	best, memory := time.Hour, int64(0)
	for range 5 {
		h := run(t, host.Config{Plugins: []host.Plugin{{ID: "frontdesk", Path: path}}})
		h.waitReady(t)
		state := h.state()
		best = min(best, state.StartTime)
		memory = max(memory, residentMiB(t, state.PID)<<20)
		if err := h.stop(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("from the start to the first answer %v at best of 5, %d MiB resident", best, memory>>20)
	if memory > mostMemory {
		t.Errorf("%d MiB are more than %d", memory>>20, mostMemory>>20)
	}
	if best > mostTime && !raceDetector {
		t.Errorf("%v is more than %v", best, mostTime)
	}
}

// residentMiB is the memory that a process holds.
func residentMiB(t *testing.T, pid int) int64 {
	t.Helper()
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(statm), &size, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * int64(os.Getpagesize()) >> 20
}

// After a crash calls fail at once, and soon they are answered again.
func TestCostOfCrash(t *testing.T) {
	mostToFail, mostToReturn := 100*time.Millisecond, time.Second
	if raceDetector { // which slows the handshake of both sides down
		mostToReturn *= 2
	}
	h := ready(t, host.Config{Plugins: []host.Plugin{plugin("desk", "good")}})
	failed, returned := time.Hour, time.Hour
	for range 3 { // the machine may be busy with something else
		h.waitReady(t)
		crashed := time.Now()
		signal(t, h.state().PID, syscall.SIGKILL)
		eventually(t, "calls fail", func() bool {
			_, err := h.judge(t.Context(), "desk", "good")
			return kindOf(err) == host.Unavailable
		})
		failed = min(failed, time.Since(crashed))
		eventually(t, "calls are answered", func() bool {
			_, err := h.judge(t.Context(), "desk", "good")
			return err == nil
		})
		returned = min(returned, time.Since(crashed))
		if failed <= mostToFail && returned <= mostToReturn {
			break
		}
	}
	t.Logf("unavailable %v after the crash, ready again after %v", failed, returned)
	if failed > mostToFail || returned > mostToReturn {
		t.Errorf("more than %v and %v", mostToFail, mostToReturn)
	}
}

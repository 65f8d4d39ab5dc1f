package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

// fake is a checklist made of two functions.
type fake struct {
	describe func() (checklist.Description, error)
	judge    func(context.Context, checklist.Inspection) (checklist.Judgement, error)
}

func (f fake) Describe(context.Context) (checklist.Description, error) { return f.describe() }

func (f fake) Judge(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
	return f.judge(ctx, in)
}

// connect serves a checklist in memory and gives the host's end.
func connect(t *testing.T, c checklist.Checklist, log io.Writer) *grpc.ClientConn {
	t.Helper()
	listener := bufconn.Listen(1 << 20)
	grpcServer := newServer(nil)
	plugins := VersionedPlugins(c, zerolog.New(log))[Version]
	if err := plugins[PluginName].(*grpcPlugin).GRPCServer(nil, grpcServer); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- grpcServer.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:memory",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		grpcServer.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return conn
}

// Who is to blame arrives as it was said.
func TestErrorsOverTheWire(t *testing.T) {
	everything := &checklist.InputError{}
	for i, code := range problemCodes {
		everything.Problems = append(everything.Problems, checklist.Problem{Item: fmt.Sprint(i), Code: code, Text: T("Do it", "去做")})
	}
	many := &checklist.InputError{Problems: make([]checklist.Problem, 500)}
	for i := range many.Problems {
		many.Problems[i] = checklist.Problem{Item: "item", Code: checklist.Unanswered, Text: T(strings.Repeat("x", 200), strings.Repeat("字", 200))}
	}
	for name, test := range map[string]struct {
		err   error
		input *checklist.InputError
		want  Source
		code  codes.Code
	}{
		"every problem":        {err: fmt.Errorf("judge: %w", everything), input: everything},
		"many problems":        {err: many, input: many},
		"a mistake":            {err: errors.New("oops"), want: SourcePlugin, code: codes.Internal},
		"a mistake, not UTF-8": {err: errors.New("\xff"), want: SourcePlugin, code: codes.Internal},
		"downstream":           {err: fmt.Errorf("judge: %w", Downstream(errors.New("no answer"))), want: SourceDownstream, code: codes.Unavailable},
		"the deadline":         {err: fmt.Errorf("judge: %w", context.DeadlineExceeded), want: SourceDeadline, code: codes.DeadlineExceeded},
		"a farewell":           {err: context.Canceled, want: SourcePlugin, code: codes.Canceled},
		"no problems":          {err: &checklist.InputError{}, want: SourcePlugin, code: codes.InvalidArgument},
		"an unknown problem":   {err: &checklist.InputError{Problems: []checklist.Problem{{Code: "SULKS"}}}, want: SourcePlugin, code: codes.InvalidArgument},
		"problem, not UTF-8":   {err: &checklist.InputError{Problems: []checklist.Problem{{Code: checklist.Unanswered, Item: "\xff"}}}, want: SourcePlugin, code: codes.InvalidArgument},
	} {
		t.Run(name, func(t *testing.T) {
			client := NewClient(connect(t, fake{
				describe: func() (checklist.Description, error) { return checklist.Description{}, test.err },
				judge: func(context.Context, checklist.Inspection) (checklist.Judgement, error) {
					return checklist.Judgement{}, test.err
				},
			}, io.Discard))
			_, described := client.Describe(t.Context())
			_, judged := client.Judge(t.Context(), checklist.Inspection{})
			for _, err := range []error{described, judged} {
				var input *checklist.InputError
				var blamed *Error
				switch {
				case test.input != nil:
					if !errors.As(err, &input) || !cmp.Equal(test.input, input) {
						t.Errorf("got %v", err)
					}
				case !errors.As(err, &blamed) || blamed.Source != test.want || status.Code(blamed.Err) != test.code:
					t.Errorf("got %T %v, want %s and %s", err, err, test.want, test.code)
				}
			}
		})
	}
}

// A panic fails one call; the log has its type and stack, not its value.
func TestPanic(t *testing.T) {
	var log strings.Builder
	calls := 0
	client := NewClient(connect(t, fake{judge: func(context.Context, checklist.Inspection) (checklist.Judgement, error) {
		if calls++; calls == 1 {
			panic(errors.New("the answer was forty-two"))
		}
		return checklist.Judgement{Arithmetic: "fine"}, nil
	}}, &log))
	_, err := client.Judge(t.Context(), checklist.Inspection{})
	if blamed := new(Error); !errors.As(err, &blamed) || blamed.Source != SourcePlugin || strings.Contains(err.Error(), "forty-two") {
		t.Errorf("err = %v", err)
	}
	if j, err := client.Judge(t.Context(), checklist.Inspection{}); err != nil || j.Arithmetic != "fine" {
		t.Errorf("the next call: %+v, %v", j, err)
	}
	if text := log.String(); !strings.Contains(text, "serve_test.go") || !strings.Contains(text, "*errors.errorString") || strings.Contains(text, "forty-two") || len(text) > 8<<10 {
		t.Errorf("log = %s", text)
	}
}

// A call has the host's deadline and a logger.
func TestCallContext(t *testing.T) {
	var log strings.Builder
	judged := make(chan struct{}) // the host may have gone by then
	client := NewClient(connect(t, fake{judge: func(ctx context.Context, _ checklist.Inspection) (checklist.Judgement, error) {
		defer close(judged)
		zerolog.Ctx(ctx).Info().Msg("judging")
		if _, limited := ctx.Deadline(); !limited {
			t.Error("no deadline")
		}
		<-ctx.Done()
		return checklist.Judgement{}, ctx.Err()
	}}, &log))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client.Judge(ctx, checklist.Inspection{})
	if blamed := new(Error); !errors.As(err, &blamed) || blamed.Source != SourceDeadline {
		t.Errorf("err = %v", err)
	}
	<-judged
	if !strings.Contains(log.String(), "judging") {
		t.Errorf("log = %s", log.String())
	}
}

// Nothing larger than 4 MiB passes, in either direction, from any host.
func TestMessageLimit(t *testing.T) {
	large := strings.Repeat("x", MaxMessage)
	conn := connect(t, fake{judge: func(_ context.Context, in checklist.Inspection) (checklist.Judgement, error) {
		return checklist.Judgement{Arithmetic: large}, nil
	}}, io.Discard)
	unlimited := []grpc.CallOption{grpc.MaxCallRecvMsgSize(1 << 30), grpc.MaxCallSendMsgSize(1 << 30)}
	raw := checklistpb.NewChecklistClient(conn)
	for name, in := range map[string]*checklistpb.Inspection{
		"a large inspection": {Checklist: large},
		"a large judgement":  {},
	} {
		if _, err := raw.Judge(t.Context(), &checklistpb.JudgeRequest{Inspection: in}, unlimited...); status.Code(err) != codes.ResourceExhausted {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := raw.Judge(t.Context(), &checklistpb.JudgeRequest{}); status.Code(err) != codes.InvalidArgument {
		t.Errorf("no inspection: %v", err)
	}
	client := NewClient(conn)
	if _, err := client.Judge(t.Context(), checklist.Inspection{}); !errors.As(err, new(*AnswerError)) {
		t.Errorf("a large judgement: %v", err)
	}
	if _, err := client.Judge(t.Context(), checklist.Inspection{Checklist: large}); !errors.As(err, new(*checklist.InputError)) {
		t.Errorf("a large inspection: %v", err)
	}
}

// A program that is started by hand says what it is and ends.
func TestServeByHand(t *testing.T) {
	if os.Getenv("SERVE_BY_HAND") != "" {
		Serve(fake{})
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestServeByHand$")
	cmd.Env = []string{"SERVE_BY_HAND=yes"}
	out, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(string(out), "plugin") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestWatchParent(t *testing.T) {
	parents := []int{7, 7, 7, 1, 1}
	looked := 0
	tick := make(chan time.Time, len(parents))
	for range cap(tick) {
		tick <- time.Time{}
	}
	left := 0
	watchParent(func() int { looked++; return parents[looked-1] }, tick, func() { left++ })
	if looked != 4 || left != 1 {
		t.Errorf("looked %d times, left %d times", looked, left)
	}
}

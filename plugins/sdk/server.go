package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync/atomic"

	"github.com/rs/zerolog"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

// MaxBatch is how many inspections a batch holds at most.
const MaxBatch = 1000

// capabilities are all that this version of the contract knows.
var capabilities = []checklist.Capability{
	checklist.CanAdjust, checklist.CanBatch, checklist.CanCheck, checklist.CanConfigure,
	checklist.CanHealth, checklist.CanSuggest, checklist.CanUpgrade,
}

// Missing names a capability that a description claims and the plugin has no method
// for.
func Missing(c checklist.Checklist, claimed []checklist.Capability) (checklist.Capability, bool) {
	for _, capability := range claimed {
		has := true
		switch capability {
		case checklist.CanBatch:
			_, has = c.(checklist.Batcher)
		case checklist.CanCheck:
			_, has = c.(checklist.Checker)
		case checklist.CanConfigure:
			_, has = c.(checklist.Configurable)
		case checklist.CanHealth:
			_, has = c.(checklist.HealthReporter)
		case checklist.CanSuggest:
			_, has = c.(checklist.Suggester)
		case checklist.CanUpgrade:
			_, has = c.(checklist.Upgrader)
		}
		if !has {
			return capability, true
		}
	}
	return "", false
}

// server answers the host out of a Checklist.
type server struct {
	checklistpb.UnimplementedChecklistServer
	served atomic.Pointer[served]
	logger zerolog.Logger
}

// served is what the plugin is after its configuration.
type served struct {
	checklist.Checklist
	capabilities []checklist.Capability // as described
}

func newChecklistServer(c checklist.Checklist, logger zerolog.Logger) *server {
	s := &server{logger: logger}
	s.served.Store(&served{Checklist: c})
	return s
}

func (s *server) Describe(ctx context.Context, req *checklistpb.DescribeRequest) (_ *checklistpb.DescribeResponse, err error) {
	defer s.recoverInto(&err)
	ctx = s.logger.WithContext(ctx)
	c := s.served.Load().Checklist
	if configurable, ok := c.(checklist.Configurable); ok && req.GetConfiguration() != "" {
		if c, err = configurable.Configured(ctx, json.RawMessage(req.GetConfiguration())); err != nil {
			return nil, statusOf(err)
		}
	}
	d, err := c.Describe(ctx)
	if err != nil {
		return nil, statusOf(err)
	}
	if capability, lacks := Missing(c, d.Capabilities); lacks {
		return nil, statusOf(fmt.Errorf("the description names the capability %s, for which the plugin has no method", capability))
	}
	s.served.Store(&served{Checklist: c, capabilities: d.Capabilities})
	return &checklistpb.DescribeResponse{Description: descriptionToPB(d)}, nil
}

func (s *server) Judge(ctx context.Context, req *checklistpb.JudgeRequest) (_ *checklistpb.JudgeResponse, err error) {
	defer s.recoverInto(&err)
	if req.GetInspection() == nil {
		return nil, status.Error(codes.InvalidArgument, "no inspection")
	}
	j, err := s.served.Load().Judge(s.logger.WithContext(ctx), inspectionFromPB(req.GetInspection()))
	if err != nil {
		return nil, statusOf(err)
	}
	return &checklistpb.JudgeResponse{Judgement: judgementToPB(j)}, nil
}

func (s *server) JudgeBatch(ctx context.Context, req *checklistpb.JudgeBatchRequest) (_ *checklistpb.JudgeBatchResponse, err error) {
	defer s.recoverInto(&err)
	able, err := capable[checklist.Batcher](s, checklist.CanBatch)
	if err != nil {
		return nil, err
	}
	if n := len(req.GetInspections()); n == 0 || n > MaxBatch {
		return nil, status.Errorf(codes.InvalidArgument, "a batch has 1 to %d inspections, not %d", MaxBatch, n)
	}
	verdicts, err := able.JudgeBatch(s.logger.WithContext(ctx), each(req.GetInspections(), inspectionFromPB))
	if err != nil {
		return nil, statusOf(err)
	}
	return &checklistpb.JudgeBatchResponse{Verdicts: each(verdicts, verdictToPB)}, nil
}

func (s *server) Check(ctx context.Context, req *checklistpb.CheckRequest) (_ *checklistpb.CheckResponse, err error) {
	defer s.recoverInto(&err)
	able, err := capable[checklist.Checker](s, checklist.CanCheck)
	if err != nil {
		return nil, err
	}
	problems, err := able.Check(s.logger.WithContext(ctx), inspectionFromPB(req.GetInspection()))
	if err != nil {
		return nil, statusOf(err)
	}
	return &checklistpb.CheckResponse{Problems: each(problems, problemToPB)}, nil
}

func (s *server) Suggest(ctx context.Context, req *checklistpb.SuggestRequest) (_ *checklistpb.SuggestResponse, err error) {
	defer s.recoverInto(&err)
	able, err := capable[checklist.Suggester](s, checklist.CanSuggest)
	if err != nil {
		return nil, err
	}
	suggestions, err := able.Suggest(s.logger.WithContext(ctx), factsFromPB(req))
	if err != nil {
		return nil, statusOf(err)
	}
	return &checklistpb.SuggestResponse{Suggestions: each(suggestions, suggestionToPB)}, nil
}

func (s *server) Upgrade(ctx context.Context, req *checklistpb.UpgradeRequest) (_ *checklistpb.UpgradeResponse, err error) {
	defer s.recoverInto(&err)
	able, err := capable[checklist.Upgrader](s, checklist.CanUpgrade)
	if err != nil {
		return nil, err
	}
	draft := checklist.Draft{Version: req.GetVersion(), Checklist: req.GetChecklist(), Answers: each(req.GetAnswers(), answerFromPB)}
	upgraded, err := able.Upgrade(s.logger.WithContext(ctx), draft)
	if err != nil {
		return nil, statusOf(err)
	}
	return upgradedToPB(upgraded), nil
}

func (s *server) Health(ctx context.Context, _ *checklistpb.HealthRequest) (_ *checklistpb.HealthResponse, err error) {
	defer s.recoverInto(&err)
	able, err := capable[checklist.HealthReporter](s, checklist.CanHealth)
	if err != nil {
		return nil, err
	}
	trouble, err := able.Health(s.logger.WithContext(ctx))
	if err != nil {
		return nil, statusOf(err)
	}
	if trouble == nil {
		return &checklistpb.HealthResponse{}, nil
	}
	return &checklistpb.HealthResponse{Trouble: textToPB(*trouble)}, nil
}

// capable gives the plugin as what it has described itself to be.
func capable[T any](s *server, capability checklist.Capability) (T, error) {
	served := s.served.Load()
	able, ok := served.Checklist.(T)
	if !ok || !slices.Contains(served.capabilities, capability) {
		return able, status.Errorf(codes.Unimplemented, "the plugin does not have the capability %s", capability)
	}
	return able, nil
}

// maxStack keeps the line with the stack, in bytes, below what the host reads.
const maxStack = 4 << 10

var errPanic = errors.New("the plugin panicked")

// recoverInto turns a panic of the plugin into an error that blames it. What
// was panicked with may hold an answer, so that only its type and the stack are
// logged.
func (s *server) recoverInto(err *error) {
	if p := recover(); p != nil {
		stack := debug.Stack()
		s.logger.Error().Str("panic", fmt.Sprintf("%T", p)).Bytes("stack", stack[:min(len(stack), maxStack)]).Msg("A call panicked.")
		*err = statusOf(errPanic)
	}
}

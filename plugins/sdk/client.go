package sdk

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

// Client is a plugin seen from the host: a [checklist.Checklist] over a
// connection, with every capability that the contract knows: which of them the
// plugin has, its description says. Its errors are *[checklist.InputError],
// *[checklist.ConfigurationError], *[AnswerError] and *[Error]. It doesn't judge
// whether an answer makes sense.
type Client struct {
	checklist checklistpb.ChecklistClient
	health    grpc_health_v1.HealthClient
	conn      grpc.ClientConnInterface
}

var (
	_ checklist.Checklist      = (*Client)(nil)
	_ checklist.Batcher        = (*Client)(nil)
	_ checklist.Checker        = (*Client)(nil)
	_ checklist.Suggester      = (*Client)(nil)
	_ checklist.Upgrader       = (*Client)(nil)
	_ checklist.HealthReporter = (*Client)(nil)
)

// NewClient speaks version 1 of the contract over conn.
func NewClient(conn grpc.ClientConnInterface) *Client {
	return &Client{checklist: checklistpb.NewChecklistClient(conn), health: grpc_health_v1.NewHealthClient(conn), conn: conn}
}

// Dispense gives the client of a plugin that go-plugin is connected to.
func Dispense(connection *plugin.Client) (*Client, error) {
	protocol, err := connection.Client()
	if err != nil {
		return nil, err
	}
	raw, err := protocol.Dispense(PluginName)
	if err != nil {
		return nil, err
	}
	return raw.(*Client), nil
}

// MessageLimits bounds the messages of a host's connection to [MaxMessage]. Among the
// options that go-plugin is given it comes after its own, which are none, and wins.
func MessageLimits() grpc.DialOption {
	return grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(MaxMessage), grpc.MaxCallSendMsgSize(MaxMessage))
}

// Describe implements [checklist.Checklist].
func (c *Client) Describe(ctx context.Context) (checklist.Description, error) {
	return c.DescribeConfigured(ctx, nil)
}

// DescribeConfigured hands the plugin its configuration, nil for none, and asks what
// it is.
func (c *Client) DescribeConfigured(ctx context.Context, configuration json.RawMessage) (checklist.Description, error) {
	resp, err := c.checklist.Describe(ctx, &checklistpb.DescribeRequest{
		HostCapabilities: each(capabilities, capabilityToPB), Configuration: string(configuration),
	})
	if err != nil {
		return checklist.Description{}, faultOf(err)
	}
	return descriptionFromPB(resp.GetDescription()), nil
}

// Judge implements [checklist.Checklist].
func (c *Client) Judge(ctx context.Context, in checklist.Inspection) (checklist.Judgement, error) {
	inspection, err := inspectionToPB(in)
	if err != nil {
		return checklist.Judgement{}, err
	}
	req := &checklistpb.JudgeRequest{Inspection: inspection}
	if err := bounded(req); err != nil {
		return checklist.Judgement{}, err
	}
	resp, err := c.checklist.Judge(ctx, req)
	if err != nil {
		return checklist.Judgement{}, faultOf(err)
	}
	return judgementFromPB(resp.GetJudgement()), nil
}

// bounded refuses what is too large to be sent.
func bounded(req proto.Message) error {
	if proto.Size(req) <= MaxMessage {
		return nil
	}
	return &checklist.InputError{Problems: []checklist.Problem{{
		Code: checklist.RejectedByRule,
		Text: checklist.Text{EN: "The inspection is larger than 4 MiB.", ZH: "检查内容超过 4 MiB。"},
	}}}
}

// JudgeBatch implements [checklist.Batcher]. One inspection that has no form on the
// wire refuses the batch.
func (c *Client) JudgeBatch(ctx context.Context, in []checklist.Inspection) ([]checklist.Verdict, error) {
	req := &checklistpb.JudgeBatchRequest{Inspections: make([]*checklistpb.Inspection, len(in))}
	for i := range in {
		var err error
		if req.Inspections[i], err = inspectionToPB(in[i]); err != nil {
			return nil, err
		}
	}
	if err := bounded(req); err != nil {
		return nil, err
	}
	resp, err := c.checklist.JudgeBatch(ctx, req)
	if err != nil {
		return nil, faultOf(err)
	}
	if len(resp.GetVerdicts()) != len(in) {
		return nil, &AnswerError{Path: "verdicts", Reason: fmt.Sprintf("has %d entries for %d inspections", len(resp.GetVerdicts()), len(in))}
	}
	return each(resp.GetVerdicts(), verdictFromPB), nil
}

// Check implements [checklist.Checker].
func (c *Client) Check(ctx context.Context, in checklist.Inspection) ([]checklist.Problem, error) {
	inspection, err := inspectionToPB(in)
	if err != nil {
		return nil, err
	}
	req := &checklistpb.CheckRequest{Inspection: inspection}
	if err := bounded(req); err != nil {
		return nil, err
	}
	resp, err := c.checklist.Check(ctx, req)
	if err != nil {
		return nil, faultOf(err)
	}
	return each(resp.GetProblems(), problemFromPB), nil
}

// Suggest implements [checklist.Suggester].
func (c *Client) Suggest(ctx context.Context, about checklist.Facts) ([]checklist.Suggestion, error) {
	resp, err := c.checklist.Suggest(ctx, factsToPB(about))
	if err != nil {
		return nil, faultOf(err)
	}
	return each(resp.GetSuggestions(), suggestionFromPB), nil
}

// Upgrade implements [checklist.Upgrader].
func (c *Client) Upgrade(ctx context.Context, draft checklist.Draft) (checklist.Upgraded, error) {
	answers, err := answersToPB(draft.Answers)
	if err != nil {
		return checklist.Upgraded{}, err
	}
	resp, err := c.checklist.Upgrade(ctx, &checklistpb.UpgradeRequest{Version: draft.Version, Checklist: draft.Checklist, Answers: answers})
	if err != nil {
		return checklist.Upgraded{}, faultOf(err)
	}
	return upgradedFromPB(resp), nil
}

// Health implements [checklist.HealthReporter].
func (c *Client) Health(ctx context.Context) (*checklist.Text, error) {
	resp, err := c.checklist.Health(ctx, &checklistpb.HealthRequest{})
	if err != nil {
		return nil, faultOf(err)
	}
	if resp.Trouble == nil {
		return nil, nil
	}
	trouble := textFromPB(resp.GetTrouble())
	return &trouble, nil
}

// Alive asks the plugin's health service.
func (c *Client) Alive(ctx context.Context) error {
	_, err := c.health.Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: plugin.GRPCServiceName})
	if err != nil {
		return faultOf(err)
	}
	return nil
}

// Shutdown asks the process to end. go-plugin offers the same, but without a
// deadline. The process may be gone before it has answered, which is an error
// like any other.
func (c *Client) Shutdown(ctx context.Context) error {
	err := c.conn.Invoke(ctx, "/plugin.GRPCController/Shutdown", &emptypb.Empty{}, &emptypb.Empty{})
	if err != nil {
		return faultOf(err)
	}
	return nil
}

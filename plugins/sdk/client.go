package sdk

import (
	"context"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

// Client is a plugin seen from the host: a [checklist.Checklist] over a
// connection. Its errors are *[checklist.InputError], *[AnswerError] and *[Error].
// It doesn't judge whether an answer makes sense.
type Client struct {
	checklist checklistpb.ChecklistClient
	health    grpc_health_v1.HealthClient
	conn      grpc.ClientConnInterface
}

var _ checklist.Checklist = (*Client)(nil)

// NewClient speaks version 1 of the contract over conn.
func NewClient(conn grpc.ClientConnInterface) *Client {
	return &Client{checklist: checklistpb.NewChecklistClient(conn), health: grpc_health_v1.NewHealthClient(conn), conn: conn}
}

// Describe implements [checklist.Checklist].
func (c *Client) Describe(ctx context.Context) (checklist.Description, error) {
	resp, err := c.checklist.Describe(ctx, &checklistpb.DescribeRequest{})
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
	if proto.Size(req) > MaxMessage {
		return checklist.Judgement{}, &checklist.InputError{Problems: []checklist.Problem{{
			Code: checklist.RejectedByRule,
			Text: checklist.Text{EN: "The inspection is larger than 4 MiB.", ZH: "检查内容超过 4 MiB。"},
		}}}
	}
	resp, err := c.checklist.Judge(ctx, req)
	if err != nil {
		return checklist.Judgement{}, faultOf(err)
	}
	return judgementFromPB(resp.GetJudgement()), nil
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

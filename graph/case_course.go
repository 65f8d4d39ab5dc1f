package graph

import (
	"context"
	"strings"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/quality"
)

func caseID(c *db.ServiceCase) typeid.CaseID { return c.ID }

func (r *caseResolver) AllowedActions(ctx context.Context, obj *db.ServiceCase) ([]*model.CaseAllowedAction, error) {
	actions := r.Quality.CaseActions(ent.ViewerFrom(ctx), obj)
	out := make([]*model.CaseAllowedAction, len(actions))
	for n, a := range actions {
		out[n] = &model.CaseAllowedAction{Action: model.CaseStep(a.Step), Allowed: a.Refuse == nil, Codes: []model.ErrorCode{}}
		var reasons []string
		for _, p := range a.Refuse {
			reasons = append(reasons, say(ctx, p.Text))
			out[n].Codes = append(out[n].Codes, model.ErrorCode(p.Kind))
		}
		if reasons != nil {
			out[n].Reason = new(strings.Join(reasons, " "))
		}
	}
	return out, nil
}

func (r *mutationResolver) CaseAcknowledge(ctx context.Context, input quality.AcknowledgeCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.AcknowledgeCase, input)
}

func (r *mutationResolver) CaseContain(ctx context.Context, input quality.ContainCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.ContainCase, input)
}

func (r *mutationResolver) CaseHold(ctx context.Context, input quality.HoldCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.HoldCase, input)
}

func (r *mutationResolver) CaseContinue(ctx context.Context, input quality.ContinueCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.ContinueCase, input)
}

func (r *mutationResolver) CaseRevise(ctx context.Context, input quality.ReviseCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.ReviseCase, input)
}

func (r *mutationResolver) CaseDecide(ctx context.Context, input quality.DecideCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.DecideCase, input)
}

func (r *mutationResolver) CaseReply(ctx context.Context, input quality.ReplyCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.ReplyCase, input)
}

func (r *mutationResolver) CaseReopen(ctx context.Context, input quality.ReopenCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.ReopenCase, input)
}

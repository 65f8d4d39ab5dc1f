package graph

import (
	"context"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/quality"
)

// changes carries out a use case of several cases and packs what became of each.
func changes[In any](ctx context.Context, useCase func(context.Context, In) ([]quality.ItemResult, error), input In) (*model.CasesPayload, error) {
	done, err := useCase(ctx, input)
	payload := &model.CasesPayload{Results: []*model.CasePayload{}, Cases: []*db.ServiceCase{}, Warnings: []*model.UserWarning{}}
	if payload.Errors, err = userErrors(ctx, err); err != nil {
		return payload, err
	}
	for _, item := range done {
		one, err := change(ctx, func(context.Context, In) (*quality.Change[*db.ServiceCase], error) {
			if item.Refuse != nil {
				return nil, item.Refuse
			}
			return item.Change, nil
		}, input)
		if err != nil {
			return nil, err
		}
		payload.Results = append(payload.Results, one)
		payload.Warnings = append(payload.Warnings, one.Warnings...)
		if one.Object != nil {
			payload.Cases = append(payload.Cases, one.Object)
		}
		if one.Cursor != nil {
			payload.Cursor = one.Cursor
		}
	}
	siblings.Together[db.ServiceCase, *db.ServiceCase](payload.Cases)
	return payload, nil
}

func (r *mutationResolver) CaseAssign(ctx context.Context, input quality.AssignCase) (*model.CasePayload, error) {
	return change(ctx, r.Quality.AssignCase, input)
}

func (r *mutationResolver) CasesDispatch(ctx context.Context, input quality.DispatchCases) (*model.CasesPayload, error) {
	return changes(ctx, r.Quality.DispatchCases, input)
}

func (r *mutationResolver) CasesAssign(ctx context.Context, input quality.AssignCases) (*model.CasesPayload, error) {
	return changes(ctx, r.Quality.AssignCases, input)
}

package graph

import (
	"context"

	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/quality"
)

// change carries out a use case and packs what became of it.
func change[In, T any](ctx context.Context, useCase func(context.Context, In) (*quality.Change[T], error), input In) (*model.Payload[T], error) {
	done, err := useCase(ctx, input)
	payload := &model.Payload[T]{Warnings: []*model.UserWarning{}}
	if payload.Errors, err = userErrors(ctx, err); err != nil || done == nil {
		return payload, err
	}
	payload.Object, payload.Cursor = done.Object, done.Cursor
	for _, w := range done.Warnings {
		payload.Warnings = append(payload.Warnings, &model.UserWarning{Code: model.WarningCode(w.Code), Message: say(ctx, w.Text)})
	}
	return payload, nil
}

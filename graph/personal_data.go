package graph

import (
	"context"

	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/quality"
)

func (r *mutationResolver) CustomerExport(ctx context.Context, input quality.ExportCustomer) (*model.CustomerExportPayload, error) {
	done, err := change(ctx, r.Quality.ExportCustomer, input)
	payload := &model.CustomerExportPayload{Errors: done.Errors, Warnings: done.Warnings, Cursor: done.Cursor}
	if done.Object != nil {
		payload.Customer, payload.Document = done.Object.Customer, done.Object.Document
	}
	return payload, err
}

func (r *mutationResolver) CustomerErase(ctx context.Context, input quality.EraseCustomer) (*model.CustomerPayload, error) {
	return change(ctx, r.Quality.EraseCustomer, input)
}

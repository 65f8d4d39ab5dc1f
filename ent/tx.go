package ent

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent/db"
)

// WithTx runs fn in one transaction and commits it when fn returns nil. fn does
// database work only: it calls no plugin and publishes nothing, for a rollback
// undoes neither. An error of fn is returned as it is.
func WithTx(ctx context.Context, client *db.Client, fn func(*db.Tx) error) error {
	tx, err := client.Tx(ctx)
	if err != nil {
		return err
	}
	returned := false
	defer func() {
		if !returned {
			_ = tx.Rollback() // fn panicked, which matters more
		}
	}()
	err = fn(tx)
	returned = true
	if err != nil {
		if rollback := tx.Rollback(); rollback != nil && ctx.Err() == nil {
			err = errors.Join(err, fmt.Errorf("rolling back: %w", rollback))
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
			err = ctx.Err() // for which it was rolled back
		}
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/storedfile"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

const (
	// orphaned is how old a file must be that no attachment refers to, for its change
	// to be given up.
	orphaned   = time.Hour
	sweepBatch = 100
	sweepEvery = 10 * time.Minute
)

// WatchFiles sweeps the store of attachments now and then, until ctx ends; then it
// returns nil. Any number of servers may do so.
func (s *Service) WatchFiles(ctx context.Context) error {
	for ctx.Err() == nil {
		if _, err := s.SweepFiles(ctx); err != nil && ctx.Err() == nil {
			s.log.Error().Err(err).Msg("sweeping the store of attachments failed; it is tried again")
		}
		waitAtMost(ctx, sweepEvery, nil)
	}
	return nil
}

// SweepFiles removes the files that were dropped, and those that were stored an hour
// ago or earlier for a change that was never made. It returns how many.
func (s *Service) SweepFiles(ctx context.Context) (removed int, _ error) {
	if s.files == nil {
		return 0, nil
	}
	ctx = ent.AsSystem(ctx)
	for {
		rows, err := s.db.StoredFile.Query().Where(storedfile.Or(
			storedfile.StateEQ(storedfile.StateDROPPED),
			storedfile.And(storedfile.StateEQ(storedfile.StatePENDING), storedfile.StoredAtLTE(s.now().Add(-orphaned))),
		)).Order(storedfile.ByStoredAt()).Limit(sweepBatch).All(ctx)
		if err != nil {
			return removed, fmt.Errorf("looking for files to remove: %w", err)
		}
		for _, row := range rows {
			if row.State == storedfile.StateDROPPED {
				err = s.removeFile(ctx, row)
			} else {
				err = s.dropPending(ctx, row.ID)
			}
			if err != nil {
				return removed, err
			}
			removed++
		}
		if len(rows) < sweepBatch {
			return removed, nil
		}
	}
}

// dropPending removes a file that was announced, unless it has come to be kept.
func (s *Service) dropPending(ctx context.Context, id typeid.StoredFileID) error {
	var row *db.StoredFile
	err := ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		row = nil
		n, err := tx.StoredFile.Update().Where(storedfile.ID(id), storedfile.StateEQ(storedfile.StatePENDING)).
			SetState(storedfile.StateDROPPED).ClearKey().Save(ctx)
		if err == nil && n > 0 {
			row, err = tx.StoredFile.Get(ctx, id)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("dropping a file: %w", err)
	}
	if row == nil {
		return nil
	}
	return s.removeFile(ctx, row)
}

// removeFile removes a file that was dropped, and then its row.
func (s *Service) removeFile(ctx context.Context, row *db.StoredFile) error {
	if err := s.files.Remove(ctx, objectName(row)); err != nil {
		return err
	}
	err := ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		_, err := tx.StoredFile.Delete().Where(storedfile.ID(row.ID)).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("forgetting a file: %w", err)
	}
	return nil
}

package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// tick keeps what runs with the time of a case, after a step has changed its row and
// before the step's events are told; before is nil for a case that was just opened.
// What it changes of the row it changes in after, too. It returns the events of what
// it did.
func (s *Service) tick(ctx context.Context, tx *db.Tx, before, after *db.ServiceCase, _ rules.CaseStep, _ time.Time) ([]events.Event, error) {
	if before == nil || before.Severity == after.Severity {
		return nil, nil
	}
	after.DueAt = s.deadlines.Due(after.Severity, after.OpenedAt)
	if err := tx.ServiceCase.UpdateOneID(after.ID).SetDueAt(after.DueAt).Exec(ctx); err != nil {
		return nil, fmt.Errorf("setting the deadline of a case: %w", err)
	}
	return nil, nil
}

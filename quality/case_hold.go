package quality

import (
	"context"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// HoldCase lets the work on a case wait.
type HoldCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Reason           string
	Until            *time.Time
	CountsTime       bool
}

// HoldCase lets the work on a case wait for somebody or something.
func (s *Service) HoldCase(ctx context.Context, in HoldCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseHold", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Hold, action: caseentry.ActionHELD, event: EventCaseHeld, changed: []string{"heldAt", "heldUntil", "holdCountsTime"},
		apply: func(_ context.Context, _ *db.Tx, _ *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			now := s.now()
			bad.text(&in.Reason, maxProse, "reason")
			bad.ahead(in.Until, now, "until")
			update.SetHeldAt(now).SetHoldCountsTime(in.CountsTime)
			if in.Until != nil {
				update.SetHeldUntil(in.Until.UTC().Truncate(time.Microsecond))
			}
			return outcome{said: decision(in.Reason)}, bad.err()
		},
	})
}

// ahead checks that a time that was given lies in the future, and before the end of
// the years that can be told.
func (c *check) ahead(value *time.Time, now time.Time, path ...string) {
	if value != nil && (!value.After(now) || value.UTC().Year() > 9999) {
		c.add(Invalid, "This must lie in the future.", "该时间必须晚于当前时间。", path...)
	}
}

// ContinueCase lets the work on a held case go on.
type ContinueCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	Note             *string
}

// ContinueCase lets the work on a held case go on.
func (s *Service) ContinueCase(ctx context.Context, in ContinueCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseContinue", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Continue, action: caseentry.ActionCONTINUED, event: EventCaseContinued, changed: []string{"heldAt", "heldUntil", "holdCountsTime"},
		apply: func(_ context.Context, _ *db.Tx, _ *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.optional(&in.Note, maxProse, "note")
			update.ClearHeldAt().ClearHeldUntil().SetHoldCountsTime(false)
			var out outcome
			if in.Note != nil {
				out.said = decision(*in.Note)
			}
			return out, bad.err()
		},
	})
}

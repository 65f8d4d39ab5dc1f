package quality

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/caselink"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// LinkCase says what a case has to do with another.
type LinkCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	OtherID          typeid.CaseID
	Kind             caselink.Kind
	Note             *string
}

// inverse is what a link is from the other side.
var inverse = map[caselink.Kind]caselink.Kind{
	caselink.KindRELATED: caselink.KindRELATED, caselink.KindDUPLICATE: caselink.KindDUPLICATE,
	caselink.KindCAUSED_BY: caselink.KindCAUSE_OF, caselink.KindCAUSE_OF: caselink.KindCAUSED_BY,
	caselink.KindSPLIT_INTO: caselink.KindSPLIT_FROM, caselink.KindMERGED_INTO: caselink.KindMERGED_FROM,
}

// LinkCase says what a case has to do with another, in the timelines of both. The
// same is said once.
func (s *Service) LinkCase(ctx context.Context, in LinkCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseLink", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Link, action: caseentry.ActionLINKED, event: EventCaseLinked, changed: []string{"links"},
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, _ *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			bad.optional(&in.Note, maxProse, "note")
			switch in.Kind {
			case caselink.KindRELATED, caselink.KindDUPLICATE, caselink.KindCAUSED_BY, caselink.KindCAUSE_OF:
			default:
				bad.add(Invalid, "Links of this kind come of splitting and merging.", "此类关联由拆分或合并产生。", "kind")
			}
			if bad.err() != nil {
				return outcome{}, bad.err()
			}
			now := s.now()
			other, err := lockOther(ctx, tx, c, in.OtherID, "otherId", now)
			if err != nil {
				return outcome{}, err
			}
			known, err := tx.CaseLink.Query().Where(caselink.CaseID(c.ID), caselink.OtherID(other.ID), caselink.KindEQ(in.Kind)).Exist(ctx)
			if err != nil {
				return outcome{}, fmt.Errorf("looking up a link: %w", err)
			}
			if known {
				return outcome{}, reject(Duplicate, text("The cases are linked so already.", "两个个案已有此关联。"), "otherId")
			}
			out := outcome{line: stepLine{other: other.ID}, events: []events.Event{caseEvent(EventCaseLinked, other, now, "entries", "links")}}
			if in.Note != nil {
				out.said = decision(*in.Note)
			}
			if err := link(ctx, tx, c.ID, in.Kind, other.ID, now); err != nil {
				return outcome{}, err
			}
			return out, recordStep(ctx, tx, other.ID, stepLine{action: caseentry.ActionLINKED, other: c.ID}, now)
		},
	})
}

// lockOther loads the other case of a step that concerns two, and locks the rows of
// both: in the order of their ids, against deadlocks with steps that come from the
// other side.
func lockOther(ctx context.Context, tx *db.Tx, c *db.ServiceCase, id typeid.CaseID, path string, now time.Time) (*db.ServiceCase, error) {
	other, err := tx.ServiceCase.Get(ctx, id)
	if err := seen(other, err)(path); err != nil {
		return nil, err
	}
	if id == c.ID {
		return nil, reject(Invalid, text("This is the case itself.", "不能选择个案自身。"), path)
	}
	first, second := c.ID, id
	if bytes.Compare(first[:], second[:]) > 0 {
		first, second = second, first
	}
	for _, lock := range []typeid.CaseID{first, second} {
		if err := tx.ServiceCase.UpdateOneID(lock).SetUpdatedAt(now).Exec(ctx); err != nil {
			return nil, fmt.Errorf("locking a case: %w", err)
		}
	}
	if other, err = tx.ServiceCase.Get(ctx, id); err != nil { // as it is now that nobody else changes it
		return nil, fmt.Errorf("loading a locked case: %w", err)
	}
	if other.ArchivedAt != nil {
		return nil, reject(Kind(rules.IsArchived), obstacleTexts[rules.IsArchived], path)
	}
	return other, nil
}

// link records what a case has to do with another, on both sides.
func link(ctx context.Context, tx *db.Tx, id typeid.CaseID, kind caselink.Kind, other typeid.CaseID, now time.Time) error {
	author := ent.ViewerFrom(ctx).Staff
	err := tx.CaseLink.CreateBulk(
		tx.CaseLink.Create().SetCaseID(id).SetOtherID(other).SetKind(kind).SetAuthorID(author).SetAt(now),
		tx.CaseLink.Create().SetCaseID(other).SetOtherID(id).SetKind(inverse[kind]).SetAuthorID(author).SetAt(now)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("linking cases: %w", err)
	}
	return nil
}

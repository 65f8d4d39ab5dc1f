package quality

import (
	"context"
	"fmt"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/caselink"
	"github.com/seed-34fcb60d/rounds/ent/db/handover"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// MergeCase closes a case that is the same matter as another.
type MergeCase struct {
	IdempotencyKey   *string
	ID               typeid.CaseID
	ExpectedRevision int
	IntoID           typeid.CaseID
	Reason           string
}

// MergeCase closes a case that is the same matter as another, in which it goes on.
// What was written in it is copied into the other's timeline, so that it can be read
// from both, and whom it commended is named by the other.
func (s *Service) MergeCase(ctx context.Context, in MergeCase) (*Change[*db.ServiceCase], error) {
	return s.moveCase(ctx, caseStep{
		name: "caseMerge", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		step: rules.Merge, action: caseentry.ActionMERGED, event: EventCaseMerged,
		changed: []string{"open", "closure", "closedAt", "mergedInto", "links", "commendations", "handOvers", "heldAt", "heldUntil", "holdCountsTime"},
		apply: func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error) {
			var bad check
			if bad.text(&in.Reason, maxProse, "reason"); bad.err() != nil {
				return outcome{}, bad.err()
			}
			now := s.now()
			into, err := lockOther(ctx, tx, c, in.IntoID, "intoId", now)
			if err != nil {
				return outcome{}, err
			}
			if err := mayMergeInto(ent.ViewerFrom(ctx), c, into); err != nil {
				return outcome{}, err
			}
			update.SetMergedIntoID(into.ID).SetClosure(servicecase.ClosureMERGED).SetClosedAt(now).
				ClearHeldAt().ClearHeldUntil().SetHoldCountsTime(false)
			if _, err := endHandOver(ctx, tx, c.ID, handover.StateWITHDRAWN, nil, now); err != nil {
				return outcome{}, err
			}
			lines, err := tx.CaseEntry.Query().Where(caseentry.CaseID(c.ID)).Order(caseentry.ByAt(), caseentry.ByID()).All(ctx)
			if err != nil {
				return outcome{}, fmt.Errorf("reading a case's timeline: %w", err)
			}
			if err := copyLines(ctx, tx, lines, into.ID); err != nil {
				return outcome{}, err
			}
			if err := link(ctx, tx, c.ID, caselink.KindMERGED_INTO, into.ID, now); err != nil {
				return outcome{}, err
			}
			changed := []string{"entries", "links"}
			if moved, err := moveCommendations(ctx, tx, c.ID, into.ID, now); err != nil {
				return outcome{}, err
			} else if moved {
				changed = append(changed, "commendations")
			}
			return outcome{
				line: stepLine{other: into.ID}, said: decision(in.Reason),
				events: []events.Event{caseEvent(EventCaseMergedFrom, into, now, changed...)},
			}, recordStep(ctx, tx, into.ID, stepLine{action: caseentry.ActionMERGED_FROM, other: c.ID}, now)
		},
	})
}

// mayMergeInto checks that a case can go on in another.
func mayMergeInto(v ent.Viewer, c, into *db.ServiceCase) error {
	if err := handler(v, into); err != nil {
		return err
	}
	var bad check
	if !into.Open {
		bad.add(Rejected, "The other case is closed: reopen it, or link the two.", "目标个案已关闭，请先重新打开或改为关联。", "intoId")
	}
	if into.SiteID != c.SiteID {
		bad.add(Invalid, "The other case belongs to another site.", "目标个案属于其他营业点。", "intoId")
	}
	if !c.CustomerID.IsZero() && c.CustomerID != into.CustomerID {
		bad.add(Invalid, "The cases are not of the same customer: link them instead.", "两个个案不属于同一客户，请改为关联。", "intoId")
	}
	return bad.err()
}

// copiedRows is how many lines of a timeline one statement copies: with their some
// dozen columns they stay below the parameters that SQLite allows.
const copiedRows = 1000

// copyLines copies lines of a timeline into that of another case, each with the line
// that it is a copy of. A correction among them corrects the copy.
func copyLines(ctx context.Context, tx *db.Tx, lines []*db.CaseEntry, into typeid.CaseID) error {
	copies := make(map[typeid.CaseEntryID]typeid.CaseEntryID, len(lines))
	rows := make([]*db.CaseEntryCreate, len(lines))
	for n, e := range lines {
		id := typeid.New[typeid.CaseEntryID]()
		copies[e.ID] = id
		rows[n] = tx.CaseEntry.Create().SetID(id).SetCaseID(into).SetAuthorID(e.AuthorID).SetCorrectsID(copies[e.CorrectsID]).
			SetKind(e.Kind).SetVisibility(e.Visibility).SetText(e.Text).SetNillableAction(e.Action).SetToDepartmentID(e.ToDepartmentID).
			SetToStaffID(e.ToStaffID).SetOtherCaseID(e.OtherCaseID).SetCopyOfID(e.ID).SetAt(e.At)
	}
	for some := range slices.Chunk(rows, copiedRows) {
		if err := tx.CaseEntry.CreateBulk(some...).Exec(ctx); err != nil {
			return fmt.Errorf("copying %d lines of a timeline: %w", len(some), err)
		}
	}
	return copyAttachments(ctx, tx, copies, into)
}

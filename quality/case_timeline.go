package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// stepLine is what a case's timeline says of a step. It holds no text: readers are
// told in their own language.
type stepLine struct {
	action     caseentry.Action
	department typeid.DepartmentID // to which the case was offered, or which gave it back
	person     typeid.StaffID      // who in it was asked
	other      typeid.CaseID       // that the step concerns, too
}

// recordStep adds the line to a case's timeline that says which step the viewer took.
func recordStep(ctx context.Context, tx *db.Tx, id typeid.CaseID, l stepLine, now time.Time) error {
	err := tx.CaseEntry.Create().SetCaseID(id).SetAuthorID(ent.ViewerFrom(ctx).Staff).
		SetKind(caseentry.KindSYSTEM).SetAction(l.action).SetText("").SetAt(now).
		SetToDepartmentID(l.department).SetToStaffID(l.person).SetOtherCaseID(l.other).Exec(ctx)
	if err != nil {
		return fmt.Errorf("recording a step in a case's timeline: %w", err)
	}
	return nil
}

// remark is what the viewer said of a step.
type remark struct {
	kind       caseentry.Kind
	visibility caseentry.Visibility
	text       string
}

// outward reports whether a line of a kind says that the customer was spoken to.
func outward(kind caseentry.Kind) bool {
	return kind == caseentry.KindMESSAGE_TO_CUSTOMER || kind == caseentry.KindCALL
}

// decision is a remark for those who work on the case, none where the text is empty.
func decision(text string) []remark {
	if text == "" {
		return nil
	}
	return []remark{{caseentry.KindDECISION, caseentry.VisibilityINTERNAL, text}}
}

// write adds the remark to a case's timeline.
func (r remark) write(ctx context.Context, tx *db.Tx, id typeid.CaseID, now time.Time) error {
	err := tx.CaseEntry.Create().SetCaseID(id).SetAuthorID(ent.ViewerFrom(ctx).Staff).
		SetKind(r.kind).SetVisibility(r.visibility).SetText(r.text).SetAt(now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("writing a case's timeline: %w", err)
	}
	return nil
}

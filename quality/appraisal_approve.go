package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisal"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// ApproveAppraisal approves a draft.
type ApproveAppraisal struct {
	IdempotencyKey   *string
	ID               typeid.AppraisalID
	ExpectedRevision int
}

// ApproveAppraisal freezes an appraisal: from then on no change of data or scheme
// alters it (R-APP-6). Nobody approves the own one.
func (s *Service) ApproveAppraisal(ctx context.Context, in ApproveAppraisal) (*Change[*db.Appraisal], error) {
	return run(ctx, s, useCase[*db.Appraisal]{
		area: ent.Appraisals, name: "appraisalApprove", key: in.IdempotencyKey, in: in,
		read: func(ctx context.Context, ids []string) (*db.Appraisal, error) {
			id, _ := typeid.Parse[typeid.AppraisalID](ids[0])
			return s.db.Appraisal.Get(ctx, id)
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Appraisal], error) {
			var none effect[*db.Appraisal]
			a, err := tx.Appraisal.Get(ctx, in.ID)
			if err := seen(a, err)("id"); err != nil {
				return none, err
			}
			v := ent.ViewerFrom(ctx)
			if v.Role == staff.RoleTEAM_LEAD || !mayAppraise(v, a.SiteID, a.DepartmentID) || v.Staff == a.StaffID {
				return none, forbidden(text("Only a manager above the person, or human resources, may approve it.", "只有上级管理人员或人力资源可以审批。"))
			}
			if a.Status == appraisal.StatusAPPROVED {
				return none, reject(Rejected, text("The appraisal is approved already.", "该考核已审批。"), "id")
			}
			if a.Revision != in.ExpectedRevision {
				return none, conflict()
			}
			now := s.now()
			a, err = tx.Appraisal.UpdateOneID(a.ID).
				Where(appraisal.Revision(in.ExpectedRevision), appraisal.StatusEQ(appraisal.StatusDRAFT)).
				AddRevision(1).SetUpdatedAt(now).SetStatus(appraisal.StatusAPPROVED).SetApprovedAt(now).SetApprovedByID(v.Staff).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("approving an appraisal: %w", err)
			}
			return effect[*db.Appraisal]{
				object: a.Unwrap(), ids: []string{a.ID.String()},
				events: []events.Event{appraisalEvent(EventAppraisalApproved, a, now, "status", "approvedAt", "approvedBy", "revision")},
			}, nil
		},
	})
}

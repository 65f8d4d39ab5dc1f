package quality

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// StartInspection is an inspection to start.
type StartInspection struct {
	IdempotencyKey *string
	Checklist      string
	DepartmentID   typeid.DepartmentID
	ObservedID     *typeid.StaffID
	Layer          inspection.Layer
	Place          *string
	CoInspectorIDs []typeid.StaffID
	ReviewedCaseID *typeid.CaseID
}

// StartInspection starts an inspection by the current version of a checklist,
// which the inspection keeps whatever becomes of the plugin.
func (s *Service) StartInspection(ctx context.Context, in StartInspection) (*Change[*db.Inspection], error) {
	return run(ctx, s, useCase[*db.Inspection]{
		area: ent.Inspections, name: "inspectionStart", key: in.IdempotencyKey, in: in, read: s.readInspection,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Inspection], error) {
			var none effect[*db.Inspection]
			var bad check
			bad.text(&in.Checklist, maxCode, "checklist")
			bad.optional(&in.Place, maxPlace, "place")
			if bad.err() != nil {
				return none, bad.err()
			}
			viewer := ent.ViewerFrom(ctx)
			if viewer.Staff.IsZero() {
				return none, forbidden(text("An inspection is made by a person: use a staff member's token.", "检查须由员工执行，请使用员工令牌。"))
			}
			version, err := tx.ChecklistVersion.Query().
				Where(checklistversion.Code(in.Checklist), checklistversion.Current(true)).Only(ctx)
			if err := seen(version, err)("checklist"); err != nil {
				return none, err
			}
			d, err := tx.Department.Get(ctx, in.DepartmentID)
			if err := seen(d, err)("departmentId"); err != nil {
				return none, err
			}
			if in.ObservedID != nil {
				if err := employedAt(ctx, tx, d.SiteID, *in.ObservedID, "observedId"); err != nil {
					return none, err
				}
			}
			if err := companions(ctx, tx, in.CoInspectorIDs, viewer.Staff, d.SiteID); err != nil {
				return none, err
			}
			if err := reviewable(ctx, tx, in.ReviewedCaseID, d.SiteID); err != nil {
				return none, err
			}
			now := s.now()
			i, err := tx.Inspection.Create().SetSiteID(d.SiteID).SetDepartmentID(d.ID).SetChecklistVersionID(version.ID).
				SetInspectorID(viewer.Staff).SetNillableObservedID(in.ObservedID).SetLayer(in.Layer).
				SetNillablePlace(in.Place).SetShared(len(in.CoInspectorIDs) > 0).SetNillableReviewedCaseID(in.ReviewedCaseID).SetStartedAt(now).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("starting an inspection: %w", err)
			}
			for _, id := range in.CoInspectorIDs {
				if err := tx.CoInspector.Create().SetInspectionID(i.ID).SetStaffID(id).Exec(ctx); err != nil {
					return none, fmt.Errorf("adding a co-inspector: %w", err)
				}
			}
			return effect[*db.Inspection]{
				object: i.Unwrap(), ids: []string{i.ID.String()},
				events: []events.Event{inspectionEvent(EventInspectionStarted, i, now)},
			}, nil
		},
	})
}

// companions checks who is to fill in an inspection beside its inspector.
func companions(ctx context.Context, tx *db.Tx, ids []typeid.StaffID, inspector typeid.StaffID, site typeid.SiteID) error {
	var bad check
	if len(ids) > maxCompany {
		bad.elements(len(ids), maxCompany, "coInspectorIds")
		return bad.err()
	}
	for n, id := range ids {
		if id == inspector || slices.Contains(ids[:n], id) {
			return reject(Invalid, text("This person inspects already.", "该员工已是检查人员。"), "coInspectorIds", strconv.Itoa(n))
		}
		if err := employedAt(ctx, tx, site, id, "coInspectorIds"); err != nil {
			return err
		}
	}
	return nil
}

// reviewable checks the case that is to be reviewed, if one is.
func reviewable(ctx context.Context, tx *db.Tx, id *typeid.CaseID, site typeid.SiteID) error {
	if id == nil {
		return nil
	}
	c, err := tx.ServiceCase.Get(ctx, *id)
	if err := seen(c, err)("reviewedCaseId"); err != nil {
		return err
	}
	if c.SiteID != site {
		return reject(Invalid, text("This case belongs to another site.", "该个案属于其他营业点。"), "reviewedCaseId")
	}
	return nil
}

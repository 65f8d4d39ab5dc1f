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
	PlannedID      *typeid.PlannedInspectionID // whose plan says what is not said here
	Checklist      string
	DepartmentID   *typeid.DepartmentID
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
			in := in // what the plan says completes it, each time that it is tried
			var bad check
			bad.optional(&in.Place, maxPlace, "place")
			if bad.err() != nil {
				return none, bad.err()
			}
			viewer := ent.ViewerFrom(ctx)
			if viewer.Staff.IsZero() {
				return none, forbidden(text("An inspection is made by a person: use a staff member's token.", "检查须由员工执行，请使用员工令牌。"))
			}
			now := s.now()
			asked, err := s.planned(ctx, tx, &in, now)
			if err != nil {
				return none, err
			}
			if err := in.check(); err != nil {
				return none, err
			}
			version, err := tx.ChecklistVersion.Query().
				Where(checklistversion.Code(in.Checklist), checklistversion.Current(true)).Only(ctx)
			if err := seen(version, err)("checklist"); err != nil {
				return none, err
			}
			d, err := asked.department(ctx, tx, *in.DepartmentID)
			if err != nil {
				return none, err
			}
			if err := in.checkPeople(ctx, tx, d.SiteID, asked); err != nil {
				return none, err
			}
			create := tx.Inspection.Create().SetSiteID(d.SiteID).SetDepartmentID(d.ID).SetChecklistVersionID(version.ID).
				SetInspectorID(viewer.Staff).SetNillableObservedID(in.ObservedID).SetLayer(in.Layer).
				SetNillablePlace(in.Place).SetShared(len(in.CoInspectorIDs) > 0).SetNillableReviewedCaseID(in.ReviewedCaseID).SetStartedAt(now).SetUpdatedAt(now)
			warnings, err := asked.freeze(create, version)
			if err != nil {
				return none, err
			}
			i, err := create.Save(ctx)
			if err != nil {
				return none, fmt.Errorf("starting an inspection: %w", err)
			}
			for _, id := range in.CoInspectorIDs {
				if err := tx.CoInspector.Create().SetInspectionID(i.ID).SetStaffID(id).Exec(ctx); err != nil {
					return none, fmt.Errorf("adding a co-inspector: %w", err)
				}
			}
			if err := asked.start(ctx, tx, i); err != nil {
				return none, err
			}
			return effect[*db.Inspection]{
				object: i.Unwrap(), ids: []string{i.ID.String()}, warnings: warnings,
				events: []events.Event{inspectionEvent(EventInspectionStarted, i, now)},
			}, nil
		},
	})
}

// check says what is missing of an inspection that no plan asks for.
func (in *StartInspection) check() error {
	var bad check
	bad.text(&in.Checklist, maxCode, "checklist")
	if in.DepartmentID == nil {
		bad.add(Required, "Say which department, or a planned inspection.", "请指定部门或计划检查。", "departmentId")
	}
	if in.Layer == "" {
		bad.add(Required, "Say the layer of control, or a planned inspection.", "请指定检查层级或计划检查。", "layer")
	}
	return bad.err()
}

// checkPeople checks who is observed, who inspects beside the viewer, and the case.
func (in *StartInspection) checkPeople(ctx context.Context, tx *db.Tx, site typeid.SiteID, asked *askedFor) error {
	if in.ObservedID != nil && (asked == nil || asked.planned.ObservedID.IsZero()) {
		if err := employedAt(ctx, tx, site, *in.ObservedID, "observedId"); err != nil {
			return err
		}
	}
	if err := companions(ctx, tx, in.CoInspectorIDs, ent.ViewerFrom(ctx).Staff, site); err != nil {
		return err
	}
	return reviewable(ctx, tx, in.ReviewedCaseID, site)
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

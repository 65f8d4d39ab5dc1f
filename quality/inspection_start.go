package quality

import (
	"context"
	"fmt"

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
			now := s.now()
			i, err := tx.Inspection.Create().SetSiteID(d.SiteID).SetDepartmentID(d.ID).SetChecklistVersionID(version.ID).
				SetInspectorID(viewer.Staff).SetNillableObservedID(in.ObservedID).SetLayer(in.Layer).
				SetNillablePlace(in.Place).SetStartedAt(now).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("starting an inspection: %w", err)
			}
			return effect[*db.Inspection]{
				object: i.Unwrap(), ids: []string{i.ID.String()},
				events: []events.Event{inspectionEvent(EventInspectionStarted, i, now)},
			}, nil
		},
	})
}

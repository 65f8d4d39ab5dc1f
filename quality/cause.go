package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/cause"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// CreateCause is a cause to add to a site's tree, or without a site to the company's.
type CreateCause struct {
	IdempotencyKey *string
	SiteID         *typeid.SiteID
	ParentID       *typeid.CauseID
	Code           string
	NameEn, NameZh string
}

// CreateCause adds a cause to a tree, at the top or below another.
func (s *Service) CreateCause(ctx context.Context, in CreateCause) (*Change[*db.Cause], error) {
	return run(ctx, s, useCase[*db.Cause]{
		area: ent.Cases, name: "causeCreate", key: in.IdempotencyKey, in: in, read: s.readCause,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Cause], error) {
			var none effect[*db.Cause]
			site := &db.Site{} // none, for what is the company's
			if in.SiteID != nil {
				var err error
				if site, err = siteOf(ctx, tx.Site, in.SiteID); err != nil {
					return none, err
				}
			}
			if err := mayKeepWords(ent.ViewerFrom(ctx), in.SiteID == nil); err != nil {
				return none, err
			}
			above := branch{path: site.Code + "/", active: true}
			if in.ParentID != nil {
				sameTree := cause.SiteIDIsNil()
				if in.SiteID != nil {
					sameTree = cause.SiteID(site.ID)
				}
				parent, err := tx.Cause.Query().Where(cause.ID(*in.ParentID), sameTree).Only(ctx)
				if err := seen(parent, err)("parentId"); err != nil {
					return none, err
				}
				above.path = parent.Path
				if above.active, err = s.holdCause(ctx, tx, parent.ID); err != nil {
					return none, err
				}
			}
			path, err := checkBranch(above, &in.Code, &in.NameEn, &in.NameZh)
			if err != nil {
				return none, err
			}
			known, err := tx.Cause.Query().Where(cause.Path(path)).Exist(ent.AsSystem(ctx))
			if err != nil {
				return none, fmt.Errorf("looking up a cause by its path: %w", err)
			}
			if known {
				return none, duplicateCode()
			}
			now := s.now()
			of, err := tx.Cause.Create().SetSiteID(site.ID).SetNillableParentID(in.ParentID).SetCode(in.Code).SetPath(path).
				SetNameEn(in.NameEn).SetNameZh(in.NameZh).SetCreatedAt(now).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("making a cause: %w", err)
			}
			return causeChanged(of, EventCauseCreated, now), nil
		},
	})
}

// UpdateCause is a cause to rename, retire or use again.
type UpdateCause struct {
	IdempotencyKey   *string
	ID               typeid.CauseID
	ExpectedRevision int
	NameEn, NameZh   *string
	Active           *bool
}

// UpdateCause renames a cause, retires it or takes it into use again.
func (s *Service) UpdateCause(ctx context.Context, in UpdateCause) (*Change[*db.Cause], error) {
	return run(ctx, s, useCase[*db.Cause]{
		area: ent.Cases, name: "causeUpdate", key: in.IdempotencyKey, in: in, read: s.readCause,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Cause], error) {
			var none effect[*db.Cause]
			of, err := tx.Cause.Get(ctx, in.ID)
			if err := seen(of, err)("id"); err != nil {
				return none, err
			}
			if err := mayKeepWords(ent.ViewerFrom(ctx), of.SiteID.IsZero()); err != nil {
				return none, err
			}
			if of.Revision != in.ExpectedRevision {
				return none, conflict()
			}
			aboveActive := true
			if in.Active != nil && *in.Active && !of.ParentID.IsZero() {
				if aboveActive, err = s.holdCause(ctx, tx, of.ParentID); err != nil {
					return none, err
				}
			}
			to := renaming{in.NameEn, in.NameZh, in.Active}
			if err := checkRenaming(to, aboveActive); err != nil {
				return none, err
			}
			now := s.now()
			of, err = tx.Cause.UpdateOneID(of.ID).Where(cause.Revision(in.ExpectedRevision)).AddRevision(1).SetUpdatedAt(now).
				SetNillableNameEn(in.NameEn).SetNillableNameZh(in.NameZh).SetNillableActive(in.Active).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a cause: %w", err)
			}
			// Only now is it held, so that nothing below it is taken into use meanwhile.
			inUse, err := tx.Cause.Query().Where(cause.ParentID(of.ID), cause.Active(true)).Exist(ctx)
			if err != nil {
				return none, fmt.Errorf("looking below a cause: %w", err)
			}
			if !of.Active && inUse {
				return none, stillInUse()
			}
			return causeChanged(of, EventCauseUpdated, now, to.changed()...), nil
		},
	})
}

// holdCause locks a cause for as long as the transaction lasts, and tells whether it is in
// use.
func (s *Service) holdCause(ctx context.Context, tx *db.Tx, id typeid.CauseID) (active bool, err error) {
	held, err := tx.Cause.UpdateOneID(id).SetUpdatedAt(s.now()).Save(ctx)
	if err != nil {
		return false, fmt.Errorf("locking a cause: %w", err)
	}
	return held.Active, nil
}

func (s *Service) readCause(ctx context.Context, ids []string) (*db.Cause, error) {
	id, _ := typeid.Parse[typeid.CauseID](ids[0])
	return s.db.Cause.Get(ctx, id)
}

func causeChanged(of *db.Cause, event string, now time.Time, changed ...string) effect[*db.Cause] {
	return effect[*db.Cause]{object: of.Unwrap(), ids: []string{of.ID.String()},
		events: []events.Event{{Kind: event, Subject: of.ID.String(), Changed: changed, At: now, Site: of.SiteID}}}
}

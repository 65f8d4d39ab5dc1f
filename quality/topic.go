package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/topic"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// CreateTopic is a topic to add to a site's tree.
type CreateTopic struct {
	IdempotencyKey *string
	SiteID         *typeid.SiteID
	ParentID       *typeid.TopicID
	Code           string
	NameEn, NameZh string
}

// CreateTopic adds a topic to a site's tree, at the top or below another.
func (s *Service) CreateTopic(ctx context.Context, in CreateTopic) (*Change[*db.Topic], error) {
	return run(ctx, s, useCase[*db.Topic]{
		area: ent.Cases, name: "topicCreate", key: in.IdempotencyKey, in: in, read: s.readTopic,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Topic], error) {
			var none effect[*db.Topic]
			site, err := siteOf(ctx, tx.Site, in.SiteID)
			if err != nil {
				return none, err
			}
			if err := mayKeepWords(ent.ViewerFrom(ctx), false); err != nil {
				return none, err
			}
			above := branch{path: site.Code + "/", active: true}
			if in.ParentID != nil {
				parent, err := tx.Topic.Query().Where(topic.ID(*in.ParentID), topic.SiteID(site.ID)).Only(ctx)
				if err := seen(parent, err)("parentId"); err != nil {
					return none, err
				}
				above.path = parent.Path
				if above.active, err = s.holdTopic(ctx, tx, parent.ID); err != nil {
					return none, err
				}
			}
			path, err := checkBranch(above, &in.Code, &in.NameEn, &in.NameZh)
			if err != nil {
				return none, err
			}
			known, err := tx.Topic.Query().Where(topic.Path(path)).Exist(ent.AsSystem(ctx))
			if err != nil {
				return none, fmt.Errorf("looking up a topic by its path: %w", err)
			}
			if known {
				return none, duplicateCode()
			}
			now := s.now()
			t, err := tx.Topic.Create().SetSiteID(site.ID).SetNillableParentID(in.ParentID).SetCode(in.Code).SetPath(path).
				SetNameEn(in.NameEn).SetNameZh(in.NameZh).SetCreatedAt(now).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("making a topic: %w", err)
			}
			return topicChanged(t, EventTopicCreated, now), nil
		},
	})
}

// UpdateTopic is a topic to rename, retire or use again.
type UpdateTopic struct {
	IdempotencyKey   *string
	ID               typeid.TopicID
	ExpectedRevision int
	NameEn, NameZh   *string
	Active           *bool
}

// UpdateTopic renames a topic, retires it or takes it into use again.
func (s *Service) UpdateTopic(ctx context.Context, in UpdateTopic) (*Change[*db.Topic], error) {
	return run(ctx, s, useCase[*db.Topic]{
		area: ent.Cases, name: "topicUpdate", key: in.IdempotencyKey, in: in, read: s.readTopic,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Topic], error) {
			var none effect[*db.Topic]
			t, err := tx.Topic.Get(ctx, in.ID)
			if err := seen(t, err)("id"); err != nil {
				return none, err
			}
			if err := mayKeepWords(ent.ViewerFrom(ctx), false); err != nil {
				return none, err
			}
			if t.Revision != in.ExpectedRevision {
				return none, conflict()
			}
			aboveActive := true
			if in.Active != nil && *in.Active && !t.ParentID.IsZero() {
				if aboveActive, err = s.holdTopic(ctx, tx, t.ParentID); err != nil {
					return none, err
				}
			}
			to := renaming{in.NameEn, in.NameZh, in.Active}
			if err := checkRenaming(to, aboveActive); err != nil {
				return none, err
			}
			now := s.now()
			t, err = tx.Topic.UpdateOneID(t.ID).Where(topic.Revision(in.ExpectedRevision)).AddRevision(1).SetUpdatedAt(now).
				SetNillableNameEn(in.NameEn).SetNillableNameZh(in.NameZh).SetNillableActive(in.Active).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a topic: %w", err)
			}
			// Only now is it held, so that nothing below it is taken into use meanwhile.
			inUse, err := tx.Topic.Query().Where(topic.ParentID(t.ID), topic.Active(true)).Exist(ctx)
			if err != nil {
				return none, fmt.Errorf("looking below a topic: %w", err)
			}
			if !t.Active && inUse {
				return none, stillInUse()
			}
			return topicChanged(t, EventTopicUpdated, now, to.changed()...), nil
		},
	})
}

// holdTopic locks a topic for as long as the transaction lasts, and tells whether it is in
// use.
func (s *Service) holdTopic(ctx context.Context, tx *db.Tx, id typeid.TopicID) (active bool, err error) {
	held, err := tx.Topic.UpdateOneID(id).SetUpdatedAt(s.now()).Save(ctx)
	if err != nil {
		return false, fmt.Errorf("locking a topic: %w", err)
	}
	return held.Active, nil
}

func (s *Service) readTopic(ctx context.Context, ids []string) (*db.Topic, error) {
	id, _ := typeid.Parse[typeid.TopicID](ids[0])
	return s.db.Topic.Get(ctx, id)
}

func topicChanged(t *db.Topic, event string, now time.Time, changed ...string) effect[*db.Topic] {
	return effect[*db.Topic]{object: t.Unwrap(), ids: []string{t.ID.String()},
		events: []events.Event{{Kind: event, Subject: t.ID.String(), Changed: changed, At: now, Site: t.SiteID}}}
}

// checkTopic checks that a case of the site can be about a topic.
func checkTopic(ctx context.Context, tx *db.Tx, id typeid.TopicID, site typeid.SiteID) error {
	t, err := tx.Topic.Get(ctx, id)
	if err := seen(t, err)("topicId"); err != nil {
		return err
	}
	if t.SiteID != site {
		return reject(Invalid, text("The topic is of another site than the case.", "该主题与个案不属于同一营业点。"), "topicId")
	}
	if !t.Active {
		return reject(Invalid, text("This topic is retired.", "该主题已停用。"), "topicId")
	}
	return nil
}

package graph

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/topic"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
)

type topicResolver struct{ *Resolver }

// Topic resolves the fields of Topic.
func (r *Resolver) Topic() generated.TopicResolver { return &topicResolver{r} }

// topics are read by their ids.
func (r *Resolver) topics() table[db.Topic, typeid.TopicID] {
	return table[db.Topic, typeid.TopicID]{
		func(ctx context.Context, ids []typeid.TopicID) ([]*db.Topic, error) {
			return r.Database.Topic.Query().Where(topic.IDIn(ids...)).All(ctx)
		}, func(t *db.Topic) typeid.TopicID { return t.ID }}
}

func topicSort() relay.Sort[db.Topic] {
	return relay.Sort[db.Topic]{
		Name: "topic.path", Column: topic.FieldPath,
		Key: func(t *db.Topic) (any, fmt.Stringer) { return t.Path, t.ID },
		ID:  parsed[typeid.TopicID],
	}
}

func topicFilter(ctx context.Context, f *model.TopicFilter) (c conditions[predicate.Topic]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, topic.SiteID, toSite)
	whereRefers(ctx, &c, f.ParentID, topic.ParentID, toTopic)
	whereIs(&c, f.Active, topic.FieldActive)
	return c
}

// aboutTopic is the condition on cases to be about a topic or one below it. The
// topics of its site, which are few, are looked through; the cases are then found
// by their index. Paths are compared exactly, where LIKE would depend on the
// database for the case of letters.
func aboutTopic(id typeid.TopicID) predicate.ServiceCase {
	return func(s *sql.Selector) {
		top, below := sql.Dialect(s.Dialect()).Table(topic.Table).As("top"), sql.Dialect(s.Dialect()).Table(topic.Table).As("below")
		isBelow := sql.P(func(b *sql.Builder) {
			b.WriteString("substr(").Ident(below.C(topic.FieldPath)).WriteString(", 1, length(").Ident(top.C(topic.FieldPath)).
				WriteString(")) = ").Ident(top.C(topic.FieldPath))
		})
		s.Where(sql.In(s.C(servicecase.FieldTopicID), sql.Dialect(s.Dialect()).Select(below.C(topic.FieldID)).From(top).
			Join(below).On(below.C(topic.FieldSiteID), top.C(topic.FieldSiteID)).
			Where(sql.And(sql.EQ(top.C(topic.FieldID), id), isBelow))))
	}
}

func (r *queryResolver) Topics(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.TopicFilter) (*relay.TopicConnection, error) {
	return list(ctx, ent.Cases, r.Database.Topic.Query(), topicFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, topicSort())
}

func (r *topicResolver) Name(ctx context.Context, obj *db.Topic) (string, error) {
	return say(ctx, checklist.Text{EN: obj.NameEn, ZH: obj.NameZh}), nil
}

func (r *topicResolver) Site(ctx context.Context, obj *db.Topic) (*db.Site, error) {
	return one(ctx, obj, func(t *db.Topic) typeid.SiteID { return t.SiteID }, r.sites())
}

func (r *topicResolver) Parent(ctx context.Context, obj *db.Topic) (*db.Topic, error) {
	return one(ctx, obj, func(t *db.Topic) typeid.TopicID { return t.ParentID }, r.topics())
}

func (r *topicResolver) Children(ctx context.Context, obj *db.Topic, first *int, after *string, last *int, before *string) (*relay.TopicConnection, error) {
	return many(ctx, obj, func(t *db.Topic) typeid.TopicID { return t.ID },
		func(ids []typeid.TopicID) (map[typeid.TopicID]*relay.TopicConnection, error) {
			return relay.Nested(ctx, ids, relay.Children[*db.TopicQuery, db.Topic, predicate.Topic, typeid.TopicID]{
				Query: r.Database.Topic.Query(), Table: topic.Table, Column: topic.FieldParentID, Scope: scope(ctx, db.TypeTopic),
				Parent: func(t *db.Topic) typeid.TopicID { return t.ParentID },
			}, relay.Args{First: first, After: after, Last: last, Before: before}, topicSort())
		})
}

func (r *mutationResolver) TopicCreate(ctx context.Context, input quality.CreateTopic) (*model.TopicPayload, error) {
	return change(ctx, r.Quality.CreateTopic, input)
}

func (r *mutationResolver) TopicUpdate(ctx context.Context, input quality.UpdateTopic) (*model.TopicPayload, error) {
	return change(ctx, r.Quality.UpdateTopic, input)
}

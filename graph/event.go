package graph

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

type eventResolver struct{ *Resolver }

// Event resolves the fields of Event.
func (r *Resolver) Event() generated.EventResolver { return &eventResolver{r} }

// maxEventKinds bounds the kinds of one filter.
const maxEventKinds = 50

func eventFilter(f *model.EventFilter) (events.Filter, error) {
	if f == nil {
		return events.Filter{}, nil
	}
	if len(f.Kind) > maxEventKinds {
		return events.Filter{}, &relay.ArgumentError{Argument: "filter", Reason: fmt.Sprintf("must have at most %d kinds", maxEventKinds)}
	}
	var filter events.Filter
	for _, kind := range f.Kind {
		filter.Kinds = append(filter.Kinds, orNone(kind))
	}
	if f.SubjectID != nil {
		filter.Subjects = []string{orNone(*f.SubjectID)}
	}
	return filter, nil
}

// orNone is a text to look for; one that no database holds becomes the empty one,
// which is the kind, and the subject, of no event.
func orNone(s string) string {
	if !storable(s) {
		return ""
	}
	return s
}

// told are events as the API tells them, which load their subjects together.
func told(rows ...*db.Event) []*model.Event {
	out := make([]*model.Event, len(rows))
	page := siblings.New(out)
	for i, e := range rows {
		out[i] = &model.Event{
			Cursor: events.Cursor(*e.Cursor), Kind: e.Kind, SubjectID: e.Subject, Changed: notNil(e.Changed),
			Actor: e.Actor, At: e.At, Digest: hex.EncodeToString(e.Digest), Page: page,
		}
	}
	return out
}

func (r *eventResolver) Subject(ctx context.Context, obj *model.Event) (relay.Node, error) {
	subjects, err := obj.Page.Once("subject", func() (any, error) {
		var ids []string
		for _, e := range siblings.Rows[model.Event](obj.Page) {
			ids = append(ids, e.SubjectID)
		}
		return r.nodes(ctx, ids)
	})
	if err != nil {
		return nil, err
	}
	return subjects.(map[string]relay.Node)[obj.SubjectID], nil
}

func (r *queryResolver) Events(ctx context.Context, first *int, after *events.Cursor, filter *model.EventFilter) (*model.EventConnection, error) {
	size := relay.DefaultPage
	if first != nil {
		size = *first
	}
	if size < 0 || size > relay.MaxPage {
		return nil, &relay.ArgumentError{Argument: "first", Reason: fmt.Sprintf("must be from 0 to %d", relay.MaxPage)}
	}
	f, err := eventFilter(filter)
	if err != nil {
		return nil, err
	}
	end := events.Cursor(0)
	if after != nil {
		if err := r.Config.Events.CheckCursor(ctx, *after); err != nil {
			return nil, err
		}
		end = *after
	}
	rows, err := r.Database.Event.Query().Where(event.CursorGT(int64(end))).Where(f.Where()...).
		Order(db.Asc(event.FieldCursor)).Limit(size + 1).All(ctx)
	if err != nil {
		return nil, err
	}
	c := &model.EventConnection{PageInfo: &model.EventPageInfo{HasNextPage: len(rows) > size}}
	c.Nodes, c.Edges = []*model.Event{}, []*model.EventEdge{}
	for _, node := range told(rows[:min(size, len(rows))]...) {
		c.Nodes = append(c.Nodes, node)
		c.Edges = append(c.Edges, &model.EventEdge{Node: node, Cursor: node.Cursor})
		end = node.Cursor
	}
	c.PageInfo.EndCursor = end
	return c, nil
}

func (r *subscriptionResolver) Events(ctx context.Context, after *events.Cursor, filter *model.EventFilter) (<-chan graphql.Event[*model.Event], error) {
	f, err := eventFilter(filter)
	if err != nil {
		return nil, err
	}
	reader, err := r.subscribe(ctx, after, f)
	if err != nil {
		return nil, err
	}
	return stream(ctx, reader.Next), nil
}

func (r *subscriptionResolver) CaseUpdated(ctx context.Context, id string, after *events.Cursor) (<-chan graphql.Event[*model.Event], error) {
	key, _ := parse[typeid.CaseID](id) // the zero id is of no case
	seen := func(ctx context.Context, gone string, t checklist.Text) error {
		exists, err := r.Database.ServiceCase.Query().Where(servicecase.ID(key)).Exist(ctx)
		if err == nil && !exists {
			err = problem(ctx, gone, t)
		}
		return err
	}
	// All events of the case are read, for the one that ends the access is not the
	// viewer's to see. The position is taken first, so that none is missed between.
	reader, err := r.subscribe(ent.AsSystem(ctx), after, events.Filter{Subjects: []string{id}})
	if err != nil {
		return nil, err
	}
	if err := seen(ctx, codeNotFound, textNotFound); err != nil {
		return nil, err
	}
	viewer := ent.ViewerFrom(ctx)
	return stream(ctx, func(ctx context.Context) (*db.Event, error) {
		for {
			e, err := reader.Next(ctx)
			if err == nil {
				err = seen(ctx, codeAccessEnded, textAccessEnded)
			}
			if err != nil || viewer.MaySee(e) {
				return e, err
			}
		}
	}), nil
}

// subscribe returns a reader of the events after a position. A client that comes
// back names the position by Last-Event-ID or by the argument; the former is the
// later one.
func (r *subscriptionResolver) subscribe(ctx context.Context, after *events.Cursor, f events.Filter) (*events.Reader, error) {
	if last := wire.LastEventID(ctx); last != "" {
		c, err := events.ParseCursor(last)
		if err != nil {
			return nil, err
		}
		after = &c
	}
	return r.Config.Events.Subscribe(ctx, events.Subscription{After: after, Filter: f})
}

// stream sends events as next returns them, until it fails.
func stream(ctx context.Context, next func(context.Context) (*db.Event, error)) <-chan graphql.Event[*model.Event] {
	out := make(chan graphql.Event[*model.Event])
	go func() {
		defer close(out)
		for {
			e, err := next(ctx)
			if err != nil {
				if ctx.Err() == nil {
					wire.FailSubscription(ctx, err)
				}
				return
			}
			node := told(e)[0]
			select {
			case out <- graphql.Event[*model.Event]{Context: wire.WithCursor(ctx, node.Cursor.String()), Value: node}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

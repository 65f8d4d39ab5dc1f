package wiretest

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/graph/wire"
)

// Secret is in every error that must not reach a client.
const Secret = "SELECT secret FROM vault"

// Resolver answers for every type. Tests wait on its channels and read its counts.
type Resolver struct {
	Waiting chan struct{} // if not nil, gets an element when wait or silence has begun
	Ended   chan struct{} // if not nil, gets an element when wait, silence or flood has ended
	Flooded atomic.Int64  // events of flood made
	Renamed atomic.Int64  // executions of rename

	letters string // shared by all events, so that a test sees what the transport holds
}

// NewSchema is the schema with r as its resolvers.
func NewSchema(r *Resolver) graphql.ExecutableSchema {
	r.letters = strings.Repeat("x", 1<<20)
	return NewExecutableSchema(Config{Resolvers: root{r}})
}

type root struct{ *Resolver }

func (r root) Query() QueryResolver               { return r.Resolver }
func (r root) Mutation() MutationResolver         { return r.Resolver }
func (r root) Subscription() SubscriptionResolver { return r.Resolver }
func (r root) Item() ItemResolver                 { return itemResolver{} }
func (r root) Tick() TickResolver                 { return tickResolver{} }

type viewerKey struct{}

// WithViewer puts a viewer's name into the context for the field about.
func WithViewer(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, viewerKey{}, name)
}

func item(id string) *Item {
	return &Item{ID: id, Name: "item " + id, Color: ColorRed, Tags: []string{"a", "b"}}
}

func page(first, last *int32) *ItemConnection {
	n := 2
	if first != nil {
		n = int(*first)
	} else if last != nil {
		n = int(*last)
	}
	c := &ItemConnection{TotalCount: int32(n)}
	for i := range n {
		it := item(strconv.Itoa(i))
		c.Nodes = append(c.Nodes, it)
		c.Edges = append(c.Edges, &ItemEdge{Cursor: it.ID, Node: it})
	}
	return c
}

// begun and ended tell the test, if it wants to know.
func (r *Resolver) begun() {
	if r.Waiting != nil {
		r.Waiting <- struct{}{}
	}
}

func (r *Resolver) ended() {
	if r.Ended != nil {
		r.Ended <- struct{}{}
	}
}

func (r *Resolver) Hello(_ context.Context, name *string) (string, error) {
	if name == nil {
		return "hello", nil
	}
	return "hello " + *name, nil
}

func (r *Resolver) Item(_ context.Context, id *string) (*Item, error) {
	if id == nil {
		return item("0"), nil
	}
	return item(*id), nil
}

func (r *Resolver) Items(_ context.Context, first, last *int32) (*ItemConnection, error) {
	return page(first, last), nil
}

func (r *Resolver) Nodes(_ context.Context, ids []string) ([]*Item, error) {
	items := make([]*Item, len(ids))
	for i, id := range ids {
		items[i] = item(id)
	}
	return items, nil
}

func (r *Resolver) Paint(_ context.Context, color Color, _ *Filter) (*Color, error) {
	return &color, nil
}

func (r *Resolver) Fail(context.Context) (*string, error) { return nil, errors.New(Secret) }
func (r *Resolver) Boom(context.Context) (*string, error) { panic(Secret) }

func (r *Resolver) Letters(_ context.Context, n int32) (string, error) {
	return r.letters[:n], nil
}

func (r *Resolver) Wait(ctx context.Context) (*string, error) {
	r.begun()
	defer r.ended()
	<-ctx.Done()
	return nil, ctx.Err()
}

func (r *Resolver) About(ctx context.Context) ([]string, error) {
	viewer, _ := ctx.Value(viewerKey{}).(string)
	return []string{wire.RequestID(ctx), wire.AcceptLanguage(ctx), viewer}, nil
}

func (r *Resolver) Rename(_ context.Context, name string) (*Item, error) {
	r.Renamed.Add(1)
	it := item("0")
	it.Name = name
	return it, nil
}

type ticks = <-chan graphql.Event[*Tick]

// stream sends what next returns until it returns nil, each with its number as
// the cursor, then calls last.
func stream(ctx context.Context, from int, next func(n int) *Tick, last func()) ticks {
	out := make(chan graphql.Event[*Tick])
	go func() {
		defer close(out)
		defer last()
		for n := from; ; n++ {
			tick := next(n)
			if tick == nil {
				return
			}
			event := graphql.Event[*Tick]{Context: wire.WithCursor(ctx, strconv.Itoa(n)), Value: tick}
			select {
			case out <- event:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func (r *Resolver) Count(ctx context.Context, to int32, after *int32) (ticks, error) {
	from := int(*after)
	if id := wire.LastEventID(ctx); id != "" {
		n, err := strconv.Atoi(id)
		if err != nil {
			return nil, err
		}
		from = n
	}
	return stream(ctx, from+1, func(n int) *Tick {
		if n > int(to) {
			return nil
		}
		return &Tick{N: int32(n)}
	}, func() {}), nil
}

func (r *Resolver) Flood(ctx context.Context, n int32) (ticks, error) {
	text := r.letters[:n]
	return stream(ctx, 1, func(i int) *Tick {
		r.Flooded.Add(1)
		return &Tick{N: int32(i), Letters: text}
	}, r.ended), nil
}

func (r *Resolver) Silence(ctx context.Context) (ticks, error) {
	r.begun()
	return stream(ctx, 1, func(int) *Tick { <-ctx.Done(); return nil }, r.ended), nil
}

func (r *Resolver) Breaks(ctx context.Context) (ticks, error) {
	return stream(ctx, 1, func(n int) *Tick {
		if n > 2 {
			return nil
		}
		return &Tick{N: int32(n)}
	}, func() { wire.FailSubscription(ctx, errors.New(Secret)) }), nil
}

func (r *Resolver) Refused(context.Context) (ticks, error) { return nil, errors.New(Secret) }
func (r *Resolver) Panics(context.Context) (ticks, error)  { panic(Secret) }

type itemResolver struct{}

func (itemResolver) Next(_ context.Context, it *Item) (*Item, error) { return item(it.ID + "n"), nil }

func (itemResolver) Items(_ context.Context, _ *Item, first, last *int32) (*ItemConnection, error) {
	return page(first, last), nil
}

type tickResolver struct{}

func (tickResolver) Bad(context.Context, *Tick) (*string, error) { return nil, errors.New(Secret) }

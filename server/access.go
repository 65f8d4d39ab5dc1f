package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/quality"
)

// access lets requests in by their tokens, and ends what a token has opened when it
// is revoked, by whichever server.
type access struct {
	*core

	mu      sync.Mutex
	open    map[typeid.TokenID]map[*context.CancelFunc]struct{}
	revoked map[typeid.TokenID]struct{} // since this server started
}

func newAccess(c *core) *access {
	return &access{
		core: c, open: map[typeid.TokenID]map[*context.CancelFunc]struct{}{}, revoked: map[typeid.TokenID]struct{}{},
	}
}

// authenticate names the viewer of a request. A request without a token is let
// through as nobody, who may look at the schema.
func (a *access) authenticate(ctx context.Context, r *http.Request, init map[string]any) (context.Context, time.Time, error) {
	secret := bearer(r, init)
	if secret == "" {
		return ctx, time.Time{}, nil
	}
	v, expires, err := a.quality.Authenticate(ctx, secret)
	if errors.Is(err, quality.ErrUnauthenticated) {
		err = errors.Join(wire.ErrUnauthenticated, err)
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	ctx, valid := a.revocable(ent.WithViewer(ctx, v), v.Token)
	if !valid {
		return nil, time.Time{}, wire.ErrUnauthenticated
	}
	return ctx, expires, nil
}

// revocable returns a context that ends when the token is revoked. It is false for
// one of which that was heard since it was looked up: nothing would end it later.
func (a *access) revocable(ctx context.Context, token typeid.TokenID) (_ context.Context, valid bool) {
	a.mu.Lock()
	if _, late := a.revoked[token]; late {
		a.mu.Unlock()
		return nil, false
	}
	ctx, cancel := context.WithCancel(ctx)
	if a.open[token] == nil {
		a.open[token] = map[*context.CancelFunc]struct{}{}
	}
	a.open[token][&cancel] = struct{}{}
	a.mu.Unlock()
	context.AfterFunc(ctx, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.open[token], &cancel)
		if len(a.open[token]) == 0 {
			delete(a.open, token)
		}
	})
	return ctx, true
}

// watch ends what revoked tokens have opened, until ctx ends.
func (a *access) watch(ctx context.Context) error {
	reader, err := a.events.Subscribe(ent.AsSystem(ctx), events.Subscription{Filter: events.Filter{Kinds: []string{quality.EventTokenRevoked}}})
	for err == nil {
		var revoked *db.Event
		if revoked, err = reader.Next(ctx); err == nil {
			a.end(revoked.Subject)
		}
	}
	if ctx.Err() != nil || errors.Is(err, events.ErrStopped) {
		return nil
	}
	return err
}

func (a *access) end(token string) {
	id, _ := typeid.Parse[typeid.TokenID](token)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.revoked[id] = struct{}{}
	for cancel := range a.open[id] {
		(*cancel)()
	}
}

// bearer returns the access token of a request, or of the first message of a
// WebSocket, where browsers cannot set headers; "" if there is none. Of several
// that differ in case alone, the first in the alphabet counts.
func bearer(r *http.Request, init map[string]any) string {
	header := r.Header.Get("Authorization")
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(init))) {
		if s, ok := init[name].(string); ok && strings.EqualFold(name, "Authorization") {
			header = s
		}
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return header // told as unknown rather than taken for nobody
	}
	return strings.TrimSpace(token)
}

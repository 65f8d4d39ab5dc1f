package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/graph"
	"github.com/seed-34fcb60d/rounds/graph/wire"
)

// serveCommand runs the server.
type serveCommand struct{}

// Run serves until the process is told to stop.
func (serveCommand) Run(s *session) error {
	c, err := s.openCore(true)
	if err != nil {
		return err
	}
	srv, err := c.listen()
	if err != nil {
		return errors.Join(err, c.db.Close())
	}
	// After all that can fail: a token that is made is also shown.
	secret, err := c.quality.FirstAdministrator(s.ctx)
	if err != nil {
		return errors.Join(err, srv.listener.Close(), c.db.Close())
	}
	if secret != "" {
		fmt.Fprintf(s.stdout, "This is a new database. Its administrator's access token, shown only now:\n\n  %s\n\n", secret)
	}
	fmt.Fprintf(s.stdout, "Rounds serves http://%s/graphql (explore it at http://%s/explore)\n", srv.addr, srv.addr)
	return srv.run(s.ctx)
}

// server is all that runs in one process.
type server struct {
	*core
	addr     string // where it listens
	listener net.Listener
	http     *http.Server
	graphql  *wire.Handler
	health   *health
	access   *access
	lived    chan struct{} // closed when the past is made up; nil where there is none to be made
}

// listen takes the address and builds what answers there. It serves nothing yet.
func (c *core) listen() (*server, error) {
	schema := graph.NewSchema(graph.Config{
		Database: c.db, Quality: c.quality, Events: c.events, Processes: checklists{c.host, c.log},
	})
	srv := &server{core: c, health: newHealth(c), access: newAccess(c)}
	srv.graphql = wire.New(wire.Config{
		Schema: schema, Authenticate: srv.access.authenticate, ErrorPresenter: graph.PresentError(c.log), Now: c.now,
		Extensions: []graphql.HandlerExtension{graph.Authenticated{}}, OriginPatterns: c.settings.Origin,
		UploadDir: c.settings.uploadDir(), MayUpload: mayUpload, Limits: c.settings.Attachments.limits(),
	})
	var err error
	if srv.listener, err = net.Listen("tcp", c.settings.Addr); err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	srv.addr = srv.listener.Addr().String()
	srv.http = &http.Server{
		Handler: srv.routes(schema), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
	}
	return srv, nil
}

// drainTime is for requests and streams to end. With the time that the plugins
// are given it stays below the ten seconds that service managers commonly wait.
const drainTime = 4 * time.Second

// run serves until ctx ends, then stops in order: nothing new is taken, what is
// under way is finished, the plugins end, the event log and the database are closed.
func (srv *server) run(ctx context.Context) error {
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	failed := make(chan error, 8)
	var running sync.WaitGroup
	start := func(name string, fn func() error) {
		running.Go(func() {
			if err := fn(); err != nil {
				failed <- fmt.Errorf("%s: %w", name, err)
			}
		})
	}
	start("event log", func() error { return srv.events.Run(background) })
	start("plugin host", func() error { return srv.host.Run(background) })
	start("plugin catalogue", func() error { return srv.plugins.watch(background) })
	start("access", func() error { return srv.access.watch(background) })
	start("text index", func() error { srv.indexTexts(background); return nil })
	start("erasure", func() error { srv.scrub(background); return nil })
	start("deadlines", func() error {
		srv.waitLived(background)
		return srv.quality.WatchDeadlines(background)
	})
	start("planned inspections", func() error {
		srv.waitLived(background)
		return srv.quality.WatchInspections(background)
	})
	start("keys", func() error { return srv.quality.WatchKeys(background) })
	start("attachments", func() error { return srv.quality.WatchFiles(background) })
	start("http", func() error {
		if err := srv.http.Serve(srv.listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	srv.log.Info().Str("addr", srv.addr).Str("database", srv.db.Dialect()).Msg("serving")

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	srv.log.Info().Msg("stopping")
	srv.drain(context.WithoutCancel(ctx))
	stopBackground()
	running.Wait()
	return errors.Join(err, srv.db.Close())
}

// waitLived waits until a past that is being made up is over: its own time brings what is
// due in it.
func (srv *server) waitLived(ctx context.Context) {
	if srv.lived == nil {
		return
	}
	select {
	case <-srv.lived:
	case <-ctx.Done():
	}
}

// indexTexts lets be found what an earlier version wrote. The server serves meanwhile,
// and goes on without it: what is written from now on is found anyway.
func (srv *server) indexTexts(ctx context.Context) {
	switch indexed, err := srv.quality.IndexTexts(ctx); {
	case err != nil && ctx.Err() == nil:
		srv.log.Error().Err(err).Int("indexed", indexed).Msg("text index not completed; the next start goes on")
	case indexed > 0:
		srv.log.Info().Int("indexed", indexed).Msg("texts indexed")
	}
}

// scrub removes what an erasure left in the files of the database that was cut short.
func (srv *server) scrub(ctx context.Context) {
	if err := srv.quality.Scrub(ctx); err != nil && ctx.Err() == nil {
		srv.log.Error().Err(err).Msg("traces of an erasure were left; the next start goes on")
	}
}

// drain takes no new requests and waits for those under way, within bounds.
func (srv *server) drain(ctx context.Context) {
	srv.health.stopping.Store(true)
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	var both sync.WaitGroup
	both.Go(func() {
		if err := srv.http.Shutdown(ctx); err != nil {
			_ = srv.http.Close() // what did not end in time is cut
		}
	})
	both.Go(func() {
		if err := srv.graphql.Shutdown(ctx); err != nil {
			srv.log.Warn().Err(err).Msg("streams cut")
		}
	})
	both.Wait()
}

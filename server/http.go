package main

import (
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/server/explore"
)

// routes is the outside of the server.
func (srv *server) routes(schema graphql.ExecutableSchema) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/graphql", srv.graphql)
	mux.Handle("GET "+quality.AttachmentPath+"{id}", newDownloads(srv.access))
	mux.Handle("GET /charts/{department}/{characteristic...}", charts{srv.access})
	mux.Handle("GET /schema.graphql", sdl(schema))
	mux.Handle("GET /explore/", http.StripPrefix("/explore/", explore.Handler()))
	mux.Handle("GET /explore", http.RedirectHandler("/explore/", http.StatusMovedPermanently))
	mux.HandleFunc("GET /livez", srv.health.live)
	mux.HandleFunc("GET /readyz", srv.health.ready)
	mux.Handle("GET /metrics", srv.metrics())
	mux.Handle("GET /{$}", http.RedirectHandler("/explore/", http.StatusFound))
	return secured(mux)
}

// secured sets the headers that hold for every answer.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// sdl serves the schema as it stands in schema/.
func sdl(schema graphql.ExecutableSchema) http.Handler {
	var text strings.Builder
	formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatSchema(schema.Schema())
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(text.String())) // the client went away
	})
}

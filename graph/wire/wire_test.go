package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/graph/wire/internal/wiretest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// authenticate knows the tokens good and bad, and lets everybody else in without
// a name.
func authenticate(ctx context.Context, r *http.Request, init map[string]any) (context.Context, time.Time, error) {
	token := r.Header.Get("Authorization")
	if s, ok := init["authorization"].(string); ok {
		token = s
	}
	switch token {
	case "Bearer bad":
		return nil, time.Time{}, fmt.Errorf("token: %w", wire.ErrUnauthenticated)
	case "Bearer broken":
		return nil, time.Time{}, errors.New(wiretest.Secret)
	case "Bearer panic":
		panic(wiretest.Secret)
	}
	return wiretest.WithViewer(ctx, strings.TrimPrefix(token, "Bearer ")), time.Time{}, nil
}

type server struct {
	*httptest.Server
	handler  *wire.Handler
	resolver *wiretest.Resolver
}

// start serves cfg, with the schema and the tokens added, until
// the test ends.
func start(t *testing.T, cfg wire.Config) *server {
	t.Helper()
	s := &server{resolver: &wiretest.Resolver{Waiting: make(chan struct{}, 1000), Ended: make(chan struct{}, 1000)}}
	cfg.Schema = wiretest.NewSchema(s.resolver)
	if cfg.Authenticate == nil {
		cfg.Authenticate = authenticate
	}
	s.handler = wire.New(cfg)
	s.Server = httptest.NewServer(s.handler)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := s.handler.Shutdown(ctx); err != nil {
			t.Errorf("streams remain after Shutdown: %v", err)
		}
		s.Close()
	})
	return s
}

type answer struct {
	status int
	header http.Header
	body   string
}

// codes are the codes of the answer's errors.
func (a answer) codes(t *testing.T) []string {
	t.Helper()
	return codes(t, a.body)
}

func codes(t *testing.T, body string) []string {
	t.Helper()
	var response struct {
		Errors []struct {
			Extensions struct{ Code, RequestID string }
		}
	}
	if err := json.Unmarshal([]byte(body), &response); err != nil {
		t.Fatalf("the answer is not JSON: %v\n%s", err, body)
	}
	var list []string
	for _, e := range response.Errors {
		if e.Extensions.RequestID == "" {
			t.Errorf("an error without a request id: %s", body)
		}
		list = append(list, e.Extensions.Code)
	}
	return list
}

// do sends a request with pairs of header names and values.
func (s *server) do(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(b)}
}

const graphQLJSON = "application/graphql-response+json"

// post sends an operation as new clients do.
func (s *server) post(t *testing.T, query string, variables map[string]any, header ...string) answer {
	t.Helper()
	return s.do(t, http.MethodPost, "/", requestBody(t, query, variables),
		append([]string{"Content-Type", "application/json", "Accept", graphQLJSON}, header...)...)
}

func requestBody(t *testing.T, query string, variables map[string]any) string {
	t.Helper()
	b, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// receive waits for an element of a channel.
func receive[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		t.Fatalf("timed out waiting for %s", what)
		panic("unreachable")
	}
}

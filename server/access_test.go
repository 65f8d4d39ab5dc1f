package main

import (
	"context"
	"net/http"
	"testing"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// A token can be revoked between its look-up and the opening of what it is for.
// What is opened before the word of it comes is ended by it; afterwards nothing is
// opened.
func TestRevocationMeetsOpening(t *testing.T) {
	a := newAccess(nil)
	token, other := typeid.New[typeid.TokenID](), typeid.New[typeid.TokenID]()
	before, valid := a.revocable(t.Context(), token)
	if !valid {
		t.Fatal("a token that was not revoked is refused")
	}
	a.end(token.String())
	if before.Err() == nil {
		t.Error("what was opened before goes on")
	}
	if _, valid := a.revocable(t.Context(), token); valid {
		t.Error("something was opened after")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if open, valid := a.revocable(ctx, other); !valid || open.Err() != nil {
		t.Error("another token is revoked, too")
	}
}

func TestBearer(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		init   map[string]any
		want   string
	}{
		"nothing":                     {"", nil, ""},
		"a header":                    {"Bearer x", nil, "x"},
		"a header in lower case":      {"bearer  x ", nil, "x"},
		"another scheme":              {"Basic x", nil, "Basic x"},
		"a scheme alone":              {"Bearer", nil, ""},
		"the first message":           {"", map[string]any{"authorization": "Bearer x"}, "x"},
		"the first message, too":      {"Bearer x", map[string]any{"Authorization": "Bearer y"}, "y"},
		"something else in a message": {"Bearer x", map[string]any{"Authorization": 5, "token": "Bearer y"}, "x"},
		"two in a message":            {"", map[string]any{"authorization": "Bearer x", "Authorization": "Bearer y", "AUTHORIZATION": "Bearer z"}, "z"},
	} {
		r := &http.Request{Header: http.Header{}}
		r.Header.Set("Authorization", c.header)
		for range 20 { // of maps the order changes
			if got := bearer(r, c.init); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
				break
			}
		}
	}
}

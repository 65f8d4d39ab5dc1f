package wire_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/graph/wire"
)

// Long texts have an error in their place where they are too much together; the
// next response begins anew.
func TestTextsOfAnAnswer(t *testing.T) {
	s := start(t, wire.Config{Limits: wire.Limits{AnswerBytes: 1000}})
	for query, want := range map[string]string{
		"{a:letters(n:500) b:letters(n:500)}":                                             "",
		"{a:letters(n:500) b:letters(n:501)}":                                             wire.CodeAnswerTooLarge,
		"{letters(n:1001)}":                                                               wire.CodeAnswerTooLarge,
		"{" + manyLetters(20, 256) + "}":                                                  "", // short ones are not counted
		fmt.Sprintf("{hello(name:%q) about}", strings.Repeat("x", 1000-6-1)):              "",
		fmt.Sprintf("{hello(name:%q) about}", strings.Repeat("x", 1000-6+1)):              wire.CodeAnswerTooLarge,
		fmt.Sprintf("mutation{rename(name:%q){name}}", strings.Repeat("x", 999)):          "",
		fmt.Sprintf("mutation{rename(name:%q){a:name b:name}}", strings.Repeat("x", 999)): wire.CodeAnswerTooLarge,
	} {
		if got := s.post(t, query, nil); strings.Join(got.codes(t), " ") != want || got.status != 200 {
			t.Errorf("%.60s: %d %.300s, want the codes %q", query, got.status, got.body, want)
		}
	}
	c := s.connect(t)
	c.subscribe("1", "subscription{flood(letters:900){letters}}")
	for range 3 {
		if m, err := c.hear(); err != nil || strings.Contains(m, "errors") {
			t.Fatalf("an event with as much as a response may have: %.300s %v", m, err)
		}
	}
}

// manyLetters asks for so many texts of n letters.
func manyLetters(fields, n int) string {
	var b strings.Builder
	for i := range fields {
		fmt.Fprintf(&b, "a%d:letters(n:%d) ", i, n)
	}
	return b.String()
}

// A query that takes too long is ended, however it came; the error is the
// resolver's.
func TestQueryTimeout(t *testing.T) {
	s := start(t, wire.Config{QueryTimeout: time.Millisecond})
	if got := s.post(t, "{wait}", nil); got.status != 200 || !strings.Contains(got.body, `"data":{"wait":null}`) {
		t.Errorf("a query without end: %d %s", got.status, got.body)
	}
	receive(t, "the end of the query", s.resolver.Ended)
	c := s.connect(t)
	c.subscribe("1", "{wait}")
	if m, err := c.hear(); err != nil || !strings.Contains(m, `"data":{"wait":null}`) {
		t.Errorf("a query without end by WebSocket: %s %v", m, err)
	}
	c.expect(`{"id":"1","type":"complete"}`)
	c.subscribe("2", "subscription{silence{n}}")
	c.subscribe("3", "{hello}")
	if m, err := c.hear(); err != nil || !strings.Contains(m, `"id":"3"`) {
		t.Errorf("a subscription was ended with the queries: %s %v", m, err)
	}
}

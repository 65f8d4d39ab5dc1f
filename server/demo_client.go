package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// apiClient speaks to a server as any frontend does: GraphQL over HTTP, and its
// subscriptions as server-sent events.
type apiClient struct {
	url      string
	language string // of messages, such as "zh"
	http     *http.Client
}

// variables of an operation.
type variables = map[string]any

// userError is a reason why a change was not made.
type userError struct {
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Path    []string `json:"path"`
}

// query sends an operation and reads its data into out.
func (c *apiClient) query(ctx context.Context, token, document string, v variables, out any) error {
	resp, err := c.send(ctx, token, document, v, "application/graphql-response+json")
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // it was only read
	var answer struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return fmt.Errorf("reading the answer (%s): %w", resp.Status, err)
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("the API answered %s: %s", resp.Status, answer.Errors[0].Message)
	}
	return json.Unmarshal(answer.Data, out)
}

// mutate sends a mutation that takes one input and reads its payload into out.
// fields are those asked of the payload, besides its errors.
func (c *apiClient) mutate(ctx context.Context, token, name, fields string, input variables, out any) error {
	document := fmt.Sprintf("mutation($input:%sInput!){%s(input:$input){%s errors{code message path}}}",
		strings.ToUpper(name[:1])+name[1:], name, fields)
	var payload map[string]json.RawMessage
	if err := c.query(ctx, token, document, variables{"input": input}, &payload); err != nil {
		return err
	}
	var refused struct{ Errors []userError }
	if err := json.Unmarshal(payload[name], &refused); err != nil {
		return err
	}
	if len(refused.Errors) > 0 {
		e := refused.Errors[0]
		return fmt.Errorf("%s was refused: %s %s %s", name, e.Code, strings.Join(e.Path, "."), e.Message)
	}
	return json.Unmarshal(payload[name], out)
}

func (c *apiClient) send(ctx context.Context, token, document string, v variables, accept string) (*http.Response, error) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": v})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", accept)
	r.Header.Set("Accept-Language", c.language)
	r.Header.Set("Authorization", "Bearer "+token)
	return c.http.Do(r)
}

// liveEvent is an event as a subscriber gets it.
type liveEvent struct {
	Cursor    string    `json:"cursor"`
	Kind      string    `json:"kind"`
	SubjectID string    `json:"subjectId"`
	At        time.Time `json:"at"`

	arrived time.Time
}

// subscriber holds a stream of events open.
type subscriber struct {
	events chan liveEvent
	ended  chan struct{} // closed when the stream has ended, for the reason in err
	err    error
}

// subscribe opens a stream and returns when the server has begun to answer. It is
// read until ctx ends; now is asked when an event has arrived.
func (c *apiClient) subscribe(ctx context.Context, token, document string, now func() time.Time) (*subscriber, error) {
	resp, err := c.send(ctx, token, document, nil, "text/event-stream")
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close() // the status says it all
		return nil, fmt.Errorf("the stream was answered %s", resp.Status)
	}
	s := &subscriber{events: make(chan liveEvent, 64), ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		defer func() { _ = resp.Body.Close() }() // it was only read
		s.err = s.read(ctx, resp.Body, now)
	}()
	return s, nil
}

// read takes events from the stream, each a line that begins with "data:"
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
func (s *subscriber) read(ctx context.Context, stream io.Reader, now func() time.Time) error {
	lines := bufio.NewScanner(stream)
	for lines.Scan() {
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !ok {
			continue
		}
		var next struct {
			Data struct {
				Events *liveEvent `json:"events"`
			} `json:"data"`
		}
		if err := json.Unmarshal(data, &next); err != nil {
			return fmt.Errorf("reading an event: %w", err)
		}
		if next.Data.Events == nil {
			return fmt.Errorf("the stream told an error: %s", data)
		}
		next.Data.Events.arrived = now()
		select {
		case s.events <- *next.Data.Events:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return lines.Err()
}

// deliveryTime bounds the wait for an event that has happened.
const deliveryTime = 30 * time.Second

// await returns the next event.
func (s *subscriber) await(ctx context.Context) (liveEvent, error) {
	ctx, cancel := context.WithTimeout(ctx, deliveryTime)
	defer cancel()
	select {
	case e := <-s.events:
		return e, nil
	case <-ctx.Done():
		return liveEvent{}, fmt.Errorf("waiting for an event: %w", ctx.Err())
	case <-s.ended:
		return liveEvent{}, errors.Join(errors.New("the stream of events ended"), s.err)
	}
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// client is one HTTP connection that posts JSON, one request at a time. It does
// less than http.Client, because whatever the benchmark itself takes is missing on
// the machine for what it measures.
type client struct {
	conn   net.Conn
	reader *bufio.Reader
	out    []byte
	in     bytes.Buffer
	head   string // of a request up to the length of its body
}

const requestTimeout = 2 * time.Minute

// dial connects to a path at an address. token may be "".
func dial(ctx context.Context, addr, path, token string) (*client, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	head := "POST " + path + " HTTP/1.1\r\nHost: " + addr +
		"\r\nAccept: application/graphql-response+json\r\nContent-Type: application/json\r\n"
	if token != "" {
		head += "Authorization: Bearer " + token + "\r\n"
	}
	return &client{conn: conn, reader: bufio.NewReaderSize(conn, 64<<10), head: head + "Content-Length: "}, nil
}

// post sends a body and returns the answer's, which is good until the next call.
// An answer with a status other than 200 is an error.
func (c *client) post(body []byte) ([]byte, error) {
	if err := c.conn.SetDeadline(now().Add(requestTimeout)); err != nil {
		return nil, err
	}
	c.out = fmt.Appendf(append(c.out[:0], c.head...), "%d\r\n\r\n", len(body))
	c.out = append(c.out, body...)
	if _, err := c.conn.Write(c.out); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // all of it has been read
	c.in.Reset()
	if _, err := io.Copy(&c.in, resp.Body); err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %.500s", resp.Status, c.in.Bytes())
	}
	return c.in.Bytes(), nil
}

func (c *client) close() { _ = c.conn.Close() }

// query posts an operation and checks that it was answered without errors.
func (c *client) query(body []byte) ([]byte, error) {
	answer, err := c.post(body)
	if err == nil && !bytes.HasPrefix(answer, []byte(`{"data":`)) {
		err = fmt.Errorf("answered with errors: %.500s", answer)
	}
	return answer, err
}

// ask sends an operation and decodes the answer's data into out.
func (c *client) ask(out any, query string, variables any) error {
	answer, err := c.query(operationBody(query, variables))
	if err != nil {
		return err
	}
	var envelope struct{ Data json.RawMessage }
	if err := json.Unmarshal(answer, &envelope); err != nil {
		return err
	}
	return json.Unmarshal(envelope.Data, out)
}

// operationBody is an operation as it is posted.
func operationBody(query string, variables any) []byte {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err) // texts and numbers can be encoded
	}
	return body
}

// userError is a reason why a change was not made.
type userError struct{ Code, Message string }

func refusal(what string, errs []userError) error {
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s: %s", what, errs[0].Code, errs[0].Message)
}

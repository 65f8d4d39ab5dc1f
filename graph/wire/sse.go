package wire

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/rs/zerolog"
)

// serveEvents answers an operation as server-sent events, by the distinct
// connections mode of GraphQL over SSE
// (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md): a next event
// for each response and a complete event at the end. An event with a cursor
// carries it as its id, so that EventSource sends it back as Last-Event-ID.
//
// A stream that ends for a reason outside the operation (shutdown, expired
// credentials) has no complete event, so that clients come back.
func (h *Handler) serveEvents(w http.ResponseWriter, r *http.Request, cancel context.CancelFunc, op *operation, expires time.Time) {
	ctx := r.Context()
	if !h.enterStream() {
		h.writeRefusal(ctx, w, acceptance{}, refuse(http.StatusServiceUnavailable, CodeShuttingDown, "The server is shutting down."))
		return
	}
	defer h.leaveStream()

	events := make(chan []byte) // unbuffered: at most one event waits for the one being written
	go func() {
		defer close(events)
		op.each(func(resp *graphql.Response) bool {
			select {
			case events <- appendEvent(nil, resp):
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	defer func() {
		cancel()
		for range events { // until the operation has ended, too
		}
	}()

	header := w.Header()
	header.Set("Content-Type", mediaEvents+"; charset=utf-8")
	header.Set("X-Accel-Buffering", "no") // asks proxies to pass events on at once
	if r.ProtoMajor == 1 {
		header.Set("Connection", "close") // the deadline of the last write stays on it
	}
	w.WriteHeader(http.StatusOK)
	out := eventWriter{w: w, controller: http.NewResponseController(w), timeout: h.cfg.WriteTimeout}
	if err := h.pumpEvents(ctx, out, events, expires); err != nil {
		zerolog.Ctx(ctx).Info().Str("request", RequestID(ctx)).Err(err).Msg("event stream cut: the client does not read")
	}
}

// pumpEvents writes events until they end or the stream must. It returns the error
// of a failed write.
func (h *Handler) pumpEvents(ctx context.Context, out eventWriter, events <-chan []byte, expires time.Time) error {
	comment := []byte(":\n\n")
	if err := out.write(comment); err != nil { // sends the headers, too
		return err
	}
	silence := time.NewTicker(h.cfg.KeepAlive)
	defer silence.Stop()
	expiry := h.newExpiry(expires)
	defer expiry.stop()
	for {
		var err error
		select {
		case <-h.stop:
			return nil
		case <-ctx.Done():
			return nil
		case <-expiry.due():
			if expiry.passed() {
				return nil
			}
		case <-silence.C:
			err = out.write(comment)
		case event, ok := <-events:
			if !ok {
				if ctx.Err() != nil {
					return nil
				}
				return out.write([]byte("event: complete\ndata:\n\n")) // EventSource drops an event without data
			}
			err = out.write(event)
			silence.Reset(h.cfg.KeepAlive)
		}
		if err != nil {
			return err
		}
	}
}

type eventWriter struct {
	w          http.ResponseWriter
	controller *http.ResponseController
	timeout    time.Duration
}

// write sends b before the deadline.
func (o eventWriter) write(b []byte) error {
	_ = o.controller.SetWriteDeadline(time.Now().Add(o.timeout)) // not every writer has one
	if _, err := o.w.Write(b); err != nil {
		return err
	}
	return o.controller.Flush()
}

// appendEvent appends resp as a next event.
func appendEvent(dst []byte, resp *graphql.Response) []byte {
	dst = append(dst, "event: next\n"...)
	if id := cursorOf(resp); id != "" && !strings.ContainsAny(id, "\r\n\x00") {
		dst = append(dst, "id: "...)
		dst = append(dst, id...)
		dst = append(dst, '\n')
	}
	dst = append(dst, "data: "...)
	start := len(dst)
	dst = appendResponse(dst, resp)
	// A scalar may have written a line break between tokens; in an event that would
	// end the line, in JSON a space means the same.
	for i, c := range dst[start:] {
		if c == '\n' || c == '\r' {
			dst[start+i] = ' '
		}
	}
	return append(dst, "\n\n"...)
}

package wire

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// origin is what resolvers may want to know about how their operation arrived.
type origin struct {
	id          string
	lastEventID string
	language    string
}

type originKey struct{}

func originOf(ctx context.Context) origin {
	o, _ := ctx.Value(originKey{}).(origin)
	return o
}

// RequestID is the id of the request that ctx serves: the caller's X-Request-Id
// if it is well formed (1 to 64 of A-Z a-z 0-9 . _ -), otherwise a random one. On
// a WebSocket each operation has its own: the connection's id, "-" and a number.
func RequestID(ctx context.Context) string { return originOf(ctx).id }

// LastEventID is the Last-Event-ID header of the request for an event stream: the
// cursor after which the client wants to go on. It is empty if there was none, and
// on a WebSocket, where each operation names a cursor of its own.
func LastEventID(ctx context.Context) string { return originOf(ctx).lastEventID }

// AcceptLanguage is the languages the client asked for, in the form of the
// Accept-Language header: acceptLanguage of the connection_init payload if that
// is a string, otherwise the header of the request. It is empty if longer than
// 256 bytes.
func AcceptLanguage(ctx context.Context) string { return originOf(ctx).language }

func withRequest(ctx context.Context, r *http.Request) context.Context {
	o := origin{
		id:          r.Header.Get("X-Request-Id"),
		lastEventID: r.Header.Get("Last-Event-ID"),
		language:    short(r.Header.Get("Accept-Language")),
	}
	if !wellFormedID(o.id) {
		o.id = rand.Text()
	}
	if isWebSocket(r) {
		o.lastEventID = ""
	}
	return context.WithValue(ctx, originKey{}, o)
}

// withInit applies what a connection_init payload may say about its connection.
func withInit(ctx context.Context, init map[string]any) context.Context {
	language, ok := init["acceptLanguage"].(string)
	if !ok {
		return ctx
	}
	o := originOf(ctx)
	o.language = short(language)
	return context.WithValue(ctx, originKey{}, o)
}

// withOperation gives the nth operation of a connection an id of its own.
func withOperation(ctx context.Context, n int) context.Context {
	o := originOf(ctx)
	o.id += "-" + strconv.Itoa(n)
	return context.WithValue(ctx, originKey{}, o)
}

// short is s, or nothing if s is longer than anything sensible.
func short(s string) string {
	if len(s) > 256 {
		return ""
	}
	return s
}

func wellFormedID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}

// limitBody sets the time by which the body must have come. It holds for refused
// requests, too: net/http reads the rest of their bodies before it goes on.
func (h *Handler) limitBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.cfg.ReadTimeout)) // not every writer has one
	}
}

// readParams reads the GraphQL parameters of a GET or POST request.
func (h *Handler) readParams(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	var params *graphql.RawParams
	var problem *refusal
	if r.Method == http.MethodGet {
		params, problem = queryParams(r.URL.RawQuery)
	} else {
		var body []byte
		if body, problem = h.readBody(w, r); problem == nil {
			params, problem = decodeParams(body)
		}
	}
	if problem != nil {
		return nil, problem
	}
	params.Headers = r.Header
	return params, nil
}

// readBody reads a JSON body within the limit of size. Every other
// content type is refused: browsers send forms and plain text to other sites
// without asking them, JSON only after a preflight request.
func (h *Handler) readBody(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	mediaType, args, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, given := args["charset"]
	if err != nil || mediaType != "application/json" || (given && !strings.EqualFold(charset, "utf-8")) {
		return nil, refuse(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType,
			"The content type must be application/json in UTF-8.")
	}
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return nil, refuse(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType,
			"The body must not be compressed.")
	}
	limit := h.cfg.Limits.BodyBytes
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close") // the rest of the body is not read
		return nil, bodyTooLarge(limit)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, bodyTooLarge(limit)
	}
	if err != nil {
		w.Header().Set("Connection", "close")
		return nil, refuse(http.StatusBadRequest, CodeBadRequest, "The body could not be read to its end.")
	}
	// From here on net/http reads only to notice that the client has gone, which
	// must not end by a deadline.
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	if !utf8.Valid(body) { // encoding/json would put U+FFFD for what is not, and change what is to be stored
		return nil, refuse(http.StatusBadRequest, CodeBadRequest, "The body must be UTF-8.")
	}
	return body, nil
}

// decodeParams takes the parameters out of a JSON object. It never repeats a part
// of the body in an error.
func decodeParams(body []byte) (*graphql.RawParams, *refusal) {
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		return nil, refuse(http.StatusBadRequest, CodeBatchingNotSupported,
			"Batches are not supported; send one operation in each request.")
	}
	var members map[string]json.RawMessage // a struct would match names in any case
	if json.Unmarshal(body, &members) != nil || members == nil {
		return nil, refuse(http.StatusBadRequest, CodeBadRequest, "The body must be a JSON object.")
	}
	query := members["query"]
	if len(query) == 0 || query[0] != '"' {
		return nil, badParam("query", "a string")
	}
	params := new(graphql.RawParams)
	if json.Unmarshal(query, &params.Query) != nil {
		return nil, badParam("query", "a string")
	}
	if name := members["operationName"]; json.Unmarshal(orNull(name), &params.OperationName) != nil {
		return nil, badParam("operationName", "a string")
	}
	var problem *refusal
	if params.Variables, problem = decodeMap("variables", members["variables"]); problem != nil {
		return nil, problem
	}
	if params.Extensions, problem = decodeMap("extensions", members["extensions"]); problem != nil {
		return nil, problem
	}
	return params, nil
}

func orNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}

// decodeMap decodes an optional JSON object, with numbers kept as json.Number so
// that large ones stay exact.
func decodeMap(name string, raw json.RawMessage) (map[string]any, *refusal) {
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(orNull(raw)))
	d.UseNumber()
	if d.Decode(&m) != nil {
		return nil, badParam(name, "an object")
	}
	if _, err := d.Token(); err != io.EOF { // possible in a URL, where raw is not part of a larger value
		return nil, badParam(name, "an object")
	}
	return m, nil
}

// queryParams takes the parameters out of a URL, where variables and extensions
// are JSON texts.
func queryParams(rawQuery string) (*graphql.RawParams, *refusal) {
	values, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, CodeBadRequest, "The URL's query is malformed.")
	}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		if len(values[name]) > 1 { // whatever checks URLs on the way here may take another one
			return nil, refuse(http.StatusBadRequest, CodeBadRequest, "The parameter "+name+" must be given once.")
		}
		if !utf8.ValidString(values.Get(name)) {
			return nil, refuse(http.StatusBadRequest, CodeBadRequest, "The parameter "+name+" must be UTF-8.")
		}
	}
	if !values.Has("query") {
		return nil, badParam("query", "a string")
	}
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}
	var problem *refusal
	if params.Variables, problem = decodeMap("variables", json.RawMessage(values.Get("variables"))); problem != nil {
		return nil, problem
	}
	if params.Extensions, problem = decodeMap("extensions", json.RawMessage(values.Get("extensions"))); problem != nil {
		return nil, problem
	}
	return params, nil
}

func badParam(name, want string) *refusal {
	return refuse(http.StatusBadRequest, CodeBadRequest, "The parameter "+name+" must be "+want+".")
}

func bodyTooLarge(limit int64) *refusal {
	return refuse(http.StatusRequestEntityTooLarge, CodeBodyTooLarge,
		"The body is larger than "+strconv.FormatInt(limit, 10)+" bytes.")
}

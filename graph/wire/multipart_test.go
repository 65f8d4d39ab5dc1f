package wire_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/graph/wire"
)

// part is a field of a form.
type part struct{ name, file, content string }

const (
	sendOne = `{"query":"mutation($f:Upload){send(file:$f)}","variables":{"f":null}}`
	sendTwo = `{"query":"mutation($p:Parcel){send(parcel:$p)}","variables":{"p":{"files":[null,null]}}}`
	mapOne  = `{"a":["variables.f"]}`
	mapTwo  = `{"a":["variables.p.files.0"],"b":["variables.p.files.1"]}`
)

// form writes a form. Its parts claim types that nobody should believe.
func form(t *testing.T, parts ...part) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", `form-data; name="`+p.name+`"`)
		if p.file != "" {
			header.Set("Content-Disposition", `form-data; name="`+p.name+`"; filename="`+p.file+`"`)
			header.Set("Content-Type", "text/html")
		}
		out, err := w.CreatePart(header)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(out, p.content)
	}
	w.Close()
	return b.String(), w.FormDataContentType()
}

func (s *server) postForm(t *testing.T, parts ...part) answer {
	t.Helper()
	body, contentType := form(t, parts...)
	return s.do(t, http.MethodPost, "/", body, "Content-Type", contentType, "Accept", graphQLJSON, "GraphQL-Require-Preflight", "1")
}

func operation(content string) part { return part{"operations", "", content} }
func places(content string) part    { return part{"map", "", content} }

// nothingLeft checks that no file of an upload has stayed.
func nothingLeft(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("after the request there are %v in the folder of uploads, %v", left, err)
	}
}

func TestForm(t *testing.T) {
	dir := t.TempDir()
	s := start(t, wire.Config{UploadDir: dir, Limits: wire.Limits{Files: 3, FileBytes: 100, UploadBytes: 150, BodyBytes: 1000}})
	file := func(name, content string) part { return part{name, name + ".txt", content} }
	const bad, large = 400, 413
	for name, c := range map[string]struct {
		parts    []part
		status   int
		code     string
		contains string
	}{
		"one":                           {[]part{operation(sendOne), places(mapOne), {"a", "照片.jpg", "abc"}}, 200, "", `["照片.jpg ba7816bf abc"]`},
		"two":                           {[]part{operation(sendTwo), places(mapTwo), file("b", "B"), file("a", "A")}, 200, "", `"a.txt 559aead0 A","b.txt df7e70e5 B"`},
		"none":                          {[]part{operation(sendOne), places(`{}`)}, 200, "", `"send":[]`},
		"an empty one":                  {[]part{operation(sendOne), places(mapOne), file("a", "")}, 200, "", "a.txt e3b0c442 "},
		"as large as may be":            {[]part{operation(sendOne), places(mapOne), file("a", strings.Repeat("x", 100))}, 200, "", "a.txt"},
		"too large":                     {[]part{operation(sendOne), places(mapOne), file("a", strings.Repeat("x", 101))}, large, wire.CodeFileTooLarge, `"path":["variables","f"]`},
		"too large together":            {[]part{operation(sendTwo), places(mapTwo), file("a", strings.Repeat("x", 100)), file("b", strings.Repeat("x", 51))}, large, wire.CodeUploadTooLarge, ""},
		"too many":                      {[]part{operation(sendOne), places(`{"a":["variables.f"],"b":[],"c":[],"d":[]}`)}, bad, wire.CodeTooManyFiles, ""},
		"operation too large":           {[]part{operation(sendOne + strings.Repeat(" ", 1000)), places(mapOne)}, large, wire.CodeBodyTooLarge, ""},
		"map too large":                 {[]part{operation(sendOne), places(mapOne + strings.Repeat(" ", 16<<10))}, large, wire.CodeBodyTooLarge, ""},
		"map first":                     {[]part{places(mapOne), operation(sendOne)}, bad, wire.CodeBadRequest, "operations and map"},
		"file first":                    {[]part{file("a", "A"), operation(sendOne), places(mapOne)}, bad, wire.CodeBadRequest, "operations and map"},
		"no map":                        {[]part{operation(sendOne), file("a", "A")}, bad, wire.CodeBadRequest, "operations and map"},
		"nothing":                       {nil, bad, wire.CodeBadRequest, "complete form"},
		"a batch":                       {[]part{operation("[" + sendOne + "]"), places(mapOne)}, bad, wire.CodeBatchingNotSupported, ""},
		"operation not JSON":            {[]part{operation("SECRET"), places(mapOne)}, bad, wire.CodeBadRequest, ""},
		"operation not UTF-8":           {[]part{operation("\xff"), places(mapOne)}, bad, wire.CodeBadRequest, "UTF-8"},
		"map not JSON":                  {[]part{operation(sendOne), places("[]")}, bad, wire.CodeBadRequest, "field map"},
		"map of nulls":                  {[]part{operation(sendOne), places("null")}, bad, wire.CodeBadRequest, "field map"},
		"to no variable":                {[]part{operation(sendOne), places(`{"a":["variables.g"]}`)}, bad, wire.CodeBadRequest, "each null"},
		"to the operation":              {[]part{operation(sendOne), places(`{"a":["query"]}`)}, bad, wire.CodeBadRequest, "each null"},
		"to all variables":              {[]part{operation(sendOne), places(`{"a":["variables"]}`)}, bad, wire.CodeBadRequest, "each null"},
		"to a member of null":           {[]part{operation(sendOne), places(`{"a":["variables.f.g"]}`)}, bad, wire.CodeBadRequest, "each null"},
		"past the list":                 {[]part{operation(sendTwo), places(`{"a":["variables.p.files.2"]}`)}, bad, wire.CodeBadRequest, "each null"},
		"before the list":               {[]part{operation(sendTwo), places(`{"a":["variables.p.files.-1"]}`)}, bad, wire.CodeBadRequest, "each null"},
		"an element by +1":              {[]part{operation(sendTwo), places(`{"a":["variables.p.files.+1"]}`)}, bad, wire.CodeBadRequest, "each null"},
		"two to one place":              {[]part{operation(sendOne), places(`{"a":["variables.f"],"b":["variables.f"]}`)}, bad, wire.CodeBadRequest, "each null"},
		"one place twice":               {[]part{operation(sendOne), places(`{"a":["variables.f","variables.f"]}`)}, bad, wire.CodeBadRequest, "one path"},
		"no place":                      {[]part{operation(sendOne), places(`{"a":[]}`)}, bad, wire.CodeBadRequest, "one path"},
		"an empty path":                 {[]part{operation(sendOne), places(`{"a":[""]}`)}, bad, wire.CodeBadRequest, "each null"},
		"where a value is":              {[]part{operation(`{"query":"mutation($f:Upload){send(file:$f)}","variables":{"f":"x"}}`), places(mapOne)}, bad, wire.CodeBadRequest, "each null"},
		"a file missing":                {[]part{operation(sendTwo), places(mapTwo), file("a", "A")}, bad, wire.CodeBadRequest, "missing"},
		"a file twice":                  {[]part{operation(sendOne), places(mapOne), file("a", "A"), file("a", "A")}, bad, wire.CodeBadRequest, "twice"},
		"a file that is not in the map": {[]part{operation(sendOne), places(mapOne), file("b", "B")}, bad, wire.CodeBadRequest, "does not name"},
		"with a query":                  {[]part{operation(`{"query":"query($f:String){hello(name:$f)}","variables":{"f":null}}`), places(mapOne), file("a", "A")}, bad, wire.CodeBadVariables, ""},
		"with a query, unused":          {[]part{operation(`{"query":"{hello}"}`), places(`{}`)}, bad, wire.CodeBadRequest, "Only a mutation"},
		"for a text":                    {[]part{operation(`{"query":"mutation($f:String!){rename(name:$f){id}}","variables":{"f":null}}`), places(mapOne), file("a", "A")}, bad, wire.CodeBadVariables, ""},
		"for an input object":           {[]part{operation(`{"query":"mutation($f:Parcel){send(parcel:$f)}","variables":{"f":null}}`), places(mapOne), file("a", "A")}, bad, wire.CodeBadVariables, ""},
		"to an invalid operation":       {[]part{operation(`{"query":"mutation($f:Upload){nothing(file:$f)}","variables":{"f":null}}`), places(mapOne), file("a", "A")}, bad, wire.CodeValidationFailed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.postForm(t, c.parts...)
			var want []string
			if c.code != "" {
				want = []string{c.code}
			}
			if a.status != c.status || !cmp.Equal(codes(t, a.body), want) || !strings.Contains(a.body, c.contains) || strings.Contains(a.body, "SECRET") {
				t.Errorf("got %d %s, want %d %s with %q", a.status, a.body, c.status, c.code, c.contains)
			}
			nothingLeft(t, dir)
		})
	}
}

// A text cannot be passed off as a file.
func TestTextIsNoFile(t *testing.T) {
	s := start(t, wire.Config{UploadDir: t.TempDir()})
	a := s.post(t, "mutation($f:Upload){send(file:$f)}", map[string]any{"f": "/etc/passwd"})
	if got := codes(t, a.body); a.status != 400 || !cmp.Equal(got, []string{wire.CodeBadVariables}) {
		t.Errorf("got %d %s", a.status, a.body)
	}
	if a := s.post(t, `mutation{send(file:"/etc/passwd")}`, nil); strings.Contains(a.body, "root") || !strings.Contains(a.body, `"errors"`) {
		t.Errorf("a literal: got %s", a.body)
	}
}

// A form of another site's page, which the browser sends with all it knows of us, has
// no header that the page chose.
func TestFormNeedsPreflight(t *testing.T) {
	s := start(t, wire.Config{UploadDir: t.TempDir()})
	body, contentType := form(t, operation(sendOne), places(`{}`))
	for header, status := range map[string]int{"X-Other": 400, "GraphQL-Require-Preflight": 200, "Apollo-Require-Preflight": 200} {
		a := s.do(t, http.MethodPost, "/", body, "Content-Type", contentType, "Accept", graphQLJSON, header, "1")
		if a.status != status {
			t.Errorf("with %s: got %d %s, want %d", header, a.status, a.body, status)
		}
	}
	if a := s.do(t, http.MethodPost, "/", body, "Content-Type", contentType); !cmp.Equal(codes(t, a.body), []string{wire.CodePreflightNeeded}) {
		t.Errorf("without: got %s", a.body)
	}
}

// never counts the bytes that a server takes of an endless body.
type never struct {
	prefix io.Reader
	taken  atomic.Int64
}

func (n *never) Read(p []byte) (int, error) {
	if m, err := n.prefix.Read(p); err == nil {
		return m, nil
	}
	clear(p)
	n.taken.Add(int64(len(p)))
	return len(p), nil
}

// Who may not send files, sends a wrong operation or too many bytes is told before the
// bytes have come.
func TestEndlessForm(t *testing.T) {
	dir := t.TempDir()
	limits := wire.Limits{FileBytes: 1 << 20, UploadBytes: 2 << 20}
	head := func(op string) string {
		body, _, _ := strings.Cut(mustForm(t, operation(op), places(mapOne), part{"a", "a.txt", "CUT"}), "CUT")
		return body
	}
	for name, c := range map[string]struct {
		token, body, code string
		most              int64 // bytes that may have been sent, with all buffers on the way
	}{
		"of 10 GB":                {"good", head(sendOne), wire.CodeFileTooLarge, 16 << 20},
		"by nobody":               {"nobody", head(sendOne), wire.CodeUnauthenticated, 8 << 20},
		"with a bad token":        {"bad", head(sendOne), wire.CodeUnauthenticated, 8 << 20},
		"with a wrong operation":  {"good", head(`{"query":"mutation($f:Upload){nothing(file:$f)}","variables":{"f":null}}`), wire.CodeValidationFailed, 8 << 20},
		"of a header":             {"good", head(sendOne)[:len(head(sendOne))-4] + "\r\nX-Long: ", wire.CodeBadRequest, 8 << 20},
		"of what precedes a form": {"good", "", wire.CodeBadRequest, 8 << 20},
		"of an operation":         {"good", "--BOUNDARY\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n", wire.CodeBodyTooLarge, 8 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, wire.Config{UploadDir: dir, Limits: limits, MayUpload: func(ctx context.Context) error {
				return map[bool]error{true: wire.ErrUnauthenticated}[c.token == "nobody"]
			}})
			endless := &never{prefix: strings.NewReader(c.body)}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, io.LimitReader(endless, 10<<30))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "multipart/form-data; boundary=BOUNDARY")
			r.Header.Set("GraphQL-Require-Preflight", "1")
			r.Header.Set("Authorization", "Bearer "+c.token)
			resp, err := s.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			if got := codes(t, string(body)); !cmp.Equal(got, []string{c.code}) {
				t.Errorf("got %s, want %s", body, c.code)
			}
			if endless.taken.Load() > c.most {
				t.Errorf("%d bytes were taken", endless.taken.Load())
			}
			nothingLeft(t, dir)
		})
	}
}

// mustForm is form with a boundary that is known.
func mustForm(t *testing.T, parts ...part) string {
	body, contentType := form(t, parts...)
	_, boundary, _ := strings.Cut(contentType, "boundary=")
	return strings.ReplaceAll(body, boundary, "BOUNDARY")
}

// A form of a hundred thousand fields is refused at the first that is not a file of the
// operation.
func TestFormOfManyFields(t *testing.T) {
	dir := t.TempDir()
	s := start(t, wire.Config{UploadDir: dir})
	parts := []part{operation(sendOne), places(mapOne)}
	for i := range 100_000 {
		parts = append(parts, part{fmt.Sprint("field", i), "", "x"})
	}
	a := s.postForm(t, parts...)
	if !cmp.Equal(codes(t, a.body), []string{wire.CodeBadRequest}) {
		t.Errorf("got %s", a.body)
	}
	nothingLeft(t, dir)
}

// dribble sends the beginning of a form by hand, and returns the connection.
func dribble(t *testing.T, s *server, sent string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nGraphQL-Require-Preflight: 1\r\nContent-Type: multipart/form-data; boundary=BOUNDARY\r\nContent-Length: 100000\r\n\r\n%s", sent)
	return conn
}

// Who sends nothing more loses the connection after the time for the next bytes, and
// who sends a byte at a time after the time for all.
func TestSlowForm(t *testing.T) {
	dir := t.TempDir()
	body := mustForm(t, operation(sendOne), places(mapOne), part{"a", "a.txt", "abc"})
	begun := body[:strings.Index(body, "abc")+1]
	t.Run("no more", func(t *testing.T) {
		s := start(t, wire.Config{UploadDir: dir, ReadTimeout: 50 * time.Millisecond})
		answer, err := io.ReadAll(dribble(t, s, begun))
		if err != nil || !bytes.Contains(answer, []byte(wire.CodeTooSlow)) || !bytes.Contains(answer, []byte("408")) {
			t.Errorf("got %s, %v", answer, err)
		}
	})
	t.Run("a byte at a time", func(t *testing.T) {
		s := start(t, wire.Config{UploadDir: dir, ReadTimeout: 20 * time.Second, UploadTimeout: 100 * time.Millisecond})
		conn := dribble(t, s, begun)
		stop := make(chan struct{})
		defer close(stop)
		go func() {
			tick := time.NewTicker(10 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-stop:
					return
				case <-tick.C:
					if _, err := conn.Write([]byte("x")); err != nil {
						return
					}
				}
			}
		}()
		answer, err := io.ReadAll(conn)
		if !bytes.Contains(answer, []byte(wire.CodeTooSlow)) {
			t.Errorf("got %s, %v", answer, err)
		}
	})
	nothingLeft(t, dir)
}

// A client that goes in the middle of a file leaves nothing, and makes place for the
// next.
func TestAbortedForm(t *testing.T) {
	dir := t.TempDir()
	s := start(t, wire.Config{UploadDir: dir, Uploads: 1})
	body := mustForm(t, operation(sendOne), places(mapOne), part{"a", "a.txt", "abc"})
	var conn net.Conn
	for attempt := 0; ; attempt++ {
		conn = dribble(t, s, body[:strings.Index(body, "abc")+1])
		if s.postForm(t, operation(sendOne), places(`{}`)).status == http.StatusServiceUnavailable {
			break
		}
		if attempt == 1000 {
			t.Fatal("no form was refused beside another")
		}
		conn.Close() // this time it came second and was refused itself
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	again := make(chan struct{})
	go func() {
		defer close(again)
		for s.postForm(t, operation(sendOne), places(`{}`)).status != http.StatusOK {
		}
	}()
	receive(t, "the next form to be taken", again)
	nothingLeft(t, dir)
}

// A server whose disk is full says so in its log, and not to the client.
func TestFormWithoutDisk(t *testing.T) {
	dir := t.TempDir() + "/gone"
	s := start(t, wire.Config{UploadDir: dir})
	a := s.postForm(t, operation(sendOne), places(mapOne), part{"a", "a.txt", "abc"})
	if a.status != 500 || !cmp.Equal(codes(t, a.body), []string{wire.CodeInternal}) || strings.Contains(a.body, "gone") {
		t.Errorf("got %d %s", a.status, a.body)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// A large file goes through the disk: the digest is that of what was sent.
func TestLargeForm(t *testing.T) {
	s := start(t, wire.Config{UploadDir: t.TempDir()})
	content := strings.Repeat("0123456789abcdef", 24<<16) // 24 MiB
	digest := sha256.Sum256([]byte(content))
	a := s.postForm(t, operation(sendOne), places(mapOne), part{"a", "a.bin", content})
	if !strings.Contains(a.body, fmt.Sprintf("a.bin %x 0123", digest[:4])) {
		t.Errorf("got %.300s", a.body)
	}
}

// Package explore serves GraphiQL, a page to try the GraphQL API with, from files
// inside the program, so that it works where there is no internet. The page asks
// nothing of any host but the one it came from: its security policy forbids it.
//
// The files in assets are built from build, where all of the page's own code is;
// build/README.md says how. Nothing here knows what the API answers.
package explore

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:generate npm --prefix build ci --no-audit --no-fund
//go:generate npm --prefix build run build

//go:embed assets/index.html assets/*.gz assets/*.txt
var embedded embed.FS

// policy lets the page run its own scripts and talk to its own origin, over
// WebSocket too, and nothing else. Inline styles are allowed because the editor
// positions each line of text with them; inline and generated scripts are not.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// types are fixed here, because those of package mime depend on the machine.
var types = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".ttf":  "font/ttf",
	".txt":  "text/plain; charset=utf-8",
}

// asset is one file that can be asked for.
type asset struct {
	name    string // as it was before packing, which its type goes by
	packed  bool   // content is compressed by gzip
	content []byte
	digest  string
}

// handler has the assets by the path below the one it is mounted at; the page
// itself is "".
type handler map[string]asset

// Handler answers GET and HEAD with the page at its root, and with the files that
// the page loads beside it. It is mounted at a path that ends in a slash, by
// [http.StripPrefix], next to /graphql.
func Handler() http.Handler {
	files, err := load(embedded)
	if err != nil {
		panic(err) // the program was built wrong
	}
	return files
}

func load(from fs.FS) (handler, error) {
	files := handler{}
	err := fs.WalkDir(from, "assets", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(from, file)
		if err != nil {
			return err
		}
		name, packed := strings.CutSuffix(path.Base(file), ".gz")
		if types[path.Ext(name)] == "" {
			return fmt.Errorf("explore: %s has no content type", file)
		}
		sum := sha256.Sum256(content)
		at := name
		if name == "index.html" {
			at = ""
		}
		files[at] = asset{name: name, packed: packed, content: content, digest: hex.EncodeToString(sum[:16])}
		return nil
	})
	return files, err
}

// ServeHTTP answers with one file.
func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	file, ok := h[strings.TrimPrefix(r.URL.Path, "/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	file.serve(w, r)
}

// serve answers with the file, packed if the client takes it so.
func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	content, tag, encoding := a.content, a.digest, ""
	if a.packed && acceptsGzip(r.Header.Values("Accept-Encoding")) {
		tag, encoding = tag+"-gzip", "gzip"
	} else if a.packed {
		var err error
		if content, err = unpack(content); err != nil {
			http.Error(w, "the file is damaged", http.StatusInternalServerError)
			return
		}
	}
	header := w.Header()
	header.Set("Content-Type", types[path.Ext(a.name)])
	header.Set("ETag", strconv.Quote(tag))
	header.Set("Cache-Control", "no-cache") // to be asked for again each time
	if a.packed {
		// What is packed has a digest in its name: another content, another name.
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
		header.Set("Vary", "Accept-Encoding")
	}
	if encoding != "" {
		header.Set("Content-Encoding", encoding)
	}
	http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(content))
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// acceptsGzip reads Accept-Encoding (RFC 9110, section 12.5.3): gzip, or else *,
// with a weight above zero.
func acceptsGzip(fields []string) bool {
	var others bool
	for coding := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		name, weight, _ := strings.Cut(coding, ";")
		wanted := true
		if q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(weight)), "q="); ok {
			value, err := strconv.ParseFloat(q, 64)
			wanted = err == nil && value > 0
		}
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, "gzip"):
			return wanted
		case name == "*":
			others = wanted
		}
	}
	return others
}

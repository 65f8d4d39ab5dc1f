package explore

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// ask sends one request to the files as the server mounts them.
func ask(t *testing.T, method, target string, header http.Header) *http.Response {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/explore/", http.StripPrefix("/explore/", Handler()))
	r := httptest.NewRequest(method, target, nil)
	r.Header = header
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w.Result()
}

func read(t *testing.T, response *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// names are the paths of all files, the page's own first.
func names(t *testing.T) []string {
	t.Helper()
	files, err := load(embedded)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for name := range files {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func TestEveryFile(t *testing.T) {
	types := map[string]string{
		"":     "text/html; charset=utf-8",
		".css": "text/css; charset=utf-8",
		".js":  "text/javascript; charset=utf-8",
		".ttf": "font/ttf",
		".txt": "text/plain; charset=utf-8",
	}
	gzipped := http.Header{"Accept-Encoding": {"gzip, deflate, br"}}
	found := map[string]int{}
	for _, name := range names(t) {
		ext := path.Ext(name)
		found[ext]++
		t.Run("/"+name, func(t *testing.T) {
			bundled := ext != "" && ext != ".txt"
			want := map[string]string{
				"status": "200 OK", "type": types[ext], "caching": "no-cache", "encoding": "", "vary": "",
			}
			if bundled {
				want["caching"] = "public, max-age=31536000, immutable"
				want["encoding"], want["vary"] = "gzip", "Accept-Encoding"
			}
			packed := ask(t, "GET", "/explore/"+name, gzipped)
			got := map[string]string{
				"status": packed.Status, "type": packed.Header.Get("Content-Type"),
				"caching": packed.Header.Get("Cache-Control"), "encoding": packed.Header.Get("Content-Encoding"),
				"vary": packed.Header.Get("Vary"),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("GET (-want +got):\n%s", diff)
			}

			plain := ask(t, "GET", "/explore/"+name, nil)
			if got := plain.Header.Get("Content-Encoding"); got != "" {
				t.Errorf("a client that takes no gzip is answered in %s", got)
			}
			content := read(t, plain)
			if bundled {
				unpacked, err := unpack([]byte(read(t, packed)))
				if err != nil || string(unpacked) != content {
					t.Errorf("packed and plain answers differ (%v)", err)
				}
				if packed.Header.Get("Etag") == plain.Header.Get("Etag") {
					t.Error("packed and plain answers have the same ETag")
				}
			}

			for _, header := range []http.Header{nil, gzipped} {
				head := ask(t, "HEAD", "/explore/"+name, header)
				if body := read(t, head); head.StatusCode != http.StatusOK || body != "" {
					t.Errorf("HEAD gives %s and %d bytes, want 200 and none", head.Status, len(body))
				}
				again := header.Clone()
				if again == nil {
					again = http.Header{}
				}
				again.Set("If-None-Match", head.Header.Get("Etag"))
				if got := ask(t, "GET", "/explore/"+name, again); got.StatusCode != http.StatusNotModified {
					t.Errorf("GET with the file's own ETag gives %s, want 304", got.Status)
				}
			}
		})
	}
	if diff := cmp.Diff(map[string]int{"": 1, ".css": 1, ".js": 4, ".ttf": 1, ".txt": 1}, found); diff != "" {
		t.Errorf("files by kind (-want +got):\n%s", diff)
	}
}

func TestWhatIsNotServed(t *testing.T) {
	for target, want := range map[string]int{
		"/explore/nothing.js":      http.StatusNotFound,
		"/explore/index.html":      http.StatusNotFound, // the page has one address
		"/explore/assets/":         http.StatusNotFound,
		"/explore/SOURCES.sha256":  http.StatusNotFound,
		"/explore/%2e%2e/explore":  http.StatusNotFound,
		"/explore/..%2fexplore.go": http.StatusNotFound,
	} {
		if got := ask(t, "GET", target, nil); got.StatusCode != want {
			t.Errorf("GET %s gives %s, want %d", target, got.Status, want)
		}
	}
	for _, name := range names(t) {
		if name != "" && ask(t, "GET", "/explore/"+name+".gz", nil).StatusCode != http.StatusNotFound {
			t.Errorf("%s is also served under the name it is stored by", name)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		got := ask(t, method, "/explore/", nil)
		if got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s gives %s, Allow %q, want 405 and GET, HEAD", method, got.Status, got.Header.Get("Allow"))
		}
	}
}

func TestSecurityPolicy(t *testing.T) {
	want := map[string]string{
		"default-src": "'self'", "style-src": "'self' 'unsafe-inline'", "img-src": "'self' data:",
		"object-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
	}
	for _, target := range append(names(t), "unknown") {
		header := ask(t, "GET", "/explore/"+target, nil).Header
		got := map[string]string{}
		for directive := range strings.SplitSeq(header.Get("Content-Security-Policy"), ";") {
			name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
			got[name] = sources
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("policy of /%s (-want +got):\n%s", target, diff)
		}
		if got := header.Get("Cross-Origin-Opener-Policy"); got != "same-origin" {
			t.Errorf("opener policy of /%s is %q", target, got)
		}
		if got := header.Get("Cross-Origin-Resource-Policy"); got != "same-origin" {
			t.Errorf("resource policy of /%s is %q", target, got)
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	for field, want := range map[string]bool{
		"":                       false,
		"gzip":                   true,
		"GZIP":                   true,
		"deflate, gzip;q=0.5":    true,
		"br,gzip ; Q=1.0":        true,
		"gzip;q=0":               false,
		"gzip; q=0.000, *":       false, // named beats the rest
		"*":                      true,
		"*;q=0":                  false,
		"*;q=0, gzip":            true,
		"br, zstd":               false,
		"x-gzip-like":            false,
		"identity, gzip;q=often": false,
	} {
		if got := acceptsGzip([]string{field}); got != want {
			t.Errorf("acceptsGzip(%q) = %v, want %v", field, got, want)
		}
	}
	if !acceptsGzip([]string{"br", "gzip"}) {
		t.Error("gzip in a second field is not seen")
	}
}

func TestLoadRefusesUnknownTypes(t *testing.T) {
	files := fstest.MapFS{"assets/a.wasm.gz": {Data: []byte("x")}}
	if _, err := load(files); err == nil || !strings.Contains(err.Error(), "a.wasm.gz") {
		t.Errorf("load gives %v, want an error that names the file", err)
	}
}

func TestDamagedFile(t *testing.T) {
	files, err := load(fstest.MapFS{"assets/a.js.gz": {Data: []byte("not gzip")}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	files.ServeHTTP(w, httptest.NewRequest("GET", "/a.js", nil))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("status %d, want 500", w.Code)
	}
	if got := w.Header().Get("Cache-Control"); strings.Contains(got, "immutable") {
		t.Errorf("the error is cached: %s", got)
	}
}

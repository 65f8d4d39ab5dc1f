package explore

import (
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// answer is what a client gets.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends one request to the files as the server mounts them.
func ask(method, target string, header http.Header) answer {
	mux := http.NewServeMux()
	mux.Handle("/explore/", http.StripPrefix("/explore/", Handler()))
	r := httptest.NewRequest(method, target, nil)
	r.Header = header
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

// get asks for one file as a client does that takes no compressed content.
func get(name string) answer { return ask(http.MethodGet, "/explore/"+name, nil) }

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
			want := map[string]string{"Content-Type": types[ext], "Cache-Control": "no-cache", "Content-Encoding": "", "Vary": ""}
			if bundled {
				want["Cache-Control"] = "public, max-age=31536000, immutable"
				want["Content-Encoding"], want["Vary"] = "gzip", "Accept-Encoding"
			}
			packed := ask(http.MethodGet, "/explore/"+name, gzipped)
			got := map[string]string{}
			for field := range want {
				got[field] = packed.header.Get(field)
			}
			if diff := cmp.Diff(want, got); diff != "" || packed.status != http.StatusOK {
				t.Errorf("GET gives %d; fields (-want +got):\n%s", packed.status, diff)
			}

			plain := get(name)
			if got := plain.header.Get("Content-Encoding"); got != "" {
				t.Errorf("a client that takes no gzip is answered in %s", got)
			}
			if bundled {
				unpacked, err := unpack([]byte(packed.body))
				if err != nil || string(unpacked) != plain.body {
					t.Errorf("packed and plain answers differ (%v)", err)
				}
				if packed.header.Get("Etag") == plain.header.Get("Etag") {
					t.Error("packed and plain answers have the same ETag")
				}
			}

			for _, encoding := range []string{"identity", "gzip"} {
				header := http.Header{"Accept-Encoding": {encoding}}
				head := ask(http.MethodHead, "/explore/"+name, header)
				if head.status != http.StatusOK || head.body != "" {
					t.Errorf("HEAD gives %d and %d bytes, want 200 and none", head.status, len(head.body))
				}
				header.Set("If-None-Match", head.header.Get("Etag"))
				if got := ask(http.MethodGet, "/explore/"+name, header).status; got != http.StatusNotModified {
					t.Errorf("GET of %s with its own ETag gives %d, want 304", encoding, got)
				}
			}
		})
	}
	if diff := cmp.Diff(map[string]int{"": 1, ".css": 1, ".js": 4, ".ttf": 1, ".txt": 1}, found); diff != "" {
		t.Errorf("files by kind (-want +got):\n%s", diff)
	}
}

func TestWhatIsNotServed(t *testing.T) {
	for _, name := range []string{
		"nothing.js",
		"index.html", // the page has one address
		"assets/",
		"SOURCES.sha256",
		"%2e%2e/explore",
		"..%2fexplore.go",
	} {
		if got := get(name).status; got != http.StatusNotFound {
			t.Errorf("GET /%s gives %d, want 404", name, got)
		}
	}
	for _, name := range names(t) {
		if name != "" && get(name+".gz").status != http.StatusNotFound {
			t.Errorf("%s is also served under the name it is stored by", name)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		got := ask(method, "/explore/", nil)
		if allow := got.header.Get("Allow"); got.status != http.StatusMethodNotAllowed || allow != "GET, HEAD" {
			t.Errorf("%s gives %d, Allow %q, want 405 and GET, HEAD", method, got.status, allow)
		}
	}
}

func TestSecurityPolicy(t *testing.T) {
	want := map[string]string{
		"default-src": "'self'", "style-src": "'self' 'unsafe-inline'", "img-src": "'self' data:",
		"object-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
	}
	for _, target := range append(names(t), "unknown") {
		header := get(target).header
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
	files.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/a.js", nil))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("status %d, want 500", w.Code)
	}
	if got := w.Header().Get("Cache-Control"); strings.Contains(got, "immutable") {
		t.Errorf("the error is cached: %s", got)
	}
}

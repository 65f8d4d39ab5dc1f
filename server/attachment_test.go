package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// attached runs the example of docs/frontend.md, as it is written there, with a file,
// and returns what the API says of the attachment.
func (p *process) attached(content []byte) map[string]any {
	p.t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "docs", "frontend.md"))
	if err != nil {
		p.t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```sh\n(curl [^`]*/graphql.*?)```").FindSubmatch(page)
	if example == nil {
		p.t.Fatal("docs/frontend.md has no example of an upload")
	}
	opened := p.post(`mutation { caseOpen(input: {kind: COMPLAINT, channel: TELEPHONE, subject: "Room too cold"}) { case { id } } }`)
	dir := p.t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "photo.png"), content, 0o600); err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.CommandContext(p.t.Context(), "bash", "-c", string(example[1]))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "ROUNDS=http://"+p.addr, "TOKEN="+p.token,
		"CASE="+opened["caseOpen"].(map[string]any)["case"].(map[string]any)["id"].(string))
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("%v: %s", err, out)
	}
	var answer struct {
		Data struct {
			CaseAddEntry struct {
				Entry  struct{ Attachments []map[string]any }
				Errors []any
			}
		}
	}
	if err := json.Unmarshal(out, &answer); err != nil || len(answer.Data.CaseAddEntry.Entry.Attachments) != 1 {
		p.t.Fatalf("%v: %s", err, out)
	}
	return answer.Data.CaseAddEntry.Entry.Attachments[0]
}

// download follows a link.
func (p *process) download(link string, header ...string) (*http.Response, string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, "http://"+p.addr+link, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp, string(body)
}

func TestAttachmentsAreServed(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl here")
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	// A picture and a page at once: whatever a browser makes of it, it is not run.
	picture.WriteString("<html><script>alert(1)</script></html>")
	content := picture.String()
	data, clock := t.TempDir(), filepath.Join(t.TempDir(), "clock")
	set := func(now time.Time) {
		t.Helper()
		if err := os.WriteFile(clock, []byte(now.Format(time.RFC3339)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	morning := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	set(morning)
	p := startServer(t, "--data-dir", data, "--test-clock", clock, "--log-level", "debug")
	a := p.attached(picture.Bytes())
	if a["name"] != "photo.png" || a["contentType"] != "image/png" || a["size"] != float64(len(content)) {
		t.Errorf("got %v", a)
	}
	link := a["url"].(string)
	resp, got := p.download(link)
	if resp.StatusCode != http.StatusOK || got != content {
		t.Errorf("got %s, %d bytes", resp.Status, len(got))
	}
	etag := `"` + a["digest"].(string) + `"`
	for name, want := range map[string]string{
		"Content-Type": "image/png", "Content-Disposition": "attachment; filename=photo.png", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Etag": etag, "Accept-Ranges": "bytes", "Referrer-Policy": "no-referrer",
		"Cache-Control": "private, max-age=300, must-revalidate",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for what, c := range map[string]struct {
		header []string
		status int
		body   string
	}{
		"the same again":   {[]string{"If-None-Match", etag}, 304, ""},
		"the end":          {[]string{"Range", "bytes=-7"}, 206, "</html>"},
		"the beginning":    {[]string{"Range", "bytes=1-3"}, 206, "PNG"},
		"beyond":           {[]string{"Range", "bytes=100000-"}, 416, "invalid range: failed to overlap\n"},
		"in several parts": {[]string{"Range", "bytes=5-6,1-3"}, 200, content},
		"part of another":  {[]string{"Range", "bytes=1-3", "If-Range", `"other"`}, 200, content},
	} {
		if resp, got := p.download(link, c.header...); resp.StatusCode != c.status || got != c.body {
			t.Errorf("%s: got %s %q", what, resp.Status, got)
		}
	}
	for what, c := range map[string]struct {
		link   string
		status int
	}{
		"tampered":            {strings.Replace(link, "signature=", "signature=A", 1), 403},
		"without a signature": {strings.Split(link, "?")[0], 403},
		"with a path":         {"/attachments/..%2f..%2fkeys?" + strings.Split(link, "?")[1], 403},
		"of the folder":       {"/attachments/", 404},
	} {
		if resp, _ := p.download(c.link); resp.StatusCode != c.status || resp.Header.Get("Cache-Control") == "private" {
			t.Errorf("a link %s: got %s", what, resp.Status)
		}
	}
	set(morning.Add(6 * time.Minute))
	within(t, 20*time.Second, "the link has expired", func() bool {
		resp, _ := p.download(link)
		return resp.StatusCode == http.StatusForbidden
	})
	fresh := p.post(`{ node(id: "` + strings.TrimPrefix(strings.Split(link, "?")[0], "/attachments/") + `") { ... on Attachment { url } } }`)["node"].(map[string]any)["url"].(string)
	if resp, got := p.download(fresh); got != content {
		t.Errorf("by a fresh link: %s", resp.Status)
	}

	verify := func() (code int, said string) {
		var out bytes.Buffer
		code = run(t.Context(), []string{"verify", "--data-dir", data}, &out, io.Discard)
		return code, out.String()
	}
	if code, said := verify(); code != 0 || !strings.Contains(said, "The attachments are whole: 1 files.") {
		t.Errorf("verify: %d %s", code, said)
	}

	// What is gone from the store is told, and logged without the link's signature.
	if err := os.RemoveAll(filepath.Join(data, "attachments")); err != nil {
		t.Fatal(err)
	}
	if resp, body := p.download(fresh); resp.StatusCode != http.StatusInternalServerError || !strings.Contains(body, "无法读取文件") {
		t.Errorf("of a lost file: %s %s", resp.Status, body)
	}
	if code, said := verify(); code != 1 || !strings.Contains(said, " has no file\n") {
		t.Errorf("verify without the file: %d %s", code, said)
	}
	if left, err := os.ReadDir(filepath.Join(data, "uploads")); err != nil || len(left) > 0 {
		t.Errorf("left of uploads: %v, %v", left, err)
	}
	_ = p.cmd.Process.Kill() // for its log to be complete
	<-p.ended
	_, signature, _ := strings.Cut(fresh, "signature=")
	signature, _, _ = strings.Cut(signature, "&")
	if log := p.log.String(); !strings.Contains(log, "attachment not served") || strings.Contains(log, signature) || strings.Contains(log, "photo") {
		t.Errorf("the log:\n%s", log)
	}
}

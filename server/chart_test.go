package main

import (
	"encoding/xml"
	"io"
	"net/http"
	"strings"
)

// checkChart looks at the control chart that the demonstration tells of, as a picture,
// and as what refuses to be one.
func (d *demonstration) checkChart() {
	t, c := d.t, d.report.Chart
	if c.Alarms == 0 || !strings.Contains(d.stdout.String(), c.Picture) {
		t.Errorf("reported %+v", c)
	}
	officer := "Bearer " + d.report.Tokens["QUALITY_OFFICER"]
	for what, test := range map[string]struct {
		url, token, language string
		status               int
		contains             string
	}{
		"the picture":             {c.Picture, officer, "", 200, "<title xml:lang=\"en\">"},
		"in the reader's Chinese": {c.Picture, officer, "zh-CN", 200, "中心线"},
		"in a named language":     {c.Picture + "?lang=en", officer, "zh-CN", 200, `<title xml:lang="en">`},
		"of another time":         {c.Picture + "?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z", officer, "", 200, "Nothing was measured"},
		"of weeks":                {c.Picture + "?interval=WEEK", officer, "", 200, "<svg"},
		"without a token":         {c.Picture, "", "", 401, "access token"},
		"with a wrong token":      {c.Picture, "Bearer nonsense", "", 401, "access token"},
		"for who sees less":       {c.Picture, "Bearer " + d.report.Tokens["HUMAN_RESOURCES"], "", 200, "Nothing was measured"},
		"of no department":        {strings.Replace(c.Picture, c.Department, "x", 1), officer, "", 404, "There is no such chart"},
		"of a time that is none":  {c.Picture + "?from=yesterday", officer, "", 404, "There is no such chart"},
		"of a kind that is none":  {c.Picture + "?kind=PIE", officer, "", 404, "There is no such chart"},
		"not a picture":           {strings.TrimSuffix(c.Picture, ".svg"), officer, "", 404, "There is no such chart"},
		"an end too early":        {c.Picture + "?from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z", officer, "", 400, "beginning"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, test.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", test.token)
		req.Header.Set("Accept-Language", test.language)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close() // it was only read
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != test.status || !strings.Contains(string(body), test.contains) {
			t.Errorf("%s: %d, without %q: %.300s", what, resp.StatusCode, test.contains, body)
		}
		cache := resp.Header.Get("Cache-Control")
		if resp.StatusCode != http.StatusOK {
			if cache != "no-store" {
				t.Errorf("%s may be kept: %s", what, cache)
			}
			continue
		}
		if !strings.HasPrefix(cache, "private") || resp.Header.Get("Content-Type") != "image/svg+xml" || resp.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s has the headers %v", what, resp.Header)
		}
		if err := xml.Unmarshal(body, new(struct{})); err != nil {
			t.Errorf("%s is no XML: %v", what, err)
		}
	}
}

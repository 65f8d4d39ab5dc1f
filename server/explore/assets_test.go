package explore

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// elsewhere is what stands before the // of an address by which a script, a style or
// a page loads something from another host. Addresses that are only text, such as
// those of namespaces or in messages, have nothing of this kind before them.
var elsewhere = regexp.MustCompile("(?i)(?:" + strings.Join([]string{
	"\\b(?:fetch|import|importScripts|Worker|SharedWorker|WebSocket|EventSource|sendBeacon)\\(\\s*[\"'`]",
	"\\b(?:from|import)\\s*[\"']",
	`\burl\(\s*["']?`,
	`@import\s*["']`,
	"\\b(?:src|srcset|poster|data)\\s*[:=]\\s*\\\\?[\"'`]",
	`<(?:link|base)\b[^>]*\bhref\s*=\s*\\?["']`,
}, "|") + ")(?:https?:|wss?:)?$")

// loads are the places where text loads something from another host.
func loads(text string) []string {
	const before = 200 // bytes that are looked at
	var found []string
	for at := 0; ; at += len("//") {
		next := strings.Index(text[at:], "//")
		if next < 0 {
			return found
		}
		at += next
		if way := elsewhere.FindString(text[max(0, at-before):at]); way != "" {
			found = append(found, way)
		}
	}
}

func TestNoFileLoadsFromAnotherHost(t *testing.T) {
	for _, name := range names(t) {
		if filepath.Ext(name) == ".ttf" {
			continue
		}
		if found := loads(get(name).body); found != nil {
			t.Errorf("/%s has %q", name, found)
		}
	}
}

func TestLoadsAreRecognised(t *testing.T) {
	for text, want := range map[string]bool{
		`fetch("https://x.test/a")`:                           true,
		"new Worker(`//x.test/a.js`)":                         true,
		`new WebSocket("wss://x.test")`:                       true,
		`await import('https://x.test/a.js')`:                 true,
		`import{a}from"https://x.test/a.js"`:                  true,
		`import"//x.test/a.js"`:                               true,
		`a{background:url(https://x.test/a)}`:                 true,
		`@import "//x.test/a.css";`:                           true,
		`<script src="https://x.test/a.js">`:                  true,
		`e.src="//x.test/a.png"`:                              true,
		`<link rel="stylesheet" href="//x.test">`:             true,
		`href:"https://x.test/docs"`:                          false, // followed only when clicked
		`createElementNS("http://www.w3.org/2000/svg","svg")`: false,
		`url(data:image/svg+xml,...)`:                         false,
		`fetch("../graphql")`:                                 false,
	} {
		if got := loads(text) != nil; got != want {
			t.Errorf("%s: a load from elsewhere is %v, want %v", text, got, want)
		}
	}
}

func TestPageRunsOnlyFilesOfItsOwn(t *testing.T) {
	page := get("").body
	scripts := regexp.MustCompile(`<script\b([^>]*)>([^<]*)</script>`).FindAllStringSubmatch(page, -1)
	if len(scripts) != 1 || scripts[0][2] != "" || !strings.Contains(scripts[0][1], "src=") {
		t.Errorf("scripts are %q, want one that is a file", scripts)
	}
	if found := regexp.MustCompile(`(?i)\son\w+\s*=|javascript:`).FindString(page); found != "" {
		t.Errorf("the page has an inline handler: %q", found)
	}
	files := names(t)
	for _, match := range regexp.MustCompile(`\b(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if at := match[1]; !strings.HasPrefix(at, "data:") && !slices.Contains(files, at) {
			t.Errorf("the page loads %q, which there is not", at)
		}
	}
}

// Workers are found by names that the build puts into the script.
func TestScriptNamesItsWorkers(t *testing.T) {
	var main string
	var workers []string
	for _, name := range names(t) {
		switch {
		case strings.HasPrefix(name, "main-") && strings.HasSuffix(name, ".js"):
			main = get(name).body
		case strings.HasSuffix(name, ".js"):
			workers = append(workers, name)
		}
	}
	for _, name := range workers {
		if !strings.Contains(main, name) {
			t.Errorf("the script does not name %s", name)
		}
	}
}

func TestAssetsAreBuiltFromTheSources(t *testing.T) {
	sources := []string{"build.mjs", "notices.mjs", "package.json", "package-lock.json"}
	for _, pattern := range []string{"src/*.*", "src/queries/*"} {
		found, err := filepath.Glob(filepath.Join("build", filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			sources = append(sources, strings.TrimPrefix(filepath.ToSlash(file), "build/"))
		}
	}
	slices.Sort(sources)
	var now strings.Builder
	for _, name := range sources {
		content, err := os.ReadFile(filepath.Join("build", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&now, "%x  %s\n", sha256.Sum256(content), name)
	}
	built, err := os.ReadFile("assets/SOURCES.sha256")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(now.String(), string(built)); diff != "" {
		t.Errorf("the sources changed: run go generate ./server/explore (-sources +assets):\n%s", diff)
	}
}

// The queries that the page opens with are good for the schema as it is.
func TestQueriesFitTheSchema(t *testing.T) {
	files, err := filepath.Glob("../../schema/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no schema: %v", err)
	}
	var sources []*ast.Source
	for _, file := range files {
		sources = append(sources, source(t, file))
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	queries, err := filepath.Glob("build/src/queries/*.graphql")
	if err != nil || len(queries) != 2 {
		t.Fatalf("queries are %q, %v", queries, err)
	}
	for _, file := range queries {
		if _, errs := gqlparser.LoadQueryWithRules(schema, source(t, file).Input, rules.NewDefaultRules()); errs != nil {
			t.Errorf("%s: %v", file, errs)
		}
	}
}

func source(t *testing.T, file string) *ast.Source {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return &ast.Source{Name: file, Input: string(text)}
}

func TestNoticesNameWhatIsBundled(t *testing.T) {
	notices := get("THIRD_PARTY_NOTICES.txt").body
	for _, want := range []string{
		"\ngraphiql 5.4.0 (MIT)\n", "\nmonaco-editor 0.52.2 (MIT)\n", "\ngraphql-ws 6.4.2 (MIT)\n",
		"\nreact-dom 19.3.1 (MIT)\n", "\nprettier ", "\nvscode-codicons (CC-BY-4.0)\n",
	} {
		if !strings.Contains(notices, want) {
			t.Errorf("the notices lack %q", want)
		}
	}
}

// Each build is kept in the repository for good.
func TestAssetsAreSmall(t *testing.T) {
	const limit = 4 << 20 // bytes
	files, err := load(embedded)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, file := range files {
		total += len(file.content)
	}
	if total > limit {
		t.Errorf("the assets have %d bytes, at most %d are wanted", total, limit)
	}
}

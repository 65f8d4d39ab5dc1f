package quality_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What integrators read about the kinds of events, what is declared and what the
// program writes are the same.
func TestKindsOfEventsAreAsDocumented(t *testing.T) {
	declared := map[string]string{} // kinds by the names of their constants
	for _, decl := range parsed(t, "event.go").Decls {
		for _, spec := range decl.(*ast.GenDecl).Specs {
			constant := spec.(*ast.ValueSpec)
			declared[constant.Names[0].Name] = literal(t, constant.Values[0].(*ast.BasicLit))
		}
	}
	kinds := slices.Sorted(maps.Values(declared))

	page, err := os.ReadFile(filepath.Join("..", "docs", "integrator.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "\n## Kinds of events\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var told []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(section, -1) {
		told = append(told, row[1])
	}
	slices.Sort(told)
	if diff := cmp.Diff(kinds, told); diff != "" || !found {
		t.Errorf("docs/integrator.md (-declared +told):\n%s", diff)
	}

	kind := regexp.MustCompile("^(" + strings.Join(subjects(kinds), "|") + `)\.[a-z][A-Za-z]*$`)
	used := map[string]bool{}
	for _, folder := range []string{".", filepath.Join("..", "server")} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if file == "event.go" || strings.HasSuffix(file, "_test.go") {
				continue
			}
			ast.Inspect(parsed(t, file), func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					used[n.Name] = true
				case *ast.BasicLit:
					if n.Kind == token.STRING && folder == "." && kind.MatchString(literal(t, n)) {
						t.Errorf("%s writes %s: use a constant of event.go", file, n.Value)
					}
				}
				return true
			})
		}
	}
	for name := range declared {
		if !used[name] {
			t.Errorf("nothing writes events of the kind %s", name)
		}
	}
}

// subjects are the first words of kinds.
func subjects(kinds []string) []string {
	var all []string
	for _, kind := range kinds {
		subject, _, _ := strings.Cut(kind, ".")
		all = append(all, subject)
	}
	return slices.Compact(all)
}

func parsed(t *testing.T, file string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func literal(t *testing.T, l *ast.BasicLit) string {
	t.Helper()
	s, err := strconv.Unquote(l.Value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

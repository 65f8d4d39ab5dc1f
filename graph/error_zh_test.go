package graph

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// Every code of the transports has a Chinese text, but for faults, which are told
// in the caller's language anyway.
func TestProtocolErrorsHaveAChineseText(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "wire/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Code") {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
		return true
	})
	if len(codes) < 20 {
		t.Fatalf("found only the codes %v", codes)
	}
	for _, code := range codes {
		if code == "INTERNAL" {
			continue
		}
		if !strings.ContainsFunc(inChinese[code], func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s has no Chinese text", code)
		}
	}
}

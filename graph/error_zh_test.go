package graph

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/seed-34fcb60d/rounds/graph/wire"
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

// Whoever writes a document by a Chinese message must find the mistake by it, too,
// and the error itself, which others may hold, stays as it is.
func TestChineseErrorsKeepTheDetail(t *testing.T) {
	for code, kept := range map[string]bool{wire.CodeValidationFailed: true, wire.CodeBadVariables: true, wire.CodeTooDeep: false, "NOT_OURS": true} {
		told := &gqlerror.Error{Message: `Cannot query field "rol".`, Extensions: map[string]any{"code": code}}
		got := translated(told)
		if strings.Contains(got.Message, told.Message) != kept || !strings.HasPrefix(got.Message, strings.TrimSuffix(inChinese[code], "。")) {
			t.Errorf("%s is told as %q", code, got.Message)
		}
		if told.Message != `Cannot query field "rol".` {
			t.Errorf("%s was changed itself to %q", code, told.Message)
		}
	}
}

package wire_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed-34fcb60d/rounds/graph/wire"
)

// Variables are what the specification lets their types be, and nothing that could
// be made into it.
func TestVariables(t *testing.T) {
	s := start(t, wire.Config{})
	const (
		aText  = "query($v:String){hello(name:$v)}"
		anInt  = "query($v:Int){items(first:$v){totalCount}}"
		anID   = "query($v:ID){item(id:$v){id}}"
		ids    = "query($v:[ID!]!){nodes(ids:$v){id}}"
		anEnum = "query($v:Color!){paint(color:$v)}"
		object = "query($v:Filter){paint(color:RED,filter:$v)}"
	)
	for name, c := range map[string]struct{ query, value, refused string }{
		"a text":                      {aText, `"x"`, ""},
		"null":                        {aText, `null`, ""},
		"an integer":                  {anInt, `7`, ""},
		"the largest integer":         {anInt, `-2147483648`, ""},
		"an id":                       {anID, `"x"`, ""},
		"an id that is an integer":    {anID, `5`, ""},
		"a list":                      {ids, `["x",5]`, ""},
		"one element for a list":      {ids, `"x"`, ""},
		"a value of an enumeration":   {anEnum, `"RED"`, ""},
		"an input object":             {object, `{"size":1,"tags":["x"]}`, ""},
		"a part of an input object":   {object, `{"tags":null}`, ""},
		"a number for a text":         {aText, `5`, "$v"},
		"a boolean for a text":        {aText, `true`, "$v"},
		"a text for an integer":       {anInt, `"7"`, "$v"},
		"an integer of 33 bits":       {anInt, `-2147483649`, "$v"},
		"a fraction for an integer":   {anInt, `1.5`, "$v"},
		"a fraction for an id":        {anID, `1.5`, "$v"},
		"an object for an id":         {anID, `{"a":1}`, "$v"},
		"a list for an id":            {anID, `["x"]`, "$v"},
		"an element of a list":        {ids, `["x",1.5]`, "$v[1]"},
		"a list in a list":            {ids, `[["x"]]`, "$v[0]"},
		"an enumeration in lower":     {anEnum, `"red"`, "$v"},
		"a number for an enumeration": {anEnum, `1`, "$v"},
		"a text for an object":        {object, `"x"`, "$v"},
		"a list for an object":        {object, `[{"size":1}]`, "$v"},
		"a text in an object":         {object, `{"size":"1"}`, "$v.size"},
		"a number in a list in it":    {object, `{"tags":["x",1]}`, "$v.tags[1]"},
		"thousands of levels":         {ids, strings.Repeat("[", 9000) + strings.Repeat("]", 9000), "$v[0]"},
	} {
		got := s.do(t, "POST", "/", `{"query":"`+c.query+`","variables":{"v":`+c.value+`}}`, "Content-Type", "application/json", "Accept", graphQLJSON)
		if c.refused == "" {
			if got.status != 200 || len(got.codes(t)) > 0 {
				t.Errorf("%s: %d %s, want success", name, got.status, got.body)
			}
			continue
		}
		if want := []string{wire.CodeBadVariables}; !slices.Equal(got.codes(t), want) || !strings.Contains(got.body, "Variable "+c.refused+":") {
			t.Errorf("%s: %d %s, want %s for %s", name, got.status, got.body, want, c.refused)
		}
	}
}

// Integers in the document are as large as those in variables.
func TestIntegersOfDocuments(t *testing.T) {
	s := start(t, wire.Config{})
	for document, want := range map[string]string{
		"{items(first:-2147483648){totalCount}}":                          "",
		"{items(first:-2147483649){totalCount}}":                          wire.CodeValidationFailed,
		"{paint(color:RED,filter:{size:2147483648})}":                     wire.CodeValidationFailed,
		"query($n:Int=2147483648){paint(color:RED,filter:{size:$n})}":     wire.CodeValidationFailed,
		"{item(id:99999999999){id}}":                                      "", // an ID
		"query($f:Filter={size:-9999999999}){paint(color:RED,filter:$f)}": wire.CodeValidationFailed,
	} {
		if got := s.post(t, document, nil).codes(t); strings.Join(got, " ") != want {
			t.Errorf("%s has the codes %q, want %q", document, got, want)
		}
	}
}

package graph_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/seed-34fcb60d/rounds/graph"
)

var update = flag.Bool("update", false, "write testdata/schema.graphql anew")

func contract() *ast.Schema { return graph.NewSchema(graph.Config{}).Schema() }

// What the API promises is reviewed with each change of this file.
func TestSchemaGolden(t *testing.T) {
	var sdl strings.Builder
	formatter.NewFormatter(&sdl, formatter.WithIndent("  ")).FormatSchema(contract())
	golden := filepath.Join("testdata", "schema.graphql")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(sdl.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), sdl.String()); diff != "" {
		t.Errorf("the schema is not the reviewed one; if the change is meant, run go test ./graph -run TestSchemaGolden -update (-want +got):\n%s", diff)
	}
}

// Everything of the schema says what it is: a sentence that begins with a capital
// and ends with a full stop.
func TestSchemaIsDescribed(t *testing.T) {
	check := func(what, description string) {
		if !regexp.MustCompile(`(?s)^[\p{Lu}▲□0-9].*[.]$`).MatchString(strings.TrimSpace(description)) {
			t.Errorf("%s is described as %q", what, description)
		}
	}
	schema := contract()
	check("the schema", schema.Description)
	for name, d := range schema.Types {
		if d.BuiltIn {
			continue
		}
		check(name, d.Description)
		for _, v := range d.EnumValues {
			check(name+"."+v.Name, v.Description)
		}
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			check(name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				check(name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
	}
}

// A deprecation says until when it holds: "… Removed on 2027-06-30."
func TestDeprecationsNameADate(t *testing.T) {
	for what, reason := range deprecations(contract()) {
		if _, ok := removal(reason); !ok {
			t.Errorf("%s is deprecated without a date: %q", what, reason)
		}
	}
	for reason, want := range map[string]bool{
		"Use dueAt. Removed on 2027-06-30.": true, "Use dueAt.": false, "Removed on 2027-13-30.": false, "": false,
	} {
		if _, ok := removal(reason); ok != want {
			t.Errorf("%q names a date: %t", reason, ok)
		}
	}
}

func removal(reason string) (time.Time, bool) {
	match := regexp.MustCompile(`Removed on (\d{4}-\d\d-\d\d)\.$`).FindStringSubmatch(reason)
	if match == nil {
		return time.Time{}, false
	}
	day, err := time.Parse(time.DateOnly, match[1])
	return day, err == nil
}

// deprecations are the reasons of all deprecations by what is deprecated.
func deprecations(schema *ast.Schema) map[string]string {
	found := map[string]string{}
	note := func(what string, directives ast.DirectiveList) {
		if d := directives.ForName("deprecated"); d != nil {
			found[what] = ""
			if reason := d.Arguments.ForName("reason"); reason != nil {
				found[what] = reason.Value.Raw
			}
		}
	}
	for name, d := range schema.Types {
		if d.BuiltIn {
			continue
		}
		for _, v := range d.EnumValues {
			note(name+"."+v.Name, v.Directives)
		}
		for _, f := range d.Fields {
			note(name+"."+f.Name, f.Directives)
			for _, a := range f.Arguments {
				note(name+"."+f.Name+"("+a.Name+")", a.Directives)
			}
		}
	}
	return found
}

// Lists are alike: bounded pages both ways, and null where a record cannot be read.
func TestConnectionsAreAlike(t *testing.T) {
	schema := contract()
	for name, d := range schema.Types {
		for _, f := range d.Fields {
			item, ok := strings.CutSuffix(f.Type.Name(), "Connection")
			if !ok || item == "Event" { // the log is read forwards only
				continue
			}
			for argument, want := range map[string]string{"first": "Int", "after": "String", "last": "Int", "before": "String"} {
				if a := f.Arguments.ForName(argument); a == nil || a.Type.String() != want {
					t.Errorf("%s.%s has no argument %s: %s", name, f.Name, argument, want)
				}
			}
			for field, want := range map[string]string{
				"edges": "[" + item + "Edge]!", "nodes": "[" + item + "]!", "pageInfo": "PageInfo!", "totalCount": "Int",
			} {
				if part := schema.Types[f.Type.Name()].Fields.ForName(field); part == nil || part.Type.String() != want {
					t.Errorf("%s has no field %s: %s", f.Type.Name(), field, want)
				}
			}
		}
	}
}

// Changes are alike: one input with an idempotency key, one payload with reasons,
// and the revision wherever a record with one is changed.
func TestMutationsAreAlike(t *testing.T) {
	schema := contract()
	for _, f := range schema.Mutation.Fields {
		input := f.Arguments.ForName("input")
		if len(f.Arguments) != 1 || input == nil || !input.Type.NonNull {
			t.Errorf("%s does not take one input", f.Name)
			continue
		}
		if key := schema.Types[input.Type.Name()].Fields.ForName("idempotencyKey"); key == nil || key.Type.String() != "String" {
			t.Errorf("%s takes no idempotencyKey", f.Name)
		}
		fields := schema.Types[input.Type.Name()].Fields
		reads := f.Name == "customerReveal" || f.Name == "customerExport" // and changes nothing of what it names
		offline := f.Name == "inspectionAnswer"                           // whose answers may come late, each with an id by which it finds its place
		revision := fields.ForName("expectedRevision")
		if fields.ForName("id") != nil && !reads && (revision == nil || !revision.Type.NonNull && !offline) {
			t.Errorf("%s takes no expectedRevision", f.Name)
		}
		if f.Type.NonNull {
			t.Errorf("the answer of %s cannot be null: a fault would take the answers of other changes with it", f.Name)
		}
		for field, want := range map[string]string{"errors": "[UserError!]!", "warnings": "[UserWarning!]!", "cursor": "EventCursor"} {
			if part := schema.Types[f.Type.Name()].Fields.ForName(field); part == nil || part.Type.String() != want {
				t.Errorf("%s has no field %s: %s", f.Type.Name(), field, want)
			}
		}
	}
}

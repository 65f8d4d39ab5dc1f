package importer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Value says how a field of a case comes from a row. In the mapping it is a
// template alone, or an object with from, map and default.
type Value struct {
	from     template
	mapped   map[string]string // nil for the template's text as it is
	fallback *string           // for an empty text, and for one that the map lacks
}

// UnmarshalYAML reads a value.
func (v *Value) UnmarshalYAML(node ast.Node) error {
	var in struct {
		From    *string           `yaml:"from"`
		Map     map[string]string `yaml:"map"`
		Default *string           `yaml:"default"`
	}
	switch node.Type() {
	case ast.StringType, ast.LiteralType:
		in.From = new(string)
		if err := yaml.NodeToValue(node, in.From); err != nil {
			return err
		}
	case ast.MappingType, ast.MappingValueType:
		if err := yaml.NodeToValue(node, &in, yaml.Strict()); err != nil {
			return err
		}
		if in.From == nil {
			return at(node, "from is missing: it names the column, such as \"{status}\"")
		}
	default:
		return at(node, "a text is expected here, such as \"{status}\", or from, map and default")
	}
	t, err := parseTemplate(*in.From)
	if err != nil {
		return at(node, err.Error())
	}
	v.from, v.mapped, v.fallback = t, in.Map, in.Default
	return nil
}

// at is an error at a place of the mapping.
func at(node ast.Node, message string) error {
	return &yaml.SyntaxError{Message: message, Token: node.GetToken()}
}

// of returns the value for a row, "" if it has none. What is wrong is told to the
// row, under the name of the field.
func (v *Value) of(r *record, field string) string {
	if v == nil {
		return ""
	}
	text := v.from.of(r)
	if text != "" && v.mapped != nil {
		mapped, known := v.mapped[text]
		if known {
			return mapped
		}
		if v.fallback == nil {
			r.problem(field, fmt.Sprintf("the mapping does not say what %s stands for", shown(field, text)))
		}
		text = ""
	}
	if text == "" && v.fallback != nil {
		return *v.fallback
	}
	return text
}

// shown is a value of the file in a message: shortened, and nothing of a customer's.
func shown(field, text string) string {
	const limit = 40
	if strings.HasPrefix(field, "customer.") {
		return "its value"
	}
	if runes := []rune(text); len(runes) > limit {
		text = string(runes[:limit]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

// possible returns the values that do not depend on the row.
func (v *Value) possible() []string {
	var values []string
	for _, value := range v.mapped {
		values = append(values, value)
	}
	slices.Sort(values)
	if v.fallback != nil {
		values = append(values, *v.fallback)
	}
	if len(v.from.columns()) == 0 && v.mapped == nil {
		values = append(values, v.from.of(nil))
	}
	return values
}

// template composes a text of columns: sections one after the other.
type template []section

// section is a part of a template. An optional one is left out where one of its
// columns is empty.
type section struct {
	optional bool
	parts    []part
}

// part is a column or a literal text.
type part struct {
	text   string
	column bool // text is the column's name
}

// parseTemplate reads a template: {column} stands for what the column holds, text
// in [brackets] is left out where one of the columns in it is empty, and a doubled
// bracket or brace stands for itself.
func parseTemplate(text string) (template, error) {
	t := template{{}}
	var literal strings.Builder
	end := func(p ...part) { // of a part
		last := &t[len(t)-1]
		if literal.Len() > 0 {
			last.parts = append(last.parts, part{text: literal.String()})
			literal.Reset()
		}
		last.parts = append(last.parts, p...)
	}
	for rest := text; rest != ""; {
		c := rest[0]
		optional := t[len(t)-1].optional
		switch {
		case strings.IndexByte("{}[]", c) < 0:
			literal.WriteByte(c)
			rest = rest[1:]
			continue
		case len(rest) > 1 && rest[1] == c:
			literal.WriteByte(c)
			rest = rest[2:]
			continue
		case c == '{':
			name, after, closed := strings.Cut(rest[1:], "}")
			if !closed || name == "" {
				return nil, fmt.Errorf("%q: a brace names a column and is closed, such as {city}; write {{ for a brace itself", text)
			}
			end(part{text: name, column: true})
			rest = after
			continue
		case c == '[' && !optional, c == ']' && optional:
			end()
			t = append(t, section{optional: c == '['})
		default:
			return nil, fmt.Errorf("%q: %q stands alone here; write it twice for the sign itself", text, string(c))
		}
		rest = rest[1:]
	}
	end()
	if t[len(t)-1].optional {
		return nil, fmt.Errorf("%q: a bracket is not closed; write [[ for a bracket itself", text)
	}
	return t, nil
}

// of returns the text for a row, without spaces around it.
func (t template) of(r *record) string {
	if len(t) == 1 && len(t[0].parts) == 1 && t[0].parts[0].column {
		return r.get(t[0].parts[0].text)
	}
	var out strings.Builder
	for _, s := range t {
		var text strings.Builder
		complete := true
		for _, p := range s.parts {
			value := p.text
			if p.column {
				value = r.get(p.text)
				complete = complete && value != ""
			}
			text.WriteString(value)
		}
		if complete || !s.optional {
			out.WriteString(text.String())
		}
	}
	return strings.TrimSpace(out.String())
}

// columns lists the columns of the template.
func (t template) columns() []string {
	var names []string
	for _, s := range t {
		for _, p := range s.parts {
			if p.column {
				names = append(names, p.text)
			}
		}
	}
	return names
}

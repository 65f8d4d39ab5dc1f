package importer

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql/schema"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/migrate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/quality"
)

// Mapping says how the rows of a file become cases. docs/import.md describes it for
// those who write one.
type Mapping struct {
	CSV        CSVFormat          `yaml:"csv"`
	Site       SiteMapping        `yaml:"site"`
	Department *DepartmentMapping `yaml:"department"` // nil where no case was dispatched
	Times      TimeFormat         `yaml:"times"`
	Case       CaseMapping        `yaml:"case"`
	Customer   *CustomerMapping   `yaml:"customer"` // nil where customers are not named

	text *ast.File // where its parts stand
}

// CSVFormat says how the file is written.
type CSVFormat struct {
	Separator string   `yaml:"separator"` // one character; default: a comma
	Empty     []string `yaml:"empty"`     // values that count as empty, such as "N/A"
}

func (f CSVFormat) separator() rune {
	if f.Separator == "" {
		return ','
	}
	c, _ := utf8.DecodeRuneInString(f.Separator)
	return c
}

// SiteMapping names the site of all cases.
type SiteMapping struct {
	Code   string       `yaml:"code"`
	Create *SiteDetails `yaml:"create"` // nil if the site must exist
}

// SiteDetails is what a site needs besides its code.
type SiteDetails struct {
	Name     string `yaml:"name"`
	Kind     string `yaml:"kind"`
	Country  string `yaml:"country"`
	TimeZone string `yaml:"timeZone"`
}

// DepartmentMapping names the department responsible.
type DepartmentMapping struct {
	Code *Value `yaml:"code"` // made a code: lower case, a dash for what is no letter or digit
	Name *Value `yaml:"name"` // of a department that is made; default: the code as it is in the file
}

// CaseMapping is the fields of a case, under the names that the API gives them.
type CaseMapping struct {
	ExternalID  *Value `yaml:"externalId"`
	Kind        *Value `yaml:"kind"`
	Channel     *Value `yaml:"channel"`
	Severity    *Value `yaml:"severity"`
	Status      *Value `yaml:"status"`
	Topic       *Value `yaml:"topic"`
	Subject     *Value `yaml:"subject"`
	Description *Value `yaml:"description"`
	Product     *Value `yaml:"product"`

	OpenedAt     *Value `yaml:"openedAt"`
	DueAt        *Value `yaml:"dueAt"`
	DispatchedAt *Value `yaml:"dispatchedAt"`
	AcceptedAt   *Value `yaml:"acceptedAt"`
	ResolvedAt   *Value `yaml:"resolvedAt"`
	ClosedAt     *Value `yaml:"closedAt"`

	Resolution    *Value `yaml:"resolution"`
	Substantiated *Value `yaml:"substantiated"`
	Closure       *Value `yaml:"closure"`
	ClosureReason *Value `yaml:"closureReason"`

	Progress *ProgressMapping `yaml:"progress"`
}

// ProgressMapping is what was done so far about a case that is not resolved.
type ProgressMapping struct {
	Text *Value `yaml:"text"`
	At   *Value `yaml:"at"`
}

// CustomerMapping names the customer of a case.
type CustomerMapping struct {
	ExternalID *Value `yaml:"externalId"`
	Kind       *Value `yaml:"kind"` // default: PERSON
	Name       *Value `yaml:"name"`
	Phone      *Value `yaml:"phone"`
	Email      *Value `yaml:"email"`
}

// ReadMapping reads and checks the mapping in a file of YAML, or of JSON, which YAML
// includes. All that is wrong is told at once, each with its place.
func ReadMapping(path string) (*Mapping, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the mapping: %w", err)
	}
	m, err := ParseMapping(text)
	if err != nil {
		return nil, fmt.Errorf("the mapping %s: %w", path, err)
	}
	return m, nil
}

// ParseMapping is ReadMapping for a mapping that was read already.
func ParseMapping(text []byte) (*Mapping, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("it is not UTF-8")
	}
	var m Mapping
	if err := yaml.UnmarshalWithOptions(text, &m, yaml.Strict()); err != nil {
		return nil, located(err)
	}
	var err error
	if m.text, err = parser.ParseBytes(text, 0); err != nil {
		return nil, located(err)
	}
	wrong := mistakes{mapping: m.text}
	m.check(&wrong)
	if err := wrong.err(); err != nil {
		return nil, err
	}
	return &m, nil
}

// located says where the mapping is wrong, without showing Go's types.
func located(err error) error {
	var wrong yaml.Error
	if !errors.As(err, &wrong) {
		return err
	}
	message := wrong.GetMessage()
	var kind *yaml.TypeError
	var form *yaml.UnexpectedNodeTypeError
	if errors.As(err, &kind) || errors.As(err, &form) {
		message = "what stands here has the wrong form"
	}
	if t := wrong.GetToken(); t != nil && t.Position != nil {
		return fmt.Errorf("line %d, column %d: %s", t.Position.Line, t.Position.Column, message)
	}
	return errors.New(message)
}

// mistakes is all that is wrong with a mapping.
type mistakes struct {
	mapping *ast.File
	found   []mistake
}

type mistake struct {
	line int // 0 if neither the part nor what it belongs to is there
	text string
}

func (m *mistakes) add(where, what string) {
	m.found = append(m.found, mistake{lineOf(m.mapping, where), where + ": " + what})
}

// err returns all mistakes in their order, each on a line of its own if there are
// several, and nil if there is none.
func (m *mistakes) err() error {
	slices.SortFunc(m.found, func(a, b mistake) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.text, b.text)) })
	var texts []string
	for _, f := range m.found {
		if f.line > 0 {
			f.text = fmt.Sprintf("line %d: %s", f.line, f.text)
		}
		texts = append(texts, f.text)
	}
	switch len(texts) {
	case 0:
		return nil
	case 1:
		return errors.New(texts[0])
	default:
		return errors.New("\n  " + strings.Join(texts, "\n  "))
	}
}

// lineOf returns the line on which a part of a mapping stands. Of one that is missing
// it is that of the part to which it would belong, of which the first line is told.
func lineOf(mapping *ast.File, path string) int {
	for ; path != ""; path = path[:max(0, strings.LastIndexAny(path, ".["))] {
		at, err := yaml.PathString("$." + path)
		if err != nil {
			continue
		}
		if node, err := at.FilterFile(mapping); err == nil && node != nil && node.GetToken() != nil {
			return node.GetToken().Position.Line
		}
	}
	return 0
}

func (m *Mapping) check(wrong *mistakes) {
	if s := m.CSV.Separator; s != "" && (utf8.RuneCountInString(s) != 1 || strings.ContainsAny(s, "\"\r\n")) {
		wrong.add("csv.separator", "it is one character, such as \";\" or \"\\t\"")
	}
	if m.Site.Code == "" || strings.Contains(m.Site.Code, "/") {
		wrong.add("site.code", "name the site; its code has no slash")
	}
	if d := m.Site.Create; d != nil {
		wrong.choice("site.create.kind", d.Kind, enum(migrate.SitesTable, site.FieldKind))
	}
	m.Times.check(wrong)
	for _, f := range m.required() {
		if f.value == nil {
			wrong.add(f.name, "it is missing, and it is required")
		}
	}
	choices := m.choices()
	for _, f := range m.fields() {
		allowed, ok := choices[f.name]
		if !ok || f.value == nil {
			continue
		}
		for _, value := range f.value.possible() {
			if value != "" {
				wrong.choice(f.name, value, allowed)
			}
		}
	}
	if p := m.Customer; p != nil { // what the map lacks would be told
		for _, f := range []field{{"customer.externalId", p.ExternalID}, {"customer.name", p.Name}, {"customer.phone", p.Phone}, {"customer.email", p.Email}} {
			if f.value != nil && f.value.mapped != nil {
				wrong.add(f.name, "a customer's data cannot be mapped")
			}
		}
	}
	if id := m.Case.ExternalID; id != nil && len(id.from.columns()) == 0 {
		wrong.add("case.externalId", "it names no column, so that all cases would have the same")
	}
}

// choice checks a value that is one of a few.
func (m *mistakes) choice(where, value string, allowed []string) {
	if !slices.Contains(allowed, value) {
		m.add(where, fmt.Sprintf("%q is none of %s", value, strings.Join(allowed, ", ")))
	}
}

// field is a value of the mapping under the name of its place.
type field struct {
	name  string
	value *Value
}

// required lists what a mapping cannot do without.
func (m *Mapping) required() []field {
	c := &m.Case
	fields := []field{
		{"case.externalId", c.ExternalID}, {"case.kind", c.Kind}, {"case.channel", c.Channel}, {"case.severity", c.Severity},
		{"case.status", c.Status}, {"case.subject", c.Subject}, {"case.openedAt", c.OpenedAt},
	}
	if m.Department != nil {
		fields = append(fields, field{"department.code", m.Department.Code})
	}
	if c.Progress != nil {
		fields = append(fields, field{"case.progress.text", c.Progress.Text})
	}
	if m.Customer != nil {
		fields = append(fields, field{"customer.name", m.Customer.Name})
	}
	return fields
}

// fields lists all values of the mapping.
func (m *Mapping) fields() []field {
	c := &m.Case
	fields := append(m.required(),
		field{"case.topic", c.Topic}, field{"case.description", c.Description}, field{"case.product", c.Product},
		field{"case.dueAt", c.DueAt}, field{"case.dispatchedAt", c.DispatchedAt}, field{"case.acceptedAt", c.AcceptedAt},
		field{"case.resolvedAt", c.ResolvedAt}, field{"case.closedAt", c.ClosedAt},
		field{"case.resolution", c.Resolution}, field{"case.substantiated", c.Substantiated},
		field{"case.closure", c.Closure}, field{"case.closureReason", c.ClosureReason})
	if m.Department != nil {
		fields = append(fields, field{"department.name", m.Department.Name})
	}
	if c.Progress != nil {
		fields = append(fields, field{"case.progress.at", c.Progress.At})
	}
	if p := m.Customer; p != nil {
		fields = append(fields, field{"customer.externalId", p.ExternalID}, field{"customer.kind", p.Kind},
			field{"customer.phone", p.Phone}, field{"customer.email", p.Email})
	}
	return fields
}

// choices are the fields that have one of a few values.
func (*Mapping) choices() map[string][]string {
	return map[string][]string{
		"case.kind":          enum(migrate.CasesTable, servicecase.FieldKind),
		"case.channel":       enum(migrate.CasesTable, servicecase.FieldChannel),
		"case.severity":      enum(migrate.CasesTable, servicecase.FieldSeverity),
		"case.status":        enum(migrate.CasesTable, servicecase.FieldStatus),
		"case.closure":       enum(migrate.CasesTable, servicecase.FieldClosure),
		"case.substantiated": {"true", "false"},
		"customer.kind":      enum(migrate.CustomersTable, customer.FieldKind),
	}
}

// enum returns the values that a column can have.
func enum(of *schema.Table, column string) []string {
	i := slices.IndexFunc(of.Columns, func(c *schema.Column) bool { return c.Name == column })
	return of.Columns[i].Enums
}

// checkColumns checks that the file has each column that the mapping names, once.
func (m *Mapping) checkColumns(columns map[string][]int) error {
	wrong := mistakes{mapping: m.text}
	for _, f := range m.fields() {
		if f.value == nil {
			continue
		}
		for _, name := range f.value.from.columns() {
			switch len(columns[name]) {
			case 1:
			case 0:
				wrong.add(f.name, fmt.Sprintf("the file has no column %q", name))
			default:
				wrong.add(f.name, fmt.Sprintf("the file has %d columns %q; rename those that are not meant", len(columns[name]), name))
			}
		}
	}
	err := wrong.err()
	if err == nil {
		return nil
	}
	var known []string
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		known = append(known, strconv.Quote(name))
	}
	hint := "Its columns are " + strings.Join(known[:min(len(known), shownColumns)], ", ") + "."
	if more := len(known) - shownColumns; more > 0 {
		hint += fmt.Sprintf(" There are %d more.", more)
	}
	if len(known) == 1 {
		hint += " If there should be more: csv.separator says what stands between them."
	}
	return fmt.Errorf("the mapping does not fit the file: %w\n%s", err, hint)
}

// shownColumns bounds how many columns a message lists.
const shownColumns = 100

func (m *Mapping) site() quality.ImportSite {
	s := quality.ImportSite{Code: m.Site.Code}
	if d := m.Site.Create; d != nil {
		s.Create = &quality.ImportNewSite{Name: d.Name, Kind: site.Kind(d.Kind), Country: d.Country, TimeZone: d.TimeZone}
	}
	return s
}

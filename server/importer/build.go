package importer

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality"
)

// stations are the statuses of a case in their order.
var stations = []servicecase.Status{
	servicecase.StatusOPEN, servicecase.StatusDISPATCHED, servicecase.StatusACCEPTED,
	servicecase.StatusRESOLVED, servicecase.StatusCLOSED,
}

// build makes the case of a row. What belongs to a station that the case has not
// reached is left out, whatever the row holds. What is wrong is noted in the row.
func (m *Mapping) build(r *record) quality.ImportCase {
	f := &m.Case
	c := quality.ImportCase{
		ExternalID:  externalID(r, f.ExternalID),
		Kind:        choose(r, f.Kind, "kind", servicecase.KindValidator),
		Channel:     choose(r, f.Channel, "channel", servicecase.ChannelValidator),
		Severity:    choose(r, f.Severity, "severity", servicecase.SeverityValidator),
		Status:      choose(r, f.Status, "status", servicecase.StatusValidator),
		TopicText:   optional(f.Topic.of(r, "topic")),
		Subject:     strings.Join(strings.Fields(f.Subject.of(r, "subject")), " "), // one line, whatever stood in the cell
		Description: optional(f.Description.of(r, "description")),
		Product:     optional(f.Product.of(r, "product")),
		Customer:    m.Customer.of(r),
	}
	opened := m.time(r, f.OpenedAt, "openedAt", time.Time{})
	r.needs("externalId", c.ExternalID != "")
	r.needs("kind", c.Kind != "")
	r.needs("channel", c.Channel != "")
	r.needs("severity", c.Severity != "")
	r.needs("status", c.Status != "")
	r.needs("openedAt", opened != nil)
	if opened == nil {
		return c
	}
	c.OpenedAt = *opened
	c.DueAt = m.time(r, f.DueAt, "dueAt", c.OpenedAt)
	reached := slices.Index(stations, c.Status)
	if reached >= 1 {
		c.Department = m.Department.of(r)
	}
	m.course(r, &c, reached)
	if f.Progress != nil && reached < slices.Index(stations, servicecase.StatusRESOLVED) {
		c.Progress = m.progress(r, c.OpenedAt)
	}
	return c
}

// externalID returns the id by which a row is known again, "" if all columns that it
// comes from are empty: what the mapping adds to them would be the same for all such
// rows, and all but one would be taken for known.
func externalID(r *record, v *Value) string {
	if !slices.ContainsFunc(v.from.columns(), func(c string) bool { return r.get(c) != "" }) {
		return ""
	}
	return v.of(r, "externalId")
}

// course fills in what belongs to the steps up to the station that was reached.
func (m *Mapping) course(r *record, c *quality.ImportCase, reached int) {
	f, previous := &m.Case, c.OpenedAt
	for i, step := range []struct {
		value *Value
		name  string
		at    **time.Time
	}{
		{f.DispatchedAt, "dispatchedAt", &c.DispatchedAt}, {f.AcceptedAt, "acceptedAt", &c.AcceptedAt},
		{f.ResolvedAt, "resolvedAt", &c.ResolvedAt}, {f.ClosedAt, "closedAt", &c.ClosedAt},
	} {
		if i+1 > reached {
			return
		}
		if *step.at = m.time(r, step.value, step.name, previous); *step.at != nil {
			previous = **step.at
		}
		switch stations[i+1] {
		case servicecase.StatusRESOLVED:
			c.Resolution = optional(f.Resolution.of(r, "resolution"))
			c.Substantiated = substantiated(r, f.Substantiated)
		case servicecase.StatusCLOSED:
			c.Closure = optional(choose(r, f.Closure, "closure", servicecase.ClosureValidator))
			c.ClosureReason = optional(f.ClosureReason.of(r, "closureReason"))
		}
	}
}

// progress returns what was done so far, nil if the row tells nothing. A time before
// the case was opened is taken for that of opening: some systems keep only the day.
func (m *Mapping) progress(r *record, opened time.Time) *quality.ImportProgress {
	text := m.Case.Progress.Text.of(r, "progress.text")
	if text == "" {
		return nil
	}
	at := m.time(r, m.Case.Progress.At, "progress.at", opened)
	if at == nil || at.Before(opened) {
		at = &opened
	}
	return &quality.ImportProgress{Text: text, At: *at}
}

// time reads a time, nil if there is none.
func (m *Mapping) time(r *record, v *Value, name string, after time.Time) *time.Time {
	text := v.of(r, name)
	if text == "" {
		return nil
	}
	at, ok := m.Times.parse(text, after)
	if !ok {
		r.problem(name, shown(name, text)+" is not written as the mapping's layouts say")
		return nil
	}
	return &at
}

// of returns the department that a row names.
func (d *DepartmentMapping) of(r *record) *quality.ImportDepartment {
	if d == nil {
		return nil
	}
	code := d.Code.of(r, "department")
	if code == "" {
		return nil
	}
	out := &quality.ImportDepartment{Code: slug(code), Name: d.Name.of(r, "department")}
	if out.Code == "" {
		r.problem("department", shown("department", code)+" has no letter or digit to make a code of")
	}
	if out.Name == "" {
		out.Name = code
	}
	return out
}

// slug makes a code of a name: lower case, with a dash for each run of what is
// neither a letter nor a digit.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	return strings.Join(words, "-")
}

// of returns the customer that a row names, nil if none of the columns that could
// name one holds anything.
func (p *CustomerMapping) of(r *record) *quality.ImportCustomer {
	if p == nil {
		return nil
	}
	named := false
	for _, v := range []*Value{p.ExternalID, p.Name, p.Phone, p.Email} {
		named = named || v != nil && slices.ContainsFunc(v.from.columns(), func(c string) bool { return r.get(c) != "" })
	}
	if !named {
		return nil
	}
	c := &quality.ImportCustomer{
		Kind:       customer.KindPERSON,
		Name:       p.Name.of(r, "customer.name"),
		Phone:      optional(p.Phone.of(r, "customer.phone")),
		Email:      optional(p.Email.of(r, "customer.email")),
		ExternalID: optional(p.ExternalID.of(r, "customer.externalId")),
	}
	if p.Kind != nil {
		c.Kind = choose(r, p.Kind, "customer.kind", customer.KindValidator)
	}
	return c
}

// choose returns one of a few values, "" if there is none.
func choose[T ~string](r *record, v *Value, name string, check func(T) error) T {
	text := v.of(r, name)
	if text == "" {
		return ""
	}
	if check(T(text)) != nil {
		r.problem(name, shown(name, text)+" is not a value that it can have")
		return ""
	}
	return T(text)
}

// optional returns nil for an empty text.
func optional[T ~string](text T) *T {
	if text == "" {
		return nil
	}
	return &text
}

func substantiated(r *record, v *Value) *bool {
	text := v.of(r, "substantiated")
	if text == "" {
		return nil
	}
	if text != "true" && text != "false" {
		r.problem("substantiated", "it is true or false")
	}
	yes := text == "true"
	return &yes
}

// reasons says why a case was rejected, nil if it was not.
func reasons(rejected quality.Rejection) []string {
	var texts []string
	for _, p := range rejected {
		texts = append(texts, strings.Join(p.Path, ".")+": "+p.Text.EN)
	}
	return texts
}

package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality/contact"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// frequent is the share of the customers, in parts of 50, who have three of ten
// cases between them.
const frequent = 1

func (d *dataset) customerTable() table {
	columns := []string{"id", "site_id", "department_id", "owner_id", "kind", "name", "source", "registered_at",
		"updated_at", "revision"}
	from, to := dataStart.AddDate(-2, 0, 0), dataStart
	return table{"customers", columns, d.Customers, func(yield func([]any) bool) {
		for i := range d.Customers {
			at := d.spread(from, to, i, d.Customers)
			one := d.departments[d.someDepartment()]
			own := d.id(at)
			d.customers[one.site] = append(d.customers[one.site], own)
			d.files = append(d.files, file{own, at})
			if !yield([]any{own, sites[one.site].id, one.id, d.someone(one), d.pick(customerKinds), d.name(), d.pick(sources), at, at, 1}) {
				return
			}
		}
	}}
}

// contactTable holds a telephone number of each customer, and an e-mail address of
// every third.
func (d *dataset) contactTable() table {
	columns := []string{"id", "customer_id", "kind", "sealed", "digest", "is_primary", "added_at"}
	return table{"contact_points", columns, d.Customers + (d.Customers+2)/3, func(yield func([]any) bool) {
		for i, of := range d.files {
			phone, digest := d.seal(contact.PhoneField, fmt.Sprintf("+86139%08d", i))
			if !yield([]any{d.id(of.at), of.id, "PHONE", phone, digest, true, of.at}) {
				return
			}
			if i%3 > 0 {
				continue
			}
			email, digest := d.seal(contact.EmailField, fmt.Sprintf("customer%d@example.com", i))
			if !yield([]any{d.id(of.at), of.id, "EMAIL", email, digest, true, of.at}) {
				return
			}
		}
	}}
}

// seal encrypts as the server does. The keys are good: they have been opened.
func (d *dataset) seal(f contact.Field, value string) (sealed, index any) {
	body, err := d.keys.Ring().Seal(f, value)
	if err != nil {
		panic(err)
	}
	digest, err := d.keys.Ring().Digest(f, value)
	if err != nil {
		panic(err)
	}
	return body, digest
}

// someone chooses from a department's people.
func (d *dataset) someone(one department) id {
	return d.staff[one.staff[d.random.IntN(len(one.staff))]].id
}

// someCustomer chooses a customer of a site, sometimes a frequent one.
func (d *dataset) someCustomer(site int) id {
	all := d.customers[site]
	if d.random.IntN(10) < 3 {
		all = all[:max(1, len(all)*frequent/50)]
	}
	return all[d.random.IntN(len(all))]
}

// taskedEvery says how many cases there are for one with a task for another department.
const taskedEvery = 20

func (d *dataset) caseTable() table {
	columns := []string{"id", "number", "site_id", "department_id", "customer_id", "received_by_id", "assignee_id", "kind", "channel", "severity",
		"status", "open", "topic", "subject", "description", "opened_at", "due_at", "dispatched_at", "first_response_at", "accepted_at", "first_accepted_at",
		"resolved_at", "counted_time", "closed_at", "substantiated", "resolution", "closure", "satisfaction", "reopened_count", "tasked", "revision", "updated_at"}
	return table{"cases", columns, d.Cases, func(yield func([]any) bool) {
		numbers := map[int]int{}
		for i := range d.Cases {
			opened := d.spread(dataStart, dataEnd, i, d.Cases)
			numbers[opened.Year()]++
			if !yield(d.caseRow(i, opened, numbers[opened.Year()])) {
				return
			}
		}
	}}
}

// caseRow makes a case. Of the newest one in 16 most are open still, of the others
// three in a hundred.
func (d *dataset) caseRow(i int, opened time.Time, number int) []any {
	place := d.someDepartment()
	one := d.departments[place]
	receiver := d.someone(one)
	stillOpen := 3
	if i >= d.Cases-d.Cases/16 {
		stillOpen = 85
	}
	status := "CLOSED"
	if d.random.IntN(100) < stillOpen {
		status = d.pick(openStatuses)
	}
	station := stations[status]
	severity := d.pick(severities)
	kind := d.pick(caseKinds)
	var customer any
	if d.random.IntN(20) > 0 {
		customer = d.someCustomer(one.site)
	}
	assignee := receiver
	var department, dispatched, responded, accepted, resolved, counted, closed, substantiated, resolution, closure, satisfaction any
	updated, reopened := opened, 0
	step := func(at *any, length time.Duration) {
		updated = d.within(updated, length)
		*at = updated
	}
	if station > 0 {
		department = one.id
		step(&dispatched, 2*time.Hour)
	}
	if station > 1 {
		assignee = d.someone(one)
		responded = d.within(updated, 4*time.Hour)
		step(&accepted, 8*time.Hour)
	}
	if station > 2 {
		step(&resolved, dueIn[severity]*5/4)
		counted = int64(updated.Sub(opened))
		substantiated, resolution = d.random.IntN(3) > 0, d.sentence(resolutions, 80)
	}
	if station > 3 {
		step(&closed, 72*time.Hour)
		closure = d.pick(closures)
		if d.random.IntN(2) == 0 {
			satisfaction = 1 + d.random.IntN(5)
		}
		if d.random.IntN(25) == 0 {
			reopened = 1
		}
	}
	ref := caseRef{id: d.id(opened), opened: opened, receiver: receiver, department: place, severity: severity, tasked: i%taskedEvery == 0}
	ref.due, ref.resolved = opened.Add(dueIn[severity]), resolved
	d.cases = append(d.cases, ref)
	return []any{ref.id, fmt.Sprintf("%04d-%06d", opened.Year(), number), sites[one.site].id, department, customer, receiver, assignee,
		kind, d.pick(channels), severity, status, status != "CLOSED", topics[d.random.IntN(len(topics))], d.sentence(subjects, 30), d.sentence(said, 200),
		opened, ref.due, dispatched, responded, accepted, accepted, resolved, counted, closed, substantiated, resolution, closure, satisfaction, reopened,
		ref.tasked, station + 1, updated}
}

// taskTable holds what other departments of the site contribute to cases, one task
// for each case that has any.
func (d *dataset) taskTable() table {
	columns := []string{"id", "case_id", "department_id", "assignee_id", "title", "required", "status", "due_at", "added_at", "revision", "updated_at"}
	return table{"case_tasks", columns, (d.Cases + taskedEvery - 1) / taskedEvery, func(yield func([]any) bool) {
		for _, c := range d.cases {
			if !c.tasked {
				continue
			}
			perSite := d.Departments / siteCount
			other := c.department - c.department%perSite + (c.department+1)%perSite
			at, status := c.opened.Add(time.Hour), "DONE"
			if c.resolved == nil {
				status = "OPEN"
			}
			if !yield([]any{d.id(at), c.id, d.departments[other].id, d.someone(d.departments[other]), d.pick(taskTitles), false, status, c.due, at, 1, at}) {
				return
			}
		}
	}}
}

// deadlineTable holds the clock of each case's resolution. All that was planned for
// those that still run has come, so that a server finds nothing due.
func (d *dataset) deadlineTable() table {
	columns := []string{"id", "case_id", "target", "rule", "state", "runs", "started_at", "due_at", "ended_at", "spent", "segment_at", "step"}
	planned, encoded := map[string]int{}, map[string]json.RawMessage{}
	for severity := range dueIn {
		rule, _ := rules.DefaultDeadlines.DefaultPolicy(servicecase.Severity(severity)).Rule(rules.Resolution)
		text, err := json.Marshal(rule)
		if err != nil {
			panic(err) // it is texts and numbers
		}
		planned[severity], encoded[severity] = len(rule.Steps()), text
	}
	return table{"deadlines", columns, d.Cases, func(yield func([]any) bool) {
		for _, c := range d.cases {
			one := clockRef{id: d.id(c.opened), from: c.opened, to: c.resolved}
			state, since := "MISSED", c.opened
			if resolved, over := c.resolved.(time.Time); over {
				one.spent, since = resolved.Sub(c.opened), resolved
				if !resolved.After(c.due) {
					state = "MET"
				}
			}
			d.clocks = append(d.clocks, one)
			if !yield([]any{one.id, c.id, string(rules.Resolution), encoded[c.severity], state, c.resolved == nil, c.opened, c.due, c.resolved,
				int64(one.spent), since, planned[c.severity]}) {
				return
			}
		}
	}}
}

// segmentTable holds the one segment of each clock.
func (d *dataset) segmentTable() table {
	return table{"clock_segments", []string{"id", "deadline_id", "reason", "counted", "from_at", "to_at", "spent"}, d.Cases, func(yield func([]any) bool) {
		for _, c := range d.clocks {
			if !yield([]any{d.id(c.from), c.id, "RUNNING", true, c.from, c.to, int64(c.spent)}) {
				return
			}
		}
	}}
}

// counterTable says how many cases each year has, for the server to go on from.
func (d *dataset) counterTable() table {
	first, last := dataStart.Year(), dataEnd.Year()
	return table{"counters", []string{"id", "value"}, last - first + 1, func(yield func([]any) bool) {
		count := map[int]int{}
		for _, c := range d.cases {
			count[c.opened.Year()]++
		}
		for year := first; year <= last; year++ {
			if !yield([]any{fmt.Sprintf("case-%d", year), count[year]}) {
				return
			}
		}
	}}
}

// entryCounts are the entries of ten cases, 40 in all: most have few, some many.
var entryCounts = [10]int{1, 12, 2, 3, 2, 6, 3, 4, 3, 4}

func (d *dataset) entryTable() table {
	columns := []string{"id", "case_id", "author_id", "kind", "visibility", "text", "at"}
	return table{"case_entries", columns, d.Cases * entriesEach, func(yield func([]any) bool) {
		var counts [10]int
		for i, c := range d.cases {
			if i%10 == 0 {
				counts = entryCounts
				d.random.Shuffle(10, func(a, b int) { counts[a], counts[b] = counts[b], counts[a] })
			}
			at := c.opened
			for range counts[i%10] {
				at = d.within(at, 6*time.Hour)
				visibility := "INTERNAL"
				if d.random.IntN(4) == 0 {
					visibility = "CUSTOMER"
				}
				if !yield([]any{d.id(at), c.id, c.receiver, d.pick(entryKinds), visibility, d.sentence(notes, 20+d.random.IntN(160)), at}) {
					return
				}
			}
		}
	}}
}

func (d *dataset) inspectionTable(patterns []pattern) table {
	columns := []string{"id", "site_id", "department_id", "checklist_version_id", "inspector_id", "observed_id", "layer", "status", "place",
		"started_at", "completed_at", "score", "passed", "judgement", "revision", "updated_at"}
	count := d.Inspections - len(patterns)
	return table{"inspections", columns, count, func(yield func([]any) bool) {
		for i := range count {
			started := d.spread(dataStart, dataEnd, i, count)
			own := d.id(started)
			d.inspections = append(d.inspections, own)
			one := d.departments[d.someDepartment()]
			p := patterns[i%len(patterns)]
			completed := d.within(started, 40*time.Minute)
			if !yield([]any{own, sites[one.site].id, one.id, p.checklist, d.someone(one), d.someone(one), d.pick(layers), "COMPLETED",
				fmt.Sprintf("Counter %d", 1+d.random.IntN(12)), started, completed, p.score, p.passed, p.judgement, 3, completed}) {
				return
			}
		}
	}}
}

func (d *dataset) answerTable(patterns []pattern) table {
	return table{"answers", append([]string{"id", "inspection_id"}, answerColumns...), (d.Inspections - len(patterns)) * answersEach,
		d.copies(patterns, func(p pattern) [][]any { return p.answers })}
}

func (d *dataset) findingTable(patterns []pattern) table {
	count := 0
	for i := range d.Inspections - len(patterns) {
		count += len(patterns[i%len(patterns)].findings)
	}
	return table{"findings", append([]string{"id", "inspection_id"}, findingColumns...), count,
		d.copies(patterns, func(p pattern) [][]any { return p.findings })}
}

// The columns of what belongs to an inspection, but for its keys.
var (
	answerColumns  = []string{"item", "not_applicable", "yes", "choice", "number", "text", "note", "evidence", "answered_at", "kind"}
	findingColumns = []string{"item", "severity", "key_activity", "text_en", "text_zh"}
)

// copies gives every inspection what belongs to its pattern.
func (d *dataset) copies(patterns []pattern, of func(pattern) [][]any) func(func([]any) bool) {
	return func(yield func([]any) bool) {
		for i, inspection := range d.inspections {
			for _, row := range of(patterns[i%len(patterns)]) {
				if !yield(append([]any{d.id(dataEnd), inspection}, row...)) {
					return
				}
			}
		}
	}
}

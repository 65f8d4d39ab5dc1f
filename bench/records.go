package main

import (
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/quality/contact"
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

func (d *dataset) caseTable() table {
	columns := []string{"id", "number", "site_id", "department_id", "customer_id", "received_by_id", "assignee_id", "kind", "channel", "severity",
		"status", "open", "topic", "subject", "description", "opened_at", "due_at", "dispatched_at", "accepted_at", "resolved_at", "closed_at",
		"substantiated", "resolution", "closure", "revision", "updated_at"}
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
	one := d.departments[d.someDepartment()]
	receiver := d.someone(one)
	ref := caseRef{d.id(opened), opened, receiver}
	d.cases = append(d.cases, ref)
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
	var department, dispatched, accepted, resolved, closed, substantiated, resolution, closure any
	updated := opened
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
		step(&accepted, 8*time.Hour)
	}
	if station > 2 {
		step(&resolved, dueIn[severity]*5/4)
		substantiated, resolution = d.random.IntN(3) > 0, d.sentence(resolutions, 80)
	}
	if station > 3 {
		step(&closed, 72*time.Hour)
		closure = d.pick(closures)
	}
	return []any{ref.id, fmt.Sprintf("%04d-%06d", opened.Year(), number), sites[one.site].id, department, customer, receiver, assignee,
		kind, d.pick(channels), severity, status, status != "CLOSED", topics[d.random.IntN(len(topics))], d.sentence(subjects, 30), d.sentence(said, 200),
		opened, opened.Add(dueIn[severity]), dispatched, accepted, resolved, closed, substantiated, resolution, closure, station + 1, updated}
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
	answerColumns  = []string{"item", "not_applicable", "yes", "choice", "number", "text", "note", "evidence", "answered_at"}
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

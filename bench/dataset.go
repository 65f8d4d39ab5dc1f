package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed-34fcb60d/rounds/quality/contact"
)

// size says how large a data set is.
type size struct {
	Departments, Staff, Customers, Cases, Inspections int
}

// Fixed figures of every data set.
const (
	entriesEach = 4  // of a case, on average
	answersEach = 15 // of an inspection
	siteCount   = 3
)

func sizeOf(small bool) size {
	if small {
		return size{Departments: 6, Staff: 30, Customers: 2_000, Cases: 5_000, Inspections: 2_000}
	}
	return size{Departments: 30, Staff: 3_000, Customers: 200_000, Cases: 500_000, Inspections: 200_000}
}

// The two years that cases and inspections spread over. They are fixed, so that
// every run has the same data.
var (
	dataStart = time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC)
	dataEnd   = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
)

// id is of a record; the loaders know how their database wants it.
type id = uuid.UUID

// table is rows to be loaded. Values are id, string, bool, int, float64, time.Time,
// []byte, json.RawMessage or nil.
type table struct {
	name    string
	columns []string
	count   int
	rows    iter.Seq[[]any]
}

// dataset makes the rows. The same size gives the same rows, but for sealed values,
// which differ by their nonces. Tables are to be loaded in their order, each once:
// later ones refer to rows of earlier ones.
type dataset struct {
	size
	keys        *contact.Keys
	random      *rand.Rand
	departments []department
	staff       []person
	customers   [siteCount][]id
	files       []file // of all customers
	cases       []caseRef
	clocks      []clockRef
	inspections []id
}

type department struct {
	id   id
	site int
	code string
	path string
	// up is the place of the department above, -1 at the top.
	up    int
	staff []int // places of its people
}

type person struct {
	id         id
	department int
	role       string
	code       string
	supervisor int // its place, -1 for nobody
}

// file is a customer's.
type file struct {
	id id
	at time.Time // of its registration
}

type caseRef struct {
	id          id
	opened, due time.Time
	resolved    any // a time.Time, or nil
	receiver    id
	department  int // its place
	severity    string
	tasked      bool
}

// clockRef is the clock of a case's resolution.
type clockRef struct {
	id    id
	from  time.Time
	to    any // a time.Time, or nil
	spent time.Duration
}

var sites = [siteCount]struct {
	id         id
	code, name string
	kind       string
}{
	{siteID(1), "harbour-hotel", "Harbour Hotel", "HOTEL"},
	{siteID(2), "lake-mall", "Lake Mall", "MALL"},
	{siteID(3), "garden-homes", "Garden Homes", "SALES_OFFICE"},
}

func siteID(n byte) id { return newID(dataStart.AddDate(-4, 0, 0), uint64(n), 0) }

// newID returns the UUIDv7 of a time; the other bits are given.
func newID(at time.Time, high, low uint64) id {
	var u id
	binary.BigEndian.PutUint64(u[:8], uint64(at.UnixMilli())<<16|high&0xfff)
	binary.BigEndian.PutUint64(u[8:], low)
	u[6] = 0x70 | u[6]&0x0f
	u[8] = 0x80 | u[8]&0x3f
	return u
}

func newDataset(s size, keys *contact.Keys) *dataset {
	d := &dataset{size: s, keys: keys, random: rand.New(rand.NewPCG(2026, 11))}
	d.organise()
	return d
}

func (d *dataset) id(at time.Time) id { return newID(at, d.random.Uint64(), d.random.Uint64()) }

// organise makes the departments, two trees for each site, and the people.
func (d *dataset) organise() {
	began := dataStart.AddDate(-3, 0, 0)
	perSite := d.Departments / siteCount
	for i := range d.Departments {
		at := i % perSite // place within the site
		one := department{id: d.id(began), site: i / perSite, code: fmt.Sprintf("department-%02d", i+1), up: -1}
		one.path = sites[one.site].code + "/" + one.code + "/"
		if top := i - at%5; at%5 != 0 {
			one.up, one.path = top, d.departments[top].path+one.code+"/"
		}
		d.departments = append(d.departments, one)
	}
	hire := func(role string, department, supervisor int) {
		i := len(d.staff)
		d.staff = append(d.staff, person{id: d.id(began), department: department, role: role, code: fmt.Sprintf("S%05d", i+1), supervisor: supervisor})
		d.departments[department].staff = append(d.departments[department].staff, i)
	}
	hire("EXECUTIVE", 0, -1)
	hire("ADMINISTRATOR", 0, 0)
	hire("HUMAN_RESOURCES", 0, 0)
	for range max(1, d.Staff/600) {
		hire("QUALITY_OFFICER", 0, 0)
	}
	firstSiteManager := len(d.staff)
	for s := range siteCount {
		hire("SITE_MANAGER", s*perSite, 0)
	}
	firstManager := len(d.staff)
	for i, one := range d.departments {
		hire("DEPARTMENT_MANAGER", i, firstSiteManager+one.site)
	}
	for i := range d.Staff - len(d.staff) {
		role := "STAFF"
		if i%20 == 0 {
			role = "TEAM_LEAD"
		}
		hire(role, i%d.Departments, firstManager+i%d.Departments)
	}
}

// first returns the first person of a role.
func (d *dataset) first(role string) person {
	for _, p := range d.staff {
		if p.role == role {
			return p
		}
	}
	return person{}
}

// someDepartment chooses with weights close to Zipf's law: of 30 departments the
// first gets a fifth of everything, the last a hundredth. Its place is k with the
// probability log((k+2)/(k+1)) / log(n+1).
func (d *dataset) someDepartment() int {
	return int(math.Pow(float64(d.Departments+1), d.random.Float64())) - 1
}

// organisation lists the tables that everything else refers to.
func (d *dataset) organisation() []table {
	began := dataStart.AddDate(-3, 0, 0)
	return []table{
		{"sites", []string{"id", "code", "name", "kind", "country", "time_zone", "created_at"}, siteCount, func(yield func([]any) bool) {
			for _, s := range sites {
				if !yield([]any{s.id, s.code, s.name, s.kind, "CN", "Asia/Shanghai", began}) {
					return
				}
			}
		}},
		{"departments", []string{"id", "site_id", "parent_id", "code", "name", "path", "created_at"}, d.Departments, func(yield func([]any) bool) {
			for i, one := range d.departments {
				var parent any
				if one.up >= 0 {
					parent = d.departments[one.up].id
				}
				if !yield([]any{one.id, sites[one.site].id, parent, one.code, departmentNames[i%len(departmentNames)], one.path, began}) {
					return
				}
			}
		}},
		{"staff", []string{"id", "site_id", "department_id", "supervisor_id", "code", "name", "role", "active", "created_at", "updated_at"}, d.Staff, func(yield func([]any) bool) {
			for _, p := range d.staff {
				var supervisor any
				if p.supervisor >= 0 {
					supervisor = d.staff[p.supervisor].id
				}
				one := d.departments[p.department]
				if !yield([]any{p.id, sites[one.site].id, one.id, supervisor, p.code, d.name(), p.role, true, began, began}) {
					return
				}
			}
		}},
	}
}

// records lists the other tables. patterns are inspections that a plugin has
// judged, of which those of the data set are copies; they count as part of it.
func (d *dataset) records(patterns []pattern) []table {
	return []table{
		d.customerTable(),
		d.contactTable(),
		d.caseTable(),
		d.taskTable(),
		d.deadlineTable(),
		d.segmentTable(),
		d.counterTable(),
		d.entryTable(),
		d.inspectionTable(patterns),
		d.answerTable(patterns),
		d.findingTable(patterns),
	}
}

// pattern is a completed inspection.
type pattern struct {
	checklist id
	score     float64
	passed    bool
	judgement json.RawMessage
	answers   [][]any // columns as in answerColumns
	findings  [][]any // columns as in findingColumns
}

func (d *dataset) name() string {
	return surnames[d.random.IntN(len(surnames))] + " " + givenNames[d.random.IntN(len(givenNames))]
}

// sentence puts phrases together to a text of about a length.
func (d *dataset) sentence(phrases []string, length int) string {
	var b strings.Builder
	for b.Len() < length {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(phrases[d.random.IntN(len(phrases))])
	}
	return b.String()
}

// pick chooses a value by weights that add up to 100.
func (d *dataset) pick(options []weighted) string {
	n := d.random.IntN(100)
	for _, o := range options {
		if n -= o.percent; n < 0 {
			return o.value
		}
	}
	panic("the weights do not add up to 100")
}

type weighted struct {
	value   string
	percent int
}

// within is a random time after at, less than a length away, to the microsecond.
func (d *dataset) within(at time.Time, length time.Duration) time.Time {
	return at.Add(time.Duration(d.random.Int64N(int64(length)))).Truncate(time.Microsecond)
}

// spread is the time of the i-th of n that spread evenly, in order, over a span.
func (d *dataset) spread(from, to time.Time, i, n int) time.Time {
	step := to.Sub(from) / time.Duration(n)
	return d.within(from.Add(step*time.Duration(i)), step)
}

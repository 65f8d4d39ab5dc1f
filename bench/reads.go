package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// read is an operation that is measured beside its floor.
type read struct {
	name  string // of the measure
	floor string // which statement answers the same
	query string
	token string // whose access token asks
	// arguments chooses what to ask for, so that no two requests in a row are the same.
	arguments func(context.Context) ([]argument, error)
}

// busy reports whether a request keeps a processor busy for long, so that one
// connection for each is enough.
func (r read) busy() bool { return r.query == statisticsQuery }

// argument is what one request asks for, in the API's form and in the floor's.
type argument struct {
	variables map[string]any
	floor     []string
}

// maxArguments bounds the different requests of a measure.
const maxArguments = 2000

const (
	caseQuery = `query ($id: ID!) { node(id: $id) { ... on Case {
	id number kind channel severity status topicText subject description openedAt dueAt revision
	customer { id kind name phone }
	entries(last: 10) { nodes { id kind visibility text at } } } } }`

	boardQuery = `query ($department: ID!) { cases(first: 50, filter: {departmentId: $department, open: true}, order: {field: DUE_AT, direction: ASC}) {
	nodes { id number kind severity status subject dueAt customer { id name } assignee { id name role } }
	pageInfo { hasNextPage endCursor } } }`

	clocksQuery = `query ($department: ID!) { cases(first: 50, filter: {departmentId: $department, open: true}, order: {field: DUE_AT, direction: ASC}) {
	nodes { id number severity status subject dueAt customer { id name } assignee { id name } clocks { id target state startedAt dueAt } }
	pageInfo { hasNextPage endCursor } } }`

	inspectionsQuery = `query ($department: ID!, $before: Time!) { inspections(first: 20, filter: {departmentId: $department, startedBefore: $before}) {
	nodes { id layer status place startedAt completedAt score passed answers { id item notApplicable note answeredAt ...on YesNoAnswer { yes } ...on NumberAnswer { number } ...on ChoiceAnswer { choice } } }
	pageInfo { hasNextPage endCursor } } }`

	customerQuery = `query ($id: ID!) { node(id: $id) { ... on Customer {
	id kind name phone source registeredAt
	cases(first: 10) { nodes { id number kind status subject openedAt dueAt entries(first: 3) { nodes { id kind text at } } } } } } }`

	pageQuery = `query ($after: String) { cases(first: 50, after: $after) {
	nodes { id number kind severity status subject openedAt dueAt }
	pageInfo { hasNextPage endCursor } } }`

	countQuery = `query ($department: ID!) { cases(first: 50, filter: {departmentId: $department}) {
	totalCount
	nodes { id number kind severity status subject openedAt dueAt }
	pageInfo { hasNextPage endCursor } } }`

	searchQuery = `query ($text: String!) { cases(first: 50, filter: {text: $text}) {
	nodes { id number status subject openedAt }
	pageInfo { hasNextPage endCursor } } }`

	statisticsQuery = `query ($from: Date!, $to: Date!) { caseStatistics(from: $from, to: $to, groupBy: [DEPARTMENT], timeZone: "UTC") {
	department { id } opened complaints resolved substantiated { count of } } }`

	walkQuery = `query ($after: String) { cases(first: 100, after: $after) { edges { cursor node { id openedAt } } pageInfo { endCursor } } }`
)

// reads lists the reads. Each but the deep page is also asked by the manager of the
// first departments, whose rows are found by a condition that an executive's are
// not; the floor knows no such thing.
func (b *bench) reads() []read {
	all := b.executive
	first := b.store.set.managed(b.manager)
	deepest := fmt.Sprintf("page of cases, %d rows deep", b.depth())
	return []read{
		{"case, customer, last 10 entries", "case", caseQuery, all, b.casesWithEntries(nil)},
		{"50 open cases, customer, assignee", "board", boardQuery, all, b.departments(nil)},
		{"50 open cases with their clocks", "clocks", clocksQuery, all, b.departments(nil)},
		{"20 inspections, 15 answers each", "inspections", inspectionsQuery, all, b.departmentsAndTimes(nil)},
		{"customer, 10 cases, 3 entries each", "customer", customerQuery, all, b.frequentCustomers},
		{deepest, "page", pageQuery, all, b.deepCursors},
		{"count and page of cases", "count", countQuery, all, b.departments(nil)},
		{"search, 50 newest cases, Chinese", "search", searchQuery, all, b.words("空调", "排队时间", "无法制冷", "致", "满意")},
		{"search, 50 newest cases, English", "search", searchQuery, all, b.words("conditioning", "invoi", "the bill", "coat", "unfindable")},
		{"figures of all cases by department", "statistics", statisticsQuery, all, b.spans},
		{"manager: case, customer, last 10 entries", "case", caseQuery, b.managerToken, b.casesWithEntries(first)},
		{"manager: 50 open cases, customer, assignee", "board", boardQuery, b.managerToken, b.departments(first)},
		{"manager: 50 open cases with their clocks", "clocks", clocksQuery, b.managerToken, b.departments(first)},
		{"manager: 20 inspections, 15 answers each", "inspections", inspectionsQuery, b.managerToken, b.departmentsAndTimes(first)},
		{"manager: count and page of cases", "count", countQuery, b.managerToken, b.departments(first)},
	}
}

// managed lists the departments that a manager answers for.
func (d *dataset) managed(p person) []id {
	var ids []id
	for i, one := range d.departments {
		if i == p.department || one.up == p.department {
			ids = append(ids, one.id)
		}
	}
	return ids
}

func departmentText(u id) string { return typeid.DepartmentID(u).String() }

// some chooses at most maxArguments, in an order that looks accidental but is the
// same in every run.
func some[T any](all []T) []T {
	random := rand.New(rand.NewPCG(7, 11))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(len(all), maxArguments)]
}

// ids reads one column of ids.
func (t *store) ids(ctx context.Context, query string, args ...any) (all []id, err error) {
	rows, err := t.db.SQL().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // its error is that of rows.Err
	for rows.Next() {
		var u id
		if err := rows.Scan(&u); err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	return all, rows.Err()
}

// casesWithEntries are cases with ten entries or more, all or those of departments.
func (b *bench) casesWithEntries(of []id) func(context.Context) ([]argument, error) {
	return func(ctx context.Context) ([]argument, error) {
		query := "SELECT case_id FROM case_entries GROUP BY case_id HAVING count(*) >= 10 ORDER BY case_id"
		var args []any
		if of != nil {
			query = "SELECT e.case_id FROM case_entries e JOIN cases c ON c.id = e.case_id WHERE c.department_id = $1 GROUP BY e.case_id HAVING count(*) >= 10 ORDER BY e.case_id"
			args = append(args, of[0][:])
		}
		found, err := b.store.ids(ctx, query, args...)
		return each(some(found), func(u id) argument {
			return argument{map[string]any{"id": typeid.CaseID(u).String()}, []string{u.String()}}
		}), err
	}
}

// frequentCustomers are customers with ten cases or more, all of them of the data set:
// the floor does not put into words what was done to those that an earlier run wrote.
func (b *bench) frequentCustomers(ctx context.Context) ([]argument, error) {
	found, err := b.store.ids(ctx, "SELECT customer_id FROM cases WHERE customer_id IS NOT NULL GROUP BY customer_id HAVING count(*) >= 10 AND max(opened_at) <= $1 ORDER BY customer_id", dataEnd)
	return each(some(found), func(u id) argument {
		return argument{map[string]any{"id": typeid.CustomerID(u).String()}, []string{u.String()}}
	}), err
}

func each[T, U any](all []T, to func(T) U) []U {
	out := make([]U, len(all))
	for i, v := range all {
		out[i] = to(v)
	}
	return out
}

// departments are the departments, or those given.
func (b *bench) departments(of []id) func(context.Context) ([]argument, error) {
	return func(context.Context) ([]argument, error) {
		return each(b.orAll(of), func(u id) argument {
			return argument{map[string]any{"department": departmentText(u)}, []string{u.String()}}
		}), nil
	}
}

// words are what is searched for. A floor is handed the terms as its database takes
// them.
func (b *bench) words(typed ...string) func(context.Context) ([]argument, error) {
	return func(context.Context) ([]argument, error) {
		return each(typed, func(text string) argument {
			return argument{map[string]any{"text": text}, []string{b.store.termsText(rules.Search(text))}}
		}), nil
	}
}

// termsText are phrases as the database's text index takes them.
func (t *store) termsText(phrases [][]string) string {
	return strings.Join(each(phrases, func(terms []string) string {
		if t.name == sqliteName {
			return `"` + strings.Join(terms, " ") + `" *`
		}
		return strings.Join(terms, " <-> ") + ":*"
	}), map[bool]string{true: " AND ", false: " & "}[t.name == sqliteName])
}

// spans are the whole time of the data set but for some days.
func (b *bench) spans(context.Context) (all []argument, err error) {
	for days := range 4 {
		from, end := dataStart.AddDate(0, 0, days), dataEnd.AddDate(0, 0, 1)
		all = append(all, argument{
			map[string]any{"from": from.Format(time.DateOnly), "to": dataEnd.Format(time.DateOnly)},
			[]string{b.store.timeText(from.Truncate(24 * time.Hour)), b.store.timeText(end.Truncate(24 * time.Hour))},
		})
	}
	return all, nil
}

func (b *bench) orAll(of []id) []id {
	if of != nil {
		return of
	}
	return each(b.store.set.departments, func(d department) id { return d.id })
}

// departmentsAndTimes are days of departments, by which to look for inspections.
func (b *bench) departmentsAndTimes(of []id) func(context.Context) ([]argument, error) {
	return func(context.Context) ([]argument, error) {
		var all []argument
		for _, u := range b.orAll(of) {
			for at := dataEnd; at.After(dataStart.AddDate(0, 6, 0)); at = at.AddDate(0, 0, -7) {
				all = append(all, argument{
					map[string]any{"department": departmentText(u), "before": at.Format(time.RFC3339)}, []string{u.String(), b.store.timeText(at)},
				})
			}
		}
		return some(all), nil
	}
}

// timeText is a time as a statement of the floor compares it.
func (t *store) timeText(at time.Time) string {
	if t.name == sqliteName {
		return at.UTC().Format("2006-01-02 15:04:05.999999999-07:00")
	}
	return at.Format(time.RFC3339Nano)
}

// depth is how deep the deep page lies: 100,000 rows, or as deep as there is.
func (b *bench) depth() int { return min(100_000, b.store.set.Cases*9/10) }

// deepCursors walks through the list of cases, as a client would, and returns
// places at its depth and beyond.
func (b *bench) deepCursors(ctx context.Context) ([]argument, error) {
	c, err := dial(ctx, b.server.addr, "/graphql", b.executive)
	if err != nil {
		return nil, err
	}
	defer c.close()
	const page = 100
	var all []argument
	var after *string
	for seen := page; len(all) < 4*page; seen += page {
		var answer struct {
			Cases struct {
				Edges []struct {
					Cursor string
					Node   struct {
						ID       typeid.CaseID
						OpenedAt time.Time
					}
				}
				PageInfo struct{ EndCursor string }
			}
		}
		if err := c.ask(&answer, walkQuery, map[string]any{"after": after}); err != nil {
			return nil, fmt.Errorf("walking to row %d: %w", seen, err)
		}
		if len(answer.Cases.Edges) == 0 {
			break
		}
		after = &answer.Cases.PageInfo.EndCursor
		if seen <= b.depth() {
			continue
		}
		for _, e := range answer.Cases.Edges {
			all = append(all, argument{map[string]any{"after": e.Cursor}, []string{b.store.timeText(e.Node.OpenedAt), id(e.Node.ID).String()}})
		}
	}
	return some(all), nil
}

// bodies are the requests of an argument, to the API and to the floor.
func (r read) bodies(a argument) (api, floor []byte, err error) {
	floor, err = json.Marshal(a.floor)
	return operationBody(r.query, a.variables), floor, err
}

package quality

import (
	"strconv"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// tally is a statement that counts, for each group and period, the cases to which
// something happened.
type tally struct {
	by     string   // the column that says when it happened
	counts []string // conditions of the cases that are counted in A, B and so on; "" for all
	add    func(*CaseFigures, tallied)
}

// tallied is what a tally counted of a group in a period.
type tallied struct {
	CaseGroup
	InPeriod               int `sql:"in_period"`
	A, B, C, D, E, F, G, H int
}

var tallyNames = []string{"a", "b", "c", "d", "e", "f", "g", "h"}

// caseTallies are the statements of which the figures are made.
var caseTallies = []tally{
	{
		by: servicecase.FieldOpenedAt,
		counts: []string{"", "kind = 'COMPLAINT'", "reopened_count > 0", "resolved_at IS NOT NULL OR reopened_count > 0", "escalated_to_id IS NOT NULL",
			"refused_count > 0", "returned_count > 0", "dispatched_at IS NOT NULL OR refused_count > 0 OR returned_count > 0"},
		add: func(f *CaseFigures, n tallied) {
			f.Opened += n.A
			f.Complaints += n.B
			f.Reopened.add(n.C, n.D)
			f.Escalated.add(n.E, n.A)
			f.Refused.add(n.F, n.H)
			f.Returned.add(n.G, n.H)
		},
	},
	{
		by:     servicecase.FieldResolvedAt,
		counts: []string{"", "substantiated", "substantiated IS NOT NULL", "resolved_at <= due_at"},
		add: func(f *CaseFigures, n tallied) {
			f.Resolved += n.A
			f.Substantiated.add(n.B, n.C)
			f.InTime.add(n.D, n.D)
		},
	},
	{
		by:     servicecase.FieldDueAt,
		counts: []string{"resolved_at IS NULL OR resolved_at > due_at"},
		add:    func(f *CaseFigures, n tallied) { f.InTime.add(0, n.A) },
	},
	{
		by:     servicecase.FieldClosedAt,
		counts: []string{""},
		add:    func(f *CaseFigures, n tallied) { f.Closed += n.A },
	},
	openBefore,
}

// openBefore counts the cases that were open when the first period began.
var openBefore = tally{counts: []string{""}}

func (s *Share) add(count, of int) {
	s.Count += count
	s.Of += of
}

// state makes the selection of cases a tally.
func (t *tallying) state(q *sql.Selector, one tally) {
	from, to := t.periods[0].From, t.periods[len(t.periods)-1].To
	var columns []string
	for _, d := range t.GroupBy {
		columns = append(columns, q.C(caseColumns[d]))
	}
	q.Select(columns...)
	for n, condition := range one.counts {
		counted := "COUNT(*)"
		if condition != "" {
			counted += " FILTER (WHERE " + condition + ")"
		}
		q.AppendSelectExprAs(sql.Raw(counted), tallyNames[n])
	}
	switch one.by {
	case "":
		q.Where(sql.And(sql.LT(q.C(servicecase.FieldOpenedAt), from),
			sql.Or(sql.IsNull(q.C(servicecase.FieldClosedAt)), sql.GTE(q.C(servicecase.FieldClosedAt), from))))
		q.Having(sql.P(func(b *sql.Builder) { b.WriteString("COUNT(*) > 0") }))
	case servicecase.FieldDueAt: // before it has passed, nothing is settled
		q.Where(sql.Or(sql.LT(q.C(one.by), t.now), sql.NotNull(q.C(servicecase.FieldResolvedAt))))
		fallthrough
	default:
		q.Where(sql.And(sql.GTE(q.C(one.by), from), sql.LT(q.C(one.by), to)))
		q.AppendSelectExprAs(periodOf(q.C(one.by), t.periods), "in_period")
		columns = append(columns, "in_period")
	}
	q.GroupBy(columns...).Limit(MaxFigures + 1)
}

// periodOf is the number of the period in which a moment lies, found by halves.
func periodOf(column string, periods []rules.Days) sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		var halve func(low, high int)
		halve = func(low, high int) {
			if high-low == 1 {
				b.WriteString(strconv.Itoa(low))
				return
			}
			middle := (low + high) / 2
			b.WriteString("CASE WHEN " + column + " < ").Arg(periods[middle].From).WriteString(" THEN ")
			halve(low, middle)
			b.WriteString(" ELSE ")
			halve(middle, high)
			b.WriteString(" END")
		}
		halve(0, len(periods))
	})
}

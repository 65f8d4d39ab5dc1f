package quality

import (
	"context"
	"fmt"
	"strconv"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
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
	Satisfaction           int `sql:"satisfaction"` // the sum
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
		by: servicecase.FieldResolvedAt,
		counts: []string{"", "substantiated", "substantiated IS NOT NULL", "resolved_at <= due_at", "resolved_at <= due_at AND NOT late_before",
			"satisfaction >= 4", "satisfaction IS NOT NULL"},
		add: func(f *CaseFigures, n tallied) {
			f.Resolved += n.A
			f.Substantiated.add(n.B, n.C)
			f.InTime.add(n.E, n.D)
			f.Satisfied.add(n.F, n.G)
			f.Satisfaction += n.Satisfaction
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

// count carries out a tally.
func (t *tallying) count(ctx context.Context, s *Service, one tally) error {
	var rows []tallied
	err := s.db.ServiceCase.Query().Where(t.Where...).Where(servicecase.MergedIntoIDIsNil()).
		Modify(func(q *sql.Selector) { t.state(q, one) }).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("counting cases by their %q: %w", one.by, err)
	}
	if one.add != nil {
		return found(t, rows, tallied.place, one.add)
	}
	return found(t, rows, tallied.place, func(f *CaseFigures, n tallied) { t.before[f.CaseGroup] += n.A })
}

func (n tallied) place() (CaseGroup, int) { return n.CaseGroup, n.InPeriod }

// countContacts counts the visits, calls and messages that reception registered. A
// visitor who proved to be no customer counts as none.
func (t *tallying) countContacts(ctx context.Context, s *Service) error {
	var rows []tallied
	err := s.db.Visit.Query().Where(t.Contacts...).
		Where(visit.NoCustomerNEQ(visit.NoCustomerAGREED), visit.AtGTE(t.periods[0].From), visit.AtLT(t.periods[len(t.periods)-1].To)).
		Modify(func(q *sql.Selector) {
			columns := t.columns(q)
			q.Select(columns...).AppendSelectExprAs(sql.Raw("COUNT(*)"), "a").AppendSelectExprAs(periodOf(q.C(visit.FieldAt), t.periods), "in_period")
			q.GroupBy(append(columns, "in_period")...).Limit(MaxFigures + 1)
		}).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("counting contacts: %w", err)
	}
	return found(t, rows, tallied.place, func(f *CaseFigures, n tallied) { *f.Contacts += n.A })
}

// columns are those that the figures are grouped by.
func (t *tallying) columns(q *sql.Selector) (columns []string) {
	for _, d := range t.GroupBy {
		columns = append(columns, q.C(caseColumns[d]))
	}
	return columns
}

// state makes the selection of cases a tally.
func (t *tallying) state(q *sql.Selector, one tally) {
	from, to := t.periods[0].From, t.periods[len(t.periods)-1].To
	columns := t.columns(q)
	q.Select(columns...)
	for n, condition := range one.counts {
		counted := "COUNT(*)"
		if condition != "" {
			counted += " FILTER (WHERE " + condition + ")"
		}
		q.AppendSelectExprAs(sql.Raw(counted), tallyNames[n])
	}
	if one.by == servicecase.FieldResolvedAt {
		q.AppendSelectExprAs(sql.Raw("COALESCE(SUM(satisfaction), 0)"), "satisfaction")
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
	// In no order, PostgreSQL would walk an index in the hope of enough groups soon.
	q.GroupBy(columns...).OrderBy(sql.Desc("a")).Limit(MaxFigures + 1)
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

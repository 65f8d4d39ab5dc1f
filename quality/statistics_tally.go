package quality

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
)

// tally counts, for each group and period, the cases to which something happened.
type tally struct {
	at     string                                        // the column of the moment; "" for what was open when the first period began
	only   func(*tallying, *sql.Selector) *sql.Predicate // of these, nil for all
	counts []string                                      // what is found of them in A, B and so on
	add    func(*CaseFigures, tallied)
}

// tallied is what a tally found of a group in a period.
type tallied struct {
	CaseGroup
	Tally                  int `sql:"tally"`
	InPeriod               int `sql:"in_period"`
	A, B, C, D, E, F, G, H int
}

var tallyNames = []string{"a", "b", "c", "d", "e", "f", "g", "h"}

// caseTallies are what figures are made of.
var caseTallies = []tally{
	{
		at: servicecase.FieldOpenedAt,
		counts: []string{"COUNT(*)", those("kind = 'COMPLAINT'"), those("reopened_count > 0"), those("resolved_at IS NOT NULL OR reopened_count > 0"),
			those("escalated_to_id IS NOT NULL"), those("refused_count > 0"), those("returned_count > 0"),
			those("dispatched_at IS NOT NULL OR refused_count > 0 OR returned_count > 0")},
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
		at: servicecase.FieldResolvedAt,
		counts: []string{"COUNT(*)", those("substantiated"), "COUNT(substantiated)", those("resolved_at <= due_at"),
			those("resolved_at <= due_at AND NOT late_before"), those("satisfaction >= 4"), "COUNT(satisfaction)", "SUM(satisfaction)"},
		add: func(f *CaseFigures, n tallied) {
			f.Resolved += n.A
			f.Substantiated.add(n.B, n.C)
			f.InTime.add(n.E, n.D)
			f.Satisfied.add(n.F, n.G)
			f.Satisfaction += n.H
		},
	},
	{
		at: servicecase.FieldDueAt,
		only: func(t *tallying, q *sql.Selector) *sql.Predicate { // before it has passed, nothing is settled
			due, resolved := q.C(servicecase.FieldDueAt), q.C(servicecase.FieldResolvedAt)
			return sql.Or(sql.And(sql.IsNull(resolved), sql.LT(due, t.now)), sql.ColumnsGT(resolved, due))
		},
		counts: []string{"COUNT(*)"},
		add:    func(f *CaseFigures, n tallied) { f.InTime.add(0, n.A) },
	},
	{
		at:     servicecase.FieldClosedAt,
		counts: []string{"COUNT(*)"},
		add:    func(f *CaseFigures, n tallied) { f.Closed += n.A },
	},
	{
		only: func(t *tallying, q *sql.Selector) *sql.Predicate {
			from, closed := t.periods[0].From, q.C(servicecase.FieldClosedAt)
			return sql.And(sql.LT(q.C(servicecase.FieldOpenedAt), from), sql.Or(sql.IsNull(closed), sql.GTE(closed, from)))
		},
		counts: []string{"COUNT(*)"},
		add:    func(f *CaseFigures, n tallied) { f.OpenAtEnd += n.A }, // to go on from
	},
}

// those counts the cases that meet a condition.
func those(condition string) string { return "COUNT(*) FILTER (WHERE " + condition + ")" }

func (s *Share) add(count, of int) {
	s.Count += count
	s.Of += of
}

// cases selects the cases that figures are made of, for the caller to say what of
// them: those that are asked for and that the viewer sees, as far as anything
// happened to them since the first period began.
func (t *tallying) cases(ctx context.Context, s *Service) *sql.Selector {
	d := sql.Dialect(s.db.Dialect())
	q := d.Select().From(d.Table(servicecase.Table))
	for _, where := range t.Where {
		where(q)
	}
	servicecase.MergedIntoIDIsNil()(q)
	if visible := ent.ViewerFrom(ctx).AllCases(q.C, s.db.Dialect()); visible != nil {
		q.Where(visible)
	}
	since := []*sql.Predicate{sql.IsNull(q.C(servicecase.FieldClosedAt))}
	for _, at := range []string{servicecase.FieldOpenedAt, servicecase.FieldResolvedAt, servicecase.FieldDueAt, servicecase.FieldClosedAt} {
		since = append(since, sql.GTE(q.C(at), t.periods[0].From))
	}
	return q.Where(sql.Or(since...))
}

// count carries out the tallies, in one reading of the cases: they are counted by all
// the periods that they count in together, and each tally sums up what came of it.
func (t *tallying) count(ctx context.Context, s *Service) error {
	cases := t.cases(ctx, s)
	groups := t.columns(cases)
	cases.Select(groups...)
	var sums []string
	for n, one := range caseTallies {
		period := "in_" + strconv.Itoa(n)
		groups = append(groups, period)
		cases.AppendSelectExprAs(t.periodOf(cases, one.at, one.only), period)
		sum := fmt.Sprintf("SELECT %s%d AS tally, %s AS in_period", t.dimensions(), n, period)
		for i, name := range tallyNames {
			if i >= len(one.counts) {
				sum += ", 0 AS " + name
				continue
			}
			counted := name + strconv.Itoa(n)
			cases.AppendSelectExprAs(sql.Raw(one.counts[i]), counted)
			sum += fmt.Sprintf(", CAST(COALESCE(SUM(%s), 0) AS bigint) AS %s", counted, name)
		}
		sums = append(sums, fmt.Sprintf("%s FROM found WHERE %s IS NOT NULL GROUP BY %s%[2]s", sum, period, t.dimensions()))
	}
	var rows []tallied
	if err := s.scanFound(ctx, cases.GroupBy(groups...), sums, &rows); err != nil {
		return fmt.Errorf("counting cases: %w", err)
	}
	return found(t, rows, tallied.place, func(f *CaseFigures, n tallied) { caseTallies[n.Tally].add(f, n) })
}

func (n tallied) place() (CaseGroup, int) { return n.CaseGroup, n.InPeriod }

// readWhole are settings of PostgreSQL for statements that read most of a large table,
// in a transaction of their own: it would take longer to compile them than they run,
// and it takes groups that are calculated for so many that it sorts the whole.
const readWhole = "SELECT set_config('jit', 'off', true), set_config('work_mem', '64MB', true), " +
	"set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true), set_config('parallel_tuple_cost', '0', true)"

// scanFound reads what several selections make of what was found in one reading of
// the cases. Of more rows than it reads, one of them alone has more than there may be
// figures.
func (s *Service) scanFound(ctx context.Context, cases *sql.Selector, selections []string, into any) (err error) {
	query, args := cases.Query()
	if err := cases.Err(); err != nil {
		return err
	}
	query = fmt.Sprintf("WITH found AS (%s) %s LIMIT %d", query, strings.Join(selections, " UNION ALL "), len(selections)*MaxFigures+1)
	ask := s.db.SQL().QueryContext
	if s.db.IsPostgres() {
		tx, err := s.db.SQL().BeginTx(ctx, &stdsql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // it has only read
		if _, err := tx.ExecContext(ctx, readWhole); err != nil {
			return err
		}
		ask = tx.QueryContext
	}
	rows, err := ask(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if err := sql.ScanSlice(rows, into); err != nil {
		return err
	}
	return rows.Err()
}

// countContacts counts the visits, calls and messages that reception registered. A
// visitor who proved to be no customer counts as none.
func (t *tallying) countContacts(ctx context.Context, s *Service) error {
	var rows []tallied
	err := s.db.Visit.Query().Where(t.Contacts...).
		Where(visit.NoCustomerNEQ(visit.NoCustomerAGREED), visit.AtGTE(t.periods[0].From), visit.AtLT(t.periods[len(t.periods)-1].To)).
		Modify(func(q *sql.Selector) {
			columns := t.columns(q)
			q.Select(columns...).AppendSelectExprAs(sql.Raw("COUNT(*)"), "a").AppendSelectExprAs(t.periodOf(q, visit.FieldAt, nil), "in_period")
			q.GroupBy(append(columns, "in_period")...).Limit(MaxFigures + 1)
		}).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("counting contacts: %w", err)
	}
	return found(t, rows, tallied.place, func(f *CaseFigures, n tallied) { *f.Contacts += n.A })
}

// columns are those of a table that the figures are grouped by.
func (t *tallying) columns(q *sql.Selector) (columns []string) {
	for _, d := range t.GroupBy {
		columns = append(columns, q.C(caseColumns[d]))
	}
	return columns
}

// dimensions are the names of these columns, to stand before others in a list.
func (t *tallying) dimensions() (list string) {
	for _, d := range t.GroupBy {
		list += caseColumns[d] + ", "
	}
	return list
}

// periodOf is the number of the period in which the moment of a column lies, found by
// halves; null outside of all, and where only does not hold. Without a column it is
// the first.
func (t *tallying) periodOf(q *sql.Selector, column string, only func(*tallying, *sql.Selector) *sql.Predicate) sql.Querier {
	var holds []*sql.Predicate
	last := 1
	if column != "" {
		column, last = q.C(column), len(t.periods)
		holds = append(holds, sql.GTE(column, t.periods[0].From), sql.LT(column, t.periods[last-1].To))
	}
	if only != nil {
		holds = append(holds, only(t, q))
	}
	return sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("CASE WHEN ").Join(sql.And(holds...)).WriteString(" THEN ")
		t.halve(b, column, 0, last)
		b.WriteString(" END")
	})
}

func (t *tallying) halve(b *sql.Builder, column string, low, high int) {
	if high-low == 1 {
		b.WriteString(strconv.Itoa(low))
		return
	}
	middle := (low + high) / 2
	b.WriteString("CASE WHEN " + column + " < ").Arg(t.periods[middle].From).WriteString(" THEN ")
	t.halve(b, column, low, middle)
	b.WriteString(" ELSE ")
	t.halve(b, column, middle, high)
	b.WriteString(" END")
}

package quality

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
)

// CaseTime is a length of time that figures tell the distribution of.
type CaseTime string

// The times. Those that have passed are whole seconds, between the seconds in which
// they begin and end.
const (
	TimeToRespond CaseTime = "firstResponse" // from opening to the first response, of cases opened in the period that had one
	TimeToAccept  CaseTime = "acceptance"    // from opening until somebody first accepted, of cases opened in the period that somebody did
	TimeToResolve CaseTime = "resolution"    // from opening to the resolution, of cases resolved in the period
	CountedTime   CaseTime = "countedTime"   // that the deadline for the resolution counted, of cases resolved in the period that have one
)

// CaseTimes are all times.
var CaseTimes = []CaseTime{TimeToRespond, TimeToAccept, TimeToResolve, CountedTime}

// Spread is the distribution of a length of time among cases: what half, nine of ten
// and nineteen of twenty of them did not take longer than, between the two nearest
// cases in proportion (as percentile_cont of SQL). It is in milliseconds.
type Spread struct {
	Count         int // of the cases
	P50, P90, P95 *time.Duration
}

// percents are the percentiles of a spread.
var percents = []int{50, 90, 95}

// spread is what a statement measured of a group in a period.
type spread struct {
	CaseGroup
	InPeriod int     `sql:"in_period"`
	N        int     `sql:"n"`
	P50      float64 `sql:"p50"` // in seconds
	P90      float64 `sql:"p90"`
	P95      float64 `sql:"p95"`
}

func (s spread) place() (CaseGroup, int) { return s.CaseGroup, s.InPeriod }

// measure finds the distribution of a time.
func (t *tallying) measure(ctx context.Context, s *Service, of CaseTime) (err error) {
	d := sql.Dialect(s.db.Dialect())
	cases := d.Select().From(d.Table(servicecase.Table))
	for _, where := range t.Where {
		where(cases)
	}
	servicecase.MergedIntoIDIsNil()(cases)
	if visible := ent.ViewerFrom(ctx).Rows(db.TypeServiceCase, cases.C, s.db.Dialect()); visible != nil {
		cases.Where(visible)
	}
	by, value := of.expression(cases)
	cases.Select(t.columns(cases)...).AppendSelectExprAs(periodOf(by, t.periods), "in_period").AppendSelectExprAs(sql.Raw(value), "v").
		Where(sql.And(sql.GTE(by, t.periods[0].From), sql.LT(by, t.periods[len(t.periods)-1].To))).
		Where(sql.P(func(b *sql.Builder) { b.WriteString(value + " IS NOT NULL") }))
	groups := []string{"in_period"}
	for _, one := range t.GroupBy {
		groups = append(groups, caseColumns[one])
	}
	query, args := percentiles(d, cases.As("cases"), groups).Query()
	rows, err := s.db.SQL().QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("measuring %s: %w", of, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var spreads []spread
	if err := sql.ScanSlice(rows, &spreads); err != nil {
		return fmt.Errorf("measuring %s: %w", of, err)
	}
	return found(t, spreads, spread.place, func(f *CaseFigures, n spread) {
		f.Times[of] = Spread{Count: n.N, P50: inSeconds(n.P50), P90: inSeconds(n.P90), P95: inSeconds(n.P95)}
	})
}

func inSeconds(n float64) *time.Duration {
	return new(time.Duration(math.Round(n*1000)) * time.Millisecond)
}

// expression is a time in whole seconds as SQL, and the column of the moment by which
// it falls into a period.
func (of CaseTime) expression(cases *sql.Selector) (by, seconds string) {
	since := func(end string) string {
		start := cases.C(servicecase.FieldOpenedAt)
		if cases.Dialect() == dialect.Postgres {
			return fmt.Sprintf("floor(date_part('epoch', %s)) - floor(date_part('epoch', %s))", end, start)
		}
		return fmt.Sprintf("unixepoch(substr(%s, 1, 19)) - unixepoch(substr(%s, 1, 19))", end, start)
	}
	switch of {
	case TimeToRespond:
		return cases.C(servicecase.FieldOpenedAt), since(cases.C(servicecase.FieldFirstResponseAt))
	case TimeToAccept:
		first := fmt.Sprintf("COALESCE(%s, %s)", cases.C(servicecase.FieldFirstAcceptedAt), cases.C(servicecase.FieldAcceptedAt))
		return cases.C(servicecase.FieldOpenedAt), since(first)
	case TimeToResolve:
		return cases.C(servicecase.FieldResolvedAt), since(cases.C(servicecase.FieldResolvedAt))
	default:
		return cases.C(servicecase.FieldResolvedAt), cases.C(servicecase.FieldCountedTime) + " / 1000000000"
	}
}

// percentiles selects the spread of the values v of each group. SQLite has no function
// for it: there the values are numbered, and the two next to where the percentile lies
// are weighed by how near they are to it.
func percentiles(d *sql.DialectBuilder, values *sql.Selector, groups []string) *sql.Selector {
	columns := strings.Join(groups, ", ")
	q := d.Select(groups...)
	if values.Dialect() == dialect.Postgres {
		q.From(values).AppendSelectExprAs(sql.Raw("COUNT(*)"), "n")
		for _, p := range percents {
			q.AppendSelectExprAs(sql.Raw(fmt.Sprintf("percentile_cont(%d / 100.0) WITHIN GROUP (ORDER BY v::float8)", p)), fmt.Sprintf("p%d", p))
		}
	} else {
		numbered := d.Select(groups...).From(values).AppendSelectExprAs(sql.Raw("v"), "v").
			AppendSelectExprAs(sql.Raw("ROW_NUMBER() OVER (PARTITION BY "+columns+" ORDER BY v)"), "place").
			AppendSelectExprAs(sql.Raw("COUNT(*) OVER (PARTITION BY "+columns+")"), "size").As("numbered")
		q.From(numbered).AppendSelectExprAs(sql.Raw("MAX(size)"), "n")
		for _, p := range percents {
			q.AppendSelectExprAs(sql.Raw(fmt.Sprintf("SUM(CASE place - (size - 1) * %[1]d / 100 "+
				"WHEN 1 THEN v * (100 - (size - 1) * %[1]d %% 100) WHEN 2 THEN v * ((size - 1) * %[1]d %% 100) END) / 100.0", p)), fmt.Sprintf("p%d", p))
		}
	}
	return q.GroupBy(groups...).OrderBy(sql.Desc("n")).Limit(MaxFigures + 1) // as in state
}

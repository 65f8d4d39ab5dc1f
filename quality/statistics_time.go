package quality

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

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

// spread is what was measured of a group in a period.
type spread struct {
	CaseGroup
	Time     int     `sql:"time"` // its place among those that were asked for
	InPeriod int     `sql:"in_period"`
	N        int     `sql:"n"`
	P50      float64 `sql:"p50"` // in seconds
	P90      float64 `sql:"p90"`
	P95      float64 `sql:"p95"`
}

func (s spread) place() (CaseGroup, int) { return s.CaseGroup, s.InPeriod }

// measure finds the distributions of the times, in one reading of the cases.
func (t *tallying) measure(ctx context.Context, s *Service) error {
	cases := t.cases(ctx, s)
	cases.Select(t.columns(cases)...)
	for _, by := range []string{servicecase.FieldOpenedAt, servicecase.FieldResolvedAt} {
		cases.AppendSelectExprAs(t.periodOf(cases, by, nil), "in_"+by)
	}
	var spreads []string
	for n, of := range t.Times {
		value := "v" + strconv.Itoa(n)
		cases.AppendSelectExprAs(sql.Raw(of.seconds(cases)), value)
		spreads = append(spreads, t.spreadOf(n, "in_"+of.happens(), value, s.db.IsPostgres()))
	}
	var rows []spread
	if err := s.scanFound(ctx, cases, spreads, &rows); err != nil {
		return fmt.Errorf("measuring times: %w", err)
	}
	return found(t, rows, spread.place, func(f *CaseFigures, n spread) {
		f.Times[t.Times[n.Time]] = Spread{Count: n.N, P50: inSeconds(n.P50), P90: inSeconds(n.P90), P95: inSeconds(n.P95)}
	})
}

func inSeconds(n float64) *time.Duration {
	return new(time.Duration(math.Round(n*1000)) * time.Millisecond)
}

// happens is the column of the moment by which a time falls into a period.
func (of CaseTime) happens() string {
	if of == TimeToRespond || of == TimeToAccept {
		return servicecase.FieldOpenedAt
	}
	return servicecase.FieldResolvedAt
}

// seconds is a time in whole seconds as SQL.
func (of CaseTime) seconds(cases *sql.Selector) string {
	since := func(end string) string {
		start := cases.C(servicecase.FieldOpenedAt)
		if cases.Dialect() == dialect.Postgres {
			return fmt.Sprintf("floor(date_part('epoch', %s)) - floor(date_part('epoch', %s))", end, start)
		}
		return fmt.Sprintf("unixepoch(substr(%s, 1, 19)) - unixepoch(substr(%s, 1, 19))", end, start)
	}
	switch of {
	case TimeToRespond:
		return since(cases.C(servicecase.FieldFirstResponseAt))
	case TimeToAccept:
		return since(fmt.Sprintf("COALESCE(%s, %s)", cases.C(servicecase.FieldFirstAcceptedAt), cases.C(servicecase.FieldAcceptedAt)))
	case TimeToResolve:
		return since(cases.C(servicecase.FieldResolvedAt))
	default:
		return cases.C(servicecase.FieldCountedTime) + " / 1000000000"
	}
}

// spreadOf selects the spread of a column of values for each group and period.
func (t *tallying) spreadOf(number int, period, value string, postgres bool) string {
	selected := fmt.Sprintf("SELECT %s%d AS time, %s AS in_period, COUNT(*) AS n", t.dimensions(), number, period)
	for _, p := range percents {
		percentile := "percentile(%[2]s, %[1]d)"
		if postgres {
			percentile = "percentile_cont(%[1]d / 100.0) WITHIN GROUP (ORDER BY %[2]s::float8)"
		}
		selected += fmt.Sprintf(", "+percentile+" AS p%[1]d", p, value)
	}
	return fmt.Sprintf("%s FROM found WHERE %s IS NOT NULL AND %s IS NOT NULL GROUP BY %s%[2]s", selected, period, value, t.dimensions())
}

package ent

import (
	"database/sql/driver"
	"errors"
	"slices"
	"sync"

	"modernc.org/sqlite"
)

// registerPercentile gives SQLite the aggregate function percentile(value, p): the
// percentile p, from 0 to 100, of the values of a group, between the two nearest in
// proportion as by percentile_cont of PostgreSQL; NULL where there are no values.
var registerPercentile = sync.OnceValue(func() error {
	return sqlite.RegisterFunction("percentile", &sqlite.FunctionImpl{
		NArgs: 2, Deterministic: true,
		MakeAggregate: func(sqlite.FunctionContext) (sqlite.AggregateFunction, error) { return &percentile{}, nil },
	})
})

// percentile is the aggregate of one group.
type percentile struct {
	values []float64
	at     float64
}

// Step adds a row.
func (p *percentile) Step(_ *sqlite.FunctionContext, args []driver.Value) error {
	if value, known := number(args[0]); known {
		p.values = append(p.values, value)
		p.at, _ = number(args[1])
	}
	return nil
}

func number(v driver.Value) (n float64, known bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	default:
		return 0, false
	}
}

// WindowInverse is not needed: nothing asks for a moving window.
func (p *percentile) WindowInverse(*sqlite.FunctionContext, []driver.Value) error {
	return errors.New("percentile has no moving window")
}

// WindowValue is the percentile of the rows so far.
func (p *percentile) WindowValue(*sqlite.FunctionContext) (driver.Value, error) {
	if len(p.values) == 0 {
		return nil, nil
	}
	slices.Sort(p.values)
	place := p.at / 100 * float64(len(p.values)-1)
	low := int(place)
	high := min(low+1, len(p.values)-1)
	return p.values[low] + (place-float64(low))*(p.values[high]-p.values[low]), nil
}

// Final has nothing to free.
func (p *percentile) Final(*sqlite.FunctionContext) {}

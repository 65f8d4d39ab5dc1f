// Package siblings lets the rows of one list share the work of loading what
// belongs to them. The rows that were read together carry one [Set]; the first of
// them that is asked for an edge loads it for all, the others wait for that answer.
package siblings

import "sync"

// Set is the rows that were read together.
type Set struct {
	rows any // []*T, T being the record's type

	mu    sync.Mutex
	loads map[string]*load
}

type load struct {
	once   sync.Once
	result any
	err    error
}

// New returns the set of these rows, which must not change any more.
func New[T any](rows []*T) *Set { return &Set{rows: rows} }

// Together makes rows that were read together know each other, and returns them.
func Together[T any, P interface {
	*T
	Join(*Set)
}](rows []*T) []*T {
	s := New(rows)
	for _, row := range rows {
		P(row).Join(s)
	}
	return rows
}

// Rows returns the rows of a set, which are of type T.
func Rows[T any](s *Set) []*T { return s.rows.([]*T) }

// Once returns what fn returned when it was first called for key, which names an
// edge with its arguments. Calls for other keys do not wait.
func (s *Set) Once(key string, fn func() (any, error)) (any, error) {
	s.mu.Lock()
	l := s.loads[key]
	if l == nil {
		if s.loads == nil {
			s.loads = map[string]*load{}
		}
		l = new(load)
		s.loads[key] = l
	}
	s.mu.Unlock()
	l.once.Do(func() { l.result, l.err = fn() })
	return l.result, l.err
}

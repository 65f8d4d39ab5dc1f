// Package siblings lets the rows of one list share the work of loading what
// belongs to them. A list's rows carry one [Set]; the first of them that is asked
// for an edge loads it for all, the others wait for that answer.
package siblings

import "sync"

// Set is the rows that one statement returned. Rows must not change once the set
// is shared.
type Set struct {
	Rows any // []*T, T being the record's type

	mu    sync.Mutex
	loads map[string]*load
}

type load struct {
	once   sync.Once
	result any
	err    error
}

// Once returns what fn returned when it was first called for key, which names an
// edge and its arguments. Calls for other keys don't wait.
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

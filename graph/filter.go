package graph

import (
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"
)

// where adds a condition on a value that may not have been given. A text with a
// character that no database holds is that of no row.
func where[P ~func(*sql.Selector), V any](all []P, value *V, is func(V) P) []P {
	if value == nil {
		return all
	}
	if s, ok := any(*value).(string); ok && strings.ContainsRune(s, 0) {
		return append(all, func(s *sql.Selector) { s.Where(sql.False()) })
	}
	return append(all, is(*value))
}

// whereIn adds a condition on a list of values; an empty one is no condition.
func whereIn[P ~func(*sql.Selector), V ~string](all []P, values []V, in func(...V) P) []P {
	if len(values) == 0 {
		return all
	}
	slices.Sort(values)
	return append(all, in(slices.Compact(values)...))
}

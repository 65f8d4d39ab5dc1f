// Package rules is the arithmetic and the workflow of service quality: pure
// functions of their arguments, without I/O, clock or state. The vocabulary is
// that of the stored records.
package rules

import (
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
)

// InTime tells whether a case was resolved by its deadline, and when that was
// settled: by its resolution if that came no later, else at the deadline. It is not
// settled while a case is unresolved and its deadline has not passed. A case that was
// late before it was reopened is not in time any more, whenever it is resolved again.
func InTime(due time.Time, resolved *time.Time, lateBefore bool, now time.Time) (inTime bool, at time.Time, settled bool) {
	if resolved != nil && !resolved.After(due) {
		return !lateBefore, *resolved, true
	}
	return false, due, resolved != nil || now.After(due)
}

// Deadlines says how long a case may take to be resolved, by its severity.
type Deadlines struct {
	Critical, Major, Minor time.Duration
}

// DefaultDeadlines apply where none are configured.
var DefaultDeadlines = Deadlines{Critical: 4 * time.Hour, Major: 24 * time.Hour, Minor: 72 * time.Hour}

// Due returns by when a case of this severity, opened at that time, must be resolved.
func (d Deadlines) Due(severity servicecase.Severity, opened time.Time) time.Time {
	switch severity {
	case servicecase.SeverityCRITICAL:
		return opened.Add(d.Critical)
	case servicecase.SeverityMAJOR:
		return opened.Add(d.Major)
	default:
		return opened.Add(d.Minor)
	}
}

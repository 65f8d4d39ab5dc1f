package model

import (
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/quality"
)

// Siblings is the lines that were counted together.
func (f *TeachingFigure) Siblings() *siblings.Set { return f.Page }

// Siblings returns the people that were counted together, whose records load
// together.
func (f *CommendationFigure) Siblings() *siblings.Set { return f.Page }

// Siblings is the totals that were counted together, which load their departments
// and people together.
func (f *ReceptionFigure) Siblings() *siblings.Set { return f.Page }

// CaseFigures are figures of cases, and those that were counted with them.
type CaseFigures struct {
	*quality.CaseFigures
	Page *siblings.Set
}

// Siblings is the figures that were counted together, which load what they are
// grouped by together.
func (f *CaseFigures) Siblings() *siblings.Set { return f.Page }

// From is the first day of the period.
func (f *CaseFigures) From() string { return f.Days.First.Format(time.DateOnly) }

// To is the last day of the period.
func (f *CaseFigures) To() string { return f.Days.Last.Format(time.DateOnly) }

// Kind is that of the cases, nil where they are not grouped by it.
func (f *CaseFigures) Kind() *servicecase.Kind { return given(f.CaseGroup.Kind) }

// Channel is that of the cases, nil where they are not grouped by it.
func (f *CaseFigures) Channel() *servicecase.Channel { return given(f.CaseGroup.Channel) }

// Severity is that of the cases, nil where they are not grouped by it.
func (f *CaseFigures) Severity() *servicecase.Severity { return given(f.CaseGroup.Severity) }

// Product is that of the cases, nil where they are not grouped by it, or have none.
func (f *CaseFigures) Product() *string { return given(f.CaseGroup.Product) }

// Satisfaction is the mean of what customers said, nil where none did.
func (f *CaseFigures) Satisfaction() *float64 {
	if f.Satisfied.Of == 0 {
		return nil
	}
	return new(float64(f.CaseFigures.Satisfaction) / float64(f.Satisfied.Of))
}

// FirstResponse is how long customers waited until they first heard from us.
func (f *CaseFigures) FirstResponse() quality.Spread { return f.Times[quality.TimeToRespond] }

// Acceptance is how long who received the cases had them.
func (f *CaseFigures) Acceptance() quality.Spread { return f.Times[quality.TimeToAccept] }

// Resolution is how long it took to resolve the cases.
func (f *CaseFigures) Resolution() quality.Spread { return f.Times[quality.TimeToResolve] }

// CountedTime is how much of that counted.
func (f *CaseFigures) CountedTime() quality.Spread { return f.Times[quality.CountedTime] }

// given is a value unless it is empty.
func given[S ~string](value S) *S {
	if value == "" {
		return nil
	}
	return &value
}

package model

import (
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/quality"
)

// LayerAgreement tells how far two layers of control see the same.
type LayerAgreement struct{ Departments, Inspectors []*Agreement }

// Agreement is a line of it, and those that were compared with it.
type Agreement struct {
	quality.Agreement
	Page *siblings.Set
}

// Siblings is the lines that were compared together, which load their departments and
// people together.
func (a *Agreement) Siblings() *siblings.Set { return a.Page }

// AgreementsOf are lines that load what they name together.
func AgreementsOf(lines []quality.Agreement) []*Agreement {
	out := make([]*Agreement, len(lines))
	page := siblings.New(out)
	for i, l := range lines {
		out[i] = &Agreement{Agreement: l, Page: page}
	}
	return out
}

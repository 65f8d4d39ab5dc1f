package model

import "github.com/seed-34fcb60d/rounds/ent/siblings"

// Siblings is the totals that were counted together, which load their departments
// and people together.
func (f *ReceptionFigure) Siblings() *siblings.Set { return f.Page }

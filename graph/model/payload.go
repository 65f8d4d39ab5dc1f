package model

import (
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/events"
)

// Payload is what became of a change.
type Payload[T any] struct {
	Object   T              // what was changed, as it is now; nothing when nothing was changed
	Errors   []*UserError   // why nothing was changed; empty when the change was made
	Warnings []*UserWarning // what to know about the change that was made
	Cursor   *events.Cursor // of the last event that the change made
}

// AppraisalPayload and the others are the answers of mutations, by their names in
// the schema.
type (
	AppraisalPayload    = Payload[*db.Appraisal]
	AppraisalRunPayload = Payload[[]*db.Appraisal]
	CaseEntryPayload    = Payload[*db.CaseEntry]
	CasePayload         = Payload[*db.ServiceCase]
	CustomerPayload     = Payload[*db.Customer]
	InspectionPayload   = Payload[*db.Inspection]
)

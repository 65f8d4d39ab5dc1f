// Package model holds what the API shows that is no record: payloads, filters,
// orders and the like. All but the payloads is generated from schema/.
package model

import (
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality"
)

// Payload is what became of a change.
type Payload[T any] struct {
	Object   T              // what was changed, as it is now; nothing when nothing was changed
	Errors   []*UserError   // why nothing was changed; empty when the change was made
	Warnings []*UserWarning // what to know about the change that was made
	Cursor   *events.Cursor // of the last event that the change made
}

// CustomerExportPayload is what became of a request for all that is kept of a customer.
type CustomerExportPayload struct {
	Customer *db.Customer
	Document *string
	Errors   []*UserError
	Warnings []*UserWarning
	Cursor   *events.Cursor
}

// CustomerRevealPayload is what became of a request for contact data.
type CustomerRevealPayload struct {
	Customer *db.Customer
	Contacts []quality.RevealedContact
	Errors   []*UserError
	Warnings []*UserWarning
	Cursor   *events.Cursor
}

// CasesPayload is what became of changes of several cases.
type CasesPayload struct {
	Results  []*CasePayload // of each, in the order of the items
	Cases    []*db.ServiceCase
	Errors   []*UserError // why nothing was tried
	Warnings []*UserWarning
	Cursor   *events.Cursor
}

// The answers of mutations, by their names in the schema.
type (
	// CustomerPayload is that of a change of a customer.
	CustomerPayload = Payload[*db.Customer]
	// CalendarPayload is that of a change of a calendar.
	CalendarPayload = Payload[*db.Calendar]
	// CasePayload is that of a step of a case.
	CasePayload = Payload[*db.ServiceCase]
	// CaseEntryPayload is that of an addition to a case's timeline.
	CaseEntryPayload = Payload[*db.CaseEntry]
	// CaseCompensationPayload is that of a change of compensation.
	CaseCompensationPayload = Payload[*db.CaseCompensation]
	// CaseMeasurePayload is that of a change of a measure of a case.
	CaseMeasurePayload = Payload[*db.CaseMeasure]
	// ChartBaselinePayload is that of a change of a baseline.
	ChartBaselinePayload = Payload[*db.ChartBaseline]
	// ChartAlarmPayload is that of a change of an alarm.
	ChartAlarmPayload = Payload[*db.ChartAlarm]
	// CaseTaskPayload is that of a change of a task within a case.
	CaseTaskPayload = Payload[*db.CaseTask]
	// TeachingCasePayload is that of a change of a teaching case.
	TeachingCasePayload = Payload[*db.TeachingCase]
	// TrainingPayload is that of the record of a training.
	TrainingPayload = Payload[*db.Training]
	// PluginPayload is that of a change of a plugin.
	PluginPayload = Payload[*db.Plugin]
	// TopicPayload is that of a change of a topic.
	TopicPayload = Payload[*db.Topic]
	// CausePayload is that of a change of a cause.
	CausePayload = Payload[*db.Cause]
	// DeadlinePayload is that of a change of a deadline.
	DeadlinePayload = Payload[*db.Deadline]
	// EscalationPayload is that of taking note of an alert.
	EscalationPayload = Payload[*db.Escalation]
	// AbsencePayload is that of a change of an absence.
	AbsencePayload = Payload[*db.Absence]
	// DeadlinePolicyPayload is that of a change of a deadline policy.
	DeadlinePolicyPayload = Payload[*db.DeadlinePolicy]
	// ControlPlanPayload is that of a change of a control plan.
	ControlPlanPayload = Payload[*db.ControlPlan]
	// InspectionPayload is that of a step of an inspection.
	InspectionPayload = Payload[*db.Inspection]
	// AppraisalPayload is that of a change of one appraisal.
	AppraisalPayload = Payload[*db.Appraisal]
	// AppraisalRunPayload is that of a run, which makes many.
	AppraisalRunPayload = Payload[[]*db.Appraisal]
	// RotaPlanPayload is that of a plan, which makes many shifts.
	RotaPlanPayload = Payload[[]*db.Shift]
	// ShiftPayload is that of a change of one shift.
	ShiftPayload = Payload[*db.Shift]
	// VisitPayload is that of a registration at reception, and of what became of it.
	VisitPayload = Payload[*db.Visit]
	// ShiftSwapPayload is that of a swap of shifts.
	ShiftSwapPayload = Payload[*db.ShiftSwap]
)

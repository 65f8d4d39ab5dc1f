package quality

// Kinds of events. They are part of what integrators rely on: docs/integrator.md says
// of each when it is written. One that was released keeps its name and its meaning.
const (
	EventCaseOpened       = "case.opened"
	EventCaseImported     = "case.imported"
	EventCaseAcknowledged = "case.acknowledged"
	EventCaseContained    = "case.contained"
	EventCaseDispatched   = "case.dispatched"
	EventCaseAccepted     = "case.accepted"
	EventCaseRefused      = "case.refused"
	EventCaseReturned     = "case.returned"
	EventCaseMoved        = "case.moved"
	EventCaseAssigned     = "case.assigned"
	EventCaseHeld         = "case.held"
	EventCaseContinued    = "case.continued"
	EventCaseRevised      = "case.revised"
	EventCaseEntryAdded   = "case.entryAdded"
	EventCaseDecided      = "case.decided"
	EventCaseReplied      = "case.replied"
	EventCaseResolved     = "case.resolved"
	EventCaseFollowedUp   = "case.followedUp"
	EventCaseClosed       = "case.closed"
	EventCaseReopened     = "case.reopened"
	EventCaseMerged       = "case.merged"
	EventCaseMergedFrom   = "case.mergedFrom"
	EventCaseSplit        = "case.split"
	EventCaseLinked       = "case.linked"

	EventCaseClassified = "case.classified"

	EventCaseReferred        = "case.referred"
	EventCaseAssessed        = "case.assessed"
	EventCaseReported        = "case.reported"
	EventCaseCommended       = "case.commended"
	EventCaseMeasuresChanged = "case.measuresChanged"

	EventMeasurePlanned   = "measure.planned"
	EventMeasureCompleted = "measure.completed"
	EventMeasureVerified  = "measure.verified"
	EventMeasureCancelled = "measure.cancelled"

	EventTeachingCaseSelected = "teachingCase.selected"
	EventTeachingCaseRevised  = "teachingCase.revised"
	EventTeachingCaseTrained  = "teachingCase.trained"
	EventTrainingRecorded     = "training.recorded"

	EventCaseArchived = "case.archived"
	EventArchiveFiled = "archive.filed"

	EventCaseInvestigated         = "case.investigated"
	EventCaseCompensated          = "case.compensated"
	EventCaseCompensationAsked    = "case.compensationAsked"
	EventCaseCompensationApproved = "case.compensationApproved"
	EventCaseCompensationDeclined = "case.compensationDeclined"

	EventConductProposed  = "conduct.proposed"
	EventConductWithdrawn = "conduct.withdrawn"

	EventAttachmentAdded  = "attachment.added"
	EventAttachmentErased = "attachment.erased"

	EventCaseTasksChanged = "case.tasksChanged"

	EventTaskAdded     = "task.added"
	EventTaskAccepted  = "task.accepted"
	EventTaskCompleted = "task.completed"
	EventTaskCancelled = "task.cancelled"

	EventTopicCreated = "topic.created"
	EventTopicUpdated = "topic.updated"
	EventCauseCreated = "cause.created"
	EventCauseUpdated = "cause.updated"

	EventCustomerRegistered = "customer.registered"
	EventCustomerUpdated    = "customer.updated"

	EventCustomerRevealed = "customer.revealed"
	EventCustomerMerged   = "customer.merged"
	// EventCustomerContacted says that somebody was in touch with the customer, or tried to.
	EventCustomerContacted = "customer.contacted"

	EventCustomerReassigned = "customer.reassigned"

	EventCustomerExported = "customer.exported"
	EventCustomerErased   = "customer.erased"
	EventCaseErased       = "case.erased"

	EventConsentRecorded = "customer.consentRecorded"

	EventCaseCustomerChanged = "case.customerChanged"

	EventContactPointAdded    = "customer.contactPointAdded"
	EventContactPointVerified = "customer.contactPointVerified"
	EventContactPointRemoved  = "customer.contactPointRemoved"

	EventShiftPlanned    = "shift.planned"
	EventShiftReassigned = "shift.reassigned"
	EventShiftCancelled  = "shift.cancelled"
	EventSwapRequested   = "swap.requested"
	EventSwapAgreed      = "swap.agreed"
	EventSwapRefused     = "swap.refused"

	EventVisitRegistered  = "visit.registered"
	EventVisitNoCustomer  = "visit.noCustomer"
	EventExtraTurnAgreed  = "visit.extraTurnAgreed"
	EventExtraTurnRefused = "visit.extraTurnRefused"

	EventInspectionStarted   = "inspection.started"
	EventInspectionAnswered  = "inspection.answered"
	EventInspectionCompleted = "inspection.completed"
	EventInspectionDue       = "inspection.due"
	EventInspectionMissed    = "inspection.missed"

	EventControlPlanCreated = "controlPlan.created"
	EventControlPlanChanged = "controlPlan.changed"
	EventControlPlanRetired = "controlPlan.retired"
	EventControlPlanPlanned = "controlPlan.planned"

	EventChartBaselineSet       = "chart.baselineSet"
	EventChartAlarm             = "chart.alarm"
	EventChartAlarmAcknowledged = "chart.alarmAcknowledged"

	EventAppraisalRun      = "appraisal.run"
	EventAppraisalApproved = "appraisal.approved"
	EventSchemeCreated     = "scheme.created"

	EventChecklistPublished = "checklist.published"
	EventChecklistWithdrawn = "checklist.withdrawn"

	EventPluginRegistered = "plugin.registered"
	EventPluginPinned     = "plugin.pinned"
	EventPluginReloaded   = "plugin.reloaded"
	EventPluginDisabled   = "plugin.disabled"

	EventSiteCreated       = "site.created"
	EventDepartmentCreated = "department.created"
	EventStaffCreated      = "staff.created"

	EventCaseDeadlineMoved          = "case.deadlineMoved"
	EventCaseReplanned              = "case.replanned"
	EventCaseDeadlineWarned         = "case.deadlineWarned"
	EventCaseDeadlineMissed         = "case.deadlineMissed"
	EventCaseEscalated              = "case.escalated"
	EventCaseEscalationAcknowledged = "case.escalationAcknowledged"
	EventCasePromised               = "case.promised"
	EventCasePromiseKept            = "case.promiseKept"

	EventAbsenceSet   = "absence.set"
	EventAbsenceEnded = "absence.ended"

	EventDeadlinePolicyCreated = "deadlinePolicy.created"
	EventDeadlinePolicyRevised = "deadlinePolicy.revised"
	EventDeadlinePolicyRetired = "deadlinePolicy.retired"
	EventDeadlinePolicyMoved   = "deadlinePolicy.moved"

	EventCalendarCreated  = "calendar.created"
	EventCalendarUpdated  = "calendar.updated"
	EventCalendarAssigned = "calendar.assigned"

	EventTokenRevoked = "token.revoked"
)

package relay

import "github.com/seed-34fcb60d/rounds/ent/db"

// SiteConnection and the others are the pages of the API's lists, by their names in
// the schema.
type (
	SiteConnection            = Connection[db.Site]
	SiteEdge                  = Edge[db.Site]
	DepartmentConnection      = Connection[db.Department]
	DepartmentEdge            = Edge[db.Department]
	StaffConnection           = Connection[db.Staff]
	StaffEdge                 = Edge[db.Staff]
	CalendarConnection        = Connection[db.Calendar]
	CalendarEdge              = Edge[db.Calendar]
	CustomerConnection        = Connection[db.Customer]
	CustomerEdge              = Edge[db.Customer]
	CaseConnection            = Connection[db.ServiceCase]
	CaseEdge                  = Edge[db.ServiceCase]
	CaseEntryConnection       = Connection[db.CaseEntry]
	CaseEntryEdge             = Edge[db.CaseEntry]
	CaseTaskConnection        = Connection[db.CaseTask]
	CaseTaskEdge              = Edge[db.CaseTask]
	TopicConnection           = Connection[db.Topic]
	TopicEdge                 = Edge[db.Topic]
	CauseConnection           = Connection[db.Cause]
	CauseEdge                 = Edge[db.Cause]
	ChecklistConnection       = Connection[db.ChecklistVersion]
	ChecklistEdge             = Edge[db.ChecklistVersion]
	PluginConnection          = Connection[db.Plugin]
	PluginEdge                = Edge[db.Plugin]
	InspectionConnection      = Connection[db.Inspection]
	InspectionEdge            = Edge[db.Inspection]
	AppraisalConnection       = Connection[db.Appraisal]
	AppraisalEdge             = Edge[db.Appraisal]
	AppraisalSchemeConnection = Connection[db.AppraisalScheme]
	AppraisalSchemeEdge       = Edge[db.AppraisalScheme]
	ShiftConnection           = Connection[db.Shift]
	ShiftEdge                 = Edge[db.Shift]
	ShiftSwapConnection       = Connection[db.ShiftSwap]
	ShiftSwapEdge             = Edge[db.ShiftSwap]
)

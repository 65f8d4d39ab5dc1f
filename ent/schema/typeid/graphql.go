package typeid

import "io"

// gqlgen looks for these methods on a type itself, not on what it embeds.

func (id SiteID) MarshalGQL(w io.Writer)             { id.ID.MarshalGQL(w) }
func (id DepartmentID) MarshalGQL(w io.Writer)       { id.ID.MarshalGQL(w) }
func (id StaffID) MarshalGQL(w io.Writer)            { id.ID.MarshalGQL(w) }
func (id CustomerID) MarshalGQL(w io.Writer)         { id.ID.MarshalGQL(w) }
func (id CaseID) MarshalGQL(w io.Writer)             { id.ID.MarshalGQL(w) }
func (id CaseEntryID) MarshalGQL(w io.Writer)        { id.ID.MarshalGQL(w) }
func (id PluginID) MarshalGQL(w io.Writer)           { id.ID.MarshalGQL(w) }
func (id ChecklistVersionID) MarshalGQL(w io.Writer) { id.ID.MarshalGQL(w) }
func (id InspectionID) MarshalGQL(w io.Writer)       { id.ID.MarshalGQL(w) }
func (id AnswerID) MarshalGQL(w io.Writer)           { id.ID.MarshalGQL(w) }
func (id FindingID) MarshalGQL(w io.Writer)          { id.ID.MarshalGQL(w) }
func (id SchemeID) MarshalGQL(w io.Writer)           { id.ID.MarshalGQL(w) }
func (id IndicatorID) MarshalGQL(w io.Writer)        { id.ID.MarshalGQL(w) }
func (id AppraisalID) MarshalGQL(w io.Writer)        { id.ID.MarshalGQL(w) }

func (id *SiteID) UnmarshalGQL(v any) error             { return id.ID.UnmarshalGQL(v) }
func (id *DepartmentID) UnmarshalGQL(v any) error       { return id.ID.UnmarshalGQL(v) }
func (id *StaffID) UnmarshalGQL(v any) error            { return id.ID.UnmarshalGQL(v) }
func (id *CustomerID) UnmarshalGQL(v any) error         { return id.ID.UnmarshalGQL(v) }
func (id *CaseID) UnmarshalGQL(v any) error             { return id.ID.UnmarshalGQL(v) }
func (id *CaseEntryID) UnmarshalGQL(v any) error        { return id.ID.UnmarshalGQL(v) }
func (id *PluginID) UnmarshalGQL(v any) error           { return id.ID.UnmarshalGQL(v) }
func (id *ChecklistVersionID) UnmarshalGQL(v any) error { return id.ID.UnmarshalGQL(v) }
func (id *InspectionID) UnmarshalGQL(v any) error       { return id.ID.UnmarshalGQL(v) }
func (id *AnswerID) UnmarshalGQL(v any) error           { return id.ID.UnmarshalGQL(v) }
func (id *FindingID) UnmarshalGQL(v any) error          { return id.ID.UnmarshalGQL(v) }
func (id *SchemeID) UnmarshalGQL(v any) error           { return id.ID.UnmarshalGQL(v) }
func (id *IndicatorID) UnmarshalGQL(v any) error        { return id.ID.UnmarshalGQL(v) }
func (id *AppraisalID) UnmarshalGQL(v any) error        { return id.ID.UnmarshalGQL(v) }

package graph_test

import (
	"slices"
	"strings"
	"testing"
)

// whoSeesWhat is the whole policy of reading, for the company of the tests.
//
// Viewers are members of its staff (see company.organisation): the clerk; the team
// lead of the front desk, who also oversees the beds; the manager of the rooms,
// which are the department above both; the manager of the hotel; the officer for
// quality; human resources; the executive; the administrator; and of the mall the
// seller at the till and the team lead of the floor, which is above the till. Then
// programs, by what their tokens name: everything; everything of the hotel; cases;
// organisation and customers; inspections, checklists and appraisals. Last the
// clerk by a token for cases, and the administrator by one for operations.
const whoSeesWhat = `
cl le ma si of hr ex ad se fl  pr ho ca pe co  cc ap
x  x  x  x  x  x  x  x  .  .   x  x  .  x  .   .  .   site hotel
.  .  .  .  x  x  x  x  x  x   x  .  .  x  .   .  .   site mall
x  x  x  x  x  x  x  x  .  .   x  x  .  x  .   .  .   department rooms, department front, department beds, department food
.  .  .  .  x  x  x  x  x  x   x  .  .  x  .   .  .   department floor, department till
x  x  x  x  x  x  x  x  .  .   x  x  .  x  .   .  .   staff clerk, staff maid, staff lead, staff manager, staff sitemanager
x  x  x  x  x  x  x  x  .  .   x  x  .  x  .   .  .   staff cook, staff officer, staff hr, staff executive, staff admin
.  .  .  .  x  x  x  x  x  x   x  .  .  x  .   .  .   staff seller, staff floorlead
x  x  x  x  x  x  x  x  .  .   x  x  .  x  .   .  .   calendar always, calendar day
.  .  .  .  x  x  x  x  x  x   x  .  .  x  .   .  .   calendar shopping
x  x  x  x  x  x  x  x  .  .   x  x  .  x  .   .  .   absence clerk, absence cook
.  .  .  .  x  x  x  x  x  x   x  .  .  x  .   .  .   absence seller

x  x  x  x  x  x  x  x  x  x   x  x  .  x  .   .  .   policy everywhere, for all sites, policy old, that is retired
x  x  x  x  x  x  x  x  .  .   x  x  .  x  .   .  .   policy hotel, for that site
.  .  .  .  x  x  x  x  .  .   x  .  .  x  .   .  .   event of policy everywhere, event of policy old: of no site

x  x  x  x  x  .  x  x  .  .   x  x  .  x  .   .  .   customer guest, consent guest, owner guest, attempt guest, contact guest phone, contact guest email, of the clerk at the front desk, with a case
x  x  x  x  .  .  x  x  .  .   x  x  .  x  .   .  .   customer double, contact double phone, contact double email, of the clerk, merged into the guest
.  .  .  x  .  .  x  x  .  .   x  x  .  x  .   .  .   customer diner, consent diner, owner diner, attempt diner, contact diner phone, contact diner email, of the cook, without a case
.  .  .  .  x  .  x  x  x  x   x  .  .  x  .   .  .   customer shopper, consent shopper, owner shopper, attempt shopper, contact shopper phone, contact shopper email, of the seller, with a case at the mall
x  x  x  x  x  .  x  x  x  x   x  x  .  x  .   .  .   customer visitor, consent visitor, owner visitor, attempt visitor, contact visitor phone, contact visitor email, of the seller, with a case dispatched to the clerk
.  x  x  x  .  .  x  x  .  .   .  .  .  .  .   .  .   disclosure guest: for those who answer for where the customer belongs
.  .  .  .  .  .  x  x  .  x   .  .  .  .  .   .  .   disclosure shopper, disclosure visitor

x  x  x  x  x  x  x  x  .  .   x  x  .  x  .   .  .   shift clerk, shift lead, shift cook, swap asked, swap agreed
.  .  .  .  x  x  x  x  x  x   x  .  .  x  .   .  .   shift seller, swap mall

x  x  x  x  .  .  x  x  .  .   x  x  .  x  .   .  .   visit walkin, visit asked, both served by the clerk at the front desk
x  .  .  x  x  .  x  x  .  .   x  x  .  x  .   .  .   visit call, which the officer took and the cook served, of a customer whom the clerk owns
.  .  .  .  .  .  x  x  x  x   x  .  .  x  .   .  .   visit mall
.  .  .  x  x  .  x  x  .  .   x  x  .  x  .   .  .   event of visit call: not for who owns the relation

x  .  .  x  x  .  x  x  .  .   x  x  x  .  .   x  .   case open, entry open note, attachment open, entry open correction, entry open planned, entry open absence, deadline open, deadline promise, segment open, escalation open
x  x  x  x  x  .  x  x  .  .   x  x  x  .  .   x  .   case dispatched to the clerk, entry dispatched note, attachment dispatched, entry dispatched step, handover dispatched, archive dispatched
.  x  x  x  x  .  x  x  .  .   x  x  x  .  .   .  .   case accepted by the maid, entry accepted note, attachment accepted, handover accepted, deadline mats
x  x  x  x  x  .  x  x  .  .   x  x  x  .  .   x  .   measure mats of the case accepted, which the clerk carries out
x  x  x  x  x  .  x  x  .  .   x  x  x  .  .   x  .   case resolved by the cook, entry resolved note, attachment resolved, followup resolved, link resolved, entry resolved copy, investigation first, investigation second, compensation voucher, task wash of the front desk, task dust of the front desk, measure rail, deadline rail
.  x  x  x  x  .  x  x  .  .   x  x  x  .  .   .  .   case finding of the officer at the front desk, entry finding note, attachment finding
.  .  .  .  x  .  x  x  x  x   x  .  x  .  .   .  .   case closed by the seller, entry closed note, attachment closed, link closed, handover closed, followup closed, investigation shop, task count, measure shelf, deadline shelf, case praised, entry praised note, attachment praised
.  .  .  .  x  .  x  x  .  x   x  .  x  .  .   .  .   case pushed by a program to the mall and escalated to the lead of the floor, entry pushed note, attachment pushed, entry pushed alert, task off: cancelled, asked of the seller, deadline pushed, segment pushed, escalation pushed

x  x  x  x  x  x  x  x  .  .   x  x  x  .  .   x  .   topic service, topic waiting, cause lift of the hotel, teaching lift, training lift: for everybody there
.  .  .  .  x  .  x  x  x  x   x  .  x  .  .   .  .   topic stock of the mall, topic goods, teaching stock, training stock
x  x  x  x  x  x  x  x  x  x   x  x  x  .  .   x  .   cause people, cause training: the company's

x  x  x  x  x  .  x  x  .  .   x  x  .  .  x   .  .   inspection desk, in which the clerk was observed, answer desk, choice desk, choices desk, number desk, duration desk, text desk, photo desk, signature desk, finding desk
x  .  .  x  x  .  x  x  .  .   x  x  .  .  x   .  .   inspection kitchen by the cook and the clerk, answer kitchen, answer rival
.  .  .  .  x  .  x  x  x  x   x  .  .  .  x   .  .   inspection shop by the seller, answer shop, finding shop
.  x  x  x  x  .  x  x  .  .   x  x  .  .  x   .  .   baseline desk, alarm desk: for who answers for the department, not for who was observed
.  .  .  .  x  .  x  x  .  x   x  .  .  .  x   .  .   baseline shop, alarm shop

x  x  x  x  x  .  x  x  .  .   x  x  .  .  x   .  .   plan desk, for the staff of the front desk, planned desk
.  .  .  x  x  .  x  x  .  .   x  x  .  .  x   .  .   plan kitchen, for the cook, planned kitchen
.  .  .  .  x  .  x  x  x  x   x  .  .  .  x   .  .   plan shop, for the seller, planned shop, finding missed
.  x  x  x  x  .  x  x  .  .   x  x  .  .  x   .  .   event of plan desk, event of planned desk: not for who is meant by a role alone

x  x  x  x  x  x  x  x  x  x   x  x  .  .  x   .  .   checklist old, checklist new, scheme monthly, indicator score
.  .  .  .  .  .  .  x  .  .   .  .  .  .  .   .  x   plugin desk, release desk

x  x  x  x  .  x  x  x  .  .   x  x  .  .  x   .  .   appraisal clerk
.  .  .  x  .  x  x  x  .  .   x  x  .  .  x   .  .   appraisal cook
.  .  .  .  .  x  x  x  x  x   x  .  .  .  x   .  .   appraisal seller

.  .  .  x  .  x  x  x  .  .   x  x  .  .  x   .  .   proposal cook
.  .  .  .  .  x  x  x  .  x   x  .  .  .  x   .  .   proposal seller, which the seller does not see

x  x  x  x  .  .  x  x  .  .   x  x  .  x  .   .  .   event of customer guest: by where the customer belongs, not by cases
.  .  .  x  .  .  x  x  .  .   x  x  .  x  .   .  .   event of customer diner
.  .  .  .  x  .  x  x  .  .   x  .  x  .  .   .  .   event of case pushed: it was opened before it was escalated
.  .  .  x  x  .  x  x  .  .   x  x  x  .  .   .  .   event of case resolved: who helps is told of the tasks
.  .  .  x  x  .  x  x  .  .   x  x  x  .  .   .  .   event of topic service, event of teaching lift: for who sees all of its site
.  .  .  .  x  .  x  x  .  .   x  .  x  .  .   .  .   event of topic stock, event of topic goods, event of cause people
.  .  .  x  x  .  x  x  .  .   x  x  .  .  x   .  .   event of inspection kitchen
.  .  .  .  .  .  x  x  x  x   x  .  .  x  .   .  .   event of customer shopper, event of customer visitor
`

// viewers are the columns of whoSeesWhat.
var viewers = []string{
	"clerk", "lead", "manager", "sitemanager", "officer", "hr", "executive", "admin", "seller", "floorlead",
	"program", "hotel's", "cases", "people", "controls", "clerk/cases", "admin/operations",
}

// limited are the types of which viewers may read whose tokens name only a few. All
// others may read of every type, but for plugins, which are the administrator's.
var limited = map[string][]string{
	"cases":            {"Case", "CaseTask", "CaseMeasure", "Topic", "Cause", "TeachingCase", "Training"},
	"people":           {"Site", "Department", "Staff", "Calendar", "DeadlinePolicy", "Customer", "Shift", "ShiftSwap", "Visit"},
	"controls":         {"Inspection", "ControlPlan", "PlannedInspection", "ChartBaseline", "ChartAlarm", "Checklist", "AppraisalScheme", "Appraisal", "ConductProposal"},
	"clerk/cases":      {"Case", "CaseTask", "CaseMeasure", "Topic", "Cause", "TeachingCase", "Training"},
	"admin/operations": {"Plugin"},
}

// mayList reports whether a viewer may ask for the list of all records of a type,
// whether or not there is one to be seen.
func mayList(viewer, typeName string) bool {
	if some, is := limited[viewer]; is {
		return slices.Contains(some, typeName)
	}
	return typeName != "Plugin" || viewer == "admin" || viewer == "system"
}

// visibility says by viewer which records, and which events of records, are to be
// seen. Events have rows of their own only where they differ from their record.
type visibility map[string]map[string]bool

func (v visibility) sees(viewer, name string) bool { return viewer == "system" || v[viewer][name] }

func (v visibility) hears(viewer, subject string) bool {
	if row, differs := v[viewer]["event of "+subject]; differs {
		return viewer == "system" || row
	}
	return v.sees(viewer, subject)
}

// policy reads whoSeesWhat. What a row says about its records after their names is
// for people.
func policy(t testing.TB, c *company) visibility {
	t.Helper()
	v := visibility{"system": {}}
	for _, viewer := range viewers {
		v[viewer] = map[string]bool{}
	}
	told := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(whoSeesWhat), "\n")[1:] {
		cells := strings.Fields(line)
		if len(cells) == 0 {
			continue
		}
		row := strings.Join(cells[len(viewers):], " ")
		for _, part := range strings.Split(row, ", ") {
			name := c.named(part)
			told[name]++
			for n, viewer := range viewers {
				v[viewer][name] = cells[n] == "x"
			}
		}
	}
	for _, name := range c.names {
		if told[name] != 1 {
			t.Errorf("the table tells %d times who sees %s", told[name], name)
		}
	}
	return v
}

// named returns the record, or event of a record, that a text begins with; the text
// itself where there is none.
func (c *company) named(text string) string {
	text, event := strings.CutPrefix(text, "event of ")
	best := ""
	for _, name := range c.names {
		if len(name) > len(best) && strings.HasPrefix(text+" ", name+" ") || strings.HasPrefix(text, name+":") {
			best = name
		}
	}
	if best != "" && event {
		return "event of " + best
	}
	return best
}

// kindOf is the first word of a record's name.
func kindOf(name string) string {
	kind, _, _ := strings.Cut(name, " ")
	return kind
}

// types are the types of the API by the kinds of the company's records.
var types = map[string]string{
	"site": "Site", "department": "Department", "staff": "Staff", "calendar": "Calendar", "customer": "Customer", "contact": "ContactPoint", "case": "Case", "entry": "CaseEntry",
	"handover": "HandOver", "attachment": "Attachment", "archive": "CaseArchive", "teaching": "TeachingCase", "training": "Training", "followup": "CaseFollowUp", "link": "CaseLink",
	"disclosure": "Disclosure", "consent": "Consent", "owner": "OwnerChange", "attempt": "ContactAttempt",
	"plan": "ControlPlan", "planned": "PlannedInspection",
	"inspection": "Inspection", "answer": "YesNoAnswer", "finding": "Finding", "baseline": "ChartBaseline", "alarm": "ChartAlarm",
	"choice": "ChoiceAnswer", "choices": "MultipleChoiceAnswer", "number": "NumberAnswer", "duration": "DurationAnswer", "text": "TextAnswer",
	"photo": "PhotoAnswer", "signature": "SignatureAnswer", "checklist": "Checklist", "plugin": "Plugin", "release": "PluginVersion",
	"investigation": "CaseInvestigation", "compensation": "CaseCompensation", "proposal": "ConductProposal",
	"task": "CaseTask", "measure": "CaseMeasure", "topic": "Topic", "cause": "Cause",
	"policy": "DeadlinePolicy", "deadline": "Deadline", "segment": "ClockSegment", "escalation": "Escalation", "absence": "Absence",
	"scheme": "AppraisalScheme", "indicator": "Indicator", "appraisal": "Appraisal",
	"shift": "Shift", "swap": "ShiftSwap", "visit": "Visit",
}

// visibleOf returns the ids of the records of a type that a viewer sees, sorted.
func (c *company) visibleOf(v visibility, viewer, typeName string) []string {
	ids := []string{}
	for _, name := range c.names {
		if types[kindOf(name)] == typeName && v.sees(viewer, name) {
			ids = append(ids, c.ids[name])
		}
	}
	slices.Sort(ids)
	return ids
}

package rules

import (
	"slices"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
)

// CaseStep is something that is done to a case.
type CaseStep string

// The steps of a case, in the order in which most cases come to them.
const (
	Open            CaseStep = "OPEN"              // it is registered, or arises from a finding: the first, which nothing refuses
	Acknowledge     CaseStep = "ACKNOWLEDGE"       // the customer is told that the case has arrived
	Contain         CaseStep = "CONTAIN"           // an incident is kept from doing more harm
	Dispatch        CaseStep = "DISPATCH"          // triage offers it to the department responsible
	Accept          CaseStep = "ACCEPT"            // the offer is taken: somebody answers for it
	Refuse          CaseStep = "REFUSE"            // the offer is declined, with a reason
	Return          CaseStep = "RETURN"            // the offer was not taken in time
	Move            CaseStep = "MOVE"              // it is offered to another department, also after acceptance
	Assign          CaseStep = "ASSIGN"            // it is offered to a person of the department that has it
	Hold            CaseStep = "HOLD"              // work waits for somebody or something
	Continue        CaseStep = "CONTINUE"          // work goes on
	Revise          CaseStep = "REVISE"            // what was registered is put right
	AddTask         CaseStep = "ADD_TASK"          // another department has to contribute before it is resolved
	FinishTask      CaseStep = "FINISH_TASK"       // a required contribution is there, or no longer wanted
	Investigate     CaseStep = "INVESTIGATE"       // it is stated what was found, and whether it is justified
	Decide          CaseStep = "DECIDE"            // it is decided what the customer is given
	Reply           CaseStep = "REPLY"             // the customer is told the outcome
	Resolve         CaseStep = "RESOLVE"           // what had to be done is done
	FollowUp        CaseStep = "FOLLOW_UP"         // the customer was called, and it is not settled yet
	Agree           CaseStep = "AGREE"             // the customer was called, and says that it is solved
	Disagree        CaseStep = "DISAGREE"          // the customer was called, and says that it is not
	Close           CaseStep = "CLOSE"             // on the customer's word, or where none is needed
	CloseByDecision CaseStep = "CLOSE_BY_DECISION" // by a manager, without the customer's word
	Reopen          CaseStep = "REOPEN"            // it was not solved after all
	Merge           CaseStep = "MERGE"             // it is the same matter as another, in which it goes on
	Split           CaseStep = "SPLIT"             // a part of it becomes a case of its own
	Link            CaseStep = "LINK"              // it has to do with another
	Refer           CaseStep = "REFER"             // an inquiry is passed to a specialist, and the customer told so
	Assess          CaseStep = "ASSESS"            // it is said what a suggestion is about, and how much it matters
	Report          CaseStep = "REPORT"            // a suggestion is reported to management, or an incident to the quality office
	Commend         CaseStep = "COMMEND"           // it is said whom a commendation names
	AddMeasure      CaseStep = "ADD_MEASURE"       // it is planned what is done for good, and when its effect is verified
	VerifyMeasure   CaseStep = "VERIFY_MEASURE"    // a measure was found to have its effect
	DropMeasure     CaseStep = "DROP_MEASURE"      // a measure was found to have no effect, or is no longer wanted
	AddEntry        CaseStep = "ADD_ENTRY"         // a line is added to the timeline
	Classify        CaseStep = "CLASSIFY"          // it is said what it is about
	GivePromise     CaseStep = "PROMISE"           // the customer is promised something
	Compensate      CaseStep = "COMPENSATE"        // the customer is given something, or it is asked for
	Archive         CaseStep = "ARCHIVE"           // it is kept as it is for good
)

// CaseSteps lists the steps of a case that is there.
var CaseSteps = []CaseStep{Acknowledge, Contain, Dispatch, Accept, Refuse, Return, Move, Assign, Hold, Continue, Revise, AddTask, FinishTask,
	Investigate, Decide, Reply, Resolve, FollowUp, Agree, Disagree, Close, CloseByDecision, Reopen, Merge, Split, Link,
	Refer, Assess, Report, Commend, AddMeasure, VerifyMeasure, DropMeasure, AddEntry, Classify, GivePromise, Compensate, Archive}

// CaseState is a case as its course sees it.
type CaseState struct {
	Kind      servicecase.Kind
	Finding   bool // it arose from a finding of the company's own inspection
	Anonymous bool // nobody is known who could be answered or called
	Station   servicecase.Status

	Taken        bool // somebody has accepted it: an offer that comes to nothing leaves it with them
	Acknowledged bool // the customer has had a first response
	Held         bool // work waits
	Contained    bool // the incident can do no more harm
	Investigated bool // the investigation has its result
	CauseFound   bool // the investigation names the cause
	Decided      bool // it was decided what the customer is given
	Answered     bool // the customer was told the outcome, since it was opened or reopened
	Agreed       bool // the customer said in a follow-up that it is solved
	Merged       bool // it goes on in another case
	Assessed     bool // it was said how much the suggestion matters
	Important    bool // it matters so much that management decides
	Reported     bool // management knows of the suggestion, or the quality office of the incident
	Granted      bool // what was decided is not to decline it
	OpenTasks    int  // required contributions that are not there yet
	OpenMeasures int  // of which it is not known whether they have their effect
	Measures     int  // of the kind that its course asks for, and that have their effect as far as is known
	Recent       bool // it was closed so lately that who asks may not archive it yet
	Archived     bool // it is in the archive

	Reopened, Refused, Returned int // how often
}

// Obstacle is a reason why a step cannot be taken now.
type Obstacle string

// The obstacles.
const (
	WrongStation     Obstacle = "WRONG_STATION"     // the course has no such step at the station
	OtherKind        Obstacle = "OTHER_KIND"        // cases of the kind have no such step
	IsHeld           Obstacle = "IS_HELD"           // work has to go on first
	NotHeld          Obstacle = "NOT_HELD"          // it is not held
	IsAcknowledged   Obstacle = "IS_ACKNOWLEDGED"   // the customer has had a first response
	IsMerged         Obstacle = "IS_MERGED"         // it goes on in another case
	TasksOpen        Obstacle = "TASKS_OPEN"        // required tasks are not finished
	NoTaskOpen       Obstacle = "NO_TASK_OPEN"      // there is none to finish
	NotContained     Obstacle = "NOT_CONTAINED"     // nobody said how the incident was contained
	NotInvestigated  Obstacle = "NOT_INVESTIGATED"  // the investigation has no result
	CauseNotFound    Obstacle = "CAUSE_NOT_FOUND"   // the investigation names no cause
	NotDecided       Obstacle = "NOT_DECIDED"       // it is not decided what the customer is given
	NotAnswered      Obstacle = "NOT_ANSWERED"      // the customer does not know the outcome
	NotAgreed        Obstacle = "NOT_AGREED"        // no follow-up in which the customer agreed
	NobodyToTell     Obstacle = "NOBODY_TO_TELL"    // there is no customer who could be told or called
	DecisionRequired Obstacle = "DECISION_REQUIRED" // only a manager's decision closes it
	NotAssessed      Obstacle = "NOT_ASSESSED"      // nobody said how much the suggestion matters
	NotReported      Obstacle = "NOT_REPORTED"      // management, or the quality office, does not know of it
	IsDecided        Obstacle = "IS_DECIDED"        // it is decided on the suggestion already
	NotPlanned       Obstacle = "NOT_PLANNED"       // no measure prevents that it happens again, or carries the suggestion out
	NotVerified      Obstacle = "NOT_VERIFIED"      // it is not known whether its measures have their effect
	MeasuresOpen     Obstacle = "MEASURES_OPEN"     // measures are neither verified nor cancelled
	NoMeasureOpen    Obstacle = "NO_MEASURE_OPEN"   // there is none to verify
	TooEarly         Obstacle = "TOO_EARLY"         // it was closed too lately to be archived
	IsArchived       Obstacle = "IS_ARCHIVED"       // it is in the archive
)

// need is something that must have happened before a step.
type need struct {
	obstacle Obstacle // if it has not
	met      func(CaseState) bool
}

var (
	contained    = need{NotContained, func(s CaseState) bool { return s.Contained }}
	investigated = need{NotInvestigated, func(s CaseState) bool { return s.Investigated }}
	causeFound   = need{CauseNotFound, func(s CaseState) bool { return s.CauseFound }}
	decided      = need{NotDecided, func(s CaseState) bool { return s.Decided }}
	answered     = need{NotAnswered, func(s CaseState) bool { return s.Answered || s.Anonymous }}
	agreed       = need{NotAgreed, func(s CaseState) bool { return s.Agreed || s.Anonymous }}
	named        = need{DecisionRequired, func(s CaseState) bool { return !s.Anonymous }}
	ruled        = need{DecisionRequired, func(CaseState) bool { return false }}
	unheard      = need{IsAcknowledged, func(s CaseState) bool { return !s.Acknowledged }}
	incident     = ofKind(servicecase.KindINCIDENT)
	suggestion   = ofKind(servicecase.KindSUGGESTION)
	inquiry      = ofKind(servicecase.KindINQUIRY)
	commendation = ofKind(servicecase.KindCOMMENDATION)
	reportable   = ofKind(servicecase.KindSUGGESTION, servicecase.KindINCIDENT)
	assessed     = need{NotAssessed, func(s CaseState) bool { return s.Assessed }}
	known        = need{NotReported, func(s CaseState) bool { return s.Reported }}
	knownAbove   = need{NotReported, func(s CaseState) bool { return s.Reported || !s.Important }}
	undecided    = need{IsDecided, func(s CaseState) bool { return !s.Decided }}
	prevented    = need{NotPlanned, func(s CaseState) bool { return s.Measures > 0 }}
	carriedOut   = need{NotPlanned, func(s CaseState) bool { return s.Measures > 0 || !s.Granted }}
	verified     = need{NotVerified, func(s CaseState) bool { return s.Measures > 0 && s.OpenMeasures == 0 }}
	measureOpen  = need{NoMeasureOpen, func(s CaseState) bool { return s.OpenMeasures > 0 }}
	measuresDone = need{MeasuresOpen, func(s CaseState) bool { return s.OpenMeasures == 0 }}
	running      = need{IsHeld, func(s CaseState) bool { return !s.Held }}
	held         = need{NotHeld, func(s CaseState) bool { return s.Held }}
	taskOpen     = need{NoTaskOpen, func(s CaseState) bool { return s.OpenTasks > 0 }}
	tasksDone    = need{TasksOpen, func(s CaseState) bool { return s.OpenTasks == 0 }}
	reported     = need{NobodyToTell, func(s CaseState) bool { return !s.Finding }}
	reachable    = need{NobodyToTell, func(s CaseState) bool { return !s.Finding && !s.Anonymous }}
	unmerged     = need{IsMerged, func(s CaseState) bool { return !s.Merged }}
	settled      = need{TooEarly, func(s CaseState) bool { return !s.Recent }}
	unarchived   = need{IsArchived, func(s CaseState) bool { return !s.Archived }}
)

// ofKind asks for a case of one of the kinds.
func ofKind(kinds ...servicecase.Kind) need {
	return need{OtherKind, func(s CaseState) bool { return slices.Contains(kinds, s.Kind) }}
}

// course is what cases of a kind must have gone through.
type course struct {
	resolve []need
	close   []need
	atOnce  bool // who received it may resolve it without handing it over
}

// courses are those of cases that customers and staff report.
var courses = map[servicecase.Kind]course{
	servicecase.KindCOMPLAINT:       {resolve: []need{investigated, answered}, close: []need{agreed, named}},
	servicecase.KindSUGGESTION:      {resolve: []need{decided, carriedOut}, close: []need{answered}},
	servicecase.KindINQUIRY:         {resolve: []need{answered}, atOnce: true},
	servicecase.KindCOMMENDATION:    {atOnce: true},
	servicecase.KindINCIDENT:        {resolve: []need{contained, known, causeFound, prevented}, close: []need{verified, agreed, named}},
	servicecase.KindRETURN_EXCHANGE: {resolve: []need{decided, answered}, close: []need{agreed, named}},
	servicecase.KindREPAIR:          {close: []need{agreed, named}},
}

// ofFinding is the course of a case that arose from a finding of an inspection: the
// finding says what is wrong, and somebody with authority says that it is right now.
var ofFinding = course{close: []need{ruled}}

func (s CaseState) course() course {
	if s.Finding {
		return ofFinding
	}
	return courses[s.Kind]
}

// rule says at which stations a step is taken, what it needs and what it does.
type rule struct {
	at []servicecase.Status
	// inHand: at the station OPEN only cases of kinds that are settled at once have
	// the step; the others have to be accepted first.
	inHand bool
	needs  func(CaseState) []need
	do     func(*CaseState) // to a state in which nothing is in the way
}

// The stations of a case.
const (
	open       = servicecase.StatusOPEN
	dispatched = servicecase.StatusDISPATCHED
	accepted   = servicecase.StatusACCEPTED
	resolved   = servicecase.StatusRESOLVED
	closed     = servicecase.StatusCLOSED
)

func at(stations ...servicecase.Status) []servicecase.Status { return stations }

var anywhere = at(open, dispatched, accepted, resolved, closed)

// caseRules are the rules of the steps.
var caseRules = map[CaseStep]rule{
	Acknowledge: {at: at(open, dispatched, accepted), needs: always(unheard, reported), do: func(s *CaseState) { s.Acknowledged = true }},
	Contain:     {at: at(open, dispatched, accepted), needs: always(incident), do: func(s *CaseState) { s.Contained = true }},
	Dispatch:    {at: at(open, dispatched), needs: always(running), do: func(s *CaseState) { s.Station = dispatched }},
	Accept:      {at: at(dispatched), do: func(s *CaseState) { s.Station, s.Taken = accepted, true }},
	Refuse:      {at: at(dispatched), do: func(s *CaseState) { s.Station, s.Refused = s.back(), s.Refused+1 }},
	Return:      {at: at(dispatched), do: func(s *CaseState) { s.Station, s.Returned = s.back(), s.Returned+1 }},
	Move:        {at: at(dispatched, accepted), needs: always(running), do: func(s *CaseState) { s.Station = dispatched }},
	Assign:      {at: at(dispatched, accepted), needs: always(running), do: func(s *CaseState) { s.Station = dispatched }},
	Hold:        {at: at(open, accepted), needs: always(running), do: func(s *CaseState) { s.Held = true }},
	Continue:    {at: at(open, accepted), needs: always(held), do: func(s *CaseState) { s.Held = false }},
	Revise:      {at: at(open, dispatched, accepted, resolved), do: func(*CaseState) {}},
	AddTask:     {at: at(open, dispatched, accepted), do: func(s *CaseState) { s.OpenTasks++ }},
	FinishTask:  {at: at(open, dispatched, accepted), needs: always(taskOpen), do: func(s *CaseState) { s.OpenTasks-- }},
	Investigate: {at: at(accepted, resolved), do: func(s *CaseState) { s.Investigated, s.CauseFound = true, true }},
	Decide:      {at: at(accepted), needs: CaseState.beforeDecision, do: func(s *CaseState) { s.Decided = true }},
	Reply:       {at: at(open, accepted, resolved), inHand: true, needs: always(reported), do: func(s *CaseState) { s.Answered, s.Acknowledged = true, true }},
	Resolve: {at: at(open, accepted), inHand: true, do: func(s *CaseState) { s.Station = resolved },
		needs: func(s CaseState) []need { return append([]need{running, tasksDone}, s.course().resolve...) }},
	FollowUp:        {at: at(resolved), needs: always(reachable), do: func(*CaseState) {}},
	Agree:           {at: at(resolved), needs: always(reachable), do: func(s *CaseState) { s.Agreed = true }},
	Disagree:        {at: at(resolved), needs: always(reachable), do: (*CaseState).reopen},
	Close:           {at: at(resolved), needs: func(s CaseState) []need { return s.course().close }, do: func(s *CaseState) { s.Station = closed }},
	CloseByDecision: {at: at(resolved), do: func(s *CaseState) { s.Station = closed }},
	Reopen:          {at: at(resolved, closed), needs: always(unmerged, unarchived), do: (*CaseState).reopen},
	Merge:           {at: at(open, dispatched, accepted, resolved), needs: always(tasksDone), do: func(s *CaseState) { s.Station, s.Merged, s.Held = closed, true, false }},
	Split:           {at: at(open, dispatched, accepted, resolved), do: func(*CaseState) {}},
	Link:            {at: anywhere, needs: always(unarchived), do: func(*CaseState) {}},
	Refer:           {at: at(open, dispatched, accepted), needs: always(inquiry, running), do: func(s *CaseState) { s.Station, s.Acknowledged = dispatched, true }},
	Assess:          {at: at(open, dispatched, accepted), needs: always(suggestion, undecided), do: func(s *CaseState) { s.Assessed = true }},
	Report:          {at: at(open, dispatched, accepted), needs: always(reportable), do: func(s *CaseState) { s.Reported = true }},
	Commend:         {at: anywhere, needs: always(commendation, unmerged, unarchived), do: func(*CaseState) {}},
	AddMeasure:      {at: at(accepted, resolved, closed), needs: always(unmerged, unarchived), do: func(s *CaseState) { s.OpenMeasures, s.Measures = s.OpenMeasures+1, s.Measures+1 }},
	VerifyMeasure:   {at: anywhere, needs: always(measureOpen), do: func(s *CaseState) { s.OpenMeasures-- }},
	DropMeasure:     {at: anywhere, needs: always(measureOpen), do: func(s *CaseState) { s.OpenMeasures, s.Measures = s.OpenMeasures-1, s.Measures-1 }},
	AddEntry:        {at: anywhere, needs: always(unmerged, unarchived), do: func(*CaseState) {}},
	Classify:        {at: anywhere, needs: always(unarchived), do: func(*CaseState) {}},
	GivePromise:     {at: at(open, dispatched, accepted, resolved), do: func(*CaseState) {}},
	Compensate:      {at: at(open, dispatched, accepted, resolved), do: func(*CaseState) {}},
	Archive:         {at: at(closed), needs: always(tasksDone, measuresDone, settled, unarchived), do: func(s *CaseState) { s.Archived = true }},
}

// beforeDecision is what a decision needs: on a suggestion, that it is known how much it
// matters, and that management knows of an important one.
func (s CaseState) beforeDecision() []need {
	if s.Kind != servicecase.KindSUGGESTION {
		return nil
	}
	return []need{assessed, knownAbove}
}

func always(needs ...need) func(CaseState) []need { return func(CaseState) []need { return needs } }

// back is where a case stands whose offer came to nothing: with who had it in hand.
func (s CaseState) back() servicecase.Status {
	if s.Taken {
		return accepted
	}
	return open
}

// reopen gives the case back to who resolved it. What was found still holds; the
// customer has to be answered and asked anew.
func (s *CaseState) reopen() {
	s.Station, s.Reopened = s.back(), s.Reopened+1
	s.Answered, s.Agreed = false, false
}

// Take returns the state that a step leads to. Where anything is in the way of the
// step, all of it is returned and the state is as before.
func (s CaseState) Take(step CaseStep) (CaseState, []Obstacle) {
	r, known := caseRules[step]
	early := r.inHand && s.Station == open && !s.course().atOnce
	if !known || early || !slices.Contains(r.at, s.Station) {
		return s, []Obstacle{WrongStation}
	}
	var obstacles []Obstacle
	if r.needs != nil {
		for _, n := range r.needs(s) {
			if !n.met(s) {
				obstacles = append(obstacles, n.obstacle)
			}
		}
	}
	if obstacles != nil {
		return s, obstacles
	}
	r.do(&s)
	return s, nil
}

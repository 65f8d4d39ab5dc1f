package rules_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

var update = flag.Bool("update", false, "write what docs/cases.md shows of the course of a case")

var kinds = []servicecase.Kind{servicecase.KindCOMPLAINT, servicecase.KindSUGGESTION, servicecase.KindINQUIRY, servicecase.KindCOMMENDATION,
	servicecase.KindINCIDENT, servicecase.KindRETURN_EXCHANGE, servicecase.KindREPAIR}

// course says where each step leads from each station, of a case in which nothing
// else is in the way and that nobody had accepted before it was dispatched. A kind
// after a colon limits it to cases of the kind.
const course = `
	                  OPEN                                     DISPATCHED           ACCEPTED          RESOLVED  CLOSED
	ACKNOWLEDGE       OPEN                                     DISPATCHED           ACCEPTED          -         -
	CONTAIN           OPEN:INCIDENT                            DISPATCHED:INCIDENT  ACCEPTED:INCIDENT -         -
	DISPATCH          DISPATCHED                               DISPATCHED           -                 -         -
	ACCEPT            -                                        ACCEPTED             -                 -         -
	REFUSE            -                                        OPEN                 -                 -         -
	RETURN            -                                        OPEN                 -                 -         -
	MOVE              -                                        DISPATCHED           DISPATCHED        -         -
	ASSIGN            -                                        DISPATCHED           DISPATCHED        -         -
	HOLD              OPEN                                     -                    ACCEPTED          -         -
	CONTINUE          OPEN                                     -                    ACCEPTED          -         -
	REVISE            OPEN                                     DISPATCHED           ACCEPTED          RESOLVED  -
	ADD_TASK          OPEN                                     DISPATCHED           ACCEPTED          -         -
	FINISH_TASK       OPEN                                     DISPATCHED           ACCEPTED          -         -
	INVESTIGATE       -                                        -                    ACCEPTED          RESOLVED  -
	DECIDE            -                                        -                    ACCEPTED          -         -
	REPLY             OPEN:INQUIRY,COMMENDATION                -                    ACCEPTED          RESOLVED  -
	RESOLVE           RESOLVED:INQUIRY,COMMENDATION            -                    RESOLVED          -         -
	FOLLOW_UP         -                                        -                    -                 RESOLVED  -
	AGREE             -                                        -                    -                 RESOLVED  -
	DISAGREE          -                                        -                    -                 ACCEPTED  -
	CLOSE             -                                        -                    -                 CLOSED    -
	CLOSE_BY_DECISION -                                        -                    -                 CLOSED    -
	REOPEN            -                                        -                    -                 ACCEPTED  ACCEPTED
	MERGE             CLOSED                                   CLOSED               CLOSED            CLOSED    -
	SPLIT             OPEN                                     DISPATCHED           ACCEPTED          RESOLVED  -
	LINK              OPEN                                     DISPATCHED           ACCEPTED          RESOLVED  CLOSED
	REFER             DISPATCHED:INQUIRY                       DISPATCHED:INQUIRY   DISPATCHED:INQUIRY -        -
	ASSESS            OPEN:SUGGESTION                          DISPATCHED:SUGGESTION ACCEPTED:SUGGESTION -      -
	REPORT            OPEN:SUGGESTION,INCIDENT                 DISPATCHED:SUGGESTION,INCIDENT ACCEPTED:SUGGESTION,INCIDENT - -
	COMMEND           OPEN:COMMENDATION                        DISPATCHED:COMMENDATION ACCEPTED:COMMENDATION RESOLVED:COMMENDATION CLOSED:COMMENDATION
	ADD_MEASURE       -                                        -                    ACCEPTED          RESOLVED  CLOSED
	VERIFY_MEASURE    OPEN                                     DISPATCHED           ACCEPTED          RESOLVED  CLOSED
	DROP_MEASURE      OPEN                                     DISPATCHED           ACCEPTED          RESOLVED  CLOSED
	ADD_ENTRY         OPEN                                     DISPATCHED           ACCEPTED          RESOLVED  CLOSED
	CLASSIFY          OPEN                                     DISPATCHED           ACCEPTED          RESOLVED  CLOSED
	PROMISE           OPEN                                     DISPATCHED           ACCEPTED          RESOLVED  -
	COMPENSATE        OPEN                                     DISPATCHED           ACCEPTED          RESOLVED  -
	ARCHIVE           -                                        -                    -                 -         CLOSED
	FORGET            -                                        -                    -                 -         -
`

// done is a case of a kind at a station for which everything was done that its course
// asks for.
func done(kind servicecase.Kind, at servicecase.Status) rules.CaseState {
	return rules.CaseState{Kind: kind, Station: at, Taken: at != servicecase.StatusOPEN && at != servicecase.StatusDISPATCHED,
		Contained: true, Investigated: true, CauseFound: true, Decided: true, Answered: true, Agreed: true,
		Assessed: true, Important: true, Reported: true, Granted: true, Measures: 1}
}

func TestStepsAtStations(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(course), "\n")
	stations := strings.Fields(rows[0])
	var told []rules.CaseStep
	for _, row := range rows[1:] {
		cells := strings.Fields(row)
		step := rules.CaseStep(cells[0])
		told = append(told, step)
		for n, cell := range cells[1:] {
			to, only, limited := strings.Cut(cell, ":")
			for _, kind := range kinds {
				s := done(kind, servicecase.Status(stations[n]))
				s.Held = step == rules.Continue
				switch step {
				case rules.FinishTask:
					s.OpenTasks = 1
				case rules.VerifyMeasure, rules.DropMeasure:
					s.OpenMeasures = 1
				case rules.Assess:
					s.Decided = false
				}
				next, obstacles := s.Take(step)
				leads := cell != "-" && (!limited || slices.Contains(strings.Split(only, ","), string(kind)))
				switch {
				case leads && (obstacles != nil || string(next.Station) != to):
					t.Errorf("%s of a %s that is %s leads to %s (%v), want %s", step, kind, s.Station, next.Station, obstacles, to)
				case !leads && (len(obstacles) != 1 || next != s):
					t.Errorf("%s of a %s that is %s leads to %+v (%v), want one obstacle", step, kind, s.Station, next, obstacles)
				}
			}
		}
	}
	if diff := cmp.Diff(append(slices.Clone(rules.CaseSteps), "FORGET"), told); diff != "" {
		t.Errorf("the table's steps (-want +got):\n%s", diff)
	}
	if _, obstacles := done(servicecase.KindCOMPLAINT, "LOST").Take(rules.Link); !slices.Equal(obstacles, []rules.Obstacle{rules.WrongStation}) {
		t.Errorf("at an unknown station: %v", obstacles)
	}
}

// What is missing is told as a whole, and with nothing but that missing the step is
// refused for it alone.
func TestWhatStepsNeed(t *testing.T) {
	type reporter int
	const (
		known reporter = iota
		anonymous
		inspector
	)
	facts := map[rules.Obstacle]func(*rules.CaseState){ // that do away with the obstacle, and back
		rules.NotContained:    func(s *rules.CaseState) { s.Contained = !s.Contained },
		rules.NotInvestigated: func(s *rules.CaseState) { s.Investigated = !s.Investigated },
		rules.CauseNotFound:   func(s *rules.CaseState) { s.CauseFound = !s.CauseFound },
		rules.NotDecided:      func(s *rules.CaseState) { s.Decided = !s.Decided },
		rules.NotAnswered:     func(s *rules.CaseState) { s.Answered = !s.Answered },
		rules.NotReported:     func(s *rules.CaseState) { s.Reported = !s.Reported },
		rules.NotPlanned:      func(s *rules.CaseState) { s.Measures = 0 },
		rules.NotVerified:     func(s *rules.CaseState) { s.OpenMeasures = 1 },
		rules.NotAgreed:       func(s *rules.CaseState) { s.Agreed = !s.Agreed },
	}
	byDecision := []rules.Obstacle{rules.DecisionRequired}
	for _, test := range []struct {
		kind     servicecase.Kind
		reporter reporter
		resolve  []rules.Obstacle
		close    []rules.Obstacle
	}{
		{servicecase.KindCOMPLAINT, known, []rules.Obstacle{rules.NotInvestigated, rules.NotAnswered}, []rules.Obstacle{rules.NotAgreed}},
		{servicecase.KindCOMPLAINT, anonymous, []rules.Obstacle{rules.NotInvestigated}, byDecision},
		{servicecase.KindSUGGESTION, known, []rules.Obstacle{rules.NotDecided}, []rules.Obstacle{rules.NotAnswered}},
		{servicecase.KindSUGGESTION, anonymous, []rules.Obstacle{rules.NotDecided}, nil},
		{servicecase.KindINQUIRY, known, []rules.Obstacle{rules.NotAnswered}, nil},
		{servicecase.KindINQUIRY, anonymous, nil, nil},
		{servicecase.KindCOMMENDATION, known, nil, nil},
		{servicecase.KindCOMMENDATION, anonymous, nil, nil},
		{servicecase.KindINCIDENT, known, []rules.Obstacle{rules.NotContained, rules.NotReported, rules.CauseNotFound, rules.NotPlanned}, []rules.Obstacle{rules.NotVerified, rules.NotAgreed}},
		{servicecase.KindINCIDENT, anonymous, []rules.Obstacle{rules.NotContained, rules.NotReported, rules.CauseNotFound, rules.NotPlanned}, append([]rules.Obstacle{rules.NotVerified}, byDecision...)},
		{servicecase.KindINCIDENT, inspector, nil, byDecision},
		{servicecase.KindRETURN_EXCHANGE, known, []rules.Obstacle{rules.NotDecided, rules.NotAnswered}, []rules.Obstacle{rules.NotAgreed}},
		{servicecase.KindRETURN_EXCHANGE, anonymous, []rules.Obstacle{rules.NotDecided}, byDecision},
		{servicecase.KindREPAIR, known, nil, []rules.Obstacle{rules.NotAgreed}},
		{servicecase.KindREPAIR, anonymous, nil, byDecision},
	} {
		for step, want := range map[rules.CaseStep][]rules.Obstacle{rules.Resolve: test.resolve, rules.Close: test.close} {
			station := map[rules.CaseStep]servicecase.Status{rules.Resolve: servicecase.StatusACCEPTED, rules.Close: servicecase.StatusRESOLVED}[step]
			bare := rules.CaseState{Kind: test.kind, Station: station, Taken: true, Anonymous: test.reporter == anonymous, Finding: test.reporter == inspector}
			if _, got := bare.Take(step); !slices.Equal(got, want) {
				t.Errorf("%s of %+v: %v, want %v", step, bare, got, want)
			}
			all := done(test.kind, station)
			all.Anonymous, all.Finding = bare.Anonymous, bare.Finding
			if _, got := all.Take(step); got != nil && !slices.Equal(got, byDecision) {
				t.Errorf("%s of %+v: %v, want nothing in the way", step, all, got)
			}
			for _, obstacle := range want {
				if facts[obstacle] == nil {
					continue
				}
				lacking := all
				facts[obstacle](&lacking)
				alone := slices.DeleteFunc(slices.Clone(want), func(o rules.Obstacle) bool { return o != obstacle && o != rules.DecisionRequired })
				if _, got := lacking.Take(step); !slices.Equal(got, alone) {
					t.Errorf("%s of %+v: %v, want %s alone", step, lacking, got, obstacle)
				}
			}
		}
	}
}

func TestObstaclesOfEveryKind(t *testing.T) {
	at := func(station servicecase.Status, change func(*rules.CaseState)) rules.CaseState {
		s := done(servicecase.KindCOMPLAINT, station)
		change(&s)
		return s
	}
	held := func(s *rules.CaseState) { s.Held = true }
	task := func(s *rules.CaseState) { s.OpenTasks = 1 }
	anonymous := func(s *rules.CaseState) { s.Anonymous = true }
	merged := func(s *rules.CaseState) { s.Merged = true }
	archived := func(s *rules.CaseState) { s.Archived = true }
	suggestion := func(more ...func(*rules.CaseState)) func(*rules.CaseState) {
		return func(s *rules.CaseState) {
			s.Kind = servicecase.KindSUGGESTION
			for _, change := range more {
				change(s)
			}
		}
	}
	unassessed := func(s *rules.CaseState) { s.Assessed, s.Important = false, false }
	ordinary := func(s *rules.CaseState) { s.Important = false }
	unreported := func(s *rules.CaseState) { s.Reported = false }
	unplanned := func(s *rules.CaseState) { s.Measures = 0 }
	declined := func(s *rules.CaseState) { s.Granted = false }
	measure := func(s *rules.CaseState) { s.OpenMeasures = 1 }
	inquiry := func(s *rules.CaseState) { s.Kind, s.Held = servicecase.KindINQUIRY, true }
	praise := func(change func(*rules.CaseState)) func(*rules.CaseState) {
		return func(s *rules.CaseState) { s.Kind = servicecase.KindCOMMENDATION; change(s) }
	}
	finding := func(s *rules.CaseState) { s.Kind, s.Finding = servicecase.KindINCIDENT, true }
	const open, dispatched, accepted, resolved, closed = servicecase.StatusOPEN, servicecase.StatusDISPATCHED, servicecase.StatusACCEPTED,
		servicecase.StatusRESOLVED, servicecase.StatusCLOSED
	for _, test := range []struct {
		step  rules.CaseStep
		state rules.CaseState
		want  rules.Obstacle // "" for none
	}{
		{rules.Dispatch, at(open, held), rules.IsHeld},
		{rules.Move, at(accepted, held), rules.IsHeld},
		{rules.Hold, at(accepted, held), rules.IsHeld},
		{rules.Resolve, at(accepted, held), rules.IsHeld},
		{rules.Continue, at(accepted, func(*rules.CaseState) {}), rules.NotHeld},
		{rules.Merge, at(accepted, held), ""},
		{rules.Resolve, at(accepted, task), rules.TasksOpen},
		{rules.Merge, at(accepted, task), rules.TasksOpen},
		{rules.CloseByDecision, at(resolved, anonymous), ""},
		{rules.FinishTask, at(accepted, func(*rules.CaseState) {}), rules.NoTaskOpen},
		{rules.Acknowledge, at(open, func(s *rules.CaseState) { s.Acknowledged = true }), rules.IsAcknowledged},
		{rules.Acknowledge, at(open, anonymous), ""}, // in the same chat, for instance
		{rules.Reply, at(accepted, anonymous), ""},
		{rules.Acknowledge, at(dispatched, finding), rules.NobodyToTell},
		{rules.Reply, at(accepted, finding), rules.NobodyToTell},
		{rules.FollowUp, at(resolved, anonymous), rules.NobodyToTell},
		{rules.Agree, at(resolved, anonymous), rules.NobodyToTell},
		{rules.Disagree, at(resolved, finding), rules.NobodyToTell},
		{rules.CloseByDecision, at(resolved, finding), ""},
		{rules.Reopen, at(closed, merged), rules.IsMerged},
		{rules.Link, at(closed, merged), ""},
		{rules.AddEntry, at(closed, merged), rules.IsMerged},
		{rules.Archive, at(closed, merged), ""},
		{rules.Archive, at(closed, task), rules.TasksOpen},
		{rules.Archive, at(closed, func(s *rules.CaseState) { s.Recent = true }), rules.TooEarly},
		{rules.Archive, at(closed, archived), rules.IsArchived},
		{rules.Reopen, at(closed, archived), rules.IsArchived},
		{rules.Link, at(closed, archived), rules.IsArchived},
		{rules.Classify, at(closed, archived), rules.IsArchived},
		{rules.AddEntry, at(closed, archived), rules.IsArchived},
		{rules.Refer, at(open, inquiry), rules.IsHeld},
		{rules.Assess, at(accepted, suggestion()), rules.IsDecided},
		{rules.Decide, at(accepted, suggestion(unassessed, unreported)), rules.NotAssessed},
		{rules.Decide, at(accepted, suggestion(unreported)), rules.NotReported},
		{rules.Decide, at(accepted, suggestion(unreported, ordinary)), ""},
		{rules.Resolve, at(accepted, suggestion(unplanned)), rules.NotPlanned},
		{rules.Resolve, at(accepted, suggestion(unplanned, declined)), ""},
		{rules.Close, at(resolved, suggestion(measure)), ""}, // it is tracked on
		{rules.Commend, at(closed, praise(merged)), rules.IsMerged},
		{rules.Commend, at(closed, praise(archived)), rules.IsArchived},
		{rules.AddMeasure, at(closed, merged), rules.IsMerged},
		{rules.AddMeasure, at(closed, archived), rules.IsArchived},
		{rules.VerifyMeasure, at(closed, func(*rules.CaseState) {}), rules.NoMeasureOpen},
		{rules.DropMeasure, at(resolved, func(*rules.CaseState) {}), rules.NoMeasureOpen},
		{rules.Archive, at(closed, measure), rules.MeasuresOpen},
	} {
		_, got := test.state.Take(test.step)
		if test.want == "" && got != nil || test.want != "" && !slices.Equal(got, []rules.Obstacle{test.want}) {
			t.Errorf("%s of %+v: %v, want %q", test.step, test.state, got, test.want)
		}
	}
}

// Whoever had a case in hand has it again when an offer of it comes to nothing, or
// when it is reopened.
func TestWhereACaseGoesBackTo(t *testing.T) {
	for _, test := range []struct {
		step  rules.CaseStep
		from  servicecase.Status
		taken bool
		want  servicecase.Status
	}{
		{rules.Refuse, servicecase.StatusDISPATCHED, true, servicecase.StatusACCEPTED},
		{rules.Refuse, servicecase.StatusDISPATCHED, false, servicecase.StatusOPEN},
		{rules.Return, servicecase.StatusDISPATCHED, true, servicecase.StatusACCEPTED},
		{rules.Return, servicecase.StatusDISPATCHED, false, servicecase.StatusOPEN},
		{rules.Reopen, servicecase.StatusCLOSED, true, servicecase.StatusACCEPTED},
		{rules.Reopen, servicecase.StatusCLOSED, false, servicecase.StatusOPEN}, // an inquiry that was answered at once
		{rules.Disagree, servicecase.StatusRESOLVED, false, servicecase.StatusOPEN},
	} {
		s := done(servicecase.KindINQUIRY, test.from)
		s.Taken = test.taken
		if next, obstacles := s.Take(test.step); next.Station != test.want || obstacles != nil {
			t.Errorf("%s of %+v leads to %s (%v), want %s", test.step, s, next.Station, obstacles, test.want)
		}
	}
}

// Whatever is tried in whatever order: what is refused changes nothing, what was
// counted stays counted, and no case is resolved or closed without what its course
// asks for.
func TestCourseOfACase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rules.CaseState{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Station: servicecase.StatusOPEN, Anonymous: rapid.Bool().Draw(t, "anonymous")}
		for _, step := range rapid.SliceOfN(rapid.SampledFrom(rules.CaseSteps), 0, 60).Draw(t, "steps") {
			next, obstacles := s.Take(step)
			if obstacles != nil && next != s {
				t.Fatalf("%s is refused and changes %+v to %+v", step, s, next)
			}
			counted := next.Reopened + next.Refused + next.Returned - s.Reopened - s.Refused - s.Returned
			backwards := obstacles == nil && slices.Contains([]rules.CaseStep{rules.Reopen, rules.Disagree, rules.Refuse, rules.Return}, step)
			if next.Reopened < s.Reopened || next.Refused < s.Refused || next.Returned < s.Returned || backwards != (counted == 1) || counted > 1 {
				t.Fatalf("%s counts %d: %+v to %+v", step, counted, s, next)
			}
			if next.OpenMeasures < 0 || next.OpenTasks < 0 || next.Held && next.Station != servicecase.StatusOPEN && next.Station != servicecase.StatusACCEPTED {
				t.Fatalf("%s leads to %+v", step, next)
			}
			if next.Station == servicecase.StatusRESOLVED && next.Kind == servicecase.KindCOMPLAINT && (!next.Investigated || next.OpenTasks > 0) {
				t.Fatalf("%s leads to %+v", step, next)
			}
			if next.Station == servicecase.StatusRESOLVED && s.Station != next.Station && next.Kind == servicecase.KindINCIDENT && !(next.Contained && next.Reported && next.CauseFound && next.Measures > 0) {
				t.Fatalf("%s leads to %+v", step, next)
			}
			if step == rules.Close && obstacles == nil && next.Kind == servicecase.KindINCIDENT && next.OpenMeasures > 0 {
				t.Fatalf("closed without its measures verified: %+v", next)
			}
			if s.Archived && obstacles == nil {
				t.Fatalf("%s is taken of a case in the archive: %+v", step, s)
			}
			if s.Merged && (!next.Merged || next.Station != servicecase.StatusCLOSED) {
				t.Fatalf("%s brings a merged case back: %+v", step, next)
			}
			s = next
		}
	})
}

// reachable are all states that a case can come to from its beginning, each with
// those that lead on from it. Counters are left out, tasks counted to two, and measures
// to one.
func reachable(t *testing.T) map[rules.CaseState]map[rules.CaseStep]rules.CaseState {
	all := map[rules.CaseState]map[rules.CaseStep]rules.CaseState{}
	var next []rules.CaseState
	for _, kind := range kinds {
		for _, anonymous := range []bool{false, true} {
			next = append(next, rules.CaseState{Kind: kind, Station: servicecase.StatusOPEN, Anonymous: anonymous})
			if kind == servicecase.KindSUGGESTION {
				next = append(next, rules.CaseState{Kind: kind, Station: servicecase.StatusOPEN, Anonymous: anonymous, Important: true, Granted: true})
			}
		}
	}
	next = append(next, rules.CaseState{Kind: servicecase.KindINCIDENT, Station: servicecase.StatusDISPATCHED, Finding: true})
	for len(next) > 0 {
		s := next[len(next)-1]
		next = next[:len(next)-1]
		if all[s] != nil {
			continue
		}
		all[s] = map[rules.CaseStep]rules.CaseState{}
		for _, step := range rules.CaseSteps {
			to, obstacles := s.Take(step)
			if obstacles != nil || to.OpenTasks > 2 || to.OpenMeasures > 1 || to.Measures > 1 {
				continue
			}
			to.Reopened, to.Refused, to.Returned = 0, 0, 0
			all[s][step] = to
			next = append(next, to)
		}
	}
	t.Logf("%d states", len(all))
	return all
}

// From every state that a case can come to it can be closed, also where there is no
// other case to merge it into.
func TestNoDeadEnds(t *testing.T) {
	all := reachable(t)
	from := map[rules.CaseState][]rules.CaseState{}
	ends := map[rules.CaseState]bool{}
	var next []rules.CaseState
	for s, steps := range all {
		for step, to := range steps {
			if step != rules.Merge {
				from[to] = append(from[to], s)
			}
		}
		if s.Station == servicecase.StatusCLOSED {
			next = append(next, s)
		}
	}
	for len(next) > 0 {
		s := next[len(next)-1]
		next = next[:len(next)-1]
		if !ends[s] {
			ends[s] = true
			next = append(next, from[s]...)
		}
	}
	for s := range all {
		if !ends[s] {
			t.Fatalf("a case cannot be closed from %+v", s)
		}
	}
}

// What docs/cases.md draws of the course is what the rules say.
func TestDiagramOfTheCourse(t *testing.T) {
	edges := map[[2]servicecase.Status]map[rules.CaseStep]bool{}
	for s, steps := range reachable(t) {
		for step, to := range steps {
			edge := [2]servicecase.Status{s.Station, to.Station}
			if edges[edge] == nil {
				edges[edge] = map[rules.CaseStep]bool{}
			}
			edges[edge][step] = true
		}
	}
	var drawing strings.Builder
	drawing.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> OPEN: registered\n    [*] --> DISPATCHED: found by an inspection\n")
	for _, from := range stations {
		for _, to := range stations {
			var names []string
			for _, step := range rules.CaseSteps {
				if edges[[2]servicecase.Status{from, to}][step] {
					names = append(names, string(step))
				}
			}
			if names != nil {
				fmt.Fprintf(&drawing, "    %s --> %s: %s\n", from, to, strings.Join(names, ", "))
			}
		}
	}
	drawing.WriteString("    CLOSED --> [*]\n```")
	path := filepath.Join("..", "..", "docs", "cases.md")
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(page), "```mermaid\n")
	drawn, after, ended := strings.Cut(rest, "```")
	if !begun || !ended {
		t.Fatal("docs/cases.md has no drawing")
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+drawing.String()+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(drawing.String(), "```mermaid\n"+drawn+"```"); diff != "" {
		t.Errorf("docs/cases.md differs; write it anew with -update (-want +got):\n%s", diff)
	}
}

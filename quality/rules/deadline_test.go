package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func TestDeadlinePolicyCovers(t *testing.T) {
	complaint := rules.DeadlineFacts{Kind: servicecase.KindCOMPLAINT, Severity: servicecase.SeverityMAJOR, Channel: servicecase.ChannelEMAIL,
		Topics: []string{"rooms/noise", "rooms"}, CustomerClass: "gold"}
	for _, c := range []struct {
		what  string
		match rules.DeadlineMatch
		want  bool
	}{
		{"everything", rules.DeadlineMatch{}, true},
		{"its kind", rules.DeadlineMatch{Kinds: []servicecase.Kind{servicecase.KindREPAIR, servicecase.KindCOMPLAINT}}, true},
		{"another kind", rules.DeadlineMatch{Kinds: []servicecase.Kind{servicecase.KindREPAIR}}, false},
		{"its severity", rules.DeadlineMatch{Severities: []servicecase.Severity{servicecase.SeverityMAJOR}}, true},
		{"another severity", rules.DeadlineMatch{Severities: []servicecase.Severity{servicecase.SeverityMINOR}}, false},
		{"its channel", rules.DeadlineMatch{Channels: []servicecase.Channel{servicecase.ChannelEMAIL}}, true},
		{"another channel", rules.DeadlineMatch{Channels: []servicecase.Channel{servicecase.ChannelCHAT}}, false},
		{"its topic", rules.DeadlineMatch{Topics: []string{"rooms/noise"}}, true},
		{"a topic above", rules.DeadlineMatch{Topics: []string{"food", "rooms"}}, true},
		{"another topic", rules.DeadlineMatch{Topics: []string{"room"}}, false},
		{"its class", rules.DeadlineMatch{CustomerClasses: []string{"gold"}}, true},
		{"another class", rules.DeadlineMatch{CustomerClasses: []string{"silver"}}, false},
		{"its kind but another class", rules.DeadlineMatch{Kinds: []servicecase.Kind{servicecase.KindCOMPLAINT}, CustomerClasses: []string{"silver"}}, false},
	} {
		if got := c.match.Covers(complaint); got != c.want {
			t.Errorf("a policy for %s covers the case: %t, want %t", c.what, got, c.want)
		}
	}
}

// office is open from 9 to 17 on every day, in UTC.
type office struct{}

func (office) window(day time.Time) (from, to time.Time) {
	y, m, d := day.Date()
	return time.Date(y, m, d, 9, 0, 0, 0, time.UTC), time.Date(y, m, d, 17, 0, 0, 0, time.UTC)
}

func (o office) Counted(from, to time.Time) (sum time.Duration) {
	for day := from; day.Before(to.AddDate(0, 0, 1)); day = day.AddDate(0, 0, 1) {
		opens, closes := o.window(day)
		if opens.Before(from) {
			opens = from
		}
		if closes.After(to) {
			closes = to
		}
		sum += max(0, closes.Sub(opens))
	}
	return sum
}

func (o office) Due(start time.Time, d time.Duration) (time.Time, error) {
	for day := start; ; day = day.AddDate(0, 0, 1) {
		opens, closes := o.window(day)
		if opens.Before(start) {
			opens = start
		}
		if left := closes.Sub(opens); left >= d {
			return opens.Add(d), nil
		} else if left > 0 {
			d -= left
		}
	}
}

var nine = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

func every(d time.Duration) *time.Duration { return &d }

// resolution is due after 10 open hours, warns 2 hours before, and escalates at once,
// 2 hours later, and then every 4 hours.
var resolution = rules.DeadlineRule{Target: rules.Resolution, Length: 10 * time.Hour, Counting: rules.ByCalendar,
	WarnBefore: []time.Duration{2 * time.Hour}, EscalateAfter: []time.Duration{0, 2 * time.Hour}, RepeatEvery: every(4 * time.Hour), RepeatAtMost: 2}

func clockAt(t *testing.T, rule rules.DeadlineRule, hours rules.Hours, at time.Time) rules.Clock {
	t.Helper()
	c, err := rules.StartClock(rule, hours, at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// told writes down alerts: "day hour kind level".
func told(alerts []rules.Alert) []string {
	out := []string{}
	for _, a := range alerts {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %d %s", a.At.Format("2 15h"), a.Kind, a.Level, a.Skipped)))
	}
	return out
}

func TestClockGoesByItsHours(t *testing.T) {
	c := clockAt(t, resolution, office{}, nine)
	if want := nine.AddDate(0, 0, 1).Add(2 * time.Hour); !c.DueAt.Equal(want) {
		t.Errorf("10 open hours from Monday 9h end at %v, want %v", c.DueAt, want)
	}
	var got []rules.Alert
	for day := range 4 {
		var come []rules.Alert
		var err error
		for hour := range 24 {
			if c, come, err = c.Advance(nine.AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour)); err != nil {
				t.Fatal(err)
			}
			got = append(got, come...)
		}
	}
	want := []string{"16 17h WARNING 0", "17 11h MISSED 0", "17 11h ESCALATION 1", "17 13h ESCALATION 2", "17 17h ESCALATION 3", "18 13h ESCALATION 4"}
	if diff := cmp.Diff(want, told(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// After a long stop each level is told, but no warning of what has passed, and no
// repetition that a later one makes needless.
func TestAlertsAfterALongStop(t *testing.T) {
	for name, c := range map[string]struct {
		after time.Duration
		want  []string
	}{
		"before anything":     {7 * time.Hour, []string{}},
		"after the warning":   {9 * time.Hour, []string{"16 17h WARNING 0"}},
		"after the deadline":  {10 * time.Hour, []string{"16 17h WARNING 0 DEADLINE_PASSED", "16 19h MISSED 0", "16 19h ESCALATION 1"}},
		"after the last step": {90 * time.Hour, []string{"16 17h WARNING 0 DEADLINE_PASSED", "16 19h MISSED 0", "16 19h ESCALATION 1", "16 21h ESCALATION 2", "17 01h ESCALATION 3 LATER_ONE", "17 05h ESCALATION 4"}},
	} {
		after, come, err := clockAt(t, resolution, rules.EveryMinute, nine).Advance(nine.Add(c.after))
		if diff := cmp.Diff(c.want, told(come)); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		if _, again, _ := after.Advance(nine.Add(c.after)); len(again) > 0 {
			t.Errorf("%s: asked again it comes again: %v", name, told(again))
		}
	}
}

// Whatever is done to a clock: planned again it is the same; what does not count moves
// the deadline by exactly that time; each step comes once, in order, not early, and
// with a word where it is not taken.
func TestClockProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes := func(name string, least, most int) time.Duration {
			return time.Duration(rapid.IntRange(least, most).Draw(t, name)) * time.Minute
		}
		rule := rules.DeadlineRule{Target: rules.Resolution, Length: minutes("length", 1, 5000), RepeatEvery: every(minutes("every", 1, 600)), RepeatAtMost: rapid.IntRange(0, 4).Draw(t, "repetitions")}
		for range rapid.IntRange(0, 3).Draw(t, "warnings") {
			rule.WarnBefore = append(rule.WarnBefore, minutes("before", 1, 6000))
		}
		for n := range rapid.IntRange(0, 3).Draw(t, "levels") {
			rule.EscalateAfter = append(rule.EscalateAfter, minutes("after", 0, 100)+time.Duration(n)*101*time.Minute)
		}
		hours := rapid.SampledFrom([]rules.Hours{rules.EveryMinute, office{}}).Draw(t, "hours")
		now := nine.Add(minutes("start", 0, 3000))
		begin := now
		c, err := rules.StartClock(rule, hours, now)
		if err != nil {
			t.Fatal(err)
		}
		var counted, stood time.Duration
		var taken []rules.Alert
		for range rapid.IntRange(1, 30).Draw(t, "acts") {
			by := minutes("by", 0, 1500)
			if c.Runs {
				counted += hours.Counted(now, now.Add(by))
			} else {
				stood += by
			}
			now = now.Add(by)
			switch rapid.IntRange(0, 3).Draw(t, "act") {
			case 0:
				c = c.Pause(now)
			case 1:
				c, err = c.Run(now, hours)
			case 2:
				c, err = c.Replan(hours)
			default:
				var come []rules.Alert
				c, come, err = c.Advance(now)
				for _, a := range come {
					if a.At.After(now) {
						t.Fatalf("%v came at %v, which is early", a, now)
					}
				}
				taken = append(taken, come...)
			}
			if err != nil {
				t.Fatal(err)
			}
			if again, err := c.Plan(); err != nil || again.DueAt != c.DueAt || again.Step != c.Step {
				t.Fatalf("planned again it is another: %+v, %+v", c, again)
			}
			if left := c.Remaining(now); left != rule.Length-counted {
				t.Fatalf("%v remains, want %v", left, rule.Length-counted)
			}
			if want := begin.Add(rule.Length + stood); c.Runs && counted < rule.Length && hours == rules.EveryMinute && !c.DueAt.Equal(want) {
				t.Fatalf("due at %v, want %v: it stood for %v", c.DueAt, want, stood)
			}
		}
		steps := rule.Steps()
		for n, a := range taken {
			if a.Number != n || a.Kind != steps[n].Kind || a.Level != steps[n].Level {
				t.Fatalf("step %d is %+v, want %+v", n, a, steps[n])
			}
		}
		if !slices.IsSortedFunc(taken, func(a, b rules.Alert) int { return a.At.Compare(b.At) }) {
			t.Fatalf("the steps did not come in order: %v", told(taken))
		}
		levels := 0
		for _, a := range taken {
			if a.Kind == rules.Escalate && a.Level <= len(rule.EscalateAfter) {
				if levels++; a.Skipped != "" {
					t.Fatalf("level %d was not told", a.Level)
				}
			}
		}
	})
}

func TestDefaultPolicies(t *testing.T) {
	for severity, want := range map[servicecase.Severity]time.Duration{
		servicecase.SeverityCRITICAL: 4 * time.Hour, servicecase.SeverityMAJOR: 24 * time.Hour, servicecase.SeverityMINOR: 72 * time.Hour,
	} {
		p := rules.DefaultDeadlines.DefaultPolicy(severity)
		if r, ok := p.Rule(rules.Resolution); !ok || r.Length != want {
			t.Errorf("%s: %v to be resolved, want %v", severity, r.Length, want)
		}
		if _, ok := p.Rule(rules.NextUpdate); ok {
			t.Errorf("%s: sets a deadline that no setting speaks of", severity)
		}
	}
}

// What is awaited at each station of a complaint.
func TestDemands(t *testing.T) {
	complaint := rules.CaseState{Kind: servicecase.KindCOMPLAINT, Station: servicecase.StatusOPEN}
	with := func(change func(*rules.CaseState)) rules.CaseState {
		s := complaint
		change(&s)
		return s
	}
	targets := []rules.DeadlineTarget{rules.FirstResponse, rules.NextUpdate, rules.DispatchBy, rules.AcceptBy, rules.Resolution, rules.FollowUpBy, rules.Promise}
	a, d, n := rules.Awaited, rules.Done, rules.NotAsked
	for name, c := range map[string]struct {
		state rules.CaseState
		want  [7]rules.Demand
	}{
		"opened":       {complaint, [7]rules.Demand{a, a, a, d, a, d, a}},
		"acknowledged": {with(func(s *rules.CaseState) { s.Acknowledged = true }), [7]rules.Demand{d, a, a, d, a, d, a}},
		"of a finding": {with(func(s *rules.CaseState) { s.Finding = true }), [7]rules.Demand{n, n, a, d, a, d, a}},
		"anonymous":    {with(func(s *rules.CaseState) { s.Anonymous = true }), [7]rules.Demand{a, n, a, d, a, d, a}},
		"dispatched":   {with(func(s *rules.CaseState) { s.Station = servicecase.StatusDISPATCHED }), [7]rules.Demand{a, a, d, a, a, d, a}},
		"accepted":     {with(func(s *rules.CaseState) { s.Station = servicecase.StatusACCEPTED }), [7]rules.Demand{a, a, d, d, a, d, a}},
		"resolved":     {with(func(s *rules.CaseState) { s.Station = servicecase.StatusRESOLVED }), [7]rules.Demand{a, n, d, d, d, a, a}},
		"agreed":       {with(func(s *rules.CaseState) { s.Station, s.Agreed = servicecase.StatusRESOLVED, true }), [7]rules.Demand{a, n, d, d, d, d, a}},
		"closed":       {with(func(s *rules.CaseState) { s.Station = servicecase.StatusCLOSED }), [7]rules.Demand{n, n, d, d, d, d, n}},
		"merged":       {with(func(s *rules.CaseState) { s.Station, s.Merged = servicecase.StatusCLOSED, true }), [7]rules.Demand{n, n, n, n, n, d, n}},
	} {
		for i, target := range targets {
			if got := c.state.Demand(target); got != c.want[i] {
				t.Errorf("%s: %s is %s, want %s", name, target, got, c.want[i])
			}
		}
	}
}

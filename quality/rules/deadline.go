package rules

import (
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
)

// DeadlineTarget is what has to be done by a deadline.
type DeadlineTarget string

// The targets.
const (
	FirstResponse DeadlineTarget = "FIRST_RESPONSE" // the customer hears from somebody
	NextUpdate    DeadlineTarget = "NEXT_UPDATE"    // the customer hears again how it stands
	DispatchBy    DeadlineTarget = "DISPATCH"       // the case is handed to the department responsible
	AcceptBy      DeadlineTarget = "ACCEPT"         // a hand-over is accepted
	Resolution    DeadlineTarget = "RESOLUTION"     // the case is resolved
	FollowUpBy    DeadlineTarget = "FOLLOW_UP"      // the customer is asked whether it is solved
	Promise       DeadlineTarget = "PROMISE"        // what the customer was promised is kept
	EffectCheck   DeadlineTarget = "EFFECT_CHECK"   // it is verified whether a measure has its effect
)

// Counting says which time counts towards a deadline.
type Counting string

// The ways of counting.
const (
	ByCalendar     Counting = "CALENDAR"         // the open hours of the calendar of who is responsible
	AroundTheClock Counting = "AROUND_THE_CLOCK" // every minute
)

// DeadlinePolicy says how long the steps of the cases that it covers may take.
type DeadlinePolicy struct {
	Match   DeadlineMatch  `json:"match"`
	Targets []DeadlineRule `json:"targets"`
}

// BringsItsTime reports whether the time by which something has to be done is said each
// time anew, and not by a policy.
func (t DeadlineTarget) BringsItsTime() bool { return t == Promise || t == EffectCheck }

// Rule returns what the policy says of a target, false if it sets no deadline for it.
func (p DeadlinePolicy) Rule(target DeadlineTarget) (DeadlineRule, bool) {
	at := slices.IndexFunc(p.Targets, func(r DeadlineRule) bool { return r.Target == target })
	if at < 0 {
		return DeadlineRule{}, false
	}
	return p.Targets[at], true
}

// DeadlineMatch is which cases a policy covers: each list that is not empty must
// hold the case's value. The zero value covers all cases.
type DeadlineMatch struct {
	Kinds           []servicecase.Kind     `json:"kinds,omitempty"`
	Severities      []servicecase.Severity `json:"severities,omitempty"`
	Channels        []servicecase.Channel  `json:"channels,omitempty"`
	Topics          []string               `json:"topics,omitempty"` // codes from the top down, "rooms/noise", each with all below it
	CustomerClasses []string               `json:"customerClasses,omitempty"`
}

// DeadlineFacts are what policies look at.
type DeadlineFacts struct {
	Kind          servicecase.Kind
	Severity      servicecase.Severity
	Channel       servicecase.Channel
	Topics        []string // the case's own topic and those above it
	CustomerClass string   // "" where there is none
}

// Covers reports whether a case is one of those that the policy is for.
func (m DeadlineMatch) Covers(f DeadlineFacts) bool {
	topic := func(code string) bool { return slices.Contains(f.Topics, code) }
	return oneOf(m.Kinds, f.Kind) && oneOf(m.Severities, f.Severity) && oneOf(m.Channels, f.Channel) &&
		oneOf(m.CustomerClasses, f.CustomerClass) && (len(m.Topics) == 0 || slices.ContainsFunc(m.Topics, topic))
}

func oneOf[T comparable](list []T, value T) bool {
	return len(list) == 0 || slices.Contains(list, value)
}

// DeadlineRule is what a policy says of one target. All lengths are of counted time,
// also before and after the deadline: nobody is alerted while the clock stands.
type DeadlineRule struct {
	Target       DeadlineTarget  `json:"target"`
	Length       time.Duration   `json:"length"`
	Counting     Counting        `json:"counting"`
	PausesOnHold bool            `json:"pausesOnHold,omitempty"` // a hold that does not count stops the clock
	WarnBefore   []time.Duration `json:"warnBefore,omitempty"`
	// EscalateAfter is when each level hears of it after the deadline: first who is
	// above the person responsible, then who is above that one.
	EscalateAfter []time.Duration `json:"escalateAfter,omitempty"`
	// RepeatEvery is the interval at which it is escalated again after the last level,
	// each time one level further up as far as there is one.
	RepeatEvery  *time.Duration `json:"repeatEvery,omitempty"`
	RepeatAtMost int            `json:"repeatAtMost,omitempty"`
}

// DefaultPolicy returns the policy for the cases of a severity that no other covers.
func (d Deadlines) DefaultPolicy(severity servicecase.Severity) DeadlinePolicy {
	length := d.Due(severity, time.Time{}).Sub(time.Time{})
	part := func(of time.Duration) time.Duration { return max(length/of, time.Minute).Truncate(time.Second) }
	return DeadlinePolicy{Targets: []DeadlineRule{
		{Target: FirstResponse, Length: part(4), Counting: AroundTheClock, EscalateAfter: []time.Duration{0}},
		{Target: AcceptBy, Length: part(4), Counting: AroundTheClock, WarnBefore: []time.Duration{part(16)}},
		{Target: Resolution, Length: length, Counting: AroundTheClock, PausesOnHold: true, WarnBefore: []time.Duration{part(4)},
			EscalateAfter: []time.Duration{0, part(2)}, RepeatEvery: &length, RepeatAtMost: 3},
		{Target: FollowUpBy, Length: length, Counting: AroundTheClock, EscalateAfter: []time.Duration{0}},
		{Target: Promise, Counting: AroundTheClock, WarnBefore: []time.Duration{time.Hour},
			EscalateAfter: []time.Duration{0, part(2)}, RepeatEvery: &length, RepeatAtMost: 3},
		{Target: EffectCheck, Counting: AroundTheClock, WarnBefore: []time.Duration{24 * time.Hour}, EscalateAfter: []time.Duration{0}},
	}}
}

package rules

import "slices"

// Demand is what the state of a case asks of a target.
type Demand string

// The demands.
const (
	Awaited  Demand = "AWAITED"   // it has still to be done
	Done     Demand = "DONE"      // it has been done
	NotAsked Demand = "NOT_ASKED" // nobody waits for it
)

// Demand returns what the state of the case asks of a target, but for EffectCheck, which
// is the measure's. A clock starts when a
// target comes to be awaited, and ends when it no longer is.
func (s CaseState) Demand(target DeadlineTarget) Demand {
	inWork := slices.Contains(at(open, dispatched, accepted), s.Station)
	switch target {
	case FirstResponse:
		return demand(s.Acknowledged, s.Station != closed && !s.Finding)
	case NextUpdate:
		return demand(false, inWork && !s.Finding && !s.Anonymous)
	case DispatchBy:
		return demand(!s.Merged && (s.Station != open || s.Taken), s.Station == open)
	case AcceptBy:
		return demand(!s.Merged && s.Station != dispatched, s.Station == dispatched)
	case Resolution:
		return demand(!s.Merged && !inWork, inWork)
	case FollowUpBy:
		return demand(s.Station != resolved || s.Agreed, s.asksBack())
	default: // a promise is kept when somebody says so
		return demand(false, s.Station != closed)
	}
}

func demand(done, asked bool) Demand {
	switch {
	case done:
		return Done
	case asked:
		return Awaited
	default:
		return NotAsked
	}
}

// asksBack reports whether the customer has to be asked before the case is closed.
func (s CaseState) asksBack() bool {
	return !s.Anonymous && slices.ContainsFunc(s.course().close, func(n need) bool { return n.obstacle == NotAgreed })
}

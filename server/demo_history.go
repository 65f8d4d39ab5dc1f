package main

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// companyTime is the time zone of the demonstration company.
const companyTime = "Asia/Shanghai"

// pastClock is the clock of a server whose past is being made up: it stands at the
// moment that is lived through, and when that is over it is the clock beneath.
type pastClock struct {
	present func() time.Time
	past    atomic.Pointer[time.Time] // nil in the present
}

func (c *pastClock) now() time.Time {
	if t := c.past.Load(); t != nil {
		return *t
	}
	return c.present()
}

func (c *pastClock) set(t time.Time) { c.past.Store(&t) }

func (c *pastClock) arrive() { c.past.Store(nil) }

// history makes the past of the demonstration company. Everything in it but the
// organisation itself comes about through the use cases, each at its time, so that
// it obeys their rules and stands in the event log. The same seed makes the same
// history, relative to its end.
type history struct {
	core    *core
	clock   *pastClock
	random  *rand.Rand
	names   *names
	company company
	local   *time.Location

	start, end time.Time
	month      time.Time // the month that is appraised, its first moment
	agenda     agenda
	complaint  *casework                    // that goes through everything
	customers  map[string][]companyCustomer // by the code of the site
	calls      int                          // to be in touch with customers
}

type companyCustomer struct {
	id    typeid.CustomerID
	owner *companyPerson
}

// Extent of the history.
const (
	historyDays   = 49 // at least; up to 66, for there to be a whole month that was appraised
	appraisalDays = 3  // of a month, after its end
	guestsInAll   = 240
)

// newHistory plans the history that ends at a time. The company was founded two
// years before its first case.
func newHistory(end time.Time, seed uint64, clock *pastClock) (*history, error) {
	local, err := time.LoadLocation(companyTime)
	if err != nil {
		return nil, fmt.Errorf("reading the company's time zone: %w", err)
	}
	random := newRandom(seed)
	h := &history{
		clock: clock, random: random, names: newNames(random), local: local, end: end,
		company:   company{departments: map[string]*companyDepartment{}},
		customers: map[string][]companyCustomer{},
	}
	last := end.In(local).AddDate(0, 0, -appraisalDays)
	h.month = time.Date(last.Year(), last.Month()-1, 1, 0, 0, 0, 0, local)
	h.start = h.month
	if weeks := end.AddDate(0, 0, -historyDays); weeks.Before(h.start) {
		h.start = weeks
	}
	clock.set(h.start.AddDate(-2, 0, 0))
	return h, nil
}

func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// live makes the history happen. shown is told how far it has come, in hours.
func (h *history) live(ctx context.Context, shown func(done, total int64)) error {
	if err := h.found(ctx); err != nil {
		return err
	}
	h.planCustomers()
	h.planCases()
	h.complaint = h.planComplaint()
	h.planInspections()
	h.planChart()
	h.planAppraisals()
	h.planControl()
	total := int64(h.end.Sub(h.start).Hours())
	for h.agenda.Len() > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := heap.Pop(&h.agenda).(appointment)
		if err := h.alert(ctx, next.at); err != nil {
			return err
		}
		h.clock.set(next.at)
		if err := next.do(ctx); err != nil {
			return fmt.Errorf("making the history of %s: %w", next.at.Format(time.RFC3339), err)
		}
		shown(max(0, int64(next.at.Sub(h.start).Hours())), total)
	}
	h.clock.arrive()
	return nil
}

// alert lets deadlines do what they ask for up to a time, each at its moment.
func (h *history) alert(ctx context.Context, until time.Time) error {
	for {
		next, any, err := h.core.quality.NextAlert(ctx)
		if err != nil || !any || next.After(until) {
			return err
		}
		h.clock.set(next)
		if _, err := h.core.quality.FireDeadlines(ctx); err != nil {
			return err
		}
	}
}

// at puts something on the agenda, unless it would be in the future.
func (h *history) at(t time.Time, do func(context.Context) error) {
	if !t.After(h.end) {
		heap.Push(&h.agenda, appointment{t, h.agenda.made, do})
		h.agenda.made++
	}
}

// between is a random time span.
func (h *history) between(least, most time.Duration) time.Duration {
	return least + time.Duration(h.random.Int64N(int64(most-least)))
}

// happens is true in so many of a hundred cases.
func (h *history) happens(percent int) bool { return h.random.IntN(100) < percent }

// during returns a time, or if the site is closed then, one soon after it opens.
func (h *history) during(s *companySite, t time.Time) time.Time {
	if s.plan.opens == s.plan.closes {
		return t
	}
	local := t.In(h.local)
	opens := time.Date(local.Year(), local.Month(), local.Day(), s.plan.opens, 0, 0, 0, h.local)
	switch {
	case local.Hour() < s.plan.opens:
		return opens.Add(h.between(time.Minute, time.Hour))
	case local.Hour() >= s.plan.closes:
		return opens.AddDate(0, 0, 1).Add(h.between(time.Minute, time.Hour))
	default:
		return t
	}
}

// relations says who gets to know customers, and how many of a hundred.
var relations = []struct {
	site        string
	departments []string
	share       int
}{
	{hotel, []string{"reception", "reservations", "concierge", "restaurant"}, 50},
	{mall, []string{"customer-service", "counter-cosmetics", "counter-jewellery", "floor-2", "floor-3"}, 35},
	{salesOffice, []string{"sales-team-a", "sales-team-b", "customer-care"}, 15},
}

// planCustomers lets customers come by, from a month before the first case on.
func (h *history) planCustomers() {
	for _, r := range relations {
		for range guestsInAll * r.share / 100 {
			owner := pick(h.random, h.company.of(r.site, pick(h.random, r.departments)).team())
			came := h.start.AddDate(0, 0, -30).Add(h.between(0, h.end.Sub(h.start.AddDate(0, 0, -30))))
			h.at(h.during(owner.department.site, came), func(context.Context) error { return h.register(owner) })
		}
	}
}

func (h *history) register(owner *companyPerson) error {
	g := h.names.guest()
	change, err := h.core.quality.RegisterCustomer(owner.viewer, quality.RegisterCustomer{
		Kind: g.kind, Name: g.name, Phone: given(g.phone), Email: given(g.email), Source: &g.source,
	})
	if err != nil {
		return err
	}
	site := owner.department.site.Code
	h.customers[site] = append(h.customers[site], companyCustomer{change.Object.ID, owner})
	if h.names.guests%willingEvery == 0 {
		return h.keepInTouch(change.Object, owner)
	}
	return nil
}

// given is a text as an input takes it: nil for none.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// agenda is a heap of what is to be done, earliest first.
type agenda struct {
	list []appointment
	made int
}

type appointment struct {
	at time.Time
	n  int // in the order of making, for equal times
	do func(context.Context) error
}

// Len implements heap.Interface.
func (a *agenda) Len() int { return len(a.list) }

// Less implements heap.Interface.
func (a *agenda) Less(i, j int) bool {
	return cmp.Or(a.list[i].at.Compare(a.list[j].at), cmp.Compare(a.list[i].n, a.list[j].n)) < 0
}

// Swap implements heap.Interface.
func (a *agenda) Swap(i, j int) { a.list[i], a.list[j] = a.list[j], a.list[i] }

// Push implements heap.Interface.
func (a *agenda) Push(x any) { a.list = append(a.list, x.(appointment)) }

// Pop implements heap.Interface.
func (a *agenda) Pop() any {
	last := a.list[len(a.list)-1]
	a.list = a.list[:len(a.list)-1]
	return last
}

package quality

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// MaxFigures bounds the figures of one question: groups times periods.
const MaxFigures = 2000

// ErrTooManyFigures is the answer to a question with more than [MaxFigures].
var ErrTooManyFigures = errors.New("more figures than one question may have")

// CaseStatistics asks for figures of cases (R-CASE-15).
type CaseStatistics struct {
	Where       []predicate.ServiceCase // which cases; all that the viewer sees where there is none
	First, Last time.Time               // the days of the figures, both included, at midnight UTC
	Zone        *time.Location          // on whose clock the days begin and end
	Interval    rules.Interval          // what the days are divided into; "" for one figure of all
	GroupBy     []CaseDimension
	Times       []CaseTime // that are measured

	// Contacts says with which visits, calls and messages complaints are compared, all
	// that the viewer sees where it is empty; nil where they are not.
	Contacts []predicate.Visit
}

// CaseDimension is what figures are grouped by.
type CaseDimension string

// The dimensions.
const (
	BySite       CaseDimension = "SITE"
	ByDepartment CaseDimension = "DEPARTMENT"
	ByAssignee   CaseDimension = "ASSIGNEE"
	ByReceiver   CaseDimension = "RECEIVED_BY"
	ByTopic      CaseDimension = "TOPIC"
	ByCause      CaseDimension = "CAUSE"
	ByKind       CaseDimension = "KIND"
	ByChannel    CaseDimension = "CHANNEL"
	BySeverity   CaseDimension = "SEVERITY"
	ByProduct    CaseDimension = "PRODUCT"
)

// caseColumns are the columns of the dimensions.
var caseColumns = map[CaseDimension]string{
	BySite: servicecase.FieldSiteID, ByDepartment: servicecase.FieldDepartmentID, ByAssignee: servicecase.FieldAssigneeID,
	ByReceiver: servicecase.FieldReceivedByID, ByTopic: servicecase.FieldTopicID, ByCause: servicecase.FieldCauseID,
	ByKind: servicecase.FieldKind, ByChannel: servicecase.FieldChannel, BySeverity: servicecase.FieldSeverity, ByProduct: servicecase.FieldProduct,
}

// CaseGroup is what the cases of a figure have in common. What they are not grouped
// by is zero, and so is what they do not have.
type CaseGroup struct {
	SiteID       typeid.SiteID        `sql:"site_id"`
	DepartmentID typeid.DepartmentID  `sql:"department_id"`
	AssigneeID   typeid.StaffID       `sql:"assignee_id"`
	ReceivedByID typeid.StaffID       `sql:"received_by_id"`
	TopicID      typeid.TopicID       `sql:"topic_id"`
	CauseID      typeid.CauseID       `sql:"cause_id"`
	Kind         servicecase.Kind     `sql:"kind"`
	Channel      servicecase.Channel  `sql:"channel"`
	Severity     servicecase.Severity `sql:"severity"`
	Product      string               `sql:"product"`
}

// compare sorts groups by their values.
func (g CaseGroup) compare(other CaseGroup) int {
	return cmp.Or(slices.Compare(g.SiteID[:], other.SiteID[:]), slices.Compare(g.DepartmentID[:], other.DepartmentID[:]),
		slices.Compare(g.AssigneeID[:], other.AssigneeID[:]), slices.Compare(g.ReceivedByID[:], other.ReceivedByID[:]),
		slices.Compare(g.TopicID[:], other.TopicID[:]), slices.Compare(g.CauseID[:], other.CauseID[:]),
		cmp.Compare(g.Kind, other.Kind), cmp.Compare(g.Channel, other.Channel), cmp.Compare(g.Severity, other.Severity),
		cmp.Compare(g.Product, other.Product))
}

// Share is how many of some cases are of a certain kind.
type Share struct{ Count, Of int }

// Rate is the share as a number from 0 to 1, nil where there are no cases.
func (s Share) Rate() *float64 {
	if s.Of == 0 {
		return nil
	}
	return new(float64(s.Count) / float64(s.Of))
}

// CaseFigures are the figures of a group in a period. Cases that were merged into
// another count in none: the other one does.
type CaseFigures struct {
	CaseGroup
	Days rules.Days

	Opened    int // in the period
	Resolved  int // in the period, and not reopened since
	Closed    int // in the period, and not reopened since
	OpenAtEnd int // opened before the end of the period, and not closed by then

	Complaints int   // of those opened
	Reopened   Share // reopened at least once, of those opened in the period that were ever resolved
	Escalated  Share // somebody was told of a deadline that had passed, of those opened in the period
	Refused    Share // a hand-over was refused, of those opened in the period that were ever dispatched
	Returned   Share // a hand-over was not accepted in time, of those opened in the period that were ever dispatched

	Substantiated Share // found justified, of those resolved in the period of which the investigation says so or not
	InTime        Share // resolved by their deadline, of those of which it was settled in the period (see rules.InTime)
	Satisfied     Share // 4 or 5 of 5 with the handling, of those resolved in the period of which the customer said it
	Satisfaction  int   // the sum of what those customers said

	Contacts *int // visits, calls and messages in the period; nil where they are not compared with

	Times map[CaseTime]Spread // those that were asked for
}

// ComplaintsPerThousand is the rate of complaints to contacts, nil where there are none
// to compare with.
func (f *CaseFigures) ComplaintsPerThousand() *float64 {
	if f.Contacts == nil || *f.Contacts == 0 {
		return nil
	}
	return new(1000 * float64(f.Complaints) / float64(*f.Contacts))
}

// CaseStatistics returns the figures of each group for each period, sorted by the
// period and then by the group; of a group with anything to count there is a figure
// for every period. It counts what the viewer in ctx sees. Each figure is read from
// the cases as they are now: a case that has moved counts where it is, and one that
// was reopened is neither resolved nor closed. What is changed meanwhile may be in
// some of the figures and not yet in others.
func (s *Service) CaseStatistics(ctx context.Context, in CaseStatistics) ([]*CaseFigures, error) {
	periods := rules.Periods(in.First, in.Last, in.Interval, in.Zone, MaxFigures)
	if len(periods) > MaxFigures {
		return nil, ErrTooManyFigures
	}
	t := &tallying{CaseStatistics: in, periods: periods, now: s.now(), of: map[CaseGroup][]*CaseFigures{}}
	if len(in.GroupBy) == 0 {
		t.group(CaseGroup{}) // all of nothing is a figure, too
	}
	if err := t.run(ctx, s); err != nil {
		return nil, err
	}
	var all []*CaseFigures
	for _, figures := range t.of {
		open := 0
		for _, f := range figures {
			open += f.OpenAtEnd + f.Opened - f.Closed // of the first it says how many were open before
			f.OpenAtEnd = open
		}
		all = append(all, figures...)
	}
	slices.SortFunc(all, func(a, b *CaseFigures) int {
		return cmp.Or(a.Days.From.Compare(b.Days.From), a.compare(b.CaseGroup))
	})
	return all, nil
}

// tallying is a question whose cases are being counted.
type tallying struct {
	CaseStatistics
	periods []rules.Days
	now     time.Time

	mu sync.Mutex
	of map[CaseGroup][]*CaseFigures // one for each period
}

// group returns the figures of a group.
func (t *tallying) group(g CaseGroup) []*CaseFigures {
	if t.of[g] == nil {
		t.of[g] = make([]*CaseFigures, len(t.periods))
		for n, p := range t.periods {
			t.of[g][n] = &CaseFigures{CaseGroup: g, Days: p, Times: map[CaseTime]Spread{}}
			if t.Contacts != nil {
				t.of[g][n].Contacts = new(0)
			}
		}
	}
	return t.of[g]
}

// run carries out the statements, at the same time.
func (t *tallying) run(ctx context.Context, s *Service) error {
	statements := []func(context.Context, *Service) error{t.count}
	if t.Contacts != nil {
		statements = append(statements, t.countContacts)
	}
	if len(t.Times) > 0 {
		statements = append(statements, t.measure)
	}
	errs := make([]error, len(statements))
	var working sync.WaitGroup
	for n, carryOut := range statements {
		working.Go(func() { errs[n] = carryOut(ctx, s) })
	}
	working.Wait()
	return errors.Join(errs...)
}

// found adds what a statement found of a group in a period.
func found[R any](t *tallying, rows []R, group func(R) (CaseGroup, int), add func(*CaseFigures, R)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, row := range rows {
		g, period := group(row)
		figures := t.group(g)
		if len(t.of)*len(t.periods) > MaxFigures {
			return ErrTooManyFigures
		}
		add(figures[period], row)
	}
	return nil
}

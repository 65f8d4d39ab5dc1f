package quality

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// Limits of the texts of a case, in characters.
const (
	maxSubject = 200
	maxTopic   = 100
	maxProduct = 200 // and of an order
	maxRemedy  = 2000
	maxProse   = 20_000
	maxForeign = 200 // an id in another system
)

// readCase finds the case of an earlier answer.
func (s *Service) readCase(ctx context.Context, ids []string) (*db.ServiceCase, error) {
	id, _ := typeid.Parse[typeid.CaseID](ids[0])
	return s.db.ServiceCase.Get(ctx, id)
}

// caseStep is a use case that takes a step of a case's course.
type caseStep struct {
	name     string // of the mutation
	key      *string
	in       any
	id       typeid.CaseID
	revision int  // that the decision was based on
	anew     bool // it is decided by the case as it is now, and not by an earlier revision
	step     rules.CaseStep
	action   caseentry.Action // as the timeline records the step, unless apply says
	event    string           // kind of the event
	changed  []string         // names of the API fields that change, besides entries and revision

	// leaves says that by the step the viewer may lose sight of the case.
	leaves bool
	// prepare does what must precede the transaction. It may be nil.
	prepare func(ctx context.Context) error
	// facts adds to what is known of the case what the input itself says. It may be nil.
	facts func(*rules.CaseState)
	// apply sets what changes besides revision, station and counters. It may be nil.
	apply func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) (outcome, error)
	// after does what needs the case and its timeline as the step has left them, and
	// returns the events of it. It may be nil.
	after func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, now time.Time) ([]events.Event, error)
}

// outcome is what a step leaves behind besides the case's own row.
type outcome struct {
	line   stepLine        // what the timeline says of the step; its action is the step's unless said
	said   []remark        // what was said of it
	events []events.Event  // of other records
	object *db.ServiceCase // to answer with, where it is another case
}

// moveCase carries out a step: the case is loaded as the viewer sees it, the
// workflow is asked, the row is changed if it still has the expected revision, and
// the timeline records who took the step and what was said (R-CASE-7).
func (s *Service) moveCase(ctx context.Context, m caseStep) (*Change[*db.ServiceCase], error) {
	change, err := run(ctx, s, useCase[*db.ServiceCase]{
		area: ent.Cases, name: m.name, key: m.key, in: m.in, read: s.readSteppedCase, prepare: m.prepare,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.ServiceCase], error) {
			before, next, err := s.mayStep(ctx, tx, m)
			if err != nil {
				return effect[*db.ServiceCase]{}, err
			}
			return s.takeStep(ctx, tx, m, before, next)
		},
	})
	if err == nil && m.leaves {
		change.Object, err = s.readSteppedCase(ctx, []string{m.id.String()})
	}
	return change, err
}

// readSteppedCase finds the case of a step that was taken: nil where the viewer, who
// saw it before, has lost sight of it.
func (s *Service) readSteppedCase(ctx context.Context, ids []string) (*db.ServiceCase, error) {
	c, err := s.readCase(ctx, ids)
	return c, db.MaskNotFound(err)
}

// mayStep loads the case and asks whether the viewer may take the step, and whether
// its course allows it. It returns the state to which the step leads.
func (s *Service) mayStep(ctx context.Context, tx *db.Tx, m caseStep) (*db.ServiceCase, rules.CaseState, error) {
	var none rules.CaseState
	c, err := tx.ServiceCase.Get(ctx, m.id)
	if err := seen(c, err)("id"); err != nil {
		return nil, none, err
	}
	v := ent.ViewerFrom(ctx)
	if err := permitted(v, c, m.step); err != nil {
		return nil, none, err
	}
	if !m.anew && c.Revision != m.revision {
		return nil, none, conflict()
	}
	next, err := s.take(v, c, m.step, m.facts, "id")
	return c, next, err
}

// takeStep is the part of moveCase that writes.
func (s *Service) takeStep(ctx context.Context, tx *db.Tx, m caseStep, before *db.ServiceCase, next rules.CaseState) (effect[*db.ServiceCase], error) {
	var none effect[*db.ServiceCase]
	now := s.now()
	update := tx.ServiceCase.UpdateOneID(before.ID).Where(servicecase.Revision(before.Revision)).
		AddRevision(1).SetUpdatedAt(now).SetStatus(next.Station).SetOpen(next.Station != servicecase.StatusCLOSED).
		SetReopenedCount(next.Reopened).SetRefusedCount(next.Refused).SetReturnedCount(next.Returned)
	var out outcome
	var err error
	if m.apply != nil {
		if out, err = m.apply(ctx, tx, before, update); err != nil {
			return none, err
		}
	}
	c, err := update.Save(ctx)
	if db.IsNotFound(err) {
		return none, conflict()
	}
	if err != nil {
		return none, fmt.Errorf("changing a case: %w", err)
	}
	made, err := s.tick(ctx, tx, before, c, m.step, now)
	if err != nil {
		return none, err
	}
	out.line.action = cmp.Or(out.line.action, m.action)
	if err := recordStep(ctx, tx, c.ID, out.line, now); err != nil {
		return none, err
	}
	for _, r := range out.said {
		if outward(r.kind) {
			if err := s.inTouch(ctx, tx, c.CustomerID, now); err != nil {
				return none, err
			}
		}
		if err := r.write(ctx, tx, c.ID, now); err != nil {
			return none, err
		}
	}
	if m.after != nil {
		more, err := m.after(ctx, tx, c, now)
		if err != nil {
			return none, err
		}
		out.events = append(out.events, more...)
	}
	changed := []string{"entries", "revision"}
	if next.Station != before.Status {
		changed = append([]string{"status"}, changed...)
	}
	told := *c
	if told.DepartmentID.IsZero() { // a department that gives a case back hears of it
		told.DepartmentID = before.DepartmentID
	}
	done := effect[*db.ServiceCase]{object: c.Unwrap(),
		events: slices.Concat([]events.Event{caseEvent(m.event, &told, now, append(changed, m.changed...)...)}, made, out.events)}
	if out.object != nil {
		done.object = out.object
	}
	done.ids = []string{done.object.ID.String()}
	return done, nil
}

// caseEvent is an event of a case. It is visible to who answers for the case or
// was asked to, to who was asked first, and to those above them.
func caseEvent(kind string, c *db.ServiceCase, now time.Time, changed ...string) events.Event {
	owner := c.AssigneeID
	if c.Status == servicecase.StatusDISPATCHED && !c.DispatchedToID.IsZero() {
		owner = c.DispatchedToID
	}
	return events.Event{Kind: kind, Subject: c.ID.String(), Changed: changed, At: now,
		Site: c.SiteID, Department: c.DepartmentID, Owner: owner, Origin: c.ReceivedByID}
}

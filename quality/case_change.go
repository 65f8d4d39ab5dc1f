package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// caseChange is a use case that changes what is known of a case, but not the station
// that it is at.
type caseChange struct {
	name     string // of the mutation
	key      *string
	in       any
	id       typeid.CaseID
	revision int
	step     rules.CaseStep
	event    string   // kind of the event
	changed  []string // names of the API fields that change, besides revision

	// apply checks the input, sets what changes and writes what stands beside the case,
	// of which it returns the events.
	apply func(ctx context.Context, tx *db.Tx, c *db.ServiceCase, update *db.ServiceCaseUpdateOne) ([]events.Event, error)
}

// changeCase carries out a change: the case is loaded as the viewer sees it, and
// changed if it still has the expected revision.
func (s *Service) changeCase(ctx context.Context, m caseChange) (*Change[*db.ServiceCase], error) {
	return run(ctx, s, useCase[*db.ServiceCase]{
		area: ent.Cases, name: m.name, key: m.key, in: m.in, read: s.readCase,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.ServiceCase], error) {
			var none effect[*db.ServiceCase]
			c, err := tx.ServiceCase.Get(ctx, m.id)
			if err := seen(c, err)("id"); err != nil {
				return none, err
			}
			v := ent.ViewerFrom(ctx)
			if err := permitted(v, c, m.step); err != nil {
				return none, err
			}
			if c.Revision != m.revision {
				return none, conflict()
			}
			if _, err := s.take(v, c, m.step, nil, "id"); err != nil {
				return none, err
			}
			now := s.now()
			update := tx.ServiceCase.UpdateOneID(c.ID).Where(servicecase.Revision(m.revision)).AddRevision(1).SetUpdatedAt(now)
			beside, err := m.apply(ctx, tx, c, update)
			if err != nil {
				return none, err
			}
			if c, err = update.Save(ctx); db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a case: %w", err)
			}
			return effect[*db.ServiceCase]{object: c.Unwrap(), ids: []string{c.ID.String()},
				events: append([]events.Event{caseEvent(m.event, c, now, append([]string{"revision"}, m.changed...)...)}, beside...)}, nil
		},
	})
}

// answersForCase refuses the steps of a case to who sees it only because of a task
// within it: a helping department, its leads and managers, too, decide about the task.
func answersForCase(v ent.Viewer, c *db.ServiceCase) error {
	if v.HelpsOnly(c) {
		return forbidden(text("Your department only helps with this case.", "您的部门仅协助处理该个案。"))
	}
	return nil
}

package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/controlplan"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// CreateControlPlan is a control plan to make.
type CreateControlPlan struct {
	IdempotencyKey *string
	DepartmentID   typeid.DepartmentID
	Plan           PlanDetails
}

// CreateControlPlan makes a control plan of a department (R-QC-3). Its inspections arise
// by themselves from now on.
func (s *Service) CreateControlPlan(ctx context.Context, in CreateControlPlan) (*Change[*db.ControlPlan], error) {
	return run(ctx, s, useCase[*db.ControlPlan]{
		area: ent.Inspections, name: "controlPlanCreate", key: in.IdempotencyKey, in: in, read: s.readControlPlan,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.ControlPlan], error) {
			var none effect[*db.ControlPlan]
			d, err := tx.Department.Get(ctx, in.DepartmentID)
			if err := seen(d, err)("departmentId"); err != nil {
				return none, err
			}
			if err := mayPlan(ent.ViewerFrom(ctx), d.SiteID, d.ID); err != nil {
				return none, err
			}
			now := s.now()
			if err := in.Plan.check(ctx, tx, d, now); err != nil {
				return none, err
			}
			p, err := in.Plan.record(d)
			if err != nil {
				return none, err
			}
			create := tx.ControlPlan.Create().SetSiteID(d.SiteID).SetDepartmentID(d.ID).
				SetPlannedUntil(now).SetReplanAt(now).SetCreatedAt(now).SetUpdatedAt(now)
			fillPlan(create.Mutation(), p)
			if p, err = create.Save(ctx); err != nil {
				return none, fmt.Errorf("making a control plan: %w", err)
			}
			return planEffect(EventControlPlanCreated, p, now), nil
		},
	})
}

func planEffect(kind string, p *db.ControlPlan, now time.Time, changed ...string) effect[*db.ControlPlan] {
	return effect[*db.ControlPlan]{object: p.Unwrap(), ids: []string{p.ID.String()}, events: []events.Event{planEvent(kind, p, now, changed...)}}
}

// ChangeControlPlan says anew what a control plan says.
type ChangeControlPlan struct {
	IdempotencyKey   *string
	ID               typeid.ControlPlanID
	ExpectedRevision int
	Plan             PlanDetails
}

// ChangeControlPlan says anew what a control plan says. Inspections that cannot begin yet
// follow it, the others stay as they were planned.
func (s *Service) ChangeControlPlan(ctx context.Context, in ChangeControlPlan) (*Change[*db.ControlPlan], error) {
	return s.changePlan(ctx, changePlan{
		name: "controlPlanChange", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision, event: EventControlPlanChanged,
		apply: func(ctx context.Context, tx *db.Tx, p *db.ControlPlan, m *db.ControlPlanMutation) ([]string, error) {
			d, err := tx.Department.Get(ent.AsSystem(ctx), p.DepartmentID)
			if err != nil {
				return nil, fmt.Errorf("reading the department of a control plan: %w", err)
			}
			if in.Plan.Seed == nil {
				in.Plan.Seed = &p.Seed
			}
			if in.Plan.ActiveFrom == nil {
				in.Plan.ActiveFrom = &p.ActiveFrom
			}
			if in.Plan.StartsOn == nil {
				in.Plan.StartsOn = &p.StartsOn
			}
			if err := in.Plan.check(ctx, tx, d, s.now()); err != nil {
				return nil, err
			}
			next, err := in.Plan.record(d)
			if err != nil {
				return nil, err
			}
			fillPlan(m, next)
			return planChanged(p, next), nil
		},
	})
}

// RetireControlPlan lets no more inspections arise from a plan.
type RetireControlPlan struct {
	IdempotencyKey   *string
	ID               typeid.ControlPlanID
	ExpectedRevision int
}

// RetireControlPlan lets no more inspections arise from a plan. It cannot be taken back.
// What can begin already is still to be done.
func (s *Service) RetireControlPlan(ctx context.Context, in RetireControlPlan) (*Change[*db.ControlPlan], error) {
	return s.changePlan(ctx, changePlan{
		name: "controlPlanRetire", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision, event: EventControlPlanRetired,
		apply: func(_ context.Context, _ *db.Tx, _ *db.ControlPlan, m *db.ControlPlanMutation) ([]string, error) {
			m.SetActive(false)
			return []string{"active"}, nil
		},
	})
}

// changePlan is a use case that changes a control plan which there is.
type changePlan struct {
	name     string // of the mutation
	key      *string
	in       any
	id       typeid.ControlPlanID
	revision int
	event    string
	// apply sets what changes, and returns the names of the API fields, besides revision.
	apply func(ctx context.Context, tx *db.Tx, p *db.ControlPlan, m *db.ControlPlanMutation) ([]string, error)
}

func (s *Service) changePlan(ctx context.Context, c changePlan) (*Change[*db.ControlPlan], error) {
	return run(ctx, s, useCase[*db.ControlPlan]{
		area: ent.Inspections, name: c.name, key: c.key, in: c.in, read: s.readControlPlan,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.ControlPlan], error) {
			var none effect[*db.ControlPlan]
			p, err := tx.ControlPlan.Get(ctx, c.id)
			if err := seen(p, err)("id"); err != nil {
				return none, err
			}
			if err := mayPlan(ent.ViewerFrom(ctx), p.SiteID, p.DepartmentID); err != nil {
				return none, err
			}
			if p.Revision != c.revision {
				return none, conflict()
			}
			if !p.Active {
				return none, reject(Rejected, text("The control plan is retired.", "该策划表已停用。"), "id")
			}
			now := s.now()
			update := tx.ControlPlan.UpdateOneID(p.ID).Where(controlplan.Revision(c.revision)).AddRevision(1).SetUpdatedAt(now).SetReplanAt(now)
			changed, err := c.apply(ctx, tx, p, update.Mutation())
			if err != nil {
				return none, err
			}
			if p, err = update.Save(ctx); db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a control plan: %w", err)
			}
			return planEffect(c.event, p, now, append(changed, "revision")...), nil
		},
	})
}

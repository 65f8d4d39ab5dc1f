package quality

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/rotationplace"
	"github.com/seed-34fcb60d/rounds/ent/db/visit"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// ReportNoCustomer says that a visitor proved to be no customer.
type ReportNoCustomer struct {
	IdempotencyKey   *string
	ID               typeid.VisitID
	ExpectedRevision int
}

// ReportNoCustomer says that a visitor whom the rotation gave to somebody proved to
// be no customer, and asks for an extra turn (R-CUS-3).
func (s *Service) ReportNoCustomer(ctx context.Context, in ReportNoCustomer) (*Change[*db.Visit], error) {
	return s.changeVisit(ctx, visitChange{
		name: "receptionNoCustomer", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		from: visit.NoCustomerNOT_ASKED, to: visit.NoCustomerASKED, event: EventVisitNoCustomer, changed: []string{"noCustomer"},
		allowed: func(viewer ent.Viewer, v *db.Visit) bool {
			return !viewer.Staff.IsZero() && viewer.Staff == v.AssignedID || answersFor(viewer, v.SiteID, v.DepartmentID)
		},
	})
}

// DecideExtraTurn grants an extra turn, or refuses it.
type DecideExtraTurn struct {
	IdempotencyKey   *string
	ID               typeid.VisitID
	ExpectedRevision int
	Agreed           bool
}

// DecideExtraTurn decides on an extra turn that was asked for (R-CUS-3). One that is
// granted counts in today's rotation of the group. Nobody grants it to themselves.
func (s *Service) DecideExtraTurn(ctx context.Context, in DecideExtraTurn) (*Change[*db.Visit], error) {
	c := visitChange{
		name: "receptionExtraTurn", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		from: visit.NoCustomerASKED, to: visit.NoCustomerREFUSED, event: EventExtraTurnRefused, changed: []string{"noCustomer", "decidedBy"},
		allowed: func(viewer ent.Viewer, v *db.Visit) bool {
			return answersFor(viewer, v.SiteID, v.DepartmentID) && (viewer.Staff.IsZero() || viewer.Staff != v.AssignedID)
		},
		apply: func(ctx context.Context, _ *db.Tx, _ *db.Visit, update *db.VisitUpdateOne) error {
			update.SetDecidedByID(ent.ViewerFrom(ctx).Staff)
			return nil
		},
	}
	if in.Agreed {
		decided := c.apply
		c.to, c.event = visit.NoCustomerAGREED, EventExtraTurnAgreed
		c.apply = func(ctx context.Context, tx *db.Tx, v *db.Visit, update *db.VisitUpdateOne) error {
			if err := decided(ctx, tx, v, update); err != nil {
				return err
			}
			return grantTurn(ctx, tx, v, s.now())
		}
	}
	return s.changeVisit(ctx, c)
}

// grantTurn gives somebody an extra turn in today's rotation.
func grantTurn(ctx context.Context, tx *db.Tx, v *db.Visit, now time.Time) error {
	ctx = ent.AsSystem(ctx)
	site, err := tx.Site.Get(ctx, v.SiteID)
	if err != nil {
		return fmt.Errorf("looking up a visit's site: %w", err)
	}
	today, err := dayAt(site, now)
	if err != nil {
		return err
	}
	r, err := lockRotation(ctx, tx, v.DepartmentID, today, *v.Group, 0)
	if err != nil {
		return err
	}
	known, err := tx.RotationPlace.Update().Where(rotationplace.RotationID(r.ID), rotationplace.StaffID(v.AssignedID)).AddExtra(1).Save(ctx)
	if err == nil && known == 0 {
		err = tx.RotationPlace.Create().SetRotationID(r.ID).SetStaffID(v.AssignedID).SetExtra(1).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("granting an extra turn: %w", err)
	}
	return nil
}

// visitChange is a use case that changes what became of a visitor.
type visitChange struct {
	name     string // of the mutation
	key      *string
	in       any
	id       typeid.VisitID
	revision int
	from, to visit.NoCustomer
	event    string   // kind of the event
	changed  []string // names of the API fields that change, besides revision
	allowed  func(viewer ent.Viewer, v *db.Visit) bool
	apply    func(ctx context.Context, tx *db.Tx, v *db.Visit, update *db.VisitUpdateOne) error // may be nil
}

func (s *Service) changeVisit(ctx context.Context, c visitChange) (*Change[*db.Visit], error) {
	return run(ctx, s, useCase[*db.Visit]{
		area: ent.Customers, name: c.name, key: c.key, in: c.in, read: s.readVisit,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Visit], error) {
			var none effect[*db.Visit]
			v, err := tx.Visit.Get(ctx, c.id)
			if err := seen(v, err)("id"); err != nil {
				return none, err
			}
			if !c.allowed(ent.ViewerFrom(ctx), v) {
				return none, forbidden(text("Who serves the visitor asks for an extra turn; who answers for the department, and does not serve the visitor, decides.",
					"由接待人申请补轮，由未接待该来访者的部门负责人审批。"))
			}
			if v.Revision != c.revision {
				return none, conflict()
			}
			if v.Assignment != visit.AssignmentROTATION || v.NoCustomer != c.from {
				return none, reject(Rejected, text("Only a visitor of the rotation can cost a turn; it is asked for once, and decided once.",
					"只有轮值接待才可申请补轮，且只能申请和审批一次。"), "id")
			}
			now := s.now()
			update := tx.Visit.UpdateOneID(v.ID).Where(visit.Revision(c.revision)).AddRevision(1).SetNoCustomer(c.to).SetUpdatedAt(now)
			if c.apply != nil {
				if err := c.apply(ctx, tx, v, update); err != nil {
					return none, err
				}
			}
			if v, err = update.Save(ctx); db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a visit: %w", err)
			}
			return effect[*db.Visit]{object: v.Unwrap(), ids: []string{v.ID.String()},
				events: []events.Event{visitEvent(c.event, v, now, append(c.changed, "revision")...)}}, nil
		},
	})
}
